"""Table queries → CSV and Parquet files, described by a Data Package beside them (datapackage.org, frictionlessdata.io)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pbgraph import formats, garbage, parquet, queries
from pbgraph.checks import Checked
from pbgraph.dataset import Dataset
from pbgraph.labels import Labels
from pbgraph.problems import Problem, Refused
from pbgraph.project import Project
from pbgraph.queries import Query
from pbgraph.records import decoded
from pbgraph.schema import Schema
from pbgraph.solutions import Rows
from pbgraph.terms import XSD, Iri, Literal, Term

BETWEEN = "; "
"""What parts several values in one cell."""
_TYPES = {XSD + "integer": "integer", XSD + "decimal": "number", XSD + "boolean": "boolean", XSD + "date": "date"}
_OF_RANGES = {"integer": "integer", "amount": "number", "boolean": "boolean"}
_LABEL = re.compile(r"(?P<column>.+)Label_(?P<language>[\w-]+)")
_TERMS = "SELECT ?term ?definition WHERE { ?term skos:definition ?definition }"
_SOURCES = """
SELECT DISTINCT ?source ?page WHERE { ?claim pb:source ?source . ?claim a pb:Claim . OPTIONAL { ?source pb:webPage ?page } }
ORDER BY ?source ?page"""

Cells = Sequence[Sequence[Term]]
"""The cells of a column, each with its distinct values."""


@dataclass(frozen=True)
class Table:
    """A table query with its rows, each cell as a text; `types` are those of its columns (Table Schema), in order."""

    query: Query
    types: Mapping[str, str]
    rows: Sequence[Sequence[str]]

    @property
    def key(self) -> Sequence[str]:
        """The columns that tell its rows apart; none if its header names none."""
        found: Sequence[str] = self.query.header.get("key", [])
        return found

    def csv(self) -> str:
        """The table as CSV; what a spreadsheet would run is neutralised, numbers stay as they are."""
        texts = [type_ == "string" for type_ in self.types.values()]
        safe = [
            [formats.spreadsheet_safe(cell) if text else cell for cell, text in zip(row, texts, strict=True)] for row in self.rows
        ]
        return formats.csv_text([list(self.types), *safe])


@garbage.kept()
def write(query: Query, checked: Checked, labels: Labels, out: Path) -> Table:
    """Write a table query's rows as CSV, and as Parquet where it can be; the table without its rows.

    Refused: the query cannot be run, or its key names a column that it does not select.
    """
    table = read(query, checked, labels)
    (out / f"{query.name}.csv").write_text(table.csv(), encoding="utf-8")
    if parquet.installed():
        parquet.write(out / f"{query.name}.parquet", table.types, table.rows)
    return replace(table, rows=())


def describe(tables: Sequence[Table], checked: Checked, labels: Labels, out: Path) -> None:
    """Write what tells of the tables that were written: the project's notes, and the Data Package. Refused: a note is no text."""
    notes = _notes(checked.project)
    for name, text in notes.items():
        (out / name).write_text(text, encoding="utf-8")
    told = package(tables, checked, labels)
    if notes:
        told["description"] = "\n".join(notes.values())
    (out / "datapackage.json").write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _notes(project: Project) -> dict[str, str]:
    """The texts that lie beside the table queries, by file name. Refused: one is no text."""
    paths = [path for path in project.files("tables", ".txt") if path.suffix == ".txt"]
    found = {path.name: decoded(project.read(path), project.address(path)) for path in paths}
    if problems := [each for each in found.values() if isinstance(each, Problem)]:
        raise Refused(problems)
    return {name: text for name, text in found.items() if isinstance(text, str)}


def read(query: Query, checked: Checked, labels: Labels) -> Table:
    """Run a table query: every node gets its labels in columns after the query's own, and rows that agree in the key are one.

    Refused: it cannot be run.
    """
    found = queries.run(query, checked.graph)
    cell = formats.compact(checked.graph.prefixes)
    types: dict[str, str] = {}
    columns: list[list[str]] = []
    for name, cells in _columns(found, query.header.get("key", []), labels):
        types[name] = _type(cells) if any(cells) else _declared(name, checked.schema)
        columns.append([cell(terms[0]) if len(terms) == 1 else BETWEEN.join(map(cell, terms)) for terms in cells])
    return Table(query, types, list(zip(*columns, strict=True)))


def _columns(rows: Rows, key: Sequence[str], labels: Labels) -> Iterator[tuple[str, Cells]]:
    """Each column of the rows, rows of one key as one, and after them `{variable}Label_{language}` of those that hold nodes."""
    together = _together(rows, key)
    nodes: dict[str, Cells] = {}
    for position, name in enumerate(rows.variables):
        cells = [_distinct(each, position) for each in together]
        yield name, cells
        if any(isinstance(term, Iri) for terms in cells for term in terms):
            nodes[name] = cells
    for name, held in nodes.items():
        # All languages of a node together: what captions are composed of is kept for a while only.
        told = {node: [Literal(labels.label(node, each).text) for each in labels.languages] for node in _nodes(held)}
        for position, language in enumerate(labels.languages):
            named = ([told[term][position] for term in terms if term in told] for terms in held)
            yield f"{name}Label_{language}", [each if len(each) < 2 else [*dict.fromkeys(each)] for each in named]


