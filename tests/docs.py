"""The examples in the docs are run: what stands between `<!-- pbgraph … -->` and `<!-- /pbgraph -->` is the command's output.

`python tests/docs.py` rewrites them (`make docs`); test_docs.py fails when one is stale. A command that reads `-` gets the
SPARQL block above it. Between `<!-- python -->` and `<!-- /python -->` stands what the Python block above it prints; the
blocks of a page run one after the other, in the folder that `build/` lies in.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import sys
from pathlib import Path

from click.testing import CliRunner

from pbgraph.cli import main

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"(?P<open><!-- (?P<command>pbgraph [^\n]*?) -->\n)(?P<output>.*?)(?P<close><!-- /pbgraph -->)", re.DOTALL)
PYTHON = re.compile(
    r"```python\n(?P<code>.*?)```\n\n(?P<open><!-- python -->\n)(?P<output>.*?)(?P<close><!-- /python -->)", re.DOTALL
)
SPARQL = re.compile(r"```sparql\n(.*?)```", re.DOTALL)


def refreshed(text: str, build: Path) -> tuple[str, int]:
    """The text with every example's output as it is now, and how many examples there are."""

    def run(found: re.Match[str]) -> str:
        above = SPARQL.findall(text[: found.start()])
        arguments = shlex.split(found["command"])[1:]
        project = ["--project", str(ROOT), "--lang", "en"]
        build_option = ["--build", str(build)] if "query" in arguments else []
        result = CliRunner().invoke(main, [*project, *arguments, *build_option], input=above[-1] if above else "")
        output = result.output
        fenced = output if output.startswith("|") else f"```\n{output}```\n"
        return f"{found['open']}{fenced}{found['close']}"

    text, commands = BLOCK.subn(run, text)
    text, blocks = _printed(text, build.parent)
    return text, commands + blocks


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
