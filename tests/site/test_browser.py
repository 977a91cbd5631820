"""The site in a browser: nothing blocked, nothing wider than the window, in both colour schemes, from a phone's width on."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
PAGES = [
    *(
        "index.html",
        "index.{}.html",
        "tree.{}.html",
        "kinds.{}.html",
        "sources.{}.html",
        "downloads.{}.html",
        "id/hengxian.{}.html",
    ),
    *(
        "id/hengxian-last-mile.{}.html",
        "id/hengxian-ecommerce-plans.{}.html",
        "id/poor-village.{}.html",
        "files/articles.lianhua-eleven-ones.{}.html",
        "kind/Village.{}.html",
    ),
    *("kind/Figure.{}.html", "questions/index.{}.html", "questions/poor-village-partners.{}.html", "questions/events.{}.html"),
    *("ontology/index.{}.html", "ontology/classes/Figure.{}.html", "ontology/terms/caption.{}.html"),
]

pytestmark = [pytest.mark.prove, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800, 1600])
def test_every_kind_of_page_fits_and_loads_all_it_needs(browser: Any, site_root: Path, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    seen = 0
    for name in PAGES:
        for language in ("zh", "en"):
            page.goto((site_root / name.format(language)).as_uri())
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (name, language, wide)
            paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert paper == ("rgb(251, 250, 247)" if scheme == "light" else "rgb(21, 23, 26)"), name
            seen += 1
    assert complaints == []
    assert seen == 2 * len(PAGES)
    context.close()


def test_the_picture_on_the_first_page_is_drawn_in_colour_with_links(browser: Any, site_root: Path) -> None:
    page = browser.new_page()
    page.goto((site_root / "index.en.html").as_uri())
    fills = page.evaluate("[...document.querySelectorAll('svg circle')].map(each => getComputedStyle(each).fill)")
    assert len(set(fills)) >= 5
    page.click("svg a:has-text('Yaobu') >> nth=0", force=True)
    assert page.url.startswith((site_root / "id").as_uri())
    page.close()
