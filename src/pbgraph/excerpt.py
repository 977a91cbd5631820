"""The part of a network that a picture can show: what holds together most."""

from __future__ import annotations

from pbgraph.graphs import Network

MOST = 300
"""So many nodes at most are drawn: of more, neither names nor ties could be told from each other on a page."""


def excerpt(graph: Network, most: int = MOST) -> set[str]:
    """The nodes of a measured network that its picture shows: all, if there are not more than `most`.

    Of a larger one these are its connected parts, the largest first, as many as there is room for. Where the first is too large
    by itself, nodes with the fewest ties are left out again and again, as cores are found (Batagelj and Zaversnik 2003).
    """
    parts: dict[int, list[str]] = {}
    for node, columns in graph.nodes(data=True):
        parts.setdefault(columns["component"], []).append(node)
    found: list[str] = []
    for _, part in sorted(parts.items()):
        if len(found) + len(part) > most:
            break
        found += part
    return set(found) if found or not parts else _innermost(graph, parts[1], most)


def _innermost(graph: Network, part: list[str], most: int) -> set[str]:
    """The nodes of a part that stay longest; of those that leave together, the ones with the most ties."""
    left: dict[str, set[str]] = {node: set() for node in part}
    for source, target in graph.edges():
        if source in left and source != target:
            left[source].add(target)
            left[target].add(source)
    busy = {node: len(ties) for node, ties in left.items()}
    leaving: list[str] = []
    while len(left) > most:
        fewest = min(map(len, left.values()))
        leaving = [node for node, ties in left.items() if len(ties) == fewest]
        for node in leaving:
            for other in left.pop(node):
                left[other].remove(node)
    leaving.sort(key=lambda node: (-busy[node], node))
    return {*left, *leaving[: most - len(left)]}
