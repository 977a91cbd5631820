"""A `table:` of a data file → the records that the rows of its CSV files stand for, each text with its place in the CSV.

An entry names a CSV (RFC 4180, UTF-8, its first row the names of its columns) and has records like those of the file's sections,
in which `$column`, or `${column of any name}`, stands for a cell and `$line` for the number of the line that the row begins in.
Where a cell is empty its key is left out; where one is empty on which its record's `passage` rests, the record is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field

from pbgraph.likeness import near
from pbgraph.problems import BREAK, Problem, Where, one_line, problem
from pbgraph.records import NEEDLESS, Mapping, Node, Scalar, Sequence, needless, utf8
from pbgraph.terms import new_tuple

TABLE, FILE, LINE = "table", "file", "line"
MAX_BYTES = 100_000_000

_CELL = re.compile(r"\$(?:\$|\{([^{}]+)\}|([^\W\d][\w-]*))")
_FORMULA = re.compile(r"'?[=@]|'?[+-](?![0-9.])\S|#(?:N/A|GETTING_DATA|[A-Z][A-Z0-9/_]*[!?]|#+)\Z|Err:[0-9]{3}\Z")
"""What a spreadsheet computed, or could not: the text of a formula, or of an error."""
_BLANK = re.compile("[-–—―－…/／*]{1,3}|n/a|N/A|n[.]a[.]|N[.]A[.]|NA|NaN|NULL|null")
"""What lists, and programs that write them, put where they have no value; Na and Nan are names."""
_RESTS_ON = "passage"

Row = Lookup[str, Scalar]
"""The cells of a row by the names of their columns."""

_Made = Callable[[Row], Node | None]
"""From a row to what a node of a record stands for in it; None where its cells are empty."""


def expanded(record: Mapping, sheets: Lookup[str, bytes | Problem]) -> tuple[Mapping, list[Problem]]:
    """A data file's record with the records of its tables at the end of their sections, and what is wrong with the tables.

    `sheets` are CSV files by their paths below the data file's folder, or why they cannot be had.
    """
    table = record.get(TABLE)
    if table is None:
        return record, []
    found = _Expansion(sheets)
    for entry in table.items if isinstance(table, Sequence) else (table,):
        found.entry(entry)
    entries = [(key, node) for key, node in record.entries if key.text != TABLE]
    for number, (key, node) in enumerate(entries):
        if isinstance(node, Sequence) and key.text in found.sections:
            _, more = found.sections.pop(key.text)
            entries[number] = key, Sequence((*node.items, *more), node.where)
    entries += [(key, Sequence(tuple(items), key.where)) for key, items in found.sections.values()]
    return Mapping(tuple(entries), record.where), found.problems


@dataclass
class _Expansion:
    """What the entries of a `table:` come to: for each section its key and the records that belong in it."""

    sheets: Lookup[str, bytes | Problem]
    sections: dict[str, tuple[Scalar, list[Node]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def entry(self, entry: Node) -> None:
        """Take in an entry: the name of a CSV, and for each section the records that a row stands for."""
        name = entry.get(FILE) if isinstance(entry, Mapping) else None
        if not isinstance(entry, Mapping) or not isinstance(name, Scalar) or len(entry.entries) < 2:
            self.problems.append(problem(entry.where, "table-without-file"))
            return
        content = self.sheets.get(name.text)
        if content is None:
            suggestions = near(name.text, list(self.sheets))
            self.problems.append(problem(name.where, "no-such-table", file=name.text, **suggestions))
            return
        file = f"{name.where.file.rpartition('/')[0]}/{name.text}".lstrip("/")
        if isinstance(content, Problem):
            self.problems.append(content)
            return
        sheet = _sheet(content, file, self.problems)
        if sheet is None:
            return
        columns = frozenset(sheet.columns)
        templates = [
            (key, self._made(each, columns), [column for column in _resting(each) if column in columns])
            for key, node in entry.entries
            if key.text != FILE
            for each in (node.items if isinstance(node, Sequence) else (node,))
        ]
        used = {column for _, node in entry.entries for column in _columns(node)}
        if not used <= {*columns, LINE}:
            return  # What lacks a column would lack it in every row.
        for row in self._rows(sheet, [column for column in sheet.columns if column in used]):
            for key, made, resting in templates:
                record = made(row) if all(row[column].text for column in resting) else None
                if record is not None:
                    begun = row[LINE].where
                    placed = new_tuple(Mapping, (record.entries, begun)) if isinstance(record, Mapping) else record
                    self.sections.setdefault(key.text, (key, []))[1].append(placed)

    def _rows(self, sheet: _Sheet, used: list[str]) -> Iterator[Row]:
        """The rows that have as many cells as there are columns, and a text or nothing in those that are `used`."""
        for begun, cells in sheet.rows(self.problems):
            row = dict(zip(sheet.columns, cells, strict=True))
            row[LINE] = Scalar(str(begun.line), begun)
            wrong = [(cell, code) for column in used if (code := _no_text((cell := row[column]).text))]
            self.problems.extend(problem(cell.where, code, text=one_line(cell.text, 40)) for cell, code in wrong)
            if not wrong:
                yield row

    def _made(self, node: Node, columns: frozenset[str]) -> _Made:
        """What a node of a record stands for in any row."""
        if isinstance(node, Scalar):
            return self._text(node, columns)
        if isinstance(node, Sequence):
            return _list([self._made(each, columns) for each in node.items])
        entries = [(self._text(key, columns), self._made(value, columns)) for key, value in node.entries]
        return _record(entries)

    def _text(self, node: Scalar, columns: frozenset[str]) -> Callable[[Row], Scalar | None]:
        for name in _columns(node):
            if name not in columns and name != LINE:
                self.problems.append(problem(node.where, "unknown-column", column=name, **near(name, sorted(columns))))
                return lambda row: None
        if "$" not in node.text:
            return lambda row: node
        whole = _CELL.fullmatch(node.text)
        if whole and (name := whole[1] or whole[2]):
            return lambda row: row[name] if row[name].text else None
        return lambda row: _filled(node, row)


def _no_text(cell: str) -> str:
    """Why a cell holds no text of its list: the code of the problem; empty if it does, or holds nothing."""
    if len(cell) <= len("n.a.") and _BLANK.fullmatch(cell):
        return "blank-mark"
    return "formula-cell" if _FORMULA.match(cell) else ""


def _filled(node: Scalar, row: Row) -> Scalar | None:
    """A text with cells in it; nothing if one of them is empty."""
    cells = [row[name] for name in _columns(node)]
    if not all(cell.text for cell in cells):
        return None
    text = _CELL.sub(lambda found: row[found[1] or found[2]].text if found[1] or found[2] else "$", node.text)
    return Scalar(text, cells[0].where if cells else node.where)


def _list(items: list[_Made]) -> _Made:
    def made(row: Row) -> Node | None:
        found = tuple([each for item in items if (each := item(row)) is not None])
        return new_tuple(Sequence, (found, _place(found, row))) if found else None

    return made


def _place(nodes: Iterable[Node], row: Row) -> Where:
    """Where something that is made of nodes stands: at the first that the row gave, so that each row is told of by itself."""
    file = row[LINE].where.file
    return next((node.where for node in nodes if node.where.file == file), row[LINE].where)


def _record(entries: list[tuple[Callable[[Row], Scalar | None], _Made]]) -> _Made:
    def made(row: Row) -> Node | None:
        found = tuple(
            [(name, node) for key, value in entries if (name := key(row)) is not None and (node := value(row)) is not None]
        )
        return new_tuple(Mapping, (found, _place([node for _, node in found], row))) if found else None

    return made


def _columns(node: Node) -> Iterator[str]:
    """The names of the columns that a node speaks of."""
    if isinstance(node, Scalar):
        yield from (found[1] or found[2] for found in _CELL.finditer(node.text) if found[1] or found[2])
    elif isinstance(node, Sequence):
        for each in node.items:
            yield from _columns(each)
    else:
        for key, value in node.entries:
            yield from _columns(key)
            yield from _columns(value)


def _resting(node: Node) -> frozenset[str]:
    """The columns on which a record's passage rests."""
    passage = node.get(_RESTS_ON) if isinstance(node, Mapping) else None
    return frozenset(_columns(passage)) if passage is not None else frozenset()


