"""Quads ↔ the embedded store, in memory or on disk, and all SPARQL over data (pyoxigraph)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from pathlib import Path
from threading import Lock

import pyoxigraph as ox

from pbgraph import solutions
from pbgraph.dump import Dump
from pbgraph.problems import PbgraphError, Problem, Where, problem
from pbgraph.solutions import Grouped, Rows
from pbgraph.sparql import asks_elsewhere
from pbgraph.terms import RDF, XSD, Iri, Literal, Term, Triple


class QueryError(PbgraphError):
    """A query that the store cannot parse or run; its text says why, with the line inside the query where known."""


class Graph:
    """A store of quads whose default graph is the union of its named graphs."""

    def __init__(self, store: ox.Store, prefixes: Mapping[str, str]) -> None:
        self._held: ox.Store | None = store
        self.prefixes = dict(prefixes)
        self._remembered: dict[str, Path] = {}
        self.resting: Dump | None = None
        """Where its quads are as long as it holds none."""
        self._written: Path | None = None
        self._length = 0
        self._loading = Lock()

    def load(self, quads: str) -> None:
        """Add N-Quads text that this machine wrote, whose addresses are not checked again."""
        self._written = None
        self._store.load(quads.encode(), format=ox.RdfFormat.N_QUADS, lenient=True)

    def __len__(self) -> int:
        """How many quads it holds."""
        return self._length if self.resting else len(self._store)

    def rest(self) -> None:
        """Give back the memory, if all quads were written to a file (`write_quads`) and none changed since: they are there.

        What is told of a node is read from that file, by processes forked from this one as well as by itself; whatever else is
        asked for loads all of it anew. OSError: the file cannot be read.
        """
        if self._written and not self.resting:
            self._length, self.resting, self._held = len(self), Dump(self._written), None

    @property
    def _store(self) -> ox.Store:
        with self._loading:
            if self._held is None:
                assert self.resting
                self._held, self.resting = _filled(ox.Store(), self.resting.path), None
            return self._held

    def select(self, query: str, bindings: Mapping[str, Term] | None = None) -> Rows:
        """Run a SELECT with variables bound to terms beforehand. QueryError: not SPARQL, or not a SELECT."""
        return solutions.read(self._solutions(query, bindings or {}))

    def remember(self, query: str, path: Path) -> None:
        """Run a SELECT now; until it is to `forget`, its solutions without bindings are those that a file keeps.

        Processes that are forked meanwhile read that file instead of the store: reading objects in memory changes their reference
        counts, by which each process would come to hold a copy. QueryError: as above. OSError: the file cannot be written.
        """
        path.write_bytes(self._solutions(query, {}))
        self._remembered[query] = path

    def forget(self) -> None:
        """Run every SELECT again from now on."""
        self._remembered.clear()

    def grouped(self, query: str, by: str) -> Grouped:
        """Run a SELECT whose solutions will be asked for by what a variable is bound to. QueryError: as above."""
        return Grouped(self._solutions(query, {}), by)

    def _solutions(self, query: str, bindings: Mapping[str, Term]) -> bytes:
        """The solutions of a SELECT as a text (SPARQL 1.1 Query Results TSV)."""
        if not bindings and query in self._remembered:
            return self._remembered[query].read_bytes()
        if asks_elsewhere(query):
            raise QueryError("SERVICE asks another server, and the graph asks nothing of the network")
        found: object = None
        try:
            found = self._run(query, bindings)
            if not isinstance(found, ox.QuerySolutions):
                raise QueryError("the query is not a SELECT")
            return found.serialize(format=ox.QueryResultsFormat.TSV) or b""
        except (SyntaxError, ValueError, OSError, RuntimeError) as error:
            raise QueryError(str(error)) from error.with_traceback(None)
        finally:
            found = None  # Only the thread that asked may drop it, so that no traceback may carry it elsewhere.

    def construct(self, query: str) -> list[str]:
        """Run a CONSTRUCT of the machine's own; its distinct triples as sorted N-Triples text without the final dot."""
        found = self._run(query, {})
        if not isinstance(found, ox.QueryTriples):
            raise TypeError(query)
        told = found.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
        return sorted({line.removesuffix(" .") for line in told.decode().split("\n")[:-1]})

    def _run(self, query: str, bindings: Mapping[str, Term]) -> object:
        substitutions: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]
        substitutions = {ox.Variable(name): _ox_term(term) for name, term in bindings.items()}
        return self._store.query(
            query, prefixes=self.prefixes, use_default_graph_as_union=True, substitutions=substitutions or None
        )

    def stated_in(self, graph: str) -> set[Triple]:
        """The triples of one named graph."""
        return {
            (quad.subject.value, quad.predicate.value, term)
            for quad in self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
            if isinstance(quad.subject, ox.NamedNode) and (term := _term(quad.object)) is not None
        }

    def lines_of(self, graph: str) -> set[str]:
        """The quads of one named graph as N-Quads lines: of two stores, like quads have like lines."""
        quads = self._store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
        return {*(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode().split("\n")[:-1]}

    def typed_in(self, graph: str) -> dict[str, set[str]]:
        """The IRIs that have a class in one named graph, with their classes there."""
        found: dict[str, set[str]] = {}
        for subject, cls, _ in self._typed(None, ox.NamedNode(graph)):
            found.setdefault(subject, set()).add(cls)
        return found

    def classes(self, subject: str) -> dict[str, set[str]]:
        """The classes of a node, by the named graphs that tell them."""
        found: dict[str, set[str]] = {}
        for _, cls, graph in self._typed(ox.NamedNode(subject), None):
            found.setdefault(graph, set()).add(cls)
        return found

    def _typed(self, subject: ox.NamedNode | None, graph: ox.NamedNode | None) -> Iterator[tuple[str, str, str]]:
        for quad in self._store.quads_for_pattern(subject, ox.NamedNode(RDF + "type"), None, graph):
            of, cls, home = quad.subject, quad.object, quad.graph_name
            if isinstance(of, ox.NamedNode) and isinstance(cls, ox.NamedNode) and isinstance(home, ox.NamedNode):
                yield of.value, cls.value, home.value

    def graphs(self, subject: str = "", predicate: str = "", object_: str = "") -> set[str]:
        """The named graphs that have a triple of a pattern of IRIs; empty: any."""
        pattern = (ox.NamedNode(each) if each else None for each in (subject, predicate, object_))
        found = (quad.graph_name for quad in self._store.quads_for_pattern(*pattern))
        return {graph.value for graph in found if isinstance(graph, ox.NamedNode)}

    def change(self, graph: str, lost: Iterable[Triple], won: Iterable[Triple]) -> None:
        """Take triples out of one named graph, and put others in."""
        self._written = None
        for triple in lost:
            self._store.remove(_quad(triple, graph))
        self._store.extend([_quad(triple, graph) for triple in won])

    def copy(self, folder: Path) -> Graph:
        """A store on disk of its own that holds the same, with the files of this one as long as both have them (hard links).

        OSError: it cannot be written, or this one is in memory.
        """
        self._store.backup(folder)
        return Graph(ox.Store(folder), self.prefixes)

    def flush(self) -> None:
        """Let what was changed be on disk."""
        self._store.flush()

    def dump(self, path: Path) -> None:
        """Write all quads to a file as N-Quads, in no order."""
        self._store.dump(path, format=ox.RdfFormat.N_QUADS)

    def write_quads(self, path: Path) -> None:
        """Write all quads to a file, its lines those of `lines`, without holding them. OSError: it cannot be written."""
        with path.open("wb") as file:
            file.writelines(self._sorted())
        self._written = path

    def lines(self) -> list[str]:
        """All quads as sorted N-Quads lines: the same data give the same lines, however they were loaded."""
        return b"".join(self._sorted()).decode().split("\n")[:-1]

    def _sorted(self) -> Iterator[bytes]:
        # All lines of a subject begin with it and a blank, so that they are sorted subject by subject.
        for subject in sorted(self._subjects(), key=lambda term: f"{term} "):
            quads = self._store.quads_for_pattern(subject, None, None)
            yield from sorted((ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True))

    def _subjects(self) -> list[ox.NamedNode | ox.BlankNode]:
        found = self._run("SELECT DISTINCT ?subject WHERE { ?subject ?key ?value }", {})
        assert isinstance(found, ox.QuerySolutions)
        return [subject for (subject,) in found if isinstance(subject, ox.NamedNode | ox.BlankNode)]

    def triples(self) -> list[str]:
        """All triples as sorted N-Triples lines, each once, whatever its graph."""
        return sorted({f"{quad.triple} ." for quad in self._store})

    def describe(self, subjects: Iterable[str], naming: Iterable[str] = ()) -> list[ox.Triple]:
        """The triples whose subject is one of `subjects`, in a fixed order.

        Of the nodes they lead to come the triples whose predicate is one of `naming`.
        """
        found = {triple for subject in subjects for triple in self._triples(subject)}
        predicates = set(naming)
        named = {triple.object.value for triple in found if isinstance(triple.object, ox.NamedNode)} if predicates else ()
        for node in named:
            found.update(triple for triple in self._triples(node) if triple.predicate.value in predicates)
        return sorted(found, key=str)

    def about(self, subject: str, predicates: Container[str]) -> list[tuple[str, Term]]:
        """What is stated of a node by some predicates, as predicate and object, each pair once; no query is parsed for it."""
        found = [(triple.predicate.value, triple.object) for triple in self._triples(subject)]
        told = [(predicate, term) for predicate, term in found if predicate in predicates]
        pairs = dict.fromkeys([(predicate, _term(term)) for predicate, term in told])
        return [(predicate, term) for predicate, term in pairs if term is not None]

    def _triples(self, subject: str) -> list[ox.Triple]:
        if resting := self.resting:  # which another thread may end
            return [quad.triple for quad in ox.parse(resting.of(subject), format=ox.RdfFormat.N_QUADS, lenient=True)]
        return [quad.triple for quad in self._store.quads_for_pattern(ox.NamedNode(subject), None, None)]

    def serialize(self, triples: Iterable[ox.Triple], suffix: str) -> bytes:
        """Triples in the format of a file suffix: `ttl`, `jsonld` or `nt`."""
        format_ = ox.RdfFormat.from_extension(suffix)
        return ox.serialize(triples, format=format_, prefixes=self.prefixes) or b""


def in_memory(quads: Iterable[str], prefixes: Mapping[str, str]) -> Graph:
    """A graph held in memory only."""
    graph = Graph(ox.Store(), prefixes)
    graph.load("\n".join(quads))
    return graph


def write(quads: Path, folder: Path, prefixes: Mapping[str, str]) -> Graph:
    """Write a file of N-Quads that this machine wrote to a new store in `folder`, flushed to disk.

    OSError: the file cannot be read, or the store not written.
    """
    filled = _filled(ox.Store(folder), quads)
    filled.flush()
    filled.optimize()
    return Graph(filled, prefixes)


def _filled(empty: ox.Store, quads: Path) -> ox.Store:
    with quads.open("rb") as lines:
        while some := b"".join(islice(lines, AT_ONCE)):
            empty.bulk_load(some, format=ox.RdfFormat.N_QUADS, lenient=True)
    return empty


AT_ONCE = 20_000
"""So many quads are written at once: more take memory, and no less time."""


def open_read_only(folder: Path, prefixes: Mapping[str, str]) -> Graph:
    """Open the store in `folder` for questions only; any number of processes may. OSError: none there, or damaged."""
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    try:
        return Graph(ox.Store.read_only(str(folder)), prefixes)
    except RuntimeError as error:
        raise OSError(str(error)) from error


def turtle(triples: Iterable[str], prefixes: Mapping[str, str]) -> bytes:
    """The triples of N-Triples lines as Turtle: sorted, each once."""
    found = ox.parse("\n".join(sorted({*triples})).encode(), format=ox.RdfFormat.N_TRIPLES)
    return ox.serialize((quad.triple for quad in found), format=ox.RdfFormat.TURTLE, prefixes=dict(prefixes)) or b""


def write_turtle(quads: Path, target: Path, prefixes: Mapping[str, str]) -> None:
    """Write the triples of a file of sorted N-Quads as Turtle, each once, without holding them: like ones come together.

    OSError: one of the files cannot be read, or written.
    """
    triples = (quad.triple for quad in ox.parse(path=quads, format=ox.RdfFormat.N_QUADS, lenient=True))
    ox.serialize((triple for triple, _ in groupby(triples)), target, format=ox.RdfFormat.TURTLE, prefixes=dict(prefixes))


def triples_of(text: str, suffix: str) -> Graph:
    """A graph in memory of the triples in an RDF text, its format given by file suffix."""
    graph = Graph(ox.Store(), {})
    graph._store.load(text.encode(), format=ox.RdfFormat.from_extension(suffix), to_graph=ox.NamedNode("urn:graph"))
    return graph


Statements = Mapping[str, Mapping[str, Sequence[Term]]]
"""Subject → predicate → objects; a blank node is an Iri that begins with `_:`."""


def prefixes_of(content: bytes, suffix: str) -> dict[str, str]:
    """The prefixes that an RDF text declares, its format given by file suffix. SyntaxError: it cannot be parsed."""
    parser = ox.parse(content, format=ox.RdfFormat.from_extension(suffix))
    for _ in parser:
        pass
    return dict(parser.prefixes)


def statements(content: bytes, suffix: str) -> Statements:
    """What an RDF text states, its format given by file suffix. SyntaxError: it cannot be parsed."""
    found: dict[str, dict[str, list[Term]]] = {}
    for quad in ox.parse(content, format=ox.RdfFormat.from_extension(suffix)):
        term = Iri(str(quad.object)) if isinstance(quad.object, ox.BlankNode) else _term(quad.object)
        subject = str(quad.subject) if isinstance(quad.subject, ox.BlankNode) else quad.subject.value
        if term is not None:
            found.setdefault(subject, {}).setdefault(quad.predicate.value, []).append(term)
    return found


def turtle_problem(content: bytes, file: str) -> Problem | None:
    """What keeps a text from being Turtle, with its place; None if nothing does."""
    try:
        for _ in ox.parse(content, format=ox.RdfFormat.TURTLE):
            pass
    except SyntaxError as error:
        reason = re.sub(r"^Parser error at line .*?: ", "", error.msg)
        return problem(Where(file, error.lineno or 1, error.offset or 1), "bad-turtle", reason=reason)
    return None


def _term(term: object) -> Term | None:
    if isinstance(term, ox.NamedNode):
        return Iri(term.value)
    if isinstance(term, ox.Literal):
        datatype = term.datatype.value
        plain = datatype in (XSD + "string", RDF + "langString")
        return Literal(term.value, "" if plain else datatype, term.language or "")
    return None if term is None else Literal(str(term))


def _quad(triple: Triple, graph: str) -> ox.Quad:
    subject, predicate, term = triple
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), _ox_term(term), ox.NamedNode(graph))


def _ox_term(term: Term) -> ox.NamedNode | ox.Literal:
    if isinstance(term, Iri):
        return ox.NamedNode(term)
    if term.language:
        return ox.Literal(term.text, language=term.language)
    return ox.Literal(term.text, datatype=ox.NamedNode(term.datatype)) if term.datatype else ox.Literal(term.text)
