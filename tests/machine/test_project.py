"""Where a project's parts are: folders and files of its own or of another, each shown, named and refused as it should be."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from conftest import ROOT, WORLDS
from pbgraph import checks, queries, verdicts
from pbgraph import project as projects
from pbgraph.cache import Cache
from pbgraph.checks import Checked
from pbgraph.problems import Refused, Where
from pbgraph.terms import Iri, Literal
from small import small_project

CONFIG = 'base = "https://example.org/x/"\ntitle = {zh = "甲", en = "A"}\n'


def load(folder: Path, config: str) -> projects.Project:
    (folder / "pbgraph.toml").write_text(CONFIG + config, encoding="utf-8")
    return projects.load(folder)


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ('paths.shapes = ["shapes", "other/shapes"]', "other/shapes, which is not there"),
        ('paths.shapes = "shapes"', "must be a list"),
        ('paths.shape = ["shapes"]', "unknown key `paths.shape`"),
    ],
)
def test_paths_that_cannot_be_used_are_refused(config: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "shapes").mkdir()
    with pytest.raises(Refused) as refused:
        load(tmp_path, config)
    assert any(reason in problem.render("en") for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ('links = "https://example.org/"', "`links` must be a table"),
        ('links.siet = "https://example.org/"', "unknown key `links.siet`; did you mean site?"),
        ('links.mirrors = "https://example.org/"', "unknown key `links.mirrors`"),
        ("links.site = 1", "`links.site` must be an http(s) address"),
        ('links.site = "javascript:alert(1)"', "`links.site` must be an http(s) address"),
        ('links.site = "https://example.org/{page}"', "must be an address that ends in /"),
        ('links.site = "https://example.org/{"', "must be an address that ends in /"),
        ('links.site = "https://example.org/x"', "must be an address that ends in /"),
        ('links.site = "https://example.org/{page}/"', "`links.site` takes no fields in braces"),
        ('links.site = "https://example.org/a b/"', "`links.site` must be an http(s) address"),
        ('links.edit = "https://example.org/{path}/{word}"', "`links.edit` takes {path}, {line} in braces and nothing else"),
        ('links.edit = "https://example.org/a b/{path}"', "`links.edit` must be an http(s) address"),
    ],
)
def test_links_that_cannot_be_used_are_refused(config: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        load(tmp_path, config)
    (problem,) = refused.value.problems
    assert reason in problem.render("en")
    assert not re.search(r" [a-z]+ [a-z]+ ", problem.render("zh")), "the reason is in Chinese, too"
    assert problem.where.line == 3


def test_pages_are_published_at_the_base_unless_a_link_says_where(tmp_path: Path) -> None:
    assert load(tmp_path, "").published == "https://example.org/x/"
    assert load(tmp_path, '[links]\nsite = "https://pages.example.org/y/"').published == "https://pages.example.org/y/"


def test_parts_nobody_listed_may_be_missing(tmp_path: Path) -> None:
    assert load(tmp_path, "").files("tables", ".rq") == []


def test_a_part_may_be_single_files_and_folders_of_another_project() -> None:
    museums = projects.load(WORLDS / "museums")
    assert [museums.address(file) for file in museums.files("tables", ".rq")] == [
        "../../../queries/tables/claims.rq",
        "../../../queries/tables/codebook.rq",
        "queries/tables/loans.rq",
    ]


def test_vocabularies_of_another_project_are_vocabularies_and_their_graphs_are_named_alike() -> None:
    own, other = projects.load(WORLDS / "section8"), projects.load(ROOT)
    names = {own.below_data(file) for file in own.files("data", ".yaml") if own.is_vocabulary(file)}
    assert "vocabularies/cases" in names
    others = {other.below_data(file) for file in other.files("data", ".yaml") if other.is_vocabulary(file)}
    assert others == names - {"vocabularies/cases"}
    assert own.below_data(WORLDS / "section8" / "data" / "places.yaml") == "places"


def test_a_parameter_that_a_query_does_not_select_is_refused_and_not_passed_over(checked: Checked) -> None:
    query = queries.Query("odd", Where("odd.rq"), {}, "SELECT ?entity WHERE { ?entity a pb:Entity ; pb:name ?name }")
    with pytest.raises(Refused) as refused:
        queries.run(query, checked.graph, {"name": Literal("横县", language="zh")})
    assert [problem.code for problem in refused.value.problems] == ["bad-query"]


def test_a_parameter_stands_at_the_head_of_every_where_and_in_no_text_or_comment(checked: Checked) -> None:
    sparql = """\
