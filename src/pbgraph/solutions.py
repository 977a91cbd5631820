"""The solutions of a SELECT, as the text that the store tells (SPARQL 1.1 Query Results TSV, section 4) → terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pbgraph.terms import XSD, Iri, Literal, Term

KEPT = 50_000
"""So many terms of solutions that are read one after the other are kept: those that are told again and again."""

_ESCAPES = {"t": "\t", "n": "\n", "r": "\r"}
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True)
class Rows:
    """The solutions of a SELECT: its variables in order, and a tuple of terms (None: unbound) per solution.

    A blank node is an address that begins with `_:`.
    """

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    def project(self, variables: Sequence[str]) -> Rows:
        """These variables only, in this order; rows that become alike are one."""
        positions = [self.variables.index(name) for name in variables]
        kept = dict.fromkeys(tuple(row[position] for position in positions) for row in self.rows)
        return Rows(tuple(variables), tuple(kept))

    def dicts(self) -> list[dict[str, Term]]:
        """Each row as a mapping of variable to term, without the unbound."""
        return [{name: term for name, term in zip(self.variables, row, strict=True) if term is not None} for row in self.rows]


class Grouped:
    """Solutions by what the variable `by` is bound to: kept as one text, of which is read what is asked for.

    So they take half the memory or less, which processes forked from this one share as long as they only read.
    """

    def __init__(self, told: bytes, by: str) -> None:
        self._variables = _variables(told)
        self._told = told
        self._spans = _spans(told, self._variables.index(by)) if by in self._variables else {}

    def all(self) -> list[Mapping[str, Term]]:
        """Each solution as a mapping of variable to term, without the unbound."""
        return [*read(self._told).dicts()]

    def of(self, this: str) -> list[Mapping[str, Term]]:
        """Those in which the variable is bound to a node (its IRI) or to a text."""
        return [self._row(line) for line in self.told(this).decode().split("\n")[:-1]]

    def told(self, this: str | None = None) -> bytes:
        """The text of these, or of all; as long as it is the same, so are they."""
        if this is None:
            return self._told
        spans = self._spans.get(this, ())
        return b"".join([self._told[start:end] for start, end in zip(spans[::2], spans[1::2], strict=True)])

    def _row(self, line: str) -> dict[str, Term]:
        told = zip(self._variables, line.split("\t"), strict=True)
        return {name: term for name, cell in told if (term := _kept(cell)) is not None}


def read(told: bytes) -> Rows:
    """All solutions that a text tells; terms that come often are one.

    The store writes such a text in a fraction of the time that it takes to ask it for each term.
    """
    variables = _variables(told)
    lines = told.decode().split("\n")[1:-1]
    term = _Cells().__getitem__
    rows = [tuple(map(term, line.split("\t"))) for line in lines] if variables else [()] * len(lines)
    return Rows(variables, tuple(rows))


def _variables(told: bytes) -> tuple[str, ...]:
    """The variables that a text tells of, by its first line."""
    names = told[: told.index(b"\n")].decode()
    return tuple([name.removeprefix("?") for name in names.split("\t")]) if names else ()


def _spans(told: bytes, position: int) -> dict[str, list[int]]:
    """Where the lines stand that have a term at this position: start and end of each stretch of them, by what the term is."""
    found: dict[str, list[int]] = {}
    last, spans = b"", [0, 0]
    for cell, start, end in _cells(told, position):
        if cell != last:
            last, spans = cell, found.setdefault(str(_read(cell.decode())), [start, start]) if cell else [start, start]
        if spans[-1] == start:
            spans[-1] = end
        else:
            spans += (start, end)
    return found


def _cells(told: bytes, position: int) -> Iterator[tuple[bytes, int, int]]:
    """What each line but the first has at a position, and where the line begins and ends."""
    start = told.find(b"\n") + 1
    while start < len(told):
        end = told.find(b"\n", start) + 1
        yield told[start : end - 1].split(b"\t", position + 1)[position], start, end
        start = end


class _Cells(dict[str, Term | None]):
    """The terms that cells of such a text stand for, each read once."""

    def __missing__(self, cell: str) -> Term | None:
        self[cell] = found = _read(cell)
        return found


def _read(cell: str) -> Term | None:
    if cell.startswith("<") and not cell.startswith("<<"):
        return Iri(cell[1:-1])
    if cell.startswith("_:"):
        return Iri(cell)
    if cell.startswith('"'):
        end = cell.rindex('"')
        text = _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), cell[1:end])
        kind = cell[end + 1 :]
        return Literal(text, "", kind[1:]) if kind.startswith("@") else Literal(text, kind[3:-1])
    if cell in ("true", "false"):
        return Literal(cell, XSD + "boolean")
    if cell[:1] in "+-.0123456789" and cell:
        return Literal(cell, XSD + ("double" if "e" in cell.lower() else "decimal" if "." in cell else "integer"))
    return Literal(cell) if cell else None


_kept = lru_cache(KEPT)(_read)
