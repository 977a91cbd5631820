"""What crosses files: every id is owned once, and every reference finds an entity of a class it may be of."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial

from pbgraph.likeness import some, suggest
from pbgraph.mapping import Mapped, Owned, Position, Topic, placed
from pbgraph.problems import Problem, Where, problem, shorten
from pbgraph.scalars import SLUG
from pbgraph.schema import Schema
from pbgraph.terms import core, whole_of
from pbgraph.things import Reference, entity

_SOURCE = core("Source")


@dataclass(frozen=True)
class Index:
    """All files' ids with their owners, the files by address, the faulty subjects, and how to learn where statements were typed.

    `holders` tells which files a subject may be typed in, so that not all need be looked at; `located` is what was asked for
    already. `problems` are those of what crosses files, `own` those of single files; `whole`: every file could be read.
    """

    owners: Mapping[str, Owned]
    files: Mapping[str, Mapped]
    faulty: frozenset[str]
    problems: tuple[Problem, ...]
    topics: Topics
    holders: Holders | None = None
    located: dict[Located, Where | None] = field(default_factory=dict)
    whole: bool = True
    own: tuple[Problem, ...] = ()

    def locate(self, subject: str, path: str = "", value: str = "") -> Where | None:
        """Where (subject, path, value), else (subject, path), else the subject was typed (None: nowhere)."""
        asked = (subject, path, value)
        if asked not in self.located:
            self.located[asked] = self._located(*asked)
        return self.located[asked]

    def _located(self, subject: str, path: str, value: str) -> Where | None:
        holding = [file for file in (self.holders(subject) if self.holders else self.files.values()) if subject in file.places]
        for topic in ((subject, path, value), (subject, path)) if path else ():
            for file in holding:
                if place := self.topics(file.file).get(topic):
                    return placed(place, file.file)
        return next((placed(file.places[subject], file.file) for file in holding), None)

    def is_faulty(self, subject: str) -> bool:
        """Whether the subject, or the record it is a part of, has a problem of its own already."""
        return whole_of(subject, self.faulty) is not None


Located = tuple[str, str, str]
"""What is looked for: a subject, and if need be a path and a value, as results of shapes have them."""

Topics = Callable[[str], Mapping[Topic, Position]]
"""From a file to the places of its statements."""

Holders = Callable[[str], Iterable[Mapped]]
"""From a subject to the files, in order, in which it may be typed."""


class Packed(Mapping[str, Mapped]):
    """What files became, by address: kept as bytes, in a fifth of the room, and made anew whenever it is asked for."""

    def __init__(self, files: Iterable[Mapped], order: Iterable[str]) -> None:
        packed = {file.file: pickle.dumps(file) for file in files}
        self._packed = {address: packed[address] for address in order}
        # Findings come file by file, so that one is mostly asked for again and again.
        self._unpacked = lru_cache(2)(lambda address: pickle.loads(self._packed[address]))

    def __getitem__(self, address: str) -> Mapped:
        found: Mapped = self._unpacked(address)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


Named = Callable[[str], Iterable[str]]
"""From a name or a code to the ids of what bears it."""


def merge(files: Mapping[str, Mapped], schema: Schema, base: str, topics: Topics, holders: Holders | None, named: Named) -> Index:
    """Merge what the files own and refer to; ids owned twice and references that find nothing fit are its problems.

    A subject whose id is owned twice, or by nobody, counts as faulty. Ids that are found in an unreadable file count as owned,
    but never clash with those of other files.
    """
    owners: dict[str, Owned] = {}
    seeming: dict[str, Owned] = {}
    sources: dict[str, str] = {}
    own: list[Problem] = []
    problems: list[Problem] = []
    faulty: set[str] = set()
    wrong: set[str] = set()
    seen = whole = True
    for file in files.values():
        own += file.problems
        faulty |= file.faulty
        seen &= file.seen
        whole &= file.readable
        if not file.readable:
            seeming.update(file.owned)
            continue
        for slug, first, second in _twice(file, owners):
            # Which of the two is one too many is not for the machine to say.
            problems.append(problem(first, "id-twice", id=slug, first=str(second)))
            problems.append(problem(second, "id-twice", id=slug, first=str(first)))
            wrong.add(slug)
        if file.sourced and sources.setdefault(file.source, file.file) != file.file:
            # One triple would stand in two graphs.
            problems.append(problem(file.sourced, "source-twice", id=file.source, first=sources[file.source]))
    owners = seeming | owners
    known = cache(named)
    # One that is mistaken or gone may be referred to from thousands of places.
    suggested = cache(partial(_suggested, owners=owners, named=known))
    for reference in (each for file in files.values() for each in file.references):
        if reference.slug in owners:
            problems += _misplaced(reference, owners[reference.slug], schema)
        elif SLUG.fullmatch(reference.slug):
            wrong.add(reference.slug)
            if seen:
                details = {"key": reference.key, "id": reference.slug, **suggested(reference.slug, reference.classes)}
                problems.append(problem(reference.where, "unknown-id", **details))
        else:
            bearing = _bearing(reference.slug, reference.classes, owners, known)
            wrong.update(bearing)  # Whatever seems unused is what is meant here.
            details = {"id": shorten(reference.slug), "suggestion": some(bearing) if bearing else ""}
            problems.append(problem(reference.where, "bad-id", **details))
    faulty.update(entity(base, slug) for slug in wrong)
    return Index(owners, files, frozenset(faulty), tuple(problems), topics, holders, whole=whole, own=tuple(own))


def _twice(file: Mapped, owners: dict[str, Owned]) -> Iterator[tuple[str, Where, Where]]:
    """Let a file own its ids; those that are owned already, with the two places."""
    for slug, owned in file.owned:
        first = owners.setdefault(slug, owned)
        if first is not owned:
            yield slug, first.where, owned.where


def _bearing(slug: str, classes: frozenset[str], owners: Mapping[str, Owned], named: Named) -> list[str]:
    """The ids of what bears, as a name or a code, what was typed for an id and is none, and is of one of the classes."""
    return [each for each in named(slug) if each in owners and _fits(owners[each], classes)]


def _fits(owned: Owned, wanted: frozenset[str]) -> bool:
    """Whether an entity may be of one of the wanted classes."""
    return not owned.classes or not wanted.isdisjoint(owned.classes)


def _suggested(slug: str, classes: frozenset[str], owners: Mapping[str, Owned], named: Named) -> Mapping[str, str]:
    """What a message about an id that nobody owns tells: what was meant by it, and what may stand there."""
    bearing = _bearing(slug, classes, owners, named)
    # Whoever may be anything is hardly an article, whose id is often like that of what it tells of.
    others = {each: owned for each, owned in owners.items() if _SOURCE in classes or _SOURCE not in owned.classes}
    fitting = [each for each, owned in others.items() if _fits(owned, classes)]
    return {"suggestion": some(bearing) if bearing else suggest(slug, fitting), "allowed": some(fitting)}


def _misplaced(reference: Reference, owned: Owned, schema: Schema) -> Iterator[Problem]:
    """What is wrong with referring to an entity where one of another class is meant."""
    if _fits(owned, reference.classes):
        return
    expected = ", ".join(sorted(schema.by_iri[iri].name for iri in reference.classes if iri in schema.by_iri))
    actual = schema.by_iri[owned.classes[0]].name
    details = {"key": reference.key, "id": reference.slug, "actual": actual, "expected": expected}
    yield problem(reference.where, "wrong-class", **details)
