"""Templates (jinja2): how they are found, compiled and filled in, and what is wrong with them."""

from __future__ import annotations

import os
import posixpath
import traceback
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from pbgraph.addresses import is_iri
from pbgraph.phrases import safe
from pbgraph.problems import Detail, Problem, Refused, Where, problem
from pbgraph.sentences import in_all
from pbgraph.sites import VIEWS, Site, TemplateError, View

BLUNDERS = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
"""What Python raises where a template uses a value in a way that the value does not support."""

_JINJA = posixpath.dirname(jinja2.__file__)


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


def compile_all(site: Site, views: Sequence[View]) -> None:
    """Compile all templates; one that cannot be compiled is left to the page that needs it, where that is told.

    Refused: a template fills a block that what it extends has not, so that nobody would see it, or extends itself; a view tells
    what no template asks for.
    """
    every = environment(site, {})
    blocks: dict[str, _Blocks] = {}
    for name in every.list_templates():
        with suppress(jinja2.TemplateError, OSError, UnicodeError):
            every.get_template(name)
            blocks[name] = _blocks(every, name)
    problems = [each for name in blocks for each in _lost(name, blocks, site)]
    asked = {word for each in blocks.values() for word in each.words}
    # Sources are cited by what `show` tells of their classes, whose names begin with a capital.
    unasked = ((view, key) for view in views for key in view.show if key not in asked and not key[:1].isupper())
    problems += [problem(view.where, "view", reason=in_all("reason-show", key=key, name=view.name)) for view, key in unasked]
    if problems:
        raise Refused(problems)


@dataclass(frozen=True)
class _Blocks:
    """The template that one extends (empty: none that is named), all its blocks, and by name the lines of the outermost.

    `words` are the texts and names of fields in it.
    """

    extends: str
    every: Collection[str]
    outermost: Mapping[str, int]
    words: Collection[str]


def _blocks(templates: Templates, name: str) -> _Blocks:
    assert templates.loader
    tree = templates.parse(templates.loader.get_source(templates, name)[0])
    extended = tree.find(jinja2.nodes.Extends)
    above = extended.template.value if extended and isinstance(extended.template, jinja2.nodes.Const) else ""
    outermost = {each.name: each.lineno for each in tree.body if isinstance(each, jinja2.nodes.Block)}
    words = {
        *(each.value for each in tree.find_all(jinja2.nodes.Const)),
        *(each.attr for each in tree.find_all(jinja2.nodes.Getattr)),
    }
    return _Blocks(above, {each.name for each in tree.find_all(jinja2.nodes.Block)}, outermost, words)


def _lost(name: str, blocks: Mapping[str, _Blocks], site: Site) -> Iterator[Problem]:
    """The blocks of a template that nothing which it extends has a place for; that it extends itself, if it does."""
    above = [name]
    while (extended := blocks[above[-1]].extends) in blocks:
        if extended in above:
            yield problem(Where(_file(name, site)), "view", reason=in_all("reason-extends-itself", name=name))
            return
        above.append(extended)
    known = {block for each in above[1:] for block in blocks[each].every}
    for block, line in blocks[name].outermost.items() if known and not extended else ():
        if block not in known:
            why = in_all("reason-block", name=name, block=block, known=", ".join(sorted(known)))
            yield problem(Where(_file(name, site), line, 1), "view", reason=why)


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


class Templates(jinja2.Environment):
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


def environment(site: Site, vocabulary: Mapping[str, Any]) -> Templates:
    """The templates of a site, which may call what the vocabulary names."""
    folders = [folder / "templates" for folder in reversed(site.project.paths["site"])]
    found = Templates(
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
    found.context_class = _Context
    found.tests["iri"] = is_iri
    found.globals.update(vocabulary)
    return found


def rendered(view: View, templates: Templates, site: Site, context: Mapping[str, Any]) -> bytes:
    """The page that a view's template makes of what it is given, `page` being its name. Refused: it cannot be made."""
    try:
        return templates.get_template(view.template).render({**context, "view": view}).encode()
    except (jinja2.TemplateError, TemplateError, *BLUNDERS) as error:
        where = _where(error, view, site)
        if where is None:
            raise
        told = context["page"]
        if not where.file.startswith(view.where.file.removesuffix(VIEWS)):
            # Whoever takes a template from elsewhere will mend what it is given.
            where, told = view.where, f"{told}, {where}"
        raise Refused([problem(where, "view", reason=_reason(error, told, site))]) from error


def _reason(error: Exception, page: str, site: Site) -> Detail:
    """What is said of an error on a page; of a template that is not there, the project's own folders in which it is not."""
    if not isinstance(error, jinja2.TemplateNotFound):
        return f"{error} ({page})"
    folders = ", ".join(site.project.address(folder / "templates") for folder in site.project.paths["site"])
    return in_all("reason-template", name=error.name, folders=folders, page=page)


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
