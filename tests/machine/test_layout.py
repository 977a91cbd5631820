"""Where nodes stand: maps in true proportions, tidy trees, and that an edit moves one part."""

from __future__ import annotations

import math
import random
from itertools import combinations
from typing import Any, get_args

import networkx
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pbgraph.graphs import Edge, Node, Value
from pbgraph.layout import How, pivots, stress, trees
from pbgraph.layout.apart import _near, apart
from pbgraph.layout.maps import projected
from pbgraph.layout.packing import STEP, room
from pbgraph.layout.parts import Known, Part
from pbgraph.networks import Graph, build, layout

WAYS: tuple[How, ...] = get_args(How)


def node(name: str, label: str = "", where: tuple[float, float] | None = None) -> Node:
    degrees: dict[str, Value] = {} if where is None else {"longitude": where[0], "latitude": where[1]}
    return Node(name, name, "Thing", {"zh": "物"}, {"zh": label or name}, attributes=degrees)


def network(ties: str, *extra: str | Node) -> Graph:
    """A network of ties like `a>b`, and of nodes that are told of otherwise or have no tie."""
    ends = [tie.split(">") for tie in ties.split()]
    edges = [Edge(f"{number:04}", source, target, "r", {"zh": "连"}) for number, (source, target) in enumerate(ends)]
    nodes = {one.id: one for one in (node(each) if isinstance(each, str) else each for each in extra)}
    names = {end for edge in edges for end in (edge.source, edge.target)} - set(nodes)
    return build("test", [*nodes.values(), *map(node, names)], edges)


def places(graph: Graph) -> dict[str, tuple[float, float]]:
    return {name: (columns["x"], columns["y"]) for name, columns in graph.nodes(data=True)}


def shapes(graph: Graph) -> dict[str, list[tuple[float, ...]]]:
    """Each part by its nodes' names, as steps from its first node."""
    stand = places(graph)
    parts = [sorted(part) for part in networkx.weakly_connected_components(graph)]
    return {
        " ".join(part): [tuple(round(stand[each][axis] - stand[part[0]][axis], 2) for axis in (0, 1)) for each in part]
        for part in parts
    }


def covering(graph: Graph) -> int:
    """Pairs of circles that cover each other."""
    circles = [(columns["x"], columns["y"], columns["size"]) for _, columns in graph.nodes(data=True)]
    return sum(math.dist(a[:2], b[:2]) < a[2] + b[2] for a, b in combinations(circles, 2))


def crossings(graph: Graph) -> int:
    """Pairs of ties without a common end that cross."""
    stand = places(graph)

    def side(a: str, b: str, c: str) -> float:
        (x, y), (to_x, to_y), (by_x, by_y) = stand[a], stand[b], stand[c]
        return (to_x - x) * (by_y - y) - (to_y - y) * (by_x - x)

    ties = [(source, target) for source, target in graph.edges() if source != target]
    return sum(
        side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
        for (a, b), (c, d) in combinations(ties, 2)
        if not {a, b} & {c, d}
    )


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("ties", ["", "a>a", "a>b b>a", "a>b b>c c>a c>d", "a>b a>c a>d b>c c>d d>e e>f f>g g>a x>y"])
def test_whatever_is_tied_finds_a_place(ties: str, how: How) -> None:
    graph = layout(network(ties, "alone", "another"), how)
    assert all({"x", "y", "size"} <= columns.keys() for _, columns in graph.nodes(data=True))
    assert all(math.isfinite(value) for place in places(graph).values() for value in place)
    assert covering(graph) == 0


@pytest.mark.parametrize("how", WAYS)
def test_no_nodes_are_laid_out(how: How) -> None:
    assert len(layout(build("nothing", [], []), how)) == 0


FAR = {
    "suqian": (118.28, 33.96),
    "nanning": (108.36, 22.82),
    "haikou": (110.2, 20.04),
    "kunming": (102.83, 24.88),
    "beijing": (116.4, 39.9),
}


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    (a, b), (c, d) = (map(math.radians, each) for each in (one, other))
    return 6371 * math.acos(math.sin(b) * math.sin(d) + math.cos(b) * math.cos(d) * math.cos(a - c))


