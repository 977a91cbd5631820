"""The command line: arguments, exit codes (0 done, 1 findings, 2 wrong usage), what goes to which stream (click)."""

from __future__ import annotations

import locale
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import pbgraph
from pbgraph import project as projects
from pbgraph.problems import Misused, Problem, Refused, Where, problem

if TYPE_CHECKING:
    from pbgraph.checks import Checked
    from pbgraph.queries import Query
    from pbgraph.store import Graph, Rows


class _Command(click.Group):
    """A group whose commands end in one line per problem and exit code 1 when they are refused, 2 when misused."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as refused:
            _show(refused.problems, ctx.params.get("language") or _locale_language())
            ctx.exit(2 if isinstance(refused, Misused) else 1)


def _locale_language() -> str:
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if name.startswith("zh") or (locale.getlocale()[0] or "").startswith("zh") else "en"


def _show(problems: Sequence[Problem], language: str) -> None:
    for found in problems:
        click.echo(found.render(language), err=True)


@click.group(cls=_Command, context_settings={"help_option_names": ["-h", "--help"]})
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
    ctx.obj = {"folder": folder, "language": language or _locale_language()}


@main.command()
@click.pass_obj
def check(obj: dict[str, Any]) -> None:
    """Read and check everything; each finding comes with file, line and column."""
    from pbgraph.checks import check as check_project

    checked = check_project(projects.load(obj["folder"]))
    _show(checked.problems, obj["language"])
    errors = len(checked.errors)
    click.echo(
        f"{checked.files} files, {len(checked.graph)} statements: {errors} errors, {len(checked.problems) - errors} warnings"
    )
    if errors:
        raise click.exceptions.Exit(1)


@main.command()
@click.argument("code")
@click.pass_obj
def explain(obj: dict[str, Any], code: str) -> None:
    """Say why a finding's CODE is there, with an example and what to do."""
    from pbgraph.explaining import explain as explained

    click.echo(explained(code, projects.load(obj["folder"]), obj["language"]), nl=False)


@main.command()
@click.option("--articles", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Where the articles' texts are.")
@click.option("--record", is_flag=True, help="Write data/verified.json, so that later changes show where there are no texts.")
@click.pass_obj
def verify(obj: dict[str, Any], articles: Path | None, record: bool) -> None:
    """Hold quotations and amounts against the articles' texts; without --articles, tell what changed since they last agreed."""
    from pbgraph import evidence, verified

    if record and articles is None:
        raise click.UsageError("--record needs --articles")
    checked = _sound(obj)
    if articles is None:
        found, agree = verified.changed(checked), "unchanged since they were verified"
    else:
        texts = evidence.find_articles(checked, articles)
        found, agree = evidence.verify(checked, texts), "agree with their texts"
    _show(found, obj["language"])
    if found:
        raise click.exceptions.Exit(1)
    click.echo(f"{evidence.count_quotes(checked)} quotations of {len(evidence.sources(checked))} article(s): {agree}")
    if record:
        click.echo(f"{verified.write(checked)} written")


@main.command()
@click.option(
    "--articles",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Where the articles' texts are.",
)
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", help="What is left, or everything.")
@click.argument("names", nargs=-1, metavar="[ARTICLE]...")
@click.pass_obj
def coverage(obj: dict[str, Any], articles: Path, format_: str, names: tuple[str, ...]) -> None:
    """List the figures and labels of the articles that no claim carries, paragraph by paragraph."""
    from pbgraph import coverage as coverages
    from pbgraph import evidence

    checked = _sound(obj)
    texts = evidence.find_articles(checked, articles)
    _show(texts.problems, obj["language"])
    if unknown := [name for name in names if name not in evidence.sources(checked)]:
        raise click.UsageError(f"no article {unknown[0]}; there are {', '.join(evidence.sources(checked))}")
    covered = coverages.cover(checked, [each for each in texts.articles if not names or each.name in names])
    if format_ == "json":
        click.echo(coverages.as_json(covered), nl=False)
    else:
        if any(each.open for each in covered):
            from pbgraph.terminal import as_table

            click.echo(as_table(coverages.left(covered), str), nl=False)
            click.echo("Claim each one, or list it in `ignored:` of its source by its words or its number:")
            click.echo('  - {because: nickname, passage: {9: "506070"}}    - {because: private-person, par: 6, nth: 1}')
        for each in covered:
            click.echo(coverages.summary(each))
    if texts.problems or not all(each.complete for each in covered):
        raise click.exceptions.Exit(1)


@main.command()
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="Sentences, or every row.")
@click.option(
    "--build", "output", type=click.Path(path_type=Path), help="The build to ask (default: build/ in the project's folder)."
)
@click.pass_obj
def conflicts(obj: dict[str, Any], format_: str, output: Path | None) -> None:
    """List what the claims say against each other, and what only looks as if they did."""
    from pbgraph import conflicts as told
    from pbgraph.labels import Labels

    project = projects.load(obj["folder"])
    graph, base = _built(output or project.root / "build")
    language = obj["language"]
    words = told.Words(Labels(graph, [language, "zh" if language == "en" else "en"]), f"{base}claim/", language)
    found = told.find(project, graph, words)
    click.echo((told.as_json if format_ == "json" else told.as_text)(found, words), nl=False)


