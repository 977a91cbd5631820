"""What the files of a project hold, told from the last time they were read as long as nothing has touched them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pbgraph.cache import Cache
from pbgraph.problems import Problem, Refused, Where, problem
from pbgraph.project import Project

SHEET = ".csv"
"""What the names of tables end in."""

MISSPELT: Mapping[str, tuple[str, ...]] = {
    ".yaml": (".yml", ".YML", ".YAML", ".Yaml", ".yaml.txt"),
    ".ttl": (".TTL", ".turtle", ".owl", ".rdf", ".shacl", ".ttl.txt"),
    ".rq": (".RQ", ".sparql", ".SPARQL", ".rq.txt"),
}
"""What the name of a data file, a Turtle file and a query must not end in, by what it ends in."""


@dataclass(frozen=True)
class Content:
    """A digest of what a file holds, or of why it cannot be had, and whether what the name of a table ends in stands in it."""

    digest: str
    sheets: bool


def data_files(project: Project) -> list[Path]:
    """The data files and tables of a project, and files that somebody may take for such."""
    return project.files("data", ".yaml", *MISSPELT[".yaml"], SHEET)


def misspelt(project: Project, part: str, suffix: str) -> Iterator[Problem]:
    """Files of a part that end otherwise than those that are read, and hold the like."""
    read = {*project.files(part, suffix)}
    for path in project.files(part, *MISSPELT[suffix]):
        if path not in read:
            yield problem(Where(project.address(path)), "file-suffix", suffix=suffix)


def contents(project: Project, files: Iterable[Path], kept: Cache) -> Mapping[Path, Content]:
    """What each of these files of a project holds."""
    return kept.of_each("contents", files, partial(_content, project))


def read(project: Project, file: Path) -> bytes | Problem:
    """The bytes of a file of the project, or why they cannot be had."""
    try:
        return project.read(file)
    except Refused as refused:
        return refused.problems[0]


def digest_of(content: bytes | Problem) -> str:
    """A digest of what was read, the same wherever the project lies."""
    return hashlib.sha256(content if isinstance(content, bytes) else repr(content).encode()).hexdigest()[:32]


def _content(project: Project, file: Path) -> Content:
    content = read(project, file)
    return Content(digest_of(content), isinstance(content, bytes) and SHEET.encode() in content)
