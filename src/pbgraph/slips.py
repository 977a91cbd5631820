"""What somebody did who wrote no YAML: the slip that libyaml stumbled over later, told where it was made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pbgraph.problems import Problem, Where, problem

_WIDE = "\u00a0\u2000-\u200a\u202f\u205f\u3000"
_WIDE_INDENTATION = re.compile(rf"^[ \t]*[{_WIDE}]", re.MULTILINE)
_WIDE_SEPARATION = re.compile(rf":([{_WIDE}])")
_KEY_AND_WIDE = re.compile(rf"^ *(?:- +)?[A-Za-z][A-Za-z0-9-]*:([{_WIDE}])")
_SLIPS = (
    ("tab-indentation", re.compile(r"^ *(?:- *)?(?P<at>\t)")),
    ("full-width-colon", re.compile(r"^ *(?:- +)?(?P<at>[A-Za-z0-9-]+ *：)")),
    ("blank-missing", re.compile(r"^ *(?:- +)?(?P<at>[A-Za-z][A-Za-z0-9-]*:(?![ /]|$)\S+)")),
    ("blank-missing", re.compile(r"^ *(?P<at>-[^\s-])")),
    ("full-width-bracket", re.compile(r"^.*?\{(?:[^\"]|\"[^\"]*\")*?(?P<at>，(?= *[A-Za-z-]+ *[:：])|[｛｝［］])")),
    ("full-width-bracket", re.compile(r"^ *(?:- +)?(?:[A-Za-z-]+: +)?(?P<at>[｛［])")),
    ("curly-quotes", re.compile('^.*?[:,[] (?P<at>“[^“”"]*: )')),
)
"""Codes, and the beginning of a line in block style that shows the slip; the place is that of `at`."""


def wide_indentation(text: str, file: str) -> Problem | None:
    """The first line that begins with a blank wider than those YAML indents by; nobody sees the difference."""
    found = _WIDE_INDENTATION.search(text)
    if found is None:
        return None
    line = text.count("\n", 0, found.end())
    return _wide(found[0][-1], Where(file, line + 1, found.end() - found.start()))


def wide_separation(key: str, where: Where) -> Problem | None:
    """The wide blank behind the colon of what was meant for a key and a value in one line, and so is neither."""
    found = _WIDE_SEPARATION.search(key)
    return found and _wide(found[1], where._replace(col=where.col + found.start(1)))


def _wide(blank: str, where: Where) -> Problem:
    return problem(where, "wide-blank", character=f"U+{ord(blank):04X}")


def behind(text: str, where: Where) -> Problem | None:
    """The slip in the line at which YAML gave up, or in one of the two above it; the nearest counts."""
    lines = text.splitlines()[: where.line]
    for number in range(len(lines), max(0, len(lines) - 3), -1):
        for found in _in_line(lines[number - 1], Where(where.file, number, 1)):
            return found
    return None


def _in_line(line: str, where: Where) -> Iterator[Problem]:
    if found := _KEY_AND_WIDE.match(line):
        yield _wide(found[1], Where(where.file, where.line, found.start(1) + 1))
    for code, pattern in _SLIPS:
        if found := pattern.match(line):
            yield problem(Where(where.file, where.line, found.start("at") + 1), code, text=found["at"])
