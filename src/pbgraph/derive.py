"""What follows from claims: the shortcuts that the ontology declares, each from a claim that is reported and sure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from pbgraph.forking import in_threads
from pbgraph.progress import Progress, silent
from pbgraph.schema import Schema, Shortcut
from pbgraph.store import Graph
from pbgraph.terms import Iri, Term, Triple


def derived_quads(graph: Graph, schema: Schema, base: str, progress: Progress = silent) -> list[str]:
    """The N-Quads lines of the graph `{base}graph/derived`: every shortcut, and its converse where one is declared."""
    asked = [partial(graph.construct, shortcut_query(shortcut)) for shortcut in schema.shortcuts]
    triples = set[str]().union(*in_threads(asked, "derive", progress))
    return sorted(f"{triple} <{graph_of(base)}> ." for triple in triples)


def graph_of(base: str) -> str:
    """The named graph of what is derived."""
    return f"{base}graph/derived"


def shortcut_query(shortcut: Shortcut) -> str:
    """The CONSTRUCT that a shortcut's declaration amounts to.

    A claim counts if it is reported, stated and not deprecated; Groups are no ends; at most one end may be several, since
    which of many stands with which of many is not said.
    """
    converse = f" ?end <{shortcut.converse}> ?start ." if shortcut.converse else ""
    return f"CONSTRUCT {{ ?start <{shortcut.iri}> ?end .{converse} }} WHERE {{ {_pattern(shortcut)} }}"


def still_derived(triples: Iterable[Triple], graph: Graph, schema: Schema) -> set[Triple]:
    """Those of some derived triples that follow from what a graph states."""
    found = set()
    for subject, predicate, term in triples:
        for shortcut in schema.shortcuts:
            # A symmetric shortcut is its own converse.
            ends: list[tuple[Term, Term]] = [(Iri(subject), term)] if shortcut.iri == predicate else []
            ends += [(term, Iri(subject))] if shortcut.converse == predicate else []
            # The ends are written out: the store begins with what it is told of, not with what is bound to variables.
            asked = (f"SELECT ?claim WHERE {{ {_pattern(shortcut, start.nt, end.nt)} }} LIMIT 1" for start, end in ends)
            if any(graph.select(query).rows for query in asked):
                found.add((subject, predicate, term))
    return found


def _pattern(shortcut: Shortcut, start: str = "?start", end: str = "?end") -> str:
    return f"""
  ?claim a <{shortcut.claim}> ; <{shortcut.start}> {start} ; <{shortcut.end}> {end} ;
    pb:modality pb:reported ; pb:certainty pb:stated .
  FILTER NOT EXISTS {{ ?claim pb:rank pb:deprecated }}
  FILTER NOT EXISTS {{ {start} a pb:Group }}
  FILTER NOT EXISTS {{ {end} a pb:Group }}
  FILTER NOT EXISTS {{
    ?claim <{shortcut.start}> ?otherStart ; <{shortcut.end}> ?otherEnd .
    FILTER (?otherStart != {start}) FILTER (?otherEnd != {end})
  }}"""
