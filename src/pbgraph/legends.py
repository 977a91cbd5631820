"""What stands beside a network's files: what a node and an edge of it mean, its kinds and relations, its columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pbgraph.graphs import Network, said
from pbgraph.queries import Query
from pbgraph.sentences import sentence

_TYPES = {bool: "boolean", int: "integer", float: "double", list: "list of texts"}


def legend(query: Query, graph: Network, languages: Iterable[str]) -> str:
    """The legend of a network as Markdown in each language: meaning, kinds with colours and numbers, relations, columns."""
    return "\n".join(_told(query, graph, language) for language in languages)


def _told(query: Query, graph: Network, language: str) -> str:
    nodes = [columns for _, columns in sorted(graph.nodes(data=True))]
    edges = [columns for *_, columns in sorted(graph.edges(keys=True, data=True), key=lambda edge: str(edge[2]))]
    kinds = Counter((said(columns, "kind_label", language), columns["kind"], columns["color"]) for columns in nodes)
    relations = Counter((said(columns, "label", language), columns["relation"]) for columns in edges)
    parts = [
        f"# {query.header['label'][language]}\n\n{query.header['legend'][language]}\n",
        f"## {sentence('legend-nodes', language)}: {len(nodes)}\n",
        *(f"- {label} (`{kind}`, {colour}): {number}" for (label, kind, colour), number in sorted(kinds.items())),
        f"\n## {sentence('legend-edges', language)}: {len(edges)}\n",
        *(f"- {label} (`{relation}`): {number}" for (label, relation), number in sorted(relations.items())),
        f"\n## {sentence('legend-node-columns', language)}\n\n{_columns(nodes)}",
        f"\n## {sentence('legend-edge-columns', language)}\n\n{_columns(edges)}\n",
    ]
    return "\n".join(parts)


def _columns(rows: list[Mapping[str, Any]]) -> str:
    kinds = {name: _TYPES.get(type(value), "text") for row in rows for name, value in row.items()}
    return ", ".join(f"`{name}` ({kind})" for name, kind in sorted(kinds.items()))
