"""What a record becomes: a typed thing with its values, each with the place where it was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pbgraph.problems import Where
from pbgraph.schema import Class, Property
from pbgraph.terms import Iri, Term


class Value(NamedTuple):
    """One value of a property: a term or a thing of its own, where it was typed, and what it is known by in fingerprints.

    `known_by` is None where the value stays out of every fingerprint, whatever its property says (`at: article`), and empty
    where it is known by its own text.
    """

    prop: Property
    content: Term | Thing
    where: Where
    known_by: str | None = ""

    @property
    def identity(self) -> str | None:
        """Its share in the owner's identity: what it is known by, the identity of a thing, the N-Triples text of a term."""
        content, known_by = self.content, self.known_by
        return known_by if known_by or known_by is None else content.identity if isinstance(content, Thing) else content.nt


@dataclass
class Thing:
    """A typed record: its class, where it begins, its id if it has one, and its values in the order typed.

    `faulty`: it has a problem of its own; `untyped`: its class could not be told, so that `cls` is that of its section.
    """

    cls: Class
    where: Where
    slug: str | None = None
    values: list[Value] = field(default_factory=list)
    faulty: bool = False
    untyped: bool = False

    @property
    def identity(self) -> str:
        """Its class and resolved values, sorted, as one text: what a claim's fingerprint holds of a part."""
        return identity_of(self.cls, self.values)


def identity_of(cls: Class, values: Iterable[Value]) -> str:
    """A class and some values as one text, sorted, each once."""
    inner = sorted({f"{value.prop.name}={identity}" for value in values if (identity := value.identity) is not None})
    return f"{cls.name}({','.join(inner)})"


def claim_identity(claim: Thing) -> str:
    """The canonical text that a claim's fingerprint hashes: its class and the resolved values that identify it."""
    of = claim.cls
    return identity_of(of, [value for value in claim.values if value.prop.identifies and value.prop.identifies_claim(of)])


class Reference(NamedTuple):
    """An id that a record refers to: where, under which key, and the classes it may be of (IRIs)."""

    where: Where
    key: str
    slug: str
    classes: frozenset[str]


@dataclass(frozen=True)
class Vocabulary:
    """What reading a record needs of the vocabularies.

    `inherited` maps (key, concept's id) to the id the concept has under that key; `counters` maps a unit's id to its names.
    `complete` is False where a vocabulary file could not be read.
    """

    inherited: Mapping[tuple[str, str], str]
    counters: Mapping[str, frozenset[str]]
    complete: bool


def entity(base: str, slug: str) -> Iri:
    """The address of the entity with this id: `{base}id/{slug}`."""
    return Iri(f"{base}id/{slug}")
