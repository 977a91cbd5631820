"""A data file → its canonical form: the same records and comments, laid out in one way; no quad changes.

Records of up to four keys stand in one line if they fit, others in block style; quoted words stand in double quotes, other
texts only where YAML or its readers would take them for something else; `id` and `type` come first; of several blank lines
one is kept.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from operator import attrgetter
from pathlib import Path

from pbgraph.problems import Problem, Refused, Where, problem
from pbgraph.project import Project
from pbgraph.records import Mapping, Node, Scalar, Sequence, Stretch, decoded, read, spans
from pbgraph.reporting import columns
from pbgraph.schema import Schema

WIDTH = 130
"""How many columns a record in one line may take, Han characters counted twice."""

KEYS_IN_LINE = 4
_FIRST = ("id", "type")

SCHEMA = "build/schema/data.schema.json"
"""Where a project's build has the JSON Schema of its data files."""

_MODELINE = re.compile(r"# yaml-language-server: \$schema=")
_COMMENT = re.compile(r"(?:^|(?<=[ \t\n]))#[^\n]*")
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


@dataclass
class Entry:
    """An entry (with its key) or an item of a list: its node, the comments around it, and where it was typed.

    `column` is that of its key or hyphen, from 0, and `said` where its key ends; `inner` are those inside its node.
    """

    key: str | None
    node: Node
    start: int
    column: int
    span: Stretch
    said: int = 0
    inner: list[Entry] = field(default_factory=list)
    blank: bool = False
    before: list[str] = field(default_factory=list)
    beside: str = ""
    after: list[str] = field(default_factory=list)

    def walk(self) -> Iterator[Entry]:
        """This piece and all inside it, in the order typed."""
        yield self
        for piece in self.inner:
            yield from piece.walk()

    @property
    def commented(self) -> bool:
        """Whether a comment stands inside it, where only block style has room for it."""
        return any(each.before or each.beside or each.after for piece in self.inner for each in piece.walk())


def formatted(content: bytes, file: str, style: Style) -> str | Problem:
    """The canonical form of a data file's bytes; a file that cannot be read comes back as the problem that says why."""
    record = read(content, file)
    text = decoded(content, file)
    if isinstance(record, Problem):
        return record
    if isinstance(text, Problem):
        return text
    # libyaml counts a return and a line feed as two characters, and as one line end.
    text = re.sub("\r\n?", "\n", text)
    nodes = iter(spans(text))
    top = Entry(None, record, 0, -1, next(nodes))
    top.inner = list(_pieces(record, nodes, text, top.span.flow))
    rest = _place_comments(top, text)
    lines = [style.modeline] if style.modeline else []
    lines += [*_block(top, style, ""), *rest]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines).strip("\n")) + "\n"


def _pieces(node: Node, nodes: Iterator[Stretch], text: str, flow: bool) -> Iterator[Entry]:
    if isinstance(node, Mapping):
        for key, value in node.entries:
            typed = next(nodes)
            piece = Entry(key.text, value, typed.start, _column(text, typed.start), next(nodes), typed.end)
            piece.inner = list(_pieces(value, nodes, text, piece.span.flow))
            yield piece
    elif isinstance(node, Sequence):
        for item in node.items:
            span = next(nodes)
            at = span.start if flow else text.rfind("-", 0, _skipped_back(text, span.start))
            piece = Entry(None, item, at, _column(text, at), span)
            piece.inner = list(_pieces(item, nodes, text, span.flow))
            yield piece


def _column(text: str, at: int) -> int:
    return at - text.rfind("\n", 0, at) - 1


def _skipped_back(text: str, at: int) -> int:
    """Where the blanks and comments before a place begin: right behind the hyphen of a list's item."""
    while True:
        line = text.rfind("\n", 0, at) + 1
        before = text[line:at]
        if before.strip() and not before.lstrip().startswith("#"):
            return line + len(before.split(" #")[0].rstrip())
        at = line - 1


