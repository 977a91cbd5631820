"""The ontology as the machine sees it: classes, keys, ranges, sections, identity and edges."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal as OneOf

from pbgraph import ontologyslips
from pbgraph.declarations import Declarations, terms_in
from pbgraph.problems import Refused, Where, problem
from pbgraph.ranges import CLASS, DATATYPE, OBJECT, RangeKind, range_of
from pbgraph.store import prefixes_of, statements
from pbgraph.terms import CORE, OWL, RDF, Term, local_name

ClassKind = OneOf["passage", "claim", "source", "concept", "entity", "part", "value"]
_KINDS: tuple[tuple[ClassKind, str], ...] = (
    ("passage", "Passage"),
    ("claim", "Claim"),
    ("source", "Source"),
    ("concept", "Concept"),
    ("entity", "Entity"),
    ("part", "Part"),
)


@dataclass(frozen=True)
class Class:
    """A class: its IRI, local name, itself and all it is a kind of, what kind of node it makes, and its section's key."""

    iri: str
    name: str
    ancestors: tuple[str, ...]
    kind: ClassKind
    section: str | None


@dataclass(frozen=True)
class Property:
    """A property: what it may stand on, what it takes, and what the machine does with it."""

    iri: str
    name: str
    range: RangeKind
    range_classes: frozenset[str]
    used_on: frozenset[str]
    identifies: frozenset[str]
    computed: bool
    ordered: bool
    default: str | None
    inherited_from: str | None

    def stands_on(self, cls: Class) -> bool:
        """Whether a node of class `cls` may carry it (pb:usedOn is additive and inherited)."""
        return not self.used_on.isdisjoint(cls.ancestors)

    def identifies_claim(self, cls: Class) -> bool:
        """Whether it enters the fingerprint of a claim of class `cls`."""
        return not self.identifies.isdisjoint(cls.ancestors)


@dataclass(frozen=True)
class Range:
    """What a property may have: the Part class that a nested record makes, whether that is all, a closed list's individuals.

    `allowed` maps the name of an individual to its IRI; None where the list is not closed.
    """

    part: Class | None
    only_parts: bool
    allowed: Mapping[str, str] | None


@dataclass(frozen=True)
class Shortcut:
    """A derived property: from the value of `start` to that of `end` on claims of a class, and the converse to write with it."""

    iri: str
    claim: str
    start: str
    end: str
    converse: str | None


@dataclass(frozen=True)
class Schema:
    """Everything the ontology tells the machine; `triples` are its own statements about named terms, for the store."""

    classes: Mapping[str, Class]
    properties: Mapping[str, Property]
    individuals: Mapping[str, Mapping[str, str]]
    shortcuts: tuple[Shortcut, ...]
    prefixes: Mapping[str, str]
    triples: tuple[tuple[str, str, Term], ...]

    @cached_property
    def by_iri(self) -> Mapping[str, Class]:
        """Classes by IRI."""
        return {cls.iri: cls for cls in self.classes.values()}

    @cached_property
    def terms(self) -> Mapping[str, Collection[str]]:
        """The local names of all terms in each namespace of the ontology's own, by its prefix."""
        own = (*self.by_iri, *(prop.iri for prop in self.properties.values()))
        return terms_in(own, {subject for subject, _, _ in self.triples}, self.prefixes)

    @cached_property
    def sections(self) -> Mapping[str, Class]:
        """The key of each section of a data file, with the class of its records."""
        return {cls.section: cls for cls in self.classes.values() if cls.section}

    def keys(self, cls: Class) -> Mapping[str, Property]:
        """The properties that may stand on `cls`, by the key a curator types."""
        return self._keys[cls.iri]

    def written_by_machine(self, cls: Class) -> tuple[Property, ...]:
        """The properties of `cls` that the machine writes where nobody typed them: with a default, or inherited."""
        return self._written_by_machine[cls.iri]

    @cached_property
    def _written_by_machine(self) -> Mapping[str, tuple[Property, ...]]:
        return {
            iri: tuple(prop for prop in keys.values() if prop.default or prop.inherited_from) for iri, keys in self._keys.items()
        }

    @cached_property
    def _keys(self) -> Mapping[str, Mapping[str, Property]]:
        used: dict[str, set[str]] = {}
        for prop in self.properties.values():
            for iri in prop.used_on:
                used.setdefault(iri, set()).add(prop.name)
        standing = {cls.iri: set[str]().union(*(used.get(iri, ()) for iri in cls.ancestors)) for cls in self.classes.values()}
        return {iri: {name: prop for name, prop in self.properties.items() if name in keys} for iri, keys in standing.items()}

    @cached_property
    def ranges(self) -> Mapping[str, Range]:
        """What each property may have, by its IRI."""
        return {prop.iri: self._range(prop) for prop in self.properties.values()}

    def _range(self, prop: Property) -> Range:
        classes = [self.by_iri[iri] for iri in sorted(prop.range_classes) if iri in self.by_iri]
        parts = [cls for cls in classes if cls.kind in ("part", "passage")]
        closed = [self.individuals.get(cls.iri, {}) for cls in classes if cls.kind == "value"]
        allowed = {name: iri for members in closed for name, iri in members.items()} if closed else None
        return Range(parts[0] if parts else None, len(parts) == len(classes), allowed)


