"""Several orders of some of the things → one order of all of them that keeps each."""

from __future__ import annotations

import graphlib
import heapq
from collections.abc import Collection, Sequence
from itertools import chain, pairwise


def interleaved(runs: Collection[Sequence[str]]) -> list[str]:
    """All that the runs hold, each once, such that each run keeps its order, and otherwise as first met.

    What a run holds again counts where it first stands. Where runs contradict each other everything stands as first met.
    The order is the first, by first meeting, of the topological ones (Kahn, Topological sorting of large networks, 1962).
    """
    met = list(dict.fromkeys(chain.from_iterable(runs)))
    if all(len(run) < 2 for run in runs):
        return met
    rank = {each: place for place, each in enumerate(met)}
    sorter: graphlib.TopologicalSorter[int] = graphlib.TopologicalSorter(dict.fromkeys(rank.values(), ()))
    for before, after in chain.from_iterable(pairwise(dict.fromkeys(run)) for run in runs):
        sorter.add(rank[after], rank[before])
    try:
        sorter.prepare()
    except graphlib.CycleError:
        return met
    order, free = [], list(sorter.get_ready())
    heapq.heapify(free)
    while free:
        place = heapq.heappop(free)
        order.append(met[place])
        sorter.done(place)
        for each in sorter.get_ready():
            heapq.heappush(free, each)
    return order
