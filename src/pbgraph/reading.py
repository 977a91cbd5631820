"""A record → a typed thing: every key looked up in the ontology, every value read, every problem with its address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pbgraph.likeness import near
from pbgraph.problems import Problem, Unreadable, Where, problem, shorten
from pbgraph.records import Mapping as Record
from pbgraph.records import Node, Scalar, Sequence
from pbgraph.scalars import SLUG, Setting, Typed, read_scalar
from pbgraph.schema import Class, Property
from pbgraph.terms import XSD, Iri, Literal, new_tuple
from pbgraph.things import Reference, Thing, Value, entity

# BCP 47 (RFC 5646, section 2.1) without extensions and private use: language, script, region, variants; lower case.
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*")
PARAGRAPH = re.compile(r"[1-9][0-9]{0,4}")
WRITTEN_ONCE = ("entity", "concept", "source")
"""Kinds of classes whose things have an id, and a record of their own in one file."""

ONE = ("amount", "date", "boolean", "integer")
"""Ranges whose keys take one value: what is computed of it (bound, first and last day) stands on the same node."""


@dataclass
class Reader:
    """Reads the records of one file; its problems and references gather in the two lists as it goes.

    A text that is no id, where an id belongs, is kept as a reference and counted in `unnamed`: it may be a name.
    """

    setting: Setting
    problems: list[Problem] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    unnamed: int = 0

    def thing(self, node: Node, cls: Class) -> Thing | None:
        """Read one record as a `cls`, or as the kind of it that its `type` names; None if it is no record at all."""
        before = len(self.problems) + self.unnamed
        if not isinstance(node, Record):
            self._report(node.where, "not-a-record", type=cls.name)
            return None
        thing = Thing(cls, node.where)
        keys = self.setting.schema.keys(cls)
        if cls.kind in WRITTEN_ONCE:
            found, thing.slug = self._type(node, cls), self._slug(node)
            thing.cls, thing.untyped = found or cls, found is None
            keys = self.setting.schema.keys(found) if found else self._keys_below(cls)
        aside = ("id", "type") if cls.kind in WRITTEN_ONCE else ()
        for key, value in node.entries:
            if key.text in aside:
                continue
            prop = keys.get(key.text)
            if prop is None:
                known = [name for name, each in keys.items() if not each.computed]
                self._report(key.where, "unknown-key", key=shorten(key.text), type=thing.cls.name, **near(key.text, known))
            elif prop.computed:
                self._report(key.where, "computed-key", key=key.text)
            elif isinstance(value, Scalar):
                thing.values += self._scalar(new_tuple(Typed, (prop, value, thing.cls, node)))
            elif isinstance(value, Record):
                thing.values += self._nested(prop, value)
            else:
                thing.values += self._several(prop, value, thing.cls, node)
        if written := self.setting.schema.written_by_machine(thing.cls):
            thing.values += self._written_by_machine(written, thing, node)
        thing.faulty = len(self.problems) + self.unnamed > before
        return thing

    def _report(self, where: Where, code: str, **details: str) -> None:
        self.problems.append(problem(where, code, **details))

    def _keys_below(self, cls: Class) -> Mapping[str, Property]:
        """The keys of all kinds of `cls`: any of them may be meant where the type cannot be told."""
        schema = self.setting.schema
        kinds = [each for each in schema.classes.values() if cls.iri in each.ancestors]
        return {name: prop for each in kinds for name, prop in schema.keys(each).items()}

    def _type(self, node: Record, cls: Class) -> Class | None:
        typed = node.get("type")
        classes = self.setting.schema.classes
        if typed is None:
            self._report(node.where, "no-type")
            return None
        if not isinstance(typed, Scalar):
            self._report(typed.where, "not-a-text", key="type")
            return None
        found = classes.get(typed.text)
        if found is None or cls.iri not in found.ancestors:
            allowed = [each.name for each in classes.values() if cls.iri in each.ancestors]
            self._report(typed.where, "unknown-type", type=shorten(typed.text), **near(typed.text, allowed))
            return None
        return found

    def _slug(self, node: Record) -> str | None:
        typed = node.get("id")
        if typed is None:
            self._report(node.where, "no-id")
        elif not isinstance(typed, Scalar):
            self._report(typed.where, "not-a-text", key="id")
        elif not SLUG.fullmatch(typed.text):
            self._report(typed.where, "bad-id", id=shorten(typed.text), suggestion="")
        else:
            return typed.text
        return None

    def _several(self, prop: Property, node: Sequence, cls: Class, record: Record) -> Iterator[Value]:
        if len(node.items) > 1 and prop.range in ONE:
            self._report(node.items[1].where, "several-values", key=prop.name)
        for each in node.items:
            if isinstance(each, Scalar):
                yield from self._scalar(Typed(prop, each, cls, record))
            elif isinstance(each, Record):
                yield from self._nested(prop, each)
            else:
                self._report(each.where, "list-in-list", key=prop.name)

    def _scalar(self, typed: Typed) -> list[Value]:
        try:
            values = read_scalar(typed, self.setting)
        except Unreadable as error:
            if error.code == "bad-id":
                self.unnamed += 1
                self._refer(typed)
            else:
                self._report(typed.node.where, error.code, **error.details)
            return []
        if typed.prop.range == "node" and self.setting.schema.ranges[typed.prop.iri].allowed is None:
            self._refer(typed)
        return values

    def _refer(self, typed: Typed) -> None:
        self.references.append(Reference(typed.node.where, typed.prop.name, typed.node.text, typed.prop.range_classes))

    def _nested(self, prop: Property, node: Record) -> Iterable[Value]:
        if prop.range == "language":
            return self._languages(prop, node)
        part = self.setting.schema.ranges[prop.iri].part if prop.range == "node" else None
        if part is None:
            self._report(node.where, "record-not-allowed", key=prop.name)
        elif part.kind == "passage":
            return self._passages(prop, part, node)
        elif (thing := self.thing(node, part)) is not None:
            return [Value(prop, thing, node.where)]
        return []

    def _languages(self, prop: Property, node: Record) -> Iterator[Value]:
        for key, texts in node.entries:
            if not LANGUAGE.fullmatch(key.text):
                self._report(key.where, "bad-language", language=shorten(key.text))
                continue
            for text in self._texts(prop, texts):
                yield Value(prop, Literal(text.text, language=key.text), text.where)

    def _passages(self, prop: Property, cls: Class, node: Record) -> Iterator[Value]:
        keys = self.setting.schema.keys(cls)
        for key, words in node.entries:
            if not PARAGRAPH.fullmatch(key.text):
                self._report(key.where, "bad-paragraph", text=shorten(key.text))
                continue
            for quote in self._texts(prop, words):
                contents = (
                    (keys["par"], Literal(key.text, XSD + "integer"), key),
                    (keys["quote"], Literal(quote.text), quote),
                )
                values = [Value(each, literal, scalar.where) for each, literal, scalar in contents]
                yield Value(prop, Thing(cls, quote.where, None, values), quote.where, None)

    def _texts(self, prop: Property, node: Node) -> Iterator[Scalar]:
        for each in node.items if isinstance(node, Sequence) else (node,):
            if isinstance(each, Scalar):
                yield each
            else:
                self._report(each.where, "not-a-text", key=prop.name)

    def _written_by_machine(self, written: Iterable[Property], thing: Thing, record: Record) -> Iterator[Value]:
        """The defaults the ontology declares, and what a value's own value says (a figure's unit, from its indicator)."""
        vocabulary = self.setting.vocabulary
        typed = list(thing.values)
        names = {value.prop.name for value in typed}
        for prop in written:
            if prop.name in names:
                continue
            if prop.default:
                yield Value(prop, Iri(prop.default), thing.where, prop.default.rsplit("#", 1)[-1])
                continue
            if prop.inherited_from not in names or record.get("share") is not None:
                continue
            for value in typed:
                if value.prop.name == prop.inherited_from:
                    slug = vocabulary.inherited.get((prop.name, value.identity or ""))
                    if slug:
                        yield Value(prop, entity(self.setting.base, slug), value.where, slug)
