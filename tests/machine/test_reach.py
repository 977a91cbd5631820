"""After any change of triples the nodes that are named are those that it may concern: not all, and none is missed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator

import pytest

from pbgraph import constraints, queries, reach, shapes
from pbgraph.breaches import NotCovered
from pbgraph.checks import Checked
from pbgraph.dependence import ABOUT, Changes, Dependency, Unclear, changes, concerned, rows_about
from pbgraph.queries import Query
from pbgraph.reach import dependencies
from pbgraph.store import Graph, in_memory
from pbgraph.terms import XSD, Iri, Literal, Term, Triple

PREFIXES = {"": "urn:x:"}
NODES = [Iri(f"urn:x:{name}") for name in "abcdef"]
EDGES = [Iri(f"urn:x:{name}") for name in "pqr"]
ENDS: list[Term] = [*NODES, Literal("1", f"{XSD}integer"), Literal("2", f"{XSD}integer")]

PATTERNS = [
    "?this :p ?x",
    "?this :p ?x . ?x :q ?y . ?y :r :a",
    "?x :p ?this . FILTER (?x != ?this)",
    "?this :p/:q ?x",
    "?this :p* ?x . ?x :q ?y",
    "?this (:p|^:q)+ ?x . ?x :r 1",
    "?this :p? ?x . ?x :q :b",
    "?this :p ?x . ?x ^(:p/:q) ?y",
    "?this :p ?x FILTER NOT EXISTS { ?x :q ?y }",
    "?this :p ?x FILTER NOT EXISTS { ?x :q ?y FILTER NOT EXISTS { ?y :r ?this } }",
    "?this :p ?x FILTER (EXISTS { ?x :q ?y } || ?x = 1)",
    "?this :p ?x FILTER EXISTS { ?x :q ?this } FILTER EXISTS { ?this :r ?y }",
    "?this :p ?x MINUS { ?y :q ?x FILTER EXISTS { ?y :r ?x } FILTER (?y != ?x) }",
    "?this :p ?x OPTIONAL { ?x :q ?y MINUS { ?y :p ?z FILTER (EXISTS { ?z :q ?y } && ?z != 1) } }",
    "?this :p ?x OPTIONAL { ?x :q ?y }",
    "?this :p ?x OPTIONAL { ?x :q ?y FILTER EXISTS { ?y :r ?this } }",
    "?this :p ?x MINUS { ?x :q ?y . ?y :p ?x }",
    "{ ?this :p ?x } UNION { ?x :q ?this } ?x :r ?z",
    "?x :r ?z . { ?this :p ?x } UNION { ?x :q ?w . ?w :q ?this }",
    "VALUES (?path ?x) { (:p :a) (:q UNDEF) } ?this ?path ?x . ?x :r ?y",
    "?this ?path ?x . ?x ?path ?y",
    "?x :p ?x . ?this :q ?x",
    "?this :p ?x . BIND (EXISTS { ?x :q :c } AS ?y)",
    "?this :p ?x . GRAPH ?g { ?x :q ?y }",
    "?this :p ?x . { SELECT ?x (COUNT(?y) AS ?n) WHERE { ?x :q ?y } GROUP BY ?x HAVING (COUNT(?y) > 1) }",
    "?this :p ?x . { SELECT ?y WHERE { ?y :q ?z } } FILTER (?x = ?y)",
]


def lines(triples: Iterable[Triple]) -> list[str]:
    return [f"<{subject}> <{predicate}> {object_.nt} <urn:g> ." for subject, predicate, object_ in triples]


def random_graphs(seed: str) -> Iterator[Graph]:
    """Fifty small graphs; in each a text that reads like a query's words."""
    chance = random.Random(seed)
    for _ in range(50):
        triples = {(chance.choice(NODES), chance.choice(EDGES), chance.choice(ENDS)) for _ in range(12)}
        yield in_memory(lines({*triples, (NODES[0], EDGES[0], Literal("MINUS {"))}), PREFIXES)


def rows_by_node(graph: Graph, sparql: str) -> dict[Term, set[str]]:
    found: dict[Term, set[str]] = {}
    for row in graph.select(sparql).dicts():
        found.setdefault(row["this"], set()).add(repr(sorted(row.items())))
    return found


