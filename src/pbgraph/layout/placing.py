"""Where the nodes of a network stand: after its ties, on a map, or as trees; what is not tied together stands side by side."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar

import numpy as np

from pbgraph import large
from pbgraph.drawing.lettering import extent
from pbgraph.drawing.scene import shape
from pbgraph.graphs import Network
from pbgraph.layout import maps, pivots, stress, trees
from pbgraph.layout.apart import apart
from pbgraph.layout.packing import pack
from pbgraph.layout.parts import Known, Part, Points, box, forward

How = Literal["ties", "map", "tree"]
Columns = Mapping[str, Any]
Box = tuple[float, float, float, float]

Net = TypeVar("Net", bound=Network)

STRETCH = 1.3
"""Labels run sideways, so parts are drawn this much wider than high."""

EXACT = 600
"""The largest part, in nodes, whose distances are all weighed; in larger ones some nodes stand for many."""

ROUNDS, FEW_ROUNDS = 200, 40
"""How often boxes are pushed apart, in small parts and in large ones, where some overlap stays."""

CLEAR = 6.0
"""The room around a node with its label, in pixels."""

BESIDE = 5.0
"""How far a label is from its node, in pixels."""


def layout(graph: Net, how: How = "ties", known: Known | None = None) -> Net:
    """Give the nodes of `graph` columns `x`, `y` (two decimals, y grows upward) and `size` (radius, pixels); return `graph`.

    `ties`: ties are about equally long. `map`: nodes with the columns `longitude` and `latitude` (degrees) stand there, those
    tied to them near them. `tree`: ties lead from the part to the whole; roots stand left. Parts that are not tied together stand
    side by side, high ones first, like ones by their first id. Positions depend on ids, ties, labels and sizes alone; as long as
    a part does not outgrow its room, no change to it moves another part. Parts that are `known` are not laid out again.
    """
    known = known or Known()
    names = sorted(graph.nodes)
    numbers = {name: number for number, name in enumerate(names)}
    rows = [graph.nodes[name] for name in names]
    ties = [(numbers[source], numbers[target]) for source, target, *_ in graph.edges(keys=True)]
    busy = Counter(end for tie in ties for end in tie)
    for number, row in enumerate(rows):
        row["size"] = radius(busy[number], row.get("number", ""))
    weights = [float(columns.get("weight", 1.0)) for *_, columns in graph.edges(data=True)]
    if how == "tree":
        pieces, boxes = _trees(rows, ties)
    elif how == "map":
        pieces, boxes = _map(rows, ties, weights, known)
    else:
        pieces, boxes = _parts(rows, ties, connected(len(rows), ties), known)
    centres = pack([(right - left, high - low) for left, low, right, high in boxes])
    for (members, points), (left, low, right, high), (x, y) in zip(pieces, boxes, centres, strict=True):
        # Steps of whole pixels keep a part the same to the last digit, wherever it stands.
        moved = np.round(points, 2) + np.round([x - (left + right) / 2, -y - (low + high) / 2])
        for member, (across, up) in zip(members, moved.tolist(), strict=True):
            rows[member].update(x=round(across, 2) + 0.0, y=round(up, 2) + 0.0)
    return graph


Pieces = tuple[list[tuple[list[int], Points]], list[Box]]
"""What is laid out by itself: numbers of nodes with their points; and the box that each takes."""


def radius(ties: int, number: float | str) -> float:
    """The size of a node with so many ties: its area grows with them; one that shows a number has room for it."""
    return round(min(10 + 3.0 * math.sqrt(ties), 40.0) + (4.0 if number else 0.0), 2)


def connected(size: int, ties: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The parts of nodes numbered below `size` that are tied together, each sorted, in the order of their first nodes."""
    parts: dict[int, list[int]] = {}
    for node, part in enumerate(large.components(size, ties)):
        parts.setdefault(part, []).append(node)
    return list(parts.values())


def _parts(rows: Sequence[Columns], ties: Sequence[tuple[int, int]], parts: Sequence[list[int]], known: Known) -> Pieces:
    place = {node: (part, number) for part, members in enumerate(parts) for number, node in enumerate(members)}
    own: list[list[tuple[int, int]]] = [[] for _ in parts]
    for source, target in ties:
        if source in place:
            own[place[source][0]].append((place[source][1], place[target][1]))
    made = [Part(sorted(own[number]), [_reach(rows[node]) for node in members]) for number, members in enumerate(parts)]
    drawn = _drawn(made, known)
    return list(zip(parts, drawn, strict=True)), [box(part.reach, points) for part, points in zip(made, drawn, strict=True)]


