"""What articles from other counties will need is held by data alone: cases (a) to (k), each with a question and its rows."""

from __future__ import annotations

import csv
import string
from pathlib import Path

import pytest

from conftest import WORLDS
from pbgraph import formats, queries, store
from pbgraph import project as projects
from pbgraph.checks import Checked, check
from pbgraph.queries import Query

FOLDER = WORLDS / "section8"
PROJECT = projects.load(FOLDER)
CASES = queries.load(PROJECT, "questions")
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.fixture(scope="module")
def cases() -> Checked:
    """The cases, checked."""
    return check(PROJECT)


def article_of(case: Query) -> Path:
    return FOLDER / "data" / "articles" / f"{case.name}.yaml"


def test_there_is_a_case_for_every_letter() -> None:
    assert [case.name[:7] for case in CASES] == [f"case-{letter}-" for letter in string.ascii_lowercase[:11]]
    assert {path.stem for path in (FOLDER / "data" / "articles").iterdir()} == {case.name for case in CASES}


def test_the_cases_stand_on_the_repository_s_own_terms_and_nothing_else() -> None:
    assert PROJECT.files("ontology", ".ttl") == projects.load(WORLDS.parent.parent).files("ontology", ".ttl")
    assert not [path for path in FOLDER.rglob("*") if path.suffix in (".py", ".ttl")]


def test_no_case_breaks_a_rule(cases: Checked) -> None:
    """The vocabularies are the repository's, so that some of their entries have no use here."""
    found = [each.render("en") for each in cases.problems if each.code != "unused-entity" or each.where.file.startswith("data/")]
    assert found == []
    assert cases.files >= 20


@each_case
def test_a_case_is_short_and_says_that_it_is_supposed(case: Query) -> None:
    lines = article_of(case).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(f"# ({case.name[5]}) ")
    assert "A supposed case" in lines[0]
    assert len(lines) <= 45


@each_case
def test_a_case_is_answered(case: Query, cases: Checked) -> None:
    cell = formats.compact(cases.graph.prefixes)
    found = []
    for example in case.examples:
        bindings = queries.bind(case, example, cases.graph, PROJECT.base)
        rows = queries.run(case, cases.graph, bindings)
        found.extend([list(rows.variables), *([cell(term) for term in row] for row in rows.rows)])
    with (FOLDER / "queries" / f"{case.name}.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.reader(file))
    assert len(expected) > 1, "no expected rows"
    assert found == expected


@each_case
def test_a_case_rests_on_its_own_article(case: Query, cases: Checked) -> None:
    """Without the article's claims nothing is left of the answer: no other file gives it."""
    graph = f"<{PROJECT.base}graph/articles/{case.name}>"
    kept = [line for line in cases.graph.lines() if graph not in line]
    assert len(kept) < len(cases.graph)
    bindings = queries.bind(case, case.examples[0], cases.graph, PROJECT.base)
    assert queries.run(case, store.in_memory(kept, cases.graph.prefixes), bindings).rows == ()
