"""Each ontology file is OWL 2 DL with what it imports, read without leftovers; a broken copy is found out."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import owlready2
import pyhornedowl
import pytest
from pyhornedowl.profile import check_profile
from rdflib import Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.compare import graph_diff, to_isomorphic
from rdflib.namespace import OWL, RDF, RDFS, XSD

FOLDER = Path(__file__).parents[2] / "ontology"
LOADED = ("core", "pbgraph")
FILES = (*LOADED, "alignment")
PB = "https://w3id.org/pbgraph/ontology#"
BUILT_IN = (str(RDF), str(RDFS), str(OWL))
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDFS.Datatype)
RANGES = frozenset({XSD.string, XSD.integer, XSD.decimal, XSD.boolean, XSD.anyURI, RDF.langString, URIRef(PB + "EDTF")})
"""What a datatype property may take: of the OWL 2 datatype map, which has no xsd:date, and rdf:langString, its junior."""


def ontology_iri(name: str) -> URIRef:
    return URIRef(f"https://w3id.org/pbgraph/ontology/{name}")


def parse(names: Iterable[str], folder: Path = FOLDER) -> Graph:
    graph = Graph()
    for name in names:
        graph.parse(folder / f"{name}.ttl", format="turtle")
    return graph


def closure(name: str, folder: Path = FOLDER) -> Graph:
    """One ontology with its own header, and what those it goes with say: OWL 2 DL is a property of the whole."""
    graph = parse(FILES[: FILES.index(name) + 1], folder)
    for other in FILES:
        if other != name:
            graph.remove((ontology_iri(other), None, None))
    return graph


def named(graph: Graph, *kinds: URIRef) -> set[URIRef]:
    return {node for kind in kinds for node in graph.subjects(RDF.type, kind) if isinstance(node, URIRef)}


def plain(graph: Graph) -> Graph:
    """The same graph with xsd:string left unsaid, which in RDF 1.1 is the same literal."""
    copy = Graph()
    for subject, predicate, value in graph:
        typed = isinstance(value, Literal) and value.datatype == XSD.string
        copy.add((subject, predicate, Literal(str(value)) if typed else value))
    return copy


def faults(graph: Graph) -> list[str]:
    """What keeps a graph from OWL 2 DL: violations of the profile, triples no axiom took up, ranges that are no datatype.

    py-horned-owl drops what it cannot read without a word, so what it writes is compared with what it was given.
    """
    ontology = pyhornedowl.open_ontology_from_string(graph.serialize(format="xml"), "rdf")
    found = [
        f"{type(each).__name__} {getattr(each, 'iri', '')}"
        for each in check_profile(ontology, "DL").violations
        if str(getattr(each, "iri", "")) != str(RDF.langString)
    ]
    again = Graph().parse(data=ontology.save_to_string("rdf"), format="xml")
    _, left, added = graph_diff(to_isomorphic(plain(graph)), to_isomorphic(plain(again)))
    found += [f"left over: {subject} {predicate} {value}" for subject, predicate, value in left]
    found += [f"made up: {subject} {predicate} {value}" for subject, predicate, value in added]
    for prop in named(graph, OWL.DatatypeProperty):
        found += [f"range: {prop} {kind}" for kind in graph.objects(prop, RDFS.range) if kind not in RANGES]
    return found


@pytest.mark.parametrize(("name", "least"), [("core", 800), ("pbgraph", 1500), ("alignment", 1600)])
def test_it_is_owl_2_dl_and_nothing_is_left_over(name: str, least: int) -> None:
    graph = closure(name)
    assert len(graph) >= least
    assert faults(graph) == []


BROKEN = [
    ("pb:Figure rdfs:subClassOf [ a owl:Restriction ; owl:someValuesFrom pb:Unit ] .", "left over: .*someValuesFrom"),
    ("pb:Figure rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pb:unit ] .", "left over: .*onProperty"),
    ("pb:member rdfs:range [ owl:unionOf ( pb:Entity pb:Group ) ] .", "left over: .*unionOf"),
    ("pb:Figure owl:hasKey pb:value .", "left over: .*hasKey"),
    (
        "pb:Unit rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pb:colour ; owl:someValuesFrom pb:Unit ] .",
        "Undeclared.*colour",
    ),
    ('pb:Figure pb:colour "red" .', "Undeclared.*colour"),
    ("pb:Figure owl:hasKey ( pb:colour ) .", "Undeclared.*colour"),
    ("pb:Figure rdfs:subClassOf pb:Colour .", "Undeclared.*Colour"),
    ("pb:value a owl:ObjectProperty .", "IllegalPunning.*value"),
    ("pb:value a owl:AnnotationProperty .", "IllegalPunning.*value"),
    ("pb:Figure a rdfs:Datatype .", "IllegalPunning.*Figure"),
    ("pb:earliest rdfs:range xsd:date .", "range: .*earliest .*date"),
]


@pytest.mark.parametrize(("statement", "expected"), BROKEN)
def test_a_broken_copy_is_found_out(statement: str, expected: str, tmp_path: Path) -> None:
    copy = shutil.copytree(FOLDER, tmp_path / "ontology")
    with (copy / "core.ttl").open("a", encoding="utf-8") as file:
        file.write(f"\n{statement}\n")
    assert any(re.search(expected, fault) for fault in faults(closure("core", copy)))


@pytest.mark.parametrize("term", ["pb:par", "pb:unit", "pb:Passage", "pb:section", "skos:definition"])
def test_a_missing_declaration_is_found_out(term: str, tmp_path: Path) -> None:
    copy = shutil.copytree(FOLDER, tmp_path / "ontology")
    text = (copy / "core.ttl").read_text(encoding="utf-8")
    cut, times = re.subn(rf"(?m)^{term} a owl:\w+ ([;.])$", rf"{term} rdfs:seeAlso pb:Entity \1", text)
    assert times == 1
    (copy / "core.ttl").write_text(cut, encoding="utf-8")
    assert any(re.search("Undeclared|left over", fault) for fault in faults(closure("core", copy)))


@pytest.mark.parametrize("name", LOADED)
def test_a_second_reader_sees_the_same_terms(name: str) -> None:
    graph = closure(name)
    graph.remove((None, OWL.imports, None))
    content = io.BytesIO(graph.serialize(format="nt", encoding="utf-8"))
    ontology = owlready2.World().get_ontology(str(ontology_iri(name))).load(fileobj=content, only_local=True)
    seen = (
        ontology.classes(),
        ontology.object_properties(),
        ontology.data_properties(),
        ontology.annotation_properties(),
    )
    for kind, found in zip(KINDS, seen, strict=False):
        assert {each.iri for each in found} == {str(each) for each in named(graph, kind)}, kind
    assert len(list(ontology.world[PB + "Modality"].instances())) >= 5
    assert all(None not in prop.range for prop in ontology.object_properties())


def test_every_property_used_is_declared_and_every_term_is_of_one_kind() -> None:
    graph = parse(FILES)
    properties = named(graph, *KINDS[1:4])
    used = {node for node in graph.predicates() if not str(node).startswith(BUILT_IN)}
    assert len(used) >= 15
    assert used <= properties
    declared = named(graph, *KINDS)
    assert len(declared) >= 180
    for term in declared:
        assert len(set(graph.objects(term, RDF.type)) - {OWL.SymmetricProperty}) == 1, term


def test_only_the_closed_lists_have_members() -> None:
    graph = parse(LOADED)
    lists = {URIRef(PB + name) for name in ("Modality", "Certainty", "Rank", "Bound", "Ground", "Summability")}
    members = set(graph.subjects(RDF.type)) - named(graph, *KINDS, OWL.Ontology)
    members = {node for node in members if isinstance(node, URIRef)}
    assert len(members) >= 15
    assert {kind for node in members for kind in graph.objects(node, RDF.type)} == lists


def test_a_claim_is_known_by_its_source_and_fingerprint() -> None:
    graph = parse(LOADED)
    keys = [(cls, list(Collection(graph, members))) for cls, members in graph.subject_objects(OWL.hasKey)]
    assert keys == [(URIRef(PB + "Claim"), [URIRef(PB + "source"), URIRef(PB + "fingerprint")])]
    for prop in keys[0][1]:
        assert (prop, URIRef(PB + "usedOn"), URIRef(PB + "Claim")) in graph
