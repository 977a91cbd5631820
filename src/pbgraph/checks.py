"""All findings of a project in one list: reading, references, shapes and check queries, each with its address."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from pbgraph import constraints, contents, datafiles, derive, index, queries, schema, shapes, store
from pbgraph.cache import NONE, Cache, digest
from pbgraph.datafiles import DataFiles
from pbgraph.forking import in_threads
from pbgraph.index import Index
from pbgraph.mapping import ANOTHER, Mapped
from pbgraph.problems import Problem, Refused, Severity, Where, problem, told
from pbgraph.progress import Progress, silent
from pbgraph.project import Project
from pbgraph.scalars import shorten
from pbgraph.schema import Schema
from pbgraph.shapes import Result, Shapes
from pbgraph.store import Graph, turtle_problem
from pbgraph.terms import Iri, Term, local_name


@dataclass(frozen=True)
class Checked:
    """A project as read and checked: schema, shapes, graph with everything derived, where things stand, all problems, sorted."""

    project: Project
    schema: Schema
    shapes: Shapes
    graph: Graph
    index: Index
    problems: tuple[Problem, ...]
    files: int

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep anything from being written."""
        return tuple(found for found in self.problems if found.severity == "error")


def prefixes(project: Project, declared: Mapping[str, str]) -> dict[str, str]:
    """The prefixes every query may use without declaring them: the ontology's own and one for each kind of address."""
    own = {name: f"{project.base}{name}/" for name in ("id", "claim", "passage", "graph")}
    return {**declared, **own}


def read_schema(project: Project) -> Schema:
    """The project's ontology as a schema. Refused: none there, or unreadable."""
    return schema.load(_turtle(project, "ontology"))


def _turtle(project: Project, part: str) -> dict[str, bytes]:
    """The Turtle files of a part, by address. Refused: one cannot be read or is no Turtle."""
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in project.files(part, ".ttl"):
        address, content = project.address(path), contents.read(project, path)
        if isinstance(content, bytes):
            found[address] = content.removeprefix(codecs.BOM_UTF8)
        wrong = content if isinstance(content, Problem) else turtle_problem(found[address], address)
        problems.extend([wrong] if wrong else [])
    if problems:
        raise Refused(problems)
    return found


def check(project: Project, kept: Cache = NONE, progress: Progress = silent) -> Checked:
    """Read and check everything, files that did not change as they were kept.

    Refused: the ontology, shapes or check queries themselves cannot be read.
    """
    progress("read")
    ontology = _turtle(project, "ontology")
    loaded = kept.get("schema", digest(ontology.values()), lambda: schema.load(ontology))
    rules = _turtle(project, "shapes")
    loaded_shapes = kept.get("shapes", digest(rules.values()), lambda: shapes.load(rules.values()))
    check_queries = queries.load(project, "checks")
    data = datafiles.read(project, loaded, digest([project.base.encode(), *ontology.values()]), kept)
    graph = ontology_graph(project, loaded)
    files = _filled(graph, data, progress)
    progress("derive")
    merged = index.merge(files, loaded, project.base, data.topics)
    graph.load("\n".join(derive.derived_quads(graph, loaded, project.base)))
    found = [*merged.problems, *(each for file in files for each in file.problems)]
    found.extend(problem(Where(project.address(path)), "file-suffix") for path in project.files("data", ".yml"))
    found.extend(_unused_tables(project, data))
    if not files:
        found.append(problem(Where("data"), "no-data"))
    whole = all(file.readable for file in files)
    # What an unreadable file holds may be just what an entity lacks; a claim is complete in its own file.
    results = constraints.validate(graph, loaded_shapes, progress)
    found.extend(_shape_problems(results, loaded_shapes, merged, "" if whole else f"{project.base}claim/"))
    asked = [partial(_check_problems, query, graph, merged) for query in check_queries if whole]
    found.extend(each for piece in in_threads(asked, "checks", progress) for each in piece)
    return Checked(project, loaded, loaded_shapes, graph, merged, tuple(sorted(set(found))), len(files))


def _filled(graph: Graph, data: DataFiles, progress: Progress) -> list[Mapped]:
    """Load what every data file becomes into a graph; the files in order, without their quads."""
    found = {}
    for mapped in data.mapped(progress):
        graph.load(mapped.quads)
        found[mapped.file] = replace(mapped, quads="")
    return [found[address] for address in data.files]


def _unused_tables(project: Project, data: DataFiles) -> Iterator[Problem]:
    """The CSV files that no data file names: whatever they hold is not in the graph."""
    for path in sorted({*project.files("data", contents.SHEET)} - data.sheets()):
        yield replace(problem(Where(project.address(path)), "table-unused"), severity="warning")


def ontology_graph(project: Project, loaded: Schema) -> Graph:
    """A graph in memory of what the ontology states, each triple in `{base}graph/ontology`."""
    ontology = f"<{project.base}graph/ontology>"
    lines = [f"<{subject}> <{predicate}> {term.nt} {ontology} ." for subject, predicate, term in loaded.triples]
    return store.in_memory(lines, prefixes(project, loaded.prefixes))


def _shape_problems(results: Iterable[Result], loaded: Shapes, merged: Index, about: str) -> list[Problem]:
    """The findings of all shapes on nodes whose address begins with `about` and that have no problem of their own already."""
    found = []
    for result in results:
        if (
            not result.focus.startswith(about)
            or merged.is_faulty(result.focus)
            or (isinstance(result.term, Iri) and merged.is_faulty(result.term))
        ):
            continue
        value = ANOTHER if result.component in _TOO_MANY else result.value
        where = merged.locate(result.focus, result.path, value) or Where("shapes")
        details = {"this": local_name(result.focus), "value": in_words(result.term)}
        texts = (loaded.told(result.shape, key) for key in ("message", "remedy"))
        what, remedy = (told(text, details, Where("shapes"), result.code) for text in texts)
        found.append(Problem(where, result.code, what, remedy, result.severity))
    return found


_TOO_MANY = ("MaxCountConstraintComponent", "UniqueLangConstraintComponent")


def _check_problems(query: queries.Query, graph: Graph, merged: Index) -> list[Problem]:
    """The findings of a check query; of rows that agree in the columns its header lists under `once`, the first by place."""
    severity: Severity = "warning" if query.header.get("severity") == "warning" else "error"
    found: dict[tuple[object, ...], Problem] = {}
    for number, row in enumerate(queries.run(query, graph).dicts()):
        subject, path, value = (row.get(name) for name in ("this", "path", "value"))
        if subject is None:
            raise Refused([problem(query.where, "check-without-this", name=query.name)])
        if merged.is_faulty(str(subject)) or (isinstance(value, Iri) and merged.is_faulty(value)):
            continue
        where = merged.locate(str(subject), str(path or ""), value.nt if value else "") or query.where
        details = {name: in_words(term) for name, term in row.items()}
        what, remedy = (told(query.text(key), details, query.where, query.name) for key in ("what", "remedy"))
        once = tuple(row.get(name) for name in query.header.get("once", ())) or (number,)
        each = Problem(where, query.name, what, remedy, severity)
        found[once] = min(each, found.get(once, each))
    return list(found.values())


def in_words(term: Term | None) -> str:
    """What a message calls a term: the last part of an address, the beginning of a text, nothing for None."""
    if term is None:
        return ""
    return local_name(term) if isinstance(term, Iri) else shorten(term.text)
