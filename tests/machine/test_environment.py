"""Whatever a command finds around it: locales, streams, homes, rights, links, other clocks."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from breaking import run, swap
from pbgraph import cache
from pbgraph import project as projects
from pbgraph.build import build
from pbgraph.problems import Refused
from small import BUILT, CHECKED, small_project

FIRST = "data/articles/first.yaml"
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""A locale in which Python takes names of files for bytes of no encoding."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_project(tmp_path / "p", (*CHECKED, "queries/networks", "queries/tables"))


def command(folder: Path, *arguments: str, env: Mapping[str, str] | None = None, shell: str = "") -> tuple[int, bytes, str]:
    """Exit code and what is printed by a process of its own; `shell` redirects its streams."""
    typed = [sys.executable, "-m", "pbgraph", "--project", str(folder), "--lang", "en", *arguments]
    words = ["sh", "-c", f'"$@" {shell}', "sh", *typed] if shell else typed
    ran = subprocess.run(words, env={**os.environ, **(env or {})}, capture_output=True, check=False, timeout=120)
    return ran.returncode, ran.stdout, ran.stderr.decode(errors="replace")


@pytest.mark.prove
def test_names_of_files_are_utf8_in_every_locale(folder: Path) -> None:
    (folder / FIRST).rename(folder / "data" / "articles" / "横县.yaml")
    assert command(folder, "build", "--quiet", env=ASCII)[0] == 0
    quads = (folder / "build" / "graph.nq").read_text(encoding="utf-8")
    assert "/graph/articles/%E6%A8%AA%E5%8E%BF>" in quads
    assert command(folder, "build", env=ASCII)[1:] == command(folder, "build")[1:]


def test_programs_are_given_utf8_whatever_is_printed_for_people(folder: Path) -> None:
    swap(FIRST, "en: Junqiao}", "en: Junqiáo}")(folder)
    assert run(folder, "build").exit_code == 0
    asked = ("query", "partners", "--village", "yaobu")
    for env in ({"PYTHONIOENCODING": "latin-1"}, {"PYTHONIOENCODING": "ascii"}, ASCII):
        code, out, err = command(folder, *asked, "--format", "json", env=env)
        assert (code, err) == (0, "")
        names = {row["name"]["value"] for row in json.loads(out)["results"]["bindings"]}
        assert names == {"君桥公司", "Junqiáo"}
        assert "君桥公司" in command(folder, *asked, "--format", "csv", env=env)[1].decode()
        code, out, err = command(folder, *asked, "--format", "table", env=env)
        assert (code, "Traceback" in err) == (0, False)
        assert (b"\\u541b" in out) == (env.get("PYTHONIOENCODING") == "latin-1"), "click takes ASCII for UTF-8"


@pytest.mark.prove
@pytest.mark.parametrize("closed", ["2>&-", ">&-", "<&-", ">&- 2>&- <&-"])
def test_a_stream_that_is_closed_stops_nothing(closed: str, folder: Path) -> None:
    code, _, err = command(folder, "build", shell=closed)
    assert (code, "Traceback" in err) == (0, False)
    code, _, err = command(folder, "query", "-", shell=closed)
    assert (code, "Traceback" in err) == (1, False), "nothing is asked"


def test_who_has_no_home_keeps_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)
    for told_ in ("", "rel"):
        monkeypatch.setenv("XDG_CACHE_HOME", told_)
        assert cache.of(folder).folder is None
    assert run(folder, "check").exit_code == 0


@pytest.mark.prove
def test_a_build_forgets_what_was_kept_for_projects_that_are_gone(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    other = small_project(tmp_path / "other", CHECKED)
    for each in (folder, other):
        assert run(each, "build").exit_code == 0
    kept = [cache.of(each).folder for each in (folder, other)]
    assert all(each and each.is_dir() for each in kept)
    shutil.rmtree(other)
    swap(FIRST, "en: Junqiao}", "en: Junqiao Company}")(folder)
    assert run(folder, "build").exit_code == 0
    assert [each.is_dir() for each in kept if each] == [True, False]


@pytest.mark.prove
def test_pages_can_be_read_by_all_again_after_a_build_for_oneself(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", BUILT)
    before = os.umask(0o077)
    try:
        assert run(folder, "build").exit_code == 0
        os.umask(0o022)
        swap(FIRST, "en: Junqiao}", "en: Junqiao Company}")(folder)
        assert run(folder, "build").exit_code == 0
    finally:
        os.umask(before)
    files = [path for path in (folder / "build").resolve().rglob("*") if path.is_file() and path.parent.name != "store"]
    assert len(files) > 100
    assert [path for path in files if not path.stat().st_mode & stat.S_IROTH] == []


@pytest.mark.parametrize("place", ["elsewhere", "site/public", "data/out", ".out"])
def test_nothing_is_built_where_it_would_take_the_place_of_something_or_be_read(place: str, folder: Path, tmp_path: Path) -> None:
    for part in ("site", "data"):
        (folder / part).mkdir(exist_ok=True)
    (tmp_path / "z").mkdir()
    output = folder / (".out" if place == ".out" else place)
    if place == "elsewhere":
        output.symlink_to(tmp_path / "z")
    if place == ".out":
        output.symlink_to(tmp_path / "z")
        output = folder / "out"
    with pytest.raises(Refused) as refused:
        build(projects.load(folder), output)
    assert [found.code for found in refused.value.problems] == ["unwritable"]
    assert [*(tmp_path / "z").iterdir()] == []


def test_a_file_that_was_put_back_with_its_old_time_is_newer_than_a_build(folder: Path, tmp_path: Path) -> None:
    shutil.copy2(folder / FIRST, tmp_path / "kept.yaml")
    swap(FIRST, "en: Junqiao}", "en: Junqiao Company}")(folder)
    assert run(folder, "build").exit_code == 0
    assert run(folder, "query", "partners", "--village", "yaobu", "--format", "csv").stderr == ""
    shutil.copy2(tmp_path / "kept.yaml", folder / FIRST)
    assert "older" in run(folder, "query", "partners", "--village", "yaobu", "--format", "csv").stderr


@pytest.mark.prove
def test_a_manifest_of_the_future_hides_no_edit(folder: Path) -> None:
    assert run(folder, "build").exit_code == 0
    os.utime(folder / "build" / "manifest.json", (2_000_000_000, 2_000_000_000))
    swap(FIRST, "en: Junqiao}", "en: Junqiao Company}")(folder)
    found = run(folder, "query", "partners", "--village", "yaobu", "--format", "csv")
    assert "older" in found.stderr
