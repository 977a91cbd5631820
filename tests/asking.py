"""The repository's questions as several tests ask them; `python tests/asking.py NAME …` writes the rows that NAME.csv expects.

They are what the question answers now, for each of its examples: whoever writes them reads them against the articles.
"""

from __future__ import annotations

import csv
import sys

import pytest

from conftest import ROOT
from pbgraph import formats, queries
from pbgraph import project as projects
from pbgraph.checks import Checked, check
from pbgraph.queries import Query
from pbgraph.solutions import Rows

QUESTIONS = queries.load(projects.load(ROOT), "questions")
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)


_known: dict[tuple[str, str], Rows] = {}


def answer(question: Query, example: dict[str, str], checked: Checked) -> Rows:
    """The rows of one of the repository's questions for one of its examples; each is asked once in a process."""
    key = (question.name, str(sorted(example.items())))
    if key not in _known:
        bindings = queries.bind(question, example, checked.graph, checked.project.base)
        _known[key] = queries.run(question, checked.graph, bindings)
    return _known[key]


def answers(question: Query, checked: Checked) -> list[list[str]]:
    """The rows for all of a question's examples under their heading, as its CSV expects them: addresses shortened."""
    cell = formats.compact(checked.graph.prefixes)
    rows: list[list[str]] = []
    for example in question.examples:
        found = answer(question, dict(example), checked)
        rows = rows or [list(found.variables)]
        rows.extend([cell(term) for term in row] for row in found.rows)
    return rows


if __name__ == "__main__":
    project = projects.load(ROOT)
    for question in QUESTIONS:
        if question.name in sys.argv[1:]:
            with (ROOT / "queries" / "questions" / f"{question.name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(answers(question, check(project)))
