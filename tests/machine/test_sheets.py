"""Tables at the door: rows of a CSV are records like those typed, checked like them, and told by their place in the CSV."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breaking import run
from mapped import FILE, GRAPH, setting
from pbgraph import checks, editing, mapping, records, sheets, verdicts
from pbgraph import project as projects
from pbgraph.cache import Cache
from pbgraph.problems import Problem, catalogue
from pbgraph.records import Mapping, Node, Scalar, Sequence
from small import ROOT, show_own, small_project

LIST = """\
source:
  id: towns-2017
  type: List
  name: {zh: 乡镇名录, en: list of towns}
  published: 2017
  language: zh
"""
TABLE = (
    LIST
    + """
table:
  file: towns.csv
  entities: {id: $id, type: Township, name: {zh: $zh, en: "${in English}"}, partOf: hengxian, form: town}
  figures:
    - {subject: $id, indicator: shops, value: $shops, at: $year, passage: {$line: $shops}}
    - {subject: $id, indicator: sales, value: "${sales}元", at: $year, passage: {$line: $sales}}
"""
)
TOWNS = """\
id,zh,in English,shops,sales,year
taiping,太平镇,Taiping,12家,3000万,2016
xinjie,"新街镇","Xinjie, north",,"1,2亿",2016
"""


def project(tmp_path: Path, table: str = TABLE, towns: str | bytes = TOWNS) -> Path:
    folder = small_project(tmp_path / "project")
    lists = folder / "data" / "lists"
    lists.mkdir()
    (lists / "towns.yaml").write_text(table, encoding="utf-8")
    (lists / "towns.csv").write_bytes(towns if isinstance(towns, bytes) else towns.encode())
    return folder


def found(folder: Path) -> list[str]:
    """The errors in the table and its data file, as file:line:col: code."""
    listed = json.loads(run(folder, "check", "--format", "json").stdout)
    errors = [each for each in listed if each["severity"] == "error" and "lists/" in each["file"]]
    return [f"{each['file']}:{each['line']}:{each['column']}: {each['code']}" for each in errors]


def test_rows_are_the_records_that_one_would_type(tmp_path: Path) -> None:
    typed = (
        LIST
        + """
entities:
  - {id: taiping, type: Township, name: {zh: 太平镇, en: Taiping}, partOf: hengxian, form: town}
  - {id: xinjie, type: Township, name: {zh: 新街镇, en: "Xinjie, north"}, partOf: hengxian, form: town}
figures:
  - {subject: taiping, indicator: shops, value: 12家, at: 2016, passage: {2: "12家"}}
  - {subject: taiping, indicator: sales, value: 3000万元, at: 2016, passage: {2: "3000万"}}
  - {subject: xinjie, indicator: sales, value: 1.2亿元, at: 2016, passage: {3: "1.2亿"}}
