"""What `check` found last, told again at once while no file has changed: nothing that reads or checks is loaded for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from pbgraph.cache import Cache, digest
from pbgraph.contents import MISSPELT, Content, contents, data_files
from pbgraph.problems import Verdict
from pbgraph.progress import Progress, silent
from pbgraph.project import CONFIG, Project

Tell = Callable[[Verdict], None]
"""Passes on what a check found."""


def verdict(project: Project, kept: Cache, progress: Progress = silent, tell: Tell = lambda found: None) -> Verdict:
    """What `check` finds; at once where no file changed since it was found. Refused: as `check` has it.

    It is passed to `tell` as soon as it is known: what the next check needs takes its time to be kept.
    """
    rules, data = _rule_files(project), data_files(project)
    held = contents(project, [*rules, *data], kept)
    key = digest(part for path, content in held.items() for part in (os.fsencode(path), content.digest.encode()))
    found: tuple[Verdict] | None = kept.find("verdict", key)
    if found is not None:
        tell(found[0])
        return found[0]
    told = _found(project, kept, progress, tell, {path: held[path] for path in data})
    # Of what was written while it was checked, nobody knows what was read.
    again = contents(project, [*_rule_files(project), *data_files(project)], kept)
    return kept.keep("verdict", key, told) if again == held else told


def _found(project: Project, kept: Cache, progress: Progress, tell: Tell, held: Mapping[Path, Content]) -> Verdict:
    from pbgraph import checkpoints, checks, rechecks

    progress("read")
    rules = checks.read_rules(project, kept)
    data = checks.read_data(project, rules, kept, held)
    if (found := rechecks.recheck(project, rules, data, progress)) is not None:
        tell(found)
        return found
    again = checkpoints.find(kept, rules.key) is not None
    checked = checks.check_all(project, rules, data, progress)
    found = Verdict(checked.problems, checked.files, len(checked.graph))
    tell(found)
    progress("keep")
    checkpoints.keep_checked(checked)
    rechecks.prepare(checked, again)
    return found


def _rule_files(project: Project) -> list[Path]:
    parts = (("ontology", ".ttl"), ("shapes", ".ttl"), ("checks", ".rq"))
    return [project.root / CONFIG, *(path for part, end in parts for path in project.files(part, end, *MISSPELT[end]))]
