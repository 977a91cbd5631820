"""How far a run has come: bars on a terminal, quiet lines elsewhere, what each stage took if asked, and a clean end on Ctrl-C."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from breaking import run
from pbgraph.progress import Stage, Stopwatch, counted
from pbgraph.reporting import of_stage, profiled
from small import CHECKED, small_project

STAGES = ["reading", "mapping files", "deriving", "shapes", "check queries"]


def command(folder: Path, *words: str) -> list[str]:
    return [str(Path(sys.executable).with_name("pbgraph")), "--project", str(folder), "--lang", "en", *words]


def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "TERM": "xterm", "COLUMNS": "100"}


def test_a_profile_names_each_stage_with_seconds_and_memory(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "project")
    result = run(folder, "check", "--quiet", "--profile")
    assert result.exit_code == 0
    head, *rows = result.stderr.splitlines()
    assert head.split() == ["stage", "done", "seconds", "MB", "MB", "forked"]
    cells = [re.fullmatch(r"(.+?) +([\d,]+) +(\d+\.\d\d) +([\d,]+) +([\d,]+)", row) for row in rows]
    assert [found[1] for found in cells if found] == [*STAGES, "keeping for next time"]
    assert all(found and float(found[4].replace(",", "")) > 10 for found in cells)
    (mapped,) = [int(found[2]) for found in cells if found and found[1] == "mapping files"]
    assert mapped == len(list((folder / "data").rglob("*.yaml")))


def test_a_build_has_three_stages_more(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "project", (*CHECKED, "queries/networks", "queries/tables"))
    result = run(folder, "build", "--quiet", "--profile")
    assert (result.exit_code, result.stdout) == (0, "")
    assert [re.split(r"  +", row)[0] for row in result.stderr.splitlines()[1:]] == [
        *STAGES,
        "asking for tables and networks",
        "store, dumps, tables, networks",
        "pages",
    ]


def test_quiet_says_nothing_but_problems(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "project")
    result = run(folder, "check", "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    (folder / "data" / "articles" / "first.yaml").write_text("a:\n", encoding="utf-8")
    result = run(folder, "check", "--quiet")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "first.yaml:1:3: empty-value" in result.stderr


def test_only_long_stages_are_told_of_where_there_is_no_terminal() -> None:
    told: list[str] = []
    watch = Stopwatch(lambda stage: None, lambda stage: told.append(stage.name))
    for _ in counted("abc", "map", 3, watch):
        pass
    watch("derive")
    watch.end()
    assert told == ["map", "derive"]
    assert [(stage.name, stage.done, stage.total) for stage in watch.stages] == [("map", 3, 3), ("derive", 0, 0)]


def test_what_takes_longer_than_a_second_each_has_no_rate() -> None:
    assert of_stage(Stage("data", 13, 13, 92.6), "en") == "store, dumps, tables, networks: 13 of 13, 92.6 s"
    assert of_stage(Stage("data", 13, 13, 92.6), "zh") == "存储、导出、表格、网络：13/13，92.6秒"


@pytest.mark.parametrize(
    ("language", "line", "column"),
    [
        ("en", "mapping files: 1,500 of 3,000, 300 a second, 5.0 s", "seconds"),
        ("zh", "映射文件：1,500/3,000，每秒300，5.0秒", "秒"),
    ],
)
def test_a_stage_is_told_in_both_languages(language: str, line: str, column: str) -> None:
    stage = Stage("map", 1500, 3000, 5.0, (120.4, 80.0))
    assert of_stage(stage, language) == line
    head, row = profiled([stage], language).splitlines()
    assert column in head.split()
    assert row.split()[-4:] == ["1,500", "5.00", "120", "80"]


def shown(tmp_path: Path, *words: str) -> str:
    """What a terminal is sent by a command that ends well."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command(tmp_path / "project", *words), stdout=theirs, stderr=theirs, env=environment(tmp_path), text=True
    ) as process:
        os.close(theirs)
        sent = b""
        while chunk := _read(ours):
            sent += chunk
        process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0
    return sent.decode()


def test_a_terminal_shows_the_stages_and_has_its_cursor_back(tmp_path: Path) -> None:
    small_project(tmp_path / "project")
    text = shown(tmp_path, "check")
    assert all(text.index(f"{one}: ") < text.index(f"{other}: ") for one, other in pairwise(STAGES))
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l"), "the cursor is shown again"


def test_findings_are_told_before_anything_is_kept_for_next_time(tmp_path: Path) -> None:
    small_project(tmp_path / "project")
    text = shown(tmp_path, "check")
    told = re.search(r"(?:\A|\r|\n|\x1b\[[0-9;?]*[A-Za-z])\d+ files, \d+ statements: 0 errors, 0 warnings\r\n", text)
    assert told, text
    assert text.index("check queries: ") < told.start() < text.index("keeping for next time: ")
    assert "[?25l" not in text[text.rindex("[?25h", 0, told.start()) : told.end()], "no bar stands beside it"


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 10_000)
    except OSError:  # as Linux tells the end of a terminal
        return b""


@pytest.mark.parametrize("seconds", [0.1, 0.6, *(pytest.param(each, marks=pytest.mark.prove) for each in (0.3, 1.0, 1.8, 2.5))])
def test_ctrl_c_stops_cleanly_at_any_point(seconds: float, tmp_path: Path) -> None:
    folder = small_project(tmp_path / "project", (*CHECKED, "queries/networks", "queries/tables"))
    with subprocess.Popen(
        command(folder, "build"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path),
        text=True,
        start_new_session=True,
    ) as process:
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert process.returncode in (0, 130, -signal.SIGINT) or err.startswith("Fatal Python error: init_")
    if "Built" in out:  # and was just ending, or had ended
        assert (folder / "build" / "manifest.json").is_file()
    else:  # A shell makes 130 of a signal, too, with which Python ends when something was just being imported.
        assert process.returncode
        assert err.endswith("Stopped.\n") or not (folder / ".build").exists()
        assert "Traceback" not in err or "pbgraph/cli" not in err, "what comes before belongs to Python"
        assert not list((folder / ".build").glob("*.partial"))
        assert not os.path.lexists(folder / "build")
    assert run(folder, "build", "--quiet").exit_code == 0


def test_ctrl_c_while_arguments_are_read_ends_as_a_signal_does() -> None:
    stopped_early = (
        "import os, signal, sys, click\n"
        "click.Group.make_context = lambda *given, **named: os.kill(os.getpid(), signal.SIGINT)\n"
        "from pbgraph.__main__ import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", stopped_early], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
