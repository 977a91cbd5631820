"""Dates of the Extended Date/Time Format in words: `2017?-11-30` → 30 November 2017 (year uncertain)."""

from __future__ import annotations

import re
from collections.abc import Callable

Say = Callable[..., str]
"""A sentence of the catalogue by its key, with its fields filled in."""

_DATE = re.compile("([?~%]?)([0-9]{4})([?~%]?)(?:-([0-9]{2})([?~%]?)(?:-([0-9]{2})([?~%]?))?)?")
_SET = re.compile(r"[\[{]([^,\]}]*?)(\.\.)?([^,.\]}]*)[\]}]")
_PARTS = (21, 22, 23, 24, 33, 34, 35, 36, 40, 41)
"""The seasons, quarters and halves of a year that have words (EDTF, level 2)."""

_QUALIFIED = {"?": "date-uncertain", "~": "date-approximate", "%": "date-doubtful"}


def in_words(text: str, say: Say) -> str:
    """A date, interval or set of dates as a phrase in the language of `say`; what has no wording is left as written."""
    if "/" in text:
        first, _, last = text.partition("/")
        return _between("date-throughout", first, last, say)
    if found := _SET.fullmatch(text):
        first, dots, last = found.groups()
        return _between("date-some-day", first, last, say) if dots else text
    return _single(text, say)


def _between(key: str, first: str, last: str, say: Say) -> str:
    """`key` names the phrase for two ends; with `-from` and `-until` after it those for one."""
    low, high = (_single(end, say) if end not in ("", "..") else "" for end in (first, last))
    if low and high:
        return say(key, first=low, last=high)
    return say(f"{key}-from", first=low) if low else say(f"{key}-until", last=high)


def _single(text: str, say: Say) -> str:
    found = _DATE.fullmatch(text)
    if not found:
        return text
    before, year, of_year, month, of_month, day, of_day = found.groups(default="")
    if month and not 1 <= int(month) <= 12:
        if int(month) not in _PARTS or day:
            return text
        words = say("date-month", year=year, month=say(f"date-part-{int(month)}"))
    elif day:
        words = say("date-day", year=year, month=say(f"month-{int(month)}"), day=int(day))
    elif month:
        words = say("date-month", year=year, month=say(f"month-{int(month)}"))
    else:
        words = say("date-year", year=year)
    whole = of_day or (of_month if not day else "") or (of_year if not month else "")
    if mark := whole or before or of_month:
        return say(_QUALIFIED[mark], date=words)
    return say("date-year-uncertain", date=words) if of_year else words
