"""`pbgraph fmt`: one form for all, in which every comment and every statement is as it was."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from breaking import add, put, run, told
from conftest import ROOT, WORLDS
from mapped import BASE, setting
from pbgraph import project as projects
from pbgraph.checks import read_schema
from pbgraph.formatting import Style, formatted, style_of
from pbgraph.mapping import map_file
from pbgraph.records import read
from small import FIRST, PLACES, SECOND, VOCABULARY, small_project

BROKEN = ROOT / "tests" / "broken"
DATA = [path for root in (ROOT, *sorted(WORLDS.iterdir())) for path in sorted((root / "data").rglob("*.yaml"))]
READABLE = [path for path in sorted(BROKEN.rglob("*.yaml")) if not hasattr(read(path.read_bytes(), "x"), "code")]


@pytest.fixture(scope="module")
def style() -> Style:
    return style_of(read_schema(projects.load(ROOT)), "# yaml-language-server: $schema=s.json")


def form(text: str | bytes, style: Style) -> str:
    done = formatted(text if isinstance(text, bytes) else text.encode(), "x.yaml", style)
    assert isinstance(done, str), done
    return done


def body(text: str, style: Style) -> str:
    """A text's canonical form without the line that leads to the schema."""
    first, _, rest = form(text, style).partition("\n")
    assert first == style.modeline
    return rest


def quads(content: bytes) -> list[str]:
    """The statements of a file, whatever their order and the order of what is found wrong."""
    mapped = map_file(content, "data/x.yaml", f"{BASE}graph/x", setting())
    return sorted(mapped.quads.split("\n")) + sorted(found.code for found in mapped.problems)


def comments(text: str) -> list[str]:
    return sorted(re.findall(r"# remark [0-9]+", text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # one line for up to four keys, a line for each of more
        ("source: x\nentities:\n- id: a\n  type: T\n", "source: x\n\nentities:\n  - {id: a, type: T}\n"),
        ("s:\n- {a: 1, b: 2, c: 3, d: 4, e: 5}\n", "s:\n  - a: 1\n    b: 2\n    c: 3\n    d: 4\n    e: 5\n"),
        ("s: [{a: [b, c], d: {e: f}}]\n", "s:\n  - {a: [b, c], d: {e: f}}\n"),
        ("source: {id: a}\n", "source:\n  id: a\n"),
        (f"s:\n- {{a: {'横' * 60}, b: c}}\n", f"s:\n  - a: {'横' * 60}\n    b: c\n"),
        ("s: []\n", "s: []\n"),
        ("s: [a]\n", "s:\n  - a\n"),
        ("source: {a: [{b: c}, {d: e}]}\n", "source:\n  a:\n    - {b: c}\n    - {d: e}\n"),
        ("source: {a: [{b: c}]}\n", "source:\n  a: [{b: c}]\n"),
        # id and type first
        ("s: [{name: m, type: T, id: a}]\n", "s:\n  - {id: a, type: T, name: m}\n"),
        # quotes where they must be, and round what is quoted
        ("s: [{passage: {2: 横县}}]\n", 's:\n  - {passage: {2: "横县"}}\n'),
        ("s: [{passage: {2: [横县, 'it''s']}}]\n", 's:\n  - {passage: {2: ["横县", "it\'s"]}}\n'),
        ('s: [{name: {zh: "横县"}, at: "2016"}]\n', "s:\n  - {name: {zh: 横县}, at: 2016}\n"),
        ("s: [{notation: '450127', value: \"340\"}]\n", 's:\n  - {notation: "450127", value: 340}\n'),
        ("s: [{name: {zh: '“八个一”'}}]\n", 's:\n  - {name: {zh: "“八个一”"}}\n'),
        ("s: [{a: 'x, y', b: 'x: y', c: '[x]', d: '', e: ' x'}]\n", None),
        ("s: [{webPage: 'http://x.org/a#b'}]\n", 's:\n  - {webPage: "http://x.org/a#b"}\n'),
        ("s: [{webPage: 'http://x.org/a'}]\n", "s:\n  - {webPage: http://x.org/a}\n"),
        ('s: [{a: "\\"x\\" \\\\ \\t"}]\n', 's:\n  - {a: "\\"x\\" \\\\ \\t"}\n'),
        # blank lines: one between sections, one where there were some
        ("a: b\nc: d\n\n\n\ne:\n\n- f\n\n\n- g\n- h\n\n", "a: b\n\nc: d\n\ne:\n  - f\n\n  - g\n  - h\n"),
        # comments
        ("# x\na: b # y\n# z\n", "# x\na: b  # y\n# z\n"),
        ("s:\n- {a: b} # x\n- c # y\n", "s:\n  - {a: b}  # x\n  - c  # y\n"),
        ("s:\n- {a: b, # x\n   c: d}\n", "s:\n  - a: b  # x\n    c: d\n"),
        ("s:\n- a: b\n  # x\n  c: d\n", "s:\n  - a: b\n    # x\n    c: d\n"),
        ("s:\n  - a\n  # - b\nt: c\n", "s:\n  - a\n  # - b\n\nt: c\n"),
        ("s:\n  # x\n  - a\n", "s:\n  # x\n  - a\n"),
        ("s: # x\n  - a\n", "s:  # x\n  - a\n"),
        ('s: [{passage: {1: "第 # 12家"}}]  # x\n', 's:\n  - {passage: {1: "第 # 12家"}}  # x\n'),
        ('s:\n- {name: {en: "a # 3"}, "b # c": d}  # x\n', 's:\n  - {name: {en: "a # 3"}, "b # c": d}  # x\n'),
        ("s:\n- {  # x\n  a: b}  # y\n", "s:\n  # x\n  - {a: b}  # y\n"),
        ("s:\n- a: {  # x\n    b: c\n    }  # y\n", "s:\n  # x\n  - {a: {b: c}}  # y\n"),
        ("s:\n-\n\n  - 3  # x\n", "s:\n  - [3]  # x\n"),
        # line ends, marks
        ("\ufeffa: b\r\nc: d\r\n", "a: b\n\nc: d\n"),
    ],
)
def test_one_form(text: str, expected: str | None, style: Style) -> None:
    once = body(text, style)
    assert expected is None or once == expected
    assert body(once, style) == once


