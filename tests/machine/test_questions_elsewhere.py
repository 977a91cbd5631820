"""Every question gives the same rows on another engine."""

from __future__ import annotations

import pytest
import rdflib

from asking import QUESTIONS, answer
from pbgraph import formats, queries
from pbgraph.checks import Checked
from pbgraph.queries import Query
from pbgraph.terms import Iri, Term


@pytest.fixture(scope="module")
def on_rdflib(checked: Checked) -> rdflib.Graph:
    graph = rdflib.Graph()
    graph.parse(data="\n".join(checked.graph.triples()), format="nt")
    return graph


def to_rdflib(term: Term) -> rdflib.term.Identifier:
    if isinstance(term, Iri):
        return rdflib.URIRef(term)
    return rdflib.Literal(term.text, lang=term.language or None, datatype=rdflib.URIRef(term.datatype) if term.datatype else None)


def from_rdflib(node: object) -> str:
    if node is None:
        return ""
    return str(node).lower() if isinstance(node, rdflib.Literal) and isinstance(node.value, bool) else str(node)


@pytest.mark.prove
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_rdflib_gives_the_same_rows(question: Query, checked: Checked, on_rdflib: rdflib.Graph) -> None:
    example = dict(question.examples[0])
    bindings = queries.bind(question, example, checked.graph, checked.project.base)
    found = on_rdflib.query(question.sparql, initBindings={name: to_rdflib(term) for name, term in bindings.items()})
    theirs = sorted(tuple(from_rdflib(row.get(str(name))) for name in found.vars or []) for row in found)  # type: ignore[union-attr]
    ours = sorted(tuple(formats.plain(term) for term in row) for row in answer(question, example, checked).rows)
    assert theirs == ours
    assert ours
