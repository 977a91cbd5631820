"""What a checked graph becomes on disk: store and dumps, tables, networks, question results, site."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pbgraph import collecting, drawing, editing, gexf, listing, networks, pages, projections, queries, store, tables, void
from pbgraph.addresses import ROUTES, Addresses, term_pages
from pbgraph.checks import Checked
from pbgraph.colours import palette
from pbgraph.dataset import Dataset, Download
from pbgraph.drawing.pixels import draw_png
from pbgraph.labels import Labels
from pbgraph.linked import SCHEMA, Linked
from pbgraph.problems import Refused, Unreadable, problem
from pbgraph.project import Project
from pbgraph.publishing import Published
from pbgraph.queries import Query
from pbgraph.sites import Site
from pbgraph.terms import RDF, RDFS, SH, Iri, Literal, Term, core, local_name
from pbgraph.tracing import Ledger, Made

Progress = Callable[[str], None]
"""Called with the name of each stage as it begins."""

_THINGS = "SELECT DISTINCT ?thing WHERE { ?thing a pb:Entity FILTER NOT EXISTS { ?thing a pb:Concept } }"


_BARE = """
SELECT ?this (MIN(?above) AS ?whole) WHERE {
  ?this pb:partOf ?above .
  FILTER NOT EXISTS { ?this pb:naming ?naming }
  FILTER NOT EXISTS { ?other ?key ?this FILTER NOT EXISTS { ?key pb:computed ?computed } }
} GROUP BY ?this"""
"""Entities of which nothing is said but what they are part of: no claim, no other name, nothing that leads to them."""


@dataclass
class Products:
    """A checked project with what all writers share: labels, addresses, the answered questions, the networks."""

    checked: Checked

    @cached_property
    def labels(self) -> Labels:
        """The labels of every node."""
        return Labels(self.checked.graph, self.checked.project.languages)

    @cached_property
    def addresses(self) -> Addresses:
        """The pages of every node; the ontology's own terms have one each, bare units are rows of their whole's page."""
        bare = {str(row["this"]): str(row["whole"]) for row in self.checked.graph.select(_BARE).dicts()}
        return Addresses(self.checked.project.base, term_pages(self.checked.schema.triples), bare)

    @cached_property
    def colours(self) -> dict[str, str]:
        """One colour for each kind of thing (local name of its class), the same everywhere; concepts have none."""
        things = self.checked.graph.select(_THINGS).rows
        return palette(local_name(self.labels.class_of(str(thing))) for (thing,) in things)


def write_products(checked: Checked, out: Path, progress: Progress, earlier: Ledger | None = None) -> tuple[dict[str, int], Made]:
    """Write everything below `out`; the counts a user is told, and what was read for each file of the site.

    Files of the site that would be as in an `earlier` build are taken from there. Refused: a query, view or template is wrong.
    """
    products = Products(checked)
    progress("store")
    lines = checked.graph.lines()
    store.write(lines, out / "store", checked.graph.prefixes)
    (out / "graph.nq").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (out / "graph.ttl").write_bytes(checked.graph.turtle())
    write_schema(checked.project, out / "schema")
    write_questions(checked, out / "schema" / "questions.ttl")
    (out / "schema" / "data.schema.json").write_text(editing.as_text(checked), encoding="utf-8")
    progress("tables")
    written = {"tables": tables.write_tables(checked, products.labels, out / "tables")}
    progress("networks")
    drawn = write_networks(products, out / "networks")
    progress("site")
    made = pages.write_site(site_of(products, drawn, out), out / "site", earlier).made
    written["networks"] = len(list((out / "networks").glob("*.gexf")))
    written["pages"] = sum(name.endswith(".html") for name in made)
    return {**_counts(checked), **written}, made


def site_of(products: Products, drawn: Mapping[str, Mapping[str, str]], out: Path) -> Site:
    """All that pages are made from; the dumps, tables and networks that stand in `out` are what can be downloaded."""
    checked = products.checked
    paths = [
        path for path in sorted(out.rglob("*")) if path.is_file() and path.relative_to(out).parts[0] not in ("store", "site")
    ]
    files = {path.relative_to(out).as_posix(): Download(path.relative_to(out).as_posix(), path) for path in paths}
    dataset = Dataset(checked.project, checked.graph, files)
    asked = collecting.questions(checked)
    contradictions = collecting.contradictions(checked, products.labels)
    extras = {
        "questions": asked,
        "answers": collecting.answers(checked, asked),
        "conflicts": contradictions,
        "conflicts-of": list(collecting.flagged(contradictions)),
        "rules": collecting.rules(checked),
        "question_groups": {name: dict(texts) for name, texts in queries.groups(checked.project).items()},
        "pictures": drawn,
        "colours": products.colours,
        "ranges": {prop.iri: [Iri(cls) for cls in sorted(prop.range_classes)] for prop in checked.schema.properties.values()},
        "files": list(listing.files(checked.project, checked.index)),
        "downloads": files,
        "described": void.describe(dataset),
    }
    site = Site(checked.project, checked.graph, products.labels, products.addresses, extras, checked.index)
    site.tools = {
        "published": Published(checked.project),
        "routes": ROUTES,
        "ontologies": [path.stem for part in ("ontology", "alignment") for path in checked.project.files(part, ".ttl")],
        "pictured": next(iter(drawn), ""),
        "linked": Linked(site, dataset, alignment(checked.project)),
    }
    return site


def alignment(project: Project) -> store.Statements:
    """What the project says of its terms in other vocabularies: subject → predicate → objects, of all its files."""
    text = b"\n".join(project.read(path) for path in project.files("alignment", ".ttl"))
    return store.statements(text, "ttl")


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
    # What the address of all terms answers with: Turtle files one after another are Turtle.
    (out / "ontology.ttl").write_bytes(b"\n".join(project.read(path) for path in project.files("ontology", ".ttl")))


def write_questions(checked: Checked, path: Path) -> None:
    """Describe every question with its first example filled in, as executables of SHACL (section 5.1 of SHACL-AF's vocabulary).

    Each is a sh:SPARQLSelectExecutable with its wording as comment, its keywords, and a SELECT that runs on the dumps as it is.
    """
    base, lines = checked.project.base, []
    for query in queries.load(checked.project, "questions"):
        bindings = queries.bind(query, query.examples[0], checked.graph, base)
        node = Iri(f"{base}question/{query.name}")
        told: list[tuple[str, Term]] = [
            (RDF + "type", Iri(SH + "SPARQLExecutable")),
            (RDF + "type", Iri(SH + "SPARQLSelectExecutable")),
            *((RDFS + "comment", Literal(text, language=language)) for language, text in query.text("question")),
            *((SCHEMA + "keywords", Literal(word)) for word in query.header["keywords"]),
            (SH + "select", Literal(queries.filled(query, bindings))),
        ]
        lines += [f"{node.nt} <{key}> {term.nt} <{base}graph/questions> ." for key, term in told]
    prefixes = {**checked.graph.prefixes, "sh": SH, "schema": SCHEMA, "question": f"{base}question/"}
    path.write_bytes(store.in_memory(lines, prefixes).turtle())


def write_networks(products: Products, out: Path) -> dict[str, dict[str, str]]:
    """Write each network as GEXF and GraphML, and as SVG and PNG if its header asks for a picture; the SVGs by name and language.

    Refused: rows of which no network can be made.
    """
    out.mkdir(parents=True)
    drawn: dict[str, dict[str, str]] = {}
    for query in queries.load(products.checked.project, "networks"):
        network = network_of(query, products)
        first = products.labels.languages[0]
        told = {
            "creator": products.checked.project.title[first],
            "description": query.header["legend"][first],
            "keywords": query.name,
        }
        gexf.write_gexf(network, out / f"{query.name}.gexf", told)
        networks.write_graphml(network, out / f"{query.name}.graphml")
        if query.header.get("picture") == "true":
            title, legend = query.header["label"], query.header["legend"]
            words = {"title": title, "description": legend, "source": products.checked.project.title}
            drawn[query.name] = {each: drawing.draw_svg(network, each, words) for each in products.labels.languages}
            (out / f"{query.name}.png").write_bytes(draw_png(network))
            for language, picture in drawn[query.name].items():
                (out / f"{query.name}.{language}.svg").write_text(picture, encoding="utf-8")
    return drawn


def network_of(query: Query, products: Products) -> networks.Graph:
    """The network that a query's rows make, laid out. Refused: its columns or its edges do not make one."""
    rows = queries.run(query, products.checked.graph)
    nodes, edges = projections.project_rows(query, rows, products.labels, products.addresses)
    try:
        return networks.layout(networks.build(query.name, nodes, edges, products.labels.languages[0], products.colours))
    except Unreadable as error:
        raise Refused([problem(query.where, error.code, **error.details)]) from error