def test_the_line_for_editors_is_written_once_and_mended(style: Style) -> None:
    assert form(f"{style.modeline}\na: b\n", style) == f"{style.modeline}\na: b\n"
    assert form("# yaml-language-server: $schema=elsewhere\n# x\na: b\n", style) == f"{style.modeline}\n# x\na: b\n"


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_data_files_mean_the_same_in_their_form(path: Path, style: Style) -> None:
    content = path.read_bytes()
    if hasattr(read(content, "x"), "code"):
        return
    once = form(content, style)
    assert form(once, style) == once
    assert quads(once.encode()) == quads(content)


def test_there_are_files_enough() -> None:
    assert len(DATA) >= 58
    assert len(READABLE) >= 120


def test_broken_files_that_can_be_read_mean_the_same_in_their_form(style: Style) -> None:
    for path in READABLE:
        content = path.read_bytes()
        once = form(content, style)
        assert form(once, style) == once, path.name
        assert quads(once.encode()) == quads(content), path.name


def remarked(text: str, places: list[tuple[int, int]]) -> Iterator[str]:
    """The lines of a text with remarks: between two lines, indented anyhow, or behind a line's end."""
    above = {line: (number, indent) for number, (line, indent) in enumerate(places)}
    for number, line in enumerate(text.splitlines()):
        remark, indent = above.get(number, (-1, 0))
        if remark >= 0 and indent < 8:
            yield f"{' ' * indent}# remark {remark}"
            yield from ([""] if remark % 3 == 0 else [])
        yield f"{line}  # remark {remark}" if remark >= 0 and indent >= 8 and line else line


LEAVES = st.sampled_from(["x", '"a # b"', "'c # d'", "5"])
LAYOUTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3), st.dictionaries(st.sampled_from("abcdef"), inner, min_size=1)
    ),
    max_leaves=10,
)


def laid_out(node: object, chance: Random, indent: int = 0, flow: bool = False) -> str:
    """A node as somebody may type it: in block or flow style, in one line or in several."""
    if isinstance(node, str):
        return f" {node}"
    keyed = isinstance(node, dict)
    entries = [(f"{key}:", value) for key, value in node.items()] if keyed else [("-", value) for value in node]  # type: ignore[attr-defined]
    margin = "\n" + " " * indent
    if flow or (indent and chance.random() < 0.4):
        items = [f"{key if keyed else ''}{laid_out(value, chance, indent + 2, flow=True)}" for key, value in entries]
        first, last = (chance.choice(["", f"{margin} "]) for _ in range(2))
        inner = "".join(f"{item}{chance.choice([', ', f',{margin}  '])}" for item in items[:-1]) + items[-1]
        return f" {'{' if keyed else '['}{first}{inner}{last}{'}' if keyed else ']'}"
    return "".join(f"{margin}{key}{laid_out(value, chance, indent + 2)}" for key, value in entries)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    nodes=st.dictionaries(st.sampled_from("stuv"), LAYOUTS, min_size=1),
    chance=st.randoms(use_true_random=False),
    places=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 12)), max_size=8, unique_by=lambda place: place[0]),
)
def test_comments_stay_in_whatever_layout(
    nodes: dict[str, object], chance: Random, places: list[tuple[int, int]], style: Style
) -> None:
    text = laid_out(nodes, chance).lstrip("\n")
    typed = "".join(f"{line}\n" for line in remarked(text, places))
    before = read(typed.encode(), "x")
    assume(not hasattr(before, "code"))
    once = form(typed, style)
    assert comments(once) == comments(typed)
    assert sorted_plain(read(once.encode(), "x")) == sorted_plain(before)
    assert form(once, style) == once


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.sampled_from([FIRST, SECOND, PLACES, VOCABULARY]),
    places=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 10)), max_size=12, unique_by=lambda place: place[0]),
)
def test_comments_stay_wherever_they_are(text: str, places: list[tuple[int, int]], style: Style) -> None:
    typed = "".join(f"{line}\n" for line in remarked(text, places))
    once = form(typed, style)
    assert comments(once) == comments(typed)
    assert form(once, style) == once
    assert quads(once.encode()) == quads(text.encode())


