"""How to cite: BibTeX that BibTeX's readers take, CSL-JSON that a citation processor takes, and dates as honest as they were."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from pybtex.database import parse_string

from bare import bare_site
from breaking import put
from html_pages import Page, words
from pbgraph.citing import Citing, Issued, Work, bibtex, csl, when
from pbgraph.problems import Refused
from pbgraph.telling import Telling

TITLES = [
    *(
        "[横 县]电商打通扶贫“最后一公里”",
        "横县的{电商}路",
        "} out of { order",
        "{",
        '他说"一个支部"',
        'Say {“} and "',
        "50%_of #1 & $x ~ ^",
    ),
    *("back\\slash\\", "\\{", "@misc{x, title = {y}}", "a,\n b  c", "</script><b>&amp;", "𠮷野"),
]
TEX = {"textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~", "textasciicircum": "^"}


def entry(text: str) -> Any:
    """The one entry of a BibTeX file, as pybtex reads it."""
    (found,) = parse_string(text, "bibtex").entries.values()
    return found


def typeset(raw: str) -> str:
    """What LaTeX sets for an escaped text in its protecting braces."""
    text = raw[1:-1]
    for sign in "#$%&_":
        text = text.replace(f"\\{sign}", sign)
    for name, sign in TEX.items():
        text = text.replace(f"\\{name}{{}}", f"\0{sign}")
    assert "{" not in text.replace("\0{", "")
    return text.replace("\0", "")


def processed(text: str) -> str:
    """A CSL-JSON file's item as a citation processor sets it."""
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    items = json.loads(text)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    bibliography.register(Citation([CitationItem(items[0]["id"])]))
    return str(bibliography.bibliography()[0])


@pytest.mark.parametrize("title", TITLES)
def test_any_title_survives_bibtex_and_csl(title: str) -> None:
    work = Work("a", "article-newspaper", title, "https://example.org/%7Ea_b?c=1#d", container=title)
    found = entry(bibtex(work))
    assert found.type == "article"
    assert typeset(found.fields["title"]) == " ".join(title.split())
    assert found.fields["url"] == work.address
    assert json.loads(csl(work))[0]["title"] == title
    assert " ".join(title.split()).rstrip("}")[-4:] in " ".join(processed(csl(work)).split())


def test_an_author_is_one_body_and_not_first_and_last_names() -> None:
    work = Work("横 县", "webpage", "t", "https://example.org/x", author="The tea and cup {authors}", container="Graph")
    found = entry(bibtex(work))
    assert len(found.persons["author"]) == 1
    assert typeset(str(found.persons["author"][0])) == work.author
    assert (found.type, found.fields["howpublished"]) == ("misc", "Graph")
    assert work.author in processed(csl(work))


def test_braces_in_an_address_do_not_end_the_entry() -> None:
    assert entry(bibtex(Work("a", "webpage", "t", "https://example.org/}{\\"))).fields["url"] == "https://example.org/%7D%7B%5C"


@pytest.mark.parametrize(
    ("written", "bounds", "sure", "expected", "text"),
    [
        ("2022-08-23", ("2022-08-23", "2022-08-23"), True, Issued((2022, 8, 23), False, "2022-08-23"), "2022-08-23"),
        ("2016-04", ("2016-04-01", "2016-04-30"), True, Issued((2016, 4), False, "2016-04"), "2016-04"),
        ("2017", ("2017-01-01", "2017-12-31"), False, Issued((2017,), True, "2017"), "[2017]"),
        ("2017?-11-30", ("2017-11-30", "2017-11-30"), True, Issued((2017,), True, "2017?-11-30"), "[2017]"),
        ("[2016-04..2016-12]", ("2016-04-01", "2016-12-31"), True, Issued((2016,), True, "[2016-04..2016-12]"), "[2016]"),
        (
            "[2016-07..2017-02]",
            ("2016-07-01", "2017-02-28"),
            True,
            Issued((2016,), True, "[2016-07..2017-02]", 2017),
            "[2016–2017]",
        ),
        ("2016-21", ("2016-03-01", "2016-05-31"), True, Issued((2016,), True, "2016-21"), "[2016]"),
        ("[..2017]", ("", "2017-12-31"), True, Issued((), True, "[..2017]"), ""),
        ("[2017..]", ("2017-01-01", ""), True, Issued((), True, "[2017..]"), ""),
        ("2017~", ("", ""), True, Issued((), True, "2017~"), ""),
    ],
)
def test_a_date_is_given_as_far_as_it_is_known(
    written: str, bounds: tuple[str, str], sure: bool, expected: Issued, text: str
) -> None:
    found = when(written, *bounds, sure)
    assert found == expected
    assert found.text == text
    work = Work("a", "article-newspaper", "t", container="c", issued=found)
    fields, item = entry(bibtex(work)).fields, json.loads(csl(work))[0]
    assert fields.get("year", "") == text.strip("[]").replace("–", "--")[: None if found.until else 4]
    assert ("month" in fields) == (len(found.parts) > 1)
    assert item.get("issued") == (
        {"date-parts": [list(found.parts), *([[found.until]] if found.until else [])], **({"circa": True} if found.circa else {})}
        if found.parts
        else None
    )
    assert ("note" in fields) == ("note" in item) == found.circa
    assert item.get("note", f"EDTF: {written}") == f"EDTF: {written}"
    assert (str(found.parts[0]) if found.parts else "no date") in processed(csl(work))


