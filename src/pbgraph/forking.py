"""Pieces of work, shared out among processes that are forked from this one, or among its threads, one for each core."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

from pbgraph import garbage
from pbgraph.problems import Died, PbgraphError
from pbgraph.progress import Progress, counted, most_held, silent

PIPE = 1 << 20
"""Bytes that a pipe holds."""

_Value = TypeVar("_Value")

_Sent = tuple[int, _Value | PbgraphError | OSError]
"""What a process tells of one piece of work: its number, and what it returned or what stopped it."""


def in_threads(works: Sequence[Callable[[], _Value]], stage: str, progress: Progress = silent) -> list[_Value]:
    """What each piece of work of a stage returns, in their order; done by as many threads as there are cores.

    For work that is done in a library that lets other threads run, on what is too large to be held twice: what a forked process
    only reads is copied as soon as references to it are counted. The first piece that raises ends it.
    """
    pool = ThreadPoolExecutor(_cores())
    try:
        return list(counted(pool.map(lambda work: work(), works), stage, len(works), progress))
    finally:
        pool.shutdown(cancel_futures=True)


def as_done(works: Sequence[Callable[[], _Value]], processes: int = 0) -> Iterator[tuple[int, _Value]]:
    """The number of each piece of work with what it returns, as soon as it is done; a process that is free takes the next.

    What is returned has to be picklable; what a piece of work changes in memory is lost. There are as many `processes` as cores
    (0); this one does all by itself where there is nothing to share, else it only receives. Of the PbgraphErrors and
    OSErrors that pieces of work raise, that of the first piece is raised at the end. Died: a process ended without a word.
    """
    processes = _number(works, processes)
    if processes < 2:
        yield from ((number, work()) for number, work in enumerate(works))
        return
    with _started(works, processes) as (_, open_):
        yield from _values(_received(open_))


def as_done_beside(
    first: Callable[[], object], works: Sequence[Callable[[], _Value]], processes: int = 0
) -> Iterator[tuple[int, _Value]]:
    """The same, but this process is one of the `processes`: it does `first`, and then its share.

    So what it holds is there once less.
    """
    processes = _number([first, *works], processes)
    if processes < 2:
        first()
        yield from as_done(works, 1)
        return
    with _started(works, processes - 1) as (take, open_):
        told: SimpleQueue[_Sent[_Value] | None] = SimpleQueue()
        # While this process works, what the others send must not stay in their pipes, which hold little.
        Thread(target=_pass_on, args=(open_, told), daemon=True).start()
        first()
        yield from _values(_own_and(told, works, take))


def fitting(cores: int, held: int, available: int | None) -> int:
    """How many processes may work at once, at least one: as many as cores, and as find room.

    Each may come to hold what this one `held`, and has as many bytes `available` beyond that (None: not known).
    """
    return cores if available is None else max(1, min(cores, 1 + available // max(held, 1)))


def as_many_as_fit() -> int:
    """How many processes may work at once on what this one holds."""
    return fitting(_cores(), most_held(), _available())


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _available() -> int | None:
    """The bytes of memory that are free or may be freed at once (proc(5), MemAvailable); None where that is not told."""
    with suppress(OSError), Path("/proc/meminfo").open(encoding="ascii") as lines:
        for line in lines:
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _number(works: Sequence[object], processes: int) -> int:
    return min(processes or _cores(), len(works))


@contextmanager
def _started(works: Sequence[Callable[[], object]], processes: int) -> Iterator[tuple[Callable[[], int], list[Connection]]]:
    """What takes the number of the next piece of work, and the pipes of processes that do them, which end with this."""
    garbage.give_back()
    context = get_context("fork")
    taken = context.Value("i", 0)

    def take() -> int:
        with taken.get_lock():
            taken.value += 1
            return int(taken.value) - 1

    started, open_ = [], []
    try:
        for _ in range(processes):
            receiving, sending = context.Pipe(duplex=False)
            _widen(receiving)
            process = context.Process(target=_do, args=(works, take, sending))
            process.start()
            started.append(process)
            sending.close()
            open_.append(receiving)
        yield take, open_
    finally:
        for process in started:
            process.terminate()
            process.join()


def _widen(pipe: Connection) -> None:
    """Let a pipe hold more than Linux gives it, so that who sends and who receives wait for each other a tenth as often."""
    if sys.platform == "linux":
        with suppress(OSError):  # Some users may not.
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE)


def _values(sent: Iterable[_Sent[_Value]]) -> Iterator[tuple[int, _Value]]:
    """What was made; at the end the error of the first piece that raised one is raised."""
    failures: dict[int, PbgraphError | OSError] = {}
    for number, value in sent:
        if isinstance(value, PbgraphError | OSError):
            failures[number] = value
        else:
            yield number, value
    if failures:
        raise failures[min(failures)]


def _do(works: Sequence[Callable[[], _Value]], take: Callable[[], int], sending: Connection) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    with suppress(KeyboardInterrupt):  # of which the process that forked this one will speak
        sent: _Sent[_Value]
        for sent in _done(works, take):
            sending.send(sent)
        sending.send(None)


def _done(works: Sequence[Callable[[], _Value]], take: Callable[[], int]) -> Iterator[_Sent[_Value]]:
    """What pieces of work return, up to the first that raises."""
    while (number := take()) < len(works):
        try:
            yield number, works[number]()
            garbage.give_back()
        except (PbgraphError, OSError) as error:
            yield number, error
            return


def _own_and(
    told: SimpleQueue[_Sent[_Value] | None], works: Sequence[Callable[[], _Value]], take: Callable[[], int]
) -> Iterator[_Sent[_Value]]:
    """What this process makes, and what the others tell, until they have told all."""
    others = iter(told.get, None)
    for sent in _done(works, take):
        yield sent
        yield from islice(others, told.qsize())
    yield from others


def _pass_on(open_: list[Connection], told: SimpleQueue[_Sent[_Value] | None]) -> None:
    sent: _Sent[_Value]
    try:
        for sent in _received(open_):
            told.put(sent)
    except Died as error:
        told.put((-1, error))
    finally:
        told.put(None)  # for which the process that works waits


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
            except (EOFError, OSError):  # The second if it died while it told what it had made.
                raise Died("a process that was to do a part of the work has died") from None
            if sent is None:
                open_.remove(pipe)
            else:
                yield sent
