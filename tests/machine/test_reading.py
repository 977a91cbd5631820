"""What is wrong in a record is told once, where it was typed; ¶ marks the place in each text."""

from __future__ import annotations

import pytest

from mapped import BASE, FILE, GRAPH, HEAD, mapped, setting
from pbgraph import mapping
from small import VOCABULARY

FAULTS = [
    # sections
    ("¶sources: x\n", "unknown-section"),
    ("figures: ¶{}\n", "not-a-list"),
    ("figures: ¶x\n", "not-a-list"),
    ("figures: [¶x]\n", "not-a-record"),
    ("figures: [¶[x]]\n", "not-a-record"),
    # keys
    ("figures: [{subject: h, ¶id: x}]\n", "unknown-key"),
    ("figures: [{subject: h, ¶platfrom: x}]\n", "unknown-key"),
    ("figures: [{subject: h, ¶<<: {at: 2016}}]\n", "unknown-key"),
    ("figures: [{subject: h, ¶printed: 3}]\n", "computed-key"),
    ("figures: [{subject: h, unstated: [per, ¶bound]}]\n", "computed-key"),
    ("figures: [{subject: h, unstated: [¶perriod]}]\n", "unknown-key"),
    # passages
    ("figures: [{passage: ¶words}]\n", "not-a-record"),
    ("figures: [{passage: {¶12a: words}}]\n", "bad-paragraph"),
    ("figures: [{passage: {¶0: words}}]\n", "bad-paragraph"),
    ("figures: [{passage: {1: [a, ¶{a: b}]}}]\n", "not-a-text"),
    # references and closed lists
    ("figures: [{subject: ¶hengxian; yaobu}]\n", "list-without-brackets"),
    ("figures: [{subject: [h, ¶[i]]}]\n", "list-in-list"),
    ("figures: [{indicator: ¶{who: h}}]\n", "record-not-allowed"),
    ("figures: [{unstated: ¶{who: h}}]\n", "record-not-allowed"),
    ("figures: [{modality: ¶sure}]\n", "not-in-list"),
    # amounts, dates, numbers, addresses
    ("figures: [{cumulative: ¶yes}]\n", "bad-boolean"),
    ("figures: [{indicator: shops, value: ¶12吨}]\n", "amount-counter-unknown"),
    ("figures: [{indicator: shops, value: ¶12%}]\n", "percent-without-ratio"),
    ("figures: [{indicator: shops, value: ¶许多}]\n", "amount-without-number"),
    ("figures: [{subject: {number: ¶5级景区}}]\n", "amount-unreadable"),
    ("figures: [{at: ¶2016-13}]\n", "date-not-in-calendar"),
    ("figures: [{from: ¶article}]\n", "date-unreadable"),
    ("happenings: [{participants: {groups: ¶04}}]\n", "bad-integer"),
    ("entities: [{id: x, type: List, webPage: ¶example.org}]\n", "bad-address"),
    ("entities: [{id: x, type: List, webPage: ¶'javascript:alert(1)'}]\n", "bad-address"),
    ("entities: [{id: x, type: List, webPage: ¶'http://a/\"><script>'}]\n", "bad-address"),
    # entities
    ("entities: [{id: x, type: ¶Vilage, partOf: y, form: z}]\n", "unknown-type"),
    ("entities: [{id: x, type: ¶Figure}]\n", "unknown-type"),
    ("entities: [{id: x, type: ¶Part}]\n", "unknown-type"),
    ("entities: [¶{id: x, partOf: y, form: z}]\n", "no-type"),
    ("entities: [{id: x, type: ¶[Village]}]\n", "not-a-text"),
    ("entities: [{id: ¶[x], type: Village}]\n", "not-a-text"),
    ("entities: [¶{type: Village}]\n", "no-id"),
    ("entities: [{id: ¶X, type: Village}]\n", "bad-id"),
    ("entities: [{id: ¶a--b, type: Village}]\n", "bad-id"),
    ("entities: [{id: ¶../etc, type: Village}]\n", "bad-id"),
    (f"entities: [{{id: ¶{'x' * 81}, type: Village}}]\n", "bad-id"),
    ("entities: [{id: x, type: Village, code: ¶450127}]\n", "not-a-record"),
    ("entities: [{id: x, type: Village, ¶role: y}]\n", "unknown-key"),
    # languages
    ("entities: [{id: x, type: Village, name: ¶横县}]\n", "text-without-language"),
    ("entities: [{id: x, type: Village, name: {¶zh-Hant: 橫縣}}]\n", "bad-language"),
    ("entities: [{id: x, type: Village, name: {¶zh-abcdefghi: 橫縣}}]\n", "bad-language"),
    ("entities: [{id: x, type: Village, name: {¶zh-x: 橫縣}}]\n", "bad-language"),
    ("entities: [{id: x, type: Village, name: {zh: ¶{a: b}}}]\n", "not-a-text"),
]


