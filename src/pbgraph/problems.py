"""A problem is a value: where it stands, its code, what is wrong and what to write instead, in both languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pbgraph.languages import shown
from pbgraph.sentences import filled, sentence

BREAK = re.compile(r"\r\n?|\n")
"""What ends a line, as places count them (YAML 1.2.2, section 5.4)."""

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

Severity = Literal["error", "warning"]
Text = tuple[tuple[str, str], ...]
"""One sentence in several languages: sorted pairs of language tag and text."""


class Where(NamedTuple):
    """A place in a file: its path below the project's root, line and column counted from 1 (0: the file as a whole)."""

    file: str
    line: int = 0
    col: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.col}" if self.line else self.file


@dataclass(frozen=True, order=True)
class Problem:
    """One finding: its place, a stable code, what is wrong and what to write instead."""

    where: Where
    code: str
    what: Text
    remedy: Text
    severity: Severity = "error"

    def render(self, language: str) -> str:
        """One line `file:line:col: code: what. remedy`, a warning marked as one, in `language`, else in English."""
        return f"{self.where}: {self.mark(language)}{self.code}: {self.told(language)}"

    def mark(self, language: str) -> str:
        """What sets a warning apart: a word before its code; nothing for an error."""
        return "" if self.severity == "error" else f"{sentence('severity-warning', language)}: "

    def told(self, language: str) -> str:
        """What is wrong and what to write instead, in `language`, else in English."""
        what, remedy = in_language(self.what, language), in_language(self.remedy, language)
        return f"{what}{'' if what.endswith(('。', '？')) else ' '}{remedy}".rstrip()


class PbgraphError(Exception):
    """The root of every error this package raises on purpose."""


class Unreadable(PbgraphError):
    """A text that cannot be read as what its key expects; carries a code of the catalogue and the words to fill in."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details


@dataclass(frozen=True)
class Verdict:
    """What a check found, without what it was found in: all problems, sorted, how many files and statements."""

    problems: tuple[Problem, ...]
    files: int
    statements: int

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep anything from being written."""
        return tuple(found for found in self.problems if found.severity == "error")


class Refused(PbgraphError):
    """A command that cannot go on; carries every problem found, so that the caller can show all at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(problem.render("en") for problem in self.problems))

    def __reduce__(self) -> tuple[type[Refused], tuple[Sequence[Problem]]]:
        return type(self), (self.problems,)


class Died(PbgraphError):
    """A forked process ended before it had done its work: it was killed, or there was no memory left, or it has a fault."""


@cache
def catalogue() -> Mapping[str, Mapping[str, Any]]:
    """The machine's own codes, each with `what`, `remedy` and perhaps `otherwise` per language, read from problems.toml.

    What is no error has a `severity`.
    """
    return tomllib.loads(Path(__file__).with_name("problems.toml").read_text(encoding="utf-8"))


Detail = str | Mapping[str, str]
"""What fills a placeholder: the same words in every sentence, or words per language."""


def problem(where: Where, code: str, /, **details: Detail) -> Problem:
    """Make a problem of the catalogue: `details` fill the placeholders of its sentences. KeyError: no such code or language.

    A remedy that rests on a `suggestion` gives way to the entry's `otherwise` where there is none to make.
    """
    entry = catalogue()[code]
    remedy = entry["otherwise"] if details.get("suggestion") == "" else entry["remedy"]
    return Problem(where, code, _filled(entry["what"], details), _filled(remedy, details), entry.get("severity", "error"))


def _filled(sentences: Mapping[str, str], details: Mapping[str, Detail]) -> Text:
    told = {
        language: {key: one_line(words if isinstance(words, str) else words[language]) for key, words in details.items()}
        for language in sentences
    }
    return tuple(sorted((language, filled(sentence, told[language])) for language, sentence in sentences.items()))


def one_line(text: str, limit: int = 400) -> str:
    """A text that is safe in one line of a message: controls and line breaks become blanks, what exceeds `limit` is cut off."""
    line = _UNPRINTABLE.sub(" ", text)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def shorten(text: str) -> str:
    """What was typed, as a message shows it: in one line, of no more than 40 characters."""
    return one_line(text, 40)


def fill(sentences: Mapping[str, str], details: Mapping[str, str]) -> Text:
    """Fill `{name}` placeholders in every language's sentence; an unfilled one raises KeyError."""
    return tuple(sorted((language, filled(sentence, details)) for language, sentence in sentences.items()))


def told(text: Text, details: Mapping[str, str], where: Where, name: str) -> Text:
    """Sentences of a query or shape (`name`, at `where`) filled in. Refused: they name what there is not, or are ill-formed."""
    try:
        return fill(dict(text), details)
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        raise Refused([problem(where, "bad-message", name=name, reason=str(error))]) from error


def in_language(text: Text, language: str) -> str:
    """The sentence in `language`, else in English, else in whatever language there is, else the empty string."""
    return shown(dict(text), language, "en")
