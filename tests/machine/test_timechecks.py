"""The time of a claim is held against the dates that its words print, as far as these print them."""

from __future__ import annotations

import pytest

from pbgraph.texts import clean
from pbgraph.timechecks import contradicting

AGREEING = [
    ("2016年4月27日说", {"at": "2016-04-27"}),
    ("2016年4月27日说", {"at": "2016"}),
    ("2016年底", {"at": "2016-12"}),
    ("4月25日—27日", {"from": "2016?-04-25", "until": "2016?-04-27"}),
    ("二〇一六年十月", {"at": "2016-10"}),
    ("到2020年", {"until": "2020"}),
    ("自2015年以来", {"from": "2015"}),
    ("2016年增加到", {"from": "2015", "until": "2017"}),
    ("2016-2020年", {"at": "2018"}),
    ("2016至2020年", {"from": "2016"}),
    ("于12月举办", {"from": "2015"}),
    ("2014年和2016年", {"at": "2016"}),
    ("11月30日", {"at": "[2016..2018]"}),
    ("1月3日", {"at": "2016-12-30/2017-01-05"}),
    ("销售2000份", {"at": "2016"}),
    ("2016年", {}),
    ("2016年", {"at": "[2015..]"}),
    ("今年销量", {"at": "2018"}),
    ("去年3月", {"at": "2017-03-05"}),
    ("到明年", {"until": "2019"}),
    ("过去年年亏", {"at": "2015"}),
    ("如今年入5万元", {"at": "2015"}),
    ("2016年第一季度", {"at": "2016-02"}),
    ("去年上半年", {"at": "2017-04"}),
    ("前三季度", {"at": "2015-09"}),
    ("“十三五”时期", {"at": "2018"}),
    ("“十二五”期间", {"from": "2011", "until": "2015"}),
    ("十五个村", {"at": "2018"}),
]
CONTRADICTING = [
    ("2016年4月27日说", {"at": "2016-04-28"}, "2016年4月27日"),
    ("2016年", {"at": "2015"}, "2016年"),
    ("2016年", {"from": "2015"}, "2016年"),
    ("到2020年", {"until": "2019"}, "2020年"),
    ("2016-2020年", {"at": "2015"}, "2016-2020年"),
    ("11月30日", {"at": "2016-12"}, "11月30日"),
    ("二〇一六年", {"at": "2017"}, "二〇一六年"),
    ("2018年", {"from": "2015", "until": "2017"}, "2018年"),
    ("2014年", {"at": "[2015..]"}, "2014年"),
    ("今年销量", {"at": "2017"}, "今年 = 2018年"),
    ("去年3月", {"at": "2018-03"}, "去年 = 2017年3月"),
    ("2016年第一季度", {"at": "2016-05"}, "2016年第一季度"),
    ("去年下半年", {"at": "2017-04"}, "去年 = 2017年下半年"),
    ("一季度", {"at": "2016-05"}, "一季度"),
    ("“十三五”时期", {"at": "2015"}, "十三五"),
]


@pytest.mark.parametrize(("words", "times"), AGREEING)
def test_one_date_that_can_be_its_time_is_enough(words: str, times: dict[str, str]) -> None:
    assert contradicting([(clean(words), 2018)], times) == []


@pytest.mark.parametrize(("words", "times", "printed"), CONTRADICTING)
def test_the_dates_are_told_if_none_can_be(words: str, times: dict[str, str], printed: str) -> None:
    assert contradicting([(clean(words), 2018)], times) == [printed]


def test_what_is_told_by_the_year_of_an_article_is_told_by_no_other() -> None:
    assert contradicting([("去年3月", None)], {"at": "2011-03"}) == []
    assert contradicting([("去年", None)], {"at": "2011"}) == []
