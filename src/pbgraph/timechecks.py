"""When something was, as a claim says it, against the dates that the words it rests on print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import product

from pbgraph.dates import Span, read_date
from pbgraph.spotting import Day, dates

_SINCE = re.compile("([12][0-9]{3})[—–~〜至到-]+[12][0-9]{3}年")
"""A range of years, and the year with which it begins: 2016-2020年."""


def contradicting(words: Iterable[str], times: Mapping[str, str]) -> list[str]:
    """The dates that cleaned words print, if there are some and none of them can be that of a claim; else nothing.

    `times` are its texts in EDTF by local name: `at`, `published`, `from`, `until`. What is said to begin is held against its
    beginning, what also ends against all the time between.
    """
    printed = [spot for text in words for spot in dates(text)]
    spans = list(_spans(times))
    if any(_agree(spot.day, spot.text, span) for spot, span in product(printed, spans)):
        return []
    return [spot.text for spot in printed] if spans else []


def _spans(times: Mapping[str, str]) -> Iterable[Span]:
    yield from (read_date(times[key]) for key in ("at", "published") if key in times)
    ends = [read_date(times[key]) for key in ("from", "until") if key in times]
    if ends:
        yield Span(ends[0].earliest, ends[-1].latest, "throughout")


def _agree(printed: Day, text: str, span: Span) -> bool:
    """Whether a day that a text prints, as far as it does, can be one of a span; what is open is taken to hold every day."""
    year, month, day = printed
    if year is None and None in (span.earliest, span.latest):
        return True
    first, last = span.earliest or date.min, span.latest or date.max
    since = _SINCE.match(text)
    years = range(first.year, last.year + 1) if year is None else range(int(since[1]) if since else year, year + 1)
    low, high = (month or 1, day or 1), (month or 12, day or 31)
    return any((each, *low) <= _parts(last) and _parts(first) <= (each, *high) for each in years)


def _parts(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day
