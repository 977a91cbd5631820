"""A claim is known by its class and what identifies it, as resolved: never by its words, its quotes or the order of its keys."""

from __future__ import annotations

import pytest

from mapped import HEAD, fingerprint, mapped

FIGURE = "{subject: hengxian, indicator: shops, value: 340多, platform: taobao, at: 2016, passage: {7: 340多}}"
SAME = [
    "{platform: taobao, passage: {7: 340多}, at: 2016, value: 340多, indicator: shops, subject: hengxian}",
    FIGURE.replace("多", "余"),
    FIGURE.replace("value: 340多", "value: 三百四十多家"),
    FIGURE.replace("value: 340多", "unit: item, modality: reported, value: 340多"),
    FIGURE.replace("taobao", "[taobao]"),
    FIGURE.replace("{7: 340多}", "{9: [a, b], 10: c}"),
    FIGURE.replace("at: 2016", 'at: "2016?"'),
    FIGURE.replace("at: 2016", 'at: "[2016-01-01..2016-12-31]"'),
    FIGURE.replace("at: 2016", "at: 2016, certainty: doubtful, reason: {en: r}, note: {en: n}"),
    FIGURE.replace("at: 2016", "at: 2016, rank: preferred, unstated: [per]"),
]
WHEN = ("2017", "2016-01", "2016/2016", '"[2015,2016]"', "2015/2016", "2016/..")
AMOUNTS = ("341多", "340", "近340", "340以上", "不足340", "3.4", "340-350", "340多万")
MORE = (
    "unit: yuan",
    "per: item",
    "period: year",
    "product: fruit",
    "population: villages",
    "cumulative: true",
    "modality: expected",
)
SHARES = ("share: 34%, of: nanning", "share: 34%, of: guangxi", "share: 34%, of: nanning, ofIndicator: sales")
GROUPS = (
    "{who: villages}",
    "{who: villages, number: 5}",
    "{who: villages, number: 5多}",
    "{who: villages, number: 5, groups: 4}",
    "{who: villages, within: hengxian}",
    "{who: villages, of: {who: villages}}",
    "{member: [hengxian]}",
)
OTHER = [
    *(FIGURE.replace("value: 340多", f"value: {amount}") for amount in AMOUNTS),
    *(FIGURE.replace("value: 340多", share) for share in SHARES),
    *(FIGURE.replace("at: 2016", f"at: {when}") for when in WHEN),
    *(FIGURE.replace("at: 2016", f"at: 2016, {more}") for more in MORE),
    *(FIGURE.replace("hengxian", group) for group in GROUPS),
    FIGURE.replace("hengxian", "yaobu"),
    FIGURE.replace("shops", "sales"),
    FIGURE.replace("taobao", "rural-taobao"),
    FIGURE.replace("platform: taobao, ", ""),
    FIGURE.replace("at: 2016, ", ""),
    FIGURE.replace("at: 2016", "from: 2016"),
    FIGURE.replace("at: 2016", "until: 2016"),
]


@pytest.mark.parametrize("claim", SAME)
def test_what_is_the_same_statement(claim: str) -> None:
    assert claim != FIGURE
    assert fingerprint(claim) == fingerprint(FIGURE)


def test_what_is_another_statement() -> None:
    assert len(OTHER) == len(set(OTHER)) == 38
    assert len({fingerprint(claim) for claim in [FIGURE, *OTHER]}) == 1 + len(OTHER)


def test_a_group_is_the_same_in_whatever_order_it_is_written() -> None:
    one = FIGURE.replace("hengxian", "{who: villages, number: 340多, member: [a-b, c]}")
    other = FIGURE.replace("hengxian", "{member: [c, a-b], number: 340余, who: villages}")
    assert fingerprint(one) == fingerprint(other)


PAIRING = "{kind: cooperation, beneficiary: yaobu, partner: junqiao, brokeredBy: xu, from: 2015, passage: {1: a}}"


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("xu", "wu", True),
        ("2015", "2016", False),
        ("beneficiary: yaobu", "beneficiary: shitang", False),
        ("partner: junqiao", "partner: [junqiao, xu]", False),
        ("kind: cooperation", "kind: assistance", False),
        ("from: 2015", "modality: planned", False),
    ],
)
def test_a_pairing_is_known_by_kind_and_parties(old: str, new: str, same: bool) -> None:
    assert (fingerprint(PAIRING.replace(old, new), "pairings") == fingerprint(PAIRING, "pairings")) is same


def test_classes_tell_claims_apart_and_articles_do_not() -> None:
    claim = "{subject: yaobu, passage: {1: a}}"
    assert len({fingerprint(claim, section) for section in ("figures", "designations", "relations", "mentions")}) == 4
    assert fingerprint(claim, source=HEAD.replace("id: a", "id: b")) == fingerprint(claim)


def test_the_date_of_the_article_stays_out() -> None:
    claim = FIGURE.replace("at: 2016", "at: article")
    assert fingerprint(claim) == fingerprint(claim, source=HEAD.replace("2016-05", "2017"))
    assert fingerprint(claim) == fingerprint(FIGURE.replace("at: 2016, ", ""))


@pytest.mark.parametrize("again", SAME)
def test_the_same_claim_twice_in_an_article_is_refused_where_it_stands_again(again: str) -> None:
    found = mapped(f"figures:\n  - {FIGURE}\n  - {OTHER[0]}\n  - {again}\n")
    told = [problem.render("en") for problem in found.problems]
    assert [line[:83] for line in told] == ["data/articles/a.yaml:5:5: claim-twice: The same claim stands at data/articles/a.yam"]


def test_a_faulty_claim_is_not_held_against_a_sound_one() -> None:
    faulty = FIGURE.replace("platform: taobao", "platfrom: taobao")
    found = mapped(f"figures:\n  - {faulty}\n  - {FIGURE.replace('platform: taobao, ', '')}\n")
    assert [problem.code for problem in found.problems] == ["unknown-key"]
