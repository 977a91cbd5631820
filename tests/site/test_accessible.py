"""axe-core finds nothing on the largest and a typical page of every view, in each language and scheme; paper cuts nothing off."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from html_pages import Page
from pbgraph.checks import Checked
from views import by_view, largest, typical

AXE = ROOT / "tests" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium")
PAPER = 718
"""The width of A4 between margins of 10 mm, in CSS pixels."""
LEFT_OUT = ["color-contrast-enhanced"]
"""The rule of level AAA that pages do not promise: 7:1. Theirs is AA, 4.5:1 (WCAG 2.2, 1.4.3)."""
RUN = """([leftOut, tag]) => axe.run(document, {
  resultTypes: ['violations'],
  rules: Object.fromEntries(axe.getRules().map(({ruleId, tags}) =>
    [ruleId, {enabled: !leftOut.includes(ruleId) && (tag ? tags.includes(tag) : !tags.includes('experimental'))}])),
}).then(found => found.violations.flatMap(each =>
  each.nodes.slice(0, 3).map(node => `${each.id} (${each.nodes.length}): ${node.html.slice(0, 200)} ${node.failureSummary}`)))"""

pytestmark = [pytest.mark.prove, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser without a window."""
    from playwright.sync_api import sync_playwright

    assert AXE.exists(), "npm ci --prefix tests/browser installs it"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def shown(pages: Mapping[str, Page], checked: Checked) -> list[str]:
    """The largest page of every view and a typical one, in each language."""
    chosen = {path for paths in by_view(pages, checked).values() for path in [*largest(paths, pages), *typical(paths, pages)]}
    assert len(chosen) >= 40
    return sorted(chosen)


def opened(browser: Any, path: Path, width: int) -> Any:
    # The page's own policy would refuse a script from outside; what the page loads for itself is tested in test_browser.
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="light", bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri())
    page.add_script_tag(path=str(AXE))
    return page


def complaints(page: Any, scheme: str) -> list[str]:
    """What bars readers in this scheme; in the dark one colours only, since all else is the same."""
    page.emulate_media(color_scheme=scheme)
    found: list[str] = page.evaluate(RUN, [LEFT_OUT, "" if scheme == "light" else "cat.color"])
    return found


# The largest page of a view has the most to crowd a small window with; on a wide one a page of middling length will do.
@pytest.mark.parametrize(("width", "choose"), [(360, largest), (1600, typical)], ids=["360", "1600"])
def test_nothing_bars_a_reader_from_any_view(
    browser: Any, site_root: Path, pages: Mapping[str, Page], checked: Checked, width: int, choose: Any
) -> None:
    wrong: dict[str, list[str]] = {}
    chosen = [path for paths in by_view(pages, checked).values() for path in choose(paths, pages)]
    assert len(chosen) >= 50
    for name in chosen:
        page = opened(browser, site_root / name, width)
        told = [f"{scheme}: {each}" for scheme in ("light", "dark") for each in complaints(page, scheme)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if told or wide > width:
            wrong[name] = [*told, f"{wide} pixels wide"]
        page.context.close()
    assert wrong == {}


def test_nothing_is_cut_off_on_paper(browser: Any, site_root: Path, shown: list[str]) -> None:
    wrong = {}
    for name in shown:
        page = opened(browser, site_root / name, PAPER)
        page.emulate_media(media="print")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > PAPER:
            wrong[name] = wide
        page.context.close()
    assert wrong == {}


def test_what_bars_a_reader_is_found(browser: Any, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><title>A</title><p style='color: #ccc'>pale</p>", encoding="utf-8")
    page = opened(browser, tmp_path / "page.html", 360)
    assert {each.split(" ")[0] for each in complaints(page, "light")} >= {"color-contrast", "html-has-lang"}
    assert {each.split(" ")[0] for each in complaints(page, "dark")} == {"color-contrast"}
    page.context.close()
