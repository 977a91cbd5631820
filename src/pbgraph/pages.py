"""Views, templates and rows → pages: views.yaml decides which pages there are, templates get rows, never the store (jinja2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jinja2

from pbgraph.addresses import is_iri
from pbgraph.phrases import Phrases
from pbgraph.problems import Refused, Where, problem
from pbgraph.sites import Site, TemplateError, View
from pbgraph.terms import CORE, RDF, RDFS, local_name

NAMING = (f"{CORE}name", f"{RDFS}label", f"{RDF}type")
"""What the data beside a page say of nodes that are no more than named there."""


def write_site(site: Site, out: Path) -> int:
    """Write all pages, their data and assets below `out`; how many HTML pages there are. Refused: a view or template is wrong."""
    environment = _environment(site)
    written: dict[str, str] = {}
    for view in site.views():
        for page, context in _pages(view, site):
            _claim(page, view, written)
            _write(out / page, _render(environment, view, site, page, context).encode())
        if view.data:
            _write_data(view, site, out)
    for folder in site.project.paths["site"]:
        for asset in sorted((folder / "assets").glob("*")):
            _write(out / "assets" / asset.name, asset.read_bytes())
    for name, path in site.extras.get("downloads", {}).items():
        _write(out / "downloads" / name, path.read_bytes())
    return sum(page.endswith(".html") for page in written)


def _claim(page: str, view: View, written: dict[str, str]) -> None:
    """Note that a view writes a page; names that differ in capitals only are one file on some disks, so they clash."""
    if first := written.get(page.lower()):
        raise Refused([problem(Where("views.yaml"), "view", reason=f"{view.name} and {first} both write {page}")])
    written[page.lower()] = view.name


def _pages(view: View, site: Site) -> Iterator[tuple[str, dict[str, Any]]]:
    languages = site.project.languages if "{language}" in view.output else site.project.languages[:1]
    for language in languages:
        for item in site.items(view):
            name = local_name(str(item["this"])) if "this" in item else ""
            page = view.output.replace("{slug}", name).replace("{language}", language)
            yield page, {**item, "language": language, "slug": name}


def _write_data(view: View, site: Site, out: Path) -> None:
    for item in site.items(view):
        triples = site.graph.describe(site.subjects(item["this"]), NAMING)
        base = view.output.replace("{slug}", local_name(str(item["this"]))).removesuffix(".{language}.html")
        for suffix in ("ttl", "jsonld"):
            _write(out / f"{base}.{suffix}", site.graph.serialize(triples, suffix))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _environment(site: Site) -> jinja2.Environment:
    folders = [folder / "templates" for folder in reversed(site.project.paths["site"])]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=lambda name: name is None or name.endswith(".html"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.tests["iri"] = is_iri
    return environment


def _render(environment: jinja2.Environment, view: View, site: Site, page: str, context: Mapping[str, Any]) -> str:
    vocabulary = Phrases(site, page, context["language"]).vocabulary()
    try:
        template = environment.get_template(view.template)
        return template.render({**site.extras, **vocabulary, **context, "page": page, "view": view})
    except (jinja2.TemplateError, TemplateError) as error:
        where = Where(f"templates/{getattr(error, 'name', None) or view.template}", getattr(error, "lineno", 0) or 0, 1)
        raise Refused([problem(where, "view", reason=f"{error} ({page})")]) from error
