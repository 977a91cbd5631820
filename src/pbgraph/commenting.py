"""The text of a data file → its entries and items, each with the comments that stand around it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter

from pbgraph.records import Mapping, Node, Scalar, Sequence, Stretch, spans

_MODELINE = re.compile(r"# yaml-language-server: \$schema=")
_COMMENT = re.compile(r"(?:^|(?<=[ \t\n]))#[^\n]*")


@dataclass
class Entry:
    """An entry (with its key) or an item of a list: its node, the comments around it, and where it was typed.

    `column` is that of its key or hyphen, from 0, and `said` where its key ends; `inner` are those inside its node.
    """

    key: str | None
    node: Node
    start: int
    column: int
    span: Stretch
    said: int = 0
    inner: list[Entry] = field(default_factory=list)
    blank: bool = False
    before: list[str] = field(default_factory=list)
    beside: str = ""
    after: list[str] = field(default_factory=list)

    def walk(self) -> Iterator[Entry]:
        """This piece and all inside it, in the order typed."""
        yield self
        for piece in self.inner:
            yield from piece.walk()

    @property
    def commented(self) -> bool:
        """Whether a comment stands inside it, where only block style has room for it."""
        return any(each.before or each.beside or each.after for piece in self.inner for each in piece.walk())


def pieces_of(record: Mapping, text: str) -> tuple[Entry, list[str]]:
    """A record as it was read from a text whose lines end in line feeds: the piece that holds all others, with their comments.

    The comments that no piece is near come beside it.
    """
    nodes = iter(spans(text))
    top = Entry(None, record, 0, -1, next(nodes))
    top.inner = list(_pieces(record, nodes, text, top.span.flow))
    return top, _place_comments(top, text)


def _pieces(node: Node, nodes: Iterator[Stretch], text: str, flow: bool) -> Iterator[Entry]:
    if isinstance(node, Mapping):
        for key, value in node.entries:
            typed = next(nodes)
            piece = Entry(key.text, value, typed.start, _column(text, typed.start), next(nodes), typed.end)
            piece.inner = list(_pieces(value, nodes, text, piece.span.flow))
            yield piece
    elif isinstance(node, Sequence):
        for item in node.items:
            span = next(nodes)
            at = span.start if flow else text.rfind("-", 0, _skipped_back(text, span.start))
            piece = Entry(None, item, at, _column(text, at), span)
            piece.inner = list(_pieces(item, nodes, text, span.flow))
            yield piece


def _column(text: str, at: int) -> int:
    return at - text.rfind("\n", 0, at) - 1


def _skipped_back(text: str, at: int) -> int:
    """Where the blanks and comments before a place begin: right behind the hyphen of a list's item."""
    while True:
        line = text.rfind("\n", 0, at) + 1
        before = text[line:at]
        if before.strip() and not before.lstrip().startswith("#"):
            return line + len(before.split(" #")[0].rstrip())
        at = line - 1


def _is_blank_above(text: str, at: int) -> bool:
    """Whether the line above that of a place is blank."""
    end = text.rfind("\n", 0, at)
    return end > 0 and not text[text.rfind("\n", 0, end) + 1 : end].strip()


def _place_comments(top: Entry, text: str) -> list[str]:
    """Give each comment to the piece it stands beside, before or after; those that no piece is near come back."""
    pieces = [piece for piece in top.walk() if piece is not top]
    rest: list[str] = []
    for piece in pieces:
        piece.blank = _is_blank_above(text, piece.start)
    for at, comment in _comments(pieces, text):
        column = _column(text, at)
        if text[at - column : at].strip():
            piece = _beside(top, pieces, at, text)
            piece.before.extend([piece.beside] if piece.beside else [])
            piece.beside = comment
            continue
        begun = _begun(pieces, at)
        following = pieces[begun] if begun < len(pieces) else None
        lines = ["", comment] if _is_blank_above(text, at) else [comment]
        least = following.column + 1 if following else 0
        owner = next((each for each in reversed(_open_at(top, at)) if least <= each.column <= column), None)
        (owner.after if owner else following.before if following else rest).extend(lines)
    _settle(top)
    return rest


def _settle(piece: Entry) -> None:
    """Move comments to where the form leaves room for them, so that they stay there from then on."""
    for inner in piece.inner:
        _settle(inner)
    if piece.key is None and piece.inner and piece.column >= 0:
        first = piece.inner[0]
        piece.before, first.before = [*piece.before, *first.before], []
        if len(piece.inner) == 1 and first.beside:
            piece.before.extend([first.beside] if piece.beside else [])
            piece.beside, first.beside = piece.beside or first.beside, ""
    if piece.span.flow and piece.beside and piece.commented:
        piece.before.append(piece.beside)
        piece.beside = ""


def _comments(pieces: list[Entry], text: str) -> Iterator[tuple[int, str]]:
    """Where comments begin, and their text: what looks like one outside of all keys and texts, the modeline aside."""
    texts = [(piece.span.start, piece.span.end) for piece in pieces if isinstance(piece.node, Scalar)]
    covered = sorted([*texts, *((piece.start, piece.said) for piece in pieces if piece.key is not None)])
    end = 0
    while found := _COMMENT.search(text, end):
        at, end = found.span()
        before = bisect_left(covered, (at, at))
        if before > 0 and at < covered[before - 1][1]:
            end = covered[before - 1][1]
        elif not _MODELINE.match(found[0]):
            yield at, found[0].rstrip()


def _begun(pieces: list[Entry], at: int) -> int:
    """How many of some pieces, which stand in the order typed, begin before a place."""
    return bisect_left(pieces, at, key=attrgetter("start"))


def _beside(top: Entry, pieces: list[Entry], at: int, text: str) -> Entry:
    """The piece that a comment at the end of a line stands beside: the outermost that ends in it and begins in it, or is flow."""
    line = text.rfind("\n", 0, at) + 1
    last = _begun(pieces, at)
    from_above = [each for each in _open_at(top, line) if each.span.flow]
    ended = [each for each in (*from_above, *pieces[_begun(pieces, line) : last]) if line <= each.span.end <= at]
    return ended[0] if ended else pieces[last - 1]


def _open_at(top: Entry, at: int) -> list[Entry]:
    """The last piece that begins before a place, below all that hold it, from the outermost inwards."""
    chain: list[Entry] = []
    inner = top.inner
    while begun := _begun(inner, at):
        chain.append(inner[begun - 1])
        inner = chain[-1].inner
    return chain