def _is_blank_above(text: str, at: int) -> bool:
    """Whether the line above that of a place is blank."""
    end = text.rfind("\n", 0, at)
    return end > 0 and not text[text.rfind("\n", 0, end) + 1 : end].strip()


def _place_comments(top: Entry, text: str) -> list[str]:
    """Give each comment to the piece it stands beside, before or after; those that no piece is near come back."""
    pieces = [piece for piece in top.walk() if piece is not top]
    rest: list[str] = []
    for piece in pieces:
        piece.blank = _is_blank_above(text, piece.start)
    for at, comment in _comments(pieces, text):
        column = _column(text, at)
        if text[at - column : at].strip():
            piece = _beside(top, pieces, at, text)
            piece.before.extend([piece.beside] if piece.beside else [])
            piece.beside = comment
            continue
        begun = _begun(pieces, at)
        following = pieces[begun] if begun < len(pieces) else None
        lines = ["", comment] if _is_blank_above(text, at) else [comment]
        least = following.column + 1 if following else 0
        owner = next((each for each in reversed(_open_at(top, at)) if least <= each.column <= column), None)
        (owner.after if owner else following.before if following else rest).extend(lines)
    _settle(top)
    return rest


def _settle(piece: Entry) -> None:
    """Move comments to where the form leaves room for them, so that they stay there from then on."""
    for inner in piece.inner:
        _settle(inner)
    if piece.key is None and piece.inner and piece.column >= 0:
        first = piece.inner[0]
        piece.before, first.before = [*piece.before, *first.before], []
        if len(piece.inner) == 1 and first.beside:
            piece.before.extend([first.beside] if piece.beside else [])
            piece.beside, first.beside = piece.beside or first.beside, ""
    if piece.span.flow and piece.beside and piece.commented:
        piece.before.append(piece.beside)
        piece.beside = ""


def _comments(pieces: list[Entry], text: str) -> Iterator[tuple[int, str]]:
    """Where comments begin, and their text: what looks like one outside of all keys and texts, the modeline aside."""
    texts = [(piece.span.start, piece.span.end) for piece in pieces if isinstance(piece.node, Scalar)]
    covered = sorted([*texts, *((piece.start, piece.said) for piece in pieces if piece.key is not None)])
    end = 0
    while found := _COMMENT.search(text, end):
        at, end = found.span()
        before = bisect_left(covered, (at, at))
        if before > 0 and at < covered[before - 1][1]:
            end = covered[before - 1][1]
        elif not _MODELINE.match(found[0]):
            yield at, found[0].rstrip()


def _begun(pieces: list[Entry], at: int) -> int:
    """How many of some pieces, which stand in the order typed, begin before a place."""
    return bisect_left(pieces, at, key=attrgetter("start"))


def _beside(top: Entry, pieces: list[Entry], at: int, text: str) -> Entry:
    """The piece that a comment at the end of a line stands beside: the outermost that ends in it and begins in it, or is flow."""
    line = text.rfind("\n", 0, at) + 1
    last = _begun(pieces, at)
    from_above = [each for each in _open_at(top, line) if each.span.flow]
    ended = [each for each in (*from_above, *pieces[_begun(pieces, line) : last]) if line <= each.span.end <= at]
    return ended[0] if ended else pieces[last - 1]


def _open_at(top: Entry, at: int) -> list[Entry]:
    """The last piece that begins before a place, below all that hold it, from the outermost inwards."""
    chain: list[Entry] = []
    inner = top.inner
    while begun := _begun(inner, at):
        chain.append(inner[begun - 1])
        inner = chain[-1].inner
    return chain


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
    """The comment by which editors' YAML servers find the schema of a data file in the project's build."""
    schema = os.path.relpath(project.root / SCHEMA, path.parent)
    return f"# yaml-language-server: $schema={Path(schema).as_posix()}"


def _first_difference(content: bytes, text: str) -> int:
    pairs = zip_longest(content.splitlines(), text.encode().splitlines())
    return next((number for number, (old, new) in enumerate(pairs, 1) if old != new), 1)
