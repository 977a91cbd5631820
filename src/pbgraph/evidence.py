"""Quotations, amounts and times of data files against the texts of their articles, which stand anywhere outside the project."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pbgraph import texts
from pbgraph.amounts import Amount, read_amount
from pbgraph.checks import Checked
from pbgraph.dates import read_date
from pbgraph.likeness import most_alike
from pbgraph.problems import Problem, Unreadable, Where, problem
from pbgraph.scripts import is_traditional
from pbgraph.spotting import amounts, places
from pbgraph.terms import Term, core, local_name, whole_of
from pbgraph.timechecks import contradicting

_SOURCES = "SELECT ?source ?checksum WHERE { ?source pb:checksum ?checksum } ORDER BY ?source"
_LANGUAGES = "SELECT ?source ?language WHERE { ?source pb:checksum ?checksum ; pb:language ?language }"
_PUBLISHED = "SELECT ?source ?published WHERE { ?source pb:checksum ?checksum ; pb:published ?published }"
_LISTS = "SELECT ?source WHERE { ?source a pb:List }"
_EMENDATIONS = """
SELECT ?source ?emendation ?corrupt ?reading
WHERE { ?source pb:emendation ?emendation . ?emendation pb:corrupt ?corrupt ; pb:reading ?reading } ORDER BY ?emendation
"""
_QUOTES = """
SELECT ?source ?owner ?passage ?par ?quote
WHERE { ?owner pb:passage ?passage . ?passage pb:source ?source ; pb:par ?par ; pb:position ?position ; pb:quote ?quote }
ORDER BY ?source ?owner ?par ?position
"""
_WITHOUT_CHECKSUM = """
SELECT DISTINCT ?source WHERE { ?passage a pb:Passage ; pb:source ?source . FILTER NOT EXISTS { ?source pb:checksum ?checksum }
  FILTER NOT EXISTS { ?source a pb:List } FILTER NOT EXISTS { ?source a pb:Editorial } } ORDER BY ?source
"""
_AMOUNTS = "SELECT ?node ?printed WHERE { ?node pb:printed ?printed } ORDER BY ?node ?printed"
_UNITS = """
SELECT ?node ?name WHERE { ?node pb:printed ?printed ; pb:unit ?unit .
  { ?unit pb:name ?name } UNION { ?unit pb:naming/pb:name ?name } FILTER (LANGMATCHES(LANG(?name), "zh")) }
"""
_TIMES = """
SELECT ?node ?key ?time WHERE { VALUES ?key { pb:at pb:from pb:until pb:published } ?node ?key ?time } ORDER BY ?node ?key"""
_COUNTERS = """
SELECT DISTINCT ?name WHERE { ?unit a pb:Unit . { ?unit pb:name ?name } UNION { ?unit pb:naming/pb:name ?name }
  FILTER (LANGMATCHES(LANG(?name), "zh")) }
