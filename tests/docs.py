"""The examples in the docs are run: what stands between `<!-- pbgraph … -->` and `<!-- /pbgraph -->` is the command's output.

`python tests/docs.py` rewrites them (`make docs`); test_docs.py fails when one is stale. A command that reads `-` gets the
SPARQL block above it. Between `<!-- python -->` and `<!-- /python -->` stands what the Python block above it prints; the
blocks of a page run one after the other. Commands and blocks run in a folder like that of the project with its build.

A page may have a desk, a small project of its own (`small.py`), on which a reader works along. A block below
`<!-- write FILE -->`, `<!-- append FILE -->` or `<!-- insert FILE below `line` -->` goes into that file of it,
`<!-- mend FILE: `old` → `new` -->` changes words of one, and `<!-- desk pbgraph … -->` runs there.

Between `<!-- bench -->` and `<!-- /bench -->` stands what bench/ratios.py measured last for the largest project, between
`<!-- bars -->` and `<!-- /bars -->` what bench/bars.py measured in its last run for the sizes that bars are of, between
`<!-- templates -->` and `<!-- /templates -->` what templates can call.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import re
import shlex
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

from click.testing import CliRunner

from pbgraph import products
from pbgraph import project as projects
from pbgraph.atlas import Atlas
from pbgraph.checks import check
from pbgraph.cli import main, watching
from pbgraph.phrases import Phrases
from small import linked_project, small_project

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(
    r"(?P<open><!-- (?P<command>(?:desk )?pbgraph [^\n]*?) -->\n)(?P<output>.*?)(?P<close><!-- /pbgraph -->)", re.DOTALL
)
PYTHON = re.compile(
    r"```python\n(?P<code>.*?)```\n\n(?P<open><!-- python -->\n)(?P<output>.*?)(?P<close><!-- /python -->)", re.DOTALL
)
DESK = re.compile(
    r"<!-- (?P<how>write|append|insert) (?P<file>\S+)(?: below `(?P<below>.+?)`)? -->\n\n?```\w*\n(?P<content>.*?)```"
    r"|<!-- mend (?P<mended>\S+): `(?P<old>.+?)` → `(?P<new>.+?)` -->",
    re.DOTALL,
)
BENCH = re.compile(r"(?P<open><!-- bench -->\n)(?P<output>.*?)(?P<close><!-- /bench -->)", re.DOTALL)
BARS = re.compile(r"(?P<open><!-- bars -->\n)(?P<output>.*?)(?P<close><!-- /bars -->)", re.DOTALL)
TEMPLATES = re.compile(r"(?P<open><!-- templates -->\n)(?P<output>.*?)(?P<close><!-- /templates -->)", re.DOTALL)
SIZES = [10_000, 100_000, 600_000]
HISTORY = ROOT / "bench" / "history.jsonl"
SPARQL = re.compile(r"```sparql\n(.*?)```", re.DOTALL)


class Desk:
    """A small project that changes as a page goes on; it is made when the page first needs it."""

    def __init__(self, folder: Path, text: str) -> None:
        self.folder = folder
        self.steps = list(DESK.finditer(text))

    def until(self, place: int) -> Path:
        """The project's folder, as what stands before a place of the page has made it."""
        if not self.folder.exists():
            small_project(self.folder)
        while self.steps and self.steps[0].start() < place:
            self._take(self.steps.pop(0))
        return self.folder

    def _take(self, step: re.Match[str]) -> None:
        path = self.folder / (step["file"] or step["mended"])
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if step["mended"] or step["below"]:
            old, new = (
                (step["old"], step["new"]) if step["mended"] else (f"{step['below']}\n", f"{step['below']}\n{step['content']}")
            )
            assert before.count(old) == 1, old
            path.write_text(before.replace(old, new), encoding="utf-8")
        else:
            path.write_text(before * (step["how"] == "append") + step["content"], encoding="utf-8")


