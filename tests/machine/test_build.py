"""The same input gives the same bytes; a build is switched as a whole, and nothing that goes wrong leaves anything behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from breaking import run, swap, told, tree
from pbgraph import cache
from pbgraph import project as projects
from pbgraph.build import build, digest_of
from pbgraph.locking import alone
from pbgraph.problems import Refused
from pbgraph.store import open_read_only
from small import BUILT, CHECKED, small_project

WITHOUT_SITE = (*CHECKED, "queries/networks", "queries/tables")
EDIT = swap("data/places.yaml", "en: Guangxi", "en: Guangxi Region")
CUT = ("graph.nq", "tables/claims.csv")
HEAVY = {"rdflib", "pyshacl", "networkx", "numpy", "jinja2", "pyoxigraph", "edtf", "rich", "rapidfuzz", "yaml"}
"""What a build that finds everything as it was has no need of."""


def start(folder: Path, *, before: str = "", env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """`pbgraph build` of the project in `folder`, in a process of its own that first runs the statements `before`."""
    code = f"{before}\nfrom pbgraph.cli import main\nmain(['--project', {str(folder)!r}, '--lang', 'en', 'build'])"
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "SYSTEMROOT", "PYTHONPATH")}
    return subprocess.Popen(
        [sys.executable, "-c", code], env={**inherited, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Its exit code and what it printed, but for the lines that tell how long its stages took."""
    out, err = process.communicate(timeout=120)
    return process.returncode, out, re.sub(r"(?m)^[\w, ]+: [^:]*\d s\n", "", err)


def product(folder: Path) -> dict[str, str]:
    """What a build wrote, the store's own files left out: they hold the same quads in files that differ."""
    found = tree(folder / "build")
    return {name: digest for name, digest in found.items() if not name.startswith("store/")}


def quads(folder: Path) -> list[str]:
    return open_read_only(folder / "build" / "store", {}).lines()


