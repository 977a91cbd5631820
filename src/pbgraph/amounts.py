"""Amounts as Chinese press prints them (340多, 近2000万, 90%以上, 三至五万): text to a number and its bound.

The grammar matches the whole text or fails. Sources of its rules: 以上, 以下 and 以内 include the number, 超过 and 不满
do not (Civil Code of the PRC, article 1259); a scale or % left out of a range's first end can make it ambiguous
(GB/T 15835-2011, on ranges), so it is shared only where a single sensible reading is left (see `_scale_low`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pbgraph.numerals import CHARACTERS, LIMIT, SIMPLIFIED, number, scaled, shifted
from pbgraph.problems import Unreadable
from pbgraph.scripts import simplified_character


@dataclass(frozen=True, slots=True)
class Amount:
    """What an amount's words say: the number, how it bounds what is counted, and what was counted.

    `bound` is the local name of a pb:Bound and says whether the ends `low` and `high` are included; they stand only
    where the words give them. The bound `between` has both and no `value`. `percent`: the words give a share of one
    (%, 百分之, 成, 一半), held as a fraction. `counter`: the counter or unit printed, as the caller writes it, if any.
    """

    value: Decimal | None
    bound: str
    low: Decimal | None
    high: Decimal | None
    percent: bool = False
    counter: str = ""


LONGEST = 60
"""Longer texts are no amounts."""

_BEFORE = {
    **dict.fromkeys(("超", "超过", "逾", "多于", "高于", "大于", "突破"), "more-than"),
    **dict.fromkeys(("至少", "最少", "不少于", "不低于", "不下于"), "at-least"),
    **dict.fromkeys(("近", "将近", "接近"), "nearly"),
    **dict.fromkeys(("约", "大约", "大概"), "about"),
    **dict.fromkeys(("最多", "至多", "不超过", "不多于", "不高于"), "at-most"),
    **dict.fromkeys(("不足", "不到", "不满", "低于", "少于", "小于"), "less-than"),
}
BOUNDING = tuple(sorted(_BEFORE, key=lambda word: (-len(word), word)))
"""The words that may stand before a number and bound it, the longest first."""

_MORE = {"多": "more-than", "余": "more-than", "来": "about"}
_AFTER = {
    **dict.fromkeys(("以上",), "at-least"),
    **dict.fromkeys(("以下", "以内"), "at-most"),
    **dict.fromkeys(("左右", "上下"), "about"),
    "整": "exact",
    "之多": "",
}
_BELOW = ("nearly", "at-most", "less-than")
_ABOVE = ("more-than", "at-least")
_HALVES = {"半": False, "一半": True, "半数": True}
_HALF = Decimal("0.5")
_DIGITS = "零一二三四五六七八九"


def _any(words: Collection[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) or "(?!)"


_START = "(?:达到|达|共计|总计|共)?"
_FOREIGN = "[^\\W0-9_零一二两三四五六七八九十百千万亿半多余至到](?:(?![至到])[\\w/]){0,7}?"
"""What stands where a counter may, for saying that it is none."""

_ANY = "[^\\W0-9a-zA-Z_零一二两三四五六七八九十百千万亿半多余来成以左上下之整至到]{1,2}"
"""What may be the counter of what has no unit of its own."""

_EARLY_SIGNS = (
    ("amount-blank", re.compile(r"\s|^$")),
    ("amount-percentage-points", re.compile("百分点")),
    ("amount-without-number", re.compile("几|数[十百千万亿]|^上[百千万亿]|成百|若干|许多|大量|无数")),
    ("amount-fraction", re.compile("(?<!百)分之|[0-9]/[0-9]")),
    ("amount-negative", re.compile("^[-−负]")),
    ("amount-exponent", re.compile(r"[0-9][eE×*^][-+]?[0-9]")),
)
_LATE_SIGNS = (
    ("amount-too-long", re.compile("(?:[0-9][,.]?){16,}")),
    ("amount-grouping", re.compile("(?<![0-9,，.])(?![0-9]{1,3}(?:,[0-9]{3})+(?![0-9,，]))[0-9]+[,，][0-9]")),
    ("amount-ambiguous", re.compile("[一二两三四五六七八九]{2}")),
    ("amount-ambiguous", re.compile("[百千万亿][一二两三四五六七八九1-9][0-9]*(?![百千万亿十0-9])")),
)


@lru_cache(maxsize=256)
def _grammar(counter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The patterns of a single amount and of a range, with what may stand as a counter."""
    token = f"[{CHARACTERS},.点]*[{CHARACTERS}]"
    single = (
        f"{_START}(?P<before>{_any(_BEFORE)})?(?P<parts>百分之)?(?P<number>一半|半数|半|{token})"
        f"(?:(?P<more>[多余来])(?P<scale>万亿|万|亿)?)?(?P<share>%|成)?(?P<counter>{counter})?"
        f"(?P<tail>[半多余{_DIGITS}])?(?P<after>{_any(_AFTER)})?"
    )
    low = f"(?P<low_parts>百分之)?(?P<low>{token})(?P<low_share>%|成)?(?P<low_counter>{counter})?"
    high = f"(?P<parts>百分之)?(?P<number>{token})(?P<share>%|成)?(?P<counter>{counter})?"
    several = f"{_START}(?P<before>{_any(_BEFORE)})?{low}[-–—~〜至到]{high}(?P<after>{_any(_AFTER)})?"
    return re.compile(single), re.compile(several)