"""
    )
    towns = TOWNS.replace('"1,2亿"', "1.2亿")
    ours = checks.check(projects.load(project(tmp_path / "table", towns=towns)))
    theirs = checks.check(projects.load(project(tmp_path / "typed", typed)))
    assert ours.errors == theirs.errors == ()
    assert ours.graph.lines() == theirs.graph.lines()
    assert any("claim/towns-2017." in line for line in ours.graph.lines())


@pytest.mark.parametrize(
    ("towns", "places"),
    [
        (TOWNS, ["data/lists/towns.csv:3:31: amount-grouping"]),
        (
            TOWNS.replace("太平镇,Taiping", "太平镇"),
            ["data/lists/towns.csv:2:23: ragged-row", "data/lists/towns.csv:3:31: amount-grouping"],
        ),
        (TOWNS.replace("1,2亿", "1亿").replace(",2016\nxin", ",2016,,\nxin"), ["data/lists/towns.csv:2:36: ragged-row"]),
        (TOWNS.replace("1,2亿", "#N/A"), ["data/lists/towns.csv:3:31: formula-cell"]),
        *(
            (TOWNS.replace("1,2亿", each), ["data/lists/towns.csv:3:31: blank-mark"])
            for each in ("-", "—", "——", "--", "n/a", "NA", "NaN")
        ),
        *(
            (TOWNS.replace("1,2亿", each), ["data/lists/towns.csv:3:31: formula-cell"])
            for each in ("=SUM(E1:E2)", "'=1+1", "#SPILL!", "Err:502")
        ),
        (TOWNS.replace("1,2亿", "1亿").replace("xinjie", "Xin Jie"), ["data/lists/towns.csv:3:1: bad-id"]),
        (
            TOWNS.replace("1,2亿", "1亿").replace("xinjie", "taiping"),
            ["data/lists/towns.csv:2:1: id-twice", "data/lists/towns.csv:3:1: id-twice"],
        ),
        (TOWNS.replace("1,2亿", '1"亿'), ["data/lists/towns.csv:3:1: bad-csv"]),
        (TOWNS.replace('"1,2亿"', ' "1亿"'), ["data/lists/towns.csv:3:32: bad-csv"]),
        (TOWNS.replace('"1,2亿"', '1亿"'), ["data/lists/towns.csv:3:33: bad-csv"]),
        (TOWNS.replace('"1,2亿"', '"1亿'), ["data/lists/towns.csv:3:1: bad-csv"]),
        (TOWNS.replace("1,2亿", "1亿") + '"' + "甲" + ",,,,,\n" * 40_000, ["data/lists/towns.csv:4:1: bad-csv"]),
        *((TOWNS.replace('"', "").replace(",", each), ["data/lists/towns.csv:1:1: csv-separator"]) for each in (";", "\t", "，")),
        (TOWNS.replace("in English,", "zh,"), ["data/lists/towns.csv:1:7: column-twice"]),
        (
            TOWNS.replace("1,2亿", "1亿").replace("in English,", "zh,").replace("id,", ",").replace("year", "line"),
            [
                "data/lists/towns.csv:1:1: column-unnamed",
                "data/lists/towns.csv:1:5: column-twice",
                "data/lists/towns.csv:1:20: column-line",
            ],
        ),
        (
            TOWNS.replace("太平镇", "太\u200b平镇").replace("1,2亿", "1\u200b亿\u200b") + "shuangqiao,双桥,1,2,3,4,5,6\n",
            [
                "data/lists/towns.csv:2:10: control-character",
                "data/lists/towns.csv:3:33: control-character",
                "data/lists/towns.csv:3:35: control-character",
                "data/lists/towns.csv:4:23: ragged-row",
            ],
        ),
        ("附件：名录\n" + TOWNS, ["data/lists/towns.csv:1:1: table-title"]),
        ("附件：名录,,,,,\n" + TOWNS, ["data/lists/towns.csv:1:1: table-title"]),
        ("附件：名录\n" + TOWNS.replace('"', "").replace(",", ";"), ["data/lists/towns.csv:2:1: csv-separator"]),
        (TOWNS.replace("in English", "in\u200bEnglish"), ["data/lists/towns.csv:1:9: control-character"]),
        (
            TOWNS.replace("太平镇", '太平"镇').replace("新街镇", '"新街"镇') + "Xin Jie,双桥,Shuangqiao,1家,1亿,2016\n",
            [
                "data/lists/towns.csv:2:11: bad-csv",
                "data/lists/towns.csv:3:1: bad-csv",
                "data/lists/towns.csv:4:1: bad-id",
            ],
        ),
        ("", ["data/lists/towns.csv:1:1: table-empty"]),
        ("\n".join(TOWNS.split("\n")).encode("gb18030"), ["data/lists/towns.csv:2:11: not-utf8"]),
        (TOWNS.encode("utf-16"), ["data/lists/towns.csv:1:1: not-utf8"]),
    ],
)
def test_what_is_wrong_in_a_table_is_told_with_its_place(towns: str | bytes, places: list[str], tmp_path: Path) -> None:
    assert found(project(tmp_path, towns=towns)) == places


@pytest.mark.parametrize(
    ("table", "places"),
    [
        (TABLE.replace("towns.csv", "town.csv"), ["data/lists/towns.yaml:9:9: no-such-table"]),
        (TABLE.replace("$zh", "$hz"), ["data/lists/towns.yaml:10:50: unknown-column"]),
        (TABLE.replace("$zh", '"${zh"'), ["data/lists/towns.yaml:10:50: brace-left-open"]),
        (TABLE.replace("  figures:", "  figgures:"), ["data/lists/towns.yaml:11:3: unknown-section"]),
        (TABLE.replace("form: town", "form: twon"), ["data/lists/towns.yaml:10:101: unknown-id"]),
        (TABLE.replace("  file: towns.csv\n", ""), ["data/lists/towns.yaml:9:3: table-without-file"]),
        (
            TABLE[: TABLE.index("table:")] + "table: [{file: towns.csv, figures: []}]\n",
            ["data/lists/towns.yaml:8:9: table-without-file"],
        ),
    ],
)
def test_what_is_wrong_in_its_description_is_told_once(table: str, places: list[str], tmp_path: Path) -> None:
    assert found(project(tmp_path, table, TOWNS.replace("1,2亿", "1亿"))) == places


def told(folder: Path) -> list[str]:
    """The findings in the table, warnings as well, as line:col: code."""
    listed = json.loads(run(folder, "check", "--format", "json").stdout)
    return [f"{each['line']}:{each['column']}: {each['code']}" for each in listed if each["file"].endswith("towns.csv")]


def test_rows_that_give_no_record_are_told_once(tmp_path: Path) -> None:
    mentions = LIST + "table:\n  file: towns.csv\n  mentions: {subject: $id, printedAs: $zh, passage: {$line: $zh}}\n"
    towns = "id,zh\nhengxian,横县\nshitang,\n,\nyaobu,\n"
    folder = project(tmp_path, mentions, towns)
    assert told(folder) == ["3:9: rows-without-record"]
    assert "2 of the 3 rows" in run(folder, "check").stderr
    (folder / "data" / "lists" / "towns.csv").write_text("id,zh\n", encoding="utf-8")
    assert told(folder) == ["0:0: table-without-rows"]
    (folder / "data" / "lists" / "towns.csv").write_text("id,zh\nhengxian,-\n", encoding="utf-8")
    assert told(folder) == ["2:10: blank-mark"]


def test_rows_that_are_of_one_thing_give_one_record(tmp_path: Path) -> None:
    both = LIST + (
        "table:\n  file: towns.csv\n  entities:\n"
        "    - {id: $tid, type: Township, name: {zh: $town}, partOf: hengxian, form: town}\n"
        "    - {id: $id, type: Village, name: {zh: $zh}, partOf: $tid, form: village}\n"
    )
    towns = "tid,town,id,zh\nlan,兰镇,lan-1,一村\nlan,兰镇,lan-2,二村\n"
    folder = project(tmp_path, both, towns)
    assert found(folder) == []
    assert {"lan", "lan-1", "lan-2"} < set(checks.check(projects.load(folder)).index.owners)
    (folder / "data" / "lists" / "towns.csv").write_text(towns.replace("兰镇,lan-2", "南镇,lan-2"), encoding="utf-8")
    assert found(folder) == ["data/lists/towns.csv:2:1: id-twice", "data/lists/towns.csv:3:1: id-twice"]


def test_rows_that_say_the_same_are_one_claim_with_a_passage_for_each(tmp_path: Path) -> None:
    table = LIST + "table:\n  file: towns.csv\n  mentions: {subject: $id, printedAs: $zh, passage: {$line: $zh}}\n"
    folder = project(tmp_path, table, "year,id,zh\n2015,hengxian,横县\n2016,hengxian,横县\n")
    graph = checks.check(projects.load(folder)).graph
    rows = graph.select("SELECT ?m ?par { ?m a pb:Mention ; pb:subject id:hengxian ; pb:passage ?p . ?p pb:par ?par }").rows
    lines = sorted(str(par) for mention, par in rows if "/towns-2017." in str(mention))
    assert (lines, len({mention for mention, _ in rows if "/towns-2017." in str(mention)})) == (["2", "3"], 1)
    typed = table + 'mentions:\n  - {subject: hengxian, printedAs: 横县, passage: {9: "横县"}}\n'
    (folder / "data" / "lists" / "towns.yaml").write_text(typed, encoding="utf-8")
    assert found(folder) == ["data/lists/towns.csv:2:1: claim-twice", "data/lists/towns.csv:3:1: claim-twice"]


def test_what_a_row_states_is_not_unstated_in_it(tmp_path: Path) -> None:
    table = LIST + (
        "table:\n  file: towns.csv\n  mentions: {subject: $id, printedAs: $zh, at: $at, unstated: [at], passage: {$line: $zh}}\n"
    )
    folder = project(tmp_path, table, "id,zh,at\nhengxian,横县,2016\nshitang,石塘镇,\n")
    checked = checks.check(projects.load(folder))
    assert checked.errors == ()
    rows = checked.graph.select("SELECT ?s ?key { ?m pb:subject ?s ; pb:printedAs ?n OPTIONAL { ?m pb:unstated ?key } }").rows
    stated = {str(subject).rpartition("/")[2]: str(key or "").rpartition("#")[2] for subject, key in rows}
    assert {each: stated[each] for each in ("hengxian", "shitang")} == {"hengxian": "", "shitang": "at"}


def test_a_list_is_held_against_its_file_line_by_line(tmp_path: Path) -> None:
    """Blank lines count, and what a column's head says of all its numbers need not be quoted with each."""
    towns = "id,销售额（万元）\n\nhengxian,66081\nshitang,12\n"
    checksum = f'  checksum: "sha256:{hashlib.sha256(towns.encode()).hexdigest()}"\n'
    figure = '{subject: $id, indicator: sales, value: "${销售额（万元）}万元", at: 2016, passage: {$line: "${销售额（万元）}"}}'
    folder = project(tmp_path, LIST + checksum + f"table:\n  file: towns.csv\n  figures: {figure}\n", towns)
    lists = folder / "data" / "lists"
    told = run(folder, "verify", "--articles", str(lists))
    assert [line for line in told.stderr.splitlines() if "lists/" in line] == []
    (lists / "towns.yaml").write_text(
        (lists / "towns.yaml").read_text(encoding="utf-8").replace("}万元", "}0万元"), encoding="utf-8"
    )
    assert run(folder, "verify", "--articles", str(lists)).stderr.count("amount-not-quoted") == 2