@pytest.mark.parametrize(("written", "month", "day"), [("2016-01-05", "January", "5"), ("2016-12-31", "December", "31")])
def test_month_and_day_are_given_where_they_are_certain(written: str, month: str, day: str) -> None:
    fields = entry(bibtex(Work("a", "report", "t", issued=when(written, written, written, True)))).fields
    assert (fields["year"], fields["month"], fields["day"]) == ("2016", month, day)
    doubted = Work("a", "report", "t", issued=when(written, written, written, False))
    fields = entry(bibtex(doubted)).fields
    assert (set(fields), fields["note"]) == ({"title", "year", "note"}, f"EDTF: {written}")
    assert json.loads(csl(doubted))[0]["issued"] == {"date-parts": [[int(part) for part in written.split("-")]], "circa": True}


def test_signs_of_tex_are_only_signs_in_issue_version_and_language() -> None:
    signs = "5 & 6_a {#1}"
    fields = entry(bibtex(Work("a", "report", "t", issue=signs, version=signs, language=signs))).fields
    assert {typeset(f"{{{fields[name]}}}") for name in ("number", "version", "language")} == {signs}


@pytest.mark.parametrize(
    ("issue", "written", "appeared"),
    [
        ("2019年11期", "2019-11", "2019年11期"),
        ("第11期", "2019-11", "第11期, 2019-11"),
        ("第11期", "", "第11期"),
        ("", "2019-11", "2019-11"),
        ("", "", ""),
    ],
)
def test_the_date_stands_beside_an_issue_that_does_not_hold_its_year(issue: str, written: str, appeared: str) -> None:
    issued = when(written, "2019-11-01", "2019-11-30", True) if written else None
    assert Work("a", "article-journal", "t", issue=issue, issued=issued).appeared == appeared


def details(page: Page) -> str:
    (found,) = [each for each in page.elements if each.attrib.get("class") == "citing"]
    return " ".join(words(found).split())


def test_an_article_has_both_formats_beside_its_page_and_says_how_a_claim_is_cited(
    site_root: Path, pages: Mapping[str, Page]
) -> None:
    stem = "id/luozhuang-flower-valley"
    fields = entry((site_root / f"{stem}.bib").read_text(encoding="utf-8")).fields
    item = json.loads((site_root / f"{stem}.csl.json").read_text(encoding="utf-8"))[0]
    assert typeset(fields["title"]) == item["title"] == "山東臨沂羅莊區“黨建+電商” 引領“中國花谷”富裕路上共芬芳"
    assert fields["journal"] == item["container-title"] == "鄉村干部報網"
    assert (fields["year"], fields["month"], fields["day"]) == ("2022", "August", "23")
    assert (item["type"], item["language"]) == ("article-newspaper", "zh-hant")
    for language, said in (
        ("zh", "[N]. 鄉村干部報網, 2022-08-23. 第1段. https://"),
        ("en", "”. 鄉村干部報網, 2022-08-23. Paragraph 1. https://"),
    ):
        page = pages[f"{stem}.{language}.html"]
        assert said in details(page)
        assert {"luozhuang-flower-valley.bib", "luozhuang-flower-valley.csl.json"} <= {address for _, address in page.links()}


