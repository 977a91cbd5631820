"""The bars of a whole country on a laptop: `python bench/bars.py [--sizes SMALL MIDDLE LARGE] [--runs N] [--others [--limit S]]`.

Over synthetic projects (corpus.py) of three sizes it measures whole processes: the data path (from YAML to checked graph, store,
dumps, tables and networks without layout) beside the floor, what it holds and how it grows; `check` from nothing, after an edit
and where nothing changed; questions on a store on disk; how soon commands start. With `--others` it goes the plain way and
LinkML's, too (ratios.py), for the small and the middle project. Each row is added to history.jsonl; 1 if a bar is missed. Bars
are those of 10^4, 10^5 and 6×10^5 entities and claims. Seconds of the data path are those of this machine, all others are told at
the rate at which the bars' own machine reads YAML's events (questions.py); megabytes are the largest sum of what all processes
hold, shared pages shared out among them.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import corpus
import own
import pyoxigraph
import questions
import ratios
import yaml

SIZES = (10_000, 100_000, 600_000)
HELD = {100_000: 1200.0, 600_000: 3000.0}
"""Megabytes that a project of a size may take."""
FLOOR = 2.0
GROWTH = 1.2
EDIT, UNCHANGED, EDIT_GROWTH = 0.5, 0.15, 3.0
HELP, QUERY = 0.12, 0.2
PAUSE, SHARE = 0.25, 20
"""Seconds at least between two looks at what processes hold, and how many times as long as a look, which goes over all pages."""


@dataclass(frozen=True)
class Row:
    """A row of the table: what was measured at which size (0: any), the value with its unit, the bar, and which side is met."""

    what: str
    size: int
    value: float
    unit: str
    bar: float | None = None
    at_least: bool = False

    @property
    def missed(self) -> bool:
        """Whether it is on the wrong side of its bar."""
        return self.bar is not None and (self.value < self.bar if self.at_least else self.value > self.bar)

    @property
    def limit(self) -> str:
        """The bar in words; empty where there is none."""
        return f"{'≥' if self.at_least else '≤'} {self.bar:,g}{', missed' if self.missed else ''}" if self.bar is not None else ""


def ran(command: Sequence[str | Path], cache: Path) -> tuple[float, float]:
    """Seconds and megabytes of a command, with all processes that it starts. AssertionError: it fails."""
    begun, most = time.perf_counter(), 0.0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment(cache))
    while process.poll() is None:
        looked = time.perf_counter()
        most = max(most, sum(map(_held, _family(process.pid))))
        time.sleep(max(PAUSE, SHARE * (time.perf_counter() - looked)))
    assert process.returncode == 0, command
    return time.perf_counter() - begun, most


def _environment(cache: Path) -> dict[str, str]:
    """That of a user: Python keeps the modules that it has compiled, as it does unless told not to, and the cache is here."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return own | {"XDG_CACHE_HOME": str(cache)}


def _family(process: int) -> Iterator[int]:
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _held(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


def _slower() -> float:
    """By how much this machine takes longer now than that of the bars."""
    return questions.REFERENCE / questions.rate()


def took(command: Sequence[str | Path], cache: Path, runs: int) -> float:
    """The median of seconds that a command takes, after a run that is not counted; nothing looks at what it holds meanwhile."""
    found = []
    for _ in range(runs + 1):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=_environment(cache))
        found.append(time.perf_counter() - begun)
    return statistics.median(found[1:])


def floor(folder: Path, made: Path, place: Path) -> float:
    """Seconds for what no program can do without: bytes, events, a store on disk of ready N-Quads, files like those `made`."""
    contents = [path.read_bytes() for path in sorted(made.rglob("*")) if path.is_file() and "store" not in path.parts]
    place.mkdir()
    begun = time.perf_counter()
    for path in sorted((folder / "data").rglob("*.yaml")):
        loader = yaml.CSafeLoader(path.read_bytes())
        while loader.get_event() is not None:
            pass
    store = pyoxigraph.Store(place / "store")
    store.bulk_load(path=made / "graph.nq", format=pyoxigraph.RdfFormat.N_QUADS, lenient=True)
    store.flush()
    for number, content in enumerate(contents):
        (place / str(number)).write_bytes(content)
    return time.perf_counter() - begun


def path_rows(sizes: Sequence[int], runs: int, place: Path) -> Iterator[Row]:
    """The data path of the middle size, medians of processes of its own beside the floor, and one of the large one."""
    _, middle, large = sizes
    command: list[str | Path] = [sys.executable, own.__file__]
    times, floors, held = [], [], 0.0
    for run in range(runs):
        out, least = place / f"path-{run}", place / f"floor-{run}"
        seconds, most = ran([*command, place / str(middle), out], place)
        times.append(seconds)
        held = max(held, most)
        floors.append(floor(place / str(middle), out, least))
        shutil.rmtree(out)
        shutil.rmtree(least)
    took_, least_ = statistics.median(times), statistics.median(floors)
    yield Row("data path", middle, took_, "s")
    yield Row("data path, beside the floor", middle, took_ / least_, "×", FLOOR if middle == SIZES[1] else None)
    yield Row("data path, held", middle, held, "MB", HELD.get(middle))
    seconds, held = ran([*command, place / str(large), place / "path"], place)
    shutil.rmtree(place / "path")
    growth = seconds / took_ / (large / middle)
    yield Row("data path", large, seconds, "s")
    yield Row("data path, growth beside linear", large, growth, "×", GROWTH if large == SIZES[2] else None)
    yield Row("data path, held", large, held, "MB", HELD.get(large))


