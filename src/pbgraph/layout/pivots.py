"""Large parts: first the whole after its distances from a few nodes, then each node among its neighbours."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pbgraph import large
from pbgraph.layout.parts import TIE, Known, Part, Points, level

PIVOTS = 50
"""How many nodes the distances of all are taken from; each is the one that is farthest from those before it."""

SWEEPS = 15
ROUNDS = 50

LONG = 4.0
"""The length of a tie when springs begin, in their own units, in which each node has a square of 1."""

WITHIN = 0.4
"""How wide the part is then at least, in the side of a square of one unit for each node: the closer, the longer springs take.
Both were best of the figures in bench/layout.py."""

CROWDED = 0.4
"""What share of the paper labels may take, before they are pushed apart."""


def drawn(part: Part, known: Known) -> Points:
    """Points for a part of many nodes, the most room from left to right, on a scale on which labels have room."""
    size, ties = len(part.reach), sorted({(min(tie), max(tie)) for tie in part.ties if tie[0] != tie[1]})
    points = known.all([(size, ties)], lambda _: [_spread(size, ties)])[0]
    wanted = float(np.prod(2 * np.array(part.reach), axis=1).sum()) / CROWDED
    return level(points * max(1.0, wanted**0.5 / _width(points)))


def _spread(size: int, ties: Sequence[large.Tie]) -> Points:
    """Points for nodes that are tied so, ties about as long as they should be.

    Classical scaling to distances from pivots (Brandes and Pich, 2007), then stress with pivots standing for the nodes around
    them (Ortmann, Klimenta and Brandes, 2016), then springs, which spread what has equal distances.
    """
    ends = np.array(ties, dtype=np.int64)
    pivots, distances = _measured(size, ties, ends)
    points = _relaxed(_scaled(distances), pivots, distances, ends)
    # The last digits of products of matrices differ between machines, and springs would make more of that.
    scale = max(LONG / max(_median(points, ends), 1e-9), WITHIN * size**0.5 / _width(points))
    start = np.round((points - np.median(points, axis=0)) * scale, 6)
    spread = np.array(large.spread(size, ties, start.tolist(), ROUNDS))
    found: Points = spread * (TIE / max(_median(spread, ends), 1e-9))
    return found


def _width(points: Points) -> float:
    """The side of a square as large as what nearly all points fill; a thin line counts for something, too."""
    low, high = np.percentile(points, (1, 99), axis=0)
    wide, high = sorted((high - low).tolist(), reverse=True)
    return max(math.sqrt(wide * max(high, wide / 16)), 1e-9)


def _median(points: Points, ends: NDArray[np.int64]) -> float:
    return float(np.median(np.sqrt(np.square(points[ends[:, 0]] - points[ends[:, 1]]).sum(axis=1))))


def _measured(size: int, ties: Sequence[large.Tie], ends: NDArray[np.int64]) -> tuple[list[int], Points]:
    """The pivots, the first the node with most ties, and a row for each with the distances from it, in ties."""
    pivots = [int(np.bincount(ends.ravel(), minlength=size).argmax())]
    rows: list[Points] = []
    nearest = np.full(size, np.inf)
    for row in large.distances(size, ties, pivots):  # More pivots are added while the rows come.
        rows.append(np.array(row))
        nearest = np.minimum(nearest, rows[-1])
        if len(pivots) < min(PIVOTS, size):
            pivots.append(int(nearest.argmax()))
    return pivots, np.array(rows)


def _scaled(distances: Points) -> Points:
    """The two axes along which the distances differ most; equal distances are told apart by a little, by number."""
    squares = np.square(distances)
    rows = squares.mean(axis=1)[:, None] + squares.mean(axis=0)[None, :] - squares - squares.mean()
    _, axes = np.linalg.eigh(rows @ rows.T)
    axes = axes[:, [-1, -2]]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), (0, 1)])
    points: Points = (axes.T @ rows).T
    turns = np.arange(len(points)) * (np.pi * (3 - np.sqrt(5)))
    points /= max(float(np.abs(points).max()), 1e-9)
    return points + 1e-3 * np.stack([np.cos(turns), np.sin(turns)], axis=1)


def _relaxed(points: Points, pivots: list[int], distances: Points, ends: NDArray[np.int64]) -> Points:
    """Move all nodes at once, each to where it is as far from the pivots and from its neighbours as along ties."""
    size = len(points)
    weights = _weights(distances)
    one, other = np.concatenate([ends, ends[:, ::-1]]).T
    totals = weights.sum(axis=0) + np.bincount(one, minlength=size)
    lengths = np.stack([_far(points - points[pivot]) for pivot in pivots])
    points = points * float((weights * distances * lengths).sum() / (weights * lengths * lengths).sum())
    for _ in range(SWEEPS):
        sums = np.zeros_like(points)
        for pivot, weight, distance in zip(pivots, weights, distances, strict=True):
            away = points - points[pivot]
            sums += weight[:, None] * points[pivot] + (weight * distance / _far(away))[:, None] * away
        away = points[one] - points[other]
        wanted = points[other] + away / _far(away)[:, None]
        points = np.stack([sums[:, axis] + np.bincount(one, wanted[:, axis], size) for axis in (0, 1)], axis=1)
        points /= totals[:, None]
    return points


def _weights(distances: Points) -> Points:
    """How much each pivot weighs for each node: it stands for those around it that are less than half as far from it."""
    region = distances.argmin(axis=0)
    weights = np.zeros_like(distances)
    for number, row in enumerate(distances):
        own = np.sort(row[region == number])
        near = np.searchsorted(own, row / 2, side="right")
        weights[number] = near / np.square(np.where(row > 0, row, np.inf))
    return weights


def _far(away: Points) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = np.maximum(np.sqrt(np.square(away).sum(axis=1)), 1e-9)
    return lengths
