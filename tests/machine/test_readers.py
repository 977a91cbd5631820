"""Networks read back by readers that nobody here wrote: GraphML by igraph, GEXF by graphology, the parser of Gephi Lite.

NetworkX reads both in test_networks and test_products. What a network holds is told here by its node-link JSON.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import igraph
import pytest

from conftest import ROOT
from hostile import as_text, hostile
from pbgraph.build import Report
from pbgraph.gexf import write_gexf
from pbgraph.graphml import write_graphml
from pbgraph.interchange import as_json

READ = ROOT / "tests" / "gephi" / "read.js"

Columns = dict[str, Any]


@dataclass(frozen=True)
class Network:
    """What a network holds: whether it is directed, columns of nodes, ends and columns of edges."""

    directed: bool
    nodes: dict[str, Columns]
    edges: dict[str, tuple[str, str, Columns]]


@pytest.fixture(scope="module")
def folder(built: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all networks there are: those of the project's build and the hostile one, in three formats each."""
    folder = tmp_path_factory.mktemp("read")
    graph = hostile()
    write_gexf(graph, folder / "hostile.gexf", {"creator": "]]> & <b>"})
    write_graphml(graph, folder / "hostile.graphml")
    (folder / "hostile.json").write_text(as_json(graph), encoding="utf-8")
    for path in (built.output / "networks").iterdir():
        if path.suffix in (".gexf", ".graphml", ".json"):
            (folder / path.name).symlink_to(path)
    return folder


@pytest.fixture(scope="module")
def networks(folder: Path) -> dict[str, Network]:
    """What each of them holds."""
    paths = sorted(folder.glob("*.json"))
    assert len(paths) == len(list((ROOT / "queries" / "networks").glob("*.rq"))) + 1 >= 10
    return {path.stem: network(path) for path in paths}


def network(path: Path) -> Network:
    told = json.loads(path.read_text(encoding="utf-8"))
    nodes = {columns.pop("id"): columns for columns in told["nodes"]}
    edges = {columns.pop("key"): (columns.pop("source"), columns.pop("target"), columns) for columns in told["edges"]}
    assert nodes
    assert edges
    return Network(told["directed"], nodes, edges)


def typed(columns: Columns) -> dict[str, tuple[type, Any]]:
    """Values with their types; that a number is whole is no difference, as readers know one kind of number."""
    return {name: (float if type(value) is int else type(value), value) for name, value in columns.items()}


def assert_same(read: Network, expected: Network) -> None:
    assert read.directed == expected.directed
    assert read.nodes.keys() == expected.nodes.keys()
    assert read.edges.keys() == expected.edges.keys()
    for node, columns in expected.nodes.items():
        assert typed(read.nodes[node]) == typed(columns), node
    for edge, (source, target, columns) in expected.edges.items():
        ends = read.edges[edge][:2]
        assert ends == (source, target) or (not expected.directed and ends == (target, source))
        assert typed(read.edges[edge][2]) == typed(columns), edge


def by_igraph(path: Path) -> Network:
    """What igraph 1.0.0 makes of a file, two of its slips mended.

    It gives the n-th edge the id of the n-th node, so ids of edges come from the file; it leaves `&` in ids of nodes escaped.
    """
    graph = igraph.Graph.Read_GraphML(str(path))
    names = [edge.get("id") for edge in ElementTree.parse(path).iter("{http://graphml.graphdrawing.org/xmlns}edge")]
    ids = [name.replace("&#38;", "&") for name in graph.vs["id"]]
    del graph.vs["id"], graph.es["id"]
    nodes = {node: without_nan(vertex.attributes()) for node, vertex in zip(ids, graph.vs, strict=True)}
    edges = [(ids[edge.source], ids[edge.target], without_nan(edge.attributes())) for edge in graph.es]
    return Network(graph.is_directed(), nodes, dict(zip(map(str, names), edges, strict=True)))


