"""A network as a picture: SVG with Han text, a legend, light and dark colours, and links to the pages of its nodes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from xml.etree.ElementTree import Element, tostring

from pbgraph.drawing.curves import at
from pbgraph.drawing.legend import Item, Rows, entries, paragraph
from pbgraph.drawing.placement import Box
from pbgraph.drawing.scene import Columns, Tie, draw_node, draw_tie, kind_of, letter, shape, ties_of
from pbgraph.drawing.svg import ROOT, add, style
from pbgraph.graphs import Network, Texts, said
from pbgraph.languages import shown
from pbgraph.xmltext import legal

MARGIN = 28.0
NARROWEST = 640.0
SPACE = 18.0


def draw_svg(graph: Network, language: str, words: Mapping[str, Texts] | None = None) -> str:
    """Draw a network that has been laid out, as one `svg` element without XML declaration.

    `words` holds, per language, `title` (also the picture's name to screen readers), `description`, `part` (of what this is
    one), `group` (what a dashed shape means) and `source`; what is missing is left out, but for the title, which is then the
    network's name. Labels are in `language`, as `graphs.said` finds them.
    """
    told = {name: shown(texts, language, "en") for name, texts in (words or {}).items()}
    if not any(columns.get("group") for _, columns in graph.nodes(data=True)):
        told.pop("group", None)
    told["title"] = told.get("title") or str(graph.graph.get("name", ""))
    nodes = dict(sorted(graph.nodes(data=True)))
    shapes = {node: shape(columns) for node, columns in nodes.items()}
    ties = ties_of(graph, shapes)
    scene = Element("g")
    for one in ties:
        draw_tie(scene, one, language)
    for node, columns in nodes.items():
        draw_node(scene, shapes[node], columns, language)
    covered = [outline.box for outline in shapes.values()] + [Box.around(at(one.curve, 0.5), 8, 8) for one in ties]
    covered += letter(scene, nodes, shapes, ties, language)
    return tostring(_framed(scene, covered, told, _legend(nodes, ties, language), language), encoding="unicode")


def _legend(nodes: Mapping[str, Columns], ties: list[Tie], language: str) -> Rows:
    """The kinds of nodes, and the relations."""
    single = {columns["kind"] for columns in nodes.values() if not columns.get("group")}
    kinds = {columns["kind"]: columns for columns in nodes.values()}
    dots = [
        Item(said(columns, "kind_label", language), columns["color"], kind not in single)
        for kind, columns in sorted(kinds.items())
    ]
    relations = {kind_of(one.columns): one for one in ties}
    strokes = [Item(said(one.columns, "label", language), one.look) for _, one in sorted(relations.items())]
    return [dots, strokes]


def _framed(scene: Element, covered: list[Box], told: Texts, legend: Rows, language: str) -> Element:
    """Put the scene on paper: title and description above it, legend and source below."""
    whole = Box.holding(covered)
    room = max(whole.width, NARROWEST)
    role = "img" if scene.find(".//a") is None else "group"
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "class": ROOT, "lang": language, "role": role})
    root.set("aria-label", legal(told["title"]))
    add(root, "title").text = legal(told["title"])
    if told.get("description"):
        add(root, "desc").text = legal(told["description"])
    add(root, "style").text = style(f".{ROOT}")
    paper = add(root, "rect", x=0.5, y=0.5, rx=8, class_="paper")
    top = MARGIN
    top += paragraph(root, told["title"], MARGIN, top, room, 19, font_weight="600")
    top += paragraph(root, told.get("description", ""), MARGIN, top, room, 13, class_="soft")
    top += SPACE
    scene.set("transform", f"translate({MARGIN + (room - whole.width) / 2 - whole.left:.1f} {top - whole.top:.1f})")
    root.append(scene)
    top += whole.height + SPACE
    top += entries(root, legend, MARGIN, top, room) + SPACE / 3
    for note in ("part", "group", "source"):
        top += paragraph(root, told.get(note, ""), MARGIN, top, room, 12, class_="soft")
    top += MARGIN
    _size(root, paper, room + 2 * MARGIN, top)
    return root


def _size(root: Element, paper: Element, width: float, height: float) -> None:
    wide, high = math.ceil(width), math.ceil(height)
    root.attrib.update({"width": str(wide), "height": str(high), "viewBox": f"0 0 {wide} {high}"})
    paper.attrib.update({"width": str(wide - 1), "height": str(high - 1)})