def told(text: str, source: str = HEAD) -> list[str]:
    """Every problem as `line:col code`; each has a sentence in both languages."""
    found = mapped(text, source)
    for problem in found.problems:
        assert problem.where.file == FILE
        assert problem.render("zh") != problem.render("en")
    return [f"{problem.where.line}:{problem.where.col} {problem.code}" for problem in found.problems]


@pytest.mark.parametrize(("text", "code"), FAULTS)
def test_each_fault_is_told_once_where_it_is(text: str, code: str) -> None:
    before, after = text.split("¶")
    lines = before.split("\n")
    assert told(before + after) == [f"{1 + len(lines)}:{len(lines[-1]) + 1} {code}"]


def test_all_faults_of_a_file_are_told_at_once() -> None:
    figures = "figures:\n  - {subject: h, valeu: 3, at: 2016-13}\n  - {subject: h, value: x}\n"
    assert told(f"{figures}entities:\n  - {{id: a b, type: Vilage}}\n") == [
        *("3:18 unknown-key", "3:32 date-not-in-calendar", "4:25 amount-unreadable"),
        *("6:21 unknown-type", "6:10 bad-id"),
    ]


@pytest.mark.parametrize("text", ["Heng Xian", "横县", ""])
def test_what_may_be_a_name_where_an_id_belongs_is_for_all_files_to_tell(text: str) -> None:
    found = mapped(f'figures: [{{subject: "{text}", indicator: shops, value: 3家, at: 2016, passage: {{1: 3家}}}}]\n', HEAD)
    assert (found.problems, len(found.faulty)) == ([], 1)
    assert [(each.where.col, each.slug) for each in found.references if each.key == "subject"] == [(21, text)]


SOURCES = [
    ("figures: []\n", ["1:1 no-source"]),
    ("source: [a]\n", ["1:9 not-a-record"]),
    ("source: Not An Id\n", ["1:9 bad-id"]),
    ("source: {id: a, type: Village}\n", ["1:23 unknown-type"]),
    ("source: {id: a, type: NewsArticle, published: [2016-04..2016-12]}\n", ["1:48 date-unreadable"]),
    ("sorce: a\n", ["1:1 unknown-section"]),
    ("figurs: []\n", ["1:1 no-source", "1:1 unknown-section"]),
]


@pytest.mark.parametrize(("source", "expected"), SOURCES)
def test_a_file_says_what_it_rests_on(source: str, expected: list[str]) -> None:
    assert told("", source) == expected


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("", ["article-undated", "article-undated"]),
        ("published: 2016-13, ", ["date-not-in-calendar"]),
        ("published: {a: b}, ", ["record-not-allowed"]),
        ("published: [2016], ", []),
    ],
)
def test_a_wrong_date_of_the_article_is_told_once(published: str, expected: list[str]) -> None:
    claims = (f"  - {{subject: h, indicator: shops, value: {n}, at: article, passage: {{1: a}}}}\n" for n in (1, 2))
    found = mapped("figures:\n" + "".join(claims), f"source: {{id: a, type: NewsArticle, {published}language: zh}}\n")
    assert [problem.code for problem in found.problems] == expected


def test_a_unit_whose_vocabulary_cannot_be_read_is_not_judged() -> None:
    texts = {"a.yaml": b"source: [", "b.yaml": VOCABULARY.split("  - {id: sales")[0].encode()}
    partial = mapping.setting_of(texts, setting().schema, BASE)
    amounts = (("shops", "3家"), ("shops", "4家"), ("exit-rate", "90%"))
    claims = [f"  - {{subject: h, indicator: {indicator}, value: {value}, passage: {{1: a}}}}\n" for indicator, value in amounts]
    content = (HEAD + "figures:\n" + "".join(claims)).encode()
    assert mapping.map_file(content, FILE, GRAPH, partial).problems == []
    faulty = mapping.map_file(content.replace(b"value: 90%", b"value: -3"), FILE, GRAPH, partial)
    assert [problem.code for problem in faulty.problems] == ["amount-negative"]


def test_an_unreadable_file_owns_the_ids_it_seems_to_hold() -> None:
    text = 'source: [\nentities:\n  - {id: one, type: Village}\n  - {"id": "two"}\n  - id :  three\n  - avoid: four\n'
    for content in (text.encode(), text.encode("utf-16"), text.encode() + b"\xff"):
        found = mapping.map_file(content, FILE, GRAPH, setting())
        assert [slug for slug, _ in found.owned] == ["one", "three", "two"]
        assert (found.readable, len(found.problems), found.quads) == (False, 1, "")
