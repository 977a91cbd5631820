"""Every row of every question rests on claims: without one, or with another, the rows are not the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pyoxigraph as ox
import pytest

from asking import QUESTIONS, each_question
from conftest import ROOT
from pbgraph import derive, queries, store
from pbgraph import project as projects
from pbgraph.checks import Checked
from pbgraph.queries import Query
from pbgraph.terms import CORE, Iri, Term

Change = tuple[list[ox.Quad], list[ox.Quad]]
"""Quads to take away and quads to put in their place."""


def parsed(lines: Iterable[str]) -> list[ox.Quad]:
    return list(ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.N_QUADS))


class Mutations:
    """The graph with one claim taken away or made of other entities; what that changes is worked out once for each claim."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        self.derived = f"<{checked.project.base}graph/derived>"
        self.lines = checked.graph.lines()
        self.graph = store.in_memory(self.lines, checked.graph.prefixes)
        self.standing = {line for line in self.lines if self.derived in line}
        self.claims = [
            str(row[0]) for row in checked.graph.select("SELECT ?claim WHERE { ?claim a pb:Claim } ORDER BY ?claim").rows
        ]
        self.known: dict[tuple[str, bool], Change] = {}
        self.naming: dict[str, set[str]] = {}
        for line in self.lines:
            if claim := re.match(r"<([^>]*/claim/[^/>]+)", line):
                for node in re.findall(r"<[^>]*>", line):
                    self.naming.setdefault(node, set()).add(claim[1])

    def near(self, rows: Iterable[tuple[Term | None, ...]]) -> list[str]:
        """All claims, those first that name most of the rows' nodes."""
        touching: Counter[str] = Counter()
        for node in {term.nt for row in rows for term in row if isinstance(term, Iri)}:
            touching.update(self.naming.get(node, ()))
        return sorted(self.claims, key=lambda claim: (-touching[claim], claim))

    @contextmanager
    def without(self, claim: str, instead: bool = False) -> Iterator[store.Graph]:
        """The graph as it would be had the claim not been made, or been made of other entities."""
        if (claim, instead) not in self.known:
            self.known[claim, instead] = self.change(claim, instead)
        gone, come = self.known[claim, instead]
        self.apply(gone, come)
        try:
            yield self.graph
        finally:
            self.apply(come, gone)

    @contextmanager
    def withdrawn(self, claim: str) -> Iterator[store.Graph]:
        """The graph as it would be were the claim of rank deprecated."""
        graph = next(line for line in self.lines if line.startswith(f"<{claim}> ")).rsplit(" ", 2)[1]
        rank = parsed([f"<{claim}> <{CORE}rank> <{CORE}deprecated> {graph} ."])
        self.apply([], rank)
        derived = set(derive.derived_quads(self.graph, self.checked.schema, self.checked.project.base))
        gone, come = parsed(self.standing - derived), parsed(derived - self.standing)
        self.apply(gone, come)
        try:
            yield self.graph
        finally:
            self.apply([*come, *rank], gone)

    def apply(self, gone: Iterable[ox.Quad], come: Iterable[ox.Quad]) -> None:
        for quad in gone:
            self.graph._store.remove(quad)
        self.graph._store.extend(come)

    def change(self, claim: str, instead: bool) -> Change:
        about = (f"<{claim}>", f"<{claim}/")
        entity = re.compile(r"<[^<>]*/id/[^<>]*>(?= <[^<>]*> \.$)")
        own = [line for line in self.lines if line.startswith(about)]
        gone = parsed(own)
        come = parsed(entity.sub("<https://example.org/id/another>", line) for line in own) if instead else []
        self.apply(gone, come)
        derived = set(derive.derived_quads(self.graph, self.checked.schema, self.checked.project.base))
        self.apply(come, gone)
        return gone + parsed(self.standing - derived), come + parsed(derived - self.standing)


