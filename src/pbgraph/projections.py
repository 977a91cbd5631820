"""Rows of a network query → nodes and edges with labels, kinds and pages, ready to become a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from pbgraph.atlas import Atlas
from pbgraph.formats import Cell, compact
from pbgraph.graphs import Edge, Node, Texts, Value
from pbgraph.labels import Labels
from pbgraph.problems import Refused, problem
from pbgraph.queries import Query
from pbgraph.scripts import HAN
from pbgraph.solutions import Rows
from pbgraph.terms import CORE, XSD, Iri, Literal, Term, core, local_name

PINYIN = "zh-latn-pinyin"
"""The language tag of names in pinyin, made where nobody stated one."""

_ENDS = ("source", "target", "relation")
_OWN = (*_ENDS, "directed", "weight")
_PARTIES = """
SELECT DISTINCT ?claim ?part ?party WHERE {
  ?claim ?part ?party . FILTER NOT EXISTS { ?part pb:computed true } FILTER (?part != pb:source)
}"""
Called = Callable[[str], Texts]
"""What something that many nodes or edges share, a class or a property, is called in each language: each has the same mapping."""

_NUMBERS: Mapping[str, type[int] | type[float]] = {"integer": int, "decimal": float, "double": float, "float": float}


def edges_of(query: Query, rows: Rows, atlas: Atlas) -> list[Edge]:
    """The edges that a network query's rows stand for, by id.

    Rows bind ?source ?target ?relation, and may bind ?directed (default true) and ?weight (default 1); further columns become
    attributes of the edge. ?claim and ?year tell edges between the same ends apart; the page of ?claim is the edge's. Rows that
    are alike are one edge. Refused: a column is missing, a weight is no number above zero, what is typed as a number is none,
    ?directed is no truth value, or two edges differ in nothing that tells them apart.
    """
    found = rows.dicts()
    for name in _ENDS:
        if name not in rows.variables or not all(isinstance(row.get(name), Iri) for row in found):
            raise Refused([problem(query.where, "network-column", column=name)])
    edges: dict[str, Edge] = {}
    cell = compact(atlas.graph.prefixes)
    called = cache(partial(texts, labels=atlas.labels))
    for row in found:
        edge = _edge(row, called, cell, query)
        edge = replace(edge, page=_page(str(row["claim"]), atlas)) if "claim" in row else edge
        if edges.setdefault(edge.id, edge) != edge:
            raise Refused([problem(query.where, "network-edge-twice", edge=edge.id)])
    return [edges[key] for key in sorted(edges)]


def _edge(row: Mapping[str, Term], called: Called, cell: Cell, query: Query) -> Edge:
    attributes = {name: _value(name, term, query) if isinstance(term, Literal) else cell(term) for name, term in row.items()}
    return Edge(
        id=" ".join(cell(row[name]) for name in (*_ENDS, "claim", "year") if name in row),
        source=str(row["source"]),
        target=str(row["target"]),
        relation=cell(row["relation"]).rsplit(":", 1)[-1],
        relation_label=_told(row, called),
        directed=_directed(str(row.get("directed", "true")), query),
        weight=_weight(str(row.get("weight", "1")), query),
        attributes={name: value for name, value in attributes.items() if name not in _OWN},
    )


def _told(row: Mapping[str, Term], called: Called) -> Texts:
    """What a row's relation is called: with its ?modality, if that is another than that it is reported."""
    relation, modality = called(str(row["relation"])), str(row.get("modality", core("reported")))
    if modality == core("reported"):
        return relation
    added = called(modality)
    return {
        tag: f"{text}（{added[tag]}）" if tag.startswith("zh") else f"{text} ({added[tag]})" for tag, text in relation.items()
    }


def _value(name: str, term: Literal, query: Query) -> Value:
    """A literal as a typed value: numbers and truth values as such, all else as its text."""
    kind = term.datatype.removeprefix(XSD)
    if kind == "boolean":
        return term.text == "true"
    try:
        return _NUMBERS[kind](term.text) if kind in _NUMBERS else term.text
    except ValueError as error:
        raise Refused([problem(query.where, "network-number", column=name)]) from error


def _weight(text: str, query: Query) -> float:
    try:
        weight = float(text)
    except ValueError as error:
        raise Refused([problem(query.where, "network-number", column="weight")]) from error
    if weight <= 0:
        raise Refused([problem(query.where, "network-weight", weight=text)])
    return weight


def _directed(text: str, query: Query) -> bool:
    if text not in ("true", "false"):
        raise Refused([problem(query.where, "network-directed", value=text)])
    return text == "true"


def _page(iri: str, atlas: Atlas) -> str:
    page = atlas.addresses.page(iri, atlas.labels.languages[0])
    return f"{atlas.project.published}{page}" if page else ""


def claims_as_nodes(edges: Sequence[Edge], atlas: Atlas) -> list[Edge]:
    """The same network with each claim as a node of its own: its edges lead to those parties that are in the network.

    The relation of such an edge is the party's part in the claim; of a claim in several years there is one for each. Edges
    without a claim stay as they are.
    """
    cell = compact(atlas.graph.prefixes)
    claimed: dict[str, dict[str, Edge]] = {}
    for edge in edges:
        if key := edge.attributes.get("claim"):
            claimed.setdefault(str(key), {})[str(edge.attributes.get("year", ""))] = edge
    parties = {end for edge in edges for end in (edge.source, edge.target)}
    made = {edge.id: edge for edge in edges if not edge.attributes.get("claim")}
    for claim, part, party in atlas.graph.select(_PARTIES).rows:
        for year, edge in claimed.get(cell(claim), {}).items() if str(party) in parties else ():
            name = " ".join([*(cell(term) for term in (claim, party, part)), *([year] if year else [])])
            tie = replace(edge, id=name, source=str(claim), target=str(party), directed=True, weight=1.0)
            made[name] = replace(tie, relation=local_name(str(part)), relation_label=texts(str(part), atlas.labels))
    return [made[key] for key in sorted(made)]


def nodes_of(edges: Iterable[Edge], atlas: Atlas) -> list[Node]:
    """The nodes that edges join, by id."""
    ends = {end for edge in edges for end in (edge.source, edge.target)}
    cell, called = compact(atlas.graph.prefixes), cache(partial(texts, labels=atlas.labels))
    atlas.nodes.update((end, _node(end, atlas, called, cell)) for end in ends - atlas.nodes.keys())
    return [atlas.nodes[end] for end in sorted(ends)]


def _node(iri: str, atlas: Atlas, called: Called, cell: Cell) -> Node:
    labels = atlas.labels
    cls = labels.class_of(iri)
    group = CORE + "Group" in labels.ancestors(cls)
    names = texts(iri, labels)
    if HAN.search(names.get("zh", "")):
        names[PINYIN] = atlas.readings.pinyin(names["zh"])
    place = dict(zip(("longitude", "latitude"), atlas.points.get(iri, ()), strict=False))
    return Node(
        id=iri,
        key=cell(Iri(iri)),
        kind=local_name(cls),
        kind_label=called(cls),
        labels=names,
        page=_page(iri, atlas),
        group=group,
        number=atlas.numbers.get(iri),
        attributes=place,
    )


def texts(iri: str, labels: Labels) -> dict[str, str]:
    """What a node is called in each of the project's languages."""
    return {language: labels.label(iri, language).text for language in labels.languages}
