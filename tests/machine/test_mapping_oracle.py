"""A second way from the two articles to triples, which shares no code with the machine: YAML by PyYAML's own loader, a JSON-LD
context compiled from the ontology files by rdflib, triples by the JSON-LD reader. Amounts aside, both ways say the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
import yaml
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, XSD

from conftest import ROOT
from pbgraph.checks import Checked

PB = rdflib.Namespace("https://w3id.org/pbgraph/ontology#")
ID = "https://w3id.org/pbgraph/id/"
ARTICLES = sorted((ROOT / "data" / "articles").glob("*.yaml"))
ALIKE = (
    "value",
    "share",
    "number",
    "source",
    "position",
    "earliest",
    "latest",
    "atArticle",
    "fingerprint",
    "printed",
    "bound",
    "low",
    "high",
    "fraction",
)
"""Left out of the comparison: amounts, and what the machine computes."""

Tree = frozenset[tuple[str, Any]]


def local(term: object) -> str:
    return str(term).rsplit("#", 1)[-1].rsplit("/", 1)[-1]


@cache
def ontology() -> rdflib.Graph:
    graph = rdflib.Graph()
    for name in ("core", "pbgraph"):
        graph.parse(ROOT / "ontology" / f"{name}.ttl")
    return graph


@cache
def supers(cls: str) -> frozenset[str]:
    return frozenset(
        local(each) for each in ontology().transitive_objects(PB[cls], RDFS.subClassOf) if isinstance(each, rdflib.URIRef)
    )


@cache
def ranges(prop: str) -> tuple[str, ...]:
    declared = ontology().value(PB[prop], RDFS.range)
    union = ontology().value(declared, OWL.unionOf) if declared is not None else None
    return tuple(map(local, Collection(ontology(), union) if union is not None else filter(None, [declared])))


@cache
def context() -> dict[str, Any]:
    """What each key and each word of a closed list is, from the ontology alone."""
    graph = ontology()
    found: dict[str, Any] = {"@base": ID, "id": "@id", "type": "@type"}
    for cls in graph.subjects(RDF.type, OWL.Class):
        if isinstance(cls, rdflib.URIRef):
            found[local(cls)] = str(cls)
            found.update({local(each): str(each) for each in graph.subjects(RDF.type, cls)})
    for prop in graph.subjects(RDF.type, OWL.DatatypeProperty):
        datatype = graph.value(prop, RDFS.range)
        kind = {"@container": "@language"} if datatype == RDF.langString else {"@type": str(datatype or XSD.string)}
        found[local(prop)] = {"@id": str(prop), **({} if datatype == XSD.string else kind)}
    for prop in graph.subjects(RDF.type, OWL.ObjectProperty):
        entities = any(supers(cls) & {"Entity", "Part"} for cls in ranges(local(prop)))
        found[local(prop)] = {"@id": str(prop), "@type": "@id" if entities else "@vocab"}
    return found


def sections() -> dict[str, str]:
    return {str(key): local(cls) for cls, key in ontology().subject_objects(PB.section)}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@cache
def defaults() -> list[tuple[str, str, frozenset[str]]]:
    """Each property with a default, what that is, and the classes it is used on."""
    found = ontology().subject_objects(PB.default)
    return [(local(prop), local(value), frozenset(map(local, ontology().objects(prop, PB.usedOn)))) for prop, value in found]


class Oracle:
    """One article file as JSON-LD: classes with their superclasses, defaults and the indicator's unit written out."""

    def __init__(self, file: Path, units: Mapping[str, str]) -> None:
        self.units = units
        self.record = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        self.published = self.record["source"]["published"]

    def document(self) -> dict[str, Any]:
        nodes = [self.node(self.record["source"], "Source")]
        for key, cls in sections().items():
            nodes.extend(self.node(each, cls) for each in self.record.get(key, []))
        return {"@context": context(), "@graph": nodes}

    def node(self, record: Mapping[str, Any], cls: str) -> dict[str, Any]:
        cls = record.get("type", cls)
        found = {key: self.value(key, value) for key, value in record.items() if key != "type"}
        for prop, default, classes in defaults():
            if supers(cls) & classes:
                found.setdefault(prop, default)
        if cls == "Figure" and "share" not in record:
            found.setdefault("unit", self.units[record["indicator"]])
        return {**found, "type": sorted(supers(cls))}

    def value(self, key: str, value: Any) -> Any:
        if key == "passage":
            quotes = [(par, quote) for par, words in value.items() for quote in listed(words)]
            return [{"type": ["Part", "Passage"], "par": par, "quote": quote} for par, quote in quotes]
        if key == "at" and value == "article":
            return self.published
        if not any(isinstance(each, dict) for each in listed(value)) or ranges(key) == ("langString",):
            return value
        part = next(cls for cls in ranges(key) if "Part" in supers(cls))
        return [self.node(each, part) if isinstance(each, dict) else each for each in listed(value)]


def tree(node: str, triples: Mapping[str, list[ox.Triple]]) -> Tree:
    """All that is said of a node, with what is said of its parts in their place."""
    found = set()
    for triple in triples[node]:
        name, value = local(triple.predicate.value), str(triple.object)
        if name not in ALIKE:
            found.add((name, tree(value, triples) if value in triples and not is_entity(value) else value))
    return frozenset(found)


def is_entity(node: str) -> bool:
    return node.startswith(f"<{ID}") and "/" not in node.removeprefix(f"<{ID}")


def statements(triples: Iterable[ox.Triple]) -> tuple[dict[str, Tree], Counter[Tree]]:
    """The entities by address; the claims, which have no address of the curator's making, as a bag."""
    by_subject: dict[str, list[ox.Triple]] = {}
    for triple in triples:
        by_subject.setdefault(str(triple.subject), []).append(triple)
    entities = {node: tree(node, by_subject) for node in by_subject if is_entity(node)}
    claims = [node for node, each in by_subject.items() if any(str(triple.object) == f"<{PB.Claim}>" for triple in each)]
    return entities, Counter(tree(node, by_subject) for node in claims)


@cache
def units() -> dict[str, str]:
    found = {}
    for file in sorted((ROOT / "data" / "vocabularies").glob("*.yaml")):
        entries = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["entities"]
        found.update({each["id"]: each["unit"] for each in entries if "unit" in each})
    return found


@pytest.mark.parametrize("file", ARTICLES, ids=lambda file: file.stem)
def test_the_mapper_says_what_json_ld_says(file: Path, checked: Checked) -> None:
    document = json.dumps(Oracle(file, units()).document())
    theirs = statements(quad.triple for quad in ox.parse(document.encode(), format=ox.RdfFormat.JSON_LD))
    graphs = f"<{checked.project.base}graph/"
    lines = [line for line in checked.graph.lines() if line.endswith(f" {graphs}articles/{file.stem}> .")]
    quads = ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.N_QUADS)
    ours = statements(quad.triple for quad in quads if not str(quad.subject).startswith(graphs))
    assert len(ours[0]) >= 20
    assert ours[1].total() > 70
    assert ours[0] == theirs[0]
    assert ours[1] == theirs[1]


def test_all_articles_are_compared() -> None:
    assert len(ARTICLES) == 5
