"""The command that writes everything: build."""

from __future__ import annotations

import os
from pathlib import Path

import click

from pbgraph.cli.session import Session, speaking
from pbgraph.cli.watching import watched, watching


@click.command(short_help="Check, then write store, tables, networks and site.")
@click.option("--output", type=click.Path(path_type=Path), help="Where to build (default: build/ in the project's folder).")
@watched
@speaking
@click.pass_obj
def build(session: Session, output: Path | None, quiet: bool, profile: bool) -> None:
    """Check, then write store, dumps, tables, networks and site; the old build stays until the new one is complete."""
    from pbgraph.build import build as build_project
    from pbgraph.sentences import sentence

    project = session.project()
    target = (output or project.root / "build").absolute()
    with watching(session.language, quiet, profile) as progress:
        report = build_project(project, target, progress)
    session.show(report.warnings)
    if quiet:
        return
    told = {"output": os.path.relpath(target), **report.counts}
    keys = ["built" if report.fresh else "up-to-date", "built-claims", "built-pages", "built-quads"]
    keys += [f"open-{key}" for key, made in (("site", "pages"), ("networks", "networks")) if report.counts[made]]
    for key in [*keys, "ask-questions"]:
        click.echo(sentence(key, session.language, **told))
