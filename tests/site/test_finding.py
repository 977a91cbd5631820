"""Finding: the index of names, how names are read, the lists that serve without scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from html_pages import Page, words
from pbgraph import records
from pbgraph.addresses import Addresses
from pbgraph.checks import Checked
from pbgraph.labels import Labels
from pbgraph.problems import Refused
from pbgraph.project import Project
from pbgraph.romanizing import Readings, parted
from pbgraph.scripts import simplified, traditional, traditional_characters
from pbgraph.sites import Site

ASSETS = ROOT / "site" / "assets"


def site(project: Project, checked: Checked) -> Site:
    return Site(project, checked.graph, Labels(checked.graph, project.languages), Addresses(project.base, {}), {})


@pytest.fixture(scope="module")
def index(site_root: Path) -> dict[str, Any]:
    """The index of names as the pages' script gets it."""
    text = (site_root / "assets" / "names.js").read_text(encoding="utf-8")
    found = re.fullmatch(r"globalThis\.pbgraphNames=(\{.*\});\n", text)
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


@pytest.fixture(scope="module")
def readings(project: Project, checked: Checked) -> Readings:
    return site(project, checked).readings


@pytest.mark.parametrize("script", ["site.js", "facets.js", "alike.js", "copying.js"])
def test_a_script_is_small(script: str) -> None:
    assert len((ASSETS / script).read_bytes()) < 10_000


def test_everything_with_a_page_of_its_own_is_in_the_index(index: dict[str, Any], pages: Mapping[str, Page]) -> None:
    listed = {f"{index['kinds'][kind][1]}/{slug}".lstrip("/") for slug, kind, *_ in index["rows"]}
    stems = {path.removesuffix(".zh.html") for path in pages if path.endswith(".zh.html")}
    folders = ("id/", "questions/", "ontology/terms/", "ontology/classes/")
    # Pages of more of the same, all claims on a thing or a question asked of another one, are reached from the first.
    own = {stem for stem in stems if "." not in stem and stem.startswith(folders)}
    assert own <= listed <= stems
    overviews = {"brokers", "compare", "conflicts", "downloads", "sources", "tree", "networks/index", "networks/pairings"}
    assert overviews <= listed - own
    assert len(listed) >= 800


def test_the_index_is_small(site_root: Path, index: dict[str, Any]) -> None:
    size = (site_root / "assets" / "names.js").stat().st_size
    assert size < 10_000 + 90 * len(index["rows"])


def test_a_row_tells_names_in_both_languages_others_and_what_it_is_within(index: dict[str, Any]) -> None:
    rows = {slug: row for slug, *row in index["rows"]}
    kind, within, zh, en, *further = rows["hengxian"]
    assert (zh, en) == ("横县", "Hengxian")
    assert index["rows"][within - 1][0] == "nanning"
    assert index["kinds"][kind] == ["dotted kind-County", "id", "县级行政区", "county"]
    assert {"横州市", "Hengzhou", "450127", "450181"} <= set(further), "its codes, too"
    assert "瑶埠村委会" in rows["hengxian-yaobu"], "and how a list writes it"
    assert not [name for name in further if simplified(name) == "横县"]


def test_a_reading_stands_in_a_row_only_where_the_table_has_another(index: dict[str, Any]) -> None:
    readings = {character: syllable for syllable, each in index["pinyin"].items() for character in each}
    assert readings["窑"] == "yao"
    rows = {slug: row for slug, *row in index["rows"]}
    # 校 is jiao here by what the data state, and xiao in 院校.
    told = [name for row in index["rows"] for name in row[3:] if "校" in name]
    assert {name.partition("\t")[0] for name in told if "\t" in name} ^ {name for name in told if "\t" not in name}
    assert len({readings["校"], *(name.partition("\t")[2] for name in told)}) > 1
    assert rows["hengxian-yaobu"][2] == "窑埠村"


def test_the_table_of_scripts_is_that_of_the_characters_that_occur(index: dict[str, Any]) -> None:
    pairs = dict(zip(index["hant"][::2], index["hant"][1::2], strict=True))
    assert (pairs["橫"], pairs["縣"], pairs["莊"]) == ("横", "县", "庄")
    used = set("".join(simplified(name) for row in index["rows"] for name in row[3:]))
    assert set(pairs.values()) <= used
    assert len(traditional_characters()) > 3000


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("窑埠村", "Yáobù Cūn"),
        ("窯埠村", "Yáobù Cūn"),
        ("横县", "Héngxiàn"),
        ("横州市", "Héngzhōu Shì"),
        ("校椅镇", "Jiàoyǐ Zhèn"),
        ("农村淘宝校椅服务站", "Nóng cūn táo bǎo jiào yǐ fú wù zhàn"),
        ("广西壮族自治区", "Guǎngxī Zhuàngzú Zìzhìqū"),
        ("十里堡社区", "Shílǐbǎo Shèqū"),
        ("大興鎮", "Dàxīng Zhèn"),
        ("西安市", "Xī’ān Shì"),
        ("村", "Cūn"),
        ("淘宝", "Táobǎo"),
        ("百香果", "Bǎi xiāng guǒ"),
        ("3A级景区", "3A jí jǐng qū"),
        ("中国(临沂)花木博览城", "Zhōng guó (lín yí) huā mù bó lǎn chéng"),
        ("Taobao", "Taobao"),
        ("㐂㐃村", "㐂㐃 Cūn"),  # of which no reading is known
        ("", ""),
    ],
)
def test_a_name_is_read_as_names_are_written_in_pinyin(readings: Readings, name: str, read: str) -> None:
    assert readings.pinyin(name) == read


