"""YAML files of a project that hold no data (views, sentences, readings, citation) as plain mappings, lists and texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pbgraph import records
from pbgraph.problems import Problem, Refused, Where
from pbgraph.project import Project

_SAYS = re.compile(rb"^[ \t\xef\xbb\xbf]*[^ \t\r\n#\xef\xbb\xbf]", re.MULTILINE)
"""A line of YAML that is neither blank nor a comment."""


def read(path: Path, project: Project) -> Mapping[str, Any]:
    """What such a file holds; nothing if there is none. Refused: it is no YAML, or no mapping."""
    return {name: entry for name, entry, _ in entries(path, project)}


def entries(path: Path, project: Project) -> Iterator[tuple[str, Any, Where]]:
    """The entries of such a file, each with its name and where it stands; none if it says nothing. Refused: as for `read`."""
    content = project.read(path) if path.is_file() else b""
    if not _SAYS.search(content):
        return
    found = records.read(content, project.address(path))
    if isinstance(found, Problem):
        raise Refused([found])
    for key, value in found.entries:
        yield key.text, records.plain(value), key.where
