"""All findings of a project in one list: reading, references, shapes and check queries, each with its address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pbgraph import (
    constraints,
    contents,
    datafiles,
    derive,
    garbage,
    idleterms,
    index,
    ontologyslips,
    queries,
    schema,
    shapes,
    store,
    turtlefiles,
    wordless,
)
from pbgraph.cache import NONE, Cache, digest
from pbgraph.contents import Content
from pbgraph.datafiles import DataFiles
from pbgraph.forking import in_threads
from pbgraph.index import Holders, Index, Named, Packed
from pbgraph.mapping import ANOTHER, Mapped
from pbgraph.problems import Problem, Refused, Where, problem, shorten, told
from pbgraph.progress import Progress, silent
from pbgraph.project import Project
from pbgraph.queries import Query
from pbgraph.schema import Schema
from pbgraph.scripts import simplified
from pbgraph.shapes import Result, Shapes
from pbgraph.spelling import other_namespaces, unknown_terms
from pbgraph.store import Graph
from pbgraph.terms import SH, Iri, Literal, Term, local_name


@dataclass(frozen=True)
class Rules:
    """What data are checked by: schema, shapes and check queries; `key` stands for all that, `reading` for the schema alone."""

    schema: Schema
    shapes: Shapes
    queries: tuple[Query, ...]
    key: str
    reading: str


@dataclass(frozen=True)
class Findings:
    """What shapes and check queries find, before it is put into words: results, and by query its rows."""

    results: Sequence[Result]
    rows: Mapping[str, Sequence[Mapping[str, Term]]]


@dataclass(frozen=True)
class Checked:
    """A project as read and checked: graph with everything derived, where things stand, findings, all problems, sorted."""

    project: Project
    rules: Rules
    data: DataFiles
    graph: Graph
    index: Index
    findings: Findings
    problems: tuple[Problem, ...]

    @property
    def schema(self) -> Schema:
        """The ontology as the machine sees it."""
        return self.rules.schema

    @property
    def shapes(self) -> Shapes:
        """The shapes."""
        return self.rules.shapes

    @property
    def files(self) -> int:
        """How many data files there are."""
        return len(self.data.files)

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
    return schema.load(turtlefiles.read(project, "ontology"))


def read_rules(project: Project, kept: Cache = NONE) -> Rules:
    """What a project's data are checked by. Refused: the ontology, shapes or check queries cannot be read."""
    ontology = turtlefiles.read(project, "ontology")
    rules = turtlefiles.read(project, "shapes")
    schema_key, shapes_key = digest(ontology.values()), digest([*map(str.encode, rules), *rules.values()])
    loaded = kept.get("schema", schema_key, lambda: schema.load(ontology))
    loaded_shapes = kept.get("shapes", shapes_key, lambda: shapes.load(rules))
    found = tuple(queries.load(project, "checks"))
    reading = digest([project.base.encode(), *ontology.values()])
    parts = [reading, shapes_key, *(part for query in found for part in (repr(query.where), query.sparql, repr(query.header)))]
    read = Rules(loaded, loaded_shapes, found, digest(part.encode() for part in parts), reading)
    parts = [read.key, *project.languages]
    if slips := kept.get("slips", digest(part.encode() for part in parts), lambda: _slips(project, read)):
        raise Refused(slips)
    return read


def _slips(project: Project, read: Rules) -> list[Problem]:
    """Terms of shapes and check queries that nobody knows, and findings that could not be told: they would check nothing."""
    from pbgraph.reach import shacl_terms

    known, prefixes_ = {**read.schema.terms, "sh": shacl_terms()}, {**read.schema.prefixes, "sh": SH}
    texts = [*read.shapes.texts.items(), *((each.where.file, each.sparql) for each in read.queries)]
    problems = [each for file, text in texts for each in unknown_terms(text, file, known, prefixes_)]
    if problems:  # of which the others would follow
        return problems
    empty = store.in_memory([], prefixes(project, read.schema.prefixes))
    return [
        *wordless.of_shapes(read.shapes, project.languages),
        *wordless.of_paths(read.shapes, read.schema),
        *wordless.of_checks(read.queries, read.shapes, empty),
    ]


