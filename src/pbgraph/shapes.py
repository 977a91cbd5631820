"""SHACL → results: which focus node breaks which constraint, found by pySHACL (the reference implementation)."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from pbgraph.problems import Refused, Severity, Text, Where, problem
from pbgraph.sparql import NOT_WORDS
from pbgraph.spelling import spoken_of
from pbgraph.store import QueryError, Statements, in_memory, statements, triples_of
from pbgraph.terms import CORE, OWL, RDF, RDFS, SH, Iri, Literal, Term, local_name

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
_MILD = frozenset({f"{SH}Warning", f"{SH}Info"})
_WORDS = (SH + "message", *(CORE + name for name in ("remedy", "cause", "wrong", "right")))

_PREFIX = re.compile(r"(?<![\w?$:.-])([\w-]*):(?=[\w-])")

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
    """A project's shapes, as one Turtle text.

    `said` is what it states; `words` what each shape (by IRI) says under `message`, `remedy` and the like; `texts` are those of
    the files that they came from, by address.
    """

    turtle: str
    said: Statements
    words: Mapping[str, Mapping[str, Text]]
    texts: Mapping[str, str]

    def place(self, shape: str) -> Where:
        """Where a shape is first spoken of, as a subject if it is one; the shapes as a whole for what has no address."""
        return spoken_of(shape, self.texts) or Where("shapes")

    def told(self, shape: str, key: str) -> Text:
        """What a shape says under a key (local name); nothing if it does not."""
        return self.words.get(shape, {}).get(key, ())


def load(files: Mapping[str, bytes]) -> Shapes:
    """Read the Turtle of shapes files, by address."""
    texts = {file: content.decode() for file, content in files.items()}
    turtle = "\n".join(texts.values())
    said = statements(turtle.encode(), "ttl")
    return Shapes(turtle, said, {shape: dict(_words(shape, said)) for shape in said}, texts)


def _words(shape: str, said: Statements) -> Iterator[tuple[str, Text]]:
    """What a shape, or the query it holds, says under each key of words."""
    inner = [said.get(str(term), {}) for term in said[shape].get(SH + "sparql", ())]
    for key in _WORDS:
        texts = [term for about in (said[shape], *inner) for term in about.get(key, ()) if isinstance(term, Literal)]
        if texts:
            yield local_name(key), tuple(sorted((text.language or "en", text.text) for text in texts))


def classes(said: Statements) -> list[str]:
    """The shapes that are classes, which are about their members (SHACL, section 2.1.3.3)."""
    kinds = {f"{RDFS}Class", f"{OWL}Class"}
    kinds.update(cls for cls, about in said.items() if f"{RDFS}Class" in map(str, about.get(f"{RDFS}subClassOf", ())))
    members = [cls for cls, about in said.items() if not kinds.isdisjoint(map(str, about.get(f"{RDF}type", ())))]
    return [cls for cls in members if any(key.startswith(SH) for key in said[cls])]


def parameters(said: Statements) -> frozenset[str]:
    """The properties by which a shape uses a constraint component that the shapes themselves declare (SHACL, section 6.2)."""
    declared = (said.get(str(term), {}) for about in said.values() for term in about.get(f"{SH}parameter", ()))
    return frozenset(str(path) for about in declared for path in about.get(f"{SH}path", ()))


def part(shapes: Shapes, wanted: Collection[str]) -> Shapes:
    """The wanted shapes with everything that they refer to; only the wanted ones keep their targets."""
    kept: dict[str, Mapping[str, Sequence[Term]]] = {}
    open_ = [*wanted, *(node for node, about in shapes.said.items() if f"{SH}parameter" in about)]
    while open_:
        node = open_.pop()
        if node in shapes.said and node not in kept:
            about = shapes.said[node]
            kept[node] = {key: about[key] for key in about if node in wanted or not key.startswith(f"{SH}target")}
            open_.extend(str(term) for terms in kept[node].values() for term in terms if isinstance(term, Iri))
    lines = [f"{_nt(Iri(node))} <{key}> {_nt(term)} ." for node, about in kept.items() for key in about for term in about[key]]
    return replace(shapes, turtle="\n".join(lines), said=kept)


def _nt(term: Term) -> str:
    return str(term) if isinstance(term, Iri) and term.startswith("_:") else term.nt


def telling(shapes: Shapes) -> dict[str, str]:
    """The shapes that have results of their own, each with the nearest one that has an address (itself, if it has).

    They are those with a target, and those that they name as `sh:property` (SHACL, sections 2.1.3 and 2.3), if anything is
    demanded of nodes besides that.
    """
    found = {shape: shape for shape in _targeted(shapes.said)}
    open_ = [*found]
    while open_:
        shape = open_.pop()
        for inner in map(str, shapes.said.get(shape, {}).get(f"{SH}property", ())):
            if inner not in found:
                found[inner] = inner if not inner.startswith("_:") else found[shape]
                open_.append(inner)
    own = parameters(shapes.said)
    return {shape: owner for shape, owner in found.items() if _demands(shapes.said.get(shape, {}), own)}


def _targeted(said: Statements) -> list[str]:
    targeted = {shape for shape, about in said.items() if any(key.startswith(f"{SH}target") for key in about)}
    return sorted({*targeted, *classes(said)})


def idle(shapes: Shapes) -> list[str]:
    """The shapes with an address that never find anything: nobody names them and they have no target, or they demand nothing."""
    named = {*_targeted(shapes.said)}
    named.update(str(term) for about in shapes.said.values() for terms in about.values() for term in terms)
    kinds = {f"{SH}NodeShape", f"{SH}PropertyShape"}
    own, found = parameters(shapes.said), []
    for shape, about in shapes.said.items():
        if shape.startswith("_:") or is_deactivated(about):
            continue
        is_shape = not kinds.isdisjoint(map(str, about.get(f"{RDF}type", ()))) or f"{SH}message" in about
        if is_shape and (shape not in named or not (_demands(about, own) or f"{SH}property" in about)):
            found.append(shape)
    return found


def _demands(about: Mapping[str, Iterable[Term]], own: Collection[str]) -> bool:
    said = {key.removeprefix(SH) for key in about if key.startswith(SH) or key in own}
    return not said <= _DEMANDING_NOTHING and not is_deactivated(about)


def is_deactivated(about: Mapping[str, Iterable[Term]]) -> bool:
    """Whether a shape, of which all this is said, finds nothing for now (SHACL, section 2.1.3)."""
    return "true" in map(str, about.get(f"{SH}deactivated", ()))


def severity(about: Mapping[str, Iterable[Term]]) -> Severity:
    """How grave the results of a shape are, of which all this is said (SHACL, section 2.1.4)."""
    return "error" if _MILD.isdisjoint(map(str, about.get(f"{SH}severity", ()))) else "warning"


def validate(triples: str, shapes: Shapes) -> list[Result]:
    """All results of validating N-Triples text against the shapes, sorted (SHACL, section 3.6). Refused: bad shapes."""
    if not shapes.turtle.strip():
        return []
    found = _validated(triples, shapes)
    if isinstance(found, list):
        return found
    wrong = (shape for shape in _targeted(shapes.said) if isinstance(_validated(triples, part(shapes, [shape])), str))
    raise Refused([problem(next(map(shapes.place, wrong), Where("shapes")), "bad-shapes", reason=found)])


def _validated(triples: str, shapes: Shapes) -> list[Result] | str:
    """All results, sorted; or why the shapes cannot be used."""
    import pyshacl
    import pyshacl.errors
    from pyparsing import ParseBaseException

    if unreadable := next(_unreadable(shapes.said), ""):
        return unreadable
    with _logged("pyshacl-validate") as said, warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # by which `re` tells that sets will come
        try:
            _, report, _ = pyshacl.validate(
                triples,
                data_graph_format="nt",
                shacl_graph=shapes.turtle,
                shacl_graph_format="turtle",
                inference="none",
                meta_shacl=False,
            )
        except (pyshacl.errors.ReportableRuntimeError, ParseBaseException, re.error, NotImplementedError) as error:
            said.insert(0, str(error))
        else:
            if isinstance(report, pyshacl.errors.ReportableRuntimeError):
                said.insert(0, str(report))
    if said:  # of a constraint that it passed over, too
        return said[0].splitlines()[0].rstrip(".")
    rows = triples_of(report.serialize(format="nt"), "nt").select(_RESULTS)
    return sorted({_result(row) for row in rows.dicts()})


def _unreadable(said: Statements) -> Iterator[str]:
    """Why queries that shapes hold are none, with no prefixes but those declared for them (SHACL, section 5.2.1)."""
    for about in said.values():
        declared = {"rdf": RDF, "rdfs": RDFS, "owl": OWL}
        for vocabulary in about.get(SH + "prefixes", ()):
            for each in said.get(str(vocabulary), {}).get(SH + "declare", ()):
                prefix, namespace = (said.get(str(each), {}).get(SH + key, ()) for key in ("prefix", "namespace"))
                declared.update(zip(map(str, prefix), map(str, namespace), strict=False))
        for key in ("select", "ask"):
            for text in about.get(SH + key, ()):
                query = str(text).replace("$PATH", "<urn:path>")
                used = set(_PREFIX.findall(NOT_WORDS.sub(" ", query))) - declared.keys()
                yield from (f"`{each}:` is not declared (sh:prefixes) for a query in it" for each in sorted(used))
                try:
                    in_memory((), declared).select(_selecting(query) if key == "ask" else query)
                except QueryError as error:
                    yield str(error)


def _selecting(query: str) -> str:
    """An ASK as the SELECT that has a solution where it is true."""
    words = NOT_WORDS.sub(lambda found: " " * len(found[0]), query)
    asked = re.search(r"\bASK\b(?!:)", words, re.IGNORECASE)
    return f"{query[: asked.start()]}SELECT * {query[asked.end() :]}" if asked else query


@contextmanager
def _logged(name: str) -> Iterator[list[str]]:
    """What a library logs meanwhile, in place of its standing somewhere on a terminal."""
    told: list[str] = []

    def keep(record: logging.LogRecord) -> bool:
        told.append(record.getMessage())
        return False

    log = logging.getLogger(name)
    log.addFilter(keep)
    try:
        yield told
    finally:
        log.removeFilter(keep)


def _result(row: Mapping[str, Iri | Literal]) -> Result:
    value, path = row.get("value"), str(row.get("path", ""))
    return Result(
        focus=str(row["focus"]),
        path="" if path.startswith("_:") else path,
        value=value.nt if value is not None else "",
        component=str(row["component"]).rsplit("#", 1)[-1],
        severity="warning" if str(row["severity"]) in _MILD else "error",
        shape=str(row["shape"]),
        term=value,
    )
