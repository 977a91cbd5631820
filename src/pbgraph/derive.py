"""What follows from claims: the shortcuts that the ontology declares, each from a claim that is reported and sure."""

from __future__ import annotations

from pbgraph.schema import Schema, Shortcut
from pbgraph.store import Graph


def derived_quads(graph: Graph, schema: Schema, base: str) -> list[str]:
    """The N-Quads lines of the graph `{base}graph/derived`: every shortcut, and its converse where one is declared."""
    triples = {line for shortcut in schema.shortcuts for line in graph.construct(shortcut_query(shortcut))}
    return sorted(f"{triple} <{base}graph/derived> ." for triple in triples)


def shortcut_query(shortcut: Shortcut) -> str:
    """The CONSTRUCT that a shortcut's declaration amounts to.

    A claim counts if it is reported, stated and not deprecated; Groups are no ends; at most one end may be several, since
    which of many stands with which of many is not said.
    """
    converse = f" ?end <{shortcut.converse}> ?start ." if shortcut.converse else ""
    return f"""
CONSTRUCT {{ ?start <{shortcut.iri}> ?end .{converse} }}
WHERE {{
  ?claim a <{shortcut.claim}> ; <{shortcut.start}> ?start ; <{shortcut.end}> ?end ;
    pb:modality pb:reported ; pb:certainty pb:stated .
  FILTER NOT EXISTS {{ ?claim pb:rank pb:deprecated }}
  FILTER NOT EXISTS {{ ?start a pb:Group }}
  FILTER NOT EXISTS {{ ?end a pb:Group }}
  FILTER NOT EXISTS {{
    ?claim <{shortcut.start}> ?otherStart ; <{shortcut.end}> ?otherEnd .
    FILTER (?otherStart != ?start) FILTER (?otherEnd != ?end)
  }}
}}"""
