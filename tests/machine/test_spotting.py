"""Which figures, dates, ordinals and labels running text holds, and what is none of them, case by case."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pbgraph.spotting import Spot, amounts, cuts_number, dates, figures, labels, places

COUNTERS = frozenset(["元", "块", "%", "个", "家", "人", "名", "户", "亩", "吨", "份", "盆", "日", "天", "月", "个月", "年"])

FIGURES = {
    # Arabic digits always count.
    "网店340多个": "amount:340多个",
    "产值达6000余万元": "amount:6000余万元",
    "4000余万": "amount:4000余万",
    "交易额1.58亿元": "amount:1.58亿元",
    "脱贫率达到90%以上": "amount:90%以上",
    "每天工钱3至5万元": "amount:3至5万元",
    "5%—8%": "amount:5%—8%",
    "5000至1万人": "amount:5000至1万人",
    "种植20万亩": "amount:20万亩",
    "1亿2000万元": "amount:1亿2000万元",
    "共1,200元": "amount:1,200元",
    "又可以卖到3元多": "amount:3元多",
    "1万多户": "amount:1万多户",
    "装机5KW": "amount:5",
    "4G网络": "amount:4",
    "占地60平方米": "amount:60",
    "36场次": "amount:36",
    "“506070”人员": "amount:506070",
    "“2345”工程": "amount:2345",
    "10镇4乡": "amount:10 amount:4",
    "95户减少到11户": "amount:95户 amount:11户",
    "66.29万人均年收入低于6000元": "amount:66.29万人 amount:低于6000元",
    "0个": "amount:0个",
    "62岁的村民": "amount:62",
    # Words that bound belong to the number.
    "近2000万盆": "amount:近2000万盆",
    "用工近百万元": "amount:近百万元",
    "不到一年": "amount:不到一年",
    "突破8亿元": "amount:突破8亿元",
    "超过4亿元": "amount:超过4亿元",
    "不少于30人": "amount:不少于30人",
    "至少30人": "amount:至少30人",
    "低于5吨": "amount:低于5吨",
    "约3天": "amount:约3天",
    "30人左右": "amount:30人左右",
    "高达80%": "amount:80%",
    "近30人左右": "amount:30人左右",
    "贫困户数300户": "amount:300户",
    "网上300家": "amount:300家",
    # Chinese numerals of two signs or more.
    "五十六": "amount:五十六",
    "五十六个村": "amount:五十六个",
    "三百五十户": "amount:三百五十户",
    "一百零八": "amount:一百零八",
    "两千五百万元": "amount:两千五百万元",
    "三至五万": "amount:三至五万",
    "七成半": "amount:七成半",
    "三成多": "amount:三成多",
    "占全省一半": "amount:一半",
    "三十来户": "amount:三十来户",
    "十余个": "amount:十余个",
    "二十世纪": "amount:二十",
    "一万": "amount:一万",
    # One sign counts if it is bounded or a measure word follows.
    "百余名学员": "amount:百余名",
    "百名党员": "amount:百名",
    "万余元": "amount:万余元",
    "三种模式": "amount:三",
    "两个网店": "amount:两个",
    "短短五天": "amount:五天",
    "三年累计": "amount:三年",
    "六个省": "amount:六个",
    "八项措施": "amount:八",
    "半年": "amount:半年",
    "一名以上党员": "amount:一名以上",
    "走进千家万户": "amount:千家 amount:万户",
    "“八个一”": "amount:八个",
    # Numbers that no amount can hold stay whole.
    "十几家企业": "vague:十几",
    "引来十几家企业": "vague:十几",
    "售出上万": "vague:上万",
    "数十家企业": "vague:数十",
    "几十个村": "vague:几十",
    "上百户": "vague:上百",
    "上千名": "vague:上千",
    "三百五": "vague:三百五",
    "二三百人": "vague:二三百",
    "七八个人": "vague:七八",
    "几千万元": "vague:几千万",
    "数亿元": "vague:数亿",
    "“十三五”时期": "vague:十三五",
    # Dates, as far as they are printed.
    "2015年至今": "date:2015年",
    "2016—2020年": "date:2016—2020年",
    "2016-2020年": "date:2016-2020年",
    "2016至2020年间": "date:2016至2020年",
    "2016-2020亩": "amount:2016-2020亩",
    "十一月底": "date:十一月底",
    "二二月底": "date:二二月底",
    "第3月": "ordinal:第3月",
    "十一月份": "date:十一月份",
    "十一个月": "amount:十一个月",
    "2015年11月底": "date:2015年11月",
    "2017年12月1日": "date:2017年12月1日",
    "12月1日": "date:12月1日",
    "12月份": "date:12月份",
    "4月25日—27日": "date:4月25日 date:27日",
    "4月25日至27日": "date:4月25日 date:27日",
    "2022-08-23 15:53:00": "date:2022-08-23 15:53:00",
    "2022-08-23报道": "date:2022-08-23",
    "2015年8月至2018年7月": "date:2015年8月 date:2018年7月",
    "2017年2.3亿元": "date:2017年 amount:2.3亿元",
    "贫困率由2014年的14.6%降至3.2%": "date:2014年 amount:14.6% amount:3.2%",
    # Ordinals.
    "第二批": "ordinal:第二批",
    "第三届柚子节": "ordinal:第三届",
    "第2期": "ordinal:第2期",
    "第56个": "ordinal:第56个",
    "第十九次": "ordinal:第十九次",
    "驻村第一书记": "ordinal:第一书",
    "56、78两个村": "amount:56 amount:78 amount:两个",
    # What no item of a list opens with.
    "全村共12、全镇34": "amount:12 amount:34",
    "340、抓支部": "amount:340",
    "3%、5%": "amount:3% amount:5%",
    "户数为五十六、人数": "amount:五十六",
    "五十六户、七十户": "amount:五十六户 amount:七十户",
    "到0日": "amount:0日",
    "0月": "amount:0月",
    "13月5日": "amount:13月 amount:5日",
    # Dates that open a paragraph, shares, ends of other words, fractions.
    "2016年3月,在组织部牵线下": "date:2016年3月",
    "2017年,全县": "date:2017年",
    "3月,全县": "date:3月",
    "其中,一半是青年": "amount:一半",
    "农产品占七成": "amount:七成",
    "半数以上": "amount:半数以上",
    "占百分之三十": "amount:百分之三十",
    "百分之三十五以上": "amount:百分之三十五以上",
    "签约1.05亿元": "amount:1.05亿元",
    "契约5份": "amount:5份",
    "附近5个村": "amount:5个",
    "发展第二、第三产业": "ordinal:第二 ordinal:第三产",
    "落户第二批、第三批": "ordinal:第二批 ordinal:第三批",
    "第二批、第三批落户": "ordinal:第二批 ordinal:第三批",
    "发展第二第三产业": "ordinal:第二 ordinal:第三产",
    "二〇一八年": "date:二〇一八年",
    "十一月三日": "date:十一月三日",
    "占2/3": "vague:2/3",
    "增加了三分之一": "vague:三分之一",
}
NOTHING = (
    """
