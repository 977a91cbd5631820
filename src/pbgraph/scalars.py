"""One typed text → values, as the range of its key says: text, number, date, address, reference, member of a closed list."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlsplit

from pbgraph.amounts import canonical, read_amount
from pbgraph.dates import read_date
from pbgraph.likeness import near
from pbgraph.problems import Unreadable, shorten
from pbgraph.ranges import RangeKind
from pbgraph.records import Mapping as Record
from pbgraph.records import Node, Scalar, Sequence
from pbgraph.schema import Class, Property, Schema
from pbgraph.terms import CORE, XSD, Iri, Literal, new_tuple
from pbgraph.things import Value, Vocabulary, entity

WHOLE = re.compile(r"0|[1-9][0-9]{0,17}")
"""A whole number as it is typed."""

WEB_ADDRESS = re.compile(r"[hH][tT]{2}[pP][sS]?://[^\s\"'<>\\^`{|}]+")
"""What every web address is of, and hardly anything else (`is_web_address`)."""

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?")
SLUG = re.compile(r"(?=[a-z0-9-]{1,80}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Setting:
    """What stands around every text of one file: the schema, the vocabularies, the base address, the source's date.

    `published` is empty where the source has a date that cannot be read, which is told where it stands.
    """

    schema: Schema
    vocabulary: Vocabulary
    base: str
    published: str | None

    def core(self, name: str) -> Property:
        """The core property with this local name."""
        return self.schema.properties[name]


class Typed(NamedTuple):
    """One text under a key: the property, the scalar, the class of the record it stands in and that record."""

    prop: Property
    node: Scalar
    cls: Class
    record: Record

    def value(self, literal: Literal) -> Value:
        """The value this text is, as a literal."""
        return new_tuple(Value, (self.prop, literal, self.node.where, ""))


def read_scalar(typed: Typed, setting: Setting) -> list[Value]:
    """Read a text as its key's range says, into one value or, for amounts and dates, the several it computes to.

    Unreadable: the text is nothing that range allows.
    """
    return _READERS[typed.prop.range](typed, setting)


def _text(typed: Typed, setting: Setting) -> list[Value]:
    return [typed.value(Literal(typed.node.text))]


def _language(typed: Typed, setting: Setting) -> list[Value]:
    raise Unreadable("text-without-language", key=typed.prop.name, text=shorten(typed.node.text))


def _integer(typed: Typed, setting: Setting) -> list[Value]:
    if not WHOLE.fullmatch(typed.node.text):
        raise Unreadable("bad-integer", key=typed.prop.name, text=shorten(typed.node.text))
    return [typed.value(Literal(typed.node.text, XSD + "integer"))]


def _boolean(typed: Typed, setting: Setting) -> list[Value]:
    if typed.node.text not in ("true", "false"):
        raise Unreadable("bad-boolean", key=typed.prop.name, text=shorten(typed.node.text))
    return [typed.value(Literal(typed.node.text, XSD + "boolean"))]


def _uri(typed: Typed, setting: Setting) -> list[Value]:
    if not is_web_address(typed.node.text):
        raise Unreadable("bad-address", key=typed.prop.name, text=shorten(typed.node.text))
    return [typed.value(Literal(typed.node.text, XSD + "anyURI"))]


def _amount(typed: Typed, setting: Setting) -> list[Value]:
    if not setting.core("bound").stands_on(typed.cls):
        return [_number(typed)]
    unit, known = _unit(typed, setting), setting.vocabulary.counters
    lost = unit not in known and (unit is not None or not setting.vocabulary.complete)
    # What has no unit of its own, as the number of a group, may carry any counter; a share is a fraction of one.
    any_unit = lost or _names_nothing(typed, setting) or not setting.core("unit").stands_on(typed.cls)
    counters = None if any_unit else known.get(unit or "", frozenset())
    try:
        amount = read_amount(typed.node.text, counters)
    except Unreadable as error:
        if lost and error.code.startswith("amount-counter"):
            return [typed.value(Literal(typed.node.text))]
        raise
    if unit and not lost and amount.percent != ("%" in (counters or ())):
        raise Unreadable("percent-without-ratio" if amount.percent else "ratio-without-percent", text=typed.node.text, unit=unit)
    where = typed.node.where
    values = []
    for prop, number in (
        (typed.prop, amount.value),
        (setting.core("low"), amount.low),
        (setting.core("high"), amount.high),
    ):
        if number is not None:
            literal = Literal(canonical(number), XSD + "decimal")
            values.append(new_tuple(Value, (prop, literal, where, "")))
    values.append(new_tuple(Value, (setting.core("bound"), Iri(CORE + amount.bound), where, amount.bound)))
    values.append(new_tuple(Value, (setting.core("printed"), Literal(typed.node.text), where, None)))
    if typed.prop.name == "share":
        # A range has no number that stands under the key, so that by its ends alone it would be the same as a value's.
        known_by = "true" if amount.bound == "between" else None
        values.append(Value(setting.core("fraction"), Literal("true", XSD + "boolean"), where, known_by))
    return values


def _number(typed: Typed) -> Value:
    """A decimal on a node that no words bound: it is measured, not printed as somebody's amount."""
    if not _DECIMAL.fullmatch(typed.node.text):
        raise Unreadable("bad-number", key=typed.prop.name, text=shorten(typed.node.text))
    return typed.value(Literal(canonical(Decimal(typed.node.text)), XSD + "decimal"))


