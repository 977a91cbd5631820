"""Articles on disk → paragraphs that can be compared: found by checksum, garbled characters mended, in one script."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from pathlib import Path

from pbgraph.problems import Refused, Unreadable, Where, problem
from pbgraph.scripts import WIDTHLESS, simplified_character

_CIRCLED = re.compile("[①-⑳]")

_GLOSS = re.compile(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ]+\)")
"""The pronunciation that some web pages print after a character."""

_TAG = re.compile(r"</?[a-z][^<>]*>")
"""Markup that some copies of web pages leave in the text."""

_BLANKS = re.compile(r"\s+")
_IDLE_BLANK = re.compile(r"(?<![0-9A-Za-z]) | (?![0-9A-Za-z])")
"""Blanks tell only Latin words and numbers apart; among Han characters they are accidents of layout."""


def find(folder: Path, checksums: Collection[str]) -> dict[str, bytes]:
    """The files below a folder, whatever their names, whose bytes have one of the checksums (`sha256:` and 64 hex digits).

    Gives checksum → bytes. Refused: a file cannot be read.
    """
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        try:
            content = path.read_bytes() if path.is_file() else b""
        except OSError as error:
            raise Refused([problem(Where(str(path)), "unreadable-file", reason=error.strerror or str(error))]) from error
        if (digest := checksum(content)) in checksums:
            found[digest] = content
    return found


def checksum(content: bytes) -> str:
    """The checksum of a file's bytes as data files write it: `sha256:` and 64 hex digits."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def decoded(content: bytes) -> str:
    """An article's text. Unreadable: the bytes are not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("article-not-text", reason=error.reason) from error


def paragraphs(text: str, emendations: Iterable[tuple[str, str]], by_line: bool = False) -> list[str]:
    """An article's paragraphs as printed, mended; paragraph n is item n - 1: lines that are not blank, headings included.

    `emendations` are pairs of garbled characters and what was meant. Of a list (`by_line`) blank lines count as well.
    """
    for corrupt, reading in emendations:
        text = text.replace(corrupt, reading)
    return [line.strip() for line in text.split("\n") if by_line or line.strip()]


def clean(text: str) -> str:
    """A text as texts are compared: bare, and simplified.

    The script follows OpenCC's table of characters, character by character, so that a quotation is turned as the paragraph
    around it is.
    """
    return "".join(map(simplified_character, bare(text)))


def bare(text: str) -> str:
    """A text in its own script: compatibility forms and full width unified (Unicode's NFKC), no markup, glosses, idle blanks."""
    plain = _CIRCLED.sub(lambda found: f"({unicodedata.numeric(found[0]):.0f})", WIDTHLESS.sub("", _TAG.sub("", text)))
    plain = _BLANKS.sub(" ", unicodedata.normalize("NFKC", plain)).strip()
    mended, before = _IDLE_BLANK.sub("", plain), ""
    while mended != before:
        mended, before = _IDLE_BLANK.sub("", _GLOSS.sub("", mended)), mended
    return mended
