"""The commands of those who write data: check, fmt, schema, explain, verify, coverage."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

import pbgraph
from pbgraph import cache
from pbgraph.cli.session import Session, speaking
from pbgraph.cli.watching import watched, watching
from pbgraph.problems import Problem, Refused, Verdict, Where, problem
from pbgraph.progress import NOTHING

if TYPE_CHECKING:
    from pbgraph.checks import Checked

FORMATS = ["text", "json", "sarif", "github"]


def sound(session: Session) -> Checked:
    """The checked project. Refused: it has errors."""
    from pbgraph.checks import check as check_project

    project = session.project()
    with watching(session.language) as progress:
        checked = check_project(project, cache.of(project.root), progress)
    if checked.errors:
        raise Refused(checked.errors)
    return checked


def chosen_of(known: Collection[str], names: tuple[str, ...]) -> list[str]:
    """The articles asked for by `names`, or all. UsageError: one of them is not known."""
    if unknown := [name for name in names if name not in known]:
        raise click.UsageError(f"no article {unknown[0]}; there are {', '.join(known)}")
    return [name for name in known if not names or name in names]


@click.command(short_help="Find what is wrong in the data files.")
@click.option("--strict", is_flag=True, help="Let warnings fail, too.")
@click.option("--every", is_flag=True, help="Show every finding, not only some of those alike.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", help="For a person, or for programs.")
@watched
@speaking
@click.pass_obj
def check(session: Session, /, format_: str, **options: bool) -> None:
    """Read and check everything; each finding comes with file, line and column, and what to write instead."""
    from pbgraph.verdicts import verdict

    project = session.project()
    with watching(session.language, options["quiet"], options["profile"]) as progress:

        def tell(found: Verdict) -> None:
            progress(NOTHING)
            if format_ != "text":
                click.echo(_for_programs(found.problems, format_, session.language).encode(), nl=False)
                return
            session.show(found.problems, options["every"])
            if not options["quiet"]:
                click.echo(_summary(found, session.language))

        found = verdict(project, cache.of(project.root), progress, tell)
    if found.errors or (options["strict"] and found.problems):
        raise click.exceptions.Exit(1)


def _summary(found: Verdict, language: str) -> str:
    from pbgraph.sentences import sentence

    errors = len(found.errors)
    counts = {"files": found.files, "statements": found.statements, "errors": errors, "warnings": len(found.problems) - errors}
    return sentence("summary", language, **counts)


def _for_programs(problems: tuple[Problem, ...], format_: str, language: str) -> str:
    from pbgraph import reporting

    if format_ == "sarif":
        return reporting.as_sarif(problems, language, pbgraph.__version__)
    return (reporting.as_json if format_ == "json" else reporting.as_github)(problems, language)


@click.command(short_help="Lay data files out in their one form.")
@click.option("--check", "only_check", is_flag=True, help="Change nothing; fail if a file is not in canonical form.")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[FILE]...")
@speaking
@click.pass_obj
def fmt(session: Session, only_check: bool, paths: tuple[Path, ...]) -> None:
    """Write the project's own data files, or those given, in canonical form; comments stay, and no statement changes."""
    from pbgraph import formatting
    from pbgraph import project as projects
    from pbgraph.checks import read_schema

    project = session.project()
    files = [path.absolute() for path in paths] or [
        path for path in project.files("data", ".yaml") if projects.root_of(path) in (project.root, None)
    ]
    found = formatting.format_files(project, read_schema(project), files, write=not only_check)
    if only_check:
        session.show(found)
    else:
        click.echo("".join(f"{each.where.file}\n" for each in found), nl=False)
    if found and only_check:
        raise click.exceptions.Exit(1)


@click.command(short_help="Print the JSON Schema of data files, for editors.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it there instead of printing it.")
@speaking
@click.pass_obj
def schema(session: Session, output: Path | None) -> None:
    """Print the JSON Schema of data files, by which editors complete keys and ids; a build writes it, too."""
    from pbgraph import editing
    from pbgraph.checks import check as check_project

    project = session.project()
    text = editing.as_text(check_project(project, cache.of(project.root)))
    if output is None:
        click.echo(text.encode(), nl=False)
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise Refused([problem(Where(str(output)), "unwritable", reason=error.strerror or str(error))]) from error


