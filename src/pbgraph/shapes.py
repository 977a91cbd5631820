"""SHACL → results: which focus node breaks which constraint, found by pySHACL (the reference implementation)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pbgraph.problems import Refused, Severity, Text, Where, problem
from pbgraph.store import Statements, statements, triples_of
from pbgraph.terms import CORE, SH, Iri, Literal, Term, local_name

_PREFIXES = f"PREFIX sh: <{SH}>\nPREFIX pb: <{CORE}>\n"
_RESULTS = (
    _PREFIXES
    + """
SELECT ?focus ?path ?value ?component ?severity ?shape WHERE {
  ?report sh:result ?result .
  ?result sh:focusNode ?focus ; sh:sourceConstraintComponent ?component ;
    sh:resultSeverity ?severity ; sh:sourceShape ?shape .
  OPTIONAL { ?result sh:resultPath ?path }
  OPTIONAL { ?result sh:value ?value }
}"""
)
_WORDS = (SH + "message", *(CORE + name for name in ("remedy", "cause", "wrong", "right")))

_DEMANDING_NOTHING = frozenset(
    {"property", "path", "severity", "message", "name", "description", "order", "group", "defaultValue", "deactivated"}
    | {"target", "targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf"}
)


@dataclass(frozen=True, order=True)
class Result:
    """One SHACL validation result: focus node, path and value (as N-Triples; empty: none), component, severity, source shape.

    `term` is the value itself.
    """

    focus: str
    path: str
    value: str
    component: str
    severity: Severity
    shape: str
    term: Term | None = field(default=None, compare=False)

    @property
    def code(self) -> str:
        """The stable code of the finding: the local name of the shape."""
        return local_name(self.shape)


@dataclass(frozen=True)
class Shapes:
    """A project's shapes as one Turtle text and what it states; what each says in words: `message`, `remedy` …, by its IRI."""

    turtle: str
    said: Statements
    words: Mapping[str, Mapping[str, Text]]

    def told(self, shape: str, key: str) -> Text:
        """What a shape says under a key (local name); nothing if it does not."""
        return self.words.get(shape, {}).get(key, ())


def load(files: Iterable[bytes]) -> Shapes:
    """Read the Turtle of shapes files."""
    turtle = "\n".join(content.decode() for content in files)
    said = statements(turtle.encode(), "ttl")
    return Shapes(turtle, said, {shape: dict(_words(shape, said)) for shape in said})


def _words(shape: str, said: Statements) -> Iterator[tuple[str, Text]]:
    """What a shape, or the query it holds, says under each key of words."""
    inner = [said.get(str(term), {}) for term in said[shape].get(SH + "sparql", ())]
    for key in _WORDS:
        texts = [term for about in (said[shape], *inner) for term in about.get(key, ()) if isinstance(term, Literal)]
        if texts:
            yield local_name(key), tuple(sorted((text.language or "en", text.text) for text in texts))


def telling(shapes: Shapes) -> dict[str, str]:
    """The shapes that have results of their own, each with the nearest one that has an address (itself, if it has).

    They are those with a target, and those that they name as `sh:property` (SHACL, sections 2.1.3 and 2.3), if anything is
    demanded of nodes besides that.
    """
    targeted = [shape for shape, about in shapes.said.items() if any(key.startswith(f"{SH}target") for key in about)]
    found = {shape: shape for shape in sorted(targeted)}
    open_ = [*found]
    while open_:
        shape = open_.pop()
        for inner in map(str, shapes.said.get(shape, {}).get(f"{SH}property", ())):
            if inner not in found:
                found[inner] = inner if not inner.startswith("_:") else found[shape]
                open_.append(inner)
    return {shape: owner for shape, owner in found.items() if _demands(shapes.said.get(shape, {}))}


def _demands(about: Mapping[str, Iterable[Term]]) -> bool:
    said = {key.removeprefix(SH) for key in about if key.startswith(SH)}
    return not said <= _DEMANDING_NOTHING and "true" not in map(str, about.get(f"{SH}deactivated", ()))


def mild(shapes: Shapes) -> frozenset[str]:
    """The shapes whose results are warnings (SHACL, section 2.1.4)."""
    severities = {shape: about.get(SH + "severity", ()) for shape, about in shapes.said.items()}
    return frozenset(shape for shape, terms in severities.items() if any(_severity(term) == "warning" for term in terms))


def validate(triples: str, shapes: Shapes) -> list[Result]:
    """All results of validating N-Triples text against the shapes, sorted (SHACL, section 3.6). Refused: bad shapes."""
    if not shapes.turtle.strip():
        return []
    import pyshacl
    import pyshacl.errors
    from pyparsing import ParseBaseException

    try:
        _, report, _ = pyshacl.validate(
            triples,
            data_graph_format="nt",
            shacl_graph=shapes.turtle,
            shacl_graph_format="turtle",
            inference="none",
            meta_shacl=False,
        )
    except (pyshacl.errors.ReportableRuntimeError, ParseBaseException, re.error) as error:
        raise Refused([problem(Where("shapes"), "bad-shapes", reason=str(error).splitlines()[0].rstrip("."))]) from error
    rows = triples_of(report.serialize(format="nt"), "nt").select(_RESULTS)
    return sorted({_result(row) for row in rows.dicts()})


def _result(row: Mapping[str, Iri | Literal]) -> Result:
    value = row.get("value")
    return Result(
        focus=str(row["focus"]),
        path=str(path) if isinstance(path := row.get("path"), Iri) else "",
        value=value.nt if value is not None else "",
        component=str(row["component"]).rsplit("#", 1)[-1],
        severity=_severity(row["severity"]),
        shape=str(row["shape"]),
        term=value,
    )


def _severity(term: object) -> Severity:
    return "warning" if str(term).endswith(("Warning", "Info")) else "error"