"""


@dataclass(frozen=True)
class Quote:
    """Words that a node rests on: the node, the passage, its paragraph, and the words as printed and as compared."""

    owner: str
    passage: str
    par: int
    printed: str
    words: str


@dataclass(frozen=True)
class Article:
    """An article whose text was found: its address and data file, its paragraphs as printed and as compared, all quotes.

    Of each owner, quotes stand in the order of paragraphs, and in each as typed. Paragraphs `by_line` are the lines of a list.
    """

    source: str
    file: str
    printed: tuple[str, ...]
    paragraphs: tuple[str, ...]
    quotes: tuple[Quote, ...]
    by_line: bool

    @property
    def name(self) -> str:
        """The id of the article."""
        return local_name(self.source)

    def paragraph(self, number: int) -> str:
        """The paragraph of that number, counted from 1; empty where the article ends before."""
        return self.paragraphs[number - 1] if number <= len(self.paragraphs) else ""


@dataclass(frozen=True)
class Texts:
    """The articles whose texts were found, in order of address; those whose were not, by id; what is wrong with a text."""

    articles: tuple[Article, ...]
    absent: Mapping[str, Problem]
    problems: tuple[Problem, ...]


def sources(checked: Checked) -> dict[str, tuple[str, str]]:
    """The sources that give the checksum of a text: id → their data file and that checksum, in order of id."""
    found = {}
    for source, checksum in checked.graph.select(_SOURCES).rows:
        where = checked.index.locate(str(source)) or Where("data")
        found[local_name(str(source))] = where.file, str(checksum)
    return found


def without_checksum(checked: Checked) -> dict[str, Problem]:
    """The articles that quotations rest on and whose text nobody could know again: id → what to do."""
    found = {}
    for (source,) in checked.graph.select(_WITHOUT_CHECKSUM).rows:
        found[local_name(str(source))] = problem(checked.index.locate(str(source)) or Where("data"), "no-checksum")
    return found


def count_quotes(checked: Checked, names: Collection[str]) -> int:
    """How many passages there are of the articles with these ids."""
    return len({row["passage"] for row in checked.graph.select(_QUOTES).dicts() if local_name(str(row["source"])) in names})


def find_articles(checked: Checked, folder: Path, names: Collection[str] = ()) -> Texts:
    """Find the texts of sources that give a checksum, of these ids or of all. Refused: a file of the folder cannot be read."""
    rows = [(str(source), str(checksum)) for source, checksum in checked.graph.select(_SOURCES).rows]
    sources = {source: checksum for source, checksum in rows if not names or local_name(source) in names}
    found = texts.find(folder, frozenset(sources.values()))
    quotes, lists = _quotes(checked), {str(source) for (source,) in checked.graph.select(_LISTS).rows}
    mended, languages = (checked.graph.grouped(query, "source") for query in (_EMENDATIONS, _LANGUAGES))
    articles: list[Article] = []
    absent: dict[str, Problem] = {}
    problems: list[Problem] = []
    for source, checksum in sources.items():
        where = checked.index.locate(source, core("checksum")) or Where("data")
        if checksum not in found:
            absent[local_name(source)] = problem(where, "article-not-found", folder=str(folder))
            continue
        try:
            text = texts.decoded(found[checksum])
        except Unreadable as error:
            problems.append(problem(where, error.code, **error.details))
            continue
        emendations = mended.of(source)
        problems.extend(_idle(checked, text, emendations))
        problems.extend(_in_other_script(checked, source, text, {str(row["language"]) for row in languages.of(source)}))
        mendings = [(str(row["corrupt"]), str(row["reading"])) for row in emendations]
        printed = texts.paragraphs(text, mendings, by_line=source in lists)
        file = (checked.index.locate(source) or where).file
        cleaned = tuple(texts.clean(each) for each in printed)
        articles.append(Article(source, file, tuple(printed), cleaned, tuple(quotes.get(source, ())), source in lists))
    return Texts(tuple(articles), absent, tuple(problems))


def _quotes(checked: Checked) -> dict[str, list[Quote]]:
    found: dict[str, list[Quote]] = {}
    for source, owner, passage, par, quote in checked.graph.select(_QUOTES).rows:
        each = Quote(str(owner), str(passage), int(str(par)), str(quote), texts.clean(str(quote)))
        found.setdefault(str(source), []).append(each)
    return found


def _idle(checked: Checked, text: str, emendations: Iterable[Mapping[str, Term]]) -> Iterator[Problem]:
    for each in emendations:
        if str(each["corrupt"]) not in text:
            where = checked.index.locate(str(each["emendation"]), core("corrupt")) or Where("data")
            yield problem(where, "emendation-not-found", corrupt=str(each["corrupt"]))


def _in_other_script(checked: Checked, source: str, text: str, typed: Collection[str]) -> Iterator[Problem]:
    printed = "zh-hant" if is_traditional(text) else "zh"
    if typed and {*typed} <= {"zh", "zh-hant"} - {printed}:
        where = checked.index.locate(source, core("language")) or Where("data")
        yield problem(where, "text-other-script", typed=", ".join(typed), printed=printed)


def counters(checked: Checked) -> frozenset[str]:
    """The Chinese names of all units, which may stand after a number."""
    return frozenset(str(row[0]) for row in checked.graph.select(_COUNTERS).rows)


def verify(checked: Checked, found: Texts) -> list[Problem]:
    """What does not agree with the texts found: quotations that are not there, amounts and times they do not give; sorted."""
    problems = list(found.problems)
    words: dict[str, list[str]] = {}
    dated: dict[str, list[tuple[str, int | None]]] = {}
    published = _years(checked)
    misquoted: set[str] = set()
    listed: set[str] = set()
    for article in found.articles:
        listed.update(quote.owner for quote in article.quotes if article.by_line)
        problems.extend(_out_of_order(checked, article))
        for quote in article.quotes:
            wrong = list(_quoted(checked, article, quote))
            problems.extend(wrong)
            # Nothing is held against words that are quoted wrongly: the finding would blame the wrong text.
            words.setdefault(quote.owner, []).append(quote.words)
            dated.setdefault(quote.owner, []).append((quote.words, published.get(article.source)))
            misquoted.update([quote.owner] if any(each.severity == "error" for each in wrong) else [])
    known, units = counters(checked), checked.graph.grouped(_UNITS, "node")
    for node, printed in checked.graph.select(_AMOUNTS).rows:
        owner = whole_of(str(node), words)
        if owner is None or owner in misquoted:
            continue
        if owner not in listed or not any(_is_cell_of(each, str(printed)) for each in words[owner]):
            names = {str(row["name"]) for row in units.of(str(node))}
            problems.extend(_amount(checked, (str(node), str(printed)), words[owner], known, names))
    problems.extend(_misdated(checked, {owner: quoted for owner, quoted in dated.items() if owner not in misquoted}))
    return sorted(set(problems))


def _years(checked: Checked) -> dict[str, int | None]:
    """The year in which each source was published, None where it can be one of several."""
    found = {}
    for source, published in checked.graph.select(_PUBLISHED).rows:
        span = read_date(str(published))
        same = span.earliest and span.latest and span.earliest.year == span.latest.year
        found[str(source)] = span.earliest.year if span.earliest and same else None
    return found


def _out_of_order(checked: Checked, article: Article) -> Iterator[Problem]:
    """Quotations of one paragraph by which something rests on it in another order than the paragraph's."""
    for (_, par), quotes in groupby(article.quotes, key=lambda quote: (quote.owner, quote.par)):
        paragraph, reached, before = article.paragraph(par), 0, ""
        for quote in quotes:
            if quote.words not in paragraph:
                continue
            if (start := paragraph.find(quote.words, reached)) < 0:
                details = {"par": str(par), "quote": quote.printed, "before": before}
                yield problem(_where(checked, article, quote), "quotes-out-of-order", **details)
            else:
                reached, before = start, quote.printed


