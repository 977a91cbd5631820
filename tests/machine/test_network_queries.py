"""Every network query gives just the edges that its small graph was made to hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT
from pbgraph import checks, queries, store
from pbgraph.project import Project
from pbgraph.queries import Query
from pbgraph.schema import Schema
from pbgraph.terms import CORE, XSD
from rowsof import expected, graph_of, in_words

GRAPHS = sorted((ROOT / "tests" / "networks").glob("*.ttl"), key=lambda path: path.stem)
HOW_MANY = 9


@pytest.fixture(scope="module")
def schema(project: Project) -> Schema:
    return checks.read_schema(project)


@pytest.fixture(scope="module")
def networks(project: Project) -> dict[str, Query]:
    return {query.name: query for query in queries.load(project, "networks")}


def test_every_network_has_its_graph_and_every_graph_its_network(networks: dict[str, Query]) -> None:
    assert len(networks) == HOW_MANY
    assert sorted(networks) == [path.stem for path in GRAPHS]
    assert sorted(path.stem for path in GRAPHS[0].parent.glob("*.csv")) == [path.stem for path in GRAPHS]


@pytest.mark.parametrize("path", GRAPHS, ids=lambda path: str(path.stem))
def test_the_edges_of_a_network(path: Path, networks: dict[str, Query], schema: Schema, project: Project) -> None:
    found = queries.run(networks[path.stem], graph_of(path, schema, project))
    variables, wanted = expected(path)
    assert found.variables == variables
    assert sorted(in_words(found), key=str) == sorted(wanted, key=str) != []


def test_no_year_of_a_thousand_is_left_out(networks: dict[str, Query], schema: Schema) -> None:
    ontology = [f"<{subject}> <{predicate}> {term.nt} <urn:ontology> ." for subject, predicate, term in schema.triples]
    said = {"subject": "<urn:yaobu>", "designation": "<urn:poor>", "source": "<urn:first>"}
    said |= {"certainty": f"<{CORE}certain>", "modality": f"<{CORE}reported>"}
    said |= {"earliest": f'"1017-03-01"^^<{XSD}date>', "latest": f'"2016-02-01"^^<{XSD}date>'}
    claim = [f"<urn:claim> <{CORE}{name}> {term} <urn:data> ." for name, term in said.items()]
    kind = f"<urn:claim> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{CORE}Designation> <urn:data> ."
    rows = in_words(queries.run(networks["by-year"], store.in_memory([*ontology, *claim, kind], {})))
    assert [row["year"] for row in rows] == [str(year) for year in range(1017, 2017)]
    assert {(row["since"][4:], row["until"][4:]) for row in rows} == {("-01-01", "-12-31")}