def _drawn(parts: Sequence[Part], known: Known) -> list[Points]:
    crowds = {number: pivots.drawn(part, known) for number, part in enumerate(parts) if len(part.reach) > EXACT}

    def pushed(numbers: Sequence[int]) -> list[Points]:
        small = [number for number in numbers if number not in crowds]
        found = crowds | dict(zip(small, stress.drawn([_shape(parts[number]) for number in small]), strict=True))
        return [_pushed(parts[number], found[number], FEW_ROUNDS if number in crowds else ROUNDS) for number in numbers]

    return known.all([(part.ties, part.reach) for part in parts], pushed)


def _shape(part: Part) -> stress.Shape:
    return len(part.reach), tuple(sorted({(min(tie), max(tie)) for tie in part.ties if tie[0] != tie[1]}))


def _pushed(part: Part, points: Points, rounds: int) -> Points:
    return forward(part, apart(points * (STRETCH, 1.0), np.array(part.reach), rounds))


def _map(rows: Sequence[Columns], ties: Sequence[tuple[int, int]], weights: Sequence[float], known: Known) -> Pieces:
    degrees = {
        number: (float(row["longitude"]), float(row["latitude"]))
        for number, row in enumerate(rows)
        if "longitude" in row and "latitude" in row
    }
    parts = connected(len(rows), ties)
    members = sorted(node for part in parts if not degrees.keys().isdisjoint(part) for node in part)
    beside = [part for part in parts if degrees.keys().isdisjoint(part)]
    pieces, boxes = _parts(rows, ties, beside, known)
    if members:
        place = {node: number for number, node in enumerate(members)}
        weighed: dict[tuple[int, int], float] = dict.fromkeys(sorted({_pair(tie, place) for tie in ties if tie[0] in place}), 0.0)
        for tie, weight in zip(ties, weights, strict=True):
            if tie[0] in place:
                weighed[_pair(tie, place)] += max(weight, 1e-3)
        reach = [_reach(rows[node]) for node in members]
        points = maps.mapped({place[node]: where for node, where in degrees.items()}, weighed, reach)
        pieces, boxes = [(members, points), *pieces], [box(reach, points), *boxes]
    return pieces, boxes


def _pair(tie: tuple[int, int], place: Mapping[int, int]) -> tuple[int, int]:
    one, other = place[tie[0]], place[tie[1]]
    return min(one, other), max(one, other)


def _trees(rows: Sequence[Columns], ties: Sequence[tuple[int, int]]) -> Pieces:
    pieces: list[tuple[list[int], Points]] = []
    boxes = []
    for hung in trees.hang(len(rows), ties):
        inner = set(hung.above)
        rooms = [_beside(rows[node]) if place not in inner else _below(rows[node]) for place, node in enumerate(hung.nodes)]
        lefts, rights, halves = ([each[side] for each in rooms] for side in range(3))
        across, up = trees.columns(hung, lefts, rights), trees.tidy(hung, halves)
        # Above the first and below the last there may be labels, too.
        points = np.stack([across, up], axis=1)
        _, low, _, high = box([_reach(rows[node]) for node in hung.nodes], points)
        boxes.append((float((points[:, 0] - lefts).min()), low, float((points[:, 0] + rights).max()), high))
        pieces.append((hung.nodes, points))
    return pieces, boxes


def _half(columns: Columns) -> tuple[float, float]:
    """Half the width and height of a node."""
    outline = shape({**columns, "x": 0.0, "y": 0.0}).box
    return outline.right, outline.bottom


def _label(columns: Columns) -> tuple[float, float]:
    names = {name for name in columns if name == "label" or name.startswith("label_")} - {"label_pinyin"}
    sizes = [extent(str(columns[name])) for name in names]
    return max(across for across, _ in sizes), max(high for _, high in sizes)


def _reach(columns: Columns) -> tuple[float, float]:
    """Half of what a node takes with a label above or below it."""
    (wide, high), (across, tall) = _half(columns), _label(columns)
    return max(wide, across / 2) + CLEAR, max(high, columns["size"]) + tall + CLEAR


def _beside(columns: Columns) -> tuple[float, float, float]:
    """What a node takes to the left, to the right, and half its height, with its label to the right."""
    (wide, high), (across, tall) = _half(columns), _label(columns)
    return max(wide, across / 2), wide + BESIDE + across, max(high, tall / 2)


def _below(columns: Columns) -> tuple[float, float, float]:
    """What a node takes to the left, to the right, and half its height, with its label above or below it."""
    wide, high = _reach(columns)
    return wide - CLEAR, wide - CLEAR, high - CLEAR
