"""Where pages are on the web: absolute addresses, and the same page in other languages."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from urllib.parse import quote

from pbgraph.project import Project

FRONT = "index.html"


@dataclass(frozen=True)
class Published:
    """The pages of a project as they are known outside, where its configuration says that they are published."""

    project: Project

    def url(self, page: str) -> str:
        """The absolute address of a page or file given below the site's root; the front page's is the root itself."""
        return f"{self.project.published}{quote(page) if page != FRONT else ''}"

    def alternates(self, page: str, pages: Container[str]) -> list[tuple[str, str]]:
        """A page in all its languages, as pairs of language tag and absolute address; `pages` are those there are.

        Last comes `x-default`, for readers of no such language: the page that offers all of them, else the first.
        """
        stem = self._stem(page)
        found = [(tag, f"{stem}.{tag}.html") for tag in self.project.languages if f"{stem}.{tag}.html" in pages]
        if found:
            found.append(("x-default", f"{stem}.html" if f"{stem}.html" in pages else found[0][1]))
        return [(tag, self.url(each)) for tag, each in found]

    def _stem(self, page: str) -> str:
        stem = page.removesuffix(".html")
        return next((stem.removesuffix(f".{tag}") for tag in self.project.languages if stem.endswith(f".{tag}")), stem)
