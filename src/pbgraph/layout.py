"""Where the nodes of a network stand: each connected part on its own, the parts side by side."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pbgraph.packing import pack

Points = NDArray[np.float64]

TIE = 132.0
"""The length of a tie in a small part, in the picture's units (pixels at 100%)."""

STRETCH = 1.3
"""Labels run sideways, so parts are drawn this much wider than high."""

EXACT = 600
"""The largest part, in nodes, whose distances are all weighed; beyond it the tree below stands as it is."""

SWEEPS = 60
"""How often each node is moved; beyond that the picture no longer changes to the eye."""


@dataclass(frozen=True)
class Part:
    """A connected part: its ties as pairs of node numbers; half the width and height each node takes with its label."""

    ties: Sequence[tuple[int, int]]
    reach: Sequence[tuple[float, float]]


def arrange(parts: Sequence[Part]) -> list[Points]:
    """Give each part's nodes x and y (y grows upward), around 0, the highest part top left; no chance is involved.

    A part is drawn so that distances on paper are proportional to distances along ties ("stress majorization": Gansner,
    Koren and North, 2004), starting from a tree; then nodes that cover each other's labels are pushed apart.
    """
    drawn = [_forward(part, _apart(part, _drawn(part))) for part in parts]
    boxes = [_box(part, points) for part, points in zip(parts, drawn, strict=True)]
    centres = pack([(right - left, top - bottom) for left, bottom, right, top in boxes])
    return [
        points + np.array([x - (left + right) / 2, -y - (bottom + top) / 2])
        for points, (left, bottom, right, top), (x, y) in zip(drawn, boxes, centres, strict=True)
    ]


def _box(part: Part, points: Points) -> tuple[float, float, float, float]:
    reach = np.array(part.reach, dtype=float)
    low, high = (points - reach).min(axis=0), (points + reach).max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _drawn(part: Part) -> Points:
    size = len(part.reach)
    if size == 1:
        return np.zeros((1, 2))
    around = _neighbours(part)
    start = _tree(around)
    if size > EXACT:
        return start * (STRETCH, 1.0)
    return _level(_settled(_distances(around), start)) * (STRETCH, 1.0)


def _neighbours(part: Part) -> list[list[int]]:
    around: list[set[int]] = [set() for _ in part.reach]
    for one, other in part.ties:
        if one != other:
            around[one].add(other)
            around[other].add(one)
    return [sorted(found) for found in around]


def _tree(around: list[list[int]]) -> Points:
    """Draw the shortest ways from the best connected node outward; a branch of more leaves gets a wider sector."""
    root = max(range(len(around)), key=lambda node: (len(around[node]), -node))
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


def _branches(around: list[list[int]], root: int) -> tuple[list[list[int]], list[int]]:
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


def _distances(around: list[list[int]]) -> Points:
    """How far nodes are from each other along ties; a tie at a node of many neighbours is longer, to make room."""
    size = len(around)
    distances = np.full((size, size), np.inf)
    np.fill_diagonal(distances, 0.0)
    for node, neighbours in enumerate(around):
        for other in neighbours:
            distances[node, other] = TIE * max(1.0, math.sqrt(max(len(neighbours), len(around[other])) / 6))
    for via in range(size):
        np.minimum(distances, distances[:, via, None] + distances[None, via], out=distances)
    return distances


def _settled(distances: Points, points: Points) -> Points:
    weights = 1.0 / np.square(np.where(distances > 0, distances, np.inf))
    totals = weights.sum(axis=1)
    points = points.copy()
    for _ in range(SWEEPS):
        for node in range(len(points)):
            away = points[node] - points
            length = np.maximum(np.sqrt(np.square(away).sum(axis=1)), 1e-6)
            wanted = points + away * (distances[node] / length)[:, None]
            points[node] = (weights[node][:, None] * wanted).sum(axis=0) / totals[node]
    return points


def _level(points: Points) -> Points:
    """Turn the points so that they spread most from left to right (the first principal axis)."""
    x, y = (points - points.mean(axis=0)).T
    across, along = 2 * float((x * y).sum()), float((x * x - y * y).sum())
    if math.hypot(across, along) < 0.05 * float((x * x + y * y).sum()):
        return points
    angle = math.atan2(across, along) / 2
    cos, sin = math.cos(angle), math.sin(angle)
    return np.stack([x * cos + y * sin, y * cos - x * sin], axis=1)


def _apart(part: Part, points: Points) -> Points:
    """Push nodes apart whose boxes overlap, sideways or up and down, whichever is shorter."""
    if not 1 < len(points) <= EXACT:
        return points
    reach = np.array(part.reach, dtype=float)
    needed = reach[:, None, :] + reach[None, :, :]
    numbers = np.arange(len(points))
    order = np.sign(numbers[:, None] - numbers[None, :])[:, :, None]
    points = points.copy()
    for _ in range(SWEEPS):
        away = points[:, None, :] - points[None, :, :]
        overlap = needed - np.abs(away)
        overlap[(overlap <= 0.01).any(axis=2)] = 0.0
        overlap[numbers, numbers] = 0.0
        if not overlap.any():
            break
        sideways = overlap[:, :, 0] <= overlap[:, :, 1]
        chosen = overlap * np.stack([sideways, ~sideways], axis=2)
        points += (np.where(away == 0, order, np.sign(away)) * chosen).sum(axis=1) * 0.3
    return points


def _forward(part: Part, points: Points) -> Points:
    """Mirror the part, if need be, so that its ties rather run to the right than to the left."""
    if sum(points[target][0] - points[source][0] for source, target in part.ties) < -0.01:
        return points * (-1.0, 1.0)
    return points
