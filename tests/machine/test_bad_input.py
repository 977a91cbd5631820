"""Whatever is wrong with curated files: one line for each fault with its place, exit code 1, no traceback, nothing cascades."""

from __future__ import annotations

from pathlib import Path

import pytest

from breaking import Break, add, all_of, dangle, drop, put, run, swap, told
from small import PLACES, SECOND, VOCABULARY, small_project

WORDS, PLACES_FILE = "data/vocabularies/all.yaml", "data/places.yaml"
FIRST_FILE, SECOND_FILE = "data/articles/first.yaml", "data/articles/second.yaml"
FIGURE = '{subject: hengxian, indicator: shops, value: 3, at: 2016, passage: {1: "三"}}'

CASES: dict[str, tuple[Break, list[str]]] = {
    "nothing": (add(FIRST_FILE, "# nothing\n"), []),
    # YAML
    "broken YAML": (add(FIRST_FILE, "  - [\n"), ["data/articles/first.yaml:42:5: yaml-syntax"]),
    "tab": (swap(SECOND_FILE, "figures:\n  - ", "figures:\n\t- "), ["data/articles/second.yaml:4:1: yaml-syntax"]),
    "open quote": (swap(SECOND_FILE, '1: "横县"', '1: "横县'), ["data/articles/second.yaml:7:52: yaml-syntax"]),
    "duplicate key": (swap(SECOND_FILE, "at: article", "value: 3"), ["data/articles/second.yaml:4:74: duplicate-key"]),
    "anchor": (swap(SECOND_FILE, "subject: hengxian, ind", "subject: &h hengxian, ind"), ["data/articles/second.yaml:4:15: anchor"]),
    "empty value": (swap(PLACES_FILE, "form: village", "form:"), ["data/places.yaml:13:10: empty-value"]),
    "empty file": (put("data/none.yaml", ""), ["data/none.yaml:1:1: no-mapping"]),
    "Latin-1": (add(SECOND_FILE, "# café\n".encode("latin-1").decode("latin-1")), []),
    "list on top": (put("data/none.yaml", "- source: editors\n"), ["data/none.yaml:1:1: no-mapping"]),
    "not .yaml": (put("data/none.yml", SECOND), ["data/none.yml: file-suffix"]),
    # keys, classes, ids
    "unknown section": (swap(SECOND_FILE, "figures:", "figuers:"), ["data/articles/second.yaml:3:1: unknown-section"]),
    "unknown key": (swap(SECOND_FILE, "platform", "platfrom"), ["data/articles/second.yaml:4:43: unknown-key"]),
    "key of another class": (swap(PLACES_FILE, "form: village", "role: secretary"), ["data/places.yaml:13:5: unknown-key", f"{PLACES_FILE}:8:5: place-without-form"][:1]),
    "computed key": (swap(SECOND_FILE, "at: article", "printed: 3"), ["data/articles/second.yaml:4:74: computed-key"]),
    "unknown class": (swap(PLACES_FILE, "Township", "Townshipp"), ["data/places.yaml:7:25: unknown-type"]),
    "no class": (swap(PLACES_FILE, "type: Township, ", ""), ["data/places.yaml:7:5: no-type"]),
    "unknown ids": (
        all_of(swap(SECOND_FILE, "indicator: shops", "indicator: shop"), swap(PLACES_FILE, "partOf: hengxian", "partOf: hengxain")),
        ["data/articles/second.yaml:4:36: unknown-id", "data/places.yaml:7:73: unknown-id"],
    ),
    "no id": (swap(PLACES_FILE, "id: shitang, ", ""), ["data/places.yaml:7:5: no-id", "data/places.yaml:12:13: unknown-id"]),
    "bad id": (swap(PLACES_FILE, "id: guangxi", "id: Guangxi"), ["data/places.yaml:4:10: bad-id", "data/places.yaml:5:77: unknown-id"]),
    "duplicate id in a file": (add(PLACES_FILE, "  - {id: nanning, type: Area}\n"), ["data/places.yaml:14:5: id-twice"]),
    "duplicate id in two files": (
        swap(SECOND_FILE, "figures:", "entities:\n  - {id: yaobu, type: Company, name: {en: Y}}\nfigures:"),
        ["data/places.yaml:8:5: id-twice"],
    ),
    "wrong class of reference": (swap(FIRST_FILE, "postAt: yaobu", "postAt: fruit"), ["data/articles/first.yaml:11:64: wrong-class"]),
    "source that is none": (swap(PLACES_FILE, "source: editors", "source: yaobu"), ["data/places.yaml:1:9: wrong-class"]),
    "source nowhere": (swap(PLACES_FILE, "source: editors", "source: editor"), ["data/places.yaml:1:9: unknown-id"]),
    "no source": (swap(PLACES_FILE, "source: editors", ""), ["data/places.yaml:3:1: no-source"]),
    "one source, two files": (put("data/third.yaml", f"source: first\nfigures:\n  - {FIGURE}\n"), ["data/third.yaml:3:5: source-twice"]),
    # values
    "wrong types": (
        put(
            "data/third.yaml",
            "source: {id: third, type: NewsArticle, name: 第三篇, published: 2016/2015, language: zh, topic: hengxian, webPage: x}\n"
            "figures: {}\nrelations:\n  - yaobu\n  - {subject: {who: villages, number: 三家}, relation: [[grows]], object: {en: x}}\n",
        ),
        [
            *("data/third.yaml:1:46: text-without-language", "data/third.yaml:1:62: date-reversed", "data/third.yaml:1:115: bad-address"),
            *("data/third.yaml:2:10: not-a-list", "data/third.yaml:4:5: not-a-record"),
            *("data/third.yaml:5:39: amount-counter-unexpected", "data/third.yaml:5:55: list-in-list", "data/third.yaml:5:74: unknown-key"),
        ],
    ),
    "no passage": (swap(SECOND_FILE, ', at: article, passage: {1: "横县340余家"}', ", at: article"), ["data/articles/second.yaml:4:5: claim-without-passage"]),
    "empty passage": (swap(SECOND_FILE, '{1: "横县340余家"}', "[]"), ["data/articles/second.yaml:4:5: claim-without-passage"]),
    "blank quote": (swap(SECOND_FILE, '{1: "横县340余家"}', '{1: ""}'), ["data/articles/second.yaml:4:100: quote-blank"]),
    "long quote": (swap(SECOND_FILE, '"横县340余家"', f'"{"字" * 31}"'), ["data/articles/second.yaml:4:100: quote-too-long"]),
    "same claim twice": (add(FIRST_FILE, '  - {subject: yaobu, printedAs: 窑埠村, passage: {9: "村"}}\n'), ["data/articles/first.yaml:42:5: claim-twice"]),
    # nothing cascades
    "unreadable vocabulary": (swap(WORDS, "entities:", "entities: ["), ["data/vocabularies/all.yaml:7:3: yaml-syntax"]),
    "unreadable places": (put(PLACES_FILE, PLACES + "\t- [\n"), ["data/places.yaml:14:1: yaml-syntax"]),
    "places in UTF-16": (put(PLACES_FILE, PLACES.encode("utf-16")), ["data/places.yaml:1:1: not-utf8"]),
    "places in GB 18030": (put(PLACES_FILE, PLACES.encode("gb18030")), ["data/places.yaml:4:45: not-utf8"]),
    "link to nowhere": (dangle(PLACES_FILE), ["data/places.yaml: unreadable-file"]),
    "vocabulary linked to nowhere": (dangle(WORDS), ["data/vocabularies/all.yaml: unreadable-file"]),
    "unreadable files and faults elsewhere": (
        all_of(dangle(PLACES_FILE), put(WORDS, VOCABULARY + "- ["), swap(FIRST_FILE, "platform", "platfrom"), swap(SECOND_FILE, "article,", "articel,")),
        [
            *("data/articles/first.yaml:21:43: unknown-key", "data/articles/second.yaml:4:78: date-unreadable"),
            *("data/places.yaml: unreadable-file", "data/vocabularies/all.yaml:26:1: yaml-syntax"),
        ],
    ),
    "no data": (drop("data"), ["data: no-data"]),
    "empty data folder": (all_of(drop("data"), put("data/.hidden/x.yaml", "a: b")), ["data: no-data"]),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_told_where_it_stands(name: str, tmp_path: Path) -> None:
    change, expected = CASES[name]
    change(folder := small_project(tmp_path / "p"))
    result = run(folder, "check")
    assert told(result) == expected
    assert result.exit_code == (1 if expected else 0)
    assert [line.split(": ")[-1] for line in result.stdout.splitlines()] == [f"{len(expected)} errors, 0 warnings"]
