"""The dataset described in its own words, for harvesters: VoID, DCAT and the prefixes it uses, as Turtle."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from pbgraph import store
from pbgraph.dataset import DCTERMS, Dataset, Download
from pbgraph.terms import RDF, RDFS, SH, XSD, Iri, Literal, Term, Triple, core

VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
FOAF = "http://xmlns.com/foaf/0.1/"
SPDX = "http://spdx.org/rdf/terms#"
IANA = "https://www.iana.org/assignments/media-types/"
_LANGUAGE = "http://id.loc.gov/vocabulary/iso639-1/"

_CLASSES = "SELECT ?term (COUNT(DISTINCT ?node) AS ?n) WHERE { ?node a ?term FILTER isIRI(?term) } GROUP BY ?term ORDER BY ?term"
_PROPERTIES = "SELECT ?term (COUNT(*) AS ?n) WHERE { ?node ?term ?value } GROUP BY ?term ORDER BY ?term"
_ENTITIES = "SELECT DISTINCT ?class ?node WHERE { ?node a ?class } ORDER BY ?node"


def describe(dataset: Dataset) -> str:
    """The description as Turtle, a pure function of the graph and its files.

    Sources of the terms: VoID (W3C note of 2011, sections 2 to 4), DCAT 3 (section 6), SPDX 2 (checksums), SHACL (section 5.2.1).
    """
    base, graph = dataset.project.base, dataset.graph
    triples = [*_about(dataset), *_statistics(dataset), *_prefixes(dataset)]
    for file in dataset.files.values():
        triples += _distribution(dataset, file)
    prefixes = {
        **{name: iri for name, iri in graph.prefixes.items() if name in ("pb", "xsd", "rdfs", "owl")},
        "void": VOID,
        "dcat": DCAT,
        "dcterms": DCTERMS,
        "foaf": FOAF,
        "spdx": SPDX,
        "sh": SH,
        "about": f"{base}void#",
    }
    lines = [f"<{subject}> <{key}> {term.nt} ." for subject, key, term in triples]
    return store.turtle(lines, prefixes).decode()


def _about(dataset: Dataset) -> Iterator[Triple]:
    node, base, published = dataset.iri, dataset.project.base, dataset.project.published
    made_by = Iri(f"{base}void#creator")
    told: list[tuple[str, Term]] = [
        (f"{RDF}type", Iri(f"{VOID}Dataset")),
        (f"{RDF}type", Iri(f"{DCAT}Dataset")),
        *((f"{DCTERMS}title", text) for text in dataset.titles),
        *((f"{DCTERMS}description", text) for text in dataset.descriptions),
        *((f"{DCTERMS}license", each) for each in dataset.licenses),
        *((f"{DCAT}version", each) for each in dataset.versions),
        *((f"{DCTERMS}language", Iri(_LANGUAGE + language.split("-")[0])) for language in dataset.project.languages),
        (f"{DCAT}landingPage", Iri(published)),
        (f"{FOAF}homepage", Iri(published)),
        (f"{VOID}uriSpace", Literal(f"{base}id/")),
        (f"{VOID}feature", Iri("http://www.w3.org/ns/formats/Turtle")),
        (f"{VOID}feature", Iri("http://www.w3.org/ns/formats/N-Quads")),
    ]
    if dataset.creators:
        told += [(f"{DCTERMS}creator", made_by), (f"{DCTERMS}publisher", made_by)]
        yield made_by, f"{RDF}type", Iri(f"{FOAF}Agent")
        yield from ((made_by, f"{FOAF}name", name) for name in dataset.creators)
    yield from ((node, key, term) for key, term in told)


def _statistics(dataset: Dataset) -> Iterator[Triple]:
    """How much of what there is: triples, entities, and a partition for each class and property."""
    node, graph = dataset.iri, dataset.graph
    entities = [row["node"] for row in graph.select(_ENTITIES, {"class": core("Entity")}).dicts()]
    classes, properties = graph.select(_CLASSES).dicts(), graph.select(_PROPERTIES).dicts()
    counts = {"triples": len(graph), "entities": len(entities), "classes": len(classes), "properties": len(properties)}
    yield from ((node, f"{VOID}{name}", _integer(count)) for name, count in counts.items())
    yield from ((node, f"{VOID}exampleResource", each) for each in entities[:1])
    told = (("class", "entities", classes), ("property", "triples", properties))
    for what, counted, rows in told:
        for row in rows:
            part = Iri(f"{node}/{what}/{quote(str(row['term']), safe='')}")
            yield node, f"{VOID}{what}Partition", part
            yield part, f"{VOID}{what}", row["term"]
            yield part, f"{VOID}{counted}", _integer(int(str(row["n"])))


def _prefixes(dataset: Dataset) -> Iterator[Triple]:
    for prefix, iri in sorted({**dataset.graph.prefixes, "rdfs": RDFS}.items()):
        declared = Iri(f"{dataset.project.base}void#prefix/{prefix}")
        yield dataset.iri, f"{SH}declare", declared
        yield declared, f"{SH}prefix", Literal(prefix)
        yield declared, f"{SH}namespace", Literal(iri, f"{XSD}anyURI")


def _distribution(dataset: Dataset, file: Download) -> Iterator[Triple]:
    node = Iri(f"{dataset.project.base}void#file/{quote(file.name)}")
    checksum, address = Iri(f"{node}/checksum"), Iri(dataset.address(file))
    yield dataset.iri, f"{DCAT}distribution", node
    if file.path.suffix in (".nq", ".ttl") and file.group == "graph":
        yield dataset.iri, f"{VOID}dataDump", address
    told: list[tuple[str, Term]] = [
        (f"{RDF}type", Iri(f"{DCAT}Distribution")),
        (f"{DCTERMS}title", Literal(file.name)),
        (f"{DCAT}accessURL", address),
        (f"{DCAT}downloadURL", address),
        (f"{DCAT}byteSize", Literal(str(file.size), f"{XSD}nonNegativeInteger")),
        (f"{DCAT}mediaType", Iri(f"{IANA}{file.media_type}")),
        (f"{SPDX}checksum", checksum),
    ]
    yield from ((node, key, term) for key, term in told)
    yield checksum, f"{RDF}type", Iri(f"{SPDX}Checksum")
    yield checksum, f"{SPDX}algorithm", Iri(f"{SPDX}checksumAlgorithm_sha256")
    yield checksum, f"{SPDX}checksumValue", Literal(file.sha256, f"{XSD}hexBinary")


def _integer(number: int) -> Literal:
    return Literal(str(number), f"{XSD}integer")