def without_nan(columns: Columns) -> Columns:
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in columns.items()}


def in_igraph(columns: Columns, kinds: Mapping[str, type]) -> Columns:
    """Columns as igraph gives them back: all have every column, and what one had not is empty, false or no number.

    GraphML has no lists, so they are texts.
    """
    empty = {str: "", bool: False, list: ""}
    plain = {name: as_text(value) if isinstance(value, list) else value for name, value in columns.items()}
    return {name: plain.get(name, empty.get(kind)) for name, kind in kinds.items()}


def kinds(rows: Iterable[Columns]) -> dict[str, type]:
    return {name: type(value) for columns in rows for name, value in columns.items()}


def test_igraph_reads_every_network_from_graphml(folder: Path, networks: dict[str, Network]) -> None:
    for name, expected in networks.items():
        of_nodes, of_edges = kinds(expected.nodes.values()), kinds(columns for *_, columns in expected.edges.values())
        nodes = {node: in_igraph(columns, of_nodes) for node, columns in expected.nodes.items()}
        ties = {edge: (a, b, in_igraph(columns, of_edges)) for edge, (a, b, columns) in expected.edges.items()}
        assert_same(by_igraph(folder / f"{name}.graphml"), Network(expected.directed, nodes, ties))


def by_graphology(paths: list[Path]) -> list[tuple[dict[str, str], Network]]:
    """What the parser of Gephi Lite makes of files: their meta, and the network."""
    assert (READ.parent / "node_modules").exists(), "npm ci --prefix tests/gephi installs it"
    ran = subprocess.run(["node", str(READ), *map(str, paths)], check=True, capture_output=True)
    found = []
    for told in json.loads(ran.stdout):
        directed = {edge[3] for edge in told["edges"]}
        assert len(directed) == 1
        edges = {edge: (source, target, columns) for edge, source, target, _, columns in told["edges"]}
        found.append((told["meta"], Network(directed.pop(), dict(told["nodes"]), edges)))
    return found


def in_graphology(columns: Columns) -> Columns:
    """Columns of a node as graphology gives them back: the colour in CSS, a third coordinate, no empty label."""
    red, green, blue = bytes.fromhex(columns["color"][1:])
    told = {**columns, "color": f"rgba({red},{green},{blue},1)", "z": 0}
    return {name: value for name, value in told.items() if (name, value) != ("label", "")}


def tie_in_graphology(columns: Columns) -> Columns:
    """Columns of an edge likewise: its kind besides. `start` and `end` are dropped; `since` and `until` stay, as texts."""
    told = {**columns, "kind": columns["relation"]}
    return {name: value for name, value in told.items() if value != "" or name not in ("label", "kind")}


@pytest.mark.prove
def test_graphology_reads_every_network_from_gexf(folder: Path, networks: dict[str, Network]) -> None:
    found = by_graphology([folder / f"{name}.gexf" for name in networks])
    assert len(found) == len(networks)
    for (meta, read), (name, expected) in zip(found, networks.items(), strict=True):
        assert meta.keys() == ({"creator"} if name == "hostile" else {"creator", "description", "keywords"})
        nodes = {node: in_graphology(columns) for node, columns in expected.nodes.items()}
        ties = {edge: (a, b, tie_in_graphology(columns)) for edge, (a, b, columns) in expected.edges.items()}
        assert_same(read, Network(expected.directed, nodes, ties))


def test_what_is_read_has_every_type_and_dates(folder: Path, networks: dict[str, Network]) -> None:
    """The tests above would say little of networks without lists, groups or dates."""
    of_nodes = kinds(columns for one in networks.values() for columns in one.nodes.values())
    assert set(of_nodes.values()) == {str, bool, int, float, list}
    assert any(re.search(r'<edge [^>]*start="\d{4}-\d\d-\d\d"', path.read_text()) for path in folder.glob("*.gexf"))
