"""Rows of a network query → nodes and edges with labels, kinds and pages, ready to become a network."""

from __future__ import annotations

from collections.abc import Mapping

from pbgraph.addresses import Addresses
from pbgraph.formats import compact
from pbgraph.graphs import Edge, Node
from pbgraph.labels import Labels
from pbgraph.problems import Refused, problem
from pbgraph.queries import Query
from pbgraph.store import Graph, Rows
from pbgraph.terms import CORE, Iri, Term, local_name

_COLUMNS = ("source", "target", "relation")
_OWN = (*_COLUMNS, "directed", "weight")
_NUMBER = "SELECT ?group ?printed WHERE { ?group pb:printed ?printed }"


def project_rows(query: Query, rows: Rows, labels: Labels, addresses: Addresses) -> tuple[list[Node], list[Edge]]:
    """The nodes and edges that a network query's rows stand for.

    Rows bind ?source ?target ?relation, and may bind ?directed (default true) and ?weight (default 1); further columns become
    attributes of the edge, ?claim tells edges between the same ends apart. Rows that are alike are one edge. Refused: a
    column is missing, a weight is no number, or two edges differ in nothing that tells them apart.
    """
    missing = [name for name in _COLUMNS if name not in rows.variables]
    if missing:
        raise Refused([problem(query.where, "network-column", column=missing[0])])
    edges: dict[str, Edge] = {}
    for row in rows.dicts():
        for name in _COLUMNS:
            if not isinstance(row.get(name), Iri):
                raise Refused([problem(query.where, "network-column", column=name)])
        edge = _edge(row, labels, query)
        if edges.setdefault(edge.id, edge) != edge:
            raise Refused([problem(query.where, "network-edge-twice", edge=edge.id)])
    ends = {end for edge in edges.values() for end in (edge.source, edge.target)}
    return [_node(end, labels, addresses) for end in sorted(ends)], [edges[key] for key in sorted(edges)]


def _edge(row: Mapping[str, Term], labels: Labels, query: Query) -> Edge:
    cell = compact(labels.graph.prefixes)
    attributes = {name: cell(term) for name, term in row.items() if name not in _OWN}
    ends = [str(row[name]) for name in ("source", "target", "relation")]
    identifier = " ".join([*(cell(row[name]) for name in _COLUMNS), attributes.get("claim", "")]).strip()
    return Edge(
        id=identifier,
        source=ends[0],
        target=ends[1],
        relation=cell(row["relation"]).rsplit(":", 1)[-1],
        relation_label=_texts(ends[2], labels),
        directed=str(row.get("directed", "true")) != "false",
        weight=_weight(str(row.get("weight", "1")), query),
        attributes=attributes,
    )


def _weight(text: str, query: Query) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise Refused([problem(query.where, "network-number", column="weight")]) from error


def _node(iri: str, labels: Labels, addresses: Addresses) -> Node:
    cls = labels.class_of(iri)
    group = CORE + "Group" in labels.ancestors(cls)
    return Node(
        id=iri,
        key=compact(labels.graph.prefixes)(Iri(iri)),
        kind=local_name(cls),
        kind_label=_texts(cls, labels),
        labels=_texts(iri, labels),
        page=addresses.page(iri, labels.languages[0]) or "",
        group=group,
        number=_number(iri, labels.graph) if group else "",
    )


def _number(iri: str, graph: Graph) -> str:
    return "".join(str(row[1]) for row in graph.select(_NUMBER, {"group": Iri(iri)}).rows)


def _texts(iri: str, labels: Labels) -> dict[str, str]:
    return {language: labels.label(iri, language).text for language in labels.languages}
