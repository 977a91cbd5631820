"""Data files with the slips that curators make: each is found where it stands, by its code, and nothing else is found.

`tests/broken/` holds the files, `expected.txt` the findings: `NAME.yaml:LINE:COL: code`, a file without any is clean. Each file
stands for one more data file of the small project. A line of `expected.txt` that begins with `#` says something about the next.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from breaking import dangle, put
from pbgraph import checks
from pbgraph import project as projects
from pbgraph.cache import Cache
from pbgraph.problems import Where
from pbgraph.project import Project
from small import ROOT, small_project

BROKEN = ROOT / "tests" / "broken"
SLIPS = sorted(path.relative_to(BROKEN).as_posix() for path in BROKEN.rglob("*.yaml"))

HEAD = "source: {id: large, type: NewsArticle, name: {zh: 长文, en: Long}, published: 2017, language: zh, topic: hengxian}\n\n"
MENTION = 'mentions:\n  - {subject: hengxian, printedAs: 横县, passage: {2: "横县"}}\n'


def expected() -> dict[str, list[str]]:
    """The findings in each file that has any, as `line:col: code`."""
    found: dict[str, list[str]] = {}
    for line in lines():
        name, place = line.split(":", 1)
        found.setdefault(name, []).append(place)
    return found


def lines() -> list[str]:
    return [line for line in (BROKEN / "expected.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def sorting_key(line: str) -> tuple[str, int, int, str]:
    name, row, column, code = line.split(":")
    return name, int(row), int(column), code


EXPECTED = expected()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_project(tmp_path_factory.mktemp("broken") / "project")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    """What one check leaves for the next: only the broken file is read anew."""
    return Cache(tmp_path_factory.mktemp("kept"))


@contextmanager
def one_more(folder: Path, name: str) -> Iterator[Path]:
    """The place of one more data file, which is taken away again, whatever it was."""
    path = folder / "data" / (name if "/" in name else f"articles/{name}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield path
    finally:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def findings(folder: Path, kept: Cache) -> list[tuple[Where, str]]:
    return [(found.where, found.code) for found in checks.check(projects.load(folder), kept).problems]


def findings_in(folder: Path, path: Path, kept: Cache) -> list[str]:
    """What is found in one file, as `line:col: code`."""
    address = path.relative_to(folder).as_posix()
    return [f"{where.line}:{where.col}: {code}" for where, code in findings(folder, kept) if where.file == address]


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_found_where_it_stands(name: str, folder: Path, kept: Cache) -> None:
    with one_more(folder, name) as path:
        shutil.copyfile(BROKEN / name, path)
        assert findings_in(folder, path, kept) == EXPECTED.get(name, [])


def test_no_key_that_the_machine_writes_is_offered_as_unstated(folder: Path, kept: Cache) -> None:
    with one_more(folder, "large.yaml") as path:
        path.write_text(
            f"{HEAD}figures:\n  - {{subject: hengxian, indicator: shops, value: 3, unstated: [whne]}}\n", encoding="utf-8"
        )
        (told,) = (
            found.told("en") for found in checks.check(projects.load(folder), kept).problems if found.code == "unknown-key"
        )
        assert "channel, cumulative, from" in told
        assert not {"fingerprint", "earliest", "bound", "printed"} & {*told.replace(".", ",").split(", ")}


def test_the_corpus_is_wide() -> None:
    assert len(SLIPS) >= 115
    assert sum(Path(name).name.startswith("slip-") for name in SLIPS) >= 30
    assert len({line.rsplit(": ", 1)[1] for line in lines()}) >= 45
    assert set(EXPECTED) <= set(SLIPS)
    assert lines() == sorted(lines(), key=sorting_key)


def test_without_any_of_them_nothing_is_found(folder: Path, kept: Cache) -> None:
    assert findings(folder, kept) == []


# What cannot be kept in a repository.


def claims(size: int, year: str) -> str:
    """Lines of figures, `size` bytes of them at least, no two the same."""
    line = (
        "  - {{subject: hengxian, indicator: shops, value: {0}, at: {1}, "
        'passage: {{2: "第{0}家"}}, note: {{zh: {2}, en: shops}}}}\n'
    )
    padding = "网店" * 150
    each = len(line.format(10000, year, padding).encode())
    return "".join(line.format(10000 + number, year, padding) for number in range(size // each + 1))


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ("figures:\n" + claims(300_000, "2016") + "\n" + MENTION, set()),
        ("figures:\n" + claims(300_000, "2016年") + "\n" + MENTION, {"date-unreadable"}),
    ],
    ids=["clean", "each claim with a slip"],
)
def test_a_large_file(content: str, codes: set[str], folder: Path, kept: Cache) -> None:
    with one_more(folder, "large.yaml") as path:
        path.write_text(HEAD + content, encoding="utf-8")
        assert {code for _, code in findings(folder, kept)} == codes


def test_a_large_file_with_a_slip_at_its_end(folder: Path, kept: Cache) -> None:
    text = HEAD + "figures:\n" + claims(2_000_000, "2016")
    with one_more(folder, "large.yaml") as path:
        path.write_text(text + "\t- {}\n", encoding="utf-8")
        assert findings_in(folder, path, kept) == [f"{text.count(chr(10)) + 1}:1: tab-indentation"]


def test_a_file_of_fifty_megabytes_is_refused(folder: Path, kept: Cache) -> None:
    with one_more(folder, "large.yaml") as path:
        path.write_text(HEAD + "figures:\n" + claims(50_000_000, "2016") + "\n" + MENTION, encoding="utf-8")
        assert findings_in(folder, path, kept) == ["0:0: too-large"]


def test_a_link_that_leads_nowhere(folder: Path, kept: Cache) -> None:
    with one_more(folder, "gone.yaml") as path:
        dangle("data/articles/gone.yaml")(folder)
        assert findings_in(folder, path, kept) == ["0:0: unreadable-file"]


def test_a_link_that_leads_to_itself(folder: Path, kept: Cache) -> None:
    with one_more(folder, "loop.yaml") as path:
        path.symlink_to("loop.yaml")
        assert findings_in(folder, path, kept) == ["0:0: unreadable-file"]


def test_a_file_that_vanishes_before_it_is_read(folder: Path, kept: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    with one_more(folder, "gone.yaml") as path:
        put("data/articles/gone.yaml", HEAD)(folder)
        read = Project.read

        def read_late(self: Project, file: Path) -> bytes:
            if file == path:
                path.unlink(missing_ok=True)
            return read(self, file)

        monkeypatch.setattr(Project, "read", read_late)
        assert findings_in(folder, path, kept) == ["0:0: unreadable-file"]


def test_a_folder_with_the_name_of_a_file(folder: Path, kept: Cache) -> None:
    with one_more(folder, "folder.yaml") as path:
        path.mkdir()
        (path / "inner.yaml").write_text("source: nobody\n", encoding="utf-8")
        assert findings(folder, kept) == [(Where("data/articles/folder.yaml/inner.yaml", 1, 9), "unknown-id")]


def test_a_pipe_with_the_name_of_a_file_is_not_waited_for(folder: Path, kept: Cache) -> None:
    with one_more(folder, "pipe.yaml") as path:
        os.mkfifo(path)
        assert findings_in(folder, path, kept) == []


@pytest.mark.parametrize("suffix", ["yml", "YAML", "yaml.txt"])
def test_a_file_that_looks_like_data_is_told_of(suffix: str, folder: Path, kept: Cache) -> None:
    with one_more(folder, f"more.{suffix}") as path:
        path.write_text(HEAD, encoding="utf-8")
        assert findings_in(folder, path, kept) == ["0:0: file-suffix"]


def test_a_folder_that_is_a_link_is_read_and_a_loop_of_links_once(folder: Path, kept: Cache, tmp_path: Path) -> None:
    for name, other in (("here", "there"), ("there", "here")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "loop").symlink_to(tmp_path / other)
    (tmp_path / "here" / "inner.yaml").write_text("source: nobody\n", encoding="utf-8")
    with one_more(folder, "linked") as path:
        path.symlink_to(tmp_path / "here")
        assert findings(folder, kept) == [(Where("data/articles/linked/inner.yaml", 1, 9), "unknown-id")]


def test_what_nobody_may_look_into_is_told_of(folder: Path, tmp_path: Path) -> None:
    with one_more(folder, "closed") as path:
        path.mkdir(mode=0o000)
        assert "data/articles/closed: unreadable-file" in checked_without_rights(folder)
    (tmp_path / "closed").mkdir(mode=0o000)
    with one_more(folder, "link.yaml") as path:
        path.symlink_to(tmp_path / "closed" / "x.yaml")
        assert "data/articles/link.yaml: unreadable-file" in checked_without_rights(folder)


def checked_without_rights(folder: Path) -> str:
    """What a check says that may read only what permissions allow, as root may not (capabilities(7), setpriv(1))."""
    rights = "-dac_override,-dac_read_search"
    as_others = ["setpriv", "--bounding-set", rights, "--inh-caps", rights] if os.geteuid() == 0 else []
    command = [*as_others, sys.executable, "-m", "pbgraph", "check", "--lang", "en"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    return done.stderr
