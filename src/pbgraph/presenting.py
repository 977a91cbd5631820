"""How a message presents entities: id, label and class, and what each is part of, in every language messages come in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pbgraph.labels import Labels
from pbgraph.problems import catalogue
from pbgraph.store import Graph
from pbgraph.terms import Iri, local_name

_WHOLE = "SELECT ?part ?whole WHERE { ?part pb:partOf ?whole } ORDER BY ?whole"
_CLASSES = "SELECT ?class WHERE { ?class a owl:Class } ORDER BY ?class"
_SIGNS = {"zh": ("（", "，", "：", "、", "）", "；")}
_PLAIN = (" (", ", ", ": ", ", ", ")", "; ")


def presented(entities: Iterable[Iri], graph: Graph) -> Mapping[str, str]:
    """Per language the entities in one line: `dashi-1 (Dashi, village: Shitang, Hengxian); dashi-2 (…)`."""
    chains = [(entity, list(_wholes(entity, graph))) for entity in entities]
    labels = Labels(graph, list(_languages()))
    return {language: _in_language(chains, labels, language) for language in labels.languages}


def class_label(cls: str, graph: Graph) -> Mapping[str, str]:
    """Per language what a class is called, by its local name; that name itself where no ontology has it."""
    node = next((str(row[0]) for row in graph.select(_CLASSES).rows if local_name(str(row[0])) == cls), cls)
    labels = Labels(graph, list(_languages()))
    return {language: labels.label(node, language).text for language in labels.languages}


def _languages() -> Iterable[str]:
    return tuple(catalogue()["ambiguous-name"]["what"])


def _wholes(entity: Iri, graph: Graph) -> Iterator[Iri]:
    """What an entity is part of, and what that is part of, nearest first; each once, should they run in a circle."""
    seen: set[str] = set()
    part: Iri | None = entity
    while part is not None and part not in seen:
        seen.add(part)
        wholes = [row[1] for row in graph.select(_WHOLE, {"part": part}).rows]
        part = next((whole for whole in wholes if isinstance(whole, Iri) and whole not in seen), None)
        if part is not None:
            yield part


def _in_language(chains: Iterable[tuple[Iri, list[Iri]]], labels: Labels, language: str) -> str:
    opening, comma, colon, between, closing, semicolon = _SIGNS.get(language, _PLAIN)
    lines: list[str] = []
    for entity, wholes in chains:
        label, cls = (labels.label(node, language).text for node in (entity, labels.class_of(entity)))
        chain = between.join(labels.label(whole, language).text for whole in wholes)
        lines.append(f"{local_name(entity)}{opening}{label}{comma}{cls}{colon if chain else ''}{chain}{closing}")
    return semicolon.join(lines)
