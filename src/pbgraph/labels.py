"""What a node is called in a language: its name, else the sentence its class's caption composes, else its own address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache, partial
from itertools import chain
from typing import NamedTuple, TypeVar

from pbgraph.store import Graph
from pbgraph.terms import CORE, Iri, Literal, Term, core, local_name

_NAMES = """
SELECT ?node ?text WHERE {
  { ?node pb:name ?text } UNION { ?node rdfs:label ?text FILTER (LANG(?text) != "") }
}"""
_CLASSES = """
SELECT ?class ?caption ?super WHERE {
  ?class a owl:Class . OPTIONAL { ?class pb:caption ?caption } OPTIONAL { ?class rdfs:subClassOf ?super }
}"""
_PROPERTIES = """
SELECT ?property (BOUND(?said) && ?said AS ?dimension) ?default WHERE {
  ?property a ?kind FILTER (?kind IN (owl:ObjectProperty, owl:DatatypeProperty))
  OPTIONAL { ?property pb:dimension ?said }
  OPTIONAL { ?property pb:default ?default }
}"""
_NAMINGS = "SELECT ?node ?text WHERE { ?node pb:naming/pb:name ?text }"
_PLURALS = "SELECT ?node ?text WHERE { ?node pb:plural ?text }"
_UNSPOKEN = "SELECT ?unit ?language WHERE { ?unit pb:unspoken ?language }"
_TYPES = "SELECT DISTINCT ?type WHERE { ?node a ?type }"
_OF_TYPE = "SELECT ?node ?type WHERE { ?node a ?type }"
KEPT = 20_000
"""So many labels are kept: those of what is told of again and again."""

_BLANKS = re.compile(r"[^\S ]\s*| \s+")
"""What is to be one blank, and is not."""
_KEYS = re.compile(r"\{(\w+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_PART, _GROUP = core("Part"), core("Group")
_AMOUNT = ("value", "share", "unit")
_OF_AMOUNTS = ("printed", "bound", "number", "low", "high", "fraction", *_AMOUNT)

Values = Mapping[str, Sequence[Term]]


@dataclass(frozen=True, slots=True)
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
    _told_by: set[str] = field(default_factory=set)
    _types: dict[str, str] = field(default_factory=dict)
    _prepared: dict[str, Sequence[str]] = field(default_factory=dict)
    _unspoken: set[tuple[str, str]] = field(default_factory=set)
    _plurals: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Each keeps the last ones only: on a large graph most nodes are asked for once, in one language after the other.
        self._caption_of = lru_cache(KEPT)(self._find_caption)
        self._known = lru_cache(KEPT)(self._find)
        self._composed = lru_cache(KEPT)(self._compose)
        self._stated = lru_cache(KEPT)(self._values)
        self._read_names()
        self._read_ontology()
        self._read_types()

    def _read_names(self) -> None:
        for node, text in self.graph.select(_NAMES).rows:
            if isinstance(text, Literal):
                names = self._names.setdefault(str(node), {})
                names[text.language] = min(names.get(text.language, text.text), text.text)
        for row in self.graph.select(_NAMINGS).dicts():
            self._namings.setdefault(str(row["node"]), set()).add(str(row["text"]))
        for node, text in self.graph.select(_PLURALS).rows:
            if isinstance(text, Literal):
                key = (str(node), text.language)
                self._plurals[key] = min(self._plurals.get(key, text.text), text.text)
        self._unspoken.update((str(unit), str(language)) for unit, language in self.graph.select(_UNSPOKEN).rows)

    def _read_ontology(self) -> None:
        for row in self.graph.select(_CLASSES).dicts():
            if isinstance(caption := row.get("caption"), Literal):
                self._captions.setdefault(str(row["class"]), {})[caption.language] = caption.text
            if (above := row.get("super")) is not None:
                self._supers.setdefault(str(row["class"]), []).append(str(above))
        rows = self.graph.select(_PROPERTIES).dicts()
        for row in rows:
            if str(row.get("dimension")) == "true":
                self._dimensions.append(local_name(str(row["property"])))
            if "default" in row:
                self._defaults[local_name(str(row["property"]))] = row["default"]
        self._dimensions.sort()
        captions = [caption for each in self._captions.values() for caption in each.values()]
        told = {*_OF_AMOUNTS, *self._dimensions, *(key for caption in captions for key in _KEYS.findall(caption))}
        self._told_by.update(str(row["property"]) for row in rows if local_name(str(row["property"])) in told)

    def _read_types(self) -> None:
        """Keep each node's most specific class: that of which it comes last."""
        classes = [cls for (cls,) in self.graph.select(_TYPES).rows if isinstance(cls, Iri)]
        for cls in sorted(classes, key=lambda cls: (len(self.ancestors(cls)), cls)):
            of_it = self.graph.select(_OF_TYPE, {"type": cls}).rows
            self._types.update(dict.fromkeys([str(node) for node, _ in of_it], str(cls)))

    def prepare(self) -> None:
        """Compose the captions of all nodes and keep them, for processes forked from this one: they need not read the graph."""
        for node, cls in self._types.items():
            if any(self._caption_of(cls, each) for each in self.languages):
                self._prepared[node] = [self._text(node, language) for language in self.languages]

    def _text(self, node: str, language: str) -> str:
        """What the caption of a node composes; nothing where it has none, or a name in its place."""
        if language in self._names.get(node, {}) or not self._caption(node, language):
            return ""
        return "".join([piece.text for piece in self._compose(node, language)])

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

    def kinds(self) -> set[str]:
        """The classes that are the most specific ones of some node."""
        return set(self._types.values())

    def label(self, node: str, language: str) -> Label:
        """The node's label in `language`: its name there; its caption; its name in another language; its address's last part."""
        return self._known(node, language)

    def _find(self, node: str, language: str) -> Label:
        if (prepared := self._prepared.get(node)) and language in self.languages:
            text = prepared[self.languages.index(language)]
        else:
            text = self._text(node, language)
        if text:
            return Label(text, language)
        names = self._names.get(node, {})
        for tag in (language, *self.languages, *sorted(names)):
            if tag in names:
                return Label(names[tag], tag)
        return Label(local_name(node), "")

    def _caption(self, node: str, language: str) -> str:
        return self._caption_of(self.class_of(node), language)

    def _find_caption(self, cls: str, language: str) -> str:
        captions = (self._captions.get(each, {}).get(language) for each in self.ancestors(cls))
        return next(filter(None, captions), "")

    def captioned(self, node: str, language: str) -> frozenset[str]:
        """The properties (local names) that a node's caption tells in `language`; none for a node with a name in it."""
        if language in self._names.get(node, {}):
            return frozenset()
        keys = set(_KEYS.findall(self._caption(node, language)))
        keys.update(_AMOUNT if "amount" in keys else (), self._dimensions if "dimensions" in keys else ())
        return frozenset(keys)

    def pieces(self, node: str, language: str) -> list[Piece]:
        """The label in stretches, each with the node it names; a part that is named in it comes as its own stretches."""
        return self._composed(node, language)

    def _compose(self, node: str, language: str) -> list[Piece]:
        pattern = self._caption(node, language)
        if not pattern or language in self._names.get(node, {}):
            found = self.label(node, language)
            return [Piece(found.text, node, found.language)]
        return list(_tidy(self._pieces(pattern, self._stated(node), language)))

    def _values(self, node: str) -> Values:
        """What is stated of a node that a caption may tell, by local name."""
        found: dict[str, list[Term]] = {}
        for predicate, value in self.graph.about(node, self._told_by):
            found.setdefault(local_name(predicate), []).append(value)
        return found

    def _pieces(self, pattern: str, values: Values, language: str) -> Iterator[Piece]:
        several = self._are_several([term for key in _KEYS.findall(pattern)[:1] for term in values.get(key, ())])
        for optional, parts in _stretches(pattern):
            filled = [self._filled(part, values, language, several) if is_key else [Piece(part)] for is_key, part in parts]
            for number, (is_key, part) in enumerate(parts[:-1]):
                if not is_key and part.endswith("“"):
                    # What is printed stands as it is printed.
                    filled[number + 1] = [
                        piece._replace(text=follows(part, piece.text)) if piece.node else piece for piece in filled[number + 1]
                    ]
            if all(filled) or not optional:
                yield from chain.from_iterable(filled)

    def _are_several(self, terms: Sequence[Term]) -> bool:
        """Whether what is said of somebody is said of several: of more than one, or of a group, which is called in the plural."""
        if len(terms) != 1:
            return len(terms) > 1
        (one,) = terms
        return _GROUP in self.ancestors(self.class_of(str(one)))

    def _filled(self, key: str, values: Values, language: str, several: bool) -> list[Piece]:
        """What a caption's key stands for, in stretches: the amount, or its values' labels one after the other.

        `several`: the caption speaks of several.
        """
        if key == "amount" or (key == "number" and "bound" in values):
            amount = self.amount(values, language)
            return [Piece(amount)] if amount else []
        names = self._dimensions if key == "dimensions" else [key]
        terms = [term for name in names for term in values.get(name, ()) if term != self._defaults.get(name)]
        told = [self._told(term, language, several) for term in terms]
        if len(told) < 2:  # as most are
            return told[0] if told else []
        told.sort(key=lambda pieces: "".join(piece.text for piece in pieces))
        between = Piece("、" if language.startswith("zh") else ", ")
        last = Piece(" and ") if language.startswith("en") and key != "dimensions" else between
        listed = [piece for pieces in told[:-1] for piece in (*pieces, between)]
        return [*listed[:-1], last, *told[-1]]

    def _told(self, term: Term, language: str, several: bool) -> list[Piece]:
        if isinstance(term, Literal):
            return [Piece(term.text)]
        if _PART in self.ancestors(self.class_of(term)):
            return self._compose(term, language)
        if several and (plural := self._plurals.get((term, language))):
            return [Piece(plural, term, language)]
        found = self.label(term, language)
        return [Piece(found.text, term, found.language)]

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
        shares = "fraction" in values or "%" in names
        write = percent if shares else partial(spoken, language=language)
        numbers = [write(str(values[key][0])) for key in ("value", "share", "number") if key in values]
        number = numbers[0] if numbers else "–".join(write(str(values[key][0])) for key in ("low", "high") if key in values)
        bound = "" if not numbers or values["bound"][0] == CORE + "exact" else self.label(str(values["bound"][0]), language).text
        words = [bound, number, "" if shares else self._unit(unit, language, one=number == "1")]
        return " ".join(word for word in words if word)

    def _unit(self, unit: str, language: str, *, one: bool) -> str:
        """What a unit is called behind a number, which may be `one`: empty where it goes without saying."""
        if not unit or (unit, language) in self._unspoken:
            return ""
        plural = None if one else self._plurals.get((unit, language))
        return plural or self.label(unit, language).text


