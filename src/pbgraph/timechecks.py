"""When something was, as a claim says it, against the dates that the words it rests on print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import product

from pbgraph.dates import Span, read_date
from pbgraph.spotting import Day, dates

_SINCE = re.compile("([12][0-9]{3})[—–~〜至到-]+$")
"""The year with which a range of years begins, of which the last alone is printed as one: 2016-2020年."""


def contradicting(words: Iterable[str], times: Mapping[str, str]) -> list[str]:
    """The dates that cleaned words print, if there are some and none of them can be that of a claim; else nothing.

    `times` are its texts in EDTF by local name: `at`, `published`, `from`, `until`. What is said to begin is held against its
    beginning, what also ends against all the time between.
    """
    printed = [(spot.text, spot.day, text[: spot.start]) for text in words for spot in dates(text)]
    spans = list(_spans(times))
    if any(_agree(day, before, span) for (_, day, before), span in product(printed, spans)):
        return []
    return [text for text, _, _ in printed] if spans else []


def _spans(times: Mapping[str, str]) -> Iterable[Span]:
    yield from (read_date(times[key]) for key in ("at", "published") if key in times)
    ends = [read_date(times[key]) for key in ("from", "until") if key in times]
    if ends:
        yield Span(ends[0].earliest, ends[-1].latest, "throughout")


def _agree(printed: Day, before: str, span: Span) -> bool:
    """Whether a day that is printed as far as it is can be one of a span; what is open is taken to hold every day."""
    year, month, day = printed
    if year is None and None in (span.earliest, span.latest):
        return True
    first, last = span.earliest or date.min, span.latest or date.max
    since = _SINCE.search(before)
    years = range(first.year, last.year + 1) if year is None else range(int(since[1]) if since else year, year + 1)
    low, high = (month or 1, day or 1), (month or 12, day or 31)
    return any((each, *low) <= _parts(last) and _parts(first) <= (each, *high) for each in years)


def _parts(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day
