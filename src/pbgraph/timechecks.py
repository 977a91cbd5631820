"""When something was, as a claim says it, against the dates that the words it rests on print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

from pbgraph.dates import Span, read_date
from pbgraph.spotting import Day, dates

_SINCE = re.compile("([12][0-9]{3})[—–~〜至到-]+[12][0-9]{3}年")
"""A range of years, and the year with which it begins: 2016-2020年."""

_RELATIVE = re.compile("(?<!过)去年|(?<![如至当现])今年|(?<![证说表光])明年")
_YEARS_ON = {"去年": -1, "今年": 0, "明年": 1}
_PART = re.compile("第?([一二三四]|前三)季度|([上下])半年")
_MONTHS = {"一": (1, 3), "二": (4, 6), "三": (7, 9), "四": (10, 12), "前三": (1, 9), "上": (1, 6), "下": (7, 12)}
_PLAN = re.compile("(?<![二三四五六七八九])十([一二三四五])五(?![十百千万亿])")
_PLANS = {"一": 2006, "二": 2011, "三": 2016, "四": 2021, "五": 2026}
"""The year with which a five-year plan begins, by the second sign of its name: 十三五 is 2016 to 2020."""


@dataclass(frozen=True, slots=True)
class _Printed:
    """A time that words print: how, the years it can be in (none given: any), its first and last month and day in each."""

    text: str
    years: range | None
    first: tuple[int, int] = (1, 1)
    last: tuple[int, int] = (12, 31)


def contradicting(words: Iterable[tuple[str, int | None]], times: Mapping[str, str]) -> list[str]:
    """The dates that cleaned words print, if there are some and none of them can be that of a claim; else nothing.

    With the words stands the year in which they were published, if it is known: 去年 is the year before. `times` are the
    claim's texts in EDTF by local name: `at`, `published`, `from`, `until`. What is said to begin is held against its
    beginning, what also ends against all the time between.
    """
    printed = [each for text, published in words for each in _printed(text, published)]
    spans = list(_spans(times))
    if any(_agree(each, span) for each, span in product(printed, spans)):
        return []
    return [each.text for each in printed] if spans else []


def _spans(times: Mapping[str, str]) -> Iterable[Span]:
    yield from (read_date(times[key]) for key in ("at", "published") if key in times)
    ends = [read_date(times[key]) for key in ("from", "until") if key in times]
    if ends:
        yield Span(ends[0].earliest, ends[-1].latest, "throughout")


def _printed(words: str, published: int | None) -> Iterator[_Printed]:
    """Every time that words print; to the years of which they only say how far off they are, the year is set."""
    text = words
    if published is not None:
        text = _RELATIVE.sub(lambda found: f"{published + _YEARS_ON[found[0]]}年", words)
    parts = {part.start(): part for part in _PART.finditer(text)}
    for spot in dates(text):
        part = parts.pop(spot.end, None) if spot.day[1] is None else None
        printed = text[spot.start : part.end() if part else spot.end]
        relative = next((word for word, on in _YEARS_ON.items() if published and printed.startswith(f"{published + on}年")), "")
        yield _dated(printed if printed in words else f"{relative} = {printed}", spot.day, part)
    for part in parts.values():
        yield _dated(part[0], (None, None, None), part)
    for plan in _PLAN.finditer(text):
        yield _Printed(plan[0], range(_PLANS[plan[1]], _PLANS[plan[1]] + 5))


def _dated(text: str, day: Day, part: re.Match[str] | None) -> _Printed:
    year, month, of_month = day
    since = _SINCE.match(text)
    years = None if year is None else range(int(since[1]) if since else year, year + 1)
    first, last = _MONTHS[part[1] or part[2]] if part else (month or 1, month or 12)
    return _Printed(text, years, (first, of_month or 1), (last, of_month or 31))


def _agree(printed: _Printed, span: Span) -> bool:
    """Whether a time that a text prints can be in a span; what is open is taken to hold every day."""
    if printed.years is None and None in (span.earliest, span.latest):
        return True
    first, last = span.earliest or date.min, span.latest or date.max
    years = range(first.year, last.year + 1) if printed.years is None else printed.years
    return any((each, *printed.first) <= _parts(last) and _parts(first) <= (each, *printed.last) for each in years)


def _parts(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day
