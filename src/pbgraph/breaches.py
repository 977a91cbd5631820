"""What breaks a constraint of SHACL Core, as a pattern of SPARQL (SHACL, section 4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from pbgraph.problems import PbgraphError
from pbgraph.terms import RDF, RDFS, Literal, Term


class NotCovered(PbgraphError):
    """A shapes graph says something that only the reference understands."""


Write = Callable[[Term], str]
ReadList = Callable[[Term], list[Term]]


def _counted(least: bool) -> Callable[[Write, ReadList, Term], tuple[str, bool]]:
    def pattern(node: Write, items: ReadList, term: Term) -> tuple[str, bool]:
        found = {
            (True, "0"): "FILTER (false)",
            (True, "1"): "{without} { ?this {path} ?any }",
            (False, "0"): "FILTER EXISTS { ?this {path} ?any }",
            (False, "1"): "?this {path} ?one . ?this {path} ?two . FILTER (!sameTerm(?one, ?two))",
        }.get((least, str(term)))
        if found is None:
            raise NotCovered(str(term))
        return found, False

    return pattern


def _class(node: Write, items: ReadList, term: Term) -> tuple[str, bool]:
    return f"{{values}} {{without}} {{ ?value <{RDF}type>/<{RDFS}subClassOf>* {node(term)} }}", True


def _regex(node: Write, items: ReadList, term: Term) -> tuple[str, bool]:
    try:
        re.compile(str(term))
    except re.error as error:
        raise NotCovered(str(term)) from error
    return f"{{values}} FILTER (!REGEX(STR(?value), {Literal(str(term)).nt}))", True


def _in(node: Write, items: ReadList, term: Term) -> tuple[str, bool]:
    same = " || ".join(f"sameTerm(?value, {node(each)})" for each in items(term)) or "false"
    return f"{{values}} FILTER (!({same}))", True


def _has_value(node: Write, items: ReadList, term: Term) -> tuple[str, bool]:
    return f"{{without}} {{ ?this {{step}} {node(term)} }}", False


def _compared(test: str) -> Callable[[Write, ReadList, Term], tuple[str, bool]]:
    def pattern(node: Write, items: ReadList, term: Term) -> tuple[str, bool]:
        return test.replace("{term}", node(term)), True

    return pattern


_PAIRED = (
    "{{values}} ?this {{term}} ?other . FILTER (!COALESCE(?value {0} ?other, "
    # As the reference does it, though SPARQL compares no IRIs.
    "isIRI(?value) && isIRI(?other) && STR(?value) {0} STR(?other)))"
)


def _unique(node: Write, items: ReadList, term: Term) -> tuple[str, bool]:
    if str(term) != "true":
        raise NotCovered(str(term))
    both = "?this {path} ?one . ?this {path} ?two . FILTER (!sameTerm(?one, ?two)"
    return f'{both} && LANG(?one) != "" && LCASE(LANG(?one)) = LCASE(LANG(?two)))', False


PATTERNS: Mapping[str, Callable[[Write, ReadList, Term], tuple[str, bool]]] = {
    "minCount": _counted(least=True),
    "maxCount": _counted(least=False),
    "class": _class,
    "pattern": _regex,
    "in": _in,
    "hasValue": _has_value,
    "uniqueLang": _unique,
    "minLength": _compared("{values} FILTER (STRLEN(STR(?value)) < {term})"),
    "maxLength": _compared("{values} FILTER (STRLEN(STR(?value)) > {term})"),
    "minInclusive": _compared("{values} FILTER (!COALESCE(?value >= {term}, false))"),
    "maxInclusive": _compared("{values} FILTER (!COALESCE(?value <= {term}, false))"),
    "minExclusive": _compared("{values} FILTER (!COALESCE(?value > {term}, false))"),
    "maxExclusive": _compared("{values} FILTER (!COALESCE(?value < {term}, false))"),
    "lessThan": _compared(_PAIRED.format("<")),
    "lessThanOrEquals": _compared(_PAIRED.format("<=")),
    "disjoint": _compared("{values} ?this {term} ?value ."),
}
"""For each constraint the pattern that a broken one fits, and whether its results tell the value."""
