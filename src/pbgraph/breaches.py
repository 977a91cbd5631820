"""What breaks a constraint of SHACL Core, as a pattern of SPARQL (SHACL, section 4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from pbgraph.problems import PbgraphError
from pbgraph.terms import RDF, RDFS, XSD, Literal, Term


class NotCovered(PbgraphError):
    """A shapes graph says something that only the reference understands."""


Write = Callable[[Term], str]
ReadList = Callable[[Term], list[Term]]


def _counted(least: bool) -> Callable[[Write, ReadList, Term], tuple[str, bool]]:
    def pattern(node: Write, items: ReadList, term: Term) -> tuple[str, bool]:
        found = {
            (True, "0"): "FILTER (false)",
            (True, "1"): "{without} { ?this {path} ?any }",
            (False, "0"): "?this {path} ?any .",
            (False, "1"): "?this {path} ?one . ?this {path} ?two . FILTER (!sameTerm(?one, ?two))",
        }.get((least, str(term)))
        if found is None or not _is_of(term, "integer"):
            raise NotCovered(str(term))
        return found, False

    return pattern


def _is_of(term: Term, *types: str) -> bool:
    """Whether a parameter is a literal of one of these datatypes, as only the reference can tell what is wrong with another."""
    return isinstance(term, Literal) and term.datatype in {XSD + name for name in types}


def _class(node: Write, items: ReadList, term: Term) -> tuple[str, bool]:
    return f"{{values}} {{without}} {{ ?value <{RDF}type>/<{RDFS}subClassOf>* {node(term)} }}", True


def _regex(node: Write, items: ReadList, term: Term) -> tuple[str, bool]:
    pattern = str(term)
    if not isinstance(term, Literal) or not _ALIKE.fullmatch(pattern):
        raise NotCovered(pattern)
    try:
        re.compile(pattern)
    except re.error as error:
        raise NotCovered(pattern) from error
    # To Python, which the reference asks, a last line break is nothing, and four separators are blanks.
    ended = f"{pattern[:-1]}\\n?$" if pattern.endswith("$") and not pattern.endswith("\\$") else pattern
    same = _BLANKS.sub(lambda found: found[1] or f"[{'^' * (found[0] == _NO_BLANK)}\\s\\x1c-\\x1f]", ended)
    return f"{{values}} FILTER (!REGEX(STR(?value), {node(Literal(same))}))", True


_ATOM = r"""
    [^\\\[\](){}*+?.^$|]                 # stands for itself
  | \\[-.\\/()\[\]{}*+?^$|dDsS]          # an escape that both know
  | \[ \^? (?!.*(?:&&|--|~~).*\])        # a class, in which Rust would take these for operators
       (?: [^\\\[\]] | \\[-.\\\[\]^dD] )+ \]
  | \. | \)
"""
_ALIKE = re.compile(
    rf"""
    (?: (?:{_ATOM}) (?: (?: [*+?] | \{{\d+(?:,\d*)?\}} ) \?? )?
      | \( (?:\?:)?
      | [|^]
    )*
    \$?  # `_regex` says what this means to Python
    """,
    re.VERBOSE,
)
"""Regular expressions that mean the same to Python's `re` and to the store (Rust's `regex`)."""

_NO_BLANK = "\\S"
_BLANKS = re.compile(r"(\\[^sS]|\[[^\]]*\])|\\[sS]")


def _in(node: Write, items: ReadList, term: Term) -> tuple[str, bool]:
    same = " || ".join(f"sameTerm(?value, {node(each)})" for each in items(term)) or "false"
    return f"{{values}} FILTER (!({same}))", True


def _has_value(node: Write, items: ReadList, term: Term) -> tuple[str, bool]:
    return f"{{without}} {{ ?this {{step}} {node(term)} }}", False


def _compared(test: str, *types: str) -> Callable[[Write, ReadList, Term], tuple[str, bool]]:
    """A test of values against a parameter, which has to be of one of these datatypes if any are given."""

    def pattern(node: Write, items: ReadList, term: Term) -> tuple[str, bool]:
        if types and not _is_of(term, *types):
            raise NotCovered(str(term))
        return test.replace("{term}", node(term)), True

    return pattern


_ORDERED = ", ".join(f"<{XSD}{name}>" for name in ("date", "integer", "decimal", "string", "boolean"))
_ODD = f"isLiteral({{0}}) && DATATYPE({{0}}) NOT IN ({_ORDERED})"
"""Values of other datatypes, and those with a language, the reference compares in its own way."""


def _bounded(test: str) -> Callable[[Write, ReadList, Term], tuple[str, bool]]:
    odd = f"BIND ({_ODD.format('?value')} AS ?odd)"
    return _compared(f"{{values}} {odd} FILTER (?odd || !COALESCE(?value {test} {{term}}, false))", "integer", "decimal")


_PAIRED = (
    f"{{{{values}}}} ?this {{{{term}}}} ?other . BIND (({_ODD.format('?value')}) || ({_ODD.format('?other')}) AS ?odd) "
    "FILTER (?odd || !COALESCE(?value {0} ?other, "
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
    "minLength": _compared("{values} FILTER (STRLEN(STR(?value)) < {term})", "integer"),
    "maxLength": _compared("{values} FILTER (STRLEN(STR(?value)) > {term})", "integer"),
    "minInclusive": _bounded(">="),
    "maxInclusive": _bounded("<="),
    "minExclusive": _bounded(">"),
    "maxExclusive": _bounded("<"),
    "lessThan": _compared(_PAIRED.format("<")),
    "lessThanOrEquals": _compared(_PAIRED.format("<=")),
    "disjoint": _compared("{values} ?this {term} ?value ."),
}
"""For each constraint the pattern that a broken one fits, and whether its results tell the value.

?odd is true of values that it takes the reference to compare.
"""
