"""Wrong usage, outputs that cannot be written, builds that are missing or damaged: a line, an exit code, build/ as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from breaking import Break, dangle, put, run, swap, told, tree
from small import CHECKED, QUESTION, small_project

ASKED = "queries/questions/partners.rq"

USAGE: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "unknown question": (("query", "partnrs"), ["queries: unknown-query"]),
    "unknown parameter": (("query", "partners", "--village", "yaobu", "--vilage", "x"), ["partners: unknown-parameter"]),
    "missing parameter": (("query", "partners"), ["partners: missing-parameter"]),
    "wrong class": (("query", "partners", "--village", "junqiao"), ["partners: not-of-class"]),
    "wrong class by name": (("query", "partners", "--village", "君桥公司"), ["partners: not-of-class"]),
    "unknown name": (("query", "partners", "--village", "nowhere"), ["partners: unknown-name"]),
    "ambiguous name": (("query", "partners", "--village", "Twin"), ["partners: ambiguous-name"]),
    "both": (("query", "partners", "--vilage", "x"), ["partners: missing-parameter", "partners: unknown-parameter"]),
}


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project with two villages of one name, built without a site."""
    folder = small_project(tmp_path_factory.mktemp("twins") / "p", ("ontology",))
    twin = "  - {{id: twin-{n}, type: Village, name: {{zh: 双村, en: Twin}}, partOf: shitang, form: village}}\n"
    put("data/twins.yaml", "source: editors\nentities:\n" + twin.format(n=1) + twin.format(n=2))(folder)
    assert run(folder, "build").exit_code == 0
    return folder


@pytest.mark.parametrize("name", USAGE)
def test_a_question_asked_wrongly_ends_with_one(name: str, twins: Path) -> None:
    arguments, expected = USAGE[name]
    result = run(twins, *arguments)
    assert told(result) == expected
    assert (result.exit_code, result.stdout) == (1, "")


def test_messages_name_what_can_be_meant(twins: Path) -> None:
    twin = "twin-{n} (Twin, village or community: Shitang, Hengxian, Nanning, Guangxi)"
    assert f"{twin.format(n=1)}; {twin.format(n=2)}." in run(twins, "query", "partners", "--village", "双村").stderr
    assert "pbgraph query partners --village yaobu" in run(twins, "query", "partners").stderr
    assert "Did you mean village?" in run(twins, "query", "partners", "--vilage", "x").stderr
    assert "Did you mean partners?" in run(twins, "query", "partner").stderr


def test_a_value_that_is_no_text_is_refused(twins: Path) -> None:
    for value in ("\udcff", "双\udcff村"):
        result = run(twins, "query", "partners", "--village", value)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.endswith("Error: --village: not UTF-8\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("frobnicate",),
        ("check", "x"),
        ("build", "--output"),
        ("query", "--sparql"),
        ("query", "partners", "yaobu"),
        ("query", "partners", "--village"),
        ("query", "partners", "--village", "yaobu", "--village", "yaobu"),
        ("query", "partners", "--sparql", "SELECT * {}"),
        ("query", "--sparql", "SELECT * {}", "--format", "xml"),
        ("query", "--file", "nowhere.rq"),
        ("query", "--file", "."),
        ("--project", "nowhere", "check"),
        ("--lang", "fr", "check"),
    ],
    ids=" ".join,
)
def test_arguments_that_make_no_sense_end_with_two(arguments: tuple[str, ...], twins: Path) -> None:
    result = run(twins, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1].startswith("Error: ")


@pytest.mark.parametrize("seconds", ["1e12", "nan"])
def test_a_time_that_no_clock_counts_is_never_up(seconds: str, twins: Path) -> None:
    command = [sys.executable, "-m", "pbgraph", "--project", str(twins), "--lang", "en"]
    asking = [*command, "query", "partners", "--village", "yaobu", "--columns", "partner", "--timeout", seconds]
    result = subprocess.run(asking, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, "partner\nhttps://w3id.org/pbgraph/id/junqiao\n", "")


