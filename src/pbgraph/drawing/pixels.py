"""A network that has been laid out → a picture in pixels, for the cards that other sites show of a link (Pillow)."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

from pbgraph.colours import rgb
from pbgraph.drawing.curves import Curve, at
from pbgraph.drawing.placement import Box, Point
from pbgraph.drawing.scene import Shape, shape, ties_of
from pbgraph.drawing.svg import LIGHT
from pbgraph.graphs import Network

WIDE, HIGH = 1200, 630
"""The size that the Open Graph protocol's readers show uncut: 1.91 to 1."""

FINE = 3
"""Everything is drawn this much larger and made smaller again, so that edges are smooth."""

MARGIN = 56.0
CLOSEST = 2.0
"""A small network is not blown up beyond this."""

WIDER = 1.9
"""To fill the picture, one direction may be stretched this much more than the other; nodes keep their form."""

SWELL = 1.9
"""Nodes are drawn this much larger than in the lettered picture, whose labels need the room."""

PAPER = "#fbfaf7"
STEPS = 24
THICK = 9.0
THINNEST, THICKEST = 1.5, 4.0


def draw_png(graph: Network) -> bytes:
    """Draw a network as a PNG of 1200 by 630 pixels, without words, since fonts differ between machines.

    Nodes have the colours of their kinds, groups are open; the same network gives the same bytes.
    """
    nodes = dict(sorted(graph.nodes(data=True)))
    shapes = {node: shape(columns) for node, columns in nodes.items()}
    ties = ties_of(graph, shapes)
    curves = [one.curve for one in ties]
    sheet = _Sheet(
        Box.holding([*(each.box for each in shapes.values()), *(Box.around(at(curve, 0.5), 0, 0) for curve in curves)])
    )
    for curve in curves:
        sheet.line(curve)
    for node, outline in shapes.items():
        sheet.dot(outline, nodes[node]["color"])
    return sheet.png()


class _Sheet:
    """Paper on which a scene that takes `room` is drawn as large as it fits, in the middle."""

    def __init__(self, room: Box) -> None:
        across, down = max(room.width, 1.0), max(room.height, 1.0)
        fit = (WIDE - 2 * MARGIN) / across, (HIGH - 2 * MARGIN) / down
        least = min(*fit, CLOSEST)
        self.scale = FINE * least
        self.stretch = tuple(FINE * min(each, least * WIDER, CLOSEST) for each in fit)
        self.thick = FINE * min(max(THICK * least, THINNEST), THICKEST)
        self.middle = room.centre
        self.image = Image.new("RGB", (WIDE * FINE, HIGH * FINE), rgb(PAPER))
        self.pen = ImageDraw.Draw(self.image)

    def place(self, point: Point) -> Point:
        """Where a point of the scene is on paper."""
        return (
            WIDE * FINE / 2 + (point[0] - self.middle[0]) * self.stretch[0],
            HIGH * FINE / 2 + (point[1] - self.middle[1]) * self.stretch[1],
        )

    def line(self, curve: Curve) -> None:
        """Draw a tie."""
        steps = [self.place(at(curve, number / STEPS)) for number in range(STEPS + 1)]
        self.pen.line(steps, fill=_faded(LIGHT["line"], 0.45), width=round(self.thick), joint="curve")

    def dot(self, outline: Shape, colour: str) -> None:
        """Draw a node in its colour, cut out of the paper; a group is a ring of it."""
        x, y = self.place(outline.box.centre)
        wide = outline.box.width / 2 * self.scale * SWELL
        high = outline.box.height / 2 * self.scale * SWELL
        self._round(x, y, (wide + self.thick, high + self.thick), rgb(PAPER))
        self._round(x, y, (wide, high), rgb(colour))
        if outline.group:
            self._round(x, y, (wide - self.thick, high - self.thick), _faded(colour, 0.82))

    def _round(self, x: float, y: float, half: tuple[float, float], fill: tuple[int, int, int]) -> None:
        wide, high = max(half[0], 1.0), max(half[1], 1.0)
        self.pen.rounded_rectangle([x - wide, y - high, x + wide, y + high], radius=high, fill=fill)

    def png(self) -> bytes:
        """The sheet in its final size."""
        content = BytesIO()
        self.image.reduce(FINE).save(content, "PNG", optimize=True)
        return content.getvalue()


def _faded(colour: str, share: float) -> tuple[int, int, int]:
    """A colour mixed with a share of the paper's."""
    red, green, blue = (round(own + (paper - own) * share) for own, paper in zip(rgb(colour), rgb(PAPER), strict=True))
    return red, green, blue
