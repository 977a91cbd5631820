"""Pieces of work, shared out among processes that are forked from this one, one for each core."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from threading import Thread
from typing import Generic, NamedTuple, TypeVar

from pbgraph.problems import Died, PbgraphError

_Value = TypeVar("_Value")


class _Done(NamedTuple, Generic[_Value]):
    """What one process did: the values by the number of the piece, and what stopped it, with the number of the piece."""

    values: dict[int, _Value]
    failure: tuple[int, PbgraphError | OSError] | None


def shared_out(works: Sequence[Callable[[], _Value]], processes: int = 0) -> list[_Value]:
    """What each piece of work returns, in their order; each is taken up by the first process that is free.

    What is returned has to be picklable; what a piece of work changes in memory is lost. There are as many `processes` as cores
    (0), counting this one, which does all by itself where there is nothing to share or no fork. Of the PbgraphErrors and OSErrors
    that pieces of work raise, that of the first piece is raised. Died: a process ended without a word.
    """
    processes = min(processes or os.cpu_count() or 1, len(works)) if hasattr(os, "fork") else 1
    if processes < 2:
        return [work() for work in works]
    context = get_context("fork")
    taken = context.Value("i", 0)

    def take() -> int:
        with taken.get_lock():
            taken.value += 1
            return int(taken.value) - 1

    started = []
    try:
        for _ in range(processes - 1):
            receiving, sending = context.Pipe(duplex=False)
            started.append((context.Process(target=_send, args=(works, take, sending)), receiving))
            started[-1][0].start()
            sending.close()
        done = [_do(works, take), *(_received(receiving) for _, receiving in started)]
    finally:
        for process, _ in started:
            process.terminate()
            process.join()
    for _, error in sorted((each.failure for each in done if each.failure), key=lambda failure: failure[0]):
        raise error
    values = {number: value for each in done for number, value in each.values.items()}
    return [values[number] for number in range(len(works))]


def _do(works: Sequence[Callable[[], _Value]], take: Callable[[], int]) -> _Done[_Value]:
    values: dict[int, _Value] = {}
    while (number := take()) < len(works):
        try:
            values[number] = works[number]()
        except (PbgraphError, OSError) as error:
            return _Done(values, (number, error))
    return _Done(values, None)


def _send(works: Sequence[Callable[[], _Value]], take: Callable[[], int], sending: Connection) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    with suppress(KeyboardInterrupt):  # of which the process that forked this one will speak
        sending.send(_do(works, take))


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent
    parent.join()
    os._exit(1)


def _received(receiving: Connection) -> _Done[_Value]:
    try:
        done: _Done[_Value] = receiving.recv()
    except EOFError:
        raise Died("a process that was to do a part of the work has died") from None
    return done
