"""Addresses ↔ pages, and links between pages."""

from __future__ import annotations

import pytest

from pbgraph.addresses import Addresses, relative, term_pages
from pbgraph.terms import RDF, RDFS, Iri, Literal, Triple, local_name, whole_of

OWL = "http://www.w3.org/2002/07/owl#"
ONTOLOGY = "https://example.org/ontology#"
BASE = "https://example.org/"
ADDRESSES = Addresses(
    "https://example.org/", {f"{ONTOLOGY}Loan": "ontology/classes/Loan", f"{ONTOLOGY}loan": "ontology/terms/loan"}
)


@pytest.mark.parametrize(
    ("below", "page"),
    [
        ("id/hengxian", "id/hengxian.en.html"),
        ("id/hengxian/naming.2", "id/hengxian.en.html"),
        ("claim/last-mile.0123abcd", "id/last-mile.en.html#claim-0123abcd"),
        ("claim/last-mile.0123abcd/beneficiary.1/of.1", "id/last-mile.en.html#claim-0123abcd"),
        ("claim/last-mile.0123abcd0123abcd", "id/last-mile.en.html#claim-0123abcd0123abcd"),
        ("claim/last-mile.0123abcd0", None),
        ("passage/last-mile.12.0123ab", "id/last-mile.en.html#paragraph-12"),
        ("passage/last-mile.12.0123ab0123ab", "id/last-mile.en.html#paragraph-12"),
        ("ontology#Loan", "ontology/classes/Loan.en.html"),
        ("ontology#loan", "ontology/terms/loan.en.html"),
        ("ontology#other", None),
        ("graph/derived", None),
        ("id/", None),
        ("id/../x", None),
        ("claim/last-mile.0123ABCD", None),
    ],
)
def test_a_node_is_shown_on_its_own_page_its_owners_or_its_sources(below: str, page: str | None) -> None:
    assert ADDRESSES.page(f"https://example.org/{below}", "en") == page


def test_a_node_of_another_base_has_no_page() -> None:
    assert ADDRESSES.page("https://elsewhere.example/id/hengxian", "en") is None
    assert ADDRESSES.page("id/hengxian", "en") is None


def test_terms_with_a_label_have_pages_and_classes_stand_apart() -> None:
    label = Literal("x", language="en")
    triples: list[Triple] = [
        (f"{ONTOLOGY}Loan", f"{RDF}type", Iri(f"{OWL}Class")),
        (f"{ONTOLOGY}Loan", f"{RDFS}label", label),
        (f"{ONTOLOGY}loan", f"{RDF}type", Iri(f"{OWL}ObjectProperty")),
        (f"{ONTOLOGY}loan", f"{RDFS}label", label),
        ("http://purl.org/dc/terms/title", f"{RDF}type", Iri(f"{OWL}AnnotationProperty")),
    ]
    assert term_pages(triples) == dict(ADDRESSES.terms)


@pytest.mark.parametrize(
    ("target", "folder", "link"),
    [
        ("id/a.en.html", "", "id/a.en.html"),
        ("id/a.en.html", "id", "a.en.html"),
        ("index.en.html", "id", "../index.en.html"),
        ("questions/index.en.html", "ontology/terms", "../../questions/index.en.html"),
        ("ontology/terms/a.en.html", "ontology", "terms/a.en.html"),
        ("ontology/terms/a.en.html", "ontology/terms", "a.en.html"),
        ("identity/a.en.html", "id", "../identity/a.en.html"),
        ("id/a.en.html#claim-1", "id", "a.en.html#claim-1"),
        ("id/a.en.html#claim-1", "kind", "../id/a.en.html#claim-1"),
        ("kind/Größe x.en.html", "", "kind/Gr%C3%B6%C3%9Fe%20x.en.html"),
        ('kind/"><b>.html', "", "kind/%22%3E%3Cb%3E.html"),
    ],
)
def test_links_are_relative_and_quoted(target: str, folder: str, link: str) -> None:
    assert relative(target, folder) == link


def test_a_bare_unit_is_a_row_of_its_wholes_page() -> None:
    bare = Addresses(BASE, {}, {f"{BASE}id/hamlet": f"{BASE}id/village"})
    assert bare.page(f"{BASE}id/hamlet", "en") == "id/village.en.html#hamlet"
    assert bare.page(f"{BASE}id/village", "en") == "id/village.en.html"
    assert bare.shown_with(f"{BASE}id/village") == [f"{BASE}id/hamlet"]
    assert bare.shown_with(f"{BASE}id/hamlet") == []


def test_a_local_name_is_the_last_part_of_an_address() -> None:
    assert [local_name(f"https://example.org/{each}") for each in ("id/a", "ontology#B", "claim/c.1")] == ["a", "B", "c.1"]


@pytest.mark.parametrize(
    ("below", "whole"),
    [("yaobu", "yaobu"), ("yaobu/naming.1", "yaobu"), ("yaobu/naming.1/x", "yaobu"), ("yaobu-secretary", None), ("yaob", None)],
)
def test_a_part_belongs_to_what_its_address_begins_with_as_far_as_a_slash(below: str, whole: str | None) -> None:
    assert whole_of(f"{BASE}id/{below}", {f"{BASE}id/yaobu"}) == (whole and f"{BASE}id/{whole}")
