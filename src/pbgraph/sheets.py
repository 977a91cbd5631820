"""A `table:` of a data file → the records that the rows of its CSV files stand for, each text with its place in the CSV.

An entry names a CSV (RFC 4180, UTF-8, its first row the names of its columns) and has records like those of the file's sections,
in which `$column`, or `${column of any name}`, stands for a cell and `$line` for the number of the line that the row begins in.
Where a cell is empty its key is left out; where one is empty on which its record's `passage` rests, the record is. Of
`unstated`, those keys stay that the record then lacks. Rows of which a record takes the same cells, and not the
line, are one record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field
from functools import cached_property

from pbgraph import csvrows
from pbgraph.csvrows import LINE, Sheet
from pbgraph.likeness import near
from pbgraph.problems import Problem, Where, problem, shorten
from pbgraph.records import Mapping, Node, Scalar, Sequence, items_of
from pbgraph.terms import new_tuple

TABLE, FILE = "table", "file"

_CELL = re.compile(r"\$(?:\$|\{([^{}]+)\}|([^\W\d][\w-]*))")
_FORMULA = re.compile(r"'?[=@]|'?[+-](?![0-9.])\S|#(?:N/A|GETTING_DATA|[A-Z][A-Z0-9/_]*[!?]|#+)\Z|Err:[0-9]{3}\Z")
"""What a spreadsheet computed, or could not: the text of a formula, or of an error."""
_BLANK = re.compile("[-–—―－…/／*]{1,3}|n/a|N/A|n[.]a[.]|N[.]A[.]|NA|NaN|NULL|null")
"""What lists, and programs that write them, put where they have no value; Na and Nan are names."""
_FIRST = frozenset("'=@+-#E–—―－…/／*nN")
"""With what these begin, as hardly any other cell does."""

_AMOUNTS = ("value", "number")
_MULTIPLE = re.compile("[百千万亿]")
_HEAD = re.compile(r"[（(【\[:：/／][^（(【\[]*[百千万亿]")
"""What columns are called that count in a multiple: 销售额（万元）, 人口/万人."""

_RESTS_ON, _UNSTATED = "passage", "unstated"

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
    for entry in items_of(table):
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
        if not isinstance(entry, Mapping) or not isinstance(name, Scalar) or not any(_records(entry)):
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
        sheet = csvrows.read(content, file, self.problems)
        if sheet is None:
            return
        columns = frozenset(sheet.columns)
        templates = [
            _Template(key, self._made(each, columns), sorted(_resting(each) & columns), sorted({*_columns(each)}))
            for key, each in _records(entry)
        ]
        for node, column in _uncounted(entry):
            self.problems.append(problem(node.where, "multiplier-in-head", column=column, text=node.text))
        used = {column for _, node in entry.entries for column in _columns(node)}
        if not used <= {*columns, LINE}:
            return  # What lacks a column would lack it in every row.
        rows, idle, wrong = 0, [], len(self.problems)
        for row in self._rows(sheet, [column for column in sheet.columns if column in used]):
            rows += 1
            if not self._take(row, templates):
                idle.append(row)
        if not rows and wrong == len(self.problems):
            self.problems.append(problem(Where(file), "table-without-rows"))
        self.problems.extend(_idle(idle, rows, templates))

    def _take(self, row: Row, templates: list[_Template]) -> bool:
        """Take in the records of a row; whether there is one that is not left out."""
        taken = False
        for template in templates:
            if template.resting and not all(row[column].text for column in template.resting):
                continue
            taken = True
            if (record := template.record(row)) is not None:
                placed = new_tuple(Mapping, (record.entries, row[LINE].where)) if isinstance(record, Mapping) else record
                self.sections.setdefault(template.key.text, (template.key, []))[1].append(placed)
        return taken

    def _rows(self, sheet: Sheet, used: list[str]) -> Iterator[Row]:
        """The rows that have as many cells as there are columns, and a text or nothing in those that are `used`."""
        for begun, cells in sheet.rows(self.problems):
            row = dict(zip(sheet.columns, cells, strict=True))
            row[LINE] = Scalar(str(begun.line), begun)
            wrong = [(cell, code) for column in used if (code := _no_text((cell := row[column]).text))]
            self.problems.extend(problem(cell.where, code, text=shorten(cell.text)) for cell, code in wrong)
            if not wrong:
                yield row

    def _made(self, node: Node, columns: frozenset[str]) -> _Made:
        """What a node of a record stands for in any row."""
        if isinstance(node, Scalar):
            return self._text(node, columns)
        if isinstance(node, Sequence):
            return _list([self._made(each, columns) for each in node.items])
        entries = [(self._text(key, columns), self._made(value, columns)) for key, value in node.entries]
        return _record(entries, node.get(_UNSTATED) is not None)

    def _text(self, node: Scalar, columns: frozenset[str]) -> Callable[[Row], Scalar | None]:
        for name in _columns(node):
            if name not in columns and name != LINE:
                meant = near(name, sorted(columns))
                written = meant["suggestion"] and f'"${{{meant["suggestion"]}}}"'
                self.problems.append(problem(node.where, "unknown-column", column=name, **{**meant, "suggestion": written}))
                return lambda row: None
        if "${" in _CELL.sub("", node.text):
            self.problems.append(problem(node.where, "brace-left-open", bracket="${"))
        if "$" not in node.text:
            return lambda row: node
        whole = _CELL.fullmatch(node.text)
        if whole and (name := whole[1] or whole[2]):
            return lambda row: row[name] if row[name].text else None
        return lambda row: _filled(node, row)


def _records(entry: Mapping) -> Iterator[tuple[Scalar, Node]]:
    """The records that a row stands for, each with the key of its section."""
    return ((key, each) for key, node in entry.entries if key.text != FILE for each in items_of(node))


def _idle(idle: list[Row], rows: int, templates: Iterable[_Template]) -> Iterator[Problem]:
    """Says, once for a table, that rows give no record: nothing goes missing without a word."""
    for row in idle[:1]:
        empty = next(column for template in templates for column in template.resting if not row[column].text)
        told = {"count": str(len(idle)), "rows": str(rows), "column": empty}
        yield problem(row[empty].where, "rows-without-record", **told)


def _no_text(cell: str) -> str:
    """Why a cell holds no text of its list: the code of the problem; empty if it does, or holds nothing."""
    if cell[:1] not in _FIRST:
        return ""
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


def _record(entries: list[tuple[Callable[[Row], Scalar | None], _Made]], says_unstated: bool) -> _Made:
    def made(row: Row) -> Node | None:
        found = tuple(
            [(name, node) for key, value in entries if (name := key(row)) is not None and (node := value(row)) is not None]
        )
        found = tuple(_lacking(found)) if says_unstated else found
        return new_tuple(Mapping, (found, _place([node for _, node in found], row))) if found else None

    return made


def _lacking(entries: tuple[tuple[Scalar, Node], ...]) -> Iterator[tuple[Scalar, Node]]:
    """The entries of a record, of what is `unstated` only the keys that are not among them."""
    stated = {name.text for name, _ in entries}
    for name, node in entries:
        if name.text != _UNSTATED:
            yield name, node
            continue
        left = tuple([each for each in items_of(node) if not isinstance(each, Scalar) or each.text not in stated])
        if left:
            yield name, Sequence(left, node.where)


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


def _uncounted(node: Node) -> Iterator[tuple[Scalar, str]]:
    """The amounts of records that take a cell whose column's name says that it counts in 万 or the like, without saying so."""
    entries = node.entries if isinstance(node, Mapping) else ()
    for key, value in entries:
        if key.text in _AMOUNTS and isinstance(value, Scalar) and not _MULTIPLE.search(_CELL.sub("", value.text)):
            yield from ((value, column) for column in _columns(value) if _HEAD.search(column))
    for each in [value for _, value in entries] if entries else items_of(node) if isinstance(node, Sequence) else ():
        yield from _uncounted(each)


def _resting(node: Node) -> frozenset[str]:
    """The columns on which a record's passage rests."""
    passage = node.get(_RESTS_ON) if isinstance(node, Mapping) else None
    return frozenset(_columns(passage)) if passage is not None else frozenset()


@dataclass
class _Template:
    """What a record is made of in any row: its section's key, the columns its passage rests on, all it takes, what was taken."""

    key: Scalar
    made: _Made
    resting: list[str]
    columns: list[str]
    taken: set[tuple[str, ...]] = field(default_factory=set)

    @cached_property
    def tells_line(self) -> bool:
        """Whether no two rows can be the same to it."""
        return LINE in self.columns

    def record(self, row: Row) -> Node | None:
        """What the record is in a row; nothing if it would be none, or is that of an earlier row."""
        if self.tells_line:
            return self.made(row)
        cells = tuple([row[column].text for column in self.columns])
        if cells in self.taken:
            return None
        self.taken.add(cells)
        return self.made(row)
