"""What `check` found last, told again at once while no file has changed: nothing that reads or checks is loaded for it."""

from __future__ import annotations

from pathlib import Path

from pbgraph.cache import Cache, digest
from pbgraph.contents import SHEET, contents
from pbgraph.problems import Verdict
from pbgraph.progress import Progress, silent
from pbgraph.project import CONFIG, Project


def verdict(project: Project, kept: Cache, progress: Progress = silent) -> Verdict:
    """What `check` finds; at once where no file changed since it was found. Refused: as `check` has it."""
    held = contents(project, _read_by_check(project), kept)
    key = digest(part.encode() for path, content in held.items() for part in (str(path), content.digest))
    found: tuple[Verdict] | None = kept.find("verdict", key)
    if found is not None:
        return found[0]
    told = _found(project, kept, progress)
    # Of what was written while it was checked, nobody knows what was read.
    return kept.keep("verdict", key, told) if contents(project, _read_by_check(project), kept) == held else told


def _found(project: Project, kept: Cache, progress: Progress) -> Verdict:
    from pbgraph import checkpoints, checks, rechecks

    progress("read")
    rules = checks.read_rules(project, kept)
    data = checks.read_data(project, rules, kept)
    if (found := rechecks.recheck(project, rules, data, progress)) is not None:
        return found
    checked = checks.check_all(project, rules, data, progress)
    progress("keep")
    checkpoints.keep_checked(checked)
    rechecks.prepare(checked)
    return Verdict(checked.problems, checked.files, len(checked.graph))


def _read_by_check(project: Project) -> list[Path]:
    parts = (("ontology", [".ttl"]), ("shapes", [".ttl"]), ("checks", [".rq"]), ("data", [".yaml", ".yml", SHEET]))
    return [project.root / CONFIG, *(path for part, suffixes in parts for path in project.files(part, *suffixes))]