@lru_cache(maxsize=256)
def _counter(counters: frozenset[str] | None) -> str:
    """The pattern of what may stand as a counter."""
    return _ANY if counters is None else _any(_spellings(counters))


@lru_cache(maxsize=256)
def _spellings(counters: frozenset[str] | None) -> dict[str, str]:
    """Each counter in the script of the grammar to the counter as the caller writes it; % is the grammar's own."""
    if counters is None:
        return {}
    return {counter.translate(SIMPLIFIED): counter for counter in sorted(counters) if counter not in ("", "%", "％")}


def read_amount(text: str, counters: Collection[str] | None = ()) -> Amount:
    """Read the whole text as one amount; half-read texts and invented bounds do not exist.

    `text` may be in either script, with full-width digits, but without blanks. `counters` are the words that may stand
    after the number: the labels of its unit; None: any of one or two characters. Percentages, 成 and halves become
    fractions of one, exactly.
    Unreadable: a code of the catalogue that starts with `amount-` and says what to write instead.
    """
    return _read(text, None if counters is None else frozenset(counters))


_ABOUT = re.compile(f"([{_DIGITS}]?十|[1-9]十)?([{_DIGITS}两])([{_DIGITS}两])([十百千]?(?:万亿|[万亿])?)")
_CUT_SHORT = re.compile(f"(.*(百|千|万|亿))([{_DIGITS}])")
_LOWER = {"百": "十", "千": "百", "万": "千", "亿": "千万"}


def readings(text: str) -> list[Amount]:
    """All amounts that a Chinese numeral without a counter can mean which `read_amount` refuses, since it can mean several.

    三五 is 3 to 5 or 35, 三四百 300 to 400, 十七八 17 to 18, 三百五 350 or 305. What else is refused has none.
    """
    plain, meant = text.translate(SIMPLIFIED), []
    if found := _ABOUT.fullmatch(plain):
        tens, low, high, scale = found.groups(default="")
        meant = [f"{tens}{low}{scale}至{tens}{high}{scale}", *([] if tens or scale else [f"{low}十{high}"])]
    elif found := _CUT_SHORT.fullmatch(plain):
        front, scale, digit = found.groups()
        meant = [f"{front}{digit}{_LOWER[scale]}", f"{front}零{digit}"]
    return [amount for each in meant if (amount := _attempted(each))]


