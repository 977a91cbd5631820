"""What is kept between runs changes nothing but the time: after any edit a check finds what a check from nothing finds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breaking import add, all_of, drop, put, run, swap
from pbgraph import cache, checks, verdicts
from pbgraph import project as projects
from pbgraph.cache import Cache, digest
from pbgraph.formatting import formatted, style_of
from pbgraph.reporting import Report, as_github, as_json, as_sarif
from small import FIRST, SECOND, VOCABULARY, small_project

NASTY = [
    "\t",
    "\0",
    "：",
    "“",
    "\u3000",
    "{",
    "]",
    '"',
    "'",
    "#",
    "&a",
    "*a",
    "!x",
    "|",
    ">",
    "%",
    "\n",
    "\r",
    "\ufeff",
    "𠮷",
    "\u202e",
    "- ",
    ": ",
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_project(tmp_path_factory.mktemp("edits") / "project")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    return Cache(tmp_path_factory.mktemp("kept"))


@pytest.mark.prove  # as test_rechecks does, edit by edit
def test_edits_in_turn_give_what_a_check_from_nothing_gives(tmp_path: Path) -> None:
    folder, kept = small_project(tmp_path / "project"), Cache(tmp_path / "kept")
    edits = [
        add("data/articles/first.yaml", "# nothing\n"),
        swap("data/articles/second.yaml", "340余家", "350余家"),
        swap("data/vocabularies/all.yaml", "{id: shops, type: Indicator", "{id: stalls, type: Indicator"),
        swap("data/vocabularies/all.yaml", "{id: stalls, type: Indicator", "{id: shops, type: Indicator"),
        put("data/articles/third.yaml", SECOND.replace("second", "third")),
        swap("shapes/core.ttl", "sh:maxLength 30", "sh:maxLength 3"),
        swap("ontology/pbgraph.ttl", 'pb:section        "holdings"', 'pb:section        "tenures"'),
        all_of(
            swap("pbgraph.toml", "https://w3id.org/pbgraph/", "https://example.org/"),
            swap("shapes/places.ttl", "https://w3id.org/pbgraph/id/", "https://example.org/id/"),
            swap("queries/checks/code-outside-county.rq", "https://w3id.org/pbgraph/id/", "https://example.org/id/"),
        ),
        drop("data/articles/first.yaml"),
        put("data/articles/first.yaml", FIRST),
        put("data/vocabularies/all.yaml", VOCABULARY.replace("id: yuan", "id: [")),
    ]
    for edit in [lambda folder: None, *edits]:
        edit(folder)
        project = projects.load(folder)
        ours, fresh = checks.check(project, kept), checks.check(project)
        assert ours.problems == fresh.problems
        assert ours.graph.lines() == fresh.graph.lines()
        verdict = verdicts.verdict(project, kept)
        assert (verdict.problems, verdict.statements) == (fresh.problems, len(fresh.graph))
        assert verdicts.verdict(project, kept) == verdict


EDITS = st.lists(st.tuples(st.integers(0, len(FIRST)), st.integers(0, 6), st.sampled_from([*NASTY, ""])), min_size=1, max_size=4)


@settings(max_examples=20, deadline=None)
@given(edits=EDITS)
def test_whatever_is_typed_is_told_in_every_form(edits: list[tuple[int, int, str]], place: Path, kept: Cache) -> None:
    is_told(edits, place, kept)


@pytest.mark.prove
@settings(max_examples=300, deadline=None)
@given(edits=EDITS)
def test_whatever_is_typed_is_told_in_every_form_at_length(edits: list[tuple[int, int, str]], place: Path, kept: Cache) -> None:
    is_told(edits, place, kept)


def is_told(edits: list[tuple[int, int, str]], place: Path, kept: Cache) -> None:
    """No edit of a file ends in an accident, however it is checked, told or formatted."""
    text = FIRST
    for at, length, instead in edits:
        text = text[:at] + instead + text[at + length :]
    put("data/articles/first.yaml", text)(place)
    project = projects.load(place)
    checked = checks.check(project, kept)
    for language in ("en", "zh"):
        lines = Report(language, place).text(checked.problems).splitlines()
        assert all("\x1b" not in line for line in lines)
    assert json.loads(as_json(checked.problems, "zh")) == [] or checked.problems
    assert json.loads(as_sarif(checked.problems, "en", "1"))["version"] == "2.1.0"
    assert as_github(checked.problems, "en").count("\n") == len(checked.problems)
    formatted((place / "data/articles/first.yaml").read_bytes(), "first.yaml", style_of(checked.schema, ""))


def test_a_value_is_kept_under_its_key(tmp_path: Path) -> None:
    kept = Cache(tmp_path / "kept")
    assert kept.get("name", "one", lambda: 1) == 1
    assert kept.get("name", "one", lambda: 2) == 1
    assert kept.get("name", "two", lambda: 2) == 2
    assert kept.get("other", "two", lambda: 3) == 3
    assert cache.NONE.get("name", "one", lambda: 4) == 4


@pytest.mark.parametrize("damage", [b"", b"junk", b"\x80\x05."])
def test_a_damaged_value_is_made_again(damage: bytes, tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    kept.get("name", "key", lambda: [1])
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage)
    assert kept.get("name", "key", lambda: [2]) == [2]
    assert kept.get("name", "key", lambda: [3]) == [2]


@pytest.mark.parametrize("place", range(0, 60, 7))
def test_a_value_with_a_flipped_bit_is_made_again(place: int, tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    kept.get("name", "key", lambda: ["a text that reads as well with another letter in it"])
    (path,) = tmp_path.iterdir()
    content = bytearray(path.read_bytes())
    content[-place - 1] ^= 1
    path.write_bytes(content)
    assert kept.find("name", "key") is None


def test_a_cache_that_cannot_be_written_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    kept = Cache(tmp_path / "file" / "below")
    assert kept.get("name", "key", lambda: 1) == 1
    assert kept.get("name", "key", lambda: 2) == 2


def test_what_cannot_be_written_whole_leaves_nothing_behind(tmp_path: Path) -> None:
    code = (
        "import resource, sys; from pathlib import Path; from pbgraph.cache import Cache;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)); import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "Cache(Path(sys.argv[1])).keep('name', 'key', 'x' * 10_000)"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path], check=True)
    assert list(tmp_path.iterdir()) == []


def test_a_digest_tells_its_parts_apart() -> None:
    assert digest([b"ab", b"c"]) != digest([b"a", b"bc"])
    assert digest([b"a"]) == digest([b"a"])


def test_it_lies_in_the_users_cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "own"))
    folder = small_project(tmp_path / "project")
    before = sorted(folder.iterdir())
    assert run(folder, "check").exit_code == 0
    assert sorted(folder.iterdir()) == before
    assert list((tmp_path / "own" / "pbgraph").iterdir())
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache.of(folder).folder is not None
    assert str(cache.of(folder).folder).startswith(str(Path.home()))


def settle(path: Path) -> None:
    """Wait until a file counts as written some time ago: the clock of no file system is coarser."""
    while time.time_ns() - path.stat().st_ctime_ns <= cache.COARSEST:
        time.sleep(0.1)


def test_files_that_nobody_touched_are_not_read_again(tmp_path: Path) -> None:
    kept, file = Cache(tmp_path / "kept"), tmp_path / "file"
    file.write_text("one", encoding="utf-8")
    assert kept.of_each("name", [file], lambda path: 1) == {file: 1}
    assert kept.of_each("name", [file], lambda path: 2) == {file: 2}, "written just now: a change might not show yet"
    settle(file)
    assert kept.of_each("name", [file], lambda path: 3) == {file: 3}
    assert kept.of_each("name", [file], lambda path: 4) == {file: 3}
    assert kept.of_each("name", [tmp_path / "none", file], lambda path: 5) == {tmp_path / "none": 5, file: 3}
    assert kept.of_each("other", [file], lambda path: 6) == {file: 6}


def test_a_file_is_read_again_though_its_size_and_time_were_put_back(tmp_path: Path) -> None:
    kept, file = Cache(tmp_path / "kept"), tmp_path / "file"
    file.write_text("one", encoding="utf-8")
    settle(file)
    assert kept.of_each("name", [file], lambda path: 1) == {file: 1}
    before = file.stat()
    file.write_text("two", encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert kept.of_each("name", [file], lambda path: 2) == {file: 2}
