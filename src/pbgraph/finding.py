"""What somebody types → what goes by it: an id, a code, a name in any script and spelling, without its ending, in pinyin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from pbgraph.romanizing import TONES, toneless
from pbgraph.scalars import SLUG
from pbgraph.scripts import HAN, simplified
from pbgraph.store import Graph
from pbgraph.terms import Iri, Literal, local_name

_NAMES = """
SELECT DISTINCT ?entity ?bearer ?name WHERE {
  ?entity a pb:Entity .
  { ?entity pb:name ?name BIND (?entity AS ?bearer) } UNION { ?entity pb:naming ?bearer . ?bearer pb:name ?name }
}"""
_WRITTEN = """
SELECT DISTINCT ?entity ?name WHERE {{
  {{ ?entity pb:name ?name }} UNION {{ ?entity pb:naming ?part . ?part pb:name ?name }}
  FILTER (LCASE(STR(?name)) = LCASE({typed}) && EXISTS {{ ?entity a pb:Entity }})
}}"""
_CODED = "SELECT DISTINCT ?entity WHERE {{ ?code pb:notation {typed} . ?entity pb:code ?code ; a pb:Entity }}"
_ENDINGS = """
SELECT DISTINCT ?entity ?ending WHERE {
  ?property pb:ending true . ?kind pb:name ?ending
  { ?entity ?property ?kind } UNION { ?part ?property ?kind ; a pb:Part . ?entity ?owned ?part }
}"""

_HAN = re.compile(f"{HAN.pattern}+")
_IDLE = frozenset({"Zs", "Zl", "Zp", "Cc", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf"})
"""Blanks, controls, dashes, brackets and quotation marks, by their general category in Unicode."""

_IDLE_SIGNS = frozenset("\"'`·•・,.、。")

Forms = Mapping[str, frozenset["Match"]]
"""A form of a name → all that go by it."""


@dataclass(frozen=True, order=True)
class Match:
    """An entity and the name, as the graph writes it, by which it was found (empty: it was found by its id)."""

    entity: Iri
    name: str


@dataclass(frozen=True)
class _Borne:
    found: Match
    bearer: str
    language: str

    @cached_property
    def form(self) -> str:
        """The folded name, computed when it is first needed: folding is slow, and exact matches do without it."""
        return fold(self.found.name)

    @property
    def chinese(self) -> bool:
        return self.language.startswith("zh") and not self.romanized

    @property
    def romanized(self) -> bool:
        return self.language.startswith("zh-latn")


def fold(text: str) -> str:
    """The form in which names are compared: lower case, simplified, half width, without tones, blanks, dashes, brackets, quotes.

    What has nothing but such signs keeps them.
    """
    letters = unicodedata.normalize("NFD", simplified(text).casefold())
    kept = "".join(each for each in letters if each not in _IDLE_SIGNS and unicodedata.category(each) not in _IDLE)
    return unicodedata.normalize("NFC", TONES.sub("", kept)) or letters.strip()


def index(pairs: Iterable[tuple[str, Match]]) -> Forms:
    """Pairs of a form and what goes by it, as a mapping from each form to all of them; empty forms are left out."""
    forms: dict[str, set[Match]] = {}
    for form, found in pairs:
        if form:
            forms.setdefault(form, set()).add(found)
    return {form: frozenset(each) for form, each in forms.items()}


class Names:
    """All names of a graph's entities, read when first asked for; `base` is the address that entities' addresses begin with."""

    def __init__(self, graph: Graph, base: str) -> None:
        self.graph = graph
        self.base = base

    def ranks(self, typed: str) -> Iterator[frozenset[Match]]:
        """What goes by what was typed, the surest first, without empty ranks: by its id, by a code, then as `by_name` tells."""
        if entity := self.by_id(typed):
            yield frozenset({Match(entity, "")})
        if coded := self.graph.select(_CODED.format(typed=Literal(typed.strip()).nt)).rows:
            yield frozenset(Match(Iri(str(entity)), "") for (entity,) in coded)
        yield from self.by_name(typed)

    def by_id(self, typed: str) -> Iri | None:
        """The entity with this id, `id:` before it or not, or with this address."""
        slug = simplified(typed).strip().removeprefix(f"{self.base}id/").removeprefix("id:")
        entity = Iri(f"{self.base}id/{slug}")
        if SLUG.fullmatch(slug) and self.graph.classes(entity):
            return entity
        return None

    def own(self, entity: Iri) -> str:
        """A name of the entity's own, the first by language tag and letters; empty if it has none."""
        return self._own.get(entity, "")

    def by_name(self, typed: str) -> Iterator[frozenset[Match]]:
        """What goes by a name, the surest first, without empty ranks.

        First the name as it is written, in any case; then its folded form; then that of an id or of a name without the
        ending it shares with a kind of the entity (石塘 of 石塘镇, a 镇); then pinyin, if Latin letters were typed.
        """
        if written := self._written(typed.strip()):
            yield written
        form = fold(typed)
        # No index is made before the surer ones have been asked.
        lookups: list[tuple[str, Callable[[], Forms]]] = [(form, lambda: self._folded), (form, lambda: self._shortened)]
        if form.isascii():
            lookups.append((_spelled(form), lambda: self._pinyin))
        for looked_up, forms in lookups:
            if found := forms().get(looked_up):
                yield found

    @cached_property
    def known(self) -> frozenset[str]:
        """Every name and id, as they are written."""
        return frozenset(word for each in self._borne for word in (each.found.name, local_name(each.found.entity)))

    @cached_property
    def _borne(self) -> list[_Borne]:
        rows = self.graph.select(_NAMES).dicts()
        return sorted(
            (
                _Borne(Match(entity, name.text), str(row["bearer"]), name.language)
                for row in rows
                if isinstance(entity := row["entity"], Iri) and isinstance(name := row["name"], Literal)
            ),
            key=lambda each: (each.language, each.found, each.bearer),
        )

    @cached_property
    def _own(self) -> Mapping[str, str]:
        own = [each for each in self._borne if each.bearer == each.found.entity]
        return {each.found.entity: each.found.name for each in reversed(own)}

    def _written(self, typed: str) -> frozenset[Match]:
        # Asked of the store, since to read all names of a large graph takes longer than most questions.
        rows = self.graph.select(_WRITTEN.format(typed=Literal(typed).nt)).rows
        return frozenset(Match(Iri(str(entity)), str(name)) for entity, name in rows if typed)

    @cached_property
    def _folded(self) -> Forms:
        return index((each.form, each.found) for each in self._borne)

    @cached_property
    def _shortened(self) -> Forms:
        ids = ((fold(local_name(entity)), Match(Iri(entity), name)) for entity, name in self._own.items())
        return index([*ids, *((stem, each.found) for each in self._borne for stem, _ in self._stems(each))])

    @cached_property
    def _endings(self) -> Mapping[str, set[str]]:
        endings: dict[str, set[str]] = {}
        for row in self.graph.select(_ENDINGS).dicts():
            endings.setdefault(str(row["entity"]), set()).add(fold(str(row["ending"])))
        return endings

    def _stems(self, borne: _Borne) -> set[tuple[str, str]]:
        """A name's form in two: without an ending, and the ending."""
        return {stem for ending in self._endings.get(borne.found.entity, ()) if (stem := cut(borne.form, ending))}

    @cached_property
    def _pinyin(self) -> Forms:
        readings = self._readings()
        forms = [(form, each.found) for each in self._borne if each.chinese for form in (each.form, *dict(self._stems(each)))]
        return index((_read(form, readings), found) for form, found in forms)

    def _readings(self) -> list[tuple[str, str]]:
        """The words whose pinyin is typed in the data, with it, the longest first: of whole names and those without ending."""
        typed = {each.bearer: _spelled(each.form) for each in self._borne if each.romanized}
        readings: dict[str, str] = {}
        for each in self._borne:
            if each.chinese and (reading := typed.get(each.bearer)):
                readings[each.form] = reading
                for stem, ending in self._stems(each):
                    readings[stem] = reading.removesuffix(_read(ending, []))
        return sorted(readings.items(), key=lambda each: (-len(each[0]), each))


def cut(name: str, kind: str) -> tuple[str, str] | None:
    """A folded name without the Han characters it ends in as `kind` does, and these: 窑埠村, 行政村 → 窑埠, 村.

    None if they share no ending, or if but one character would be left: nobody says 横 for 横县.
    """
    pairs = zip(reversed(name), reversed(kind), strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    stem, ending = name[: len(name) - shared], name[len(name) - shared :]
    return (stem, ending) if len(stem) > 1 and _HAN.fullmatch(ending) else None


def _read(form: str, readings: Iterable[tuple[str, str]]) -> str:
    """The pinyin of a folded name, words with a reading of their own read so."""
    for word, reading in readings:
        form = form.replace(word, reading)
    return _spelled(toneless(form))


def _spelled(form: str) -> str:
    """Folded pinyin as it is compared: ü, which many type as v, is u."""
    return fold(form).replace("v", "u")
