"""A part of a network, by what its edges carry, when they may hold, and what their ends lie in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pbgraph.atlas import Atlas
from pbgraph.finding import Names
from pbgraph.graphs import Edge
from pbgraph.likeness import near, suggest
from pbgraph.problems import Refused, problem
from pbgraph.queries import Query, resolve
from pbgraph.terms import Iri, Literal, local_name

_CLASSES = "SELECT DISTINCT ?class WHERE { ?class rdfs:subClassOf* pb:Entity }"
_WHOLES = "SELECT DISTINCT ?whole WHERE { ?part pb:partOf ?whole }"
_INSIDE = "SELECT DISTINCT ?node ?whole WHERE { ?node (pb:partOf|pb:within|pb:of|pb:member)* ?whole }"
_YEAR = re.compile("[0-9]{4}")


def select(edges: Sequence[Edge], columns: Sequence[str], given: Mapping[str, str], query: Query, atlas: Atlas) -> list[Edge]:
    """The edges that meet all that is `given`; `columns` are those that the query's rows have.

    `year` keeps the edges that may hold in that year by the columns `earliest` and `latest`, if there are such. What has no
    end may hold as long as any edge of the network; of what has no beginning nothing is told but its last year, of what has
    neither nothing. A column, in any case, keeps the edges with that value (`certainty`: `stated`); a relation goes by what
    it is called, too. The name of a class of entities, in any case and with hyphens (`party-body`), keeps the edges one of
    whose ends is the entity that goes by the id or name, is part of it, is a group within it or of it, or lies in what does
    by the page query `seats`. Refused: there is no such column or class, no edge has the value, or nothing goes by the name.
    """
    if not given:
        return list(edges)
    classes = {_folded(name): name for (cls,) in atlas.graph.select(_CLASSES).rows for name in [local_name(str(cls))]}
    own = ("relation", *(name for name in columns if name not in ("source", "target", "relation", "directed", "weight")))
    named = {_folded(name): name for name in own}
    dated = not {"earliest", "latest"}.isdisjoint(columns)
    horizon = max((year for edge in edges for year in _years(edge)), default="")
    for key, value in given.items():
        column = named.get(_folded(key))
        if key == "year" and dated and not column:
            found = [edge for edge in edges if _meets(edge, value, horizon)]
        elif column:
            found = _having(edges, column, value)
        elif _folded(key) in classes:
            inside = _inside(key, value, classes[_folded(key)], query, atlas)
            found = [edge for edge in edges if edge.source in inside or edge.target in inside]
        else:
            known = [*(["year"] if dated else []), *own]
            told = {"suggestion": suggest(key, [*known, *classes]), "allowed": ", ".join([*known, *_worth(edges, atlas)])}
            raise Refused([problem(query.where, "unknown-selection", parameter=key, **told)])
        # A year or a place of which nothing is told leaves an empty part, a value that no edge can have is a slip.
        if edges and not found and (column or (key == "year" and not _YEAR.fullmatch(value))):
            present = _present(edges, column or key)
            raise Refused([problem(query.where, "no-such-edges", parameter=key, value=value, **near(value, present))])
        edges = found
    return list(edges)


def _worth(edges: Sequence[Edge], atlas: Atlas) -> list[str]:
    """The classes by which a part is worth choosing: those of the edges' ends, and of what has parts, as they are typed."""
    ends = {end for edge in edges for end in (edge.source, edge.target)}
    wholes = {str(whole) for (whole,) in atlas.graph.select(_WHOLES).rows}
    names = {local_name(atlas.labels.class_of(node)) for node in ends | wholes}
    return sorted(re.sub("(?<=[a-z])(?=[A-Z])", "-", name).lower() for name in names)


def _folded(name: str) -> str:
    return re.sub("[-_]", "", name).casefold()


def _years(edge: Edge) -> list[str]:
    """The years of its `earliest` and `latest`, of those that it has."""
    days = (str(edge.attributes.get(name) or "") for name in ("earliest", "latest"))
    return [day[:4] for day in days if day]


def _meets(edge: Edge, year: str, horizon: str) -> bool:
    years = _years(edge)
    if not _YEAR.fullmatch(year) or not years:
        return False
    return years[0] <= year <= (years[-1] if edge.attributes.get("latest") else horizon)


def _having(edges: Sequence[Edge], key: str, value: str) -> list[Edge]:
    called = key == "relation"
    return [
        edge
        for edge in edges
        if value in (_held(edge, key), _held(edge, key).rpartition(":")[2])
        or (called and value.casefold() in map(str.casefold, edge.relation_label.values()))
    ]


def _held(edge: Edge, key: str) -> str:
    return edge.relation if key == "relation" else plain(edge.attributes.get(key, ""))


def _present(edges: Sequence[Edge], key: str) -> set[str]:
    """What may be asked for by a key: the values that edges have, of a year the years in which some begins or ends."""
    if key == "year":
        days = (str(edge.attributes.get(name) or "") for edge in edges for name in ("earliest", "latest", "year"))
        return {day[:4] for day in days if day}
    return {_held(edge, key).rpartition(":")[2] for edge in edges} - {""}


def plain(value: object) -> str:
    """A value as it is asked for: numbers in digits, truth in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _inside(key: str, typed: str, cls: str, query: Query, atlas: Atlas) -> frozenset[str]:
    found = resolve(typed, cls, Names(atlas.graph, atlas.project.base))
    if not isinstance(found, Iri | Literal):
        raise Refused([problem(query.where, found[0], parameter=key, **found[1])])
    inside: set[str] = set()
    new = {str(found)}
    while new:
        inside.update(str(node) for each in new for node, _ in atlas.graph.select(_INSIDE, {"whole": Iri(each)}).rows)
        new = {this for this, whole in atlas.seats if whole in inside} - inside
    return frozenset(inside)
