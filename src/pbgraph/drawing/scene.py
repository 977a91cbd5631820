"""The inside of a picture: what the nodes and ties of a network look like, and where their labels stand."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Any
from xml.etree.ElementTree import Element

from pbgraph.drawing.curves import Curve, arrow, at, cut, loop, segments, tie
from pbgraph.drawing.lettering import LEADING, LIMIT, SIZE, width, wrap
from pbgraph.drawing.placement import Box, Point, Segment, place
from pbgraph.drawing.svg import Look, add, lettered, linked, path, points, stroke
from pbgraph.graphs import Network, said
from pbgraph.xmltext import legal

Columns = Mapping[str, Any]

DASHES = ("", "7 5", "1.5 5", "12 4 2 4")
TONES = ("", " strong", " warm")
LOOKS = [Look(dashes, tone) for tone in TONES for dashes in DASHES]
"""How the lines of relations differ, in the order of their machine names; from the thirteenth on they come again."""

ANCHORS = ("middle", "middle", "start", "end", "start", "end", "start", "end")
"""Which side of a label's box its lines are set against, candidate by candidate."""

SHARES = (0.5, 0.42, 0.58, 0.34, 0.66)
"""Where along a tie its label may stand."""

SMALL = 11.5
SHORT = 11.0
"""The width at which a relation's words are broken, in em."""

NUMBER = 15.0
CLEAR = 4.0
COVERING = 0.03
"""A tie is told by no words if they would lie with more of their room than this on the labels of nodes."""

CROWDED = 40
"""With more ties than this, relations are told by their lines and the legend, no longer by words on each line."""


@dataclass(frozen=True)
class Shape:
    """The outline of a node: a circle, or for a group a box with round ends."""

    box: Box
    group: bool

    def holds(self, point: Point) -> bool:
        """Whether the point is inside, or too near for a line to end there."""
        x, y = self.box.centre
        high = self.box.height / 2
        straight = self.box.width / 2 - high
        across = max(abs(point[0] - x) - straight, 0.0)
        return math.hypot(across, point[1] - y) < high + CLEAR


@dataclass(frozen=True)
class Tie:
    """An edge as it is drawn: its columns, its curve, the look of its relation, and whether it leads back to its node."""

    columns: Columns
    curve: Curve
    look: Look
    loop: bool


def shape(columns: Columns) -> Shape:
    """The outline of a laid out node; y turns downward here."""
    centre, size = (columns["x"], -columns["y"]), columns["size"]
    if not columns.get("group"):
        return Shape(Box.around(centre, 2 * size, 2 * size), False)
    room = width(_number(columns)) * NUMBER + NUMBER * 1.4
    return Shape(Box.around(centre, max(room, 2.6 * size), 1.7 * size), True)


def _number(columns: Columns) -> str:
    return f"{columns['number']:,.12g}" if "number" in columns else ""


def ties_of(graph: Network, shapes: Mapping[str, Shape]) -> list[Tie]:
    """The edges of a network, sorted by id; parallel ones run side by side."""
    edges = sorted(graph.edges(keys=True, data=True), key=lambda edge: str(edge[2]))
    relations = sorted({kind_of(columns) for *_, columns in edges})
    looks = {relation: LOOKS[number % len(LOOKS)] for number, relation in enumerate(relations)}
    together = Counter(frozenset(edge[:2]) for edge in edges)
    drawn: Counter[frozenset[str]] = Counter()
    ties = []
    for source, target, _, columns in edges:
        pair = frozenset((source, target))
        lane, one, other = drawn[pair], shapes[source], shapes[target]
        drawn[pair] += 1
        if one is other:
            curve = loop(one.box.centre, one.box.bottom - one.box.centre[1], lane)
        else:
            side = 1 if source < target else -1
            curve = tie(one.box.centre, other.box.centre, side * (lane - (together[pair] - 1) / 2))
        ties.append(Tie(columns, cut(curve, one.holds, other.holds), looks[kind_of(columns)], one is other))
    return ties


def kind_of(tie: Columns) -> tuple[str, str]:
    """What ties of one look have in common: their relation, and what it is called, which tells planned ones from others."""
    return tie["relation"], tie["label"]


def draw_tie(scene: Element, drawn: Tie, language: str) -> None:
    """Add a tie to the scene: its line, an arrow head if it is directed, its relation as a tool tip, a link to its words."""
    group = linked(add(scene, "g"), drawn.columns.get("page", ""))
    add(group, "title").text = legal(said(drawn.columns, "label", language))
    thick = 1.7 + 0.6 * math.log2(max(drawn.columns["weight"], 1.0))
    stroke(group, path(drawn.curve), thick, drawn.look)
    if drawn.columns["directed"]:
        add(group, "polygon", points=points(arrow(drawn.curve, 10 + thick, 6 + thick)), class_="head" + drawn.look.tone)


