"""The validator on the store gives the results of pySHACL, node by node, on data that is broken at random and on odd shapes."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from pyshacl.errors import ShapeRecursionWarning

from conftest import ROOT, WORLDS
from pbgraph import constraints, shapes, store
from pbgraph.checks import Checked
from pbgraph.problems import Refused, Where
from pbgraph.shapes import Shapes
from pbgraph.store import Graph, triples_of
from pbgraph.terms import RDFS, XSD, Iri, Literal

CLAIM = re.compile(r"<[^>]*/claim/[^/>]+")
PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <urn:x:> .\n"


@cache
def loaded() -> Shapes:
    files = sorted((ROOT / "shapes").glob("*.ttl"))
    assert len(files) >= 12
    return shapes.load({file.name: file.read_bytes() for file in files})


def reference(graph: Graph, said: Shapes) -> list[shapes.Result]:
    return shapes.validate("".join(f"{line}\n" for line in graph.triples()), said)


def as_graph(triples: list[str]) -> Graph:
    return store.in_memory([f"{line.removesuffix('.')}<urn:g> ." for line in triples], {})


@pytest.mark.parametrize(
    ("seed", "share"), [(0, 0.4), *(pytest.param(seed, 1.0, marks=pytest.mark.prove) for seed in range(1, 8))]
)
def test_data_broken_at_random(seed: int, share: float, checked: Checked) -> None:
    """Statements lost, doubled with other values, and given to other subjects, all over the graph or a share of its claims."""
    chance = random.Random(seed)
    everything = {line: CLAIM.match(line) for line in checked.graph.triples()}
    claims = sorted({claim[0] for claim in everything.values() if claim})
    kept = {claim for claim in claims if chance.random() < share}
    lines = [line for line, claim in everything.items() if (not claim or claim[0] in kept) and chance.random() > 0.05]
    parts = [line.removesuffix(" .").split(" ", 2) for line in chance.sample(lines, 400)]
    exchanged = [
        f"{mine[0]} {mine[1]} {theirs[2]} ."
        for mine, theirs in zip(parts, [*parts[1:], parts[0]], strict=True)
        if "\n" not in mine[2]
    ]
    given = [f"{theirs[0]} {mine[1]} {mine[2]} ." for mine, theirs in zip(parts, [*parts[7:], *parts[:7]], strict=True)]
    graph = as_graph(sorted({*lines, *exchanged, *given}))
    found = constraints.validate(graph, loaded())
    assert found == reference(graph, loaded())
    assert len({result.shape for result in found}) > 25
    assert len({result.component for result in found}) >= 6


GENERAL = """
:A a sh:NodeShape ; sh:targetClass :C ; sh:property
    [ sh:path :p ; sh:minInclusive 3 ] , [ sh:path :p ; sh:maxExclusive 9 ] , [ sh:path :p ; sh:minExclusive 2 ] ,
    [ sh:path :q ; sh:lessThan :r ] , [ sh:path ( :p [ sh:zeroOrMorePath :q ] ) ; sh:maxCount 1 ] ,
    [ sh:path [ sh:oneOrMorePath :q ] ; sh:in ( 1 "x" "x"@en ) ] , [ sh:path [ sh:zeroOrOnePath :q ] ; sh:minLength 2 ] ,
    [ sh:path :q ; sh:or ( [ sh:class :C ] [ sh:hasValue 1 ] [ sh:path :q ; sh:minCount 1 ] ) ] ,
    [ sh:path :r ; sh:not [ sh:path :p ; sh:minCount 1 ] ] , [ sh:path :n ; sh:uniqueLang true ] ,
    [ sh:path :m ; sh:in ( "{path}" "{values}" ) ] , [ sh:path :m ; sh:hasValue "{without}" ] ,
    [ sh:path :m ; sh:pattern "^.{6,7}$" ] .
:B a sh:NodeShape ; sh:targetNode :b , 3 ; sh:targetObjectsOf :q ; sh:closed true ; sh:ignoredProperties ( :p ) ;
    sh:property :named , :graver .
