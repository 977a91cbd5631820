"""How long `pbgraph check` takes, whole process, beside what Python needs to start with the libraries that no run can do without.

`python bench/check.py [RUNS]` prints medians and their ratio to that start. Bars: 20 cold, 10 warm (0.6 s and 0.3 s where the
start takes 30 ms).
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START = "import click, pyoxigraph, yaml; yaml.CSafeLoader"
BARS = {"cold": 20, "one file changed": 10, "nothing changed": 10}


def seconds(command: list[str], before: Callable[[], object], runs: int, cache: Path) -> float:
    """The median wall time of a command over several runs, `before` called ahead of each, after one that is not counted."""
    took = []
    for _ in range(runs + 1):
        before()
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "XDG_CACHE_HOME": str(cache)})
        took.append(time.perf_counter() - begun)
    return statistics.median(took[1:])


def main(runs: int) -> int:
    """Print the table; 1 if a bar is missed."""
    place = Path(tempfile.mkdtemp())
    try:
        for part in ("ontology", "shapes", "data", "queries", "site"):
            shutil.copytree(ROOT / part, place / "project" / part)
        shutil.copy(ROOT / "pbgraph.toml", place / "project")
        article = max((place / "project" / "data" / "articles").glob("*.yaml"), key=lambda path: path.stat().st_size)
        cache = place / "cache"
        check = [sys.executable, "-m", "pbgraph", "--project", str(place / "project"), "check"]
        start = seconds([sys.executable, "-c", START], lambda: None, runs, cache)
        befores: dict[str, Callable[[], object]] = {
            "cold": lambda: shutil.rmtree(cache, ignore_errors=True),
            "one file changed": lambda: article.write_text(article.read_text(encoding="utf-8") + "# .\n", encoding="utf-8"),
            "nothing changed": lambda: None,
        }
        sys.stdout.write(f"| run | s | × start ({start:.3f} s) | bar |\n| --- | --- | --- | --- |\n")
        missed = 0
        for name, before in befores.items():
            took = seconds(check, before, runs, cache)
            missed |= took / start > BARS[name]
            sys.stdout.write(f"| {name} | {took:.2f} | {took / start:.1f} | {BARS[name]} |\n")
        return int(missed)
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 7))
