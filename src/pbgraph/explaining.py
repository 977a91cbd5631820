"""What a code of a finding means: cause, example and remedy, read from where its check is declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pbgraph import queries, shapes, turtlefiles
from pbgraph.likeness import suggest
from pbgraph.problems import Refused, Severity, Text, Where, catalogue, in_language, problem
from pbgraph.project import Project
from pbgraph.sentences import sentence
from pbgraph.terms import local_name

_HOLE = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")


@dataclass(frozen=True)
class Rule:
    """A code as it is declared: its severity, its sentences by language, and lines that it finds (`wrong`) and passes (`right`).

    `otherwise` is the remedy where there is no suggestion to make; `origin` is `machine`, `shapes` or `checks`.
    """

    code: str
    severity: Severity
    what: Text
    remedy: Text
    cause: Text
    wrong: str
    right: str
    otherwise: Text = ()
    origin: str = "machine"


def declared(project: Project) -> dict[str, Rule]:
    """Every code that a finding of the project may have: the machine's own, those of its shapes and of its check queries.

    Refused: shapes or queries that cannot be read.
    """
    found = [*_of_machine(), *_of_shapes(project), *_of_queries(project)]
    return {each.code: each for each in sorted(found, key=lambda each: each.code)}


def explain(code: str, project: Project, language: str) -> str:
    """Cause, example and remedy of a code, as lines for a person. Refused: no such code."""
    known = declared(project)
    if code not in known:
        raise Refused([problem(Where("explain"), "unknown-code", code=code, suggestion=suggest(code, known))])
    found = known[code]
    severity = sentence(f"severity-{found.severity}", language)
    parts = [f"{code} ({severity})", f"  {opened(in_language(found.what, language))}"]
    for key, text in (("cause", in_language(found.cause, language)), ("wrong", found.wrong), ("right", found.right)):
        parts += ["", sentence(f"explain-{key}", language), *(f"  {line}" for line in text.splitlines())] if text else []
    remedies = (in_language(text, language) for text in (found.remedy, found.otherwise))
    parts += ["", sentence("explain-remedy", language), *(f"  {opened(text)}" for text in remedies if text)]
    return "\n".join(line.rstrip() for line in parts) + "\n"


def opened(text: str) -> str:
    """A sentence of a message with its placeholders left open, and doubled braces single."""
    return _HOLE.sub("…", text).replace("{{", "{").replace("}}", "}")


def _of_machine() -> Iterator[Rule]:
    for code, entry in catalogue().items():
        what, remedy, cause = (tuple(sorted(entry.get(key, {}).items())) for key in ("what", "remedy", "cause"))
        wrong, right = (str(entry.get(key, "")).strip("\n") for key in ("wrong", "right"))
        otherwise = tuple(sorted(entry.get("otherwise", {}).items()))
        yield Rule(code, entry.get("severity", "error"), what, remedy, cause, wrong, right, otherwise)


def _of_shapes(project: Project) -> Iterator[Rule]:
    loaded = shapes.load(turtlefiles.read(project, "shapes"))
    for shape, words in loaded.words.items():
        if "message" in words:
            what, remedy, cause = (loaded.told(shape, key) for key in ("message", "remedy", "cause"))
            wrong, right = (in_language(loaded.told(shape, key), "en").strip("\n") for key in ("wrong", "right"))
            severity = shapes.severity(loaded.said[shape])
            yield Rule(local_name(shape), severity, what, remedy, cause, wrong, right, origin="shapes")


def _of_queries(project: Project) -> Iterator[Rule]:
    for query in queries.load(project, "checks"):
        what, remedy, cause = (query.text(key) for key in ("what", "remedy", "cause"))
        wrong, right = ("\n".join(query.header.get(key, ())) for key in ("wrong", "right"))
        yield Rule(query.name, query.severity, what, remedy, cause, wrong, right, origin="checks")
