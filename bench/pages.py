"""How long pages take beside the same templates filled from ready dictionaries; `python bench/pages.py [RUNS]`.

The same files are created. For the second, what every function of the templates gave is kept by its name and arguments, and
nothing is asked of the graph; macros are run each time, as Jinja runs them. Both by as many processes as there are cores, wall
time. Bars: 1.5 times that; a page in 1/20 of the time that Python needs to start with the libraries that no run can do without
(1.5 ms where the start takes 30 ms).
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from pbgraph import pages, phrases, queries
from pbgraph import project as projects
from pbgraph.atlas import Atlas
from pbgraph.checks import check
from pbgraph.labels import Labels
from pbgraph.products import site_of, write_network
from pbgraph.sites import Site

ROOT = Path(__file__).resolve().parent.parent
START = "import click, pyoxigraph, yaml; yaml.CSafeLoader"
BARS = {"times": 1.5, "start": 0.05}

Answers = dict[tuple[Any, ...], Any]


def fresh(made: Site) -> Site:
    """A site on the same graph that has asked nothing yet."""
    labels = Labels(made.graph, made.labels.languages)
    site = Site(made.project, made.graph, labels, made.addresses, made.extras, made.index, tools=made.tools)
    linked = made.tools["linked"]
    site.tools = {**made.tools, "linked": type(linked)(site, linked.dataset, linked.alignment)}
    return site


def key(name: str, given: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    """What a call is known by: values by themselves, lists of rows by their text."""
    plain = [each if isinstance(each, str | int | float) else repr(each) for each in (*given, *named.items())]
    return (name, *plain)


class Ready(phrases.Phrases):
    """The vocabulary of templates, its answers kept in `answers`; once `filled`, they are only looked up."""

    answers: ClassVar[dict[tuple[str, str], Answers]] = {}
    filled = False

    def vocabulary(self) -> dict[str, Any]:
        """Every name a template may use, each function with its answers at hand."""
        own = self.answers.setdefault((self.folder, self.language), {})
        found = {
            name: self._ready(name, value, own) if callable(value) else value for name, value in super().vocabulary().items()
        }
        return {**found, "keep": lambda macro, *given: macro(*given)}

    def _ready(self, name: str, function: Callable[..., Any], own: Answers) -> Callable[..., Any]:
        def answer(*given: Any, **named: Any) -> Any:
            asked = key(name, given, named)
            if not self.filled and asked not in own:
                own[asked] = function(*given, **named)
            return own[asked]

        return answer


def seconds(work: Callable[[], object]) -> float:
    """The wall time that something takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main(runs: int) -> int:
    """Print the table; 1 if a bar is missed."""
    (ROOT / ".build").mkdir(exist_ok=True)
    place = Path(tempfile.mkdtemp(dir=ROOT / ".build"))  # on the disk that pages are built on
    try:
        checked = check(projects.load(ROOT))
        atlas = Atlas(checked.project, checked.graph)
        (place / "networks").mkdir()
        listed = queries.load(checked.project, "networks")
        drawn = [write_network(query, atlas, place / "networks") for query in listed]
        made = site_of(checked, atlas, drawn, place)
        views = [view for view in made.views() if view.template.endswith(".html")]
        Site.views = lambda self: [replace(view, data=False) for view in views]  # type: ignore[method-assign]
        written = pages.write_site(fresh(made), place / "first")
        count = sum(name.endswith(".html") for name in written.made.files)
        ours = [seconds(partial(pages.write_site, fresh(made), place / f"ours-{run}")) for run in range(runs)]
        parts = vars(pages)
        plain, parts["Phrases"] = parts["Phrases"], Ready
        shared, parts["as_done"] = (
            parts["as_done"],
            lambda works, processes: enumerate(work() for work in works),
        )  # what is kept is kept here
        pages.write_site(fresh(made), place / "filling")
        parts["as_done"] = shared
        Ready.filled = True
        base = [seconds(partial(pages.write_site, fresh(made), place / f"base-{run}")) for run in range(runs)]
        parts["Phrases"] = plain
        took, floor = statistics.median(ours), statistics.median(base)
        sys.stdout.write(f"| {count} pages | s | ms a page |\n| --- | --- | --- |\n")
        for name, each in (("from the graph", took), ("from ready dictionaries", floor)):
            sys.stdout.write(f"| {name} | {each:.2f} | {1000 * each / count:.2f} |\n")
        start = statistics.median(seconds(partial(subprocess.run, [sys.executable, "-c", START])) for _ in range(7))
        sys.stdout.write(
            f"{took / floor:.2f} times (bar {BARS['times']}); "
            f"a page in {took / count / start:.3f} of a start of {start:.3f} s (bar {BARS['start']})\n"
        )
        return int(took / floor > BARS["times"] or took / count / start > BARS["start"])
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
