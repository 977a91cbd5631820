"""What pages are made from: views, the interface's sentences, and the rows of page queries, each query run once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pbgraph import queries, records
from pbgraph.addresses import Addresses
from pbgraph.labels import Labels
from pbgraph.problems import PbgraphError, Problem, Refused, Where, problem
from pbgraph.project import Project
from pbgraph.queries import Query
from pbgraph.store import Graph
from pbgraph.terms import Iri, Term

Row = Mapping[str, Term]
Sentences = Mapping[str, str | Mapping[str, str]]
"""One sentence by language: a text, or where a number decides its form, a text for `one` and for `other`."""

_ALLOWED = {"output", "template", "each", "data", "show"}


class TemplateError(PbgraphError):
    """A template asked for something that is not there: an unknown sentence or query."""


@dataclass(frozen=True)
class View:
    """One entry of views.yaml: the pages `output` (with {slug} and {language}) from `template`, one for each row of `each`.

    Without `each` there is one page a language, without {language} one for all. With `data` the RDF of the row's node
    stands beside its page as Turtle and JSON-LD. `show` is what the template is told besides.
    """

    name: str
    output: str
    template: str
    each: str = ""
    data: bool = False
    show: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Site:
    """All that pages are made from; `extras` are further named collections for templates (question results, pictures)."""

    project: Project
    graph: Graph
    labels: Labels
    addresses: Addresses
    extras: Mapping[str, Any]
    _rows: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    _values: dict[str, dict[str, list[Term]]] = field(default_factory=dict)

    @cached_property
    def page_queries(self) -> Mapping[str, Query]:
        """The page queries by name."""
        return {query.name: query for query in queries.load(self.project, "pages")}

    @cached_property
    def messages(self) -> Mapping[str, Sentences]:
        """Every sentence of the interface by key and language, a later folder's replacing an earlier one's of the same key.

        Refused: an entry that is no sentence.
        """
        found: dict[str, Sentences] = {}
        for folder in self.project.paths["site"]:
            path = folder / "messages.yaml"
            for key, entry in _read_yaml(path, self.project).items():
                if not isinstance(entry, Mapping) or not all(map(_is_sentence, entry.values())):
                    reason = f"`{key}` needs a text in each language, or one for `one` and one for `other`"
                    raise Refused([problem(Where(self.project.address(path)), "view", reason=reason)])
                found[key] = entry
        return found

    def rows(self, name: str, this: object = "") -> list[Row]:
        """The rows of a page query whose ?this is `this` (all of them where it is empty); every query runs once.

        TemplateError: there is no such query.
        """
        if name not in self._rows:
            if name not in self.page_queries:
                raise TemplateError(f"no page query `{name}`")
            grouped: dict[str, list[Row]] = {"": []}
            for row in queries.run(self.page_queries[name], self.graph).dicts():
                grouped[""].append(row)
                if "this" in row:
                    grouped.setdefault(str(row["this"]), []).append(row)
            self._rows[name] = grouped
        return self._rows[name].get(str(this), [])

    def values(self, node: object) -> dict[str, list[Term]]:
        """What is stated of a node: the rows of the page query `statements` as property IRI → values, parts in their order."""
        key = str(node)
        if key not in self._values:
            found: dict[str, list[Term]] = {}
            for row in self.rows("statements", node):
                found.setdefault(str(row["key"]), []).append(row["value"])
            self._values[key] = {name: sorted(terms, key=_number) for name, terms in found.items()}
        return self._values[key]

    def subjects(self, node: object) -> list[str]:
        """A node, what the page query `data` adds to it, and, by the page query `parts`, all their parts."""
        found = [str(node), *(str(row["subject"]) for row in self.rows("data", node))]
        for each in found:
            found.extend(str(row["part"]) for row in self.rows("parts", each))
        return found

    def items(self, view: View) -> Sequence[Mapping[str, Any]]:
        """What a view makes a page for: one of the extras, or a page query's rows, each node once."""
        if not view.each:
            return [{}]
        if view.each in self.extras:
            return list(self.extras[view.each])
        return list({str(row["this"]): row for row in self.rows(view.each)}.values())

    def views(self) -> list[View]:
        """The views of views.yaml, a later folder's replacing an earlier one's of the same name. Refused: a bad entry."""
        found: dict[str, View] = {}
        for folder in self.project.paths["site"]:
            path = folder / "views.yaml"
            for name, entry in _read_yaml(path, self.project).items():
                if not _is_view(entry):
                    reason = f"`{name}` needs `output` and `template`, and may have `each`, `data` and `show`"
                    raise Refused([problem(Where(self.project.address(path)), "view", reason=reason)])
                rest = {key: entry[key] for key in ("each", "show") if key in entry}
                data = entry.get("data") == "true"
                found[name] = View(name, entry["output"], entry["template"], data=data, **rest)
        return list(found.values())

    @cached_property
    def colours(self) -> Mapping[str, str]:
        """The colour `#rrggbb` of each kind of node (local name of its class) that has one."""
        given: Mapping[str, str] = self.extras.get("colours", {})
        return given

    def kind(self, node: object) -> Iri:
        """The most specific class of a node."""
        return Iri(self.labels.class_of(str(node)))


def _is_view(entry: object) -> bool:
    if not isinstance(entry, Mapping) or not {"output", "template"} <= set(entry) <= _ALLOWED:
        return False
    return all(isinstance(value, Mapping if key == "show" else str) for key, value in entry.items())


def _is_sentence(entry: object) -> bool:
    forms = entry if isinstance(entry, Mapping) else {"one": entry, "other": entry}
    return set(forms) == {"one", "other"} and all(isinstance(form, str) for form in forms.values())


def _number(term: Term) -> int:
    """The place of a part among its like: the number at the end of its address (0: it has none)."""
    last = str(term).rpartition(".")[2] if isinstance(term, Iri) else ""
    return int(last) if last.isdecimal() and last.isascii() else 0


def _read_yaml(path: Path, project: Project) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    found = records.read(project.read(path), project.address(path))
    if isinstance(found, Problem):
        raise Refused([found])
    plain: Mapping[str, Any] = records.plain(found)
    return plain
