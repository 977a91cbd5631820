"""A data file → its canonical form: the same records and comments, laid out in one way; no quad changes.

Records of up to four keys stand in one line if they fit, others in block style; quoted words stand in double quotes, other
texts only where YAML or its readers would take them for something else; `id` and `type` come first; of several blank lines
one is kept.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from pbgraph.commenting import Entry, pieces_of
from pbgraph.problems import Problem, Refused, Where, problem
from pbgraph.project import Project, root_of
from pbgraph.records import Mapping, Scalar, Sequence, read
from pbgraph.reporting import columns
from pbgraph.schema import Schema

WIDTH = 130
"""How many columns a record in one line may take, Han characters counted twice."""

KEYS_IN_LINE = 4
_FIRST = ("id", "type")

SCHEMA = "build/schema/data.schema.json"
"""Where a project's build has the JSON Schema of its data files."""

_SAFE = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=~](?:[^,\[\]{}#:?\\\"\s]| (?!\Z)|:(?=[^\s,\[\]{}]))*")
_TYPED = re.compile(
    r"[-+]?[0-9][0-9_]*|0[xob][0-9a-fA-F_]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)"
    r"|\.(?:nan|NaN|NAN)|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]+(?::[0-5]?[0-9])+"
    r"|true|false|yes|no|on|off|null|y|n",
    re.IGNORECASE,
)
"""What YAML's core schema, or an older one, reads as something else than a text (YAML 1.2.2, section 10.3.2)."""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True)
class Style:
    """What layout needs of the schema: keys by how their texts are written, and the line that leads an editor to the schema.

    `quoted` always stand in quotes, `texts` where their text looks like a number; `carriers` hold texts by language or
    paragraph.
    """

    quoted: frozenset[str]
    texts: frozenset[str]
    carriers: frozenset[str]
    modeline: str


def style_of(schema: Schema, modeline: str) -> Style:
    """The style that an ontology's ranges amount to."""
    parts = {name: schema.ranges[prop.iri].part for name, prop in schema.properties.items() if prop.range == "node"}
    quoted = frozenset(name for name, part in parts.items() if part is not None and part.kind == "passage")
    texts = frozenset(name for name, prop in schema.properties.items() if prop.range in ("text", "language"))
    languages = frozenset(name for name, prop in schema.properties.items() if prop.range == "language")
    return Style(quoted, texts, quoted | languages, modeline)


def formatted(content: bytes, file: str, style: Style) -> str | Problem:
    """The canonical form of a data file's bytes; a file that cannot be read comes back as the problem that says why."""
    record = read(content, file)
    if isinstance(record, Problem):
        return record
    text = content.decode("utf-8-sig")
    # libyaml counts a return and a line feed as two characters, and as one line end.
    text = re.sub("\r\n?", "\n", text)
    top, rest = pieces_of(record, text)
    lines = [style.modeline] if style.modeline else []
    lines += [*_block(top, style, ""), *rest]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines).strip("\n")) + "\n"


def _block(holder: Entry, style: Style, prop: str, indent: int = 0) -> Iterator[str]:
    """The pieces of a record or list in block style, each in a line or lines of its own."""
    pieces = holder.inner
    if isinstance(holder.node, Mapping):
        pieces = _ordered(pieces)
    margin = " " * indent
    for number, piece in enumerate(pieces):
        if (piece.blank and number) or (holder.column < 0 and number):
            yield ""
        yield from (f"{margin}{line}" if line else "" for line in piece.before)
        lines = list(_lines(piece, style, _property(piece, style, prop), indent))
        if piece.beside:
            at = 0 if piece.inner and not piece.span.flow else -1
            lines[at] += f"  {piece.beside}"
        yield from lines
        yield from (f"{margin}{line}" if line else "" for line in piece.after)


def _ordered(pieces: list[Entry]) -> list[Entry]:
    """The entries of a record, those that say what it is first."""
    return sorted(pieces, key=lambda piece: _FIRST.index(piece.key) if piece.key in _FIRST else len(_FIRST))


def _property(piece: Entry, style: Style, prop: str) -> str:
    """The key whose range says how texts are written: a language or a paragraph is none, it hands down that of its holder."""
    return prop if piece.key is None or prop in style.carriers else piece.key