def test_a_map_keeps_proportions_and_north_is_up() -> None:
    stand = places(layout(network("", *(node(name, where=where) for name, where in FAR.items())), "map"))
    scales = [math.dist(stand[a], stand[b]) / kilometres(FAR[a], FAR[b]) for a, b in combinations(FAR, 2)]
    assert max(scales) / min(scales) < 1.15
    assert stand["beijing"][1] == max(y for _, y in stand.values())
    assert stand["kunming"][0] == min(x for x, _ in stand.values())


def test_a_map_is_not_torn_at_the_date_line() -> None:
    (left, _), (right, _), (far, _) = projected([(179.0, 0.0), (-179.0, 0.0), (170.0, 0.0)]).tolist()
    assert right - left == pytest.approx(2.0)
    assert left - far == pytest.approx(9.0)


def test_what_has_no_place_stands_near_what_it_is_tied_to() -> None:
    located = [node(name, where=where) for name, where in FAR.items()]
    graph = layout(network("village>town town>suqian firm>nanning firm>haikou one>other", *located), "map")
    stand = places(graph)
    for near, place in [("town", "suqian"), ("village", "suqian"), ("firm", "haikou"), ("firm", "nanning")]:
        assert min(FAR, key=lambda name: math.dist(stand[near], stand[name])) in (place, "nanning", "haikou")
        assert math.dist(stand[near], stand[place]) < 330
    assert math.dist(stand["town"], stand["suqian"]) < math.dist(stand["village"], stand["suqian"])
    inside = [stand[name] for name in stand if name not in ("one", "other")]
    for name in ("one", "other"):
        x, y = stand[name]
        beside = [
            x < min(a for a, _ in inside),
            x > max(a for a, _ in inside),
            y < min(b for _, b in inside),
            y > max(b for _, b in inside),
        ]
        assert any(beside)


def test_places_that_are_the_same_or_near_are_told_apart() -> None:
    crowd = [node(f"c{number}", "横州市石塘镇", where=(109.164 + number % 2 / 100, 22.8)) for number in range(8)]
    graph = layout(network("", *crowd, node("far", where=(118.0, 34.0))), "map")
    assert covering(graph) == 0
    stand = places(graph)
    middle = (sum(stand[one.id][0] for one in crowd) / 8, sum(stand[one.id][1] for one in crowd) / 8)
    assert max(math.dist(stand[one.id], middle) for one in crowd) < math.dist(stand["far"], middle) / 3


def test_a_map_of_many_is_made_too() -> None:
    ties = " ".join(f"n{number}>p{number % 7}" for number in range(900))
    located = [node(f"p{number}", where=(100.0 + number, 30.0 + number % 3)) for number in range(7)]
    stand = places(layout(network(ties, *located), "map"))
    assert len(set(stand.values())) == 907


@st.composite
def forests(draw: st.DrawFn) -> Graph:
    size = draw(st.integers(1, 40))
    ties = [f"n{number:02}>n{draw(st.integers(0, number - 1)):02}" for number in range(1, size) if draw(st.integers(0, 9))]
    return network(" ".join(ties), *(node(f"n{number:02}", "村" * draw(st.integers(1, 20))) for number in range(size)))


@settings(deadline=None)
@given(forests())
def test_a_tree_is_tidy(graph: Graph) -> None:
    stand = places(layout(graph, "tree"))
    assert covering(graph) == 0
    assert crossings(graph) == 0
    for whole in graph.nodes:
        parts = sorted({source for source, target in graph.edges() if target == whole})
        assert all(stand[part][0] > stand[whole][0] for part in parts)
        assert len({stand[part][0] for part in parts}) <= 1
        if parts:
            heights = [stand[part][1] for part in parts]
            assert heights == sorted(heights, reverse=True), "in the order of their ids, downward"
            assert stand[whole][1] == pytest.approx((heights[0] + heights[-1]) / 2, abs=0.02)


