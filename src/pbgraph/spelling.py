"""Terms that there are not, in what somebody wrote: ontologies and shapes (Turtle), queries (SPARQL)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from pbgraph.likeness import suggest
from pbgraph.problems import Problem, Where, problem
from pbgraph.store import NOT_WORDS


def unknown_terms(
    text: str, file: str, known: Mapping[str, Collection[str]], prefixes: Mapping[str, str], code: str = "unknown-term"
) -> list[Problem]:
    """Terms of SPARQL or Turtle that are none, each where it first stands: whatever is said of them is said of nothing.

    `known` are by prefix the local names that there are in what it stands for (`prefixes`); of other prefixes nothing is told.
    `code` is that of the problems.
    """
    problems: dict[str, Problem] = {}
    for prefix, names in known.items():
        # What stands in another address is no name.
        whole = re.compile(rf"<{re.escape(prefixes[prefix])}(\w[\w-]*)>|<[^<>\s]*>|(?<![\w?$:.@-]){prefix}:(\w[\w-]*)")
        for found in whole.finditer(NOT_WORDS.sub(_blanked, text)):
            name = found[1] or found[2]
            if name and name not in names:
                where, nearest = place_in(text, found.start(), file), suggest(name, names)
                details = {"term": f"{prefix}:{name}", "suggestion": f"{prefix}:{nearest}" if nearest else ""}
                problems.setdefault(details["term"], problem(where, code, **details))
    return list(problems.values())


def _blanked(found: re.Match[str]) -> str:
    """Texts and comments as blanks; an address as it is."""
    return found[0] if found[0].startswith("<") else " " * len(found[0])


def place_in(text: str, offset: int, file: str) -> Where:
    """The line and column of an offset in the text of a file."""
    return Where(file, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
