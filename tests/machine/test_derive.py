"""Shortcuts follow from claims that are reported, stated and not deprecated, between entities, and from nothing else."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest

from mapped import BASE, graph, setting
from pbgraph import datafiles, store
from pbgraph.checks import Checked
from pbgraph.derive import derived_quads
from pbgraph.terms import CORE, RDF, Iri, Term

PAIRING = "pairings:\n  - {kind: cooperation, beneficiary: yaobu, partner: junqiao, passage: {1: a}}\n"
PAIRED = {"junqiao pairedWith yaobu", "yaobu pairedWith junqiao"}
HAPPENING = "happenings:\n  - {event: visit, participants: [one, two], visited: {who: villages}, passage: {1: a}}\n"


def derived(text: str) -> set[str]:
    """What is derived from a file, as `subject property object` in local names."""
    lines = derived_quads(graph(text), setting().schema, BASE)
    assert lines == sorted(set(lines))
    assert all(line.endswith(f" <{BASE}graph/derived> .") for line in lines)
    return {" ".join(word.strip("<>").replace("#", "/").rsplit("/", 1)[-1] for word in line.split()[:3]) for line in lines}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", PAIRED),
        ("modality: reported", PAIRED),
        ("rank: preferred, reason: {en: r}", PAIRED),
        ("certainty: stated, from: 2015, unstated: [brokeredBy]", PAIRED),
        ("rank: deprecated, reason: {en: r}", set()),
        *((f"modality: {modality}", set()) for modality in ("expected", "planned", "standard", "capacity")),
        *((f"certainty: {certainty}", set()) for certainty in ("inferred", "doubtful")),
        ("brokeredBy: [a, b]", PAIRED | {"a brokered yaobu", "b brokered yaobu"}),
        ("brokeredBy: a, guidedBy: b", PAIRED | {"a brokered yaobu", "b guided yaobu"}),
        ("brokeredBy: {who: villages}", PAIRED),
        ("brokeredBy: [a, {who: villages}]", PAIRED | {"a brokered yaobu"}),
    ],
)
def test_which_claims_count(more: str, expected: set[str]) -> None:
    assert derived(PAIRING.replace("kind:", f"{more}, kind:") if more else PAIRING) == expected


@pytest.mark.parametrize(
    ("beneficiary", "partner", "pairs"),
    [
        ("yaobu", "[junqiao, station]", "yaobu-junqiao yaobu-station"),
        ("[yaobu, huogui]", "junqiao", "yaobu-junqiao huogui-junqiao"),
        ("[yaobu, huogui]", "[junqiao, station]", ""),
        ("{who: villages, number: 56}", "junqiao", ""),
        ("yaobu", "{who: villages, member: [junqiao]}", ""),
        ("yaobu", "[junqiao, {who: villages}]", "yaobu-junqiao"),
        ("[yaobu, huogui]", "[junqiao, {who: villages}]", ""),
    ],
)
def test_groups_are_no_ends_and_at_most_one_end_is_a_list(beneficiary: str, partner: str, pairs: str) -> None:
    text = PAIRING.replace("beneficiary: yaobu", f"beneficiary: {beneficiary}").replace("partner: junqiao", f"partner: {partner}")
    both = {tuple(pair.split("-")) for pair in pairs.split()}
    assert derived(text) == {f"{a} pairedWith {b}" for a, b in both} | {f"{b} pairedWith {a}" for a, b in both}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("holdings:\n  - {post: p, holder: xu, passage: {1: a}}\n", {"p heldBy xu", "xu holds p"}),
        ("designations:\n  - {subject: yaobu, designation: poor, passage: {1: a}}\n", {"yaobu designated poor"}),
        ("relations:\n  - {subject: yaobu, relation: grows, object: fruit, passage: {1: a}}\n", {"yaobu relatedTo fruit"}),
        ("mentions:\n  - {subject: yaobu, printedAs: x, passage: {1: x}}\n", {"yaobu mentionedIn a", "a mentions yaobu"}),
        ("mentions:\n  - {subject: yaobu, certainty: doubtful, passage: {1: x}}\n", set()),
        (HAPPENING, {"one tookPartIn visit", "two tookPartIn visit"}),
        (
            HAPPENING.replace("{who: villages}", "yaobu"),
            {"one tookPartIn visit", "two tookPartIn visit", "yaobu visitedDuring visit"},
        ),
        ("figures:\n  - {subject: yaobu, indicator: sales, value: 3, passage: {1: a}}\n", set()),
        ("entities:\n  - {id: yaobu, type: Village, partOf: shitang}\n", set()),
    ],
)
def test_what_each_kind_of_claim_gives(text: str, expected: set[str]) -> None:
    assert derived(text) == expected


def test_two_claims_give_a_shortcut_once() -> None:
    other = "  - {kind: assistance, beneficiary: junqiao, partner: yaobu, passage: {1: a}}\n"
    assert derived(PAIRING + other) == PAIRED


def test_a_claim_that_does_not_count_takes_nothing_from_one_that_does() -> None:
    other = "  - {kind: assistance, beneficiary: yaobu, partner: junqiao, modality: planned, passage: {1: a}}\n"
    assert derived(PAIRING + other) == PAIRED


def shortcuts_of(checked: Checked) -> set[tuple[str, str, str]]:
    """All shortcuts of a graph, told in plain Python from its claims."""
    values: dict[str, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for row in checked.graph.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }").dicts():
        values[str(row["s"])][str(row["p"])].add(row["o"])
    found = set()
    for claim in values.values():
        sure = claim[f"{CORE}modality"] == {Iri(f"{CORE}reported")} and claim[f"{CORE}certainty"] == {Iri(f"{CORE}stated")}
        if not sure or Iri(f"{CORE}deprecated") in claim[f"{CORE}rank"]:
            continue
        for shortcut in checked.schema.shortcuts:
            starts, ends = claim[shortcut.start], claim[shortcut.end]
            if Iri(shortcut.claim) not in claim[f"{RDF}type"] or min(len(starts), len(ends)) > 1:
                continue
            for start, end in product(starts, ends):
                if not {Iri(f"{CORE}Group")} & (values[str(start)][f"{RDF}type"] | values[str(end)][f"{RDF}type"]):
                    found.add((str(start), shortcut.iri, str(end)))
                    if shortcut.converse:
                        found.add((str(end), shortcut.converse, str(start)))
    return found


def test_the_derived_graph_holds_all_shortcuts_of_the_project_and_nothing_else(checked: Checked) -> None:
    rows = checked.graph.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{BASE}graph/derived> {{ ?s ?p ?o }} }}").rows
    triples = {tuple(map(str, row)) for row in rows}
    assert len(triples) == len(rows) > 100
    assert triples == shortcuts_of(checked)
    declared = {iri for shortcut in checked.schema.shortcuts for iri in (shortcut.iri, shortcut.converse)}
    assert {predicate for _, predicate, _ in triples} <= declared


def test_shortcuts_are_derived_and_never_typed(checked: Checked) -> None:
    assert len(checked.schema.shortcuts) >= 8
    for shortcut in checked.schema.shortcuts:
        name = shortcut.iri.removeprefix(CORE)
        assert checked.schema.properties[name].computed, name
        rows = checked.graph.select(f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s <{shortcut.iri}> ?o }} }}").rows
        assert set(rows) <= {(Iri(f"{BASE}graph/derived"),)}, name


def test_each_file_derives_what_all_derive_together(checked: Checked) -> None:
    """What docs/cluster.md rests on."""
    project, schema = checked.project, checked.schema
    files = datafiles.read(project, schema).mapped()
    graphs = [store.in_memory([file.quads], checked.graph.prefixes) for file in files]
    apart = [line for each in graphs for line in derived_quads(each, schema, project.base)]
    assert sorted(set(apart)) == derived_quads(checked.graph, schema, project.base)
    assert len(apart) > len(set(apart)) > 100