@pytest.mark.parametrize(
    ("sparql", "expected"),
    [
        ("SELECT ?x WHERE {\n  ?x a }", "-:2:9: bad-query"),
        ("", "-:1:1: bad-query"),
        ("SELECT ?x { ?x a foo:Bar }", "-:1:18: unknown-prefix"),
        ("ASK {}", "-:1:1: bad-query"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "-:1:10: bad-query"),
        ("SELECT (<urn:f>(1) AS ?x) {}", "-:1:1: bad-query"),
        (b"SELECT ?x { ?x ?y '\xff' }", "-:1:20: not-utf8"),
        ("SELECT ?x { ?x ?y '\0' }", "-:1:20: control-character"),
    ],
)
def test_sparql_that_cannot_be_run(sparql: str | bytes, expected: str, twins: Path) -> None:
    result = run(twins, "query", "-", given=sparql)
    assert told(result) == [expected]
    assert (result.exit_code, result.stdout) == (1, "")


def test_nothing_can_be_asked_before_there_is_a_build(tmp_path: Path) -> None:
    result = run(small_project(tmp_path / "p", ("ontology",)), "query", "partners", "--village", "yaobu")
    assert (told(result), result.exit_code, result.stdout) == (["build: no-build"], 1, "")


def emptied(folder: Path) -> None:
    tables = list((folder / "build" / "store").glob("*.sst"))
    assert tables
    for table in tables:
        table.write_bytes(b"")


def flipped(folder: Path) -> None:
    for table in (folder / "build" / "store").glob("*.sst"):
        content = bytearray(table.read_bytes())
        content[100] ^= 1
        table.unlink()  # Its other names, in the build that was copied and in the cache, keep what they hold.
        table.write_bytes(content)


