"""What pages show besides the rows of page queries: questions with their answers, conflicts, where things are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from pbgraph import conflicts, formats, queries
from pbgraph.checks import Checked
from pbgraph.explaining import declared, opened
from pbgraph.forking import in_threads
from pbgraph.graphs import Network
from pbgraph.labels import Labels
from pbgraph.metrics import MEASURES
from pbgraph.project import Project
from pbgraph.queries import Query
from pbgraph.solutions import Rows
from pbgraph.terms import Iri, Literal, Term, local_name

FEW = 24
"""Of up to how many things of its class a parameter has the answers ready."""

MOST = 25
"""So many of a network's nodes are shown in its ranking."""

_MEMBERS = "SELECT DISTINCT ?class ?member WHERE { ?member a ?class } ORDER BY ?member"

Item = dict[str, Any]
"""What a template is told of one thing; `this` is its node or name."""


def questions(checked: Checked) -> list[Item]:
    """Every question with its texts, its SPARQL, its example as typed, the rows of that example and `others`: other values.

    Each of these has the page `name` (that of the question and of the value) and the `value` of the question's parameter.
    """
    return in_threads([partial(_question, query, checked) for query in queries.load(checked.project, "questions")], "site")


def _question(query: Query, checked: Checked) -> Item:
    example = query.examples[0]
    bindings = queries.bind(query, example, checked.graph, checked.project.base)
    rows = queries.run(query, checked.graph, bindings)
    others = _other_values(query, checked, bindings)
    named = [{"name": f"{query.name}.{local_name(value)}", "value": value} for value in others]
    return {
        **_answered(query, query.name, example, rows),
        "bound": {name: bindings[name] for name in query.parameters if name in bindings},
        "others": named,
        "rows": others,
    }


def _answered(query: Query, name: str, example: Mapping[str, str], rows: Rows) -> Item:
    return {
        "this": Literal(name),
        "of": query.name,
        "group": query.group,
        "question": query.header["question"],
        "reading": query.header["reading"],
        "keywords": query.header["keywords"],
        "columns": query.header.get("columns", {}),
        "example": example,
        "sparql": queries.filled(query, {}),
        "variables": rows.variables,
        "answers": rows.dicts(),
        "csv": formats.spreadsheet_csv(rows),
        "json": formats.as_json(rows),
    }


def _other_values(query: Query, checked: Checked, bindings: Mapping[str, Term]) -> dict[Iri, Rows]:
    """The rows for the other values of a question's one parameter, where there are few and some row says so."""
    if len(query.parameters) != 1 or list(query.parameters) != list(bindings):
        return {}
    ((name, cls),) = query.parameters.items()
    if cls not in checked.schema.classes:
        return {}
    bound = {"class": Iri(checked.schema.classes[cls].iri)}
    members = [value for _, value in checked.graph.select(_MEMBERS, bound).rows if isinstance(value, Iri)]
    if len(members) > FEW:
        return {}
    found = {value: queries.run(query, checked.graph, {name: value}) for value in members if value != bindings[name]}
    return {value: rows for value, rows in found.items() if rows.rows}


def answers(checked: Checked, asked: Sequence[Item]) -> list[Item]:
    """The questions (as `questions` gives them) with the answers to each of their other values, one item for each."""
    known = {query.name: query for query in queries.load(checked.project, "questions")}
    found: list[Item] = []
    for item in asked:
        query = known[item["of"]]
        for value, rows in item["rows"].items():
            example = dict.fromkeys(query.parameters, local_name(value))
            answered = _answered(query, f"{query.name}.{local_name(value)}", example, rows)
            found.append({**answered, "bound": dict.fromkeys(query.parameters, value), "others": [], "value": value})
    return found


def contradictions(checked: Checked, labels: Labels) -> list[Item]:
    """Every conflict, gravest kind first.

    `this` is its name, `query` that of its query, `told` its sentence by language, `claims` those that it is about, `beside` by
    claim what is told of it besides (titles by language, and values), `flag` (it may be empty) the word for these elsewhere.
    """
    base = f"{checked.project.base}claim/"
    spoken = {language: conflicts.Words(labels, checked.index, base, language) for language in labels.languages}
    first = spoken[labels.languages[0]]
    found: list[Item] = []
    for number, conflict in enumerate(conflicts.find(checked.project, checked.graph, first), 1):
        found.append(
            {
                "this": Literal(f"conflict-{number}"),
                "query": conflict.query.name,
                "flag": conflict.query.header.get("flag", {}),
                "told": {language: words.sentence(conflict.query, conflict.rows[0]) for language, words in spoken.items()},
                "claims": list(dict.fromkeys(claim for row in conflict.rows for claim in first.claims_of(row))),
                "beside": _beside(conflict, first),
            }
        )
    return found


def _beside(conflict: conflicts.Conflict, words: conflicts.Words) -> dict[str, list[tuple[Mapping[str, str], Term]]]:
    """What each row tells besides, by the last of its claims."""
    found: dict[str, list[tuple[Mapping[str, str], Term]]] = {}
    for row in conflict.rows:
        claims = words.claims_of(row)
        told = found.setdefault(str(claims[-1]) if claims else "", [])
        told += [each for each in words.beside(conflict.query, row) if each not in told]
    return found


def contradiction_kinds(project: Project) -> list[Item]:
    """The conflict queries, gravest first: `this` is the name of each, `label` and `reading` what its header says."""
    return [
        {"this": Literal(query.name), "label": query.header["label"], "reading": query.header["reading"]}
        for query in conflicts.asked(project)
    ]


def flagged(found: Sequence[Item]) -> Iterator[Item]:
    """The claims that conflicts are about, each with the conflict's name and flag."""
    for item in found:
        if item["flag"]:
            yield from ({"this": claim, "name": item["this"], "flag": item["flag"]} for claim in item["claims"])


def rules(checked: Checked) -> list[Item]:
    """Every rule that the project's data must keep, by code: its `origin`, `severity`, texts by language, and examples."""
    return [
        {
            "this": Literal(code),
            "origin": rule.origin,
            "severity": rule.severity,
            "what": {language: opened(text) for language, text in rule.what},
            "cause": dict(rule.cause),
            "remedy": {language: opened(text) for language, text in rule.remedy},
            "wrong": rule.wrong,
            "right": rule.right,
        }
        for code, rule in declared(checked.project).items()
    ]


def network(query: Query, graph: Network, drawn: Mapping[str, str]) -> Item:
    """A network with its texts, its size, its picture by language, and its nodes by number of ties, the first of them `ranked`.

    Each of `ranks` and `ranked` has its node, the network, and the `measures` that the network has.
    """
    nodes = dict(graph.nodes(data=True))
    measures = [name for name in MEASURES if any(name in columns for columns in nodes.values())]
    order = sorted(nodes, key=lambda node: (-nodes[node]["degree"], -nodes[node].get("betweenness", 0), node))
    ranks = [
        {"this": Iri(node), "network": query.name, **{name: nodes[node][name] for name in measures if name in nodes[node]}}
        for node in order
    ]
    return {
        "this": Literal(query.name),
        "caption": query.header["label"],
        "legend": query.header["legend"],
        "nodes": len(nodes),
        "edges": len(graph.edges),
        "drawn": drawn,
        "measures": measures,
        "ranks": ranks,
        "ranked": ranks[:MOST],
    }
