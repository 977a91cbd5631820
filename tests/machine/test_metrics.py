"""Measures of nodes: values that can be found by hand or in print, igraph and NetworkX alike, the same in every process."""

import json
import math
import os
import random
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import igraph
import networkx
import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbgraph import large
from pbgraph.metrics import BY_IGRAPH, BY_NETWORKX, MEASURES, Columns, measured, pagerank
from pbgraph.networks import OF_NODES, RESERVED, Edge, Node, build

Tie = tuple[int, int, bool, float]
"""Source, target, whether it is directed, weight."""

NETWORKX, IGRAPH = 1000, -1
"""Up to so many nodes NetworkX measures: all, or none."""


def network(size: int, ties: Iterable[Tie]) -> Any:
    nodes = [Node(f"n{number:04}", f"n{number}", "Thing", {}, {}) for number in range(size)]
    edges = [
        Edge(f"e{number:05}", f"n{source:04}", f"n{target:04}", "tied", {}, directed, weight)
        for number, (source, target, directed, weight) in enumerate(ties)
    ]
    return build("measured", nodes, edges)


def both_ways(pairs: Iterable[tuple[int, int]]) -> list[Tie]:
    return [(source, target, False, 1.0) for source, target in pairs]


def ahead(pairs: Iterable[tuple[int, int]]) -> list[Tie]:
    return [(source, target, True, 1.0) for source, target in pairs]


def clique(first: int, size: int) -> list[tuple[int, int]]:
    return [(a, b) for a in range(first, first + size) for b in range(a + 1, first + size)]


def of(measures: dict[str, Columns], name: str) -> list[float]:
    return [columns[name] for columns in measures.values()]


engines = pytest.mark.parametrize("small", [NETWORKX, IGRAPH], ids=["networkx", "igraph"])


@engines
def test_no_node_and_one_node(small: int) -> None:
    assert measured(network(0, []), small) == {}
    alone = dict.fromkeys(MEASURES, 0) | {"pagerank": 1, "component": 1, "community": 1}
    assert measured(network(1, []), small) == {"n0000": alone}


@engines
def test_a_path(small: int) -> None:
    found = measured(network(5, both_ways([(0, 1), (1, 2), (2, 3), (3, 4)])), small)
    assert list(found) == [f"n000{number}" for number in range(5)]
    assert all(tuple(columns) == MEASURES for columns in found.values())
    assert of(found, "degree") == of(found, "degree_in") == of(found, "degree_out") == [1, 2, 2, 2, 1]
    assert of(found, "betweenness") == [0, 0.5, 0.666667, 0.5, 0]  # 3, 4 and 3 of 6 pairs
    assert of(found, "core") == of(found, "component") == [1] * 5


@engines
def test_a_star(small: int) -> None:
    found = measured(network(5, both_ways((0, leaf) for leaf in range(1, 5))), small)
    assert of(found, "betweenness") == [1, 0, 0, 0, 0]
    # With c at the centre and l at each leaf: c = 0.03 + 0.85 × 4l and c + 4l = 1.
    assert of(found, "pagerank") == [0.475676, *[0.131081] * 4]
    assert of(found, "core") == [1] * 5


@engines
def test_an_arrow(small: int) -> None:
    found = measured(network(3, ahead([(0, 1)])), small)
    assert of(found, "degree_out") == [1, 0, 0]
    assert of(found, "degree_in") == [0, 1, 0]
    # From 1 and 2 the walk goes anywhere: a = 0.05 + 0.85 (1 - a) / 3, b = a + 0.85 a, and a + b + a = 1.
    assert of(found, "pagerank") == [0.25974, 0.480519, 0.25974]
    assert of(found, "component") == [1, 1, 2]
    assert of(found, "community") == [1, 1, 2]
    assert of(found, "core") == [1, 1, 0]


@engines
def test_two_cliques_joined_by_a_bridge(small: int) -> None:
    found = measured(network(8, both_ways([*clique(0, 4), *clique(4, 4), (3, 4)])), small)
    # Of 21 pairs each end of the bridge lies between 3 on its side and 4 on the other.
    assert of(found, "betweenness") == [0, 0, 0, 0.571429, 0.571429, 0, 0, 0]
    assert of(found, "core") == [3] * 8
    assert of(found, "community") == [1] * 4 + [2] * 4


@engines
def test_loops_parallel_ties_and_weights(small: int) -> None:
    ties: list[Tie] = [(0, 0, True, 2.0), (1, 1, False, 3.0), (0, 1, True, 0.1), (0, 1, True, 0.2), (1, 0, False, -4.0)]
    found = measured(network(2, ties), small)
    assert of(found, "degree") == [5, 5]
    assert of(found, "degree_out") == [4, 3]
    assert of(found, "degree_in") == [2, 5]
    assert of(found, "degree_weighted") == [0.3, 2.3]
    assert of(found, "core") == [1, 1]