def _unit(typed: Typed, setting: Setting) -> str | None:
    """The id of the unit a value is counted in: typed, or its indicator's. A share has none: it is a fraction of one."""
    unit = setting.core("unit")
    if typed.prop.name == "share" or not unit.stands_on(typed.cls) or unit.inherited_from is None:
        return None
    written, through = (_only(typed.record.get(name)) for name in (unit.name, unit.inherited_from))
    if isinstance(written, Scalar):
        return written.text
    return setting.vocabulary.inherited.get((unit.name, through.text)) if isinstance(through, Scalar) else None


def _only(node: Node | None) -> Node | None:
    """The one item of a list of one, else the node itself."""
    return node.items[0] if isinstance(node, Sequence) and len(node.items) == 1 else node


def _names_nothing(typed: Typed, setting: Setting) -> bool:
    """Whether the unit would be that of a concept not given, or in no vocabulary: the fault is there, not in the counter."""
    unit = setting.core("unit")
    through = typed.record.get(unit.inherited_from or "")
    given = typed.record.get(unit.name) or not unit.stands_on(typed.cls)
    if through is None:
        return not given
    return not given and isinstance(through, Scalar) and through.text not in setting.vocabulary.counters


def _date(typed: Typed, setting: Setting) -> list[Value]:
    text, where = typed.node.text, typed.node.where
    values: list[Value] = []
    of_article = text == "article" and typed.prop.name == "at"
    if of_article:
        if setting.published is None:
            raise Unreadable("article-undated")
        if not setting.published:
            return [Value(typed.prop, Literal(text, CORE + "EDTF"), where, None)]
        text = setting.published
        values.append(Value(setting.core("atArticle"), Literal("true", XSD + "boolean"), where, None))
    span = read_date(text)
    identity = None if of_article else f"{span.kind}:{span.earliest}/{span.latest}"
    values.append(new_tuple(Value, (typed.prop, Literal(text, CORE + "EDTF"), where, identity)))
    bounds: tuple[tuple[str, str, date | None], ...] = (
        ("earliest", "until", span.earliest),
        ("latest", "from", span.latest),
    )
    for name, open_for, day in bounds:
        if day is not None and typed.prop.name != open_for:
            values.append(new_tuple(Value, (setting.core(name), Literal(day.isoformat(), XSD + "date"), where, None)))
    return values


def _node(typed: Typed, setting: Setting) -> list[Value]:
    prop, text, where = typed.prop, typed.node.text, typed.node.where
    of = setting.schema.ranges[prop.iri]
    if of.allowed is not None:
        if text not in of.allowed:
            raise Unreadable("not-in-list", key=prop.name, text=shorten(text), allowed=", ".join(sorted(of.allowed)))
        return [Value(prop, Iri(of.allowed[text]), where, text)]
    if of.part and of.only_parts:
        raise Unreadable("not-a-record", type=of.part.name)
    if not SLUG.fullmatch(text):
        several = re.split(r"\s*[,，、;；|]\s*", text)
        if len(several) > 1 and all(map(SLUG.fullmatch, several)):
            raise Unreadable("list-without-brackets", text=shorten(text), list=", ".join(several))
        raise Unreadable("bad-id", id=shorten(text), suggestion="")
    return [new_tuple(Value, (prop, entity(setting.base, text), where, text))]


def _property(typed: Typed, setting: Setting) -> list[Value]:
    keys = setting.schema.keys(typed.cls)
    several = re.split(r"[\s,，、;；]+", typed.node.text)
    if len(several) > 1 and set(several) <= set(keys):
        raise Unreadable("list-without-brackets", text=shorten(typed.node.text), list=", ".join(several))
    if typed.node.text not in keys:
        typable = (name for name, prop in keys.items() if not prop.computed)
        raise Unreadable("unknown-key", key=shorten(typed.node.text), type=typed.cls.name, **near(typed.node.text, typable))
    if keys[typed.node.text].computed:
        raise Unreadable("computed-key", key=typed.node.text)
    return [Value(typed.prop, Iri(keys[typed.node.text].iri), typed.node.where, typed.node.text)]


_READERS: Mapping[RangeKind, Callable[[Typed, Setting], list[Value]]] = {
    "text": _text,
    "language": _language,
    "integer": _integer,
    "boolean": _boolean,
    "uri": _uri,
    "amount": _amount,
    "date": _date,
    "node": _node,
    "property": _property,
}


def is_web_address(text: str) -> bool:
    """Whether a text is an absolute http or https address without blanks, quotes, braces or angle brackets."""
    try:
        return bool(WEB_ADDRESS.fullmatch(text) and urlsplit(text).netloc)
    except ValueError:
        return False