def _where(checked: Checked, article: Article, quote: Quote) -> Where:
    return checked.index.locate(quote.passage, core("quote")) or checked.index.locate(quote.passage) or Where(article.file)


def _quoted(checked: Checked, article: Article, quote: Quote) -> Iterator[Problem]:
    where = _where(checked, article, quote)
    paragraph = article.paragraph(quote.par)
    details = {"par": str(quote.par), "quote": quote.printed}
    if not paragraph:
        yield problem(where, "paragraph-not-there", last=str(len(article.paragraphs)), **details)
    elif quote.words in paragraph:
        if next(places(quote.words, paragraph), None) is None:
            yield problem(where, "quote-cuts-number", **details)
        own, typed = texts.bare(article.printed[quote.par - 1]), texts.bare(quote.printed)
        if typed not in own:
            start = paragraph.index(quote.words)
            yield problem(where, "quote-other-script", printed=own[start : start + len(typed)], **details)
    elif elsewhere := [number for number, text in enumerate(article.paragraphs, 1) if quote.words in text]:
        yield problem(where, "quote-elsewhere", elsewhere=", ".join(map(str, elsewhere)), **details)
    else:
        yield problem(where, "quote-not-found", suggestion=most_alike(quote.printed, article.printed[quote.par - 1]), **details)


def _is_cell_of(words: str, printed: str) -> bool:
    """Whether words are the number with which an amount begins: of a list, its column's head says what is counted."""
    typed = texts.clean(printed)
    return typed.startswith(words) and not re.match("[0-9.,]", typed[len(words) :])


def _amount(
    checked: Checked, carried: tuple[str, str], quotes: Iterable[str], known: frozenset[str], names: Collection[str]
) -> Iterator[Problem]:
    """What does not agree of an amount, a node and what is printed: the words hold it not, or as one of another unit."""
    node, printed = carried
    typed = _meaning(_read(printed, known))
    spotted = [spot for words in quotes for spot in amounts(words, known)]
    alike = [spot.amount.counter for spot in spotted if spot.amount is not None and _meaning(spot.amount) == typed]
    where = checked.index.locate(node, core("printed")) or checked.index.locate(node) or Where("data")
    if alike:
        if names and all(counter and counter not in names for counter in alike):
            details = {"typed": printed, "counter": ", ".join(dict.fromkeys(alike)), "allowed": ", ".join(sorted(names))}
            yield problem(where, "amount-of-other-unit", **details)
        return
    if spotted:
        yield problem(
            where, "amount-not-quoted", typed=printed, suggestion=", ".join(dict.fromkeys(spot.text for spot in spotted))
        )
    else:
        yield problem(where, "amount-without-quote", typed=printed)


def _read(printed: str, known: frozenset[str]) -> Amount:
    try:
        return read_amount(printed, known)
    except Unreadable:
        return read_amount(printed, None)  # The number of a group may carry any counter.


def _misdated(checked: Checked, words: Mapping[str, Sequence[tuple[str, int | None]]]) -> Iterator[Problem]:
    times: dict[str, dict[str, str]] = {}
    for node, key, time in checked.graph.select(_TIMES).rows:
        times.setdefault(str(node), {})[local_name(str(key))] = str(time)
    for owner, said in times.items():
        if printed := contradicting(words.get(owner, ()), said):
            where = checked.index.locate(owner, core(next(iter(said)))) or checked.index.locate(owner) or Where("data")
            yield problem(where, "date-not-quoted", typed="/".join(said.values()), printed=", ".join(printed))


def _meaning(amount: Amount) -> tuple[object, ...]:
    return amount.value, amount.bound, amount.low, amount.high, amount.percent
