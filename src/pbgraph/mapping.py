"""A data file → quads: a pure, picklable function of its text, the schema and the vocabularies."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pbgraph.dates import read_date
from pbgraph.interleaving import interleaved
from pbgraph.likeness import near, suggest
from pbgraph.problems import Problem, Unreadable, Where, problem, shorten
from pbgraph.reading import Reader
from pbgraph.records import Mapping as Record
from pbgraph.records import Node, Scalar, Sequence, items_of, read
from pbgraph.scalars import SLUG, Setting
from pbgraph.schema import Class, Property, Schema
from pbgraph.sheets import expanded
from pbgraph.terms import RDF, XSD, Iri, Literal, core
from pbgraph.things import Reference, Thing, Vocabulary, claim_identity, entity

_TYPE = RDF + "type"
_SOURCE, _FINGERPRINT, _POSITION = (core(name) for name in ("source", "fingerprint", "position"))

Topic = tuple[str, ...]
"""(subject), (subject, predicate) or (subject, predicate, value): what a finding can be about, as texts."""

Position = tuple[int, int] | tuple[int, int, str]
"""Line and column, counted from 1, in a data file or in the table that stands behind them."""

ANOTHER = "another"
"""Stands for the value of a topic that is a property's second one: the first that is too many."""


class Owned(NamedTuple):
    """An entity as the file that owns it gives it: where it was written and the IRIs of its classes (none: not known)."""

    where: Where
    classes: tuple[str, ...]


@dataclass
class Mapped:
    """What one file becomes.

    `quads` is N-Quads text; `owned` the ids it introduces (twice listed if written twice); `places` tells the line and
    column where each subject was typed; `faulty` the subjects with a problem of their own, about which later checks keep
    silent. A file that is not even `seen` may own any id. `sourced` is the first claim or passage that rests on the file's
    `source`.
    """

    file: str
    graph: Iri
    quads: str = ""
    owned: list[tuple[str, Owned]] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    places: dict[str, Position] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    source: str = ""
    sourced: Where | None = None
    readable: bool = True
    seen: bool = True


Sheets = Mapping[str, bytes | Problem]
"""The tables that a data file names, by their paths below its folder: their bytes, or why they cannot be had."""

NO_SHEETS: Sheets = {}


def placed(position: Position, file: str) -> Where:
    """A position of a data file, as a place."""
    line, col, *table = position
    return Where(table[0] if table else file, line, col)


def map_file(content: bytes | Problem, file: str, graph: str, setting: Setting, sheets: Sheets = NO_SHEETS) -> Mapped:
    """Map one file's bytes, and those of its tables, to quads in the named graph `graph`, with everything found wrong on the way.

    An unreadable file gives its first problem and no quads; the ids it seems to hold count as owned, as do those of a
    section that cannot be read, so that nothing cascades from them. A file with a table of which a row cannot be read may
    own any id. A file whose bytes cannot even be had comes as the problem that says so.
    """
    mapped = Mapped(file, Iri(graph))
    record = read(content, file) if isinstance(content, bytes) else content
    if isinstance(record, Problem):
        mapped.problems.append(record)
        mapped.readable = False
        mapped.seen = isinstance(content, bytes)
        mapped.owned = [(slug, Owned(Where(file), ())) for slug in seeming_ids(content)] if isinstance(content, bytes) else []
        return mapped
    record, found = expanded(record, sheets)
    mapped.problems.extend(found)
    mapped.readable = mapped.seen = all(each.severity == "warning" for each in found)
    file_ = _File(replace(setting, published=published(record)), mapped)
    file_.map(record)
    mapped.quads = "\n".join([*file_.quads, ""])
    if file_.again:
        mapped.quads = "\n".join([*dict.fromkeys(mapped.quads.split("\n")[:-1]), ""])
    return mapped


def topics_of(
    content: bytes | Problem, file: str, graph: str, setting: Setting, sheets: Sheets = NO_SHEETS
) -> Mapping[Topic, Position]:
    """Where each statement about the subjects of a file was typed: what takes too much room to be kept of every file."""
    record = read(content, file) if isinstance(content, bytes) else content
    topics: dict[Topic, Position] = {}
    if not isinstance(record, Problem):
        record, _ = expanded(record, sheets)
        _File(replace(setting, published=published(record)), Mapped(file, Iri(graph)), topics).map(record)
    return topics


def seeming_ids(content: bytes) -> list[str]:
    """The ids that an unreadable file seems to hold, in UTF-8, UTF-16 or whatever else writes ASCII as ASCII."""
    text = content.replace(b"\0", b"").decode("utf-8", errors="replace")
    return sorted(set(re.findall(r"""\bid["']?\s*:\s*["']?([a-z0-9-]+)""", text)))


