"""A query → which of its rows a change of triples may concern: what has to be asked again after an edit (rdflib's algebra).

A row comes or goes only if a triple that came or went fits one of the query's triple patterns; and then that pattern, and all
patterns that every row through it has to fit, hold together in the graph that has the triple. This is how materialized views
are kept up to date (Gupta, Mumick and Subrahmanian 1993), with all filters left out: some nodes are named that are not
concerned, none is missed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, reduce
from itertools import product

from pyparsing import ParseBaseException
from rdflib import SH, Literal, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern, translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from pbgraph.dependence import ABOUT, Dependency, Unclear
from pbgraph.sparql import NOT_WORDS
from pbgraph.store import QueryError, in_memory
from pbgraph.terms import Iri

_IRI = re.compile(r"<[^<>\s]*>")

_MOST = 16
"""So many ways in which rows come about are told apart; with more, nothing is said of how a row comes about."""


def shacl_terms() -> frozenset[str]:
    """The local names of SHACL's vocabulary."""
    return frozenset([*SH.__annotations__, "and", "class", "in", "not", "or"])  # Python's own words are no annotations.


def dependencies(sparql: str, prefixes: Mapping[str, str], focus: str) -> tuple[Dependency, ...]:
    """What a SELECT depends on as far as it is about the nodes of one variable (`?this`). Unclear: it cannot be told."""
    # To read a query takes long, and those of one kind of constraint differ in their IRIs only; but prefixes make up others.
    names = list(dict.fromkeys(_IRI.findall(sparql))) if "PREFIX" not in sparql.upper() else []
    places = {name: f"<urn:{number}>" for number, name in enumerate(names)}
    found = _dependencies(_IRI.sub(lambda each: places.get(each[0], each[0]), sparql), tuple(sorted(prefixes.items())), focus)
    typed = dict(zip(places.values(), names, strict=True))

    def back(text: str) -> str:
        return _IRI.sub(lambda each: typed.get(each[0], each[0]), text)

    return tuple(
        Dependency(focus, back(each.predicate), back(each.subject), back(each.object), back(each.rest)) for each in found
    )


@cache
def _dependencies(sparql: str, prefixes: tuple[tuple[str, str], ...], focus: str) -> tuple[Dependency, ...]:
    found: dict[Dependency, None] = {}
    for (start, path, end), ways in _steps(_algebra(sparql, prefixes), [()]):
        for before, edge, after, backwards in _edges(path):
            first, last, links = _ends(_text(start), before, after, _text(end))
            ends = (last, first) if backwards else (first, last)
            for rest in ways:
                told = " ".join([*links, *map(_pattern, rest)])
                found.update(dict.fromkeys(Dependency(focus, each, *ends, told) for each in _listed(edge, rest)))
    return tuple(found)


def looked_up(sparql: str, prefixes: Mapping[str, str]) -> str:
    """The same query, quicker for a node at a time: MINUS as NOT EXISTS, VALUES as IN, each where that is the same.

    The store evaluates what is subtracted as a whole, and begins with VALUES.
    """
    algebra = _algebra(sparql, tuple(sorted(prefixes.items())))
    if all(map(_is_lookup, _named(algebra, "Minus"))):
        sparql = _replaced(r"\bMINUS(?=\s*\{)", lambda each: "FILTER NOT EXISTS", sparql)
    if all(map(_is_filter, _values(algebra))):
        listed = r"\bVALUES\s+([?$]\w+)\s*\{([^{}]*)\}"
        sparql = _replaced(listed, lambda each: f"FILTER ({each[1]} IN ({', '.join(each[2].split())}))", sparql)
    return sparql


def about_one(sparql: str, prefixes: Mapping[str, str]) -> str:
    """The same query about one node, ABOUT in place of ?this in its pattern; as it is where ?this has to be a variable.

    The store begins with a class if it does not know beforehand that ?this is one node.
    """
    kept = NOT_WORDS.sub(lambda each: " " * len(each[0]), sparql)
    within = range(kept.index("{"), kept.rindex("}"))
    found = _replaced(r"[?$]this\b", lambda each: ABOUT if each.start() in within else each[0], sparql)
    try:
        # What a SELECT in the query gives, or BIND and BOUND take, can be no IRI.
        in_memory([], prefixes).select(found)
    except QueryError:
        return sparql
    return found


def _replaced(pattern: str, new: Callable[[re.Match[str]], str], sparql: str) -> str:
    """A query with words of its own replaced, and nothing in its texts and comments."""
    kept = [(found.start(), found.end()) for found in NOT_WORDS.finditer(sparql) if not found[0].startswith("<")]

    def replace(found: re.Match[str]) -> str:
        return found[0] if any(start <= found.start() < end for start, end in kept) else new(found)

    return re.sub(pattern, replace, sparql, flags=re.IGNORECASE)


def _values(node: object, around: frozenset[Variable] = frozenset()) -> Iterator[tuple[CompValue, frozenset[Variable]]]:
    """Each VALUES, with the variables that what it is joined with always binds."""
    if isinstance(node, CompValue) and node.name == "values":
        yield node, around
    elif isinstance(node, CompValue) and node.name == "Join":
        yield from _values(node.p1, around | _certain(node.p2))
        yield from _values(node.p2, around | _certain(node.p1))
    else:
        inside = around if isinstance(node, CompValue) and node.name == "ToMultiSet" else frozenset()
        for part in _parts(node):
            yield from _values(part, inside)


