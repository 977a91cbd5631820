"""Whether what crosses files still stands after an edit, told from the changed files and the graph before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from pbgraph.derive import graph_of
from pbgraph.mapping import Mapped
from pbgraph.store import Graph
from pbgraph.terms import RDF
from pbgraph.things import entity

_TYPE = RDF + "type"


def stands(files: Sequence[Mapped], graphs: Collection[str], sources: Mapping[str, str], before: Graph, base: str) -> bool:
    """Whether every id is still owned once, and every reference still finds what it may refer to.

    `files` is what the changed files have become; `graphs` are those that they had `before`, when everything stood; `sources`
    says in which file the claims on a source stood. False may be said too often, never too seldom.
    """
    owned = [(slug, each, file) for file in files for slug, each in file.owned]
    classes = {slug: frozenset(each.classes) for slug, each, _ in owned}
    changed = {file.file for file in files}
    resting = [file.source for file in files if file.sourced]
    return (
        len({slug for slug, _, file in owned if file.readable}) == sum(file.readable for _, _, file in owned)
        and not any(_elsewhere(slug, graphs, before, base) for slug, _, file in owned if file.readable)
        and len({*resting}) == len(resting)
        and all(sources.get(source) in (None, *changed) for source in resting)
        and all(_resolved(file, classes, graphs, before, base) for file in files)
        and not any(_missed(slug, classes, graphs, before, base) for slug in _owned_before(graphs, before, base))
    )


def _elsewhere(slug: str, graphs: Collection[str], before: Graph, base: str) -> bool:
    """Whether a file that did not change owns an id."""
    return not before.graphs(entity(base, slug), _TYPE) <= {*graphs}


def _resolved(file: Mapped, classes: Mapping[str, frozenset[str]], graphs: Collection[str], before: Graph, base: str) -> bool:
    """Whether each reference of a file leads to what it may lead to; of what is not known, nothing is said."""
    for reference in file.references:
        known = classes.get(reference.slug)
        if known is None:
            node = entity(base, reference.slug)
            if before.graphs(node, _TYPE) <= {*graphs}:
                return False
            known = frozenset(str(term) for _, term in before.about(node, {_TYPE}))
        if known and reference.classes and known.isdisjoint(reference.classes):
            return False
    return True


def _owned_before(graphs: Collection[str], before: Graph, base: str) -> Iterator[str]:
    for graph in graphs:
        for subject in before.typed_in(graph):
            if subject.startswith(f"{base}id/") and "/" not in (slug := subject.removeprefix(f"{base}id/")):
                yield slug


def _missed(slug: str, classes: Mapping[str, frozenset[str]], graphs: Collection[str], before: Graph, base: str) -> bool:
    """Whether files that did not change refer to an id that is gone or of other classes."""
    node = entity(base, slug)
    was = frozenset(str(term) for _, term in before.about(node, {_TYPE}))
    if slug in classes and classes[slug] in (frozenset(), was):
        return False
    return not before.graphs("", "", node) <= {*graphs, graph_of(base)}