def test_what_a_list_names_is_there_though_nothing_refers_to_it(tmp_path: Path) -> None:
    table = TABLE[: TABLE.index("  figures:")]
    checked = checks.check(projects.load(project(tmp_path, table, TOWNS)))
    assert [each.code for each in checked.problems if each.where.file.startswith("data/lists/")] == []
    assert {"taiping", "xinjie"} < set(checked.index.owners)


def test_an_unknown_id_in_a_cell_is_told_at_the_cell(tmp_path: Path) -> None:
    table = TABLE.replace("partOf: hengxian", "partOf: $county")
    towns = "county," + TOWNS.replace("1,2亿", "1亿").replace("\nxin", "\nhengxan,xin").replace("\ntai", "\nhengxian,tai")
    assert found(project(tmp_path, table, towns)) == ["data/lists/towns.csv:3:1: unknown-id"]


NAMES = """\
county,shops,village,year,zh,en
横县,3家,瑶埠,2016,太平镇,Taiping
Yaobu Village,4家,窑埠,2016,新街镇,Xinjie
hengxian,5家,窑埠,2016,南乡镇,Nanxiang
hengxian、nanning,6家,Wenzhou,2016,北乡镇,Beixiang
hengxian,7家,450127110206,2016,东乡镇,Dongxiang
"""


