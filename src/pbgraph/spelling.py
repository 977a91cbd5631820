"""Terms that there are not, in what somebody wrote: ontologies and shapes (Turtle), queries (SPARQL)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from pbgraph.likeness import suggest
from pbgraph.problems import Problem, Where, problem
from pbgraph.sparql import NOT_WORDS

_UNINDENTED = re.compile(r"^\S", re.MULTILINE)
_TERM = re.compile(
    r"<(?P<space>[^<>\s]*[^<>\s\w-])(?P<last>\w[\w-]*)>"
    r"|<[^<>\s]*>"  # What stands in another address is no name.
    r"|(?<![\w?$:.@-])(?P<prefix>[\w.-]+):(?P<name>\w[\w-]*)"
)
_PREFIX = re.compile(r"\bprefix\s+([\w-]+):\s*<([^<>\s]*)>", re.IGNORECASE)


def unknown_terms(
    text: str, file: str, known: Mapping[str, Collection[str]], prefixes: Mapping[str, str], code: str = "unknown-term"
) -> list[Problem]:
    """Terms of SPARQL or Turtle that are none, each where it first stands: whatever is said of them is said of nothing.

    `known` are by prefix the local names that there are in what it stands for (`prefixes`); of other prefixes nothing is told.
    `code` is that of the problems. That a text lets such a prefix stand for something else is told, too.
    """
    problems = other_namespaces(text, file, {key: prefixes[key] for key in known})
    spaces = {prefixes[prefix]: prefix for prefix in known}
    told: set[str] = set()
    for found in _TERM.finditer(NOT_WORDS.sub(_blanked, text)):
        prefix = found["prefix"] or spaces.get(found["space"] or "", "")
        name = found["name"] or found["last"]
        term = f"{prefix}:{name}"
        if prefix in known and name not in known[prefix] and term not in told:
            told.add(term)
            where, nearest = place_in(text, found.start(), file), suggest(name, known[prefix])
            problems.append(problem(where, code, term=term, suggestion=f"{prefix}:{nearest}" if nearest else ""))
    return problems


def other_namespaces(text: str, file: str, prefixes: Mapping[str, str]) -> list[Problem]:
    """Prefixes of SPARQL or Turtle that a text lets stand for something else than what they stand for in the project."""
    problems: dict[str, Problem] = {}
    if all(found[2] == prefixes.get(found[1], found[2]) for found in _PREFIX.finditer(text)):
        return []  # as a rule, and known sooner
    for found in _PREFIX.finditer(NOT_WORDS.sub(_blanked, text)):
        if found[1] in prefixes and found[2] != prefixes[found[1]]:
            details = {"prefix": found[1], "here": found[2], "there": prefixes[found[1]]}
            problems[found[1]] = problem(place_in(text, found.start(2), file), "other-namespace", **details)
    return list(problems.values())


def _blanked(found: re.Match[str]) -> str:
    """Blanks for texts and comments; addresses stay, and so does the content of long texts, in which shapes hold SPARQL."""
    text = found[0]
    if text.startswith(('"""', "'''")):
        return f"   {NOT_WORDS.sub(_blanked, text[3:-3])}   "
    return text if text.startswith("<") else " " * len(text)


def place_in(text: str, offset: int, file: str) -> Where:
    """The line and column of an offset in the text of a file."""
    return Where(file, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def spoken_of(term: str, texts: Mapping[str, str], then: str = "") -> Where | None:
    """Where Turtle texts (by address) first speak of a term, as a subject if they do; there where it says something by `then`.

    None: nowhere. What is said of a subject ends before the next line that is not indented.
    """
    for name in (f"<{re.escape(term)}>", rf"[\w-]*:{re.escape(re.split('[#/:]', term)[-1])}(?![\w-])"):
        for pattern in (re.compile(f"^{name}", re.MULTILINE), re.compile(name)):
            found = [(file, text, each) for file, text in texts.items() for each in pattern.finditer(text)]
            for file, text, each in found if then else ():
                end = _UNINDENTED.search(text, each.end())
                if said := re.compile(rf"[\w-]*:{then}\b").search(text, each.end(), end.start() if end else len(text)):
                    return place_in(text, said.start(), file)
            for file, text, each in found:
                return place_in(text, each.start(), file)
    return None
