"""Work shared out among processes comes back whole and in order, and so do its errors."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import partial

import pytest

from pbgraph.forking import shared_out
from pbgraph.problems import Died, Refused, Where, problem


def refuse(number: int) -> int:
    raise Refused([problem(Where("views.yaml", number, 1), "view", reason="for a test")])


def test_values_come_back_in_order_from_several_processes() -> None:
    works: list[Callable[[], tuple[int, int]]] = [partial(lambda number: (number, os.getpid()), number) for number in range(200)]
    found = shared_out(works, "test", processes=3)
    assert [number for number, _ in found] == list(range(200))
    assert len({process for _, process in found}) <= 3


def test_one_process_is_this_one() -> None:
    assert shared_out([os.getpid, os.getpid], "test", processes=1) == [os.getpid()] * 2
    assert shared_out([os.getpid], "test", processes=8) == [os.getpid()]
    assert shared_out([], "test") == []


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_the_first_piece_that_is_refused_is_told(processes: int) -> None:
    works = [partial(int, 1), partial(refuse, 7), partial(refuse, 8), partial(refuse, 9)]
    with pytest.raises(Refused) as refused:
        shared_out(works, "test", processes=processes)
    assert [each.where.line for each in refused.value.problems] == [7]


def test_an_error_of_the_system_comes_back() -> None:
    with pytest.raises(FileNotFoundError):
        shared_out([partial(open, "/nowhere/at/all")] * 4, "test", processes=2)


def test_a_process_that_is_killed_is_noticed() -> None:
    here = os.getpid()

    def die() -> None:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        signal.sigtimedwait([], 0.05)

    with pytest.raises(Died):
        shared_out([die] * 20, "test", processes=2)