DAMAGES: dict[str, Break] = {
    "manifest with values of other kinds": put("build/manifest.json", '{"digest": 1, "base": 2, "prefixes": 3, "counts": 4}'),
    "one bit of each table of the store": flipped,
    "manifest": put("build/manifest.json", "{"),
    "manifest of something else": put("build/manifest.json", "[]"),
    "manifest that is not UTF-8": put("build/manifest.json", b"\xff"),
    "store": put("build/store/CURRENT", "junk"),
    "store gone": lambda folder: shutil.rmtree(folder / "build" / "store"),
    "table of the store": emptied,
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_build_is_told_and_can_be_made_again(name: str, twins: Path, tmp_path: Path) -> None:
    shutil.copytree(twins, folder := tmp_path / "p", symlinks=True)
    DAMAGES[name](folder)
    question = ("query", "partners", "--village", "yaobu")
    result = run(folder, *question)
    assert (told(result), result.exit_code, result.stdout) == (["build: damaged-build"], 1, "")
    (folder / "build").unlink()
    assert run(folder, "build").exit_code == 0
    assert run(folder, *question).exit_code == 0


def occupied(folder: Path) -> None:
    (folder / "out" / "mine").mkdir(parents=True)


OUTPUTS: dict[str, tuple[Break, str, str]] = {
    "a folder of one's own": (occupied, "out", "out: unwritable"),
    "a file": (put("out", "mine"), "out", "out: unwritable"),
    "below a file": (put("out", "mine"), "out/build", "build: unwritable"),
    "a file where the builds go": (put(".out", "mine"), "out", "out: unwritable"),
    "a folder of one's own where the builds go": (put(".out/mine/notes.txt", "mine"), "out", "out: unwritable"),
    "a repository where the builds go": (put(".out/HEAD", "ref: x"), "out", "out: unwritable"),
    "a name too long": (put("mine", ""), "x" * 300, f"{'x' * 300}: unwritable"),
    "the data folder": (put("mine", ""), "data", "data: unwritable"),
    "the root": (put("mine", ""), "/", "/: unwritable"),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_what_cannot_be_written_is_told_and_nothing_is_touched(name: str, tmp_path: Path) -> None:
    change, output, expected = OUTPUTS[name]
    change(folder := small_project(tmp_path / "p", ("ontology",)))
    before = tree(folder)
    result = run(folder, "build", "--output", str(folder / output))
    assert (told(result), result.exit_code, result.stdout) == ([expected], 1, "")
    assert {name: digest for name, digest in tree(folder).items() if name != ".out/lock"} == before


ERRORS: dict[str, tuple[Break, list[str]]] = {
    "data": (swap("data/places.yaml", "Township", "Townshp"), ["data/places.yaml:7:25: unknown-type"]),
    "ontology": (put("ontology/pbgraph.ttl", "x"), ["ontology/pbgraph.ttl:1:1: bad-turtle"]),
    "configuration": (put("pbgraph.toml", ""), ["pbgraph.toml: bad-config", "pbgraph.toml: bad-config"]),
    "question": (put(ASKED, QUESTION.replace("?claim pb:beneficiary", "?claim")), [f"{ASKED}:13:19: bad-query"]),
    "example of a question": (
        put(ASKED, QUESTION.replace("{village: yaobu}", "{village: nowhere}")),
        [f"{ASKED}:10:25: unknown-name"],
    ),
    "table": (put("queries/tables/own.rq", "#+ label: {zh: 甲, en: A}\nSELECT"), ["queries/tables/own.rq:2:7: bad-query"]),
    "network": (
        put(
            "queries/networks/own.rq",
            "#+ label: {zh: 甲, en: A}\n#+ legend: {zh: 甲, en: A}\nSELECT ?source { ?source a pb:Village }",
        ),
        ["queries/networks/own.rq:3:1: network-column"],
    ),
    "page query": (put("queries/pages/kinds.rq", "SELECT ?x { ?x"), ["queries/pages/kinds.rq:1:15: bad-query"]),
    "data that lead nowhere": (dangle("data/more.yaml"), ["data/more.yaml: unreadable-file"]),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_leaves_the_build_as_it_was(name: str, small_built: Path, tmp_path: Path) -> None:
    change, expected = ERRORS[name]
    shutil.copytree(small_built, folder := tmp_path / "p", symlinks=True)
    change(folder)
    before = tree(folder)
    result = run(folder, "build")
    assert (told(result), result.exit_code, result.stdout) == (expected, 1, "")
    assert tree(folder) == before


def test_a_real_command_puts_findings_on_standard_error_and_ends_with_one(tmp_path: Path) -> None:
    swap("data/places.yaml", "Township", "Townshp")(folder := small_project(tmp_path / "p", ("ontology",)))
    for command, code in (("check", 1), ("build", 1), ("frobnicate", 2)):
        ran = subprocess.run(
            [sys.executable, "-m", "pbgraph", "--lang", "en", command],
            cwd=folder / "data",
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == code
        assert "Traceback" not in ran.stderr
        if code == 1:
            assert ran.stderr.startswith("data/places.yaml:7:25: unknown-type: ")


def real(folder: Path, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pbgraph", "--lang", "en", *arguments]
    return subprocess.run(command, cwd=folder, stderr=subprocess.PIPE, text=True, check=False, **options)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("arguments", [("check",), ("query", "--list"), ("schema",)], ids=" ".join)
def test_output_that_nothing_can_take_is_told(arguments: tuple[str, ...], small_built: Path) -> None:
    with Path("/dev/full").open("w") as full:
        found = real(small_built, *arguments, stdout=full)
    assert found.returncode == 1
    assert found.stderr.startswith("standard output: unwritable: Nothing can be written here: No space left on device.")
    assert found.stderr.count("\n") == 1


def test_a_folder_that_is_gone_holds_no_project(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = "import os, sys; os.rmdir(os.getcwd()); sys.argv = ['pbgraph', 'check']; from pbgraph.__main__ import main; main()"
    found = subprocess.run([sys.executable, "-c", script], cwd=gone, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr.partition(": Neither")[0]) == (1, "pbgraph.toml: no-project")


def test_a_file_whose_name_is_not_utf8_is_told_and_a_folder_may_have_such_a_name(tmp_path: Path) -> None:
    folder = small_project(Path(os.fsdecode(os.fsencode(tmp_path) + b"/p\xff")), CHECKED)
    assert real(folder, "check", stdout=subprocess.DEVNULL).returncode == 0
    (folder / "data" / os.fsdecode(b"bad\xff.yaml")).write_text("source: editors\n", encoding="utf-8")
    for command in (("check",), ("fmt", "--check"), ("verify",), ("build",)):
        found = real(folder, *command, stdout=subprocess.DEVNULL)
        assert (found.returncode, found.stderr.count("\n")) == (1, 1), command
        assert found.stderr.startswith("data/bad\\xff.yaml: unreadable-file: This file cannot be read: its name is not UTF-8.")
