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


OF_NAMES = """([names, typed]) => {
  const syllables = "zhong重 qing庆 shan山 ao奥袄 bao包 gao高 zi子 yun运 lu绿 zhou洲 cun村".match(/[a-z]+|[^a-z ]+/g);
  const pinyin = {};
  while (syllables.length) pinyin[syllables.shift()] = syllables.shift();
  const [languages, kinds, hant] = [["zh", "en"], [["kind", "id", "村", "village"]], "慶庆"];
  const rows = names.map((name, number) => [`n${number}`, 0, 0, "", name]);
  return WAY(opened({ languages, kinds, pinyin, hant, rows }), typed).map((hit) => hit.row.label.join(""));
}"""
"""What is found among names, in order, by a WAY of looking: `search`, or `alike`."""


@pytest.mark.parametrize(
    ("names", "typed", "found"),
    [
        (["Yaobu", "Yao Bu", "Bukitang", "Buki", "Bu"], "bu", ["Bu", "Buki", "Bukitang", "Yao Bu", "Yaobu"]),
        (["高", "包子", "包袄", "奥运"], "ao", ["奥运", "包袄", "高", "包子"]),
        (["重庆\tchong qing", "重山"], "chongqing", ["重庆"]),
        (["重庆\tchong qing", "重山"], "zhong", ["重山"]),
        (["重庆\tchong qing"], "重慶", ["重庆"]),
        (["绿洲"], "lvzhou", ["绿洲"]),
        (["Yao Bu", "Bu"], "yao qqq", []),
        (["Yao Bu", "Bu"], "qqq bu", []),
        (["Yao Bu", "Bu"], "bu village", ["Bu", "Yao Bu"]),
        (["+++", "Bu"], " +++ ", ["+++"]),
        (["Bu"], "  ", []),
    ],
)
def test_names_are_found_in_order(page: Any, site_root: Path, names: list[str], typed: str, found: list[str]) -> None:
    page.goto((site_root / "index.en.html").as_uri())
    assert page.evaluate(OF_NAMES.replace("WAY", "search"), [names, typed]) == found


@pytest.mark.parametrize(
    ("names", "typed", "offered"),
    [
        (["Buki"], "buka", []),
        (["Bukit"], "bukat", ["Bukit"]),
        (["Bukitang", "Bukitan"], "bukatan", ["Bukitan"]),
        (["Bukitanga", "Bukitang"], "bukatangi", ["Bukitang", "Bukitanga"]),
        (["Bukit"], "ubkit", ["Bukit"]),
        (["Bukit"], "bukitt", ["Bukit"]),
        (["Bukit"], "buxkit", ["Bukit"]),
        (["Bukit"], "buit", []),
        (["Bukits"], "buits", ["Bukits"]),
        (["绿洲村"], "绿州村", ["绿洲村"]),
        (["绿洲"], "绿州", []),
        (["绿洲村"], "lvzhucun", ["绿洲村"]),
        (["绿洲村山子"], "lzcsx", []),
        ([f"Bukit{letter}" for letter in "abcdefghijklmn"], "bukit", [f"Bukit{letter}" for letter in "abcdefghijkl"]),
    ],
)
def test_names_alike_differ_by_few_slips(page: Any, site_root: Path, names: list[str], typed: str, offered: list[str]) -> None:
    page.goto((site_root / "index.en.html").as_uri())
    page.add_script_tag(url=(site_root / "assets" / "alike.js").as_uri())
    assert page.evaluate(OF_NAMES.replace("WAY", "alike"), [names, typed]) == offered


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


def test_keys_leave_what_is_typed_and_other_keys_alone(page: Any, site_root: Path) -> None:
    page.goto((site_root / "id" / "hengxian.zh.html").as_uri())
    page.keyboard.press("Control+/")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    box = page.locator("[role=combobox]")
    assert len(find(page, "cun")) == 13
    page.keyboard.press("Home")
    page.keyboard.type("y")
    assert box.input_value() == "ycun"
    box.fill("cun")
    box.dispatch_event("keydown", {"key": "ArrowDown", "isComposing": True})
    assert page.locator("[aria-selected=true]").count() == 0
    for _ in range(3):
        page.keyboard.press("ArrowDown")
        assert page.locator("[aria-selected=true]").count() == 1
    page.keyboard.press("Tab")
    assert not page.locator("#found").is_visible()
    assert page.locator("[aria-selected=true]").count() == 0


def test_what_is_found_is_counted_and_told(page: Any, site_root: Path) -> None:
    page.goto((site_root / "id" / "hengxian-yaobu.en.html").as_uri())
    assert find(page, "Yaobu Village")[0] == "hengxian-yaobu"
    names = page.locator("[role=option]").first.locator(".name").all_inner_texts()
    assert [name.strip() for name in names[:2]] == ["Yaobu", "窑埠村"]
    find(page, "village")
    many = page.evaluate("search(opened(pbgraphNames), 'village').length")
    assert str(many - 12) in page.locator("#found-all").inner_text()
    assert page.locator(".told").inner_text() == f"{many} found"


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


def test_a_colour_scheme_that_cannot_be_remembered_lasts_for_the_page(page: Any, base: str) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } })")
    page.goto(f"{base}/index.en.html")
    for scheme in ("light", "dark", "system"):
        page.locator("button.scheme").click()
        assert page.evaluate("document.documentElement.dataset.scheme") == scheme
        assert scheme in page.locator(".told").inner_text()


def test_facets_are_ordered_and_follow_the_address(page: Any, base: str) -> None:
    page.goto(f"{base}/names.en.html")
    counts = [int(each) for each in page.locator(".facets .count").all_text_contents()]
    assert len(counts) > 8
    assert counts == sorted(counts, reverse=True)
    page.evaluate("window.stayed = true")
    page.locator(".facets [name=q]").fill("yaobu qqq")
    page.keyboard.press("Enter")
    assert page.locator("li[data-kind]:visible").count() == 0
    assert page.evaluate("window.stayed")
    page.evaluate("location.hash = 'q=yaobu&kind=county'")
    page.wait_for_function("document.querySelector('.facets [name=q]').value === 'yaobu'")
    assert page.locator('.facets input[value="county"]').is_visible()
    assert page.locator('.facets input[value="county"]').is_checked()
    assert page.locator(".facets details").get_attribute("open") is not None  # something is chosen in it


def test_facets_are_shown_that_tell_apart_and_open_where_they_are_short(page: Any, base: str) -> None:
    page.goto(f"{base}/kind/PartyBody.en.html")
    details = page.locator(".facets details")
    assert sorted(details.locator("summary").all_inner_texts()) == ["Kind", "Within"]
    assert all(each.get_attribute("open") is not None for each in details.all())
    page.goto(f"{base}/names.en.html")
    assert page.locator(".facets details").get_attribute("open") is None
    page.goto(f"{base}/kind/DesignationKind.en.html")  # all of one kind
    page.locator(".facets [name=q]").fill("poor")
    assert 1 <= page.locator("li[data-kind]:visible").count() < page.locator("li[data-kind]").count()
    assert page.locator(".facets details").count() == 0


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
