"""The plain way from a project's YAML to its graph, as it is written with the libraries that everybody takes.

PyYAML's C loader reads each file (every scalar as text, which is what the data mean), dictionaries are walked into rdflib terms,
one Dataset holds a named graph for each file, and one Graph all its triples for pySHACL, SPARQL and Turtle (`plain_products.py`).
Two things are pbgraph's own here, and make this way quicker to write and no slower to run: the readers of amounts and dates, and
the ontology as a table of classes and keys. What is wrong in a file is not told: no lines, no columns, no messages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import rdflib
import yaml
from rdflib import RDF, XSD, Literal, URIRef

from pbgraph.amounts import canonical, read_amount
from pbgraph.checks import read_schema
from pbgraph.dates import read_date
from pbgraph.project import Project
from pbgraph.schema import Class, Property, Schema
from pbgraph.terms import CORE

PB = rdflib.Namespace(CORE)
EDTF = PB.EDTF

Data = Mapping[str, Any]
Quad = tuple[URIRef, URIRef, URIRef | Literal, rdflib.Graph]


@dataclass(frozen=True)
class Value:
    """A value of a property, and what of it identifies the claim it stands on (None: nothing)."""

    prop: Property
    content: URIRef | Literal | Record
    identity: str | None


@dataclass(frozen=True)
class Record:
    """A record as read: its class and its values in the order typed."""

    cls: Class
    values: list[Value]

    def identity(self, values: list[Value]) -> str:
        """Its class and some of its values as one text."""
        return f"{self.cls.name}({','.join(sorted({f'{each.prop.name}={each.identity}' for each in values}))})"

    @cached_property
    def of_part(self) -> str:
        """What identifies it where it is part of another record."""
        return self.identity([value for value in self.values if value.identity is not None])

    @cached_property
    def fingerprint(self) -> str:
        """The hash of what identifies it where it is a claim."""
        own = [value for value in self.values if value.identity is not None and value.prop.identifies_claim(self.cls)]
        return hashlib.sha256(self.identity(own).encode()).hexdigest()


@dataclass(frozen=True)
class Words:
    """What reading needs of the vocabularies: the values that concepts hand on, and the names of units."""

    inherited: Mapping[tuple[str, str], str]
    counters: Mapping[str, frozenset[str]]


def loaded(path: Path) -> Data:
    """A YAML file as plain data."""
    found: Data = yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader)
    return found


def listed(value: Any) -> list[Any]:
    """A list as it is, nothing as an empty one, anything else as a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def words_of(files: list[Data], schema: Schema) -> Words:
    """The vocabularies' words."""
    inherited: dict[tuple[str, str], str] = {}
    counters = {}
    handed_on = [prop.name for prop in schema.properties.values() if prop.inherited_from]
    for entity in (each for file in files for each in file.get("entities", [])):
        inherited.update({(name, entity["id"]): value for name in handed_on for value in listed(entity.get(name))})
        names = [entity.get("name"), *(each.get("name") for each in listed(entity.get("naming")))]
        chinese = (texts for name in names if name for language, texts in name.items() if language.startswith("zh"))
        counters[entity["id"]] = frozenset(text for texts in chinese for text in listed(texts))
    return Words(inherited, counters)


