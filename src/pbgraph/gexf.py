"""Networks as GEXF 1.3, in the dialect that Gephi, Gephi Lite and NetworkX all read.

One block of attributes for nodes and one for edges, because graphology keeps only the last of several. Columns have
their machine name as `id` and `title`: Gephi Lite shows the one, Gephi the other. Colours are integers: NetworkX fails
on `hex`. Time stands on nodes and edges, never on values: readers keep only the last value of a series. A relation is
an edge's `kind` (Gephi merges parallel edges of one kind) and a column too (NetworkX reads no kinds).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from pbgraph.colours import rgb
from pbgraph.graphs import Network, listed
from pbgraph.xmltext import legal

Columns = Mapping[str, Any]

NAMESPACES = {
    "xmlns": "http://gexf.net/1.3",
    "xmlns:viz": "http://gexf.net/1.3/viz",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": "http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd",
    "version": "1.3",
}

VISUAL = frozenset({"x", "y", "size", "color"})
"""Columns of nodes that GEXF holds as `viz` elements."""

ON_NODES = VISUAL | {"label"}
ON_EDGES = frozenset({"label", "weight"})
"""Columns that are XML attributes of the node or edge, and so not in its list of values."""

_INT = 2**31


def write_gexf(graph: Network, path: Path, meta: Mapping[str, str] | None = None) -> None:
    """Write `graph` (as `networks.build` makes it) to `path`; `meta` may hold creator, description and keywords.

    `start` and `end` stand on nodes and edges whose `since` and `until` are full dates in order (YYYY-MM-DD); only then
    is the graph called dynamic. Nothing in the file tells when it was written. OSError: the path cannot be written.
    """
    path.write_bytes(gexf(graph, meta))


def gexf(graph: Network, meta: Mapping[str, str] | None = None) -> bytes:
    """The same as bytes, in UTF-8."""
    nodes = sorted(graph.nodes(data=True), key=lambda node: str(node[0]))
    edges = sorted(graph.edges(keys=True, data=True), key=lambda edge: str(edge[2]))
    out = _Writer()
    with out.element("gexf", NAMESPACES):
        if meta:
            with out.element("meta", {}):
                for name in ("creator", "description", "keywords"):
                    if meta.get(name):
                        out.leaf(name, {}, meta[name])
        times = [_times(columns) for columns in [*(node[1] for node in nodes), *(edge[3] for edge in edges)]]
        with out.element("graph", _of_graph(graph, dynamic=any(times))):
            _attributes(out, "node", [columns for _, columns in nodes], ON_NODES)
            _attributes(out, "edge", [columns for *_, columns in edges], ON_EDGES)
            with out.element("nodes", {}):
                for node, columns in nodes:
                    _node(out, str(node), columns)
            with out.element("edges", {}):
                for source, target, key, columns in edges:
                    _edge(out, {"id": str(key), "source": str(source), "target": str(target)}, columns)
    return out.written()


def _of_graph(graph: Network, dynamic: bool) -> dict[str, str]:
    kind = {"defaultedgetype": "directed" if graph.is_directed() else "undirected", "idtype": "string"}
    if not dynamic:
        return kind | {"mode": "static"}
    return kind | {"mode": "dynamic", "timeformat": "date", "timerepresentation": "interval"}


def _attributes(out: _Writer, owner: str, rows: list[Columns], apart: frozenset[str]) -> None:
    values: dict[str, list[Any]] = {}
    for columns in rows:
        for name, value in columns.items():
            if name not in apart:
                values.setdefault(name, []).append(value)
    if values:
        with out.element("attributes", {"class": owner, "mode": "static"}):
            for name, held in values.items():
                out.leaf("attribute", {"id": name, "title": name, "type": _type(held)})


def _type(values: Iterable[Any]) -> str:
    kinds = {type(value) for value in values}
    if kinds == {int}:
        return "integer" if all(-_INT <= value < _INT for value in values) else "long"
    names = {bool: "boolean", float: "double", list: "liststring"}
    return names.get(next(iter(kinds)), "string") if len(kinds) == 1 else "string"


def _node(out: _Writer, name: str, columns: Columns) -> None:
    with out.element("node", {"id": name, "label": str(columns.get("label", name))} | _times(columns)):
        _values(out, columns, ON_NODES)
        if "size" in columns:
            out.leaf("viz:size", {"value": _text(columns["size"])})
        if "x" in columns:
            out.leaf("viz:position", {"x": _text(columns["x"]), "y": _text(columns["y"]), "z": "0.0"})
        if "color" in columns:
            parts = zip("rgb", rgb(columns["color"]), strict=True)
            out.leaf("viz:color", {**{name: str(part) for name, part in parts}, "a": "1"})


def _edge(out: _Writer, ends: dict[str, str], columns: Columns) -> None:
    told = {"kind": "relation", "label": "label", "weight": "weight"}
    more = {name: _text(columns[source]) for name, source in told.items() if source in columns}
    with out.element("edge", ends | more | _times(columns)):
        _values(out, columns, ON_EDGES)


def _values(out: _Writer, columns: Columns, apart: frozenset[str]) -> None:
    held = [(name, value) for name, value in columns.items() if name not in apart]
    if held:
        with out.element("attvalues", {}):
            for name, value in held:
                out.leaf("attvalue", {"for": name, "value": _text(value)})


def _times(columns: Columns) -> dict[str, str]:
    """`start` and `end`, if `since` and `until` (one of them at least) are full dates and in order."""
    given = {name: str(columns[key]) for name, key in (("start", "since"), ("end", "until")) if columns.get(key)}
    if not all(_is_date(text) for text in given.values()) or given.get("start", "") > given.get("end", "9999-12-31"):
        return {}
    return given


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return listed(value) if isinstance(value, list) else str(value)


class _Writer:
    """An XML document in the making: indented, in UTF-8, every text fit for XML."""

    def __init__(self) -> None:
        self._bytes = BytesIO()
        self._out = XMLGenerator(self._bytes, "UTF-8", short_empty_elements=True)
        self._out.startDocument()
        self._depth = 0

    @contextmanager
    def element(self, name: str, attributes: Mapping[str, str]) -> Iterator[None]:
        self._begin(name, attributes)
        self._out.ignorableWhitespace("\n")
        self._depth += 1
        yield
        self._depth -= 1
        self._out.ignorableWhitespace("  " * self._depth)
        self._end(name)

    def leaf(self, name: str, attributes: Mapping[str, str], text: str = "") -> None:
        self._begin(name, attributes)
        if text:
            self._out.characters(legal(text))
        self._end(name)

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        self._out.ignorableWhitespace("  " * self._depth)
        self._out.startElement(name, AttributesImpl({key: legal(value) for key, value in attributes.items()}))

    def _end(self, name: str) -> None:
        self._out.endElement(name)
        self._out.ignorableWhitespace("\n")

    def written(self) -> bytes:
        self._out.endDocument()
        return self._bytes.getvalue()
