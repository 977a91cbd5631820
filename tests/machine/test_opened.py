"""A built project's networks in Python and on the command line: whole, in part, claims as nodes, in every format."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx
import pytest

import pbgraph
from breaking import run, swap
from conftest import ROOT
from pbgraph import opened
from pbgraph import project as projects
from pbgraph.build import Report, read_manifest
from pbgraph.exporting import FORMATS
from pbgraph.problems import Refused
from small import CHECKED, linked_project, small_project


@pytest.fixture(scope="module")
def folder(built: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the real project lies, with its build."""
    return linked_project(tmp_path_factory.mktemp("opened") / "p", built.output)


def exported(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `pbgraph export`."""
    result = run(folder, "export", *arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_the_package_has_one_face_and_loads_nothing_before_it_is_used() -> None:
    code = "import sys, pbgraph; print('networkx' in sys.modules, pbgraph.network.__name__)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False network\n"
    with pytest.raises(AttributeError, match="netwrok"):
        _ = pbgraph.netwrok


def test_a_network_is_a_multidigraph_with_typed_columns(folder: Path) -> None:
    network = pbgraph.network("pairings", folder=folder)
    assert type(network) is networkx.MultiDiGraph
    assert len(network) == 45
    types = {
        name: {type(columns[name]) for _, columns in network.nodes(data=True) if name in columns}
        for name in ("group", "degree", "x")
    }
    assert types == {"group": {bool}, "degree": {int}, "x": {float}}
    assert {type(columns["weight"]) for *_, columns in network.edges(data=True)} == {float}
    yaobu = network.nodes["https://w3id.org/pbgraph/id/hengxian-yaobu"]
    assert (yaobu["label"], yaobu["label_en"], yaobu["label_pinyin"]) == ("窑埠村", "Yaobu", "Yáobù Cūn")
    assert yaobu["page"] == "https://w3id.org/pbgraph/id/hengxian-yaobu.zh.html"


def test_an_undirected_network_keeps_one_edge_a_tie_and_its_ends_in_order(folder: Path) -> None:
    network = pbgraph.network("actors", folder=folder)
    assert type(network) is networkx.MultiDiGraph
    assert not any(columns["directed"] for *_, columns in network.edges(data=True))
    assert all(source < target for source, target in network.edges())
    shared = {columns["shared"] for *_, columns in network.edges(data=True) if columns["weight"] > 1}
    assert all(", " in names for names in shared)
    assert shared


def test_a_part_by_what_edges_carry(folder: Path) -> None:
    whole = pbgraph.network("pairings", folder=folder)
    for certainty in ("stated", "inferred"):
        part = pbgraph.network("pairings", folder=folder, certainty=certainty)
        expected = {key for *_, key, columns in whole.edges(keys=True, data=True) if columns["certainty"] == f"pb:{certainty}"}
        assert {key for *_, key in part.edges(keys=True)} == expected != set()
    assert pbgraph.network("pairings", folder=folder, relation="cooperation").size() == 7
    dated = [pbgraph.network("pairings", folder=folder, atArticle=each).size() for each in (True, "true")]
    assert dated[0] == dated[1] > 0
    assert pbgraph.network("actors", folder=folder, shared="lianhua").size() > 0


def test_a_part_by_year_takes_what_may_hold_in_it(folder: Path) -> None:
    sizes = {year: pbgraph.network("pairings", folder=folder, year=year).size() for year in (2015, 2016, 2017, 2019)}
    assert sizes == {2015: 0, 2016: 2, 2017: 1, 2019: 1}
    everything = {year: pbgraph.network("everything", folder=folder, year=year).size() for year in (1900, 2013, 2016, 2030)}
    assert everything[1900] == everything[2030] == 0 < everything[2013] < everything[2016]
    course = "https://w3id.org/pbgraph/id/first-secretary-training-course-2"
    there = [pbgraph.network("everything", folder=folder, year=year).has_node(course) for year in (2016, 2017)]
    assert there == [False, True], "only its end is known"
    by_year = pbgraph.network("by-year", folder=folder, year=2016)
    assert {columns["year"] for *_, columns in by_year.edges(data=True)} == {2016}


def test_a_part_is_the_same_in_whatever_order_it_is_asked_for(folder: Path) -> None:
    one = pbgraph.network("everything", folder=folder, county="hengxian", year=2020)
    other = pbgraph.network("everything", folder=folder, year=2020, county="hengxian")
    assert sorted(one.edges(keys=True)) == sorted(other.edges(keys=True)) != []


def test_a_place_or_year_of_which_nothing_is_told_leaves_an_empty_part(folder: Path) -> None:
    assert pbgraph.network("posts", folder=folder, county="lianhua").size() == 0
    assert pbgraph.network("pairings", folder=folder, year=2015, certainty="stated").size() == 0


def test_a_value_may_be_written_as_its_column_has_it(folder: Path) -> None:
    short, whole = (pbgraph.network("pairings", folder=folder, certainty=typed).size() for typed in ("inferred", "pb:inferred"))
    assert short == whole > 0


@pytest.mark.parametrize("typed", ["cooperation", "合作", "Cooperation"])
def test_a_relation_goes_by_what_it_is_called_too(typed: str, folder: Path) -> None:
    assert pbgraph.network("pairings", folder=folder, relation=typed).size() == 7
    assert pbgraph.network("everything", folder=folder, atarticle="true").size() > 0


def test_a_claim_of_several_years_is_a_node_with_ties_in_each_of_them(folder: Path) -> None:
    def years(claims: str) -> set[tuple[str, int]]:
        network = pbgraph.network("by-year", folder=folder, claims=claims)
        return {(columns["claim"], columns["year"]) for *_, columns in network.edges(data=True)}

    assert years("nodes") == years("edges")


def test_an_edge_leads_to_the_words_it_rests_on(folder: Path) -> None:
    for *_, columns in pbgraph.network("pairings", folder=folder).edges(data=True):
        article, _, number = columns["claim"].removeprefix("claim:").partition(".")
        assert columns["page"] == f"https://w3id.org/pbgraph/id/{article}.zh.html#claim-{number}"
    assert not any("page" in columns for *_, columns in pbgraph.network("places", folder=folder).edges(data=True))


def test_groups_are_tied_to_where_they_are_and_named_members_count(folder: Path) -> None:
    base = "https://w3id.org/pbgraph/id/"
    ego = pbgraph.network("everything", folder=folder, county="hengxian")
    within = {
        source
        for source, target, columns in ego.edges(data=True)
        if columns["relation"] == "within" and target == f"{base}hengxian"
    }
    numbers = {ego.nodes[group].get("number") for group in within}
    assert {77.0, 56.0} <= numbers
    committees = {f"{base}luozhuang-ecommerce-committee", f"{base}luozhuang-flower-committee"}
    members = {
        target
        for _, target, columns in pbgraph.network("everything", folder=folder).edges(data=True)
        if columns["relation"] == "member"
    }
    assert committees <= members
    shared = [
        columns["relation"]
        for *ends, columns in pbgraph.network("actors", folder=folder).edges(data=True)
        if {*ends} == committees
    ]
    assert sorted(shared) == ["PairingAgreement", "Place"]


@pytest.mark.parametrize("typed", ["hengxian", "id:hengxian", "横县", "橫縣", "Heng County", "hengxian "])
def test_a_part_by_what_ends_lie_in(typed: str, folder: Path) -> None:
    part = pbgraph.network("pairings", folder=folder, county=typed)
    assert part.size() == 24
    assert "https://w3id.org/pbgraph/id/luozhuang" not in part
    assert "https://w3id.org/pbgraph/id/hengxian-yaobu" in part


def test_a_part_holds_what_is_seated_and_what_posts_there_are(folder: Path) -> None:
    part = pbgraph.network("pairings", folder=folder, county="hengxian", relation="cooperation")
    committee, company = (
        f"https://w3id.org/pbgraph/id/{name}" for name in ("hengxian-yaobu-villagers-committee", "nanning-junqiao")
    )
    assert part.has_edge(committee, company) or part.has_edge(company, committee)
    assert pbgraph.network("pairings", folder=folder, county="hengxian").has_node(
        "https://w3id.org/pbgraph/id/hengxian-jiaoyi-station"
    )
    posts = pbgraph.network("posts", folder=folder, county="hengxian")
    assert posts.has_node("https://w3id.org/pbgraph/id/xu-shijian")
    assert pbgraph.network("actors", folder=folder, county="hengxian").size() > 5


def test_a_class_may_be_written_in_any_case_and_with_hyphens(folder: Path) -> None:
    sizes = {
        pbgraph.network("everything", folder=folder, **{name: "hengxian-cuntao-branch"}).size()
        for name in ("PartyBranch", "partybranch", "party-branch", "party_branch")
    }
    assert len(sizes) == 1
    assert sizes.pop() > 0


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        ({"countie": "hengxian"}, "unknown-selection", "Did you mean county?"),
        ({"yaer": "2016"}, "unknown-selection", "Did you mean year?"),
        ({"certanty": "stated"}, "unknown-selection", "Did you mean certainty?"),
        ({"directed": "true"}, "unknown-selection", "It can be chosen by year, relation, since"),
        ({"certainty": "statd"}, "no-such-edges", "Did you mean stated?"),
        ({"certainty": "cooperation"}, "no-such-edges", "There are: inferred, stated."),
        ({"relation": "coperation"}, "no-such-edges", "Did you mean cooperation?"),
        ({"county": "henxian-xian"}, "unknown-name", "nothing goes by"),
        ({"county": "yaobu-first-secretary"}, "unknown-name", "nothing goes by"),
        ({"village": "hengxian"}, "not-of-class", "no village or community"),
        ({"year": "2016年"}, "no-such-edges", "No edge has `2016年` as its year. Did you mean 2016?"),
        ({"year": "16"}, "no-such-edges", "No edge has `16` as its year. There are: 2016, 2017, 2019."),
    ],
)
def test_a_part_that_is_none_is_told(given: dict[str, str], code: str, told: str, folder: Path) -> None:
    with pytest.raises(Refused) as refused:
        pbgraph.network("pairings", folder=folder, **given)
    (problem,) = refused.value.problems
    assert (problem.code, problem.where.file) == (code, "queries/networks/pairings.rq")
    assert told in problem.render("en")


def test_what_an_edge_weighs_chooses_no_part(folder: Path) -> None:
    with pytest.raises(Refused) as refused:
        pbgraph.network("actors", folder=folder, weight=2)
    assert [each.code for each in refused.value.problems] == ["unknown-selection"]


def test_an_unknown_network_is_told(folder: Path) -> None:
    with pytest.raises(Refused, match="pairings"):
        pbgraph.network("pairing", folder=folder)
    with pytest.raises(ValueError, match="`dots`"):
        pbgraph.network("pairings", folder=folder, claims="dots")


def test_a_build_that_takes_the_place_of_another_meanwhile_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = small_project(tmp_path / "p", CHECKED)
    assert run(folder, "build").exit_code == 0
    read, names = read_manifest, iter(["君桥有限公司"])

    def late(place: Path) -> dict[str, Any]:
        manifest = read(place)
        for name in names:
            swap("data/articles/first.yaml", "{zh: 君桥公司,", f"{{zh: {name},")(folder)
            assert run(folder, "build").exit_code == 0
        return manifest

    monkeypatch.setattr(opened, "read_manifest", late)
    atlas = opened.open_atlas(projects.load(folder))
    found = atlas.graph.select('SELECT ?name { id:junqiao pb:name ?name FILTER (LANG(?name) = "zh") }').rows
    assert [str(name) for (name,) in found] == ["君桥有限公司"]


def test_claims_as_nodes_hang_between_their_parties(folder: Path) -> None:
    edges, nodes = (pbgraph.network("pairings", folder=folder, claims=claims) for claims in ("edges", "nodes"))
    claims = {node for node, columns in nodes.nodes(data=True) if columns["kind"] == "PairingAgreement"}
    assert len(claims) == 19
    assert set(nodes) - claims == set(edges)
    assert all(source in claims and target not in claims for source, target in nodes.edges())
    assert {columns["relation"] for *_, columns in nodes.edges(data=True)} == {"beneficiary", "partner", "brokeredBy", "guidedBy"}
    assert {(columns["directed"], columns["weight"]) for *_, columns in nodes.edges(data=True)} == {(True, 1.0)}
    joined = {frozenset(pair) for claim in claims for pair in [(a, b) for a in nodes[claim] for b in nodes[claim] if a != b]}
    assert {frozenset(pair) for pair in edges.edges()} <= joined


def test_edges_without_a_claim_stay_beside_claims_as_nodes(folder: Path) -> None:
    plain = pbgraph.network("places", folder=folder)
    assert sorted(pbgraph.network("places", folder=folder, claims="nodes").edges()) == sorted(plain.edges())


def test_export_lists_the_networks(folder: Path) -> None:
    code, out, _ = exported(folder)
    assert code == 0
    assert [line for line in out.splitlines() if not line.startswith(" ")] == sorted(
        (path.stem for path in (ROOT / "queries" / "networks").glob("*.rq")), key=lambda name: f"{name}.rq"
    )


@pytest.mark.parametrize("format_", FORMATS)
def test_export_writes_every_format(format_: str, folder: Path, tmp_path: Path) -> None:
    output = str(tmp_path / f"part.{'md' if format_ == 'legend' else format_}")
    code, out, err = exported(folder, "pairings", "--county", "hengxian", "--output", output)
    assert (code, err) == (0, "")
    names = {"csv": ["part.edges.csv", "part.nodes.csv"], "legend": ["part.md"]}.get(format_, [f"part.{format_}"])
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert out.count("35 nodes, 24 edges") == len(names)
    beginnings = {"pdf": b"%PDF", "png": b"\x89PNG", "svg": b"<svg", "gexf": b"<?xml", "graphml": b"<?xml", "json": b"{"}
    for name in names:
        assert (tmp_path / name).read_bytes().startswith(beginnings.get(format_, b""))


def test_a_file_that_is_named_is_the_one_that_is_written(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = tmp_path / "net.of.2016"
    for format_, expected in (("gexf", ["net.of.2016"]), ("csv", ["net.of.2016.edges.csv", "net.of.2016.nodes.csv"])):
        assert exported(folder, "pairings", "--format", format_, "--output", str(named))[0] == 0
        assert sorted(path.name for path in tmp_path.iterdir()) == expected
        for path in tmp_path.iterdir():
            path.unlink()
    monkeypatch.chdir(tmp_path)
    assert exported(folder, "pairings", "--format", "legend")[:2] == (0, "pairings.legend.md: 45 nodes, 31 edges\n")


def test_a_network_that_nobody_knows_is_told_as_one(folder: Path) -> None:
    code, _, err = exported(folder, "pairing")
    assert (code, err) == (
        1,
        "queries: unknown-network: There is no network `pairing`. Did you mean pairings? `pbgraph export` lists them all.\n",
    )


def test_export_tells_what_it_cannot_write(folder: Path, tmp_path: Path) -> None:
    assert exported(folder, "pairings", "--output", str(tmp_path / "none" / "p.gexf"))[2].startswith(
        f"{tmp_path}/none/p.gexf: unwritable"
    )
    code, _, err = exported(folder, "pairings", "--output", str(tmp_path / "p.docx"))
    assert code == 2
    assert "ends in none of gexf" in err


@pytest.mark.prove
def test_node_link_json_and_csv_say_what_the_network_says(folder: Path, built: Report) -> None:
    networks = built.output / "networks"
    names = sorted(path.stem for path in (ROOT / "queries" / "networks").glob("*.rq"))
    assert len(names) == 9
    for name in names:
        ours = pbgraph.network(name, folder=folder)
        theirs = networkx.node_link_graph(json.loads((networks / f"{name}.json").read_text(encoding="utf-8")), edges="edges")
        # An undirected network does not say which end of a tie is which, so that it may be drawn the other way round.
        placed = {} if theirs.is_directed() else {"x": 0.0, "y": 0.0}
        assert {node: columns | placed for node, columns in theirs.nodes(data=True)} == {
            node: columns | placed for node, columns in ours.nodes(data=True)
        }
        kept = {key: columns for *_, key, columns in theirs.edges(keys=True, data=True)}
        assert kept == {key: columns for *_, key, columns in ours.edges(keys=True, data=True)}
        nodes = list(csv.DictReader(io.StringIO((networks / f"{name}.nodes.csv").read_text(encoding="utf-8"), newline="")))
        assert {row["Id"]: row["Label"] for row in nodes} == {node: columns["label"] for node, columns in ours.nodes(data=True)}
        edges = list(csv.DictReader(io.StringIO((networks / f"{name}.edges.csv").read_text(encoding="utf-8"), newline="")))
        told = {row["Id"]: ({row["Source"], row["Target"]}, row["Type"] == "Directed", float(row["Weight"])) for row in edges}
        assert told == {
            key: ({source, target}, columns["directed"], columns["weight"])
            for source, target, key, columns in ours.edges(keys=True, data=True)
        }


def test_a_legend_stands_beside_each_network(built: Report) -> None:
    networks = built.output / "networks"
    legends = sorted(networks.glob("*.legend.md"))
    assert {path.name.removesuffix(".legend.md") for path in legends} == {path.stem for path in networks.glob("*.gexf")}
    text = (networks / "pairings.legend.md").read_text(encoding="utf-8")
    assert "# 结对\n" in text
    assert "# Pairings\n" in text
    assert "## Nodes: 45\n" in text
    assert "`betweenness` (double)" in text