def load(contents: Mapping[str, bytes]) -> Schema:
    """Read Turtle, by the address of its file, into a Schema.

    Refused: no file, or what `ontologyslips.amiss` tells of. SyntaxError: no Turtle.
    """
    if not contents:
        raise Refused([problem(Where("ontology"), "no-ontology")])
    said = Declarations()
    prefixes: dict[str, str] = {}
    for file, content in contents.items():
        said.add(statements(content, "ttl"), file, content.decode())
        prefixes.update(prefixes_of(content, "ttl"))
    if wrong := ontologyslips.amiss(said, prefixes):
        raise Refused(wrong)
    classes = _classes(said)
    individuals: dict[str, dict[str, str]] = {cls.iri: {} for cls in classes}
    for node, type_ in said.pairs(RDF + "type"):
        if type_ in individuals and not node.startswith("_:"):
            individuals[type_][local_name(node)] = node
    return Schema(
        classes={cls.name: cls for cls in classes},
        properties={prop.name: prop for prop in _properties(said)},
        individuals={iri: members for iri, members in individuals.items() if members},
        shortcuts=tuple(_shortcuts(said)),
        prefixes=dict(sorted((prefix, iri) for prefix, iri in prefixes.items() if prefix)),
        triples=tuple(sorted(said.triples(), key=lambda triple: (*triple[:2], triple[2].nt))),
    )


def _classes(said: Declarations) -> list[Class]:
    found = []
    for node in said.named(CLASS):
        supers = said.above(node)
        kinds = [kind for kind, name in _KINDS if CORE + name in supers]
        kind: ClassKind = kinds[0] if kinds else "value"
        ancestors = (node, *sorted(supers - {node}))
        found.append(Class(node, local_name(node), ancestors, kind, said.value(node, CORE + "section")))
    return found


def _properties(said: Declarations) -> list[Property]:
    found = []
    for node in said.named(OBJECT, DATATYPE):
        kind, classes = range_of(said, node)
        assert kind is not None, f"{node} was not refused"
        flags = {name: said.holds(node, CORE + name) for name in ("computed", "ordered")}
        inherited = said.value(node, CORE + "inheritedFrom")
        found.append(
            Property(
                iri=node,
                name=local_name(node),
                range=kind,
                range_classes=classes,
                used_on=frozenset(map(str, said.values(node, CORE + "usedOn"))),
                identifies=frozenset(map(str, said.values(node, CORE + "identifies"))),
                default=said.value(node, CORE + "default"),
                inherited_from=local_name(inherited) if inherited else None,
                **flags,
            )
        )
    return found


def _shortcuts(said: Declarations) -> Iterable[Shortcut]:
    for node, claim in said.pairs(CORE + "shortcutOf"):
        symmetric = said.is_a(node, OWL + "SymmetricProperty")
        converse = node if symmetric else said.value(node, OWL + "inverseOf")
        start, end = (str(said.value(node, CORE + name)) for name in ("edgeFrom", "edgeTo"))
        yield Shortcut(node, claim, start, end, converse)
