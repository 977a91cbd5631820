"""Networks as node-link JSON and as the two CSV tables that Gephi's importer takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pbgraph.formats import csv_text, spreadsheet_safe
from pbgraph.graphs import Network, listed

_NODE = {"id": "Id", "label": "Label"}
_EDGE = {"source": "Source", "target": "Target", "type": "Type", "id": "Id", "label": "Label", "weight": "Weight"}
"""Our columns that Gephi's importer knows by a name of its own; they come first."""


def as_json(graph: Network) -> str:
    """A network as node-link JSON, as `networkx.node_link_graph` (`edges="edges"`) and D3 read it; an edge's `key` is its id."""
    document = {
        "directed": graph.is_directed(),
        "multigraph": True,
        "graph": graph.graph,
        "nodes": [{"id": node, **columns} for node, columns in sorted(graph.nodes(data=True))],
        "edges": [
            {"source": source, "target": target, **columns, "key": key}
            for source, target, key, columns in sorted(graph.edges(keys=True, data=True), key=lambda edge: str(edge[2]))
        ],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def nodes_csv(graph: Network) -> str:
    """The nodes as CSV (RFC 4180), `Id` and `Label` first, then every column; lists as texts like `["a", "b"]`."""
    return _table(({"id": node, **columns} for node, columns in sorted(graph.nodes(data=True))), _NODE)


def edges_csv(graph: Network) -> str:
    """The edges as CSV (RFC 4180): Source, Target, Type (Directed or Undirected), Id, Label and Weight, then every column."""
    rows = sorted(graph.edges(keys=True, data=True), key=lambda edge: str(edge[2]))
    kinds = {True: "Directed", False: "Undirected"}
    return _table(
        (
            {"source": source, "target": target, "type": kinds[bool(columns.get("directed", True))], "id": key, **columns}
            for source, target, key, columns in rows
        ),
        _EDGE,
    )


def _table(rows: Iterable[Mapping[str, Any]], named: Mapping[str, str]) -> str:
    rows = list(rows)
    columns = list(dict.fromkeys([*named, *(name for row in rows for name in row)]))
    lines = [[_text(row.get(name, "")) for name in columns] for row in rows]
    return csv_text([[named.get(name, name) for name in columns], *lines], "\r\n")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = listed(value) if isinstance(value, list) else str(value)
    return text if isinstance(value, int | float) else spreadsheet_safe(text)