@engines
def test_ties_without_a_positive_weight_carry_no_walk(small: int) -> None:
    ties: list[Tie] = [(0, 1, True, 1.0), (1, 2, True, 0.0), (2, 0, True, -5.0)]
    found, fewer = measured(network(3, ties), small), measured(network(3, ties[:1]), small)
    assert of(found, "pagerank") == of(fewer, "pagerank")
    assert of(found, "community") == of(fewer, "community") == [1, 1, 2]
    assert of(found, "component") == [1, 1, 1], "they are ties none the less"
    assert of(found, "core") == [2, 2, 2]


@engines
def test_groups_are_numbered_by_size_then_by_the_least_id(small: int) -> None:
    found = measured(network(9, both_ways([(1, 2), (3, 4), (5, 6), (6, 7)])), small)
    assert of(found, "component") == of(found, "community") == [4, 2, 2, 3, 3, 1, 1, 1, 5]


@engines
def test_the_karate_club_is_as_printed(small: int) -> None:
    """Zachary's members 1, 33 and 34 (here 0, 32, 33): Freeman's betweenness, cores and modularity as in the literature."""
    club = networkx.karate_club_graph()
    found = measured(network(34, both_ways(club.edges)), small)
    leading = [list(found.values())[member] for member in (0, 32, 33)]
    assert [columns["degree"] for columns in leading] == [16, 12, 17]
    assert [columns["betweenness"] for columns in leading] == [0.437635, 0.145247, 0.304075]
    assert [round(columns["pagerank"], 4) for columns in leading] == [0.0970, 0.0717, 0.1009]
    inmost = [member for member, core in enumerate(of(found, "core")) if core == 4]
    assert inmost == [0, 1, 2, 3, 7, 8, 13, 30, 32, 33]
    assert max(of(found, "core")) == 4
    # No division is better than one of 4 groups with modularity 0.4198 (Brandes et al. 2008).
    assert max(of(found, "community")) == 4
    assert round(modularity(club, of(found, "community")), 4) == 0.4198


def modularity(graph: Any, groups: list[float], weight: str | None = None) -> float:
    parts = [{node for node, group in zip(graph, groups, strict=True) if group == one} for one in sorted(set(groups))]
    found: float = networkx.community.modularity(graph, parts, weight)
    return found


ends = st.integers(0, 7)
weights = st.sampled_from([1.0, 1.0, 2.5, 0.0, -1.0, 1e-6, 1e6])
directions = st.sampled_from([st.booleans(), st.just(True), st.just(False)])
ties_of_all_sorts = directions.flatmap(lambda directed: st.lists(st.tuples(ends, ends, directed, weights), max_size=24))


@given(st.integers(8, 10), ties_of_all_sorts)
def test_igraph_and_networkx_give_equal_columns(size: int, ties: list[Tie]) -> None:
    graph = network(size, ties)
    assert measured(graph, IGRAPH) == measured(graph, NETWORKX)


@given(st.integers(8, 10), ties_of_all_sorts, st.randoms(use_true_random=False))
def test_measures_follow_from_the_ties_alone(size: int, ties: list[Tie], shuffle: random.Random) -> None:
    graph = network(size, ties)
    found = measured(graph)
    again = type(graph)()
    for add, each in ((again.add_nodes_from, list(graph)), (again.add_edges_from, list(graph.edges(keys=True, data=True)))):
        shuffle.shuffle(each)
        add(each)
    assert json.dumps(measured(again)) == json.dumps(found)
    plain = networkx.MultiDiGraph(graph) if graph.is_directed() else networkx.MultiGraph(graph)
    assert of(found, "degree") == [degree for _, degree in sorted(plain.degree)]
    weighted = [degree for _, degree in sorted(plain.degree(weight="weight"))]
    assert numpy.allclose(of(found, "degree_weighted"), weighted, atol=1e-6)
    assert sum(of(found, "degree_in")) == sum(of(found, "degree_out"))
    for name in ("component", "community"):
        sizes = [of(found, name).count(number) for number in range(1, len(set(of(found, name))) + 1)]
        assert sizes == sorted(sizes, reverse=True)
    assert len({(columns["component"], columns["community"]) for columns in found.values()}) == max(of(found, "community"))