def _is_filter(values: tuple[CompValue, frozenset[Variable]]) -> bool:
    """Whether VALUES only chooses among what is bound anyhow, one variable among IRIs."""
    rows, bound = values[0].res, values[1]
    return all(len(row) == 1 and {*row} <= bound and all(isinstance(each, URIRef) for each in row.values()) for row in rows)


def _is_lookup(minus: CompValue) -> bool:
    """Whether what is removed shares variables that are always bound, and its filters look at nothing else than it binds."""
    shared = _variables(minus.p2) & _variables(minus.p1)
    return bool(shared) and shared <= _certain(minus.p1) and _variables(minus.p2) <= _certain(minus.p2)


def _listed(predicate: str, way: _Way) -> list[str]:
    """The predicates that a step may have: where VALUES lists those of a variable, these."""
    for part in way:
        if isinstance(part, CompValue) and all(isinstance(row.get(Variable(predicate[1:])), URIRef) for row in part.res):
            return [_text(row[Variable(predicate[1:])]) for row in part.res]
    return [predicate]


@cache
def _algebra(sparql: str, prefixes: tuple[tuple[str, str], ...]) -> CompValue:
    try:
        # Lines of comments take longer to be passed over than all else to be read.
        text = re.sub(r"(?m)^#.*$", "", sparql)
        found: CompValue = _translated(translateQuery(parseQuery(text), initNs=dict(prefixes)).algebra)
    except (ParseBaseException, SyntaxError, ValueError) as error:
        raise Unclear(str(error)) from error
    if any(True for name in ("Slice", "ServiceGraphPattern") for _ in _named(found, name)):
        raise Unclear("a part of the rows, or what another server says")
    for inner in _named(found, "Project"):
        _require(not (_variables(inner.p) - {*inner.PV}) & _variables(found, inner))
    for minus in _named(found, "Minus"):
        _require(not (_variables(minus.p2) - _variables(minus.p1)) & _variables(found, minus.p2))
    return found


def _require(condition: bool) -> None:
    if not condition:
        raise Unclear("a variable with two meanings")


def _translated(node: CompValue) -> CompValue:
    """The algebra with that of every EXISTS in it."""
    for each in [*_named(node, "Builtin_EXISTS"), *_named(node, "Builtin_NOTEXISTS")]:
        each["graph"] = _translated(translateGroupGraphPattern(each.graph))
    return node


def _parts(value: object) -> Iterator[object]:
    if isinstance(value, CompValue):
        yield from (part for key, part in value.items() if key not in ("_vars", "PV"))
    elif isinstance(value, Mapping | list | tuple):
        yield from value


def _named(value: object, name: str) -> Iterator[CompValue]:
    """The nodes of a kind in a part of an algebra."""
    if isinstance(value, CompValue) and value.name == name:
        yield value
    for part in _parts(value):
        yield from _named(part, name)


def _variables(value: object, without: object = None) -> set[Variable]:
    """The variables in a part of an algebra, but not in a part of that."""
    if isinstance(value, Variable):
        return {value}
    return {name for part in _parts(value) if part is not without for name in _variables(part, without)}


_Way = tuple[object, ...]
"""Triple patterns, and VALUES, that all have to fit for a row to come about."""

_AGGREGATED = {"Group", "AggregateJoin"}
_WRAPPED = _AGGREGATED | {"Filter", "Extend", "Project", "Distinct", "Reduced", "OrderBy", "ToMultiSet", "Graph", "SelectQuery"}
"""The parts of an algebra with one part inside, of which each row is made from some that have to be there."""


def _ways(node: CompValue) -> list[_Way]:
    """The ways in which a part of an algebra can have rows."""
    match node.name:
        case "BGP":
            return [tuple(node.triples)]
        case "values":
            return [(node,)]
        case "Join":
            return _both(_ways(node.p1), _ways(node.p2))
        case "LeftJoin" | "Minus":
            return _ways(node.p1)
        case "Union":
            return [*_ways(node.p1), *_ways(node.p2)]
        case name if name in _WRAPPED:
            return _ways(node.p)
    raise Unclear(node.name)


def _both(some: list[_Way], others: list[_Way]) -> list[_Way]:
    return [(*one, *other) for one, other in product(some, others)] if len(some) * len(others) <= _MOST else some


def _certain(node: CompValue) -> set[Variable]:
    """The variables that are bound in every row."""
    return set.intersection(*(_variables(list(way)) for way in _ways(node)))