def differing(before: dict[Term, set[str]], after: dict[Term, set[str]]) -> set[Term]:
    return {node for node in {*before, *after} if before.get(node) != after.get(node)}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_node_whose_rows_change_is_missed(pattern: str) -> None:
    chance = random.Random(pattern)
    sparql = f"SELECT * WHERE {{ {pattern} }}"
    needed = dependencies(sparql, PREFIXES, "?this")
    changed = named = everybody = 0
    for _ in range(300):
        before = {(chance.choice(NODES), chance.choice(EDGES), chance.choice(ENDS)) for _ in range(chance.randrange(4, 16))}
        after = {triple for triple in before if chance.random() > 0.15}
        after |= {(chance.choice(NODES), chance.choice(EDGES), chance.choice(ENDS)) for _ in range(chance.randrange(3))}
        old, new = in_memory(lines(before), PREFIXES), in_memory(lines(after), PREFIXES)
        lost, won = changes(before - after), changes(after - before)
        found = found_by(needed, old, lost) | found_by(needed, new, won)
        rows = rows_by_node(old, sparql), rows_by_node(new, sparql)
        assert differing(*rows) <= found
        changed, named, everybody = changed + len(differing(*rows)), named + len(found), everybody + len(NODES)
    assert 0 < changed <= named < everybody, "who is always asked about again shows nothing"


def found_by(needed: tuple[Dependency, ...], graph: Graph, changed: Changes) -> set[Term]:
    try:
        return concerned(needed, graph, changed)
    except Unclear:
        return {*ENDS}


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * WHERE { ?this :p ?x } LIMIT 3",
        "SELECT ?this WHERE { ?this :p ?x } OFFSET 3",
        "SELECT ?this WHERE { ?this :p ?x . { SELECT ?x WHERE { ?x :q ?y } LIMIT 1 } }",
        "SELECT ?this WHERE { ?this :p ?x MINUS { ?this :q ?y } ?this :r ?y }",
        "SELECT ?this WHERE { ?this :p ?x . { SELECT ?x WHERE { ?x :q ?y } } ?this :r ?y }",
        "SELECT ?this WHERE { ?this :p ?x . ?x :r ?z MINUS { ?y :q ?x FILTER EXISTS { ?y :r ?z } } }",
        "SELECT ?this WHERE { ?this :p ?x FILTER EXISTS { ?x :q ?y MINUS { ?y :r ?z FILTER EXISTS { ?z :p ?x } } } }",
        "SELECT ?this WHERE { { ?this :p ?x FILTER NOT EXISTS { ?x :q ?y } } ?this :r ?y }",
        "SELECT ?this WHERE { ?this !:p ?x }",
        "SELECT ?this WHERE { SERVICE <urn:s> { ?this :p ?x } }",
        "SELECT ?this WHERE { ?this :p ?x OPTIONAL { SERVICE <urn:s> { ?x :q ?y } } }",
        "SELECT ?this WHERE { ?this :p",
    ],
)
def test_of_some_queries_it_is_not_told(sparql: str) -> None:
    with pytest.raises(Unclear):
        dependencies(sparql, PREFIXES, "?this")


@pytest.mark.parametrize("select", ["SELECT DISTINCT", "SELECT REDUCED", "PREFIX own: <urn:x:> SELECT"])
def test_what_stands_before_the_variables_changes_no_dependency(select: str) -> None:
    pattern = "{ ?this own:p ?x }" if "own" in select else "{ ?this :p ?x }"
    (needed,) = dependencies(f"{select} ?this {pattern}", PREFIXES, "?this")
    assert (needed.predicate, needed.subject, needed.object) == ("<urn:x:p>", "?this", "?x")


def test_a_literal_that_the_store_writes_otherwise_is_not_missed() -> None:
    needed = dependencies("SELECT ?this WHERE { ?this :p 1.0 }", PREFIXES, "?this")
    line = '<urn:x:a> <urn:x:p> "1.0"^^<http://www.w3.org/2001/XMLSchema#decimal> <urn:g> .'
    graph = in_memory([line], PREFIXES)
    (triple,) = graph.stated_in("urn:g")
    assert concerned(needed, graph, changes([triple])) == {Iri("urn:x:a")}