有一个梦想/一套政策/一种氛围/一条龙/一场直播/每家每户/一村一品/一心一意/一次性补助/统一管理/统一/进一步推进/专一
十分重视/百强榜/万众创新/大众创业、万众创新/四处奔波/五湖四海/千方百计/三农问题/两委班子/两新组织/两不愁三保障/四有四无
两核一带/首家/近年/几个/若干/许多/成百上千/第一，抓支部。/第一、抓支部/第二：抓产业/一是抓支部，二是抓产业，三是抓销路。
要做好：一是宣传；二是培训/1、抓支部/2、抓产业/1.抓支部/(1)抓支部/网店/从而/贫困户
十一、抓支部/十二是抓产业/12、抓产业/千万不可
""".strip()
    .replace("\n", "/")
    .split("/")
)


def told(spots: Iterable[Spot]) -> str:
    return " ".join(f"{spot.kind}:{spot.text}" for spot in spots)


def test_the_table_is_long() -> None:
    assert len(FIGURES) >= 80
    assert len(NOTHING) >= 35


@pytest.mark.parametrize(("text", "expected"), FIGURES.items(), ids=FIGURES)
def test_what_a_text_says_how_many_is_found(text: str, expected: str) -> None:
    assert told(figures(text, COUNTERS)) == expected


@pytest.mark.parametrize("text", NOTHING, ids=NOTHING)
def test_what_counts_nothing_is_not_found(text: str) -> None:
    assert told(figures(text.replace("，", ",").replace("：", ":"), COUNTERS)) == ""


@pytest.mark.parametrize(
    ("text", "value", "bound", "low", "high", "percent", "counter"),
    [
        ("340多个", "340", "more-than", "340", None, False, "个"),
        ("近百万元", "1000000", "nearly", None, "1000000", False, "元"),
        ("4000余万", "40000000", "more-than", "40000000", None, False, ""),
        ("90%以上", "0.9", "at-least", "0.9", None, True, ""),
        ("3至5万元", None, "between", "30000", "50000", False, "元"),
        ("不到一年", "1", "less-than", None, "1", False, "年"),
        ("1.58亿元", "158000000", "exact", "158000000", "158000000", False, "元"),
        ("20万亩", "200000", "exact", "200000", "200000", False, "亩"),
        ("30人左右", "30", "about", None, None, False, "人"),
        ("一半", "0.5", "exact", "0.5", "0.5", True, ""),
    ],
)
def test_an_amount_is_read(
    text: str, value: str | None, bound: str, low: str | None, high: str | None, percent: bool, counter: str
) -> None:
    (spot,) = figures(f"达{text}了", COUNTERS)
    assert spot.amount is not None
    expected = [Decimal(each) if each else None for each in (value, low, high)]
    assert [spot.amount.value, spot.amount.low, spot.amount.high] == expected
    assert (spot.amount.bound, spot.amount.percent, spot.amount.counter) == (bound, percent, counter)


def test_retail_is_no_zero() -> None:
    assert [spot.text for spot in amounts("网络零售额突破3.2亿元，零售户零增长", COUNTERS)] == ["突破3.2亿元", "零"]
    assert [spot.text for spot in amounts("签约额是上届的1.5倍，两年翻两番，达3亿元", COUNTERS)] == ["两年", "3亿元"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2015年11月底", [(2015, 11, None)]),
        ("4月25日—27日", [(None, 4, 25), (None, None, 27)]),
        ("2022-08-23 15:53:00", [(2022, 8, 23)]),
        ("2017年12月1日", [(2017, 12, 1)]),
        ("12月份", [(None, 12, None)]),
        ("2015年", [(2015, None, None)]),
        ("二〇一八年三月十五日", [(2018, 3, 15)]),
        ("二二月底", [(None, None, None)]),
    ],
)
def test_a_date_is_as_precise_as_printed(text: str, days: list[tuple[int | None, ...]]) -> None:
    assert [spot.day for spot in figures(text, COUNTERS)] == days


@pytest.mark.parametrize("counter", ["斤", "枚", "人次"])
def test_a_counter_belongs_to_an_amount_only_where_it_is_known(counter: str) -> None:
    text = f"共30{counter}"
    assert told(figures(text, {counter})) == f"amount:30{counter}"
    assert told(figures(text, {counter, counter[0]})) == f"amount:30{counter}", "the longest of those that fit"
    assert told(figures(text, set())) == "amount:30"


def test_a_numeral_inside_a_name_is_part_of_the_name() -> None:
    text = "七星塘村第一书记领着五十六户走进十大品牌展"
    assert told(figures(text, COUNTERS)) == "ordinal:第一书 amount:五十六户 amount:十"
    assert told(figures(text, COUNTERS, ["第一书记", "十大品牌", "七星塘村"])) == "amount:五十六户"
    assert told(figures(text, COUNTERS, ["第一书记", "五十六户走进", ""])) == "amount:十"
    assert told(figures(text, COUNTERS, ["第一", "第一书记领着五十六户", "十大品牌"])) == "", "the longest of the names there"


def test_verification_reads_also_what_counts_nothing() -> None:
    assert told(amounts("一套政策七成", COUNTERS)) == "amount:一 amount:七成"
    assert told(amounts("十几家,第一,2015年", COUNTERS)) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“党建+电商”让山货“出山”", ["党建+电商", "出山"]),
        ("《实施方案》印发", ["实施方案"]),
        ("“一”字", []),
        ("他说:“公司每年来收。”", []),
        ("“去吧!去吧!”", []),
        ("“这是一句没有句号但是长得很长很长的话语肯定不是名称”", []),
        ("“霁香”牌、“柚农贷”", ["霁香", "柚农贷"]),
        ("没有引号", []),
        ("“没有收尾", []),
    ],
)
def test_labels_stand_in_quotation_or_title_marks(text: str, expected: list[str]) -> None:
    found = labels(text)
    assert [spot.text for spot in found] == expected
    assert all(text[spot.start : spot.end] == spot.text and spot.kind == "label" for spot in found)


@pytest.mark.parametrize(
    ("words", "cuts"),
    [
        ("340多个", False),
        ("40多个", True),
        ("达34", True),
        ("村级达340", False),
        ("8.6万", False),
        (".6万", True),
        ("6万", True),
        ("村级达340多个,收入18", True),
        ("多个", False),
        ("收入18.6", True),
    ],
)
def test_a_quotation_may_not_cut_a_number(words: str, cuts: bool) -> None:
    text = "村级达340多个,收入18.6万" if words != "8.6万" else "收8.6万"
    start = text.index(words)
    assert cuts_number(text, start, start + len(words)) is cuts


def test_words_stand_wherever_they_are_no_piece_of_a_number() -> None:
    assert list(places("30家", "30家,130家,30家30家")) == [0, 9, 12]
    assert list(places("30", "30")) == [0]
    assert list(places("0", "30")) == list(places("3", "30")) == []


def test_every_date_of_a_text_is_read_once() -> None:
    found = dates("2015年8月12日至2018年7月间,340人;4月25日—27日")
    assert [spot.day for spot in found] == [(2015, 8, 12), (2018, 7, None), (None, 4, 25), (None, None, 27)]


ALPHABET = "一二两三五十百千万亿半几数多余来近约第是个家户元年月日%.,、。:-—至到以上下左右0123456789村的了“”"


@example("第0第0")
@given(st.text(ALPHABET, max_size=40))
def test_spots_are_in_order_apart_and_as_printed(text: str) -> None:
    found = figures(text, COUNTERS)
    for spot in found:
        assert text[spot.start : spot.end] == spot.text != ""
        assert (spot.amount is not None) == (spot.kind == "amount")
        assert (spot.day != (None, None, None)) == (spot.kind == "date")
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(st.text(ALPHABET, max_size=40), st.integers(1, 9999))
def test_an_arabic_number_between_words_is_always_found(text: str, number: int) -> None:
    around = text.translate(str.maketrans("", "", "0123456789.,"))
    found = figures(f"{around}村有{number}头猪", COUNTERS)
    assert [spot.text for spot in found][-1:] == [str(number)]
