"""Where what a page shows was typed: the file and its line, as links to the file's page, to its editing, to a report."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from pbgraph.addresses import relative
from pbgraph.listing import page_name
from pbgraph.problems import Where
from pbgraph.sites import Site


@dataclass(frozen=True)
class Origins:
    """The places of a site's nodes, told on the pages of one of its folders in one language."""

    site: Site
    folder: str
    language: str
    _files: dict[str, str] = field(default_factory=dict)

    def place_of(self, node: object) -> Where | None:
        """The file and line in which a node was typed; None if no data file holds it."""
        return self.site.place(str(node))

    def line_of(self, file: str, line: int) -> Where:
        """A line of a file as a place."""
        return Where(file, line, 1)

    def file_link(self, place: Where) -> str:
        """The link to a line on the page of its file."""
        if place.file not in self._files:
            name = page_name(self.site.project, Path(os.path.normpath(self.site.project.root / place.file)))
            self._files[place.file] = relative(f"files/{name}.{self.language}.html", self.folder)
        return f"{self._files[place.file]}#L{place.line}"

    def edit_link(self, place: Where) -> str:
        """The address at which a line can be edited, by `links.edit` of pbgraph.toml; empty without one or outside the folder."""
        if place.file.startswith("../"):
            return ""
        return self.site.project.links.get("edit", "").format(path=quote(place.file), line=place.line)

    def report_link(self, title: str, address: object) -> str:
        """The address at which an error can be reported, by `links.report` of pbgraph.toml; empty without one."""
        template = self.site.project.links.get("report", "")
        return template.format(title=quote(title, safe=""), address=quote(str(address), safe=""))