def _attempted(text: str) -> Amount | None:
    try:
        return _read(text, frozenset())
    except Unreadable:
        return None


@lru_cache(maxsize=8192)
def _read(text: str, counters: frozenset[str] | None) -> Amount:
    plain = text.translate(SIMPLIFIED)
    amount = _match(plain, _counter(counters), text) if len(text) <= LONGEST else None
    if amount is None and len(text) <= LONGEST:
        # Characters of numbers are few, those of counters are many: the whole table is looked into only for these.
        plain = "".join(map(simplified_character, plain))
        amount = _match(plain, _counter(counters), text)
    if amount is None:
        raise _refusal(text, plain, counters)
    if amount.counter and counters is not None:
        return Amount(amount.value, amount.bound, amount.low, amount.high, amount.percent, _spellings(counters)[amount.counter])
    return amount


def _match(plain: str, counter: str, text: str) -> Amount | None:
    """The amount, its counter as printed; None if the text is not of the grammar with such counters."""
    single, several = _grammar(counter)
    if match := single.fullmatch(plain):
        return _single(match, text)
    if match := several.fullmatch(plain):
        return _range(match, text)
    return None


def _single(match: re.Match[str], text: str) -> Amount | None:
    value, percent = _value(match)
    if value is None:
        return None
    before, more = _BEFORE.get(match["before"]), _MORE.get(match["more"] or match["tail"])
    bounds = set(filter(None, (before, more, _AFTER.get(match["after"]))))
    if len(bounds) > 1:
        raise Unreadable("amount-bounds-clash", text=text)
    bound = bounds.pop() if bounds else "exact"
    low = value if bound == "exact" or bound in _ABOVE else None
    high = value if bound == "exact" or bound in _BELOW else None
    return Amount(value, bound, low, high, percent, match["counter"] or "")


def _value(match: re.Match[str]) -> tuple[Decimal | None, bool]:
    """The number of a single amount with what follows it (None if unsound) and whether it is a share of one."""
    token, parts, more, scale = match["number"], match["parts"], match["more"], match["scale"]
    share, tail, counter = match["share"], match["tail"], match["counter"]
    if token in _HALVES:
        percent = _HALVES[token]
        idle = parts or scale or share or (counter if percent else more) or (tail and not (counter and tail in _MORE))
        return (None if idle else _HALF), percent
    value = number(token)
    if value is None or (parts and share) or (tail and not (share or counter)) or (tail and more):
        return None, False
    if scale:
        # 3万多亿 is said, 2亿多万 is not.
        sound = value < scaled(Decimal(1), scale) or not re.search("[万亿]", token)
        value = scaled(value, scale) if sound and scaled(value, scale) < LIMIT else None
    elif tail and tail not in _MORE:
        value = _with_rest(value, tail, share)
    if value is None:
        return None, False
    return (_fraction(value, share or parts), True) if share or parts else (value, False)


def _with_rest(value: Decimal, tail: str, share: str | None) -> Decimal | None:
    """七成半 and 七成五 are 7.5 tenths, 3个半 is 3.5; None: a digit after anything but 成, a half after a fraction."""
    if value % 1 or share == "%" or (share is None and tail != "半"):
        return None
    return value + (_HALF if tail == "半" else shifted(Decimal(_DIGITS.index(tail)), -1))


def _fraction(value: Decimal, share: str) -> Decimal:
    return shifted(value, -1 if share == "成" else -2)


def _share(parts: str | None, share: str | None) -> str | None:
    return "%" if parts else share


