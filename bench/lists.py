"""How many quads a second a list becomes that comes in by `table:`: `python bench/lists.py [ROWS]`; bar: 300,000.

The lists are of real villages (corpus.py) with made-up figures: a gazetteer of entities with names, code, part and form, and a
panel of claims with indicator, value, year and passage. The medians of several readings by one process count, at the rate of the
bars' own machine (questions.py); the rate at which the store loads the same quads stands beside them.
"""

from __future__ import annotations

import csv
import random
import sys
import tempfile
from functools import partial
from pathlib import Path

import corpus
from questions import REFERENCE, rate, seconds

from pbgraph import checks, datafiles, garbage, store
from pbgraph import project as projects

ROWS = 50_000
BAR = 300_000

SOURCE = """\
source:
  id: {name}-2016
  type: List
  name: {{zh: 名录, en: list}}
  published: 2017
  language: zh

table:
  file: {name}.csv
"""
GAZETTEER = """\
  entities:
    id: $id
    type: Village
    name: {zh: $zh, en: $en}
    code: {scheme: nbs2023, notation: $code}
    partOf: $county
    form: administrative-village
"""
PANEL = """\
  figures:
    - {subject: $id, indicator: online-shops, value: "${shops}家", at: $year, passage: {$line: $shops}}
    - {subject: $id, indicator: online-sales, value: "${sales}万元", at: $year, passage: {$line: $sales}}
"""


def write(rows: int, folder: Path) -> None:
    """Write a project with a gazetteer and a panel of so many rows to a new folder."""
    corpus.write(100, folder)
    lists = folder / "data" / "lists"
    lists.mkdir()
    chosen = random.Random(corpus.SEED)
    villages = [row for each in corpus.division().villages.values() for row in each][:rows]
    for name, table in (("gazetteer", GAZETTEER), ("panel", PANEL)):
        (lists / f"{name}.yaml").write_text(SOURCE.format(name=name) + table, encoding="utf-8")
    with (lists / "gazetteer.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "zh", "en", "code", "county"])
        out.writerows([f"l{row['code']}", row["name"], f"Village {row['code']}", row["code"], "hengxian"] for row in villages)
    with (lists / "panel.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "year", "shops", "sales"])
        for row in villages:
            out.writerow([f"l{row['code']}", chosen.randint(2014, 2018), chosen.randint(1, 300), chosen.randint(1, 9000) / 10])


def main(rows: int) -> int:
    """Print the table; 1 if the bar is missed at the rate of the bars' own machine."""
    slower, missed = REFERENCE / rate(), False
    head = ("list", "quads", "seconds", "quads a second", f"at {REFERENCE} MB/s", "the store's load")
    sys.stdout.write(f"| {' | '.join(head)} |\n|{' --- |' * len(head)}\n")
    with tempfile.TemporaryDirectory() as place:
        write(rows, Path(place) / "project")
        project = projects.load(Path(place) / "project")
        data = datafiles.read(project, checks.read_schema(project))
        for name in ("gazetteer", "panel"):
            file = data.files[f"data/lists/{name}.yaml"]
            mapped = file.mapped(data.setting)
            assert not mapped.problems, mapped.problems[0]
            quads = mapped.quads.count("\n")
            with garbage.kept():
                took = seconds(partial(file.mapped, data.setting))
            loaded = seconds(partial(store.in_memory, [mapped.quads], {}))
            found = quads / took * slower
            missed |= found < BAR
            rates = f"{quads / took:,.0f} | {found:,.0f} | {quads / loaded:,.0f}"
            sys.stdout.write(f"| {name} | {quads:,} | {took:.2f} | {rates} |\n")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else ROWS))
