"""Finding in a browser, from a disk and under a path: search, keyboard, scheme, facets, copying; and without scripts."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")

pytestmark = [pytest.mark.prove, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]


class Quiet(SimpleHTTPRequestHandler):
    """A plain server of files that writes no log."""

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def served(site_root: Path) -> Iterator[str]:
    """The address of the site below a path of a plain server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site_root.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{site_root.name}"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["disk", "path"])
def base(request: pytest.FixtureRequest, site_root: Path, served: str) -> str:
    """The site's address: on a disk, and below a path of a server."""
    return site_root.as_uri() if request.param == "disk" else served


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """An empty page of a new reader; whatever it complains of fails the test."""
    context = browser.new_context()
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.extend([] if "favicon" in str(message.location) else [message.text]))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("requestfailed", lambda request: complaints.append(request.url))
    yield opened
    context.close()
    assert complaints == []


def find(page: Any, typed: str) -> list[str]:
    """The ids of what is found, in order."""
    page.fill("[role=combobox]", typed)
    page.wait_for_selector("#found [role=option]", state="attached")
    links = page.eval_on_selector_all("#found:not([hidden]) [role=option]", "all => all.map(each => each.href ?? '')")
    return [link.rpartition("/")[2].partition(".")[0] for link in links]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("横县", "hengxian"),
        ("橫縣", "hengxian"),
        ("横州市", "hengxian"),
        ("窑埠", "hengxian-yaobu"),
        ("埠村", "hengxian-yaobu"),
        ("埠", "hengxian-yaobu"),
        ("yaobucun", "hengxian-yaobu"),
        ("yáo bù cūn", "hengxian-yaobu"),
        ("yao cun", "hengxian-yaobu"),
        ("ybc", "hengxian-yaobu"),
        ("ＹＢＣ", "hengxian-yaobu"),
        ("Heng County", "hengxian"),
        ("hengXIAN", "hengxian"),
        ("jiaoyi zhen", "hengxian-jiaoyi"),
        ("窑埠 村", "hengxian-yaobu"),
        ("窑埠 社区", "hengxian-yaobu"),
        ("huogui 横县", "hengxian-huogui"),
        ("貨桂 nanning", "hengxian-huogui"),
    ],
)
def test_a_name_is_found_however_it_is_typed(page: Any, site_root: Path, typed: str, first: str) -> None:
    page.goto((site_root / "id" / "nanning.zh.html").as_uri())
    assert find(page, typed)[0] == first


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        *(("henxian", "hengxian"), ("yaopu", "hengxian-yaobu"), ("Suquan", "suqian"), ("luozhung", "luozhuang")),
        *(
            ("hegnxian", "hengxian"),
            ("hengxxian", "hengxian"),
            ("窑浦村", "hengxian-yaobu"),
            ("Brokres", "brokers"),
            ("Luozuhang Dsitrict", "luozhuang"),
        ),
    ],
)
def test_of_a_name_that_is_misspelt_those_alike_are_offered(page: Any, site_root: Path, typed: str, first: str) -> None:
    page.goto((site_root / "index.en.html").as_uri())
    find(page, typed)
    page.wait_for_function("document.querySelectorAll('#found a').length > 0")
    offered = page.eval_on_selector_all("#found a", "all => all.map(each => each.href)")
    assert first in [link.rpartition("/")[2].partition(".")[0] for link in offered[:4]]
    assert page.locator("#found").inner_text().strip().startswith("No such name. ")
    # The sentence is no choice: the first that arrows lead to is a name, and is what Enter opens.
    page.keyboard.press("ArrowDown")
    assert page.locator("[aria-selected=true]").evaluate("each => each.tagName") == "A"
    assert page.locator("input[role=combobox]").get_attribute("aria-activedescendant")
    assert page.locator(".told").inner_text().startswith("No such name. ")


