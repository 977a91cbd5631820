"""What the real project becomes: networks that other readers read back, dumps that say the same, tables for spreadsheets."""

from __future__ import annotations

import csv
import os
import random
from pathlib import Path

import networkx
import pytest
import rdflib

from conftest import ROOT
from pbgraph import queries, tables
from pbgraph.assembling import network_of
from pbgraph.atlas import Atlas
from pbgraph.build import Report
from pbgraph.checks import Checked, check
from pbgraph.products import asked_before, write_products
from pbgraph.progress import silent
from pbgraph.project import Project
from pbgraph.store import in_memory, triples_of

NETWORKS = sorted(path.stem for path in (ROOT / "queries" / "networks").glob("*.rq"))
TABLES = sorted(path.stem for path in (ROOT / "queries" / "tables").glob("*.rq"))
READ_BACK = [pytest.param(name, marks=pytest.mark.prove) if name == "claims" else name for name in NETWORKS]
"""The largest of them takes readers a while."""
DRAWN = {"x", "y", "size"}


def test_the_networks_and_tables_are_those_of_the_queries(built: Report) -> None:
    expected = "actors by-year claims components everything pairings pairings-by-county places posts"
    assert expected.split() == NETWORKS
    assert sorted(path.stem for path in (built.output / "networks").glob("*.gexf")) == NETWORKS
    assert sorted(path.stem for path in (built.output / "networks").glob("*.graphml")) == NETWORKS
    assert sorted(path.stem for path in (built.output / "tables").glob("*.csv")) == TABLES
    assert len(TABLES) >= 4


@pytest.mark.parametrize("name", READ_BACK)
def test_graphml_is_read_back_equal(name: str, built: Report, checked: Checked) -> None:
    ours = network_of(queries.find(name, queries.load(checked.project, "networks")), Atlas(checked.project, checked.graph))
    theirs = networkx.read_graphml(built.output / "networks" / f"{name}.graphml", force_multigraph=True)
    assert dict(theirs.nodes(data=True)) == dict(ours.nodes(data=True))
    assert len(theirs.nodes) >= 9
    assert sorted((a, b, key) for a, b, key in theirs.edges(keys=True)) == sorted(
        (a, b, key) for a, b, key in ours.edges(keys=True)
    )
    for start, end, key, columns in ours.edges(keys=True, data=True):
        assert theirs.edges[start, end, key] == {name: value for name, value in columns.items() if name != "id"}, key


@pytest.mark.parametrize("name", READ_BACK)
def test_gexf_is_read_back_equal(name: str, built: Report, checked: Checked) -> None:
    ours = network_of(queries.find(name, queries.load(checked.project, "networks")), Atlas(checked.project, checked.graph))
    theirs = networkx.read_gexf(built.output / "networks" / f"{name}.gexf")
    assert set(theirs.nodes) == set(ours.nodes)
    for node, columns in ours.nodes(data=True):
        own = {name: value for name, value in columns.items() if name not in {*DRAWN, "color"}}
        assert {name: theirs.nodes[node].get(name) for name in own} == own, node
    assert theirs.number_of_edges() == ours.number_of_edges()
    read = {columns["id"]: (start, end) for start, end, columns in theirs.edges(data=True)}
    assert read == {key: (start, end) for start, end, key in ours.edges(keys=True)}


TWICE = """
PREFIX pb: <https://w3id.org/pbgraph/ontology#> PREFIX : <urn:x:>
:a a pb:Organization . :b a pb:Organization . :c a pb:Organization . :d a pb:Organization .
:claim0 a pb:PairingAgreement ; pb:rank pb:deprecated ; pb:beneficiary :a ; pb:partner :b ; pb:fingerprint "1" .
:claim1 a pb:PairingAgreement ; pb:modality pb:reported ; pb:beneficiary :a ; pb:partner :b ; pb:fingerprint "1" .
:claim2 a pb:PairingAgreement ; pb:modality pb:reported ; pb:beneficiary :a ;
  pb:partner :b ; pb:brokeredBy :c ; pb:fingerprint "1" .
:claim3 a pb:PairingAgreement ; pb:rank pb:deprecated ; pb:beneficiary :a ; pb:partner :d ; pb:fingerprint "2" .
:claim4 a pb:PairingAgreement ; pb:modality pb:planned ; pb:beneficiary :b ; pb:partner :d ; pb:fingerprint "3" ."""


def test_what_two_articles_say_is_shared_once_by_all_whom_either_names(project: Project) -> None:
    query = queries.find("actors", queries.load(project, "networks"))
    rows = queries.run(query, triples_of(TWICE, "ttl")).dicts()
    ties = {(str(row["source"]), str(row["target"])): (str(row["weight"]), str(row["shared"])) for row in rows}
    once = ("1", "urn:x:claim1")
    assert ties == {("urn:x:a", "urn:x:b"): once, ("urn:x:a", "urn:x:c"): once, ("urn:x:b", "urn:x:c"): once}


