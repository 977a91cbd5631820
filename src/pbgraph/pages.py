"""Views, templates and rows → pages: views.yaml decides which pages there are, templates get rows, never the store (jinja2)."""

from __future__ import annotations

import os
import posixpath
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import jinja2

from pbgraph import garbage
from pbgraph.addresses import is_iri
from pbgraph.forking import as_done_beside, as_many_as_fit, in_threads
from pbgraph.phrases import Phrases, safe
from pbgraph.problems import Problem, Refused, Where, problem
from pbgraph.progress import Progress, silent
from pbgraph.sites import Site, TemplateError, View
from pbgraph.terms import Literal, local_name
from pbgraph.tracing import Ledger, Made, stamp_of

Page = tuple[View, str, Mapping[str, Any]]
"""A page to be: its view, its file below the site's root, what its template is given."""

SLICE = 2000
"""How many files a process makes before it tells of them: each that makes some of a folder has to word its phrases anew."""

SITEMAPS = "sitemaps"
"""The collection of which a view makes sitemaps; they are no pages that a sitemap lists."""

LISTED = 20_000
"""So many pages at most stand in one sitemap: 50,000 addresses and 50 MB are allowed (sitemaps.org, protocol 0.9)."""

BLUNDERS = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
"""What Python says where a template wants of a value what it has not."""

_JINJA = posixpath.dirname(jinja2.__file__)

File = tuple[str, Callable[[], bytes]]
"""A file to be: its name below the site's root, and what makes its content."""


@dataclass
class Writer:
    """Writes the files of a site below `out`; those of an `earlier` build that would become the same are taken from there."""

    site: Site
    out: Path
    earlier: Ledger | None = None
    made: Made = field(default_factory=Made)
    written: int = 0
    _folders: set[Path] = field(default_factory=set)
    _environments: dict[tuple[str, str], jinja2.Environment] = field(default_factory=dict)

    def part(self, files: Sequence[File]) -> tuple[Made, int]:
        """Write some files; what was made, and how many of them were written anew."""
        made = Made()
        written = sum(self.file(name, make, made) for name, make in files)
        return made, written

    def file(self, name: str, make: Callable[[], bytes], made: Made) -> bool:
        """Write one file, or link to that of the earlier build if neither it nor what was read for it has changed since.

        What was read is noted in `made`; whether it was written anew is told.
        """
        path = self.out / name
        if path.parent not in self._folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(path.parent)
        if self.earlier and (noted := self.earlier.read_for(name)) and self.site.digest(noted[0]) == noted[1]:
            with suppress(FileNotFoundError):
                os.link(self.earlier.folder / name, path)
                made.note(name, *noted)
                return False
        content, read = self.site.trace.during(make)
        path.write_bytes(content)
        made.note(name, read, self.site.digest(read), stamp_of(path))
        return True

    def environment(self, page: str, language: str) -> jinja2.Environment:
        """The templates for pages of one folder in one language, which all speak with the same vocabulary."""
        key = (posixpath.dirname(page), language)
        if key not in self._environments:
            self._environments[key] = _environment(self.site)
            self._environments[key].globals.update(Phrases(self.site, *key).vocabulary())
        return self._environments[key]