def generations(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / ".build").iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project built without a site, which is quick."""
    folder = small_project(tmp_path_factory.mktemp("plain") / "p", WITHOUT_SITE)
    assert run(folder, "build").exit_code == 0
    return folder


@pytest.mark.prove
def test_two_copies_give_the_same_bytes_whatever_the_folder_zone_and_seed(small_built: Path, tmp_path: Path) -> None:
    folders = [small_project(tmp_path / name, BUILT) for name in ("a", "横 县/b c")]
    settings = [
        {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
        {"TZ": "America/St_Johns", "PYTHONHASHSEED": "20", "LC_ALL": "C.UTF-8"},
    ]
    processes = [start(folder, env=env) for folder, env in zip(folders, settings, strict=True)]
    assert [(code, err) for code, _, err in map(ended, processes)] == [(0, ""), (0, "")]
    ours = product(small_built)
    assert len(ours) > 400
    assert {"graph.nq", "graph.ttl", "manifest.json", "networks/pairings.gexf", "tables/claims.csv"} <= set(ours)
    for folder in folders:
        assert product(folder) == ours
        assert quads(folder) == quads(small_built)
    assert "\n".join(quads(folders[0])) + "\n" == (folders[0] / "build" / "graph.nq").read_text(encoding="utf-8")


def test_nothing_of_the_machine_or_the_day_is_written(small_built: Path) -> None:
    names = {
        str(small_built).encode(),
        small_built.parent.name.encode(),
        os.uname().nodename.encode() + b".",
        time.strftime("%Y-%m-%d").encode(),
    }
    for path in (small_built / "build").rglob("*"):
        if path.is_file() and "store" not in path.parts:
            assert not [name for name in names if name in path.read_bytes()], path


def test_a_second_build_does_nothing_and_loads_nothing(plain: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (plain / ".build").rglob("*")}
    loaded = "import atexit, sys; atexit.register(lambda: print(sorted(name for name in sys.modules if '.' not in name)))"
    code, out, err = ended(start(plain, before=loaded))
    assert (code, err) == (0, "")
    assert "is up to date" in out
    assert {path: path.stat().st_mtime_ns for path in (plain / ".build").rglob("*")} == before
    modules = set(json.loads(out.splitlines()[-1].replace("'", '"')))
    assert "pbgraph" in modules
    assert modules & HEAVY == set()


def test_what_did_not_stop_a_build_is_told_as_long_as_it_holds(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", CHECKED)
    swap("data/places.yaml", "entities:\n", "entities:\n  - {id: idle, type: Company, name: {zh: 闲, en: Idle}}\n")(folder)
    first = run(folder, "build")
    assert ("unused-entity" in first.stderr, first.exit_code) == (True, 0)
    again = run(folder, "build")
    assert (told(again), "is up to date" in again.stdout) == (told(first), True)
    assert again.stderr == first.stderr


@pytest.mark.prove
def test_a_build_is_made_again_where_what_it_was_made_with_has_another_version(plain: Path, tmp_path: Path) -> None:
    shutil.copytree(plain, folder := tmp_path / "p", symlinks=True)
    for name, again in (("none_of_ours-9.9", False), ("pypinyin-9.9", True)):
        (tmp_path / "more" / f"{name}.dist-info").mkdir(parents=True)
        paths = os.pathsep.join([str(tmp_path / "more"), os.environ.get("PYTHONPATH", "")])
        code, out, _ = ended(start(folder, env={"PYTHONPATH": paths}))
        assert (code, "is up to date" not in out) == (0, again), name


@pytest.mark.parametrize("part", ["store", "graph.nq", "tables"])
def test_a_build_of_which_a_part_is_gone_is_made_again(part: str, plain: Path, tmp_path: Path) -> None:
    shutil.copytree(plain, folder := tmp_path / "p", symlinks=True)
    gone = folder / "build" / part
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    assert "is up to date" not in run(folder, "build").stdout
    assert gone.exists()
    assert "is up to date" in run(folder, "build").stdout


@pytest.mark.parametrize("part", ["site/id", "store/*.sst", *(pytest.param(each, marks=pytest.mark.prove) for each in CUT)])
def test_a_build_in_which_something_was_cut_or_emptied_is_made_again(part: str, small_built: Path, tmp_path: Path) -> None:
    shutil.copytree(small_built, folder := tmp_path / "p", symlinks=True)
    assert "is up to date" in run(folder, "build").stdout
    before = product(folder)
    for path in (folder / "build").glob(part):
        if path.is_dir():
            next(path.iterdir()).unlink()
        else:
            content = path.read_bytes()
            path.write_bytes(content[:-9] if part != "store/*.sst" else content[:9] + bytes(9) + content[18:])
    assert "is up to date" not in run(folder, "build").stdout
    assert product(folder) == before
    assert "is up to date" in run(folder, "build").stdout
    assert run(folder, "query", "partners", "--village", "yaobu").exit_code == 0


def test_a_flipped_bit_in_what_a_check_kept_does_not_get_into_a_build(plain: Path, tmp_path: Path) -> None:
    shutil.copytree(plain, folder := tmp_path / "p", symlinks=True)
    EDIT(folder)
    kept = cache.of(folder)
    assert run(folder, "check").exit_code == 0
    assert kept.folder
    stores = [path for path in kept.folder.glob("checkpoint-*/store/*.sst") if path.stat().st_size > 9000]
    assert stores
    for path in stores:
        content = bytearray(path.read_bytes())
        content[len(content) // 3] ^= 1
        path.write_bytes(content)
    assert run(folder, "build").exit_code == 0
    assert quads(folder) == (folder / "build" / "graph.nq").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("name", "back"),
    [
        ("data/places.yaml", True),
        ("queries/networks/pairings.rq", False),
        pytest.param("data/places.yaml", False, marks=pytest.mark.prove),
        pytest.param("queries/networks/pairings.rq", True, marks=pytest.mark.prove),
    ],
)
def test_a_file_that_changes_during_a_build_is_told(name: str, back: bool, plain: Path, tmp_path: Path) -> None:
    shutil.copytree(plain, folder := tmp_path / "p", symlinks=True)
    EDIT(folder)
    content, before = (folder / name).read_bytes(), product(folder)

    def meanwhile(stage: str, done: int = 0, total: int = 0) -> None:
        if stage == "data" and not done:
            (folder / name).write_bytes(content + b"# meanwhile\n")
            if back:
                (folder / name).write_bytes(content)

    with pytest.raises(Refused) as refused:
        build(projects.load(folder), folder / "build", meanwhile)
    assert [(str(each.where), each.code) for each in refused.value.problems] == [(name, "changed-meanwhile")]
    assert product(folder) == before
    assert run(folder, "build").exit_code == 0


@pytest.mark.prove
def test_who_waits_for_another_run_says_so(plain: Path, tmp_path: Path) -> None:
    shutil.copytree(plain, folder := tmp_path / "p", symlinks=True)
    EDIT(folder)
    with alone(folder / ".build" / "lock"):
        process = start(folder)
        assert process.stderr
        assert process.stderr.readline() == "waiting for another run on this project to end\n"
    assert ended(process)[0] == 0


def test_what_desktops_leave_beside_builds_stays(plain: Path, tmp_path: Path) -> None:
    shutil.copytree(plain, folder := tmp_path / "p", symlinks=True)
    (folder / ".build" / ".trash").mkdir()
    (folder / ".build" / ".trash" / "mine").touch()
    swap("data/places.yaml", "en: Guangxi}", "en: Guangxi Region}")(folder)
    assert run(folder, "build").exit_code == 0
    assert (folder / ".build" / ".trash" / "mine").exists()
    assert len([path for path in (folder / ".build").iterdir() if path.is_dir() and path.name != ".trash"]) == 1


def test_an_edit_makes_a_new_generation_and_its_undoing_the_old_bytes(plain: Path, tmp_path: Path) -> None:
    shutil.copytree(plain, folder := tmp_path / "p", symlinks=True)
    original, (first,) = product(folder), generations(folder)
    text = (folder / "data/places.yaml").read_text(encoding="utf-8")
    EDIT(folder)
    assert run(folder, "build").exit_code == 0
    (second,) = generations(folder)
    assert second != first
    assert "Guangxi Region" in (folder / "build" / "graph.nq").read_text(encoding="utf-8")
    changed = {name for name, digest in product(folder).items() if original.get(name) != digest}
    assert {"graph.nq", "graph.ttl", "manifest.json"} <= changed
    (folder / "data/places.yaml").write_text(text, encoding="utf-8")
    assert run(folder, "build").exit_code == 0
    assert (product(folder), generations(folder)) == (original, [first])


def test_every_input_counts_and_nothing_else(plain: Path, tmp_path: Path) -> None:
    shutil.copytree(plain, folder := tmp_path / "p", symlinks=True)
    project = projects.load(folder)
    digests = {digest_of(project), json.loads((folder / "build" / "manifest.json").read_text(encoding="utf-8"))["digest"]}
    assert len(digests) == 1
    inputs = project.inputs()
    assert len(inputs) > 30
    for path in inputs:
        with path.open("a", encoding="utf-8") as file:
            file.write("# more")
        digests.add(digest_of(project))
    (folder / "data" / "more.yaml").write_text("", encoding="utf-8")
    digests.add(digest_of(project))
    assert len(digests) == 1 + len(inputs) + 1
    (folder / "mine.txt").write_text("", encoding="utf-8")
    (folder / "data" / ".mine.yaml").write_text("", encoding="utf-8")
    assert digest_of(project) in digests


KILLED_AT = """
import os, signal, sys
def hook(event, arguments, name={event!r}, end={end!r}):
    if event == name and str(arguments[0]).endswith(end):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