:graver a sh:PropertyShape ; sh:path :q ; sh:maxCount 0 ; sh:severity :MyWarning .
:named a sh:PropertyShape ; sh:path :q ; sh:disjoint :r ; sh:severity sh:Info .
:Off a sh:NodeShape ; sh:targetClass :C ; sh:deactivated true ; sh:property [ sh:path :none ; sh:minCount 1 ] .
:D <http://www.w3.org/2000/01/rdf-schema#subClassOf> :C .
"""
DATA = """
:a a :C ; :p 1 , 5 , 9.5 , "z" ; :q 2 , :b , "x" ; :r 1 , :b ; :n "a"@en , "b"@EN , "c"@de ; :m "{path}" , "{values}" .
:b a :D ; :q 1 , :c ; :p "2010-01-01"^^xsd:date ; :s 4 .
:c :q :a ; :r "2" .
"""


def given(text: str) -> tuple[Shapes, Graph]:
    """Shapes from a text, and the data that they are held against."""
    return shapes.load({"own.ttl": f"{PREFIXES}{text}".encode()}), triples_of(PREFIXES + DATA, "ttl")


def test_constraints_that_no_shape_of_ours_uses_yet() -> None:
    said, graph = given(GENERAL)
    assert {result.shape for result in constraints.validate(graph, said)} <= {*said.said}, "left to the reference"
    assert unnamed(constraints.validate(graph, said)) == unnamed(reference(graph, said)) != []


def unnamed(found: list[shapes.Result]) -> list[tuple[str, str, str, str, str]]:
    """The results without the labels of blank nodes, which no two readers give alike."""
    return sorted((each.focus, each.path, each.value, each.component, each.severity) for each in found)


@pytest.mark.parametrize(
    "shape",
    [
        "sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 5 ]",
        "sh:targetClass :C ; sh:property [ sh:path :p ; sh:datatype xsd:integer ]",
        "sh:targetClass :C ; sh:property [ sh:path :p ; sh:pattern 'A' ; sh:flags 'i' ]",
        "sh:targetClass :C ; sh:property [ sh:path :q ; sh:property [ sh:path :p ; sh:minCount 1 ] ]",
        "sh:targetClass :C ; sh:node [ a sh:NodeShape ; sh:property [ sh:path :s ; sh:minCount 1 ] ]",
    ],
)
def test_what_is_not_covered_goes_to_the_reference(shape: str) -> None:
    said, graph = given(f":S a sh:NodeShape ; {shape} .")
    assert unnamed(constraints.validate(graph, said)) == unnamed(reference(graph, said)) != []


@pytest.mark.parametrize(
    "shape",
    [
        ":C a <{}Class> , sh:NodeShape ; sh:property :p1 .",
        ":C a <http://www.w3.org/2002/07/owl#Class> ; sh:property :p1 .",
        ":Meta <{}subClassOf> <{}Class> . :C a :Meta , sh:PropertyShape ; sh:path :p ; sh:maxCount 1 .",
        ":C a <{}Class> , sh:NodeShape ; sh:property :p1 ; sh:deactivated true .",
    ],
)
def test_a_shape_that_is_a_class_is_about_its_members(shape: str) -> None:
    text = f"{shape.replace('{}', RDFS)} :p1 sh:path :p ; sh:maxCount 1 . :Own sh:targetNode :b ; sh:property :p1 ."
    said, graph = given(text)
    found = constraints.validate(graph, said)
    assert found == reference(graph, said)
    assert bool(found) != ("deactivated" in shape)


def test_only_the_shapes_that_are_not_covered_go_to_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    text = """
:Covered sh:targetClass :C ; sh:property :few , :strings .
:few sh:path :p ; sh:maxCount 1 .
:strings sh:path :q ; sh:minLength 9 .
:Not sh:targetSubjectsOf :q ; sh:node :Whole ; sh:property :typed .
:typed sh:path :p ; sh:datatype xsd:string .
:Whole sh:targetNode :a ; sh:property :few ."""
    said, graph = given(text)
    expected = reference(graph, said)
    handed: list[str] = []

    def noted(triples: str, *, shacl_graph: str, **options: Any) -> Any:
        handed.append(shacl_graph)
        return validate(triples, shacl_graph=shacl_graph, **options)

    validate = pyshacl.validate
    monkeypatch.setattr(pyshacl, "validate", noted)
    assert constraints.validate(graph, said) == expected
    assert {result.code for result in expected} == {f"urn:x:{name}" for name in ("few", "strings", "Not", "typed")}
    ((only,),) = [handed]
    assert set(re.findall("^<urn:x:([^>]*)>", only, re.MULTILINE)) == {"Not", "typed", "Whole", "few"}


def test_of_bad_shapes_the_first_is_told_with_its_line() -> None:
    text = ":Good sh:targetClass :C ; sh:datatype xsd:string .\n\n:Bad sh:targetClass :C ; sh:path :p ; sh:minCount 'x' ."
    with pytest.raises(Refused) as refused:
        said, graph = given(text)
        constraints.validate(graph, said)
    assert [(each.code, each.where) for each in refused.value.problems] == [("bad-shapes", Where("own.ttl", 4, 1))]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("SELECT $this { $this x:p ?value }", "`x:` is not declared"),
        ("SELECT $this ?value { $this $PATH ?value MINUS { ?value <urn:x:q> ?x } }", "MINUS"),
        ("SELECT $this ?value { $this $PATH ?value FILTER ($shapesGraph = $this) }", "shapesGraph"),
        ("ASK { $this ?p ?x }", "not a SELECT"),
        ("SELECT $this { SERVICE <urn:x> { $this ?p ?x } }", "SERVICE"),
        ("SELECT $this { $this ?p ", "expected"),
    ],
)
@pytest.mark.parametrize("kind", ["sh:NodeShape", "sh:PropertyShape ; sh:path :p"])
def test_a_query_that_no_shape_may_hold_is_told(query: str, why: str, kind: str) -> None:
    own = query if "path" in kind else query.replace("$PATH", "<urn:x:q>")
    said, graph = given(f':S a {kind} ; sh:targetClass :C ; sh:sparql [ sh:select "{own}" ] .')
    with pytest.raises(Refused, match=why) as refused:
        constraints.validate(graph, said)
    assert [(each.code, each.where) for each in refused.value.problems] == [("bad-shapes", Where("own.ttl", 2, 1))]


def test_a_constraint_that_the_reference_would_pass_over_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    text = ":S a sh:NodeShape ; sh:targetClass :C ; sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMinCount 1 ."
    with pytest.raises(Refused, match="can only be present on a PropertyShape"):
        said, graph = given(text)
        constraints.validate(graph, said)
    assert capfd.readouterr().err == "", "what it logs is what is told"


def test_a_pattern_that_is_none_is_refused() -> None:
    said, graph = given(":S a sh:PropertyShape ; sh:targetClass :C ; sh:path :p ; sh:pattern '(' .")
    with pytest.raises(Refused):
        constraints.validate(graph, said)


@pytest.mark.parametrize(
    "shape",
    [
        "sh:property [ sh:path [ sh:inversePath :p ; sh:zeroOrMorePath :q ] ; sh:minCount 1 ]",
        "sh:property [ sh:path [ ] ; sh:minCount 1 ]",
        "sh:property [ sh:path :p ; sh:in [ :first 1 ] ]",
        "sh:property [ sh:minCount 1 ]",
        "sh:sparql [ sh:select 'SELECT $this WHERE { $this' ]",
        "sh:sparql [ ]",
        "sh:closed true ; sh:property [ ]",
    ],
)
def test_what_is_ill_formed_is_left_to_the_reference(shape: str) -> None:
    text = f":S a sh:NodeShape ; sh:targetClass :C ; {shape} ."
    said, graph = given(text)
    assert judged(constraints.validate, graph, said) == judged(reference, graph, said)


SELECTS = (
    *("{ FILTER NOT EXISTS { $this <urn:x:s> ?x } }", "{ OPTIONAL { $this <urn:x:s> ?x } FILTER (!BOUND(?x)) }"),
    *("{ FILTER (!REGEX(STR($this), '^qq')) }", "{ BIND (STRLEN(STR($this)) AS ?value) FILTER (?value > 3) }"),
    *("{ $this <urn:x:p> ?value } LIMIT 1", "{ $this <urn:x:p> ?value MINUS { ?x <urn:x:s> ?value } }"),
    *("{ $this <urn:x:p> ?x . FILTER ($currentShape = $this) }", "{ { SELECT $this { $this <urn:x:s> 4 } } }"),
    *("{ $this <urn:x:p> ?x . BIND ('p' AS ?path) }", "{ $this <urn:x:p> ?value . { FILTER (?value = 5) } }"),
    *("{ VALUES $this { <urn:x:a> } }", "{ GRAPH ?g { $this <urn:x:p> ?value } }", "{ $this <urn:x:p> ?value } ORDER BY ?value"),
    *("{ $this a <urn:x:C> . FILTER NOT EXISTS { $this <urn:x:s> ?x } }", "{ $this <urn:x:q>* ?value }"),
    *("{ $this <urn:x:p> ?value . FILTER (?value != <urn:x:b>) BIND (<urn:x:p> AS ?path) }", "{ $this :p ?value }"),
)
PATTERNS = (
    *(
        "^(?!urn)",
        "(q)\\\\1",
        "u\\\\Z",
        "(?P<a>u)(?P=a)",
        "a{,2}b",
        "[[abc]",
        "[a-z&&[^b]]",
        "n:b$",
        "^u(rn|x):",
        "\\\\bx",
        "\\\\w:b",
    ),
    *("^[^x]*$", "u$|b", "\\\\S\\\\s", "[\\\\d-]", "a++", "x(?:y)?:?", "(?i)URN", "^.{3,7}$", "\\\\.", "[--a]"),
)


@pytest.mark.parametrize(
    "shape",
    [
        *(f'sh:sparql [ sh:select "SELECT $this ?path ?value {each}" ]' for each in SELECTS),
        *(f'sh:property [ sh:path :q ; sh:pattern "{each}" ]' for each in PATTERNS),
        *(f'sh:property [ sh:path :n ; sh:pattern "{each}" ]' for each in ("^a$", "\\\\s", "\\\\S$", "[\\\\s]")),
        *(
            f"sh:property [ sh:path :n ; {each} ]"
            for each in ('sh:not [ sh:in ( "a"@de ) ]', 'sh:or ( [ sh:in ( "b" ) ] [ sh:in ("a"@en) ] )')
        ),
        *(
            f"sh:property [ sh:path :n ; {each} ]"
            for each in ('sh:xone ( [ sh:in ( "a" ) ] [ sh:hasValue "a"@en ] )', "sh:not [ sh:in ( :a ) ]")
        ),
        *(
            f"sh:property [ sh:path :p ; {each} ]"
            for each in ('sh:minLength "2"', 'sh:minLength "two"', 'sh:maxLength "9"', 'sh:minCount "1"')
        ),
        *(f"sh:property [ sh:path :p ; {each} ]" for each in ("sh:or ()", "sh:and ()", "sh:xone ()", "sh:pattern :a")),
        *(
            f"sh:property [ sh:path :y ; {each} ]"
            for each in ('sh:minInclusive "2010"^^xsd:gYear', 'sh:maxExclusive "b"@en', "sh:minInclusive 3")
        ),
        *(f"sh:property [ sh:path :n ; {each} ]" for each in ('sh:minInclusive "a"', "sh:lessThan :y", "sh:lessThanOrEquals :p")),
        *(
            f"sh:property [ sh:path :y ; {each} ]"
            for each in ("sh:lessThan :d", "sh:lessThanOrEquals :y", "sh:lessThan :n", "sh:minLength 4")
        ),
        ":longest 1 ; sh:minLength 1",
        ":longest 1",
    ],
)
def test_what_the_store_would_take_in_another_way_is_left_to_the_reference(shape: str) -> None:
    component = """