def test_a_node_that_nothing_leads_to_may_be_any() -> None:
    needed = dependencies("SELECT ?this WHERE { ?x :p ?y . BIND (:a AS ?this) }", PREFIXES, "?this")
    graph = in_memory(["<urn:x:b> <urn:x:p> <urn:x:c> <urn:g> ."], PREFIXES)
    with pytest.raises(Unclear):
        concerned(needed, graph, changes([(NODES[1], EDGES[0], NODES[2])]))
    assert concerned(needed, graph, changes([(NODES[1], EDGES[1], NODES[2])])) == set()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("VALUES ?x { :a :b } ?this :p ?x", True),
        ("VALUES $x { :a :b } ?this :p ?x", True),
        ('?this :p ?x . ?x :q ?y VALUES ?y { <urn:x:a> } FILTER (STR(?x) != "VALUES ?y { :a }") # VALUES ?y { :a }', True),
        ("VALUES ?x { :a :b } OPTIONAL { ?this :p ?x }", False),
        ("?this :p ?x VALUES ?x { 1 2 }", False),
        ("?this :p ?x VALUES ?x { :a UNDEF }", False),
        ("?this :p ?x . VALUES (?x ?y) { (:a :b) } ?x :q ?y", False),
        ("?this :p ?x VALUES ?x { :a } { ?x :q ?y } UNION { VALUES ?z { :c } ?y :q ?x }", False),
    ],
)
def test_what_is_listed_is_looked_up_where_that_is_the_same(pattern: str, expected: bool) -> None:
    # A line of its own, so that a comment ends.
    sparql = f"SELECT * WHERE {{ {pattern}\n}}"
    quicker = reach.looked_up(sparql, PREFIXES)
    assert (sparql != quicker) == expected == (" IN (" in quicker)
    for graph in random_graphs(pattern):
        assert sorted(graph.select(sparql).rows, key=repr) == sorted(graph.select(quicker).rows, key=repr)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("?this :p ?x MINUS { ?this :q ?y }", True),
        ('?this :p "MINUS {" MINUS { ?this :q ?y FILTER (?y != 1) } # MINUS { }\n', True),
        ("?this :p ?x minus { ?this :q ?y OPTIONAL { ?y :r ?z } FILTER (!BOUND(?z)) }", False),
        ("?this :p ?x MINUS { ?this :q ?y FILTER (?y != ?x) }", False),
        ("?this :p ?x MINUS { ?z :q ?y }", False),
        ("?this :p ?x OPTIONAL { ?this :r ?y } MINUS { ?this :q ?y }", False),
    ],
)
def test_what_is_subtracted_is_looked_up_where_that_is_the_same(pattern: str, expected: bool) -> None:
    sparql = f"SELECT * WHERE {{ {pattern} }}"
    assert (sparql != (quicker := reach.looked_up(sparql, PREFIXES))) == expected
    assert quicker.count("FILTER NOT EXISTS {") == expected
    for graph in random_graphs(pattern):
        assert rows_by_node(graph, sparql) == rows_by_node(graph, quicker)


TRIPLE = re.compile(r"<([^>]*)> <([^>]*)> (.*) <[^>]*> \.")


def parsed(line: str) -> Triple:
    found = TRIPLE.fullmatch(line)
    assert found
    row = in_memory([line], {}).select("SELECT ?o WHERE { ?s ?p ?o }").rows[0][0]
    assert row is not None
    return Iri(found[1]), Iri(found[2]), row


