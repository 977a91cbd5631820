"""Nodes and edges become a NetworkX graph with typed columns and a layout."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import networkx

from pbgraph.colours import palette
from pbgraph.graphs import Edge as Edge
from pbgraph.graphs import Node as Node
from pbgraph.graphs import Texts, Value, column
from pbgraph.languages import shown
from pbgraph.layout import layout as layout
from pbgraph.metrics import MEASURES
from pbgraph.problems import Unreadable
from pbgraph.xmltext import legal

Columns = dict[str, Any]

Directed: TypeAlias = networkx.MultiDiGraph

Graph: TypeAlias = Directed | networkx.MultiGraph

RESERVED = frozenset(
    {"id", "source", "target", "viz", "pid", "parents", "start", "end", "slices", "spells", "x", "y", "size"}
    | {"networkx_key", "self", "node_for_adding", "u_for_edge", "v_for_edge"}
)
"""Names to which the layout, GEXF, GraphML or NetworkX's readers give a meaning of their own."""

OF_NODES = ("key", "label", "kind", "kind_label", "group", "number", "page", "color")
OF_EDGES = ("relation", "label", "directed", "weight", "page", "key")

_LONG = 2**63


def build(
    name: str,
    nodes: Iterable[Node],
    edges: Iterable[Edge],
    language: str = "zh",
    colours: Mapping[str, str] | None = None,
    directed: bool = False,
) -> Graph:
    """Make a graph in which every column has one type, no value is None, and every text can stand in XML.

    NetworkX reads no file that mixes directed and undirected edges. So the graph is a MultiDiGraph if one edge is directed,
    or `directed` asks for it; an undirected tie in it is one edge whose column `directed` is false. Nodes and edges come sorted
    by id, an edge's key is its id. Nodes have `key`, `label` (in `language`), `label_en` …, `kind`, `kind_label`,
    `kind_label_en` …, `group`, `number`, `page`, `color`; edges `relation`, `label`, `label_en` …, `directed`,
    `weight`, `page`; both have their attributes. Empty pages and numbers are left out. `colours` holds colours of kinds.

    Raises Unreadable: `network-node-twice`, `network-edge-twice`, `network-edge-end` (an end that is no node),
    `network-clash` (an attribute named like another column, case aside: NetworkX issue 947), `network-number`
    (an infinite number or none at all).
    """
    nodes, edges = list(nodes), list(edges)
    hues = palette((node.kind for node in nodes), colours)
    graph = networkx.MultiDiGraph() if directed or any(edge.directed for edge in edges) else networkx.MultiGraph()
    graph.graph.update(name=legal(name), language=language)
    graph.add_nodes_from(_node_rows(nodes, language, hues))
    for source, target, key, columns in _edge_rows(edges, language):
        for end in (source, target):
            if end not in graph:
                raise Unreadable("network-edge-end", edge=key, end=end)
        graph.add_edges_from([(source, target, key, columns)])
    return graph


def _node_rows(nodes: list[Node], language: str, hues: Mapping[str, str]) -> list[tuple[str, Columns]]:
    own = [_of_node(node, language, hues) for node in nodes]
    columns = _typed(own, [node.attributes for node in nodes], OF_NODES)
    rows = {legal(node.id): row for node, row in zip(nodes, columns, strict=True)}
    if len(rows) < len(nodes):
        raise Unreadable("network-node-twice", node=_twice(legal(node.id) for node in nodes))
    return sorted(rows.items())


def _edge_rows(edges: list[Edge], language: str) -> list[tuple[str, str, str, Columns]]:
    own = [_of_edge(edge, language) for edge in edges]
    columns = _typed(own, [edge.attributes for edge in edges], OF_EDGES)
    rows = {legal(edge.id): (edge, row) for edge, row in zip(edges, columns, strict=True)}
    if len(rows) < len(edges):
        raise Unreadable("network-edge-twice", edge=_twice(legal(edge.id) for edge in edges))
    return [(legal(edge.source), legal(edge.target), key, row) for key, (edge, row) in sorted(rows.items())]


def _twice(ids: Iterable[str]) -> str:
    return next(name for name, number in sorted(Counter(ids).items()) if number > 1)


def _of_node(node: Node, language: str, hues: Mapping[str, str]) -> Columns:
    columns = {
        "key": node.key,
        **_spoken("label", node.labels, language, node.key),
        "kind": node.kind,
        **_spoken("kind_label", node.kind_label, language, node.kind),
        "group": node.group,
        "number": node.number,
        "page": node.page,
        "color": hues[node.kind],
    }
    return {name: value for name, value in columns.items() if value not in ("", None) or name not in ("number", "page")}


def _of_edge(edge: Edge, language: str) -> Columns:
    label = _spoken("label", edge.relation_label, language, edge.relation)
    columns = {"relation": edge.relation, **label, "directed": edge.directed, "weight": float(edge.weight)}
    return columns | ({"page": edge.page} if edge.page else {})


def _spoken(name: str, texts: Texts, language: str, otherwise: str) -> Columns:
    others = {column(name, tag): texts[tag] for tag in sorted(texts) if tag != language}
    return {name: shown(texts, language, "en") or otherwise} | others


def _typed(own: list[Columns], attributes: list[Mapping[str, Value]], names: Iterable[str]) -> list[Columns]:
    """Join each row's own columns with its attributes, and give every column one type for all rows."""
    taken = {*RESERVED, *MEASURES, *names}.union(*own)
    given = [{name: value for name, value in row.items() if value is not None} for row in attributes]
    added = {name for row in given for name in row}
    spelt = Counter(name.casefold() for name in added | taken)
    for name in sorted(added):
        if name in taken or spelt[name.casefold()] > 1 or not name or legal(name.strip()) != name:
            raise Unreadable("network-clash", column=legal(name))
    rows = [columns | dict(sorted(more.items())) for columns, more in zip(own, given, strict=True)]
    for name in sorted(added.union(*own)):
        holding = [row for row in rows if name in row]
        for row, value in zip(holding, _alike(name, [row[name] for row in holding]), strict=True):
            row[name] = value
    return rows


def _alike(name: str, values: list[Any]) -> list[Value]:
    """Give values the narrowest type that holds them all: bool, int of 64 bits, float, text, or list of texts."""
    kinds = {kind if kind in (bool, int, float, list) else str for kind in map(type, values)}
    if float in kinds and any(isinstance(value, float) and not math.isfinite(value) for value in values):
        raise Unreadable("network-number", column=name)
    if int in kinds and any(isinstance(value, int) and not -_LONG <= value < _LONG for value in values):
        kinds.add(str)
    if list in kinds:
        return [[legal(str(part)) for part in value] if isinstance(value, list) else [_text(value)] for value in values]
    if len(kinds) == 1 and str not in kinds:
        return values
    if kinds == {int, float}:
        return [float(value) for value in values]
    return [_text(value) for value in values]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else legal(str(value))
