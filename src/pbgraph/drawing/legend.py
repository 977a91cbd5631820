"""The words around a picture: its title above, below it what colours and lines mean and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from pbgraph.drawing.lettering import LEADING, width, wrap
from pbgraph.drawing.svg import Look, add, lettered, stroke

SIZE = 13.0
DOT, LINE = 22.0, 38.0
ROW = 24.0
BETWEEN = 18.0


@dataclass(frozen=True)
class Item:
    """One entry: its words, a colour for a kind or a line for a relation, and whether the kind is of groups only."""

    words: str
    look: str | Look
    group: bool = False


Rows = Sequence[Sequence[Item]]
"""A legend: entries, those of each group beginning on a line of their own."""


def paragraph(parent: Element, words: str, left: float, top: float, room: float, size: float, **look: str) -> float:
    """Set `words` in lines of at most `room` pixels; give the height they took (none for no words)."""
    if not words:
        return 0.0
    lines = wrap(words, room / size)
    lettered(parent, lines, (left, top + size * LEADING / 2), size, **look)
    return len(lines) * size * LEADING


def entries(parent: Element, rows: Rows, left: float, top: float, room: float) -> float:
    """Set items in rows of at most `room` pixels; give the height they took."""
    y = top + ROW / 2
    for items in rows:
        x = left
        for item in items:
            swatch = DOT if isinstance(item.look, str) and not item.group else LINE
            lines = wrap(item.words, (room - swatch) / SIZE)
            taken = swatch + max(map(width, lines)) * SIZE
            if x > left and x + taken > left + room:
                x, y = left, y + ROW
            _swatch(parent, item, x, y)
            lettered(parent, lines, (x + swatch, y), SIZE)
            x, y = x + taken + BETWEEN, y + (len(lines) - 1) * SIZE * LEADING
        y += ROW if items else 0
    return y - ROW / 2 - top


def _swatch(parent: Element, item: Item, x: float, y: float) -> None:
    if isinstance(item.look, Look):
        stroke(parent, f"M{x + 1:.1f} {y:.1f}h29", 2, item.look)
    elif item.group:
        add(parent, "rect", x=x + 1, y=y - 7, width=28, height=14, rx=7, stroke=item.look, class_="group")
    else:
        add(parent, "circle", cx=x + 8, cy=y, r=7.5, fill=item.look, class_="node")
