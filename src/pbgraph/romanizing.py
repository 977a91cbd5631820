"""Chinese names → how they are read: pinyin, by words whose reading is known and for the rest by the usual one (pypinyin)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

from pbgraph.scripts import HAN, simplified

TONES = re.compile("[\u0300-\u036f]")
"""Tone marks and other accents, as letters bear them in Unicode's normal form D."""

_PIECES = re.compile(f"{HAN.pattern}+|.", re.DOTALL)
_JOINED = 3
"""How many characters before an ending are written as one word; of longer stretches nobody can tell where words end."""

_ALONE = 2
"""How many characters are written as one word where there is no ending."""


def toneless(text: str) -> str:
    """A text with its Chinese characters in pinyin without tones, as usually read, nothing between them."""
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(text))


@dataclass(frozen=True)
class Readings:
    """How names are read: `words` gives words their syllables, `endings` are what a name may end in, written apart from it.

    `stated` gives whole names their pinyin as written, which wins over all else and serves within longer names, too.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    endings: Sequence[str] = ()
    stated: Mapping[str, str] = field(default_factory=dict)

    def pinyin(self, name: str) -> str:
        """A name in pinyin with tones: words with a reading of their own, a short name and its ending are written as words.

        窑埠村 becomes Yáobù Cūn; of one syllable and ending, as in 横县, one word is made (Chinese standard GB/T 28039, on
        place names). Of a longer name each syllable stands alone.
        """
        plain = simplified(name)
        if plain in self.stated:
            return self.stated[plain]
        if all(map(HAN.match, plain)):
            stem, ending = self._parted(plain)
            longest = _JOINED if ending else _ALONE
            if all(known or len(word) <= longest for word, known in self._stretches(stem)):
                if len(stem) == 1 and ending:
                    return _word(self._read(plain))
                parts = [word for word, _ in self._stretches(stem)] + [ending]
                return " ".join(_word(self._read(part)) for part in parts if part)
        spelt = "".join(f" {reading} " if reading else character for character, reading in self.syllables(plain))
        spelt = re.sub(r"\s+", " ", spelt).strip()
        spelt = re.sub(r"(?<=[“‘（(《]) | (?=[”’）)》，、。])", "", spelt)
        return spelt[:1].upper() + spelt[1:]

    def syllables(self, name: str) -> list[tuple[str, str]]:
        """Each character of a name with its reading: a syllable with its tone, or nothing if none is known."""
        plain = simplified(name)
        return [pair for word, known in self._stretches(plain) for pair in zip(word, known or _usual(word), strict=True)]

    def spelled(self, name: str) -> str:
        """A name as it is put in order: syllables and letters without tones, lower case, ü as u."""
        return without_tones("".join(reading or character for character, reading in self.syllables(name)))

    def _read(self, word: str) -> list[str]:
        return [reading or character for character, reading in self.syllables(word)]

    def _parted(self, name: str) -> tuple[str, str]:
        """A name and the longest ending it has; no ending if it is nothing but one."""
        found = [each for each in self.endings if name.endswith(each)]
        longest = max(found, key=len, default="")
        return (name.removesuffix(longest), longest) if longest != name else (name, "")

    def _stretches(self, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """A name in words with a known reading, with it, and what stands between them."""
        pieces = self._pattern.split(name) if self._known else [name]
        yield from ((piece, self._known.get(piece, ())) for piece in pieces if piece)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest = sorted(self._known, key=lambda word: (-len(word), word))
        return re.compile(f"({'|'.join(map(re.escape, longest))})")

    @cached_property
    def _known(self) -> Mapping[str, tuple[str, ...]]:
        """The syllables of each word whose reading is told, and of what stated names have before their endings."""
        found = {word: tuple(reading.split()) for word, reading in self.words.items()}
        for name, reading in self.stated.items():
            if syllables := parted(name, reading):
                stem, _ = self._parted(name)
                found |= {name: syllables, stem: syllables[: len(stem)]} if len(stem) > 1 else {name: syllables}
        return found


def parted(name: str, pinyin: str) -> tuple[str, ...]:
    """The syllables of a name's pinyin, one for each character, by the readings each may have; empty if they do not fit."""
    from pypinyin import Style
    from pypinyin import pinyin as every

    rest, found = re.sub("[ '’-]", "", pinyin.lower()), []
    for character in name:
        readings = every(character, style=Style.TONE, heteronym=True)[0]
        fitting = [reading for reading in readings if rest.startswith(reading)]
        if not fitting:
            return ()
        found.append(max(fitting, key=len))
        rest = rest.removeprefix(found[-1])
    return () if rest else tuple(found)


@cache
def without_tones(text: str) -> str:
    """A text in lower case without tones and other marks, compatibility forms and full width unified (NFKC)."""
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", TONES.sub("", letters))


def _usual(word: str) -> tuple[str, ...]:
    """The usual reading of each character of a word, empty for what is not Chinese."""
    return tuple([each for piece in _PIECES.findall(word) for each in _usual_of(piece)])


@lru_cache(20_000)
def _usual_of(piece: str) -> tuple[str, ...]:
    """Cached readings of one run of Chinese characters, empty where none is known, or of one other character, which has none."""
    from pypinyin import Style, lazy_pinyin

    if not HAN.match(piece):
        return ("",)
    # Characters that it cannot read come back as they are; without `list`, several in a row as one.
    found = lazy_pinyin(piece, style=Style.TONE, errors=list)  # type: ignore[arg-type]
    return tuple("" if each in piece else each for each in found)


def _word(syllables: Sequence[str]) -> str:
    """Syllables as one word with a capital; an apostrophe tells where one begins with a vowel (GB/T 16159, section 8)."""
    spelt = syllables[0] + "".join(f"’{each}" if each[:1] in "aāáǎàeēéěèoōóǒò" else each for each in syllables[1:])
    return spelt[:1].upper() + spelt[1:]