SCALARS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"]), max_size=12),
    st.sampled_from(
        ["no", "~", "0x1F", "1e3", "2016-04-27", "“a”", "“a", "- a", "a: b", "a #b", "? a", "'", '"', "{", "近2000万", ":", "a:"]
    ),
)
NODES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(SCALARS, inner, max_size=6).filter(lambda each: len(each) > 0)
    ),
    max_leaves=12,
)


def in_json(node: object) -> str:
    """A node as YAML in one line, every text in double quotes."""
    if isinstance(node, dict):
        return "{" + ", ".join(f"{in_json(key)}: {in_json(value)}" for key, value in node.items()) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(map(in_json, node)) + "]"
    return '"' + str(node).replace("\\", "\\\\").replace('"', '\\"') + '"'


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(node=st.dictionaries(SCALARS, NODES, min_size=1, max_size=5))
def test_whatever_can_be_read_is_the_same_in_its_form(node: dict[str, object], style: Style) -> None:
    text = in_json(node)
    before = read(text.encode(), "x")
    if hasattr(before, "code"):
        return
    once = form(text, style)
    after = read(once.encode(), "x")
    assert sorted_plain(before) == sorted_plain(after)
    assert form(once, style) == once


def sorted_plain(node: object) -> object:
    from pbgraph.records import Mapping, Scalar, Sequence

    if isinstance(node, Mapping):
        return {key.text: sorted_plain(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [sorted_plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.text


def test_the_repository_is_in_its_form() -> None:
    shown = run(ROOT, "fmt", "--check")
    assert (shown.exit_code, shown.stdout, shown.stderr) == (0, "", "")


def test_the_command_writes_or_tells(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", ("ontology",))
    shown = run(folder, "fmt", "--check")
    assert shown.exit_code == 1
    assert told(shown)[0] == "data/articles/first.yaml:1:1: not-formatted"
    assert (folder / "data/articles/first.yaml").read_text(encoding="utf-8") == FIRST
    assert run(folder, "fmt", str(folder / "data/places.yaml")).stdout == "data/places.yaml\n"
    assert run(folder, "fmt").stdout.splitlines() == [
        *("data/articles/first.yaml", "data/articles/second.yaml", "data/vocabularies/all.yaml"),
    ]
    assert (run(folder, "fmt").stdout, run(folder, "fmt", "--check").exit_code) == ("", 0)
    first = (folder / "data/articles/first.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../../build/schema/data.schema.json"


def test_what_lies_in_another_project_is_formatted_there(tmp_path: Path) -> None:
    folder, places = small_project(tmp_path / "p", ("ontology",)), tmp_path / "other/data/places.yaml"
    (folder / "data/places.yaml").unlink()
    put("other/pbgraph.toml", "")(tmp_path)
    put("other/data/places.yaml", PLACES)(tmp_path)
    with (folder / "pbgraph.toml").open("a", encoding="utf-8") as config:
        config.write('\n[paths]\ndata = ["data", "../other/data"]\n')
    assert "data/articles/first.yaml" in run(folder, "fmt").stdout.splitlines()
    assert (run(folder, "fmt", "--check").exit_code, places.read_text(encoding="utf-8")) == (0, PLACES)
    assert run(folder, "fmt", str(places)).stdout == "../other/data/places.yaml\n"
    assert places.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=../build/schema/data.schema.json\n")


def test_a_file_that_cannot_be_read_keeps_all_as_they_are(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", ("ontology",))
    put("data/broken.yaml", "a: [b\n")(folder)
    shown = run(folder, "fmt")
    assert (told(shown), shown.exit_code, shown.stdout) == (["data/broken.yaml:1:4: brace-left-open"], 1, "")
    assert (folder / "data/articles/first.yaml").read_text(encoding="utf-8") == FIRST
    add("data/broken.yaml", "")(folder)


def test_a_file_is_written_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p")
    (folder / "data/places.yaml").rename(own := tmp_path / "own.yaml")
    own.chmod(0o640)
    (folder / "data/places.yaml").symlink_to(own)
    before = own.read_bytes()
    command = [sys.executable, "-m", "pbgraph", "fmt", "--lang", "en", "data/places.yaml"]
    limited = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, preexec_fn=_no_more_than_a_block)
    assert (limited.returncode, own.read_bytes()) == (1, before)
    assert "data/places.yaml: unwritable" in limited.stderr
    assert run(folder, "fmt").exit_code == 0
    assert own.read_bytes() != before
    assert (own.stat().st_mode & 0o777, (folder / "data/places.yaml").is_symlink()) == (0o640, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own.yaml", "p"]


def _no_more_than_a_block() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))
