"""What things without a name are called: in the plural where several act, as lists, with numbers and quotation marks as read."""

from __future__ import annotations

import pytest

from pbgraph.checks import Checked
from pbgraph.labels import Labels, follows, spoken

CLAIM = "https://w3id.org/pbgraph/claim/"


@pytest.mark.parametrize(
    ("number", "en"),
    [
        ("68650000", "68.65 million"),
        ("20000000000", "20 billion"),
        ("1000000", "1 million"),
        ("-2500000", "-2.5 million"),
        ("999999", "999,999"),
        ("1234567", "1,234,567"),
        ("1000500000", "1,000,500,000"),
        ("12345678000", "12,345,678,000"),
        ("1500000000000", "1,500,000,000,000"),
        ("1400.5", "1,400.5"),
    ],
)
def test_round_numbers_are_read_in_millions_in_english_only(number: str, en: str) -> None:
    assert spoken(number, "en") == en
    assert "illion" not in spoken(number, "zh")


def test_quotation_marks_within_others_are_single() -> None:
    assert follows("printed as “", "the “last” one") == "the ‘last’ one"
    assert follows("printed as ", "the “last” one") == "the “last” one"


@pytest.mark.parametrize(
    ("claim", "en", "zh"),
    [
        # Two who act, and of two objects the last by “and”.
        (
            "hengxian-last-mile.47bf91e6",
            "Hengxian County Government and Hengxian Party Committee rely on the example of "
            "Party members in Hengxian and rural Party organizations in Hengxian",
            "横县党员、横县农村党组织",
        ),
        # One who acts.
        ("hengxian-last-mile.64d49000", "Hengxian County Government belongs to Hengxian", "横县县政府属于横县"),
        # A share's whole stands before its number.
        ("suqian-branch-ecommerce.793cb04d", "Suqian, key areas of poverty relief: 3", "3个"),
    ],
)
def test_captions_agree_with_those_they_speak_of(claim: str, en: str, zh: str, checked: Checked) -> None:
    labels = Labels(checked.graph, ["zh", "en"])
    assert labels.label(f"{CLAIM}{claim}", "en").text == en
    assert zh in labels.label(f"{CLAIM}{claim}", "zh").text


def test_no_caption_tells_of_what_has_a_name(checked: Checked) -> None:
    labels = Labels(checked.graph, ["en"])
    claim = f"{CLAIM}hengxian-last-mile.18290eb7"
    assert {"beneficiary", "partner", "kind"} <= labels.captioned(claim, "en")
    assert labels.captioned("https://w3id.org/pbgraph/id/hengxian", "en") == frozenset()


def test_a_group_is_spoken_of_in_the_plural(checked: Checked) -> None:
    labels = Labels(checked.graph, ["zh", "en"])
    relations = checked.graph.select(
        "SELECT ?claim WHERE { ?claim pb:relation id:grows ; pb:subject ?group . ?group a pb:Group }"
    )
    told = {labels.label(str(claim), "en").text for (claim,) in relations.rows}
    assert told and all(" grow " in each and " grows " not in each for each in told), told


def test_a_share_tells_its_whole_before_its_number(checked: Checked) -> None:
    labels = Labels(checked.graph, ["zh", "en"])
    shares = checked.graph.select("SELECT ?claim WHERE { ?claim a pb:Figure ; pb:share ?share ; pb:of id:jiangsu }")
    told = {labels.label(str(claim), "en").text for (claim,) in shares.rows}
    assert "Suqian, economically weak villages as a share of Jiangsu: 22.9%" in told