def read_data(project: Project, rules: Rules, kept: Cache = NONE, held: Mapping[Path, Content] | None = None) -> DataFiles:
    """A project's data files, ready to be mapped; `held` says what they hold, if that is known."""
    return datafiles.read(project, rules.schema, rules.reading, kept, held)


def check(project: Project, kept: Cache = NONE, progress: Progress = silent) -> Checked:
    """Read and check everything, files that did not change as they were kept.

    Refused: the ontology, shapes or check queries themselves cannot be read.
    """
    progress("read")
    rules = read_rules(project, kept)
    return check_all(project, rules, read_data(project, rules, kept), progress)


@garbage.kept()
def check_all(project: Project, rules: Rules, data: DataFiles, progress: Progress = silent) -> Checked:
    """Load what all data files become, derive, and check everything."""
    graph = ontology_graph(project, rules.schema)
    files = Packed(_loaded(graph, data, progress), data.files)
    progress("derive", 0, len(rules.schema.shortcuts))
    merged = index.merge(files, rules.schema, project.base, data.topics, _holders(files, data, graph), named(project, graph))
    graph.load("\n".join(derive.derived_quads(graph, rules.schema, project.base, progress)))
    results = constraints.validate(graph, rules.shapes, progress)
    asked = [partial(_rows, query, graph) for query in rules.queries if merged.whole]
    rows = in_threads(asked, "checks", progress)
    findings = Findings(results, dict(zip((query.name for query in rules.queries), rows, strict=False)))
    found = [*merged.own, *beside(project, rules, data), *merged.problems]
    found.extend(problems_of(findings, rules, merged, "" if merged.whole else f"{project.base}claim/"))
    return Checked(project, rules, data, graph, merged, findings, tuple(sorted(set(found))))


def beside(project: Project, rules: Rules, data: DataFiles) -> Iterator[Problem]:
    """What is wrong with files beside those that are read, and what is amiss with terms, whatever the data are."""
    alignment = {project.address(path): project.read(path) for path in project.files("alignment", ".ttl")}
    named = [rules.key, *project.languages, *alignment, *map(project.address, project.files("ontology", ".ttl"))]
    key = digest([*map(str.encode, named), *alignment.values()])
    yield from data.kept.get("beside", key, lambda: [*_of_rules(project, rules, alignment)])
    for part, suffix in (("ontology", ".ttl"), ("shapes", ".ttl"), ("checks", ".rq")):
        yield from contents.misspelt(project, part, suffix)
    # Of data there are many, and it is known what there is.
    misspelt = [path for path in data.held if path.name.endswith(contents.MISSPELT[".yaml"])]
    yield from (problem(Where(project.address(path)), "file-suffix", suffix=".yaml") for path in misspelt)
    if not data.files:
        yield problem(Where("data"), "no-data")
    for path in sorted({path for path in data.held if path.suffix == contents.SHEET} - data.table_paths()):
        # Whatever it holds is not in the graph.
        yield problem(Where(project.address(path)), "table-unused")


def _of_rules(project: Project, rules: Rules, alignment: Mapping[str, bytes]) -> Iterator[Problem]:
    """What is amiss with terms, and with rules about things of another project: they find nothing here, others may."""
    yield from wordless.of_terms(rules.schema, project)
    yield from idleterms.of_schema(rules.schema, project)
    for file, text in (*rules.shapes.texts.items(), *((each.where.file, each.sparql) for each in rules.queries)):
        yield from (replace(each, severity="warning") for each in other_namespaces(text, file, {"id": f"{project.base}id/"}))
    for file, content in alignment.items():
        yield from ontologyslips.of_alignment(content, file, rules.schema.terms)


