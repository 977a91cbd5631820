"""What a checked graph becomes on disk: store, dumps, tables, networks, question results, site."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

from pbgraph import (
    assembling,
    checkpoints,
    collecting,
    contents,
    editing,
    exporting,
    forking,
    garbage,
    listing,
    pages,
    queries,
    store,
    tables,
    turtlefiles,
    void,
)
from pbgraph.addresses import ROUTES
from pbgraph.atlas import Atlas
from pbgraph.cache import NONE, Cache, digest
from pbgraph.checks import Checked
from pbgraph.collecting import Item
from pbgraph.dataset import Dataset, Download
from pbgraph.drawing.pixels import draw_png
from pbgraph.finding import Names
from pbgraph.linked import SCHEMA, Linked
from pbgraph.networks import Graph
from pbgraph.problems import Problem, Refused
from pbgraph.progress import Progress, counted, silent
from pbgraph.project import Project
from pbgraph.publishing import Published
from pbgraph.queries import Query
from pbgraph.sites import Site
from pbgraph.spelling import other_namespaces, unknown_terms
from pbgraph.tables import Table
from pbgraph.terms import RDF, RDFS, SH, Iri, Literal, Term, core
from pbgraph.tracing import Ledger, Made

DUMP = "graph.nq"
"""The file of all quads, beside the store."""


def write_products(checked: Checked, out: Path, progress: Progress, earlier: Ledger | None = None) -> tuple[dict[str, int], Made]:
    """Write everything below `out`; the counts a user is told, and what was read for each file of the site.

    Files of the site that would be as in an `earlier` build are taken from there. Refused: a query, view or template is wrong.
    """
    atlas = Atlas(checked.project, checked.graph)
    listed, drawn = write_data(checked, atlas, out, progress)
    write_schema(checked.project, out / "schema")
    write_questions(checked, out / "schema" / "questions.ttl")
    (out / "schema" / "data.schema.json").write_text(editing.as_text(checked), encoding="utf-8")
    progress("site")
    site, counts = site_of(checked, atlas, drawn, out), _counts(checked)
    made = pages.write_site(site, out / "site", earlier, progress).made
    pages_ = sum(name.endswith(".html") for name in made.files)
    return {**counts, "tables": len(listed), "networks": len(drawn), "pages": pages_}, made


def slips(checked: Checked) -> list[Problem]:
    """Terms, columns, classes and ids in examples that the project's queries name and that are not there.

    A query would answer them with no rows, as if there were nothing to tell. Also why queries cannot be run. Refused: the header
    of one is not as it must be.
    """
    known, prefixes = checked.schema.terms, checked.schema.prefixes
    asked = [query for family in queries.FAMILIES for query in queries.load(checked.project, family)]
    strange = [found for family in queries.FAMILIES for found in contents.misspelt(checked.project, family, ".rq")]
    strange += [found for each in asked for found in unknown_terms(each.sparql, each.where.file, known, prefixes)]
    own = {"id": f"{checked.project.base}id/"}
    strange += [found for each in asked for found in other_namespaces(each.sparql, each.where.file, own)]
    strange += queries.ungrouped(checked.project)
    names = Names(checked.graph, checked.project.base)
    empty = store.in_memory([], checked.graph.prefixes)  # in which a query has the columns that it has in any
    for query in asked:
        try:
            columns = queries.run(query, empty).variables
        except Refused as refused:
            strange.extend(refused.problems)
            continue
        declared = [*queries.misdeclared(query, columns, checked.schema.classes, checked.project.languages)]
        declared = declared or [*queries.misleading(query, names)]
        strange.extend(declared or queries.idle(query, checked.graph, checked.project.base))
    return strange


@garbage.kept()
def write_data(checked: Checked, atlas: Atlas, out: Path, progress: Progress = silent) -> tuple[list[Table], list[Item]]:
    """Write store, dumps, tables and networks; the tables, and what pages show of networks.

    Refused: a query cannot be run, or its rows are not what its header says, or make no network.
    """
    project, labels = checked.project, atlas.labels
    for name in ("tables", "networks"):
        (out / name).mkdir(parents=True)
    works: list[Callable[[], Table | Item]] = [
        *(partial(tables.write, query, checked, labels, out / "tables") for query in queries.load(project, "tables")),
        *(
            partial(write_network, query, atlas, out / "networks", checked.data.kept)
            for query in queries.load(project, "networks")
        ),
    ]
    with asked_before(atlas, out, progress):
        done = forking.as_done_beside(partial(write_store, checked, out), works, forking.as_many_as_fit())
        made = [each for _, each in sorted(counted(done, "data", len(works), progress), key=itemgetter(0))]
    listed = [each for each in made if isinstance(each, Table)]
    tables.describe(listed, checked, labels, out / "tables")
    return listed, [each for each in made if isinstance(each, dict)]


@contextmanager
def asked_before(atlas: Atlas, out: Path, progress: Progress = silent) -> Iterator[None]:
    """Write the graph as N-Quads and ask it all that tables and networks tell; meanwhile none of this needs the graph.

    So it takes no memory, and processes forked from this one come to hold no copy of it. Refused: a query cannot be run.
    """
    asked = [query for family in ("tables", "networks") for query in queries.load(atlas.project, family)]
    with TemporaryDirectory(dir=out) as folder:
        # The first is Python's own work, beside which the store can answer.
        works = [partial(_told_apart, atlas, out)]
        works += [partial(queries.remember, query, atlas.graph, Path(folder, str(n))) for n, query in enumerate(asked)]
        forking.in_threads(works, "ask", progress)
        atlas.graph.rest()
        try:
            yield
        finally:
            atlas.graph.forget()


def _told_apart(atlas: Atlas, out: Path) -> None:
    atlas.prepare()
    atlas.graph.write_quads(out / DUMP)


def write_store(checked: Checked, out: Path) -> None:
    """Write the quads, as they were written, as Turtle and to a store on disk; a forked process has none of a store's threads."""
    store.write_turtle(out / DUMP, out / "graph.ttl", checked.graph.prefixes)
    if not checkpoints.lent(checked, out / "store"):
        store.write(out / DUMP, out / "store", checked.graph.prefixes)
    shutil.copymode(out, out / "store")  # The store itself does not ask who may write.