def _together(rows: Rows, key: Sequence[str]) -> list[list[Sequence[Term | None]]]:
    """The rows of each key; every row by itself without one."""
    positions = [rows.variables.index(name) for name in key]
    together: dict[object, list[Sequence[Term | None]]] = {}
    for number, row in enumerate(rows.rows):
        together.setdefault(tuple([row[each] for each in positions]) or number, []).append(row)
    return list(together.values())


def _distinct(rows: Sequence[Sequence[Term | None]], position: int) -> Sequence[Term]:
    """The values that rows of one key have in a column, each once."""
    if len(rows) == 1:  # as most are
        return [term] if (term := rows[0][position]) is not None else []
    return [*dict.fromkeys([term for row in rows if (term := row[position]) is not None])]


def _nodes(cells: Cells) -> Iterable[Iri]:
    """The nodes of a column, each once, in its order."""
    return dict.fromkeys([term for terms in cells for term in terms if isinstance(term, Iri)])


def _type(cells: Cells) -> str:
    """The Table Schema type that all cells of a column have; `string` where they differ, or one holds several values."""
    filled = [terms for terms in cells if terms]
    kinds = {_TYPES.get(terms[0].datatype) if isinstance(terms[0], Literal) and len(terms) == 1 else None for terms in filled}
    return (kinds.pop() if len(kinds) == 1 else None) or "string"


def _declared(name: str, schema: Schema) -> str:
    """The type of a column without any value: that of the property it is named after, whole or by its last word (whoNumber)."""
    last = re.split("(?=[A-Z])", name)[-1].lower()
    prop = schema.properties.get(name) or schema.properties.get(last)
    return _OF_RANGES.get(prop.range, "string") if prop else "string"


def package(tables: Sequence[Table], checked: Checked, labels: Labels) -> dict[str, Any]:
    """The Data Package descriptor of the tables: licences, sources, and for each table its columns, their types and its key.

    Its texts are in all languages of the project, parted by ` / `.
    """
    project = checked.project
    licences = [{"path": str(licence)} for licence in Dataset(project, checked.graph).licenses]
    sources = [
        {"title": _all(labels, row["source"]), **({"path": str(row["page"])} if "page" in row else {})}
        for row in checked.graph.select(_SOURCES).dicts()
    ]
    return {
        "name": re.sub(r"[^a-z0-9._-]", "-", project.base.rstrip("/").rsplit("/", 1)[-1].lower()),
        "title": _joined(project.title, project.languages),
        **({"licenses": licences} if licences else {}),
        **({"sources": sources} if sources else {}),
        "resources": [_resource(table, checked, labels) for table in tables],
    }


def _resource(table: Table, checked: Checked, labels: Labels) -> dict[str, Any]:
    header, languages = table.query.header, labels.languages
    described = {"description": "\n".join(header["reading"][each] for each in languages)} if "reading" in header else {}
    return {
        "name": table.query.name.lower(),
        "path": f"{table.query.name}.csv",
        "title": _joined(header["label"], languages),
        **described,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [
                {"name": name, "type": type_, **_told(name, table, checked, labels)} for name, type_ in table.types.items()
            ],
            **({"primaryKey": list(table.key)} if table.key else {}),
        },
    }


def _told(name: str, table: Table, checked: Checked, labels: Labels) -> dict[str, str]:
    """A column's title and description: the header's own words, else those of the property it is named after."""
    if (found := _LABEL.fullmatch(name)) and found["column"] in table.types:
        title = _told(found["column"], table, checked, labels).get("title", found["column"])
        return {"title": f"{title} ({found['language']})"}
    if name in (columns := table.query.header.get("columns", {})):
        return {"title": _joined(columns[name], labels.languages)}
    for language in labels.languages:  # noteZh and noteEn: `note` in these
        if name != (stem := name.removesuffix(language.capitalize())) and stem in checked.schema.properties:
            told = _told(stem, table, checked, labels)
            return {**told, "title": f"{told['title']} ({language})"}
    if name not in checked.schema.properties:
        return {}
    term = Iri(checked.schema.properties[name].iri)
    definitions = {
        found.language: str(found) for _, found in checked.graph.select(_TERMS, {"term": term}).rows if isinstance(found, Literal)
    }
    texts = [definitions[each] for each in labels.languages if each in definitions]
    return {"title": _all(labels, term), **({"description": "\n".join(texts)} if texts else {})}


def _all(labels: Labels, node: Term) -> str:
    return _joined({each: labels.label(str(node), each).text for each in labels.languages}, labels.languages)


def _joined(texts: Mapping[str, str], languages: Sequence[str]) -> str:
    return " / ".join(dict.fromkeys(texts[each] for each in languages))
