"""Amounts are read whole or refused with a reason, in both scripts, and no bound is invented."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from pbgraph.amounts import Amount, canonical, read_amount, readings
from pbgraph.problems import Unreadable, Where, problem
from pbgraph.terms import CORE

COUNTERS = frozenset(["个", "户", "家", "名", "元", "亩", "年", "吨", "点", "千瓦", "%"])
BOUNDS = ["exact", "more-than", "at-least", "nearly", "about", "at-most", "less-than", "between"]


def shown(amount: Amount) -> str:
    number = f"{amount.low}..{amount.high}" if amount.value is None else canonical(amount.value)
    return " ".join(filter(None, [amount.bound, number, "share" if amount.percent else "", amount.counter]))


def refusal(text: str, counters: frozenset[str] = COUNTERS) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_amount(text, counters)
    return caught.value


READ = """
340多 more-than 340 | 340多个 more-than 340 个 | 95 exact 95 | 77 exact 77 | 56 exact 56 | 14087 exact 14087
百余 more-than 100 | 百余名 more-than 100 名 | 146家 exact 146 家 | 1.58亿 exact 158000000 | 800余名 more-than 800 名
近百万元 nearly 1000000 元 | 10余 more-than 10 | 50多万 more-than 500000 | 188 exact 188 | 22.9% exact 0.229 share
66.29万 exact 662900 | 23.59% exact 0.2359 share | 低于6000元 less-than 6000 元 | 2800亩 exact 2800 亩
近2000万 nearly 20000000 | 6000余万元 more-than 60000000 元 | 300余 more-than 300 | 约35% about 0.35 share
2.5万 exact 25000 | 18.6万元 exact 186000 元 | 60% exact 0.6 share | 90%以上 at-least 0.9 share
134.5% exact 1.345 share | 近万元 nearly 10000 元 | 3元多 more-than 3 元 | 100多吨 more-than 100 吨
5000万 exact 50000000 | 20家 exact 20 家 | 730余 more-than 730 | 3.1万余名 more-than 31000 名
26万余 more-than 260000 | 140余万元 more-than 1400000 元 | 6865万元 exact 68650000 元 | 25户以上 at-least 25 户
一名以上 at-least 1 名 | 4亩以上 at-least 4 亩 | 百个 exact 100 个 | 60亿 exact 6000000000
200多亿 more-than 20000000000 | 4000余万 more-than 40000000 | 突破10亿元 more-than 1000000000 元
1万余 more-than 10000 | 70多名 more-than 70 名 | 5亿元 exact 500000000 元 | 2000余万 more-than 20000000
66.29萬 exact 662900 | 6000餘萬元 more-than 60000000 元 | 200多億 more-than 20000000000 | 340多個 more-than 340 个
約35% about 0.35 share | 將近兩萬 nearly 20000 | 不超過300 at-most 300 | ３４０多 more-than 340
９０％以上 at-least 0.9 share | 1,200 exact 1200 | 1,234,567.5 exact 1234567.5 | 0 exact 0 | 0.5 exact 0.5
3.10 exact 3.1 | 1亿2000万 exact 120000000 | 3万5千 exact 35000 | 1万2000 exact 12000 | 5百万 exact 5000000
3千 exact 3000 | 9999万亿 exact 9999000000000000 | 五十六 exact 56 | 三千五百 exact 3500 | 一万二千 exact 12000
十五 exact 15 | 两 exact 2 | 两千 exact 2000 | 〇 exact 0 | 三千零五 exact 3005 | 一万零五百 exact 10500
十万五千 exact 105000 | 一亿零三万 exact 100030000 | 一点五八亿 exact 158000000 | 十万零五千 exact 105000
百 exact 100 | 千余 more-than 1000 | 万余 more-than 10000 | 百余万 more-than 1000000 | 千万 exact 10000000
十多 more-than 10 | 十余万 more-than 100000 | 两千多万户 more-than 20000000 户 | 三十多亿 more-than 3000000000
10亿多 more-than 1000000000 | 3万多亿 more-than 3000000000000 | 3千多万 more-than 30000000 | 十来个 about 10 个
12000余万 more-than 120000000 | 超300 more-than 300 | 超过300多 more-than 300 | 逾万 more-than 10000
至少30 at-least 30 | 不少于30以上 at-least 30 | 不足百 less-than 100 | 不到一半 less-than 0.5 share
最多5个 at-most 5 个 | 30以下 at-most 30 | 30个以内 at-most 30 个 | 30左右 about 30 | 约30左右 about 30
50上下 about 50 | 达340多 more-than 340 | 达到90%以上 at-least 0.9 share | 300之多 exact 300 | 100元整 exact 100 元
达近2000万 nearly 20000000 | 接近300 nearly 300 | 共36 exact 36 | 百分之二十三点五 exact 0.235 share
百分之百 exact 1 share | 百分之二十多 more-than 0.2 share | 百分之3.5 exact 0.035 share | 20%多 more-than 0.2 share
20多% more-than 0.2 share | 七成 exact 0.7 share | 7成 exact 0.7 share | 七成半 exact 0.75 share
七成五 exact 0.75 share | 九成以上 at-least 0.9 share | 近两成 nearly 0.2 share | 两成多 more-than 0.2 share
半 exact 0.5 | 半年 exact 0.5 年 | 一半 exact 0.5 share | 超半数 more-than 0.5 share | 3个半 exact 3.5 个
三年半 exact 3.5 年 | 半年多 more-than 0.5 年 | 3个多 more-than 3 个 | 5千瓦 exact 5 千瓦 | 3点 exact 3 点
3-5 between 3..5 | 3~5个 between 3..5 个 | 3至5 between 3..5 | 三到五个 between 3..5 个 | 3个至5个 between 3..5 个
3至5万 between 30000..50000 | 3到5千 between 3000..5000 | 800-1000万 between 8000000..10000000
八十至一百万 between 800000..1000000 | 五十至二百万 between 500000..2000000 | 一至二千万 between 10000000..20000000
三千至五千万 between 30000000..50000000 | 5000至1万 between 5000..10000 | 13万元-17万元 between 130000..170000 元
10～20 between 10..20 | 9亿-16亿 between 900000000..1600000000 | 20%-30% between 0.20..0.30 share
15-30% between 0.15..0.30 share | 三至五成 between 0.3..0.5 share | 百分之三至百分之五 between 0.03..0.05 share
达3-5万元 between 30000..50000 元 | 0.5-1% between 0.005..0.01 share | 500-3千 between 500..3000
1至10万 between 10000..100000 | 10至1万 between 10..10000
"""
ROWS = [row.strip().split(" ", 1) for line in READ.strip().splitlines() for row in line.split(" | ")]


def test_the_table_is_long() -> None:
    assert len(ROWS) >= 150


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_reads(text: str, expected: str) -> None:
    assert shown(read_amount(text, COUNTERS)) == expected


SEVERAL = {
    "三五": "3..5 35",
    "三四百": "300..400",
    "二三百萬": "2000000..3000000",
    "十七八": "17..18",
    "三百五": "350 305",
    "兩万五": "25000 20005",
    "三二": "32",
    "几十": "",
    "三百五十": "",
}


@pytest.mark.parametrize(("text", "expected"), SEVERAL.items())
def test_what_can_be_read_in_several_ways_has_readings(text: str, expected: str) -> None:
    found = readings(text)
    assert " ".join(str(each.value) if each.value else f"{each.low}..{each.high}" for each in found) == expected


REFUSED = {
    "amount-ambiguous": "三百五 三千五 3万5 三五 三四百 七八个 十三五 二〇一六 1万200",
    "amount-bounds-clash": "约300多 近300多 不到340多 超过90%以上 约3-5万 3-5左右 至少30左右 300余左右 约100元整",
    "amount-counter-unknown": "5KW 3A 2.5万元/年 340多只 3-5只 三年半只 半只 10吨油",
    "amount-exponent": "1e5 1E5 4.3×10^6 2*3",
    "amount-fraction": "三分之一 1/3 四分之三",
    "amount-grouping": "1,00 1,0000 12,34,567 1，000 ３４，０",
    "amount-negative": "-5 −5 负五 －３",
    "amount-percentage-points": "2个百分点 百分点 三个百分点",
    "amount-range-order": "5-3 3-3 30%-20% 5万至3万",
    "amount-range-scale": "三十至五百万 1至50万 9至1万 6至5万 0.1-30% 百分之二十至三十 20%-30 三成至50% 5至5万 0.05-5%",
    "amount-too-long": "1234567890123456 0.123456789012345678",
    "amount-without-number": "十几 几十 数十 数百 几 幾十 好几个 上百 成百上千 若干 几百万",
    "amount-unreadable": "014 00 0340多 .5 5. 1.2.3 多 余 近 以上 % 百分之 百分之20% 340多多 340以上多 八个一 2.5个半 "
    "3半 20%半 两十 一百百 亿万 三千五十 2亿多万 1.5万5千 半多 一半个 每户3 no 9999999多万亿 一亿亿 3-5-7 达 "
    "一零零 Ⅴ ½ ٣ 壹佰 3个至5家 1万多万",
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in REFUSED.items() for text in texts.split()])
def test_refuses(code: str, text: str) -> None:
    error = refusal(text)
    assert error.code == code
    found = problem(Where("data/a.yaml", 3, 7), error.code, **error.details)
    for language in ("en", "zh"):
        assert text in found.render(language)
        assert "{" not in found.render(language)


@pytest.mark.parametrize("text", ["", " ", " 340", "340 ", "12 500", "340\n", "340\u3000多", "近\t5"])
def test_blanks_are_refused(text: str) -> None:
    assert refusal(text).code == "amount-blank"


@pytest.mark.parametrize(
    ("text", "code"), [("two thousand", "amount-unreadable"), ("x y", "amount-unreadable"), ("20 箱", "amount-blank")]
)
def test_a_blank_is_to_be_taken_out_only_where_an_amount_is_left(text: str, code: str) -> None:
    assert refusal(text).code == code


def test_a_long_text_is_refused_and_shortened_in_the_message() -> None:
    error = refusal("1" * 5000)
    assert error.code == "amount-unreadable"
    assert len(error.details["text"]) == 60


def test_a_counter_is_named_with_those_that_are_allowed() -> None:
    error = refusal("340多個", frozenset({"户", "家"}))
    assert error.code == "amount-counter-unknown"
    assert error.details == {"text": "340多個", "counter": "個", "allowed": "家, 户"}


@pytest.mark.parametrize("counters", [frozenset(), frozenset({"%"})])
def test_a_counter_where_none_may_stand_is_named(counters: frozenset[str]) -> None:
    error = refusal("90户以上", counters)
    assert (error.code, error.details["counter"]) == ("amount-counter-unexpected", "户")


def test_counters_are_returned_as_the_caller_writes_them() -> None:
    assert read_amount("340多个", ["個"]).counter == "個"
    assert read_amount("340多個", ("个", "家")).counter == "个"
    assert read_amount("50(万)", ["(万)"]).counter == "(万)"


def test_a_unit_named_after_its_scale_counts_in_that_unit() -> None:
    assert read_amount("500万元", ["万元"]) == Amount(Decimal(500), "exact", Decimal(500), Decimal(500), counter="万元")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("340", 340, 340),
        ("340多", 340, None),
        ("340以上", 340, None),
        ("近340", None, 340),
        ("340以下", None, 340),
        ("不足340", None, 340),
        ("约340", None, None),
        ("300-340", 300, 340),
    ],
)
def test_ends_stand_only_where_the_words_give_them(text: str, low: int | None, high: int | None) -> None:
    amount = read_amount(text)
    assert (amount.low, amount.high) == (low, high)
    assert amount.value == (None if amount.bound == "between" else 340)


def test_the_bounds_are_those_of_the_ontology() -> None:
    core = rdflib.Graph().parse(Path(__file__).parents[2] / "ontology" / "core.ttl")
    declared = core.subjects(rdflib.RDF.type, rdflib.URIRef(CORE + "Bound"))
    assert sorted(str(bound).removeprefix(CORE) for bound in declared) == sorted(BOUNDS)
    assert {expected.split()[0] for _, expected in ROWS} == set(BOUNDS)


WORDS = "340 百分之 一半 超过 不足 至少 达 以上 以下 左右 千瓦"
SIGNS = "01359,.-~至到%成半多余餘来近约超整个元户点零〇一二两三五九十百千万亿萬億几数负"
GRAMMAR = st.lists(st.sampled_from([*WORDS.split(), *SIGNS]), min_size=1, max_size=9)


@given(st.one_of(GRAMMAR.map("".join), st.text(max_size=20), st.text("0123456789.,-~%多余以上万亿", max_size=12)))
def test_any_text_is_read_soundly_or_refused(text: str) -> None:
    try:
        amount = read_amount(text, COUNTERS)
    except Unreadable as error:
        assert error.code.startswith("amount-")
        problem(Where("a"), error.code, **error.details)
        return
    assert amount.bound in BOUNDS
    assert (amount.value is None) == (amount.bound == "between")
    assert amount.counter == "" or amount.counter in COUNTERS
    for number in filter(None, (amount.value, amount.low, amount.high)):
        assert 0 <= number < 10**18
        assert stored(number) == canonical(number)
    if amount.low is not None and amount.high is not None:
        assert amount.low <= amount.high


def stored(number: Decimal) -> str:
    """The lexical form that the store gives back, having added nothing to the number in SPARQL."""
    decimal = pyoxigraph.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    place, store = pyoxigraph.NamedNode("urn:x"), pyoxigraph.Store()
    store.add(pyoxigraph.Quad(place, place, pyoxigraph.Literal(canonical(number), datatype=decimal)))
    rows = store.query("SELECT ?n (?n + 0 AS ?sum) { ?s ?p ?n }")
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    row = next(rows)
    assert row["n"].value == row["sum"].value
    return str(row["n"].value)


NUMBERS = st.decimals(0, 999_999_999, places=4) | st.integers(0, 10**15 - 1).map(Decimal)


@given(NUMBERS)
def test_arabic_numbers_are_read_back_exactly(number: Decimal) -> None:
    for text in (f"{number:f}", f"{number:,f}"):
        assert read_amount(text) == Amount(number, "exact", number, number)
        assert read_amount(text + "%").value == number / 100


@given(st.decimals(0, 9_999, places=3), st.sampled_from([("千", 3), ("万", 4), ("百万", 6), ("亿", 8), ("万亿", 12)]))
def test_scaled_numbers_are_read_back_exactly(number: Decimal, scale: tuple[str, int]) -> None:
    assert read_amount(f"近{number:f}{scale[0]}").high == number * 10 ** scale[1]


@given(st.integers(0, 99_999), st.integers(1, 99_999))
def test_ranges_are_read_back_exactly(low: int, more: int) -> None:
    amount = read_amount(f"{low}至{low + more}")
    assert amount == Amount(None, "between", Decimal(low), Decimal(low + more))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**17), max_value=10**17, places=9))
def test_canonical_forms_survive_the_store(number: Decimal) -> None:
    form = canonical(number)
    assert Decimal(form) == number
    assert re.fullmatch(r"0|-?(?:[1-9][0-9]*|0(?=\.))(?:\.[0-9]*[1-9])?", form)
    assert stored(number) == form


@pytest.mark.parametrize(
    ("number", "form"),
    [
        ("-0", "0"),
        ("-0.00", "0"),
        ("1E+5", "100000"),
        ("1.50", "1.5"),
        ("2.0", "2"),
        ("1E-7", "0.0000001"),
        ("100", "100"),
    ],
)
def test_canonical_forms(number: str, form: str) -> None:
    assert canonical(Decimal(number)) == form


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_has_no_form(number: str) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        canonical(Decimal(number))


@pytest.mark.parametrize(
    ("text", "counter", "value"),
    [
        ("近百戶", "户", 100),
        ("100噸", "吨", 100),
        ("12條", "条", 12),
        ("兩間", "间", 2),
        ("340多臺", "台", 340),
        ("3畝", "亩", 3),
    ],
)
def test_a_counter_may_be_printed_in_the_other_script(text: str, counter: str, value: int) -> None:
    assert (read_amount(text, {counter}).value, read_amount(text, {counter}).counter) == (Decimal(value), counter)


@pytest.mark.parametrize("text", ["兩至三戶", "2至3戶", "2户到3户", "2—3户"])
def test_a_range_is_read_before_its_words_count_as_a_counter(text: str) -> None:
    found = read_amount(text, {"户"})
    assert (found.bound, found.low, found.high) == ("between", Decimal(2), Decimal(3))
    with pytest.raises(Unreadable) as refused:
        read_amount(text, {"家"})
    assert refused.value.details.get("counter", "户") in ("户", "戶")


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [
        *(("70座", 70, "exact"), ("70余座", 70, "more-than"), ("70座多", 70, "more-than"), ("70对以上", 70, "at-least")),
        *(
            ("百余名", 100, "more-than"),
            ("三十来户", 30, "about"),
            ("3亩半", Decimal("3.5"), "exact"),
            ("5万余人次", 50_000, "more-than"),
        ),
        *(("70", 70, "exact"), ("70多", 70, "more-than"), ("70以内", 70, "at-most"), ("七十條左右", 70, "about")),
    ],
)
def test_what_has_no_unit_may_have_any_counter(text: str, value: Decimal, bound: str) -> None:
    assert (read_amount(text, None).value, read_amount(text, None).bound) == (value, bound)