"""
MOMENTS = {
    "the first folder": ("os.mkdir", ".partial"),
    "a dump": ("open", ".partial/graph.nq"),
    "a table": ("open", "tables/claims.csv"),
    "the manifest": ("open", ".partial/manifest.json"),
    "the end of the writing": ("os.rename", ".partial"),
    "the new link": ("os.symlink", ""),
    "the switch": ("os.rename", "next"),
    "the removal of the old": ("shutil.rmtree", "{old}"),
}


FORKED = ("a table",)
"""Moments at which a process that was forked for a part of the work is killed, which the build survives to say so."""


@pytest.mark.prove
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_build_killed_midway_harms_nothing(moment: str, plain: Path, tmp_path: Path) -> None:
    event, end = MOMENTS[moment]
    shutil.copytree(plain, folder := tmp_path / "p", symlinks=True)
    old, (generation,) = product(folder), generations(folder)
    EDIT(folder)
    code, out, told = ended(start(folder, before=KILLED_AT.format(event=event, end=end.format(old=generation))))
    assert (code, out) == ((1 if moment in FORKED else -signal.SIGKILL), "")
    assert told.startswith("build: killed: ") is (moment in FORKED)
    switched = moment == "the removal of the old"
    assert (product(folder) == old) is not switched
    assert run(folder, "query", "partners", "--village", "yaobu").exit_code == 0
    assert run(folder, "build").exit_code == 0
    assert "Guangxi Region" in (folder / "build" / "graph.nq").read_text(encoding="utf-8")
    assert len(quads(folder)) == len((folder / "build" / "graph.nq").read_text(encoding="utf-8").splitlines())
    if not switched:
        assert len(generations(folder)) == 1


@pytest.mark.prove
@pytest.mark.parametrize("seconds", [0.05, 0.3, 0.5, 0.8, 1.0, 1.2, 1.5, 1.8, 2.1, 2.5, 3.0])
def test_a_build_killed_at_any_moment_harms_nothing(seconds: float, small_built: Path, tmp_path: Path) -> None:
    shutil.copytree(small_built, folder := tmp_path / "p", symlinks=True)
    old, old_quads = product(folder), quads(folder)
    EDIT(folder)
    process = start(folder)
    time.sleep(seconds)
    process.kill()
    ended(process)
    if "Guangxi Region" not in (folder / "build" / "graph.nq").read_text(encoding="utf-8"):
        assert (product(folder), quads(folder)) == (old, old_quads)
    assert run(folder, "build").exit_code == 0
    killed = product(folder)
    shutil.rmtree(folder / ".build")
    (folder / "build").unlink()
    assert run(folder, "build").exit_code == 0
    assert killed == product(folder)


@pytest.mark.prove
def test_two_builds_at_once_both_end_well_and_readers_see_whole_builds(plain: Path, tmp_path: Path) -> None:
    shutil.copytree(plain, folder := tmp_path / "p", symlinks=True)
    EDIT(folder)
    processes = [start(folder) for _ in range(2)]
    seen = set()
    while any(process.poll() is None for process in processes):
        manifest = json.loads((folder / "build" / "manifest.json").read_text(encoding="utf-8"))
        seen.add(manifest["digest"])
        time.sleep(0.005)
    results = [ended(process) for process in processes]
    assert [code for code, _, _ in results] == [0, 0]
    assert {err for _, _, err in results} <= {"", "waiting for another run on this project to end\n"}
    assert sorted("up to date" in out for _, out, _ in results) == [False, True]
    assert len(seen) <= 2
    assert generations(folder) == [json.loads((folder / "build" / "manifest.json").read_text(encoding="utf-8"))["digest"]]


@pytest.mark.prove
@pytest.mark.skipif(os.cpu_count() == 1, reason="one core makes all pages in one process")
def test_a_process_of_a_build_that_is_killed_keeps_the_old_build(small_built: Path, tmp_path: Path) -> None:
    shutil.copytree(small_built, folder := tmp_path / "p", symlinks=True)
    EDIT(folder)
    before = tree(folder)
    process = start(folder)
    forked = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while not (children := forked.read_text().split()):
        assert process.poll() is None
    os.kill(int(children[0]), signal.SIGKILL)
    code, _, err = ended(process)
    assert code == 1
    assert err.startswith("build: killed: A process that was making a part of the build has died")
    assert tree(folder) == before


@pytest.mark.parametrize("limit", [pytest.param(1000, marks=pytest.mark.prove), 150_000])
def test_a_disk_that_takes_no_more_keeps_the_old_build(limit: int, plain: Path, tmp_path: Path) -> None:
    shutil.copytree(plain, folder := tmp_path / "p", symlinks=True)
    EDIT(folder)
    before = tree(folder)
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"
    # Python itself would cut its own compiled files short, and read them later.
    code, out, err = ended(start(folder, before=limited, env={"PYTHONDONTWRITEBYTECODE": "1"}))
    assert (code, out) == (1, "")
    assert err.startswith("build: unwritable: Nothing can be written here: ")
    assert err.count("\n") == 1
    assert "File too large" in err
    assert tree(folder) == before
