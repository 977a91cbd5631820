"""The ontology as the machine sees it: classes, keys, ranges, sections, identity and edges, read with rdflib."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal as OneOf

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, XSD

from pbgraph.problems import Problem, Refused, Where, problem
from pbgraph.terms import CORE, Iri, Literal, Term, local_name

PB = rdflib.Namespace(CORE)

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
_LITERALS: Mapping[rdflib.term.Node, RangeKind] = {
    XSD.string: "text",
    RDF.langString: "language",
    XSD.integer: "integer",
    XSD.boolean: "boolean",
    XSD.decimal: "amount",
    PB.EDTF: "date",
    XSD.anyURI: "uri",
}

_CORE_CLASSES = ("Entity", "Concept", "Source", "Claim", "Part", "Group", "Passage")
_CORE_PROPERTIES = (
    *("source", "fingerprint", "position", "passage", "par", "quote", "name", "naming", "at", "atArticle", "earliest", "latest"),
    *("modality", "certainty", "rank", "unit", "value", "share", "number", "printed", "bound", "low", "high"),
)
_LEADING_TO: Mapping[rdflib.URIRef, tuple[rdflib.URIRef, ...]] = {
    **dict.fromkeys((PB.usedOn, PB.identifies, PB.shortcutOf), (OWL.Class,)),
    **dict.fromkeys((PB.edgeFrom, PB.edgeTo, PB.inheritedFrom), (OWL.ObjectProperty, OWL.DatatypeProperty)),
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
    dimension: bool
    default: str | None
    inherited_from: str | None

    def stands_on(self, cls: Class) -> bool:
        """Whether a node of class `cls` may carry it (pb:usedOn is additive and inherited)."""
        return not self.used_on.isdisjoint(cls.ancestors)

    def identifies_claim(self, cls: Class) -> bool:
        """Whether it enters the fingerprint of a claim of class `cls`."""
        return not self.identifies.isdisjoint(cls.ancestors)


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
    def sections(self) -> Mapping[str, Class]:
        """The key of each section of a data file, with the class of its records."""
        return {cls.section: cls for cls in self.classes.values() if cls.section}

    def keys(self, cls: Class) -> Mapping[str, Property]:
        """The properties that may stand on `cls`, by the key a curator types."""
        return self._keys[cls.iri]

    @cached_property
    def _keys(self) -> Mapping[str, Mapping[str, Property]]:
        return {
            cls.iri: {name: prop for name, prop in self.properties.items() if prop.stands_on(cls)}
            for cls in self.classes.values()
        }

    def part_of_range(self, prop: Property) -> Class | None:
        """The Part class that a nested mapping under `prop` makes, or None if it takes references only."""
        parts = (self.by_iri[iri] for iri in sorted(prop.range_classes) if iri in self.by_iri)
        return next((cls for cls in parts if cls.kind in ("part", "passage")), None)


def load(contents: Mapping[str, bytes]) -> Schema:
    """Read Turtle, by the address of its file, into a Schema.

    Refused: no file, a local name used twice, a core term that is missing, an annotation that leads nowhere.
    """
    if not contents:
        raise Refused([problem(Where("ontology"), "no-ontology")])
    graph = rdflib.Graph(bind_namespaces="none")
    homes: dict[rdflib.term.Node, str] = {}
    for file, content in contents.items():
        try:
            graph.parse(data=content, format="turtle")
        except SyntaxError as error:
            reason = str(getattr(error, "message", error))
            raise Refused([problem(Where(file, getattr(error, "lines", 0) + 1, 1), "bad-turtle", reason=reason)]) from error
        for term in graph.subjects(RDF.type):
            homes.setdefault(term, file)
    if found := [*_ambiguous(graph, homes), *_missing(graph, next(iter(contents)))] or list(_unreadable(graph, homes)):
        raise Refused(found)
    classes = _classes(graph)
    individuals = {
        cls.iri: {local_name(str(node)): str(node) for node in _named(graph, rdflib.URIRef(cls.iri))} for cls in classes
    }
    return Schema(
        classes={cls.name: cls for cls in classes},
        properties={prop.name: prop for prop in _properties(graph)},
        individuals={iri: members for iri, members in individuals.items() if members},
        shortcuts=tuple(_shortcuts(graph)),
        prefixes={prefix: str(iri) for prefix, iri in sorted(graph.namespaces()) if prefix},
        triples=tuple(sorted(_named_triples(graph))),
    )


def _named(graph: rdflib.Graph, kind: rdflib.URIRef) -> list[rdflib.URIRef]:
    return sorted(node for node in graph.subjects(RDF.type, kind) if isinstance(node, rdflib.URIRef))


def _own_properties(graph: rdflib.Graph) -> list[rdflib.URIRef]:
    return sorted({*_named(graph, OWL.ObjectProperty), *_named(graph, OWL.DatatypeProperty)})


def _ambiguous(graph: rdflib.Graph, homes: Mapping[rdflib.term.Node, str]) -> Iterator[Problem]:
    terms = [*_named(graph, OWL.Class), *_own_properties(graph)]
    names = [local_name(str(term)) for term in terms]
    for term, name in zip(terms, names, strict=True):
        if names.count(name) > 1:
            yield problem(Where(homes[term]), "ambiguous-term", name=name)


def _missing(graph: rdflib.Graph, file: str) -> Iterator[Problem]:
    names = [name for name in (*_CORE_CLASSES, *_CORE_PROPERTIES) if (PB[name], RDF.type, None) not in graph]
    if names:
        yield problem(Where(file), "missing-term", name=", ".join(names))


def _unreadable(graph: rdflib.Graph, homes: Mapping[rdflib.term.Node, str]) -> Iterator[Problem]:
    """Ranges that are nothing the machine can read, and annotations that do not lead where they must."""
    for term in _own_properties(graph):
        kind, classes = _range(graph, term)
        if kind is None:
            yield problem(Where(homes[term]), "unreadable-range", property=local_name(str(term)))
        default = graph.value(term, PB.default)
        if default is not None and not any((default, RDF.type, rdflib.URIRef(cls)) in graph for cls in classes):
            yield _astray(term, PB.default, homes)
        if (term, PB.shortcutOf, None) in graph:
            yield from (_astray(term, end, homes) for end in (PB.edgeFrom, PB.edgeTo) if graph.value(term, end) is None)
    for annotation, kinds in _LEADING_TO.items():
        for subject, value in graph.subject_objects(annotation):
            if not any((value, RDF.type, kind) in graph for kind in kinds):
                yield _astray(subject, annotation, homes)
    sections = list(graph.objects(None, PB.section))
    for subject, section in graph.subject_objects(PB.section):
        if sections.count(section) > 1:
            yield _astray(subject, PB.section, homes)


def _astray(term: rdflib.term.Node, annotation: rdflib.URIRef, homes: Mapping[rdflib.term.Node, str]) -> Problem:
    details = {"term": local_name(str(term)), "annotation": local_name(str(annotation))}
    return problem(Where(homes.get(term, "ontology")), "unreadable-annotation", **details)


def _classes(graph: rdflib.Graph) -> list[Class]:
    found = []
    for node in _named(graph, OWL.Class):
        supers = {str(each) for each in graph.transitive_objects(node, RDFS.subClassOf) if isinstance(each, rdflib.URIRef)}
        section = graph.value(node, PB.section)
        kinds = [kind for kind, name in _KINDS if CORE + name in supers]
        kind: ClassKind = kinds[0] if kinds else "value"
        ancestors = (str(node), *sorted(supers - {str(node)}))
        found.append(Class(str(node), local_name(str(node)), ancestors, kind, str(section) if section else None))
    return found


def _properties(graph: rdflib.Graph) -> list[Property]:
    found = []
    for node in _own_properties(graph):
        kind, classes = _range(graph, node)
        assert kind is not None, f"{node} was not refused"
        flags = {name: graph.value(node, PB[name]) is not None for name in ("computed", "ordered", "dimension")}
        default, inherited = graph.value(node, PB.default), graph.value(node, PB.inheritedFrom)
        found.append(
            Property(
                iri=str(node),
                name=local_name(str(node)),
                range=kind,
                range_classes=classes,
                used_on=frozenset(map(str, graph.objects(node, PB.usedOn))),
                identifies=frozenset(map(str, graph.objects(node, PB.identifies))),
                default=str(default) if default else None,
                inherited_from=local_name(str(inherited)) if inherited else None,
                **flags,
            )
        )
    return found


def _range(graph: rdflib.Graph, node: rdflib.URIRef) -> tuple[RangeKind | None, frozenset[str]]:
    declared = graph.value(node, RDFS.range)
    if declared is None:
        return ("property" if (node, RDF.type, OWL.ObjectProperty) in graph else "text"), frozenset()
    if declared in _LITERALS:
        return _LITERALS[declared], frozenset()
    union = graph.value(declared, OWL.unionOf)
    members = list(Collection(graph, union)) if union is not None else [declared]
    named = bool(members) and all((member, RDF.type, OWL.Class) in graph for member in members)
    if (node, RDF.type, OWL.DatatypeProperty) in graph or not named:
        return None, frozenset()
    return "node", frozenset(map(str, members))


def _shortcuts(graph: rdflib.Graph) -> Iterable[Shortcut]:
    for node, claim in sorted(graph.subject_objects(PB.shortcutOf)):
        symmetric = (node, RDF.type, OWL.SymmetricProperty) in graph
        converse = node if symmetric else graph.value(node, OWL.inverseOf)
        start, end = graph.value(node, PB.edgeFrom), graph.value(node, PB.edgeTo)
        yield Shortcut(str(node), str(claim), str(start), str(end), str(converse) if converse else None)


def _named_triples(graph: rdflib.Graph) -> Iterable[tuple[str, str, Term]]:
    for subject, predicate, obj in graph:
        if isinstance(subject, rdflib.URIRef) and isinstance(obj, rdflib.URIRef | rdflib.Literal):
            yield str(subject), str(predicate), _term(obj)


def _term(node: rdflib.URIRef | rdflib.Literal) -> Term:
    if isinstance(node, rdflib.URIRef):
        return Iri(node)
    return Literal(str(node), str(node.datatype or ""), (node.language or "").lower())
