"""What of an article the graph carries: every figure, date, ordinal and quoted label, paragraph by paragraph."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal as OneOf
from typing import get_args

from pbgraph.checks import Checked
from pbgraph.evidence import Article, Quote, counters
from pbgraph.problems import Problem, Where, problem
from pbgraph.sentences import sentence
from pbgraph.solutions import Rows
from pbgraph.spotting import Spot, figures, labels, places
from pbgraph.surroundings import Surroundings
from pbgraph.terms import Iri, Literal, Term, core, local_name
from pbgraph.texts import bare, clean

MOST_IGNORED = 0.15
"""The largest part of the figures of an article's body that may be left out."""

_OMISSIONS = """
SELECT ?source ?omission ?ground ?par ?last ?nth
WHERE { ?source pb:ignored ?omission . ?omission pb:because ?ground
  OPTIONAL { ?omission pb:par ?par } OPTIONAL { ?omission pb:lastPar ?last } OPTIONAL { ?omission pb:nth ?nth } }
ORDER BY ?source ?omission
"""
_SLOGANS = "SELECT ?name WHERE { ?slogan a pb:Slogan . { ?slogan pb:name ?name } UNION { ?slogan pb:naming/pb:name ?name } }"
_CONCEPTS = """
SELECT ?name WHERE { ?concept a pb:Concept . FILTER NOT EXISTS { ?concept a pb:Unit }
  { ?concept pb:name ?name } UNION { ?concept pb:naming/pb:name ?name } FILTER (LANGMATCHES(LANG(?name), "zh")) }
"""

_NO_PART = core("not-the-article")
"""The ground of what is no part of the article, and does not count; of other whole paragraphs the figures count as left out."""

State = OneOf["carried", "ignored", "open"]


