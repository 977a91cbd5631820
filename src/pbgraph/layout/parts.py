"""A connected part of a network as numbers, and what all ways to lay it out need to know of it."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""A row with x and y for each node, in the picture's units (pixels at 100%); y grows upward."""

Around = list[list[int]]
"""The neighbours of each node, sorted, itself not among them."""

TIE = 132.0
"""The length of a tie in a small part, in the picture's units."""


@dataclass(frozen=True)
class Part:
    """A connected part: its ties as pairs of node numbers; half the width and height each node takes with its label."""

    ties: Sequence[tuple[int, int]]
    reach: Sequence[tuple[float, float]]


class Known:
    """Points that an `earlier` layout found, by digests of what they depend on: they need not be found again."""

    def __init__(self, earlier: Mapping[bytes, Points] | None = None) -> None:
        self._earlier = earlier or {}
        self.used: dict[bytes, Points] = {}

    def all(self, keys: Sequence[object], make: Callable[[list[int]], Sequence[Points]]) -> list[Points]:
        """The points for each key, whose `repr` tells all that they depend on; `make` finds those for keys of some numbers."""
        names = [blake2b(repr(key).encode(), digest_size=16).digest() for key in keys]
        new: dict[bytes, int] = {}
        for number, name in enumerate(names):
            if name not in self._earlier:
                new.setdefault(name, number)
        made = dict(zip(new, make([*new.values()]) if new else (), strict=True))
        found = [made[name] if name in made else self._earlier[name] for name in names]
        self.used.update(zip(names, found, strict=True))
        return found


def neighbours(size: int, ties: Sequence[tuple[int, int]]) -> Around:
    """Who is tied to whom, of nodes numbered below `size`."""
    around: list[set[int]] = [set() for _ in range(size)]
    for one, other in ties:
        if one != other:
            around[one].add(other)
            around[other].add(one)
    return [sorted(found) for found in around]


def length(one: int, other: int) -> float:
    """How long a tie should be between nodes of so many neighbours, in the picture's units: longer at a busy one."""
    return TIE * max(1.0, math.sqrt(max(one, other) / 6))


def radial(around: Around, rank: int = 0) -> Points:
    """Draw the shortest ways from the best connected node outward; a branch of more leaves gets a wider sector.

    Of another `rank`, from the next best connected node, and so on.
    """
    root = sorted(range(len(around)), key=lambda node: (-len(around[node]), node))[rank]
    branches, order = _branches(around, root)
    leaves = [0] * len(around)
    for node in reversed(order):
        leaves[node] = max(1, sum(leaves[branch] for branch in branches[node]))
    points = np.zeros((len(around), 2))
    sectors = {root: (0.0, math.tau, 0)}
    ring = max(TIE, leaves[root] * TIE / math.tau / 3)
    for node in order:
        begin, extent, depth = sectors[node]
        middle = begin + extent / 2
        points[node] = (ring * depth * math.cos(middle), ring * depth * math.sin(middle))
        for branch in branches[node]:
            share = extent * leaves[branch] / leaves[node]
            sectors[branch] = (begin, share, depth + 1)
            begin += share
    return points


def _branches(around: Around, root: int) -> tuple[list[list[int]], list[int]]:
    branches: list[list[int]] = [[] for _ in around]
    order, seen, waiting = [], {root}, deque([root])
    while waiting:
        node = waiting.popleft()
        order.append(node)
        for other in around[node]:
            if other not in seen:
                seen.add(other)
                branches[node].append(other)
                waiting.append(other)
    return branches, order


def level(points: Points) -> Points:
    """Turn the points so that they spread most from left to right (the first principal axis)."""
    x, y = (points - points.mean(axis=0)).T
    across, along = 2 * float((x * y).sum()), float((x * x - y * y).sum())
    if math.hypot(across, along) < 0.05 * float((x * x + y * y).sum()):
        return points
    angle = math.atan2(across, along) / 2
    cos, sin = math.cos(angle), math.sin(angle)
    return np.stack([x * cos + y * sin, y * cos - x * sin], axis=1)


def forward(part: Part, points: Points) -> Points:
    """Mirror the part, if need be, so that its ties rather run to the right than to the left."""
    if sum(points[target][0] - points[source][0] for source, target in part.ties) < -0.01:
        return points * (-1.0, 1.0)
    return points


def box(reach: Sequence[tuple[float, float]], points: Points) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of what nodes take with their labels."""
    room = np.array(reach, dtype=float)
    low, high = (points - room).min(axis=0), (points + room).max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
