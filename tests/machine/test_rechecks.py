"""After edits, renames, deletions and kills a check of what changed finds, and keeps, what a check from nothing does."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from breaking import add, all_of, drop, put, swap
from pbgraph import cache, checkpoints, checks, rechecks, store, verdicts
from pbgraph import project as projects
from pbgraph.build import build
from pbgraph.cache import Cache
from pbgraph.problems import Verdict
from pbgraph.project import Project
from small import FIRST, PLACES, SECOND, small_project

LINES = (FIRST + PLACES + SECOND).splitlines(keepends=True)


def fresh(project: Project) -> tuple[Verdict, list[str]]:
    checked = checks.check(project)
    return Verdict(checked.problems, checked.files, len(checked.graph)), checked.graph.lines()


def kept_lines(kept: Cache, project: Project) -> list[str] | None:
    """All quads of the store that was kept last; None: there is none of the data as they are."""
    rules = checks.read_rules(project, kept)
    state = checkpoints.find(kept, rules.key)
    if state is None or state.keys != checks.read_data(project, rules, kept).keys:
        return None
    return store.open_read_only(checkpoints.folder(kept, state), {}).lines()


def is_as_from_nothing(project: Project, kept: Cache) -> bool:
    """Whether the state was kept; it, and what was found, is asserted to be that of a check from nothing."""
    verdict, lines = fresh(project)
    assert verdicts.verdict(project, kept) == verdict
    found = kept_lines(kept, project)
    assert found in (None, lines)
    assert found or any(each.severity == "error" for each in verdict.problems)
    return found is not None


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every graph counts as one of which it is found out at once what an edit needs."""
    monkeypatch.setattr(rechecks, "LARGE", 0)


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Which checks were made: of all files, or of what changed."""
    seen: list[str] = []

    def watched(name: str, call: Callable[..., object]) -> Callable[..., object]:
        def called(*given: object) -> object:
            seen.append(name)
            return call(*given)

        return called

    monkeypatch.setattr(checks, "check_all", watched("all", checks.check_all))
    monkeypatch.setattr(store.Graph, "copy", watched("changed", store.Graph.copy))
    yield seen


MORE = """\
source: second

mentions:
  - {subject: hengxian, printedAs: 横县, passage: {1: "340余家"}}
