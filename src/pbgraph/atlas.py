"""What all networks of a graph share, so that a thing looks and is called the same in each: labels, pages, colours, places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pbgraph import queries
from pbgraph.addresses import Addresses, term_pages
from pbgraph.colours import palette
from pbgraph.graphs import Node
from pbgraph.labels import Labels
from pbgraph.project import Project
from pbgraph.pronouncing import readings
from pbgraph.romanizing import Readings
from pbgraph.store import Graph
from pbgraph.terms import RDF, RDFS, core, local_name

_TERMS = "SELECT DISTINCT ?term ?type WHERE { ?term rdfs:label ?label ; a ?type }"
_THINGS = "SELECT DISTINCT ?thing WHERE { ?thing a pb:Entity FILTER NOT EXISTS { ?thing a pb:Concept } }"
_BARE = """
SELECT ?this (MIN(?above) AS ?whole) WHERE {
  ?this pb:partOf ?above .
  FILTER NOT EXISTS { ?this pb:naming|pb:point|pb:note|pb:definition ?said }
  FILTER NOT EXISTS { ?other ?key ?this FILTER NOT EXISTS { ?key pb:computed ?computed } }
} GROUP BY ?this"""
"""Entities of which nothing is said but what they are part of: no other name, point or note, and nothing leads to them."""
_NUMBERS = "SELECT ?group ?number WHERE { ?group a pb:Group ; pb:number ?number }"
_POINTS = "SELECT ?node ?longitude ?latitude WHERE { ?node pb:point ?p . ?p pb:longitude ?longitude ; pb:latitude ?latitude }"


@dataclass
class Atlas:
    """A project and its graph, with what is asked of it once and shown everywhere."""

    project: Project
    graph: Graph
    nodes: dict[str, Node] = field(default_factory=dict)
    """By address, those nodes of networks that were made so far: most stand in several networks."""

    def prepare(self) -> None:
        """Ask the graph now for all of this, so that processes forked from this one need not read it for networks and tables."""
        self.labels.prepare()
        self.readings.syllables("县")  # for which their dictionaries are loaded
        for name in ("addresses", "hues", "numbers", "points"):
            getattr(self, name)

    @cached_property
    def labels(self) -> Labels:
        """The labels of every node."""
        return Labels(self.graph, self.project.languages)

    @cached_property
    def addresses(self) -> Addresses:
        """The pages of every node; the ontology's own terms have one each, bare units are rows of their whole's page."""
        terms = [(str(row[0]), row[1]) for row in self.graph.select(_TERMS).rows if row[1]]
        triples = [triple for term, kind in terms for triple in ((term, f"{RDFS}label", kind), (term, f"{RDF}type", kind))]
        bare = {str(row["this"]): str(row["whole"]) for row in self.graph.select(_BARE).dicts()}
        return Addresses(self.project.base, term_pages(triples), bare)

    @cached_property
    def colours(self) -> dict[str, str]:
        """One colour for each kind of thing (local name of its class), the same everywhere; concepts have none."""
        things = self.graph.select(_THINGS).rows
        return palette(local_name(self.labels.class_of(str(thing))) for (thing,) in things)

    @cached_property
    def hues(self) -> dict[str, str]:
        """The colours, and one more for each kind of what else networks show: claims, groups, concepts."""
        shown = {core("Entity"), core("Claim"), core("Group")}
        kinds = [cls for cls in self.labels.kinds() if not shown.isdisjoint(self.labels.ancestors(cls))]
        return palette(map(local_name, kinds), self.colours)

    @cached_property
    def readings(self) -> Readings:
        """How names are read."""
        return readings(self.project, self.graph)

    @cached_property
    def seats(self) -> list[tuple[str, str]]:
        """What lies in what besides parts and groups, as the page query `seats` tells: nothing where there is none."""
        found = [query for query in queries.load(self.project, "pages") if query.name == "seats"]
        rows = [row for query in found for row in queries.run(query, self.graph).dicts()]
        return [(str(row["this"]), str(row["whole"])) for row in rows]

    @cached_property
    def numbers(self) -> Mapping[str, float]:
        """How many a group has, where that is told."""
        return {str(group): float(str(number)) for group, number in self.graph.select(_NUMBERS).rows}

    @cached_property
    def points(self) -> Mapping[str, tuple[float, float]]:
        """Where nodes lie, as longitude and latitude in degrees."""
        rows = sorted(self.graph.select(_POINTS).rows, key=str)
        return {str(node): (float(str(longitude)), float(str(latitude))) for node, longitude, latitude in rows}