def _lines(piece: Entry, style: Style, prop: str, indent: int) -> Iterator[str]:
    margin = " " * indent
    begin = f"{margin}- " if piece.key is None else f"{margin}{_scalar(piece.key, style, '')}:"
    line = f"{begin}{'' if piece.key is None else ' '}{_flow(piece, style, prop)}"
    if not piece.inner or (_fits(piece, indent) and columns(line) <= WIDTH):
        yield line
    elif piece.key is None:
        first, *others = _block(piece, style, prop, indent + 2)
        # A comment or blank line before the first key of an item stands above the hyphen.
        while not first.strip() or first.lstrip().startswith("#"):
            yield first[2:] if first.strip() else first
            first, *others = others
        yield begin + first[indent + 2 :]
        yield from others
    else:
        yield begin
        yield from _block(piece, style, prop, indent + 2)


def _fits(piece: Entry, indent: int) -> bool:
    """Whether a piece may stand in one line: few keys, no comments inside, no list of several records."""
    if piece.commented or (indent == 0 and (piece.key == "source" or isinstance(piece.node, Sequence))):
        return False
    if isinstance(piece.node, Sequence):
        records = [each for each in piece.inner if isinstance(each.node, Mapping)]
        return len(records) <= 1 and all(_fits(each, indent + 2) for each in piece.inner)
    keys = len(piece.inner) if isinstance(piece.node, Mapping) else 0
    return keys <= KEYS_IN_LINE and all(_holds_little(each) for each in piece.inner)


def _holds_little(piece: Entry) -> bool:
    """Whether a piece may stand inside a record in one line."""
    keys = len(piece.inner) if isinstance(piece.node, Mapping) else 0
    return keys <= KEYS_IN_LINE and all(map(_holds_little, piece.inner))


def _flow(piece: Entry, style: Style, prop: str) -> str:
    """A piece's node in one line."""
    if isinstance(piece.node, Scalar):
        return _scalar(piece.node.text, style, prop)
    inner = piece.inner
    if isinstance(piece.node, Sequence):
        return f"[{', '.join(_flow(each, style, prop) for each in inner)}]"
    entries = (
        f"{_scalar(each.key or '', style, '')}: {_flow(each, style, _property(each, style, prop))}" for each in _ordered(inner)
    )
    return f"{{{', '.join(entries)}}}"


def _scalar(text: str, style: Style, prop: str) -> str:
    """A text plain, or in double quotes where its key or its signs ask for them."""
    mistaken = (prop in style.texts and _TYPED.fullmatch(text)) or (text.startswith("“") and text.endswith("”"))
    if _SAFE.fullmatch(text) and not mistaken and prop not in style.quoted:
        return text
    return '"' + "".join(_ESCAPES.get(sign, sign) for sign in text) + '"'


def format_files(project: Project, schema: Schema, files: Iterable[Path], write: bool) -> list[Problem]:
    """Write data files in canonical form, or only tell which are not; the findings lead to the first line that changes.

    Refused: files that cannot be read, before anything is written, or one that cannot be written.
    """
    problems: list[Problem] = []
    unreadable: list[Problem] = []
    texts: dict[Path, str] = {}
    for path in files:
        content = project.read(path)
        text = formatted(content, project.address(path), style_of(schema, modeline(project, path)))
        if isinstance(text, Problem):
            unreadable.append(text)
        elif text.encode() != content:
            texts[path] = text
            problems.append(problem(Where(project.address(path), _first_difference(content, text), 1), "not-formatted"))
    if unreadable:
        raise Refused(unreadable)
    for path, text in texts.items() if write else ():
        project.write(path, text)
    return problems


def modeline(project: Project, path: Path) -> str:
    """The comment by which editors' YAML servers find the schema of a data file in the build of the project it lies in."""
    schema = os.path.relpath((root_of(path) or project.root) / SCHEMA, path.parent)
    return f"# yaml-language-server: $schema={Path(schema).as_posix()}"


def _first_difference(content: bytes, text: str) -> int:
    pairs = zip_longest(content.splitlines(), text.encode().splitlines())
    return next((number for number, (old, new) in enumerate(pairs, 1) if old != new), 1)
