"""SHACL on the store: each constraint is one SPARQL query over its targets; what is not covered is left to pySHACL.

Covered are the constraints, paths and targets of SHACL Core that shapes of data files use (SHACL, sections 2, 4 and 5);
the results are those of `shapes.validate`, the reference. A shape with anything else goes to the reference whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from pbgraph import shapes
from pbgraph.breaches import PATTERNS, NotCovered
from pbgraph.forking import in_threads
from pbgraph.progress import Progress, silent
from pbgraph.shapes import Result, Shapes
from pbgraph.solutions import Rows
from pbgraph.sparql import NOT_WORDS
from pbgraph.store import Graph, QueryError, Statements
from pbgraph.terms import RDF, RDFS, SH, Iri, Term

_TARGETS = {
    SH + "targetClass": f"?this <{RDF}type>/<{RDFS}subClassOf>* {{}}",
    SH + "targetSubjectsOf": "?this {} ?target",
    SH + "targetObjectsOf": "?target {} ?this",
    SH + "targetNode": "VALUES ?this {{ {} }}",
}
_ASIDE = {
    SH + name
    for name in ("path", "severity", "message", "ignoredProperties", "deactivated", *(key[len(SH) :] for key in _TARGETS))
}
_PATHS = {"inversePath": "^({})", "zeroOrMorePath": "({})*", "oneOrMorePath": "({})+", "zeroOrOnePath": "({})?"}

# Possessive and without repetition within repetition, so that a long query that does not fit is told in one pass.
_TERM = r"(?:\?\w++|<>|a\b|\"\"|true\b|false\b|[0-9]++)"
_TRIPLE = rf"{_TERM}\s*+{_TERM}\s*+{_TERM}\s*+(?:\.|(?=[}}FB]))\s*+"
_TEST = rf"{_TERM}\s*!?=\s*<>"
_PLAIN = re.compile(
    rf"""
    \s* SELECT \s+ (?:DISTINCT\s+)? \?this (?:\s+\?(?:path|value))* \s* (?:WHERE\s*)? \{{
    \s* \?this \s* (?:<>|a\b) \s* {_TERM} \s* (?:\.|(?=[}}FB])) \s*
    (?: {_TRIPLE}
      | FILTER \s+ (?:NOT\s+)? EXISTS \s* \{{ \s* (?:{_TRIPLE})++ \}} \s* \.? \s*
      | FILTER \s* \( \s* {_TEST} (?:\s* (?:&&|\|\|) \s* {_TEST})* \s* \) \s* \.? \s*
      | BIND \s* \( \s* <> \s* AS \s* \?path \s* \) \s* \.? \s*
    )*
    \}} \s*
    """,
    re.VERBOSE,
)
"""Queries that begin with what they say of ?this, and of which each part means the same whether or not it is bound before."""

Row = tuple[Term, str, Term | None]
"""A focus node that breaks a constraint, with the path and the value of the result."""


FOCUS = "?focus"
"""What a query about nodes that a focus node leads to calls the focus node; in any other it is ?this."""


class _Asked(Protocol):
    def select(self, query: str, bindings: Mapping[str, Term] | None = None) -> Rows:
        """What a SELECT finds."""


def validate(graph: Graph, loaded: Shapes, progress: Progress = silent, focus: Collection[Term] | None = None) -> list[Result]:
    """All results of validating a graph against the shapes, sorted (SHACL, section 3.6), or those on some focus nodes only.

    A `focus` of None stands for every node that is a target. Refused: bad shapes.
    """
    pieces = _Validator(graph, loaded.said, focus, shapes.parameters(loaded.said)).pieces()
    found = in_threads([partial(_results, piece) for _, piece in pieces], "shapes", progress)
    results = {result for each in found for result in each or ()}
    if left := {shape for (shape, _), each in zip(pieces, found, strict=True) if each is None}:
        triples = "".join(f"{line}\n" for line in graph.triples())
        wanted = None if focus is None else {str(node) for node in focus}
        of_reference = shapes.validate(triples, shapes.part(loaded, left))
        results.update(result for result in of_reference if wanted is None or result.focus in wanted)
    return sorted(results)


def _results(piece: Callable[[], list[Result]]) -> list[Result] | None:
    """What a shape finds; None if that is for the reference to say."""
    try:
        return piece()
    except (NotCovered, QueryError):
        return None


def asked(loaded: Shapes) -> list[tuple[str, str]]:
    """Every query by which a graph is validated, with what it calls the focus nodes. NotCovered: the reference has to."""
    asking = _Asking([])
    for _, piece in _Validator(asking, loaded.said, parameters=shapes.parameters(loaded.said)).pieces():
        piece()
    return [(query, FOCUS if FOCUS in query else "?this") for query in asking.queries]


@dataclass
class _Asking:
    """A graph of which nothing is known but what it is asked for."""

    queries: list[str]

    def select(self, query: str, bindings: Mapping[str, Term] | None = None) -> Rows:
        self.queries.append(query)
        return Rows((), ())


@dataclass
class _Validator:
    """Asks a graph for what breaks the shapes that `said` (by subject and predicate) states, of all targets or some nodes."""

    graph: _Asked
    said: Statements
    focus: Collection[Term] | None = None
    parameters: Collection[str] = ()
    """The properties by which shapes use constraint components of their own (see `shapes.parameters`)."""
    open: tuple[str, ...] = ()
    """The shapes that are being looked at, each a part of the one before: one that holds itself is left to the reference."""

    def pieces(self) -> list[tuple[str, Callable[[], list[Result]]]]:
        """Each shape with what finds its results, for each of its targets."""
        members = _TARGETS[SH + "targetClass"]
        return [
            *(
                (shape, partial(self._targeted, shape, pattern, target))
                for shape, about in self.said.items()
                for key, pattern in _TARGETS.items()
                for target in about.get(key, ())
            ),
            *((cls, partial(self._targeted, cls, members, Iri(cls))) for cls in shapes.classes(self.said)),
        ]

    def _targeted(self, shape: str, pattern: str, target: Term) -> list[Result]:
        targets = pattern.format(node := self._node(target))
        said = f"SELECT ?s {{ {{ {node} ?p ?o }} UNION {{ ?s ?p {node} }} }} LIMIT 1"
        # From a node that stands in no triple the store finds no path of no step.
        if pattern == _TARGETS[SH + "targetNode"] and not self.graph.select(said).rows:
            raise NotCovered("targetNode")
        if self.focus is None:
            return [result for _, result in self._shape(shape, f"{{ SELECT DISTINCT ?this WHERE {{ {targets} }} }}")]
        # Asked beforehand, so that every constraint begins with the nodes it is about.
        found = self.graph.select(f"SELECT DISTINCT ?this WHERE {{ {_these(self.focus)} {targets} }}")
        nodes = [node for (node,) in found.rows if node is not None]
        return [result for _, result in self._shape(shape, _these(nodes))] if nodes else []

    def _shape(self, shape: str, target: str) -> Iterator[tuple[Term, Result]]:
        """Results of a shape, and of its property shapes, on the nodes that `target` binds to ?this, each with its focus node."""
        if shape in self.open:
            raise NotCovered(shape)
        inner = replace(self, open=(*self.open, shape))
        about = self.said[shape]
        if shapes.is_deactivated(about):
            return
        path = self._path(self._only(shape, SH + "path")) if SH + "path" in about else ""
        for key, terms in about.items():
            if key in self.parameters:
                raise NotCovered(key)
            if not key.startswith(SH) or key in _ASIDE:
                continue
            name = key.removeprefix(SH)
            if name == "property" and not path:
                for term in terms:
                    yield from inner._shape(self._subject(term), target)
                continue
            for term in terms:
                component = "SPARQL" if name == "sparql" else name[0].upper() + name[1:]
                for focus, where, value in inner._broken(name, term, shape, _Scope(target, path, self.focus is not None)):
                    yield focus, self._result(shape, focus, where, value, f"{component}ConstraintComponent")

    def _result(self, shape: str, focus: Term, path: str, value: Term | None, component: str) -> Result:
        severity = shapes.severity(self.said[shape])
        return Result(str(focus), path, value.nt if value is not None else "", component, severity, shape, value)

    def _broken(self, name: str, term: Term, shape: str, scope: _Scope) -> Iterator[Row]:
        if name in ("or", "and", "xone", "not"):
            yield from self._logical(name, term, scope)
        elif name == "sparql":
            yield from self._own_query(term, scope)
        elif name == "closed":
            yield from self._closed(shape, scope)
        elif name in PATTERNS:
            pattern, with_value = PATTERNS[name](self._node, self._list, term)
            rows = self.graph.select(f"SELECT DISTINCT ?this ?value ?odd WHERE {{ {scope.target} {scope.filled(pattern)} }}")
            for this, value, odd in rows.rows:
                if str(odd) == "true":
                    raise NotCovered(name)
                if this is not None:
                    yield this, scope.shown, value if with_value else None
        else:
            raise NotCovered(name)

    def _logical(self, name: str, term: Term, scope: _Scope) -> Iterator[Row]:
        """Which value nodes break sh:or, sh:and, sh:xone or sh:not, told from those that break their members."""
        inner = scope.inner()
        members = [self._subject(term)] if name == "not" else [self._subject(each) for each in self._list(term)]
        if not members:
            raise NotCovered(name)
        broken = [{focus.nt for focus, _ in self._shape(member, inner)} for member in members]
        if (name == "or" and broken and not set.intersection(*broken)) or (name == "and" and not any(broken)):
            return  # Nothing breaks what it would have to, so there is no need to look at every node.
        for this, value in self.graph.select(f"SELECT DISTINCT ?this ?value WHERE {{ {scope.target} {scope.values()} }}").rows:
            if this is None or value is None:
                raise NotCovered(name)
            kept = sum(value.nt not in each for each in broken)
            if not {"or": kept > 0, "and": kept == len(members), "xone": kept == 1, "not": kept == 0}[name]:
                yield this, scope.shown, value

    def _closed(self, shape: str, scope: _Scope) -> Iterator[Row]:
        about = self.said[shape]
        paths = [self._only(str(each), SH + "path") for each in about.get(SH + "property", ())]
        allowed = [*paths, *(each for listed in about.get(SH + "ignoredProperties", ()) for each in self._list(listed))]
        if scope.path or [str(term) for term in about[SH + "closed"]] != ["true"]:
            raise NotCovered("closed")
        listed = ", ".join(self._node(each) for each in allowed if not str(each).startswith("_:")) or "<>"
        # OPTIONAL, since the store then looks each node up, and else would join it with every triple there is.
        statements = f"OPTIONAL {{ ?this ?path ?value }} FILTER (?path NOT IN ({listed}))"
        query = f"SELECT DISTINCT ?this ?path ?value WHERE {{ {scope.target} {statements} }}"
        for this, path, value in self.graph.select(query).rows:
            if this is not None:
                yield this, str(path), value

    def _own_query(self, term: Term, scope: _Scope) -> Iterator[Row]:
        about = self.said[self._subject(term)]
        if scope.path or not {*about} <= {SH + "select", SH + "message", RDF + "type"}:
            raise NotCovered("sparql")
        query = str(self._only(str(term), SH + "select")).replace("$this", "?this")
        # The standard binds ?this beforehand, wherever it stands (section 5.3.1): of any other query the store could not know.
        if not _PLAIN.fullmatch(NOT_WORDS.sub(_shortened, query)):
            raise NotCovered("sparql")
        if scope.few:
            # Else the store would answer the query as a whole, and look for the nodes in what it finds.
            nodes = [row["this"] for row in self.graph.select(f"SELECT DISTINCT ?this WHERE {{ {scope.target} }}").dicts()]
            found = [(node, row) for node in nodes for row in self.graph.select(query, {"this": node}).dicts()]
        else:
            rows = self.graph.select(f"SELECT DISTINCT ?this ?path ?value WHERE {{ {scope.target} {{ {query} }} }}").dicts()
            found = [(row["this"], row) for row in rows]
        for this, row in found:
            path = row.get("path", Iri(""))
            if not isinstance(path, Iri):
                raise NotCovered("sparql")
            yield this, path, row.get("value", this)

    def _path(self, term: Term) -> str:
        """A SHACL property path as a SPARQL one (SHACL, section 2.3.1)."""
        if not str(term).startswith("_:"):
            return self._node(term)
        about = self.said[self._subject(term)]
        if RDF + "first" in about:
            return "/".join(f"({self._path(each)})" for each in self._list(term))
        key = next(iter(about)) if len(about) == 1 else ""
        name, value = key.removeprefix(SH), self._only(str(term), key)
        if name == "alternativePath":
            return "|".join(f"({self._path(each)})" for each in self._list(value))
        if name not in _PATHS:
            raise NotCovered(name)
        return _PATHS[name].format(self._path(value))

    def _list(self, term: Term) -> list[Term]:
        found: list[Term] = []
        while str(term) != RDF + "nil":
            if len(found) > len(self.said):
                raise NotCovered(str(term))
            found.append(self._only(str(term), RDF + "first"))
            term = self._only(str(term), RDF + "rest")
        return found

    def _only(self, subject: str, key: str) -> Term:
        """The one value of a property of a node of the shapes graph."""
        terms = self.said.get(subject, {}).get(key, ())
        if len(terms) != 1:
            raise NotCovered(f"{subject} {key}")
        return terms[0]

    def _subject(self, term: Term) -> str:
        if str(term) not in self.said:
            raise NotCovered(str(term))
        return str(term)

    def _node(self, term: Term) -> str:
        if isinstance(term, Iri) and term.startswith("_:"):
            raise NotCovered(term)
        # What patterns leave open stands in braces; SPARQL reads the escape first of all (section 19.2).
        return term.nt.replace("{", "\\u007B")


@dataclass(frozen=True)
class _Scope:
    """Where a constraint looks: the pattern that binds the focus nodes to ?this, the path to the value nodes (or none).

    With `few` focus nodes, each is looked up.
    """

    target: str
    path: str
    few: bool

    @property
    def shown(self) -> str:
        """The path as results name it: a property, or nothing."""
        return self.path[1:-1] if re.fullmatch("<[^<>]*>", self.path) else ""

    def values(self) -> str:
        """The pattern that binds the value nodes to ?value."""
        return f"?this {self.path} ?value ." if self.path else "BIND (?this AS ?value)"

    def filled(self, pattern: str) -> str:
        """A pattern with `{values}`, `{path}`, `{step}` (the path, else to stay where one is) and `{without}` in place."""
        if not self.path and "{path}" in pattern:
            raise NotCovered(pattern)
        step = self.path or f"<{SH}path>?"
        # MINUS asks once for all nodes, NOT EXISTS anew for each; but a path of no step leads only from nodes that are there.
        without = "FILTER NOT EXISTS" if self.few or {"*", "?"} & {*step} else "MINUS"
        filled = pattern.replace("{values}", self.values()).replace("{path}", self.path)
        return filled.replace("{step}", step).replace("{without}", without)

    def inner(self) -> str:
        """The pattern that binds the value nodes to ?this, for shapes that are about them."""
        if not self.path:
            return self.target
        # Longer with each level, so that no two levels share a name; the outermost node has one of its own.
        name = f"?in{len(self.target)}" if FOCUS in self.target else FOCUS
        outer = self.target.replace("?this", name)
        return f"{{ SELECT DISTINCT ?this WHERE {{ {outer} {name} {self.path} ?this }} }}"


def _shortened(found: re.Match[str]) -> str:
    """An address or a text without what stands in it; nothing for a comment."""
    return {"<": "<>", "#": " "}.get(found[0][0], '""')


def _these(nodes: Iterable[Term]) -> str:
    return f"VALUES ?this {{ {' '.join(node.nt for node in nodes)} }}"
