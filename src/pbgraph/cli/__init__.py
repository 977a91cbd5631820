"""The command line: arguments, exit codes (0 done, 1 findings, 2 wrong usage, 130 Ctrl-C), what goes to which stream (click)."""

from __future__ import annotations

from pathlib import Path

import click

import pbgraph
from pbgraph.cli import asking, building, curating, exporting
from pbgraph.cli.session import Commands, Session, locale_language


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(pbgraph.__version__)
@click.option(
    "--project",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The project's folder (default: here or above).",
)
@click.option("--lang", "language", type=click.Choice(["zh", "en"]), help="Language of messages (default: the locale's).")
@click.pass_context
def main(ctx: click.Context, folder: Path, language: str | None) -> None:
    """Curated readings of press articles, as a graph in which every claim is a node with its evidence."""
    ctx.obj = Session(folder, language or locale_language())


for command in (
    *(curating.check, curating.explain, curating.fmt, curating.schema, curating.verify, curating.coverage),
    *(asking.conflicts, asking.query, exporting.export, building.build),
):
    main.add_command(command)
