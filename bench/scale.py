"""How `pbgraph check` grows with the data, beside the least that any program must do: `python bench/scale.py [SIZE …]`.

Over synthetic projects (corpus.py) it prints seconds, megabytes (the largest sum of what all its processes hold, shared pages
shared out among them) and the ratio to the floor: to read the files, to have libyaml find their events, and to load the N-Quads,
ready made, into a store in memory. Medians of RUNS. Bar: 1.2 GB.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import corpus
import pyoxigraph
import yaml

from pbgraph import checks, datafiles
from pbgraph import project as projects

SIZES = (10_000,)
RUNS = 3
MEGABYTES = 1200.0


def floor(folder: Path, quads: bytes) -> float:
    """Seconds for what no program can do without: bytes, events, a store."""
    begun = time.perf_counter()
    for path in sorted((folder / "data").rglob("*.yaml")):
        loader = yaml.CSafeLoader(path.read_bytes())
        while loader.get_event() is not None:
            pass
    pyoxigraph.Store().load(quads, format=pyoxigraph.RdfFormat.N_QUADS)
    return time.perf_counter() - begun


def quads_of(folder: Path) -> bytes:
    """What the data files of a project become, as N-Quads."""
    project = projects.load(folder)
    data = datafiles.read(project, checks.read_schema(project))
    return "".join(mapped.quads for mapped in data.mapped()).encode()


def ran(folder: Path, cache: Path) -> tuple[float, float]:
    """Seconds and megabytes of a check, whole process with all that it forks."""
    begun, most = time.perf_counter(), 0.0
    command = [sys.executable, "-m", "pbgraph", "--project", str(folder), "check"]
    process = subprocess.Popen(
        command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=os.environ | {"XDG_CACHE_HOME": str(cache)}
    )
    while process.poll() is None:
        most = max(most, sum(_held(each) for each in _family(process.pid)))
        time.sleep(0.05)
    took = time.perf_counter() - begun
    assert process.returncode == 0, f"{folder} has findings"
    return took, most


def _edit(path: Path) -> None:
    """Let a figure of a file be of another value."""
    text = re.sub(r"value: ([0-9]+)", lambda found: f"value: {int(found[1]) + 1}", path.read_text(encoding="utf-8"), count=1)
    path.write_text(text, encoding="utf-8")


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


def main(sizes: tuple[int, ...]) -> int:
    """Print the table; 1 if a bar is missed."""
    missed = 0
    sys.stdout.write("| entities and claims | run | s | × floor | MB |\n| --- | --- | --- | --- | --- |\n")
    for size in sizes:
        with tempfile.TemporaryDirectory() as place:
            folder, cache = Path(place) / "project", Path(place) / "cache"
            count = corpus.write(size, folder)
            quads = quads_of(folder)
            least = statistics.median(floor(folder, quads) for _ in range(RUNS))
            del quads
            sys.stdout.write(f"| {count:,} | floor | {least:.2f} | 1.0 | |\n")
            changed = min((folder / "data" / "counties").glob("*.yaml"))
            befores: dict[str, Callable[[], object]] = {
                "cold": partial(shutil.rmtree, cache, ignore_errors=True),
                "one file changed": partial(_edit, changed),
                "nothing changed": lambda: None,
            }
            for name, before in befores.items():
                found = []
                for _ in range(RUNS):
                    before()
                    found.append(ran(folder, cache))
                took, held = statistics.median(each[0] for each in found), max(each[1] for each in found)
                sys.stdout.write(f"| {count:,} | {name} | {took:.2f} | {took / least:.1f} | {held:.0f} |\n")
                missed |= held > MEGABYTES
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(tuple(map(int, sys.argv[1:])) or SIZES))
