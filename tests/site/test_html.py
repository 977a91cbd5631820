"""Every page of the built site: valid, linked without dead ends, in both languages, harmless, readable without a mouse."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from html_pages import Page, words
from pbgraph.build import Report
from pbgraph.checks import Checked
from views import by_view, largest

LANGUAGES = ("zh", "en")
BASE = "https://w3id.org/pbgraph/"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
Pages = Mapping[str, Page]


def in_site(pages: Pages) -> list[Page]:
    return [page for page in pages.values() if page.path not in ("index.html", "404.html")]


def is_told_to_machines(page: Page, address: str) -> bool:
    """Whether an address stands in a page's head for search engines, absolute as they want it; or anywhere on the 404 page."""
    return page.path == "404.html" or any(
        each.attrib.get("href") == address and ("hreflang" in each.attrib or each.attrib.get("rel") == "canonical")
        for each in page.elements
        if each.tag == "link"
    )


def target(page: Page, address: str) -> tuple[str, str]:
    """The file below the site's root and the fragment that an address on a page leads to."""
    parts = urlsplit(address)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), unquote(parts.path))) if parts.path else page.path
    return path, unquote(parts.fragment)


def test_there_are_as_many_pages_as_the_build_says(built: Report, pages: Pages) -> None:
    assert built.counts["pages"] == len(pages) >= 600


def test_the_largest_page_of_every_view_is_valid_html_for_a_strict_reader(pages: Pages, checked: Checked) -> None:
    """The other pages are held against the Nu Html Checker (test_valid)."""
    shown = [pages[path] for paths in by_view(pages, checked).values() for path in largest(paths, pages)]
    assert len(shown) >= 25
    assert {page.path: told[:3] for page in shown if (told := page.errors())} == {}


def test_every_page_says_its_document_type_and_language_first(pages: Pages) -> None:
    assert [path for path, page in pages.items() if not page.text.startswith("<!doctype html>\n<html lang=")] == []


def test_no_link_is_dead(site_root: Path, pages: Pages) -> None:
    files = {path.relative_to(site_root).as_posix() for path in site_root.rglob("*") if path.is_file()}
    dead, seen = [], 0
    for page in pages.values():
        for _, address in page.links():
            seen += 1
            if address.startswith(("http://", "https://")):
                continue
            path, fragment = target(page, address)
            known = pages[path].ids if path in pages else ()
            if path not in files or (fragment and fragment not in known):
                dead.append((page.path, address))
    assert dead == []
    assert seen >= 10_000


def test_links_are_relative_so_that_the_site_works_under_any_path_and_from_a_disk(pages: Pages) -> None:
    links = [(page, address) for page in pages.values() for _, address in page.links() if urlsplit(address).scheme]
    outside = {address for page, address in links if not is_told_to_machines(page, address)}
    assert {urlsplit(address).scheme for address in outside} <= {"http", "https"}
    # Editing and reporting lead outside from every page, by addresses of the project's own.
    assert 1 <= len([address for address in outside if not address.startswith("https://w3id.org/pbgraph/")]) <= 20
    assert not [address for page in pages.values() for _, address in page.links() if address.startswith("/")]


def test_every_page_is_reached_by_links_from_the_first(pages: Pages) -> None:
    reached, front = {"index.html"}, ["index.html"]
    while front:
        page = pages[front.pop()]
        found = {target(page, address)[0] for tag, address in page.links() if tag == "a"} & set(pages)
        front.extend(found - reached)
        reached |= found
    assert set(pages) - reached == {"404.html"}


def test_no_id_is_used_twice_and_every_reference_finds_one(pages: Pages) -> None:
    for page in pages.values():
        assert [name for name, number in Counter(page.ids).items() if number > 1] == [], page.path
        referred = {each.attrib[name] for each in page.elements for name in ("aria-labelledby", "for") if name in each.attrib}
        assert referred <= set(page.ids), page.path


