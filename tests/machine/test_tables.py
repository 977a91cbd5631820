"""The tables that a build writes: rows told apart by their key, a package that others accept, Parquet with the same rows."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package
from pyarrow import parquet

from breaking import put, run, swap, told
from conftest import ROOT, WORLDS
from pbgraph import project as projects
from pbgraph.build import Report, build
from pbgraph.formats import spreadsheet_csv
from pbgraph.solutions import Rows
from pbgraph.terms import XSD, Iri, Literal
from small import CHECKED, small_project

TABLES = ["claims", "codebook", "edges", "panel", "relations"]
ARTICLE = "data/articles/first.yaml"
VOCABULARY = "data/vocabularies/all.yaml"
FORMULA = ("=", "+", "-", "@")


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def package(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "tables" / "datapackage.json").read_text(encoding="utf-8"))
    return found


def fields(folder: Path, name: str) -> dict[str, dict[str, str]]:
    (resource,) = (each for each in package(folder)["resources"] if each["name"] == name)
    return {field["name"]: field for field in resource["schema"]["fields"]}


def findings(folder: Path) -> list[str]:
    """What is wrong with the package or with a row of it, as an outside reader sees it."""
    report = Package(str(folder / "tables" / "datapackage.json")).validate()
    return [*map(str, report.errors), *(f"{task.name}: {error.message}" for task in report.tasks for error in task.errors)]


UNDATED = """\
source: {id: report, type: List, name: {zh: 公报, en: report}, language: zh}

figures:
  - {subject: hengxian, indicator: shops, value: 5家, at: 2016, passage: {1: "5家"}}
