"""Addresses ↔ pages: where on the site a node is shown, and how one page links to another without knowing the host."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

from pbgraph.terms import OWL, RDF, RDFS, Iri, Triple, local_name

_SECOND = r"\2"

ROUTES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"id/([a-z0-9-]+)(?:/.*)?"), ""),
    (re.compile(r"claim/([a-z0-9-]+)\.([0-9a-f]{8}|[0-9a-f]{16})(?:/.*)?"), r"#claim-\2"),
    (re.compile(r"passage/([a-z0-9-]+)\.([0-9]+)\.(?:[0-9a-f]{6}|[0-9a-f]{12})"), r"#paragraph-\2"),
)
"""What addresses below the base look like; each is shown on the page of the id that is its first group, at this place."""


@dataclass(frozen=True)
class Addresses:
    """Where a project's nodes are shown: its base address, and the pages of its terms (IRI → page, as `term_pages` gives).

    `bare` are entities of which nothing is said but what they are part of: they are rows of that one's page.
    """

    base: str
    terms: Mapping[str, str]
    bare: Mapping[str, str] = field(default_factory=dict)

    def page(self, iri: str, language: str) -> str | None:
        """The page (below the site's root) that shows a node, with its place on it; None if no page does.

        Parts are shown with their owner, claims and passages on their article's page.
        """
        if iri in self.terms:
            return f"{self.terms[iri]}.{language}.html"
        if not iri.startswith(self.base):
            return None
        below = iri.removeprefix(self.base)
        if iri in self.bare:
            return f"{self.page(self.bare[iri], language)}#{local_name(iri)}"
        for pattern, place in ROUTES:
            if found := pattern.fullmatch(below):
                return f"id/{found[1]}.{language}.html{place and place.replace(_SECOND, found[2])}"
        return None

    @cached_property
    def _shown_with(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row, whole in sorted(self.bare.items()):
            found.setdefault(whole, []).append(row)
        return found

    def shown_with(self, iri: str) -> list[str]:
        """The entities that are rows of an entity's page."""
        return self._shown_with.get(iri, [])


def term_pages(triples: Iterable[Triple]) -> dict[str, str]:
    """The page of each term that an ontology's triples label: IRI → page below the site's root, without language and suffix.

    Classes stand apart from other terms: names that differ in case only (`Passage`, `passage`) are one file on some disks.
    """
    triples = list(triples)
    labelled = {subject for subject, predicate, _ in triples if predicate == f"{RDFS}label"}
    classes = {subject for subject, predicate, term in triples if (predicate, term) == (f"{RDF}type", f"{OWL}Class")}
    return {
        subject: f"ontology/{'classes' if subject in classes else 'terms'}/{local_name(subject)}" for subject in sorted(labelled)
    }


def relative(target: str, folder: str) -> str:
    """The link to a page or file from the pages of a folder, both given below the site's root.

    It works under any path and from a disk.
    """
    path, mark, fragment = target.partition("#")
    if folder and path.startswith(f"{folder}/"):
        near = path[len(folder) + 1 :]
    else:
        near = "../" * (folder.count("/") + 1 if folder else 0) + path
    return f"{quote(near)}{mark}{quote(fragment)}"


def is_iri(term: object) -> bool:
    """Whether a term is an IRI (a template's test)."""
    return isinstance(term, Iri)
