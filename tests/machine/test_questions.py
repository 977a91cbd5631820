"""Every question: its header, its expected rows, the same rows on another engine, and rows that rest on claims."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable

import pytest
import rdflib

from conftest import ROOT
from pbgraph import derive, formats, queries, store
from pbgraph import project as projects
from pbgraph.build import Report
from pbgraph.checks import Checked
from pbgraph.queries import Query
from pbgraph.store import Graph, Rows
from pbgraph.terms import Iri, Literal, Term

QUESTIONS = queries.load(projects.load(ROOT), "questions")
EXPECTED = ROOT / "queries" / "questions"
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)


def answer(question: Query, example: dict[str, str], checked: Checked) -> Rows:
    bindings = queries.bind(question, example, checked.graph, checked.project.base)
    return queries.run(question, checked.graph, bindings)


def answers(question: Query, checked: Checked) -> list[list[str]]:
    cell = formats.compact(checked.graph.prefixes)
    rows: list[list[str]] = []
    for example in question.examples:
        found = answer(question, dict(example), checked)
        rows = rows or [list(found.variables)]
        rows.extend([cell(term) for term in row] for row in found.rows)
    return rows


def test_every_question_belongs_to_a_group_and_every_group_has_questions() -> None:
    groups = queries.groups(projects.load(ROOT))
    assert {question.group for question in QUESTIONS} == set(groups)
    assert all({language for language, _ in names} == {"zh", "en"} for names in groups.values())


def test_every_question_runs_elsewhere_as_the_dumps_describe_it(built: Report, checked: Checked) -> None:
    """The SPARQL executables of SHACL, with their parameters filled in, give the rows of each question's first example."""
    described = rdflib.Graph().parse(built.output / "schema" / "questions.ttl")
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    nodes = set(described.subjects(rdflib.RDF.type, sh.SPARQLSelectExecutable))
    assert len(nodes) == len(QUESTIONS)
    for question in QUESTIONS:
        node = rdflib.URIRef(f"{checked.project.base}question/{question.name}")
        assert {str(text.n3())[-2:] for text in described.objects(node, rdflib.RDFS.comment)} == {"zh", "en"}
        (select,) = described.objects(node, sh.select)
        ours = answer(question, dict(question.examples[0]), checked)
        assert sorted(map(str, checked.graph.select(str(select)).rows)) == sorted(map(str, ours.rows)), question.name


def test_the_eight_first_questions_are_there() -> None:
    assert {question.name for question in QUESTIONS} >= {
        "administrative-chain",
        "broker-or-post",
        "events",
        "first-secretaries",
        "poor-village-partners",
        "shared-township",
        "two-hops",
        "who-is-called",
    }


@each_question
def test_a_question_says_itself_and_how_to_read_it_in_both_languages(question: Query) -> None:
    for key in ("question", "reading"):
        assert set(question.header[key]) == {"zh", "en"}, key
    assert len(question.header["keywords"]) >= 4
    assert all(set(example) <= set(question.parameters) for example in question.examples)


