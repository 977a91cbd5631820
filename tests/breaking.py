"""Ways to break a small project, and what the command line says of it."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from pbgraph.cli import main

Break = Callable[[Path], None]
"""Changes the project in a folder."""


def put(name: str, content: str | bytes) -> Break:
    """Writes a file anew."""

    def change(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)

    return change


def swap(name: str, old: str, new: str) -> Break:
    """Replaces words that stand in a file."""

    def change(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, (name, old)
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")

    return change


def add(name: str, more: str) -> Break:
    """Appends to a file."""
    return lambda folder: put(name, (folder / name).read_bytes() + more.encode())(folder)


def drop(name: str) -> Break:
    """Removes a file or a folder."""
    return lambda folder: shutil.rmtree(folder / name) if (folder / name).is_dir() else (folder / name).unlink()


def dangle(name: str) -> Break:
    """Puts a link that leads nowhere in a file's place."""

    def change(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to("nowhere")

    return change


def all_of(*changes: Break) -> Break:
    """One change after the other."""

    def change(folder: Path) -> None:
        for each in changes:
            each(folder)

    return change


def run(folder: Path, *arguments: str, env: Mapping[str, str] | None = None, given: str | bytes | None = None) -> Result:
    """A command on the project in `folder`, told to speak English; its own errors are not caught."""
    return CliRunner().invoke(main, ["--project", str(folder), "--lang", "en", *arguments], env=env, input=given)


def told(result: Result) -> list[str]:
    """What went to standard error, each finding as `file:line:col: code`; a line that is none, nor its source, fails."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.stderr
    shown = (line for line in result.stderr.splitlines() if not re.fullmatch(r"[\w ]+: [^:]*\d s", line))  # a slow stage's
    lines = [line for line in shown if not re.match(r" +(?:[0-9]+ )?\|", line)]
    found = [re.match(r"(?:.+?: )[a-z][a-z0-9-]*(?=: \S)", line.replace(": warning: ", ": ")) for line in lines]
    assert all(found), lines
    return [match[0] for match in found if match]


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder with a digest of its bytes, every link with where it leads."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink())
        if path.is_symlink()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }
