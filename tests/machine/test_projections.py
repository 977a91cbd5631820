"""What a network query's rows may be: empty, hostile, parallel, looped; and what is refused, with file and line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import networkx
import pytest

import pbgraph
from breaking import put, run, told
from small import CHECKED, small_project

HEADER = """\
#+ label: {en: Odd, zh: 怪}
#+ legend: {en: An edge is odd., zh: 边是怪的。}
"""
BUILT = (*CHECKED, "queries/networks", "queries/pages", "queries/overviews", "site")


def query(select: str, header: str = HEADER) -> str:
    return f"{header}PREFIX pb: <https://w3id.org/pbgraph/ontology#>\nPREFIX id: <https://w3id.org/pbgraph/id/>\n{select}\n"


def built(folder: Path, select: str, header: str = HEADER) -> tuple[int, list[str]]:
    """Exit code and findings of a build of the small project with one more network."""
    small_project(folder, BUILT)
    put("queries/networks/odd.rq", query(select, header))(folder)
    result = run(folder, "build")
    return result.exit_code, told(result) if result.exit_code else []


@pytest.mark.parametrize(
    ("select", "finding"),
    [
        ("SELECT ?source ?target WHERE { ?source pb:partOf ?target }", "queries/networks/odd.rq:3:1: network-column"),
        ("SELECT ?source ?relation WHERE { ?source ?relation ?t }", "queries/networks/odd.rq:3:1: network-column"),
        (
            "SELECT ?source ?target (pb:partOf AS ?relation) WHERE { ?source pb:name ?target }",
            "queries/networks/odd.rq:3:1: network-column",
        ),
        (
            "SELECT ?source ?target (pb:partOf AS ?relation) WHERE { ?source pb:partOf ?x OPTIONAL { ?x pb:component ?target } }",
            "queries/networks/odd.rq:3:1: network-column",
        ),
        (
            'SELECT ?source ?target (pb:partOf AS ?relation) ("much" AS ?weight) WHERE { ?source pb:partOf ?target }',
            "queries/networks/odd.rq:3:1: network-number",
        ),
        (
            "SELECT ?source ?target (pb:partOf AS ?relation) (0 AS ?weight) WHERE { ?source pb:partOf ?target }",
            "queries/networks/odd.rq:3:1: network-weight",
        ),
        (
            'SELECT ?source ?target (pb:partOf AS ?relation) ("2多"^^<http://www.w3.org/2001/XMLSchema#integer> AS ?note)'
            " WHERE { ?source pb:partOf ?target }",
            "queries/networks/odd.rq:3:1: network-number",
        ),
        (
            'SELECT ?source ?target (pb:partOf AS ?relation) ("no" AS ?directed) WHERE { ?source pb:partOf ?target }',
            "queries/networks/odd.rq:3:1: network-directed",
        ),
        (
            "SELECT ?source ?target (pb:partOf AS ?relation) ?note WHERE { ?source pb:partOf ?target VALUES ?note { 1 2 } }",
            "queries/networks/odd.rq:3:1: network-edge-twice",
        ),
        (
            "SELECT ?source ?target (pb:partOf AS ?relation) (1 AS ?label) WHERE { ?source pb:partOf ?target }",
            "queries/networks/odd.rq:3:1: network-clash",
        ),
        ("SELECT ?source ?target ?relation WHERE { ?source ?relation", "queries/networks/odd.rq:6:1: bad-query"),
    ],
)
def test_rows_that_make_no_network_are_told_with_file_and_line(select: str, finding: str, tmp_path: Path) -> None:
    assert built(tmp_path / "p", select) == (1, [finding])


def test_all_queries_that_cannot_be_run_are_told_at_once(tmp_path: Path) -> None:
    small_project(tmp_path, BUILT)
    for name, text in {"asks": "ASK { ?a ?b ?c }", "broken": "SELECT ?source WHERE { ?source"}.items():
        put(f"queries/networks/{name}.rq", query(text))(tmp_path)
    put("queries/tables/made.rq", "#+ label: {en: A, zh: 甲}\nCONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }")(tmp_path)
    result = run(tmp_path, "build")
    found = sorted({each.split(":")[0] for each in told(result)})
    assert (result.exit_code, found) == (
        1,
        [f"queries/{name}.rq" for name in ("networks/asks", "networks/broken", "tables/made")],
    )


def test_an_unknown_layout_is_told_where_it_stands(tmp_path: Path) -> None:
    found = built(tmp_path / "p", "SELECT * {}", HEADER + "#+ layout: circle\n")
    assert found == (1, ["queries/networks/odd.rq:3:4: header-form"])


@pytest.mark.prove
def test_an_empty_network_is_a_network_of_nothing(tmp_path: Path) -> None:
    nothing = "SELECT ?source ?target ?relation WHERE { ?source ?relation ?target . FILTER (false) }"
    assert built(tmp_path / "p", nothing, HEADER + "#+ picture: true\n") == (0, [])
    networks = tmp_path / "p" / "build" / "networks"
    assert len(networkx.read_gexf(networks / "odd.gexf")) == len(networkx.read_graphml(networks / "odd.graphml")) == 0
    assert json.loads((networks / "odd.json").read_text(encoding="utf-8"))["nodes"] == []
    assert (networks / "odd.nodes.csv").read_text(encoding="utf-8") == "Id,Label\n"
    assert "</svg>" in (networks / "odd.zh.svg").read_text(encoding="utf-8")
    page = (tmp_path / "p" / "build" / "site" / "networks" / "odd.en.html").read_text(encoding="utf-8")
    assert ("This network is empty" in page, "with the most ties" in page) == (True, False)
    assert len(pbgraph.network("odd", folder=tmp_path / "p")) == 0


@pytest.mark.prove
def test_a_network_without_times_is_not_to_be_had_of_a_year(tmp_path: Path) -> None:
    timeless = "SELECT ?source ?target ?relation WHERE { ?source ?relation ?target . FILTER (?relation = pb:partOf) }"
    assert built(tmp_path / "p", timeless) == (0, [])
    found = run(tmp_path / "p", "export", "odd", "--year", "2016", "--output", str(tmp_path / "x.gexf"))
    assert (told(found), (tmp_path / "x.gexf").exists()) == (["odd: unknown-selection"], False)
    assert "year" not in found.stderr.replace("`year`", "")


def test_what_is_planned_is_called_so_and_counts_in_no_sum(tmp_path: Path) -> None:
    small_project(tmp_path, BUILT)
    article = tmp_path / "data" / "articles" / "first.yaml"
    typed = article.read_text(encoding="utf-8")
    article.write_text(
        typed.replace("unstated: [from], passage: {5", "modality: planned, unstated: [from], passage: {5", 1), "utf-8"
    )
    assert run(tmp_path, "build").exit_code == 0
    ties = [columns for *_, columns in pbgraph.network("pairings", folder=tmp_path).edges(data=True)]
    assert {columns["label"] for columns in ties} == {"合作（计划）", "为其牵线（计划）"}
    assert {columns["label_en"] for columns in ties} == {"cooperation (planned)", "brokered a pairing for (planned)"}
    assert {columns["relation"] for columns in ties} == {"cooperation", "brokered"}
    assert "cooperation (planned)" in (tmp_path / "build" / "networks" / "pairings.en.svg").read_text(encoding="utf-8")
    for name in ("pairings-by-county", "actors"):
        assert pbgraph.network(name, folder=tmp_path).size() == 0


def test_loops_and_parallel_ties_stay_and_columns_have_one_type(tmp_path: Path) -> None:
    select = """SELECT ?source ?target ?relation ?claim ?year ?mixed ?directed ?weight WHERE {
      VALUES (?source ?target ?relation ?claim ?year ?mixed ?directed ?weight) {
        (id:guangxi id:guangxi pb:partOf UNDEF UNDEF 1 true 2) (id:guangxi id:hengxian pb:partOf UNDEF UNDEF "甲]]>" false 0.5)
        (id:guangxi id:hengxian pb:partOf id:a 2016 true true 1) (id:guangxi id:hengxian pb:partOf id:a 2017 UNDEF true 1)
        (id:guangxi id:hengxian pb:partOf id:b UNDEF UNDEF true 1)
      }
    }"""
    assert built(tmp_path / "p", select) == (0, [])
    network = pbgraph.network("odd", folder=tmp_path / "p")
    assert sorted(key for *_, key in network.edges(keys=True)) == [
        "id:guangxi id:guangxi pb:partOf",
        "id:guangxi id:hengxian pb:partOf",
        "id:guangxi id:hengxian pb:partOf id:a 2016",
        "id:guangxi id:hengxian pb:partOf id:a 2017",
        "id:guangxi id:hengxian pb:partOf id:b",
    ]
    assert sorted(columns["mixed"] for *_, columns in network.edges(data=True) if "mixed" in columns) == ["1", "true", "甲]]>"]
    assert [columns["weight"] for *_, columns in sorted(network.edges(data=True, keys=True), key=lambda edge: edge[2])] == [
        2,
        0.5,
        1,
        1,
        1,
    ]
    networks = tmp_path / "p" / "build" / "networks"
    for theirs in (
        networkx.read_gexf(networks / "odd.gexf"),
        networkx.read_graphml(networks / "odd.graphml", force_multigraph=True),
    ):
        assert theirs.size() == 5
        assert {columns.get("mixed") for *_, columns in theirs.edges(data=True)} == {None, "1", "true", "甲]]>"}
    with (networks / "odd.edges.csv").open(encoding="utf-8", newline="") as file:
        assert sorted(row["Type"] for row in csv.DictReader(file)) == ["Directed"] * 4 + ["Undirected"]
