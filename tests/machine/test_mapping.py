"""A data file becomes quads: addresses, classes, defaults, parts, passages, dates; the same in every process."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from mapped import BASE, HEAD, fingerprint, graph, setting
from pbgraph import mapping
from pbgraph import project as projects
from pbgraph.checks import Checked, check
from pbgraph.store import Graph
from pbgraph.terms import CORE, RDF, Iri
from small import small_project

ENTITIES = """\
entities:
  - id: yaobu
    type: Village
    name: {zh: 窑埠村, en: Yaobu}
    naming: [{name: {zh: 瑶埠}, until: 2016}, {name: {en: Yaobu Village}, certainty: doubtful}]
  - id: two-ones
    type: Programme
    component:
      - {name: {en: one branch}, passage: {4: "一个支部"}}
      - {name: {en: one shop}, passage: {4: "一个支部"}}
figures:
  - subject: {who: villages, number: 56, of: {who: villages, within: yaobu}}
    indicator: sales
    value: 60
    passage: {4: ["一个支部", "60"], 5: "60"}
"""
CLAIM = "{subject: hengxian, indicator: shops, value: 340多家, at: article, unstated: [period], passage: {7: 340多家}}"


def about(found: Graph, subject: str) -> set[str]:
    """What is said of a node, as `property value` with addresses shortened; its classes as `a Class`."""
    rows = found.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }", {"s": Iri(BASE + subject)}).rows
    texts = (" ".join(str(term).removeprefix(CORE).removeprefix(BASE) for term in row[1:]) for row in rows)
    return {text.replace(f"{RDF}type", "a") for text in texts}


def claims(found: Graph) -> list[str]:
    rows = found.select("SELECT ?claim WHERE { ?claim pb:fingerprint ?f } ORDER BY ?claim").rows
    return [str(row[0]).removeprefix(BASE) for row in rows]


def test_an_entity_has_its_id_all_its_classes_and_parts_named_after_it() -> None:
    found = graph(ENTITIES)
    assert about(found, "id/yaobu") == {
        *("a Village", "a Place", "a Entity", "name 窑埠村", "name Yaobu"),
        *("naming id/yaobu/naming.1", "naming id/yaobu/naming.2"),
    }
    assert about(found, "id/yaobu/naming.1") == {
        *("a Name", "a Part", "name 瑶埠", "until 2016", "latest 2016-12-31", "certainty stated"),
    }
    assert about(found, "id/yaobu/naming.2") == {"a Name", "a Part", "name Yaobu Village", "certainty doubtful"}


def test_the_source_of_a_file_is_said_of_its_graph() -> None:
    assert about(graph(ENTITIES), "graph/articles/a") == {"source id/a"}
    assert about(graph("", "source: editors\n"), "graph/articles/a") == {"source id/editors"}


def test_ordered_parts_are_counted_and_others_are_not() -> None:
    rows = graph(ENTITIES).select("SELECT ?part ?n WHERE { ?part pb:position ?n . ?x pb:component ?part } ORDER BY ?part").rows
    counted = [(str(part).removeprefix(BASE), str(number)) for part, number in rows]
    assert counted == [("id/two-ones/component.1", "1"), ("id/two-ones/component.2", "2")]


def quoted(found: Graph, paragraph: int = 4) -> list[str]:
    query = f"SELECT ?q WHERE {{ ?p pb:par {paragraph} ; pb:position ?n ; pb:quote ?q }} ORDER BY ?n"
    return [str(row[0]) for row in found.select(query).rows]


def test_passages_are_counted_by_paragraph_such_that_every_claim_keeps_the_order_of_its_words() -> None:
    assert quoted(graph(ENTITIES)) == ["一个支部", "60"] and quoted(graph(ENTITIES), 5) == ["60"]
    text = "figures:\n" + "".join(
        f"  - {{subject: s, indicator: sales, value: {number}, passage: {{4: {words}}}}}\n"
        for number, words in enumerate(("[二, 三]", "四", "[一, 三]", "[三, 四]", "一, 9: 一"), 1)
    )
    assert quoted(graph(text)) == ["二", "一", "三", "四"]
    assert quoted(graph(text), 9) == ["一"]


def test_passages_that_claims_give_in_contrary_orders_stand_as_first_typed() -> None:
    text = "figures:\n" + "".join(
        f"  - {{subject: s, indicator: sales, value: {number}, passage: {{4: {words}}}}}\n"
        for number, words in enumerate(("[二, 一]", "[一, 二, 二, 三]"), 1)
    )
    assert quoted(graph(text)) == ["二", "一", "三"]


def test_groups_inside_groups_are_named_after_their_owners() -> None:
    found = graph(ENTITIES)
    (claim,) = claims(found)
    assert about(found, claim) >= {
        *("a Figure", "a Claim", "indicator id/sales", "unit id/yuan", "modality reported", "certainty stated", "source id/a"),
        *("value 60", "bound exact", "printed 60", "low 60", "high 60", f"subject {claim}/subject.1"),
    }
    assert about(found, f"{claim}/subject.1") == {
        *("a Group", "a Part", "who id/villages", "number 56", "bound exact", "printed 56", "low 56", "high 56"),
        f"of {claim}/subject.1/of.1",
    }
    assert about(found, f"{claim}/subject.1/of.1") == {"a Group", "a Part", "who id/villages", "within id/yaobu"}


def test_a_passage_is_one_node_however_many_rest_on_it() -> None:
    found = graph(ENTITIES)
    rows = found.select("SELECT ?p (COUNT(?x) AS ?n) WHERE { ?x pb:passage ?p } GROUP BY ?p").rows
    counts = {str(passage).removeprefix(f"{BASE}passage/"): str(number) for passage, number in rows}
    assert sorted(counts.values()) == ["1", "1", "3"]
    assert all(name.startswith(("a.4.", "a.5.")) and len(name) == len("a.4.123456") for name in counts)
    shared = next(name for name, number in counts.items() if number == "3")
    assert about(found, f"passage/{shared}") == {"a Passage", "a Part", "par 4", "quote 一个支部", "position 1", "source id/a"}


def test_a_claim_has_defaults_source_unit_and_an_address_of_its_own() -> None:
    found = graph(f"figures:\n  - {CLAIM}\n")
    address = f"claim/a.{fingerprint(CLAIM)[:8]}"
    assert claims(found) == [address]
    said = about(found, address)
    assert {each for each in said if not each.startswith("passage ")} == {
        *("a Figure", "a Claim", "subject id/hengxian", "indicator id/shops", "unit id/item"),
        *("value 340", "bound more-than", "low 340", "printed 340多家", "modality reported", "certainty stated"),
        *("source id/a", "unstated period", "at 2016-05", "atArticle true", "earliest 2016-05-01", "latest 2016-05-31"),
        f"fingerprint {fingerprint(CLAIM)}",
    }


def test_a_share_has_no_unit_and_a_typed_unit_stays() -> None:
    share, typed = (
        CLAIM.replace("value: 340多家", "share: 34%, of: nanning"),
        CLAIM.replace("value: 340多家", "value: 3元, unit: yuan"),
    )
    units = [graph(f"figures:\n  - {claim}\n").select("SELECT ?unit WHERE { ?c pb:unit ?unit }").rows for claim in (share, typed)]
    assert units == [(), ((Iri(f"{BASE}id/yuan"),),)]


def test_a_share_is_known_as_one_even_where_it_is_a_range() -> None:
    shared = CLAIM.replace("value: 340多家", "share: 30%-50%, of: nanning")
    found = graph(f"figures:\n  - {shared}\n")
    assert about(found, claims(found)[0]) >= {"fraction true", "bound between", "low 0.3", "high 0.5"}
    found = graph(f"figures:\n  - {CLAIM}\n")
    assert "fraction true" not in about(found, claims(found)[0])


def test_claims_whose_fingerprints_begin_alike_are_two() -> None:
    mentions = [f"{{subject: {each}, printedAs: 三, passage: {{1: 三}}}}" for each in ("b63501", "b101706", "b24959")]
    first, alike, _ = digests = [fingerprint(each, "mentions") for each in mentions]
    assert (first[:8], first == alike) == (alike[:8], False)
    found = graph("mentions:\n  - " + "\n  - ".join(mentions) + "\n")
    assert set(claims(found)) == {f"claim/a.{digests[0][:8]}", f"claim/a.{digests[1][:16]}", f"claim/a.{digests[2][:8]}"}


def test_passages_whose_digests_begin_alike_are_two() -> None:
    found = graph('mentions:\n  - {subject: yaobu, printedAs: 三, passage: {1: ["4163", "8864", "4163"]}}\n')
    rows = found.select("SELECT ?passage ?quote WHERE { ?passage pb:quote ?quote } ORDER BY ?quote").rows
    named = {str(quote): str(passage).removeprefix(f"{BASE}passage/a.1.") for passage, quote in rows}
    assert named == {"4163": "95d436", "8864": "95d436" + named["8864"][6:]}
    assert len(named["8864"]) == 12


def test_a_range_and_a_share_that_is_a_range_are_two_statements() -> None:
    ends = ("value: 0.3-0.5", "share: 30%-50%")
    rates = [f"{{subject: hengxian, indicator: rate, {each}, of: nanning, passage: {{7: 三成}}}}" for each in ends]
    assert len(claims(graph("figures:\n  - " + "\n  - ".join(rates) + "\n"))) == len(ends)


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("at: 2016", "2016-01-01", "2016-12-31"),
        ("from: 2015-03", "2015-03-01", ""),
        ("until: 2020", "", "2020-12-31"),
        ("from: 2015, until: 2020", "2015-01-01", "2020-12-31"),
        ("at: 2016/..", "2016-01-01", ""),
    ],
)
def test_dates_have_the_bounds_that_their_key_leaves(when: str, first: str, last: str) -> None:
    found = graph(f"figures:\n  - {{subject: h, indicator: shops, value: 3, {when}, passage: {{7: 三}}}}\n")
    query = "SELECT ?first ?last WHERE { ?c a pb:Figure OPTIONAL { ?c pb:earliest ?first } OPTIONAL { ?c pb:latest ?last } }"
    assert [tuple(str(term or "") for term in row) for row in found.select(query).rows] == [(first, last)]


def test_the_article_s_date_has_its_bounds() -> None:
    found = graph(f"figures:\n  - {CLAIM}\n", HEAD.replace("2016-05", '"[2016-04-27..2016-12-31]"'))
    assert about(found, claims(found)[0]) >= {"at [2016-04-27..2016-12-31]", "earliest 2016-04-27", "latest 2016-12-31"}


def test_the_same_statement_in_two_articles_is_two_claims_with_one_fingerprint(tmp_path: Path) -> None:
    checked = check(projects.load(small_project(tmp_path)))
    assert checked.problems == ()
    query = "SELECT ?f (COUNT(DISTINCT ?c) AS ?n) WHERE { ?c a pb:Figure ; pb:fingerprint ?f } GROUP BY ?f ORDER BY DESC(?n)"
    assert [str(row[1]) for row in checked.graph.select(query).rows] == ["2", "1", "1"]


def test_texts_reach_the_graph_as_typed() -> None:
    hostile = r"a \"b\" \\c <d> {e} $f é 𠮷 %s \n\t @en ^^x"
    found = graph(f'entities:\n  - {{id: x, type: Village, name: {{en: "{hostile}"}}}}\n')
    texts = [str(row[0]) for row in found.select("SELECT ?n WHERE { ?x pb:name ?n }").rows]
    assert texts == ['a "b" \\c <d> {e} $f é 𠮷 %s \n\t @en ^^x']


def test_no_blank_node_and_a_graph_for_each_file(checked: Checked) -> None:
    lines = checked.graph.lines()
    assert len(lines) > 5000
    assert not [line for line in lines if line.startswith("_:") or " _:" in line.rsplit('"', 1)[-1]]
    graphs = {line.rsplit(" ", 2)[-2] for line in lines}
    assert len(graphs) == checked.files + 2
    assert graphs > {f"<{BASE}graph/{name}>" for name in ("ontology", "derived", "places/hengxian", "vocabularies/units")}


CHILD = """
import pickle, sys
setting, content = pickle.load(sys.stdin.buffer)
from pbgraph.mapping import map_file
sys.stdout.buffer.write(pickle.dumps(map_file(content, "f", "urn:g", setting)))
"""


@pytest.mark.parametrize("seed", ["0", "7"])
def test_another_process_makes_the_same_of_a_pickled_setting(seed: str) -> None:
    content = (HEAD + ENTITIES + f"  - {CLAIM}\nodd: []\n").encode()
    ours = mapping.map_file(content, "f", "urn:g", setting())
    ran = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=pickle.dumps((setting(), content)),
        capture_output=True,
        check=True,
        env={"PYTHONHASHSEED": seed},
    )
    theirs = pickle.loads(ran.stdout)
    assert theirs == ours
    assert ours.quads.count("\n") > 60
    assert [problem.code for problem in ours.problems] == ["unknown-section"]