class Mapper:
    """Makes the quads of one file."""

    def __init__(self, schema: Schema, words: Words, base: str, data: Data, graph: rdflib.Graph) -> None:
        self.schema, self.words, self.base, self.data, self.graph = schema, words, base, data, graph
        self.quads: list[Quad] = []
        source = data["source"]
        self.source = source if isinstance(source, str) else source["id"]
        self.published = None if isinstance(source, str) else source.get("published")

    def map(self) -> list[Quad]:
        """All quads of the file, some of them twice."""
        if not isinstance(self.data["source"], str):
            self._entity(self.data["source"], self.schema.classes["Source"])
        self._rest_on_source(URIRef(self.graph.identifier))
        for section, records in self.data.items():
            if section != "source":
                cls = self.schema.sections[section]
                for record in records:
                    (self._claim if cls.kind == "claim" else self._entity)(record, cls)
        return self.quads

    def _entity(self, data: Data, cls: Class) -> None:
        self._write(self._read(data, self.schema.classes[data["type"]]), self._iri(data["id"]))

    def _claim(self, data: Data, cls: Class) -> None:
        record = self._read(data, cls)
        iri = URIRef(f"{self.base}claim/{self.source}.{record.fingerprint[:8]}")
        self._write(record, iri)
        self._rest_on_source(iri)
        self._add(iri, PB.fingerprint, Literal(record.fingerprint))

    def _write(self, record: Record, iri: URIRef) -> None:
        for ancestor in record.cls.ancestors:
            self._add(iri, RDF.type, URIRef(ancestor))
        parts: dict[str, int] = {}
        for value in record.values:
            content, name = value.content, value.prop.name
            if isinstance(content, Record):
                parts[name] = parts.get(name, 0) + 1
                content = self._write_part(value.prop, content, iri, parts[name])
            self._add(iri, URIRef(value.prop.iri), content)

    def _write_part(self, prop: Property, part: Record, owner: URIRef, position: int) -> URIRef:
        if part.cls.kind == "passage":
            paragraph, quote = (str(value.content) for value in part.values)
            digest = hashlib.sha256(quote.encode()).hexdigest()[:6]
            iri = URIRef(f"{self.base}passage/{self.source}.{paragraph}.{digest}")
            self._rest_on_source(iri)
        else:
            iri = URIRef(f"{owner}/{prop.name}.{position}")
            if prop.ordered:
                self._add(iri, PB.position, Literal(position))
        self._write(part, iri)
        return iri

    def _rest_on_source(self, iri: URIRef) -> None:
        self._add(iri, PB.source, self._iri(self.source))

    def _iri(self, slug: str) -> URIRef:
        return URIRef(f"{self.base}id/{slug}")

    def _add(self, subject: URIRef, predicate: URIRef, content: URIRef | Literal) -> None:
        self.quads.append((subject, predicate, content, self.graph))

    def _read(self, data: Data, cls: Class) -> Record:
        keys = self.schema.keys(cls)
        values: list[Value] = []
        named = cls.kind in ("entity", "concept", "source")
        for key, typed in data.items():
            if not (named and key in ("id", "type")):
                for each in listed(typed):
                    read = self._scalar(keys[key], each, data, cls) if isinstance(each, str) else self._nested(keys[key], each)
                    values.extend(read)
        values.extend(self._unwritten(values, data, cls))
        return Record(cls, values)

    def _unwritten(self, values: list[Value], data: Data, cls: Class) -> list[Value]:
        """Defaults, and what a figure has from its indicator."""
        found, names = [], {value.prop.name for value in values}
        for prop in self.schema.written_by_machine(cls):
            if prop.name not in names:
                if prop.default:
                    found.append(Value(prop, URIRef(prop.default), prop.default.rsplit("#", 1)[-1]))
                if prop.inherited_from in names and "share" not in data:
                    slugs = [self.words.inherited.get((prop.name, each)) for each in listed(data[prop.inherited_from])]
                    found.extend(Value(prop, self._iri(slug), slug) for slug in slugs if slug)
        return found

    def _nested(self, prop: Property, data: Data) -> Iterator[Value]:
        if prop.range == "language":
            for language, texts in data.items():
                for text in listed(texts):
                    yield _literal(prop, Literal(text, lang=language))
            return
        part = self.schema.ranges[prop.iri].part
        assert part is not None, prop
        if part.kind != "passage":
            record = self._read(data, part)
            yield Value(prop, record, record.of_part)
            return
        keys = self.schema.keys(part)
        for paragraph, quotes in data.items():
            for quote in listed(quotes):
                texts = (keys["par"], Literal(paragraph, datatype=XSD.integer)), (keys["quote"], Literal(quote))
                yield Value(prop, Record(part, [_literal(*each) for each in texts]), None)

    def _scalar(self, prop: Property, text: str, data: Data, cls: Class) -> Iterator[Value]:
        if prop.range == "amount":
            yield from self._amount(prop, text, data, cls)
        elif prop.range == "date":
            yield from self._date(prop, text)
        elif prop.range == "node":
            yield self._node(prop, text)
        elif prop.range == "property":
            yield Value(prop, URIRef(self.schema.keys(cls)[text].iri), text)
        else:
            datatype = {"integer": XSD.integer, "boolean": XSD.boolean, "uri": XSD.anyURI}.get(prop.range)
            yield _literal(prop, Literal(text, datatype=datatype))

    def _amount(self, prop: Property, text: str, data: Data, cls: Class) -> Iterator[Value]:
        own = self.schema.properties
        if not own["bound"].stands_on(cls):
            yield _literal(prop, Literal(canonical(Decimal(text)), datatype=XSD.decimal))
            return
        amount = read_amount(text, self._counters(prop, data, cls))
        for each, number in ((prop, amount.value), (own["low"], amount.low), (own["high"], amount.high)):
            if number is not None:
                yield _literal(each, Literal(canonical(number), datatype=XSD.decimal))
        yield Value(own["bound"], PB[amount.bound], amount.bound)
        yield Value(own["printed"], Literal(text), None)

    def _counters(self, prop: Property, data: Data, cls: Class) -> frozenset[str]:
        unit = self.schema.properties["unit"]
        if not unit.stands_on(cls):
            return frozenset[str]().union(*self.words.counters.values())
        if prop.name == "share":
            return frozenset()
        through = listed(data.get(unit.inherited_from or ""))
        typed = data.get("unit") or (self.words.inherited.get(("unit", through[0])) if len(through) == 1 else None)
        return self.words.counters.get(typed or "", frozenset())

    def _date(self, prop: Property, text: str) -> Iterator[Value]:
        own, of_article = self.schema.properties, text == "article" and prop.name == "at"
        if of_article:
            assert self.published is not None, "the article is undated"
            text = self.published
            yield Value(own["atArticle"], Literal("true", datatype=XSD.boolean), None)
        span = read_date(text)
        identity = None if of_article else f"{span.kind}:{span.earliest}/{span.latest}"
        yield Value(prop, Literal(text, datatype=EDTF), identity)
        for name, open_for, day in (("earliest", "until", span.earliest), ("latest", "from", span.latest)):
            if day is not None and prop.name != open_for:
                yield Value(own[name], Literal(day.isoformat(), datatype=XSD.date), None)

    def _node(self, prop: Property, text: str) -> Value:
        for cls in prop.range_classes:
            if self.schema.by_iri[cls].kind == "value" and text in self.schema.individuals.get(cls, {}):
                return Value(prop, URIRef(self.schema.individuals[cls][text]), text)
        return Value(prop, self._iri(text), text)


def _literal(prop: Property, literal: Literal) -> Value:
    return Value(prop, literal, literal.n3())


def dataset_of(project: Project) -> rdflib.Dataset:
    """All that a project's ontology and data files state, a named graph for each file."""
    schema, paths = read_schema(project), project.files("data", ".yaml")
    files = {path: loaded(path) for path in paths}
    words = words_of([data for path, data in files.items() if project.is_vocabulary(path)], schema)
    dataset = rdflib.Dataset()
    dataset.addN(_of_ontology(project, dataset.graph(URIRef(f"{project.base}graph/ontology"))))
    for path, data in files.items():
        graph = dataset.graph(URIRef(f"{project.base}graph/{project.below_data(path)}"))
        dataset.addN(Mapper(schema, words, project.base, data, graph).map())
    return dataset


def _of_ontology(project: Project, graph: rdflib.Graph) -> Iterator[Quad]:
    ontology = rdflib.Graph()
    for path in project.files("ontology", ".ttl"):
        ontology.parse(path, format="turtle")
    for subject, predicate, content in ontology:
        if isinstance(subject, URIRef) and isinstance(predicate, URIRef) and isinstance(content, URIRef | Literal):
            yield subject, predicate, content, graph
