"""Findings as somebody reads them: lines with the source and a caret under it, alike ones folded; or JSON, SARIF, annotations."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from pbgraph.problems import BREAK, Problem, Where, in_language, one_line
from pbgraph.progress import Stage
from pbgraph.sentences import sentence

SHOWN, SHOWN_OF_CODE = 3, 10
"""How many findings of the same code and words, and of the same code, are shown before the rest is folded into one line."""

WIDTH = 100
"""How many columns of a source line are shown; of a longer one, the part around the finding."""

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'')
_PLAIN = re.compile(r"[^\s,\[\]{}:#]+(?:(?: +|:|#|,(?=\S))[^\s,\[\]{}:#]+)*")

Paint = Callable[[str, str], str]
"""A text and what it is (`error`, `warning`, `place`, `gutter`) → the text as a terminal shows it."""


def plainly(text: str, role: str) -> str:
    """A text without colour."""
    return text


def of_stage(stage: Stage, language: str) -> str:
    """How far a stage has come, in words."""
    rate = stage.done / stage.seconds if stage.seconds else 0.0
    key = "stage" if not stage.total else "counted" if rate >= 1 else "slow"
    return sentence(key, language, **{**vars(stage), "name": sentence(f"stage-{stage.name}", language), "rate": rate})


def profiled(stages: Sequence[Stage], language: str) -> str:
    """What each stage took, as a table in columns: how much was done, seconds, the most megabytes held so far."""
    rows = [sentence("profile", language).split("\t")]
    rows += [
        [
            sentence(f"stage-{each.name}", language),
            f"{each.done:,}",
            f"{each.seconds:.2f}",
            *(f"{most:,.0f}" for most in each.megabytes),
        ]
        for each in stages
    ]
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *rest in rows:
        cells = [" " * (width - columns(cell)) + cell for cell, width in zip(rest, widths[1:], strict=True)]
        lines.append("  ".join([first + " " * (widths[0] - columns(first)), *cells]))
    return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True)
class Report:
    """How findings are told: in which language, below which folder their files lie, in which colours, folded or all."""

    language: str
    root: Path
    paint: Paint = plainly
    every: bool = False

    def text(self, problems: Sequence[Problem]) -> str:
        """The findings as a person reads them, in order of place; of those alike some are shown and the others counted."""
        lines: list[str] = []
        sources = {file: source_lines(self.root / file) for file in {found.where.file for found in problems if found.where.line}}
        folded = {} if self.every else _folded(problems)
        hidden = {each for alike in folded.values() for each in alike}
        for found in problems:
            if found not in hidden:
                lines += [self._headline(found), *self._excerpt(found.where, sources.get(found.where.file, ()))]
            elif found == folded[found.code][0]:
                places = ", ".join(_grouped(each.where for each in folded[found.code]))
                told = sentence("more", self.language, count=len(folded[found.code]), places=one_line(places))
                lines.append(f"{self.paint(f'{found.where}: {found.mark(self.language)}{found.code}', 'gutter')}: {told}")
        return "".join(f"{line}\n" for line in lines)

    def _headline(self, found: Problem) -> str:
        code = self.paint(f"{found.mark(self.language)}{found.code}", found.severity)
        return f"{self.paint(str(found.where), 'place')}: {code}: {found.told(self.language)}"

    def _excerpt(self, where: Where, lines: Sequence[str]) -> Iterator[str]:
        """The line of the source and a caret line under it; nothing for what is no place in a file that can be shown."""
        if not 0 < where.line <= len(lines):
            return
        line = lines[where.line - 1]
        begin = min(where.col, len(line) + 1) - 1
        first = max(0, min(begin - WIDTH // 2, len(line) - WIDTH))
        shown = "".join(each if each.isprintable() else " " for each in line[first : first + WIDTH])
        marked = line[begin : min(begin + _length(line, begin), first + WIDTH)]
        before = ("… " if first else "") + line[first:begin]
        gutter = f"{where.line:5} | "
        yield f"{self.paint(gutter, 'gutter')}{'… ' if first else ''}{shown}{' …' if first + WIDTH < len(line) else ''}".rstrip()
        caret = "^" * max(1, columns(marked))
        yield f"{self.paint('      | ', 'gutter')}{' ' * columns(before)}{self.paint(caret, 'error')}"


def _folded(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    """By code the findings that are not shown, since enough like them are."""
    alike: Counter[tuple[str, object]] = Counter()
    shown: Counter[str] = Counter()
    folded: dict[str, list[Problem]] = {}
    for found in problems:
        if alike[found.code, found.what] < SHOWN and shown[found.code] < SHOWN_OF_CODE:
            shown[found.code] += 1
            alike[found.code, found.what] += 1
        else:
            folded.setdefault(found.code, []).append(found)
    return folded


def _grouped(places: Iterator[Where]) -> Iterator[str]:
    """Places, the file named once: `a.yaml:3:5, 7:5, b.yaml:1:1`; of those without a line the file alone."""
    for file, inside in groupby(places, key=lambda where: where.file):
        first, *others = [f"{where.line}:{where.col}" for where in inside if where.line] or [""]
        yield f"{file}:{first}" if first else file
        yield from others


def source_lines(path: Path) -> tuple[str, ...]:
    """The lines of a source as its readers count them; none if it is no text that can be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ()
    return tuple(BREAK.split(text))


def _length(line: str, begin: int) -> int:
    """How many characters a value or key that begins in a line has: a quoted text whole, else up to what ends it in YAML."""
    found = _QUOTED.match(line, begin) or _PLAIN.match(line, begin)
    return len(found[0]) if found else 1


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: Han and other wide characters two, marks that combine none (UAX 11)."""
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in text)
    return len(text) + wide - sum(unicodedata.combining(each) > 0 for each in text)


def as_json(problems: Sequence[Problem], language: str) -> str:
    """The findings as a JSON list: file, line and column (from 1; 0 the file as a whole), severity, code, message, remedy."""
    found = [
        {
            "file": each.where.file,
            "line": each.where.line,
            "column": each.where.col,
            "severity": each.severity,
            "code": each.code,
            "message": in_language(each.what, language),
            "remedy": in_language(each.remedy, language),
        }
        for each in problems
    ]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def as_sarif(problems: Sequence[Problem], language: str, version: str) -> str:
    """The findings as a SARIF 2.1.0 log (OASIS, section 3.27), as code-scanning services take it."""
    results = [
        {
            "ruleId": each.code,
            "level": each.severity,
            "message": {"text": each.told(language)},
            "locations": [{"physicalLocation": _location(each.where)}],
        }
        for each in problems
    ]
    rules = [{"id": code} for code in sorted({each.code for each in problems})]
    driver = {"name": "pbgraph", "version": version, "informationUri": "https://w3id.org/pbgraph/", "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _location(where: Where) -> dict[str, object]:
    place: dict[str, object] = {"artifactLocation": {"uri": quote(where.file)}}
    return {**place, "region": {"startLine": where.line, "startColumn": where.col}} if where.line else place


def as_github(problems: Sequence[Problem], language: str) -> str:
    """The findings as workflow commands that GitHub shows beside the changed lines."""
    lines = []
    for each in problems:
        place = f",line={each.where.line},col={each.where.col}" if each.where.line else ""
        file = _escaped(each.where.file).replace(":", "%3A").replace(",", "%2C")
        lines.append(f"::{each.severity} file={file}{place},title={each.code}::{_escaped(each.told(language))}\n")
    return "".join(lines)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