def draw_node(scene: Element, outline: Shape, columns: Columns, language: str) -> None:
    """Add a node to the scene: its outline, a group's number, name and kind as a tool tip, a link to its page."""
    group = linked(add(scene, "g"), columns.get("page", ""))
    label, kind = said(columns, "label", language), said(columns, "kind_label", language)
    add(group, "title").text = legal(f"{label} ({kind})")
    box = outline.box
    x, y = box.centre
    if not outline.group:
        add(group, "circle", cx=x, cy=y, r=box.right - x, fill=columns["color"], class_="node")
        return
    wide, high = box.width, box.height
    look: dict[str, str | float] = {"rx": high / 2, "stroke": columns["color"], "class_": "group"}
    add(group, "rect", x=box.left, y=box.top, width=wide, height=high, **look)
    if number := _number(columns):
        lettered(group, [number], (x, y), NUMBER, text_anchor="middle", font_weight="600")
        return
    for step in (-1, 0, 1):
        add(group, "circle", cx=x + 7 * step, cy=y, r=2, fill=columns["color"])


def letter(
    scene: Element, nodes: Mapping[str, Columns], shapes: Mapping[str, Shape], ties: list[Tie], language: str
) -> list[Box]:
    """Set the labels of nodes, then of ties, where they cover least; give the boxes they take."""
    lines: list[Segment] = [piece for one in ties for piece in segments(one.curve)]
    texts = [wrap(said(columns, "label", language), LIMIT) for columns in nodes.values()]
    around = [_around(shapes[node].box, text) for node, text in zip(nodes, texts, strict=True)]
    shaped = [outline.box for outline in shapes.values()]
    chosen = place(around, shaped, lines)
    boxes = [candidates[number] for candidates, number in zip(around, chosen, strict=True)]
    for text, box, number in zip(texts, boxes, chosen, strict=True):
        _set(scene, text, box, SIZE, ANCHORS[number])
    if len(ties) > CROWDED:
        return boxes
    told = [wrap(said(one.columns, "label", language), SHORT) for one in ties]
    along = [_along(one, text) for one, text in zip(ties, told, strict=True)]
    chosen = place(along, shaped + boxes, lines)
    middles = [candidates[number] for candidates, number in zip(along, chosen, strict=True)]
    # Where two labels would lie on each other neither can be read: the line and the legend tell of the tie.
    clear = [sum(map(box.overlap, boxes)) < COVERING * box.overlap(box) for box in middles]
    for text, box in compress(zip(told, middles, strict=True), clear):
        _set(scene, text, box, SMALL, "middle", "soft")
    return [*boxes, *compress(middles, clear)]


def _along(drawn: Tie, text: list[str]) -> list[Box]:
    """The places of a tie's label: on its line, or outside a loop, above it or beside."""
    if not drawn.loop:
        return [_sized(text, at(drawn.curve, share), SMALL) for share in SHARES]
    (left, beside), (x, top), (right, _) = (at(drawn.curve, share) for share in (0.25, 0.5, 0.75))
    sized = _sized(text, (x, top), SMALL)
    wide, high = sized.width, sized.height
    centres = [(x, top - high / 2 - 2), (right + wide / 2 + 4, beside), (left - wide / 2 - 4, beside)]
    return [Box.around(centre, wide, high) for centre in centres]


def _around(shape: Box, text: list[str]) -> list[Box]:
    """The places of a label at its node, in the order of ANCHORS: below, above, right, left, then aslant."""
    x, y = shape.centre
    sized = _sized(text, (0.0, 0.0), SIZE)
    wide, high = sized.width, sized.height
    aside, down = (shape.width + wide) / 2 + 5, (shape.height + high) / 2 + 3
    steps = [(0, 1), (0, -1), (1, 0), (-1, 0), (0.8, 0.9), (-0.8, 0.9), (0.8, -0.9), (-0.8, -0.9)]
    return [Box.around((x + right * aside, y + below * down), wide, high) for right, below in steps]


def _sized(text: list[str], centre: Point, size: float) -> Box:
    return Box.around(centre, max(map(width, text)) * size, len(text) * size * LEADING)


def _set(scene: Element, text: list[str], box: Box, size: float, anchor: str, look: str = "") -> None:
    x = {"start": box.left, "middle": box.centre[0], "end": box.right}[anchor]
    lettered(scene, text, (x, box.top + size * LEADING / 2), size, text_anchor=anchor, class_=f"over {look}".strip())
