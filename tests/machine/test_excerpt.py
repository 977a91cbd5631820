"""What a picture shows of a network that is too large for it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from pbgraph import exporting, networks, project, queries
from pbgraph.assembling import pictured
from pbgraph.excerpt import MOST, excerpt
from pbgraph.metrics import measured
from pbgraph.networks import Edge, Graph, Node, build

Pairs = Iterable[tuple[int, int]]

STAR = [(0, leaf) for leaf in range(1, 9)]
TREE = [(0, 1), (0, 2), (0, 3), (1, 11), (1, 12), (1, 13), (2, 21), (2, 22), (3, 31)]
RING = [(0, 1), (1, 2), (2, 3), (3, 0)]
CHAIN = [(3, 4), (4, 5), (5, 6)]
THREE = [(0, 1), (1, 2), (2, 3), (10, 11), (11, 12), (20, 21)]
LATER = [(0, 1), (10, 11), (11, 12)]
TAILED = [(0, 1), (1, 2), (2, 4), (4, 5), (5, 6), (6, 7), (7, 4)]
HUBS = [(9, 0), (9, 1), (9, 2), (8, 3), (8, 9)]


def network(pairs: Pairs) -> Graph:
    pairs = list(pairs)
    nodes = [Node(f"n{number:04}", f"n{number}", "Thing", {}, {}) for number in sorted({end for pair in pairs for end in pair})]
    ties = [(f"n{one:04}", f"n{other:04}") for one, other in pairs]
    graph = build("ties", nodes, [Edge(f"{one} {other}", one, other, "tied", {}) for one, other in ties])
    for name, columns in measured(graph).items():
        graph.nodes[name].update(columns)
    return graph


@pytest.mark.parametrize(
    ("pairs", "most", "shown"),
    [
        ([], 3, []),
        (TREE, 10, [0, 1, 2, 3, 11, 12, 13, 21, 22, 31]),
        (THREE, 8, [0, 1, 2, 3, 10, 11, 12]),
        (THREE, 5, [0, 1, 2, 3]),
        (THREE, 3, [0, 1, 2]),
        (STAR, 4, [0, 1, 2, 3]),
        (TREE, 6, [0, 1, 2, 3, 11, 12]),
        (TREE, 3, [0, 1, 2]),
        ([*RING, *CHAIN], 4, [0, 1, 2, 3]),
        ([*RING, (2, 2), (1, 0)], 3, [0, 1, 2]),
        (LATER, 4, [10, 11, 12]),
        (TAILED, 4, [4, 5, 6, 7]),
        (HUBS, 1, [9]),
        ([(0, 1), (1, 1)], 1, [0]),
    ],
    ids=str,
)
def test_the_largest_parts_are_shown_or_what_holds_together_most(pairs: Pairs, most: int, shown: list[int]) -> None:
    assert excerpt(network(pairs), most) == {f"n{number:04}" for number in shown}


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=25), st.integers(1, 14))
def test_no_more_are_shown_than_there_is_room_for_and_all_if_there_is(pairs: list[tuple[int, int]], most: int) -> None:
    graph = network(dict.fromkeys(pairs))
    shown = excerpt(graph, most)
    assert shown <= set(graph)
    assert len(shown) <= most
    assert (len(shown) == len(graph)) == (len(graph) <= most)
    assert bool(shown) == bool(len(graph))


def test_a_picture_of_a_part_is_laid_out_by_itself_and_says_so() -> None:
    own = project.load(ROOT)
    query = queries.find("places", queries.load(own, "networks"))
    tree = [(above, above * 10 + number) for above in (1, *range(10, 20), *range(100, 200)) for number in range(10)]
    graph = networks.layout(network(tree), "tree")
    shown = pictured(graph, query)
    assert (len(graph), len(shown)) == (1111, MOST)
    assert max(columns["x"] for _, columns in shown.nodes(data=True)) < max(columns["x"] for _, columns in graph.nodes(data=True))
    told = {language: exporting.draw(shown, query, own, language, len(graph)) for language in own.languages}
    words = {language: " ".join(re.findall(">([^<]+)<", picture)) for language, picture in told.items()}
    assert "画出 1,111 个节点里的 300 个" in words["zh"]
    assert "300 of 1,111 nodes" in words["en"]
    whole = network(TREE)
    assert pictured(whole, query) is whole
    assert "nodes" not in exporting.draw(networks.layout(whole), query, own, "en", len(whole))