:Component a sh:ConstraintComponent ; sh:parameter [ sh:path :longest ] ;
    sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER (STRLEN(STR($value)) <= $longest) }" ] .
"""
    more = """
:a :n "a" , "a"^^xsd:anyURI , "a\\n" , "\\u001c" ; :y "2009"^^xsd:gYear , "a"@en , "c" , 4 ;
    :d "2010-01-01"^^xsd:date , "2010-01-01T00:00:00"^^xsd:dateTime , "b"@en .
"""
    said = shapes.load({"own.ttl": f"{PREFIXES}:S a sh:NodeShape ; sh:targetClass :C ; {shape} .{component}".encode()})
    graph = triples_of(PREFIXES + DATA + more, "ttl")
    assert judged(constraints.validate, graph, said) == judged(reference, graph, said)


def test_a_long_query_that_is_left_to_the_reference_is_told_from_others_at_once() -> None:
    many = " . ".join(f"?xa{number} ?pa{number} ?xa{number + 1}" for number in range(60))
    query = f"SELECT $this {{ $this a <urn:x:C> . {many} OPTIONAL {{ ?x ?y ?z }} }}"
    said, graph = given(f":S a sh:NodeShape ; sh:targetClass :None ; sh:sparql [ sh:select '{query}' ] .")
    assert constraints.validate(graph, said) == []


def test_a_shape_that_holds_itself_is_left_to_the_reference() -> None:
    """Which warns of it, and backs out."""
    text = ":S a sh:NodeShape ; sh:targetClass :C ; sh:not :S ."
    said, graph = given(text)
    with pytest.warns(ShapeRecursionWarning):
        found = constraints.validate(graph, said)
    with pytest.warns(ShapeRecursionWarning):
        assert unnamed(found) == unnamed(reference(graph, said))


def judged(validate: Callable[[Graph, Shapes], list[shapes.Result]], graph: Graph, said: Shapes) -> object:
    """The results, or the codes of what was refused."""
    try:
        return unnamed(validate(graph, said))
    except Refused as refused:
        return [found.code for found in refused.problems]


@pytest.mark.parametrize("query", ["ASK { %s }", "ask { %s }", "# ASK\\nAsk { %s }", "PREFIX ask: <urn:x:> ASK { %s }"])
def test_a_validator_may_ask_in_any_case(query: str) -> None:
    component = """
