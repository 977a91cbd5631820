"""Running text → the figures, dates, ordinals and quoted labels in it, each with its place.

Amounts are read by the grammar that reads what curators type (`amounts`), on the longest stretch that it accepts.
What counts as a figure: every number in Arabic digits; a Chinese numeral of two signs or more; one sign if a measure
word follows (三种) and, for 一, only if a word bounds it (一名以上), since 一个 mostly is no more than an article.
Numbers that open an item of a list (第一，… 一是…) count nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from pbgraph.amounts import BOUNDING, LONGEST, Amount, read_amount, readings
from pbgraph.numerals import CHARACTERS, number
from pbgraph.problems import Unreadable

Kind = Literal["amount", "vague", "date", "ordinal", "label"]
Day = tuple[int | None, int | None, int | None]
"""Year, month, day, as far as a date prints them."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Something in a text: from `start` up to `end`, the words there, what it is, and what it says if it can be read."""

    start: int
    end: int
    text: str
    kind: Kind
    amount: Amount | None = None
    day: Day = (None, None, None)


_NUMERAL = CHARACTERS
_START = re.compile(f"[{_NUMERAL}半]")
_VAGUE = re.compile(f"[{_NUMERAL}几数.]*[{_NUMERAL}几][多余]?")
_MONTH, _DAY = "(?P<m{}>1[0-2]|[1-9])月", "(?P<d{}>[12][0-9]|3[01]|[1-9])[日号]"
_HAN_MONTH, _HAN_DAY = "(?P<m{}>[一二三四五六七八九十]{{1,2}})月", "(?P<d{}>[一二三四五六七八九十]{{1,3}})[日号]"
_DATE = re.compile(
    rf"""
    (?P<y1>[12][0-9]{{3}})-(?P<m1>0[1-9]|1[0-2])-(?P<d1>0[1-9]|[12][0-9]|3[01]) (?:[ ]?[0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}})?)?
  | (?:[12][0-9]{{3}}[—–~〜至到-]{{1,2}})? (?P<y2>[12][0-9]{{3}})年 (?:{_MONTH.format(2)} (?:份|{_DAY.format(2)})?)?
  | {_MONTH.format(3)} (?:份|{_DAY.format(3)})?
  | (?<=[—–~至到-]) (?P<d4>[12][0-9]|3[01]|[1-9])日
  | (?P<y5>[一二][〇零一二三四五六七八九]{{3}})年 (?:{_HAN_MONTH.format(5)} (?:{_HAN_DAY.format(5)})?)?
  | {_HAN_MONTH.format(6)} {_HAN_DAY.format(6)}
  | {_HAN_MONTH.format(7)} (?:份|底|初|中旬|上旬|下旬)
    """,
    re.VERBOSE,
)
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_FRACTION = re.compile(f"[0-9]+/[0-9]+|[{_NUMERAL}]+分之[{_NUMERAL}]+")
_ENDS_OF_WORDS = {"近": "(?<![附最贴临靠邻亲远])", "约": "(?<![签契节合条预邀违毁公])"}
_BEFORE = re.compile(f"(?:{'|'.join(_ENDS_OF_WORDS.get(word, '') + word for word in BOUNDING)})$")
"""Words that bound the number after them, where they are no end of another word (签约, 附近)."""

_REACH = re.compile(f"[{_NUMERAL}半点.,多余来%成数以上下内左右之整—–~〜至到-]*")
_MEASURE = "个家名户种项次场所座条间套件批期届组队站级层大类道位只支头亩份元年月天岁人轮倍步块盆吨张门"
_SCALES = "百千万亿"
_SPLIT = re.compile(rf"[0-9][0-9百千万亿]|[零一二两三四五六七八九十百千万亿][{_NUMERAL}]|[0-9][.,][0-9]|\.[0-9]")
"""A place where a number would be cut in two."""

_ITEM = re.compile("[,、:]")
_NUMBERED = re.compile("[.、)](?![0-9])")
_BOUNDARY = re.compile("(?:^|[。;:,!?“”(])$")
_TIMES = frozenset("倍番")
_LABEL = re.compile("[“《]([^“”《》]{2,20})[”》]")
_SENTENCE = re.compile("[。;!?]")


def labels(text: str) -> list[Spot]:
    """The words between quotation marks or title marks in a cleaned text, without those that are whole sentences."""
    found = [Spot(match.start(1), match.end(1), match[1], "label") for match in _LABEL.finditer(text)]
    return [spot for spot in found if not _SENTENCE.search(spot.text)]


def figures(text: str, counters: Collection[str], names: Iterable[str] = ()) -> list[Spot]:
    """The figures, dates and ordinals of a cleaned text, in its order.

    `counters` are the words that may stand after a number; numerals inside one of `names` are part of the name.
    """
    named = _spans(text, names)
    return [
        spot
        for spot in _all(text, frozenset(counters))
        if _counts(spot, text) and not any(start <= spot.start and spot.end <= end for start, end in named)
    ]


def amounts(text: str, counters: Collection[str]) -> list[Spot]:
    """Every amount that the words of a cleaned text can be read as, whether or not it counts as a figure: 三五 as several."""
    found = [each for spot in _all(text, frozenset(counters)) for each in _read_as(spot) if each.amount is not None]
    # Retail is no zero, and 1.5倍 as much is not 1.5 of anything.
    return [spot for spot in found if text[spot.start : spot.start + 2] != "零售" and text[spot.end : spot.end + 1] not in _TIMES]


def _read_as(spot: Spot) -> list[Spot]:
    return [replace(spot, amount=amount) for amount in readings(spot.text)] if spot.kind == "vague" else [spot]


