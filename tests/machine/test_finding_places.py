"""What shapes and check queries find is told with the line of the curated file, once, and silent about what is broken anyway."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pbgraph import checks
from pbgraph import project as projects
from pbgraph.problems import Refused

ROOT = Path(__file__).parents[2]

VOCABULARY = """source:
  id: editors
  type: Editorial
  name: {zh: 编者, en: editors}
entities:
  - {id: yuan, type: Unit, name: {zh: 元, en: yuan}}
  - {id: sales, type: Indicator, name: {zh: 销售额, en: sales}}
  - {id: shops, type: Kind, name: {zh: 网店, en: shops}}
  - {id: province, type: PlaceForm, name: {zh: 省, en: province}}
"""

ARTICLE = """source:
  id: an-article
  type: NewsArticle
  name: {zh: 一篇报道, en: A report}
  published: 2016
  language: Chinese
  topic: jiangsu
entities:
  - {id: jiangsu, type: Province, name: {zh: "江苏省 ", en: Jiangsu}, form: province}
  - {id: suqian, type: Prefecture, name: {zh: 宿迁市, en: Suqian}, form: province, partOf: a-province}
  - {id: lost, type: Person, name: {zh: 某人, en: Somebody}, age: "85"}
figures:
  - subject: jiangsu
    indicator: sales
    value: 3元多
    unit: yuan
    at: "2017"
    passage: {2: "3元多"}
  - subject: {number: 5, within: suqian}
    indicator: sales
    share: "2"
    at: article
    unstated: [period, at]
    passage: {3: "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一"}
mentions:
  - {subject: jiangsu, printedAs: 江苏, passage: {4: "全省"}}
  - {subject: suqian, printedAs: 宿迁, passage: {5: "宿迁"}}
  - {subject: lost, printedAs: 某人, passage: {6: "某人"}}
"""

EXPECTED = """\
data/article.yaml:6:13: language-tag
data/article.yaml:9:46: name-spaced
data/article.yaml:10:89: unknown-id
data/article.yaml:11:60: unknown-key
data/article.yaml:17:9: after-publication
data/article.yaml:19:5: share-without-whole
data/article.yaml:19:14: group-number-without-kind
data/article.yaml:21:12: share-above-one
data/article.yaml:22:9: stated-and-unstated
data/article.yaml:24:18: quote-too-long
data/article.yaml:26:35: printed-not-quoted
data/vocabularies/all.yaml:7:5: indicator-without-summability
data/vocabularies/all.yaml:7:5: indicator-without-unit
data/vocabularies/all.yaml:8:5: unused-entity
"""


def small_project(folder: Path) -> Path:
    for part in ("ontology", "shapes", "queries/checks"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "pbgraph.toml", folder)
    (folder / "data" / "vocabularies").mkdir(parents=True)
    (folder / "data" / "vocabularies" / "all.yaml").write_text(VOCABULARY, encoding="utf-8")
    (folder / "data" / "article.yaml").write_text(ARTICLE, encoding="utf-8")
    return folder


def test_findings_stand_at_the_words_they_are_about(tmp_path: Path) -> None:
    found = checks.check(projects.load(small_project(tmp_path))).problems
    assert [f"{problem.where}: {problem.code}" for problem in found] == EXPECTED.splitlines()
    assert {problem.code for problem in found if problem.severity == "warning"} == {"unused-entity"}


def test_messages_show_values_as_typed(tmp_path: Path) -> None:
    found = {problem.code: problem for problem in checks.check(projects.load(small_project(tmp_path))).problems}
    assert "“江苏省 ”" in found["name-spaced"].render("zh")
    assert "“Chinese” is not a language tag." in found["language-tag"].render("en")
    assert "The share 2" in found["share-above-one"].render("en")
    assert 'passage: {10: "石塘镇窑埠村"}' in found["printed-not-quoted"].render("zh")
    assert not [problem for problem in found.values() if "{{" in problem.render("en") + problem.render("zh")]


SHAPE = """@prefix pb: <https://w3id.org/pbgraph/ontology#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
<https://example.org/shapes#own> a sh:PropertyShape ; sh:targetClass pb:Person ; sh:path pb:code ; {rest}
  ; sh:message "x"@zh ; pb:remedy "x" , "x"@zh ."""


@pytest.mark.parametrize(
    ("rest", "code"),
    [
        ('sh:minCount "one" ; sh:message "x"', "bad-shapes"),
        ('sh:pattern "(" ; sh:message "x"', "bad-shapes"),
        ('sh:minCount 1 ; sh:message "{that} has no code."@en', "bad-message"),
        ('sh:minCount 1 ; sh:message "Write {code: …}."@en', "bad-message"),
        ('sh:minCount 1 ; sh:message "Write {."@en', "bad-message"),
        ("sh:minCount 1 oops", "bad-turtle"),
    ],
)
def test_shapes_that_cannot_be_used_are_refused(tmp_path: Path, rest: str, code: str) -> None:
    folder = small_project(tmp_path)
    (folder / "shapes" / "own.ttl").write_text(SHAPE.replace("{rest}", rest), encoding="utf-8")
    article = folder / "data" / "article.yaml"
    article.write_text(ARTICLE.replace(', age: "85"', ""), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        checks.check(projects.load(folder))
    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_check_query_that_names_what_it_does_not_find_is_refused(tmp_path: Path) -> None:
    folder = small_project(tmp_path)
    query = folder / "queries" / "checks" / "unused-entity.rq"
    query.write_text(query.read_text(encoding="utf-8").replace("{this}", "{that}"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        checks.check(projects.load(folder))
    assert [problem.code for problem in refused.value.problems] == ["bad-message"]
