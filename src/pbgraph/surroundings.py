"""What a node tells with the things around it: its numbers, times and texts, and the names of what it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from pbgraph.amounts import readings
from pbgraph.spotting import Day, Spot, places
from pbgraph.store import Graph
from pbgraph.terms import CORE, XSD, Iri, Literal, Term, core, is_directly_below
from pbgraph.texts import clean

_ABOUT = "SELECT ?node ?property ?value WHERE { ?node ?property ?value }"
_APART = frozenset({core("passage"), core("quote"), core("source"), core("fingerprint"), core("unstated"), core("ignored")})
_REMARKS = frozenset({core("note"), core("reason")})
_NAMES = frozenset({core("name")})
_DAY = re.compile(r"([0-9]{4})[?~%]?(?:-([0-9]{2})[?~%]?(?:-([0-9]{2}))?)?")
_NUMBERS = frozenset({XSD + "decimal", XSD + "integer"})


@dataclass(frozen=True)
class Told:
    """What a node tells: numbers, days as far as they are given, texts and remarks as compared, and names it leads to."""

    numbers: frozenset[Decimal]
    days: frozenset[Day]
    texts: frozenset[str]
    remarks: frozenset[str]
    names: frozenset[str]

    def carries(self, spot: Spot) -> bool:
        """Whether it tells what a spot of the text says.

        A date is told by an equal time; a number by an equal number (三五 by 3 to 5 or by 35), or by a name or text that
        holds the same words; a label, and a number that no amount can hold (十几), also by a remark.
        """
        if spot.kind == "date" and any(_agree(spot.day, day) for day in self.days):
            return True
        meant = [spot.amount] if spot.amount else readings(spot.text) if spot.kind == "vague" else []
        if any(not self.numbers.isdisjoint({each.value, each.low, each.high}) for each in meant):
            return True
        texts = self.texts | self.names | (self.remarks if spot.kind in ("vague", "label") else frozenset())
        return any(next(places(spot.text, text), None) is not None for text in texts)


def _agree(printed: Day, told: Day) -> bool:
    return all(part in (None, known) for part, known in zip(printed, told, strict=True))


class Surroundings:
    """Reads what nodes tell from a graph, each node once."""

    def __init__(self, graph: Graph, base: str, derived: Iterable[str]) -> None:
        """Of this graph, whose entities stand below `base`; what is `derived` from other claims (properties) is not followed."""
        self._graph = graph
        self._entities = f"{base}id/"
        self._apart = _APART.union(derived)
        self._about = cache(self._read)

    def told(self, node: Iri) -> Told:
        """What this node tells with its parts, and the names of the entities up to two steps from it."""
        own = list(self._own(node))
        literals = [(path, value) for path, value in own if isinstance(value, Literal)]
        texts = [(path, value) for path, value in literals if value.datatype not in _NUMBERS]
        entities = {value for _, value in own if self._is_entity(value)}
        entities |= {value for entity in entities for _, value in self._own(entity) if self._is_entity(value)}
        return Told(
            frozenset(Decimal(value.text) for _, value in literals if value.datatype in _NUMBERS),
            frozenset(day for _, value in texts if value.datatype == CORE + "EDTF" for day in _days(value.text)),
            frozenset(clean(value.text) for path, value in texts if path not in _REMARKS),
            frozenset(clean(value.text) for path, value in texts if path in _REMARKS),
            frozenset(name for entity in sorted({*entities, node}) for name in self._names(entity)),
        )

    def _is_entity(self, value: Term) -> bool:
        return isinstance(value, Iri) and is_directly_below(value, self._entities)

    def _names(self, entity: Term) -> Iterator[str]:
        for path, value in self._own(Iri(str(entity))):
            if path in _NAMES and isinstance(value, Literal) and value.language.startswith("zh"):
                yield clean(value.text)

    def _own(self, node: Term) -> Iterator[tuple[Iri, Term]]:
        """The statements about a node and about its parts."""
        for path, value in self._about(Iri(str(node))):
            if path in self._apart:
                continue
            yield path, value
            if isinstance(value, Iri) and value.startswith(f"{node}/"):
                yield from self._own(value)

    def _read(self, node: Iri) -> tuple[tuple[Iri, Term], ...]:
        rows = self._graph.select(_ABOUT, {"node": node}).rows
        return tuple((Iri(str(path)), value) for _, path, value in rows if value is not None)


def _days(text: str) -> Iterator[Day]:
    for match in _DAY.finditer(text):
        year, month, day = (int(part) if part else None for part in match.groups())
        yield year, month, day
