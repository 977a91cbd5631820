"""What a node is called in a language: its name, else the sentence its class's caption composes, else its own address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from pbgraph.store import Graph
from pbgraph.terms import CORE, Iri, Literal, Term, local_name

_NAMES = """
SELECT ?node ?text WHERE {
  { ?node pb:name ?text } UNION { ?node rdfs:label ?text FILTER (LANG(?text) != "") }
}"""
_CLASSES = """
SELECT ?class ?caption ?super WHERE {
  ?class a owl:Class . OPTIONAL { ?class pb:caption ?caption } OPTIONAL { ?class rdfs:subClassOf ?super }
}"""
_PROPERTIES = """
SELECT ?property ?dimension ?default WHERE {
  ?property a ?kind FILTER (?kind IN (owl:ObjectProperty, owl:DatatypeProperty))
  OPTIONAL { ?property pb:dimension ?dimension }
  OPTIONAL { ?property pb:default ?default }
}"""
_NAMINGS = "SELECT ?node ?text WHERE { ?node pb:naming/pb:name ?text }"
_TYPES = "SELECT ?node ?type WHERE { ?node a ?type }"
_BLANKS = re.compile(r"\s+")
_KEYS = re.compile(r"\{(\w+)\}")
_AMOUNT = ("value", "share", "unit")
_parts = cache(re.compile(r"(\[[^\[\]]*\]|\{\w+\})").split)
"""A caption in parts: words, and between them a key or what is optional."""


Values = Mapping[str, Sequence[Term]]


@dataclass(frozen=True)
class Label:
    """A label and the language it is in, which differs from the one asked for where there is no other."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


class Piece(NamedTuple):
    """A stretch of a label: its text, the node it names (empty: words between) and the language it is in (empty: any)."""

    text: str
    node: str = ""
    language: str = ""


