"""What crosses files: every id is owned once, and every reference finds an entity of a class it may be of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pbgraph.likeness import some, suggest
from pbgraph.mapping import Mapped, Owned, Position, Topic, placed
from pbgraph.problems import Problem, Where, problem
from pbgraph.schema import Schema
from pbgraph.terms import core
from pbgraph.things import Reference, entity

_SOURCE = core("Source")


@dataclass(frozen=True)
class Index:
    """All files' ids with their owners, the files, the faulty subjects, and how to learn where a file's statements were typed.

    `holders` tells which files a subject is typed in, where not all are at hand; `located` is what was asked for already.
    """

    owners: Mapping[str, Owned]
    files: tuple[Mapped, ...]
    faulty: frozenset[str]
    problems: tuple[Problem, ...]
    topics: Topics
    holders: Callable[[str], Sequence[Mapped]] | None = None
    located: dict[Located, Where | None] = field(default_factory=dict)

    def locate(self, subject: str, path: str = "", value: str = "") -> Where | None:
        """Where (subject, path, value), else (subject, path), else the subject was typed (None: nowhere)."""
        asked = (subject, path, value)
        if asked not in self.located:
            self.located[asked] = self._located(*asked)
        return self.located[asked]

    def _located(self, subject: str, path: str, value: str) -> Where | None:
        holding = [file for file in (self.holders(subject) if self.holders else self.files) if subject in file.places]
        for topic in ((subject, path, value), (subject, path)) if path else ():
            for file in holding:
                if place := self.topics(file.file).get(topic):
                    return placed(place, file.file)
        return next((placed(file.places[subject], file.file) for file in holding), None)

    def is_faulty(self, subject: str) -> bool:
        """Whether the subject, or the record it is a part of, has a problem of its own already."""
        return subject in self.faulty or any(subject.startswith(f"{owner}/") for owner in self.faulty)


Located = tuple[str, str, str]
"""What is looked for: a subject, and if need be a path and a value, as results of shapes have them."""

Topics = Callable[[str], Mapping[Topic, Position]]
"""From a file to the places of its statements."""


def merge(files: Iterable[Mapped], schema: Schema, base: str, topics: Topics) -> Index:
    """Merge what the files own and refer to; ids owned twice and references that find nothing fit are its problems.

    What has an id owned twice or by nobody counts as faulty.
    An id that an unreadable file seems to own is owned, but taken by nobody.
    """
    mapped = list(files)
    owners: dict[str, Owned] = {}
    problems: list[Problem] = []
    wrong: set[str] = set()
    for slug, owned in (each for file in mapped if file.readable for each in file.owned):
        first = owners.setdefault(slug, owned)
        if first is not owned:
            # Which of the two is one too many is not for the machine to say.
            problems.append(problem(first.where, "id-twice", id=slug, first=str(owned.where)))
            problems.append(problem(owned.where, "id-twice", id=slug, first=str(first.where)))
            wrong.add(slug)
    for slug, owned in (each for file in mapped if not file.readable for each in file.owned):
        owners.setdefault(slug, owned)
    problems.extend(_sources_twice(mapped))
    seen = all(file.seen for file in mapped)
    for reference in (each for file in mapped for each in file.references):
        if reference.slug not in owners:
            wrong.add(reference.slug)
        if (seen or reference.slug in owners) and (found := _unresolved(reference, owners, schema)) is not None:
            problems.append(found)
    faulty = {subject for file in mapped for subject in file.faulty}
    return Index(owners, tuple(mapped), frozenset({*faulty, *(entity(base, slug) for slug in wrong)}), tuple(problems), topics)


def _sources_twice(files: Iterable[Mapped]) -> Iterator[Problem]:
    """Sources on which the claims of two files rest: one triple would stand in two graphs."""
    first: dict[str, str] = {}
    for file in files:
        if file.sourced and first.setdefault(file.source, file.file) != file.file:
            yield problem(file.sourced, "source-twice", id=file.source, first=first[file.source])


def _unresolved(reference: Reference, owners: Mapping[str, Owned], schema: Schema) -> Problem | None:
    owned = owners.get(reference.slug)
    if owned is None:
        # Whoever may be anything is hardly an article, whose id is often like that of what it tells of.
        others = {slug: each for slug, each in owners.items() if _SOURCE in reference.classes or _SOURCE not in each.classes}
        fitting = [slug for slug, each in others.items() if not reference.classes.isdisjoint(each.classes)] or list(others)
        details = {"suggestion": suggest(reference.slug, fitting), "allowed": some(fitting)}
        return problem(reference.where, "unknown-id", key=reference.key, id=reference.slug, **details)
    if not owned.classes or not reference.classes or not reference.classes.isdisjoint(owned.classes):
        return None
    expected = ", ".join(sorted(schema.by_iri[iri].name for iri in reference.classes if iri in schema.by_iri))
    actual = schema.by_iri[owned.classes[0]].name
    details = {"key": reference.key, "id": reference.slug, "actual": actual, "expected": expected}
    return problem(reference.where, "wrong-class", **details)
