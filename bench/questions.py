"""How long every question takes on a store on disk: `python bench/questions.py [SIZE …]`; bars: median 0.1 s, worst 1 s.

Over synthetic projects (corpus.py) the graph is written to disk as a build writes it, and opened read-only. Each question is
asked with its first example, RUNS times, the median counts. Times are those
of this machine, which reads YAML's events at the rate that is printed (the bars' own: 17.4 MB/s).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import corpus
import yaml

from pbgraph import checks, queries, store
from pbgraph import project as projects
from pbgraph.queries import Query
from pbgraph.store import Graph

ROOT = Path(__file__).resolve().parent.parent
SIZES = (10_000,)
RUNS = 3
REPEATED = 5
"""So many times all files are read: once takes hundredths of a second, and says little."""
MEDIAN, WORST = 0.1, 1.0
SLOWEST = 12
REFERENCE = 17.4


def asked(query: Query, graph: Graph, base: str) -> float:
    """The median of seconds that a question takes with its first example."""
    return seconds(lambda: queries.run(query, graph, queries.bind(query, query.examples[0], graph, base)))


def seconds(work: Callable[[], object]) -> float:
    """The median of seconds that a piece of work takes."""
    found = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


def rate() -> float:
    """Megabytes of YAML of which libyaml gives Python the events in a second."""
    files = [path.read_bytes() for path in sorted((ROOT / "data").rglob("*.yaml"))] * REPEATED
    return sum(map(len, files)) / 1e6 / seconds(partial(_events, files))


def _events(files: list[bytes]) -> None:
    for content in files:
        for _ in yaml.parse(content, Loader=yaml.CSafeLoader):
            pass


def times_of(folder: Path, place: Path) -> dict[str, float]:
    """Seconds that each question takes on a project's graph in a store on disk, which is written to `place`."""
    project = projects.load(folder)
    graph = checks.check(project).graph
    graph.write_quads(place / "graph.nq")
    store.write(place / "graph.nq", place / "store", graph.prefixes)
    graph = store.open_read_only(place / "store", graph.prefixes)
    return {query.name: asked(query, graph, project.base) for query in queries.load(project, "questions")}


def main(sizes: tuple[int, ...]) -> int:
    """Print the tables; 1 if a bar is missed at the rate of the bars' own machine."""
    missed = 0
    for size in sizes:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "project"
            count = corpus.write(size, folder)
            times = times_of(folder, Path(place))
        slower = REFERENCE / rate()
        median, worst = statistics.median(times.values()), max(times.values())
        sys.stdout.write(f"| {count:,} entities and claims | s | s at {REFERENCE} MB/s |\n| --- | --- | --- |\n")
        rows = [("median of all questions", median), *sorted(times.items(), key=lambda each: -each[1])[:SLOWEST]]
        for name, took in rows:
            sys.stdout.write(f"| {name} | {took:.3f} | {took / slower:.3f} |\n")
        missed |= median / slower > MEDIAN or worst / slower > WORST
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(tuple(map(int, sys.argv[1:])) or SIZES))