def read_vocabulary(records: Iterable[Record], schema: Schema, complete: bool) -> Vocabulary:
    """Gather from vocabulary files what reading other records needs: inherited values and the units' names."""
    inheritable = [prop for prop in schema.properties.values() if prop.inherited_from]
    inherited: dict[tuple[str, str], str] = {}
    counters: dict[str, frozenset[str]] = {}
    for node in (each for record in records for each in items_of(record.get("entities"))):
        slug = node.get("id") if isinstance(node, Record) else None
        if not isinstance(node, Record) or not isinstance(slug, Scalar):
            continue
        for prop in inheritable:
            for value in items_of(node.get(prop.name)):
                if isinstance(value, Scalar):
                    inherited[prop.name, slug.text] = value.text
        names = [
            node.get("name"),
            *(each.get("name") for each in items_of(node.get("naming")) if isinstance(each, Record)),
        ]
        counters[slug.text] = frozenset(_han(names))
    return Vocabulary(inherited, counters, complete)


def _han(names: Iterable[Node | None]) -> Iterator[str]:
    for name in names:
        for language, texts in name.entries if isinstance(name, Record) else ():
            if language.text.startswith("zh"):
                yield from (text.text for text in items_of(texts) if isinstance(text, Scalar))


class _File:
    """Maps the sections of one record file in order: its source first, since claims are named after it."""

    def __init__(self, setting: Setting, mapped: Mapped, topics: dict[Topic, Position] | None = None) -> None:
        self.setting = setting
        self.mapped = mapped
        self.topics = topics
        self.quads: list[str] = []
        self.again = False  # whether anything was written twice, so that there may be equal quads
        self.source = ""
        self.claims: dict[str, Where] = {}  # by fingerprint
        self.digests: dict[Iri, str] = {}  # by the addresses that end in their first digits
        self.end = f"{mapped.graph.nt} ."
        self.types: dict[str, list[str]] = {}
        self.quoted: dict[str, dict[Iri, list[Iri]]] = {}  # of each paragraph, the passages of each owner, as typed

    def map(self, record: Record) -> None:
        self._map_source(record)
        sections = self.setting.schema.sections
        reader = Reader(self.setting)
        for key, node in record.entries:
            if key.text == "source":
                continue
            if key.text not in sections:
                self._problem(key.where, "unknown-section", key=shorten(key.text), **near(key.text, [*sections, "source"]))
                self._lost(node)
            elif not isinstance(node, Sequence):
                self._problem(node.where, "not-a-list", key=key.text)
                self._lost(node)
            else:
                for item in node.items:
                    self._write_record(reader, item, sections[key.text])
        self._take(reader)
        for of_owners in self.quoted.values():
            for position, passage in enumerate(interleaved(of_owners.values()), 1):
                self._count(passage, position)

    def _lost(self, node: Node) -> None:
        """Let the ids that a section which cannot be read seems to hold count as owned."""
        self.mapped.readable = False
        records = [each for each in items_of(node) if isinstance(each, Record)]
        ids = [key for each in records if each is node for key, _ in each.entries] + [each.get("id") for each in records]
        found = [each.text for each in ids if isinstance(each, Scalar)]
        self.mapped.owned.extend((slug, Owned(Where(self.mapped.file), ())) for slug in found)

    def _problem(self, where: Where, code: str, **details: str) -> None:
        self.mapped.problems.append(problem(where, code, **details))

    def _take(self, reader: Reader) -> None:
        self.mapped.problems.extend(reader.problems)
        self.mapped.references.extend(reader.references)

    def _map_source(self, record: Record) -> None:
        node = record.get("source")
        reader = Reader(self.setting)
        source_class = next(cls for cls in self.setting.schema.classes.values() if cls.iri == core("Source"))
        if node is None:
            # Of a misspelt key it is said that it is one: the file does say what it rests on.
            if not any(
                suggest(key.text, ["source"]) for key, _ in record.entries if key.text not in self.setting.schema.sections
            ):
                self._problem(record.where, "no-source")
        elif isinstance(node, Scalar) and SLUG.fullmatch(node.text):
            self.source = node.text
            reader.references.append(Reference(node.where, "source", node.text, frozenset({source_class.iri})))
        elif isinstance(node, Scalar):
            self._problem(node.where, "bad-id", id=shorten(node.text), suggestion="")
        elif (thing := reader.thing(node, source_class)) is not None:
            self.source = thing.slug or ""
            self._write_entity(thing)
        self._take(reader)
        self.mapped.source = self.source
        if self.source:
            self._quad(self.mapped.graph, _SOURCE, entity(self.setting.base, self.source).nt)

    def _write_record(self, reader: Reader, node: Node, cls: Class) -> None:
        thing = reader.thing(node, cls)
        if thing is None:
            return
        if cls.kind == "claim":
            self._write_claim(thing)
        else:
            self._write_entity(thing)

    def _write_entity(self, thing: Thing) -> None:
        if thing.slug is None:
            return
        iri = entity(self.setting.base, thing.slug)
        self.mapped.owned.append((thing.slug, Owned(thing.where, () if thing.untyped else thing.cls.ancestors)))
        self._write(thing, iri)

    def _write_claim(self, thing: Thing) -> None:
        fingerprint = hashlib.sha256(claim_identity(thing).encode()).hexdigest()
        first = self.claims.get(fingerprint)
        # Rows of a list that say the same are one claim with a passage for each.
        if first and not thing.faulty and self.mapped.file in (first.file, thing.where.file):
            self._problem(thing.where, "claim-twice", first=str(first))
            return
        if not thing.faulty:
            self.claims[fingerprint] = thing.where
        iri = self._named("claim/", fingerprint, 8)
        self._write(thing, iri)
        self._rest_on_source(iri, thing.where)
        self._quad(iri, _FINGERPRINT, Literal(fingerprint).nt)

    def _write(self, thing: Thing, iri: Iri) -> None:
        self.again |= iri in self.mapped.places
        self.mapped.places.setdefault(iri, self._position(thing.where))
        if thing.faulty:
            self.mapped.faulty.add(iri)
        begin, end = f"<{iri}> <", self.end
        quads = dict.fromkeys([begin + typed for typed in self.types.get(thing.cls.iri) or self._types(thing.cls)])
        parts: dict[str, int] = {}
        for prop, content, where, _ in thing.values:
            if isinstance(content, Thing):
                position = parts[prop.name] = parts.get(prop.name, 0) + 1
                content = self._write_part(prop, content, iri, position)
            text = content.nt
            quads[f"{begin}{prop.iri}> {text} {end}"] = None
            if self.topics is not None:
                self._place(self.topics, where, (iri, prop.iri, text))
        self.quads.append("\n".join(quads))

    def _types(self, cls: Class) -> list[str]:
        """How the statements end that give something a class and all that this is a kind of."""
        return self.types.setdefault(cls.iri, [f"{_TYPE}> <{ancestor}> {self.end}" for ancestor in cls.ancestors])

    def _write_part(self, prop: Property, part: Thing, owner: Iri, position: int) -> Iri:
        if part.cls.kind == "passage":
            return self._write_passage(prop, part, owner)
        iri = Iri(f"{owner}/{prop.name}.{position}")
        self._write(part, iri)
        if prop.ordered:
            self._count(iri, position)
        return iri

    def _write_passage(self, prop: Property, part: Thing, owner: Iri) -> Iri:
        paragraph, quote = (str(value.content) for value in part.values)
        iri = self._named("passage/", hashlib.sha256(quote.encode()).hexdigest(), 6, f".{paragraph}")
        self._write(part, iri)
        self._rest_on_source(iri, part.where)
        if prop.ordered:
            self.quoted.setdefault(paragraph, {}).setdefault(owner, []).append(iri)
        return iri

    def _named(self, kind: str, digest: str, digits: int, within: str = "") -> Iri:
        """An address that ends in the first digits of a digest; in twice as many where another digest begins with these."""
        stem = f"{self.setting.base}{kind}{self.source}{within}."
        short = Iri(stem + digest[:digits])
        return short if self.digests.setdefault(short, digest) == digest else Iri(stem + digest[: 2 * digits])

    def _count(self, part: str, position: int) -> None:
        self._quad(part, _POSITION, Literal(str(position), XSD + "integer").nt)

    def _position(self, where: Where) -> Position:
        file, line, col = where
        return (line, col) if file == self.mapped.file else (line, col, file)

    def _place(self, topics: dict[Topic, Position], where: Where, topic: tuple[str, str, str]) -> None:
        place = self._position(where)
        if topic[:2] in topics:
            topics.setdefault((*topic[:2], ANOTHER), place)
        topics.setdefault(topic[:2], place)
        topics.setdefault(topic, place)

    def _rest_on_source(self, iri: Iri, where: Where) -> None:
        if self.source:
            self.mapped.sourced = min(self.mapped.sourced or where, where)
            self._quad(iri, _SOURCE, entity(self.setting.base, self.source).nt)

    def _quad(self, subject: str, predicate: str, content: str) -> None:
        """Write a statement of two IRIs and the N-Triples text of a term."""
        self.quads.append(f"<{subject}> <{predicate}> {content} {self.end}")


def published(record: Record) -> str | None:
    """The date of the source that a file declares, as typed; empty where it cannot be read, None where there is none."""
    source = record.get("source")
    typed = items_of(source.get("published") if isinstance(source, Record) else None)
    if not typed:
        return None
    try:
        return typed[0].text if isinstance(typed[0], Scalar) and read_date(typed[0].text) else ""
    except Unreadable:
        return ""


def setting_of(
    vocabulary_texts: Mapping[str, bytes | Problem], schema: Schema, base: str, sheets: Mapping[str, Sheets] | None = None
) -> Setting:
    """The setting all files of a project share; unreadable vocabularies are passed over here, their own mapping says why."""
    contents = [(file, content) for file, content in sorted(vocabulary_texts.items()) if isinstance(content, bytes)]
    tables = sheets or {}
    read_ = [(file, read(content, file)) for file, content in contents]
    readable = [expanded(record, tables.get(file, {}))[0] for file, record in read_ if isinstance(record, Record)]
    whole = [record for record in readable if {key.text for key, _ in record.entries} <= {*schema.sections, "source"}]
    return Setting(schema, read_vocabulary(readable, schema, len(whole) == len(vocabulary_texts)), base, None)