def test_a_name_in_a_cell_where_an_id_belongs_is_answered_with_the_id(tmp_path: Path) -> None:
    table = """
table:
  file: towns.csv
  entities: {id: "town-$line", type: Township, name: {zh: $zh, en: $en}, partOf: $county, form: town}
  figures:
    - {subject: $village, indicator: shops, value: $shops, at: $year, passage: {$line: $shops}}
"""
    folder = project(tmp_path, LIST + table, NAMES)
    others = "source: editors\n\nentities:\n"
    village = "  - {id: %s, type: Village, name: {zh: 窑埠, en: x}, partOf: shitang, form: village%s}\n"
    others += village % ("yaopu", ', code: [{scheme: codes, notation: "450127110206"}]') + village % ("another-yaobu", "")
    others += "  - {id: codes, type: List, name: {zh: 名录, en: list}}\n"
    (folder / "data" / "others.yaml").write_text(others, encoding="utf-8")
    problems = checks.check(projects.load(folder)).problems
    told = {str(each.where): each.told("en") for each in problems if each.where.file == "data/lists/towns.csv"}
    # A former name counts, in either language; of several things of one name none is more likely.
    assert {where.partition("csv:")[2]: re.sub("^.*?(?=Write|Did)|[.].*", "", text) for where, text in told.items()} == {
        "2:1": "Write the id of what bears this name: hengxian",
        "2:7": "Write the id of what bears this name: yaobu",
        "3:1": "Write the id of what bears this name: yaobu",
        "3:18": "Write the id of what bears this name: another-yaobu, yaopu",
        "4:13": "Write the id of what bears this name: another-yaobu, yaopu",
        "5:1": "Write them as a list: [hengxian, nanning]; in a table, give each a column of its own: [$a, $b]",
        "5:21": "Write an id, not a name",
        "6:13": "Did you mean yaopu? Otherwise write an entry with this id",
    }


