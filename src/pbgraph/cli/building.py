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

    project = session.project()
    target = (output or project.root / "build").absolute()
    with watching(session.language, quiet, profile) as progress:
        report = build_project(project, target, progress)
    session.show(report.warnings)
    if quiet:
        return
    shown = os.path.relpath(target)
    counts = report.counts
    click.echo(f"{shown}/ is up to date." if not report.fresh else f"Built {shown}/ from {counts['files']} files:")
    click.echo(f"  {counts['entities']} entities, {counts['claims']} claims resting on {counts['passages']} passages")
    click.echo(f"  {counts['pages']} pages, {counts['tables']} tables, {counts['networks']} networks")
    click.echo(f"  {counts['quads']} statements in graph.ttl and graph.nq")
    made = {f"{shown}/site/index.html": counts["pages"], f"a file of {shown}/networks/ in Gephi": counts["networks"]}
    ways = [way for way, count in made.items() if count]
    opened = f"Open {', or '.join(ways)}; " if ways else ""
    click.echo(f"{opened}`pbgraph query` lists the questions.")
