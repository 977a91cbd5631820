"""Dates in words."""

from __future__ import annotations

import pytest

from conftest import ROOT
from pbgraph import records
from pbgraph.datewords import in_words


def say(language: str, key: str, **fields: object) -> str:
    read = records.read((ROOT / "site" / "messages.yaml").read_bytes(), "messages.yaml")
    assert isinstance(read, records.Mapping)
    return str(records.plain(read)[key][language]).format(**fields)


@pytest.mark.parametrize(
    ("date", "zh", "en"),
    [
        ("2016", "2016年", "2016"),
        ("2016-04", "2016年4月", "April 2016"),
        ("2016-04-07", "2016年4月7日", "7 April 2016"),
        ("2016?", "2016年（存疑）", "2016 (uncertain)"),
        ("2016~", "2016年前后", "about 2016"),
        ("2016%", "2016年前后（存疑）", "about 2016 (uncertain)"),
        ("2016-04?", "2016年4月（存疑）", "April 2016 (uncertain)"),
        ("2016-04-07~", "2016年4月7日前后", "about 7 April 2016"),
        ("2017?-11-30", "2017年11月30日（年份存疑）", "30 November 2017 (year uncertain)"),
        ("2016-04?-07", "2016年4月7日（存疑）", "7 April 2016 (uncertain)"),
        ("2016/2020", "2016年至2020年", "2016 to 2020"),
        ("2016/..", "2016年起", "from 2016 on"),
        ("../2015-06", "至2015年6月", "until June 2015"),
        ("[2016-04-27..2016-12-31]", "2016年4月27日至2016年12月31日之间", "between 27 April 2016 and 31 December 2016"),
        ("[2016..]", "2016年或其后", "2016 or later"),
        ("[..2016-05]", "2016年5月或其前", "May 2016 or earlier"),
        ("201X", "201X", "201X"),
        ("2016-21", "2016年春季", "spring 2016"),
        ("2016-33", "2016年第一季度", "first quarter of 2016"),
        ("2016-41~", "2016年下半年前后", "about second half of 2016"),
        ("2016-33/2017-34", "2016年第一季度至2017年第二季度", "first quarter of 2016 to second quarter of 2017"),
        ("2016-25", "2016-25", "2016-25"),
        ("2016-33-07", "2016-33-07", "2016-33-07"),
        ("[2015,2017]", "[2015,2017]", "[2015,2017]"),
        ("2016-XX-07", "2016-XX-07", "2016-XX-07"),
        ("nonsense<b>", "nonsense<b>", "nonsense<b>"),
    ],
)
def test_a_date_is_told_in_words_and_what_has_none_as_written(date: str, zh: str, en: str) -> None:
    assert in_words(date, lambda key, **fields: say("zh", key, **fields)) == zh
    assert in_words(date, lambda key, **fields: say("en", key, **fields)) == en