"""
RESTING = MORE.replace("source: second", "source: editors")
"""Claims on a source that another file tells of."""

EDITS: list[tuple[str, Callable[[Path], object], str]] = [
    ("nothing in the graph", add("data/articles/first.yaml", "# a comment\n"), "changed"),
    ("a name for an id", swap("data/articles/second.yaml", "subject: hengxian", "subject: 横县"), "changed"),
    ("the id", put("data/articles/second.yaml", SECOND), "changed"),
    ("a value", swap("data/articles/second.yaml", "340余家", "350余家"), "changed"),
    ("back again", swap("data/articles/second.yaml", "350余家", "340余家"), "changed"),
    ("a new file", put("data/articles/third.yaml", SECOND.replace("second", "third")), "changed"),
    ("a warning", swap("data/articles/third.yaml", "at: article, ", ""), "changed"),
    ("a warning elsewhere moves", add("data/articles/first.yaml", "# another\n"), "changed"),
    ("the warning goes", swap("data/articles/third.yaml", 'passage: {1: "横县340', 'at: 2016, passage: {1: "横县340'), "changed"),
    ("an error of a shape", swap("data/articles/first.yaml", "at: article, passage: {2", "passage: {2"), "changed"),
    ("and an error of reading", swap("data/articles/first.yaml", "近2000万元, period", "近2000亩, period"), "changed"),
    ("syntax", add("data/articles/second.yaml", "mentions: [\n"), "changed"),
    ("all mended", put("data/articles/first.yaml", FIRST), "changed"),
    ("that too", put("data/articles/second.yaml", SECOND), "changed"),
    ("an id that others refer to goes", swap("data/places.yaml", "id: yaobu", "id: yaobucun"), "changed"),
    ("and comes back", put("data/places.yaml", PLACES), "changed"),
    ("another class", swap("data/places.yaml", "id: hengxian, type: County", "id: hengxian, type: Prefecture"), "changed"),
    ("a ring", put("data/places.yaml", PLACES.replace("en: Guangxi}", "en: Guangxi}, partOf: shitang")), "changed"),
    ("as it was", put("data/places.yaml", PLACES), "changed"),
    ("a file goes", drop("data/articles/first.yaml"), "changed"),
    ("and comes under another name", put("data/articles/other/name.yaml", FIRST), "changed"),
    ("owned twice", put("data/articles/first.yaml", FIRST), "changed"),
    ("the other goes: too much is new", drop("data/articles/other"), "changed all"),
    ("a shortcut from two", add("data/articles/third.yaml", FIRST[FIRST.index("pairings") : FIRST.index("\ndesig")]), "changed"),
    (
        "from one",
        swap(
            "data/articles/first.yaml", "pairings:\n  - {kind", "pairings:\n  - {rank: deprecated, reason: {en: r, zh: 错}, kind"
        ),
        "changed",
    ),
    ("from none", drop("data/articles/third.yaml"), "changed"),
    ("claims on the source of a file that did not change", put("data/articles/more.yaml", MORE), "changed"),
    ("and of another", put("data/articles/most.yaml", MORE), "changed"),
    ("one goes", drop("data/articles/most.yaml"), "changed"),
    ("and the other", drop("data/articles/more.yaml"), "changed"),
    (
        "two files at once claim on one source that had no claims",
        all_of(put("data/articles/a.yaml", RESTING), put("data/articles/b.yaml", RESTING)),
        "changed",
    ),
    ("both go", all_of(drop("data/articles/a.yaml"), drop("data/articles/b.yaml")), "changed"),
    ("what is not read", put("data/articles/fourth.yml", SECOND), "changed"),
    ("a word of the vocabulary", swap("data/vocabularies/all.yaml", "en: county}", "en: a county}"), "changed"),
    ("a graph of the machine's own", put("data/ontology.yaml", SECOND.replace("second", "third")), "changed"),
    ("still", add("data/ontology.yaml", "# a comment\n"), "changed"),
    ("goes", drop("data/ontology.yaml"), "changed"),
    ("a shape", swap("shapes/core.ttl", "sh:maxLength 30", "sh:maxLength 29"), "all"),
]


@pytest.mark.parametrize("many", [9, pytest.param(len(EDITS), marks=pytest.mark.prove)])
def test_edits_one_after_the_other(many: int, tmp_path: Path, used: list[str]) -> None:
    folder, kept = small_project(tmp_path / "project"), Cache(tmp_path / "kept")
    assert is_as_from_nothing(projects.load(folder), kept)
    good = 0
    for name, edit, expected in EDITS[:many]:
        edit(folder)
        used.clear()
        good += is_as_from_nothing(projects.load(folder), kept)
        assert used[1:] == expected.split() or name == "what is not read", (name, used)
        assert len(list((tmp_path / "kept").glob("checkpoint-*"))) == 1, name
    assert many // 3 < good < many


def test_a_small_graph_is_checked_from_nothing_until_it_is_known_what_an_edit_needs(
    tmp_path: Path, used: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rechecks, "LARGE", 500_000)
    folder, kept = small_project(tmp_path / "project"), Cache(tmp_path / "kept")
    stages: list[list[str]] = []
    for edit in ("a", "b", "c"):
        add("data/articles/first.yaml", f"  - {{subject: fruit, printedAs: {edit}, passage: {{5: 百香果}}}}\n")(folder)
        stages.append([])
        found: list[Verdict] = []

        def tell(verdict: Verdict, now: list[str] = stages[-1], found: list[Verdict] = found) -> None:
            found.append(verdict)
            now.append("told")

        verdicts.verdict(projects.load(folder), kept, lambda stage, *_: stages[-1].append(stage), tell)
        assert found == [fresh(projects.load(folder))[0]]
    first, second, third = ([*dict.fromkeys(each)] for each in stages)
    assert first == second == ["read", "map", "derive", "shapes", "checks", "told", "keep"]
    assert "changed" in used[-2:]
    assert third[-1] == "told"


WRITES = """
import pathlib, sys, time
folder, end, number = pathlib.Path(sys.argv[1]), time.monotonic() + 0.3, 0
print("begun", flush=True)
while time.monotonic() < end and folder.exists():
    for number in range(number, number + 100):
        try:
            (folder / str(number)).touch()
        except FileNotFoundError:
            break
