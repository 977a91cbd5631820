"""What all commands share: the project's folder, the language of messages, how findings are shown and how a command ends."""

from __future__ import annotations

import errno
import locale
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from pbgraph import project as projects
from pbgraph.problems import Problem, Refused, Where, problem
from pbgraph.project import Project

_COLOURS: dict[str, dict[str, Any]] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "place": {"bold": True},
    "gutter": {"dim": True},
}
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})
"""How the system refuses what is written to something that could be opened."""

INTERRUPTED = 128 + signal.SIGINT
"""How a command ends that was stopped from the keyboard, as shells have it."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass
class Session:
    """The folder that commands work in and the language they speak."""

    folder: Path
    language: str

    def project(self) -> Project:
        """The project that the folder lies in. Refused: none, or a bad one."""
        return projects.load(self.folder)

    def show(self, problems: Sequence[Problem], every: bool = False) -> None:
        """Show findings on standard error, in colour on a terminal (not with NO_COLOR)."""
        if not problems:
            return
        from pbgraph.reporting import Report, plainly

        root = projects.root_of(self.folder) or self.folder
        coloured = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
        report = Report(self.language, root, _paint if coloured else plainly, every)
        click.echo(report.text(problems), nl=False, err=True)


def _paint(text: str, role: str) -> str:
    return click.style(text, **_COLOURS[role])


def locale_language() -> str:
    """The language of messages where none is asked for: Chinese in a Chinese locale, else English."""
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if name.startswith("zh") or (locale.getlocale()[0] or "").startswith("zh") else "en"


def _speak(ctx: click.Context, param: click.Parameter, language: str | None) -> None:
    if language and isinstance(ctx.obj, Session):
        ctx.obj.language = language


def speaking(command: _Command) -> _Command:
    """Give a command the option `--lang`, which every command takes, before its name and after it."""
    told = "Language of messages (default: the locale's)."
    return click.option("--lang", type=click.Choice(["zh", "en"]), expose_value=False, is_eager=True, callback=_speak, help=told)(
        command
    )


@contextmanager
def _interrupted_by_a_signal() -> Iterator[None]:
    """Ctrl-C raises KeyboardInterrupt in here; elsewhere, where nothing is half done, click would make exit code 1 of it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Commands(click.Group):
    """A group whose commands show every problem and end with exit code 1 when they are refused, 130 when stopped."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            with _interrupted_by_a_signal():
                return super().invoke(ctx)
        except Refused as refused:
            ctx.obj.show(refused.problems)
            ctx.exit(1)
        except OSError as error:
            # Files are told of where they are written: what has no name is what is printed.
            if error.errno not in _FULL or error.filename is not None:
                raise
            ctx.obj.show([problem(Where("standard output"), "unwritable", reason=error.strerror or str(error))])
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # What is left would fail once more at the end.
            ctx.exit(1)
        except KeyboardInterrupt:
            from pbgraph.sentences import sentence

            click.echo(sentence("stopped", ctx.obj.language), err=True)
            ctx.exit(INTERRUPTED)
