"""The same records by `linkml-convert`, on a small schema of the same classes and keys (`linkml.yaml`), beside pbgraph's mapping.

LinkML is fetched once into an environment of its own in the user's cache. Both are measured as whole commands on the places,
organizations, figures and pairings of a project's counties, both check keys and types, both write the triples; pbgraph also reads
the vocabularies and writes the classes above, computed bounds and fingerprints, which LinkML's triples have not.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import plain
import yaml

PACKAGE = "linkml==1.12.1"
SCHEMA = Path(__file__).with_name("linkml.yaml")
TRIPLES = Path(__file__).with_name("triples.py")
KINDS = {
    "places": frozenset({"Province", "Prefecture", "County", "Township", "Village"}),
    "organizations": frozenset({"Company", "EcommerceStation", "PartyBranch"}),
}
CLAIMS = ("figures", "pairings")
IDS = ("partOf", "form", "platform", "scheme", "subject", "indicator", "population", "kind", "brokeredBy", "who", "within")
"""Keys whose values are ids."""


def fetched() -> Path:
    """The command `linkml-convert`. CalledProcessError: pip cannot fetch it."""
    home = Path(os.environ.get("PBGRAPH_BENCH_CACHE") or Path.home() / ".cache" / "pbgraph-bench")
    folder = home / PACKAGE.replace("==", "@")
    if not (folder / "fetched").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", PACKAGE], check=True, capture_output=True)
        (folder / "fetched").touch()
    return folder / "bin" / "linkml-convert"


def measured(folder: Path, place: Path, runs: int) -> tuple[float, float]:
    """Seconds of `linkml-convert` and of pbgraph's mapping for the same records of a project; files are made in `place`."""
    command, small = fetched(), place / "small"
    records = _shared_out(folder, small)
    (place / "records.yaml").write_text(yaml.dump(records, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")
    given: list[str | Path] = [
        "--schema",
        SCHEMA,
        "--target-class",
        "Container",
        "--output-format",
        "ttl",
        "--output",
        place / "linkml.ttl",
    ]
    theirs = _seconds([command, *given, place / "records.yaml"])
    own = [_seconds([sys.executable, TRIPLES, small, place / "own.nq"]) for _ in range(runs)]
    return theirs, statistics.median(own)


def _seconds(command: Sequence[str | Path]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


def _shared_out(folder: Path, small: Path) -> dict[str, list[dict[str, Any]]]:
    """The records for LinkML; and a project with nothing but them and the vocabularies."""
    for part in ("ontology", "data/vocabularies"):
        shutil.copytree(folder / part, small / part)
    shutil.copy(folder / "pbgraph.toml", small)
    records: dict[str, list[dict[str, Any]]] = {section: [] for section in (*KINDS, *CLAIMS)}
    for path in sorted((folder / "data" / "counties").glob("*.yaml")):
        data = plain.loaded(path)
        chosen = {section: [each for each in data["entities"] if each["type"] in kinds] for section, kinds in KINDS.items()}
        claims = {section: data.get(section, []) for section in CLAIMS}
        kept = {"source": data["source"], "entities": [each for found in chosen.values() for each in found], **claims}
        (small / "data" / path.name).write_text(yaml.dump(kept, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")
        for section in KINDS:
            records[section].extend(map(_entity, chosen[section]))
        for section, found in claims.items():
            records[section].extend(_claim(each, data["source"]["id"], number) for number, each in enumerate(found))
    return records


def _entity(data: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: _value(key, value) for key, value in data.items() if key not in ("id", "name")}
    return {"id": f"id:{data['id']}", "name_zh": data["name"]["zh"], "name_en": data["name"]["en"], **found}


def _claim(data: Mapping[str, Any], source: str, number: int) -> dict[str, Any]:
    found = {key: _value(key, value) for key, value in data.items()}
    kind = "f" if "indicator" in data else "p"
    return {"id": f"claim:{source}.{kind}{number}", "source": f"id:{source}", **found}


def _value(key: str, value: Any) -> Any:
    if key == "passage":
        return [{"par": int(par), "quote": quote} for par, quotes in value.items() for quote in plain.listed(quotes)]
    if key in ("beneficiary", "partner"):
        return dict(_party(value))
    if key == "code":
        return [{name: _value(name, text) for name, text in each.items()} for each in value]
    if key == "unstated":
        return plain.listed(value)
    return f"id:{value}" if key in IDS else value


def _party(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, str):
        yield "entity", f"id:{value}"
    else:
        yield from ((key, int(each) if key == "number" else _value(key, each)) for key, each in value.items())
