"""Whatever is wrong with curated files: one line for each fault with its place, exit code 1, no traceback, nothing cascades."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from breaking import Break, add, all_of, dangle, drop, put, run, swap, told
from pbgraph.cli import main
from small import CHECKED, ONTOLOGY, PLACES, SECOND, VOCABULARY, small_project

WORDS, PLACES_FILE = "data/vocabularies/all.yaml", "data/places.yaml"
FIRST_FILE, SECOND_FILE = "data/articles/first.yaml", "data/articles/second.yaml"
FIGURE = '{subject: hengxian, indicator: shops, value: 3, at: 2016, passage: {1: "三"}}'

UNUSED = "data/vocabularies/all.yaml:{}:5: unused-entity"
"""A warning: what was not taken in does not refer to the word."""

CASES: dict[str, tuple[Break, list[str]]] = {
    "nothing": (add(FIRST_FILE, "# nothing\n"), []),
    # YAML
    "broken YAML": (add(FIRST_FILE, "  - [\n"), ["data/articles/first.yaml:48:1: yaml-syntax"]),
    "tab": (swap(SECOND_FILE, "figures:\n  - ", "figures:\n\t- "), ["data/articles/second.yaml:4:1: tab-indentation"]),
    "open quote": (swap(SECOND_FILE, '1: "横县"', '1: "横县'), ["data/articles/second.yaml:7:53: quote-left-open"]),
    "duplicate key": (swap(SECOND_FILE, "at: article", "value: 3"), ["data/articles/second.yaml:4:75: duplicate-key"]),
    "anchor": (
        swap(SECOND_FILE, "subject: hengxian, ind", "subject: &h hengxian, ind"),
        ["data/articles/second.yaml:4:15: anchor"],
    ),
    "empty value": (swap(PLACES_FILE, "form: village", "form:"), ["data/places.yaml:13:10: empty-value"]),
    "empty file": (put("data/none.yaml", ""), ["data/none.yaml:1:1: no-mapping"]),
    "Latin-1": (put("data/none.yaml", "# café\n".encode("latin-1")), ["data/none.yaml:1:6: not-utf8"]),
    "list on top": (put("data/none.yaml", "- source: editors\n"), ["data/none.yaml:1:1: no-mapping"]),
    "not .yaml": (put("data/none.yml", SECOND), ["data/none.yml: file-suffix"]),
    # keys, classes, ids
    "unknown section": (swap(SECOND_FILE, "figures:", "figuers:"), ["data/articles/second.yaml:3:1: unknown-section"]),
    "unknown key": (swap(SECOND_FILE, "platform", "platfrom"), ["data/articles/second.yaml:4:43: unknown-key"]),
    "key of another class": (
        swap(PLACES_FILE, "form: village", "role: village"),
        ["data/places.yaml:13:5: unknown-key", UNUSED.format(25)],
    ),
    "several keys in one": (
        swap(FIRST_FILE, "unstated: [at]", "unstated: at、from"),
        ["data/articles/first.yaml:27:15: list-without-brackets"],
    ),
    "computed key": (swap(SECOND_FILE, "at: article", "printed: 3"), ["data/articles/second.yaml:4:75: computed-key"]),
    "unknown class": (swap(PLACES_FILE, "Township", "Townshipp"), ["data/places.yaml:7:25: unknown-type"]),
    "no class": (swap(PLACES_FILE, "type: Township, ", ""), ["data/places.yaml:7:5: no-type"]),
    "unknown ids": (
        all_of(
            swap(SECOND_FILE, "indicator: shops", "indicator: shop"), swap(PLACES_FILE, "partOf: hengxian", "partOf: hengxain")
        ),
        ["data/articles/second.yaml:4:36: unknown-id", "data/places.yaml:7:73: unknown-id"],
    ),
    "no id": (
        swap(PLACES_FILE, "id: shitang, ", ""),
        ["data/places.yaml:7:5: no-id", "data/places.yaml:12:13: unknown-id", UNUSED.format(24)],
    ),
    "bad id": (
        swap(PLACES_FILE, "id: guangxi", "id: Guangxi"),
        ["data/places.yaml:4:10: bad-id", "data/places.yaml:5:75: unknown-id", UNUSED.format(21)],
    ),
    "duplicate id in a file": (
        add(PLACES_FILE, "  - {id: nanning, type: Area}\n"),
        ["data/places.yaml:5:5: id-twice", "data/places.yaml:14:5: id-twice"],
    ),
    "duplicate id in two files": (
        swap(SECOND_FILE, "figures:", "entities:\n  - {id: yaobu, type: Company, name: {en: Y}}\nfigures:"),
        ["data/articles/second.yaml:4:5: id-twice", "data/places.yaml:8:5: id-twice"],
    ),
    "wrong class of reference": (
        swap(FIRST_FILE, "postAt: yaobu", "postAt: fruit"),
        ["data/articles/first.yaml:11:64: wrong-class"],
    ),
    "source that is none": (swap(PLACES_FILE, "source: editors", "source: yaobu"), ["data/places.yaml:1:9: wrong-class"]),
    "source nowhere": (swap(PLACES_FILE, "source: editors", "source: editor"), ["data/places.yaml:1:9: unknown-id"]),
    "no source": (swap(PLACES_FILE, "source: editors", ""), ["data/places.yaml:3:1: no-source"]),
    "one source, two files": (
        put("data/third.yaml", f"source: first\nfigures:\n  - {FIGURE}\n"),
        ["data/third.yaml:3:5: source-twice"],
    ),
    # values
    "wrong types": (
        put(
            "data/third.yaml",
            "source: {id: third, type: NewsArticle, name: 三, published: 2016/2015, language: zh, topic: nanning, webPage: x}\n"
            "figures: {}\nrelations:\n  - yaobu\n"
            "  - {subject: {who: villages, number: 几箱}, relation: [[grows]], object: {en: x}}\n",
        ),
        [
            *(
                "data/third.yaml:1:46: text-without-language",
                "data/third.yaml:1:60: date-reversed",
                "data/third.yaml:1:110: bad-address",
            ),
            *("data/third.yaml:2:10: not-a-list", "data/third.yaml:4:5: not-a-record"),
            *(
                "data/third.yaml:5:39: amount-without-number",
                "data/third.yaml:5:55: list-in-list",
                "data/third.yaml:5:74: unknown-key",
            ),
        ],
    ),
    "no passage": (
        swap(SECOND_FILE, ', at: article, passage: {1: "横县340余家"}', ", at: article"),
        ["data/articles/second.yaml:4:5: claim-without-passage"],
    ),
    "empty passage": (swap(SECOND_FILE, '{1: "横县340余家"}', "[]"), ["data/articles/second.yaml:4:5: claim-without-passage"]),
    "blank quote": (swap(SECOND_FILE, '{1: "横县340余家"}', '{1: ""}'), ["data/articles/second.yaml:4:101: quote-blank"]),
    "long quote": (swap(SECOND_FILE, '"横县340余家"', f'"{"字" * 31}"'), ["data/articles/second.yaml:4:101: quote-too-long"]),
    "same claim twice": (
        add(FIRST_FILE, '  - {subject: yaobu, printedAs: 窑埠村, passage: {9: "村"}}\n'),
        ["data/articles/first.yaml:47:5: claim-twice"],
    ),
    # nothing cascades
    "unreadable vocabulary": (swap(WORDS, "entities:", "entities: ["), ["data/vocabularies/all.yaml:7:3: yaml-syntax"]),
    "unknown unit": (
        swap(SECOND_FILE, "value: 340余家", "unit: boxes, value: 340余箱"),
        ["data/articles/second.yaml:4:67: unknown-id"],
    ),
    "unreadable places": (put(PLACES_FILE, PLACES + "\t- [\n"), ["data/places.yaml:14:1: tab-indentation"]),
    "unknown section of figures": (swap(FIRST_FILE, "figures:", "figure:"), ["data/articles/first.yaml:20:1: unknown-section"]),
    "unknown section of entities": (swap(PLACES_FILE, "entities:", "entity:"), ["data/places.yaml:3:1: unknown-section"]),
    "unknown section of words": (swap(WORDS, "entities:", "entity:"), ["data/vocabularies/all.yaml:6:1: unknown-section"]),
    "section that is no list": (
        put(PLACES_FILE, "source: editors\n\nentities:\n  hengxian: {type: County}\n  yaobu: {type: Village}\n"),
        ["data/places.yaml:4:3: not-a-list"],
    ),
    "places in UTF-16": (put(PLACES_FILE, PLACES.encode("utf-16")), ["data/places.yaml:1:1: not-utf8"]),
    "places in GB 18030": (put(PLACES_FILE, PLACES.encode("gb18030")), ["data/places.yaml:4:46: not-utf8"]),
    "link to nowhere": (dangle(PLACES_FILE), ["data/places.yaml: unreadable-file"]),
    "vocabulary linked to nowhere": (dangle(WORDS), ["data/vocabularies/all.yaml: unreadable-file"]),
    "unreadable files and faults elsewhere": (
        all_of(
            dangle(PLACES_FILE),
            put(WORDS, VOCABULARY + "- ["),
            swap(FIRST_FILE, "platform", "platfrom"),
            swap(SECOND_FILE, "article,", "articel,"),
        ),
        [
            *("data/articles/first.yaml:21:43: unknown-key", "data/articles/second.yaml:4:79: date-unreadable"),
            *("data/places.yaml: unreadable-file", "data/vocabularies/all.yaml:26:1: yaml-syntax"),
        ],
    ),
    "no data": (drop("data"), ["data: no-data"]),
    "empty data folder": (all_of(drop("data"), put("data/.hidden/x.yaml", "a: b")), ["data: no-data"]),
}


BY_SHAPES = {"no passage", "empty passage", "blank quote", "long quote"}
CASCADING = {
    *("nothing", "key of another class", "unknown class", "unknown ids", "no id", "bad id", "duplicate id in a file"),
    *("duplicate id in two files", "wrong class of reference", "wrong types", "unreadable vocabulary", "unreadable places"),
    *("unknown section of figures", "unknown section of entities", "unknown section of words", "section that is no list"),
    *("link to nowhere", "vocabulary linked to nowhere", "unreadable files and faults elsewhere"),
}
"""Where shapes and checks might find more if they did not keep silent about what is wrong anyway."""


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_told_where_it_stands(name: str, tmp_path: Path) -> None:
    change, expected = CASES[name]
    change(folder := small_project(tmp_path / "p", CHECKED if name in BY_SHAPES | CASCADING else ONTOLOGY))
    result = run(folder, "check")
    assert told(result) == expected
    assert result.exit_code == (1 if expected else 0)
    warnings = sum("unused-entity" in line for line in expected)
    assert re.search(f" {len(expected) - warnings} errors?, {warnings} warnings?$", result.stdout.splitlines()[0])
    assert len(result.stdout.splitlines()) == 1


def test_all_faults_of_all_files_come_at_once_in_order_of_place(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p")
    for change in ("key of another class", "duplicate key", "no class", "duplicate id in a file", "empty file", "wrong types"):
        CASES[change][0](folder)
    lines = told(run(folder, "check"))
    places = [(file, *map(int, place)) for file, *place in (line.split(": ")[0].split(":") for line in lines)]
    assert places == sorted(places)
    assert len(lines) == len(set(lines)) >= 12
    assert {place[0] for place in places} >= {SECOND_FILE, PLACES_FILE, "data/none.yaml", "data/third.yaml"}


SUGGESTIONS = [
    (swap(SECOND_FILE, "platform", "platfrom"), "Did you mean platform?", "是否想写 platform？"),
    (
        swap(SECOND_FILE, "platform", "横"),
        "It takes: at, certainty, channel, ",
        "可用的键有：at, certainty",
    ),
    (swap(SECOND_FILE, "indicator: shops", "indicator: shop"), "Did you mean shops?", "是否想写 shops？"),
    (swap(SECOND_FILE, "indicator: shops", "indicator: qqq"), "Write an entry with this id", "请补写这个 id 的条目"),
    (
        swap(SECOND_FILE, "at: article,", "at: article, period: yaob,"),
        "refer to one that is there: item, ratio, year, yuan.",
        "或引用已有的条目：item",
    ),
    (swap(PLACES_FILE, "source: editors", "source: frist"), "Did you mean first?", "是否想写 first？"),
    # The id of an article is not what a statement is about.
    (
        swap(SECOND_FILE, "{subject: hengxian, printedAs", "{subject: secund, printedAs"),
        "`secund`. Write an entry with this id, or refer to one that is there: city, ",
        "请补写这个 id 的条目，或引用已有的条目：city",
    ),
    (
        swap(SECOND_FILE, "indicator: shops", "indicator: taobao"),
        "`taobao` is a Platform. It must be one of: Indicator.",
        "“taobao”是 Platform。应为：Indicator。",
    ),
    (
        swap(FIRST_FILE, "postAt: yaobu", "postAt: fruit"),
        "`fruit` is a Product. It must be one of: Organization, Place.",
        "“fruit”是 Product。应为：Organization, Place。",
    ),
    (CASES["duplicate id in a file"][0], "`nanning` is taken: data/places.yaml:14:5.", "data/places.yaml:14:5。"),
    (swap(SECOND_FILE, "mentions:", "mention:"), "Did you mean mentions?", "是否想写 mentions？"),
    (swap(SECOND_FILE, "mentions:", "提及:"), "Sections are: designations, entities, ", "可用的部分有：designations"),
    (swap(PLACES_FILE, "Township", "Townshp"), "Did you mean Township?", "是否想写 Township？"),
    (swap(PLACES_FILE, "Township", "镇"), "These may stand here: Area, ", "此处可用的类有：Area"),
    (swap(SECOND_FILE, "at: article", "modality: sure"), "Write one of: capacity, expected, ", "请从中选一：capacity, expected"),
]


@pytest.mark.parametrize(("change", "english", "chinese"), SUGGESTIONS)
def test_what_to_write_instead_is_told_in_both_languages(change: Break, english: str, chinese: str, tmp_path: Path) -> None:
    change(folder := small_project(tmp_path / "p", ONTOLOGY))
    assert english in run(folder, "check").stderr
    assert chinese in CliRunner().invoke(main, ["--project", str(folder), "check"], env={"LC_ALL": "zh_CN.UTF-8"}).stderr


HOSTILE = '"a\\nb: c\\r\\td {x} {} %s \\\\ é' + "横" * 900 + '"'
RECORDS = [
    f"{{id: x, type: {HOSTILE}, form: village}}",
    f"{{id: {HOSTILE}, type: Area, form: village}}",
    f"{{id: x, type: Area, form: {HOSTILE}}}",
    f"{{id: x, type: Area, form: village, name: {HOSTILE}}}",
    f"{{id: x, type: Area, form: village, {HOSTILE}: x}}",
    f"{{id: x, type: Area, form: village, naming: [{{until: {HOSTILE}}}]}}",
]


@pytest.mark.parametrize("record", RECORDS, ids=range(len(RECORDS)))
def test_a_message_is_one_short_line_whatever_was_typed(record: str, tmp_path: Path) -> None:
    put("data/more.yaml", f"source: editors\nentities:\n  - {record}\n")(folder := small_project(tmp_path / "p", ONTOLOGY))
    result = run(folder, "check")
    assert {line.split(":")[0] for line in told(result)} >= {"data/more.yaml"}
    assert max(map(len, result.stderr.splitlines())) < 1000
