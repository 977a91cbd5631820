"""Another world on the same core, with its own ontology, shapes, data, queries and page, goes through it all without Python."""

from __future__ import annotations

import ast
import csv
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import networkx
import pytest
import rdflib
from click.testing import CliRunner
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from breaking import run
from conftest import ROOT, WORLDS
from pbgraph import formats, queries, store
from pbgraph import project as projects
from pbgraph.build import Report, build
from pbgraph.checks import Checked, check
from pbgraph.cli import main
from pbgraph.terms import CORE, local_name

FOLDER = WORLDS / "museums"
PROJECT = projects.load(FOLDER)
QUESTIONS = queries.load(PROJECT, "questions")
ONTOLOGY = FOLDER / "ontology" / "museums.ttl"
NAMESPACE = "https://example.org/museums/ontology#"
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
SOURCES = sorted((ROOT / "src" / "pbgraph").rglob("*.py"))
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)


@pytest.fixture(scope="module")
def museums() -> Checked:
    """The museums, checked."""
    return check(PROJECT)


@pytest.fixture(scope="module")
def museums_built(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The museums, built outside the repository."""
    return build(PROJECT, tmp_path_factory.mktemp("museums") / "build")


def terms(file: Path, *kinds: rdflib.URIRef) -> set[str]:
    """The local names of a Turtle file's own terms, of these kinds or of all."""
    graph = rdflib.Graph().parse(file, format="turtle")
    found = [subject for kind in kinds or (None,) for subject in graph.subjects(RDF.type, kind)]
    return {str(term).rsplit("#", 1)[-1] for term in found if str(term).startswith((CORE, NAMESPACE))}


def csv_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_a_project_without_queries_for_conflicts_says_so() -> None:
    result = run(WORLDS / "museums", "conflicts")
    assert result.exit_code == 0
    assert "no queries for conflicts" in result.stdout


def test_no_world_has_a_line_of_python() -> None:
    files = [path for path in WORLDS.rglob("*") if path.is_file()]
    assert len(files) >= 40
    assert [path for path in files if path.suffix == ".py"] == []


def test_what_it_takes_from_the_repository_speaks_of_the_core_alone() -> None:
    core = terms(ROOT / "ontology" / "core.ttl")
    parts = ("shapes", "checks", "tables", "pages")
    shared = [file for part in parts for file in PROJECT.files(part, "") if not file.is_relative_to(FOLDER)]
    assert len(shared) >= 15
    for file in (*shared, *(ROOT / "site" / "templates").iterdir()):
        strange = set(re.findall(r"\bpb:([A-Za-z][\w-]*)", file.read_text(encoding="utf-8"))) - core
        assert not strange, (file, strange)


def test_every_term_has_its_text_in_both_languages() -> None:
    graph = rdflib.Graph().parse(ONTOLOGY, format="turtle")
    own = [term for term in set(graph.subjects(RDF.type)) if str(term).startswith(NAMESPACE)]
    assert len(own) >= 35
    for term in own:
        for predicate in (RDFS.label, SKOS.definition):
            texts = [value for value in graph.objects(term, predicate) if isinstance(value, rdflib.Literal)]
            assert sorted(str(text.language) for text in texts) == ["en", "zh"], (term, predicate)
        assert list(graph.objects(term, SKOS.example)), term


def test_the_check_is_silent(museums: Checked) -> None:
    assert [found.render("en") for found in museums.problems] == []
    assert museums.files == len(list((FOLDER / "data").rglob("*.yaml")))


BROKEN = """
source: {id: bad-catalogue, type: Catalogue, name: {zh: 坏图录, en: Bad Catalogue}, published: 2020, language: zh, topic: teapots}
entities:
  - {id: nobody, type: Officer, name: {zh: 无名氏, en: Nobody}}
  - {id: idle, type: Office, officeAt: teapots}
loans:
  - {lender: teapots, borrower: paper-moons, at: 2018, passage: {1: "借"}}
  - {lent: leaking-pot, borrower: paper-moons, at: 2017, passage: {1: "借"}}
  - {lent: leaking-pot, lender: teapots, at: 2016, passage: {1: "借"}}
  - {lent: leaking-pot, lender: teapots, borrower: teapots, at: 2015, passage: {1: "借"}}
  - {lent: leaking-pot, lender: teapots, borrower: paper-moons, at: 2019-10, passage: {1: "借"}}
acquisitions:
  - {acquired: autumn-umbrella, acquirer: teapots, at: 2018, passage: {1: "藏"}}
attributions:
  - {subject: autumn-umbrella, passage: {1: "制"}}
figures:
  - {subject: idle, indicator: visits, value: 5, material: paper, passage: {1: "五"}}
  - {subject: {who: passengers, material: stoneware}, indicator: visits, value: 5, material: paper, passage: {1: "五"}}
"""


def test_its_own_shapes_and_checks_find_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(BROKEN, encoding="utf-8")
    paths = {**PROJECT.paths, "data": (*PROJECT.paths["data"], tmp_path)}
    problems = check(replace(PROJECT, paths=paths)).problems
    assert {each.code for each in problems if each.where.file.startswith("data/")} == {"lent-twice-at-once"}
    assert {(each.where.line, each.code) for each in problems if each.where.file.endswith("bad.yaml")} == {
        (4, "officer-without-office"),
        (5, "office-without-duty"),
        (7, "loan-without-artefact"),
        (8, "loan-without-lender"),
        (9, "loan-without-borrower"),
        (10, "loan-to-itself"),
        (11, "lent-twice-at-once"),
        (13, "acquisition-without-manner"),
        (15, "attribution-without-maker"),
        (18, "dimension-conflict"),
    }


@each_question
def test_a_question_has_the_expected_rows(question: queries.Query, museums: Checked) -> None:
    cell = formats.compact(museums.graph.prefixes)
    found: list[list[str]] = []
    for example in question.examples:
        bindings = queries.bind(question, dict(example), museums.graph, PROJECT.base)
        rows = queries.run(question, museums.graph, bindings)
        found = found or [list(rows.variables)]
        found.extend([cell(term) for term in row] for row in rows.rows)
    expected = csv_rows(FOLDER / "queries" / "questions" / f"{question.name}.csv")
    assert len(expected) > 1, "no expected rows"
    assert found == expected


def test_one_statement_attested_twice_has_one_fingerprint(museums: Checked) -> None:
    prints = [str(row[0]) for row in museums.graph.select("SELECT ?print WHERE { ?claim pb:fingerprint ?print }").rows]
    assert len(prints) == len(set(prints)) + 1


def test_shortcuts_come_from_what_is_stated_outright(museums: Checked) -> None:
    made = museums.graph.select("SELECT ?made ?maker WHERE { ?made mu:madeBy ?maker . ?maker mu:made ?made }").rows
    assert [[local_name(str(term)) for term in row] for row in made] == [["moon-lamp", "lantern-guild"]]


def test_the_rooms_of_an_exhibition_keep_their_order(museums: Checked) -> None:
    rooms = "SELECT ?position ?name WHERE { ?x mu:room ?room . ?room pb:position ?position ; pb:name ?name }"
    found = sorted((str(row[0]), str(row[1])) for row in museums.graph.select(rooms).rows if str(row[1]).isascii())
    assert found == [("1", "Rainy Day Hall"), ("2", "Tea Break Hall"), ("3", "Fair Weather Hall")]


def test_every_command_works(museums_built: Report) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, ["--project", str(FOLDER), "--lang", "en", *arguments], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    at = ("--build", str(museums_built.output))
    assert ": 0 errors, 0 warnings" in run("check")
    assert "is up to date" in run("build", "--output", str(museums_built.output))
    assert "loans-of-a-museum" in run("query")
    assert "first-umbrella" in run("query", *at, "loans-of-a-museum", "--borrower", "云上茶壶博物馆")
    assert "the Moon Lamp" in run("query", *at, "who-made-it", "--maker", "lantern-guild", "--format", "markdown")
    classes = run("query", *at, "--sparql", "SELECT DISTINCT ?class { ?x a ?class FILTER (STRSTARTS(STR(?class), STR(mu:))) }")
    assert len(classes.split()) == 1 + len(terms(ONTOLOGY, OWL.Class))


def test_the_build_has_every_product(museums_built: Report) -> None:
    counts = museums_built.counts
    assert {name: counts[name] for name in ("files", "tables", "networks")} == {"files": 6, "tables": 3, "networks": 1}
    assert counts["claims"] >= 25
    tables = {path.name: csv_rows(path) for path in (museums_built.output / "tables").glob("*.csv")}
    assert set(tables) == {"claims.csv", "codebook.csv", "loans.csv"}
    assert tables["loans.csv"][0][:4] == ["claim", "lent", "lender", "borrower"]
    assert {"lenderLabel_zh", "lenderLabel_en"} <= set(tables["loans.csv"][0])
    assert len(tables["loans.csv"]) == 6
    graph = rdflib.Graph().parse(museums_built.output / "graph.ttl", format="turtle")
    assert len(graph) == counts["quads"]


def test_the_network_is_read_back(museums_built: Report) -> None:
    folder = museums_built.output / "networks"
    read = [networkx.read_gexf(folder / "loans.gexf"), networkx.read_graphml(folder / "loans.graphml", force_multigraph=True)]
    lent = [("lost-umbrellas", "paper-moons"), ("lost-umbrellas", "teapots"), ("teapots", "lost-umbrellas")]
    for network in read:
        assert sorted({(local_name(source), local_name(target)) for source, target, *_ in network.edges}) == lent
        assert network.number_of_edges() == 5
        assert {columns["kind"] for _, columns in network.nodes(data=True)} == {"Museum"}
        assert network.nodes[f"{PROJECT.base}id/teapots"]["label"] == "云上茶壶博物馆"


def test_the_pages_are_there_in_both_languages(museums_built: Report, museums: Checked) -> None:
    site = museums_built.output / "site"
    slugs = [local_name(str(row[0])) for row in museums.graph.select("SELECT ?x WHERE { ?x a pb:Entity }").rows]
    questions = [f"questions/{question.name}" for question in QUESTIONS]
    pages = ["index", "loans", *questions, *(f"id/{slug}" for slug in slugs)]
    assert len(slugs) >= 35
    for page in pages:
        for language in PROJECT.languages:
            text = (site / f"{page}.{language}.html").read_text(encoding="utf-8")
            assert f'<html lang="{language}">' in text
            assert PROJECT.title[language] in text
    assert museums_built.counts["pages"] >= 2 * len(pages)


def test_its_own_page_is_made_of_its_own_query_template_and_sentences(museums_built: Report) -> None:
    site = museums_built.output / "site"
    english, chinese = ((site / f"loans.{language}.html").read_text(encoding="utf-8") for language in ("en", "zh"))
    assert english.count("<blockquote") == chinese.count("<blockquote") == 5
    assert "Lent by <a" in english
    assert "《<a" in chinese
    assert 'href="loans.en.html"' in (site / "index.en.html").read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r'href="([^"]+)"', english + chinese)]
    assert len(links) >= 40
    assert [link for link in links if link and not (site / link.removeprefix(PROJECT.base)).exists()] == []


