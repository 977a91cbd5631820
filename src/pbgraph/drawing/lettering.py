"""How much room a text takes, and where it may be broken, estimated without a font."""

from __future__ import annotations

import re
from functools import cache
from unicodedata import category, east_asian_width

NARROW = 0.56
"""The mean width, in em, of a letter or digit of a sans serif face; a Han character is one em wide."""

ODD = dict.fromkeys(" !'(),-./:;I[]`fijlrt|", 0.32) | dict.fromkeys("%@MWmw—…", 0.88)
"""Widths of letters that are far from the mean."""

SIZE = 14.0
"""The height of a label's letters in the picture, in pixels at 100%."""

LEADING = 1.3
"""From one line of a label to the next, in em."""

LIMIT = 11.0
"""The width at which a label is broken, in em."""

_WORD = r"[!-\u1fff\u2070-\u2e7f]+(?:’[!-\u1fff]+)*"
_SIGN = r".(?:\u200d.|[\ufe0e\ufe0f\u0300-\u036f])*"
_PIECE = re.compile(rf"[（《「『【〈“‘]*(?:{_WORD}|{_SIGN})[，。、；：！？）》」』】〉”’…]*\s*", re.DOTALL)


def width(text: str) -> float:
    """The width of `text` on one line, in em."""
    return sum(map(_advance, text))


@cache
def _advance(letter: str) -> float:
    if category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    return 1.0 if east_asian_width(letter) in "WF" else ODD.get(letter, NARROW)


def wrap(text: str, limit: float) -> list[str]:
    """Break `text` into lines of about equal width, none wider than `limit` em unless one word is.

    Breaks come between words and between Han characters, not before closing or behind opening punctuation. Line feeds
    and tabs count as spaces. An empty text is one empty line.
    """
    flat = " ".join(text.split())
    if width(flat) <= limit:
        return [flat]
    fewest = len(_filled(flat, limit))
    room = width(flat) / fewest
    while room < limit:
        broken = _filled(flat, room)
        if len(broken) <= fewest:
            return broken
        room += 0.5
    return _filled(flat, limit)


def extent(text: str) -> tuple[float, float]:
    """The width and height of `text` as a label in the picture, broken at LIMIT, in pixels at 100%."""
    lines = wrap(text, LIMIT)
    return max(map(width, lines)) * SIZE, len(lines) * SIZE * LEADING


def _filled(text: str, limit: float) -> list[str]:
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and width(lines[-1] + piece.rstrip()) > limit:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]
