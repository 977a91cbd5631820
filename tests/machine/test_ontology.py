"""The ontology says all it should of every term in two languages, and what the machine reads from it hangs together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from rdflib import Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, ORG, OWL, PROV, RDF, RDFS, SDO, SKOS, SOSA, VANN
from rdflib.term import Node

from pbgraph.checks import Checked

FOLDER = Path(__file__).parents[2] / "ontology"
LOADED = ("core", "pbgraph")
FILES = (*LOADED, "alignment")
PB = "https://w3id.org/pbgraph/ontology#"
PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty)
METHODS_OF_A_NAMESPACE = {"count", "index", "title", "format", "find", "join", "split", "strip"}
"""rdflib's Namespace is a string, so that a term of such a name is a method of it."""
HAN = re.compile("[一-鿿]")


def pb(name: str) -> URIRef:
    return URIRef(PB + name)


def local(term: Node) -> str:
    return str(term).removeprefix(PB)


def ontology_iri(name: str) -> URIRef:
    return URIRef(f"https://w3id.org/pbgraph/ontology/{name}")


def parse(names: Iterable[str]) -> Graph:
    graph = Graph()
    for name in names:
        graph.parse(FOLDER / f"{name}.ttl", format="turtle")
    return graph


@cache
def loaded() -> Graph:
    """What the machine loads."""
    return parse(LOADED)


def named(graph: Graph, *kinds: URIRef) -> set[URIRef]:
    return {node for kind in kinds for node in graph.subjects(RDF.type, kind) if isinstance(node, URIRef)}


def terms(graph: Graph) -> set[URIRef]:
    """Terms of our namespace that the graph declares."""
    return {node for node in graph.subjects(RDF.type) if isinstance(node, URIRef) and node.startswith(PB)}


def mentioned(graph: Graph) -> set[URIRef]:
    """Terms of our namespace that occur in the graph at all."""
    return {node for triple in graph for node in triple if isinstance(node, URIRef) and node.startswith(PB)}


def texts(graph: Graph, term: Node, predicate: URIRef) -> dict[str, list[str]]:
    """The texts of a term by language; the empty string for none."""
    found: dict[str, list[str]] = {}
    for value in graph.objects(term, predicate):
        assert isinstance(value, Literal), (term, predicate)
        found.setdefault(value.language or "", []).append(str(value))
    return found


def ancestors(cls: Node) -> set[Node]:
    return {each for each in loaded().transitive_objects(cls, RDFS.subClassOf) if each is not None}


def stands_on(prop: Node, cls: Node) -> bool:
    return not ancestors(cls).isdisjoint(loaded().objects(prop, pb("usedOn")))


def claims() -> set[URIRef]:
    return {cls for cls in named(loaded(), OWL.Class) if pb("Claim") in ancestors(cls)}


def range_of(prop: Node) -> set[Node]:
    found: set[Node] = set()
    for declared in loaded().objects(prop, RDFS.range):
        union = loaded().value(declared, OWL.unionOf)
        found.update(Collection(loaded(), union) if union else [declared])
    return found


def single(graph: Graph, term: Node, predicate: URIRef) -> Node:
    values = list(graph.objects(term, predicate))
    assert len(values) == 1, (term, predicate, values)
    return values[0]


def test_there_is_an_ontology_to_test() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.ttl")) == sorted(FILES)
    assert len(named(loaded(), OWL.Class)) >= 50
    assert len(named(loaded(), OWL.ObjectProperty)) >= 45
    assert len(named(loaded(), OWL.DatatypeProperty)) >= 20
    assert len(named(loaded(), OWL.AnnotationProperty)) >= 18


@pytest.mark.parametrize(("name", "least"), [("core", 100), ("pbgraph", 75)])
def test_every_term_has_its_text_in_both_languages(name: str, least: int) -> None:
    graph = parse([name])
    assert len(terms(graph)) >= least
    for term in terms(graph):
        for predicate in (RDFS.label, SKOS.definition):
            found = texts(graph, term, predicate)
            assert {language: len(each) for language, each in found.items()} == {"zh": 1, "en": 1}, (term, predicate)
            assert HAN.search(found["zh"][0]), (term, predicate)
            assert not HAN.search(found["en"][0]), (term, predicate)
        assert texts(graph, term, SKOS.definition)["en"][0].endswith("."), term
        assert texts(graph, term, SKOS.definition)["zh"][0].endswith("。"), term
        assert set(texts(graph, term, SKOS.example)) in ({""}, {"zh", "en"}), term
        assert single(graph, term, RDFS.isDefinedBy) == ontology_iri(name), term


