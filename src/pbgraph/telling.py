"""What a page tells of a node: values in the reader's language first, qualifiers, what the ontology says; and rows made short."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pbgraph.languages import preferred
from pbgraph.sites import Row, Site
from pbgraph.terms import CORE, Iri, Literal, Term, local_name

TOLD_APART = frozenset(
    [
        "name",
        "note",
        "definition",
        "position",
        "passage",
        "source",
        "fingerprint",
        "published",
        "modality",
        "certainty",
        "rank",
        "reason",
        "unstated",
        "at",
        "from",
        "until",
        "atArticle",
        "earliest",
        "latest",
        "printed",
        "bound",
        "low",
        "high",
        "fraction",
    ]
)
"""Properties of the core that pages tell in ways of their own, not as one of many qualifiers."""


FIRST = ("naming", "code", "partOf", "broader")
"""What comes before all other properties, in this order."""


@dataclass(frozen=True)
class Telling:
    """What is told of the nodes of a site in one language; all by rows of page queries that are there already."""

    site: Site
    language: str

    def stated(self, node: object, name: str) -> list[Term]:
        """The values of a property of the core (local name) on a node; texts in the reader's language come first."""
        key = self.site.core(name)
        found = self.site.values(node).get(key, [])
        return sorted(found, key=self._turn) if len(found) > 1 else found

    def _turn(self, term: Term) -> tuple[int, str]:
        """When a text's turn comes: the reader's language, then the project's in their order, then others."""
        tag = term.language if isinstance(term, Literal) else ""
        order = [self.language, *self.site.project.languages]
        main = tag.partition("-")[0]
        return (order.index(main) if main in order else len(order), tag) if tag else (0, "")

    def pick(self, terms: Iterable[Term]) -> list[Term]:
        """Of texts in several languages those in the page's, else in a variety of it, else in the first there is."""
        found = list(terms)
        tags = [term.language if isinstance(term, Literal) else "" for term in found]
        shown = preferred(tags, self.language, *self.site.project.languages)
        return [term for term, tag in zip(found, tags, strict=True) if tag == shown]

    def is_a(self, node: object, name: str) -> bool:
        """Whether a node is of a class of the core (local name) or of a kind of it."""
        return self.site.core(name) in self.site.labels.ancestors(self.site.kind(node))

    def broader(self, cls: object) -> list[Iri]:
        """The classes that a class is a kind of, nearest first, without the core's kinds of node."""
        found = self.site.labels.ancestors(str(cls))[1:]
        return [Iri(each) for each in found if each not in (f"{CORE}Entity", f"{CORE}Claim", f"{CORE}Part")]

    def qualifiers(self, node: object, told: Collection[str] | None = None) -> list[dict[str, Any]]:
        """What is stated of a node and told nowhere else on its page: mappings of `key` and `terms`.

        Left out is what the core has other places for and what was `told` of it (properties by local name): if that is not
        given, what the node's caption says. But of several parties that a claim's caption names beside its subject, each is
        told again, for its role.
        """
        stated = {local_name(key): (Iri(key), terms) for key, terms in self.site.values(node).items()}
        # A page's own node is told in full: its caption is the page's title, not a sentence with links.
        own = frozenset() if self.is_a(node, "Entity") else self.site.labels.captioned(str(node), self.language)
        captioned = own if told is None else frozenset(told)
        parties = [name for name in stated if name in captioned and self._is_party(node, name, stated[name][1])]
        hidden = TOLD_APART | captioned - (set(parties) if len(parties) > 1 else set())
        shown = sorted((name for name in stated if name not in hidden), key=_place)
        return [{"key": stated[name][0], "terms": stated[name][1]} for name in shown]

    def _is_party(self, node: object, name: str, terms: Sequence[Term]) -> bool:
        if name == "subject" or not self.is_a(node, "Claim"):
            return False
        return any(isinstance(term, Iri) and not self.is_a(term, "Concept") for term in terms)

    def facts(self, term: object, name: str) -> list[Term]:
        """What the ontology says of a term: the values of a property with this local name."""
        return [row["value"] for row in self.site.rows("term-facts", term) if local_name(str(row["property"])) == name]

    def pick_facts(self, term: object, name: str) -> list[Term]:
        """Of what the ontology says of a term in several languages, what is best in the page's."""
        return self.pick(self.facts(term, name))

    def legible(self, columns: Sequence[str]) -> list[str]:
        """Columns without those that say in another language (noteEn) what one of them says in the page's (noteZh)."""
        own = self.language.capitalize()
        others = [tag.capitalize() for tag in self.site.project.languages if tag != self.language]
        foreign = {f"{name.removesuffix(own)}{other}" for name in columns if name.endswith(own) for other in others}
        return [name for name in columns if name not in foreign]


def _place(name: str) -> int:
    return FIRST.index(name) if name in FIRST else len(FIRST)


def distinct(rows: Sequence[Row], columns: Sequence[str]) -> list[Row]:
    """Rows cut to some of their columns, alike ones once."""
    cut = [{name: row[name] for name in columns if name in row} for row in rows]
    return list({tuple(sorted((name, term.nt) for name, term in row.items())): row for row in cut}.values())


def filled(rows: Sequence[Row], columns: Sequence[str]) -> list[str]:
    """The columns that have a value in some row; all of them where there are no rows."""
    return [name for name in columns if not rows or any(name in row for row in rows)]


def alike(rows: Sequence[Row], columns: Sequence[str]) -> dict[str, Term]:
    """The columns that have one and the same value in all of several rows, with it; never all of the columns."""
    found = {name: {row.get(name) for row in rows} for name in columns}
    same = {name: term for name, (term, *others) in found.items() if term is not None and not others} if rows[1:] else {}
    return same if len(same) < len(columns) else {}


def lines(ties: Sequence[Row], most: int = 20, each: int = 4) -> list[dict[str, Any]]:
    """Ties (rows of `relation` and `other`) as the lines of one side of a drawing, at most about `most` of them.

    Nodes that are tied alike come together, many before few, at most `each` of them; a last line says how many `more` there
    are. Each line has `relations`, `node` or `more`, and is so `high` (pixels at 100%).
    """
    tied: dict[Term, list[Term]] = {}
    for row in ties:
        tied.setdefault(row["other"], []).append(row["relation"])
    alike: dict[tuple[Term, ...], list[Term]] = {}
    for node, relations in tied.items():
        alike.setdefault(tuple(sorted(set(relations), key=str)), []).append(node)
    found: list[dict[str, Any]] = []
    left = len(tied)
    for together, nodes in sorted(alike.items(), key=lambda group: (-len(group[1]), str(group[0]))):
        shown = nodes[:each]
        if found and len(found) + 1 + len(shown) > most:
            break
        found.append({"relations": together, "high": 30})
        found.extend({"node": node, "high": 22} for node in shown)
        left -= len(shown)
    return [*found, {"more": left, "high": 30}] if left else found


def points(figures: Sequence[Row]) -> list[Row]:
    """Of comparable figures (rows of one `scope`) those that hold, with a number and a time; none unless there are two times."""
    found = [row for row in figures if "number" in row and "earliest" in row and "withdrawn" not in row]
    return found if len({row["earliest"] for row in found}) > 1 else []
