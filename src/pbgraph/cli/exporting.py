"""The command of those who take a network elsewhere: export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from pbgraph.cli.asking import typed_at, words_of
from pbgraph.cli.session import Session, speaking
from pbgraph.problems import Refused, Where, problem

FORMATS = ("gexf", "graphml", "json", "csv", "legend", "svg", "png", "pdf")
"""As `exporting.FORMATS`, which is not loaded for --help."""


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True}, short_help="Write a network for other programs."
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[NAME] [--COLUMN VALUE]...")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Default: what --output ends in, else gexf.")
@click.option("--output", type=click.Path(path_type=Path), help="The file to write (default: NAME.FORMAT here).")
@click.option(
    "--claims", type=click.Choice(["edges", "nodes"]), default="edges", help="Claims as edges, or as nodes between their parties."
)
@click.option(
    "--build",
    "built",
    type=click.Path(path_type=Path),
    help="The build to take it from (default: build/ in the project's folder).",
)
@speaking
@click.pass_obj
def export(session: Session, /, words: tuple[str, ...], **options: Any) -> None:
    """Write a network of the built graph: all of it, or the part with --certainty stated, --year 2016, --county hengxian.

    Without NAME, lists the networks.
    """
    from pbgraph import queries
    from pbgraph.languages import shown
    from pbgraph.opened import open_atlas

    project, language = session.project(), session.language
    name, given = words_of(words)
    known = queries.load(project, "networks")
    if name is None:
        for each in known:
            label, legend = (shown(each.header[key], language, "en") or each.name for key in ("label", "legend"))
            click.echo(f"{each.name}\n    {label}: {legend}")
        return
    query = queries.find(name, known, "unknown-network")
    format_ = _format(options["format_"], options["output"])
    atlas = open_atlas(project, options["built"])
    from pbgraph import assembling, exporting
    from pbgraph.sentences import sentence

    path = options["output"] or Path(f"{name}.{exporting.ending(format_)}")
    graph = assembling.network_of(replace(query, where=typed_at(query)), atlas, given, options["claims"])
    try:
        for written in exporting.write(graph, query, project, path, format_, language):
            click.echo(sentence("exported", language, file=written, nodes=len(graph), edges=graph.size()))
    except OSError as error:
        raise Refused([problem(Where(str(path)), "unwritable", reason=str(error.strerror or error))]) from error


def _format(format_: str | None, output: Path | None) -> str:
    if str(output) == "-":
        raise click.UsageError("a network goes to files: --output FILE")
    ending = output.suffix.removeprefix(".") if output else ""
    ending = "legend" if ending == "md" else ending
    if output and not format_ and ending not in FORMATS:
        raise click.UsageError(f"--output ends in none of {', '.join(FORMATS)}, md; give --format")
    return format_ or ending or "gexf"