@given(st.integers(8, 10), ties_of_all_sorts)
def test_pagerank_solves_its_equations(size: int, ties: list[Tie]) -> None:
    """Against the matrix that Brin and Page describe, which NetworkX writes down and NumPy solves."""
    graph = networkx.MultiDiGraph()
    graph.add_nodes_from(range(size))
    for source, target, directed, weight in ties:
        if weight > 0:
            graph.add_edge(source, target, weight=weight)
            graph.add_edges_from([] if directed or source == target else [(target, source, {"weight": weight})])
    matrix = numpy.asarray(networkx.google_matrix(graph, alpha=0.85)).T
    values = numpy.linalg.solve(numpy.vstack([(matrix - numpy.eye(size))[1:], numpy.ones(size)]), numpy.eye(size)[-1])
    assert numpy.allclose(of(measured(network(size, ties)), "pagerank"), values, rtol=0, atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_pagerank_is_that_of_igraph(seed: int) -> None:
    summed: dict[tuple[int, int], float] = {}
    for source, target, _, weight in grown(2000, seed):
        summed[source, target] = summed.get((source, target), 0.0) + weight
    theirs = igraph.Graph(2000, list(summed), directed=True).pagerank(damping=0.85, weights=list(summed.values()))
    assert numpy.allclose(pagerank(2000, summed), theirs, rtol=1e-8, atol=0)


def grown(size: int, seed: int) -> list[Tie]:
    """Ties of all sorts, most of them to nodes that have many."""
    chance = random.Random(seed)
    ties: list[Tie] = []
    ends = [0]
    for node in range(1, size):
        ends.append(node)
        for _ in range(chance.choice([0, 1, 2, 3])):
            ends.append(chance.choice(ends))
            ties.append((node, ends[-1], chance.random() < 0.7, chance.choice([0.5, 1.0, 2.0])))
    return ties


@pytest.mark.parametrize("seed", range(3))
def test_engines_agree_on_larger_networks(seed: int) -> None:
    graph = network(300, grown(300, seed))
    assert measured(graph, IGRAPH) == measured(graph, NETWORKX)


@pytest.mark.parametrize("seed", range(3))
def test_communities_are_as_dense_as_those_of_networkx(seed: int) -> None:
    ties = grown(300, seed)
    found = of(measured(network(300, ties)), "community")
    plain = networkx.Graph()
    plain.add_nodes_from(range(300))
    for source, target, _, weight in ties:
        held = plain.get_edge_data(source, target, {"weight": 0.0})["weight"]
        plain.add_edge(source, target, weight=held + weight)
    parts = networkx.community.louvain_communities(plain, seed=1)
    theirs = networkx.community.modularity(plain, parts)
    assert modularity(plain, found, "weight") > theirs - 0.005


def test_planted_groups_are_found_by_both() -> None:
    ring = [pair for first in range(0, 60, 6) for pair in [*clique(first, 6), (first, (first + 7) % 60)]]
    found = of(measured(network(60, both_ways(ring))), "community")
    assert found == [member // 6 + 1 for member in range(60)]
    theirs = networkx.community.louvain_communities(networkx.Graph(ring), seed=1)
    assert sorted(map(sorted, theirs)) == [list(range(first, first + 6)) for first in range(0, 60, 6)]


def test_where_betweenness_takes_too_long_it_is_left_out() -> None:
    found = measured(network(4, ahead([(0, 1), (1, 2)])), most=3)
    assert all(tuple(columns) == tuple(name for name in MEASURES if name != "betweenness") for columns in found.values())


def test_large_networks_have_more_decimals() -> None:
    found = measured(network(10_000, ahead([(0, 1)])), most=0)
    share = 1 / (10_000 + 0.85)
    assert of(found, "pagerank")[:2] == [round(share, 7), round(1.85 * share, 7)]
    assert all(math.isfinite(value) for columns in found.values() for value in columns.values())


def test_columns_have_names_of_their_own() -> None:
    assert not {*MEASURES} & {*RESERVED, *OF_NODES}
    assert set(BY_IGRAPH) == set(BY_NETWORKX) < set(MEASURES)
    graph = network(3, ahead([(0, 1)]))
    kinds = {name: type(value) for columns in measured(graph).values() for name, value in columns.items()}
    assert list(kinds) == list(MEASURES)
    assert set(kinds.values()) == {int, float}


def test_chance_elsewhere_is_left_alone() -> None:
    ties = {(a, (a * 7 + 1) % 40): 1.0 for a in range(40)}
    random.seed(5)
    expected = random.random()
    random.seed(5)
    first = large.communities(40, ties)
    assert random.random() == expected
    assert large.communities(40, ties) == first


SCRIPT = """
import json
from pbgraph.metrics import measured
from pbgraph.networks import Edge, Node, build
names = {f"n{number}" for number in range(30)}
ends = {(n, m) for n in names for m in names if (int(n[1:]) * 7 + int(m[1:])) % 11 == 0}
edges = [Edge(n + m, n, m, "tied", {}, int(n[1:]) % 3 == 0, int(m[1:]) / 7) for n, m in ends]
graph = build("seeded", [Node(n, n, "Thing", {}, {}) for n in names], edges)
print(json.dumps([measured(graph), measured(graph, small=0)]))
"""


def test_two_processes_measure_alike(tmp_path: Path) -> None:
    written = [
        subprocess.run([sys.executable, "-c", SCRIPT], check=True, capture_output=True, env=os.environ | {"PYTHONHASHSEED": seed})
        for seed in ("0", "4242")
    ]
    assert written[0].stdout == written[1].stdout
    first, second = json.loads(written[0].stdout)
    assert first == second
