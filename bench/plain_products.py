"""The plain way from a graph to what a build makes of it: shortcuts, SHACL results, findings, dumps, tables, networks.

rdflib asks, pySHACL validates, NetworkX writes. A question that rdflib has not answered within a limit is given up, and its
seconds until then count: the plain way would have taken longer, and its product is missing. It also does less than a build does:
findings have no places and no words, tables no columns of labels, nodes no pinyin and no pages, and there is no store on disk.
"""

from __future__ import annotations

import csv
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, cast

import networkx
import plain
import pyshacl
import rdflib
from made import Made, Row, timed
from rdflib import SH, XSD, Literal, URIRef
from rdflib.plugins.sparql.operators import register_custom_function
from rdflib.query import ResultRow
from rdflib.term import Node

from pbgraph.checks import prefixes, read_schema
from pbgraph.derive import shortcut_query
from pbgraph.project import Project

LANGUAGES = ("zh", "en")
_OWN = ("source", "target", "relation", "weight")


def _as_date(text: Literal) -> Literal:
    return Literal(str(text), datatype=XSD.date)


register_custom_function(XSD.date, cast(Any, _as_date), override=True)  # The one cast of the queries that rdflib has not.


class GivenUp(BaseException):
    """A question took too long; no library may take it for an error of its own."""


def made(project: Project, out: Path, limit: float) -> Made:
    """Go the whole way, giving each question `limit` seconds; the files are in `out`."""
    found = Made()
    with timed("graph", found.seconds):
        dataset = plain.dataset_of(project)
        graph = rdflib.Graph()
        for subject, predicate, content, _ in dataset.quads((None, None, None, None)):
            graph.add((subject, predicate, content))
        for prefix, address in prefixes(project, read_schema(project).prefixes).items():
            graph.bind(prefix, address, replace=True)
    with timed("shortcuts", found.seconds):
        add_shortcuts(project, graph, dataset)
    with timed("shapes", found.seconds):
        shapes = rdflib.Graph()
        for path in project.files("shapes", ".ttl"):
            shapes.parse(path, format="turtle")
    with timed("SHACL", found.seconds):
        found.results = results(graph, shapes)
    with timed("dumps", found.seconds):
        dataset.serialize(out / "graph.nq", format="nquads")
        graph.serialize(out / "graph.ttl", format="turtle")
    questions = Questions(graph, limit, found)
    for path in project.files("checks", ".rq"):
        questions.ask("findings", path)
    for path in project.files("tables", ".rq"):
        questions.ask("tables", path, partial(write_table, out / f"{path.stem}.csv"))
    for path in project.files("networks", ".rq"):
        questions.ask("networks", path, partial(questions.write_network, out / path.stem))
    found.triples = frozenset(f"{s.n3()} {p.n3()} {o.n3()}" for s, p, o in graph)
    return found


def add_shortcuts(project: Project, graph: rdflib.Graph, dataset: rdflib.Dataset) -> None:
    """Add what the ontology's shortcuts derive to both."""
    derived = dataset.graph(URIRef(f"{project.base}graph/derived"))
    for shortcut in read_schema(project).shortcuts:
        for triple in graph.query(shortcut_query(shortcut)).graph or ():
            derived.add(triple)
    for triple in derived:
        graph.add(triple)


def results(graph: rdflib.Graph, shapes: rdflib.Graph) -> frozenset[Row]:
    """What pySHACL finds: focus node, path, component and shape of each result."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", meta_shacl=False, inplace=True)
    assert isinstance(report, rdflib.Graph)
    keys = (SH.focusNode, SH.resultPath, SH.sourceConstraintComponent, SH.sourceShape)
    return frozenset(tuple(_iri(report.value(each, key)) for key in keys) for each in report.objects(None, SH.result))


def _iri(term: object) -> str:
    return str(term) if isinstance(term, URIRef) else ""


@dataclass
class Questions:
    """Asks a graph with a limit of seconds, and writes down rows and seconds."""

    graph: rdflib.Graph
    limit: float
    made: Made

    def ask(self, stage: str, path: Path, write: Callable[[list[ResultRow]], object] = len) -> None:
        """Ask the query of a file and have its rows written."""
        name = f"{stage}/{path.stem}"
        with timed(stage, self.made.seconds), timed(name, self.made.seconds):
            try:
                with limited(self.limit):
                    rows = [row for row in self.graph.query(path.read_text(encoding="utf-8")) if isinstance(row, ResultRow)]
            except GivenUp:
                self.made.given_up.append(name)
                return
            write(rows)
        self.made.rows[name] = [tuple("" if term is None else str(term) for term in row) for row in rows]

    def write_network(self, path: Path, rows: list[ResultRow]) -> None:
        """Write the network of a query's rows by NetworkX's own writers; nodes have their names, edges all columns as texts."""
        network = networkx.MultiDiGraph()
        for row in rows:
            columns = {name: term for name, term in row.asdict().items() if term is not None}
            source, target = columns["source"], columns["target"]
            for end in (source, target):
                if str(end) not in network:
                    network.add_node(str(end), **self._names(end))
            key = " ".join(str(columns[each]) for each in ("source", "target", "relation", "claim", "year") if each in columns)
            told = {name: str(term) for name, term in columns.items() if name not in _OWN}
            weight = float(columns.get("weight", 1))
            network.add_edge(str(source), str(target), key, relation=str(columns["relation"]), weight=weight, **told)
        networkx.write_gexf(network, path.with_suffix(".gexf"))
        networkx.write_graphml_xml(network, path.with_suffix(".graphml"))
        self.made.ties[f"networks/{path.name}"] = sorted(network.edges())

    def _names(self, node: Node) -> Mapping[str, str]:
        names = {each.language: str(each) for each in self.graph.objects(node, plain.PB.name) if isinstance(each, Literal)}
        short = str(node).rsplit("/", 1)[-1]
        return {"label": names.get(LANGUAGES[0], short), "label_en": names.get(LANGUAGES[1], short)}


def write_table(path: Path, rows: list[ResultRow]) -> None:
    """Write rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(rows[0].labels if rows else [])
        writer.writerows(["" if term is None else str(term) for term in row] for row in rows)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise GivenUp in a block that has not ended after so many seconds."""

    def give_up(number: int, frame: FrameType | None) -> None:
        raise GivenUp

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