@pytest.mark.prove
def test_a_change_in_a_table_is_seen_and_a_table_that_goes_is_missed(tmp_path: Path) -> None:
    folder = project(tmp_path, towns=TOWNS.replace("1,2亿", "1亿"))
    kept, towns = Cache(tmp_path / "kept"), folder / "data" / "lists" / "towns.csv"
    texts: list[str | None] = [
        TOWNS.replace("1,2亿", "1亿"),
        TOWNS.replace("1,2亿", "2亿"),
        TOWNS,
        None,
        TOWNS.replace("12家", ""),
    ]
    for text in texts:
        if text is None:
            towns.unlink()
        else:
            towns.write_text(text, encoding="utf-8")
        here = projects.load(folder)
        fresh = checks.check(here)
        assert checks.check(here, kept).graph.lines() == fresh.graph.lines()
        assert verdicts.verdict(here, kept).problems == fresh.problems
    codes = [found.code for found in fresh.problems]
    assert "no-such-table" not in codes


@pytest.mark.parametrize("stage", ["read", pytest.param("map", marks=pytest.mark.prove)])
@pytest.mark.parametrize("before", [TABLE, pytest.param(LIST, marks=pytest.mark.prove)])
def test_a_table_that_appears_while_it_is_checked_is_seen_the_next_time(stage: str, before: str, tmp_path: Path) -> None:
    folder = project(tmp_path, before)
    kept, lists = Cache(tmp_path / "kept"), folder / "data" / "lists"
    table, towns = lists / "towns.yaml", lists / "towns.csv"
    towns.unlink()
    here = projects.load(folder)
    if before != TABLE:
        assert verdicts.verdict(here, kept).problems == ()
        table.write_text(TABLE, encoding="utf-8")
    told = verdicts.verdict(here, kept, partial(_appear, stage, towns))
    assert [found.code for found in told.problems] == ["no-such-table"]
    assert towns.exists()
    assert verdicts.verdict(here, kept).problems == checks.check(here).problems == ()