def dates(text: str) -> list[Spot]:
    """Every date that a cleaned text prints, as far as it prints it; a range of years (2016-2020年) is one, of its last."""
    found: list[Spot] = []
    for match in _START.finditer(text):
        spot = _date(text, match.start()) if not found or match.start() >= found[-1].end else None
        found.extend([spot] if spot else [])
    return found


def cuts_number(text: str, start: int, end: int) -> bool:
    """Whether the stretch of a text begins or ends inside a number (40多 of 340多)."""
    return any(edge and _SPLIT.match(text, edge - 1) for edge in (start, end))


def places(words: str, text: str) -> Iterator[int]:
    """Where words begin in a text, each time they stand there and are not a piece of a longer number."""
    start = text.find(words)
    while start >= 0:
        if not cuts_number(text, start, start + len(words)):
            yield start
        start = text.find(words, start + 1)


def _spans(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    numbered = sorted({name for name in names if _START.search(name)}, key=lambda name: (-len(name), name))
    pattern = re.compile("|".join(map(re.escape, numbered)) or "(?!)")
    return [match.span() for match in pattern.finditer(text)]


@lru_cache(maxsize=1024)
def _all(text: str, counters: frozenset[str]) -> tuple[Spot, ...]:
    return tuple(_scan(text, counters))


def _scan(text: str, counters: frozenset[str]) -> Iterator[Spot]:
    done = 0
    for match in _START.finditer(text):
        start = match.start()
        if start < done:
            continue
        spot = (
            _date(text, start)
            or _fraction(text, start)
            or _amount(text, max(done, start - 4), start, counters)
            or _unclear(text, done, start)
        )
        if spot is not None:
            yield spot
            done = spot.end


def _date(text: str, start: int) -> Spot | None:
    match = _DATE.match(text, start)
    if match is None or text[start - 1 : start] in tuple("第.0123456789"):
        return None
    found = {name[0]: _part(part) for name, part in match.groupdict().items() if part}
    return Spot(start, match.end(), match[0], "date", None, (found.get("y"), found.get("m"), found.get("d")))


def _part(text: str) -> int | None:
    if len(text) == 4:
        return int(text.translate(_CHINESE_DIGITS))
    found = number(text.lstrip("0"))
    return None if found is None else int(found)


def _fraction(text: str, start: int) -> Spot | None:
    """2/3, 三分之一: a number, though no amount can hold it."""
    match = _FRACTION.match(text, start)
    return Spot(start, match.end(), match[0], "vague") if match and not match[0].startswith("百分之") else None


def _amount(text: str, earliest: int, start: int, counters: frozenset[str]) -> Spot | None:
    """The longest readable amount whose number begins at `start`; None if it would be half read."""
    before = _BEFORE.search(text[earliest:start])
    first = earliest + before.start() if before else start
    if text[first - 1 : first] in ("几", "数", "上") and text[start] in f"{_SCALES}十":
        return None
    digits = start + len("百分之") if text.startswith("百分之", start) else start
    for end in range(_end(text, digits, counters), digits, -1):
        if text[end : end + 1] == "几" or _SPLIT.match(text, end - 1):
            continue
        for begin in sorted({first, start}):
            amount = _read(text[begin:end], counters)
            if amount is not None:
                if text[begin - 1 : begin] == "第":
                    return _ordinal(text, begin - 1, end)
                return Spot(begin, end, text[begin:end], "amount", amount)
    return None


def _ordinal(text: str, start: int, end: int) -> Spot:
    """第二期: the ordinal with the character after it, which tells one from another, unless it ends there."""
    counted = end + 1 if text[end : end + 1].isalpha() and text[end] != "第" else end
    return Spot(start, counted, text[start:counted], "ordinal")


def _end(text: str, start: int, counters: frozenset[str]) -> int:
    """How far an amount that begins at `start` can reach: through numerals, words that bound, and counters."""
    end = start
    while end < len(text) and end - start < LONGEST:
        reached = _REACH.match(text, end)
        step = len(reached[0]) if reached else 0
        step = step or max((len(each) for each in counters if text.startswith(each, end)), default=0)
        if not step:
            break
        end += step
    return min(end, start + LONGEST)


@lru_cache(maxsize=8192)
def _read(text: str, counters: frozenset[str]) -> Amount | None:
    try:
        return read_amount(text, counters)
    except Unreadable:
        return None


def _unclear(text: str, done: int, start: int) -> Spot | None:
    """A number that no amount can hold: 十几, 数十, 三百五."""
    begin = start - 1 if start > done and text[start - 1] in "几数上" else start
    match = _VAGUE.match(text, start)
    return Spot(begin, match.end(), text[begin : match.end()], "vague") if match else None


def _counts(spot: Spot, text: str) -> bool:
    """Whether a number says how many or which, by the rules above."""
    after = text[spot.end : spot.end + 1]
    if spot.kind == "ordinal":
        bare = not re.search(f"[^第{_NUMERAL}]", spot.text)
        return not (bare and _ITEM.match(after) and _BOUNDARY.search(text[: spot.start]))
    if spot.kind != "amount":
        return not text[: spot.start].endswith("成百")
    opens = bool(_BOUNDARY.search(text[: spot.start]))
    if re.search("[0-9]", spot.text):
        return not (opens and spot.text.isdigit() and len(spot.text) < 3 and _NUMBERED.match(text, spot.end))
    numeral = re.sub(f"[^{_NUMERAL}半]", "", spot.text)
    if opens and numeral == spot.text != "一半" and (after == "是" or _NUMBERED.match(text, spot.end)):
        return False
    amount = spot.amount
    said = amount is not None and (amount.bound != "exact" or amount.percent)
    measured = bool(amount and amount.counter) or (bool(after) and after in _MEASURE)
    if numeral == "一":
        return said
    return said or measured or (len(numeral) > 1 and bool(numeral.strip(_SCALES)))
