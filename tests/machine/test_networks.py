import hashlib
import math
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import canonicalize

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hostile import HOSTILE, MENDED, as_text, edge, hostile, node
from pbgraph.gexf import write_gexf
from pbgraph.graphml import write_graphml
from pbgraph.layout.packing import PAGE, pack
from pbgraph.networks import Edge, Node, build, layout
from pbgraph.problems import Unreadable


def in_gexf(columns: dict[str, Any]) -> dict[str, Any]:
    """A node's or edge's columns as NetworkX gives them back from GEXF."""
    expected = {name: value for name, value in columns.items() if name not in ("x", "y", "size", "color")}
    expected |= {name: as_text(value) for name, value in expected.items() if isinstance(value, list)}
    if "color" in columns:
        red, green, blue = bytes.fromhex(columns["color"][1:])
        place = {"x": columns["x"], "y": columns["y"], "z": 0.0}
        expected["viz"] = {
            "color": {"r": red, "g": green, "b": blue, "a": 1.0},
            "size": columns["size"],
            "position": place,
        }
    return expected


def edges_of(graph: Any) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Edge id to ends and columns, whether NetworkX made a multigraph of the file or not."""
    if not graph.is_multigraph():
        return {columns.pop("id"): (source, target, columns) for source, target, columns in graph.edges(data=True)}
    return {
        key: (source, target, {name: value for name, value in columns.items() if name != "id"})
        for source, target, key, columns in graph.edges(keys=True, data=True)
    }


def assert_same(read: Any, nodes: dict[str, Any], edges: dict[str, Any]) -> None:
    assert dict(read.nodes(data=True)) == nodes
    assert edges_of(read) == edges


def test_gexf_is_read_back_equal(tmp_path: Path) -> None:
    graph = hostile()
    write_gexf(graph, tmp_path / "n.gexf", {"creator": "]]>\x00"})
    read = networkx.read_gexf(tmp_path / "n.gexf")
    assert read.is_directed()
    assert read.is_multigraph()
    assert_same(
        read,
        {name: in_gexf(columns) for name, columns in graph.nodes(data=True)},
        {key: (source, target, in_gexf(columns)) for key, (source, target, columns) in edges_of(graph).items()},
    )


def test_graphml_is_read_back_equal(tmp_path: Path) -> None:
    graph = hostile()
    write_graphml(graph, tmp_path / "n.graphml")
    read = networkx.read_graphml(tmp_path / "n.graphml", edge_key_type=str, force_multigraph=True)

    def flat(columns: dict[str, Any]) -> dict[str, Any]:
        return {name: as_text(value) if isinstance(value, list) else value for name, value in columns.items()}

    assert read.graph["name"] == "hostile ]]> <&>"
    assert_same(
        read,
        {name: flat(columns) for name, columns in graph.nodes(data=True)},
        {key: (source, target, flat(columns)) for key, (source, target, columns) in edges_of(graph).items()},
    )
    kept = next(columns for _, columns in graph.nodes(data=True) if "series" in columns)
    assert kept["series"] == ["甲", "乙"], "writing must not change the graph"


def test_graphml_says_what_networkx_s_own_writer_says(tmp_path: Path) -> None:
    graph = hostile()
    write_graphml(graph, tmp_path / "ours.graphml")
    plain = graph.copy()
    for columns in [*dict(plain.nodes(data=True)).values(), *(columns for *_, columns in plain.edges(data=True))]:
        columns.update({name: as_text(value) for name, value in columns.items() if isinstance(value, list)})
    networkx.write_graphml_xml(plain, tmp_path / "theirs.graphml")
    ours, theirs = (canonicalize(from_file=str(tmp_path / f"{name}.graphml")) for name in ("ours", "theirs"))
    assert ours == theirs


def test_what_xml_cannot_hold_is_replaced_in_sight() -> None:
    texts = [columns["text"] for _, columns in hostile().nodes(data=True) if "text" in columns]
    assert sorted(texts) == sorted(["", *(text for text in HOSTILE if text != HOSTILE[1] and text), *MENDED.values()])


@pytest.mark.parametrize("directed", [True, False])
def test_small_networks_are_read_back(tmp_path: Path, directed: bool) -> None:
    for nodes, edges in [([], []), ([node("a")], []), ([node("a"), node("b")], [edge("e", "a", "b", directed)])]:
        graph = layout(build("small", nodes, edges))
        write_gexf(graph, tmp_path / "s.gexf")
        write_graphml(graph, tmp_path / "s.graphml")
        for read in (
            networkx.read_gexf(tmp_path / "s.gexf"),
            networkx.read_graphml(tmp_path / "s.graphml", edge_key_type=str, force_multigraph=True),
        ):
            assert set(read.nodes) == {one.id for one in nodes}
            assert set(edges_of(read)) == {one.id for one in edges}
            assert read.is_directed() == (directed and bool(edges))


def test_undirected_tie_among_directed_ones_says_so() -> None:
    graph = build("mixed", [node("a"), node("b")], [edge("1", "a", "b"), edge("2", "a", "b", directed=False)])
    assert graph.is_directed()
    assert {key: columns["directed"] for *_, key, columns in graph.edges(keys=True, data=True)} == {
        "1": True,
        "2": False,
    }
    assert not build("plain", [node("a"), node("b")], [edge("2", "a", "b", directed=False)]).is_directed()


def test_columns_have_one_type() -> None:
    nodes = [
        node("a", counted=1, measured=1, mixed=1, huge=2**70, plain=True),
        node("b", counted=2, measured=2.5, mixed="two", huge=1, plain=False),
        node("c", listed=["x"], mixed=True),
        node("d", listed="y", mixed=["z"]),
    ]
    held = {columns["key"]: columns for _, columns in build("typed", nodes, []).nodes(data=True)}
    assert [held[key]["counted"] for key in ("ex:a", "ex:b")] == [1, 2]
    assert [repr(held[key]["measured"]) for key in ("ex:a", "ex:b")] == ["1.0", "2.5"]
    assert [held[key]["mixed"] for key in held] == [["1"], ["two"], ["true"], ["z"]]
    assert [held[key]["huge"] for key in ("ex:a", "ex:b")] == [str(2**70), "1"]
    assert [held[key]["plain"] for key in ("ex:a", "ex:b")] == [True, False]
    assert [held[key]["listed"] for key in ("ex:c", "ex:d")] == [["x"], ["y"]]
    assert all(value is not None for columns in held.values() for value in columns.values())


def test_labels_fall_back_and_keep_their_language() -> None:
    labels = [
        {"zh": "横县", "en": "Hengxian", "zh-latn-pinyin": "Héng Xiàn", "zh-hant": "橫縣"},
        {"en": "Station"},
        {"zh-hant": "蘇臺"},
        {},
    ]
    nodes = [replace(node(f"n{number}"), labels=texts) for number, texts in enumerate(labels)]
    held = [columns for _, columns in build("labels", nodes, []).nodes(data=True)]
    assert [columns["label"] for columns in held] == ["横县", "Station", "蘇臺", "ex:n3"]
    assert (held[0]["label_en"], held[0]["label_pinyin"], held[0]["label_zh_hant"]) == ("Hengxian", "Héng Xiàn", "橫縣")
    assert not [name for name in held[3] if name.startswith("label_")]


@pytest.mark.parametrize(
    ("code", "nodes", "edges"),
    [
        ("network-node-twice", [node("a"), node("a")], []),
        ("network-node-twice", [replace(node("a"), id="x\x01"), replace(node("a"), id="x\x02")], []),
        ("network-edge-twice", [node("a")], [edge("e", "a", "a"), edge("e", "a", "a")]),
        ("network-edge-end", [node("a")], [edge("e", "a", "b")]),
        ("network-clash", [node("a", label_en="x")], []),
        ("network-clash", [node("a", Page="x")], []),
        ("network-clash", [node("a", since="x"), node("b", Since="x")], []),
        ("network-clash", [node("a")], [edge("e", "a", "a", start="2016-04-25")]),
        ("network-clash", [node("a", betweenness=0.5)], []),
        ("network-number", [node("a", share=math.inf)], []),
        ("network-number", [node("a")], [replace(edge("e", "a", "a"), weight=math.nan)]),
    ],
)
def test_what_no_file_could_hold_is_refused(code: str, nodes: list[Node], edges: list[Edge]) -> None:
    with pytest.raises(Unreadable) as refused:
        build("bad", nodes, edges)
    assert refused.value.code == code


def towns(size: int) -> tuple[list[Node], list[Edge]]:
    """A network of several parts: a hub with arms, a ring, pairs and single nodes."""
    nodes = [node(f"n{number:03}", "村" * (number % 9 + 1), f"Kind{number % 5}") for number in range(size)]
    hub = [edge(f"h{number:03}", "n000", f"n{number:03}") for number in range(1, size // 3)]
    ring = [edge(f"r{a:03}", f"n{a:03}", f"n{size // 3 + (a + 1) % (size // 3):03}") for a in range(size // 3, size // 3 * 2)]
    pairs = [edge(f"p{a:03}", f"n{a:03}", f"n{a + 1:03}") for a in range(size // 3 * 2, size - 3, 2)]
    return nodes, [*hub, *ring, *pairs]


def test_layout_depends_on_content_only() -> None:
    nodes, edges = towns(48)
    placed = dict(layout(build("towns", nodes, edges)).nodes(data=True))
    shuffled = random.Random(7)
    shuffled.shuffle(nodes)
    shuffled.shuffle(edges)
    assert dict(layout(build("towns", nodes, edges)).nodes(data=True)) == placed
    assert all(round(columns[axis], 2) == columns[axis] for columns in placed.values() for axis in "xy")


def test_layout_keeps_nodes_and_parts_apart() -> None:
    graph = layout(build("towns", *towns(48)))
    places = [(columns["x"], columns["y"], columns["size"]) for _, columns in graph.nodes(data=True)]
    gaps = [math.dist(a[:2], b[:2]) - a[2] - b[2] for number, a in enumerate(places) for b in places[:number]]
    assert min(gaps) > 10
    parts = [[graph.nodes[name] for name in part] for part in networkx.weakly_connected_components(graph)]
    boxes = [[f(one[axis] for one in part) for axis in "xy" for f in (min, max)] for part in parts]
    assert len(boxes) == 11
    for number, (left, right, low, high) in enumerate(boxes):
        for begin, end, bottom, top in boxes[:number]:
            assert right < begin or end < left or high < bottom or top < low


def test_a_pair_lies_level_and_points_right() -> None:
    graph = layout(build("pair", [node("a"), node("b")], [edge("e", "b", "a")]))
    first, second = (graph.nodes[f"https://example.org/{name}"] for name in "ba")
    assert first["y"] == second["y"]
    assert first["x"] < second["x"]


def test_large_parts_are_laid_out_too() -> None:
    nodes, edges = towns(2400)
    graph = layout(build("large", nodes, edges))
    places = {(columns["x"], columns["y"]) for _, columns in graph.nodes(data=True)}
    assert len(places) == 2400


sizes = st.tuples(st.floats(1, 2000), st.floats(1, 2000))


@given(st.lists(sizes, max_size=25))
def test_packed_boxes_do_not_overlap(boxes: list[tuple[float, float]]) -> None:
    placed = list(zip(pack(boxes), boxes, strict=True))
    for number, ((x, y), (wide, high)) in enumerate(placed):
        for (left, top), (width, height) in placed[:number]:
            assert abs(x - left) >= (wide + width) / 2 or abs(y - top) >= (high + height) / 2


def test_few_boxes_keep_to_the_page() -> None:
    boxes = [(480.0, 120.0)] * 6 + [(560.0, 400.0), (300.0, 100.0)]
    placed = [(x - wide / 2, x + wide / 2) for (x, _), (wide, _) in zip(pack(boxes), boxes, strict=True)]
    assert max(right for _, right in placed) - min(left for left, _ in placed) <= PAGE


SCRIPT = """
import sys
from pathlib import Path
from pbgraph.drawing import draw_svg
from pbgraph.gexf import write_gexf
from pbgraph.graphml import write_graphml
from pbgraph.networks import Edge, Node, build, layout
out = Path(sys.argv[1])
names = {f"n{number}" for number in range(30)}
more = {name: "x" for name in {"one", "two", "three"}}
nodes = [Node(n, n, f"Kind{n[-1]}", {"zh": "类"}, {"zh": n, "en": n}, attributes=more) for n in names]
edges = [Edge(n + m, n, m, "r" + m, {"zh": m}) for n in names for m in names if (int(n[1:]) * 7 + int(m[1:])) % 41 == 0]
graph = layout(build("seeded", nodes, edges))
write_gexf(graph, out / "a.gexf", {"creator": "test"})
write_graphml(graph, out / "a.graphml")
(out / "a.svg").write_text(draw_svg(graph, "zh"), encoding="utf-8")
"""


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for seed in ("0", "4242"):
        out = tmp_path / seed
        out.mkdir()
        subprocess.run([sys.executable, "-c", SCRIPT, str(out)], check=True, env=os.environ | {"PYTHONHASHSEED": seed})
        files = sorted(out.iterdir())
        assert len(files) == 3
        written.append([hashlib.sha256(file.read_bytes()).hexdigest() for file in files])
    assert written[0] == written[1]