@dataclass
class _Sheet:
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


def _sheet(content: bytes, file: str, problems: list[Problem]) -> _Sheet | None:
    """A CSV as its bytes give it; nothing if its first row is not known. What is wrong goes to `problems`."""
    if len(content) > MAX_BYTES:
        sizes = {"megabytes": str(len(content) // 1_000_000), "limit": str(MAX_BYTES // 1_000_000)}
        problems.append(problem(Where(file), "too-large", **sizes))
        return None
    text = utf8(content, file)
    if isinstance(text, Problem):
        problems.append(text)
        return None
    found = list(needless(text, file))
    problems.extend(found)
    broken: list[Problem] = []
    head = next(_rows(text, file, broken), [])
    broken = broken or list(_misnamed(head, file))
    problems.extend(broken)
    names = [cell.text for cell in head]
    return None if broken or any(map(NEEDLESS.search, names)) else _Sheet(file, text, not found, names)


def _misnamed(head: list[Scalar], file: str) -> Iterator[Problem]:
    """What is wrong with the names of columns."""
    if not head:
        yield problem(Where(file, 1, 1), "table-empty")
    names = [cell.text for cell in head]
    if len(names) == 1 and (found := _SEPARATORS.search(names[0])):
        yield problem(head[0].where, "csv-separator", separator="Tab" if found[0] == "\t" else found[0])
        return
    for number, cell in enumerate(head):
        if not cell.text:
            yield problem(cell.where, "column-unnamed")
        elif cell.text == LINE:
            yield problem(cell.where, "column-line")
        elif cell.text in names[:number]:
            yield problem(cell.where, "column-twice", column=cell.text)


_SEPARATORS = re.compile("[;\t；，|]")
_INSIDE = {"en": "a quotation mark in a cell that does not begin with one", "zh": "引号出现在不以引号开头的单元格里"}
_REASONS: Lookup[str, Lookup[str, str]] = {
    "unexpected end": {"en": "the quotation mark that a cell begins with is never closed", "zh": "单元格开头的引号一直没有合上"},
    "field larger": {"en": "a cell goes on for more than 131,072 characters", "zh": "一个单元格超过 131,072 个字符"},
    "',' expected": {"en": "after a closing quotation mark stands no comma", "zh": "后引号之后不是逗号"},
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
            reason = next((told for begin, told in _REASONS.items() if str(error).startswith(begin)), str(error))
            problems.append(problem(Where(file, line, 1), "bad-csv", reason=reason))
            stream.seek(position)
            stream.readline()
            reader, before = csv.reader(stream, strict=True), line
            continue
        cells = _cells(row, text, position, Where(file, line, 1))
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
            return problem(Where(file, line, position - begun + 1 + cell.index('"')), "bad-csv", reason=_INSIDE)
        within = 0 if quoted or bare == cell else len(cell) - len(cell.lstrip())
        cells.append(new_tuple(Scalar, (bare, new_tuple(Where, (file, line, position - begun + 1 + within)))))
        position += len(cell) + (2 + cell.count('"') if quoted else 0)
        if quoted and ("\n" in cell or "\r" in cell):
            line += len(BREAK.findall(cell))
            begun = max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1
        position += 1  # the comma
    return cells
