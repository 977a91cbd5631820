"""How the nodes of a network stand in it, as columns: degrees, betweenness, PageRank, core, component and community."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import mul, sub
from typing import NamedTuple

import networkx

from pbgraph import large
from pbgraph.graphs import Network

MEASURES = (
    "degree",
    "degree_in",
    "degree_out",
    "degree_weighted",
    "betweenness",
    "pagerank",
    "core",
    "component",
    "community",
)
"""The columns, in their order."""

SMALL = 200
"""Up to so many nodes NetworkX finds betweenness, cores and components, in about a tenth of a second; above it igraph."""

MOST = 10_000
"""Up to so many nodes betweenness is found: the time grows with nodes times ties, half a minute here (`bench/metrics.py`)."""

DAMPING = 0.85

Columns = dict[str, int | float]

Simple = Sequence[large.Tie]
"""Pairs of different nodes, the lesser number first, each pair once."""


class _Tie(NamedTuple):
    source: int
    target: int
    directed: bool
    weight: float


def measured(graph: Network, small: int = SMALL, most: int = MOST) -> dict[str, Columns]:
    """Measure every node of the multigraph that `networks.build` makes: node id to the columns MEASURES.

    A tie is undirected if its graph is or its column `directed` is false.

    - `degree`: ends of ties at the node, so a loop twice, parallel ties each; `degree_in`, `degree_out`: those that lead to it
      and from it, both of an undirected tie; `degree_weighted`: the sum of weights over the ends, whatever their sign.
    - `betweenness`: the share of pairs of other nodes between which it lies on the shortest paths, 0 to 1, ties leading both
      ways, each one step long (Freeman 1977, found as in Brandes 2001). Of more than `most` nodes it is left out, not guessed.
    - `pagerank`: where a reader who follows ties by their weights, and 15 times in 100 starts anywhere, is found; all sum to 1
      (Brin and Page 1998). Undirected ties are followed both ways, weights of parallel ones added.
    - `core`: the largest k such that it is among nodes each tied to k others of them (Seidman 1983).
    - `component`: which part that holds together it is in, ties leading both ways; 1 is the largest, of equal ones that with
      the least id.
    - `community`: its group by the Louvain method, ties leading both ways, weights of parallel ones added, resolution 1
      (Blondel et al. 2008), the best of five runs; numbered as components are. It is one good division of several.

    For PageRank and communities ties of weight 0 or less are none: neither walks nor densities can be negative. Numbers have
    six decimals, `betweenness` and `pagerank` one more for each digit of the number of nodes beyond four. NetworkX measures up
    to `small` nodes, igraph more, with equal columns; communities, on which no two programs agree, are igraph's at any size.
    """
    order = sorted(graph.nodes)
    ties = list(_ties(graph, order))
    simple = sorted({(min(tie[:2]), max(tie[:2])) for tie in ties if tie.source != tie.target})
    engine = BY_NETWORKX if len(order) <= small else BY_IGRAPH
    decimals = 6 + max(0, len(str(len(order))) - 4)
    columns: dict[str, Iterable[int | float]] = _degrees(len(order), ties)
    if len(order) <= most:
        pairs = max(1, (len(order) - 1) * (len(order) - 2) // 2)
        columns["betweenness"] = [_rounded(found / pairs, decimals) for found in engine["betweenness"](len(order), simple)]
    columns["pagerank"] = [_rounded(found, decimals) for found in pagerank(len(order), _arcs(ties))]
    columns["core"] = engine["core"](len(order), simple)
    columns["component"] = _numbered(engine["component"](len(order), simple))
    columns["community"] = _numbered(large.communities(len(order), _bonds(ties)))
    rows = zip(*columns.values(), strict=True)
    return {node: dict(zip(columns, row, strict=True)) for node, row in zip(order, rows, strict=True)}


def pagerank(size: int, arcs: Mapping[large.Tie, float]) -> list[float]:
    """The PageRank of each of `size` nodes along `arcs` with their positive weights; from a node without arcs one starts anew.

    The equations are solved by Gauss and Seidel's method until nothing moves by more than 1e-13 of the whole, always to the same
    bits. NetworkX needs SciPy for it; of igraph's ways one fails at times (igraph issue 1641), the other runs in threads and
    gives other bits each time.
    """
    leaving: list[list[float]] = [[] for _ in range(size)]
    for (source, _), weight in arcs.items():
        leaving[source].append(weight)
    whole = [math.fsum(weights) for weights in leaving]
    into: list[tuple[list[int], list[float]]] = [([], []) for _ in range(size)]
    for (source, target), weight in arcs.items():
        into[target][0].append(source)
        into[target][1].append(DAMPING * weight / whole[source])
    ranks, moved = [1.0] * size, 1.0
    while moved > 1e-13 * math.fsum(ranks):
        before = ranks.copy()
        for node, (sources, shares) in enumerate(into):
            ranks[node] = 1 + math.fsum(map(mul, shares, map(ranks.__getitem__, sources)))
        moved = math.fsum(map(abs, map(sub, ranks, before)))
    total = math.fsum(ranks)
    return [rank / total for rank in ranks]


def _ties(graph: Network, order: list[str]) -> Iterator[_Tie]:
    place = {node: number for number, node in enumerate(order)}
    for source, target, columns in graph.edges(data=True):
        directed = graph.is_directed() and columns.get("directed", True)
        yield _Tie(place[source], place[target], directed, columns["weight"])


def _degrees(size: int, ties: list[_Tie]) -> dict[str, Iterable[int | float]]:
    out, into, both = Counter[int](), Counter[int](), Counter[int]()
    weights: list[list[float]] = [[] for _ in range(size)]
    for tie in ties:
        for end in tie[:2]:
            both[end] += 1
            weights[end].append(tie.weight)
        out.update([tie.source] if tie.directed else tie[:2])
        into.update([tie.target] if tie.directed else tie[:2])
    counted = {"degree": both, "degree_in": into, "degree_out": out}
    columns: dict[str, Iterable[int | float]] = {name: [found[node] for node in range(size)] for name, found in counted.items()}
    return columns | {"degree_weighted": [_rounded(math.fsum(found), 6) for found in weights]}


def _arcs(ties: list[_Tie]) -> dict[large.Tie, float]:
    """The weight by which each node leads to each; an undirected loop leads to its node once, as any loop does."""
    there = [((tie.source, tie.target), tie.weight) for tie in ties]
    back = [((tie.target, tie.source), tie.weight) for tie in ties if not tie.directed and tie.source != tie.target]
    return _summed([*there, *back])


def _bonds(ties: list[_Tie]) -> dict[large.Tie, float]:
    return _summed(((min(tie[:2]), max(tie[:2])), tie.weight) for tie in ties)


def _summed(weights: Iterable[tuple[large.Tie, float]]) -> dict[large.Tie, float]:
    """The sum of the positive weights of each pair, pairs in their order, the same in whatever order the weights come."""
    held: dict[large.Tie, list[float]] = {}
    for pair, weight in weights:
        if weight > 0:
            held.setdefault(pair, []).append(weight)
    return {pair: math.fsum(found) for pair, found in sorted(held.items())}


def _rounded(value: float, decimals: int) -> float:
    """Round so that values that should be equal become equal, also where they lie half way: the last bits go first."""
    return round(round(value, decimals + 6), decimals) + 0.0


def _numbered(groups: Sequence[Hashable]) -> list[int]:
    """Each node's group as its number: by size, then by its first node."""
    first = {group: node for node, group in reversed(list(enumerate(groups)))}
    sizes = Counter(groups)
    numbers = {group: number for number, group in enumerate(sorted(first, key=lambda each: (-sizes[each], first[each])), 1)}
    return [numbers[group] for group in groups]


def _plain(size: int, ties: Simple) -> networkx.Graph:
    plain = networkx.Graph()
    plain.add_nodes_from(range(size))
    plain.add_edges_from(ties)
    return plain


def _betweenness(size: int, ties: Simple) -> list[float]:
    found = networkx.betweenness_centrality(_plain(size, ties), normalized=False)
    return [found[node] for node in range(size)]


def _cores(size: int, ties: Simple) -> list[int]:
    found = networkx.core_number(_plain(size, ties))
    return [found[node] for node in range(size)]


def _components(size: int, ties: Simple) -> list[int]:
    parts = enumerate(networkx.connected_components(_plain(size, ties)))
    found = {node: number for number, part in parts for node in part}
    return [found[node] for node in range(size)]


Engine = Mapping[str, Callable[[int, Simple], list[int] | list[float]]]
"""Column to what finds it for all nodes, given how many there are and their ties."""

BY_NETWORKX: Engine = {"betweenness": _betweenness, "core": _cores, "component": _components}
BY_IGRAPH: Engine = {"betweenness": large.betweenness, "core": large.cores, "component": large.components}
