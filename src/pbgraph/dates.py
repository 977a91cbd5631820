"""Dates in EDTF (Extended Date/Time Format, 2019): text to the first and last day it can mean, and how.

An interval means *throughout*; a set, an uncertain date or one coarser than a day means *some day in*. The ends of
intervals and sets are read one by one, so that months may stand beside days; single dates with seasons, unspecified
places or several qualifiers are left to the edtf package. Nothing is padded: `2016~` is a day in 2016 itself.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from pbgraph.problems import Unreadable


@dataclass(frozen=True, slots=True)
class Span:
    """The days a date can mean: `earliest` to `latest`, both included, None where it is open or not known.

    `throughout`: on every day of them; `some-day`: on one or several.
    """

    earliest: date | None
    latest: date | None
    kind: Literal["throughout", "some-day"]


LONGEST = 400
"""Longer texts are no dates."""

_FIRST_YEAR = 1000
_FIRST_SEASON, _LAST_SEASON = 21, 41
_PLAIN = re.compile("([?~%]?)([0-9]{4})([?~%]?)(?:-([?~%]?)([0-9]{2})([?~%]?)(?:-([?~%]?)([0-9]{2})([?~%]?))?)?")
"""A year, month or day; with one qualifier at most it means the same days as without, and needs no package."""

_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}(?::[0-9]{2})?)?")
_ROUNDED = re.compile("[0-9]{4}S[1-3]")
_MARKED = re.compile("[0-9X?~%-]{4,24}")
_SIGNS = (
    ("date-blank", re.compile(r"\s|^$")),
    ("date-out-of-range", re.compile(r"(?:^|[/\[{,.])(?:Y-?[0-9]|-[0-9]{4})")),
    ("date-digit-unspecified", re.compile("-[?~%]?(?:X[0-9]|[0-9]X)")),
)


@lru_cache(maxsize=8192)
def read_date(text: str) -> Span:
    """Read the whole text as one EDTF date, interval or set of level 0, 1 or 2, in the years 1000 to 9999.

    A time of day is read and left out of the days. An end not known (`2015/`) bounds nothing, so that only *some day*
    can be said; `{a,b}` (all of them) is read as some day too, for there may be gaps. Seasons have the months that
    the package gives them (24, winter, is December). Unreadable: a code of the catalogue that starts with `date-`.
    """
    if len(text) > LONGEST:
        raise _unreadable(text[:40] + "…")
    for code, sign in _SIGNS:
        if sign.search(text):
            raise Unreadable(code, text=text)
    if "/" in text:
        span = _interval(text)
    elif text[0] + text[-1] in ("[]", "{}"):
        span = _set(text)
    else:
        earliest, latest = _single(text, text)
        span = Span(earliest, latest, "throughout" if earliest == latest else "some-day")
    qualified = re.search("[?~%]", text) and "/" not in text
    return replace(span, kind="some-day") if qualified else span


_PRINTED = re.compile(
    r"([12][0-9]{3})(?:年|\.0|[年./-]0*(1[0-2]|[1-9])(?:月|[月./-]0*([12][0-9]|3[01]|[1-9])[日号]?)?)?"
    "|([12][0-9]{3})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])?"
)
"""A date as it is printed or typed elsewhere: 2016年4月27日, 2016.4, 2016/04/27, 2016.0, 20160427."""

_JOINED = re.compile("(.+?)年?(?:[—–~〜至到]+|(?<=[0-9]{4})-(?=[0-9]{4}))(.+)")
_PART = re.compile("([12][0-9]{3})年?(?:第?([一二三四1-4])季度?|Q([1-4])|([上下])半年)")
_FIRST_MONTHS = {"一": 1, "二": 4, "三": 7, "四": 10, "1": 1, "2": 4, "3": 7, "4": 10, "上": 1, "下": 7}
_FIRST_SERIAL = date(1899, 12, 30)
"""The day from which spreadsheets count days."""


def _unreadable(text: str) -> Unreadable:
    """A text that is no date, with the date that was probably meant, or nothing for it."""
    meant = _meant(unicodedata.normalize("NFKC", text).strip())
    return Unreadable("date-unreadable", text=text, suggestion=meant if meant != text and _is_date(meant) else "")


def _is_date(text: str) -> bool:
    try:
        read_date(text)
    except Unreadable:
        return False
    return True


def _meant(plain: str) -> str:
    """The date that a text in another form can only mean; nothing if there is none: 2016年至2020年 is 2016/2020."""
    if printed := _PRINTED.fullmatch(plain):
        return "-".join([f"{int(part):02}" for part in printed.groups() if part])
    if re.fullmatch("[34][0-9]{4}", plain):
        return (_FIRST_SERIAL + timedelta(int(plain))).isoformat()
    if part := _PART.fullmatch(plain):
        month = _FIRST_MONTHS[part[2] or part[3] or part[4]]
        return f"{part[1]}-{month:02}/{part[1]}-{month + (5 if part[4] else 2):02}"
    if joined := _JOINED.fullmatch(plain):
        first, last = joined.groups()
        shared = ("", *(first[: first.find(sign) + 1] for sign in "年月"))
        ends = _meant(first), next(filter(None, (_meant(each + last) for each in shared)), "")
        return "/".join(ends) if all(ends) else ""
    return ""


def _interval(text: str) -> Span:
    ends = text.split("/")
    if len(ends) != 2:
        raise _unreadable(text)
    earliest, latest = _between(ends[0], ends[1], text)
    return Span(earliest, latest, "some-day" if "" in ends else "throughout")


def _set(text: str) -> Span:
    """`[a,b]`, `[a..b]`, `[..a,b]`, `[a,b..]`: only the first member may be open before, only the last one after."""
    members = text[1:-1].split(",")
    spans = []
    for place, member in enumerate(members):
        low, dots, high = member.partition("..")
        open_within = dots and ((not low and place > 0) or (not high and place < len(members) - 1))
        if open_within or (not dots and len(members) == 1):
            raise _unreadable(text)
        spans.append(_between(low or "..", high or "..", text) if dots else _single(member, text))
    firsts, lasts = zip(*spans, strict=True)
    return Span(
        None if None in firsts else min(filter(None, firsts)),
        None if None in lasts else max(filter(None, lasts)),
        "some-day",
    )


def _between(low: str, high: str, text: str) -> tuple[date | None, date | None]:
    """The first day of the one end and the last of the other; `..` (open) and the empty end (not known) have none."""
    if {low, high} <= {"..", ""}:
        raise Unreadable("date-boundless", text=text)
    earliest = None if low in ("..", "") else _single(low, text)[0]
    latest = None if high in ("..", "") else _single(high, text)[1]
    if earliest and latest and earliest > latest:
        raise Unreadable("date-reversed", text=text, first=low, last=high)
    return earliest, latest


def _single(part: str, text: str) -> tuple[date, date]:
    """The first and the last day a single date can mean."""
    match = _PLAIN.fullmatch(part)
    if match and sum(mark in "?~%" for mark in part) <= 1:
        year, month, day = int(match[2]), match[5], match[8]
        if day or not _FIRST_SEASON <= int(month or 1) <= _LAST_SEASON:
            last = int(month or 12)
            return _days((year, int(month or 1), int(day or 1)), (year, last, int(day or _last_day(year, last))), text)
    if not any(pattern.fullmatch(part) for pattern in (_MARKED, _ROUNDED, _TIME)):
        raise _unreadable(text)
    return _by_package(part, text)


def _by_package(part: str, text: str) -> tuple[date, date]:
    # Imported late: it takes as long as everything else a check of one file needs.
    from edtf import parse_edtf

    found = parse_edtf(part, fail_silently=True)
    if found is None:
        raise _unreadable(text)
    # The package's strict bounds take no notice of significant digits, its fuzzy ones are exactly those.
    bounds = (found.lower_fuzzy(), found.upper_fuzzy()) if "S" in part else (found.lower_strict(), found.upper_strict())
    first, last = ((bound.tm_year, bound.tm_mon, bound.tm_mday) for bound in bounds)
    return _days(first, last, text)


def _days(first: tuple[int, int, int], last: tuple[int, int, int], text: str) -> tuple[date, date]:
    if first[0] < _FIRST_YEAR:
        raise Unreadable("date-out-of-range", text=text)
    try:
        return date(*first), date(*last)
    except ValueError as error:
        raise Unreadable("date-not-in-calendar", text=text) from error


def _last_day(year: int, month: int) -> int:
    return monthrange(year, month)[1] if year and 1 <= month <= 12 else 0