"""


def test_what_was_not_sealed_is_not_opened(tmp_path: Path) -> None:
    project, kept = projects.load(small_project(tmp_path / "p")), Cache(tmp_path / "kept")
    verdicts.verdict(project, kept)
    rules = checks.read_rules(project, kept)
    assert checkpoints.find(kept, rules.key)
    kept.keep("seal", "of a store that nobody closed", ())
    assert checkpoints.find(kept, rules.key) is None
    assert verdicts.verdict(project, kept) == fresh(project)[0]


def test_a_candidate_goes_though_something_still_writes_into_it(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    with checkpoints.candidate(Cache(tmp_path / "kept")) as target:
        for number in range(2000):  # which take a while to be removed
            target.with_name(f"before-{number}").touch()
        writer = subprocess.Popen([sys.executable, "-c", WRITES, str(target.parent)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout and writer.stdout.readline() == "begun\n"
    left = list((tmp_path / "kept").iterdir())
    writer.communicate()
    assert (left, writer.returncode) == ([], 0)


TABLE = """\
source: {id: towns-2017, type: List, name: {zh: 乡镇名录, en: list of towns}, published: 2017, language: zh}
table:
  file: towns.csv
  entities: {id: $id, type: Township, name: {zh: $zh, en: $en}, partOf: hengxian, form: town}
