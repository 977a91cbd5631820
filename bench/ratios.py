"""How pbgraph stands beside the plain way and beside LinkML: `python bench/ratios.py [SIZE …] [--runs N] [--limit SECONDS]`.

Over synthetic projects (corpus.py, with a few claims that break shapes) it goes from YAML to the checked graph, dumps, tables
and networks without layout, once by the plain way (plain.py, plain_products.py) and N times by pbgraph, of which the medians
count; triples, SHACL results, rows and ties must be equal. A question that rdflib has not answered within the limit counts with
the seconds until then, so that the ratio is the least it can be. Whole commands are compared with `linkml-convert`
(by_linkml.py). Each row is added to history.jsonl. 1 if a bar is missed or a product differs; bars apply from 10,000 on,
those beside LinkML and pySHACL from 100,000.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import by_linkml
import corpus
import own
import plain_products
from made import Made, Row, timed

from pbgraph import checks, constraints, datafiles, garbage, queries, store
from pbgraph import project as projects
from pbgraph.checks import Checked
from pbgraph.project import Project
from pbgraph.terms import SH

LARGE = 10_000
"""The size from which on bars apply: below it most of the time goes into getting started."""
WHOLE = 100_000
"""The size that the bars beside LinkML and pySHACL are of."""

HISTORY = Path(__file__).with_name("history.jsonl")
FAULTS = (
    ("kind: cooperation, ", ""),
    ("kind: cooperation, ", "kind: [cooperation, assistance], "),
    (r"beneficiary: v\d+, partner: company-\d+, ", ""),
    (r"relation: seated-in, object: v\d+, ", "relation: seated-in, "),
    ("period: year, at: 2016, ", "period: year, at: 2016, certainty: doubtful, "),
)
"""What is done to a county's file, once each, for the shapes to find something that reading does not."""

LAST_ASIDE = {"networks/pairings-by-county": 2}
"""How many of a query's last columns are not compared: rdflib passes unbound values over in MIN and MAX, the store does not."""

STAGES = {
    "check": ("graph", "shortcuts", "shapes", "SHACL", "findings"),
    "dumps": ("dumps",),
    "tables": ("tables",),
    "networks": ("networks",),
}
"""The stages of the data path: pbgraph's, and those of the plain way that do the same."""


@dataclass(frozen=True)
class Line:
    """A row of the table: what was measured, both ways' seconds, whether those of the others are the least, and the bar."""

    what: str
    theirs: float
    own: float
    least: bool = False
    bar: float | None = None

    @property
    def ratio(self) -> float:
        """How many times as fast pbgraph is."""
        return self.theirs / self.own

    @property
    def missed(self) -> bool:
        """Whether it is below its bar."""
        return self.bar is not None and self.ratio < self.bar

    def text(self, size: int) -> str:
        """It as a line of a Markdown table."""
        sign, bar = "≥ " if self.least else "", f"≥ {self.bar:.0f}{' missed' if self.missed else ''}" if self.bar else ""
        return f"| {size:,} | {self.what} | {sign}{self.theirs:.2f} | {self.own:.2f} | {sign}{self.ratio:.1f} | {bar} |\n"


def bar_of(size: int) -> float | None:
    """How many times as fast as the plain way the data path has to be."""
    return 35 if size >= WHOLE else 20 if size >= 10_000 else None


def break_some(folder: Path) -> None:
    """Break some claims of the first three counties."""
    for path in sorted((folder / "data" / "counties").glob("*.yaml"))[:3]:
        text = path.read_text(encoding="utf-8")
        for pattern, instead in FAULTS:
            text, number = re.subn(pattern, instead, text, count=1)
            assert number, f"{path} has nothing like {pattern}"
        path.write_text(text, encoding="utf-8")


def own_way(project: Project, out: Path, all_told: bool) -> Made:
    """Go pbgraph's way; the files are in `out`, and what the plain way is compared with is told if it is `all_told`."""
    found = Made()
    with timed("graph", found.seconds):
        _load(project)
    with timed("check", found.seconds):
        checked = checks.check(project)
    # Before any process is forked: what is shared with others is slower to read.
    with garbage.kept(), timed("SHACL", found.seconds):
        results = constraints.validate(checked.graph, checked.shapes)
    own.products_of(checked, out, found)
    if not all_told:
        return found
    found.results = frozenset((each.focus, each.path, SH + each.component, each.shape) for each in results)
    found.triples = frozenset(line.removesuffix(" .") for line in checked.graph.triples())
    found.rows = dict(_rows(checked))
    return found


def _load(project: Project) -> None:
    """Fill a graph, which nothing needs any longer."""
    graph = store.in_memory([], {})
    for mapped in datafiles.read(project, checks.read_schema(project)).mapped():
        graph.load(mapped.quads)