@each_question
def test_a_question_has_the_expected_rows(question: Query, checked: Checked) -> None:
    with (EXPECTED / f"{question.name}.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.reader(file))
    assert len(expected) > 1, "no expected rows"
    assert answers(question, checked) == expected


def test_expected_rows_belong_to_a_question() -> None:
    stems = {path.stem for path in EXPECTED.glob("*.csv")}
    assert stems == {question.name for question in QUESTIONS}


@pytest.fixture(scope="module")
def on_rdflib(checked: Checked) -> rdflib.Graph:
    graph = rdflib.Graph()
    graph.parse(data="\n".join(checked.graph.triples()), format="nt")
    return graph


def to_rdflib(term: Term) -> rdflib.term.Identifier:
    if isinstance(term, Iri):
        return rdflib.URIRef(term)
    return rdflib.Literal(term.text, lang=term.language or None, datatype=rdflib.URIRef(term.datatype) if term.datatype else None)


def from_rdflib(node: object) -> str:
    if node is None:
        return ""
    return str(node).lower() if isinstance(node, rdflib.Literal) and isinstance(node.value, bool) else str(node)


@each_question
def test_rdflib_gives_the_same_rows(question: Query, checked: Checked, on_rdflib: rdflib.Graph) -> None:
    example = dict(question.examples[0])
    bindings = queries.bind(question, example, checked.graph, checked.project.base)
    found = on_rdflib.query(question.sparql, initBindings={name: to_rdflib(term) for name, term in bindings.items()})
    theirs = sorted(tuple(from_rdflib(row.get(str(name))) for name in found.vars or []) for row in found)  # type: ignore[union-attr]
    ours = sorted(tuple(formats.plain(term) for term in row) for row in answer(question, example, checked).rows)
    assert theirs == ours
    assert ours


def without(claim: str, lines: Iterable[str], checked: Checked) -> Graph:
    """The graph as it would be had the claim not been made: its statements gone and everything derived anew."""
    derived = f"<{checked.project.base}graph/derived>"
    kept = [line for line in lines if not line.startswith((f"<{claim}>", f"<{claim}/")) and derived not in line]
    graph = store.in_memory(kept, checked.graph.prefixes)
    graph.load(derive.derived_quads(graph, checked.schema, checked.project.base))
    return graph


class Mutations:
    """The graphs without one claim, made when asked for; `near` gives the claims about the nodes of a row first."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        self.lines = checked.graph.lines()
        self.claims = [
            str(row[0]) for row in checked.graph.select("SELECT ?claim WHERE { ?claim a pb:Claim } ORDER BY ?claim").rows
        ]
        self.made: dict[str, Graph] = {}

    def near(self, rows: Iterable[tuple[Term | None, ...]]) -> list[str]:
        nodes = {f"{term.nt} " for row in rows for term in row if isinstance(term, Iri)}
        found = (re.match(r"<([^>]*/claim/[^/>]+)", line) for line in self.lines if any(node in line for node in nodes))
        touching = Counter(claim[1] for claim in found if claim)
        return sorted(self.claims, key=lambda claim: (-touching[claim], claim))

    def changed(self, claim: str) -> Graph:
        """The graph as it would be had the claim been made of other entities."""
        derived, entity = f"<{self.checked.project.base}graph/derived>", re.compile(r"<[^<>]*/id/[^<>]*>(?= <[^<>]*> \.$)")
        about = (f"<{claim}>", f"<{claim}/")
        lines = [entity.sub("<https://example.org/id/another>", line) if line.startswith(about) else line for line in self.lines]
        graph = store.in_memory([line for line in lines if derived not in line], self.checked.graph.prefixes)
        graph.load(derive.derived_quads(graph, self.checked.schema, self.checked.project.base))
        return graph

    def graph(self, claim: str) -> Graph:
        if claim not in self.made:
            self.made[claim] = without(claim, self.lines, self.checked)
        return self.made[claim]


@pytest.fixture(scope="module")
def mutations(checked: Checked) -> Mutations:
    return Mutations(checked)


@each_question
def test_every_row_rests_on_a_claim(question: Query, checked: Checked, mutations: Mutations) -> None:
    assert len(mutations.claims) > 100
    for example in question.examples:
        bindings = queries.bind(question, dict(example), checked.graph, checked.project.base)
        rows = set(queries.run(question, checked.graph, bindings).rows)
        standing = set(rows)
        for claim in mutations.near(rows):
            standing &= set(queries.run(question, mutations.graph(claim), bindings).rows)
            if not standing:
                break
        assert rows
        assert not standing, "rows that stay whatever claim is removed"


@each_question
def test_a_changed_claim_changes_the_rows(question: Query, checked: Checked, mutations: Mutations) -> None:
    base = checked.project.base
    for example in question.examples:
        bindings = queries.bind(question, dict(example), checked.graph, base)
        rows = queries.run(question, checked.graph, bindings).rows
        changed = (mutations.changed(claim) for claim in mutations.near(rows))
        assert any(queries.run(question, graph, bindings).rows != rows for graph in changed), example


@each_question
def test_a_query_holds_no_literal_of_its_answer(question: Query, checked: Checked) -> None:
    body = "\n".join(line for line in question.sparql.splitlines() if not line.startswith(("#", "PREFIX")))
    quoted = {first or second for first, second in re.findall(r"\"([^\"]*)\"|'([^']*)'", body)}
    named = {*re.findall(r"\bid:([\w-]+)", body), *re.findall(r"/id/([\w-]+)>", body)}
    for example in question.examples:
        for row in answer(question, dict(example), checked).rows:
            texts = {term.text for term in row if isinstance(term, Literal) and term.text}
            ids = {term.rsplit("/id/", 1)[1] for term in row if isinstance(term, Iri) and "/id/" in term}
            assert not texts & quoted, row
            assert not ids & named, row


def test_checks_of_the_real_project_are_silent(checked: Checked) -> None:
    assert [found.render("en") for found in checked.problems] == []
    assert checked.files >= 15


def test_the_union_holds_every_triple_once(checked: Checked) -> None:
    rows = checked.graph.select("SELECT (COUNT(*) AS ?all) WHERE { ?s ?p ?o }").rows
    distinct = checked.graph.select("SELECT (COUNT(*) AS ?all) WHERE { SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o } }").rows
    assert rows == distinct
    assert int(str(rows[0][0])) == len(checked.graph)
