"""What the store gives, as rows or as files, holds the very terms that it holds, however it writes them down."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyoxigraph as ox
from hypothesis import example, given
from hypothesis import strategies as st

from pbgraph import store
from pbgraph.terms import CORE, XSD, Iri, Literal, Term

SUBJECT = "https://example.org/s"
KINDS = ("integer", "decimal", "double", "float", "boolean", "date", "gYear", "anyURI", "string")

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
numbers = st.one_of(st.integers(), st.decimals(allow_nan=False, allow_infinity=False), st.floats(), st.booleans()).map(str)
kinds = st.sampled_from([*(XSD + kind for kind in KINDS), f"{CORE}EDTF"])
literals = st.one_of(
    st.builds(Literal, texts, st.just(""), st.sampled_from(["", "zh", "zh-hant", "en", "zh-latn-pinyin"])),
    st.builds(Literal, st.one_of(numbers, texts), kinds, st.just("")),
)
terms = st.one_of(literals, st.sampled_from([Iri(f"{SUBJECT}#横"), Iri("urn:x")]))


@given(st.lists(terms, max_size=8))
@example([Literal('a\tb\nc"d\\n\\ \r', language="en"), Literal("<https://example.org/s>"), Literal("_:b"), Literal("")])
@example([Literal("+5", XSD + "integer"), Literal("-.5", XSD + "decimal"), Literal("1E3", XSD + "double"), Literal("1")])
def test_a_select_gives_the_terms_that_are_stated_of_a_node(stated: list[Term]) -> None:
    graph = store.in_memory([f"<{SUBJECT}> <urn:p> {term.nt} <urn:g> ." for term in stated], {})
    rows = graph.select("SELECT ?p ?o ?none { ?s ?p ?o }").rows
    assert {(str(key), term) for key, term, _ in rows} == set(graph.about(SUBJECT, {"urn:p"}))
    assert graph.about(SUBJECT, {"urn:other"}) == []
    assert all(isinstance(key, Iri) and none is None for key, _, none in rows)


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), terms), max_size=12))
@example([("b", Literal("x\ny\tz")), ("a", Literal("")), ("b", Iri("urn:a")), ("a", Literal("横"))])
def test_solutions_asked_for_by_a_node_or_a_text_are_those_of_the_whole(stated: list[tuple[str, Term]]) -> None:
    graph = store.in_memory([f"<urn:{name}> <urn:p> {term.nt} <urn:g> ." for name, term in stated], {})
    whole = "SELECT DISTINCT ?s ?none ?o { ?s ?p ?o } ORDER BY ?o ?s"
    rows = graph.select(whole).dicts()
    for by in ("s", "o"):
        found = graph.grouped(whole, by)
        assert found.all() == rows
        assert (found.of("urn:nowhere"), found.told("urn:nowhere")) == ([], b"")
        parts = map(found.told, {str(row[by]): 0 for row in rows})
        assert sorted(b"".join(parts).splitlines()) == sorted(found.told().splitlines()[1:])
        for told in {str(row[by]) for row in rows}:
            assert found.of(told) == [row for row in rows if str(row[by]) == told]
    for by in ("none", "other"):
        assert graph.grouped(whole, by).of("") == graph.grouped(whole, by).of("urn:a") == []


def test_rows_without_variables_or_values_are_rows() -> None:
    graph = store.in_memory([], {})
    assert graph.select("SELECT * {}").rows == ((),)
    assert graph.select("SELECT ?x { { } UNION { } }").rows == ((None,), (None,))
    assert graph.select("SELECT ?x { ?x ?y ?z }").rows == ()


def test_a_node_without_an_address_has_a_label_for_one_and_a_triple_as_a_term_is_told_as_a_text() -> None:
    graph = store.in_memory(["<urn:s> <urn:p> _:b <urn:g> ."], {})
    ((node, triple),) = graph.select("SELECT ?o ?t { ?s ?p ?o BIND (<<( <urn:a> <urn:b> 5 )>> AS ?t) }").rows
    assert isinstance(node, Iri) and node.startswith("_:")
    assert isinstance(triple, Literal) and triple.text.startswith("<<(")


@given(st.lists(st.tuples(terms, st.sampled_from(["a", "b", "c"])), max_size=8))
@example(
    [(Literal("x"), "b"), (Literal("x"), "a"), (Literal("x", language="en"), "a"), (Literal("x "), "a"), (Literal("x y"), "c")]
)
def test_the_files_of_quads_and_of_turtle_tell_the_same_each_triple_once(stated: list[tuple[Term, str]]) -> None:
    quads = {f"<{SUBJECT}> <urn:p> {term.nt} <urn:{name}> ." for term, name in stated}
    graph = store.in_memory(quads, {})
    with tempfile.TemporaryDirectory() as folder:
        nquads, turtle = Path(folder) / "graph.nq", Path(folder) / "graph.ttl"
        graph.write_quads(nquads)
        store.write_turtle(nquads, turtle, {"s": f"{SUBJECT}#"})
        assert nquads.read_text(encoding="utf-8") == "".join(f"{line}\n" for line in graph.lines())
        told = [str(quad.triple) for quad in ox.parse(path=turtle, format=ox.RdfFormat.TURTLE)]
    assert len(told) == len(set(told))
    assert {f"{triple} ." for triple in told} == set(graph.triples())