def _appear(awaited: str, towns: Path, stage: str, done: int = 0, total: int = 0) -> None:
    if stage == awaited:
        towns.write_text(TOWNS.replace("1,2亿", "1亿"), encoding="utf-8")


def test_a_build_shows_the_table_and_leads_there(tmp_path: Path) -> None:
    folder = project(tmp_path, towns=TOWNS.replace("1,2亿", "1亿"))
    for part in ("site", "queries/pages", "queries/overviews"):
        shutil.copytree(ROOT / part, folder / part)
    show_own(folder / "site" / "overviews" / "views.yaml", networks=False)
    result = run(folder, "build", "--quiet")
    assert result.exit_code == 0, result.stderr
    site = folder / "build" / "site"
    assert "xinjie" in (site / "files" / "lists.towns~csv.en.html").read_text(encoding="utf-8")
    assert "files/lists.towns~csv.en.html#L3" in (site / "id" / "xinjie.en.html").read_text(encoding="utf-8")
    for page, line in (("id/towns-2017.en", "Line 3"), ("id/xinjie.en", "Line 3"), ("id/towns-2017.zh", "第3行")):
        text = (site / f"{page}.html").read_text(encoding="utf-8")
        assert line in text, page
        assert "aragraph 3" not in text, page
        assert "aragraphs 1" not in text, page


CELLS = st.text(st.sampled_from('ab横🙂,"\n\r ='), max_size=6)


@settings(max_examples=300, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6).filter(
        lambda rows: len({*map(len, rows)}) == 1
    ),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_every_cell_has_the_place_where_it_stands(rows: list[list[str]], end: str) -> None:
    """Whatever csv writes comes back, and at the place of each cell its text begins, but for quotation marks and blanks."""
    head = [f"c{number}" for number in range(len(rows[0]))]
    out = io.StringIO()
    # Of a lone return csv knows only that it ends lines where its own lines do.
    csv.writer(out, lineterminator=end, quoting=csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL).writerows([head, *rows])
    text = out.getvalue()
    record = records.read(
        ("table: {file: a.csv, rows: [" + ", ".join(f"{{{name}: ${name}, row: $line${name}}}" for name in head) + "]}").encode(),
        "data/x.yaml",
    )
    assert isinstance(record, Mapping)
    expanded, problems = sheets.expanded(record, {"a.csv": text.encode()})
    codes = [code for row in rows for each in row if (code := sheets._no_text(each.strip()))]
    assert [each.code for each in problems if each.code != "table-without-rows"] == codes
    good = [row for row in rows if not any(sheets._no_text(cell.strip()) for cell in row)]
    scalars = list(_scalars(expanded))
    assert [each.text for each in scalars] == [cell.strip() for row in good for cell in row if cell.strip()]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for each in scalars:
        assert each.where.file == "data/a.csv"
        begins = lines[each.where.line - 1][each.where.col - 1 :]
        assert begins[:1] in ('"', each.text[0])


