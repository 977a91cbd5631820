"""Where it was typed: every page leads to the line of its file, a file's page is the file, editing and reporting know of what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

import html_pages
from html_pages import Page, words
from pbgraph import listing
from pbgraph import project as projects
from pbgraph.addresses import Addresses
from pbgraph.checks import Checked, check
from pbgraph.labels import Labels
from pbgraph.mapping import Mapped
from pbgraph.origins import Origins
from pbgraph.problems import Where
from pbgraph.sites import Site
from pbgraph.terms import Iri
from small import small_project

BASE = "https://w3id.org/pbgraph/"
TEXTS = [
    *(
        "a: b\n",
        "a: b",
        "# x\n\na: 1  # y: z\nb: '#c'\n",
        'a: "#b" # c\n',
        "a:\r\n  - {b: c, d: 'e'}\r\n",
        "a: |\n  b # c\n  d\n",
    ),
    *(
        'a: "b\n  c: d"\ne: f\n',
        "a: []\nb: {}\n",
        "横县: [窑埠村, “一”]\n",
        "a: b\n\n\n",
        "a: http://x#y\n",
        "- a\n- {1: 2}\n# end",
    ),
]


@pytest.fixture(scope="module")
def small_pages(small_built: Path) -> Mapping[str, Page]:
    """Every page of the small project's site."""
    return html_pages.read(small_built / "build" / "site")


@pytest.fixture(scope="module")
def small_checked(small_built: Path) -> Checked:
    """The small project, checked."""
    return check(projects.load(small_built))


def origins(checked: Checked, **links: str) -> Origins:
    """The places of a project's nodes for a page in English, with links of one's own."""
    project = replace(checked.project, links=links)
    labels = Labels(checked.graph, project.languages)
    return Origins(Site(project, checked.graph, labels, Addresses(BASE, {}), {}, checked.index), "id/x.en.html", "en")


@pytest.mark.parametrize("text", TEXTS)
def test_the_pieces_of_a_file_are_the_file(text: str) -> None:
    lines = listing.listed(text, Mapped("x.yaml", Iri(BASE)), BASE)
    assert ["".join(piece.text for piece in line.pieces) for line in lines] == text.splitlines()


def test_pieces_are_told_apart_by_what_they_are() -> None:
    (line,) = listing.listed("- {a: b, \"c\": 'd'} # e", Mapped("x.yaml", Iri(BASE)), BASE)
    assert {(piece.text, piece.kind) for piece in line.pieces if piece.kind} == {
        ("a", "key"),
        ('"c"', "key"),
        ("'d'", "quoted"),
        ("# e", "comment"),
    }


def typed_lines(page: Page) -> list[str]:
    """The lines of a file's page without their numbers and without what leads to claims."""
    (pre,) = [each for each in page.elements if each.tag == "pre"]
    found = []
    for line in pre:
        number, *_ = line
        more = [words(each) for each in line if each.attrib.get("class") == "to-claim"]
        found.append(words(line).rstrip("\n").removeprefix(words(number)).removesuffix("".join(more)))
    return found


def test_the_page_of_a_file_is_the_file_in_every_language(small_built: Path, small_pages: Mapping[str, Page]) -> None:
    files = sorted((small_built / "data").rglob("*.yaml"))
    assert len(files) == 4
    for file in files:
        name = file.relative_to(small_built / "data").with_suffix("").as_posix().replace("/", ".")
        for language in ("zh", "en"):
            page = small_pages[f"files/{name}.{language}.html"]
            assert typed_lines(page) == file.read_text(encoding="utf-8").splitlines()
            assert page.errors() == []


