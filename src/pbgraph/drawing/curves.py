"""The lines of a picture: cubic Bézier curves from node to node, cut where the nodes' shapes begin."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

from pbgraph.drawing.placement import Point, Segment

Curve = tuple[Point, Point, Point, Point]
Inside = Callable[[Point], bool]

STEPS = 12
BEND = 46.0
"""How far apart parallel ties run, in pixels."""


def tie(source: Point, target: Point, lane: float) -> Curve:
    """A curve between two points; `lane` 0 is straight, others bow aside, a negative one to the other side."""
    run, rise = target[0] - source[0], target[1] - source[1]
    far = math.hypot(run, rise) or 1.0
    aside = (-rise / far * lane * BEND, run / far * lane * BEND)
    return (
        source,
        (source[0] + run / 3 + aside[0], source[1] + rise / 3 + aside[1]),
        (source[0] + run * 2 / 3 + aside[0], source[1] + rise * 2 / 3 + aside[1]),
        target,
    )


def loop(centre: Point, size: float, lane: float) -> Curve:
    """A curve from a point back to itself, above it; each further lane is a wider one."""
    x, y = centre
    wide, high = size * (2.2 + lane), size * (4.0 + 2.6 * lane)
    return centre, (x - wide, y - high), (x + wide, y - high), centre


def at(curve: Curve, share: float) -> Point:
    """The point of the curve at `share` (0 to 1) of its parameter."""
    rest = 1 - share
    parts = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
    return (
        sum(part * point[0] for part, point in zip(parts, curve, strict=True)),
        sum(part * point[1] for part, point in zip(parts, curve, strict=True)),
    )


def cut(curve: Curve, source: Inside, target: Inside) -> Curve:
    """The piece of the curve between the shape it starts in and the shape it ends in (the middle, if they touch)."""
    begin, end = _leaving(curve, source, 0.0), _leaving(curve, target, 1.0)
    return _piece(curve, begin, end) if begin < end else _piece(curve, 0.49, 0.51)


def _leaving(curve: Curve, inside: Inside, start: float) -> float:
    within, outside = start, 0.5
    for _ in range(24):
        middle = (within + outside) / 2
        if inside(at(curve, middle)):
            within = middle
        else:
            outside = middle
    return outside


def _piece(curve: Curve, begin: float, end: float) -> Curve:
    first, last = at(curve, begin), at(curve, end)
    third = (end - begin) / 3
    leave, arrive = _slope(curve, begin), _slope(curve, end)
    return (
        first,
        (first[0] + leave[0] * third, first[1] + leave[1] * third),
        (last[0] - arrive[0] * third, last[1] - arrive[1] * third),
        last,
    )


def _slope(curve: Curve, share: float) -> Point:
    rest = 1 - share
    parts = (3 * rest**2, 6 * rest * share, 3 * share**2)
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(curve)]
    return (
        sum(part * step[0] for part, step in zip(parts, steps, strict=True)),
        sum(part * step[1] for part, step in zip(parts, steps, strict=True)),
    )


def segments(curve: Curve) -> list[Segment]:
    """The curve as short straight pieces; one, if it is straight."""
    (x, y), (to_x, to_y) = curve[0], curve[3]
    if all(abs((to_x - x) * (one[1] - y) - (to_y - y) * (one[0] - x)) < 1.0 for one in curve[1:3]) and curve[0] != curve[3]:
        return [(curve[0], curve[3])]
    points = [at(curve, step / STEPS) for step in range(STEPS + 1)]
    return list(pairwise(points))


def arrow(curve: Curve, length: float, width: float) -> tuple[Point, Point, Point]:
    """The three corners of an arrow head whose tip is the curve's end."""
    (back_x, back_y), (tip_x, tip_y) = curve[2], curve[3]
    run, rise = tip_x - back_x, tip_y - back_y
    far = math.hypot(run, rise) or 1.0
    run, rise = run / far, rise / far
    foot = (tip_x - run * length, tip_y - rise * length)
    side = (-rise * width / 2, run * width / 2)
    return curve[3], (foot[0] + side[0], foot[1] + side[1]), (foot[0] - side[0], foot[1] - side[1])