def test_branches_alike_are_drawn_alike() -> None:
    stand = places(layout(network("b>a c>a bb>b bc>b bd>bb cb>c cc>c cd>cb a>root d>root"), "tree"))
    steps = [
        (stand[f"{name}{rest}"][0] - stand[name][0], stand[f"{name}{rest}"][1] - stand[name][1])
        for name in "bc"
        for rest in "bcd"
    ]
    assert np.allclose(steps[:3], steps[3:], atol=0.02)


def test_several_wholes_and_circles_of_wholes() -> None:
    hung = trees.hang(7, [(3, 2), (3, 1), (4, 5), (5, 6), (6, 4), (0, 0)])
    assert [(each.nodes, each.above) for each in hung] == [([0], [-1]), ([1, 3], [-1, 0]), ([2], [-1]), ([4, 6, 5], [-1, 0, 1])]


def test_deep_and_wide_trees_do_not_hang() -> None:
    deep = [(number + 1, number) for number in range(20_000)]
    wide = [(30_000 + number, number // 2) for number in range(20_000)]
    (first, *_) = trees.hang(50_001, [*deep, *wide])
    halves = [10.0] * len(first.nodes)
    assert len(trees.tidy(first, halves)) == len(trees.columns(first, halves, halves)) == 40_001


def test_rooms_come_in_few_sizes() -> None:
    assert len({room(length) for length in range(100, 1000)}) == 11
    assert all(length - 0.001 <= room(length) < length * STEP * 1.001 for length in range(100, 1000))
    assert room(520) == pytest.approx(520)


PARTS = [
    " ".join(f"h00>h{number:02}" for number in range(1, 14)) + " h13>h14 h13>h15 h05>h06",
    " ".join(f"r{number:02}>r{(number + 1) % 9:02}" for number in range(9)) + " r02>r09 r09>r10 r02>r11 r05>r12 r12>r13",
    " ".join(f"t{number:02}>t{(number - 1) // 2:02}" for number in range(1, 20)),
    "c0>c1 c1>c2 c2>c3 c3>c4",
    "p0>p1",
    "q0>q1 q1>q2",
]
LEAVES = [f"{part}{number:02}>{part}20" for part, size in (("h", 16), ("r", 14), ("t", 20)) for number in range(size)]


def edited(edit: str) -> Graph:
    return layout(network(" ".join([*PARTS, edit])))


@pytest.mark.parametrize("edit", ["h00>h20", "h04>h20", "h01>h02", "r02>r20", "r12>r20", "t01>t20", "t08>t20", "t18>t20"])
def test_an_edit_moves_one_part_unless_it_outgrows_its_room(edit: str) -> None:
    before, after = places(edited("")), places(edited(edit))
    assert {name[0] for name, place in before.items() if after[name] != place} == {edit[0]}


@pytest.mark.parametrize(
    "edit", ["h01>h08 h02>h09", "r00>r05", "c0>c2", "t10>t15", "q0>q2", "p1>p2", "c4>c5", "z>zz", *LEAVES[::7]]
)
def test_an_edit_changes_the_shape_of_one_part(edit: str) -> None:
    before, after = shapes(edited("")), shapes(edited(edit))
    same = {name: steps for name, steps in before.items() if after.get(name) == steps}
    assert {name[0] for name in before.keys() - same.keys()} <= {edit[0]}


@pytest.mark.parametrize("edit", ["", "h00>h20", "r12>r20", "c4>c5", "h01>r01", "z>zz"])
def test_what_is_known_is_not_laid_out_again_and_all_comes_out_the_same(edit: str) -> None:
    layout(network(" ".join(PARTS)), known=(before := Known()))
    found = layout(network(" ".join([*PARTS, edit])), known=(after := Known(before.used)))
    assert places(found) == places(edited(edit))
    assert len(after.used.keys() - before.used.keys()) <= bool(edit)
    assert len(after.used.keys() & before.used.keys()) >= len(PARTS) - 2
    assert all(after.used[name] is before.used[name] for name in after.used.keys() & before.used.keys())


def test_a_label_that_grows_lets_a_large_part_be_pushed_apart_anew_and_no_more() -> None:
    part = large_part(700)
    ties = " ".join(f"n{one}>n{other}" for one, other in part.ties)
    layout(network(ties), known=(before := Known()))
    grown = network(ties)
    grown.nodes["n5"]["label"] = "a name of many more words than it had before"
    layout(grown, known=(after := Known(before.used)))
    assert len(before.used) == len(after.used) == 2
    assert len(before.used.keys() & after.used.keys()) == 1


def test_a_shape_does_not_depend_on_those_it_is_drawn_with() -> None:
    chance = random.Random(5)
    drawn = []
    for _ in range(30):
        ties = {(chance.randrange(number), number) for number in range(1, 12)} | {
            tuple(sorted(chance.sample(range(12), 2))) for _ in "abcd"
        }
        drawn.append((12, tuple(sorted((one, other) for one, other in ties))))
    together = stress.drawn(drawn)
    for shape, points in zip(drawn, together, strict=True):
        assert np.array_equal(stress.drawn([shape])[0], points)


def large_part(size: int) -> Part:
    chance = random.Random(size)
    ties = [(number, chance.choice([number - 1, number // 2, number // 7])) for number in range(1, size)]
    return Part(ties, [(40.0, 30.0)] * size)


def test_a_large_part_is_the_same_each_time_and_follows_its_ties() -> None:
    part = large_part(1500)
    points = pivots.drawn(part, Known())
    random.seed(1)
    assert np.array_equal(pivots.drawn(part, known := Known()), points)
    assert np.array_equal(pivots.drawn(part, Known(known.used)), points)
    ends = np.array(part.ties)
    tied = np.median(np.linalg.norm(points[ends[:, 0]] - points[ends[:, 1]], axis=1))
    any_two = np.median(np.linalg.norm(points[ends[:, 0]] - points[np.roll(ends[:, 1], 7)], axis=1))
    assert tied < any_two / 5


boxes = st.lists(st.tuples(*[st.floats(-300, 300)] * 2, *[st.floats(5, 60)] * 2), min_size=2, max_size=90)


NESTED = [
    *[
        (0.0, -0.25, 21.0, 20.875),
        (0.0, -0.125, 11.0, 10.0),
        (0.0, 1.0, 5.0, 5.0),
        (0.0, 0.0, 21.0, 20.0),
        (0.0, 0.0, 33.0, 32.0),
    ],
    *[(0.0, 5.0, 5.0, 5.0), (0.0, 18.0, 5.0, 5.0), (0.0, 29.0, 5.0, 5.0), (0.0, 45.0, 5.0, 5.0), (0.0, 52.0, 6.0, 12.0)],
    *[(1.0, 82.0, 6.0, 5.0), (0.0, 82.0, 23.0, 17.0), (1.0, 86.0, 5.0, 5.0), (0.0, 85.0, 5.0, 5.0)],
]


@settings(deadline=None)
@given(boxes)
@example(NESTED)
def test_boxes_are_pushed_apart_and_what_is_held_stays(given_boxes: list[tuple[float, ...]]) -> None:
    points, reach = np.array(given_boxes)[:, :2], np.array(given_boxes)[:, 2:]
    moving = np.ones(len(points))
    moving[0] = 0.0
    moved = apart(points, reach, 2000, moving)  # Boxes that lie in each other need some hundred rounds.
    assert tuple(moved[0]) == tuple(points[0])
    gaps = np.abs(moved[:, None] - moved[None]) - reach[:, None] - reach[None]
    np.fill_diagonal(gaps[:, :, 0], 1.0)
    assert (gaps.max(axis=2) > -1.0).all()


def test_few_and_many_boxes_are_held_against_each_other_alike() -> None:
    chance = np.random.default_rng(3)
    points, reach = chance.uniform(0, 500, (200, 2)), chance.uniform(5, 40, (200, 2))
    found: Any = {tuple(pair) for pair in np.transpose(_near(points, reach)).tolist()}
    covering = (np.abs(points[:, None] - points[None]) < reach[:, None] + reach[None]).all(axis=2)
    assert {(one, other) for one, other in np.argwhere(covering).tolist() if one < other} <= found
