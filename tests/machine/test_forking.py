"""Work shared out among processes comes back whole and in order, and so do its errors."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import struct
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pbgraph.forking import as_done, as_done_beside, as_many_as_fit, fitting, in_threads
from pbgraph.problems import Died, Refused, Where, problem


def refuse(number: int) -> int:
    raise Refused([problem(Where("views.yaml", number, 1), "view", reason="for a test")])


def shared_out(works: Sequence[Callable[[], object]], processes: int = 0) -> list[Any]:
    return [value for _, value in sorted(as_done(works, processes), key=lambda done: done[0])]


def test_values_come_back_in_order_from_several_processes() -> None:
    works: list[Callable[[], tuple[int, int]]] = [partial(lambda number: (number, os.getpid()), number) for number in range(200)]
    found = shared_out(works, processes=3)
    assert [number for number, _ in found] == list(range(200))
    assert len({process for _, process in found}) <= 3


def test_one_process_is_this_one() -> None:
    assert shared_out([os.getpid, os.getpid], processes=1) == [os.getpid()] * 2
    assert shared_out([os.getpid], processes=8) == [os.getpid()]
    assert shared_out([]) == []


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_the_first_piece_that_is_refused_is_told(processes: int) -> None:
    works = [partial(int, 1), partial(refuse, 7), partial(refuse, 8), partial(refuse, 9)]
    with pytest.raises(Refused) as refused:
        shared_out(works, processes=processes)
    assert [each.where.line for each in refused.value.problems] == [7]


def test_an_error_of_the_system_comes_back() -> None:
    with pytest.raises(FileNotFoundError):
        shared_out([partial(open, "/nowhere/at/all")] * 4, processes=2)


def test_where_no_further_process_can_be_started_the_system_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    fork = os.fork
    forked: list[bool] = []

    def few() -> int:
        if forked:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        forked.append(True)
        return fork()

    monkeypatch.setattr(os, "fork", few)
    with pytest.raises(BlockingIOError):
        shared_out([partial(signal.sigtimedwait, [], 0.01)] * 4, processes=2)


@pytest.mark.parametrize("begun", [as_done, partial(as_done_beside, partial(signal.sigtimedwait, [], 0.1))])
def test_a_process_that_is_killed_is_noticed(begun: Callable[..., Iterable[object]]) -> None:
    """By a process that only receives, and by one that works itself."""
    here = os.getpid()

    def die() -> None:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        signal.sigtimedwait([], 0.05)

    with pytest.raises(Died):
        list(begun([die] * 20, 2))


def pipes() -> set[int]:
    """The descriptors of this process that are pipes to write to."""
    found = set()
    for path in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # of the listing itself, which is closed by now
            if str(path.readlink()).startswith("pipe:") and fcntl.fcntl(int(path.name), fcntl.F_GETFL) & os.O_WRONLY:
                found.add(int(path.name))
    return found


@pytest.mark.parametrize("begun", [as_done, partial(as_done_beside, partial(signal.sigtimedwait, [], 0.1))])
def test_a_process_that_dies_while_it_tells_what_it_made_is_noticed(begun: Callable[..., Iterable[object]]) -> None:
    here, before = os.getpid(), pipes()

    def die() -> None:
        if os.getpid() != here:
            for file in pipes() - before:
                os.write(file, struct.pack("!i", 1000) + b"the beginning")
            os.kill(os.getpid(), signal.SIGKILL)
        signal.sigtimedwait([], 0.05)

    with pytest.raises(Died):
        list(begun([die] * 20, 2))


def test_threads_give_values_in_order_and_the_first_refusal() -> None:
    assert in_threads([partial(int, number) for number in range(100)], "test") == list(range(100))
    with pytest.raises(Refused) as refused:
        in_threads([partial(int, 1), partial(refuse, 7), partial(refuse, 8)], "test")
    assert [each.where.line for each in refused.value.problems] == [7]


def test_this_process_does_what_no_other_could_and_then_its_share() -> None:
    done: list[str] = []
    works = [partial(lambda number: (number, os.getpid(), list(done), "x" * 100_000), number) for number in range(40)]
    found = [value for _, value in sorted(as_done_beside(lambda: done.append("first"), works, 3), key=lambda each: each[0])]
    assert [number for number, *_ in found] == list(range(40))
    assert done == ["first"]
    assert len({process for _, process, *_ in found}) <= 3
    assert all(before == (["first"] if process == os.getpid() else []) for _, process, before, _ in found)


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_what_is_refused_here_or_there_is_told(processes: int) -> None:
    works = [partial(int, 1), partial(refuse, 7), partial(refuse, 8), partial(refuse, 9)]
    with pytest.raises(Refused) as refused:
        list(as_done_beside(list, works, processes))
    assert [each.where.line for each in refused.value.problems] == [7]
    with pytest.raises(Refused) as refused:
        list(as_done_beside(partial(refuse, 1), works, processes))
    assert [each.where.line for each in refused.value.problems] == [1]


def test_no_more_processes_work_than_there_is_room_for() -> None:
    assert fitting(4, 1_000, None) == 4
    assert [fitting(4, 1_000, available) for available in (0, 999, 1_000, 2_500, 100_000)] == [1, 1, 2, 3, 4]
    assert 1 <= as_many_as_fit() <= (os.cpu_count() or 1)
