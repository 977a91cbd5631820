"""Numbers as Chinese press prints them, in Arabic or Chinese digits, with or without a scale: text to Decimal, or none.

A Chinese numeral is read only if it is the one way of writing its number: what is read is written out again and
compared, so that 三百五 (350 or 305?) and 三五 (35, or three to five?) are not read at all.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from functools import lru_cache

SIMPLIFIED = str.maketrans(
    "萬億餘幾兩點約將過於達內數個來滿總計負〇０１２３４５６７８９％．～－",
    "万亿余几两点约将过于达内数个来满总计负零0123456789%.~-",
)
"""Traditional and full-width characters of the grammar to the ones it is written in, one for one."""

CHARACTERS = "0-9零一二两三四五六七八九十百千万亿"
"""The characters a number may end in, as the inside of a character class; inside it there are also , . and 点."""

MOST_DIGITS = 15
"""As many digits as a number may have: a percentage of so many places still fits the store's 18."""

LIMIT = 10**18
"""Numbers from here on are refused: the store's decimals end at about 1.7e20."""

_EXACT = Context(prec=60)
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_UNITS = ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十"))
_UNIT = {sign: unit for unit, sign in _UNITS}
_POWERS = {"": 0, "百": 2, "千": 3}
_BIG = {"": 0, "万": 4, "亿": 8, "万亿": 12}
_SCALES = {small + big: _POWERS[small] + _BIG[big] for small in _POWERS for big in _BIG}
_SCALE = "|".join(sorted(filter(None, _SCALES), key=len, reverse=True))
_ARABIC = re.compile(rf"(0|[1-9][0-9]*|[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+)(\.[0-9]+)?({_SCALE})?")
_CHINESE = re.compile(rf"([零一二两三四五六七八九十百千万亿]+)点([零一二三四五六七八九]+)({_SCALE})?")
_COMPOUND = re.compile(rf"(?:[1-9][0-9]*(?:{_SCALE}))+(?:[1-9][0-9]*)?")
_DIGIT = re.compile("[0-9零一二三四五六七八九]")
_SEGMENT = re.compile(rf"([0-9]+)({_SCALE}|)")
_TWO = re.compile("两(?=[百千万亿])")
_IDLE_ZERO = re.compile("(?<=[十百千][万亿])零(?=.千)")


@lru_cache(maxsize=4096)
def number(token: str) -> Decimal | None:
    """The one number a token of Arabic digits, Chinese numerals and scales can mean; None if there is none or not one.

    Takes simplified script, half-width digits (see `SIMPLIFIED`). 340, 1,200, 1.58亿, 1亿2000万, 三千五百, 百万.
    """
    if len(_DIGIT.findall(token)) > MOST_DIGITS or token.count("亿") > 1:
        return None
    value = _arabic(token) if token[:1] in "0123456789" else _chinese(token)
    return value if value is not None and value < LIMIT else None


def scaled(value: Decimal, scale: str) -> Decimal:
    """The value times a scale such as 万 or 千万 (the empty scale: as it is), exactly. KeyError: no such scale."""
    return shifted(value, _SCALES[scale])


def shifted(value: Decimal, places: int) -> Decimal:
    """The value with its decimal point moved right (left, if `places` is negative), exactly and without exponent."""
    moved = _EXACT.scaleb(value, places)
    return Decimal(format(moved, "f"))


def _arabic(token: str) -> Decimal | None:
    if match := _ARABIC.fullmatch(token):
        whole, fraction, scale = match.groups()
        return scaled(Decimal(whole.replace(",", "") + (fraction or "")), scale or "")
    return _compound(token)


def _compound(token: str) -> Decimal | None:
    """1亿2000万, 1万2000: each part is below the scale before it and fills its places if it has no scale itself."""
    if not _COMPOUND.fullmatch(token):
        return None
    total, room = 0, LIMIT
    for digits, scale in _SEGMENT.findall(token):
        part = int(digits) * 10 ** _SCALES[scale]
        if part >= room or (not scale and part * 10 < room):
            return None
        total, room = total + part, 10 ** _SCALES[scale]
    return Decimal(total)


def _chinese(token: str) -> Decimal | None:
    if match := _CHINESE.fullmatch(token):
        whole, fraction, scale = match.groups()
        start = _integer(whole)
        if start is None:
            return None
        return scaled(Decimal(f"{start}.{''.join(str(_DIGITS[digit]) for digit in fraction)}"), scale or "")
    if token in _SCALES and token:
        return Decimal(10 ** _SCALES[token])
    value = _integer(token)
    return None if value is None else Decimal(value)


def _integer(token: str) -> int | None:
    """Read a numeral loosely, then accept it only if its number is written so (or as 两千, 十五, 十万零五千)."""
    spelled = "二" if token == "两" else _TWO.sub("二", token)
    spelled = "一" + spelled if spelled.startswith("十") else spelled
    total = section = digit = 0
    for sign in spelled:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign not in _UNIT:
            return None
        elif sign in "万亿":
            big = _UNIT[sign]
            total = (total + section + digit) * big if sign == "亿" else total + (section + digit) * big
            section = digit = 0
        else:
            section, digit = section + digit * _UNIT[sign], 0
        if total >= LIMIT:
            return None
    value = total + section + digit
    return value if value < LIMIT and written(value) in (spelled, _IDLE_ZERO.sub("", spelled)) else None


def written(value: int) -> str:
    """The Chinese numeral of a whole number from 0, as taught in schools: 零 marks skipped places, ten is 一十."""
    for unit, sign in _UNITS:
        if value >= unit:
            head, tail = divmod(value, unit)
            gap = "零" if tail and tail * 10 < unit else ""
            return written(head) + sign + gap + (written(tail) if tail else "")
    return "零一二三四五六七八九"[value]
