"""Chinese script ↔ the other script: traditional to simplified and back (opencc)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""A Chinese character (CJK Unified and Compatibility Ideographs of Unicode)."""

WIDTHLESS = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
"""Characters that show nothing: soft hyphens, joiners, marks of direction and order."""

_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000))


def simplified(text: str) -> str:
    """A text in simplified characters, each turned by itself, with compatibility forms and full width unified (NFKC)."""
    return "".join(map(simplified_character, unicodedata.normalize("NFKC", WIDTHLESS.sub("", text))))


@cache
def simplified_character(character: str) -> str:
    """One character in simplified script, by OpenCC's table of characters."""
    # Twice, since some characters lead to one that the table turns again.
    return character if character.isascii() else str(_converter("t2s")(_converter("t2s")(character)))


def is_traditional(text: str) -> bool:
    """Whether more than a tenth of a text's Chinese characters stand in traditional script only; in such print a third do."""
    han: list[str] = HAN.findall(text)
    return 10 * sum(simplified_character(each) != each for each in han) > len(han)


@cache
def traditional(name: str) -> str:
    """A name in traditional characters, by OpenCC's tables of words and characters; what is told of it elsewhere wins."""
    return name if name.isascii() else str(_converter("s2t")(name))


@cache
def traditional_characters() -> tuple[tuple[str, str], ...]:
    """Every traditional character of Unicode's two main blocks of Chinese, with the simplified one that stands for it."""
    every = [chr(code) for first, end in _BLOCKS for code in range(first, end)]
    turned = every
    for _ in range(2):
        # A line for each, so that no table of words joins them.
        turned = str(_converter("t2s")("\n".join(turned))).split("\n")
    return tuple((own, other) for own, other in zip(every, turned, strict=True) if own != other)


@cache
def _converter(table: str):  # type: ignore[no-untyped-def]
    from opencc import OpenCC

    return OpenCC(table).convert
