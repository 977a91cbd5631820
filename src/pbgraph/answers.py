"""Rows as a person or a program asked for them: in which format, with ids or names."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping

from pbgraph import formats, queries, store
from pbgraph.formats import Cell
from pbgraph.labels import Labels
from pbgraph.problems import Text, in_language
from pbgraph.queries import Query
from pbgraph.sentences import sentence
from pbgraph.solutions import Rows
from pbgraph.store import Graph


def cell(graph: Graph, shown: str, language: str) -> Cell:
    """How a cell is written: a node by its short id (`shown` is ids), its name (names) or both."""
    short = formats.compact(graph.prefixes)
    if shown == "ids":
        return short
    labels = Labels(graph, [language])
    return formats.named(short, lambda iri: labels.label(iri, language).text, both=shown == "both")


def written(rows: Rows, cell: Cell, format_: str, named: bool) -> str:
    """Rows as a table, CSV, TSV, JSON or Markdown; CSV without names is that of the SPARQL recommendation."""
    if format_ == "table":
        from pbgraph.terminal import as_table

        return as_table(rows, cell)
    writers = {
        "csv": lambda: formats.as_csv(rows, cell if named else formats.plain),
        "tsv": lambda: formats.as_tsv(rows),
        "json": lambda: formats.as_json(rows),
        "markdown": lambda: formats.as_markdown(rows, cell),
    }
    return writers[format_]()


def listed(questions: Iterable[Query], groups: Mapping[str, Text], word: str, language: str) -> str:
    """The questions in their groups, or those that a word in any language is about: name, parameters and wording."""
    asked = [query for query in questions if _is_about(query, word)]
    if word and not asked:
        return f"{sentence('asking-none', language, word=word)}\n"
    parts = []
    for group in [*groups, *sorted({query.group for query in asked} - set(groups))]:
        lines = [line for query in asked if query.group == group for line in _told(query, language)]
        title = in_language(groups.get(group, ()), language) or group
        parts += [[title, *(f"  {line}" for line in lines)] if title else lines] if lines else []
    return "\n".join("".join(f"{line}\n" for line in part) for part in parts)


def explained(query: Query, language: str, prefixes: Mapping[str, str]) -> str:
    """A question in full: its wording, its parameters, how its answer is to be read, the columns of that, an example.

    `prefixes` are those that queries may use without declaring them.
    """
    needed = query.header.get("required", [])
    mark = sentence("asking-needed", language)
    parameters = [f"  --{key} {cls.upper()}{mark if key in needed else ''}" for key, cls in query.parameters.items()]
    # Nothing is found in an empty graph, but the columns are the same.
    columns = ", ".join(queries.run(query, store.in_memory([], prefixes)).variables)
    example = " ".join(
        ["pbgraph query", query.name, *(f"--{key} {shlex.quote(value)}" for key, value in query.examples[0].items())]
    )
    parts = [
        [query.name, f"  {in_language(query.text('question'), language)}"],
        [sentence("asking-parameters", language), *parameters, f"  {sentence('asking-given', language)}"] if parameters else [],
        [sentence("asking-reading", language), f"  {in_language(query.text('reading'), language)}"],
        [sentence("asking-columns", language), f"  {columns}"],
        [sentence("asking-example", language), f"  {example}"],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _told(query: Query, language: str) -> list[str]:
    needed = query.header.get("required", [])
    parameters = " ".join(f"--{key} …" if key in needed else f"[--{key} …]" for key in query.parameters)
    return [f"{query.name} {parameters}".rstrip(), f"    {in_language(query.text('question'), language)}"]


def _is_about(query: Query, word: str) -> bool:
    told = [query.name, *query.header["keywords"], *(text for _, text in query.text("question"))]
    return any(word.casefold() in each.casefold() for each in told)
