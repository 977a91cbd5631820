"""How long measuring the nodes of a network takes by NetworkX and by igraph; `python bench/metrics.py [NODES …]`.

Networks grow like those of a real corpus: most ties lead to nodes that have many, some are parallel, some undirected, two a node.
Seconds are the processor's, so that neighbours on the machine do not count. What would take longer than some minutes is not run:
betweenness by NetworkX above 1,000 nodes and by igraph above metrics.MOST, Louvain's method by NetworkX above 10,000. NetworkX
has no PageRank without SciPy: beside igraph's (PRPACK) stands that of pbgraph.metrics. Bar: all columns in 120 s.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import igraph
import networkx

from pbgraph import large, metrics

NODES = (200, 1_000, 10_000, 100_000)
MOST_BY_NETWORKX = {"betweenness": 1_000, "community": 10_000}
BAR = 120


def grown(size: int) -> Any:
    """A network of so many nodes and about twice as many ties, as `networks.build` would make it."""
    chance = random.Random(size)
    graph = networkx.MultiDiGraph()
    graph.add_nodes_from(f"n{node:06}" for node in range(size))
    ends = [0]
    for node in range(1, size):
        others = [chance.choice(ends) for _ in range(chance.choice((1, 2, 3)))]
        ends += [node, *others]
        for number, other in enumerate(others):
            columns = {"directed": chance.random() < 0.7, "weight": chance.choice((1.0, 1.0, 2.0))}
            graph.add_edge(f"n{node:06}", f"n{other:06}", f"{node:06}.{number}", **columns)
    return graph


def seconds(task: Callable[[], object]) -> float:
    """The processor's time for a task."""
    begun = time.process_time()
    task()
    return time.process_time() - begun


def louvain(size: int, ties: dict[large.Tie, float]) -> object:
    """Communities as NetworkX finds them."""
    graph = networkx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_weighted_edges_from((*pair, weight) for pair, weight in ties.items())
    return networkx.community.louvain_communities(graph, seed=large.SEED)


def measure(size: int) -> int:
    """Print the rows of one size; 1 if the bar is missed."""
    graph = grown(size)
    number = {node: place for place, node in enumerate(graph)}
    pairs = sorted({(number[b], number[a]) for a, b in graph.edges()})
    weights = dict.fromkeys(pairs, 1.0)
    tasks: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        name: (partial(metrics.BY_NETWORKX[name], size, pairs), partial(metrics.BY_IGRAPH[name], size, pairs))
        for name in metrics.BY_IGRAPH
    }
    tasks["pagerank"] = (
        lambda: metrics.pagerank(size, weights),
        lambda: igraph.Graph(size, pairs, directed=True).pagerank(weights=list(weights.values())),
    )
    tasks["community"] = (lambda: louvain(size, weights), lambda: large.communities(size, weights))
    for name, (by_networkx, by_igraph) in tasks.items():
        theirs = seconds(by_networkx) if size <= MOST_BY_NETWORKX.get(name, size) else None
        took = seconds(by_igraph) if name != "betweenness" or size <= metrics.MOST else None
        shown = [f"{each:.4f}" if each is not None else "—" for each in (theirs, took)]
        ratio = f"{theirs / took:,.0f}" if theirs and took else "—"
        sys.stdout.write(f"| {size:,} | {name} | {' | '.join(shown)} | {ratio} |\n")
    whole = seconds(lambda: metrics.measured(graph))
    sys.stdout.write(f"| {size:,} | all columns, `measured` | | {whole:.4f} | |\n")
    sys.stdout.flush()
    return int(whole > BAR)


def main(sizes: list[int]) -> int:
    """Print the table; 1 if the bar is missed."""
    large.betweenness(2, [(0, 1)])  # What igraph does once in a process is not counted.
    sys.stdout.write("| nodes | column | s in Python | s by igraph | ratio |\n| --- | --- | --- | --- | --- |\n")
    return max([measure(size) for size in sizes])


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or list(NODES)))