def refreshed(text: str, build: Path) -> tuple[str, int]:
    """The text with every example's output as it is now, and how many examples there are."""

    folder = linked_project(Path(tempfile.mkdtemp()) / "project", build)
    desk = Desk(folder.with_name("desk"), text)

    def run(found: re.Match[str]) -> str:
        above = SPARQL.findall(text[: found.start()])
        *at_desk, _ = found["command"].partition("pbgraph ")
        arguments = shlex.split(found["command"].removeprefix("desk "))[1:]
        project = ["--project", str(desk.until(found.start()) if at_desk[0] else ROOT), "--lang", "en"]
        build_option = ["--build", str(build)] if {"query", "export"} & set(arguments) else []
        arguments = [str(desk.folder / "articles") if each == "ARTICLES" else each for each in arguments]
        if at_desk[0]:
            arguments = [str(desk.folder / each) if each.startswith("data/") else each for each in arguments]
        # How long a stage takes on this machine is no part of an example.
        with contextlib.chdir(folder), patch.object(watching, "A_WHILE", float("inf")):
            result = CliRunner().invoke(main, [*project, *arguments, *build_option], input=above[-1] if above else "")
        assert result.exception is None or isinstance(result.exception, SystemExit), (found["command"], result.exception)
        output = result.output.replace(str(desk.folder), "…")
        fenced = output if output.startswith("|") else f"```\n{output}```\n"
        return f"{found['open']}{fenced}{found['close']}"

    text, commands = BLOCK.subn(run, text)
    text, blocks = _printed(text, folder)
    text, tables = BENCH.subn(lambda found: f"{found['open']}{measured()}{found['close']}", text)
    text, bars = BARS.subn(lambda found: f"{found['open']}{against_bars()}{found['close']}", text)
    text, vocabularies = TEMPLATES.subn(lambda found: f"{found['open']}{callable_in_templates()}{found['close']}", text)
    return text, commands + blocks + tables + bars + vocabularies


def measured() -> str:
    """What was measured last of each thing, for the largest size: seconds of others and of pbgraph, how often, the bar."""
    rows = [row for row in _history() if "theirs" in row]
    size = max(row["size"] for row in rows)
    rows = [row for row in rows if row["size"] == size]
    latest = {row["what"]: row for row in rows}
    last = rows[-1]
    lines = [
        f"| {size:,} entities and claims ({last['date']}, commit {last['commit']}) | others, s | pbgraph, s | times | bar |",
        "| --- | --- | --- | --- | --- |",
    ]
    for what, row in latest.items():
        least, bar = "≥ " if row["least"] else "", row["bar"] or ""
        lines.append(f"| {what} | {least}{row['theirs']:.1f} | {row['own']:.1f} | {least}{row['ratio']} | {bar} |")
    return "".join(f"{line}\n" for line in lines)


def against_bars() -> str:
    """What the last run for the sizes of the bars measured."""
    rows = [row for row in _history() if row.get("sizes") == SIZES]
    when, commit = rows[-1]["date"], rows[-1]["commit"]
    lines = [f"| {when}, commit {commit} | entities and claims | measured | bar |", "| --- | --- | --- | --- |"]
    for row in rows:
        if (row["date"], row["commit"]) == (when, commit):
            size = f"{row['size']:,}" if row["size"] else ""
            lines.append(f"| {row['what']} | {size} | {row['value']:,g} {row['unit']} | {row['bar']} |")
    return "".join(f"{line}\n" for line in lines)


def callable_in_templates() -> str:
    """The functions that a template may call, with what they take, and the first sentence of what they give."""
    checked = check(projects.load(ROOT))
    site = products.site_of(checked, Atlas(checked.project, checked.graph), [], Path(tempfile.mkdtemp()))
    lines = ["| | |", "| --- | --- |"]
    for name, value in sorted(Phrases(site, "", "en").vocabulary().items()):
        if inspect.isroutine(value) and value.__doc__:
            takes = ", ".join(parameter.name for parameter in inspect.signature(value).parameters.values())
            told = re.split(r"(?<=[.;])\s", value.__doc__)[0].rstrip(";. ").replace("|", "\\|")
            lines.append(f"| `{name}({takes})` | {' '.join(told.split())} |")
    return "".join(f"{line}\n" for line in lines)


def _history() -> list[dict[str, Any]]:
    return [json.loads(line) for line in HISTORY.read_text(encoding="utf-8").splitlines()]


def _printed(text: str, folder: Path) -> tuple[str, int]:
    names: dict[str, object] = {}

    def run(found: re.Match[str]) -> str:
        with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(found["code"], names)
        return f"```python\n{found['code']}```\n\n{found['open']}```\n{printed.getvalue()}```\n{found['close']}"

    return PYTHON.subn(run, text)


if __name__ == "__main__":
    for path in DOCS:
        text, count = refreshed(path.read_text(encoding="utf-8"), ROOT / "build")
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.name}: {count} examples\n")
    for picture in sorted((ROOT / "build" / "networks").glob("pairings.*.svg")):
        shutil.copy(picture, ROOT / "docs" / picture.name)
