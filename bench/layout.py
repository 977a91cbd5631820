"""How long layouts take and how they look in figures, beside the plain way; `python bench/layout.py [LARGEST]`, in nodes.

For each network: seconds of a processor; labels that cover another, for each node (up to SET nodes where the picture sets
them, beyond below each node); pairs of crossing ties, for each tie, and stress, both for up to MEASURED nodes of the largest
part; the median length of a tie, and the 90th percentile of lengths by the 10th. Stress is the mean square of what distances on
paper are off from those along ties, weighed by 1/distance², at the scale that suits best: 0 is perfect. The plain ways are
NetworkX's springs, of larger networks igraph's distances (Kamada and Kawai) and springs (Fruchterman and Reingold), and anywhere
at random. Bars: no label covers another in the project's networks; 100,000 nodes in 60 seconds.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element

import igraph
import networkx
import numpy as np

from pbgraph import assembling, networks, queries
from pbgraph import project as projects
from pbgraph.atlas import Atlas
from pbgraph.checks import check
from pbgraph.drawing.lettering import extent
from pbgraph.drawing.placement import Box
from pbgraph.drawing.scene import letter, shape, ties_of
from pbgraph.graphs import Edge, Node

ROOT = Path(__file__).resolve().parent.parent
SIZES = (1_000, 10_000, 100_000)
SET, MEASURED = 600, 2_000
SECONDS = 60.0
SOURCES = 40
"""From so many nodes of the largest part distances are measured for its stress."""

Way = Callable[[networks.Graph], networks.Graph]


def synthetic(size: int) -> networks.Graph:
    """A network of `size` nodes: four fifths hang together, in communities that new nodes join by what is well tied there
    already; the rest is many small parts.
    """
    chance = random.Random(size)
    large = size * 4 // 5
    member: list[int] = [0]
    ends: dict[int, list[int]] = {0: [0]}
    ties: list[tuple[int, int]] = []
    for node in range(1, large):
        community = chance.randrange(1 + int(node**0.5) // 2)
        member.append(community)
        for _ in range(chance.choice((1, 1, 2, 3))):
            there = community if community in ends and chance.random() < 0.97 else member[chance.randrange(node)]
            other = chance.choice(ends.get(there) or [0])
            ties.append((node, other))
            ends.setdefault(community, []).append(node)
            ends[member[other]].append(other)
    node = large
    while node < size:
        part = min(chance.choice((1, 2, 2, 3, 3, 4, 6, 10, 30)), size - node)
        ties += [(node + each, node + chance.randrange(each)) for each in range(1, part)]
        node += part
    labels = ["村" * chance.randrange(2, 12) for _ in range(size)]
    nodes = [Node(f"n{each:06}", f"n{each}", f"Kind{each % 5}", {}, {"zh": labels[each]}) for each in range(size)]
    edges = [Edge(f"e{number}", f"n{one:06}", f"n{other:06}", "r", {}) for number, (one, other) in enumerate(ties)]
    return networks.build(f"{size:,}", nodes, edges)


def real() -> list[networks.Graph]:
    """The project's own networks."""
    checked = check(projects.load(ROOT))
    atlas = Atlas(checked.project, checked.graph)
    return [assembling.network_of(query, atlas) for query in queries.load(checked.project, "networks")]


def spring(graph: networks.Graph) -> networks.Graph:
    """NetworkX's layout by springs, at the mean room that this one takes for a node."""
    return _placed(graph, networkx.spring_layout(networkx.Graph(graph), seed=0))


def by_igraph(algorithm: str) -> Way:
    """A layout of igraph's by its short name, at the mean room that this one takes for a node."""

    def way(graph: networks.Graph) -> networks.Graph:
        igraph.set_random_number_generator(random.Random(0))
        number = {node: place for place, node in enumerate(graph.nodes)}
        plain = igraph.Graph(len(number), [(number[one], number[other]) for one, other in networkx.Graph(graph).edges])
        return _placed(graph, dict(zip(number, plain.layout(algorithm).coords, strict=True)))

    return way


def scattered(graph: networks.Graph) -> networks.Graph:
    """Anywhere, at the mean room that this one takes for a node."""
    return _placed(graph, networkx.random_layout(graph, seed=0))


def _placed(graph: networks.Graph, points: dict[str, np.ndarray]) -> networks.Graph:
    """The network with its nodes at `points`, as large as it was."""
    before = np.array([[columns["x"], columns["y"]] for _, columns in graph.nodes(data=True)])
    after = np.array([points[node] for node in graph.nodes])
    after = (after - after.min(axis=0)) / np.ptp(after, axis=0) * np.ptp(before, axis=0)
    placed = graph.copy()
    for node, (x, y) in zip(graph.nodes, after.tolist(), strict=True):
        placed.nodes[node].update(x=x, y=y)
    return placed


