"""A CSV (RFC 4180, UTF-8, its first row the names of its columns) → its rows, each cell with its place in the file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pbgraph.problems import BREAK, Problem, Where, problem, shorten
from pbgraph.records import NEEDLESS, Scalar, needless, utf8
from pbgraph.sentences import in_all
from pbgraph.terms import new_tuple

LINE = "line"
"""The name that stands for the number of a row's line, which no column may have."""

MAX_BYTES = 100_000_000


@dataclass
class Sheet:
    """A CSV: the address of its file, its text, whether that has no needless characters, the names of its columns."""

    file: str
    text: str
    clean: bool
    columns: list[str]

    def rows(self, problems: list[Problem]) -> Iterator[tuple[Where, list[Scalar]]]:
        """Each row with its place, without blank ones; what keeps one from being read goes to `problems`."""
        rows = _rows(self.text, self.file, problems)
        next(rows)
        for cells in rows:
            if len(cells) != len(self.columns):
                where = cells[min(len(cells), len(self.columns) + 1) - 1].where
                details = {"cells": str(len(cells)), "columns": str(len(self.columns))}
                problems.append(problem(where, "ragged-row", **details))
            elif any(cell.text for cell in cells) and (self.clean or not any(NEEDLESS.search(cell.text) for cell in cells)):
                yield Where(self.file, cells[0].where.line, 1), cells


def read(content: bytes, file: str, problems: list[Problem]) -> Sheet | None:
    """A CSV as its bytes give it; nothing if its first row is not known. What is wrong goes to `problems`."""
    if len(content) > MAX_BYTES:
        sizes = {"megabytes": f"{len(content) / 1_000_000:.1f}", "limit": str(MAX_BYTES // 1_000_000)}
        problems.append(problem(Where(file), "too-large", **sizes))
        return None
    text = utf8(content, file)
    if isinstance(text, Problem):
        problems.append(text)
        return None
    found = list(needless(text, file))
    problems.extend(found)
    broken: list[Problem] = []
    rows = _rows(text, file, broken)
    head = next(rows, [])
    broken = broken or list(_misnamed(head, next(rows, []), file))
    problems.extend(broken)
    names = [cell.text for cell in head]
    return None if broken or any(map(NEEDLESS.search, names)) else Sheet(file, text, not found, names)


def _misnamed(head: list[Scalar], second: list[Scalar], file: str) -> Iterator[Problem]:
    """What is wrong with the names of columns, told from the first two rows."""
    if not head:
        yield problem(Where(file, 1, 1), "table-empty")
    names = [cell.text for cell in head]
    for row, separators in ((head, _SEPARATORS), (second, _USUAL)):
        if len(head) == len(row) == 1 and (found := separators.search(row[0].text)):
            yield problem(row[0].where, "csv-separator", separator="Tab" if found[0] == "\t" else found[0])
            return
    if sum(bool(name) for name in names) == 1 < sum(bool(cell.text) for cell in second):
        yield problem(head[0].where, "table-title", title=shorten(names[0]))
        return
    for number, cell in enumerate(head):
        if not cell.text:
            yield problem(cell.where, "column-unnamed")
        elif cell.text == LINE:
            yield problem(cell.where, "column-line")
        elif cell.text in names[:number]:
            yield problem(cell.where, "column-twice", column=cell.text)


_SEPARATORS, _USUAL = re.compile("[;\t；，|]"), re.compile("[;\t]")
"""What parts the cells of what is no CSV; and what, below a line of one cell, hardly stands in a text."""

_REASONS = {
    "unexpected end": "reason-open-quote",
    "field larger": "reason-cell-long",
    "',' expected": "reason-comma",
}
"""What Python's reader says of a CSV, by how that begins."""


def _rows(text: str, file: str, problems: list[Problem]) -> Iterator[list[Scalar]]:
    """The rows of a CSV that have cells and can be read; after one that cannot, whatever follows its first line."""
    stream = io.StringIO(text, newline="")
    reader, before = csv.reader(stream, strict=True), 0
    while True:
        position, line = stream.tell(), before + reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            why = next((in_all(key) for begin, key in _REASONS.items() if str(error).startswith(begin)), str(error))
            problems.append(problem(Where(file, line, 1), "bad-csv", reason=why))
            stream.seek(position)
            stream.readline()
            reader, before = csv.reader(stream, strict=True), line
            continue
        plain = text.find('"', position, stream.tell()) < 0
        cells = _unquoted(row, file, line) if plain else _cells(row, text, position, Where(file, line, 1))
        if isinstance(cells, Problem):
            problems.append(cells)
        elif cells:
            yield cells


def _cells(row: list[str], text: str, position: int, where: Where) -> list[Scalar] | Problem:
    """The cells of a row that begins at a position, without blanks around, each at its quotation mark or first character."""
    file, line, _ = where
    begun, cells = position, []
    for cell in row:
        quoted, bare = text.startswith('"', position), cell.strip()
        if not quoted and '"' in cell:
            return problem(
                Where(file, line, position - begun + 1 + cell.index('"')), "bad-csv", reason=in_all("reason-quote-inside")
            )
        within = 0 if quoted or bare == cell else len(cell) - len(cell.lstrip())
        cells.append(new_tuple(Scalar, (bare, new_tuple(Where, (file, line, position - begun + 1 + within)))))
        position += len(cell) + (2 + cell.count('"') if quoted else 0)
        if quoted and ("\n" in cell or "\r" in cell):
            line += len(BREAK.findall(cell))
            begun = max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1
        position += 1  # the comma
    return cells


def _unquoted(row: list[str], file: str, line: int) -> list[Scalar]:
    """The same for a row without quotation marks, as most are."""
    cells, col = [], 1
    for cell in row:
        bare = cell.strip()
        at = col if bare == cell else col + len(cell) - len(cell.lstrip())
        cells.append(new_tuple(Scalar, (bare, new_tuple(Where, (file, line, at)))))
        col += len(cell) + 1
    return cells
