"""The repository's questions as several tests ask them."""

from __future__ import annotations

import pytest

from conftest import ROOT
from pbgraph import project as projects
from pbgraph import queries
from pbgraph.checks import Checked
from pbgraph.queries import Query
from pbgraph.store import Rows

QUESTIONS = queries.load(projects.load(ROOT), "questions")
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)


def answer(question: Query, example: dict[str, str], checked: Checked) -> Rows:
    """The rows of a question for one of its examples."""
    bindings = queries.bind(question, example, checked.graph, checked.project.base)
    return queries.run(question, checked.graph, bindings)