@dataclass
class Labels:
    """Labels of every node of a graph; `languages` is the order in which another language serves where one is missing."""

    graph: Graph
    languages: Sequence[str]
    _names: dict[str, dict[str, str]] = field(default_factory=dict)
    _namings: dict[str, set[str]] = field(default_factory=dict)
    _captions: dict[str, dict[str, str]] = field(default_factory=dict)
    _supers: dict[str, list[str]] = field(default_factory=dict)
    _above: dict[str, list[str]] = field(default_factory=dict)
    _dimensions: list[str] = field(default_factory=list)
    _defaults: dict[str, Term] = field(default_factory=dict)
    _types: dict[str, str] = field(default_factory=dict)
    _known: dict[tuple[str, str], Label] = field(default_factory=dict)
    _composed: dict[tuple[str, str], list[Piece]] = field(default_factory=dict)
    _stated: dict[str, dict[str, list[Term]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._read_names()
        self._read_ontology()
        for node, cls in self.graph.select(_TYPES).rows:
            self._keep_most_specific(str(node), str(cls))

    def _read_names(self) -> None:
        for node, text in self.graph.select(_NAMES).rows:
            if isinstance(text, Literal):
                names = self._names.setdefault(str(node), {})
                names[text.language] = min(names.get(text.language, text.text), text.text)
        for row in self.graph.select(_NAMINGS).dicts():
            self._namings.setdefault(str(row["node"]), set()).add(str(row["text"]))

    def _read_ontology(self) -> None:
        for row in self.graph.select(_CLASSES).dicts():
            if isinstance(caption := row.get("caption"), Literal):
                self._captions.setdefault(str(row["class"]), {})[caption.language] = caption.text
            if (above := row.get("super")) is not None:
                self._supers.setdefault(str(row["class"]), []).append(str(above))
        for row in self.graph.select(_PROPERTIES).dicts():
            if "dimension" in row:
                self._dimensions.append(local_name(str(row["property"])))
            if "default" in row:
                self._defaults[local_name(str(row["property"]))] = row["default"]

    def _keep_most_specific(self, node: str, cls: str) -> None:
        kept = self._types.setdefault(node, cls)
        if kept != cls and (len(self.ancestors(cls)), cls) > (len(self.ancestors(kept)), kept):
            self._types[node] = cls

    def ancestors(self, cls: str) -> list[str]:
        """A class and all it is a kind of, nearest first."""
        if cls not in self._above:
            found = [cls]
            for each in found:
                found.extend(above for above in sorted(self._supers.get(each, [])) if above not in found)
            self._above[cls] = found
        return self._above[cls]

    def class_of(self, node: str) -> str:
        """The most specific class of a node (its IRI; empty if it has none)."""
        return self._types.get(node, "")

    def label(self, node: str, language: str) -> Label:
        """The node's label in `language`: its name there; its caption; its name in another language; its address's last part."""
        key = (node, language)
        if key not in self._known:
            self._known[key] = self._find(node, language)
        return self._known[key]

    def _find(self, node: str, language: str) -> Label:
        names = self._names.get(node, {})
        if language not in names and self._caption(node, language):
            return Label("".join(piece.text for piece in self.pieces(node, language)), language)
        for tag in (language, *self.languages, *sorted(names)):
            if tag in names:
                return Label(names[tag], tag)
        return Label(local_name(node), "")

    def _caption(self, node: str, language: str) -> str:
        captions = (self._captions.get(cls, {}).get(language) for cls in self.ancestors(self.class_of(node)))
        return next(filter(None, captions), "")

    def captioned(self, node: str, language: str) -> frozenset[str]:
        """The properties (local names) that a node's caption tells in `language`; none for a node with a name."""
        keys = set(_KEYS.findall(self._caption(node, language)))
        keys.update(_AMOUNT if "amount" in keys else (), self._dimensions if "dimensions" in keys else ())
        return frozenset(keys)

    def pieces(self, node: str, language: str) -> list[Piece]:
        """The label in stretches, each with the node it names; a part that is named in it comes as its own stretches."""
        pattern = self._caption(node, language)
        if not pattern or language in self._names.get(node, {}):
            found = self.label(node, language)
            return [Piece(found.text, node, found.language)]
        if (node, language) not in self._composed:
            self._composed[node, language] = list(_tidy(self._pieces(pattern, self._values(node), language)))
        return self._composed[node, language]

    def _values(self, node: str) -> Values:
        """What is stated of a node, by local name; kept for the next language."""
        if node not in self._stated:
            found = self._stated[node] = {}
            for predicate, value in self.graph.about(node):
                found.setdefault(local_name(predicate), []).append(value)
        return self._stated[node]

    def _pieces(self, pattern: str, values: Values, language: str) -> Iterator[Piece]:
        for number, part in enumerate(_parts(pattern)):
            if number % 2 == 0:
                yield Piece(part)
            elif part.startswith("{"):
                yield from self._filled(part[1:-1], values, language)
            elif all(self._filled(name, values, language) for name in _KEYS.findall(part)):
                yield from self._pieces(part[1:-1], values, language)

    def _filled(self, key: str, values: Values, language: str) -> list[Piece]:
        """What a caption's key stands for, in stretches: the amount, or its values' labels one after the other."""
        if key == "amount" or (key == "number" and "bound" in values):
            amount = self.amount(values, language)
            return [Piece(amount)] if amount else []
        names = self._dimensions if key == "dimensions" else [key]
        terms = [term for name in sorted(names) for term in values.get(name, ()) if term != self._defaults.get(name)]
        told = [self._told(term, language) if isinstance(term, Iri) else [Piece(term.text)] for term in terms]
        told.sort(key=lambda pieces: "".join(piece.text for piece in pieces))
        between = Piece("、" if language.startswith("zh") else ", ")
        return [piece for number, pieces in enumerate(told) for piece in ([between, *pieces] if number else pieces)]

    def _told(self, node: str, language: str) -> list[Piece]:
        if CORE + "Part" in self.ancestors(self.class_of(node)):
            return self.pieces(node, language)
        found = self.label(node, language)
        return [Piece(found.text, node, found.language)]

    def amount(self, values: Values, language: str) -> str:
        """An amount with its bound and unit: as printed for readers of Chinese, else in digits and the bound's own words.

        `values` are those of the node that carries it, by local name.
        """
        if "printed" not in values:
            return ""
        printed, unit = str(values["printed"][0]), str(values.get("unit", [""])[0])
        names = {*self._names.get(unit, {}).values(), *self._namings.get(unit, ())}
        if language.startswith("zh"):
            told = not unit or "%" in names or any(name in printed for name in names)
            return printed if told else printed + self.label(unit, language).text
        write = percent if "share" in values or "%" in names else grouped
        numbers = [write(str(values[key][0])) for key in ("value", "share", "number") if key in values]
        number = numbers[0] if numbers else "–".join(write(str(values[key][0])) for key in ("low", "high") if key in values)
        bound = "" if not numbers or values["bound"][0] == CORE + "exact" else self.label(str(values["bound"][0]), language).text
        words = [bound, number, self.label(unit, language).text if unit and write is grouped else ""]
        return " ".join(word for word in words if word)


def grouped(number: str) -> str:
    """A decimal's digits with commas between thousands: `14087` → `14,087`."""
    return f"{Decimal(number):,f}"


def percent(number: str) -> str:
    """A fraction of one as a percentage: `0.2359` → `23.59%`."""
    return f"{(Decimal(number) * 100).normalize():f}%"


def _tidy(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Without blanks at either end, and with one where several came together."""
    before = Piece("")
    for piece in pieces:
        text = _BLANKS.sub(" ", piece.text)
        text = text.lstrip(" ") if before.text.endswith(" ") or not before.text else text
        if text:
            if before.text:
                yield before
            before = piece if text == piece.text else piece._replace(text=text)
    yield before._replace(text=before.text.rstrip(" "))