@pytest.fixture(scope="module")
def mutations(checked: Checked) -> Mutations:
    return Mutations(checked)


@pytest.mark.prove
def test_a_graph_without_a_claim_is_the_one_that_never_had_it(mutations: Mutations, checked: Checked) -> None:
    for claim in mutations.claims[::97]:
        with mutations.without(claim) as graph:
            kept = [line for line in graph.lines() if mutations.derived not in line]
            fresh = store.in_memory(kept, checked.graph.prefixes)
            fresh.load("\n".join(derive.derived_quads(fresh, checked.schema, checked.project.base)))
            assert graph.lines() == fresh.lines()
        assert mutations.graph.lines() == mutations.lines


@each_question
def test_every_row_rests_on_a_claim(question: Query, checked: Checked, mutations: Mutations) -> None:
    assert len(mutations.claims) > 100
    for example in question.examples:
        bindings = queries.bind(question, dict(example), checked.graph, checked.project.base)
        rows = set(queries.run(question, checked.graph, bindings).rows)
        standing, tried = set(rows), set[str]()
        # In turns for all rows that still stand, which may rest on one claim, and for one of them, which may be alone.
        while standing:
            aimed_at = standing if len(tried) % 2 else [min(standing, key=str)]
            claim = next((each for each in mutations.near(aimed_at) if each not in tried), None)
            if claim is None:
                break
            tried.add(claim)
            with mutations.without(claim) as graph:
                standing &= set(queries.run(question, graph, bindings).rows)
        assert rows
        assert not standing, "rows that stay whatever claim is removed"


@each_question
def test_a_changed_claim_changes_the_rows(question: Query, checked: Checked, mutations: Mutations) -> None:
    for example in question.examples:
        bindings = queries.bind(question, dict(example), checked.graph, checked.project.base)
        rows = queries.run(question, checked.graph, bindings).rows
        for claim in mutations.near(rows):
            with mutations.without(claim, instead=True) as graph:
                if queries.run(question, graph, bindings).rows != rows:
                    break
        else:
            pytest.fail(f"no claim matters to {example}")


TELLING_OF_WITHDRAWN = {"queries/questions/sources.rq", "queries/questions/who-is-called.rq", "queries/tables/claims.rq"}
"""What a withdrawn claim is still counted or listed in, as the claim of a source that it is."""


def every_query() -> list[Query]:
    project = projects.load(ROOT)
    overviews = [query for query in queries.load(project, "pages") if query.where.file.startswith("queries/overviews/")]
    return [
        *overviews,
        *(query for family in ("questions", "conflicts", "networks", "tables") for query in queries.load(project, family)),
    ]


@pytest.mark.prove
@pytest.mark.parametrize("query", every_query(), ids=lambda query: query.where.file)
def test_a_withdrawn_claim_is_as_good_as_none(query: Query, checked: Checked, mutations: Mutations) -> None:
    differing: set[str] = set()
    for example in query.examples:
        bindings = queries.bind(query, dict(example), checked.graph, checked.project.base)
        rows = queries.run(query, checked.graph, bindings).rows
        told = dict.fromkeys(str(term) for row in rows for term in row if str(term) in mutations.claims)
        for claim in [*list(told)[:3], *mutations.near(rows)[:3]]:
            with mutations.without(claim) as graph:
                without = sorted(map(str, queries.run(query, graph, bindings).rows))
            with mutations.withdrawn(claim) as graph:
                differing |= {claim} if sorted(map(str, queries.run(query, graph, bindings).rows)) != without else set()
    assert bool(differing) == (query.where.file in TELLING_OF_WITHDRAWN)


def test_every_query_is_asked_of_what_is_withdrawn() -> None:
    assert len(every_query()) == len(QUESTIONS) + 26
    assert {query.where.file for query in every_query()} >= TELLING_OF_WITHDRAWN


def test_all_questions_are_asked() -> None:
    assert len(QUESTIONS) >= 45