def _rows(checked: Checked) -> Iterator[tuple[str, list[Row]]]:
    for stage, family in (("findings", "checks"), ("tables", "tables"), ("networks", "networks")):
        for query in queries.load(checked.project, family):
            rows = queries.run(query, checked.graph).rows
            yield f"{stage}/{query.name}", [tuple("" if term is None else str(term) for term in row) for row in rows]


def differences(theirs: Made, own: Made) -> list[str]:
    """What the two ways made differently; nodes without an address of their own are passed over."""
    found = [name for name in ("triples", "results") if getattr(theirs, name) != getattr(own, name)]
    found += ["no results"] if not own.results else []
    found += [name for name, rows in theirs.rows.items() if _alike(name, rows) != _alike(name, own.rows[name])]
    return found + [name for name, ties in theirs.ties.items() if _pairs(ties) != _pairs(own.ties[name])]


def _alike(name: str, rows: Sequence[Row]) -> list[Row]:
    return sorted(row[: len(row) - LAST_ASIDE.get(name, 0)] for row in rows)


def _pairs(ties: Sequence[Row]) -> list[list[str]]:
    return sorted(sorted(tie[:2]) for tie in ties)


def lines_of(size: int, theirs: Made, own: Mapping[str, float]) -> Iterator[Line]:
    """The rows on the plain way, the whole data path last but one.

    pbgraph's processes share out dumps, tables and networks, so that the whole takes less than its stages together.
    """
    late = {name.split("/")[0] for name in theirs.given_up}
    sums = {stage: sum(theirs.seconds[each] for each in parts) for stage, parts in STAGES.items()}
    yield Line("YAML to graph", theirs.seconds["graph"], own["graph"])
    for stage, parts in STAGES.items():
        yield Line(stage, sums[stage], own[stage], not late.isdisjoint(parts))
    whole = own["check"] + own["data"]
    yield Line("data path", sum(sums.values()), whole, bool(late), bar_of(size))
    if late:
        ended = sum(sums.values()) - sum(theirs.seconds[name] for name in theirs.given_up)
        yield Line("data path, had the rest taken no time", ended, whole)
    yield Line("SHACL alone", theirs.seconds["SHACL"], own["SHACL"], bar=50 if size >= WHOLE else None)


def measured(size: int, runs: int, limit: float) -> tuple[list[Line], list[str], list[str]]:
    """The rows of one size, what differs, and what rdflib gave up."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "project"
        corpus.write(size, folder)
        linkml = by_linkml.measured(folder, Path(place), runs)
        break_some(folder)
        project = projects.load(folder)
        owns = []
        for run in range(runs):
            out = Path(place) / f"own{run}"
            out.mkdir()
            owns.append(own_way(project, out, run == 0))
        out = Path(place) / "plain"
        out.mkdir()
        theirs = plain_products.made(project, out, limit)
        medians = {stage: statistics.median(each.seconds[stage] for each in owns) for stage in owns[0].seconds}
        lines = [*lines_of(size, theirs, medians), Line("YAML to triples, by LinkML", *linkml, bar=25 if size >= WHOLE else None)]
        return lines, differences(theirs, owns[0]), theirs.given_up


def stamp() -> dict[str, str | int | None]:
    """What each row of the history begins with: the day, the commit, the cores."""
    asked = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=corpus.ROOT, capture_output=True, text=True)
    return {"date": date.today().isoformat(), "commit": asked.stdout.strip(), "cores": os.cpu_count()}


def keep(size: int, lines: Sequence[Line], limit: float) -> None:
    """Add the rows to the history, each with the limit for a question."""
    with HISTORY.open("a", encoding="utf-8") as file:
        for line in lines:
            told = {
                "size": size,
                "what": line.what,
                "theirs": round(line.theirs, 3),
                "own": round(line.own, 3),
                "least": line.least,
            }
            file.write(json.dumps({**stamp(), "limit": limit, **told, "ratio": round(line.ratio, 1), "bar": line.bar}) + "\n")


def main(sizes: Sequence[int], runs: int, limit: float) -> int:
    """Print the table; 1 if a bar is missed or a product differs."""
    failed = False
    sys.stdout.write("| entities and claims | what | others, s | pbgraph, s | × | bar |\n| --- | --- | --- | --- | --- | --- |\n")
    for size in sizes:
        lines, different, late = measured(size, runs, limit)
        for line in lines:
            sys.stdout.write(line.text(size))
        keep(size, lines, limit)
        notes = {f"rdflib gave up after {limit:.0f} s": late, "made differently": different}
        for told, names in notes.items():
            sys.stdout.write(f"\n{told}: {', '.join(names)}\n" if names else "")
        failed |= bool(different) or any(line.missed for line in lines)
    return int(failed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=20.0)
    given = parser.parse_args()
    sys.exit(main(given.sizes, given.runs, given.limit))