@prefix x: <http://x.example/> . x:Component a sh:ConstraintComponent ; sh:parameter [ sh:path x:longest ] ;
    sh:validator [ a sh:SPARQLAskValidator ; sh:ask "%s" ] .
"""
    asked = component % (query % "FILTER (STRLEN(STR($value)) <= $longest)")
    said, graph = given(f"{asked}:S a sh:NodeShape ; sh:targetClass :C ; x:longest 1 .")
    assert unnamed(constraints.validate(graph, said)) == unnamed(reference(graph, said)) != []


@pytest.mark.parametrize("project", [ROOT, WORLDS / "museums", WORLDS / "section8"], ids=lambda path: str(path.name))
def test_the_shapes_of_these_projects_never_need_the_reference(project: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pbgraph import project; from pbgraph.checks import check;"
        f"check(project.load(Path({str(project)!r}))); sys.exit('pyshacl' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


DEEP = """
:A a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:or (
    [ sh:path :q ; sh:not [ sh:path :q ; sh:or ( [ sh:path :r ; sh:maxCount 0 ] [ sh:class :C ] ) ] ] [ sh:hasValue 1 ] ) ] .
"""


@pytest.mark.parametrize("seed", range(8))
def test_shapes_within_shapes_and_some_focus_nodes(seed: int) -> None:
    """However deep a constraint lies, and asked about whichever nodes."""
    chance = random.Random(seed)
    said = shapes.load({"own.ttl": (PREFIXES + GENERAL + DEEP.replace(":A", ":Deep")).encode()})
    nodes = [":a", ":b", ":c", ":d", ":e"]
    lines = [
        f"{chance.choice(nodes)} {chance.choice(('a', ':p', ':q', ':r'))} {chance.choice([*nodes, ':C', ':D', '1'])} ."
        for _ in range(40)
    ]
    graph = triples_of(PREFIXES + "\n".join(line for line in lines if " a " not in line or ":C" in line or ":D" in line), "ttl")
    whole = constraints.validate(graph, said)
    assert {result.shape for result in whole} <= {*said.said}, "left to the reference"
    assert unnamed(whole) == unnamed(reference(graph, said)) != []
    focus = [Iri(f"urn:x:{name}") for name in "abc"] + [Literal("3", datatype=f"{XSD}integer")]
    some = constraints.validate(graph, said, focus=focus)
    assert some == [result for result in whole if result.focus in {"urn:x:a", "urn:x:b", "urn:x:c", "3"}]


@pytest.mark.parametrize(
    "shape", ["", "sh:targetClass :C ; sh:node [ a sh:NodeShape ; sh:property [ sh:path :s ; sh:minCount 1 ] ]"]
)
def test_of_some_focus_nodes_all_results_and_of_no_other_any(shape: str, checked: Checked) -> None:
    """With the project's shapes, and with one that only the reference understands."""
    said = shapes.load({"own.ttl": f"{PREFIXES}:S a sh:NodeShape ; {shape} .".encode()}) if shape else loaded()
    lines = checked.graph.triples()
    graph = triples_of(PREFIXES + DATA, "ttl") if shape else as_graph(random.Random(1).sample(lines, len(lines) * 9 // 10))
    whole = constraints.validate(graph, said)
    focus = sorted({result.focus for result in whole})[::3]
    assert constraints.validate(graph, said, focus=[]) == []
    found = constraints.validate(graph, said, focus=[Iri(each) for each in focus])
    assert unnamed(found) == unnamed([result for result in whole if result.focus in focus]) != []
