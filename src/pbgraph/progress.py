"""How far a long run has come: its stages in turn, how much of each is done, and what each took."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

_Item = TypeVar("_Item")


class Progress(Protocol):
    """What is told of a run: a stage as it begins and whenever more of it is done; of 0 where it has no parts to count."""

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Take note."""


NOTHING = ""
"""The stage in which nothing is under way: the one before has ended, and none has begun."""


def silent(stage: str, done: int = 0, total: int = 0) -> None:
    """Nobody wants to know."""


def counted(items: Iterable[_Item], stage: str, total: int, progress: Progress) -> Iterator[_Item]:
    """The items of a stage as they come, each counted once it has been dealt with."""
    progress(stage, 0, total)
    for done, item in enumerate(items, 1):
        yield item
        progress(stage, done, total)


@dataclass
class Stage:
    """One stage: how much of how much is done, seconds since it began, and the most megabytes that a process had held at its end.

    `megabytes` are those of this process and of the largest one forked from it, each since it began.
    """

    name: str
    done: int = 0
    total: int = 0
    seconds: float = 0.0
    megabytes: tuple[float, float] = (0.0, 0.0)


class Stopwatch:
    """A Progress that measures stages: it calls `shown` whenever something is told, and `ended` once for each stage."""

    def __init__(self, shown: Callable[[Stage], None], ended: Callable[[Stage], None]) -> None:
        self._shown, self._ended = shown, ended
        self._stage: Stage | None = None
        self._begun = 0.0
        self.stages: list[Stage] = []

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Take note of a stage; another name than before ends the one before."""
        if self._stage is None or self._stage.name != stage:
            self.end()
            if stage == NOTHING:
                return
            self._stage, self._begun = Stage(stage), time.perf_counter()
        self._stage.done, self._stage.total = done, total
        self._stage.seconds = time.perf_counter() - self._begun
        self._shown(self._stage)

    def end(self) -> None:
        """The stage that is open, if one is, has come to its end."""
        if self._stage is not None:
            self._stage.seconds = time.perf_counter() - self._begun
            self._stage.megabytes = (most_held() / 1e6, most_held(resource.RUSAGE_CHILDREN) / 1e6)
            self.stages.append(self._stage)
            self._ended(self._stage)
        self._stage = None


def most_held(who: int = resource.RUSAGE_SELF) -> int:
    """The most bytes that a process of a kind has held (getrusage(2): kilobytes on Linux, bytes on macOS)."""
    return resource.getrusage(who).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