def test_turtle_stands_beside_the_page_of_an_entity(museums_built: Report, museums: Checked) -> None:
    beside = rdflib.Graph().parse(museums_built.output / "site" / "id" / "leaking-pot.ttl", format="turtle")
    pot = rdflib.URIRef(f"{PROJECT.base}id/leaking-pot")
    assert (pot, rdflib.URIRef(f"{NAMESPACE}madeBy"), None) not in beside
    assert (pot, rdflib.URIRef(f"{NAMESPACE}lentTo"), rdflib.URIRef(f"{PROJECT.base}id/lost-umbrellas")) in beside
    for suffix in ("ttl", "jsonld"):
        text = (museums_built.output / "site" / "id" / f"leaking-pot.{suffix}").read_text(encoding="utf-8")
        assert len(store.triples_of(text, suffix)) == len(beside)


def named_in(path: Path) -> Iterator[str]:
    """What a module names: every word of its texts, and in prose what stands in backticks (a word there may be just a word)."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    prose = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, DOCUMENTED)}
    comments = [each.string for each in tokenize.generate_tokens(io.StringIO(source).readline) if each.type == tokenize.COMMENT]
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for text in texts:
        yield from re.findall(r"`(\w+)`" if text in prose else r"\w+", text)
    for text in comments:
        yield from re.findall(r"`(\w+)`", text)


def test_the_machine_names_no_class_of_any_world() -> None:
    worlds = terms(ROOT / "ontology" / "pbgraph.ttl", OWL.Class) | terms(ONTOLOGY, OWL.Class)
    assert len(worlds) >= 40
    assert len(SOURCES) >= 30
    for path in SOURCES:
        assert not worlds & set(named_in(path)), path.name


def test_every_term_the_machine_names_is_of_the_core() -> None:
    core = terms(ROOT / "ontology" / "core.ttl")
    found: set[str] = set()
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        for pattern in (
            r"\bpb:(\w[\w-]*)",
            r"\bcore\([\"'](\w[\w-]*)[\"']\)",
            r"\bPB\.(\w+)",
            r"\bCORE ?\+ ?[\"'](\w[\w-]*)[\"']",
        ):
            found |= set(re.findall(pattern, source))
    assert len(found) >= 20
    assert found - core == set()