def test_what_a_source_does_not_print_is_not_made_up(site_root: Path, pages: Mapping[str, Page]) -> None:
    found = entry((site_root / "id/hengxian-last-mile.bib").read_text(encoding="utf-8"))
    assert found.type == "misc"
    assert set(found.fields) == {"title", "year", "language", "url", "note"}
    assert found.fields["year"] == "2016"
    assert "王礼鹏. " in (found := details(pages["id/hengxian-party-innovation.zh.html"]))
    assert ", [2016–2017]. " in found


def test_what_stands_in_a_journal_is_cited_by_its_issue(site_root: Path, pages: Mapping[str, Page]) -> None:
    stem = "id/lianhua-eleven-ones"
    assert "诗奥. 攻坚克难摘穷帽 凝心聚力奔小康[J]. 老区建设, 2019年11期. " in details(pages[f"{stem}.zh.html"])
    fields = entry((site_root / f"{stem}.bib").read_text(encoding="utf-8")).fields
    assert (fields["journal"], fields["number"], fields["year"]) == ("老区建设", "2019年11期", "2019")
    item = json.loads((site_root / f"{stem}.csl.json").read_text(encoding="utf-8"))[0]
    assert (item["type"], item["issue"], item["author"]) == ("article-journal", "2019年11期", [{"literal": "诗奥"}])


def test_every_page_of_a_thing_or_question_is_cited_with_authors_version_and_address(pages: Mapping[str, Page]) -> None:
    found = details(pages["id/hengxian.zh.html"])
    assert "The pbgraph authors. 横县[DS/OL]//党建+电商扶贫知识图谱. 0.1.0 版. https://w3id.org/pbgraph/id/hengxian" in found
    (code,) = [each for each in pages["id/hengxian.en.html"].elements if each.tag == "code" and words(each).startswith("@misc")]
    fields = entry(words(code)).fields
    assert (typeset(fields["title"]), fields["version"]) == ("Hengxian", "0.1.0")
    assert fields["url"] == "https://w3id.org/pbgraph/id/hengxian"
    assert "https://w3id.org/pbgraph/question/events" in details(pages["questions/events.en.html"])


def test_a_project_without_a_citation_file_cites_its_pages_without_authors(small_built: Path) -> None:
    text = (small_built / "build" / "site" / "id" / "yaobu.en.html").read_text(encoding="utf-8")
    assert "@misc{yaobu,\n  title = {{Yaobu}},\n  howpublished" in text
    first = entry((small_built / "build" / "site" / "id" / "first.bib").read_text(encoding="utf-8"))
    assert (first.type, first.fields["year"], first.fields["note"]) == ("misc", "2016", "EDTF: [2016-04-27..2016-12-31]")


AUTHORS = """\
version: 1.0
authors:
  - {given-names: Jan, name-particle: van den, family-names: Berg, name-suffix: Jr.}
  - {alias: anna}
  - {name: The editors}
"""


def cited(folder: Path, citation: str) -> Work:
    """How a page is cited of a project that holds nothing but what tells of itself."""
    put("CITATION.cff", citation)(folder)
    return Citing(Telling(bare_site(folder), "en")).page_work("A page", "https://example.org/page")


def test_whoever_made_a_graph_is_named_in_full(tmp_path: Path) -> None:
    work = cited(tmp_path, AUTHORS)
    assert (work.author, work.version) == ("Jan van den Berg Jr., anna, The editors", "1.0")


@pytest.mark.parametrize(
    ("citation", "expected"),
    [
        ("title: A\nversion: [1]\n", ["2:1: not-a-text"]),
        ("authors: Anna\n", ["1:1: not-a-list"]),
        ("authors:\n  - Anna\n  - {family-names: [Berg], alias: anna}\n", ["1:1: not-a-record", "1:1: not-a-text"]),
    ],
)
def test_a_citation_file_of_another_form_is_refused(citation: str, expected: list[str], tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        cited(tmp_path, citation)
    places = [f"CITATION.cff:{each}: " for each in expected]
    assert all(each.render("en").startswith(place) for each, place in zip(refused.value.problems, places, strict=True))
