"""Nodes at their places on earth, and those without one near what they are tied to."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence

import numpy as np

from pbgraph.layout.apart import apart
from pbgraph.layout.packing import PAGE
from pbgraph.layout.parts import TIE, Points, neighbours
from pbgraph.layout.stress import along_ties, settled

Degrees = Mapping[int, tuple[float, float]]
"""Longitude and latitude of nodes, by number."""

ENOUGH = 0.75
"""The share of places that the scale leaves room for beside the place nearest to them; others are pushed apart."""

LARGEST = 2.0
"""How many pages wide a map may become for that."""

NEAR = 0.65
"""Nodes without a place stand this much nearer to those they are tied to than elsewhere: they are there because of them."""

STAYING = 0.1
"""How readily a place gives way to another, where other nodes do with 1."""

EXACT = 600
"""Up to so many nodes, those without a place are set by their distances from all others; of more, by their neighbours alone."""

SWEEPS = 60
ROUNDS = 200


def mapped(degrees: Degrees, ties: Mapping[tuple[int, int], float], reach: Sequence[tuple[float, float]]) -> Points:
    """Points for nodes of which at least one is in `degrees` and each other is tied to such a one, if through others.

    `ties` holds weights; `reach` is half of what nodes take with their labels (pixels). Places keep their proportions, but
    for what gives way to labels.
    """
    room = np.array(reach, dtype=float)
    located = sorted(degrees)
    places = projected([degrees[node] for node in located])
    places *= _scale(places, room[located])
    points = np.zeros((len(reach), 2))
    points[located] = places
    others = [node for node in range(len(reach)) if node not in degrees]
    if others:
        _lean(points, located, others, ties)
        _around_homes(points, located, others, list(ties))
    if others and len(reach) <= EXACT:
        known = {(one, other): math.dist(points[one], points[other]) for one in located for other in located if one < other}
        distances = along_ties(neighbours(len(reach), list(ties)), NEAR, known)
        points = settled(distances[:, :, None], points[:, :, None], SWEEPS, others)[:, :, 0]
    moving = np.ones(len(reach))
    moving[located] = STAYING
    return apart(points, room, ROUNDS, moving)


def projected(degrees: Sequence[tuple[float, float]]) -> Points:
    """Longitudes and latitudes as points around 0 in true proportions (equirectangular, the middle latitude to scale).

    The unit is one degree of latitude. What lies to both sides of the 180th meridian stays together.
    """
    lines = np.array(degrees, dtype=float)
    ordered = np.sort(lines[:, 0])
    gaps = np.append(np.diff(ordered), ordered[0] + 360 - ordered[-1])
    widest = int(gaps.argmax())
    if widest < len(gaps) - 1 and gaps[widest] > 180:
        lines[lines[:, 0] <= ordered[widest], 0] += 360
    low, high = lines.min(axis=0), lines.max(axis=0)
    middle = (low + high) / 2
    projection: Points = (lines - middle) * (max(math.cos(math.radians(middle[1])), 0.05), 1.0)
    return projection


def _scale(places: Points, room: Points) -> float:
    """Pixels for a degree: such that most places have room beside the nearest, and the map is neither tiny nor huge."""
    wide, high = places.max(axis=0) - places.min(axis=0)
    page = PAGE / max(wide, high, 1e-9)
    wanted = []
    for place, own in zip(places, room, strict=True):
        away = np.abs(places - place)
        apart_here = away.max(axis=1) > 0
        if apart_here.any():
            needed = (own + room[apart_here]) / np.maximum(away[apart_here], 1e-9)
            wanted.append(float(needed.min(axis=1).max()))
    return float(np.clip(np.quantile(wanted, ENOUGH), page, page * LARGEST)) if wanted else 1.0


def _lean(points: Points, located: Sequence[int], others: Sequence[int], ties: Mapping[tuple[int, int], float]) -> None:
    """Put each of `others` into the weighted middle of those it is tied to (Tutte, 1963)."""
    if not ties:
        return
    pairs = np.array([tie for tie in ties if tie[0] != tie[1]], dtype=np.int64)
    weights = np.array([weight for tie, weight in ties.items() if tie[0] != tie[1]])
    one, other = np.concatenate([pairs, pairs[:, ::-1]]).T
    weights = np.tile(weights, 2)
    totals = np.bincount(one, weights, len(points))
    points[others] = points[located].mean(axis=0)
    for _ in range(SWEEPS):
        middles = np.stack([np.bincount(one, weights * points[other, axis], len(points)) for axis in (0, 1)], axis=1)
        points[others] = (points[others] + middles[others] / totals[others][:, None]) / 2


def _around_homes(points: Points, located: Sequence[int], others: Sequence[int], ties: Sequence[tuple[int, int]]) -> None:
    """Move nodes that share the nearest place apart, along a spiral as of sunflower seeds (Vogel, 1979)."""
    around = neighbours(len(points), ties)
    home = {node: node for node in located}
    waiting = deque(located)
    while waiting:
        node = waiting.popleft()
        for other in around[node]:
            if other not in home:
                home[other] = home[node]
                waiting.append(other)
    ranks = dict.fromkeys(located, 0)
    for node in others:
        ranks[home[node]] += 1
        turn, far = ranks[home[node]] * math.pi * (3 - math.sqrt(5)), NEAR * TIE / 2 * math.sqrt(ranks[home[node]])
        points[node] += (far * math.cos(turn), far * math.sin(turn))
