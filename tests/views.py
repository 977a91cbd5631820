"""Which pages the views of a site make, for tests that look at some of each: a new view is looked at without being named."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from html_pages import Page
from pbgraph import queries, records
from pbgraph.checks import Checked
from pbgraph.terms import local_name

LANGUAGES = ("zh", "en")
FIELD = re.compile(r"(\{\w+\})")


def by_view(paths: Collection[str], checked: Checked) -> dict[str, list[str]]:
    """The HTML pages of each view that makes some, in order; a page belongs to the view whose output says most of its path."""
    views: dict[str, Any] = {}
    for folder in checked.project.paths["site"]:
        read = records.read((folder / "views.yaml").read_bytes(), "views.yaml")
        assert isinstance(read, records.Mapping)
        views |= {name: view for name, view in records.plain(read).items() if str(view["output"]).endswith(".html")}
    patterns = {name: _pattern(view["output"], _slugs(view.get("each", ""), checked)) for name, view in views.items()}
    found: dict[str, list[str]] = {name: [] for name in views}
    for path in sorted(paths):
        fitting = [name for name, pattern in patterns.items() if pattern.fullmatch(path)]
        assert fitting, path
        found[max(fitting, key=lambda name: len(FIELD.sub("", views[name]["output"])))].append(path)
    assert [name for name, own in found.items() if not own] == []
    return found


def _slugs(each: str, checked: Checked) -> str:
    """A pattern of the slugs of a page query's rows; of any slug where the pages are made from something else."""
    for query in queries.load(checked.project, "pages"):
        if query.name == each:
            rows = queries.run(query, checked.graph, {}).dicts()
            return "|".join(re.escape(local_name(str(row["this"]))) for row in rows)
    return {"questions": "[^/.]+", "answers": r"[^/.]+\.[^/]+"}.get(each, "[^/]+")


def _pattern(output: str, slugs: str) -> re.Pattern[str]:
    fields = {"slug": slugs, "language": "|".join(LANGUAGES)}
    parts = (f"(?:{fields[part[1:-1]]})" if FIELD.fullmatch(part) else re.escape(part) for part in FIELD.split(output))
    return re.compile("".join(parts))


def largest(paths: Collection[str], pages: Mapping[str, Page]) -> list[str]:
    """Of one view's pages, that with the most text in each language."""
    return _chosen(paths, pages, -1)


def typical(paths: Collection[str], pages: Mapping[str, Page]) -> list[str]:
    """Of one view's pages, that of middling length in each language."""
    return _chosen(paths, pages, None)


def _chosen(paths: Collection[str], pages: Mapping[str, Page], place: int | None) -> list[str]:
    chosen = []
    for language in (*(f".{each}.html" for each in LANGUAGES), ""):
        own = [path for path in paths if path.endswith(language) and (language or not path.endswith((".zh.html", ".en.html")))]
        ordered = sorted(own, key=lambda path: (len(pages[path].text), path))
        if ordered:
            chosen.append(ordered[len(ordered) // 2 if place is None else place])
    return chosen
