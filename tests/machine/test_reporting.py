"""What findings look like: the source line with a caret under the fault, alike ones folded, colours, and formats for programs."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from breaking import add, put, run, swap
from pbgraph.problems import Problem, Where
from pbgraph.reporting import Report, as_github, as_json, as_sarif, columns
from small import small_project

SECOND = "data/articles/second.yaml"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project with two faults: a misspelt key and an unknown id."""
    folder = small_project(tmp_path_factory.mktemp("reports") / "p")
    swap(SECOND, "platform: taobao", "platfrom: taobao")(folder)
    swap(SECOND, "topic: hengxian", "topic: hengxain")(folder)
    return folder


@pytest.mark.parametrize(
    ("line", "col", "caret"),
    [
        ("a: bcd, e: f", 4, "   ^^^"),
        ("a: b c d  # e", 4, "   ^^^^^"),
        ("{a: [b, c]}", 6, "     ^"),
        ('a: "b, c" d', 4, "   ^^^^^^"),
        ("a: 'b''c' d", 4, "   ^^^^^^"),
        ("横县: 近数十万元", 5, "      ^^^^^^^^^^"),
        ("a: ", 4, "   ^"),
        ("a", 2, " ^"),
        ("- {a: b}", 3, "  ^"),
        ("𠮷: x", 4, "    ^"),
        ("e\u0301: x", 5, "   ^"),
        ("\ta: b", 1, "^"),
        ("a: http://x.y/z#w, b", 4, "   ^^^^^^^^^^^^^^"),
    ],
)
def test_the_caret_stands_under_the_word(line: str, col: int, caret: str, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(f"first\r\n{line}\r\nlast\n".encode())
    problem = Problem(Where("x.yaml", 2, col), "some-code", (("en", "Wrong."),), (("en", "Mend it."),))
    lines = Report("en", tmp_path).text([problem]).splitlines()
    shown = line.replace("\t", " ").rstrip()
    assert lines == [f"x.yaml:2:{col}: some-code: Wrong. Mend it.", f"    2 | {shown}".rstrip(), f"      | {caret}"]


def test_of_a_long_line_the_part_around_the_fault_is_shown(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("横" * 300 + "wrong" + "县" * 300, encoding="utf-8")
    problem = Problem(Where("x.yaml", 1, 301), "some-code", (("en", "Wrong."),), ())
    _, line, caret = Report("en", tmp_path).text([problem]).splitlines()
    assert re.fullmatch("    1 \\| … 横+wrong县+ …", line)
    assert columns(line[: line.index("wrong")]) == caret.index("^")
    assert len(line) < 130


@pytest.mark.parametrize("where", [Where("x.yaml"), Where("nowhere.yaml", 3, 1), Where("x.yaml", 9, 1), Where("-", 1, 2)])
def test_a_place_that_cannot_be_shown_has_no_source_line(where: Where, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"a: b")
    problem = Problem(where, "some-code", (("en", "Wrong."),), (("en", "Mend it."),))
    assert Report("en", tmp_path).text([problem]) == f"{where}: some-code: Wrong. Mend it.\n"


def test_a_source_that_is_no_text_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"a: \xff")
    problem = Problem(Where("x.yaml", 1, 4), "not-utf8", (("en", "Wrong."),), ())
    assert Report("en", tmp_path).text([problem]) == "x.yaml:1:4: not-utf8: Wrong.\n"


def alike(count: int) -> list[Problem]:
    places = [Where("a.yaml" if n < 5 else "b.yaml", n + 1, 3) for n in range(count)]
    other = Problem(Where("a.yaml", 2, 9), "other-code", (("en", "Other."),), ())
    return sorted([*(Problem(where, "some-code", (("en", "Wrong."),), ()) for where in places), other])


def test_what_is_alike_is_folded_after_three(tmp_path: Path) -> None:
    assert Report("en", tmp_path).text(alike(7)).splitlines() == [
        "a.yaml:1:3: some-code: Wrong.",
        "a.yaml:2:3: some-code: Wrong.",
        "a.yaml:2:9: other-code: Other.",
        "a.yaml:3:3: some-code: Wrong.",
        "a.yaml:4:3: some-code: … and 4 more like it: a.yaml:4:3, 5:3, b.yaml:6:3, 7:3",
    ]
    assert len(Report("en", tmp_path).text(alike(3)).splitlines()) == 4
    assert len(Report("en", tmp_path, every=True).text(alike(7)).splitlines()) == 8
    assert "……另有4处相同" in Report("zh", tmp_path).text(alike(7))


def test_places_without_a_line_are_files(tmp_path: Path) -> None:
    alone = sorted(Problem(Where(f"{n}.ttl"), "some-code", (("en", "Wrong."),), ()) for n in range(5))
    assert Report("en", tmp_path).text(alone).splitlines()[-1] == "3.ttl: some-code: … and 2 more like it: 3.ttl, 4.ttl"


def test_of_one_code_ten_are_shown_whatever_their_words(tmp_path: Path) -> None:
    several = [Problem(Where("a.yaml", n, 1), "some-code", (("en", f"Wrong {n}."),), ()) for n in range(1, 31)]
    lines = Report("en", tmp_path).text(several).splitlines()
    assert len(lines) == 11
    assert lines[-1].startswith("a.yaml:11:1: some-code: … and 20 more like it: a.yaml:11:1, 12:1, ")


def test_a_warning_is_marked(tmp_path: Path) -> None:
    mild = [Problem(Where("a.yaml", 1, 1), "some-code", (("en", "Odd."), ("zh", "怪。")), (), "warning")]
    assert Report("en", tmp_path).text(mild) == "a.yaml:1:1: warning: some-code: Odd.\n"
    assert Report("zh", tmp_path).text(mild) == "a.yaml:1:1: 警告: some-code: 怪。\n"


def test_a_project_shows_its_faults_in_place(project: Path) -> None:
    result = run(project, "check")
    assert result.exit_code == 1
    assert re.fullmatch(r"4 files, \d+ statements: 2 errors, 0 warnings\n", result.stdout)
    lines = result.stderr.splitlines()
    assert lines[0].startswith(f"{SECOND}:1:112: unknown-id: `topic`: nothing has the id `hengxain`. Did you mean hengxian?")
    assert lines[2].index("^") == columns(lines[1][: lines[1].index("hengxain")])
    assert lines[2].count("^") == len("hengxain")
    assert "2个错误，0个警告" in run(project, "check", "--lang", "zh").stdout


def test_language_can_be_told_before_and_after_the_command(project: Path) -> None:
    assert run(project, "--lang", "zh", "check").stderr == run(project, "check", "--lang", "zh").stderr
    assert "是否想写" in run(project, "check", "--lang", "zh").stderr


def test_warnings_fail_only_if_they_must(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p")
    assert run(folder, "check", "--strict").exit_code == 0
    add("data/places.yaml", "  - {id: lonely, type: County, name: {zh: 独县, en: Du}, partOf: nanning, form: county}\n")(folder)
    assert "0 errors, 1 warning" in run(folder, "check").stdout
    assert (run(folder, "check").exit_code, run(folder, "check", "--strict").exit_code) == (0, 1)
    shown = json.loads(run(folder, "check", "--format", "json").stdout)
    assert [(each["code"], each["severity"], each["line"]) for each in shown] == [("unused-entity", "warning", 14)]


def test_json_says_what_the_text_says(project: Path) -> None:
    result = run(project, "check", "--format", "json")
    assert (result.exit_code, result.stderr) == (1, "")
    lines = [line for line in run(project, "check").stderr.splitlines() if not re.match(r" +(\d+ )?\|", line)]
    told = [
        f"{e['file']}:{e['line']}:{e['column']}: {e['code']}: {e['message']} {e['remedy']}" for e in json.loads(result.stdout)
    ]
    assert told == lines
    assert json.loads(run(project, "check", "--format", "json", "--lang", "zh").stdout)[0]["remedy"].startswith("是否")


def test_sarif_names_each_rule_and_place(project: Path) -> None:
    log = json.loads(run(project, "check", "--format", "sarif").stdout)
    assert log["version"] == "2.1.0"
    (ran,) = log["runs"]
    assert {rule["id"] for rule in ran["tool"]["driver"]["rules"]} == {"unknown-id", "unknown-key"}
    places = [each["locations"][0]["physicalLocation"] for each in ran["results"]]
    assert places[0] == {"artifactLocation": {"uri": SECOND}, "region": {"startLine": 1, "startColumn": 112}}
    assert [each["level"] for each in ran["results"]] == ["error", "error"]
    odd = json.loads(as_sarif([Problem(Where("data/横县 100%.yaml", 1, 1), "no-data", (), ())], "en", "1"))
    place = odd["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place == "data/%E6%A8%AA%E5%8E%BF%20100%25.yaml", "an address (SARIF 2.1.0, section 3.4.3)"
    whole = json.loads(as_sarif([Problem(Where("data"), "no-data", (), ())], "en", "1"))
    assert "region" not in whole["runs"][0]["results"][0]["locations"][0]["physicalLocation"]


def test_annotations_are_one_line_each(project: Path) -> None:
    lines = run(project, "check", "--format", "github").stdout.splitlines()
    assert [line.split("::")[1] for line in lines] == [
        f"error file={SECOND},line=1,col=112,title=unknown-id",
        f"error file={SECOND},line=4,col=43,title=unknown-key",
    ]
    odd = Problem(Where("a,b:c%.yaml", 1, 1), "x", (("en", "50%\nof it."),), (), "warning")
    assert as_github([odd], "en") == "::warning file=a%2Cb%3Ac%25.yaml,line=1,col=1,title=x::50%25%0Aof it.\n"
    assert as_json([], "en") == "[]\n"


def on_a_terminal(folder: Path, **env: str) -> str:
    """What a check says when standard error is a terminal."""
    ours, theirs = pty.openpty()
    inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    command = [sys.executable, "-m", "pbgraph", "--project", str(folder), "check", "--quiet"]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=theirs, env={**inherited, "TERM": "xterm", **env}, check=False)
    os.close(theirs)
    with open(ours, "rb", closefd=True) as terminal:  # noqa: PTH123
        return os.read(terminal.fileno(), 65536).decode(errors="replace")


def test_a_terminal_gets_colours_unless_told_otherwise(project: Path) -> None:
    coloured, bare = on_a_terminal(project), on_a_terminal(project, NO_COLOR="1")
    assert "\x1b[31m" in coloured
    assert "\x1b" not in bare
    assert "\x1b" not in run(project, "check").stderr
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == bare


def test_the_language_is_that_of_the_locale(project: Path) -> None:
    put("note.txt", "")(project)
    assert "是否想写" in on_a_terminal(project, LC_ALL="zh_CN.UTF-8", NO_COLOR="1")
    assert "Did you mean" in on_a_terminal(project, LC_ALL="C.UTF-8", LANG="zh_CN.UTF-8", NO_COLOR="1")