def problems_of(findings: Findings, rules: Rules, merged: Index, about: str) -> Iterator[Problem]:
    """What is found, as problems with their places; of results only those on nodes whose address begins with `about`.

    What an unreadable file holds may be just what an entity lacks; a claim is complete in its own file.
    """
    found = _shape_problems(findings.results, rules.shapes, merged, about)
    for query in rules.queries:
        found += _check_problems(query, findings.rows.get(query.name, ()), merged)
    # What another project's files might have better is for that project to say; what is wrong with them is wrong here, too.
    yield from (each for each in found if each.severity == "error" or not each.where.file.startswith("../"))


def _rows(query: Query, graph: Graph) -> list[dict[str, Term]]:
    return queries.run(query, graph).dicts()


def _loaded(graph: Graph, data: DataFiles, progress: Progress) -> Iterator[Mapped]:
    """What every data file becomes, without its quads: a graph has them now."""
    for mapped in data.mapped(progress):
        graph.load(mapped.quads)
        yield replace(mapped, quads="")


def _holders(files: Packed, data: DataFiles, graph: Graph) -> Holders:
    """What tells the files that state something of a subject."""
    places = {file.graph: (number, address) for number, (address, file) in enumerate(data.files.items())}

    def holders(subject: str) -> list[Mapped]:
        return [files[address] for _, address in sorted(places[each] for each in graph.graphs(subject) if each in places)]

    return holders


def named(project: Project, graph: Graph) -> Named:
    """What tells the ids of the things that a text means which is no id.

    It may be an id with what stands before it in answers, a code, or a name in one of a project's languages, now or at another
    time; of a multiple of a unit (万元), that unit's.
    """

    def ids(name: str) -> list[str]:
        bare = name.removeprefix(f"{project.base}id/").removeprefix("id:")
        if bare != name:
            return [bare]
        texts = {name, simplified(name), name.lstrip("百千万亿")} - {""}
        values = " ".join(Literal(text, language=language).nt for language in project.languages for text in sorted(texts))
        rows = graph.select(_NAMED.format(names=values, code=Literal(name).nt)).dicts()
        return sorted({local_name(str(row["this"])) for row in rows})

    return ids


_NAMED = """SELECT DISTINCT ?this WHERE {{
  {{ VALUES ?name {{ {names} }} ?this pb:name ?name }}
  UNION {{ VALUES ?name {{ {names} }} ?naming pb:name ?name . ?this pb:naming ?naming }}
  UNION {{ ?code pb:notation {code} . ?this pb:code ?code }}
  FILTER EXISTS {{ ?this a pb:Entity }}
}}"""


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


def _check_problems(query: Query, rows: Sequence[Mapping[str, Term]], merged: Index) -> list[Problem]:
    """The findings of a check query; of rows that agree in the columns its header lists under `once`, the first by place."""
    found: dict[tuple[object, ...], Problem] = {}
    for number, row in enumerate(rows):
        subject, path, value = (row.get(name) for name in ("this", "path", "value"))
        if subject is None:
            raise Refused([problem(query.where, "check-without-this", name=query.name)])
        if merged.is_faulty(str(subject)) or (isinstance(value, Iri) and merged.is_faulty(value)):
            continue
        where = merged.locate(str(subject), str(path or ""), value.nt if value else "") or query.where
        details = {name: in_words(term) for name, term in row.items()}
        what, remedy = (told(query.text(key), details, query.where, query.name) for key in ("what", "remedy"))
        once = tuple(row.get(name) for name in query.header.get("once", ())) or (number,)
        each = Problem(where, query.name, what, remedy, query.severity)
        found[once] = min(each, found.get(once, each))
    return list(found.values())


def in_words(term: Term | None) -> str:
    """What a message calls a term: the last part of an address, the beginning of a text, nothing for None."""
    if term is None:
        return ""
    return local_name(term) if isinstance(term, Iri) else shorten(term.text)
