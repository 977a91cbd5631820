"""Hand-written queries that do not end or that ask for what there is not."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from conftest import ROOT
from pbgraph.build import Report

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
    assert told[0].endswith("Did you mean Village?")
    assert told[1].endswith("Did you mean hengxian?")
