"""The ontology as the machine sees it: classes, keys, ranges, sections, identity and edges."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal as OneOf

from pbgraph.declarations import Declarations, terms_in
from pbgraph.likeness import near
from pbgraph.problems import Problem, Refused, Where, problem
from pbgraph.spelling import unknown_terms
from pbgraph.store import prefixes_of, statements, turtle_problem
from pbgraph.terms import CORE, OWL, RDF, RDFS, RDFS_TERMS, XSD, Literal, Term, local_name

_CLASS = OWL + "Class"
_KEY = re.compile(r"\{(\w+)\}")
_OBJECT, _DATATYPE = OWL + "ObjectProperty", OWL + "DatatypeProperty"

ClassKind = OneOf["passage", "claim", "source", "concept", "entity", "part", "value"]
_KINDS: tuple[tuple[ClassKind, str], ...] = (
    ("passage", "Passage"),
    ("claim", "Claim"),
    ("source", "Source"),
    ("concept", "Concept"),
    ("entity", "Entity"),
    ("part", "Part"),
)

RangeKind = OneOf["text", "language", "integer", "boolean", "amount", "date", "uri", "node", "property"]
_LITERALS: Mapping[str, RangeKind] = {
    XSD + "string": "text",
    RDF + "langString": "language",
    XSD + "integer": "integer",
    XSD + "boolean": "boolean",
    XSD + "decimal": "amount",
    CORE + "EDTF": "date",
    XSD + "anyURI": "uri",
}

_CORE_CLASSES = ("Entity", "Concept", "Source", "Claim", "Part", "Group", "Passage")
_CORE_PROPERTIES = (
    *("source", "fingerprint", "position", "passage", "par", "quote", "name", "naming", "at", "atArticle", "earliest", "latest"),
    *("modality", "certainty", "rank", "unit", "value", "share", "number", "printed", "bound", "low", "high", "fraction"),
)
_LEADING_TO: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("usedOn", "identifies", "shortcutOf"), (_CLASS,)),
    **dict.fromkeys(("edgeFrom", "edgeTo", "inheritedFrom"), (_OBJECT, _DATATYPE)),
}


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
        return {
            cls.iri: {name: prop for name, prop in self.properties.items() if prop.stands_on(cls)}
            for cls in self.classes.values()
        }

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

    Refused: no file, no Turtle, a local name used twice, a core term that is missing, a term that nobody declared, an annotation
    that leads nowhere.
    """
    if not contents:
        raise Refused([problem(Where("ontology"), "no-ontology")])
    if broken := [each for file, content in contents.items() if (each := turtle_problem(content, file))]:
        raise Refused(broken)
    said = Declarations()
    prefixes: dict[str, str] = {}
    for file, content in contents.items():
        said.add(statements(content, "ttl"), file, content.decode())
        prefixes.update(prefixes_of(content, "ttl"))
    own = terms_in(said.named(_CLASS, _OBJECT, _DATATYPE), said.said, prefixes)
    known = {**own, **({"rdfs": RDFS_TERMS} if prefixes.get("rdfs") == RDFS else {})}
    strange = [each for file, content in contents.items() for each in unknown_terms(content.decode(), file, known, prefixes)]
    if wrong := [*_ambiguous(said), *_missing(said, next(iter(contents)))] or strange or list(_unreadable(said)):
        raise Refused(wrong)
    classes = _classes(said)
    individuals = {cls.iri: {local_name(node): node for node in said.named(cls.iri)} for cls in classes}
    return Schema(
        classes={cls.name: cls for cls in classes},
        properties={prop.name: prop for prop in _properties(said)},
        individuals={iri: members for iri, members in individuals.items() if members},
        shortcuts=tuple(_shortcuts(said)),
        prefixes=dict(sorted((prefix, iri) for prefix, iri in prefixes.items() if prefix)),
        triples=tuple(sorted(said.triples(), key=lambda triple: (*triple[:2], triple[2].nt))),
    )


def _own_properties(said: Declarations) -> list[str]:
    return said.named(_OBJECT, _DATATYPE)


def _ambiguous(said: Declarations) -> Iterator[Problem]:
    terms = said.named(_CLASS) + _own_properties(said)
    names = [local_name(term) for term in terms]
    for term, name in zip(terms, names, strict=True):
        if names.count(name) > 1:
            yield problem(said.place(term), "ambiguous-term", name=name)
        if term in said.again:
            where = said.place(term, file=said.again[term])
            yield problem(where, "term-twice", name=name, first=str(said.place(term)))


def _missing(said: Declarations, file: str) -> Iterator[Problem]:
    names = [name for name in (*_CORE_CLASSES, *_CORE_PROPERTIES) if not said.values(CORE + name, RDF + "type")]
    if names:
        yield problem(Where(file), "missing-term", name=", ".join(names))