def check_rows(sizes: Sequence[int], runs: int, place: Path) -> Iterator[Row]:
    """`check` of each size: from nothing, after an edit, where nothing changed."""
    edits: dict[int, float] = {}
    for size in sizes:
        folder, cache = place / str(size), place / f"cache-{size}"
        command = [sys.executable, "-m", "pbgraph", "--project", str(folder), "check"]
        seconds, held = ran(command, cache)
        slower = _slower()
        yield Row("check from nothing", size, seconds / slower, "s")
        yield Row("check from nothing, held", size, held, "MB", HELD.get(size))
        changed = min((folder / "data" / "counties").glob("*.yaml"))
        # What a claim says is changed; what a shortcut is derived from goes. The slower of the two counts.
        edits[size] = max(_after(partial(edit, changed), command, cache, runs) for edit in (_edit, _forget)) / slower
        yield Row("check after an edit", size, edits[size], "s", EDIT if size == SIZES[2] else None)
        yield Row("check where nothing changed", size, took(command, cache, runs) / slower, "s", UNCHANGED)
        shutil.rmtree(cache)
    if len(edits) > 1:
        growth = edits[sizes[-1]] / edits[sizes[0]]
        yield Row("check after an edit, beside the smallest", sizes[-1], growth, "×", EDIT_GROWTH if size == SIZES[2] else None)


def _after(edit: Callable[[], None], command: Sequence[str | Path], cache: Path, runs: int) -> float:
    """The median seconds of a command after an edit."""
    found = []
    for _ in range(runs):
        edit()
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=_environment(cache))
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


def _edit(path: Path) -> None:
    """Let a figure of a file be of another value."""
    text = re.sub(r"value: ([0-9]+)", lambda found: f"value: {int(found[1]) + 1}", path.read_text(encoding="utf-8"), count=1)
    path.write_text(text, encoding="utf-8")


def _forget(path: Path) -> None:
    """Take the first mention out of a file."""
    path.write_text(re.sub("(?<=\nmentions:\n).*\n", "", path.read_text(encoding="utf-8"), count=1), encoding="utf-8")


def question_rows(size: int, place: Path) -> Iterator[Row]:
    """Every question on a store on disk."""
    slower = _slower()
    times = questions.times_of(place / str(size), place).values()
    yield Row("questions on a store on disk, median", size, statistics.median(times) / slower, "s", questions.MEDIAN)
    yield Row("questions on a store on disk, worst", size, max(times) / slower, "s", questions.WORST)


def start_rows(runs: int, place: Path) -> Iterator[Row]:
    """How soon commands answer, on the project's own data."""
    slower = _slower()
    pbgraph: list[str | Path] = [sys.executable, "-m", "pbgraph", "--project", corpus.ROOT]
    subprocess.run([*pbgraph, "build"], check=True, capture_output=True)
    yield Row("--help", 0, took([*pbgraph, "--help"], place, runs) / slower, "s", HELP)
    query = [*pbgraph, "query", "--sparql", "SELECT ?pairing WHERE { ?pairing a pb:PairingAgreement }"]
    yield Row("a query on a built graph", 0, took(query, place, runs) / slower, "s", QUERY)


def other_rows(sizes: Sequence[int], runs: int, limit: float) -> Iterator[Row]:
    """The plain way and LinkML's beside pbgraph."""
    for size in sizes:
        lines, different, _ = ratios.measured(size, runs, limit)
        ratios.keep(size, lines, limit)
        assert not different, different
        for line in lines:
            if line.bar:
                yield Row(f"{line.what}, others beside it", size, line.ratio, "×", line.bar, at_least=True)


def told(row: Row, run: Mapping[str, object]) -> str:
    """A row as a line of a Markdown table, after it was added to the history with what is told of the whole run."""
    kept = {"what": row.what, "size": row.size, "value": float(f"{row.value:.3g}"), "unit": row.unit, "bar": row.limit}
    with ratios.HISTORY.open("a", encoding="utf-8") as file:
        file.write(json.dumps({**run, **kept}, ensure_ascii=False) + "\n")
    return f"| {row.what} | {f'{row.size:,}' if row.size else ''} | {kept['value']:,g} {row.unit} | {row.limit} |\n"


def main(sizes: Sequence[int], runs: int, others: bool, limit: float) -> int:
    """Print the table; 1 if a bar is missed."""
    missed, run = False, {**ratios.stamp(), "sizes": sizes}
    sys.stdout.write("| what | entities and claims | measured | bar |\n| --- | --- | --- | --- |\n")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for size in sizes:
            corpus.write(size, place / str(size))
        parts: list[Callable[[], Iterator[Row]]] = [
            partial(start_rows, runs, place),
            partial(path_rows, sizes, runs, place),
            partial(check_rows, sizes, runs, place),
            partial(question_rows, sizes[1], place),
            *([partial(other_rows, sizes[:2], runs, limit)] if others else []),
        ]
        for row in (row for part in parts for row in part()):
            sys.stdout.write(told(row, run))
            sys.stdout.flush()
            missed |= row.missed
    return int(missed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", nargs=3, type=int, default=[1_000, 10_000, 60_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--others", action="store_true")
    parser.add_argument("--limit", type=float, default=20.0)
    given = parser.parse_args()
    sys.exit(main(given.sizes, given.runs, given.others, given.limit))
