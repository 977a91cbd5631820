"""The Turtle files of a project: ontology, alignment and shapes."""

from __future__ import annotations

from pbgraph import contents, records
from pbgraph.problems import Problem, Refused
from pbgraph.project import Project
from pbgraph.store import turtle_problem


def read(project: Project, part: str) -> dict[str, bytes]:
    """The Turtle files of a part, each in UTF-8 without a byte order mark, by address. Refused: one is no such text."""
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in project.files(part, ".ttl"):
        address, content = project.address(path), contents.read(project, path)
        text = records.decoded(content, address) if isinstance(content, bytes) else content
        wrong = text if isinstance(text, Problem) else turtle_problem(text.encode(), address)
        if wrong:
            problems.append(wrong)
        elif isinstance(text, str):
            found[address] = text.encode()
    if problems:
        raise Refused(problems)
    return found
