"""Views, templates and rows → pages: views.yaml decides which pages there are, templates get rows, never the store."""

from __future__ import annotations

import os
import posixpath
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import accumulate
from pathlib import Path
from typing import Any, NoReturn

from pbgraph import garbage, templating
from pbgraph.forking import as_done_beside, as_many_as_fit, in_threads
from pbgraph.phrases import Phrases
from pbgraph.problems import Refused, problem
from pbgraph.progress import Progress, silent
from pbgraph.sentences import in_all
from pbgraph.sites import Site, View
from pbgraph.templating import Templates
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
    _templates: dict[tuple[str, str], Templates] = field(default_factory=dict)

    @cached_property
    def _mode(self) -> int:
        """The kind and rights of a file that is written now, by those of the folder."""
        return stat.S_IFREG | (self.out.stat().st_mode & 0o666)

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
            with suppress(OSError):  # It may be gone, or links not be allowed: the file is made instead.
                if (self.earlier.folder / name).stat().st_mode == self._mode:
                    os.link(self.earlier.folder / name, path)
                    made.note(name, *noted)
                    return False
        content, read = self.site.trace.during(make)
        path.write_bytes(content)
        made.note(name, read, self.site.digest(read), stamp_of(path))
        return True

    def templates(self, page: str, language: str) -> Templates:
        """The templates for pages of one folder in one language, which all speak with the same vocabulary."""
        key = (posixpath.dirname(page), language)
        if key not in self._templates:
            self._templates[key] = templating.environment(self.site, Phrases(self.site, *key).vocabulary())
        return self._templates[key]


@garbage.kept()
def write_site(site: Site, out: Path, earlier: Ledger | None = None, progress: Progress = silent) -> Writer:
    """Write all pages, their data and assets below `out`; what was made and how much of it was written anew.

    Refused: a view or template is wrong.
    """
    writer = Writer(site, out, earlier)
    site.extras = {**site.extras, SITEMAPS: []}
    views = site.views()
    every = [page for view in views if view.each != SITEMAPS for page in _pages(view, site)]
    site.extras = {**site.extras, "every_page": dict.fromkeys(page for _, page, _ in every), SITEMAPS: _sitemaps(every)}
    every += [page for view in views if view.each == SITEMAPS for page in _pages(view, site)]
    _refuse_clashes(every, views, site)
    # Before the processes part, so that each is asked once.
    asked: list[Callable[[], object]] = [lambda: site.readings, *(partial(site.collect, name) for name in site.page_queries)]
    in_threads(asked, "site")
    site.graph.rest()  # of which pages need no more than what is told of a node
    if earlier is None:
        templating.compile_all(site, views)  # Likewise; after an edit few pages are made, and few templates needed
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


def _refuse_clashes(every: Sequence[Page], views: Sequence[View], site: Site) -> None:
    """Refused: two files of the site have one name (some disks do not tell capitals apart), or one is a folder, too."""
    copied = [*_assets(site), *(f"downloads/{name}" for name in site.extras.get("downloads", {}))]
    taken = {name.lower(): "" for name in copied}
    written = [(view, page) for view, page, _ in every]
    written += [(view, name) for view in views if view.data for name, _ in _data_files(view, site)]

    def refuse(view: View, key: str, **told: str) -> NoReturn:
        raise Refused([problem(view.where, "view", reason=in_all(key, name=view.name, **told))])

    for view, name in written:
        if (first := taken.get(name.lower())) is not None:
            refuse(view, "reason-two-views" if first else "reason-two-copied", first=first, file=name)
        taken[name.lower()] = view.name
    for view, name in written:
        for folder in accumulate(name.split("/")[:-1], posixpath.join):
            if folder.lower() in taken:
                refuse(view, "reason-below-file", file=name, folder=folder)


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


def _render(view: View, writer: Writer, page: str, context: Mapping[str, Any]) -> bytes:
    if view.each:
        writer.site.rows(view.each, context["this"])  # what the page is given counts as read for it
    return templating.rendered(view, writer.templates(page, context["language"]), writer.site, {**context, "page": page})


def _data_files(view: View, site: Site) -> Iterator[File]:
    for item in site.items(view):
        base = view.output.replace("{slug}", local_name(str(item["this"]))).removesuffix(".{language}.html")
        for suffix in ("ttl", "jsonld"):
            yield f"{base}.{suffix}", partial(_data, site, item["this"], suffix)


def _data(site: Site, this: object, suffix: str) -> bytes:
    return site.graph.serialize(site.described(this), suffix)


def _assets(site: Site) -> dict[str, Path]:
    """The files that pages are shown with, by their names below the site's root: of one name that of the last folder."""
    found = [(path, folder) for folder in site.project.paths["site"] for path in sorted((folder / "assets").rglob("*"))]
    return {path.relative_to(folder).as_posix(): path for path, folder in found if path.is_file()}


def _copy_files(site: Site, out: Path) -> None:
    """Put beside the pages what they are shown with, and what can be downloaded."""
    for name, asset in _assets(site).items():
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(site.project.read(asset))
    for name, file in site.extras.get("downloads", {}).items():
        target = out / "downloads" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file.path, target)
