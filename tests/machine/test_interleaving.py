"""Several orders of some of the things become one of all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pbgraph.interleaving import interleaved


@given(
    st.permutations("abcdefgh").flatmap(
        lambda all_: st.lists(st.sets(st.integers(0, 7)).map(lambda at: [all_[i] for i in sorted(at)]))
    )
)
def test_every_run_keeps_its_order_where_they_agree(runs: list[list[str]]) -> None:
    order = interleaved(runs)
    assert sorted(order) == sorted({each for run in runs for each in run})
    for run in runs:
        assert [each for each in order if each in run] == run


@given(st.lists(st.lists(st.sampled_from("abcde"))))
def test_whatever_the_runs_are_each_thing_stands_once(runs: list[list[str]]) -> None:
    assert sorted(interleaved(runs)) == sorted({each for run in runs for each in run})


def test_what_no_run_puts_in_order_stands_as_first_met() -> None:
    assert interleaved([["d"], ["c"], ["b", "a"], ["x"]]) == ["d", "c", "b", "a", "x"]
    assert interleaved([["d", "c"], ["b", "d"], ["a"]]) == ["b", "d", "c", "a"]


def test_where_runs_contradict_each_other_everything_stands_as_first_met() -> None:
    assert interleaved([["b", "a"], ["a", "b"], ["c"]]) == ["b", "a", "c"]