def test_stated_pinyin_is_told_apart_by_the_readings_characters_may_have() -> None:
    assert parted("校椅镇", "Jiàoyǐ Zhèn") == ("jiào", "yǐ", "zhèn")
    assert parted("西安", "Xī’ān") == ("xī", "ān")
    assert parted("横县", "Yáobù") == ()


def test_a_name_is_turned_into_traditional_characters_by_words() -> None:
    assert (traditional("横县"), traditional("干部学院"), traditional("Taobao")) == ("橫縣", "幹部學院", "Taobao")


def test_every_word_with_a_reading_is_in_a_name(project: Project, index: dict[str, Any]) -> None:
    read = records.read((ROOT / "site" / "pinyin.yaml").read_bytes(), "pinyin.yaml")
    assert isinstance(read, records.Mapping)
    told = records.plain(read)
    names = "\n".join(simplified(name) for row in index["rows"] for name in row[3:])
    assert [word for word in told["words"] if word not in names] == []
    assert list(told["words"]) == sorted(told["words"])


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("words:\n  横县: héng xiàn\n  窑埠: yáo\n", "窑埠"),
        ("words: [窑埠]\n", "words"),
        ("endings: 村\n", "endings"),
        ("endings: [{村: cūn}]\n", "endings"),
        ("word: {窑埠: yáo bù}\n", "word"),
    ],
)
def test_a_table_of_readings_that_does_not_fit_is_refused(
    project: Project, checked: Checked, tmp_path: Path, text: str, wrong: str
) -> None:
    (tmp_path / "pinyin.yaml").write_text(f"# How it is read.\n{text}", encoding="utf-8")
    broken = replace(project, paths={**project.paths, "site": (tmp_path,)})
    with pytest.raises(Refused, match=rf"pinyin\.yaml:2:1: view: .*`{wrong}` does not fit"):
        _ = site(broken, checked).readings


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_of_names_has_every_name_of_the_language(
    site_root: Path, index: dict[str, Any], pages: Mapping[str, Page], language: str
) -> None:
    page = pages[f"names.{language}.html"]
    items = [each for each in page.elements if each.tag == "li" and "data-kind" in each.attrib]
    shown = {words(next(each for each in item if each.tag == "a")) for item in items}
    place = 3 + index["languages"].index(language)
    kinds = [kind[2 + place - 3] for kind in index["kinds"]]
    overviews = {"页面", "网络", "page", "network"}
    labels = {(row[place] or row[3]).partition("\t")[0] for row in index["rows"] if kinds[row[1]] not in overviews}
    assert labels <= shown
    assert ({"横州市"} if language == "zh" else {"Hengzhou"}) <= shown
    assert (site_root / page.path).stat().st_size <= 150_000


def test_the_list_of_names_is_in_the_order_of_its_letters(pages: Mapping[str, Page]) -> None:
    for language in ("zh", "en"):
        page = pages[f"names.{language}.html"]
        letters = [words(each) for each in page.elements if each.tag == "h2"]
        assert letters[:-1] == sorted(letters[:-1])
        assert letters[-1] == "#"
        jumps = [each.attrib["href"] for each in page.elements if each.tag == "a" and each.attrib["href"].startswith("#")]
        assert [jump for jump in jumps if len(jump) == 2] == [f"#{letter}" for letter in letters[:-1]]


def test_a_name_no_longer_in_use_leads_to_the_one_that_is(pages: Mapping[str, Page]) -> None:
    page = pages["names.zh.html"]
    items = {words(item): item for item in page.elements if item.tag == "li" and "data-kind" in item.attrib}
    (old,) = [item for text, item in items.items() if text.startswith("横州市")]
    assert "即横县" in words(old)
    assert next(each for each in old if each.tag == "a").attrib["href"] == "id/hengxian.zh.html"


def test_every_page_leads_to_the_list_of_names(pages: Mapping[str, Page]) -> None:
    for page in pages.values():
        if page.path not in ("index.html", "404.html"):
            links = [each for each in page.elements if each.attrib.get("class") == "find"]
            assert len(links) == 1, page.path
            assert links[0].attrib["href"].endswith(f"names.{page.tree.attrib['lang']}.html")
