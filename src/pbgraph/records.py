"""YAML text ↔ records: strict YAML 1.2 in which every scalar is text and every node knows its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import yaml

from pbgraph.problems import BREAK, PbgraphError, Problem, Where, problem, shorten
from pbgraph.slips import behind, wide_indentation, wide_separation
from pbgraph.terms import new_tuple

MAX_DEPTH = 24
MAX_BYTES = 10_000_000
"""A file larger than that is no reading of one article and no county's list; its findings would tell nobody anything."""

_BEGUN_BY: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("scanning a block scalar", "block-text", {"mark": ">"}),
    ("scanning an alias", "anchor", {}),
    ("scanning an anchor", "anchor", {}),
    ("scanning a tag", "tag", {"tag": "!"}),
)
"""What libyaml was about when it gave up, where that alone is refused here: the code, and what its words need."""

# Controls, breaks that YAML 1.2 and editors count differently, and the invisible signs that come with copied text.
NEEDLESS = re.compile(
    r"[^\t\n\r -~\xa0-\u200a\u200c-\u200d\u2010-\u2027\u202f-\u205f\u2070-\ud7ff\ue000-\ufefe\uff00-\ufffd"
    r"\U00010000-\U0010ffff]"
)
_CURLY = re.compile('“[^“”]*(?:”|")|‘[^‘’]*’|「[^「」]*」|『[^『』]*』|＂[^＂]*＂|＇[^＇]*＇')


class Scalar(NamedTuple):
    """A text as typed, with its place."""

    text: str
    where: Where


class Sequence(NamedTuple):
    """A list of nodes, with its place."""

    items: tuple[Node, ...]
    where: Where


class Mapping(NamedTuple):
    """Keys and values in the order typed; keys are scalars and unique."""

    entries: tuple[tuple[Scalar, Node], ...]
    where: Where

    def get(self, key: str) -> Node | None:
        """The value under `key`, or None."""
        for scalar, value in self.entries:
            if scalar.text == key:
                return value
        return None


Node = Scalar | Sequence | Mapping


