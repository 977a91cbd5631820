"""Every check query finds just what its small graph was made to hold, and says so in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbgraph import checks, queries, store
from pbgraph.problems import fill
from pbgraph.project import Project
from pbgraph.queries import Query
from pbgraph.schema import Schema
from pbgraph.terms import CORE, RDF
from rowsof import expected, graph_of, in_words

ROOT = Path(__file__).parents[2]
GRAPHS = sorted((ROOT / "tests" / "checks").glob("*.ttl"))
HOW_MANY = 25


@pytest.fixture(scope="module")
def schema(project: Project) -> Schema:
    return checks.read_schema(project)


@pytest.fixture(scope="module")
def check_queries(project: Project) -> dict[str, Query]:
    return {query.name: query for query in queries.load(project, "checks")}


def test_every_query_has_its_graph_and_every_graph_its_query(check_queries: dict[str, Query]) -> None:
    assert len(check_queries) == HOW_MANY
    assert sorted(check_queries) == [path.stem for path in GRAPHS]
    assert [path.stem for path in sorted(GRAPHS[0].parent.glob("*.csv"))] == [path.stem for path in GRAPHS]


@pytest.mark.parametrize("path", GRAPHS, ids=lambda path: str(path.stem))
def test_what_a_query_finds(path: Path, check_queries: dict[str, Query], schema: Schema, project: Project) -> None:
    query = check_queries[path.stem]
    found = queries.run(query, graph_of(path, schema, project))
    rows = in_words(found)
    variables, wanted = expected(path)
    assert found.variables == variables
    assert sorted(rows, key=str) == sorted(wanted, key=str)
    assert wanted
    for row in rows:
        for key in ("what", "remedy"):
            sentences = fill(dict(query.text(key)), row)
            assert [language for language, _ in sentences] == ["en", "zh"]
            assert all(sentence.endswith((".", "?", "。", "？")) for _, sentence in sentences)


def test_what_stands_in_the_file_of_a_list_needs_no_claim(check_queries: dict[str, Query]) -> None:
    stated = [("list", "List", "list-file"), ("listed", "Entity", "list-file"), ("left-over", "Entity", "another-file")]
    graph = store.in_memory([f"<urn:{one}> <{RDF}type> <{CORE}{kind}> <urn:{file}> ." for one, kind, file in stated], {})
    assert [row["this"] for row in in_words(queries.run(check_queries["unused-entity"], graph))] == ["urn:left-over"]


def test_a_query_runs_without_the_prefixes_of_the_project(check_queries: dict[str, Query], schema: Schema) -> None:
    for query in check_queries.values():
        queries.run(query, store.in_memory([], {}))


def test_queries_find_things_by_terms_of_the_ontology(check_queries: dict[str, Query], schema: Schema) -> None:
    known = {*schema.classes, *schema.properties, *(name for each in schema.individuals.values() for name in each)}
    own = {subject.removeprefix(CORE) for subject, _, _ in schema.triples}
    for query in check_queries.values():
        used = {word.strip("(){}|*+/,;.").removeprefix("pb:") for word in terms_in(query.sparql)}
        assert used - {""} <= known | own, query.name
        assert query.header.get("severity", "error") in ("error", "warning")


def terms_in(sparql: str) -> list[str]:
    lines = [line for line in sparql.splitlines() if not line.startswith(("#", "PREFIX"))]
    for sign in "/|()":
        lines = [line.replace(sign, " ") for line in lines]
    return [word for line in lines for word in line.split() if word.startswith("pb:")]
