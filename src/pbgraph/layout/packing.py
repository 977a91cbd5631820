"""Boxes side by side on a page: rows of columns, the high ones first; a box that grows a little moves no other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

PAGE = 1040.0
"""The width to keep to, so that a picture of few boxes is not shrunk where it is shown; many boxes may need more."""

GAP = 8.0
"""The room left between two boxes, at least."""

STEP = 2 ** (1 / 3)
"""Rooms come in sizes of which each is this much larger than the one before, so that they need not grow with their boxes."""

SLACK = 1e-6
"""What sizes may differ by and still be the same, in pixels: sums of many rooms are not exact."""

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
    width: float = 0.0


def room(length: float) -> float:
    """The next size upward in which rooms come, in pixels; half a page is one, and the third after each is twice as large."""
    return PAGE / 2 * STEP ** math.ceil(math.log(max(length, 1.0) / (PAGE / 2), STEP) - SLACK)


def pack(boxes: Sequence[Size]) -> list[Point]:
    """Give each box (width, height) a centre so that none overlap: x around 0, y growing downward from 0.

    Each box gets a room of a size from `room`. Going from the highest room to the lowest, wide before narrow, then in the
    order given, each goes below others in the first column it fits into, else into a new column at the end of the first row
    it fits into, else into a new row. What is left over is shared out evenly. The page is the narrowest, from PAGE upward in
    sizes of rooms, that does not become higher than wide.
    """
    sizes = [(room(width + GAP), room(height + GAP)) for width, height in boxes]
    limit = max([PAGE, room(math.sqrt(sum(width * height for width, height in sizes))) / STEP, *(size[0] for size in sizes)])
    rows = _filled(sizes, limit)
    while sum(row.height for row in rows) > limit and len(rows) > 1:
        limit *= STEP
        rows = _filled(sizes, limit)
    wide, top = limit if len(rows) > 1 else sum(row.width for row in rows), 0.0
    centres: dict[int, Point] = {}
    for row in rows:
        left, between = -wide / 2, (wide - row.width) / len(row.columns)
        for column in row.columns:
            centres |= _stacked(column, sizes, (left + (column.width + between) / 2, top), row.height)
            left += column.width + between
        top += row.height
    return [centres[number] for number in range(len(boxes))]


def _filled(sizes: Sequence[Size], limit: float) -> list[_Row]:
    rows: list[_Row] = []
    before: Size | None = None
    start = (0, 0)
    for number in sorted(range(len(sizes)), key=lambda box: (-sizes[box][1], -sizes[box][0], box)):
        # Where one of the same size found no room, none will be.
        start = _set_down(rows, number, sizes[number], limit, start if sizes[number] == before else (0, 0))
        before = sizes[number]
    return rows


def _set_down(rows: list[_Row], number: int, size: Size, limit: float, start: tuple[int, int]) -> tuple[int, int]:
    """Put a box into the first column that has room, from `start` (row and column) on; give which it was."""
    width, height = size
    for place in range(start[0], len(rows)):
        row = rows[place]
        first = start[1] if place == start[0] else 0
        for spot in range(first, len(row.columns)):
            column = row.columns[spot]
            if width <= column.width + SLACK and column.height + height <= row.height + SLACK:
                column.boxes.append(number)
                column.height += height
                return place, spot
        if row.width + width <= limit + SLACK and height <= row.height + SLACK:
            row.columns.append(_Column(width, height, [number]))
            row.width += width
            return place, len(row.columns) - 1
    rows.append(_Row(height, [_Column(width, height, [number])], width))
    return len(rows) - 1, 0


def _stacked(column: _Column, sizes: Sequence[Size], top_middle: Point, high: float) -> dict[int, Point]:
    x, y = top_middle
    between = (high - column.height) / len(column.boxes)
    centres = {}
    for number in column.boxes:
        y += (sizes[number][1] + between) / 2
        centres[number] = (x, y)
        y += (sizes[number][1] + between) / 2
    return centres
