"""A network → places for its nodes: after ties, on a map or as trees."""

from pbgraph.layout.parts import Known as Known
from pbgraph.layout.placing import How as How
from pbgraph.layout.placing import layout as layout

__all__ = ["How", "Known", "layout"]
