"""What could not be told: terms, shapes and check queries without words, without an address, under another's code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pbgraph import queries, shapes, turtlefiles
from pbgraph.problems import Problem, Refused, Text, Where, catalogue, problem, told
from pbgraph.project import Project
from pbgraph.queries import Query
from pbgraph.schema import Schema
from pbgraph.shapes import Shapes
from pbgraph.spelling import spoken_of
from pbgraph.store import Graph
from pbgraph.terms import RDFS, SH, Iri, Literal, Term, core, local_name

_OF_SHAPES = {"message": "sh:message", "remedy": "pb:remedy"}


def of_shapes(loaded: Shapes, languages: Sequence[str]) -> Iterator[Problem]:
    """What keeps the results of shapes from being told, in any of a project's languages, each with its line."""
    codes = Counter([*catalogue(), *map(local_name, loaded.words)])
    for shape, owner in shapes.telling(loaded).items():
        name = local_name(owner)
        if shape != owner:
            yield problem(loaded.place(owner), "shape-without-address", shape=name)
        elif wrong := [*_of_shape(shape, loaded, languages, codes)]:
            where = loaded.place(shape)
            yield from (replace(each, where=where) for each in wrong)
    yield from (problem(loaded.place(shape), "shape-idle", shape=local_name(shape)) for shape in shapes.idle(loaded))


def of_paths(loaded: Shapes, ontology: Schema) -> Iterator[Problem]:
    """The shapes that hold nothing but nodes of classes against a key which these cannot have, so that they never find anything.

    A key that has to be there (sh:minCount) is another matter: its shape finds each of them.
    """
    stands = {prop.iri: prop for prop in ontology.properties.values() if prop.used_on}
    naming: dict[str, list[tuple[str, str]]] = {}
    for namer, about in loaded.said.items():
        for key, terms in about.items():
            for term in terms:
                naming.setdefault(str(term), []).append((namer, key))
    for shape, about in loaded.said.items():
        path = next(map(str, about.get(f"{SH}path", ())), "")
        if path in stands and f"{SH}minCount" not in about:
            holders = [loaded.said[namer] for namer, key in naming.get(shape, ()) if key == f"{SH}property"]
            elsewhere = len(holders) < len(naming.get(shape, ()))
            classes = _only_classes([*holders, *([about] if _targets(about) or not holders else [])])
            below = [cls for cls in ontology.by_iri.values() if not classes.isdisjoint(cls.ancestors)]
            if below and not elsewhere and not any(stands[path].stands_on(cls) for cls in below):
                details = {"shape": local_name(shape), "key": stands[path].name, "class_": local_name(min(classes))}
                yield problem(loaded.place(shape), "shape-of-no-key", **details)


def _targets(about: Mapping[str, Iterable[Term]]) -> set[str]:
    return {key for key in about if key.startswith(f"{SH}target")}


def _only_classes(holders: Iterable[Mapping[str, Iterable[Term]]]) -> set[str]:
    """The classes whose nodes shapes are about; none if one of the shapes is about anything else, or about who knows what."""
    if any(_targets(about) != {f"{SH}targetClass"} for about in holders):
        return set()
    return {str(cls) for about in holders for cls in about[f"{SH}targetClass"]}


def _of_shape(shape: str, loaded: Shapes, languages: Sequence[str], codes: Mapping[str, int]) -> Iterator[Problem]:
    where, name = Where("shapes"), local_name(shape)
    if codes[name] > 1:
        yield problem(where, "code-twice", name=name)
    if not all(isinstance(term, Iri) for term in loaded.said[shape].get(f"{SH}severity", ())):
        yield problem(where, "bad-shapes", reason="sh:severity is sh:Info, sh:Warning or sh:Violation, and no text")
    missing = []
    for key, term in _OF_SHAPES.items():
        words = loaded.told(shape, key)
        missing += [f"{term} ({language})" for language in languages if language not in dict(words)]
        yield from _unfilled(words, ("this", "value"), where, name)
    if missing:
        yield problem(where, "shape-without-words", shape=name, missing=", ".join(missing))


def of_terms(loaded: Schema, project: Project) -> Iterator[Problem]:
    """The classes and properties that some of a project's languages has no word for, as warnings, each with its line.

    Captions are asked for only of classes that have some.
    """
    said = {(term, key, text.language) for term, key, text in loaded.triples if isinstance(text, Literal)}
    texts: dict[str, str] = {}
    terms = (*loaded.by_iri, *(each.iri for each in loaded.properties.values()))
    captioned = [term for term in loaded.by_iri if any((term, core("caption"), each) in said for each in project.languages)]
    codes = {f"{RDFS}label": "term-without-label", core("caption"): "term-without-caption"}
    for key, worded in zip(codes, (terms, captioned), strict=True):
        for term in worded:
            if missing := [language for language in project.languages if (term, key, language) not in said]:
                texts = texts or {file: text.decode() for file, text in turtlefiles.read(project, "ontology").items()}
                where = spoken_of(term, texts, local_name(key)) or Where("ontology")
                yield problem(where, codes[key], term=local_name(term), missing=", ".join(missing))


def of_checks(asked: Iterable[Query], loaded: Shapes, empty: Graph) -> Iterator[Problem]:
    """What keeps check queries from telling what they find, whatever that is; their columns are those of an `empty` graph."""
    codes = {*catalogue(), *map(local_name, shapes.telling(loaded))}
    for query in asked:
        try:
            columns = queries.run(query, empty).variables
        except Refused as refused:
            yield from refused.problems
            continue
        if query.name in codes:
            yield problem(query.where, "code-twice", name=query.name)
        for key in ("what", "remedy"):
            yield from _unfilled(query.text(key), columns, query.where, query.name)
        if "this" not in columns:
            yield problem(query.where, "check-without-this", name=query.name)
        yield from queries.misdeclared(query, columns, (), ())


def _unfilled(words: Text, names: Iterable[str], where: Where, code: str) -> Sequence[Problem]:
    """What of a rule's words cannot be filled in by what goes by these names."""
    try:
        told(words, dict.fromkeys(names, ""), where, code)
    except Refused as refused:
        return refused.problems
    return ()
