"""Boxes that cover each other are pushed apart, each as little as will do."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from pbgraph.layout.parts import Points

Numbers = NDArray[np.int64]

FEW = 64
"""Up to so many boxes, each is held against each; of more, only those in neighbouring cells of a grid."""

SHARE = 0.4
"""How much of an overlap two boxes give way in one round; several at once would else throw a box too far."""

LEAST = 0.01
"""An overlap that counts, in pixels."""


def apart(points: Points, reach: Points, rounds: int, moving: Points | None = None) -> Points:
    """Push boxes apart that overlap, sideways or up and down, whichever is shorter, at most so many rounds.

    `points` are their middles, `reach` half their widths and heights (pixels). `moving` says how readily each gives way, 1 if
    not given: of two, the one with the greater number moves more, one of 0 does not move.
    """
    points = points.copy()
    if len(points) < 2:
        return points
    yielding = np.ones(len(points)) if moving is None else moving
    for _ in range(rounds):
        one, other = _near(points, reach)
        away = points[one] - points[other]
        overlap = reach[one] + reach[other] - np.abs(away)
        covering = (overlap > LEAST).all(axis=1)
        one, other, away, overlap = one[covering], other[covering], away[covering], overlap[covering]
        if not len(one):
            break
        sideways = overlap[:, 0] <= overlap[:, 1]
        push = np.where(away < 0, -overlap, overlap) * np.stack([sideways, ~sideways], axis=1) * 2 * SHARE
        shares = yielding[one] / np.maximum(yielding[one] + yielding[other], 1e-9)
        _move(points, one, push * shares[:, None], reach)
        _move(points, other, -push * (1 - shares)[:, None] * (yielding[other] > 0)[:, None], reach)
    return points


def _move(points: Points, nodes: Numbers, push: Points, reach: Points) -> None:
    for axis in (0, 1):
        moved = np.bincount(nodes, push[:, axis], len(points))
        points[:, axis] += np.clip(moved, -2 * reach[:, axis], 2 * reach[:, axis])


def _near(points: Points, reach: Points) -> tuple[Numbers, Numbers]:
    """Pairs of boxes that may overlap, the first number the lower one."""
    if len(points) <= FEW:
        return _each(len(points))
    cell = 2 * reach.max(axis=0)
    column, row = np.floor((points - points.min(axis=0)) / cell).astype(np.int64).T
    columns = int(column.max()) + 3
    keys = row * columns + column
    order = np.argsort(keys, kind="stable")
    lined = keys[order]
    found = []
    for step in (0, 1, columns - 1, columns, columns + 1):
        first = np.searchsorted(lined, lined + step, side="left")
        number = np.searchsorted(lined, lined + step, side="right") - first
        ones = np.repeat(order, number)
        ranks = np.arange(len(ones)) - np.repeat(np.cumsum(number) - number, number)
        others = order[np.repeat(first, number) + ranks]
        kept = ones < others if step == 0 else np.full(len(ones), True)
        found.append((ones[kept], others[kept]))
    pairs = np.concatenate([np.stack([ones, others]) for ones, others in found], axis=1)
    return pairs.min(axis=0), pairs.max(axis=0)


@cache
def _each(size: int) -> tuple[Numbers, Numbers]:
    one, other = np.triu_indices(size, 1)
    return one, other
