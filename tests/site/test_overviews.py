"""Pages across things: by county, programme and indicator, figures by place, counties compared, conflicts, rules, patterns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from html_pages import Page, words
from pbgraph import queries
from pbgraph.checks import Checked
from pbgraph.explaining import declared
from pbgraph.project import Project
from pbgraph.terms import local_name

Pages = Mapping[str, Page]


def hrefs(element: Element) -> set[str]:
    return {each.attrib["href"] for each in element.iter("a")}


def cells(page: Page) -> list[list[str]]:
    return [[" ".join(words(cell).split()) for cell in row] for row in page.elements if row.tag == "tr"]


def test_every_overview_is_reached_from_the_first_page(pages: Pages) -> None:
    overviews = {f"{name}.en.html" for name in ("counties", "programmes", "indicators", "coverage", "compare", "conflicts")}
    assert overviews <= hrefs(pages["index.en.html"].tree)


def test_the_matrix_counts_the_figures_of_each_county_and_indicator(checked: Checked, pages: Pages) -> None:
    header, *rows = cells(pages["coverage.en.html"])
    counts = {(row[0], county): row[number] for row in rows for number, county in enumerate(header[1:], 1)}
    assert len(header) >= 6
    assert len(rows) >= 50
    hengxian = checked.graph.select(
        """SELECT DISTINCT ?claim WHERE {
          ?claim a pb:Figure ; pb:indicator ?indicator ; pb:subject ?subject .
          ?indicator pb:name "number of village service stations"@en .
          ?subject (pb:within|pb:of|pb:member)*/pb:partOf* ?county .
          ?county pb:name "横县"@zh
        }"""
    ).rows
    assert counts["number of village service stations", "Hengxian"] == str(len(hengxian)) != "0"


def test_counties_stand_side_by_side_where_more_than_one_has_figures(pages: Pages) -> None:
    header, *rows = cells(pages["compare.zh.html"])
    assert {"横县", "莲花县", "罗庄区"} <= set(header)
    assert len(rows) >= 3
    for row in rows:
        assert len([cell for cell in row[1:] if cell]) >= 2, row


def test_an_indicator_has_all_its_figures_with_links_to_their_claims(checked: Checked, pages: Pages) -> None:
    claims = checked.graph.select(
        "SELECT ?claim WHERE { ?claim a pb:Figure FILTER NOT EXISTS { ?claim pb:rank pb:deprecated } }"
    ).rows
    links = {link.rpartition("#claim-")[2] for link in hrefs(pages["indicators.en.html"].tree) if "#claim-" in link}
    assert {str(claim).rpartition(".")[2] for (claim,) in claims} <= links


def test_every_programme_and_county_is_listed(checked: Checked, pages: Pages) -> None:
    for name, kind in (("programmes", "Programme"), ("counties", "County")):
        members = checked.graph.select(f"SELECT ?member WHERE {{ ?member a pb:{kind} }}").rows
        assert len(members) >= 5
        assert {f"id/{local_name(str(member))}.en.html" for (member,) in members} <= hrefs(pages[f"{name}.en.html"].tree)


def test_a_county_has_what_is_run_there_and_what_is_seated_in_a_body_of_it(checked: Checked, pages: Pages) -> None:
    (hengxian,) = (each for each in pages["counties.en.html"].elements if each.attrib.get("aria-labelledby") == "hengxian")
    run = checked.graph.select("SELECT ?it WHERE { ?c pb:relation id:runs ; pb:subject id:hengxian ; pb:object ?it }").rows
    assert len(run) >= 5
    expected = {f"id/{local_name(str(it))}.en.html" for (it,) in run}
    assert expected | {"id/nanning-junqiao.en.html", "id/hengxian-flower-tea-association-branch.en.html"} <= hrefs(hengxian)


def test_a_figure_is_told_with_its_scope_and_time(pages: Pages) -> None:
    told = {
        tuple(" ".join(words(each).split()) for each in item) for item in pages["indicators.en.html"].elements if item.tag == "dd"
    }
    assert ("nearly 10,000 yuan", "Yaobu", "counted per: mu", "product: passion fruit", "from 2013") in told
    assert ("more than 340", "Hengxian", "platform: all rural e-commerce platforms", "as of the source") in {
        each[:4] for each in told
    }
    beside = cells(pages["compare.en.html"])
    assert [cell for row in beside for cell in row if "per: month" in cell or "period: three years" in cell]


def test_conflicts_are_told_in_sentences_with_the_claims_they_are_about(pages: Pages) -> None:
    for language, sentence in (("en", "is said by several articles"), ("zh", "篇文章")):
        page = pages[f"conflicts.{language}.html"]
        sections = [each for each in page.elements if each.attrib.get("class") == "conflict"]
        assert len(sections) >= 15
        assert [each for each in sections if sentence in words(each)]
        assert [each for each in sections if sum("claim" in part.attrib.get("class", "").split() for part in each.iter()) >= 2]


def test_every_rule_is_explained(project: Project, pages: Pages) -> None:
    known = declared(project)
    assert len(known) >= 200
    for language in ("zh", "en"):
        assert set(known) <= set(pages[f"ontology/rules.{language}.html"].ids)


def test_the_patterns_of_the_cheat_sheet_find_claims(checked: Checked, pages: Pages) -> None:
    codes = [words(each) for each in pages["ontology/cheatsheet.en.html"].elements if each.tag == "pre"]
    prefixes, *patterns = codes
    assert len(patterns) >= 7
    for pattern in patterns:
        opening, *lines = pattern.splitlines()
        # What need not be stated is put into OPTIONAL, as the page says.
        optional = [line.strip(" ;") for line in lines if line.endswith(" ;")]
        body = " ".join([f"{opening.strip(' ;')} .", *(f"OPTIONAL {{ ?claim {line} }}" for line in optional)])
        rest = "?claim pb:source ?source ; pb:passage ?passage . ?passage pb:quote ?quote"
        asked = f"{prefixes}SELECT ?claim ?quote WHERE {{ {body} {rest} }}"
        assert checked.graph.select(asked).rows, pattern


def test_the_class_diagrams_show_every_class_below_another(checked: Checked, pages: Pages) -> None:
    page = pages["ontology/index.en.html"]
    drawn = [each for each in page.elements if each.attrib.get("class") == "diagram"]
    shown = {link for each in drawn for link in hrefs(each)}
    classes = checked.graph.select(
        "SELECT ?class WHERE { ?class a owl:Class ; rdfs:label ?label ; rdfs:subClassOf ?above . ?above rdfs:label ?other }"
    ).rows
    assert len(classes) >= 60
    assert {f"classes/{local_name(str(cls))}.en.html" for (cls,) in classes} <= shown


@pytest.mark.parametrize("name", ["met-at-a-platform", "programmes-of-family", "events"])
def test_the_answers_for_other_values_are_those_of_the_question_asked_with_them(
    name: str, checked: Checked, pages: Pages, site_root: Path
) -> None:
    query = next(each for each in queries.load(checked.project, "questions") if each.name == name)
    found = sorted((site_root / "questions").glob(f"{name}.*.csv"))
    assert found
    for path in found:
        value = path.stem.partition(".")[2]
        bindings = queries.bind(query, dict.fromkeys(query.parameters, value), checked.graph, checked.project.base)
        rows = queries.run(query, checked.graph, bindings).rows
        assert len(path.read_text(encoding="utf-8").splitlines()) >= len(rows) + 1 >= 2
        assert f"{path.stem}.en.html" in hrefs(pages[f"questions/{name}.en.html"].tree)
