"""YAML files of a project that hold no data (views, sentences, readings, citation) as plain mappings, lists and texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pbgraph import records
from pbgraph.problems import Problem, Refused
from pbgraph.project import Project


def read(path: Path, project: Project) -> Mapping[str, Any]:
    """What such a file holds; nothing if there is none. Refused: it is no YAML, or no mapping."""
    if not path.is_file():
        return {}
    found = records.read(project.read(path), project.address(path))
    if isinstance(found, Problem):
        raise Refused([found])
    plain: Mapping[str, Any] = records.plain(found)
    return plain
