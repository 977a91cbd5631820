"""A network → its files, in every format that other programs read."""

from __future__ import annotations

from pathlib import Path

from pbgraph import drawing, figures, gexf, graphml, interchange, legends, networks
from pbgraph.drawing.svg import FONTS
from pbgraph.project import Project
from pbgraph.queries import Query
from pbgraph.scripts import HAN
from pbgraph.sentences import in_all

BUILT = ("gexf", "graphml", "json", "csv", "legend")
"""The formats that a build writes of each network: what holds it, and what tells of its columns."""

FORMATS = (*BUILT, "svg", "png", "pdf")
"""What `write` can write; `csv` are two files."""


def ending(format_: str) -> str:
    """What the name of a file in that format ends in."""
    return "legend.md" if format_ == "legend" else format_


def write(graph: networks.Graph, query: Query, project: Project, path: Path, format_: str, language: str) -> list[Path]:
    """Write a network, as `assembling.network_of` makes it, to the path in one of FORMATS; the files that were written.

    For `csv` these are two beside it, `.nodes.csv` and `.edges.csv`. Pictures are in `language`. OSError: the path cannot be
    written. Refused: see `figures.convert`.
    """
    if format_ == "csv":
        stem = path.name.removesuffix(".csv")
        parts = {"nodes": interchange.nodes_csv(graph), "edges": interchange.edges_csv(graph)}
        for part, text in parts.items():
            path.with_name(f"{stem}.{part}.csv").write_bytes(text.encode())
        return [path.with_name(f"{stem}.{part}.csv") for part in parts]
    if format_ == "gexf":
        gexf.write_gexf(graph, path, _meta(query, project))
    elif format_ == "graphml":
        graphml.write_graphml(graph, path)
    elif format_ == "json":
        path.write_bytes(interchange.as_json(graph).encode())
    elif format_ == "legend":
        path.write_bytes(legends.legend(query, graph, project.languages).encode())
    else:
        picture = draw(graph, query, project, language)
        made = (
            f"{picture}\n".encode()
            if format_ == "svg"
            else figures.convert(picture, format_, FONTS, "".join(HAN.findall(picture)))
        )
        path.write_bytes(made)
    return [path]


def draw(graph: networks.Graph, query: Query, project: Project, language: str, whole: int = 0) -> str:
    """A network as SVG text with title, legend and source line, in one language.

    If it is a part of one with `whole` nodes (see `assembling.pictured`), that is told, too.
    """
    legend = {tag: text.replace("`", "") for tag, text in query.header["legend"].items()}
    words = {"title": query.header["label"], "description": legend, "source": project.title, "group": in_all("group-drawn")}
    if whole > len(graph):
        words["part"] = in_all("part-drawn", shown=f"{len(graph):,}", whole=f"{whole:,}")
    return drawing.draw_svg(graph, language, words)


def _meta(query: Query, project: Project) -> dict[str, str]:
    first = project.languages[0]
    return {"creator": project.title[first], "description": query.header["legend"][first], "keywords": query.name}
