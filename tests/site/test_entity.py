"""The page of a thing: what it is and where, its figures, ties, time and all that is said of it, in few enough bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

from html_pages import Page, words
from pbgraph.checks import Checked

Pages = Mapping[str, Page]
LIMIT = 60_000
"""How many bytes the page of a thing may have."""


def told(page: Page) -> str:
    return " ".join(words(page.tree).split())


def by_class(page: Page, name: str) -> list[Element]:
    return [each for each in page.elements if name in each.attrib.get("class", "").split()]


def of_things(pages: Pages) -> dict[str, Page]:
    articles = {path for path, page in pages.items() if by_class(page, "strip")}
    return {
        path: page for path, page in pages.items() if re.fullmatch(r"id/[a-z0-9-]+\.(zh|en)\.html", path) and path not in articles
    }


def test_a_page_of_a_thing_is_light(pages: Pages) -> None:
    sizes = {path: len(page.text.encode()) for path, page in of_things(pages).items()}
    assert len(sizes) >= 1000
    assert {path: size for path, size in sizes.items() if size > LIMIT} == {}


def test_one_sentence_says_what_it_is_and_where(pages: Pages) -> None:
    assert "窑埠村是广西壮族自治区南宁市横县石塘镇的行政村。" in told(pages["id/hengxian-yaobu.zh.html"])
    assert "Yaobu is an administrative village in Shitang, Hengxian, Nanning, Guangxi." in told(
        pages["id/hengxian-yaobu.en.html"]
    )
    assert "Hengxian was a county in Nanning, Guangxi until 2 February 2021." in told(pages["id/hengxian.en.html"])
    assert "Luozhuang is a district in Linyi, Shandong." in told(pages["id/luozhuang.en.html"])
    assert "集东居委会是江苏省宿迁市宿豫区" in (jidong := told(pages["id/suyu-jidong.zh.html"]))
    assert "的行政村" not in jidong


def test_a_place_lies_on_a_plate_by_its_own_point_or_that_of_what_it_is_in(pages: Pages, site_root: Path) -> None:
    own, inside = (by_class(pages[f"id/{slug}.en.html"], "plate")[0] for slug in ("hengxian", "hengxian-yaobu"))
    assert "Hengxian: 109.164° E, 22.814° N" in " ".join(words(own).split())
    told = "The map shows Hengxian; where in it Yaobu lies is not known."
    assert " ".join(words(inside).split()) == f"{' '.join(words(own).split())} {told}"
    rings = [[(each.attrib["cx"], each.attrib["cy"]) for each in plate.iter("circle")] for plate in (own, inside)]
    assert rings[0] == rings[1]
    assert not by_class(pages["id/passion-fruit.en.html"], "plate")
    picture = (site_root / "assets" / "plate.zh.svg").read_text(encoding="utf-8")
    assert ">广西</text>" in picture
    assert picture.count("<circle") >= 8
    # North is up and east is to the right.
    lianhua = by_class(pages["id/lianhua.en.html"], "plate")[0].find(".//circle")
    hengxian = own.find(".//circle")
    assert lianhua is not None
    assert hengxian is not None
    assert float(lianhua.attrib["cx"]) > float(hengxian.attrib["cx"])
    assert float(lianhua.attrib["cy"]) < float(hengxian.attrib["cy"])


def test_figures_stand_by_indicator_and_a_series_is_drawn_with_what_is_expected_unlike_the_rest(pages: Pages) -> None:
    page = pages["id/shuyang-huaixi.en.html"]
    rate = next(
        each
        for each in by_class(page, "indicator")
        if "Poverty exit rate" in " ".join(words(each).split()).capitalize() or "exit rate" in words(each)
    )
    assert [words(each) for each in rate.iter() if each.attrib.get("class") == "amount"] == ["60%", "at least 90%"]
    bars = list(rate.iter("rect"))
    assert [each.attrib["class"] for each in bars] == ["beam", "beam expected"]
    widths = [float(each.attrib["width"]) for each in bars]
    assert abs(widths[0] / widths[1] - 60 / 90) < 0.01
    assert len(by_class(page, "chart")) == 1


def test_its_neighbourhood_is_drawn_both_ways_with_links(checked: Checked, pages: Pages) -> None:
    (drawn,) = by_class(pages["id/hengxian-yaobu.en.html"], "around")
    links = {each.attrib["href"] for each in drawn.iter("a")}
    assert {
        "nanning-junqiao.en.html",
        "passion-fruit.en.html",
        "hengxian-shitang.en.html",
        "yaobu-local-party-organization.en.html",
    } <= links
    texts = [(each.attrib["text-anchor"], words(each)) for each in drawn.iter("text")]
    assert ("start", "paired with") in texts
    assert any(anchor == "end" and "brokered" in text for anchor, text in texts)
    # A relation of the vocabulary names its tie, not the shortcut that abbreviates all of them.
    assert any("grows" in text for _, text in texts)
    many = by_class(pages["id/hengxian.en.html"], "around")[0]
    assert any(re.fullmatch(r"and \d+ more", words(each)) for each in many.iter("text"))
    assert len([page for page in pages.values() if by_class(page, "around")]) >= 200


def test_plans_and_doubts_are_drawn_as_no_ties(pages: Pages) -> None:
    (drawn,) = by_class(pages["id/linyi-flower-expo-city.en.html"], "around")
    around = words(drawn)
    assert "3A scenic area" in around
    assert "national agricultural park" not in around, "it has applied for that"
    assert "national agricultural park" in pages["id/linyi-flower-expo-city.en.html"].text


def test_what_is_dated_stands_in_the_order_of_time(pages: Pages) -> None:
    for path in ("id/hengxian.en.html", "id/suqian.zh.html"):
        (line,) = by_class(pages[path], "timeline")
        years = [int(found[0]) for each in line if (found := re.search("[0-9]{4}", words(each)))]
        assert len(years) >= 3
        assert years == sorted(years)
    assert "from 3 February 2021" in " ".join(words(by_class(pages["id/hengxian.en.html"], "timeline")[0]).split())


def test_of_many_claims_the_first_are_shown_and_the_rest_one_link_away(pages: Pages) -> None:
    page, every = pages["id/hengxian.zh.html"], pages["id/hengxian.claims.zh.html"]
    claims = [len(by_class(each, "claim")) for each in (page, every)]
    assert claims[0] < claims[1]
    links = [
        each.attrib["href"] for each in page.elements if each.tag == "a" and "hengxian.claims" in each.attrib.get("href", "")
    ]
    assert links
    assert {link.partition("#")[2] for link in links} <= set(every.ids)


def test_a_claim_that_stands_in_a_conflict_says_so_where_it_is_shown(checked: Checked, pages: Pages) -> None:
    conflicts = pages["conflicts.en.html"]
    flagged = [each for page in of_things(pages).values() for each in by_class(page, "mark-conflict")]
    assert len(flagged) >= 4
    assert {each.attrib["href"].partition("#")[2] for each in flagged} <= set(conflicts.ids)
    assert {words(each) for each in flagged} <= {
        "与另一数值不合",
        "contradicted",
        "与规律不合",
        "breaks a law",
        "看似可比，实不可比",
        "only looks comparable",
    }


def test_a_place_of_which_little_is_told_leads_to_what_in_it_is_told_of(pages: Pages) -> None:
    (section,) = [each for each in pages["id/shuyang.en.html"].elements if each.attrib.get("aria-labelledby") == "inside"]
    counted = {}
    for item in section.iter():
        if item.tag == "li":
            link = next(each for each in item.iter() if each.tag == "a")
            counted[link.attrib["href"]] = int(words(item).split()[-2])
    assert {"shuyang-huaixi.en.html", "shuyang-sutai-park.en.html", "shuyang-zhouquan.en.html"} <= counted.keys()
    for page, claims in counted.items():
        attributed = [link for told in by_class(pages[f"id/{page}"], "attribution") for link in told.iter() if link.tag == "a"]
        assert len({link.attrib["href"] for link in attributed}) == claims, page


def test_a_conflict_tells_what_stands_beside_its_claims(pages: Pages) -> None:
    page = pages["conflicts.en.html"]
    (joint,) = [each for each in by_class(page, "conflict") if "joint building is said by several" in words(each)]
    told = " ".join(words(joint).split())
    for part in ("broker", "guide"):
        assert f"as {part}, only one of the two names: Party organizations in Hengxian" in told
    lookalikes = " ".join(" ".join(words(each) for each in by_class(page, "conflict")).split())
    assert "by the year (arithmetic, reported by nobody): 480,000,000" in lookalikes


def test_a_claim_that_another_article_makes_too_leads_there(pages: Pages) -> None:
    page = pages["id/hengxian-last-mile.en.html"]
    notes = [each for each in by_class(page, "note") if words(each).startswith("Said in ")]
    assert len(notes) >= 10
    links = {a.attrib["href"] for each in notes for a in each.iter("a")}
    assert all(
        re.fullmatch(
            r"hengxian-party-innovation\.en\.html#claim-[0-9a-f]{8}|lianhua-eleven-ones\.en\.html#claim-[0-9a-f]{8}", each
        )
        for each in links
    )


def test_an_article_shows_which_of_its_paragraphs_carry_claims_and_which_were_left_out(pages: Pages) -> None:
    page = pages["id/luozhuang-flower-valley.en.html"]
    (strip,) = by_class(page, "strip")
    boxes = list(strip)
    assert len(boxes) >= 20
    ignored = [words(each).strip() for each in boxes if each.attrib.get("class") == "ignored"]
    assert {"4", "5", "6", "7"} <= set(ignored)
    for each in boxes:
        for a in each.iter("a"):
            assert a.attrib["href"].partition("#")[2] in page.ids