def items_of(node: Node | None) -> tuple[Node, ...]:
    """The items of a list; any other node as the only one, and nothing for none."""
    return node.items if isinstance(node, Sequence) else () if node is None else (node,)


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
    if len(content) > MAX_BYTES:
        return problem(Where(file), "too-large", megabytes=f"{len(content) / 1_000_000:.1f}", limit=str(MAX_BYTES // 1_000_000))
    text = decoded(content, file)
    if isinstance(text, Problem):
        return text
    if found := wide_indentation(text, file):
        return found
    try:
        # Straight from libyaml: yaml.parse asks twice for each event.
        return _document(iter(yaml.CSafeLoader(text).get_event, None), file)
    except _Stop as stop:
        return stop.found
    except yaml.MarkedYAMLError as error:
        return _syntax_problem(error, text, file)


def decoded(content: bytes, file: str) -> str | Problem:
    """UTF-8 bytes as text; another encoding, or the first character that no text needs, comes back as a Problem."""
    text = utf8(content, file)
    return text if isinstance(text, Problem) else next(needless(text, file), None) or text


def utf8(content: bytes, file: str) -> str | Problem:
    """UTF-8 bytes as text, without a byte order mark; another encoding comes back as a Problem."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return problem(_end(error.object[: error.start].decode("utf-8"), file), "not-utf8")
    return problem(_end(text[: text.index("\0")], file), "not-utf8") if "\0" in text[:4] else text


def needless(text: str, file: str) -> Iterator[Problem]:
    """Each character that no text needs, where it stands."""
    if NEEDLESS.search(text):
        for number, line in enumerate(BREAK.split(text), 1):
            for found in NEEDLESS.finditer(line):
                yield problem(Where(file, number, found.start() + 1), "control-character", character=f"U+{ord(found[0]):04X}")


def _syntax_problem(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """Where libyaml gave up, or rather where that began which it could not make sense of."""
    mark, begin, context = error.problem_mark, error.context_mark, error.context or ""
    first = begin or mark
    where = Where(file, first.line + 1, first.column + 1) if first else Where(file, 1, 1)
    for sign, code, detail in _BEGUN_BY:
        if sign in context:
            return problem(where, code, **detail)
    ended = Where(file, mark.line + 1, mark.column + 1) if mark else where
    if begin is not None and "quoted scalar" in context and "end of stream" in (error.problem or ""):
        return problem(where, "quote-left-open")
    if (opened := _quote_over_lines(text, ended)) is not None:
        return problem(opened, "quote-left-open")
    if (slip := behind(text, ended)) is not None:
        return slip
    if mark is not None and begin is not None and begin.line < mark.line and "flow" in context:
        return problem(where, "brace-left-open", bracket=text.splitlines()[begin.line][begin.column])
    of_key = begin is not None and "simple key" in context
    told = f" {context} that begins at {where.line}:{where.col}" if begin else ""
    return problem(where if of_key else ended, "yaml-syntax", reason=f"{error.problem}{told}")


def _quote_over_lines(text: str, before: Where) -> Where | None:
    """The double quote that begins the last text to run over a line end before a place: it was left open, as a rule.

    It counts if the text begins in the two lines before the place, or ends in the line of it or the one before.
    """
    events: Iterator[Any] = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
    found, last = None, 0
    try:
        for event in events:
            if _runs_over_a_line(event):
                found, last = _where(event, before.file), event.end_mark.line + 1
    except yaml.MarkedYAMLError:
        pass
    near = found is not None and (before.line - found.line <= 2 or before.line - last <= 1)
    return found if near else None


def _runs_over_a_line(event: Any) -> bool:
    return isinstance(event, yaml.ScalarEvent) and event.style in ("'", '"') and _lines(event) > 1


def _lines(event: Any) -> int:
    return 1 + int(event.end_mark.line) - int(event.start_mark.line)


def _end(text: str, file: str) -> Where:
    """The place right behind a text that begins the file."""
    lines = BREAK.split(text)
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
        if isinstance(event, yaml.ScalarEvent):
            raise _Stop(problem(Where(file, 1, 1), "no-mapping"))
        top = _node(event, events, file, 1)
    if not isinstance(top, Mapping):
        raise _Stop(problem(top.where if top else Where(file, 1, 1), "no-mapping"))
    return top


def _where(event: Any, file: str) -> Where:
    mark = event.start_mark
    return Where(file, mark.line + 1, mark.column + 1)


def _node(event: Any, events: Iterator[Any], file: str, depth: int) -> Node:
    mark = event.start_mark
    where = new_tuple(Where, (file, mark.line + 1, mark.column + 1))
    if event.anchor is not None:
        raise _Stop(problem(where, "anchor"))
    if event.tag is not None:
        raise _Stop(problem(where, "tag", tag=str(event.tag).replace("tag:yaml.org,2002:", "!!")))
    if depth > MAX_DEPTH:
        raise _Stop(problem(where, "too-deep", limit=str(MAX_DEPTH)))
    if isinstance(event, yaml.ScalarEvent):
        text, style = event.value, event.style
        if style:
            _check_quoted(text, style, where)
        elif not text:
            raise _Stop(problem(where, "empty-value"))
        elif text[0] in "“‘「『＂＇" and _CURLY.fullmatch(text):
            raise _Stop(problem(where, "curly-quotes"))
        return new_tuple(Scalar, (text, where))
    if isinstance(event, yaml.SequenceStartEvent):
        return Sequence(tuple(_items(events, file, depth)), where)
    return Mapping(tuple(_entries(events, file, depth)), where)


def _check_quoted(text: str, style: str, where: Where) -> None:
    if style in ("|", ">"):
        raise _Stop(problem(where, "block-text", mark=style))
    # An escape in double quotes is all that can hold what the text as a whole was found not to hold.
    if style == '"' and (found := NEEDLESS.search(text)):
        raise _Stop(problem(where, "control-character", character=f"U+{ord(found[0]):04X}"))


def _items(events: Iterator[Any], file: str, depth: int) -> Iterator[Node]:
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            return
        yield _node(event, events, file, depth + 1)


def _entries(events: Iterator[Any], file: str, depth: int) -> Iterator[tuple[Scalar, Node]]:
    seen: dict[str, Where] = {}
    last: Node | None = None
    for event in events:
        if not isinstance(event, yaml.ScalarEvent):
            if isinstance(event, yaml.MappingEndEvent):
                return
            if isinstance(event, yaml.CollectionStartEvent):
                raise _Stop(problem(_where(event, file), "key-not-text"))
        key = _node(event, events, file, depth + 1)
        assert isinstance(key, Scalar), "an alias stops the reading, and lists and mappings were refused"
        if key.text in seen:
            raise _Stop(problem(key.where, "duplicate-key", key=key.text, first=str(seen[key.text].line)))
        seen[key.text] = key.where
        value: Any = next(events)
        if value.start_mark.index == event.end_mark.index:
            # A text in Chinese quotation marks is no quoted one: the comma inside it ended it.
            if isinstance(last, Scalar) and last.text.startswith("“") and "”" not in last.text:
                raise _Stop(problem(last.where, "curly-quotes"))
            wide = wide_separation(key.text, key.where)
            raise _Stop(wide or problem(key.where, "key-without-value", key=shorten(key.text)))
        last = _node(value, events, file, depth + 1)
        yield key, last


def plain(node: Node) -> Any:
    """A node as plain mappings, lists and texts, for files that need no addresses."""
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.text


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where a node of a text begins and ends, in characters from its start, and whether it is in braces or brackets."""

    start: int
    end: int
    flow: bool


def spans(text: str) -> list[Stretch]:
    """The spans of all nodes of a document that `read` takes, each before those inside it; a block ends with what it holds."""
    found: list[Stretch] = []
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
            found[begun] = Stretch(start, end, flow)
    return found


def scalars(text: str) -> Iterator[Stretch]:
    """The spans of the texts of a document that `read` takes, keys and values in the order typed; empty ones are left out."""
    found = (
        _span(event, flow=False) for event in yaml.parse(text, Loader=yaml.CSafeLoader) if isinstance(event, yaml.ScalarEvent)
    )
    return (span for span in found if span.start < span.end)


def _span(event: Any, flow: bool) -> Stretch:
    return Stretch(event.start_mark.index, event.end_mark.index, flow)
