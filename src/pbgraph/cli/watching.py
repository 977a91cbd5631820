"""How a person sees a long run: bars on a terminal, else a line for each stage that takes a while; what each took, if asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from pbgraph.locking import WAITING
from pbgraph.progress import Progress, Stage, Stopwatch, silent

_Command = TypeVar("_Command", bound=Callable[..., Any])

A_WHILE = 3.0
"""Seconds after which a stage is worth a line where there is no terminal."""


def watched(command: _Command) -> _Command:
    """Give a command the options `--quiet` and `--profile`, which `watching` takes."""
    profile = click.option("--profile", is_flag=True, help="Tell on standard error what each stage took: seconds, megabytes.")
    return click.option("--quiet", is_flag=True, help="Say nothing but problems.")(profile(command))


@contextmanager
def watching(language: str, quiet: bool = False, profile: bool = False) -> Iterator[Progress]:
    """What to tell how far a run has come; all that is shown goes to standard error."""
    from pbgraph.reporting import of_stage, profiled
    from pbgraph.sentences import sentence

    def waits(stage: Stage) -> None:
        if stage.name == WAITING:
            click.echo(sentence(f"stage-{WAITING}", language), err=True)

    def line(stage: Stage) -> None:
        if stage.seconds >= A_WHILE:
            click.echo(of_stage(stage, language), err=True)

    if quiet and not profile:
        yield silent
        return
    if quiet:
        watch = Stopwatch(_nothing, _nothing)
        yield watch
    elif sys.stderr.isatty():
        from pbgraph.terminal import Bar

        bar = Bar(lambda stage: of_stage(stage, language))
        watch = Stopwatch(bar.show, lambda stage: bar.hide())
        try:
            yield watch
        finally:
            bar.hide()
    else:
        watch = Stopwatch(waits, line)
        yield watch
    watch.end()
    if profile and watch.stages:
        click.echo(profiled(watch.stages, language), err=True, nl=False)


def _nothing(stage: Stage) -> None:
    """It is not shown."""
