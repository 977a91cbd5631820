"""A tidy tree: wholes to the left, what they consist of to the right, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BETWEEN = 12.0
"""The least room between what stands one above the other, in pixels."""

ALONG = 56.0
"""The least length of a tie from left to right that no label stands on, in pixels."""


@dataclass(frozen=True)
class Hung:
    """A tree: its nodes, each after the one it hangs on, and for each the place in `nodes` of that one (-1 for the root)."""

    nodes: list[int]
    above: list[int]


def hang(size: int, ties: Sequence[tuple[int, int]]) -> list[Hung]:
    """Trees of nodes numbered below `size`, ties leading from the part to the whole; branches in the order of their numbers.

    A node with several wholes hangs on the first. Where wholes go round in a circle, its first node is a root.
    """
    wholes: list[int] = [-1] * size
    for part, whole in sorted(ties, reverse=True):
        if part != whole:
            wholes[part] = whole
    for circle in _circles(wholes):
        wholes[min(circle)] = -1
    parts: list[list[int]] = [[] for _ in range(size)]
    for part, whole in enumerate(wholes):
        if whole >= 0:
            parts[whole].append(part)
    return [_hung(root, parts) for root in range(size) if wholes[root] < 0]


def _circles(wholes: Sequence[int]) -> list[list[int]]:
    """The circles among ways upward, each of which no node has more than one."""
    walk = [-1] * len(wholes)
    circles = []
    for start in range(len(wholes)):
        way, node = [], start
        while node >= 0 and walk[node] < 0:
            walk[node] = start
            way.append(node)
            node = wholes[node]
        if node >= 0 and walk[node] == start:
            circles.append(way[way.index(node) :])
    return circles


def _hung(root: int, parts: Sequence[Sequence[int]]) -> Hung:
    nodes, above = [root], [-1]
    for place, node in enumerate(nodes):  # The list grows while it is gone through.
        nodes.extend(parts[node])
        above.extend([place] * len(parts[node]))
    return Hung(nodes, above)


def tidy(hung: Hung, halves: Sequence[float]) -> list[float]:
    """How far each of the tree's nodes stands above the root (pixels), given half the height that each of them takes.

    Branches are alike wherever they hang, and nothing stands nearer than it must (Reingold and Tilford, 1981; widths as in van
    der Ploeg, 2014). Branches as far up as they go and as far down as they go are both such trees; their middle is even.
    """
    branches: list[list[int]] = [[] for _ in hung.nodes]
    for place, above in enumerate(hung.above):
        if above >= 0:
            branches[above].append(place)
    up = _fallen(hung.above, branches, halves)
    down = _fallen(hung.above, [each[::-1] for each in branches], halves)
    return [(low - high) / 2 for high, low in zip(up, down, strict=True)]


def columns(hung: Hung, lefts: Sequence[float], rights: Sequence[float]) -> list[float]:
    """Where each node stands from left to right (pixels, the root at 0), given how far it reaches to either side."""
    depths: list[int] = []
    for above in hung.above:
        depths.append(depths[above] + 1 if above >= 0 else 0)
    before, behind = [0.0] * (max(depths) + 1), [0.0] * (max(depths) + 1)
    for depth, left, right in zip(depths, lefts, rights, strict=True):
        before[depth], behind[depth] = max(before[depth], left), max(behind[depth], right)
    places = [0.0]
    for right, left in zip(behind, before[1:], strict=False):
        places.append(places[-1] + right + ALONG + left)
    return [places[depth] for depth in depths]


class _Outline:
    """How far up and down a branch reaches in each column, the last column first; all of it can be moved at once."""

    def __init__(self) -> None:
        self.high: list[float] = []
        self.low: list[float] = []
        self.moved = 0.0

    def topped(self, half: float) -> _Outline:
        """The branch with the node at 0 that it hangs on."""
        self.high.append(-half - self.moved)
        self.low.append(half - self.moved)
        return self

    def below(self, other: _Outline) -> float:
        """How far `other` must be moved down to stand below this, BETWEEN kept in every column."""
        common = min(len(self.low), len(other.high))
        apart = max(low - high for low, high in zip(self.low[-common:], other.high[-common:], strict=True))
        return apart + self.moved - other.moved + BETWEEN

    def joined(self, other: _Outline) -> _Outline:
        """Both as one, `other` being the lower; the longer one is made use of."""
        apart = other.moved - self.moved
        if len(self.low) >= len(other.low):
            self.low[len(self.low) - len(other.low) :] = [value + apart for value in other.low]
            return self
        other.high[len(other.high) - len(self.high) :] = [value - apart for value in self.high]
        return other


def _fallen(above: Sequence[int], branches: Sequence[Sequence[int]], halves: Sequence[float]) -> list[float]:
    """How far below the root each node stands, if each branch is as far up as it goes."""
    shifts = [0.0] * len(above)
    outlines: dict[int, _Outline] = {}
    for place in reversed(range(len(above))):
        whole = _Outline()
        for number, branch in enumerate(branches[place]):
            other = outlines.pop(branch)
            if number:
                shifts[branch] = whole.below(other)
                other.moved += shifts[branch]
            whole = whole.joined(other) if number else other
        if branches[place]:
            middle = shifts[branches[place][-1]] / 2
            for branch in branches[place]:
                shifts[branch] -= middle
            whole.moved -= middle
        outlines[place] = whole.topped(halves[place])
    for place, whole_place in enumerate(above):
        if whole_place >= 0:
            shifts[place] += shifts[whole_place]
    return shifts