def test_every_thing_leads_to_the_line_it_was_typed_in_and_back(small_pages: Mapping[str, Page]) -> None:
    seen = 0
    for path, page in small_pages.items():
        links = [address for tag, address in page.links() if tag == "a" and address.startswith("../files/")]
        if not path.startswith("id/") or not links:
            continue
        slug = path.removeprefix("id/").partition(".")[0]
        file, _, line = links[0].removeprefix("../").partition("#L")
        typed = next(each for each in small_pages[file].elements if each.attrib.get("id") == f"L{line}")
        following = typed_lines(small_pages[file])[int(line) - 1 : int(line) + 1]
        assert any(re.search(rf"\bid: {slug}\b", each) for each in following), (path, links)
        assert typed.tag == "span"
        assert f"../{path}" in {address for _, address in small_pages[file].links()}, path
        seen += 1
    assert seen >= 50


def test_every_claim_is_reached_from_its_line(small_checked: Checked, small_pages: Mapping[str, Page]) -> None:
    claims = {str(claim) for (claim,) in small_checked.graph.select("SELECT ?claim WHERE { ?claim a pb:Claim }").rows}
    expected = {f"../id/{each.partition('claim/')[2].replace('.', '.en.html#claim-')}" for each in claims}
    found = {address for name in ("first", "second") for _, address in small_pages[f"files/articles.{name}.en.html"].links()}
    assert len(claims) >= 10
    assert expected <= found


def test_a_word_that_happens_to_be_an_id_is_no_link(small_pages: Mapping[str, Page]) -> None:
    page = small_pages["files/vocabularies.all.en.html"]
    line = next(each for each in page.elements if each.tag == "span" and "id: yuan" in words(each))
    assert words(line).count("yuan") == 2
    assert [each.attrib["href"] for each in line if each.tag == "a"][1:] == ["../id/yuan.en.html"]


def test_editing_and_reporting_know_of_what(small_checked: Checked) -> None:
    made = origins(
        small_checked, edit="https://example.org/e?f={path}&n={line}", report="https://example.org/r?t={title}&a={address}"
    )
    place = made.place_of(f"{BASE}id/yaobu")
    assert place == small_checked.index.locate(f"{BASE}id/yaobu")
    assert place is not None
    assert made.edit_link(place) == f"https://example.org/e?f=data/places.yaml&n={place.line}"
    assert made.edit_link(Where("data/a b&c/横.yaml", 7)).endswith("f=data/a%20b%26c/%E6%A8%AA.yaml&n=7")
    title = '50% & "横县" #1 {line} <b>\n?'
    asked = parse_qs(urlsplit(made.report_link(title, f"{BASE}id/yaobu")).query)
    assert asked == {"t": [title], "a": [f"{BASE}id/yaobu"]}


def test_without_addresses_nothing_leads_outside(small_checked: Checked) -> None:
    made = origins(small_checked)
    assert (made.edit_link(Where("data/a.yaml", 1)), made.report_link("a", "b")) == ("", "")
    assert made.place_of(f"{BASE}id/nothing") is None


def test_a_file_of_another_project_is_not_edited_here(small_checked: Checked) -> None:
    assert origins(small_checked, edit="https://example.org/{path}").edit_link(Where("../other/data/a.yaml", 1)) == ""


def test_pages_carry_both_links(small_pages: Mapping[str, Page]) -> None:
    addresses = [
        unquote(address) for _, address in small_pages["id/yaobu.zh.html"].links() if address.startswith("https://w3id.org")
    ]
    assert f"{BASE}report?title=窑埠村&address={BASE}id/yaobu" in addresses
    assert any(re.fullmatch(rf"{BASE}edit/data/places\.yaml#L\d+", each) for each in addresses)


def test_no_two_files_share_a_page(tmp_path: Path) -> None:
    project = projects.load(small_project(tmp_path / "p", ("ontology",)))
    paths = [
        "x/y.yaml",
        "x.y.yaml",
        "x y.yaml",
        "x-y.yaml",
        "x~20~y.yaml",
        "x/csv.yaml",
        "x.csv",
        "x.csv.yaml",
        "横/县.yaml",
        "x./y.yaml",
    ]
    names = [listing.page_name(project, project.root / "data" / path) for path in paths]
    assert len({*names}) == len(paths)
    assert names[0] == "x.y"
    assert all(re.fullmatch(r"[\w.~-]+", name) for name in names)