@click.command(short_help="Say what the CODE of a finding means.")
@click.argument("code")
@speaking
@click.pass_obj
def explain(session: Session, code: str) -> None:
    """Say why there is a finding with this CODE, with an example and what to do."""
    from pbgraph.explaining import explain as explained

    click.echo(explained(code, session.project(), session.language), nl=False)


@click.command(short_help="Check quotations against the articles' texts.")
@click.option("--articles", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Where the articles' texts are.")
@click.option("--record", is_flag=True, help="Write data/verified.json, so that later changes show where there are no texts.")
@click.argument("names", nargs=-1, metavar="[ARTICLE]...")
@speaking
@click.pass_obj
def verify(session: Session, articles: Path | None, record: bool, names: tuple[str, ...]) -> None:
    """Check quotations, amounts and times against the articles' texts; without --articles, tell what changed since they agreed.

    Each ARTICLE named is checked, or all. If none is named, an article without a text there passes as long as its file has not
    changed since it last agreed, and others have their texts there.
    """
    from pbgraph import evidence, verified
    from pbgraph.sentences import sentence

    if record and articles is None:
        raise click.UsageError("--record needs --articles")
    checked = sound(session)
    chosen = chosen_of([*evidence.sources(checked), *evidence.without_checksum(checked)], names)
    texts = None if articles is None else evidence.find_articles(checked, articles, names)
    told = verified.outcome(checked, chosen, texts, names)
    session.show(told.findings)
    if any(each.severity == "error" for each in told.findings):
        raise click.exceptions.Exit(1)
    agree, unchanged = (
        sentence(key, session.language, quotes=evidence.count_quotes(checked, some), articles=len(some))
        for key, some in (("agree", told.read), ("unchanged", told.unread))
    )
    if told.read:
        click.echo(agree)
    if told.unread:
        unread = sentence("unread", session.language, unchanged=unchanged, names=", ".join(told.unread))
        click.echo(unread if told.read else unchanged)
    if record:
        click.echo(sentence("written", session.language, file=verified.write(checked, told.read)))


@click.command(short_help="List what of the articles no claim carries.")
@click.option(
    "--articles",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Where the articles' texts are.",
)
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", help="What is left, or everything.")
@click.argument("names", nargs=-1, metavar="[ARTICLE]...")
@speaking
@click.pass_obj
def coverage(session: Session, articles: Path, format_: str, names: tuple[str, ...]) -> None:
    """List the figures and labels of the articles that no claim carries, paragraph by paragraph."""
    from pbgraph import coverage as coverages
    from pbgraph import evidence
    from pbgraph.sentences import sentence

    checked = sound(session)
    bare = evidence.without_checksum(checked)
    chosen = chosen_of([*evidence.sources(checked), *bare], names)
    texts = evidence.find_articles(checked, articles, names)
    unread = sorted([*texts.problems, *texts.absent.values(), *(bare[name] for name in chosen if name in bare)])
    session.show(unread)
    covered = coverages.cover(checked, texts.articles)
    amiss = sorted(found for each in covered for found in coverages.amiss(checked, each))
    session.show(amiss)
    if format_ == "json":
        click.echo(coverages.as_json(covered).encode(), nl=False)
    else:
        if any(each.open for each in covered):
            from pbgraph.terminal import as_table

            click.echo(as_table(coverages.left(covered), str), nl=False)
            click.echo(sentence("claim-each", session.language))
            click.echo(sentence("claim-example", session.language))
            click.echo(sentence("label-otherwise", session.language))
        for each in covered:
            click.echo(coverages.summary(each, session.language))
    if unread or amiss or not all(each.complete for each in covered):
        raise click.exceptions.Exit(1)
