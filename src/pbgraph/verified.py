"""The record that data files agreed with their articles: hashes of both, kept beside the data for those without the texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pbgraph import texts
from pbgraph.checks import Checked
from pbgraph.evidence import sources
from pbgraph.problems import Problem, Where, problem
from pbgraph.project import Project

RECORD = "verified.json"
"""The name of the record."""


def path(project: Project) -> Path:
    """Where the record is kept: in the first data folder that is the project's own."""
    own = (each for each in project.paths["data"] if each.is_relative_to(project.root) and each.is_dir())
    return next(own, project.root) / RECORD


def write(checked: Checked) -> str:
    """Write that every data file now agrees with its article; gives the record's address. Refused: it cannot be written."""
    file = path(checked.project)
    checked.project.write(file, json.dumps(_hashes(checked), ensure_ascii=False, indent=2) + "\n")
    return checked.project.address(file)


def changed(checked: Checked) -> list[Problem]:
    """The data files that are not as they were when they last agreed with their articles, or never agreed."""
    recorded, now = _recorded(checked.project), _hashes(checked)
    return [
        problem(Where(each["data"]), "verified-before" if source in recorded else "never-verified", record=RECORD)
        for source, each in now.items()
        if recorded.get(source) != each
    ]


def _hashes(checked: Checked) -> dict[str, dict[str, str]]:
    project = checked.project
    return {
        source: {"data": file, "dataHash": texts.checksum(project.read(project.root / file)), "articleHash": checksum}
        for source, (file, checksum) in sources(checked).items()
    }


def _recorded(project: Project) -> Mapping[str, object]:
    try:
        found = json.loads(path(project).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # What cannot be read records nothing: every file then counts as never verified, and says what to do.
        return {}
    return found if isinstance(found, dict) else {}
