"""The repository's questions as several tests ask them."""

from __future__ import annotations

import pytest

from conftest import ROOT
from pbgraph import project as projects
from pbgraph import queries
from pbgraph.checks import Checked
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
