"""Small parts: distances on paper are made proportional to distances along ties, many parts of one size at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from pbgraph.layout.parts import Around, Points, length, level, neighbours, radial

SWEEPS = 60
"""How often each node is moved; beyond that the picture no longer changes to the eye."""

STARTS = 6
"""How many trees are tried as a start where ties cross."""

COUNTED = 400
"""The most ties whose crossings are counted."""

AT_ONCE = 4_000_000
"""How many distances may be held in memory at once."""

Shape = tuple[int, tuple[tuple[int, int], ...]]
"""A part without its labels: how many nodes, which ties."""

Start = tuple[Shape, int]
"""A shape, and which of its radial trees it starts from."""


def drawn(shapes: Sequence[Shape]) -> list[Points]:
    """Points for each shape, the most room from left to right; a shape's points depend on it alone, not on the others.

    Stress majorization, node by node (Gansner, Koren and North, 2004), starting from a radial tree; where ties cross, from
    others as well, and the one with the fewest crossings is taken.
    """
    alone: Shape = (1, ())
    first = _from_trees([(shape, 0) for shape in sorted(set(shapes) - {alone})])
    found = {alone: np.zeros((1, 2))} | {shape: points for (shape, _), points in first.items()}
    crossed = {shape: _crossings(points, shape[1]) for shape, points in found.items() if shape[0] > 3}
    tangled = sorted(shape for shape, number in crossed.items() if number)
    others = _from_trees([(shape, rank) for shape in tangled for rank in range(1, min(STARTS, shape[0]))])
    for (shape, _), points in others.items():
        if (number := _crossings(points, shape[1])) < crossed[shape]:
            found[shape], crossed[shape] = points, number
    return [found[shape] for shape in shapes]


def _from_trees(starts: Sequence[Start]) -> dict[Start, Points]:
    found: dict[Start, Points] = {}
    for batch in _batches(starts):
        arounds = [(neighbours(*shape), rank) for shape, rank in batch]
        distances = np.stack([along_ties(around) for around, _ in arounds], axis=2)
        points = settled(distances, np.stack([radial(*each) for each in arounds], axis=2), SWEEPS)
        found |= {start: level(points[:, :, number]) for number, start in enumerate(batch)}
    return found


def _batches(starts: Sequence[Start]) -> Iterator[Sequence[Start]]:
    """Shapes of one size together, not too many at once."""
    begin = 0
    for number, ((size, _), _) in enumerate(starts):
        if size != starts[begin][0][0] or (number - begin + 1) * size**2 > AT_ONCE:
            yield starts[begin:number]
            begin = number
    if starts:
        yield starts[begin:]


def _crossings(points: Points, ties: Sequence[tuple[int, int]]) -> int:
    """How many pairs of ties cross; none are counted where they are too many to look at."""
    if len(ties) > COUNTED:
        return 0
    begin, end = (points[[tie[side] for tie in ties]] for side in (0, 1))
    run = end - begin

    def side(others: Points) -> Points:
        """On which side of each tie (row) each of the points is."""
        away = others[None] - begin[:, None]
        sides: Points = np.sign(np.round(run[:, None, 0] * away[:, :, 1] - run[:, None, 1] * away[:, :, 0], 3))
        return sides

    across = side(begin) * side(end) < 0
    return int((across & across.T).sum()) // 2


def along_ties(around: Around, scale: float = 1.0, fixed: Mapping[tuple[int, int], float] | None = None) -> Points:
    """How far nodes are from each other along ties, in the picture's units; a tie at a busy node is longer, to make room.

    Ties are longer by `scale`. `fixed` holds distances that are known otherwise, for pairs of nodes; ways between other nodes
    may lead over them.
    """
    size = len(around)
    distances = np.full((size, size), np.inf)
    np.fill_diagonal(distances, 0.0)
    for node, nearby in enumerate(around):
        for other in nearby:
            distances[node, other] = scale * length(len(nearby), len(around[other]))
    for (one, other), far in (fixed or {}).items():
        distances[one, other] = distances[other, one] = far
    for via in range(size):
        np.minimum(distances, distances[:, via, None] + distances[None, via], out=distances)
    return distances


def settled(distances: Points, points: Points, sweeps: int, moving: Sequence[int] | None = None) -> Points:
    """Move nodes, one after the other, to where they are as far from the others as `distances` say, near ones first of all.

    Both have a third axis, parts of one size side by side. Only the nodes `moving` move, all if not given.
    """
    alone = points.shape[2] == 1
    if alone:  # One column would be added up in another order than many, and come out other in the last digits.
        distances, points = np.repeat(distances, 2, axis=2), np.repeat(points, 2, axis=2)
    weights = 1.0 / np.square(np.where(distances > 0, distances, np.inf))
    totals = weights.sum(axis=1)
    x, y = points[:, 0].copy(), points[:, 1].copy()
    for _ in range(sweeps):
        for node in range(len(points)) if moving is None else moving:
            run, rise = x[node] - x, y[node] - y
            share = distances[node] / np.maximum(np.sqrt(run * run + rise * rise), 1e-6)
            x[node] = (weights[node] * (x + run * share)).sum(axis=0) / totals[node]
            y[node] = (weights[node] * (y + rise * share)).sum(axis=0) / totals[node]
    return np.stack([x, y], axis=1)[:, :, :1] if alone else np.stack([x, y], axis=1)
