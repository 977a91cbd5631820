"""What igraph finds in a graph of numbered nodes; it is the one library here whose loops over nodes and ties run in C."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import igraph

Tie = tuple[int, int]
"""Two nodes' numbers, from 0."""

SEED = 1
RUNS = 5

WARM = 2.0
"""How far a node may move in the first round; less in each round after it."""


def betweenness(size: int, ties: Iterable[Tie]) -> list[float]:
    """On how many shortest paths each of `size` nodes lies, `ties` leading both ways (Brandes 2001).

    A pair of other nodes with several shortest paths counts with the share of them that pass; each pair counts once. Ties are
    simple: no loops, no parallel ones.
    """
    found: list[float] = igraph.Graph(size, ties).betweenness(directed=False)
    return found


def cores(size: int, ties: Iterable[Tie]) -> list[int]:
    """The largest k for which each of `size` nodes is in the k-core of the simple `ties` (Seidman 1983)."""
    found: list[int] = igraph.Graph(size, ties).coreness()
    return found


def components(size: int, ties: Iterable[Tie]) -> list[int]:
    """The component of each of `size` nodes, as numbers in no order that means anything."""
    found: list[int] = igraph.Graph(size, ties).connected_components().membership
    return found


def communities(size: int, ties: Mapping[Tie, float]) -> list[int]:
    """The community of each of `size` nodes by Louvain on undirected `ties` with positive weights (Blondel et al. 2008).

    Resolution 1, as numbers in no order that means anything; nodes without ties are alone. What the method finds depends on
    chance: of RUNS runs from one seed, the first that reaches the greatest modularity is kept.
    """
    if not ties:
        return list(range(size))
    graph, weights = igraph.Graph(size, list(ties)), list(ties.values())
    with _seeded():
        runs = [graph.community_multilevel(weights=weights, resolution=1).membership for _ in range(RUNS)]
    found: list[int] = max(runs, key=lambda run: round(graph.modularity(run, weights=weights), 9))
    return found


def distances(size: int, ties: Sequence[Tie], sources: Iterable[int]) -> Iterator[list[float]]:
    """For each of `sources`, when it is asked for, how many ties each node is away from it; out of reach is infinite.

    Nodes are numbers below `size`.
    """
    graph = igraph.Graph(size, ties)
    for source in sources:
        yield graph.distances(source=source)[0]


def spread(size: int, ties: Sequence[Tie], start: Sequence[Sequence[float]], rounds: int) -> list[list[float]]:
    """Move nodes from `start` (x and y each, around 0) so that ties pull and near nodes push each other.

    That is the layout of Fruchterman and Reingold (1991) with their grid, in which each node has one square unit. Equal input,
    equal points.
    """
    graph = igraph.Graph(size, ties)
    with _seeded():
        placed = graph.layout_fruchterman_reingold(seed=start, niter=rounds, start_temp=WARM, grid=True)
    return [list(point) for point in placed.coords]


@contextmanager
def _seeded() -> Iterator[None]:
    """igraph has one source of chance for all: inside the block it starts at the seed, afterwards it is Python's again."""
    igraph.set_random_number_generator(random.Random(SEED))
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)