def test_overviews_are_found_by_their_names(page: Any, site_root: Path) -> None:
    page.goto((site_root / "id" / "hengxian.zh.html").as_uri())
    assert find(page, "术语")[0] == "index"
    assert find(page, "牵线者")[0] == "brokers"
    page.locator("[role=option]").first.click()
    page.wait_for_load_state()
    assert page.url == (site_root / "brokers.zh.html").as_uri()


def test_that_nothing_is_found_is_seen(page: Any, site_root: Path) -> None:
    page.goto((site_root / "index.en.html").as_uri())
    find(page, "qqqq")
    assert page.locator("#found").inner_text().strip() == "0 found"
    page.keyboard.press("Enter")
    assert page.url == (site_root / "index.en.html").as_uri()


def test_every_two_characters_of_a_name_find_it(page: Any, site_root: Path) -> None:
    page.goto((site_root / "index.en.html").as_uri())
    find(page, "a")
    missed = page.evaluate(
        """() => {
          const rows = opened(pbgraphNames);
          const missed = [];
          for (const row of rows.filter((_, number) => number % 9 === 0))
            for (const { characters, sound } of row.forms)
              for (let at = 0; !sound && at + 1 < characters.length; at += 1) {
                const typed = characters.slice(at, at + 2).join("");
                if (plain(typed) && !search(rows, typed).some((hit) => hit.row === row)) missed.push(typed);
              }
          return missed;
        }"""
    )
    assert missed == []


def test_what_is_found_leads_on_in_the_language_of_the_page(page: Any, base: str) -> None:
    for language, name in (("zh", "窑埠村"), ("en", "Yaobu")):
        page.goto(f"{base}/questions/index.{language}.html")
        find(page, "窑埠村")
        option = page.locator("[role=option]").first
        assert option.locator(".name").first.inner_text().strip() == name
        assert "石塘镇" in option.inner_text() or "Shitang" in option.inner_text()
        assert option.locator("mark").first.inner_text() == "窑埠村"
        option.click()
        page.wait_for_load_state()
        assert page.url == f"{base}/id/hengxian-yaobu.{language}.html"


def test_the_keyboard_is_enough(page: Any, base: str) -> None:
    page.goto(f"{base}/id/hengxian.zh.html")
    box = page.locator("[role=combobox]")
    assert box.get_attribute("aria-expanded") == "false"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.role") == "combobox"
    assert box.input_value() == ""
    page.keyboard.type("cun/")
    assert box.input_value() == "cun/"
    page.wait_for_selector("[role=option]")
    assert box.get_attribute("aria-expanded") == "true"

    def active() -> str:
        return str(box.get_attribute("aria-activedescendant"))

    for key, chosen in (
        ("ArrowDown", "found-0"),
        ("ArrowDown", "found-1"),
        ("End", "found-all"),
        ("ArrowDown", "found-0"),
        ("ArrowUp", "found-all"),
        ("Home", "found-0"),
    ):
        page.keyboard.press(key)
        assert active() == chosen
        assert page.locator(f"#{chosen}").get_attribute("aria-selected") == "true"
    assert page.locator("[role=option]").count() == 13
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert not page.locator("#found").is_visible()
    box.fill("ybc")
    page.wait_for_selector("#found-0")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}/id/hengxian-yaobu.zh.html")


def test_the_index_is_loaded_when_it_is_first_needed(page: Any, site_root: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site_root / "index.zh.html").as_uri())
    assert not [address for address in asked if address.endswith("names.js")]
    find(page, "横")
    page.locator("h1").first.click()
    find(page, "县")
    assert len([address for address in asked if address.endswith("names.js")]) == 1


def test_more_than_fits_leads_to_the_list_of_names(page: Any, base: str) -> None:
    page.goto(f"{base}/id/hengxian-yaobu.en.html")
    assert len(find(page, "village")) == 13
    page.click("#found-all")
    assert page.url == f"{base}/names.en.html#q=village"
    page.wait_for_selector(".facets")
    assert "village" in page.locator("li[data-kind]:visible").first.inner_text().lower()
    assert page.locator("li[data-kind]:visible").count() < page.locator("li[data-kind]").count()