@pytest.mark.prove
def test_tables_and_networks_are_made_without_the_graph_once_it_was_asked(checked: Checked, tmp_path: Path) -> None:
    mine = check(checked.project)
    graph, whole = mine.graph, checked.graph.lines()
    atlas = Atlas(mine.project, graph)
    asked = {family: queries.load(mine.project, family) for family in ("tables", "networks")}

    def made(told: Checked, known: Atlas) -> list[object]:
        listed = [tables.read(query, told, known.labels) for query in asked["tables"]]
        return [*listed, *(networkx.node_link_data(network_of(query, known)) for query in asked["networks"])]

    with asked_before(atlas, tmp_path):
        without = made(mine, atlas)
        assert graph.resting, "nothing needed the graph"
        assert len([*tmp_path.iterdir()]) == 2, "the dump, and what it was asked"
    assert [path.name for path in tmp_path.iterdir()] == ["graph.nq"]
    assert (tmp_path / "graph.nq").read_text(encoding="utf-8").splitlines() == whole
    assert without == made(mine, atlas)
    assert graph.resting is None, "now it is asked again"
    assert without == made(checked, Atlas(checked.project, checked.graph))
    assert len(without) == len(TABLES) + len(NETWORKS)


def test_rows_come_in_one_order_however_the_graph_was_loaded(checked: Checked) -> None:
    lines = checked.graph.lines()
    random.Random(1).shuffle(lines)
    other = in_memory(lines, checked.graph.prefixes)
    asked = [query for family in ("tables", "networks", "questions") for query in queries.load(checked.project, family)]
    for query in asked:
        for example in query.examples:
            bindings = queries.bind(query, example, checked.graph, checked.project.base)
            assert queries.run(query, checked.graph, bindings) == queries.run(query, other, bindings), query.name
    assert len(asked) > len(TABLES) + len(NETWORKS)


@pytest.mark.prove
def test_pages_are_made_without_the_graph(checked: Checked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)  # so that this process makes them all
    mine = check(checked.project)
    write_products(mine, tmp_path, silent)
    assert mine.graph.resting
    assert mine.graph.lines() == checked.graph.lines()


def test_a_pairing_of_groups_is_one_edge_between_two_groups(built: Report) -> None:
    graph = networkx.read_gexf(built.output / "networks" / "pairings.gexf")
    groups = {node for node, columns in graph.nodes(data=True) if columns["kind"] == "Group"}
    between = [(a, b) for a, b, columns in graph.edges(data=True) if {a, b} <= groups and columns["directed"] is False]
    assert len(between) == 11
    assert all(graph.degree(node) <= 2 for node in groups)


def test_pairings_between_counties_last_from_the_first_dated_one_to_the_last(built: Report) -> None:
    with (built.output / "networks" / "pairings-by-county.edges.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["Id"]: (row["earliest"], row["latest"]) for row in csv.DictReader(file)}
    assert rows["id:hengxian id:hengxian id:paired"] == ("2016-07-20", "2017-02-28"), "two of its three claims have no date"
    assert rows["id:hengxian id:hengxian id:matching"] == ("", "")


def test_a_party_lies_in_a_county_by_way_of_its_members_and_of_what_it_is_seated_in(built: Report) -> None:
    with (built.output / "networks" / "pairings-by-county.edges.csv").open(encoding="utf-8", newline="") as file:
        ids = {row["Id"]: row["Weight"] for row in csv.DictReader(file)}
    assert ids["id:hengxian id:hengxian id:cooperation"] == "2.0", "a company in a centre of the county"
    assert ids["id:luozhuang id:luozhuang id:joint-building"] == "1.0", "a group of two committees that belong to the district"


def test_the_dumps_say_the_same(built: Report, checked: Checked) -> None:
    turtle, quads = rdflib.Graph(), rdflib.Dataset()
    turtle.parse(built.output / "graph.ttl", format="turtle")
    quads.parse(built.output / "graph.nq", format="nquads")
    assert set(turtle) == {(s, p, o) for s, p, o, _ in quads.quads()}
    assert len(turtle) == len(checked.graph)
    assert not [node for node in turtle.all_nodes() if isinstance(node, rdflib.BNode)]


def test_a_table_has_names_beside_ids(built: Report) -> None:
    with (built.output / "tables" / "edges.csv").open(encoding="utf-8", newline="") as file:
        partners = [row for row in csv.DictReader(file) if row["role"] == "pb:partner"]
    yaobu = [row for row in partners if row["who"] == "id:hengxian-yaobu"]
    assert {row["whomLabel_zh"] for row in yaobu} == {"南宁君桥电子商务有限公司"}
    assert len(yaobu) == 1
    assert len(partners) == len({(row["claim"], row["who"], row["whom"]) for row in partners}) >= 18


@pytest.mark.parametrize("slug", ["hengxian-yaobu", "suqian", "hengxian-last-mile", "rural-taobao"])
def test_data_beside_a_page_is_the_same_in_both_formats(slug: str, built: Report) -> None:
    folder: Path = built.output / "site" / "id"
    turtle, jsonld = rdflib.Graph(), rdflib.Graph()
    turtle.parse(folder / f"{slug}.ttl", format="turtle")
    jsonld.parse(folder / f"{slug}.jsonld", format="json-ld")
    assert set(turtle) == set(jsonld)
    assert (rdflib.URIRef(f"https://w3id.org/pbgraph/id/{slug}"), None, None) in turtle
