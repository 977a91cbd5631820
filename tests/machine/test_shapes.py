"""Every constraint finds the graph that breaks only it, by either validator, lets a sound one pass and says what to do."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from pbgraph import constraints, shapes
from pbgraph.problems import fill
from pbgraph.store import Graph, triples_of
from pbgraph.terms import CORE

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "shapes").glob("*.ttl"))
VIOLATING = sorted((ROOT / "tests" / "shapes").glob("*.ttl"))
CONFORMING = ROOT / "tests" / "conforming.ttl"
HOW_MANY = 112
NAMESPACE = "https://w3id.org/pbgraph/shapes#"
PREFIXES = f"PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX pb: <{CORE}> PREFIX owl: <http://www.w3.org/2002/07/owl#> "
ABOUT_THE_SHAPE = {
    *("type", "path", "severity", "message", "remedy", "cause", "wrong", "right", "ignoredProperties", "deactivated"),
    *("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"),
}
"""What may stand on a shape without being a constraint (SHACL, sections 2.1 and 2.3)."""


@cache
def loaded() -> shapes.Shapes:
    return shapes.load({path.name: path.read_bytes() for path in FILES})


@cache
def as_graph() -> Graph:
    return triples_of(loaded().turtle, "ttl")


def local(iri: object) -> str:
    return str(iri).replace("#", "/").rsplit("/", 1)[-1]


def column(query: str, graph: Graph) -> list[str]:
    return [str(row[0]) for row in graph.select(PREFIXES + query).rows]


def keys(shape: str) -> list[str]:
    return [local(each) for each in column(f"SELECT ?key WHERE {{ <{shape}> ?key ?value }}", as_graph())]


def every_constraint() -> list[str]:
    """The named shapes, without those that only say what a group of them is for."""
    found = column(
        """SELECT DISTINCT ?shape WHERE { ?shape a ?kind . VALUES ?kind { sh:NodeShape sh:PropertyShape }
        FILTER (isIRI(?shape)) FILTER NOT EXISTS { ?shape sh:property ?other } }""",
        as_graph(),
    )
    return sorted(found)


def holders() -> list[str]:
    return column("SELECT DISTINCT ?shape WHERE { ?shape sh:property ?other FILTER (isIRI(?shape)) }", as_graph())


def found_in(path: Path) -> list[shapes.Result]:
    """What pySHACL finds in a Turtle file, which is what the validator on the store finds there."""
    graph = triples_of(path.read_text(encoding="utf-8"), "ttl")
    results = shapes.validate("".join(f"{line}\n" for line in graph.triples()), loaded())
    assert constraints.validate(graph, loaded()) == results
    return results


def test_every_code_has_its_file_and_every_file_its_code() -> None:
    codes = [shape.removeprefix(NAMESPACE) for shape in every_constraint()]
    assert len(codes) == HOW_MANY
    assert codes == [path.stem for path in VIOLATING]
    assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)+", code) for code in codes)


@pytest.mark.parametrize("path", VIOLATING, ids=lambda path: str(path.stem))
def test_the_graph_that_breaks_only_one(path: Path) -> None:
    results = found_in(path)
    assert {result.code for result in results} == {path.stem}
    for result in results:
        details = {"this": local(result.focus), "value": local(result.term or "")}
        for key in ("message", "remedy"):
            assert all(sentence for _, sentence in fill(dict(loaded().told(result.shape, key)), details))


def test_a_sound_graph_has_no_findings() -> None:
    assert found_in(CONFORMING) == []


def test_every_shape_looks_at_the_sound_graph() -> None:
    data = triples_of(CONFORMING.read_text(encoding="utf-8"), "ttl")
    targets = as_graph().select(
        PREFIXES
        + """SELECT DISTINCT ?how ?target WHERE { ?shape ?how ?target .
        VALUES ?how { sh:targetClass sh:targetSubjectsOf sh:targetObjectsOf sh:targetNode } }"""
    )
    patterns = {"targetClass": "?node a <{}>", "targetSubjectsOf": "?node <{}> ?value"}
    assert len(targets.rows) > 30
    for how, target in targets.rows:
        pattern = patterns[local(how)].format(target)
        assert column(f"SELECT ?node WHERE {{ {pattern} }} LIMIT 1", data), f"{local(how)} {target}"


def test_every_shape_is_one_constraint() -> None:
    for shape in every_constraint():
        assert len([key for key in keys(shape) if key not in ABOUT_THE_SHAPE]) == 1, shape


def test_what_only_groups_shapes_has_no_constraint_of_its_own() -> None:
    assert len(holders()) > 20
    for shape in holders():
        assert set(keys(shape)) <= {"type", "targetClass", "targetSubjectsOf", "property"}, shape
    held = column("SELECT ?shape WHERE { ?holder sh:property ?shape FILTER (isIRI(?holder)) }", as_graph())
    assert len(held) == len(set(held))
    assert set(held) <= set(every_constraint())


def test_every_shape_speaks_both_languages() -> None:
    for shape in every_constraint():
        placeholders = []
        for key in ("message", "remedy"):
            sentences = dict(loaded().told(shape, key))
            assert set(sentences) == {"en", "zh"}, shape
            assert all(sentence.endswith((".", "?", "。", "？")) for sentence in sentences.values()), shape
            placeholders.append([named_in(sentence) for sentence in (sentences["en"], sentences["zh"])])
        assert all(english <= {"this", "value"} and english == chinese for english, chinese in placeholders), shape


def named_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def declared(*names: str) -> set[str]:
    texts = [(ROOT / "ontology" / f"{name}.ttl").read_text(encoding="utf-8") for name in names]
    graph = triples_of("\n".join(texts), "ttl")
    return {term for term in column("SELECT DISTINCT ?term WHERE { ?term a ?kind }", graph) if term.startswith(CORE)}


def used(text: str) -> set[str]:
    iris = {term.nt[1:-1] for row in triples_of(text, "ttl").select(ALL_TERMS).rows for term in row if term}
    quoted = set(re.findall(f"<({re.escape(CORE)}[^>]*)>", text))
    return {iri for iri in iris | quoted if iri.startswith(CORE)} - {CORE}


ALL_TERMS = "SELECT ?subject ?predicate ?object WHERE { ?subject ?predicate ?object }"


def test_the_core_shapes_use_terms_of_the_core_only() -> None:
    core = used((ROOT / "shapes" / "core.ttl").read_text(encoding="utf-8"))
    assert len(core) > 40
    assert core <= declared("core")
    assert used(loaded().turtle) <= declared("core", "pbgraph")
