"""What the properties of an ontology take, as far as the machine can read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal as OneOf

from pbgraph.declarations import Declarations
from pbgraph.terms import CORE, OWL, RDF, RDFS, XSD

CLASS, OBJECT, DATATYPE = OWL + "Class", OWL + "ObjectProperty", OWL + "DatatypeProperty"

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


def range_of(said: Declarations, node: str) -> tuple[RangeKind | None, frozenset[str]]:
    """What a property takes, and the classes that nodes it leads to are of; None: nothing the machine can read."""
    ranges = list(map(str, said.values(node, RDFS + "range")))
    is_object = said.is_a(node, OBJECT)
    if not ranges:
        return _without_range(said, node, is_object), frozenset()
    declared = ranges[0]
    if len(ranges) > 1 or (is_object and declared in _LITERALS):
        return None, frozenset()
    if declared in _LITERALS:
        return _LITERALS[declared], frozenset()
    union = said.value(declared, OWL + "unionOf")
    members = said.listed(union) if union is not None else [declared]
    named = bool(members) and all(said.is_a(member, CLASS) for member in members)
    if said.is_a(node, DATATYPE) or not named:
        return None, frozenset()
    return "node", frozenset(members)


def _without_range(said: Declarations, node: str, is_object: bool) -> RangeKind | None:
    """What a property without a range takes: a text, or keys (`unstated`); None for one that has to lead somewhere."""
    if not is_object:
        return "text"
    return "property" if node == CORE + "unstated" or not said.values(node, CORE + "usedOn") else None
