"""YAML files of a project that hold no data (views, sentences, readings, citation) as plain mappings, lists and texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pbgraph import records
from pbgraph.problems import Problem, Refused, Where
from pbgraph.project import Project


def read(path: Path, project: Project) -> Mapping[str, Any]:
    """What such a file holds; nothing if there is none. Refused: it is no YAML, or no mapping."""
    return {name: entry for name, entry, _ in entries(path, project)}


def entries(path: Path, project: Project) -> Iterator[tuple[str, Any, Where]]:
    """The entries of such a file, each with its name and where it stands; none if there is no file. Refused: as for `read`."""
    if not path.is_file():
        return
    found = records.read(project.read(path), project.address(path))
    if isinstance(found, Problem):
        raise Refused([found])
    for key, value in found.entries:
        yield key.text, records.plain(value), key.where