def _built(output: Path) -> tuple[Graph, str]:
    """The graph of a build, and the base of its addresses. Refused: none there, or damaged."""
    from pbgraph.build import read_manifest
    from pbgraph.store import open_read_only

    if not os.path.lexists(output / "manifest.json"):
        raise Refused([problem(Where(output.name), "no-build")])
    try:
        manifest = read_manifest(output)
        return open_read_only(output / "store", manifest["prefixes"]), manifest["base"]
    except (OSError, ValueError) as error:
        raise Refused([problem(Where(output.name), "damaged-build", reason=str(error), build=output.name)]) from error


def _sound(obj: dict[str, Any]) -> Checked:
    """The checked project. Refused: it has errors."""
    from pbgraph.checks import check as check_project

    checked = check_project(projects.load(obj["folder"]))
    if checked.errors:
        raise Refused(checked.errors)
    return checked


@main.command()
@click.option("--output", type=click.Path(path_type=Path), help="Where to build (default: build/ in the project's folder).")
@click.option("--quiet", is_flag=True, help="Say nothing but problems.")
@click.pass_obj
def build(obj: dict[str, Any], output: Path | None, quiet: bool) -> None:
    """Check, then write store, dumps, tables, networks and site; the old build stays until the new one is complete."""
    from pbgraph.build import build as build_project

    project = projects.load(obj["folder"])
    target = (output or project.root / "build").absolute()
    with _stages(quiet) as progress:
        report = build_project(project, target, progress)
    _show(report.warnings, obj["language"])
    if quiet:
        return
    shown = os.path.relpath(target)
    counts = report.counts
    click.echo(f"{shown}/ is up to date." if not report.fresh else f"Built {shown}/ from {counts['files']} files:")
    click.echo(f"  {counts['entities']} entities, {counts['claims']} claims resting on {counts['passages']} passages")
    click.echo(f"  {counts['pages']} pages, {counts['tables']} tables, {counts['networks']} networks")
    click.echo(f"  {counts['quads']} statements in graph.ttl and graph.nq")
    click.echo(f"Open {shown}/site/index.html, or a file of {shown}/networks/ in Gephi; `pbgraph query` lists the questions.")


@contextmanager
def _stages(quiet: bool) -> Iterator[Callable[[str], None]]:
    """What to call as each stage begins: a spinner on a terminal, nothing when piped or quiet, which loads nothing either."""
    if quiet or not sys.stderr.isatty():
        yield lambda stage: None
        return
    from pbgraph.terminal import spinner

    with spinner() as show:
        yield show