_TITLED = ("tables", "networks")
"""Families of queries whose products are files with a title."""


def site_of(checked: Checked, atlas: Atlas, drawn: Sequence[Item], out: Path) -> Site:
    """All that pages are made from; the dumps, tables and networks that stand in `out` are what can be downloaded."""
    paths = [
        path for path in sorted(out.rglob("*")) if path.is_file() and path.relative_to(out).parts[0] not in ("store", "site")
    ]
    downloads = {path.relative_to(out).as_posix(): Download(path.relative_to(out).as_posix(), path) for path in paths}
    dataset = Dataset(checked.project, checked.graph, downloads)
    files = listing.Files(checked.project, checked.index)
    asked = collecting.questions(checked)
    pictures = {str(item["this"]): item["drawn"] for item in drawn if item["drawn"]}
    contradictions = collecting.contradictions(checked, atlas.labels)
    extras = {
        "questions": asked,
        "answers": collecting.answers(checked, asked),
        "conflicts": contradictions,
        "conflict-kinds": collecting.contradiction_kinds(checked.project),
        "conflicts-of": list(collecting.flagged(contradictions)),
        "rules": collecting.rules(checked),
        "question_groups": {name: dict(texts) for name, texts in queries.groups(checked.project).items()},
        "networks": drawn,
        "ranks": [row for item in drawn for row in item["ranks"]],
        "pictures": pictures,
        "colours": atlas.colours,
        "ranges": {prop.iri: [Iri(cls) for cls in sorted(prop.range_classes)] for prop in checked.schema.properties.values()},
        "files": list(files.rows()),
        "downloads": downloads,
        "contents": {
            f"{part}/{each.name}": each.header["label"] for part in _TITLED for each in queries.load(checked.project, part)
        },
        "described": void.describe(dataset),
    }
    site = Site(checked.project, checked.graph, atlas.labels, atlas.addresses, extras, checked.index)
    site.tools = {
        "published": Published(checked.project),
        "routes": ROUTES,
        "lines_of": files.lines,
        "ontologies": [path.stem for part in ("ontology", "alignment") for path in checked.project.files(part, ".ttl")],
        "pictured": next(iter(pictures), ""),
        "linked": Linked(site, dataset, alignment(checked.project)),
    }
    return site


def alignment(project: Project) -> store.Statements:
    """What the project says of its terms in other vocabularies: subject → predicate → objects, of all its files."""
    return store.statements(b"\n".join(turtlefiles.read(project, "alignment").values()), "ttl")