"""


@pytest.fixture
def plain(tmp_path: Path) -> Callable[..., Path]:
    """Builds the small project without network and site, after changes of its files; its build folder."""

    def make(*changes: Callable[[Path], None]) -> Path:
        folder = small_project(tmp_path / "p", (*CHECKED, "queries/tables"))
        for change in changes:
            change(folder)
        return build(projects.load(folder), folder / "build").output

    return make


def test_there_is_a_file_for_each_query(built: Report) -> None:
    for suffix in ("csv", "parquet"):
        assert sorted(path.stem for path in (built.output / "tables").glob(f"*.{suffix}")) == TABLES
    assert sorted(path.stem for path in (ROOT / "queries" / "tables").glob("*.rq")) == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_the_key_of_a_table_tells_its_rows_apart(name: str, built: Report) -> None:
    (key,) = (each["schema"]["primaryKey"] for each in package(built.output)["resources"] if each["name"] == name)
    found = [tuple(row[column] for column in key) for row in rows(built.output, name)]
    assert len(found) == len(set(found)) > 20
    assert all(all(cells) for cells in found)


def test_others_accept_the_package_and_every_row(built: Report) -> None:
    assert findings(built.output) == []


@pytest.mark.prove
def test_others_accept_the_package_of_every_world(tmp_path: Path) -> None:
    worlds = [name for name in ("museums", "sixth", "section8", "hostile") if (WORLDS / name / "pbgraph.toml").is_file()]
    assert len(worlds) == 4
    for name in worlds:
        report = build(projects.load(WORLDS / name), tmp_path / name / "build")
        assert findings(report.output) == [], name


def test_others_find_what_is_wrong(built: Report, tmp_path: Path) -> None:
    shutil.copytree(built.output / "tables", tmp_path / "tables")
    swap("tables/panel.csv", ",340,", ",many,")(tmp_path)
    assert any("panel" in finding and "many" in finding for finding in findings(tmp_path))


def test_the_package_says_licence_sources_and_that_absence_is_not_zero(built: Report) -> None:
    found = package(built.output)
    assert found["licenses"] == [{"path": "https://creativecommons.org/licenses/by/4.0/"}]
    assert len(found["sources"]) == len(list((ROOT / "data" / "articles").glob("*.yaml"))) >= 5
    assert "Absence is not zero" in found["description"]
    assert "没有不等于零" in found["description"]
    assert (built.output / "tables" / "README.txt").read_text(encoding="utf-8") == found["description"]


@pytest.mark.parametrize("name", TABLES)
def test_every_column_has_a_title_in_both_languages(name: str, built: Report) -> None:
    for column, field in fields(built.output, name).items():
        assert any("\u4e00" <= character <= "\u9fff" for character in field["title"]), column
        assert any("a" <= character <= "z" for character in field["title"]), column


def test_a_column_that_is_named_after_a_property_has_its_definition(built: Report) -> None:
    assert "The amount in the words in which it was typed." in fields(built.output, "panel")["printed"]["description"]
    assert fields(built.output, "panel")["placeLabel_zh"]["title"] == "地方 / place (zh)"


def test_an_area_of_no_unit_lies_in_the_county_that_a_relation_gives(built: Report) -> None:
    placed = [row["county"] for row in rows(built.output, "panel") if row["place"] == "id:linyi-flower-expo-city"]
    assert (len(placed), set(placed)) == (5, {"id:luozhuang"})


def test_the_panel_has_a_row_for_every_figure(built: Report) -> None:
    figures = [row for row in rows(built.output, "claims") if row["kind"] == "pb:Figure"]
    panel = rows(built.output, "panel")
    assert {row["claim"] for row in panel} == {row["claim"] for row in figures}
    assert len(panel) >= 90
    assert [row["claim"] for row in panel if not (row["value"] or row["share"] or row["low"])] == []


def figure(folder: Path, **cells: str) -> dict[str, str]:
    (row,) = (row for row in rows(folder, "panel") if all(row[name] == cell for name, cell in cells.items()))
    return row


def test_a_figure_has_its_place_level_year_and_the_code_of_that_time(built: Report) -> None:
    row = figure(built.output, subject="id:hengxian", printed="340多")
    expected = {
        "code": "450127",
        "scheme": "id:gbt2260",
        "place": "id:hengxian",
        "placeLabel_zh": "横县",
        "level": "pb:County",
        "year": "2016",
        "value": "340",
        "high": "",
        "atArticle": "true",
    }
    assert {name: row[name] for name in expected} == expected
    village = figure(built.output, subject="id:hengxian-yaobu", printed="3元多")
    assert (village["code"], village["scheme"], village["codeCertainty"]) == ("450127110206", "id:nbs2017", "pb:doubtful")
    series = {row["year"] for row in rows(built.output, "panel") if row["earliest"][:4] != row["latest"][:4]}
    assert series == {""}


@pytest.mark.parametrize(
    ("subject", "place"),
    [
        ("id:hengxian-jiaoyi-station", "id:hengxian-jiaoyi"),  # a body, by the claim that says where it is
        ("id:zhouquan-station-tutor", "id:shuyang-zhouquan"),  # a post, by the body it is at
        ("id:lianhua-2345", ""),  # a programme lies nowhere
    ],
)
def test_the_place_of_a_subject_is_the_nearest_it_lies_in(subject: str, place: str, built: Report) -> None:
    found = {row["place"] for row in rows(built.output, "panel") if row["subject"] == subject}
    assert found == {place}


def test_a_code_is_that_of_the_time_and_of_the_official_list_first(plain: Callable[..., Path]) -> None:
    codes = """
    code:
      - {scheme: gbt2260, notation: "450127", from: 2002, until: 2021-02-02}
      - {scheme: gbt2260, notation: "450181", from: 2021-02-03}
      - {scheme: other, notation: "X"}
