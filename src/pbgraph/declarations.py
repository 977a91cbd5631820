"""What the files of an ontology state together, before any of it is understood."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pbgraph.problems import Where
from pbgraph.spelling import spoken_of
from pbgraph.store import Statements
from pbgraph.terms import RDF, RDFS, Term, local_name


def terms_in(own: Iterable[str], subjects: Iterable[str], prefixes: Mapping[str, str]) -> dict[str, Collection[str]]:
    """The local names of subjects in the namespaces of `own` terms, by their prefixes."""
    spaces = {iri.removesuffix(local_name(iri)) for iri in own}
    declared = {prefix: iri for prefix, iri in prefixes.items() if prefix and iri in spaces}
    named = list(subjects)
    return {prefix: {each.removeprefix(iri) for each in named if each.startswith(iri)} for prefix, iri in declared.items()}


@dataclass(frozen=True)
class Declarations:
    """What the files of an ontology state together, and the file that first gives each of its subjects a type.

    `texts` are those of the files; `again` are subjects with the file that gives them a type after another did; `latest` is the
    last file that says something of a subject by a property.
    """

    said: dict[str, dict[str, list[Term]]] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    again: dict[str, str] = field(default_factory=dict)
    latest: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, more: Statements, file: str, text: str) -> None:
        """Take in what one more file states."""
        self.texts[file] = text
        for subject, about in more.items():
            own = self.said.setdefault(subject, {})
            for key, terms in about.items():
                own.setdefault(key, []).extend(term for term in terms if term not in own[key])
                self.latest[subject, key] = file
            if RDF + "type" in about and self.homes.setdefault(subject, file) != file:
                self.again[subject] = file

    def place(self, subject: str, then: str = "", file: str = "") -> Where:
        """Where a file (its home) speaks of a subject, if need be of what it says by the term `then`."""
        home = file or self.homes.get(subject, "")
        texts = {home: self.texts[home]} if home else self.texts
        return spoken_of(subject, texts, then) or Where(home or "ontology")

    def values(self, subject: str, key: str) -> list[Term]:
        """The values of a property of a subject."""
        return self.said.get(subject, {}).get(key, [])

    def value(self, subject: str, key: str) -> str | None:
        """The first of them, if there is one."""
        return next(map(str, self.values(subject, key)), None)

    def holds(self, subject: str, key: str) -> bool:
        """Whether a subject is said to be so: true, or 1, which is the same (XML Schema, section 3.3.2)."""
        return any(str(term) in ("true", "1") for term in self.values(subject, key))

    def is_a(self, subject: str, *kinds: str) -> bool:
        """Whether a subject is stated to be of one of these classes."""
        return any(str(term) in kinds for term in self.values(subject, RDF + "type"))

    def named(self, *kinds: str) -> list[str]:
        """The subjects of these kinds that have an address of their own, in order."""
        wanted = set(kinds)
        typed = ((subject, about.get(RDF + "type", ())) for subject, about in self.said.items() if not subject.startswith("_:"))
        return sorted(subject for subject, types in typed if not wanted.isdisjoint(map(str, types)))

    def pairs(self, key: str) -> list[tuple[str, str]]:
        """Each subject of a property with each of its values."""
        return sorted((subject, str(term)) for subject, about in self.said.items() for term in about.get(key, ()))

    def above(self, subject: str) -> set[str]:
        """A class and all it is a kind of, as far as they have an address."""
        found: set[str] = set()
        open_ = [subject]
        while open_:
            cls = open_.pop()
            if cls not in found and not cls.startswith("_:"):
                found.add(cls)
                open_.extend(map(str, self.values(cls, RDFS + "subClassOf")))
        return found

    def listed(self, node: str) -> list[str]:
        """The items of an RDF list."""
        found: list[str] = []
        while (first := self.value(node, RDF + "first")) is not None and len(found) < len(self.said):
            found.append(first)
            node = self.value(node, RDF + "rest") or ""
        return found

    def triples(self) -> Iterator[tuple[str, str, Term]]:
        """All it states of named terms by named terms and literals."""
        for subject, about in self.said.items():
            for key, terms in about.items():
                if not subject.startswith("_:"):
                    yield from ((subject, key, term) for term in terms if not term.nt.startswith("<_:"))
