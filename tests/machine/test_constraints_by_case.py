"""What a constraint means where one might take it for something else: as pySHACL has it, on nodes made for the case."""

from __future__ import annotations

import pytest

from pbgraph import constraints, shapes
from pbgraph.store import triples_of

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <urn:x:> .\n"
DATA = """
:a a :C ; :p :b , :c ; :t "2016-01-01T00:00:00"^^xsd:dateTime ; :u "2017-01-01T00:00:00"^^xsd:dateTime ; :w 5.0e0 .
:b :q :d . :c :q :e .
:d :r 1 ; :s 1 . :e :s 1 . :e :ends :end .
"""
BOTH = "[ sh:path :r ; sh:minCount 1 ] [ sh:path :s ; sh:minCount 1 ]"
ON_D_AND_E = ":S a sh:NodeShape ; sh:targetNode :d , :e ; "
ON_C = ":S a sh:NodeShape ; sh:targetClass :C ; "

CASES = {
    # One and no more: :d fits both, :e one of them.
    "xone": (f"{ON_D_AND_E} sh:xone ( {BOTH} ) .", {"d"}),
    "or": (f"{ON_D_AND_E} sh:or ( {BOTH} ) .", set()),
    "and": (f"{ON_D_AND_E} sh:and ( {BOTH} ) .", {"e"}),
    # What is not closed may have any other property.
    "closed": (f"{ON_C} sh:closed true ; sh:ignoredProperties ( :p ) .", {"a"}),
    "not-closed": (f"{ON_C} sh:closed false ; sh:ignoredProperties ( :p ) .", set()),
    # Times and doubles are compared as the reference does it.
    "times-in-order": (f"{ON_C} sh:property [ sh:path :t ; sh:lessThan :u ] .", set()),
    "times-out-of-order": (f"{ON_C} sh:property [ sh:path :u ; sh:lessThan :t ] .", {"a"}),
    "double-within-bounds": (f"{ON_C} sh:property [ sh:path :w ; sh:minInclusive 3 ; sh:maxExclusive 6 ] .", set()),
    "double-out-of-bounds": (f"{ON_C} sh:property [ sh:path :w ; sh:maxInclusive 4 ] .", {"a"}),
    # Along two paths: of :b and :c only :c leads to one without :r.
    "two-paths": (
        f"{ON_C} sh:property [ sh:path :p ; sh:not [ sh:path :q ; sh:or ( [ sh:path :r ; sh:minCount 1 ] [ sh:class :C ] ) ] ] .",
        {"a"},
    ),
    "two-paths-kept": (
        f"{ON_C} sh:property [ sh:path :p ; sh:or ( [ sh:path :q ; sh:and ( {BOTH} ) ] [ sh:hasValue :c ] ) ] .",
        set(),
    ),
    "two-paths-broken": (
        f"{ON_C} sh:property [ sh:path :p ; sh:or ( [ sh:path :q ; sh:and ( {BOTH} ) ] [ sh:hasValue :b ] ) ] .",
        {"a"},
    ),
    # A path of no step leads from a node to itself, even from one that is only led to.
    "no-step": (
        ":S a sh:NodeShape ; sh:targetNode :end ; sh:property [ sh:path [ sh:zeroOrOnePath :q ] ; sh:minCount 1 ] .",
        set(),
    ),
    "any-steps": (
        ":S a sh:NodeShape ; sh:targetNode :end ; sh:property [ sh:path [ sh:zeroOrMorePath :q ] ; sh:hasValue :end ] .",
        set(),
    ),
    "a-step": (
        ":S a sh:NodeShape ; sh:targetNode :end ; sh:property [ sh:path [ sh:oneOrMorePath :q ] ; sh:minCount 1 ] .",
        {"end"},
    ),
    # Even from one of which nothing is said at all.
    "no-step-of-nothing": (
        ":S a sh:NodeShape ; sh:targetNode :f ; sh:property [ sh:path [ sh:zeroOrOnePath :q ] ; sh:minCount 1 ] .",
        set(),
    ),
    "nothing-itself": (":S a sh:NodeShape ; sh:targetNode :f ; sh:hasValue :f .", set()),
    "itself": (":S a sh:NodeShape ; sh:targetNode :end , :a ; sh:hasValue :end .", {"a"}),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("few", [False, True])
def test_a_constraint_finds_the_nodes_that_break_it(case: str, few: bool) -> None:
    shape, broken = CASES[case]
    said = shapes.load({"own.ttl": f"{PREFIXES}{shape}".encode()})
    graph = triples_of(PREFIXES + DATA, "ttl")
    focus = [term for (term,) in graph.select("SELECT DISTINCT ?n { { ?n ?p ?o } UNION { ?s ?p ?n } }").rows if term]
    found = constraints.validate(graph, said, focus=focus if few else None)
    reference = shapes.validate("".join(f"{line}\n" for line in graph.triples()), said)
    told = [(each.focus, each.path, each.value, each.component) for each in found]
    assert sorted(told) == sorted((each.focus, each.path, each.value, each.component) for each in reference)
    assert {each.focus for each in found} == {f"urn:x:{name}" for name in broken}
