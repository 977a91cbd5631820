"""`.rq` files: a YAML header in `#+` lines, parameters, and a SELECT in which each parameter is given as a term."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pbgraph import queryslips, yamlfiles
from pbgraph.finding import Match, Names
from pbgraph.headers import MARK, read_header
from pbgraph.likeness import near, suggest
from pbgraph.presenting import class_label, presented
from pbgraph.problems import Detail, Problem, Refused, Severity, Text, Where, problem, shorten
from pbgraph.project import Project
from pbgraph.records import decoded
from pbgraph.solutions import Grouped, Rows
from pbgraph.sparql import NOT_WORDS
from pbgraph.spelling import place_in
from pbgraph.store import Graph, QueryError
from pbgraph.terms import Iri, Literal, Term, local_name

FAMILIES = ("questions", "conflicts", "tables", "networks", "pages")
"""The families of query files that ask of a checked graph; `checks` are asked before."""

_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "questions": ("question", "keywords", "reading", "examples"),
    "checks": ("what", "remedy"),
    "conflicts": ("label", "what", "reading"),
    "tables": ("label",),
    "networks": ("label", "legend"),
    "pages": (),
}


@dataclass(frozen=True)
class Query:
    """One query file: its name (the file's stem), its header as plain mappings, lists and texts, and its SPARQL."""

    name: str
    where: Where
    header: Mapping[str, Any]
    sparql: str

    def text(self, key: str) -> Text:
        """A header entry with a text per language, as pairs."""
        return tuple(sorted(self.header.get(key, {}).items()))

    def place(self, word: str) -> Where:
        """Where in its header a word stands, else where its SPARQL begins."""
        header = "\n".join(self.sparql.split("\n")[: max(self.where.line - 1, 0)])
        mere = rf"(?<![\w-]){re.escape(word)}(?![\w-])" if word else "(?!)"
        found = re.search(rf"(?<=[{{, ]){re.escape(word)}(?=: )", header) or re.search(mere, header)
        return place_in(header, found.start(), self.where.file) if found else self.where

    @property
    def group(self) -> str:
        """The group it is listed in; empty: none."""
        return str(self.header.get("group", ""))

    @property
    def severity(self) -> Severity:
        """How grave what a check query finds is."""
        return "warning" if self.header.get("severity") == "warning" else "error"

    @property
    def parameters(self) -> Mapping[str, str]:
        """Its parameters: the variable, and a class, `name`, `text`, `year` or `words` (for REGEX as {variable}Pattern, too)."""
        found: Mapping[str, str] = self.header.get("parameters", {})
        return found

    @property
    def examples(self) -> Sequence[Mapping[str, str]]:
        """Filled-in parameters, as typed on a command line; the first is the one shown."""
        found: Sequence[Mapping[str, str]] = self.header.get("examples", [{}])
        return found


def load(project: Project, family: str) -> list[Query]:
    """Read all query files of a family (`questions`, `checks` …). Refused: one is no text, or its header is not as it must be."""
    queries: list[Query] = []
    problems: list[Problem] = []
    for path in project.files(family, ".rq"):
        try:
            if not _NAME.fullmatch(path.stem):
                raise Refused([problem(Where(project.address(path)), "query-name", name=path.stem)])
            queries.append(read(project.read(path), project.address(path), project.languages, _REQUIRED[family]))
        except Refused as refused:
            problems.extend(refused.problems)
    if family != "pages":  # where a later folder's takes the place of an earlier one's
        problems.extend(_twice(queries))
    if problems:
        raise Refused(problems)
    return queries


def read(content: bytes, file: str, languages: Sequence[str], required: Sequence[str] = ()) -> Query:
    """One query file, its sentences in these languages. Refused: it is no text, or its header not as it must be."""
    text = decoded(content, file)
    if isinstance(text, Problem):
        raise Refused([text])
    lines = text.splitlines()
    count = next((number for number, line in enumerate(lines) if not line.startswith(MARK)), len(lines))
    if apart := next((number for number in range(count, len(lines)) if lines[number].startswith(MARK)), 0):
        raise Refused([problem(Where(file, apart + 1, 1), "header-apart")])
    header = read_header(lines[:count], file, required, languages)
    if isinstance(header, list):
        raise Refused(header)
    return Query(Path(file).stem, Where(file, count + 1, 1), header, text)


def _twice(queries: Iterable[Query]) -> Iterator[Problem]:
    """Queries of one name: what one of them makes would take the place of what the other does."""
    first: dict[str, str] = {}
    for query in queries:
        if first.setdefault(query.name, query.where.file) != query.where.file:
            yield problem(query.where, "query-twice", name=query.name, first=first[query.name])


def misdeclared(query: Query, columns: Collection[str], classes: Collection[str], tags: Collection[str]) -> Iterator[Problem]:
    """What a header says of columns and variables that the query has not, and parameters of classes that there are not.

    `tags`: the languages of which a column may end in one, noteZh and noteEn under the title of `note`.
    """
    yield from _misdeclared_parameters(query, columns, classes)
    plain = NOT_WORDS.sub(lambda found: " " * len(found[0]), query.sparql)
    for name in () if _EVERYTHING.search(plain) else {*columns} - {*query.parameters}:
        (first, *more) = re.finditer(rf"[?$]{name}\b", plain)
        if not more and not _MADE.search(plain, 0, first.start()):
            yield problem(place_in(query.sparql, first.start(), query.where.file), "never-bound", column=name)
    for name in query.header.get("columns", {}):
        if not {name, *(name + tag.capitalize() for tag in tags)} & {*columns}:
            yield problem(query.place(name), "unknown-column", column=name, **near(name, columns))
    for name in (*query.header.get("key", ()), *query.header.get("once", ())):
        if name not in columns:
            yield problem(query.place(name), "unknown-column", column=name, **near(name, columns))


def _misdeclared_parameters(query: Query, columns: Collection[str], classes: Collection[str]) -> Iterator[Problem]:
    variables = set(_VARIABLE.findall(NOT_WORDS.sub(" ", query.sparql)))
    for name, cls in query.parameters.items():
        if name not in variables:
            yield problem(query.place(name), "unknown-variable", parameter=name, **near(name, sorted(variables)))
        elif name not in columns:
            yield problem(query.place(name), "parameter-without-column", parameter=name)
        if cls not in (*_TYPED, "name", *classes):
            yield problem(query.place(cls), "unknown-type", type=cls, **near(cls, sorted(classes)))


def idle(query: Query, graph: Graph, base: str) -> Iterator[Problem]:
    """The parameters of a query that leave rows which have nothing to do with what is given: only optional parts have them.

    Refused: the query cannot be run, or its first example not be bound.
    """
    others = bind(query, query.examples[0], graph, base)
    nothing = Iri(f"{base}id/.nothing")  # an address that no entity can have
    for name, cls in query.parameters.items():
        if cls not in (*_TYPED, "name") and run(query, graph, {**others, name: nothing}).rows:
            yield problem(query.place(name), "parameter-idle", parameter=name)


def run(query: Query, graph: Graph, bindings: Mapping[str, Term] | None = None) -> Rows:
    """Run a query with its variables bound, everywhere in it. Refused: the store cannot parse or run it."""
    with _told(query, graph):
        # The store begins with what its text gives, not with what is bound beside it: that alone is slow.
        given, kinds = bindings or {}, query.parameters
        shown = {name: term for name, term in given.items() if kinds.get(name.removesuffix("Pattern")) != "words"}
        return graph.select(_given(query.sparql, given), shown)


def remember(query: Query, graph: Graph, path: Path) -> None:
    """Run a query now, for whoever runs it until the graph forgets its rows. Refused: as above. OSError: nowhere to keep them."""
    with _told(query, graph):
        graph.remember(query.sparql, path)


def grouped(query: Query, graph: Graph) -> Grouped:
    """Run a query whose rows will be asked for by what ?this is bound to. Refused: as above."""
    with _told(query, graph):
        return graph.grouped(query.sparql, "this")


@contextmanager
def _told(query: Query, graph: Graph) -> Iterator[None]:
    """Let what the store says of a query be said of its file."""
    try:
        yield
    except QueryError as error:
        raise Refused(queryslips.told(error, query.sparql, query.where, graph)) from error


def bind(query: Query, given: Mapping[str, str], graph: Graph, base: str) -> dict[str, Term]:
    """Turn what a user typed for each parameter into a term: an id or a form of a name into its entity, all else into a literal.

    Refused, with the place of what is given in the query's header if it is an example, else with the query's: a parameter the
    query has not or that is missing, a name that nothing or more than one thing goes by, a thing of another class, no year.
    """
    return _bound(query, given, Names(graph, base))


def _bound(query: Query, given: Mapping[str, str], names: Names) -> dict[str, Term]:
    terms: dict[str, Term] = {}
    needed = [name for name in query.header.get("required", []) if name not in given]
    details = [{"name": query.name, "parameter": name, "example": query.examples[0].get(name, "…")} for name in needed]
    problems = [problem(query.where, "missing-parameter", **each) for each in details]
    for name, typed in given.items():
        if name not in query.parameters:
            problems.append(problem(query.where, "unknown-parameter", parameter=name, **near(name, query.parameters)))
        elif query.parameters[name] in _TYPED:
            bound, code = _as_typed(typed, name, query.parameters[name])
            terms.update(bound)
            problems += [] if bound else [problem(query.place(typed), code, parameter=name, typed=shorten(typed))]
        else:
            found = resolve(typed, query.parameters[name], names)
            if isinstance(found, Iri | Literal):
                terms[name] = found
            else:
                problems.append(problem(query.place(typed), found[0], parameter=name, **found[1]))
    if problems:
        raise Refused(problems)
    return terms


def _as_typed(typed: str, name: str, kind: str) -> tuple[dict[str, Term], str]:
    """What a parameter that stands for no thing binds; nothing, and the code of a problem, where it is no year or no words."""
    if kind == "year":
        return {name: Literal(year[0])} if (year := _YEAR.match(typed)) else {}, "bad-year"
    if kind == "words":
        words = [word.strip() for word in re.split("[|｜]", typed) if word.strip()]
        pattern = "|".join(_SIGNS.sub(r"\\\g<0>", word) for word in words)
        return {name: Literal("|".join(words)), f"{name}Pattern": Literal(pattern)} if words else {}, "no-words"
    return {name: Literal(typed)}, ""


def misleading(query: Query, names: Names) -> Iterator[Problem]:
    """What is wrong with the examples of a query, where the things that there are go by these names."""
    for example in query.examples:
        try:
            _bound(query, example, names)
        except Refused as refused:
            yield from refused.problems


def groups(project: Project) -> dict[str, Text]:
    """The groups of questions in the order of `groups.yaml` beside them, each with its name. Refused: it is no such mapping."""
    found: dict[str, Text] = {}
    for path in project.files("questions", "groups.yaml"):
        for name, texts, where in yamlfiles.entries(path, project):
            if not isinstance(texts, dict) or not all(isinstance(texts.get(each), str) for each in project.languages):
                told = ", ".join(f"{language}: …" for language in project.languages)
                raise Refused([problem(where, "header-form", key=name, example=f"{name}: {{{told}}}")])
            found[name] = tuple(sorted(texts.items()))
    return found


def ungrouped(project: Project) -> Iterator[Problem]:
    """The questions of a group that `groups.yaml` does not name, if there is such a file. Refused: as for both."""
    known = groups(project)
    for query in load(project, "questions") if known else ():
        if query.group and query.group not in known:
            yield problem(query.place(query.group), "unknown-group", group=query.group, **near(query.group, known))


_TYPED = ("text", "words", "year")
"""Parameters that stand for what is typed, and for nothing in the graph."""

_SIGNS = re.compile(r"[.*+?(){}\[\]^$\\]")
"""What means something to REGEX (XPath and XQuery Functions 3.1, section 5.6.1)."""

_YEAR = re.compile("[12][0-9]{3}(?![0-9A-Za-z.])")
_NAME = re.compile(r"[^\W_][\w-]*")
_EVERYTHING = re.compile(r"\A\s*(?:PREFIX\s+\S+\s*)*SELECT\s+(?:DISTINCT\s+|REDUCED\s+)?\*", re.IGNORECASE)
_MADE = re.compile(r"\bAS\s*\Z", re.IGNORECASE)
_VARIABLE = re.compile(r"[?$](\w+)")

# WHERE may be left out (SPARQL 1.1, section 19.8, rule 17): then the first brace behind SELECT opens, where it is no EXISTS's.
_OPENING = re.compile(
    rf"{NOT_WORDS.pattern}|(\bWHERE\s*\{{|\bSELECT\b(?:{NOT_WORDS.pattern}|(?!\bWHERE\b|\bEXISTS\b)[^{{}}])*+\{{)", re.IGNORECASE
)


def _given(sparql: str, bindings: Mapping[str, Term]) -> str:
    """A query with VALUES for each parameter at the head of every WHERE."""
    values = "".join(f" VALUES ?{name} {{ {term.nt} }}" for name, term in sorted(bindings.items()))
    return _OPENING.sub(lambda found: found[0] + values if found[1] else found[0], sparql)


def filled(query: Query, bindings: Mapping[str, Term]) -> str:
    """The SPARQL of a query with its parameters bound in its own text, for those who run it elsewhere."""
    lines = (line for line in query.sparql.splitlines() if not line.startswith(MARK))
    return _given("\n".join(lines).strip(), bindings) + "\n"


def resolve(typed: str, cls: str, names: Names) -> Term | tuple[str, Mapping[str, Detail]]:
    """What a parameter of class `cls` (local name, or `name`) is bound to; else a problem's code with its details.

    Of a class, it is the one entity of that class in the surest rank with any; of `name`, the name, as the graph writes it,
    that all of the surest rank bear.
    """
    first: frozenset[Match] = frozenset()
    for rank in _name_first(typed, names) if cls == "name" else names.ranks(typed):
        first = first or rank
        fitting = rank if cls == "name" else frozenset(each for each in rank if _is_a(each.entity, cls, names.graph))
        entities = sorted({each.entity for each in fitting})
        if cls == "name" and (shared := _shared(fitting)):
            return Literal(shared)
        if cls != "name" and len(entities) == 1:
            return entities[0]
        if entities:
            return "ambiguous-name", {"typed": shorten(typed), "candidates": presented(entities, names.graph)}
    if first:
        entities = sorted({each.entity for each in first})
        details: dict[str, Detail] = {
            "needed": cls,
            "type": class_label(cls, names.graph),
            "candidates": presented(entities, names.graph),
        }
        return "not-of-class", {"typed": shorten(typed), **details}
    return "unknown-name", {"typed": shorten(typed), "suggestion": suggest(typed, names.known)}


def _name_first(typed: str, names: Names) -> Iterator[frozenset[Match]]:
    yield from names.by_name(typed)
    if (entity := names.by_id(typed)) and (own := names.own(entity)):
        yield frozenset({Match(entity, own)})


def _shared(rank: frozenset[Match]) -> str:
    """A name that all who were found bear, in any case; empty if there is none."""
    everyone = {each.entity for each in rank}
    bearers: dict[str, set[str]] = {}
    for each in rank:
        bearers.setdefault(each.name.casefold(), set()).add(each.entity)
    return min((each.name for each in rank if bearers[each.name.casefold()] == everyone), default="")


def _is_a(entity: Iri, cls: str, graph: Graph) -> bool:
    return any(local_name(each) == cls for classes in graph.classes(entity).values() for each in classes)


def find(name: str, queries: Iterable[Query], code: str = "unknown-query") -> Query:
    """The query with this name. Refused, with `code`: none has it."""
    by_name = {query.name: query for query in queries}
    if name not in by_name:
        raise Refused([problem(Where("queries"), code, name=name, suggestion=suggest(name, by_name))])
    return by_name[name]
