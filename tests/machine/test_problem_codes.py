"""The catalogue of problems: every code is used and every code used is there; every sentence can be filled, in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from string import Formatter

import pytest

from conftest import ROOT
from pbgraph.problems import Problem, Refused, Where, catalogue, fill, one_line, problem

PACKAGE = ROOT / "src" / "pbgraph"
CODES = sorted(catalogue())
MAKERS = {"problem", "_problem", "_report", "Unreadable", "_file_problem"}
"""What is called with a code, as its first argument or after the place."""


def told(code: str) -> Mapping[str, Mapping[str, str]]:
    """The sentences of a code."""
    return {kind: sentences for kind, sentences in catalogue()[code].items() if kind not in ("severity", "wrong", "right")}


def placeholders(sentence: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(sentence) if field is not None}


@cache
def strings() -> frozenset[str]:
    """Every text that stands in the sources."""
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in sorted(PACKAGE.rglob("*.py"))]
    assert len(trees) >= 45
    nodes = (node for tree in trees for node in ast.walk(tree))
    return frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def uses() -> Iterator[tuple[str, frozenset[str] | None, str]]:
    """Each place that makes a problem of a code: the code, the details it gives (None: some are not told there), where."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            maker = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
            if not isinstance(node, ast.Call) or maker not in MAKERS:
                continue
            codes = [each.value for each in node.args[:2] if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            names = [keyword.arg for keyword in node.keywords]
            details = None if None in names else frozenset(filter(None, names))
            yield from ((code, details, f"{file.name}:{node.lineno}") for code in codes)


def test_the_catalogue_is_sorted_and_speaks_both_languages() -> None:
    text = (PACKAGE / "problems.toml").read_text(encoding="utf-8")
    listed = re.findall(r"^\[(.+)\]$", text, re.MULTILINE)
    assert listed == sorted(listed) == CODES
    assert len(CODES) > 80
    for code, entry in catalogue().items():
        assert entry.get("severity", "warning") == "warning", code  # All else is an error.
        assert set(entry) <= {"severity", "what", "remedy", "otherwise", "cause", "wrong", "right"}, code
        assert {"what", "remedy"} <= set(entry), code
        assert all(set(sentences) == {"zh", "en"} for sentences in told(code).values()), code


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_used(code: str) -> None:
    assert code in strings()


def test_every_code_used_is_in_the_catalogue_and_gets_its_details() -> None:
    found = list(uses())
    assert len(found) > 80
    for code, details, where in found:
        assert code in catalogue(), where
        sentences = [sentence for each in told(code).values() for sentence in each.values()]
        needed = set().union(*map(placeholders, sentences))
        if details is not None:
            assert needed <= details, (where, code)


@pytest.mark.parametrize("code", CODES)
def test_every_sentence_is_whole_and_can_be_filled(code: str) -> None:
    for kind, sentences in told(code).items():
        assert placeholders(sentences["zh"]) == placeholders(sentences["en"]), kind
        details = {name: f"‹{name}›" for name in placeholders(sentences["en"])}
        for language, sentence in fill(sentences, details):
            assert all(detail in sentence for detail in details.values())
            assert "{{" not in sentence
            assert sentence == sentence.strip()
            whole = re.search(r"[。？！；]$" if language == "zh" else r"[.?!]$", sentence) or "pbgraph" in sentence.split(":")[-1]
            assert whole, sentence
            assert re.search("[\u4e00-\u9fff]", sentence) or language == "en"


def test_a_claim_is_called_the_same_everywhere() -> None:
    for code in CODES:
        for kind, sentences in told(code).items():
            if re.search(r"\bclaims?\b", re.sub("`.*?`", "", sentences["en"])):
                assert "陈述" in sentences["zh"], (code, kind)
            assert "断言" not in sentences["zh"], (code, kind)


def test_no_sentence_is_longer_than_three_lines_of_a_terminal() -> None:
    for code in CODES:
        for kind, sentences in told(code).items():
            assert len(sentences["en"]) <= 260, (code, kind)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\nb\r\n\tc", "a b c"), ("\x1b[31mred\x00", " [31mred "), ("横\u2028县", "横 县"), ("x" * 500, "x" * 399 + "…")],
)
def test_details_are_made_fit_for_one_line(text: str, expected: str) -> None:
    assert one_line(text) == expected
    assert problem(Where("f"), "bad-id", id=text, suggestion="").render("en").count("\n") == 0


def test_a_remedy_without_a_suggestion_says_what_else_to_do() -> None:
    details: Mapping[str, str] = {"key": "x", "type": "T", "allowed": "a, b"}
    assert problem(Where("f"), "unknown-key", suggestion="", **details).render("en").endswith("It takes: a, b.")
    assert problem(Where("f"), "unknown-key", suggestion="a", **details).render("en").endswith("Did you mean a?")


def test_refused_holds_each_problem_once_in_order_of_place() -> None:
    places = [Where("b"), Where("a", 10, 1), Where("a", 9, 12), Where("a", 9, 2), Where("a"), Where("a", 9, 2)]
    found: list[Problem] = Refused(problem(where, "no-data") for where in places).problems
    assert [str(each.where) for each in found] == ["a", "a:9:2", "a:9:12", "a:10:1", "b"]
