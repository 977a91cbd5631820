"""Networks as GEXF 1.3, in the dialect that Gephi, Gephi Lite and NetworkX all read.

One block of attributes for nodes and one for edges, because graphology keeps only the last of several. Columns have
their machine name as `id` and `title`: Gephi Lite shows the one, Gephi the other. Colours are integers: NetworkX fails
on `hex`. Time stands on nodes and edges, never on values: readers keep only the last value of a series. A relation is
an edge's `kind` (Gephi merges parallel edges of one kind) and a column too (NetworkX reads no kinds).

Nodes and edges are written one after another; what those with the same columns have in common is made up once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from pbgraph.colours import rgb
from pbgraph.graphs import Network, listed
from pbgraph.xmltext import escaped, legal

Columns = Mapping[str, Any]
AsText = Callable[[Any], str]

Gap = tuple[str, AsText | None]
"""A column, and how its values become texts, None if they are."""

NAMESPACES = {
    "xmlns": "http://gexf.net/1.3",
    "xmlns:viz": "http://gexf.net/1.3/viz",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": "http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd",
    "version": "1.3",
}

GAP = "\0"
"""Where a value comes in what rows have in common; no text that is fit for XML has it."""


@dataclass(frozen=True)
class Element:
    """How a node or an edge is written: its name, its ids, and which columns are no mere values.

    `attributes` tells XML attributes and the columns that they come from, `visual` the columns that `viz` elements hold,
    `apart` those that are not in the list of values, because readers make columns of what is told there.
    """

    name: str
    ids: tuple[str, ...]
    attributes: Mapping[str, str]
    apart: frozenset[str]
    visual: Mapping[tuple[str, ...], str] = field(default_factory=dict)


NODE = Element(
    "node",
    ("id",),
    {"label": "label"},
    frozenset({"label", "x", "y", "size", "color"}),
    {("size",): f'<viz:size value="{GAP}"/>', ("x", "y"): f'<viz:position x="{GAP}" y="{GAP}" z="0.0"/>'},
)

EDGE = Element(
    "edge",
    ("id", "source", "target"),
    {"kind": "relation", "label": "label", "weight": "weight"},
    frozenset({"label", "weight"}),
)

TIMES = {"start": "since", "end": "until"}
"""XML attributes of both, if the columns that they come from are full dates."""

AS_TEXT: dict[type, AsText | None] = {
    str: None,
    bool: {True: "true", False: "false"}.__getitem__,
    int: repr,
    float: repr,
    list: listed,
}
"""How values of each type become texts, None if they are."""

_INT = 2**31

_BUFFER = 2**20


def write_gexf(graph: Network, path: Path, meta: Mapping[str, str] | None = None) -> None:
    """Write `graph` (as `networks.build` makes it) to `path`; `meta` may hold creator, description and keywords.

    `start` and `end` stand on nodes and edges whose `since` and `until` are full dates in order (YYYY-MM-DD); only then
    is the graph called dynamic. Nothing in the file tells when it was written. OSError: the path cannot be written.
    """
    with path.open("wb", buffering=_BUFFER) as file:
        file.writelines(part.encode() for part in _document(graph, meta or {}))


def gexf(graph: Network, meta: Mapping[str, str] | None = None) -> bytes:
    """The same as bytes, in UTF-8."""
    return "".join(_document(graph, meta or {})).encode()


def _document(graph: Network, meta: Mapping[str, str]) -> Iterator[str]:
    """The text of the file, one node or edge after another."""
    names, of_nodes = _parts(graph.nodes(data=True), 2, by=0)
    sources, targets, keys, of_edges = _parts(graph.edges(keys=True, data=True), 4, by=2)
    node_kinds, edge_kinds = _kinds(of_nodes), _kinds(of_edges)
    dynamic = any(map(_times, chain(of_nodes, of_edges)))
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<gexf{_attributes(NAMESPACES)}>\n'
    yield from _meta(meta)
    yield f"  <graph{_attributes(_of_graph(graph, dynamic))}>\n"
    yield from _declared(NODE, node_kinds, of_nodes)
    yield from _declared(EDGE, edge_kinds, of_edges)
    yield "    <nodes>\n"
    write = _writer(NODE, node_kinds)
    for name, columns in zip(names, of_nodes, strict=True):
        yield write([str(name)], columns)
    yield "    </nodes>\n    <edges>\n"
    write = _writer(EDGE, edge_kinds)
    for source, target, key, columns in zip(sources, targets, keys, of_edges, strict=True):
        yield write([str(key), str(source), str(target)], columns)
    yield "    </edges>\n  </graph>\n</gexf>\n"


def _parts(items: Iterable[tuple[Any, ...]], count: int, by: int) -> list[list[Any]]:
    """The first parts of all items, their second parts and so on, in the order of one of them.

    Lists of the parts, because the garbage collector takes long over as many items.
    """
    flat = list(chain.from_iterable(items))
    parts = [flat[number::count] for number in range(count)]
    order = sorted(range(len(parts[by])), key=[str(part) for part in parts[by]].__getitem__)
    return [[part[number] for number in order] for part in parts]


def _meta(meta: Mapping[str, str]) -> Iterator[str]:
    if meta:
        told = [(name, meta[name]) for name in ("creator", "description", "keywords") if meta.get(name)]
        yield from ("  <meta>\n", *(f"    <{name}>{escape(legal(text))}</{name}>\n" for name, text in told), "  </meta>\n")


def _of_graph(graph: Network, dynamic: bool) -> dict[str, str]:
    kind = {"defaultedgetype": "directed" if graph.is_directed() else "undirected", "idtype": "string"}
    if not dynamic:
        return kind | {"mode": "static"}
    return kind | {"mode": "dynamic", "timeformat": "date", "timerepresentation": "interval"}


def _kinds(rows: list[Columns]) -> dict[str, type]:
    """What the values of each column are, `object` if they differ, in the order in which the columns come."""
    found: dict[str, type] = {}
    for names, kinds in dict.fromkeys((tuple(row), tuple(map(type, row.values()))) for row in rows):
        for name, kind in zip(names, kinds, strict=True):
            found[name] = kind if found.setdefault(name, kind) is kind else object
    return found


def _declared(element: Element, kinds: Mapping[str, type], rows: list[Columns]) -> Iterator[str]:
    told = {name: _type(name, kind, rows) for name, kind in kinds.items() if name not in element.apart}
    if told:
        lines = [f"      <attribute{_attributes({'id': name, 'title': name, 'type': kind})}/>\n" for name, kind in told.items()]
        yield from (f'    <attributes class="{element.name}" mode="static">\n', *lines, "    </attributes>\n")


def _type(name: str, kind: type, rows: list[Columns]) -> str:
    if kind is int:
        return "integer" if all(-_INT <= row[name] < _INT for row in rows if name in row) else "long"
    return {bool: "boolean", float: "double", list: "liststring"}.get(kind, "string")


def _writer(element: Element, kinds: Mapping[str, type]) -> Callable[[list[str], Columns], str]:
    """What writes a node or edge from its ids and its columns.

    Rows that have the same columns differ in their values only: they share pieces of text, with gaps between them.
    """

    @cache
    def shared(names: tuple[str, ...], times: tuple[str, ...], colour: str | None) -> tuple[list[str], list[Gap]]:
        told = {name: column for name, column in element.attributes.items() if column in names}
        told |= {name: TIMES[name] for name in times}
        values = [name for name in names if name not in element.apart]
        visual = {columns: line for columns, line in element.visual.items() if set(columns) <= set(names)}
        lines = [f'  <attvalue{_attributes({"for": name})} value="{GAP}"/>' for name in values]
        lines = ["<attvalues>", *lines, "</attvalues>"] if lines else []
        lines += [*visual.values(), *([_colour(colour)] if colour else [])]
        begin = element.name + "".join(f' {name}="{GAP}"' for name in (*element.ids, *told))
        text = "\n".join([f"      <{begin}>", *(f"        {line}" for line in lines), f"      </{element.name}>\n"])
        gaps = [(name, AS_TEXT.get(kinds[name], _text)) for name in (*told.values(), *values, *chain.from_iterable(visual))]
        return [part for piece in text.split(GAP) for part in (piece, "")][:-1], gaps

    def write(ids: list[str], columns: Columns) -> str:
        pieces, gaps = shared(tuple(columns), _times(columns), columns.get("color") if element.visual else None)
        parts = pieces.copy()
        parts[1::2] = escaped([*ids, *[as_text(columns[name]) if as_text else columns[name] for name, as_text in gaps]])
        return "".join(parts)

    return write


def _colour(text: str) -> str:
    red, green, blue = rgb(text)
    return f'<viz:color r="{red}" g="{green}" b="{blue}" a="1"/>'


def _times(columns: Columns) -> tuple[str, ...]:
    """`start` and `end`, if `since` and `until` (one of them at least) are full dates and in order."""
    times = tuple([name for name, column in TIMES.items() if columns.get(column)])
    if not times or not all(_is_date(columns[TIMES[name]]) for name in times):
        return ()
    return times if len(times) == 1 or columns["since"] <= columns["until"] else ()


def _is_date(text: object) -> bool:
    try:
        return date.fromisoformat(str(text)).isoformat() == text
    except ValueError:
        return False


def _attributes(given: Mapping[str, str]) -> str:
    return "".join([f' {name}="{escaped([text])[0]}"' for name, text in given.items()])


def _text(value: object) -> str:
    as_text = AS_TEXT.get(type(value), str)
    return as_text(value) if as_text else str(value)
