"""Hand-written queries that do not end or that ask for what there is not."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from conftest import ROOT
from pbgraph import queryslips, store
from pbgraph.build import Report
from pbgraph.cli import main
from pbgraph.problems import Where
from pbgraph.terms import CORE

ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def command(built: Report, *options: str) -> list[str]:
    asked = ["query", "--sparql", ENDLESS, "--build", str(built.output)]
    return [sys.executable, "-m", "pbgraph", "--project", str(ROOT), "--lang", "en", *asked, *options]


def test_it_is_given_up_with_what_to_do(built: Report) -> None:
    found = subprocess.run(command(built, "--timeout", "0.5"), capture_output=True, text=True, check=False, timeout=60)
    assert found.returncode == 1
    assert found.stderr.startswith(
        "--sparql:1:1: query-timeout: The query did not end within 0.5 seconds. Begin with the pattern"
    )
    assert found.stdout == ""


def test_ctrl_c_ends_it(built: Report) -> None:
    with subprocess.Popen(command(built), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        try:
            time.sleep(2)
            running.send_signal(signal.SIGINT)
            assert running.wait(timeout=10) != 0
        finally:
            running.kill()  # one started with interrupts ignored would be waited for without end


@pytest.mark.parametrize("seconds", ["0", "-1", "soon"])
def test_a_time_that_is_none_is_wrong_usage(seconds: str, built: Report) -> None:
    found = subprocess.run(command(built, "--timeout", seconds), capture_output=True, text=True, check=False, timeout=60)
    assert found.returncode == 2
    assert "--timeout" in found.stderr


def test_terms_that_the_graph_does_not_have_are_told_of(built: Report) -> None:
    """They fit nothing, and no row would say so; what stands in texts, addresses and comments is no term."""
    asked = """SELECT ?x WHERE { ?x a pb:Vilage ; pb:partOf id:hengxain ; pb:name "pb:nothing" . # pb:none
    FILTER (?x != <https://example.org/pb:neither>) }"""
    arguments = ["query", "--sparql", asked, "--build", str(built.output), "--format", "csv"]
    found = subprocess.run(
        [sys.executable, "-m", "pbgraph", "--project", str(ROOT), "--lang", "en", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0
    told = [line for line in found.stderr.splitlines() if "unknown-query-term" in line]
    assert [line.split("`")[1] for line in told] == ["pb:Vilage", "id:hengxain"]
    assert told[0].startswith("--sparql:1:24: ") and told[0].endswith("Did you mean pb:Village?")
    assert told[1].startswith("--sparql:1:46: ") and told[1].endswith("Did you mean id:hengxian?")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("SELECT ?x { ?x pb:Village ?y }", ["--sparql:1:16: class-as-property: `pb:Village` is a class. "]),
        ("SELECT ?x { ?x a pb:Village; pb:County id:hengxian . }", ["--sparql:1:30: class-as-property: `pb:County`"]),
        ("SELECT ?x { id:hengxian pb:PairingAgreement/pb:partner ?x }", ["--sparql:1:25: class-as-property"]),
        ("SELECT ?x { ?x ^pb:Village <urn:x> ; pb:Village [] }", ["--sparql:1:17: class-as-property"]),
        ("SELECT ?x { ?x a pb:Village . ?y ?p pb:County . ?z ?q pb:Town ; ?r pb:Party, pb:County }", []),
        ("SELECT ?x { ?x a pb:Village OPTIONAL { ?x ?p pb:County } FILTER (?p != pb:Kind) ?y a pb:County }", []),
        ("SELECT ?x { VALUES ?x { pb:Village pb:County } VALUES (?y ?z) { (pb:Village 1) } ?x a ?y }", []),
        ("SELECT ?x { ?x a/rdfs:subClassOf* pb:Village . BIND (pb:County AS ?y) pb:Village ?p ?o }", []),
        ("SELECT ?x { ?x rdfs:label '?x pb:Village ?y' } # ?x pb:Village ?y", []),
    ],
)
def test_a_class_that_stands_for_a_property_is_told_of(asked: str, says: list[str], built: Report) -> None:
    arguments = ["--project", str(ROOT), "--lang", "en", "query", "--sparql", asked, "--build", str(built.output)]
    told = [line for line in CliRunner().invoke(main, arguments).stderr.splitlines() if "class-as-property" in line]
    assert len(told) == len(says)
    assert all(line.startswith(begin) for line, begin in zip(told, says, strict=True)), told


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (
            "SELECT ?x {\n  ?x foo:a pb:b ; foo:c :d }",
            [
                "q.rq:2:6: unknown-prefix: Nobody declared the prefix `foo:`. Declare it",
                "q.rq:2:25: unknown-prefix: Nobody declared the prefix `:`.",
            ],
        ),
        (
            "PREFIX own: <urn:own:> SELECT ?x { ?x own:a 'no:name', <no:name> ; pbb:b ?y } # no:name",
            ["q.rq:1:68: unknown-prefix: Nobody declared the prefix `pbb:`. Did you mean pb:?"],
        ),
        (
            "SELECT ?x {\n  ?x pb:name ?y",
            ["q.rq:2:16: bad-query: The query cannot be run: expected here: one of , . ; { } ~. Mend"],
        ),
        (
            "SELECT ?x { OPTIONL { ?x pb:name ?y } }",
            ["q.rq:1:21: bad-query: The query cannot be run: here, or shortly before, it cannot be read on. Mend"],
        ),
        (
            "SELECT ?x (COUNT(?y) AS ?n) { ?x pb:name ?y }",
            ["q.rq:1:46: bad-query: The query cannot be run: The SELECT contains a variable that is unbound. Mend"],
        ),
        ("ASK {}", ["q.rq:1:1: bad-query: The query cannot be run: the query is not a SELECT. Mend"]),
    ],
)
def test_what_the_store_cannot_read_is_told_in_words_at_its_place(asked: str, says: list[str]) -> None:
    graph = store.in_memory([], {"pb": CORE})
    with pytest.raises(store.QueryError) as caught:
        graph.select(asked)
    found = [each.render("en") for each in queryslips.told(caught.value, asked, Where("q.rq", 1, 1), graph)]
    assert len(found) == len(says)
    assert all(each.startswith(begin) for each, begin in zip(found, says, strict=True)), found


@pytest.mark.parametrize("format_", ["json", "tsv"])
@pytest.mark.parametrize("option", ["--names", "--labels"])
def test_names_are_not_asked_for_in_formats_that_hold_terms(built: Report, format_: str, option: str) -> None:
    arguments = ["query", "plans", "--build", str(built.output), "--format", format_, option]
    found = CliRunner().invoke(main, ["--project", str(ROOT), *arguments])
    assert (found.exit_code, found.stdout) == (2, "")
    assert f"{format_} holds the terms themselves" in found.stderr
