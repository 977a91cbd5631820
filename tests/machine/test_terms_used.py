"""A term enters with its first fact: no class, property, concept or word of the ontologies stands unused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import OWL, RDF, RDFS

from conftest import ROOT, WORLDS
from pbgraph import project as projects
from pbgraph.checks import Checked, check
from pbgraph.project import Project
from pbgraph.terms import CORE, Iri, Literal

MUSEUMS = projects.load(WORLDS / "museums")
ONTOLOGIES = (ROOT / "ontology" / "core.ttl", ROOT / "ontology" / "pbgraph.ttl")
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDFS.Datatype)
DATA = """
SELECT ?s ?p ?o WHERE { GRAPH ?graph { ?s ?p ?o } FILTER (!STRENDS(STR(?graph), "graph/ontology")) }
"""
"""Everything but the ontology's own statements: what data files say, and what is derived from it."""
EDGES = """
SELECT DISTINCT ?shortcut WHERE {
  ?shortcut pb:shortcutOf ?kind ; pb:edgeFrom ?start ; pb:edgeTo ?end . ?claim a ?kind ; ?start ?one ; ?end ?other
}
"""
"""Shortcuts that networks draw: a claim has both their ends, though it may not be sure enough to derive them."""


def declared(file: Path, namespace: str) -> dict[str, str]:
    """The terms that a Turtle file declares in a namespace: IRI → the kind of term, or the closed list it is a member of."""
    graph = rdflib.Graph().parse(file, format="turtle")
    found = graph.subject_objects(RDF.type)
    return {str(term): str(kind) for term, kind in found if str(term).startswith(namespace) and kind != OWL.SymmetricProperty}


def used(checked: Checked) -> set[str]:
    """The terms that a graph uses: classes and properties with a use, even as unstated, datatypes, edges."""
    rows = checked.graph.select(DATA).dicts()
    assert len(rows) > 500
    edges = checked.graph.select(EDGES).dicts()
    return {str(row["shortcut"]) for row in edges} | {term for row in rows for term in _terms(row["p"], row["o"])}


def _terms(predicate: Iri | Literal, value: Iri | Literal) -> Iterator[str]:
    yield str(predicate)
    yield value.datatype if isinstance(value, Literal) else str(value)


def annotated(files: Iterable[Path]) -> set[str]:
    """The properties of all statements of Turtle files."""
    paths = list(files)
    assert len(paths) >= 2
    graph = rdflib.Graph()
    for path in paths:
        graph.parse(path, format="turtle")
    return {str(predicate) for predicate in graph.predicates()}


def in_turtle(project: Project) -> set[str]:
    return annotated([*project.files("ontology", ".ttl"), *project.files("shapes", ".ttl")])


@pytest.fixture(scope="module")
def museums() -> Checked:
    return check(MUSEUMS)


def unused(terms: dict[str, str], *uses: set[str]) -> list[str]:
    """The terms without a use, by local name; a closed list is used where a member of it is."""
    everything = set().union(*uses)
    lists = {kind for term, kind in terms.items() if term in everything}
    return sorted(term.rsplit("#", 1)[-1] for term in terms if term not in everything and term not in lists)


def test_every_term_of_the_domain_has_a_fact(checked: Checked) -> None:
    terms = declared(ONTOLOGIES[1], CORE)
    assert len(terms) >= 75
    assert unused(terms, used(checked)) == []


def test_every_term_of_the_core_has_a_fact(checked: Checked, museums: Checked, project: Project) -> None:
    terms = declared(ONTOLOGIES[0], CORE)
    assert len(terms) >= 100
    assert set(terms.values()) > {str(kind) for kind in KINDS}
    assert unused(terms, used(checked), used(museums), in_turtle(project), in_turtle(MUSEUMS)) == []


def test_every_term_of_the_museums_has_a_fact(museums: Checked) -> None:
    terms = declared(WORLDS / "museums" / "ontology" / "museums.ttl", "https://example.org/museums/ontology#")
    assert len(terms) >= 35
    assert unused(terms, used(museums)) == []


def concepts_in_use(checked: Checked) -> tuple[set[str], set[str]]:
    """The entities of the vocabularies; and those that anything else refers to, itself or through one it refers to."""
    base = checked.project.base
    owned = {
        str(row["s"])
        for file in filter(checked.project.is_vocabulary, checked.project.files("data", ".yaml"))
        for row in checked.graph.select(
            """SELECT DISTINCT ?file ?s WHERE { GRAPH ?file { ?s a pb:Entity }
            FILTER NOT EXISTS { VALUES ?apart { pb:Slogan pb:Law pb:Lookalike } ?s a ?apart } }""",
            {"file": Iri(f"{base}graph/{checked.project.below_data(file)}")},
        ).dicts()
    }
    statements = [(str(row["s"]), str(row["o"])) for row in checked.graph.select(DATA).dicts()]
    told: dict[str, set[str]] = {}
    for subject, value in statements:
        told.setdefault(subject, set()).add(value)
    reached = set().union(*(values for subject, values in told.items() if not _owners(subject) & owned)) & owned
    waiting = list(reached)
    while waiting:
        further = told.get(waiting.pop(), set()) & owned - reached
        reached |= further
        waiting.extend(further)
    return owned, reached


def _owners(subject: str) -> set[str]:
    """A node and those of which its IRI says that it is a part."""
    return {subject, *(subject[: at.start()] for at in re.finditer("/", subject))}


def short(iris: set[str]) -> list[str]:
    return sorted(iri.rsplit("/", 1)[-1] for iri in iris)


def test_every_entry_of_a_vocabulary_is_referred_to(checked: Checked) -> None:
    owned, reached = concepts_in_use(checked)
    assert len(owned) >= 100
    assert short(owned - reached) == []


def test_every_entry_of_the_museums_vocabularies_is_referred_to(museums: Checked) -> None:
    owned, reached = concepts_in_use(museums)
    assert len(owned) >= 15
    assert short(owned - reached) == []
