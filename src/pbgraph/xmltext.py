"""Text made fit for XML: what XML 1.0 cannot carry is shown as a replacement character, never dropped."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

REPLACEMENT = "\ufffd"
"""What stands for a character that XML 1.0 does not allow."""

_ESCAPES = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"}

_NOT_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """Make `text` one that XML 1.0 gives back unchanged.

    Line ends become a line feed, as every XML reader would make them (XML 1.0, 2.11); characters outside the `Char`
    production (XML 1.0, 2.2), lone surrogates included, become `REPLACEMENT`, one for one.
    """
    if text.isprintable():  # as most is: no control character is, no surrogate, and nothing else that XML cannot hold
        return text
    return _NOT_XML.sub(REPLACEMENT, text.replace("\r\n", "\n").replace("\r", "\n"))


def escaped(texts: list[str]) -> list[str]:
    """Texts that come back letter for letter from between tags or double quotation marks, line feeds and tabs too."""
    if _is_plain("".join(texts)):  # as most are
        return texts
    return [text if _is_plain(text) else escape(legal(text), _ESCAPES) for text in texts]


def _is_plain(text: str) -> bool:
    return text.isprintable() and not ("&" in text or "<" in text or ">" in text or '"' in text)