class _Compiled(jinja2.BytecodeCache):
    """Templates as Jinja compiled them, by name and content, for all environments of a process and of those it forks."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The name: wherever a template lies, it is told from others of its name by its content."""
        return name

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Give a template that another environment has compiled."""
        if found := self._kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Keep a template for the other environments."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def _compile_all(site: Site) -> None:
    """Compile all templates; one that cannot be compiled is left to the page that needs it, where that is told.

    Refused: a template fills a block that what it extends has not, so that nobody would see it, or extends itself.
    """
    environment = _environment(site)
    blocks: dict[str, _Blocks] = {}
    for name in environment.list_templates():
        with suppress(jinja2.TemplateError, OSError, UnicodeError):
            environment.get_template(name)
            blocks[name] = _blocks(environment, name)
    if problems := [each for name in blocks for each in _lost(name, blocks, site)]:
        raise Refused(problems)


@dataclass(frozen=True)
class _Blocks:
    """The template that one extends (empty: none that is named), all its blocks, and by name the lines of the outermost."""

    extends: str
    every: Collection[str]
    outermost: Mapping[str, int]


def _blocks(environment: jinja2.Environment, name: str) -> _Blocks:
    assert environment.loader
    tree = environment.parse(environment.loader.get_source(environment, name)[0])
    extended = tree.find(jinja2.nodes.Extends)
    above = extended.template.value if extended and isinstance(extended.template, jinja2.nodes.Const) else ""
    outermost = {each.name: each.lineno for each in tree.body if isinstance(each, jinja2.nodes.Block)}
    return _Blocks(above, {each.name for each in tree.find_all(jinja2.nodes.Block)}, outermost)


def _lost(name: str, blocks: Mapping[str, _Blocks], site: Site) -> Iterator[Problem]:
    """The blocks of a template that nothing which it extends has a place for; that it extends itself, if it does."""
    above = [name]
    while (extended := blocks[above[-1]].extends) in blocks:
        if extended in above:
            yield problem(Where(_file(name, site)), "view", reason=f"`{name}` extends itself")
            return
        above.append(extended)
    known = {block for each in above[1:] for block in blocks[each].every}
    for block, line in blocks[name].outermost.items() if known and not extended else ():
        if block not in known:
            reason = f"no template that `{name}` extends has a block `{block}`; there are {', '.join(sorted(known))}"
            yield problem(Where(_file(name, site), line, 1), "view", reason=reason)


@garbage.kept()
def write_site(site: Site, out: Path, earlier: Ledger | None = None, progress: Progress = silent) -> Writer:
    """Write all pages, their data and assets below `out`; what was made and how much of it was written anew.

    Refused: a view or template is wrong.
    """
    writer = Writer(site, out, earlier)
    taken: dict[str, str] = {}
    site.extras = {**site.extras, SITEMAPS: []}
    views = site.views()
    every = [page for view in views if view.each != SITEMAPS for page in _pages(view, site)]
    site.extras = {**site.extras, "every_page": dict.fromkeys(page for _, page, _ in every), SITEMAPS: _sitemaps(every)}
    every += [page for view in views if view.each == SITEMAPS for page in _pages(view, site)]
    for view, page, _ in every:
        _claim(page, view, taken)
    # Before the processes part, so that each is asked once.
    asked: list[Callable[[], object]] = [lambda: site.readings, *(partial(site.collect, name) for name in site.page_queries)]
    in_threads(asked, "site")
    site.graph.rest()  # of which pages need no more than what is told of a node
    if earlier is None:
        _compile_all(site)  # Likewise; after an edit few pages are made, and few templates needed
    parts = _parts(every, views, writer)
    total = sum(map(len, parts))
    progress("site", 0, total)
    works = [partial(writer.part, files) for files in parts]
    for _, (made, written) in as_done_beside(partial(_copy_files, site, out), works, as_many_as_fit()):
        writer.made.add(made)
        writer.written += written
        progress("site", len(writer.made.files), total)
    return writer


def _sitemaps(every: Sequence[Page]) -> list[dict[str, Any]]:
    """All pages in parts that one sitemap may hold, as a collection of which each row has some `pages`."""
    pages = [page for _, page, _ in every if page.endswith(".html")]
    parts = [pages[first : first + LISTED] for first in range(0, len(pages), LISTED)]
    return [{"this": Literal(str(number)), "pages": part} for number, part in enumerate(parts, 1)]


def _claim(page: str, view: View, taken: dict[str, str]) -> None:
    """Note that a view writes a page; names that differ in capitals only are one file on some disks, so they clash."""
    if first := taken.get(page.lower()):
        raise Refused([problem(view.where, "view", reason=f"`{view.name}` and `{first}` both write {page}")])
    taken[page.lower()] = view.name


def _pages(view: View, site: Site) -> Iterator[Page]:
    languages = site.project.languages if "{language}" in view.output else site.project.languages[:1]
    for language in languages:
        for item in site.items(view):
            name = local_name(str(item["this"])) if "this" in item else ""
            page = view.output.replace("{slug}", name).replace("{language}", language)
            yield view, page, {**item, "language": language, "slug": name}


def _parts(every: Sequence[Page], views: Sequence[View], writer: Writer) -> list[list[File]]:
    """All files in parts of at most SLICE, those with the same phrases together: of one folder in one language; data."""
    parts: dict[tuple[str, str], list[File]] = {}
    for view, page, context in every:
        part = parts.setdefault((posixpath.dirname(page), context["language"]), [])
        part.append((page, partial(_render, view, writer, page, context)))
    for view in views:
        if view.data:
            parts["data", view.name] = list(_data_files(view, writer.site))
    largest = sorted(parts.values(), key=len, reverse=True)
    return [files[first : first + SLICE] for files in largest for first in range(0, len(files), SLICE)]


def _data_files(view: View, site: Site) -> Iterator[File]:
    for item in site.items(view):
        base = view.output.replace("{slug}", local_name(str(item["this"]))).removesuffix(".{language}.html")
        for suffix in ("ttl", "jsonld"):
            yield f"{base}.{suffix}", partial(_data, site, item["this"], suffix)


def _data(site: Site, this: object, suffix: str) -> bytes:
    return site.graph.serialize(site.described(this), suffix)


def _copy_files(site: Site, out: Path) -> None:
    """Put beside the pages what they are shown with, and what can be downloaded."""
    for folder in site.project.paths["site"]:
        for asset in sorted((folder / "assets").glob("*")):
            _copy(asset, out / "assets" / asset.name)
    for name, file in site.extras.get("downloads", {}).items():
        _copy(file.path, out / "downloads" / name)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


class _Context(jinja2.runtime.Context):
    """Calls of templates go straight to the function: none of ours wants what Jinja would look for before each call."""

    def call(self, function: Any, /, *args: Any, _loop_vars: object = None, _block_vars: object = None, **named: Any) -> Any:
        """What a function or macro gives for what a template hands it."""
        return function(*args, **named)


class _Code(jinja2.compiler.CodeGenerator):
    """Templates put out what is safe already as it is; Jinja's own code would make it anew, of which pages take a sixth."""

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write("environment.safe(")
        else:
            super()._output_child_pre(node, frame, finalize)