def test_the_colour_scheme_is_remembered(page: Any, base: str) -> None:
    page.goto(f"{base}/index.en.html")
    button = page.locator("button.scheme")
    assert "system" in str(button.get_attribute("aria-label"))
    button.click()
    assert "light" in str(button.get_attribute("aria-label"))
    button.click()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.goto(f"{base}/id/hengxian.zh.html")
    assert page.evaluate("document.documentElement.dataset.scheme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.locator("button.scheme").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.scheme") == "system"


def test_facets_leave_what_was_chosen_and_can_be_shared(page: Any, base: str) -> None:
    page.goto(f"{base}/names.en.html")
    every = page.locator("li[data-kind]").count()

    def shown(kind: str) -> int:
        return int(page.locator(f'li[data-kind="{kind}"]:visible').count())

    villages, counties = shown("village or community"), shown("county")
    assert villages >= 5
    page.locator(".facets summary").click()
    label = page.locator('.facets label:has(input[value="village or community"])')
    assert label.locator(".count").inner_text() == str(villages)
    label.locator("input").check()
    page.locator('.facets input[value="county"]').check()
    assert page.locator("li[data-kind]:visible").count() == villages + counties
    assert page.locator(".facets [role=status]").inner_text() == f"{villages + counties} of {every} shown"
    assert page.locator(".names-list section:visible").count() < page.locator(".names-list section").count()
    page.locator(".facets [name=q]").fill("yaobu")
    assert 1 <= page.locator("li[data-kind]:visible").count() <= 3
    shared = page.url
    page.goto("about:blank")
    page.goto(shared)
    assert page.locator(".facets [name=q]").input_value() == "yaobu"
    assert page.locator('.facets input[value="county"]').is_checked()
    assert 1 <= page.locator("li[data-kind]:visible").count() <= 3


@pytest.mark.parametrize("clipboard", [True, False])
def test_code_is_copied_with_and_without_leave_to_use_the_clipboard(browser: Any, base: str, clipboard: bool) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    if not clipboard:
        context.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page = context.new_page()
    page.goto(f"{base}/questions/poor-village-partners.en.html")
    code = page.locator("section[aria-labelledby=ask] pre.code").last.inner_text().strip()
    page.locator("section[aria-labelledby=ask] button.copy").last.click()
    page.wait_for_function("[...document.querySelectorAll('.told')].some(each => each.textContent === 'Copied')")
    other = context.new_page()
    other.goto(f"{base}/index.en.html")
    other.evaluate("document.body.append(document.createElement('textarea'))")
    other.locator("textarea").focus()
    other.keyboard.press("Control+V")
    assert other.locator("textarea").input_value() == code
    context.close()


def test_without_scripts_the_link_leads_to_the_list_and_all_is_there(browser: Any, base: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/id/nanning.zh.html")
    assert not page.locator("button.scheme").is_visible()
    page.click("a.find")
    page.wait_for_load_state()
    assert page.url == f"{base}/names.zh.html"
    assert page.locator("li[data-kind]:visible").count() == page.locator("li[data-kind]").count() >= 800
    page.click(".letters a:has-text('Y')")
    assert page.url.endswith("#Y")
    page.click("li[data-kind] a:text-is('窑埠村') >> nth=0")
    assert page.url == f"{base}/id/hengxian-yaobu.zh.html"
    context.close()


@pytest.mark.parametrize("width", [360, 1200])
def test_what_the_script_adds_fits(page: Any, site_root: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for name in ("names.zh.html", "questions/poor-village-partners.en.html"):
        page.goto((site_root / name).as_uri())
        assert len(find(page, "cun")) == 13
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box = page.locator("#found").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
