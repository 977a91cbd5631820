"""What is wrong with the ontology itself: terms missing, said twice or unusable, annotations that do not lead where they must."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from pbgraph.declarations import Declarations, terms_in
from pbgraph.likeness import near
from pbgraph.problems import Problem, Where, problem
from pbgraph.ranges import CLASS, DATATYPE, OBJECT, range_of
from pbgraph.spelling import unknown_terms
from pbgraph.store import prefixes_of, turtle_problem
from pbgraph.terms import CORE, RDF, RDFS, Literal, local_name
from pbgraph.vocabularies import words

_KEY = re.compile(r"\{(\w+)\}")
_CORE_CLASSES = ("Entity", "Concept", "Source", "Claim", "Part", "Group", "Passage")
_CORE_PROPERTIES = (
    *("source", "fingerprint", "position", "passage", "par", "quote", "name", "naming", "at", "atArticle", "earliest", "latest"),
    *("modality", "certainty", "rank", "unit", "value", "share", "number", "printed", "bound", "low", "high", "fraction"),
)
_RESERVED = ("id", "type")
"""What every record may have, whatever the ontology says."""

_KINDS = ("Entity", "Claim", "Part")
_LEADING_TO: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("usedOn", "identifies", "shortcutOf"), (CLASS,)),
    **dict.fromkeys(("edgeFrom", "edgeTo"), (OBJECT,)),
    "inheritedFrom": (OBJECT, DATATYPE),
}
_FLAGS = ("computed", "dimension", "ending", "ordered", "specifies")
_BOOLEANS = ("true", "false", "1", "0")
"""How a truth value may be written (XML Schema, section 3.3.2)."""


def amiss(said: Declarations, prefixes: Mapping[str, str]) -> list[Problem]:
    """What keeps an ontology from being read: of three kinds the first there is, since the others would follow from it.

    A local name used twice, or one that is taken; a core term that is missing. Terms that nobody declared. Ranges that cannot
    be read, annotations that lead nowhere, classes below themselves or of two kinds, captions that cannot be filled in.
    """
    own = terms_in(said.named(CLASS, OBJECT, DATATYPE), said.said, prefixes)
    known = {**words(prefixes), **own}
    strange = [each for file, text in said.texts.items() for each in unknown_terms(text, file, known, prefixes)]
    return [*_ambiguous(said), *_missing(said, next(iter(said.texts)))] or strange or [*_unreadable(said)]


def of_alignment(content: bytes, file: str, terms: Mapping[str, Collection[str]]) -> list[Problem]:
    """What is wrong with a Turtle file that says what an ontology's `terms` (by prefix) are in other vocabularies."""
    if broken := turtle_problem(content, file):
        return [broken]
    prefixes = prefixes_of(content, "ttl")
    own = {prefix: names for prefix, names in terms.items() if prefix in prefixes}
    return unknown_terms(content.decode(), file, {**words(prefixes), **own}, prefixes)


def _ambiguous(said: Declarations) -> Iterator[Problem]:
    terms = said.named(CLASS) + said.named(OBJECT, DATATYPE)
    names = [local_name(term) for term in terms]
    for term, name in zip(terms, names, strict=True):
        if name in _RESERVED:
            yield problem(said.place(term), "reserved-name", name=name)
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
                yield _astray(subject, annotation, said, value)
    for flag in _FLAGS:
        yield from (_astray(term, flag, said, value) for term, value in said.pairs(CORE + flag) if value not in _BOOLEANS)
    for term, cls in said.pairs(CORE + "identifies"):
        used = map(str, said.values(term, CORE + "usedOn"))
        if said.is_a(cls, CLASS) and not any(cls in said.above(each) or each in said.above(cls) for each in used):
            yield _astray(term, "identifies", said, cls)
    yield from _sections(said)


def _sections(said: Declarations) -> Iterator[Problem]:
    """Sections of several classes, and classes of several sections."""
    sections = said.pairs(CORE + "section")
    for subject, section in sections:
        owners = ", ".join(local_name(other) for other, each in sections if each == section)
        if owners != local_name(subject):
            yield problem(said.place(subject, "section"), "section-taken", section=section, classes=owners)
        if section != said.value(subject, CORE + "section"):
            yield _astray(subject, "section", said, section)