"""
    lists = "  - {id: gbt2260, type: List, name: {zh: 国标, en: codes}}\n  - {id: other, type: List, name: {zh: 他, en: other}}\n"
    county = "  - {id: hengxian, type: County, name: {zh: 横县, en: Hengxian}, partOf: nanning, form: county}\n"
    block = (
        "  - id: hengxian\n    type: County\n    name: {zh: 横县, en: Hengxian}\n    partOf: nanning\n    form: county" + codes
    )
    later = "  - {subject: hengxian, indicator: shops, value: 5, at: 2022, passage: {2: 5}}\n"
    other = "  - {subject: shitang, indicator: shops, value: 6, at: 2022, passage: {2: 6}}\n"
    folder = plain(
        swap("data/places.yaml", county, block),
        swap(VOCABULARY, "entities:\n", "entities:\n" + lists),
        swap(ARTICLE, 'published: "[2016-04-27..2016-12-31]"', "published: 2022"),
        swap(ARTICLE, "figures:\n", "figures:\n" + later + other),
        swap("data/articles/second.yaml", "at: article", "at: 2017"),
    )
    assert [figure(folder, printed=printed)["code"] for printed in ("5", "340余家", "6")] == ["450181", "450127", ""]


def test_a_dated_figure_has_its_code_whenever_its_source_was_printed(plain: Callable[..., Path]) -> None:
    county = "{id: hengxian, type: County, name: {zh: 横县, en: Hengxian}, partOf: nanning, form: county"
    folder = plain(
        swap("data/places.yaml", county, county + ', code: {scheme: list, notation: "450127"}'),
        swap(VOCABULARY, "entities:\n", "entities:\n  - {id: list, type: List, name: {zh: 名录, en: list}}\n"),
        put("data/reports/more.yaml", UNDATED),
    )
    assert figure(folder, printed="5家")["code"] == "450127"


def test_a_group_lies_where_what_it_is_of_lies_unless_it_says_where(plain: Callable[..., Path]) -> None:
    groups = {
        "6家": "{who: villages, of: yaobu}",
        "7家": "{who: villages, of: {who: villages, within: hengxian}}",
        "8家": "{who: villages, within: yaobu, of: {who: villages, within: hengxian}}",
    }
    figures = "".join(
        f'  - {{subject: {group}, indicator: shops, value: {value}, at: 2016, passage: {{2: "{value}"}}}}\n'
        for value, group in groups.items()
    )
    folder = plain(swap(ARTICLE, "figures:\n", f"figures:\n{figures}"))
    found = [row for row in rows(folder, "panel") if row["printed"] in groups]
    assert [(row["printed"], row["place"]) for row in sorted(found, key=lambda row: row["printed"])] == [
        ("6家", "id:yaobu"),
        ("7家", "id:hengxian"),
        ("8家", "id:yaobu"),
    ]


def test_several_values_are_one_cell_and_one_row(plain: Callable[..., Path]) -> None:
    folder = plain(
        swap(VOCABULARY, "  - {id: fruit,", "  - {id: jd, type: Platform, name: {zh: 京东, en: JD}}\n  - {id: fruit,"),
        swap(ARTICLE, "platform: taobao", "platform: [taobao, jd]"),
    )
    row = figure(folder, printed="340多")
    assert (row["platform"], row["platformLabel_en"]) == ("id:jd; id:taobao", "JD; Taobao")
    assert findings(folder) == []


def test_an_edge_leads_from_the_beneficiary_to_each_other_party(built: Report) -> None:
    found = {
        (row["whom"], row["role"], row["aggregate"]) for row in rows(built.output, "edges") if row["who"] == "id:hengxian-yaobu"
    }
    assert found == {
        ("id:nanning-junqiao", "pb:partner", "false"),
        ("id:hengxian-yaobu-first-secretary", "pb:brokeredBy", "false"),
        ("id:yaobu-local-party-organization", "pb:brokeredBy", "false"),
    }


def test_groups_stay_groups(built: Report) -> None:
    (row,) = (row for row in rows(built.output, "edges") if row["whomNumber"] == "77")
    assert (row["aggregate"], row["role"]) == ("true", "pb:partner")
    assert row["whomLabel_en"].startswith("77 ")
    groups = {row["aggregate"] for row in rows(built.output, "edges") if row["who"].startswith("claim:")}
    assert groups == {"true"}


def test_the_codebook_says_of_every_indicator_whether_it_may_be_summed(built: Report) -> None:
    found = {row["indicator"]: row for row in rows(built.output, "codebook")}
    assert len(found) == (ROOT / "data" / "vocabularies" / "indicators.yaml").read_text(encoding="utf-8").count("type: Indicator")
    assert {row["summable"] for row in found.values()} == {
        *("pb:over-places", "pb:over-time", "pb:over-places-and-time", "pb:not-summable")
    }
    assert [
        row["indicator"] for row in found.values() if row["unit"] == "id:ratio" and row["summable"] != "pb:not-summable"
    ] == []
    branches = found["id:party-branches-founded"]
    assert (branches["figures"], branches["articles"], branches["definition_en"][:8]) == ("2", "2", "How many")
    assert sum(int(row["figures"]) for row in found.values()) == len(rows(built.output, "panel"))


@pytest.mark.parametrize("sign", FORMULA)
def test_a_name_that_a_spreadsheet_would_run_is_neutralised(sign: str, plain: Callable[..., Path]) -> None:
    name = f"{sign}1+1"
    folder = plain(swap(VOCABULARY, "{zh: 淘宝, en: Taobao}", f'{{zh: 淘宝, en: "{name}"}}'))
    assert figure(folder, printed="340多")["platformLabel_en"] == f"'{name}"
    files = sorted((folder / "tables").glob("*.csv"))
    assert len(files) == len(TABLES)
    cells = [cell for path in files for row in rows(folder, path.stem) for cell in row.values()]
    assert [cell for cell in cells if cell.startswith(FORMULA)] == []
    typed = parquet.read_table(folder / "tables" / "panel.parquet").to_pylist()
    assert name in {row["platformLabel_en"] for row in typed}
    assert findings(folder) == []


def test_in_answers_for_spreadsheets_numbers_stay_and_texts_are_neutralised() -> None:
    row = (Literal("-3.5", XSD + "decimal"), Literal("-3.5"), Iri("https://example.org/"), Literal("-5.0E0", XSD + "double"))
    assert spreadsheet_csv(Rows(("n", "t", "i", "u"), (row,))) == "n,t,i,u\n-3.5,'-3.5,https://example.org/,-5.0E0\n"


def test_a_negative_number_stays_a_number(plain: Callable[..., Path]) -> None:
    own = '#+ label: {zh: 负数, en: negative}\nSELECT ?n ?t { VALUES (?n ?t) { (-3 "-3") (4 UNDEF) } }'
    folder = plain(put("queries/tables/own.rq", own))
    assert [row["n"] for row in rows(folder, "own")] == ["-3", "4"]
    assert [row["t"] for row in rows(folder, "own")] == ["'-3", ""]
    assert {name: field["type"] for name, field in fields(folder, "own").items()} == {"n": "integer", "t": "string"}


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [("key", "[nothing]", "2:10: unknown-column"), ("columns", "{nothing: {zh: 无, en: none}}", "2:14: unknown-column")],
)
def test_a_header_that_names_no_column_is_refused(key: str, value: str, code: str, tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", ("ontology",))
    put("queries/tables/own.rq", f"#+ label: {{zh: 甲, en: A}}\n#+ {key}: {value}\nSELECT ?a {{ ?a a pb:Village }}")(folder)
    result = run(folder, "build")
    assert (told(result), result.exit_code) == ([f"queries/tables/own.rq:{code}"], 1)


def test_a_note_that_is_no_text_is_refused(tmp_path: Path) -> None:
    put("queries/tables/README.txt", b"\xff")(folder := small_project(tmp_path / "p", ("ontology",)))
    result = run(folder, "build")
    assert (told(result), result.exit_code) == (["queries/tables/README.txt:1:1: not-utf8"], 1)


READ: dict[str, Callable[[str], object]] = {
    "string": lambda text: text.removeprefix("'"),
    "integer": int,
    "number": float,
    "boolean": lambda text: {"true": True, "false": False}[text],
    "date": date.fromisoformat,
}


@pytest.mark.parametrize("name", TABLES)
def test_parquet_holds_the_same_rows_with_types(name: str, built: Report) -> None:
    typed = parquet.read_table(built.output / "tables" / f"{name}.parquet").to_pylist()
    types = {column: field["type"] for column, field in fields(built.output, name).items()}
    expected = [
        {column: READ[types[column]](text) if text else None for column, text in row.items()} for row in rows(built.output, name)
    ]
    assert typed == expected
    assert len(typed) > 20


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((folder / "build" / "tables").iterdir())}


@pytest.mark.prove
def test_without_pyarrow_there_is_no_parquet_and_all_else_is_the_same(tmp_path: Path) -> None:
    folder, other = (small_project(tmp_path / name, (*CHECKED, "queries/tables")) for name in ("without", "with"))
    code = "import sys; sys.modules['pyarrow'] = None; from pbgraph.cli import main; main(['build', '--quiet'])"
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True)
    before = digests(folder)
    assert not [name for name in before if name.endswith(".parquet")]
    assert run(other, "build").exit_code == 0
    after = digests(other)
    assert {name: digest for name, digest in after.items() if not name.endswith(".parquet")} == before
    assert len(after) - len(before) == len(TABLES)


def test_a_column_without_values_has_the_type_of_what_it_is_named_after(built: Report) -> None:
    edges = fields(built.output, "edges")
    assert (edges["whoNumber"]["type"], edges["whomNumber"]["type"]) == ("number", "number")
    assert not any(row["whoNumber"] for row in rows(built.output, "edges"))
