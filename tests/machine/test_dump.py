"""What a file of sorted quads tells of a node is what it tells of it, wherever in the file and however long that is."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pbgraph import store
from pbgraph.dump import Dump
from pbgraph.terms import Iri, Literal

SUBJECTS = ("a", "a/b", "a#b", "a!", "ab", "b", "横", "横县", "z")
stated = st.tuples(st.sampled_from(SUBJECTS), st.text('x\n横"<', max_size=3), st.sampled_from([0, 10, 300]))


def line(subject: str, text: str, length: int) -> str:
    return f"<urn:{subject}> <urn:p> {Literal(text + 'x' * length).nt} <urn:g> ."


@given(st.lists(stated, max_size=20), st.integers(1, 400))
@example([], 1)
@example([("a", "\n<urn:b> ", 300), ("a", "", 10), ("a/b", "", 0), ("b", "", 300)], 60)
def test_the_lines_of_a_node_are_all_that_begin_with_it(made: list[tuple[str, str, int]], stride: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        told_of(made, stride, Path(folder, "graph.nq"))


def told_of(made: list[tuple[str, str, int]], stride: int, path: Path) -> None:
    graph = store.in_memory([line(*each) for each in made], {})
    graph.write_quads(path)
    dump, lines = Dump(path, stride), path.read_text(encoding="utf-8").split("\n")[:-1]
    assert set(lines) == {line(*each) for each in made}
    for subject in (*SUBJECTS, "", "A", "zz"):
        assert dump.of(f"urn:{subject}").decode().split("\n")[:-1] == [
            each for each in lines if each.startswith(f"<urn:{subject}> ")
        ]


def test_a_graph_at_rest_tells_what_it_told_until_it_is_changed(tmp_path: Path) -> None:
    graph = store.in_memory([line("a", "", 0), line("b", "b", 0), "<urn:b> <urn:q> <urn:a> <urn:h> ."], {})
    told = [graph.describe(["urn:b"], ["urn:p"]), graph.about("urn:b", {"urn:p"}), graph.about("urn:c", {"urn:p"}), len(graph)]
    graph.rest()
    assert graph.resting is None, "nothing was written"
    graph.write_quads(tmp_path / "graph.nq")
    graph.rest()
    assert told == [
        graph.describe(["urn:b"], ["urn:p"]),
        graph.about("urn:b", {"urn:p"}),
        graph.about("urn:c", {"urn:p"}),
        len(graph),
    ]
    assert graph.resting, "for all that it need not hold its quads"
    rows = graph.select("SELECT ?s { ?s <urn:q> ?o }").rows
    assert (rows, graph.resting) == (((Iri("urn:b"),),), None)
    graph.rest()
    assert graph.resting
    graph.change("urn:g", [("urn:a", "urn:p", Literal(""))], [])
    graph.rest()
    assert (graph.resting, len(graph)) == (None, 2), "the file tells another graph"


def test_a_graph_at_rest_whose_file_is_gone_says_so(tmp_path: Path) -> None:
    graph = store.in_memory([line("a", "", 0)], {})
    graph.write_quads(tmp_path / "graph.nq")
    graph.rest()
    (tmp_path / "graph.nq").unlink()
    with pytest.raises(OSError, match="No such file"):
        graph.about("urn:a", {"urn:p"})
    with pytest.raises(store.QueryError, match="No such file"):
        graph.select("SELECT * {}")
