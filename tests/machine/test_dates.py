"""Dates mean the days that EDTF and the package say; ends are read one by one, and nothing is padded or guessed."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from pbgraph.dates import Span, read_date
from pbgraph.problems import Unreadable, Where, problem

FIRST, LAST = date(1000, 1, 1), date(9999, 12, 31)


def shown(span: Span) -> str:
    return f"{span.earliest or '..'} {span.latest or '..'} {span.kind}"


def refusal(text: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_date(text)
    return caught.value


READ = """
2016                       2016-01-01 2016-12-31 some-day
2016-02                    2016-02-01 2016-02-29 some-day
2016-04-27                 2016-04-27 2016-04-27 throughout
9999                       9999-01-01 9999-12-31 some-day
1000-12                    1000-12-01 1000-12-31 some-day
2016/2020                  2016-01-01 2020-12-31 throughout
2016/2016                  2016-01-01 2016-12-31 throughout
2016-04-27/2017            2016-04-27 2017-12-31 throughout
2016-12/2016               2016-12-01 2016-12-31 throughout
2016-04/..                 2016-04-01 .. throughout
../2015                    .. 2015-12-31 throughout
2015/                      2015-01-01 .. some-day
/2015-06                   .. 2015-06-30 some-day
2016?/2018                 2016-01-01 2018-12-31 throughout
2016?/..                   2016-01-01 .. throughout
2016-21/2017               2016-03-01 2017-12-31 throughout
[2016-04-27..2016-12-31]   2016-04-27 2016-12-31 some-day
[2016-07-20..2017-02]      2016-07-20 2017-02-28 some-day
[2016-07..2017]            2016-07-01 2017-12-31 some-day
[..2016]                   .. 2016-12-31 some-day
[2016-04..]                2016-04-01 .. some-day
[2015,2017]                2015-01-01 2017-12-31 some-day
[2017,2015-06]             2015-06-01 2017-12-31 some-day
[..2012,2015]              .. 2015-12-31 some-day
[2012,2015..]              2012-01-01 .. some-day
[2012,2014..2015-02,2016?] 2012-01-01 2016-12-31 some-day
2016-04-27%                2016-04-27 2016-04-27 some-day
2016-41                    2016-07-01 2016-12-31 some-day
[2016-04-27..2016-04-27]   2016-04-27 2016-04-27 some-day
{2016,2018}                2016-01-01 2018-12-31 some-day
{2016..2018}               2016-01-01 2018-12-31 some-day
2017?                      2017-01-01 2017-12-31 some-day
2017-11-30~                2017-11-30 2017-11-30 some-day
2017?-11-30                2017-11-30 2017-11-30 some-day
2017?-12                   2017-12-01 2017-12-31 some-day
2017-~12                   2017-12-01 2017-12-31 some-day
?2017-11-~30               2017-11-30 2017-11-30 some-day
2017%                      2017-01-01 2017-12-31 some-day
201X                       2010-01-01 2019-12-31 some-day
20XX?                      2000-01-01 2099-12-31 some-day
2016-XX                    2016-01-01 2016-12-31 some-day
2016-02-XX                 2016-02-01 2016-02-29 some-day
2016-XX-XX                 2016-01-01 2016-12-31 some-day
201X-05                    2010-05-01 2019-05-31 some-day
2016-21                    2016-03-01 2016-05-31 some-day
2016-24                    2016-12-01 2016-12-31 some-day
2016-33                    2016-01-01 2016-03-31 some-day
2016S3                     2010-01-01 2019-12-31 some-day
2022-08-23T15:53:00        2022-08-23 2022-08-23 throughout
2022-08-23T15:53:00+08:00  2022-08-23 2022-08-23 throughout
2022-08-23T00:00:01Z       2022-08-23 2022-08-23 throughout
"""
ROWS = [line.split(maxsplit=1) for line in READ.strip().splitlines()]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_reads(text: str, expected: str) -> None:
    assert shown(read_date(text)) == expected


REFUSED = {
    "date-boundless": "/ ../.. /.. ../ [..] {..}",
    "date-digit-unspecified": "2016-1X 2016-04-3X 2016-X1-01 2016-1X/2017 [2016-0X,2017]",
    "date-not-in-calendar": "2017-02-30 2017-02-29 2017-13 2017-00 2017-04-31 2017-01-00 2017-21-01 2017-99 "
    "2017-02-30? 2016/2017-02-29 [2017-13..] 201X-02-29",
    "date-out-of-range": "0999 0000 0000-01 0999/2016 -2016 -0001/2016 Y12016 Y-12016 2016/Y12016 Y2E9 XXXX 0XXX",
    "date-reversed": "2017/2016 2016-12/2016-07 [2017..2016] 2016-07-21/2016-07-20 [2015,2017..2016]",
    "date-unreadable": "2016-4 1990s 201604 20160427 2016/04/27 2016-4-27 2016.04 2016年4月 ２０１６ 16 april article "
    "2016-04- -04 2016?? [2016] [2016,] [,2016] [] [ ] {2016 [2016} [2016,..2017] [2016..,2017] [2016..2017..2018] "
    "2016/2017/2018 2016..2017 .. 2016-42..2017 2016-21^x 2016-04-27T25:00:00 2016-04-27T1:00 2016T10:00:00 2016S4 2016S0 "
    "2016-04S3 ?2016? 2016-?XX 2016-24? 2016-04-271 (2016) 2016-04/... ٢٠١٦",
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in REFUSED.items() for text in texts.split()])
def test_refuses(code: str, text: str) -> None:
    error = refusal(text)
    assert error.code == code
    found = problem(Where("data/a.yaml", 3, 7), error.code, **error.details)
    assert all(text in found.render(language) for language in ("en", "zh"))


@pytest.mark.parametrize("text", ["", " ", " 2016", "2016 ", "2016\n", "2016 / 2017", "[2016, 2017]", "2016\u3000"])
def test_blanks_are_refused(text: str) -> None:
    assert refusal(text).code == "date-blank"


def test_a_long_text_is_refused_and_shortened_in_the_message() -> None:
    error = refusal("[" + "2016," * 1000 + "2017]")
    assert error.code == "date-unreadable"
    assert len(error.details["text"]) < 50


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(
            ("2018年5月", "2018-05"),
            ("2018年", "2018"),
            ("2018年5月4日", "2018-05-04"),
            ("2019.5", "2019-05"),
            ("2019.05.04", "2019-05-04"),
        ),
        *(
            ("２０２０", "2020"),
            ("2014.0", "2014"),
            ("2014/1/1", "2014-01-01"),
            ("2016-4", "2016-04"),
            ("20160427", "2016-04-27"),
        ),
        *(("2016年至2020年", "2016/2020"), ("2016—2020", "2016/2020"), ("2016-2020年", "2016/2020"), ("2016-2018", "2016/2018")),
        *(("2016年3月至5月", "2016-03/2016-05"), ("2016年4月25日至27日", "2016-04-25/2016-04-27"), ("2016至年底", "")),
        *(("2021年第一季度", "2021-01/2021-03"), ("2021Q4", "2021-10/2021-12"), ("2021年下半年", "2021-07/2021-12")),
        *(("2020年底", ""), ("2016年4月25日—5月2日", "2016-04-25/2016-05-02"), ("至2020年", "")),
        *(("43221", "2018-05-01"), ("2016.13", ""), ("2016年13月", ""), ("99999", ""), ("四月", ""), ("1990s", "")),
        *(("2016年2月30日", ""), ("2016-02-30", ""), ("20160230", ""), ("2020年至2016年", "")),
    ],
)
def test_the_date_that_was_meant_is_suggested(typed: str, meant: str) -> None:
    assert refusal(typed).details.get("suggestion", "") == meant
    assert not meant or read_date(meant)


def test_a_reversed_date_names_its_ends() -> None:
    assert refusal("[2015,2017..2016-03]").details["first"] == "2017"
    assert refusal("[2015,2017..2016-03]").details["last"] == "2016-03"


def by_package(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    found = parse_edtf(text)
    return tuple(found.lower_strict()[:3]), tuple(found.upper_strict()[:3])


def days(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    span = read_date(text)
    assert span.earliest is not None
    assert span.latest is not None
    return span.earliest.timetuple()[:3], span.latest.timetuple()[:3]


PLAIN = st.builds(lambda day, length: day.isoformat()[:length], st.dates(FIRST, LAST), st.sampled_from([4, 7, 10]))


@settings(deadline=None)
@given(PLAIN)
def test_plain_dates_mean_what_the_package_says(text: str) -> None:
    assert days(text) == by_package(text)


@pytest.mark.parametrize("mark", "?~%")
@pytest.mark.parametrize("plain", ["2016", "2016-02", "2016-02-29"])
def test_a_qualifier_anywhere_changes_no_days_and_stands_where_the_package_allows_it(plain: str, mark: str) -> None:
    places = [place for place in range(len(plain) + 1) if place % 3 == 1 or place in (0, 5, 8)]
    allowed = 0
    for place in places:
        text = plain[:place] + mark + plain[place:]
        if parse_edtf(text, fail_silently=True) is None:
            assert refusal(text).code == "date-unreadable"
        else:
            assert days(text) == by_package(text) == days(plain)
            allowed += 1
    assert allowed == {4: 2, 7: 4, 10: 6}[len(plain)]


@settings(deadline=None)
@given(st.tuples(st.integers(0, 10000), st.integers(0, 45), st.integers(0, 33)))
def test_plain_dates_are_refused_where_the_package_or_the_calendar_refuses_them(parts: tuple[int, int, int]) -> None:
    text = "{:04}-{:02}-{:02}".format(*parts)
    try:
        date(*parts)
    except ValueError:
        refusal(text)
        # The package takes 29 February of any year.
        assert parts[1:] == (2, 29) or parse_edtf(text, fail_silently=True) is None or parts[0] == 0
        return
    if parts[0] < 1000:
        assert refusal(text).code == "date-out-of-range"
    else:
        assert days(text) == by_package(text)


@given(st.lists(PLAIN, min_size=2, max_size=2, unique=True), st.sampled_from(["{}/{}", "[{}..{}]", "{{{}..{}}}"]))
def test_intervals_and_ranges_reach_from_the_first_end_to_the_last(ends: list[str], form: str) -> None:
    low, high = read_date(ends[0]), read_date(ends[1])
    assert low.earliest is not None
    assert high.latest is not None
    text = form.format(*ends)
    if low.earliest > high.latest:
        assert refusal(text).code == "date-reversed"
    else:
        kind = "throughout" if "/" in form else "some-day"
        assert (read_date(text).earliest, read_date(text).latest, read_date(text).kind) == (low.earliest, high.latest, kind)


PIECES = ["2016", "2017", "201X", "XXXX", "-04", "-02", "-29", "-31", "-XX", "-21", "?", "~", "%", "/", "..", ",", "[", "]"]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from([*PIECES, "{", "}", "T10:00:00", "S2", "Z", "Y", "0"]), max_size=8).map("".join) | st.text())
def test_any_text_is_a_span_in_order_or_refused(text: str) -> None:
    try:
        span = read_date(text)
    except Unreadable as error:
        assert error.code.startswith("date-")
        problem(Where("a"), error.code, **error.details)
        return
    assert span.earliest or span.latest
    if span.earliest and span.latest:
        assert FIRST <= span.earliest <= span.latest


def test_the_package_is_imported_only_where_it_is_needed() -> None:
    program = (
        "import sys; from pbgraph.dates import read_date\n"
        "for text in ('2016', '2016-04-27', '2017?-11-30', '[2016-07-20..2017-02]', '2016/..'): read_date(text)\n"
        "assert 'edtf' not in sys.modules\n"
        "read_date('2016-21')\n"
        "assert 'edtf' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
