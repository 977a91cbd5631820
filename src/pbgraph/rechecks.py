"""After an edit: what follows from the files that changed, beside what is known since the last checkpoint.

The graph is a copy of that state's store, in which the changed triples are replaced; shapes and check queries are asked again
only about the nodes that these may concern. What it finds is what a check from nothing finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

from pbgraph import checkpoints, checks, constraints, derive, index, store
from pbgraph.breaches import NotCovered
from pbgraph.checkpoints import Checkpoint
from pbgraph.checks import Checked, Findings, Rules
from pbgraph.crossings import stands
from pbgraph.datafiles import DataFiles
from pbgraph.dependence import Changes, Dependency, Unclear, changes, concerned, rows_about
from pbgraph.index import Index, Located, Packed
from pbgraph.mapping import Mapped
from pbgraph.problems import Verdict, Where
from pbgraph.progress import Progress, silent
from pbgraph.project import Project
from pbgraph.queries import Query
from pbgraph.store import Graph, QueryError
from pbgraph.terms import Iri, Term, Triple

FEW = 20
"""With so many changed files, or a tenth of all, it is quicker to look only at what they concern."""

MUCH, SHARE = 500, 20
"""Of so many triples that went or came, and a share of all as large as one of so many, it is quicker to ask about everything."""

LARGE = 500_000
"""Of so many quads a check takes long enough for it to find out beforehand what the first edit needs."""

ONE_BY_ONE = 1000
"""So many nodes at most are looked up one after the other; of more, a query is asked as a whole."""

_Value = TypeVar("_Value")
_Needed = tuple[Dependency, ...] | None


@dataclass(frozen=True)
class Needs:
    """What shapes, and by name check queries, depend on (None: on anything); and how a query is put for a node at a time."""

    shapes: _Needed
    queries: Mapping[str, _Needed]
    alone: Mapping[str, str]


@dataclass(frozen=True)
class Edit:
    """Files that changed since a checkpoint, what they have become, the named graphs they had, and all graphs, old and new."""

    project: Project
    rules: Rules
    needs: Needs
    data: DataFiles
    before: Checkpoint
    changed: Sequence[str]
    mapped: Sequence[Mapped]
    graphs: Sequence[str]
    old: Graph
    new: Graph

    @cached_property
    def stated(self) -> Mapping[str, set[str]]:
        """What the changed files stated, by named graph, as lines of N-Quads."""
        return {graph: self.old.lines_of(graph) for graph in self.graphs}


def prepare(checked: Checked, again: bool = False) -> None:
    """Keep what shapes and check queries depend on, if the graph is large or was checked by these rules before.

    To find it out takes longer than to check a small graph from nothing, which few do only once.
    """
    if again or len(checked.graph) >= LARGE:
        kept, rules = checked.data.kept, checked.rules
        kept.get("needs", rules.key, lambda: _needs(rules, checked.graph.prefixes))


def recheck(project: Project, rules: Rules, data: DataFiles, progress: Progress = silent) -> Verdict | None:
    """What a check finds, if it can be told from a checkpoint; that of the new state takes its place, if it can be one.

    None: there is no checkpoint, nobody knows what depends on what, too much changed since, or its store does not answer.
    """
    kept = data.kept
    try:
        with checkpoints.alone(kept, progress):
            before = checkpoints.find(kept, rules.key)
            needs: tuple[Needs] | None = kept.find("needs", rules.key)
            if before is None or needs is None or not data.files:
                return None
            changed = sorted(file for file in {*before.keys, *data.keys} if before.keys.get(file) != data.keys.get(file))
            if len(changed) > max(FEW, len(data.files) // 10):
                return None
            progress("map")
            mapped = [data.become(file) for file in changed if file in data.files]
            old = store.open_read_only(checkpoints.folder(kept, before), checks.prefixes(project, rules.schema.prefixes))
            with checkpoints.candidate(kept) as target:
                graphs = [before.graphs[file] for file in changed if file in before.graphs]
                # Nothing here may hold the copy any longer: its threads write until it is closed, and its folder may go.
                place = target.parent.name
                told = _checked(
                    Edit(project, rules, *needs, data, before, changed, mapped, graphs, old, old.copy(target)), place, progress
                )
                checkpoints.seal(kept, place)
                return told
    except (OSError, QueryError, RuntimeError) as error:
        # Whatever is wrong with the store or its folder, a check from nothing does without. Of damage the store tells by a plain
        # RuntimeError; Python's own are of kinds below it.
        if isinstance(error, RuntimeError) and type(error) is not RuntimeError:
            raise
        return None


def _checked(edit: Edit, place: str, progress: Progress) -> Verdict | None:
    """Bring the new graph to what the files have become, check it, and let it be the checkpoint if it can be one.

    None: too much of it is new.
    """
    progress("derive")
    lost, won = _replaced(edit)
    if len(lost) + len(won) > max(MUCH, edit.before.statements // SHARE):
        return None
    whole = all(file.readable for file in edit.mapped)
    merged = _merged(edit)
    findings = _findings(edit, changes(lost), changes(won), whole, progress)
    found = [each for file in edit.mapped for each in file.problems]
    found += [*checks.beside(edit.project, edit.rules, edit.data), *merged.problems]
    found.extend(each for file, told in edit.before.problems.items() if file not in edit.changed for each in told)
    found.extend(checks.problems_of(findings, edit.rules, merged, "" if whole else f"{edit.project.base}claim/"))
    statements = edit.before.statements - len(lost) + len(won)
    if whole and not merged.problems and edit.data.is_steady(file.file for file in edit.mapped):
        edit.new.flush()
        checkpoints.keep(edit.data.kept, edit.rules.key, _state(edit, place, findings, merged, statements))
    return Verdict(tuple(sorted(set(found))), len(edit.data.files), statements)


def _state(edit: Edit, place: str, findings: Findings, merged: Index, statements: int) -> Checkpoint:
    before = edit.before
    graphs, problems, faulty, sources = checkpoints.of_files(edit.mapped)

    def others(found: Mapping[str, _Value]) -> dict[str, _Value]:
        return {file: value for file, value in found.items() if file not in edit.changed}

    return Checkpoint(
        place,
        edit.data.keys,
        others(before.graphs) | graphs,
        others(before.problems) | problems,
        others(before.faulty) | faulty,
        {source: file for source, file in before.sources.items() if file not in edit.changed} | sources,
        findings,
        merged.located,
        statements,
    )


def _replaced(edit: Edit) -> tuple[list[Triple], list[Triple]]:
    """Replace in the new graph what the changed files state, and what is derived from it; the triples that went and that came."""
    stated = edit.stated
    earlier = store.in_memory((line for lines in stated.values() for line in lines), edit.old.prefixes)
    later = store.in_memory((file.quads for file in edit.mapped), edit.old.prefixes)
    lost: list[Triple] = []
    won: list[Triple] = []

    def replace(graph: str, gone: set[Triple], come: set[Triple]) -> None:
        edit.new.change(graph, gone, come)
        lost.extend(gone)
        won.extend(come)

    for graph in sorted({*stated, *(file.graph for file in edit.mapped)}):
        told, tells = stated.get(graph, set()), later.lines_of(graph)
        replace(graph, *(store.in_memory(lines, {}).stated_in(graph) for lines in (told - tells, tells - told)))
    was, becomes = _derived(earlier, edit), _derived(later, edit)
    gone = was - becomes - derive.still_derived(was - becomes, edit.new, edit.rules.schema)
    home = derive.graph_of(edit.project.base)
    replace(home, gone, {triple for triple in becomes - was if home not in edit.old.graphs(triple[0], triple[1], str(triple[2]))})
    return lost, won


def _derived(graph: Graph, edit: Edit) -> set[Triple]:
    lines = derive.derived_quads(graph, edit.rules.schema, edit.project.base)
    return store.in_memory(lines, {}).stated_in(derive.graph_of(edit.project.base))


def _merged(edit: Edit) -> Index:
    """What crosses files: of the changed ones alone where nothing is wrong with it, else of all."""
    base, data = edit.project.base, edit.data
    order = {file: number for number, file in enumerate(data.files)}
    files_of = {graph: file for file, graph in edit.before.graphs.items() if file in data.files}
    files_of |= {file.graph: file.file for file in edit.mapped}
    changed = {file.file: file for file in edit.mapped}
    become = lru_cache(2)(data.become)

    def holders(subject: str) -> list[Mapped]:
        stating = {files_of[graph] for graph in edit.new.graphs(subject) if graph in files_of} | changed.keys()
        return [changed.get(file) or become(file) for file in sorted(stating, key=order.__getitem__)]

    if not stands(edit.mapped, edit.graphs, edit.before.sources, edit.old, base):
        files = Packed(map(data.become, data.files), data.files)
        return index.merge(files, edit.rules.schema, base, data.topics, holders, checks.named(edit.project, edit.new))
    faulty = {subject for file in edit.mapped for subject in file.faulty}
    faulty.update(subject for file, some in edit.before.faulty.items() if file not in edit.changed for subject in some)
    return Index({}, changed, frozenset(faulty), (), data.topics, holders, _still_located(edit))


def _still_located(edit: Edit) -> dict[Located, Where | None]:
    """Places that the edit cannot have moved: of subjects that no changed file mentions, or mentioned before."""
    touched = {line.partition(" ")[0].strip("<>") for lines in edit.stated.values() for line in lines}
    touched.update(subject for file in edit.mapped for subject in file.places)
    located = edit.before.located.items()
    return {asked: where for asked, where in located if where and where.file not in edit.changed and asked[0] not in touched}


def _findings(edit: Edit, lost: Changes, won: Changes, whole: bool, progress: Progress) -> Findings:
    before, rules, needs = edit.before.findings, edit.rules, edit.needs
    if whole and not lost.triples and not won.triples:
        return before

    def touched(needed: _Needed) -> set[Term] | None:
        try:
            return None if needed is None else concerned(needed, edit.old, lost) | concerned(needed, edit.new, won)
        except Unclear:
            return None

    nodes = touched(needs.shapes)
    results = constraints.validate(edit.new, rules.shapes, progress, nodes)
    if nodes is not None:
        names = {str(node) for node in nodes}
        results += [result for result in before.results if result.focus not in names]
    rows: dict[str, Sequence[Mapping[str, Term]]] = {}
    for query in rules.queries if whole else ():
        nodes = touched(needs.queries[query.name])
        if nodes is None or len(nodes) > ONE_BY_ONE:
            rows[query.name] = edit.new.select(query.sparql).dicts()
        else:
            alone = needs.alone[query.name]
            asked = (
                row for node in nodes for row in rows_about(node, alone if isinstance(node, Iri) else query.sparql, edit.new)
            )
            others = (row for row in before.rows[query.name] if row["this"] not in nodes)
            rows[query.name] = [*others, *asked]
    return Findings(results, rows)


def _needs(rules: Rules, prefixes: Mapping[str, str]) -> Needs:
    from pbgraph import reach

    def needed(asked: Iterable[tuple[str, str]]) -> _Needed:
        try:
            return tuple(dict.fromkeys(each for query, focus in asked for each in reach.dependencies(query, prefixes, focus)))
        except Unclear:
            return None

    def alone(query: Query) -> str:
        try:
            return reach.about_one(reach.looked_up(query.sparql, prefixes), prefixes)
        except Unclear:
            return query.sparql

    try:
        shapes = needed(dict.fromkeys(constraints.asked(rules.shapes)))
    except NotCovered:
        shapes = None
    queries = {query.name: needed([(query.sparql, "?this")]) for query in rules.queries}
    return Needs(shapes, queries, {query.name: alone(query) for query in rules.queries})