SELECT ?place ?text WHERE { # WHERE {
  { SELECT ?place where { ?place a pb:County } }
  BIND ("WHERE {" AS ?text)
}
"""
    place = Iri("https://w3id.org/pbgraph/id/hengxian")
    query = queries.Query("odd", Where("odd.rq"), {}, sparql)
    assert queries.run(query, checked.graph, {"place": place}).rows == ((place, Literal("WHERE {")),)
    values = f" VALUES ?place {{ <{place}> }}"
    assert queries.filled(query, {"place": place}) == sparql.replace("WHERE { #", f"WHERE {{{values} #").replace(
        "where {", f"where {{{values}"
    )


@pytest.mark.parametrize(
    ("sparql", "filled"),
    [
        ("SELECT ?place { ?place a pb:County }", "SELECT ?place { VALUES ?place a pb:County }"),
        (
            "select (1 AS ?one)\n{ { SELECT ?place { ?place ?p ?o } } }",
            "select (1 AS ?one)\n{ VALUES { SELECT ?place { VALUES ?place ?p ?o } } }",
        ),
        ("SELECT ?place # { \n{ ?place ?p '{' }", "SELECT ?place # { \n{ VALUES ?place ?p '{' }"),
        (
            "SELECT ?place (EXISTS { ?place ?p ?o } AS ?any) WHERE { ?place ?p ?o }",
            "SELECT ?place (EXISTS { ?place ?p ?o } AS ?any) WHERE { VALUES ?place ?p ?o }",
        ),
    ],
)
def test_a_parameter_stands_at_the_head_where_the_word_is_left_out(sparql: str, filled: str) -> None:
    place = Iri("https://w3id.org/pbgraph/id/hengxian")
    query = queries.Query("odd", Where("odd.rq"), {}, sparql)
    values = f"{{ VALUES ?place {{ <{place}> }}"
    assert queries.filled(query, {"place": place}) == filled.replace("{ VALUES", values) + "\n"


def test_a_copy_of_a_file_is_told_at_the_copy_and_nothing_else(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p")
    first, kept = folder / "data/articles/first.yaml", Cache(tmp_path / "kept")
    for name in ("first (1).yaml", "copy of first.yaml"):
        copy = folder / "data/articles" / name
        shutil.copy(first, copy)
        found = checks.check(projects.load(folder), kept).problems
        assert [(each.where.file, each.code) for each in found] == [(f"data/articles/{name}", "file-twice")]
        assert verdicts.verdict(projects.load(folder), kept).problems == found
        copy.write_text(copy.read_text(encoding="utf-8") + "# mended\n", encoding="utf-8")
        codes = {each.code for each in checks.check(projects.load(folder), kept).problems}
        assert "file-twice" not in codes
        assert "source-twice" in codes or "id-twice" in codes
        copy.unlink()
    assert verdicts.verdict(projects.load(folder), kept).problems == ()


def test_equal_files_in_two_folders_name_tables_of_their_own(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p")
    towns = "entities: {id: $id, type: Township, name: {zh: $zh, en: $en}, partOf: hengxian, form: town}"
    for name, row in (("gx", "one,一镇,One"), ("js", "two,二镇,Two")):
        (folder / "data" / name).mkdir()
        (folder / "data" / name / "towns.yaml").write_text(f"source: editors\ntable:\n  file: towns.csv\n  {towns}\n")
        (folder / "data" / name / "towns.csv").write_text(f"id,zh,en\n{row}\n", encoding="utf-8")
    checked = checks.check(projects.load(folder))
    assert checked.errors == ()
    assert {"one", "two"} < set(checked.index.owners)
    shutil.copy(folder / "data/js/towns.yaml", folder / "data/js/towns-2.yaml")
    errors = checks.check(projects.load(folder)).errors
    assert [(each.where.file, each.code) for each in errors] == [("data/js/towns-2.yaml", "file-twice")]


def test_of_two_files_with_one_graph_the_second_is_refused(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", ("ontology",))
    (folder / "pbgraph.toml").write_text(CONFIG + 'paths.data = ["data", "more/data"]', encoding="utf-8")
    (folder / "more/data/articles").mkdir(parents=True)
    (folder / "data/articles/second.yaml").rename(moved := folder / "more/data/articles/second.yaml")
    assert checks.check(projects.load(folder)).problems == ()
    moved.rename(folder / "more/data/articles/first.yaml")
    found = checks.check(projects.load(folder)).problems
    assert [(str(each.where.file), each.code) for each in found] == [("more/data/articles/first.yaml", "graph-taken")]