@pytest.mark.parametrize("kinds", [(OWL.Class,), PROPERTIES, (OWL.AnnotationProperty,)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_terms_of_a_kind_share_a_label(kinds: tuple[URIRef, ...], language: str) -> None:
    found = named(loaded(), *kinds) & terms(loaded())
    labels = Counter(texts(loaded(), term, RDFS.label)[language][0] for term in found)
    assert len(labels) >= 10
    assert [label for label, times in labels.items() if times > 1] == []


def keys_in(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        yield from map(str, node)
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from keys_in(inner)


def test_examples_in_yaml_use_only_keys_there_are() -> None:
    known = {"id", "type", "zh", "en", *map(local, named(loaded(), *PROPERTIES))}
    examples = {str(value) for value in loaded().objects(predicate=SKOS.example)}
    records = [example for example in examples if re.match(r"\{|[A-Za-z]+: ", example)]
    assert len(records) >= 100
    for example in records:
        strange = {key for key in keys_in(yaml.load(example, yaml.BaseLoader)) if key not in known and not key.isdigit()}
        assert not strange, example


@pytest.mark.parametrize("name", FILES)
def test_the_header_says_what_the_file_is(name: str) -> None:
    graph, iri = parse([name]), ontology_iri(name)
    assert named(graph, OWL.Ontology) == {iri}
    assert str(single(graph, iri, OWL.versionIRI)) == f"{iri}/{single(graph, iri, OWL.versionInfo)}"
    assert set(texts(graph, iri, DCTERMS.title)) == {"zh", "en"}
    assert set(texts(graph, iri, DCTERMS.description)) == {"zh", "en"}
    assert str(single(graph, iri, DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/"
    assert str(single(graph, iri, VANN.preferredNamespacePrefix)) == "pb"
    assert str(single(graph, iri, VANN.preferredNamespaceUri)) == PB
    assert max(map(len, (FOLDER / f"{name}.ttl").read_text(encoding="utf-8").splitlines())) <= 160


def test_local_names_are_safe_and_declared_once() -> None:
    names = [local(term) for name in LOADED for term in terms(parse([name]))]
    assert len(names) >= 180
    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert METHODS_OF_A_NAMESPACE.isdisjoint(names)
    assert all(re.fullmatch("[A-Za-z][A-Za-z-]*", name) for name in names)
    assert not terms(parse(["alignment"]))


def test_the_core_names_nothing_of_the_domain() -> None:
    core = parse(["core"])
    assert len(mentioned(core)) >= 100
    assert mentioned(core) == terms(core)
    assert mentioned(loaded()) == terms(loaded())


def test_properties_stand_on_classes_and_identify_claims() -> None:
    used, identified = list(loaded().subject_objects(pb("usedOn"))), list(loaded().subject_objects(pb("identifies")))
    assert len(used) >= 90
    assert len(identified) >= 30
    for prop, cls in used:
        assert prop in named(loaded(), *PROPERTIES), prop
        assert cls in named(loaded(), OWL.Class), (prop, cls)
    for prop, cls in identified:
        assert cls in claims(), (prop, cls)
        assert any(stands_on(prop, each) for each in claims() if cls in ancestors(each)), (prop, cls)


def test_every_property_stands_somewhere_or_is_derived() -> None:
    shortcuts = set(loaded().subjects(pb("shortcutOf")))
    derived = shortcuts | set(loaded().objects(None, OWL.inverseOf))
    assert len(derived) >= 10
    for prop in named(loaded(), *PROPERTIES):
        assert (prop in derived) != ((prop, pb("usedOn"), None) in loaded()), prop


def test_a_shortcut_leads_from_a_property_of_its_claim_to_another() -> None:
    shortcuts = set(loaded().subjects(pb("shortcutOf")))
    assert len(shortcuts) >= 8
    for shortcut in shortcuts:
        claim = single(loaded(), shortcut, pb("shortcutOf"))
        assert claim in claims(), shortcut
        for end in ("edgeFrom", "edgeTo"):
            assert stands_on(single(loaded(), shortcut, pb(end)), claim), (shortcut, end)
        assert (shortcut, pb("computed"), Literal(True)) in loaded(), shortcut


def test_inverse_pairs_are_declared_once() -> None:
    pairs = list(loaded().subject_objects(OWL.inverseOf))
    assert len(pairs) >= 2
    assert max(Counter(term for pair in pairs for term in pair).values()) == 1
    assert {term for pair in pairs for term in pair} <= named(loaded(), OWL.ObjectProperty)


def test_sections_are_unique_and_hold_what_may_be_written_in_a_file() -> None:
    sections = list(loaded().subject_objects(pb("section")))
    assert len(sections) >= 8
    assert len({str(key) for _, key in sections}) == len(sections)
    for cls, key in sections:
        assert cls == pb("Entity") or cls in claims(), key
    concrete = claims() - {pb("Claim")}
    assert concrete == {cls for cls, _ in sections} - {pb("Entity")}


def test_a_caption_is_made_of_properties_of_its_class() -> None:
    captions = [(cls, str(text)) for cls, text in loaded().subject_objects(pb("caption"))]
    assert len(captions) >= 18
    for cls in {cls for cls, _ in captions}:
        assert set(texts(loaded(), cls, pb("caption"))) == {"zh", "en"}, cls
    for cls, text in captions:
        keys = re.findall(r"\{([^{}]*)\}", text)
        assert keys, (cls, text)
        own = [key for key in keys if key not in ("amount", "dimensions")]
        assert all(pb(key) in named(loaded(), *PROPERTIES) and stands_on(pb(key), cls) for key in own), (cls, text)
        assert re.fullmatch(r"(?:[^\[\]]|\[[^\[\]]*\])*", text), (cls, text)


def test_what_else_the_machine_reads_holds() -> None:
    dimensions = set(loaded().subjects(pb("dimension")))
    assert len(dimensions) >= 2
    for prop in dimensions:
        assert stands_on(prop, pb("Figure")), prop
        assert stands_on(prop, pb("Group")), prop
        assert (prop, pb("identifies"), pb("Figure")) in loaded(), prop
    for prop, value in loaded().subject_objects(pb("default")):
        assert set(loaded().objects(value, RDF.type)) == range_of(prop), prop
    for prop, other in loaded().subject_objects(pb("inheritedFrom")):
        assert all(stands_on(prop, cls) for cls in range_of(other)), prop
    for prop in loaded().subjects(pb("ordered")):
        assert all(pb("Part") in ancestors(cls) for cls in range_of(prop)), prop


def test_figures_are_compared_in_every_dimension() -> None:
    asked = (FOLDER.parent / "queries" / "questions" / "two-figures-compared.rq").read_text(encoding="utf-8")
    lists = [set(each.split()) for each in re.findall(r"VALUES \?(?:must|aspect) \{([^}]*)\}", asked)]
    assert len(lists) == 4
    identifying = {f"pb:{local(prop)}" for prop in loaded().subjects(pb("dimension"))}
    for each in lists:
        assert identifying | {"pb:of", "pb:ofIndicator", "pb:per", "pb:period", "pb:cumulative", "pb:unit"} <= each


def test_the_alignment_speaks_of_terms_there_are() -> None:
    graph = parse(["alignment"])
    assert len(mentioned(graph)) >= 40
    assert mentioned(graph) <= terms(loaded())
    for predicate, kinds in ((RDFS.subClassOf, [OWL.Class]), (RDFS.subPropertyOf, PROPERTIES)):
        pairs = list(graph.subject_objects(predicate))
        assert len(pairs) >= 15
        for term, foreign in pairs:
            kind = single(graph, foreign, RDF.type)
            assert kind in kinds, foreign
            assert (term, RDF.type, kind) in loaded(), (term, foreign)
    foreign_terms = named(graph, OWL.Class, *PROPERTIES) - {SKOS.closeMatch}
    assert foreign_terms == {*graph.objects(None, RDFS.subClassOf), *graph.objects(None, RDFS.subPropertyOf)}


def test_what_the_alignment_names_of_other_vocabularies_is_there() -> None:
    known = {str(space): space for space in (DCTERMS, OWL, RDFS, SKOS, ORG, PROV, SDO, SOSA)}
    nodes = {str(node) for triple in parse(["alignment"]) for node in triple if isinstance(node, URIRef)}
    named = [(space, node.removeprefix(space)) for node in nodes for space in known if node.startswith(space) and node != space]
    assert len(named) >= 60
    # Two are younger than rdflib's list of schema.org.
    younger = {f"{SDO}StatisticalVariable", f"{SDO}observationAbout"}
    assert {f"{space}{name}" for space, name in named if name not in known[space]} <= younger


def test_the_domain_imports_the_core_and_nobody_the_alignment() -> None:
    imports = set(parse(FILES).subject_objects(OWL.imports))
    assert imports == {(ontology_iri("pbgraph"), ontology_iri("core"))}


def test_examples_speak_of_what_there_is(checked: Checked) -> None:
    examples = {str(value) for value in loaded().objects(predicate=SKOS.example)}
    named = {name for example in examples for name in re.findall(r"\bid:([a-z0-9-]+)", example)}
    assert len(named) >= 10
    assert [name for name in sorted(named) if not checked.graph.classes(f"{checked.project.base}id/{name}")] == []
    records = [yaml.load(example, yaml.BaseLoader) for example in examples if example.startswith("{id: ")]
    assert len(records) >= 40
    for record in records:
        classes = checked.graph.classes(f"{checked.project.base}id/{record['id']}")
        assert any(str(pb(record["type"])) in each for each in classes.values()), record


def test_triples_that_serve_as_examples_are_true(checked: Checked) -> None:
    examples = sorted({str(value) for value in loaded().objects(predicate=SKOS.example)})
    triples = [example for example in examples if re.fullmatch(r"id:\S+ pb:\S+ id:\S+ \.", example)]
    assert len(triples) >= 9
    assert [triple for triple in triples if not checked.graph.select(f"SELECT ?s {{ {triple} BIND (1 AS ?s) }}").rows] == []
