"""Queries on small graphs in Turtle, each beside the rows that the query has to give, in CSV."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from pbgraph import checks, store
from pbgraph.project import Project
from pbgraph.schema import Schema
from pbgraph.solutions import Rows
from pbgraph.store import Graph, triples_of


@cache
def expected(path: Path) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """The variables of a query and its rows, local names for addresses."""
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        return tuple(reader.fieldnames or ()), list(reader)


def graph_of(path: Path, schema: Schema, project: Project) -> Graph:
    """The small graph beside the ontology, as queries meet it."""
    ontology = [f"<{subject}> <{predicate}> {term.nt} <urn:ontology> ." for subject, predicate, term in schema.triples]
    data = triples_of(path.read_text(encoding="utf-8"), "ttl").triples()
    lines = [*ontology, *(f"{line.removesuffix('.')}<urn:data> ." for line in data)]
    return store.in_memory(lines, checks.prefixes(project, schema.prefixes))


def in_words(rows: Rows) -> list[dict[str, str]]:
    """The rows as `expected` has them; what is not bound is empty."""
    return [{name: checks.in_words(row[name]) if name in row else "" for name in rows.variables} for row in rows.dicts()]
