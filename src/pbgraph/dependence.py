"""Changed triples → the nodes that they may concern, by what queries depend on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pbgraph.problems import PbgraphError
from pbgraph.store import Graph
from pbgraph.terms import Iri, Term, Triple

ABOUT = "<urn:this>"
"""What stands in a query for the one node that it is asked about."""


def rows_about(node: Term, sparql: str, graph: Graph) -> list[dict[str, Term]]:
    """The rows of a query about one node, which is its ?this, or ABOUT."""
    rows = graph.select(sparql.replace(ABOUT, node.nt)) if ABOUT in sparql else graph.select(sparql, {"this": node})
    return [{**row, "this": node} for row in rows.dicts()]


FEW, MANY = 2, 100
"""So few values at a time the store looks up; beside more it may read all that fits the rest. Of so many that is quicker."""


class Unclear(PbgraphError):
    """Of this query it cannot be told what concerns it."""


def _is_fixed(name: str) -> bool:
    # Literals count as free: rdflib may write one otherwise than the store.
    return name.startswith("<")


def _terms(triple: Triple) -> tuple[str, str, str]:
    return Iri(triple[0]).nt, Iri(triple[1]).nt, triple[2].nt


@dataclass(frozen=True)
class Dependency:
    """A step of a query that changed triples may fit, and how to come from there to the nodes that it is about.

    `predicate` is that of the step (empty: any); `subject` and `object` are what its ends are called: `?name`, or a term in
    N-Triples; `rest` are the patterns that have to hold with it.
    """

    focus: str
    predicate: str
    subject: str
    object: str
    rest: str

    def fitting(self, changes: Changes) -> list[Triple]:
        """The changed triples that fit the step."""
        triples = changes.by_predicate[self.predicate] if _is_fixed(self.predicate) else changes.triples
        return [
            triple
            for triple in triples
            if (not _is_fixed(self.subject) or Iri(triple[0]).nt == self.subject)
            and (not _is_fixed(self.object) or triple[2].nt == self.object)
            and (self.subject != self.object or triple[0] == triple[2])
        ]

    def nodes(self, graph: Graph, changes: Changes) -> set[Term]:
        """The nodes that the changed triples lead to, in the graph that has them. Unclear: to any."""
        triples = self.fitting(changes)
        if not triples or self.focus in (self.subject, self.object):
            return {Iri(triple[0]) if self.focus == self.subject else triple[2] for triple in triples}
        ends = {name: place for place, name in enumerate((self.subject, self.predicate, self.object)) if name.startswith("?")}
        values = [*dict.fromkeys(f"({' '.join(_terms(triple)[place] for place in ends.values())})" for triple in triples)]
        size = FEW if len(values) <= MANY else len(values)
        found: set[Term | None] = set()
        for first in range(0, len(values), size):
            given = f"VALUES ({' '.join(ends)}) {{ {' '.join(values[first : first + size])} }}" if ends else ""
            found.update(row[0] for row in graph.select(f"SELECT DISTINCT {self.focus} WHERE {{ {given} {self.rest} }}").rows)
        if None in found:
            raise Unclear(self.rest)
        return {node for node in found if node is not None}


@dataclass(frozen=True)
class Changes:
    """Triples that a graph has and another has not."""

    triples: Sequence[Triple]
    by_predicate: Mapping[str, Sequence[Triple]]


def changes(triples: Iterable[Triple]) -> Changes:
    """Triples, also by predicate (in N-Triples)."""
    found = list(triples)
    sorted_: dict[str, list[Triple]] = defaultdict(list)
    for triple in found:
        sorted_[Iri(triple[1]).nt].append(triple)
    return Changes(found, sorted_)


def concerned(dependencies: Iterable[Dependency], graph: Graph, changed: Changes) -> set[Term]:
    """The nodes that changed triples may concern, in the graph that has these. Unclear: any may be."""
    return {node for each in dependencies for node in each.nodes(graph, changed)}