def test_headings_are_in_order_under_one_title(pages: Pages) -> None:
    for page in pages.values():
        levels = [HEADINGS.index(each.tag) + 1 for each in page.elements if each.tag in HEADINGS]
        assert levels[0] == 1, page.path
        assert levels.count(1) == 1, page.path
        assert all(after <= before + 1 for before, after in pairwise(levels)), (page.path, levels)
        assert all(words(each).strip() for each in page.elements if each.tag in HEADINGS), page.path


def test_every_page_has_its_twin_in_the_other_language(pages: Pages) -> None:
    for page in in_site(pages):
        stem, language = page.path.removesuffix(".html").rsplit(".", 1)
        assert page.tree.attrib["lang"] == language in LANGUAGES
        alternates = {
            each.attrib["hreflang"]: each.attrib["href"].removeprefix(BASE)
            for each in page.elements
            if each.tag == "link" and "hreflang" in each.attrib
        }
        default = "" if stem == "index" else f"{stem}.zh.html"
        assert alternates == {"x-default": default} | {other: f"{stem}.{other}.html" for other in LANGUAGES}, page.path
        switch = [each for each in page.elements if each.tag == "a" and "hreflang" in each.attrib]
        assert [target(page, each.attrib["href"])[0] for each in switch] == [
            f"{stem}.{other}.html" for other in LANGUAGES if other != language
        ]
        assert set(alternates.values()) <= {*pages, ""}


def test_no_page_carries_a_script_or_a_style_of_its_own_but_the_sites_one_script(pages: Pages) -> None:
    for page in pages.values():
        for each in page.elements:
            assert each.tag not in ("style", "iframe", "object", "embed", "form", "base"), page.path
            assert not [name for name in each.attrib if name.startswith("on") or name in ("style", "srcdoc")], page.path
        # A script element of another type is data, which no browser runs.
        scripts = [each for each in page.elements if each.tag == "script" and each.attrib != {"type": "application/ld+json"}]
        alone = page.path in ("index.html", "404.html")
        assert [target(page, each.attrib["src"])[0] for each in scripts] == ["assets/site.js"] * (not alone)
        assert not any(words(each).strip() for each in scripts), page.path
        policy = [each.attrib["content"] for each in page.elements if each.attrib.get("http-equiv") == "Content-Security-Policy"]
        assert len(policy) == 1, page.path
        assert policy[0].startswith("default-src 'none'; "), page.path
        assert "unsafe" not in policy[0]


def test_the_content_is_one_key_away(pages: Pages) -> None:
    for page in in_site(pages):
        first = next(each for each in page.elements if each.tag == "a")
        assert first.attrib["href"] == "#main"
        assert page.first("main").attrib["id"] == "main"
        assert words(page.first("title")).strip()


def test_texts_in_another_language_say_so(pages: Pages) -> None:
    page = pages["id/hengxian-last-mile.en.html"]
    quotes = [each for each in page.elements if each.tag == "blockquote"]
    assert len(quotes) >= 50
    assert {each.attrib["lang"] for each in quotes} == {"zh"}
    assert {each.attrib["lang"] for each in pages["id/suqian-branch-ecommerce.zh.html"].elements if each.tag == "blockquote"} == {
        "zh-hant"
    }


def test_every_page_is_styled_by_files_of_the_site(site_root: Path, pages: Pages) -> None:
    for page in pages.values():
        sheets = [each.attrib["href"] for each in page.elements if each.attrib.get("rel") == "stylesheet"]
        assert 1 <= len(sheets) <= 4, page.path
    classes = {name for page in pages.values() for each in page.elements for name in each.attrib.get("class", "").split()}
    sheet = "".join(path.read_text(encoding="utf-8") for path in (site_root / "assets").glob("*.css"))
    assert len(classes) >= 60
    assert {name for name in classes if name.startswith("kind-") and f".{name} " not in sheet} == set()