def covering(boxes: list[Box]) -> int:
    """How many boxes cover another by more than a pixel each way, found in a grid."""
    wide, high = max(box.right - box.left for box in boxes), max(box.bottom - box.top for box in boxes)
    cells: dict[tuple[int, int], list[int]] = {}
    for number, box in enumerate(boxes):
        cells.setdefault((int(box.left // wide), int(box.top // high)), []).append(number)
    covered = set()
    for (column, row), numbers in cells.items():
        near = [other for x in (-1, 0, 1) for y in (-1, 0, 1) for other in cells.get((column + x, row + y), ())]
        for number in numbers:
            box = boxes[number]
            inner = Box(box.left + 1, box.top + 1, box.right - 1, box.bottom - 1)
            if any(other != number and inner.overlap(boxes[other]) > 0 for other in near):
                covered.add(number)
    return len(covered)


def labels(graph: networks.Graph) -> list[Box]:
    """Where the labels of nodes stand."""
    nodes = dict(sorted(graph.nodes(data=True)))
    if len(nodes) <= SET:
        shapes = {node: shape(columns) for node, columns in nodes.items()}
        return letter(Element("g"), nodes, shapes, ties_of(graph, shapes), "zh")[: len(nodes)]
    sized = [(columns, extent(columns["label"])) for columns in nodes.values()]
    return [Box.around((c["x"], -c["y"] + c["size"] + high / 2 + 3), wide, high) for c, (wide, high) in sized]


def crossings(points: np.ndarray, ties: np.ndarray) -> float:
    """Pairs of ties that cross, for each tie."""
    a, b = points[ties[:, 0]], points[ties[:, 1]]

    def side(p: np.ndarray, q: np.ndarray, r: np.ndarray) -> np.ndarray:
        return np.asarray(
            np.sign((q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0]))
        )

    number = 0
    for tie in range(len(ties)):
        one, other = a[tie], b[tie]
        across = side(one, other, a[tie + 1 :]) * side(one, other, b[tie + 1 :]) < 0
        number += int((across & (side(a[tie + 1 :], b[tie + 1 :], one) * side(a[tie + 1 :], b[tie + 1 :], other) < 0)).sum())
    return number / len(ties)


def stress(graph: networkx.Graph, points: dict[str, np.ndarray]) -> float:
    """What distances are off, for pairs of some nodes and all others."""
    chosen = random.Random(0).sample(sorted(graph), min(SOURCES, len(graph)))
    order = sorted(graph)
    paper, along = [], []
    for source in chosen:
        ways = networkx.single_source_shortest_path_length(graph, source)
        far = np.array([ways[node] for node in order], dtype=float)
        away = np.array([points[node] for node in order]) - points[source]
        paper.append(np.sqrt(np.square(away).sum(axis=1))[far > 0])
        along.append(far[far > 0])
    there, wanted = np.concatenate(paper), np.concatenate(along)
    scale = (there / wanted).sum() / np.square(there / wanted).sum()
    return float(np.square(scale * there / wanted - 1).mean())


def row(graph: networks.Graph, name: str, way: Way, plain: networkx.Graph) -> tuple[float, float]:
    """Lay out, print the figures; give seconds and labels that cover another, for each node."""
    begun = time.process_time()
    placed = way(graph)
    took = time.process_time() - begun
    points = {node: np.array([columns["x"], columns["y"]]) for node, columns in placed.nodes(data=True)}
    covered = covering(labels(placed)) / len(points)
    lengths = [float(np.hypot(*(points[one] - points[other]))) for one, other in plain.edges]
    middle, short, long = np.percentile(lengths, (50, 10, 90))
    largest = plain.subgraph(max(networkx.connected_components(plain), key=len))
    looked = f"{stress(largest, points):.3f}"
    crossed = "–"
    if len(largest) <= MEASURED:
        number = {node: place for place, node in enumerate(points)}
        ties = np.array([[number[one], number[other]] for one, other in plain.edges])
        crossed = f"{crossings(np.array(list(points.values())), ties):.2f}"
    cells = (graph.graph["name"], name, f"{took:.1f}", f"{covered:.3f}", crossed, looked, f"{middle:.0f}", f"{long / short:.1f}")
    sys.stdout.write("| " + " | ".join(cells) + " |\n")
    sys.stdout.flush()
    return took, covered


def main(largest: int) -> int:
    """Print the table; 1 if a bar is missed."""
    sys.stdout.write("| network | way | s | covered | crossings | stress | tie | 90/10 |\n" + "| --- " * 8 + "|\n")
    missed = 0
    for graph in (*real(), *(synthetic(size) for size in SIZES if size <= largest)):
        plain = networkx.Graph(graph.to_undirected(as_view=True))
        plain.remove_edges_from(list(networkx.selfloop_edges(plain)))
        took, covered = row(graph, "ties", networks.layout, plain)
        missed |= took > SECONDS or (len(graph) <= SET and covered > 0)
        others: dict[str, Way] = {"random": scattered, "igraph fr": by_igraph("fr")}
        if len(graph) <= SET:
            others = {"networkx spring": spring}
        if len(graph) <= MEASURED:
            others["igraph kk"] = by_igraph("kk")
        for name, way in others.items():
            row(graph, name, way, plain)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else max(SIZES)))
