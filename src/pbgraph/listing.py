"""A data file as its readers see it: numbered lines of pieces, told apart by what they are, ids leading to what they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from pbgraph import records
from pbgraph.cache import digest
from pbgraph.contents import SHEET
from pbgraph.index import Index
from pbgraph.mapping import Mapped
from pbgraph.problems import BREAK, Problem
from pbgraph.project import Project
from pbgraph.terms import Iri, Literal, Term, is_directly_below
from pbgraph.things import entity

MOST = 5000
"""So many lines of a table are shown: a page of more would be slow to open."""

_UNSAFE = re.compile(r"[^\w.-]")
_COMMENT = re.compile("(#[^\r\n]*)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line: `kind` is key, quoted, comment or nothing; `node` what an id names."""

    text: str
    kind: str = ""
    node: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, with the claims that begin in it."""

    pieces: tuple[Piece, ...]
    claims: tuple[Iri, ...]


def page_name(project: Project, file: Path) -> str:
    """The name of the page that shows a data file, without language and suffix: its path, dots for slashes, of no other file.

    So a dot of the path becomes two, what no address should hold a number in hexadecimal (`a b.c` is `a~20~b..c`), and the
    name of a table ends in `~csv`.
    """
    path = unquote(project.below_data(file)).replace(".", "..").replace("/", ".")
    return _UNSAFE.sub(lambda found: f"~{ord(found[0]):x}~", path) + ("~csv" if file.suffix == SHEET else "")


class Files:
    """The data files of a project and their tables, as their pages show them; lines are made when they are asked for."""

    def __init__(self, project: Project, index: Index) -> None:
        self._project = project
        self._mapped = index.files
        self._claims = _claims_of_tables(index, project.base)
        self._paths = {project.address(path): path for suffix in (".yaml", SHEET) for path in project.files("data", suffix)}

    def rows(self) -> Iterator[Mapping[str, Term | str]]:
        """What there is a page for: each readable file's page name, its address, and a digest of all that makes its lines."""
        for address, path in self._paths.items():
            if not isinstance(self._text(address), Problem):
                told = [self._project.read(path), repr(self._claims.get(address)).encode()]
                yield {"this": Literal(page_name(self._project, path)), "file": address, "digest": digest(told)}

    def lines(self, address: str) -> list[Line]:
        """The lines of a file that there is a page for."""
        text = self._text(address)
        assert isinstance(text, str)
        if address in self._mapped:
            return listed(text, self._mapped[address], self._project.base)
        return rows(text, self._claims.get(address, {}))

    def _text(self, address: str) -> str | Problem:
        return records.decoded(self._project.read(self._paths[address]), address)


def rows(text: str, claims: Mapping[int, tuple[Iri, ...]]) -> list[Line]:
    """The lines of a table, with the claims that begin in each; of a long one the first MOST."""
    lines = BREAK.split(text.rstrip("\r\n"))
    shown = [*lines[:MOST], *(["…"] if len(lines) > MOST else [])]
    return [Line((Piece(line),), claims.get(number, ())) for number, line in enumerate(shown, 1)]


def listed(text: str, file: Mapped, base: str) -> list[Line]:
    """The lines of a data file's text without their breaks, in pieces whose texts are the line again."""
    names = {
        (each.where.line, each.where.col): entity(base, each.slug) for each in file.references if each.where.file == file.file
    }
    own, claims = {slug: entity(base, slug) for slug, _ in file.owned}, _claims(file, base)
    pieces: list[list[Piece]] = [[]]
    done, key = 0, ""
    for span in records.scalars(text):
        _add(pieces, _between(text[done : span.start]))
        typed = text[span.start : span.end]
        place = len(pieces), 1 + sum(len(piece.text) for piece in pieces[-1])
        node = names.get(place) or (own.get(typed) if key == "id" else None) or ""
        _add(pieces, [Piece(typed, _kind(text, span), node)])
        done, key = span.end, typed
    _add(pieces, _between(text[done:]))
    return [Line(tuple(line), claims.get(number, ())) for number, line in enumerate(pieces, 1) if line or number < len(pieces)]


def _claims_of_tables(index: Index, base: str) -> dict[str, dict[int, tuple[Iri, ...]]]:
    """The claims that begin in each line of each table."""
    found: dict[str, dict[int, tuple[Iri, ...]]] = {}
    for file in index.files.values():
        for subject, (line, _, *table) in file.places.items():
            if table and _is_claim(subject, base):
                lines = found.setdefault(table[0], {})
                lines[line] = (*lines.get(line, ()), Iri(subject))
    return found


def _is_claim(subject: str, base: str) -> bool:
    return is_directly_below(subject, f"{base}claim/")


def _claims(file: Mapped, base: str) -> dict[int, tuple[Iri, ...]]:
    """The claims that begin in each line."""
    found: dict[int, tuple[Iri, ...]] = {}
    for subject, (line, _, *table) in file.places.items():
        if not table and _is_claim(subject, base):
            found[line] = (*found.get(line, ()), Iri(subject))
    return found


def _add(lines: list[list[Piece]], pieces: Iterable[Piece]) -> None:
    """Put pieces at the end of the last line, one that runs over several lines piece by piece."""
    for piece in pieces:
        for number, text in enumerate(BREAK.split(piece.text)):
            if number:
                lines.append([])
            if text:
                lines[-1].append(Piece(text, piece.kind, piece.node))


def _between(text: str) -> Iterator[Piece]:
    """What stands between scalars: punctuation and blanks, and comments, each to the end of its line."""
    for part in _COMMENT.split(text):
        if part:
            yield Piece(part, "comment" if part.startswith("#") else "")


def _kind(text: str, span: records.Stretch) -> str:
    if text[span.end : span.end + 1] == ":":
        return "key"
    return "quoted" if text[span.start] in "\"'" else ""
