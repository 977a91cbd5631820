"""Numerals are read only if they are the one way of writing their number."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbgraph.numerals import CHARACTERS, LIMIT, SIMPLIFIED, number, scaled, shifted, written


def spelled(value: int) -> str:
    """The Chinese numeral of a number, place by place in groups of four: another way than the one under test."""
    if value == 0:
        return "零"
    text, gap = "", False
    for place in range(15, -1, -1):
        digit, group = value // 10**place % 10, value // 10 ** (place // 4 * 4) % 10**4
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + ["", "十", "百", "千"][place % 4]
        gap = digit == 0
        if place and place % 4 == 0 and (group or (place == 8 and value >= 10**12)):
            text, gap = text + {4: "万", 8: "亿", 12: "万"}[place], False
    return text


@given(st.integers(0, 10**4) | st.integers(0, 10**8) | st.integers(0, 10**15 - 1))
def test_chinese_numerals_are_written_and_read_back(value: int) -> None:
    assert written(value) == spelled(value)
    assert number(spelled(value)) == value


@given(st.integers(10, 19), st.sampled_from(["", "万", "亿"]))
def test_ten_needs_no_one_before_it(value: int, scale: str) -> None:
    assert number(spelled(value)[1:] + scale) == number(spelled(value) + scale)


@given(st.text("零一二三五九十百千万亿两点", min_size=1, max_size=8))
def test_what_is_read_is_written_in_no_other_way(text: str) -> None:
    value = number(text)
    if value is not None and "点" not in text and not set(text) <= set("百千万亿"):
        plain = re.sub("([十百千][万亿])零(?=.千)", r"\1", text.replace("两", "二"))
        assert spelled(int(value)) == ("一" + plain if plain.startswith("十") else plain)


@given(st.text(max_size=20) | st.text("0123456789.,零一二两三十百千万亿点", max_size=20))
def test_any_token_is_a_number_below_the_limit_or_nothing(text: str) -> None:
    value = number(text)
    assert value is None or 0 <= value < LIMIT


def test_both_scripts_have_the_same_length() -> None:
    assert "6000餘萬億〇３％".translate(SIMPLIFIED) == "6000余万亿零3%"
    assert all(isinstance(after, int) for after in SIMPLIFIED.values())
    assert "万" in CHARACTERS


def test_moving_the_point_is_exact_in_any_context() -> None:
    with localcontext() as context:
        context.prec = 3
        assert shifted(Decimal("123456.789"), -2) == Decimal("1234.56789")
        assert scaled(Decimal("1.23456789"), "亿") == Decimal("123456789")
        assert str(scaled(Decimal(3), "千")) == "3000"
    with pytest.raises(KeyError):
        scaled(Decimal(1), "兆")