def _unreadable_properties(said: Declarations) -> Iterator[Problem]:
    for term in said.named(OBJECT, DATATYPE):
        kind, classes = range_of(said, term)
        if kind is None:
            yield problem(said.place(term, "range"), "unreadable-range", property=local_name(term))
            continue
        yield from (_astray(term, wrong, said) for wrong in _unusable(term, classes, said))
        for claim in said.values(term, CORE + "shortcutOf"):
            yield from (_astray(term, wrong, said) for wrong in _underived(term, str(claim), said))


def _unusable(term: str, classes: Collection[str], said: Declarations) -> Iterator[str]:
    """The annotations of a property, with what classes it leads to, by which no record could have it as it should be."""
    default, used = said.value(term, CORE + "default"), map(str, said.values(term, CORE + "usedOn"))
    if default is not None and not said.is_a(default, *classes):
        yield "default"
    on_claims = any(CORE + "Claim" in said.above(cls) for cls in used)
    if on_claims and said.holds(term, CORE + "dimension") and not said.values(term, CORE + "identifies"):
        yield "identifies"  # Figures that differ in nothing else would be taken for one.


def _underived(term: str, claim: str, said: Declarations) -> Iterator[str]:
    """The annotations of a shortcut by which no claim of its class would give it."""
    above = said.above(claim)
    if CORE + "Claim" not in above:
        yield "shortcutOf"
    if not said.holds(term, CORE + "computed"):
        yield "computed"
    for end in ("edgeFrom", "edgeTo"):
        ends = said.values(term, CORE + end)
        if not ends or any(above.isdisjoint(map(str, said.values(str(key), CORE + "usedOn"))) for key in ends):
            yield end


def _odd_classes(said: Declarations) -> Iterator[Problem]:
    """Classes below themselves or of two kinds, and captions that tell keys which there are not."""
    used = said.pairs(CORE + "usedOn")
    above = {node: said.above(node) for node in said.named(CLASS)}
    for node in above:
        if any(node in above.get(str(wider), ()) for wider in said.values(node, RDFS + "subClassOf")):
            yield problem(said.place(node, "subClassOf"), "class-circle", term=local_name(node))
        kinds = [name for name in _KINDS if CORE + name in above[node]]
        if len(kinds) > 1:
            yield problem(said.place(node, "subClassOf"), "class-of-two-kinds", term=local_name(node), kinds=", ".join(kinds))
        captions = [*map(str, said.values(node, CORE + "caption"))]
        related = (local_name(term) for term, cls in used if cls in above[node] or node in above.get(cls, ()))
        keys = {*(related if captions else ()), "amount", "dimensions"}
        for caption in captions:
            for key in {*_KEY.findall(caption)} - keys:
                yield problem(said.place(node, "caption"), "caption-key", term=local_name(node), key=key, **near(key, keys))
            rest = _KEY.sub("", caption)
            if re.search(r"\{\w|\w\}", rest) or rest.count("[") != rest.count("]"):
                yield problem(said.place(node, "caption"), "caption-bracket", term=local_name(node))


def _two_texts(said: Declarations) -> Iterator[Problem]:
    """Texts of a term of which a page could show one only: labels or captions in one language, where the later stands."""
    for key in (RDFS + "label", CORE + "caption"):
        for term in said.homes:
            languages = [each.language for each in said.values(term, key) if isinstance(each, Literal)]
            for language in sorted({each for each in languages if languages.count(each) > 1}):
                where = said.place(term, local_name(key), said.latest[term, key])
                yield problem(where, "two-texts", term=local_name(term), annotation=local_name(key), language=language)


def _astray(term: str, annotation: str, said: Declarations, value: str | None = None) -> Problem:
    """That an annotation of a term is missing, or is what it cannot be: a value, else the first that is said."""
    details = {"term": local_name(term), "annotation": annotation}
    stands = value or said.value(term, CORE + annotation)
    if stands is None:
        return problem(said.place(term), "annotation-missing", **details)
    return problem(said.place(term, annotation), "unreadable-annotation", **details, value=local_name(stands))
