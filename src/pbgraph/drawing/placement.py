"""Where labels go in a picture, so that they cover neither each other nor what is drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Segment = tuple[Point, Point]
_Square = tuple[int, int]
"""A square by its column and row."""

ROUNDS = 4
COVERED = 20.0
"""What a square pixel that covers a node or another label costs, in the unit of the other costs."""

CROSSED = 10.0
"""What a pixel of line behind a label costs."""

DISLIKED = 15.0
"""What each step down a label's list of candidates costs."""

SQUARE = 250.0
"""The side, in pixels, of the squares by which it is known what lies near a label: about as wide as one with all its places."""


@dataclass(frozen=True)
class Box:
    """A rectangle with level sides; y grows downward."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, centre: Point, width: float, height: float) -> Box:
        """The box of this size with its middle at `centre`."""
        x, y = centre
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    @classmethod
    def holding(cls, boxes: Sequence[Box]) -> Box:
        """The smallest box with all of these inside; of none, a point."""
        return cls(
            min((box.left for box in boxes), default=0.0),
            min((box.top for box in boxes), default=0.0),
            max((box.right for box in boxes), default=0.0),
            max((box.bottom for box in boxes), default=0.0),
        )

    @property
    def width(self) -> float:
        """How far it reaches across."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How far it reaches down."""
        return self.bottom - self.top

    @property
    def centre(self) -> Point:
        """The middle of the box."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def overlap(self, other: Box) -> float:
        """The area the two boxes share."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0.0

    def crossed(self, segment: Segment) -> float:
        """The length of the segment's part inside the box (Liang and Barsky's clipping)."""
        (x, y), (to_x, to_y) = segment
        if max(x, to_x) < self.left or min(x, to_x) > self.right or max(y, to_y) < self.top or min(y, to_y) > self.bottom:
            return 0.0
        run, rise = to_x - x, to_y - y
        begin, end = 0.0, 1.0
        for step, room in (
            (-run, x - self.left),
            (run, self.right - x),
            (-rise, y - self.top),
            (rise, self.bottom - y),
        ):
            if step == 0:
                if room < 0:
                    return 0.0
            elif step < 0:
                begin = max(begin, room / step)
            else:
                end = min(end, room / step)
        return float((run**2 + rise**2) ** 0.5) * max(0.0, end - begin)


def place(candidates: Sequence[Sequence[Box]], fixed: Sequence[Box], lines: Sequence[Segment]) -> list[int]:
    """Choose one of each label's candidate boxes (best liked first), by number: the one that covers least of all else.

    Labels choose in the order given, then again knowing all the others, a few times over; equal input, equal choice.
    """
    reaches = [Box.holding(boxes) for boxes in candidates]
    shapes_near, lines_near, labels_near = (
        _nearby(map(_covered, fixed)),
        _nearby(map(_passed, lines)),
        _nearby(map(_covered, reaches)),
    )
    own = [
        _costs(boxes, reach, [fixed[each] for each in shapes_near(reach)], [lines[each] for each in lines_near(reach)])
        for boxes, reach in zip(candidates, reaches, strict=True)
    ]
    near = [
        [other for other in labels_near(here) if other != label and here.overlap(reaches[other]) > 0]
        for label, here in enumerate(reaches)
    ]
    chosen: dict[int, int] = {}
    for _ in range(ROUNDS):
        for label, boxes in enumerate(candidates):
            others = [candidates[other][chosen[other]] for other in near[label] if other in chosen]
            costs = [own[label][number] + COVERED * sum(map(box.overlap, others)) for number, box in enumerate(boxes)]
            chosen[label] = costs.index(min(costs))
    return [chosen[label] for label in range(len(candidates))]


def _nearby(covering: Iterable[Iterable[_Square]]) -> Callable[[Box], list[int]]:
    """What tells which things, by number and in order, have a square in common with a box; each is given by its squares."""
    squares: dict[_Square, list[int]] = defaultdict(list)
    for number, covered in enumerate(covering):
        for square in covered:
            squares[square].append(number)
    return lambda box: sorted({number for square in _covered(box) for number in squares.get(square, ())})


def _covered(box: Box) -> Iterator[_Square]:
    for column in _steps(box.left, box.right):
        for row in _steps(box.top, box.bottom):
            yield column, row


def _passed(segment: Segment) -> Iterator[_Square]:
    """The squares that a segment passes through, and some beside: its ends in each column are taken a pixel wider."""
    (x, y), (to_x, to_y) = sorted(segment)
    steep = to_x - x < 1
    slope = 0.0 if steep else (to_y - y) / (to_x - x)
    for column in _steps(x - 1, to_x + 1):
        ends = [y, to_y] if steep else [y + slope * (min(max(edge * SQUARE, x), to_x) - x) for edge in (column, column + 1)]
        for row in _steps(min(ends) - 1, max(ends) + 1):
            yield column, row


def _steps(begin: float, end: float) -> range:
    return range(int(begin // SQUARE), int(end // SQUARE) + 1)


def _costs(boxes: Sequence[Box], reach: Box, fixed: Sequence[Box], lines: Sequence[Segment]) -> list[float]:
    """What each box covers of nodes and lines, and how far down the list it stands."""
    shapes = [shape for shape in fixed if reach.overlap(shape) > 0]
    passing = [line for line in lines if reach.crossed(line) > 0]
    return [
        COVERED * sum(map(box.overlap, shapes)) + CROSSED * sum(map(box.crossed, passing)) + DISLIKED * liked
        for liked, box in enumerate(boxes)
    ]