class _Templates(jinja2.Environment):
    """Templates that all share one set of globals, so that a template imported by many is made once."""

    code_generator_class = _Code
    safe = staticmethod(safe)

    def make_globals(self, d: Any) -> Any:
        """The globals themselves: no template is given more."""
        return self.globals

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What a row has in a column, whatever the column is called; else what Jinja finds."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def _environment(site: Site) -> jinja2.Environment:
    folders = [folder / "templates" for folder in reversed(site.project.paths["site"])]
    environment = _Templates(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=lambda name: name is None or name.endswith((".html", ".svg", ".xml")),
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        bytecode_cache=_COMPILED,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.context_class = _Context
    environment.tests["iri"] = is_iri
    return environment


def _render(view: View, writer: Writer, page: str, context: Mapping[str, Any]) -> bytes:
    if view.each:
        writer.site.rows(view.each, context["this"])  # what the page is given counts as read for it
    try:
        template = writer.environment(page, context["language"]).get_template(view.template)
        return template.render({**context, "page": page, "view": view}).encode()
    except (jinja2.TemplateError, TemplateError, *BLUNDERS) as error:
        where = _where(error, view, writer.site)
        if where is None:
            raise
        raise Refused([problem(where, "view", reason=f"{error} ({page})")]) from error


def _where(error: Exception, view: View, site: Site) -> Where | None:
    """The line of a template or view that an error comes from; None for a blunder that is none of a template's."""
    if isinstance(error, jinja2.TemplateNotFound) and error.name == view.template:
        return view.where
    folders = [folder / "templates" for folder in site.project.paths["site"]]
    if isinstance(error, jinja2.TemplateSyntaxError):
        return Where(_file(error.name or view.template, site), error.lineno, 1)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(_JINJA)]
    while frames[-1].filename == __file__ and frames[-1].name == _Context.call.__name__:
        frames.pop()  # what is called has not begun: it does not take what it is given
    own = [frame for frame in frames if frame.filename.startswith(tuple(f"{folder}{os.sep}" for folder in folders))]
    if isinstance(error, BLUNDERS) and frames[-1] not in own:
        return None
    if not own:
        return Where(_file(view.template, site))
    return Where(site.project.address(Path(own[-1].filename)), own[-1].lineno or 0, 1)


def _file(template: str, site: Site) -> str:
    """The address of a template: in the last folder that has it."""
    there = [path for folder in reversed(site.project.paths["site"]) if (path := folder / "templates" / template).exists()]
    return site.project.address(there[0]) if there else f"templates/{template}"