"""
ROWS = ["one,太平镇,Taiping\n", "two,太平镇,Taiping again\n", "three,新街镇,Xinjie\n", "four,太平镇,Taiping too\n"]


@pytest.mark.prove
def test_findings_in_a_table_move_with_its_rows(tmp_path: Path, used: list[str]) -> None:
    folder, kept = small_project(tmp_path / "project"), Cache(tmp_path / "kept")
    put("data/lists/towns.yaml", TABLE)(folder)
    lines = []
    for numbers in ([0, 1], [2, 0, 1], [1, 0], [1, 2, 0, 3], [2, 3, 0], [0]):
        put("data/lists/towns.csv", "id,zh,en\n" + "".join(ROWS[number] for number in numbers))(folder)
        add("data/articles/first.yaml", "# moved\n")(folder)
        used.clear()
        assert is_as_from_nothing(projects.load(folder), kept)
        twice = [each.where for each in verdicts.verdict(projects.load(folder), kept).problems if each.code == "same-thing-twice"]
        assert {where.file for where in twice} <= {"data/lists/towns.csv"}
        lines.append(sorted({where.line for where in twice}))
    assert "changed" in used
    assert lines == [[2, 3], [3, 4], [2, 3], [2, 4, 5], [3, 4], []]


def random_edit(chance: random.Random, folder: Path) -> None:
    """A file is renamed, goes, comes back, or gets, loses or changes lines; or everything is right again, under other names."""
    data = folder / "data"
    files = sorted(data.rglob("*.yaml"))
    file = chance.choice([each for each in files if "vocabularies" not in each.parts] or files)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    match chance.randrange(9):
        case 0:
            put(chance.choice(["data/articles/first.yaml", "data/articles/more.yaml"]), FIRST)(folder)
        case 1 if len(files) > 3:
            file.unlink()
        case 2:
            file.rename(file.with_name(chance.choice(["a.yaml", "b.yaml", file.name])))
        case 3 if lines:
            del lines[chance.randrange(len(lines))]
            file.write_text("".join(lines), encoding="utf-8")
        case 4:
            lines.insert(chance.randrange(len(lines) + 1), chance.choice(LINES))
            file.write_text("".join(lines), encoding="utf-8")
        case 5 if lines:
            at = chance.randrange(len(lines))
            words = lines[at].split(" ")
            words[chance.randrange(len(words))] = chance.choice(chance.choice(LINES).split(" "))
            lines[at] = " ".join(words)
            file.write_text("".join(lines), encoding="utf-8")
        case _:
            for each in files:
                if "vocabularies" not in each.parts:
                    each.unlink()
            for text in (PLACES, FIRST, SECOND):
                put(f"data/{chance.choice('abc')}/{chance.choice('abc')}{len(text)}.yaml", text)(folder)


def is_kept_up(seed: int, edits: int, tmp_path: Path) -> int:
    chance = random.Random(seed)
    folder, kept = small_project(tmp_path / "project"), Cache(tmp_path / "kept")
    good = 0
    for _ in range(edits):
        random_edit(chance, folder)
        good += is_as_from_nothing(projects.load(folder), kept)
    return good


@pytest.mark.prove
def test_whatever_is_edited(tmp_path: Path) -> None:
    assert is_kept_up(0, 6, tmp_path) > 1


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(1, 5))
def test_whatever_is_edited_at_length(seed: int, tmp_path: Path) -> None:
    assert is_kept_up(seed, 30, tmp_path) > 6


@pytest.mark.prove
@pytest.mark.parametrize("after", [0.3, 0.5, 0.7, 0.9])
def test_a_check_that_is_killed_leaves_the_state_before_it_or_after_it(after: float, tmp_path: Path) -> None:
    folder = small_project(tmp_path / "project")
    project = projects.load(folder)
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "pbgraph", "--project", str(folder), "check"]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    swap("data/articles/second.yaml", "340余家", "360余家")(folder)
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (place,) = (tmp_path / "cache" / "pbgraph").iterdir()
    kept = Cache(place)
    assert is_as_from_nothing(project, kept)
    swap("data/articles/second.yaml", "360余家", "370余家")(folder)
    assert is_as_from_nothing(project, kept)
    assert len(list((kept.folder or tmp_path).glob("checkpoint-*"))) == 1


@pytest.mark.prove
@pytest.mark.parametrize("damage", ["lost", "flipped", "cut", "empty", "no folder"])
def test_a_damaged_store_is_made_again(damage: str, tmp_path: Path, used: list[str]) -> None:
    folder, kept = small_project(tmp_path / "project"), Cache(tmp_path / "kept")
    assert is_as_from_nothing(projects.load(folder), kept)
    for file in [*(tmp_path / "kept").glob("checkpoint-*/store/*"), *(tmp_path / "kept").glob("checkpoint-*/store")]:
        if damage == "cut" and file.suffix == ".sst":
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        elif damage == "flipped" and file.suffix == ".sst":
            file.write_bytes(bytes(byte ^ (number % 97 == 50) for number, byte in enumerate(file.read_bytes())))
        elif damage == "empty" and file.is_file():
            file.write_bytes(b"")
        elif (damage == "lost" and file.name == "CURRENT") or (damage == "no folder" and file.is_file()):
            file.unlink()
        elif damage == "no folder":
            file.rmdir()
    swap("data/articles/second.yaml", "340余家", "350余家")(folder)
    used.clear()
    assert is_as_from_nothing(projects.load(folder), kept)
    assert used[1:] and used[-1] == "all"
    swap("data/articles/second.yaml", "350余家", "360余家")(folder)
    used.clear()
    assert is_as_from_nothing(projects.load(folder), kept)
    assert used == ["all", "changed"]


def test_many_files_at_once_are_checked_as_if_from_nothing(tmp_path: Path, used: list[str]) -> None:
    folder, kept = small_project(tmp_path / "project"), Cache(tmp_path / "kept")
    assert is_as_from_nothing(projects.load(folder), kept)
    for number in range(30):
        put(f"data/articles/a{number}.yaml", SECOND.replace("second", f"number-{number}"))(folder)
    used.clear()
    assert is_as_from_nothing(projects.load(folder), kept)
    assert used == ["all", "all"]


@pytest.mark.prove
def test_a_file_with_much_that_is_new_is_checked_with_everything(tmp_path: Path, used: list[str]) -> None:
    folder, kept = small_project(tmp_path / "project"), Cache(tmp_path / "kept")
    assert is_as_from_nothing(projects.load(folder), kept)
    village = "  - {{id: v{0}, type: Village, name: {{zh: 村{0}}}, partOf: hengxian, form: village}}\n"
    villages = "".join(map(village.format, range(200)))
    put("data/articles/third.yaml", f"{SECOND.replace('second', 'third')}\nentities:\n{villages}")(folder)
    for edit in (lambda _: None, swap("data/articles/third.yaml", "村7}", "甲村}")):
        edit(folder)
        assert is_as_from_nothing(projects.load(folder), kept)
    assert used == ["all", "all", "all", "changed", "all", "all", "changed"]


@pytest.mark.prove
def test_what_the_first_edit_of_a_large_project_needs_is_kept_beforehand(
    tmp_path: Path, used: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small_project(tmp_path / "project")
    project = projects.load(folder)
    rules = checks.read_rules(project)
    for large in (10**9, 1):
        monkeypatch.setattr(rechecks, "LARGE", large)
        kept = Cache(tmp_path / f"kept{large}")
        assert is_as_from_nothing(project, kept)
        assert (kept.find("needs", rules.key) is not None) == (large == 1)
    swap("data/articles/second.yaml", "340余家", "350余家")(folder)
    used.clear()
    assert is_as_from_nothing(project, kept)
    assert used == ["all", "changed"]


def test_a_build_keeps_its_store_for_checks_and_takes_theirs(
    tmp_path: Path, used: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = small_project(tmp_path / "project")
    project, kept = projects.load(folder), cache.of(folder)
    build(project, folder / "build")
    assert kept_lines(kept, project) == store.open_read_only(folder / "build" / "store", {}).lines() == fresh(project)[1]
    swap("data/articles/second.yaml", "340余家", "350余家")(folder)
    used.clear()
    assert is_as_from_nothing(project, kept)
    assert used == ["all", "changed"]
    written: list[Path] = []
    monkeypatch.setattr(store, "write", lambda quads, target, prefixes: written.append(target))
    build(project, folder / "build")
    assert written == []
    lines = fresh(project)[1]
    assert store.open_read_only(folder / "build" / "store", {}).lines() == lines == kept_lines(kept, project)
    assert (folder / "build" / "graph.nq").read_text(encoding="utf-8").splitlines() == lines


def test_where_nothing_can_be_kept_everything_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put("cache", "a file")(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = small_project(tmp_path / "project")
    project = projects.load(folder)
    for value in ("350余家", "360余家"):
        put("data/articles/second.yaml", SECOND.replace("340余家", value))(folder)
        assert verdicts.verdict(project, cache.of(folder)) == fresh(project)[0]
    build(project, folder / "build")
    assert store.open_read_only(folder / "build" / "store", {}).lines() == fresh(project)[1]


@pytest.mark.parametrize("reading", ["map", pytest.param("shapes", marks=pytest.mark.prove)])
@pytest.mark.parametrize("when", ["all", "changed"])
def test_what_is_written_while_it_is_checked_is_checked_the_next_time(when: str, reading: str, tmp_path: Path) -> None:
    """The file changes after its digest is taken, and before or after it is read."""
    folder, kept = small_project(tmp_path / "project"), Cache(tmp_path / "kept")
    project = projects.load(folder)
    if when == "changed":
        assert is_as_from_nothing(project, kept)
    swap("data/articles/second.yaml", "340余家", "350余家")(folder)
    later = [swap("data/articles/second.yaml", "350余家", "360余家")]

    def write(stage: str, done: int = 0, total: int = 0) -> None:
        if stage == reading and later:
            later.pop()(folder)

    verdicts.verdict(project, kept, write)
    assert not later
    assert is_as_from_nothing(project, kept)
    assert any("360" in line for line in kept_lines(kept, project) or ())
