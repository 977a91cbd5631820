"""Rows → text: CSV, TSV, SPARQL results JSON, Markdown."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import TypeGuard

from pbgraph.solutions import Rows
from pbgraph.terms import XSD, Iri, Literal, Term

Cell = Callable[[Term | None], str]


def plain(term: Term | None) -> str:
    """A term as SPARQL's CSV results write it: the IRI or the text, nothing for an unbound variable."""
    return "" if term is None else str(term)


def compact(prefixes: Mapping[str, str]) -> Cell:
    """A cell writer that shortens IRIs by the longest prefix that fits: `id:hengxian`."""
    names = {iri: f"{name}:" for name, iri in reversed(list(prefixes.items()))}
    longest = re.compile("|".join(re.escape(iri) for iri in sorted(names, key=len, reverse=True)) or "(?!)")

    def cell(term: Term | None) -> str:
        if isinstance(term, Iri) and (found := longest.match(term)):
            return names[found[0]] + term[found.end() :]
        return plain(term)

    return cell


def named(cell: Cell, label: Callable[[str], str], both: bool) -> Cell:
    """A cell writer that names nodes: `Hengxian (id:hengxian)`, what `cell` writes in brackets, or the name alone."""

    def with_label(term: Term | None) -> str:
        if not isinstance(term, Iri):
            return cell(term)
        text, short = label(term), cell(term)
        if not both:
            return text
        return short if text == short.rsplit(":", 1)[-1] else f"{text} ({short})"

    return with_label


def as_csv(rows: Rows, cell: Cell = plain) -> str:
    """Comma-separated values with a header line (SPARQL 1.1 Query Results CSV, section 3)."""
    lines = [rows.variables, *([cell(term) for term in row] for row in rows.rows)]
    return csv_text(lines, "\r\n" if cell is plain else "\n")


def csv_text(lines: Iterable[Sequence[str]], end: str = "\n") -> str:
    """Comma-separated values, quoted where they must be (RFC 4180); each line ends in `end`."""
    written: list[str] = []
    # Before Python 3.13 the writer quotes only the line breaks that end its own lines: so \r\n ends them, and is replaced below.
    csv.writer(SimpleNamespace(write=written.append), lineterminator="\r\n").writerows(lines)
    return "".join([f"{line[:-2]}{end}" for line in written])


def spreadsheet_csv(rows: Rows) -> str:
    """Comma-separated values for spreadsheets: of texts none is run as a formula, numbers stay as they are."""
    return as_csv(rows, lambda term: plain(term) if _is_number(term) else spreadsheet_safe(plain(term)))


def _is_number(term: Term | None) -> bool:
    return isinstance(term, Literal) and term.datatype in {XSD + name for name in ("decimal", "integer", "double", "float")}


def as_tsv(rows: Rows) -> str:
    """Tab-separated values in which every term is written in full (SPARQL 1.1 Query Results TSV, section 4)."""
    header = "\t".join(f"?{name}" for name in rows.variables)
    lines = ("\t".join("" if term is None else term if _is_blank(term) else term.nt for term in row) for row in rows.rows)
    return "\n".join([header, *lines]) + "\n"


def as_json(rows: Rows) -> str:
    """SPARQL 1.1 Query Results JSON, human-readable."""
    bindings = [{name: _json_term(term) for name, term in row.items()} for row in rows.dicts()]
    document = {"head": {"vars": list(rows.variables)}, "results": {"bindings": bindings}}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _is_blank(term: Term) -> TypeGuard[Iri]:
    return isinstance(term, Iri) and term.startswith("_:")


def _json_term(term: Term) -> dict[str, str]:
    if _is_blank(term):
        return {"type": "bnode", "value": term.removeprefix("_:")}
    if isinstance(term, Iri):
        return {"type": "uri", "value": str(term)}
    found = {"type": "literal", "value": term.text}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype and term.datatype != XSD + "string":
        found["datatype"] = term.datatype
    return found


def as_markdown(rows: Rows, cell: Cell) -> str:
    """A Markdown table; what Markdown or HTML would read as markup is escaped."""
    lines = [
        list(rows.variables),
        ["---"] * len(rows.variables),
        *([_markdown(cell(term)) for term in row] for row in rows.rows),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _markdown(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    for mark in "\\|*_`[]":
        escaped = escaped.replace(mark, f"\\{mark}")
    return " ".join(escaped.split())


def spreadsheet_safe(text: str) -> str:
    """A cell that no spreadsheet runs as a formula: one that begins with =, +, -, @, tab or return gets an apostrophe (OWASP)."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
