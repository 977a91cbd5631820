"""A site of a project that holds nothing yet but what `pbgraph.toml` says."""

from __future__ import annotations

from pathlib import Path

from breaking import put
from pbgraph import project as projects
from pbgraph.addresses import Addresses
from pbgraph.labels import Labels
from pbgraph.sites import Site
from pbgraph.store import in_memory
from pbgraph.terms import CORE, OWL, RDF, RDFS


def bare_site(folder: Path) -> Site:
    """The site of a new project in `folder`."""
    put("pbgraph.toml", 'base = "https://example.org/"\ntitle = {zh = "甲", en = "A"}\n')(folder)
    project, graph = projects.load(folder), in_memory([], {"pb": CORE, "rdf": RDF, "rdfs": RDFS, "owl": OWL})
    return Site(project, graph, Labels(graph, project.languages), Addresses(project.base, {}), {})
