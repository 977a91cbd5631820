"""The record that data files agreed with their articles: hashes of both, kept beside the data for those without the texts."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pbgraph import evidence
from pbgraph.checks import Checked
from pbgraph.evidence import Texts, sources
from pbgraph.problems import Problem, Where, problem
from pbgraph.project import Project
from pbgraph.texts import checksum as checksum_of

RECORD = "verified.json"
"""The name of the record."""


def path(project: Project) -> Path:
    """Where the record is kept: in the first data folder that is the project's own."""
    own = (each for each in project.paths["data"] if each.is_relative_to(project.root) and each.is_dir())
    return next(own, project.root) / RECORD


@dataclass(frozen=True)
class Outcome:
    """What holding articles against their texts finds; the ids of those whose texts were read, and of those whose were not."""

    findings: Sequence[Problem]
    read: Sequence[str]
    unread: Sequence[str]


def outcome(checked: Checked, chosen: Collection[str], texts: Texts | None, asked: Collection[str]) -> Outcome:
    """Hold the `chosen` articles against their `texts`; None: there are none at hand.

    An article without a text passes if it is as it was when it last agreed. Where some texts are at hand, but not its own, it
    must not have been `asked` for by name; where a folder holds none of them at all, no article passes.
    """
    bare, stale = evidence.without_checksum(checked), changed(checked)
    found = [bare[name] for name in chosen if name in bare]
    if texts is None:
        unread = [name for name in chosen if name not in bare]
        return Outcome(sorted([*found, *(stale[name] for name in unread if name in stale)]), [], unread)
    read = [each.name for each in texts.articles]
    found += evidence.verify(checked, texts)
    found += [each for name, each in texts.absent.items() if not read or name in stale or name in asked]
    return Outcome(sorted(found), read, list(texts.absent))


def write(checked: Checked, agreeing: Collection[str]) -> str:
    """Write that the data files of these articles now agree with them; gives the record's address.

    What was recorded of other articles stays as long as they are there. Refused: it cannot be written.
    """
    file, recorded, now = path(checked.project), _recorded(checked.project), _hashes(checked)
    kept = {source: now[source] if source in agreeing else recorded.get(source) for source in now}
    text = json.dumps({source: each for source, each in kept.items() if each}, ensure_ascii=False, indent=2)
    checked.project.write(file, f"{text}\n")
    return checked.project.address(file)


def changed(checked: Checked) -> dict[str, Problem]:
    """The articles whose data files are not as they were when they last agreed with them, or never agreed: id → what to do."""
    recorded, now = _recorded(checked.project), _hashes(checked)
    return {
        source: problem(Where(each["data"]), "verified-before" if source in recorded else "never-verified", record=RECORD)
        for source, each in now.items()
        if recorded.get(source) != each
    }


def _hashes(checked: Checked) -> dict[str, dict[str, str]]:
    return {
        source: {"data": file, "dataHash": checksum_of(_held(checked, file)), "articleHash": checksum}
        for source, (file, checksum) in sources(checked).items()
    }


def _held(checked: Checked, file: str) -> bytes:
    """The bytes of a data file, and of the tables that it names."""
    tables = checked.data.files[file].sheets if file in checked.data.files else {}
    contents = [content for _, content in sorted(tables.items()) if isinstance(content, bytes)]
    return b"\0".join([checked.project.read(checked.project.root / file), *contents])


def _recorded(project: Project) -> Mapping[str, object]:
    try:
        found = json.loads(path(project).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        # What cannot be read records nothing: every file then counts as never verified, and says what to do.
        return {}
    return found if isinstance(found, dict) else {}
