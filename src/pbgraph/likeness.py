"""What somebody may have meant: the known word or the stretch of a text most like what was typed (rapidfuzz)."""

from __future__ import annotations

from collections.abc import Iterable

SOME = 9
"""Of so many words that are nearest by slips, letters in common tell which comes first."""


def suggest(typed: str, known: Iterable[str]) -> str:
    """The known word nearest to what was typed; nothing if none is near.

    Nearest is the one reached by the fewest slips (a letter too many, too few, another or swapped) if these are no more than two
    in five letters, of several the one with most letters in common; else one of which it is a part (`yaobu`: `hengxian-yaobu`),
    else the shortest that begins so.
    """
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import OSA

    words = sorted(known)
    best = process.extract(typed, words, scorer=OSA.normalized_similarity, score_cutoff=0.6, processor=str.casefold, limit=SOME)
    if best:
        return str(max(best, key=lambda each: (each[1], fuzz.ratio(typed, each[0])))[0])
    parts = (word for word in words if set(typed.split("-")) <= set(word.split("-")))
    begun = sorted((word for word in words if len(typed) > 1 and word.startswith(typed)), key=len)
    return next(parts, begun[0] if begun else "")


def some(known: Iterable[str], limit: int = 12) -> str:
    """The known words in one line, the first of many: `cooperation, matching, …`."""
    words = sorted(known)
    return ", ".join([*words[:limit], *(["…"] if len(words) > limit else [])]) or "–"


def near(typed: str, known: Iterable[str]) -> dict[str, str]:
    """What a message about an unknown word tells: the `suggestion`, and all that is `allowed`."""
    words = sorted(known)
    return {"suggestion": suggest(typed, words), "allowed": ", ".join(words) or "–"}


def most_alike(words: str, text: str) -> str:
    """The stretch of a text most like the words, as long as they are; nothing if less than two thirds agree."""
    from rapidfuzz import fuzz

    found = fuzz.partial_ratio_alignment(words, text, score_cutoff=66)
    return text[found.dest_start : found.dest_end] if found else ""
