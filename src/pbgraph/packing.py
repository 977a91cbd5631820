"""Boxes side by side on a page: rows of columns, the high ones first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

PAGE = 1040.0
"""The width to keep to, so that a picture of few boxes is not shrunk where it is shown; many boxes may need more."""

ASPECT = 1.6
"""How many times wider than high the whole may then be."""

GAP = 16.0
"""The room left between two boxes."""

Size = tuple[float, float]
Point = tuple[float, float]


@dataclass
class _Column:
    width: float
    height: float
    boxes: list[int]


@dataclass
class _Row:
    height: float
    columns: list[_Column] = field(default_factory=list)

    @property
    def width(self) -> float:
        return sum(column.width for column in self.columns)


def pack(boxes: Sequence[Size]) -> list[Point]:
    """Give each box (width, height) a centre around 0, y growing downward, so that none overlap.

    Going from the highest box to the lowest, each goes below others in the first column it fits into, else into a new
    column at the end of the first row it fits into, else into a new row. Room that is left is shared out evenly.
    """
    sizes = [(width + GAP, height + GAP) for width, height in boxes]
    area = sum(width * height for width, height in sizes)
    limit = max(PAGE, math.sqrt(area * ASPECT), *(width for width, _ in sizes)) if sizes else 0.0
    rows: list[_Row] = []
    for number in sorted(range(len(sizes)), key=lambda box: (-round(sizes[box][1]), box)):
        _set_down(rows, number, sizes[number], limit)
    wide, top = max((row.width for row in rows), default=0.0), -sum(row.height for row in rows) / 2
    centres: dict[int, Point] = {}
    for row in rows:
        left, between = -wide / 2, (wide - row.width) / len(row.columns)
        for column in row.columns:
            centres |= _stacked(column, sizes, (left + (column.width + between) / 2, top), row.height)
            left += column.width + between
        top += row.height
    return [centres[number] for number in range(len(boxes))]


def _set_down(rows: list[_Row], number: int, size: Size, limit: float) -> None:
    width, height = size
    for row in rows:
        for column in row.columns:
            if width <= column.width and column.height + height <= row.height:
                column.boxes.append(number)
                column.height += height
                return
        if row.width + width <= limit and height <= row.height:
            row.columns.append(_Column(width, height, [number]))
            return
    rows.append(_Row(height, [_Column(width, height, [number])]))


def _stacked(column: _Column, sizes: Sequence[Size], top_middle: Point, room: float) -> dict[int, Point]:
    x, y = top_middle
    between = (room - column.height) / len(column.boxes)
    centres = {}
    for number in column.boxes:
        y += (sizes[number][1] + between) / 2
        centres[number] = (x, y)
        y += (sizes[number][1] + between) / 2
    return centres
