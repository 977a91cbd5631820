"""What is wrong in SPARQL that somebody wrote: terms nobody knows, prefixes nobody declared, where the store gave up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pbgraph import spelling
from pbgraph.likeness import near
from pbgraph.problems import Detail, Problem, Where, problem
from pbgraph.sentences import in_all
from pbgraph.sparql import NOT_WORDS
from pbgraph.store import Graph, QueryError
from pbgraph.terms import local_name

_NAME = re.compile(r"(?<![\w?$:.@-])(?P<prefix>[A-Za-z](?:[\w.-]*[\w-])?|):(?P<local>[A-Za-z0-9](?:[\w-]*\w)?)?")
_DECLARED = re.compile(r"\bPREFIX\s+([\w.-]*):", re.IGNORECASE)
_TERMS = {
    "pb": "SELECT DISTINCT ?term WHERE { ?term rdfs:isDefinedBy ?ontology }",
    "id": "SELECT DISTINCT ?term WHERE { ?term a pb:Entity }",
}
_CLASSES = "SELECT DISTINCT ?class WHERE { ?class a owl:Class FILTER (isIRI(?class)) }"
_VALUES = re.compile(r"\bVALUES\s*(?:[?$]\w+|\([^)]*\))\s*\{[^}]*\}", re.IGNORECASE)
_BETWEEN = re.compile(r"""(?:[?$]\w+\s|[\w-]*:[\w-]+\s|[;\]>/|^])\s*(?P<term>[\w-]*:[\w-]+)(?=[/|*+]|\s+(?:[?$<\["']|[\w-]*:))""")
"""A term where a property stands: behind a subject, a semicolon or a part of a path, before an object or a further part."""

_GAVE_UP = re.compile(r"error at ([0-9]+):([0-9]+): (?:expected (?:one of )?)?")
_SENTENCE = re.compile(r"(?:^|, )([A-Z]\w*(?: \w+)+)(?:, |$)")
_SIGN = re.compile(r'"(\\?[^\w\s\\])"')
"""What the store would have taken at the place where it gave up: of its long list only signs tell a reader anything."""


def strange(sparql: str, file: str, graph: Graph) -> list[Problem]:
    """Warnings about a hand-written query that fits nothing, which no row would say.

    Told are terms and ids that the graph does not have, and classes where a property stands.
    """
    return [*_unknown(sparql, file, graph), *_classes_between(sparql, file, graph)]


def _unknown(sparql: str, file: str, graph: Graph) -> list[Problem]:
    asked = {prefix: query for prefix, query in _TERMS.items() if f"{prefix}:" in sparql or graph.prefixes[prefix] in sparql}
    known = {prefix: {local_name(str(row[0])) for row in graph.select(query).rows} for prefix, query in asked.items()}
    return spelling.unknown_terms(sparql, file, known, graph.prefixes, "unknown-query-term")


def _classes_between(sparql: str, file: str, graph: Graph) -> list[Problem]:
    plain = _VALUES.sub(lambda found: " " * len(found[0]), NOT_WORDS.sub(_hollow, sparql))
    found = {each["term"]: each.start("term") for each in reversed([*_BETWEEN.finditer(plain)])}
    classes = {str(row[0]) for row in graph.select(_CLASSES).rows} if found else set()

    def is_class(term: str) -> bool:
        prefix, _, name = term.partition(":")
        return f"{graph.prefixes.get(prefix, '')}{name}" in classes

    return [
        problem(spelling.place_in(sparql, at, file), "class-as-property", term=term)
        for term, at in sorted(found.items())
        if is_class(term)
    ]


def _hollow(found: re.Match[str]) -> str:
    """A text or address of which only the signs around it are left; nothing of a comment."""
    text = found[0]
    return " " * len(text) if text.startswith("#") else f"{text[0]}{' ' * (len(text) - 2)}{text[-1]}"


def told(error: QueryError, sparql: str, where: Where, graph: Graph) -> list[Problem]:
    """What the store says of a query that begins in line 1 of the file at `where`, in words that help to mend it."""
    declared = {*graph.prefixes, *_DECLARED.findall(NOT_WORDS.sub(" ", sparql))}
    undeclared: dict[str, Where] = {}
    for found, at in _names(sparql, where.file):
        if found["prefix"] not in declared:
            undeclared.setdefault(found["prefix"], at)
    if undeclared:
        return [problem(at, "unknown-prefix", prefix=prefix, **near(prefix, declared)) for prefix, at in undeclared.items()]
    text = str(error)
    gave_up = _GAVE_UP.match(text)
    if not gave_up:
        return [problem(where, "bad-query", reason=text)]
    at, wanted = Where(where.file, int(gave_up[1]), int(gave_up[2])), text[gave_up.end() :]
    return [problem(at, "bad-query", reason=_reason(wanted))]


def _reason(wanted: str) -> Detail:
    if sentence := _SENTENCE.search(wanted):
        return sentence[1]
    if signs := " ".join(dict.fromkeys(sign.removeprefix("\\") for sign in _SIGN.findall(wanted))):
        return in_all("reason-go-on", signs=signs)
    return in_all("reason-unread")


def _names(sparql: str, file: str) -> Iterator[tuple[re.Match[str], Where]]:
    """The prefixed names of a query, with their places."""
    masked = NOT_WORDS.sub(lambda found: " " * len(found[0]), sparql)
    for found in _NAME.finditer(masked):
        yield found, spelling.place_in(sparql, found.start(), file)
