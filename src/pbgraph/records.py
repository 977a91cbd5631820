"""YAML text ↔ records: strict YAML 1.2 in which every scalar is text and every node knows its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from pbgraph.problems import PbgraphError, Problem, Where, problem

MAX_DEPTH = 24

# Controls, breaks that YAML 1.2 and editors count differently, and the invisible signs that come with copied text.
_FORBIDDEN = re.compile(
    r"[^\t\n\r -~\xa0-\u200a\u200c-\u200d\u2010-\u2027\u202f-\u205f\u2070-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_BREAK = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as typed, with its place."""

    text: str
    where: Where


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes, with its place."""

    items: tuple[Node, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order typed; keys are scalars and unique."""

    entries: tuple[tuple[Scalar, Node], ...]
    where: Where

    def get(self, key: str) -> Node | None:
        """The value under `key`, or None."""
        return next((value for scalar, value in self.entries if scalar.text == key), None)


Node = Scalar | Sequence | Mapping


class _Stop(PbgraphError):
    """Ends the reading of one text at its first problem: what follows would cascade from it."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found)
        self.found = found


@lru_cache(maxsize=32)
def read(content: bytes, file: str) -> Mapping | Problem:
    """Read one YAML document whose top is a mapping; the first thing that is not strict YAML comes back as a Problem.

    Refused beyond YAML 1.2's own errors: other encodings than UTF-8, characters no text needs, anchors, aliases, tags,
    several documents, duplicate keys, keys that are not plain text, empty values, block texts (`|`, `>`), deep nesting.
    """
    text = decoded(content, file)
    if isinstance(text, Problem):
        return text
    try:
        return _document(yaml.parse(text, Loader=yaml.CSafeLoader), file)
    except _Stop as stop:
        return stop.found
    except yaml.MarkedYAMLError as error:
        return _syntax_problem(error, len(text.rstrip()), file)


def decoded(content: bytes, file: str) -> str | Problem:
    """UTF-8 bytes as text; another encoding, or the first character that no text needs, comes back as a Problem."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return problem(_end(error.object[: error.start].decode("utf-8"), file), "not-utf8")
    if found := _FORBIDDEN.search(text):
        return problem(_end(text[: found.start()], file), "control-character", character=f"U+{ord(found[0]):04X}")
    return text


def _syntax_problem(error: yaml.MarkedYAMLError, length: int, file: str) -> Problem:
    """Where libyaml gave up; what runs to the end of the text is told where it begins, a quote left open say."""
    mark, begin = error.problem_mark, error.context_mark
    if mark is None or (begin is not None and mark.index >= length):
        mark = begin
    where = Where(file, mark.line + 1, mark.column + 1) if mark else Where(file, 1, 1)
    begun = f" {error.context} that begins at {begin.line + 1}:{begin.column + 1}" if begin else ""
    return problem(where, "yaml-syntax", reason=f"{error.problem}{begun}")


def _end(text: str, file: str) -> Where:
    """The place right behind a text that begins the file."""
    lines = _BREAK.split(text)
    return Where(file, len(lines), len(lines[-1]) + 1)


def _document(events: Iterator[Any], file: str) -> Mapping:
    top: Node | None = None
    for event in events:
        if isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent):
            continue
        if isinstance(event, yaml.DocumentStartEvent):
            if top is not None:
                raise _Stop(problem(_where(event, file), "several-documents"))
            continue
        top = _node(event, events, file, 1)
    if not isinstance(top, Mapping):
        raise _Stop(problem(top.where if top else Where(file, 1, 1), "no-mapping"))
    return top


def _where(event: Any, file: str) -> Where:
    return Where(file, event.start_mark.line + 1, event.start_mark.column + 1)


def _node(event: Any, events: Iterator[Any], file: str, depth: int) -> Node:
    where = _where(event, file)
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise _Stop(problem(where, "anchor"))
    if event.tag is not None:
        raise _Stop(problem(where, "tag", tag=str(event.tag)))
    if depth > MAX_DEPTH:
        raise _Stop(problem(where, "too-deep", limit=str(MAX_DEPTH)))
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event, where)
    if isinstance(event, yaml.SequenceStartEvent):
        return Sequence(tuple(_items(events, file, depth)), where)
    return Mapping(tuple(_entries(events, file, depth)), where)


def _scalar(event: Any, where: Where) -> Scalar:
    if event.style in ("|", ">"):
        raise _Stop(problem(where, "block-text", mark=event.style))
    if event.value == "" and event.style not in ("'", '"'):
        raise _Stop(problem(where, "empty-value"))
    if event.style is None and event.value.startswith("“") and event.value.endswith("”"):
        raise _Stop(problem(where, "curly-quotes"))
    if found := _FORBIDDEN.search(event.value):
        raise _Stop(problem(where, "control-character", character=f"U+{ord(found[0]):04X}"))
    return Scalar(event.value, where)


def _items(events: Iterator[Any], file: str, depth: int) -> Iterator[Node]:
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            return
        yield _node(event, events, file, depth + 1)


def _entries(events: Iterator[Any], file: str, depth: int) -> Iterator[tuple[Scalar, Node]]:
    seen: dict[str, Where] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            return
        key = _node(event, events, file, depth + 1)
        if not isinstance(key, Scalar):
            raise _Stop(problem(key.where, "key-not-text"))
        if key.text in seen:
            raise _Stop(problem(key.where, "duplicate-key", key=key.text, first=str(seen[key.text].line)))
        seen[key.text] = key.where
        yield key, _node(next(events), events, file, depth + 1)


def plain(node: Node) -> Any:
    """A node as plain mappings, lists and texts, for files that need no addresses."""
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.text


@dataclass(frozen=True, slots=True)
class Span:
    """Where a node of a text begins and ends, in characters from its start, and whether it is in braces or brackets."""

    start: int
    end: int
    flow: bool


def spans(text: str) -> list[Span]:
    """The spans of all nodes of a document that `read` takes, each before those inside it; a block ends with what it holds."""
    found: list[Span] = []
    open_: list[int] = []
    events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
    for event in events:
        if isinstance(event, yaml.ScalarEvent):
            found.append(_span(event, flow=False))
        elif isinstance(event, yaml.CollectionStartEvent):
            open_.append(len(found))
            found.append(_span(event, flow=bool(event.flow_style)))
        elif isinstance(event, yaml.CollectionEndEvent):
            begun = open_.pop()
            start, flow = found[begun].start, found[begun].flow
            end = _span(event, flow).end if flow else max(each.end for each in found[begun:])
            found[begun] = Span(start, end, flow)
    return found


def _span(event: Any, flow: bool) -> Span:
    return Span(event.start_mark.index, event.end_mark.index, flow)
