"""Pieces of work, shared out among processes that are forked from this one, or among its threads, one for each core."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from threading import Thread
from typing import TypeVar

from pbgraph.problems import Died, PbgraphError
from pbgraph.progress import Progress, counted, silent

_Value = TypeVar("_Value")

_Sent = tuple[int, _Value | PbgraphError | OSError]
"""What a process tells of one piece of work: its number, and what it returned or what stopped it."""


def in_threads(works: Sequence[Callable[[], _Value]], stage: str, progress: Progress = silent) -> list[_Value]:
    """What each piece of work of a stage returns, in their order; done by as many threads as there are cores.

    For work that is done in a library that lets other threads run, on what is too large to be held twice: what a forked process
    only reads is copied as soon as references to it are counted. The first piece that raises ends it.
    """
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        return list(counted(pool.map(lambda work: work(), works), stage, len(works), progress))
    finally:
        pool.shutdown(cancel_futures=True)


def as_done(works: Sequence[Callable[[], _Value]], processes: int = 0) -> Iterator[tuple[int, _Value]]:
    """The number of each piece of work with what it returns, as soon as it is done; a process that is free takes the next.

    What is returned has to be picklable; what a piece of work changes in memory is lost. There are as many `processes` as cores
    (0); this one does all by itself where there is nothing to share or no fork, else it only receives. Of the PbgraphErrors and
    OSErrors that pieces of work raise, that of the first piece is raised at the end. Died: a process ended without a word.
    """
    processes = min(processes or os.cpu_count() or 1, len(works)) if hasattr(os, "fork") else 1
    if processes < 2:
        yield from ((number, work()) for number, work in enumerate(works))
        return
    context = get_context("fork")
    taken = context.Value("i", 0)

    def take() -> int:
        with taken.get_lock():
            taken.value += 1
            return int(taken.value) - 1

    failures: dict[int, PbgraphError | OSError] = {}
    started, open_ = [], []
    try:
        for _ in range(processes):
            receiving, sending = context.Pipe(duplex=False)
            started.append(context.Process(target=_do, args=(works, take, sending)))
            started[-1].start()
            sending.close()
            open_.append(receiving)
        sent: Iterator[_Sent[_Value]] = _received(open_)
        for number, value in sent:
            if isinstance(value, PbgraphError | OSError):
                failures[number] = value
            else:
                yield number, value
    finally:
        for process in started:
            process.terminate()
            process.join()
    if failures:
        raise failures[min(failures)]


def _do(works: Sequence[Callable[[], _Value]], take: Callable[[], int], sending: Connection) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    with suppress(KeyboardInterrupt):  # of which the process that forked this one will speak
        while (number := take()) < len(works):
            try:
                sending.send((number, works[number]()))
            except (PbgraphError, OSError) as error:
                sending.send((number, error))
                break
        sending.send(None)


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent
    parent.join()
    os._exit(1)


def _received(open_: list[Connection]) -> Iterator[_Sent[_Value]]:
    """What comes out of the pipes, until each has said that there is no more."""
    while open_:
        for pipe in wait(open_):
            assert isinstance(pipe, Connection)
            try:
                sent = pipe.recv()
            except EOFError:
                raise Died("a process that was to do a part of the work has died") from None
            if sent is None:
                open_.remove(pipe)
            else:
                yield sent