@pytest.mark.prove
@pytest.mark.parametrize("seed", [0, 1])
def test_of_the_projects_own_checks_and_shapes_none_is_missed(seed: int, checked: Checked) -> None:
    """With statements of every file lost, and given to others."""
    chance = random.Random(seed)
    everything = checked.graph.lines()
    lost = [line for line in chance.sample(everything, 60) if "/graph/ontology>" not in line]
    parts = [TRIPLE.fullmatch(line) for line in lost]
    won = [
        f"<{one[1]}> <{one[2]}> {other[3]} <urn:g> ."
        for one, other in zip(parts, [*parts[1:], parts[0]], strict=True)
        if one and other
    ]
    graph = in_memory(sorted({*everything} - {*lost} | {*won}), checked.graph.prefixes)
    before, after = changes(map(parsed, lost)), changes(map(parsed, won))
    found = queries.load(checked.project, "checks")
    assert len(found) >= 17
    told = 0
    for query in found:
        needed = dependencies(query.sparql, checked.graph.prefixes, "?this")
        nodes = concerned(needed, checked.graph, before) | concerned(needed, graph, after)
        whole = rows_by_node(graph, query.sparql)
        assert differing(rows_by_node(checked.graph, query.sparql), whole) <= nodes, query.name
        assert len(nodes) < 3000
        told += len(nodes)
        assert {node: rows for node, rows in whole.items() if node in nodes} == alone(query, graph, nodes)
    assert told > 100
    asked = constraints.asked(checked.shapes)
    assert len(asked) > 140
    needed = tuple({each for query, focus in asked for each in dependencies(query, checked.graph.prefixes, focus)})
    focuses = concerned(needed, checked.graph, before) | concerned(needed, graph, after)
    fresh = constraints.validate(graph, checked.shapes)
    assert {result.focus for result in fresh} <= {str(node) for node in focuses}
    assert constraints.validate(graph, checked.shapes, focus=focuses) == fresh != []


def alone(query: Query, graph: Graph, nodes: set[Term]) -> dict[Term, set[str]]:
    """The rows of a query asked about one node after the other."""
    sparql = reach.about_one(reach.looked_up(query.sparql, graph.prefixes), graph.prefixes)
    assert ABOUT in sparql
    found = {node: rows_by_node_bound(graph, sparql, node) for node in nodes}
    return {node: rows for node, rows in found.items() if rows}


def rows_by_node_bound(graph: Graph, sparql: str, node: Term) -> set[str]:
    return {repr(sorted(row.items())) for row in rows_about(node, sparql, graph)}


@pytest.mark.parametrize(
    ("sparql", "expected"),
    [
        ('SELECT ?this ?x WHERE { $this :p ?x FILTER (STR(?x) != "?this") } ORDER BY ?this # ?this }', True),
        ("SELECT ?this (COUNT(?x) AS ?n) WHERE { ?this :p ?x FILTER NOT EXISTS { ?this :q ?x } } GROUP BY ?this", True),
        ("SELECT ?this WHERE { ?x :p ?y BIND (?x AS ?this) }", False),
        ("SELECT ?this ?x WHERE { ?this :q ?x { SELECT ?this WHERE { ?this :p ?z } } }", False),
        ("SELECT ?this WHERE { ?this :p ?x FILTER (BOUND(?this)) }", False),
    ],
)
def test_one_node_stands_for_this_where_it_can(sparql: str, expected: bool) -> None:
    quicker = reach.about_one(sparql, PREFIXES)
    assert (ABOUT in quicker) == expected
    for graph in random_graphs(sparql):
        whole = rows_by_node(graph, sparql)
        assert {node: rows for node in NODES if (rows := rows_by_node_bound(graph, quicker, node))} == whole


def test_a_step_whose_predicates_are_listed_has_no_others() -> None:
    needed = dependencies("SELECT ?this WHERE { VALUES ?path { :p :q } ?this ?path ?x . ?x ?path ?y }", PREFIXES, "?this")
    assert {each.predicate for each in needed} == {"<urn:x:p>", "<urn:x:q>"}


@pytest.mark.parametrize(
    ("exists", "rest"),
    [("?y :r ?x", "?this <urn:x:p> ?x . ?y <urn:x:r> ?x ."), ("?y :r ?z", "?this <urn:x:p> ?x .")],
)
def test_what_a_filter_asks_for_has_to_be_there_if_its_variables_mean_the_same(exists: str, rest: str) -> None:
    needed = dependencies(f"SELECT ?this {{ ?this :p ?x MINUS {{ ?y :q ?x FILTER EXISTS {{ {exists} }} }} }}", PREFIXES, "?this")
    assert [each.rest for each in needed if each.predicate == "<urn:x:q>"] == [rest]


def test_shapes_that_only_the_reference_understands_say_nothing() -> None:
    with pytest.raises(NotCovered):
        constraints.asked(
            shapes.load(
                {"own.ttl": b"@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> sh:targetNode <urn:n> ; sh:datatype <urn:d> ."}
            )
        )
