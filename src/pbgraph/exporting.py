"""A network → its files, in every format that other programs read."""

from __future__ import annotations

from pathlib import Path

from pbgraph import drawing, figures, gexf, graphml, interchange, legends, networks
from pbgraph.drawing.svg import FONTS
from pbgraph.project import Project
from pbgraph.queries import Query
from pbgraph.sentences import catalogue, sentence

BUILT = ("gexf", "graphml", "json", "csv", "legend")
"""The formats that a build writes of each network: what holds it, and what tells of its columns."""

FORMATS = (*BUILT, "svg", "png", "pdf")
"""What `write` can write; `csv` are two files."""

_LETTERS = "村县"


def ending(format_: str) -> str:
    """What the name of a file in that format ends in."""
    return "legend.md" if format_ == "legend" else format_


def write(graph: networks.Graph, query: Query, project: Project, path: Path, format_: str, language: str) -> list[Path]:
    """Write a network, as `assembling.network_of` makes it, to the path in one of FORMATS; the files that were written.

    For `csv` these are two beside it, `.nodes.csv` and `.edges.csv`. Pictures are in `language`. OSError: the path cannot be
    written. Refused: see `figures.convert`.
    """
    if format_ == "gexf":
        gexf.write_gexf(graph, path, _meta(query, project))
        return [path]
    if format_ == "graphml":
        graphml.write_graphml(graph, path)
        return [path]
    if format_ == "svg":
        path.write_text(draw(graph, query, project, language) + "\n", encoding="utf-8")
        return [path]
    if format_ in ("png", "pdf"):
        path.write_bytes(figures.convert(draw(graph, query, project, language), format_, FONTS, _LETTERS))
        return [path]
    texts = {
        "json": lambda: {path: interchange.as_json(graph)},
        "csv": lambda: {
            path.with_name(f"{path.name.removesuffix('.csv')}.nodes.csv"): interchange.nodes_csv(graph),
            path.with_name(f"{path.name.removesuffix('.csv')}.edges.csv"): interchange.edges_csv(graph),
        },
        "legend": lambda: {path: legends.legend(query, graph, project.languages)},
    }
    made = texts[format_]()
    for each, text in made.items():
        each.write_bytes(text.encode())
    return list(made)


def draw(graph: networks.Graph, query: Query, project: Project, language: str, whole: int = 0) -> str:
    """A network as SVG text with title, legend and source line, in one language.

    If it is a part of one with `whole` nodes (see `assembling.pictured`), that is told, too.
    """
    legend = {tag: text.replace("`", "") for tag, text in query.header["legend"].items()}
    words = {"title": query.header["label"], "description": legend, "source": project.title}
    if whole > len(graph):
        words["part"] = {
            tag: sentence("part-drawn", tag, shown=f"{len(graph):,}", whole=f"{whole:,}") for tag in catalogue()["part-drawn"]
        }
    return drawing.draw_svg(graph, language, words)


def _meta(query: Query, project: Project) -> dict[str, str]:
    first = project.languages[0]
    return {"creator": project.title[first], "description": query.header["legend"][first], "keywords": query.name}
