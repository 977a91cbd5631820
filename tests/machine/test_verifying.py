"""What an article's own words can and cannot say against a claim: by the year it may be of, and by what is counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from breaking import put, run, told
from pbgraph.texts import checksum
from small import small_project

ARTICLE = """\
source:
  id: {id}
  type: NewsArticle
  name: {{zh: {id}, en: {id}}}
  published: {published}
  language: zh
  topic: hengxian
  checksum: "{checksum}"

figures:
  - {{subject: hengxian, {claim}, passage: {{2: "{words}"}}}}

mentions:
  - {{subject: hengxian, printedAs: 横县, passage: {{1: "横县"}}}}
"""
MARCH = "indicator: shops, value: 40家, at: 2015-03"
YEAR = "indicator: shops, at: 2017"


@dataclass(frozen=True)
class Case:
    """A claim that rests on words of an article, and what is told of it."""

    words: str
    claim: str
    codes: tuple[str, ...] = ()
    published: str = "2017"


CASES = {
    # 今年 is the year in which the article appeared, if it can be one only; else nothing is said of a year.
    "of-last-year": Case("今年3月有40家", MARCH, ("date-not-quoted",), "2016"),
    "of-two-days-of-a-year": Case("今年3月有40家", MARCH, ("date-not-quoted",), '"[2016-11-01..2016-12-31]"'),
    "of-one-of-two-years": Case("今年3月有40家", MARCH, (), '"[2016-11-01..2017-02-28]"'),
    "of-no-earlier-day": Case("今年3月有40家", MARCH, (), '"[..2016-12-31]"'),
    "of-no-later-day": Case("今年3月有40家", MARCH, (), '"[2016-11-01..]"'),
    # One of the same amounts in a unit of the claim's is enough, and a number alone is of any.
    "of-another-unit": Case("网店340元", f"{YEAR}, value: 340家", ("amount-of-other-unit",)),
    "of-two-units": Case("网店340家,340元", f"{YEAR}, value: 340家"),
    "of-two-other-units": Case("340元,340年", f"{YEAR}, value: 340家", ("amount-of-other-unit",)),
    "of-no-unit": Case("网店数为340", f"{YEAR}, value: 340家"),
    "of-no-unit-beside-another": Case("网店数为340和340元", f"{YEAR}, value: 340家"),
    # A share is no number of the same size, and no bound is another.
    "of-no-share": Case("脱贫率为0.9", "indicator: exit-rate, at: 2017, value: 90%", ("amount-not-quoted",)),
    "of-a-share": Case("脱贫率为90%", "indicator: exit-rate, at: 2017, value: 90%"),
    "of-a-bound": Case("网店近340家", f"{YEAR}, value: 340多家", ("amount-not-quoted",)),
    "of-a-range": Case("网店30至40家", f"{YEAR}, value: 30至50家", ("amount-not-quoted",)),
    "of-a-range-from-less": Case("网店30至40家", f"{YEAR}, value: 20至40家", ("amount-not-quoted",)),
}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What `pbgraph verify` tells of all cases in one project, each an article with its text."""
    folder = small_project(tmp_path_factory.mktemp("verifying") / "project")
    for name, case in CASES.items():
        text = f"横县的{name}\n{case.words}\n"
        put(f"texts/{name}.txt", text)(folder)
        entry = ARTICLE.format(id=name, checksum=checksum(text.encode()), **vars(case))
        put(f"data/articles/{name}.yaml", entry)(folder)
    return told(run(folder, "verify", "--articles", str(folder / "texts"), *CASES))


@pytest.mark.parametrize("name", CASES)
def test_what_the_words_say_against_a_claim(name: str, findings: list[str]) -> None:
    mine = [each for each in findings if re.match(rf"data/articles/{name}\.yaml:", each)]
    assert tuple(each.rpartition(" ")[2] for each in mine) == CASES[name].codes


def test_nothing_is_said_of_what_was_not_asked_about(findings: list[str]) -> None:
    assert len(findings) == sum(len(case.codes) for case in CASES.values())