def _steps(
    node: CompValue, ways: list[_Way], known: frozenset[Variable] = frozenset()
) -> Iterator[tuple[tuple[object, object, object], list[_Way]]]:
    """Each triple pattern, with the ways in which the others hold whenever it matters.

    What EXISTS asks for is asked with the variables of its group, and of all groups around that are asked so (`known`), bound.
    Unclear: another variable in it has the name of one further outside, which is something else.
    """
    inside = ways
    match node.name:
        case "BGP":
            for number, pattern in enumerate(node.triples):
                yield pattern, _both([(*node.triples[:number], *node.triples[number + 1 :])], ways)
        case "Union":
            yield from (step for each in (node.p1, node.p2) for step in _steps(each, ways, known))
        case "Join" | "LeftJoin" | "Minus":
            inside = _both(ways, _ways(node.p1))
            yield from _steps(node.p1, _both(ways, _ways(node.p2)) if node.name == "Join" else ways, known)
            yield from _steps(node.p2, inside, known if node.name != "Minus" else frozenset())
        case "Filter":
            inside = _both(ways, _ways(node.p))
            yield from _steps(node.p, reduce(_both, map(_ways, _demanded(node)), ways), known)
        case name if name in _WRAPPED:
            inside = _both(ways, _ways(node.p))
            yield from _steps(node.p, ways, known)
    tests = [part for key, part in node.items() if key not in ("p", "p1", "p2", "triples", "_vars")]
    known |= _variables([node[key] for key in ("p", "p1", "p2") if key in node])
    for test in (*_outermost(tests, "Builtin_EXISTS"), *_outermost(tests, "Builtin_NOTEXISTS")):
        _require(not _variables(test.graph) & (_variables(ways) - known))
        yield from _steps(test.graph, inside, known)


def _demanded(node: CompValue) -> Iterator[CompValue]:
    """What has to be there for a row to pass a filter; told by variables that all rows bind, so that they mean the same."""
    all_of = [node.expr]
    for test in all_of:
        if test.name == "ConditionalAndExpression":
            all_of.extend([test.expr, *test.other])
        elif test.name == "Builtin_EXISTS" and _variables(test.graph) <= _certain(node.p):
            yield test.graph


def _outermost(value: object, name: str) -> Iterator[CompValue]:
    """As `_named`, but none that lies in another one, or in a part of the algebra with patterns of its own."""
    if isinstance(value, CompValue) and value.name.startswith("Builtin_") and "EXISTS" in value.name:
        yield from [value] if value.name == name else []
        return
    for part in _parts(value):
        yield from _outermost(part, name)


def _edges(path: object) -> Iterator[tuple[str, str, str, bool]]:
    """Each step of a property path: the path before it, its predicate, the path after it, and whether it leads backwards."""
    match path:
        case URIRef() | Variable():
            yield "", _text(path), "", False
        case InvPath():
            for before, predicate, after, backwards in _edges(path.arg):
                yield after and f"^({after})", predicate, before and f"^({before})", not backwards
        case SequencePath():
            for number, part in enumerate(path.args):
                for before, predicate, after, backwards in _edges(part):
                    earlier, later = _chain(path.args[:number]), _chain(path.args[number + 1 :])
                    yield _joined(earlier, before), predicate, _joined(after, later), backwards
        case AlternativePath():
            yield from (edge for part in path.args for edge in _edges(part))
        case MulPath():
            again = "" if path.mod == "?" else f"({_written(path.path)})*"
            for before, predicate, after, backwards in _edges(path.path):
                yield _joined(again, before), predicate, _joined(after, again), backwards
        case _:
            raise Unclear(str(path))


def _joined(*parts: str) -> str:
    return "/".join(part for part in parts if part)


def _chain(parts: Iterable[object]) -> str:
    return _joined(*(f"({_written(part)})" for part in parts))


def _written(path: object) -> str:
    match path:
        case URIRef():
            return _text(path)
        case InvPath():
            return f"^({_written(path.arg)})"
        case SequencePath():
            return _chain(path.args)
        case AlternativePath():
            return "|".join(f"({_written(part)})" for part in path.args)
        case MulPath():
            return f"({_written(path.path)}){path.mod}"
    raise Unclear(str(path))


def _ends(start: str, before: str, after: str, end: str) -> tuple[str, str, list[str]]:
    """What the two ends of a step are called, and the paths that lead there from the ends of the pattern."""
    subject, object_ = "?_from" if before else start, "?_to" if after else end
    links = [f"{start} {before} {subject} ."] if before else []
    return subject, object_, [*links, *([f"{object_} {after} {end} ."] if after else [])]


def _pattern(pattern: object) -> str:
    """A triple pattern or VALUES, as SPARQL."""
    if isinstance(pattern, CompValue):
        names = sorted({name for row in pattern.res for name in row})
        cells = [[_text(row[name]) if row.get(name, "UNDEF") != "UNDEF" else "UNDEF" for name in names] for row in pattern.res]
        rows = " ".join(f"({' '.join(row)})" for row in cells)
        return f"VALUES ({' '.join(map(_text, names))}) {{ {rows} }}"
    assert isinstance(pattern, tuple)
    start, path, end = pattern
    return f"{_text(start)} {_written(path) if isinstance(path, Path) else _text(path)} {_text(end)} ."


def _text(term: object) -> str:
    if isinstance(term, Variable):
        return f"?{term}"
    if isinstance(term, URIRef):
        return Iri(term).nt
    if isinstance(term, Literal):
        return term.n3()
    raise Unclear(str(term))
