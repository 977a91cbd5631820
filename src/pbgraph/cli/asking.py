"""The commands of those who ask: conflicts and query."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbgraph import project as projects
from pbgraph.cli.curating import sound
from pbgraph.cli.session import Session, speaking
from pbgraph.problems import Refused, Where, problem

if TYPE_CHECKING:
    from pbgraph.project import Project
    from pbgraph.queries import Query
    from pbgraph.solutions import Rows


@click.command(short_help="List claims that contradict each other.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="Sentences, or every row.")
@speaking
@click.pass_obj
def conflicts(session: Session, format_: str) -> None:
    """List claims that contradict each other, and claims that only seem to, with where each is written."""
    from pbgraph import conflicts as told
    from pbgraph.labels import Labels

    checked = sound(session)
    language = session.language
    labels = Labels(checked.graph, [language])
    words = told.Words(labels, checked.index, f"{checked.project.base}claim/", language)
    found = told.find(checked.project, checked.graph, words)
    text = told.as_json(found, words) if format_ == "json" else told.as_text(told.asked(checked.project), found, words)
    click.echo(text.encode() if format_ == "json" else text, nl=False)


class Asking(click.Command):
    """A command whose help beside the name of a question tells of that question."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep what was typed, which help needs before anything of it is read."""
        ctx.meta[__name__] = list(args)
        return super().parse_args(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        """What the question takes and how its answer is read; without one, the options of all."""
        from pbgraph import answers, checks, queries

        words = ctx.meta.get(__name__, [])
        if len(words) > 1 and projects.root_of(ctx.obj.folder):
            project = ctx.obj.project()
            for question in queries.load(project, "questions"):
                if question.name in words:
                    declared = checks.read_schema(project).prefixes
                    return answers.explained(question, ctx.obj.language, checks.prefixes(project, declared))
        return super().get_help(ctx)


@click.command(
    cls=Asking,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    short_help="Ask the built graph.",
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[NAME] [--PARAMETER VALUE]...")
@click.option("--sparql", help="A SELECT of your own; pb:, id: and the other prefixes are declared already.")
@click.option("--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A file with a SELECT.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "csv", "tsv", "json", "markdown"]),
    help="Default: a table on a terminal, else CSV.",
)
@click.option("--labels/--no-labels", default=None, help="Names beside ids in tables, CSV and Markdown (default: not in CSV).")
@click.option("--names", is_flag=True, help="Names instead of ids, in the same.")
@click.option("--list", "listed", is_flag=True, help="List the questions, or those about a WORD: pbgraph query --list broker.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), help="Give up after so many seconds (default: never).")
@click.option("--columns", help="Only these columns, in this order: village,partner,broker; rows that then agree are one.")
@click.option(
    "--build",
    "output",
    type=click.Path(path_type=Path),
    help="The build to ask (default: build/ in the project's folder).",
)
@speaking
@click.pass_obj
def query(session: Session, /, words: tuple[str, ...], sparql: str | None, path: Path | None, **options: Any) -> None:
    """Ask the built graph: a question by NAME with its parameters (--county hengxian), or SPARQL by --sparql, --file or -.

    Without NAME, lists the questions, group by group; NAME --help tells of one.
    """
    from pbgraph import answers, queries, queryslips
    from pbgraph.opened import open_atlas
    from pbgraph.sentences import sentence

    project, language = session.project(), session.language
    name, given = words_of(words)
    if options["listed"] or (name, sparql, path) == (None, None, None):
        questions = queries.load(project, "questions")
        click.echo(answers.listed(questions, queries.groups(project), name or "", language), nl=False)
        return
    format_ = options["format_"] or ("table" if sys.stdout.isatty() else "csv")
    if format_ in ("json", "tsv") and (options["names"] or options["labels"]):
        raise click.UsageError(f"{format_} holds the terms themselves: --names and --labels are for table, csv and markdown")
    graph = open_atlas(project, options["output"]).graph
    asked = _asked(name, sparql, path, project)
    try:
        bindings = queries.bind(replace(asked, where=typed_at(asked)), given, graph, project.base)
    except Refused:
        _tell_if_older(session, options["output"])
        raise
    if name in (None, "-"):
        session.show(queryslips.strange(asked.sparql, asked.where.file, graph))
    with _interruptible(asked.where, options["timeout"], language):
        rows = queries.run(asked, graph, bindings)
    if options["columns"] is not None:
        rows = _chosen(rows, [column.strip() for column in options["columns"].split(",")], typed_at(asked))
    labels = format_ in ("table", "markdown") if options["labels"] is None else options["labels"]
    shown = "names" if options["names"] else "both" if labels else "ids"
    if format_ == "table" or not rows.rows:
        click.echo(sentence("rows", language, count=len(rows.rows)), err=True)
    _tell_if_older(session, options["output"])
    text = answers.written(rows, answers.cell(graph, shown, language), format_, shown != "ids")
    click.echo(text if format_ in ("table", "markdown") else text.encode(), nl=False)  # Programs read UTF-8 in every locale.


def _tell_if_older(session: Session, output: Path | None) -> None:
    """Say of a build that it is not one of the files as they are, if so; where none was touched since, none is read."""
    from pbgraph import cache
    from pbgraph.build import MANIFEST, digest_of, read_manifest
    from pbgraph.sentences import sentence

    project = session.project()
    folder = output or project.root / "build"
    files = project.inputs()
    places = {*files, *(path.parent for path in files), *cache.package_files()} - {project.root}
    built = min(cache.stat_of(folder / MANIFEST)[2:])
    touched = any(max(cache.stat_of(path)[2:]) > built for path in places)
    if touched and read_manifest(folder)["digest"] != digest_of(project, cache.of(project.root)):
        click.echo(sentence("older", session.language), err=True)


def typed_at(query: Query) -> Where:
    """Where to say that something is wrong which was typed beside a query's name: not in the query's file."""
    return Where(query.name)


@contextmanager
def _interruptible(where: Where, timeout: float | None, language: str) -> Iterator[None]:
    """Within, Ctrl-C and the time given end the process at once: the store is only read, and its search hears nobody."""

    def give_up() -> None:
        click.echo(problem(where, "query-timeout", seconds=f"{timeout:g}").render(language), err=True)
        os._exit(1)

    timer = threading.Timer(timeout or 0, give_up)
    timer.daemon = True
    before = signal.signal(signal.SIGINT, signal.SIG_DFL) if threading.current_thread() is threading.main_thread() else None
    if timeout and timeout <= threading.TIMEOUT_MAX:  # No clock counts on to more, nor to inf and nan.
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if before is not None:
            signal.signal(signal.SIGINT, before)


def _chosen(rows: Rows, columns: Sequence[str], where: Where) -> Rows:
    from pbgraph.likeness import near

    if unknown := [name for name in columns if name not in rows.variables]:
        raise Refused([problem(where, "unknown-column", column=name, **near(name, rows.variables)) for name in unknown])
    return rows.project(columns)


def words_of(words: Sequence[str]) -> tuple[str | None, dict[str, str]]:
    """The name that was typed and the parameters (`--key value`), in whatever order. UsageError: a word is neither."""
    name: str | None = None
    given: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        if not word.startswith("--"):
            if name is not None:
                raise click.UsageError(f"unexpected argument: {word}")
            name = word
            continue
        key, equals, value = word[2:].partition("=")
        if not equals and (value := next(rest, "")) == "":
            raise click.UsageError(f"--{key} needs a value")
        if key in given:
            raise click.UsageError(f"--{key} is given twice")
        if any("\ud800" <= each <= "\udfff" for each in value):  # what stands for bytes that are no text
            raise click.UsageError(f"--{key}: not UTF-8")
        given[key] = value
    return name, given


def _asked(name: str | None, sparql: str | None, path: Path | None, project: Project) -> Query:
    from pbgraph import queries

    if sum(each is not None for each in (name, sparql, path)) > 1:
        raise click.UsageError("give one of NAME, --sparql and --file")
    if sparql is not None:
        return queries.Query("--sparql", Where("--sparql", 1, 1), {}, sparql)
    if path is not None:
        return queries.read(path.read_bytes(), str(path), project.languages)
    if name == "-":
        return queries.read(sys.stdin.buffer.read(), "-", project.languages)
    return queries.find(name or "", queries.load(project, "questions"))
