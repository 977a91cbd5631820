"""What crosses files: every id is owned once, and every reference finds an entity of a class it may be of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pbgraph.mapping import Mapped, Owned, Place
from pbgraph.problems import Problem, Where, problem
from pbgraph.scalars import suggest
from pbgraph.schema import Schema
from pbgraph.things import Reference


@dataclass(frozen=True)
class Index:
    """All files' ids with their owners, where each statement was typed, and the subjects already known to be faulty."""

    owners: Mapping[str, Owned]
    places: Mapping[Place, Where]
    faulty: frozenset[str]
    problems: tuple[Problem, ...]

    def locate(self, subject: str, path: str = "", value: str = "") -> Where | None:
        """Where (subject, path, value), else (subject, path), else the subject, else its owner was typed (None: nowhere)."""
        for place in ((subject, path, value), (subject, path), (subject,)):
            if place in self.places:
                return self.places[place]
        owner = subject.rsplit("/", 1)[0]
        return self.locate(owner, path, value) if owner != subject and "/id/" in owner + "/" else None

    def is_faulty(self, subject: str) -> bool:
        """Whether the subject, or the record it is a part of, has a problem of its own already."""
        return subject in self.faulty or any(subject.startswith(f"{owner}/") for owner in self.faulty)


def merge(files: Iterable[Mapped], schema: Schema) -> Index:
    """Merge what the files own and refer to; ids owned twice and references that find nothing fit are its problems."""
    mapped = list(files)
    owners: dict[str, Owned] = {}
    problems: list[Problem] = []
    for file in mapped:
        for slug, owned in file.owned:
            if slug not in owners:
                owners[slug] = owned
            elif file.readable:
                problems.append(problem(owned.where, "id-twice", id=slug, first=str(owners[slug].where)))
    for file in mapped:
        problems.extend(_unresolved(file.references, owners, schema))
    places = {place: where for file in mapped for place, where in file.places.items()}
    faulty = frozenset(subject for file in mapped for subject in file.faulty)
    return Index(owners, places, faulty, tuple(problems))


def _unresolved(references: Iterable[Reference], owners: Mapping[str, Owned], schema: Schema) -> Iterator[Problem]:
    for reference in references:
        owned = owners.get(reference.slug)
        if owned is None:
            near = suggest(reference.slug, owners)
            yield problem(reference.where, "unknown-id", key=reference.key, id=reference.slug, suggestion=near)
        elif owned.classes and reference.classes and reference.classes.isdisjoint(owned.classes):
            expected = ", ".join(sorted(schema.by_iri[iri].name for iri in reference.classes if iri in schema.by_iri))
            actual = schema.by_iri[owned.classes[0]].name
            details = {"key": reference.key, "id": reference.slug, "actual": actual, "expected": expected}
            yield problem(reference.where, "wrong-class", **details)