def _counts(checked: Checked) -> dict[str, int]:
    nodes = "SELECT DISTINCT ?class ?node WHERE { ?node a ?class }"
    classes = {"entities": "Entity", "claims": "Claim", "passages": "Passage"}
    found = {name: len(checked.graph.select(nodes, {"class": core(cls)}).rows) for name, cls in classes.items()}
    return {"files": checked.files, "quads": len(checked.graph), **found}


def write_schema(project: Project, out: Path) -> None:
    """Copy the ontology, its alignment and the shapes beside the data, for those who take the graph elsewhere."""
    out.mkdir(parents=True)
    for part in ("ontology", "alignment", "shapes"):
        for path in project.files(part, ".ttl"):
            name = path.name if part != "shapes" else f"shapes-{path.name}"
            (out / name).write_bytes(project.read(path))
    # What the address of all terms, or of all shapes, answers with: Turtle files one after another are Turtle.
    for part in ("ontology", "shapes"):
        (out / f"{part}.ttl").write_bytes(b"\n".join(turtlefiles.read(project, part).values()))


def write_questions(checked: Checked, path: Path) -> None:
    """Describe every question as an executable of SHACL (section 5.1 of SHACL-AF's vocabulary).

    Each is a sh:SPARQLSelectExecutable with its wording as comment, its keywords, and a SELECT that runs on the dumps as it is:
    what the question cannot do without is filled in from its first example, which the comment says.
    """
    base, lines = checked.project.base, []
    for query in queries.load(checked.project, "questions"):
        given = {name: query.examples[0][name] for name in query.header.get("required", [])}
        asked = "".join(f" ({name}: {value})" for name, value in given.items())
        bindings = queries.bind(query, given, checked.graph, base)
        node = Iri(f"{base}question/{query.name}")
        told: list[tuple[str, Term]] = [
            (RDF + "type", Iri(SH + "SPARQLExecutable")),
            (RDF + "type", Iri(SH + "SPARQLSelectExecutable")),
            *((RDFS + "comment", Literal(f"{text}{asked}", language=language)) for language, text in query.text("question")),
            *((SCHEMA + "keywords", Literal(word)) for word in query.header["keywords"]),
            (SH + "select", Literal(queries.filled(query, bindings))),
        ]
        lines += [f"{node.nt} <{key}> {term.nt} ." for key, term in told]
    prefixes = {**checked.graph.prefixes, "sh": SH, "schema": SCHEMA, "question": f"{base}question/"}
    path.write_bytes(store.turtle(lines, prefixes))


@garbage.kept()
def write_network(query: Query, atlas: Atlas, out: Path, kept: Cache = NONE) -> Item:
    """Write a network in every format, and as a picture if its header asks for one; what pages show of it.

    Refused: rows of which no network can be made.
    """
    project, network = atlas.project, assembling.network_of(query, atlas, kept=kept)
    for format_ in exporting.BUILT:
        path = out / f"{query.name}.{exporting.ending(format_)}"
        exporting.write(network, query, project, path, format_, project.languages[0])
    drawn: dict[str, str] = {}
    if query.header.get("picture") == "true":
        drawn, pixels = _pictures(network, query, project, kept)
        (out / f"{query.name}.png").write_bytes(pixels)
        for language, picture in drawn.items():
            (out / f"{query.name}.{language}.svg").write_text(picture + "\n", encoding="utf-8")
    files = sorted(path.name for path in out.glob(f"{query.name}.*"))
    told = {**collecting.network(query, network, drawn), "files": files}
    network.clear()  # Views that a NetworkX graph keeps lead back to it, so that it would stay until garbage is looked for.
    return told


def _pictures(network: Graph, query: Query, project: Project, kept: Cache) -> tuple[dict[str, str], bytes]:
    """What is drawn of a network, as SVG in each language and as PNG; as `kept` if it is as it was when it was drawn last."""
    shown = assembling.pictured(network, query, kept)
    parts = (shown.graph, [*shown.nodes(data=True)], [*shown.edges(keys=True, data=True)], len(network))
    key = digest(repr(part).encode() for part in (*parts, query.header, project.title, project.languages))

    def pictures() -> tuple[dict[str, str], bytes]:
        drawn = {each: exporting.draw(shown, query, project, each, len(network)) for each in project.languages}
        return drawn, draw_png(shown)

    return kept.get(f"pictures of {query.name}", key, pictures)
