"""Every question: its header, its group, its expected rows, and how the dumps describe it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import rdflib
import yaml

from asking import QUESTIONS, answer, answers, each_question
from breaking import put, run, swap, told
from conftest import ROOT
from pbgraph import project as projects
from pbgraph import queries, store
from pbgraph.build import Report
from pbgraph.checks import Checked
from pbgraph.queries import Query
from pbgraph.terms import CORE, RDF, Iri, Literal
from small import small_project

EXPECTED = ROOT / "queries" / "questions"


def passages(node: Any) -> Iterator[tuple[str, ...]]:
    """The words of each `passage` in a record file, by paragraph and then as typed."""
    for key, value in node.items() if isinstance(node, dict) else ():
        if key == "passage":
            lists = [
                words if isinstance(words, list) else [words] for _, words in sorted(value.items(), key=lambda each: int(each[0]))
            ]
            yield tuple(chain.from_iterable(lists))
        yield from passages(value)
    for each in node if isinstance(node, list) else ():
        yield from passages(each)


def test_every_question_belongs_to_a_group_and_every_group_has_questions() -> None:
    groups = queries.groups(projects.load(ROOT))
    assert {question.group for question in QUESTIONS} == set(groups)
    assert all({language for language, _ in names} == {"zh", "en"} for names in groups.values())


def test_questions_are_listed_in_their_groups() -> None:
    titles = [dict(names)["en"] for names in queries.groups(projects.load(ROOT)).values()]
    parts = [part.splitlines() for part in run(ROOT, "query", "--list").stdout.split("\n\n")]
    assert [part[0] for part in parts] == titles
    assert all(line.startswith("  ") for part in parts for line in part[1:])
    assert sorted(line.split()[0] for part in parts for line in part[1::2]) == [question.name for question in QUESTIONS]


@pytest.mark.parametrize("word", ["POOR-VILLAGE-part", "which Taobao or E-commerce", "哪些贫困村与哪些", "rural taobao"])
def test_a_question_is_found_by_its_name_its_keywords_and_its_wording_in_either_language(word: str) -> None:
    assert "\n  poor-village-partners [--county …]\n      Which poor villages" in run(ROOT, "query", "--list", word).stdout


def test_questions_of_a_group_without_a_title_come_last_under_its_name(tmp_path: Path) -> None:
    folder = small_project(tmp_path)
    for name, group in (("partners", "others"), ("quoted", "known")):
        swap(f"queries/questions/{name}.rq", "#+ keywords", f"#+ group: {group}\n#+ keywords")(folder)
    put("queries/questions/groups.yaml", "known: {zh: 已知, en: What is known}\n")(folder)
    titles = [line for line in run(folder, "query", "--list").stdout.splitlines() if line and not line.startswith(" ")]
    assert titles == ["What is known", "others"]


@pytest.mark.parametrize("title", ["What is known", "{en: What is known}", "{zh: [已知], en: What is known}"])
def test_a_group_without_a_title_in_every_language_is_told(title: str, tmp_path: Path) -> None:
    folder = small_project(tmp_path)
    put("queries/questions/groups.yaml", f"known: {title}\n")(folder)
    result = run(folder, "query", "--list")
    assert told(result) == ["queries/questions/groups.yaml:1:1: header-form"]
    assert "known: {zh: …, en: …}" in result.stderr


def test_every_question_runs_elsewhere_as_the_dumps_describe_it(built: Report, checked: Checked) -> None:
    """The SPARQL executables of SHACL give the rows of each question, of what it needs those of its first example."""
    described = rdflib.Graph().parse(built.output / "schema" / "questions.ttl")
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    nodes = set(described.subjects(rdflib.RDF.type, sh.SPARQLSelectExecutable))
    assert len(nodes) == len(QUESTIONS)
    for question in QUESTIONS:
        node = rdflib.URIRef(f"{checked.project.base}question/{question.name}")
        assert {str(text.n3())[-2:] for text in described.objects(node, rdflib.RDFS.comment)} == {"zh", "en"}
        (select,) = described.objects(node, sh.select)
        needed = {name: question.examples[0][name] for name in question.header.get("required", [])}
        ours = answer(question, needed, checked)
        (comment, _) = sorted(map(str, described.objects(node, rdflib.RDFS.comment)))
        assert all(f"({name}: {value})" in comment for name, value in needed.items())
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


def test_a_parameter_leaves_the_rows_of_its_value_and_no_other(checked: Checked) -> None:
    asked = 0
    for question in QUESTIONS:
        if question.header.get("required"):
            continue
        every = answer(question, {}, checked)
        for name in set(question.parameters) - {name for name, cls in question.parameters.items() if cls in ("text", "name")}:
            held = [row[every.variables.index(name)] for row in every.rows]
            for value in list(dict.fromkeys(term for term in held if isinstance(term, Iri)))[:6]:
                rows = queries.run(question, checked.graph, {name: value}).rows
                told = [row for row, term in zip(every.rows, held, strict=True) if term == value]
                assert sorted(map(repr, rows)) == sorted(map(repr, told)), (question.name, value)
                asked += 1
    assert asked > 200


def test_what_a_count_is_with_stands_on_the_other_side_of_the_pairing(checked: Checked) -> None:
    question = queries.find("counts-by-platform", QUESTIONS)
    sides = "SELECT ?claim ?side WHERE { ?claim a pb:PairingAgreement ; ?side ?node . ?node a pb:Group ; pb:platform ?platform }"
    beside = Iri("https://w3id.org/pbgraph/id/beside")
    found = checked.graph.select(sides).rows
    assert found
    more = [f"<{claim}> <{side}> <{beside}> <{checked.project.base}graph/more> ." for claim, side in found]
    graph = store.in_memory([*checked.graph.lines(), *more], checked.graph.prefixes)
    assert queries.run(question, graph).rows == queries.run(question, checked.graph).rows


def test_what_is_stated_in_two_files_is_no_second_village(checked: Checked) -> None:
    question = queries.find("shared-township", QUESTIONS)
    lines = checked.graph.lines()
    again = [f"{line.rpartition(' <')[0]} <{checked.project.base}graph/more> ." for line in lines if f"<{CORE}partOf>" in line]
    assert again
    graph = store.in_memory([*lines, *again], checked.graph.prefixes)
    assert queries.run(question, graph).rows == queries.run(question, checked.graph).rows


def test_a_name_that_was_in_use_twice_has_a_row_for_each_time(checked: Checked) -> None:
    question = queries.find("who-is-called", QUESTIONS)
    more = [f'<urn:place> <{CORE}name> "Shimen"@en <urn:graph> .']
    for naming, times in (("first", {"from": "1990", "until": "2000"}), ("second", {"from": "2010"})):
        more += [f"<urn:{naming}> <{RDF}type> <{CORE}Part> <urn:graph> ."]
        told = {"name": '"Shimen"@en', **{key: f'"{time}"^^<{CORE}EDTF>' for key, time in times.items()}}
        more += [f"<urn:place> <{CORE}naming> <urn:{naming}> <urn:graph> ."]
        more += [f"<urn:{naming}> <{CORE}{key}> {term} <urn:graph> ." for key, term in told.items()]
    graph = store.in_memory(more, checked.graph.prefixes)
    rows = queries.run(question, graph, {"name": Literal("Shimen")}).dicts()
    assert [(str(row["from"]), str(row.get("until", ""))) for row in rows] == [("1990", "2000"), ("2010", "")]


def test_quoted_words_of_a_claim_stand_in_the_order_typed(checked: Checked) -> None:
    """Of each article, joined words in answers and tables stand as some claim of its file gives them."""
    typed: dict[str, set[tuple[str, ...]]] = {}
    for file in sorted((ROOT / "data" / "articles").glob("*.yaml")):
        record = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        typed[f"https://w3id.org/pbgraph/id/{record['source']['id']}"] = set(passages(record))
    assert len(typed) == 5
    answered = [answer(question, dict(example), checked) for question in QUESTIONS for example in question.examples]
    tables = [
        checked.graph.select((ROOT / "queries" / "tables" / f"{name}.rq").read_text()) for name in ("claims", "edges", "panel")
    ]
    several = 0
    for found in [*answered, *tables]:
        for row in found.dicts() if {"quote", "article"} <= set(found.variables) else ():
            words = tuple(str(row.get("quote", "")).split(" … "))
            if len(words) > 1:
                several += 1
                assert any(tuple(each for each in run if each in words) == words for run in typed[str(row["article"])]), words
    assert several > 300


def test_expected_rows_belong_to_a_question() -> None:
    stems = {path.stem for path in EXPECTED.glob("*.csv")}
    assert stems == {question.name for question in QUESTIONS}


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


def relations_in(sparql: str) -> set[str]:
    """The variables that stand for a relation: those at the head of a statement in which `pb:relation` stands."""
    statements = re.split(r"[.{}]\s", re.sub(r"(?m)^#.*$", "", sparql))
    heads = (re.match(r"\s*\?(\w+)\s", each) for each in statements if "pb:relation " in each)
    return {head[1] for head in heads if head}


def test_no_query_takes_a_withdrawn_relation_for_one_that_holds() -> None:
    held = 0
    for path in sorted((ROOT / "queries").rglob("*.rq")):
        text = path.read_text(encoding="utf-8")
        for name in relations_in(text):
            assert re.search(rf"\?{name} pb:rank\b", text), (path.name, name)
            held += 1
    assert held > 40


def test_checks_of_the_real_project_are_silent(checked: Checked) -> None:
    assert [found.render("en") for found in checked.problems] == []
    assert checked.files >= 15


def test_the_union_holds_every_triple_once(checked: Checked) -> None:
    rows = checked.graph.select("SELECT (COUNT(*) AS ?all) WHERE { ?s ?p ?o }").rows
    distinct = checked.graph.select("SELECT (COUNT(*) AS ?all) WHERE { SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o } }").rows
    assert rows == distinct
    assert int(str(rows[0][0])) == len(checked.graph)
