"""What pages are made from: views, the interface's sentences, and the rows of page queries, each query run once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Any

from pbgraph import pronouncing, queries, yamlfiles
from pbgraph.addresses import Addresses
from pbgraph.index import Index
from pbgraph.labels import Label, Labels, Piece
from pbgraph.mapping import placed
from pbgraph.problems import PbgraphError, Refused, Where, problem
from pbgraph.project import CITATION, Project
from pbgraph.queries import Query
from pbgraph.romanizing import Readings
from pbgraph.sentences import in_all
from pbgraph.solutions import Grouped
from pbgraph.store import Graph
from pbgraph.terms import CORE, RDF, RDFS, Iri, Term, local_name
from pbgraph.tracing import Key, Trace

Row = Mapping[str, Term]
Sentences = Mapping[str, str | Mapping[str, str]]
"""One sentence by language: a text, or where a number decides its form, a text for `one` and for `other`."""

NAMING = (f"{CORE}name", f"{RDFS}label", f"{RDF}type")
"""What the data beside a page say of nodes that are no more than named there."""

VIEWS = "views.yaml"
"""The name of the file of views in each folder of a site."""

KEPT = 10_000
"""So much of each kind of what pages ask for is kept at a time."""

_FIELD = re.compile(r"\{(\w*)\}")
_ALLOWED = {"output", "template", "each", "data", "show"}


class TemplateError(PbgraphError):
    """A template asked for something that is not there: an unknown sentence or query."""


@dataclass(frozen=True)
class View:
    """One entry of views.yaml: the pages `output` (with {slug} and {language}) from `template`, one for each row of `each`.

    Without `each` there is one page a language, without {language} one for all. With `data` the RDF of the row's node
    stands beside its page as Turtle and JSON-LD. `show` is what the template is told besides. `where` is the entry's place.
    """

    name: str
    where: Where
    output: str
    template: str
    each: str = ""
    data: bool = False
    show: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Site:
    """All that pages are made from; whatever of it can differ from build to build is read by a way that leaves a note in `trace`.

    `extras` are further collections for templates: lists of rows, which `rows` finds as it finds those of page queries, and
    whatever else `given` gives. `tools` are what templates may call by name; they read by the ways of the site, too.
    """

    project: Project
    graph: Graph
    labels: Labels
    addresses: Addresses
    extras: Mapping[str, Any]
    index: Index = field(default_factory=lambda: Index({}, {}, frozenset(), (), lambda file: {}))
    trace: Trace = field(default_factory=Trace)
    tools: Mapping[str, Any] = field(default_factory=dict)
    _collected: dict[str, Grouped | dict[str, list[Row]]] = field(default_factory=dict)
    _whole: dict[str, list[Row]] = field(default_factory=dict)
    _described: tuple[str, Sequence[Any]] = ("", ())

    def __post_init__(self) -> None:
        # Each keeps the last ones only: of a large project, what all pages ask for together would fill the memory.
        self._of = lru_cache(KEPT)(self._rows_of)
        self._stated = lru_cache(KEPT)(self._values)
        self._digest = lru_cache(KEPT)(self._digest_of)
        self._read = lru_cache(KEPT)(self._pinyin)

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
            for key, entry, where in yamlfiles.entries(folder / "messages.yaml", self.project):
                if not isinstance(entry, Mapping) or not all(map(_is_sentence, entry.values())):
                    raise Refused([problem(where, "view", reason=in_all("reason-messages", key=key))])
                found[key] = entry
        return found

    @cached_property
    def readings(self) -> Readings:
        """How names are read."""
        return pronouncing.readings(self.project, self.graph)

    def pinyin(self, name: str) -> str:
        """How a Chinese name is read, in pinyin with marks of tone."""
        self.trace.note("pinyin", name)
        return self._read(name)

    def _pinyin(self, name: str) -> str:
        return self.readings.pinyin(name)

    def rows(self, name: str, this: object = "") -> list[Row]:
        """The rows of a page query or of one of the extras whose ?this is `this` (all where it is empty); each query runs once.

        TemplateError: there is neither.
        """
        asked = str(this)
        self.trace.note("rows", name, asked)
        if asked:
            return self._of(name, asked)
        if name not in self._whole:
            found = self.collect(name)
            self._whole[name] = found.all() if isinstance(found, Grouped) else self.extras[name]
        return self._whole[name]

    def row(self, name: str, this: object) -> Row:
        """The first of these rows, for what has to be there. TemplateError: there is none, or neither."""
        if not (found := self.rows(name, this)):
            raise TemplateError(f"`{name}` has nothing called `{this}`")
        return found[0]

    def _rows_of(self, name: str, this: str) -> list[Row]:
        found = self.collect(name)
        return found.of(this) if isinstance(found, Grouped) else found.get(this, [])

    def collect(self, name: str) -> Grouped | Mapping[str, list[Row]]:
        """The rows of a page query or of one of the extras by what their ?this is. TemplateError: there is neither."""
        if name not in self._collected:
            self._collected[name] = self._grouped(name)
        return self._collected[name]

    def _grouped(self, name: str) -> Grouped | dict[str, list[Row]]:
        if name in self.page_queries:
            return queries.grouped(self.page_queries[name], self.graph)
        if not isinstance(self.extras.get(name), list):
            raise TemplateError(f"no page query `{name}`")
        grouped: dict[str, list[Row]] = {}
        for row in self.extras[name]:
            if "this" in row:
                grouped.setdefault(str(row["this"]), []).append(row)
        return grouped

    def given(self, name: str) -> Any:
        """One of the extras as it is, nothing if there is none of this name."""
        self.trace.note("given", name)
        return self.extras.get(name, {})

    def values(self, node: object) -> dict[str, list[Term]]:
        """What is stated of a node: the rows of the page query `statements` as property IRI → values, parts in their order."""
        key = str(node)
        self.trace.note("rows", "statements", key)
        return self._stated(key)

    def _values(self, node: str) -> dict[str, list[Term]]:
        found: dict[str, list[Term]] = {}
        for row in self.rows("statements", node):
            found.setdefault(str(row["key"]), []).append(row["value"])
        return {name: sorted(terms, key=_number) for name, terms in found.items()}

    def label(self, node: str, language: str) -> Label:
        """What a node is called in a language, or in another where it has no name in that."""
        self.trace.note("label", node, language)
        return self.labels.label(node, language)

    def pieces(self, node: str, language: str) -> list[Piece]:
        """The stretches of a node's label, each with the node it names."""
        self.trace.note("pieces", node, language)
        return self.labels.pieces(node, language)

    def amount(self, node: str, language: str) -> str:
        """The amount that a node carries, in words; nothing if it carries none."""
        self.trace.note("amount", node, language)
        return self.labels.amount({local_name(key): terms for key, terms in self.values(node).items()}, language)

    def kind(self, node: object) -> Iri:
        """The most specific class of a node."""
        self.trace.note("kind", str(node))
        return Iri(self.labels.class_of(str(node)))

    def core(self, name: str) -> Iri:
        """A term of the core by its local name. TemplateError: there is none, so that nothing would ever be told of it."""
        if not self.labels.class_of(CORE + name):
            raise TemplateError(f"the core has no term `{name}`")
        return Iri(CORE + name)

    def page(self, node: object, language: str) -> str:
        """The page below the site's root that shows a node, with its place on it; empty if none does."""
        self.trace.note("page", str(node), language)
        return self.addresses.page(str(node), language) or ""

    def described(self, node: object) -> Sequence[Any]:
        """The triples that stand beside the page of a node: its own and those of the nodes that belong to it."""
        self.trace.note("described", str(node))
        if self._described[0] != str(node):
            # Asked for several times in a row, once for each format.
            self._described = str(node), self.graph.describe(self._data(node), NAMING)
        return self._described[1]

    def _data(self, node: object) -> list[str]:
        found = [str(node), *self.addresses.shown_with(str(node)), *(str(row["subject"]) for row in self.rows("data", node))]
        for each in found:
            found.extend(str(row["part"]) for row in self.rows("parts", each))
        return found

    def digest(self, keys: Iterable[Key]) -> bytes:
        """A digest of all that the keys of a trace name, as it is now."""
        total = blake2b(digest_size=16)
        for key in keys:
            total.update(self._digest(key))
        return total.digest()

    def _digest_of(self, key: Key) -> bytes:
        way, *asked = key
        text = self._text_of(*asked) if way == "rows" else repr(getattr(self, way)(*asked)).encode()
        return blake2b(text, digest_size=16).digest()

    def _text_of(self, name: str, this: str) -> bytes:
        """What stands for rows, which need not be read to find out whether they are still the same."""
        found = self.collect(name)
        return found.told(this or None) if isinstance(found, Grouped) else repr(self.rows(name, this)).encode()

    def items(self, view: View) -> Sequence[Mapping[str, Any]]:
        """What a view makes a page for: rows of a page query or of the extras, each node once.

        A node that is shown on the page of another gets none. Refused: a row has no ?this.
        """
        if not view.each:
            return [{}]
        rows = self.rows(view.each)
        if any("this" not in row for row in rows):
            where = self.page_queries[view.each].where if view.each in self.page_queries else view.where
            raise Refused([problem(where, "view", reason=in_all("reason-this", name=view.name))])
        found = {str(row["this"]): row for row in rows}
        return [row for this, row in found.items() if this not in self.addresses.bare]

    def views(self) -> list[View]:
        """The views of views.yaml, a later folder's replacing an earlier one's of the same name. Refused: a bad entry."""
        found: dict[str, View] = {}
        for folder in self.project.paths["site"]:
            for name, entry, where in yamlfiles.entries(folder / VIEWS, self.project):
                if not _is_view(entry):
                    raise Refused([problem(where, "view", reason=in_all("reason-view", name=name))])
                if odd := self._odd(name, entry):
                    raise Refused([problem(where, "view", reason=odd)])
                rest = {key: entry[key] for key in ("each", "show") if key in entry}
                data = entry.get("data") == "true"
                found[name] = View(name, where, entry["output"], entry["template"], data=data, **rest)
        return list(found.values())

    def _odd(self, name: str, entry: Mapping[str, str]) -> Mapping[str, str]:
        """Why a view cannot make its pages, by language; empty if it can."""
        each, fields = entry.get("each", ""), set(_FIELD.findall(entry["output"]))
        if unknown := sorted(fields - {"slug", "language"}):
            return in_all("reason-output", name=name, field=unknown[0])
        if ".." in entry["output"].split("/") or entry["output"].startswith("/"):
            return in_all("reason-outside", name=name)
        if ("slug" in fields) != bool(each):
            return in_all("reason-slug", name=name)
        if entry.get("data") == "true" and not (each and {"data", "parts"} <= self.page_queries.keys()):
            return in_all("reason-data", name=name)
        if each and each not in self.page_queries and not isinstance(self.extras.get(each), list):
            return in_all("reason-each", name=name, each=each)
        return {}

    def place(self, node: str) -> Where | None:
        """The file and line in which a node was typed; None if no data file holds it."""
        self.trace.note("place", node)
        return self._origins.get(node)

    @cached_property
    def _origins(self) -> Mapping[str, Where]:
        found: dict[str, Where] = {}
        for file in self.index.files.values():
            for subject, place in file.places.items():
                found.setdefault(subject, placed(place, file.file))
        return found

    @cached_property
    def citation(self) -> Mapping[str, Any]:
        """What CITATION.cff (Citation File Format) says of the project; empty if there is none.

        Refused: it is no YAML, or tells the version or the authors in another form than that format's.
        """
        found = list(yamlfiles.entries(self.project.root / CITATION, self.project))
        if wrong := [problem(where, code, **told) for key, entry, where in found for code, told in _miscited(key, entry)]:
            raise Refused(wrong)
        return {key: entry for key, entry, _ in found}


def _miscited(key: str, entry: object) -> Iterator[tuple[str, dict[str, str]]]:
    if key == "version" and not isinstance(entry, str):
        yield "not-a-text", {"key": key}
    elif key == "authors" and not isinstance(entry, list):
        yield "not-a-list", {"key": key}
    elif key == "authors" and isinstance(entry, list):
        for author in entry:
            if isinstance(author, Mapping):
                yield from (("not-a-text", {"key": part}) for part, told in author.items() if not isinstance(told, str))
            else:
                yield "not-a-record", {"type": key}


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