@cache
def _stretches(pattern: str) -> list[tuple[bool, list[tuple[bool, str]]]]:
    """A caption in stretches, every second optional, and these in parts, every second a key and the others words."""
    stretches = enumerate(_OPTIONAL.split(pattern))
    return [(n % 2 == 1, [(m % 2 == 1, part) for m, part in enumerate(_KEYS.split(each)) if part]) for n, each in stretches]


_Text = TypeVar("_Text", bound=str)


def follows(words: str, text: _Text) -> _Text:
    """A text as it stands behind some words: within quotation marks, its own are single ones."""
    return text.translate(_SINGLE) if words.endswith("“") else text  # type: ignore[return-value]


_SINGLE = str.maketrans("“”", "‘’")


def grouped(number: str) -> str:
    """A decimal's digits with commas between thousands: `14087` → `14,087`."""
    return f"{Decimal(number):,f}"


def spoken(number: str, language: str) -> str:
    """A decimal as it is read: `grouped`, but in English ones of few digits in millions or billions: `68.65 million`."""
    for name, size in (("billion", Decimal(10**9)), ("million", Decimal(10**6))):
        few = size <= abs(Decimal(number)) < 1000 * size and Decimal(number) % (size / 100) == 0
        if few and language.startswith("en"):
            return f"{(Decimal(number) / size).normalize():f} {name}"
    return grouped(number)


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