@dataclass(frozen=True)
class Seen:
    """One figure or label: which of its paragraph's it is, counted from 1, and what carries it or leaves it out.

    `by` holds the addresses of the nodes whose words carry it, or of the omissions; none for a slogan.
    """

    spot: Spot
    nth: int
    state: State
    by: tuple[str, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of an article: its number, its text, what stands in it, and the ground if it is not the article's."""

    number: int
    text: str
    seen: tuple[Seen, ...]
    omitted: str


@dataclass(frozen=True)
class Coverage:
    """How much of one article is carried, and what of it is left out on purpose."""

    article: Article
    paragraphs: tuple[Paragraph, ...]
    omissions: tuple[Omission, ...]

    def count(self, state: State | None = None) -> int:
        """The number of figures, dates and ordinals (not labels) outside omitted paragraphs, or of those in one state."""
        seen = [each for paragraph in self.paragraphs for each in paragraph.seen if each.spot.kind != "label"]
        return sum(state in (None, each.state) for each in seen)

    @property
    def open(self) -> tuple[tuple[Paragraph, Seen], ...]:
        """What nothing carries and nobody left out, in the order of the article."""
        return tuple((paragraph, each) for paragraph in self.paragraphs for each in paragraph.seen if each.state == "open")

    @property
    def complete(self) -> bool:
        """Whether nothing is open and no more than the allowed part is left out."""
        return not self.open and self.count("ignored") <= MOST_IGNORED * self.count()


def cover(checked: Checked, articles: Iterable[Article]) -> list[Coverage]:
    """Hold every article against what the graph rests on it."""
    derived = {iri for each in checked.schema.shortcuts for iri in (each.iri, each.converse) if iri}
    surroundings = Surroundings(checked.graph, checked.project.base, derived)
    slogans = {clean(str(row[0])) for row in checked.graph.select(_SLOGANS).rows}
    concepts = {clean(str(row[0])) for row in checked.graph.select(_CONCEPTS).rows}
    known = counters(checked)
    left_out = checked.graph.grouped(_OMISSIONS, "source")
    return [
        _Cover(article, _omissions(left_out.of(article.source)), surroundings, slogans).coverage(known, concepts)
        for article in articles
    ]


def amiss(checked: Checked, covered: Coverage) -> Iterator[Problem]:
    """Omissions of what is not there, and of whole paragraphs on which claims rest nevertheless."""
    claims = f"{checked.project.base}claim/"
    for each in covered.omissions:
        where = checked.index.locate(each.address) or Where(covered.article.file)
        par, last = max(each.first, each.last), len(covered.paragraphs)
        there = len(covered.paragraphs[par - 1].seen) if 0 < par <= last else 0
        if par > last or each.nth > there:
            details = {"par": str(par), "nth": str(each.nth or 1), "last": str(last), "there": str(there)}
            yield problem(where, "omission-not-there", **details)
        owners = {quote.owner for quote in covered.article.quotes if each.holds(quote.par) and quote.owner.startswith(claims)}
        if each.first and owners:
            yield problem(where, "left-out-with-claims", claims=str(len(owners)))


def left(covered: Iterable[Coverage]) -> Rows:
    """What is open, as rows: the article, the paragraph, which of its spots, the words, and some words around them."""
    rows = [
        tuple(
            Literal(str(cell))
            for cell in (each.article.name, paragraph.number, seen.nth, seen.spot.text, _around(paragraph.text, seen.spot))
        )
        for each in covered
        for paragraph, seen in each.open
    ]
    return Rows(("article", "par", "nth", "words", "around"), tuple(rows))


def _around(text: str, spot: Spot, width: int = 8) -> str:
    return f"{text[max(0, spot.start - width) : spot.start]}[{spot.text}]{text[spot.end : spot.end + width]}"


def summary(covered: Coverage, language: str) -> str:
    """One line about an article: how many figures it has, how many are carried, left out and open."""
    figures, carried, ignored = covered.count(), covered.count("carried"), covered.count("ignored")
    counts = {"figures": figures, "carried": carried, "ignored": ignored, "open": len(covered.open)}
    line = sentence("covered", language, name=covered.article.name, **counts)
    return line if ignored <= MOST_IGNORED * figures else sentence("many-ignored", language, covered=line, share=MOST_IGNORED)


def as_json(covered: Iterable[Coverage]) -> str:
    """Everything found, as a JSON text: per article its counts and its paragraphs, with what carries each figure and label."""
    return json.dumps([_article_document(each) for each in covered], ensure_ascii=False, indent=2) + "\n"


def _article_document(covered: Coverage) -> dict[str, object]:
    counts = {"figures": covered.count(), **{state: covered.count(state) for state in get_args(State)}}
    return {
        "article": covered.article.name,
        "complete": covered.complete,
        **counts,
        "paragraphs": [
            {"par": each.number, "omitted": local_name(each.omitted) or None, "found": [_document(seen) for seen in each.seen]}
            for each in covered.paragraphs
        ],
    }


def _document(seen: Seen) -> dict[str, object]:
    return {"nth": seen.nth, "kind": seen.spot.kind, "words": seen.spot.text, "state": seen.state, "by": list(seen.by)}


@dataclass(frozen=True)
class Omission:
    """What an article's data file leaves out: the paragraphs from `first` to `last`, or the `nth` figure of the first."""

    address: str
    ground: str
    first: int
    last: int
    nth: int

    def holds(self, number: int) -> bool:
        """Whether it leaves out a paragraph as a whole."""
        return not self.nth and self.first <= number <= max(self.first, self.last)


def _omissions(rows: Iterable[Mapping[str, Term]]) -> tuple[Omission, ...]:
    numbers = ("par", "last", "nth")
    return tuple(
        Omission(str(row["omission"]), str(row["ground"]), *(_number(row.get(name)) for name in numbers)) for row in rows
    )


def _number(term: Term | None) -> int:
    return int(str(term)) if term is not None else 0


class _Cover:
    """Holds one article against the quotations, omissions and slogans."""

    def __init__(self, article: Article, omissions: tuple[Omission, ...], surroundings: Surroundings, slogans: set[str]) -> None:
        self.article = article
        self.omissions = omissions
        self.slogans = slogans
        left_out = {each.address for each in omissions}
        self.told = {quote.owner: surroundings.told(Iri(quote.owner)) for quote in article.quotes if quote.owner not in left_out}
        self.left_out = {quote.owner for quote in article.quotes} & left_out
        self.names = frozenset(name for told in self.told.values() for name in told.names)

    def coverage(self, known: frozenset[str], concepts: set[str]) -> Coverage:
        names = concepts | self.names
        paragraphs = []
        for number, text in enumerate(self.article.paragraphs, 1):
            whole = next((each.ground for each in self.omissions if each.holds(number) and each.ground == _NO_PART), "")
            seen = () if whole else tuple(self._seen(number, text, known, names))
            # Script aside, what is compared has the same characters in the same places.
            own = bare(self.article.printed[number - 1])
            shown = [replace(each, spot=replace(each.spot, text=own[each.spot.start : each.spot.end])) for each in seen]
            paragraphs.append(Paragraph(number, own, tuple(shown), whole))
        return Coverage(self.article, tuple(paragraphs), self.omissions)

    def _seen(self, number: int, text: str, known: frozenset[str], names: set[str]) -> Iterator[Seen]:
        spots = sorted([*figures(text, known, names), *labels(text)], key=lambda spot: (spot.start, spot.end))
        for nth, spot in enumerate(spots, 1):
            around = {quote.owner for quote in self.article.quotes if quote.par == number and _covers(quote, text, spot)}
            carrying = {owner for owner in around if owner in self.told and self.told[owner].carries(spot)}
            if spot.kind == "label":
                carrying |= {owner for owner, told in self.told.items() if spot.text in told.names}
            ignoring = {
                each.address for each in self.omissions if each.holds(number) or (each.first == number and each.nth == nth)
            }
            ignoring |= around & self.left_out
            slogan = spot.kind == "label" and spot.text in self.slogans
            state: State = "carried" if carrying else "ignored" if ignoring or slogan else "open"
            yield Seen(spot, nth, state, tuple(sorted(carrying or ignoring)))


def _covers(quote: Quote, text: str, spot: Spot) -> bool:
    return any(start <= spot.start and spot.end <= start + len(quote.words) for start in places(quote.words, text))
