"""Sentences with names in braces → patterns: texts, and the names that are filled in behind them."""

from __future__ import annotations

from string import Formatter

Pattern = tuple[tuple[str, str | None], ...]
"""Texts, each with the name of what follows it; none at the end."""


def pattern_of(sentence: str) -> Pattern:
    """A sentence taken apart: `{n} cups` is nothing before `n`, and ` cups` before nothing.

    ValueError: a brace stands alone, or a name has a format, which nobody would heed.
    """
    parts = list(Formatter().parse(sentence))
    if formats := [name for _, name, form, conversion in parts if form or conversion]:
        raise ValueError(f"`{formats[0]}` has a format")
    return tuple((text, name) for text, name, _, _ in parts)