@main.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[NAME] [--PARAMETER VALUE]...")
@click.option("--sparql", help="A SELECT of your own; pb:, id: and the other prefixes are declared already.")
@click.option("--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A file with a SELECT.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "csv", "tsv", "json", "markdown"]),
    help="Default: a table on a terminal, else CSV.",
)
@click.option("--labels/--no-labels", default=None, help="Names beside ids (default: in tables and Markdown).")
@click.option("--names", is_flag=True, help="Names instead of ids.")
@click.option("--list", "listed", is_flag=True, help="List the questions, or those about a WORD: pbgraph query --list broker.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), help="Give up after so many seconds (default: never).")
@click.option("--columns", help="Only these columns, in this order: village,partner,broker.")
@click.option(
    "--build",
    "output",
    type=click.Path(path_type=Path),
    help="The build to ask (default: build/ in the project's folder).",
)
@click.pass_context
def query(ctx: click.Context, /, words: tuple[str, ...], sparql: str | None, path: Path | None, **options: Any) -> None:
    """Ask the built graph: a question by NAME with its parameters (--county hengxian), or SPARQL by --sparql, --file or -.

    Without NAME, lists the questions, group by group.
    """
    from pbgraph import answers, queries

    project = projects.load(ctx.obj["folder"])
    output = options["output"] or project.root / "build"
    name, given = _words(words)
    language = given.pop("lang", ctx.obj["language"])
    questions = queries.load(project, "questions")
    if options["listed"] or not (name or sparql or path):
        click.echo(answers.listed(questions, queries.groups(project), name or "", language), nl=False)
        return
    graph, base = _built(output)
    asked = _asked(name, sparql, path, questions)
    with _misuse():
        bindings = queries.bind(asked, given, graph, base)
    _show([] if asked in questions else queries.unknown_terms(asked, graph), language)
    with _interruptible(asked.where, options["timeout"], language):
        rows = queries.run(asked, graph, bindings)
    rows = _chosen(rows, options["columns"].split(",")) if options["columns"] else rows
    format_ = options["format_"] or ("table" if sys.stdout.isatty() else "csv")
    labels = format_ in ("table", "markdown") if options["labels"] is None else options["labels"]
    shown = "names" if options["names"] else "both" if labels else "ids"
    if format_ == "table" or not rows.rows:
        click.echo(f"{len(rows.rows)} rows", err=True)
    click.echo(answers.written(rows, answers.cell(graph, shown, language), format_, shown != "ids"), nl=False)


@contextmanager
def _interruptible(where: Where, timeout: float | None, language: str) -> Iterator[None]:
    """Within, Ctrl-C and the time given end the process at once: the store is only read, and its search hears nobody."""

    def give_up() -> None:
        click.echo(problem(where, "query-timeout", seconds=f"{timeout:g}").render(language), err=True)
        os._exit(1)

    timer = threading.Timer(timeout or 0, give_up)
    timer.daemon = True
    before = signal.signal(signal.SIGINT, signal.SIG_DFL) if threading.current_thread() is threading.main_thread() else None
    if timeout:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if before is not None:
            signal.signal(signal.SIGINT, before)


def _chosen(rows: Rows, columns: Sequence[str]) -> Rows:
    unknown = [name for name in columns if name not in rows.variables]
    if unknown:
        raise click.UsageError(f"no column {unknown[0]}; there are {', '.join(rows.variables)}")
    return rows.project(columns)


def _words(words: Sequence[str]) -> tuple[str | None, dict[str, str]]:
    """The question's name and its parameters, in whatever order they were typed."""
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
        given[key] = value
    return name, given


@contextmanager
def _misuse() -> Iterator[None]:
    """What is refused within is wrong usage."""
    try:
        yield
    except Refused as refused:
        raise Misused(refused.problems) from refused


def _asked(name: str | None, sparql: str | None, path: Path | None, questions: list[Query]) -> Query:
    from pbgraph import queries

    if sum(each is not None for each in (name, sparql, path)) > 1:
        raise click.UsageError("give one of NAME, --sparql and --file")
    if sparql is not None:
        return queries.Query("--sparql", Where("--sparql"), {}, sparql)
    if path is not None:
        return queries.Query(path.stem, Where(str(path)), {}, _text(path.read_bytes(), str(path)))
    if name == "-":
        return queries.Query("-", Where("-"), {}, _text(sys.stdin.buffer.read(), "-"))
    with _misuse():
        return queries.find(name or "", questions)


def _text(content: bytes, file: str) -> str:
    from pbgraph.records import decoded

    text = decoded(content, file)
    if isinstance(text, Problem):
        raise Refused([text])
    return text