def _unreadable(said: Declarations) -> Iterator[Problem]:
    """Ranges that are nothing the machine can read, and annotations that do not say or lead where they must."""
    yield from _unreadable_properties(said)
    yield from _odd_classes(said)
    yield from _two_texts(said)
    for annotation, kinds in _LEADING_TO.items():
        for subject, value in said.pairs(CORE + annotation):
            if not said.is_a(value, *kinds):
                yield _astray(subject, annotation, said)
    sections = said.pairs(CORE + "section")
    for subject, section in sections:
        if sum(section == other for _, other in sections) > 1:
            yield _astray(subject, "section", said)


def _unreadable_properties(said: Declarations) -> Iterator[Problem]:
    for term in _own_properties(said):
        kind, classes = _range(said, term)
        if kind is None:
            yield problem(said.place(term, "range"), "unreadable-range", property=local_name(term))
        default = said.value(term, CORE + "default")
        if default is not None and not said.is_a(default, *classes):
            yield _astray(term, "default", said)
        claims = [cls for cls in map(str, said.values(term, CORE + "usedOn")) if CORE + "Claim" in said.above(cls)]
        if claims and said.values(term, CORE + "dimension") and not said.values(term, CORE + "identifies"):
            yield _astray(term, "identifies", said)  # Figures that differ in nothing else would be taken for one.
        if said.values(term, CORE + "shortcutOf"):
            yield from (_astray(term, end, said) for end in ("edgeFrom", "edgeTo") if not said.values(term, CORE + end))


def _odd_classes(said: Declarations) -> Iterator[Problem]:
    """Classes below themselves, and captions that tell keys which there are not."""
    keys = {*map(local_name, _own_properties(said)), "amount", "dimensions"}
    for node in said.named(_CLASS):
        if any(node in said.above(str(wider)) for wider in said.values(node, RDFS + "subClassOf")):
            yield problem(said.place(node, "subClassOf"), "class-circle", term=local_name(node))
        for caption in map(str, said.values(node, CORE + "caption")):
            where, rest = said.place(node, "caption"), _KEY.sub("", caption)
            for key in {*_KEY.findall(caption)} - keys:
                yield problem(where, "caption-key", term=local_name(node), key=key, **near(key, keys))
            if re.search(r"\{\w|\w\}", rest) or rest.count("[") != rest.count("]"):
                yield problem(where, "caption-bracket", term=local_name(node))


def _two_texts(said: Declarations) -> Iterator[Problem]:
    """Texts of a term of which a page could show one only: labels or captions in one language, where the later stands."""
    for key in (RDFS + "label", CORE + "caption"):
        for term in said.homes:
            languages = [each.language for each in said.values(term, key) if isinstance(each, Literal)]
            for language in sorted({each for each in languages if languages.count(each) > 1}):
                where = said.place(term, local_name(key), said.latest[term, key])
                yield problem(where, "two-texts", term=local_name(term), annotation=local_name(key), language=language)


def _astray(term: str, annotation: str, said: Declarations) -> Problem:
    details = {"term": local_name(term), "annotation": annotation}
    return problem(said.place(term, annotation), "unreadable-annotation", **details)


def _classes(said: Declarations) -> list[Class]:
    found = []
    for node in said.named(_CLASS):
        supers = said.above(node)
        kinds = [kind for kind, name in _KINDS if CORE + name in supers]
        kind: ClassKind = kinds[0] if kinds else "value"
        ancestors = (node, *sorted(supers - {node}))
        found.append(Class(node, local_name(node), ancestors, kind, said.value(node, CORE + "section")))
    return found


def _properties(said: Declarations) -> list[Property]:
    found = []
    for node in _own_properties(said):
        kind, classes = _range(said, node)
        assert kind is not None, f"{node} was not refused"
        flags = {name: bool(said.values(node, CORE + name)) for name in ("computed", "ordered")}
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


def _range(said: Declarations, node: str) -> tuple[RangeKind | None, frozenset[str]]:
    ranges = list(map(str, said.values(node, RDFS + "range")))
    is_object = said.is_a(node, _OBJECT)
    if not ranges:
        return _without_range(said, node, is_object), frozenset()
    declared = ranges[0]
    if len(ranges) > 1 or (is_object and declared in _LITERALS):
        return None, frozenset()
    if declared in _LITERALS:
        return _LITERALS[declared], frozenset()
    union = said.value(declared, OWL + "unionOf")
    members = said.listed(union) if union is not None else [declared]
    named = bool(members) and all(said.is_a(member, _CLASS) for member in members)
    if said.is_a(node, _DATATYPE) or not named:
        return None, frozenset()
    return "node", frozenset(members)


def _without_range(said: Declarations, node: str, is_object: bool) -> RangeKind | None:
    """What a property without a range takes: a text, or keys (`unstated`); None for one that has to lead somewhere."""
    if not is_object:
        return "text"
    return "property" if node == CORE + "unstated" or not said.values(node, CORE + "usedOn") else None


def _shortcuts(said: Declarations) -> Iterable[Shortcut]:
    for node, claim in said.pairs(CORE + "shortcutOf"):
        symmetric = said.is_a(node, OWL + "SymmetricProperty")
        converse = node if symmetric else said.value(node, OWL + "inverseOf")
        start, end = (str(said.value(node, CORE + name)) for name in ("edgeFrom", "edgeTo"))
        yield Shortcut(node, claim, start, end, converse)
