"""Building: equal bytes anywhere, nothing done twice, and an old build that no accident can harm."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pbgraph import project as projects
from pbgraph import store
from pbgraph.build import build
from pbgraph.problems import Refused

Copy = Callable[[], Path]
NAME = "data/articles/hengxian-last-mile.yaml"


def run(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pbgraph", "--project", str(root), *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False)


def contents(folder: Path) -> Mapping[str, bytes]:
    """Every file of a build but those of the store, whose files are the database's own."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if "store" not in path.relative_to(folder).parts[:1]}


def quads(folder: Path) -> list[str]:
    return store.open_read_only(folder / "store", {}).lines()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project that builds quickly: the museums, with what they borrow from the repository."""
    from conftest import ROOT

    target = tmp_path / "repository"
    for part in ("ontology", "shapes", "queries", "site", "tests/worlds/museums"):
        shutil.copytree(ROOT / part, target / part)
    return target / "tests" / "worlds" / "museums"


def test_two_copies_build_the_same_bytes(copy_project: Copy, tmp_path: Path) -> None:
    first = copy_project()
    second = tmp_path / "另一个 folder" / "deeper"
    shutil.copytree(first, second)
    assert run(first, "build", TZ="Asia/Shanghai", PYTHONHASHSEED="1", LANG="C.UTF-8").returncode == 0
    assert run(second, "build", TZ="America/Lima", PYTHONHASHSEED="77", LC_ALL="C").returncode == 0
    assert contents(first / "build") == contents(second / "build")
    assert len(contents(first / "build")) > 900
    assert quads(first / "build") == quads(second / "build") == (first / "build" / "graph.nq").read_text("utf-8").splitlines()


def test_a_second_build_does_nothing(small: Path) -> None:
    assert "Built" in run(small, "build").stdout
    before = {path: path.stat().st_mtime_ns for path in (small / "build").rglob("*")}
    assert "up to date" in run(small, "build").stdout
    assert {path: path.stat().st_mtime_ns for path in (small / "build").rglob("*")} == before


def test_a_build_that_does_nothing_loads_no_heavy_library(small: Path) -> None:
    run(small, "build")
    code = (
        "import sys; from pathlib import Path; from pbgraph import project; from pbgraph.build import build;"
        "root = Path(sys.argv[1]); report = build(project.load(root), root / 'build', print);"
        "print(report.fresh, sorted({'rdflib', 'pyshacl', 'networkx', 'jinja2', 'pyoxigraph', 'numpy'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code, str(small)], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False []"


def test_an_edit_replaces_the_old_generation(small: Path) -> None:
    run(small, "build")
    old = (small / "build").resolve()
    data = sorted((small / "data").rglob("*.yaml"))[0]
    data.write_text(data.read_text("utf-8") + "# a remark\n", "utf-8")
    assert "Built" in run(small, "build").stdout
    new = (small / "build").resolve()
    assert new != old
    assert not old.exists()
    assert [path.name for path in new.parent.iterdir() if path.is_dir()] == [new.name]


def test_an_error_keeps_the_old_build(small: Path) -> None:
    run(small, "build")
    before = contents(small / "build")
    data = sorted((small / "data").rglob("*.yaml"))[0]
    data.write_text(data.read_text("utf-8").replace("source:", "sorce:", 1), "utf-8")
    found = run(small, "build")
    assert found.returncode == 1
    assert found.stdout == ""
    assert "unknown-section" in found.stderr
    assert contents(small / "build") == before


def test_a_template_with_an_error_keeps_the_old_build(small: Path) -> None:
    run(small, "build")
    before = contents(small / "build")
    template = small / "site" / "templates" / "loans.html"
    template.write_text(template.read_text("utf-8") + "{{ nothing_of_this_name }}", "utf-8")
    found = run(small, "build")
    assert found.returncode == 1
    assert "nothing_of_this_name" in found.stderr
    assert "Traceback" not in found.stderr
    assert contents(small / "build") == before
    assert not list((small / ".build").glob("*.partial*")) or "Built" not in found.stdout


def test_a_folder_in_the_way_is_left_alone(small: Path) -> None:
    (small / "build").mkdir()
    (small / "build" / "mine.txt").write_text("mine", "utf-8")
    found = run(small, "build")
    assert (found.returncode, found.stdout) == (1, "")
    assert "unwritable" in found.stderr
    assert (small / "build" / "mine.txt").read_text("utf-8") == "mine"


def test_a_file_in_the_way_is_no_traceback(small: Path) -> None:
    (small / "file").write_text("", "utf-8")
    found = run(small, "build", "--output", str(small / "file" / "build"))
    assert found.returncode == 1
    assert "unwritable" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.prove
@pytest.mark.parametrize("seconds", [0.2, 0.5, 0.9, 1.3, 1.8, 2.5, 3.5, 5.0])
def test_a_killed_build_harms_nothing(seconds: float, copy_project: Copy) -> None:
    root = copy_project()
    assert run(root, "build").returncode == 0
    before = contents(root / "build")
    (root / NAME).write_text((root / NAME).read_text("utf-8") + "# a remark\n", "utf-8")
    process = subprocess.Popen([sys.executable, "-m", "pbgraph", "--project", str(root), "build"], start_new_session=True)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None
    process.wait()
    assert run(root, "query", "two-hops", "--place", "窑埠村").returncode == 0
    after = {name: content for name, content in contents(root / "build").items() if name != "manifest.json"}
    assert after == {name: content for name, content in before.items() if name != "manifest.json"}
    assert run(root, "build").returncode == 0
    assert not list((root / ".build").glob("*.partial"))


@pytest.mark.prove
def test_two_builds_at_once_both_end_well(copy_project: Copy) -> None:
    root = copy_project()
    command = [sys.executable, "-m", "pbgraph", "--project", str(root), "build"]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ended = [(process.communicate(timeout=120), process.returncode) for process in processes]
    assert [code for _, code in ended] == [0, 0], ended
    assert (root / "build" / "site" / "index.html").is_file()


def test_building_is_a_function_too(small: Path, tmp_path: Path) -> None:
    stages: list[str] = []
    report = build(projects.load(small), tmp_path / "elsewhere", stages.append)
    assert report.fresh
    assert stages[:1] == ["check"]
    assert report.counts["pages"] > 50
    (small / "pbgraph.toml").write_text("base = 3\n", "utf-8")
    with pytest.raises(Refused):
        projects.load(small)
