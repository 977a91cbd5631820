"""The header of a query file: the `#+` lines at its top as YAML, every key of it in the form that its readers rely on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from pbgraph import records
from pbgraph.likeness import near
from pbgraph.problems import Problem, Where, problem, shorten
from pbgraph.records import Mapping as Record
from pbgraph.records import Node, Scalar
from pbgraph.records import Sequence as Listed

MARK = "#+"

Form = Literal["sentences", "words", "word", "names", "examples", "columns", "severity", "boolean", "layout"]
_FORMS: Mapping[str, Form] = {
    **dict.fromkeys(("question", "reading", "what", "remedy", "cause", "label", "legend", "flag"), "sentences"),
    **dict.fromkeys(("keywords", "required", "key", "once", "wrong", "right"), "words"),
    "group": "word",
    "parameters": "names",
    "examples": "examples",
    "columns": "columns",
    "severity": "severity",
    "picture": "boolean",
    "layout": "layout",
}
_SHOWN: Mapping[Form, str] = {
    "sentences": "{key}: {{{languages}}}",
    "words": "{key}: [place, words]",
    "word": "{key}: places",
    "names": "{key}: {{place: Entity, words: text}}",
    "examples": "{key}: [{{place: an-id}}]",
    "columns": "{key}: {{place: {{{languages}}}}}",
}
_CHOICES: Mapping[Form, tuple[str, ...]] = {
    "severity": ("warning", "error"),
    "boolean": ("true", "false"),
    "layout": ("ties", "map", "tree"),
}


def read_header(
    lines: Sequence[str], file: str, required: Sequence[str], languages: Sequence[str]
) -> dict[str, Any] | list[Problem]:
    """The header that a query's first lines hold, as plain mappings, lists and texts; else all that is wrong with it.

    `required` are the keys it must have; `languages` those that every sentence of it is in.
    """
    if not lines:
        return [problem(Where(file, 1, 1), "query-header", key=key) for key in required] or {}
    # The mark stands before every line; columns are counted from the file's margin.
    record = records.read("\n".join(line.removeprefix(MARK) for line in lines).encode(), file)
    if isinstance(record, Problem):
        return [replace(record, where=_shifted(record.where))]
    header: dict[str, Any] = records.plain(record)
    problems = [problem(Where(file, 1, 1), "query-header", key=key) for key in required if key not in header]
    for key, node in record.entries:
        if key.text not in _FORMS:
            problems.append(problem(_shifted(key.where), "header-key", key=shorten(key.text), **near(key.text, _FORMS)))
        elif not _fits(node, _FORMS[key.text], languages):
            problems.append(_ill_formed(key, languages))
    return problems or list(_inconsistent(record, header)) or header


def _shifted(where: Where) -> Where:
    return where._replace(col=where.col + len(MARK))


def _ill_formed(key: Scalar, languages: Sequence[str]) -> Problem:
    sentences = ", ".join(f"{language}: …" for language in languages)
    form = _FORMS[key.text]
    choices = [f"{key.text}: {choice}" for choice in _CHOICES.get(form, ())]
    example = " / ".join(choices) or _SHOWN[form].format(key=key.text, languages=sentences)
    return problem(_shifted(key.where), "header-form", key=key.text, example=example)


def _fits(node: Node, form: Form, languages: Sequence[str]) -> bool:
    if form == "sentences":
        return _texts(node) and isinstance(node, Record) and all(node.get(language) for language in languages)
    if form == "columns":
        return isinstance(node, Record) and all(_fits(each, "sentences", languages) for _, each in node.entries)
    if form == "words":
        return isinstance(node, Listed) and all(isinstance(each, Scalar) for each in node.items)
    if form == "names":
        return _texts(node)
    if form == "word":
        return isinstance(node, Scalar) and bool(node.text)
    if form == "examples":
        return isinstance(node, Listed) and bool(node.items) and all(_texts(each) for each in node.items)
    return isinstance(node, Scalar) and node.text in _CHOICES[form]


def _texts(node: Node) -> bool:
    return isinstance(node, Record) and all(isinstance(each, Scalar) for _, each in node.entries)


def _inconsistent(record: Record, header: Mapping[str, Any]) -> Iterator[Problem]:
    """Required parameters that are none or that the first example leaves out; examples of parameters that are none."""
    declared, required = set(header.get("parameters", {})), set(header.get("required", []))
    examples = header.get("examples", [{}])
    wrong = {"required": not required <= declared, "examples": not required <= set(examples[0])}
    wrong["examples"] |= any(not set(example) <= declared for example in examples)
    for key, _ in record.entries:
        if wrong.get(key.text):
            yield problem(_shifted(key.where), "header-parameters", key=key.text)
