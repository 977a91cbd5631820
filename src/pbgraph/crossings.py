"""Whether what crosses files still stands after an edit, told from the changed files and the graph before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from pbgraph.derive import graph_of
from pbgraph.mapping import Mapped
from pbgraph.scalars import SLUG
from pbgraph.store import Graph
from pbgraph.terms import is_directly_below, local_name
from pbgraph.things import entity


def stands(files: Sequence[Mapped], graphs: Collection[str], sources: Mapping[str, str], before: Graph, base: str) -> bool:
    """Whether every id is still owned once, and every reference still finds what it may refer to.

    `files` is what the changed files have become; `graphs` are those that they had `before`, when everything stood; `sources`
    says in which file the claims on a source stood. False may be said too often, never too seldom.
    """
    owned = [(slug, each, file) for file in files for slug, each in file.owned]
    classes = {slug: frozenset(each.classes) for slug, each, _ in owned}
    changed = {file.file for file in files}
    resting = [file.source for file in files if file.sourced]
    owned_before = {slug: was for graph in graphs for slug, was in _owned_in(graph, before, base)}
    return (
        len({slug for slug, _, file in owned if file.readable}) == sum(file.readable for _, _, file in owned)
        and not any(
            _elsewhere(slug, graphs, before, base) for slug, _, file in owned if file.readable and slug not in owned_before
        )
        and len({*resting}) == len(resting)
        and all(sources.get(source) in (None, *changed) for source in resting)
        and all(_resolved(file, classes, graphs, before, base) for file in files)
        and not any(
            classes.get(slug) not in (frozenset(), was) and _is_missed(slug, graphs, before, base)
            for slug, was in owned_before.items()
        )
    )


def _elsewhere(slug: str, graphs: Collection[str], before: Graph, base: str) -> bool:
    """Whether a file that did not change owns an id."""
    return not before.classes(entity(base, slug)).keys() <= {*graphs}


def _resolved(file: Mapped, classes: Mapping[str, frozenset[str]], graphs: Collection[str], before: Graph, base: str) -> bool:
    """Whether each reference of a file leads to what it may lead to; of what is not known, nothing is said."""
    for slug, wanted in {(reference.slug, reference.classes) for reference in file.references}:
        known = classes.get(slug)
        if not SLUG.fullmatch(slug):
            return False
        if known is None:
            by_graph = before.classes(entity(base, slug))
            if by_graph.keys() <= {*graphs}:
                return False
            known = frozenset().union(*by_graph.values())
        if known and known.isdisjoint(wanted):
            return False
    return True


def _owned_in(graph: str, before: Graph, base: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The ids that a named graph introduced, with their classes."""
    for subject, classes in before.typed_in(graph).items():
        if is_directly_below(subject, f"{base}id/"):
            yield local_name(subject), frozenset(classes)


def _is_missed(slug: str, graphs: Collection[str], before: Graph, base: str) -> bool:
    """Whether files that did not change refer to an id."""
    return not before.graphs("", "", entity(base, slug)) <= {*graphs, graph_of(base)}
