"""Terms of an ontology by which no data file can say anything, and claims that nothing tells apart."""

from __future__ import annotations

from collections.abc import Iterator

from pbgraph import turtlefiles
from pbgraph.problems import Problem, Where, problem
from pbgraph.project import Project
from pbgraph.schema import Class, Schema
from pbgraph.spelling import spoken_of
from pbgraph.terms import CORE, RDFS, local_name

_DEFINED_BY = f"{CORE.removesuffix('#')}/core"
"""The ontology whose terms wait for another to use them."""


def of_schema(loaded: Schema, project: Project) -> Iterator[Problem]:
    """Classes that no record can be of, properties that none can have, claims without a section or an identity, as warnings."""
    found = [*_classes(loaded), *_properties(loaded)]
    texts = {file: text.decode() for file, text in turtlefiles.read(project, "ontology").items()} if found else {}
    for term, code in found:
        where = spoken_of(term, texts) or Where("ontology")
        yield problem(where, code, term=local_name(term))


def _classes(loaded: Schema) -> Iterator[tuple[str, str]]:
    classes = loaded.classes.values()
    above = {iri for cls in classes if cls.kind != "value" or cls.iri in loaded.individuals for iri in cls.ancestors}
    yield from ((cls.iri, "class-without-kind") for cls in classes if cls.iri not in above)
    claims = [cls for cls in classes if cls.kind == "claim"]
    reached = {iri for cls in claims if cls.section for iri in cls.ancestors}
    told_apart = {iri for cls in claims if _is_told_apart(cls, loaded) for iri in cls.ancestors}
    for cls in claims:
        if cls.iri not in reached and not any(loaded.by_iri[iri].section for iri in cls.ancestors if iri in loaded.by_iri):
            yield cls.iri, "claim-without-section"
        elif cls.iri not in told_apart:
            yield cls.iri, "claim-without-identity"


def _is_told_apart(cls: Class, loaded: Schema) -> bool:
    """Whether anything tells two claims of a class apart but what all claims may have: when, and in which sense."""
    return any(
        prop.identifies_claim(cls) and not (prop.used_on - {f"{CORE}Claim"}).isdisjoint(cls.ancestors)
        for prop in loaded.keys(cls).values()
    )


def _properties(loaded: Schema) -> Iterator[tuple[str, str]]:
    exempt = _beyond(loaded).union(*((each.iri, each.converse) for each in loaded.shortcuts))
    for prop in loaded.properties.values():
        if not prop.used_on and prop.iri not in exempt:
            yield prop.iri, "key-of-nothing"


def _beyond(loaded: Schema) -> set[str]:
    """The terms of the core, and properties above others: what they are for is not said by where they stand."""
    core = {term for term, key, value in loaded.triples if key == f"{RDFS}isDefinedBy" and str(value) == _DEFINED_BY}
    return core | {str(value) for _, key, value in loaded.triples if key == f"{RDFS}subPropertyOf"}