def _scalars(node: Node) -> Iterator[Scalar]:
    """The values of a record's nodes."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for each in node.items:
            yield from _scalars(each)
    else:
        for key, value in node.entries:
            yield from _scalars(value) if key.text != "row" else ()


def test_texts_are_put_together_and_dollars_stay() -> None:
    record = records.read(b"table: {file: a.csv, rows: {x: $a-$b, y: $$a, z: [$a, $c]}}", "x.yaml")
    assert isinstance(record, Mapping)
    expanded, problems = sheets.expanded(record, {"a.csv": b"a,b,c\n1,2,3\n,2,\n"})
    assert [each.code for each in problems] == ["unknown-column"], "`$a-` is a column of that name"
    record = records.read(b"table: {file: a.csv, rows: {x: '${a}-$b', y: $$a, z: [$a, $c]}}", "x.yaml")
    assert isinstance(record, Mapping)
    expanded, problems = sheets.expanded(record, {"a.csv": b"a,b,c\n1,2,3\n,2,\n"})
    assert (problems, records.plain(expanded)) == (
        [],
        {"rows": [{"x": "1-2", "y": "$a", "z": ["1", "3"]}, {"y": "$a"}]},
    )


def test_a_table_of_a_vocabulary_counts_as_vocabulary(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "project")
    words = folder / "data" / "vocabularies"
    (words / "more.yaml").write_text(
        "source: editors\n\ntable:\n  - file: more.csv\n"
        "    entities: {id: $id, type: Indicator, name: {zh: $zh, en: $en}, unit: $unit, summable: not-summable}\n",
        encoding="utf-8",
    )
    (words / "more.csv").write_text("id,zh,en,unit\nparcels,包裹,parcels,item\n", encoding="utf-8")
    source = LIST.replace("towns-2017", "parcels-2017")
    figures = '\nfigures:\n  - {subject: hengxian, indicator: parcels, value: 3, at: 2017, passage: {1: "3"}}\n'
    (folder / "data" / "parcels.yaml").write_text(source + figures, encoding="utf-8")
    checked = checks.check(projects.load(folder))
    assert checked.errors == ()
    unit = "SELECT ?unit WHERE { ?claim pb:indicator id:parcels ; pb:unit ?unit }"
    assert [str(term).rpartition("/")[2] for (term,) in checked.graph.select(unit).rows] == ["item"]


def test_mapping_stays_a_function_of_bytes() -> None:
    table = {"towns.csv": TOWNS.replace("1,2亿", "1亿").encode()}
    ours = mapping.map_file(TABLE.encode(), FILE, GRAPH, setting(), table)
    again = mapping.map_file(TABLE.encode(), FILE, GRAPH, setting(), dict(table))
    assert (ours.quads, ours.problems) == (again.quads, again.problems)
    assert {slug for slug, _ in ours.owned} == {"towns-2017", "taiping", "xinjie"}
    broken = mapping.map_file(TABLE.encode(), FILE, GRAPH, setting(), {"towns.csv": mapping_problem()})
    assert [each.code for each in broken.problems] == ["unreadable-file"]
    assert not broken.seen


def mapping_problem() -> Problem:
    from pbgraph.problems import Where, problem

    assert "unreadable-file" in catalogue()
    return problem(Where("data/towns.csv"), "unreadable-file", reason="no permission")


@pytest.mark.prove
def test_a_data_file_with_a_table_is_laid_out_and_completed_like_others(tmp_path: Path) -> None:
    folder = project(tmp_path, towns=TOWNS.replace("1,2亿", "1亿"))
    here = projects.load(folder)
    before = checks.check(here)
    schema = json.loads(editing.as_text(before))
    jsonschema.validate(records.plain(_record(folder)), schema)
    assert run(folder, "fmt").exit_code == 0
    assert run(folder, "fmt", "--check").exit_code == 0
    assert checks.check(here).graph.lines() == before.graph.lines()
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"source": "editors", "table": [{"entities": {}}]}, schema)


def _record(folder: Path) -> Mapping:
    found = records.read((folder / "data" / "lists" / "towns.yaml").read_bytes(), "towns.yaml")
    assert isinstance(found, Mapping)
    return found


def test_what_is_wrong_within_a_record_is_told_of_each_row(tmp_path: Path) -> None:
    """Though the record begins with what is the same in all rows."""
    inner = "code: [{scheme: nbs2023, notation: $code}]"
    entry = f"{{id: $id, type: Township, name: {{zh: $zh}}, partOf: hengxian, form: town, {inner}}}"
    typed = LIST.replace("towns-2017", "nbs2023") + f"table:\n  - file: towns.csv\n    entities: {entry}\n"
    rows = ["id,zh,code", "taiping,太平镇,450127101", "xinjie,新街镇,4.5E+08", "beijie,北街镇,45012"]
    folder = project(tmp_path, typed, "\n".join(rows) + "\n")
    assert found(folder) == ["data/lists/towns.csv:3:12: statistical-code", "data/lists/towns.csv:4:12: statistical-code"]