def _range(match: re.Match[str], text: str) -> Amount | None:
    low, high = number(match["low"]), number(match["number"])
    share, low_share = _share(match["parts"], match["share"]), _share(match["low_parts"], match["low_share"])
    doubled = (match["parts"] and match["share"]) or (match["low_parts"] and match["low_share"])
    if low is None or high is None or doubled or match["low_counter"] not in (None, match["counter"]):
        return None
    if match["before"] or match["after"]:
        raise Unreadable("amount-bounds-clash", text=text)
    low = _scale_low(match["low"], low, match["number"])
    if share and not low_share and low is not None and low <= _fraction(high, share):
        low = None
    if low is None or (low_share and low_share != share):
        raise Unreadable("amount-range-scale", text=text)
    if low >= high:
        raise Unreadable("amount-range-order", text=text)
    if share:
        low, high = _fraction(low, share), _fraction(high, share)
    return Amount(None, "between", low, high, bool(share), match["counter"] or "")


def _scale_low(low_token: str, low: Decimal, high_token: str) -> Decimal | None:
    """The lower end with the scale it shares with the upper: 3至5万 is 30,000 to 50,000; None: it may share it or not.

    Shared if the ends without the scale are in order and within a factor of ten; not shared if the lower end is at
    least ten times the upper's (5000至1万). A lower end that prints a scale shares only a 万 or 亿: 三千至五千万.
    """
    signs = "" if re.search("[万亿]", low_token) else "万亿" if re.search("[百千]", low_token) else "百千万亿"
    trail = len(high_token) - len(high_token.rstrip(signs)) if signs else 0
    if not trail:
        return low
    # 一百万 is 一百 with 万, and 一 with 百万.
    splits = [(high_token[:-length], high_token[-length:]) for length in range(1, trail + 1)]
    bare = [(number(front) if front else Decimal(1), scale) for front, scale in splits]
    shared = {scaled(low, scale) for upper, scale in bare if upper is not None and low < upper <= 10 * low}
    if shared:
        return shared.pop() if len(shared) == 1 else None
    return low if all(upper is not None and low >= 10 * upper for upper, _ in bare) else None


def _refusal(text: str, plain: str, counters: frozenset[str] | None) -> Unreadable:
    """Why a text is no amount, as exactly as can be said."""
    if len(text) > LONGEST:
        return Unreadable("amount-unreadable", text=text[: LONGEST - 1] + "…")
    early = _sign(plain, _EARLY_SIGNS)
    if early == "amount-blank" and text.strip() and not _is_amount("".join(text.split()), counters):
        early = "amount-unreadable"
    spellings = _spellings(counters)
    counter = "" if early or counters is None else _foreign_counter(text, plain, spellings)
    if not counter:
        return Unreadable(early or _sign(plain, _LATE_SIGNS) or "amount-unreadable", text=text)
    allowed = ", ".join(sorted(spellings.values()))
    if not allowed:
        return Unreadable("amount-counter-unexpected", text=text, counter=counter)
    return Unreadable("amount-counter-unknown", text=text, counter=counter, allowed=allowed)


def _is_amount(text: str, counters: frozenset[str] | None) -> bool:
    """Whether a text is an amount, if perhaps with the counter of another unit."""
    try:
        _read(text, counters)
    except Unreadable as error:
        return error.code.startswith("amount-counter")
    return True


def _sign(plain: str, signs: Iterable[tuple[str, re.Pattern[str]]]) -> str | None:
    return next((code for code, pattern in signs if pattern.search(plain)), None)


def _foreign_counter(text: str, plain: str, spellings: Collection[str]) -> str:
    """The words after a readable number that could only be its counter, as printed; empty: something else is wrong."""
    for pattern in _grammar(_FOREIGN):
        match = pattern.fullmatch(plain)
        if match and match["counter"] and (match["number"] in _HALVES or number(match["number"]) is not None):
            known = match["counter"] in spellings or match["counter"].startswith((*_AFTER, "分之"))
            return "" if known else text[slice(*match.span("counter"))]
    return ""


def canonical(value: Decimal) -> str:
    """The canonical xsd:decimal form of a finite number: no exponent, no idle zeros, no `.0`, no `-0`.

    The form of XML Schema 1.1 part 2, decimalCanonicalMap; the store keeps it as it is. ValueError: not finite.
    """
    if not value.is_finite():
        raise ValueError(f"not a finite number: {value}")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
