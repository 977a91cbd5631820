"""Ontology, shapes and the ids in use → a JSON Schema (2020-12) of data files, by which editors complete and check as one types.

It says what a schema of one file can: sections, keys, what each takes, which ids there are, how many and of what form. The
checker says that too, and more; where the two speak of the same thing they agree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pbgraph import shapes
from pbgraph.checks import Checked
from pbgraph.project import Project
from pbgraph.reading import LANGUAGE, ONE, PARAGRAPH, WRITTEN_ONCE
from pbgraph.scalars import WEB_ADDRESS, WHOLE
from pbgraph.schema import Class, Property, Schema
from pbgraph.sheets import FILE, TABLE
from pbgraph.store import Statements
from pbgraph.terms import RDFS, SH, Literal, Term, core, local_name

Json = dict[str, Any]

_DEFINITION = "http://www.w3.org/2004/02/skos/core#definition"
_NAMES = """
SELECT ?entity ?class ?name WHERE {
  ?entity a pb:Entity, ?class . OPTIONAL { ?entity pb:name ?name }
} ORDER BY ?entity ?class DESC(LANG(?name)) ?name
"""


def _form(pattern: re.Pattern[str]) -> str:
    """A form that the checker knows, as JSON Schema writes it (2020-12 Validation, section 6.3.3): anchored by itself."""
    return f"^(?:{pattern.pattern})$"


_SLUG: Json = {"type": ["string", "number", "boolean"], "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 80}
_SCALAR: Json = {"type": ["string", "number", "boolean"]}
_LITERALS: Mapping[str, Json] = {
    "text": _SCALAR,
    "amount": _SCALAR,
    "date": _SCALAR,
    "integer": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": _form(WHOLE)}]},
    "boolean": {"enum": [True, False, "true", "false"]},
    "uri": {"type": "string", "pattern": _form(WEB_ADDRESS)},
}
_LANGUAGE, _PARAGRAPH = _form(LANGUAGE), _form(PARAGRAPH)


@dataclass(frozen=True)
class Ids:
    """The entities of a project by class IRI: each id with its names in one line."""

    by_class: Mapping[str, Mapping[str, str]]

    def of(self, classes: Iterable[str]) -> dict[str, str]:
        """The ids of all of several classes, in order."""
        return dict(sorted(pair for cls in classes for pair in self.by_class.get(cls, {}).items()))


def ids_in_use(checked: Checked) -> Ids:
    """The ids of a checked project's entities, with their names, Chinese first."""
    found: dict[str, dict[str, str]] = {}
    for entity, cls, name in checked.graph.select(_NAMES).rows:
        names = found.setdefault(str(cls), {})
        slug = local_name(str(entity))
        told = [each for each in (names.get(slug, ""), str(name or "")) if each]
        names[slug] = ", ".join(told)
    return Ids(found)


def as_text(checked: Checked) -> str:
    """The JSON Schema of a checked project's data files, as text."""
    maker = _Maker(
        checked.schema, _constraints(checked.shapes.said), ids_in_use(checked), _texts(checked.schema), _tags(checked.project)
    )
    return json.dumps(maker.whole(checked.project.base), ensure_ascii=False, separators=(",", ":")) + "\n"


def _tags(project: Project) -> list[str]:
    """The language tags that editors offer: those of the project, and Chinese in its other script."""
    return [tag for language in project.languages for tag in ((language, "zh-hant") if language == "zh" else (language,))]


def _texts(schema: Schema) -> dict[str, dict[tuple[str, str], str]]:
    """What the ontology calls its terms and says of them: term → (property, language) → text."""
    found: dict[str, dict[tuple[str, str], str]] = {}
    for subject, key, term in schema.triples:
        if key in (RDFS + "label", _DEFINITION) and isinstance(term, Literal):
            found.setdefault(subject, {})[key, term.language] = term.text
    return found


Constraints = Mapping[tuple[str, str], Mapping[str, Term]]
"""What shapes say of the values of a property on a class: (class IRI, property IRI) → constraint → its value."""


def _constraints(said: Statements) -> Constraints:
    found: dict[tuple[str, str], dict[str, Term]] = {}
    for about in said.values():
        both = (about, *(said.get(str(each), {}) for each in about.get(SH + "property", ())))
        refusing = [each for each in both if shapes.severity(each) == "error" and not shapes.is_deactivated(each)]
        for cls in () if shapes.is_deactivated(about) else about.get(SH + "targetClass", ()):
            for each in refusing:
                for path in each.get(SH + "path", ()):
                    told = {key.removeprefix(SH): terms[0] for key, terms in each.items()}
                    found.setdefault((str(cls), str(path)), {}).update(told)
    return found


@dataclass
class _Maker:
    schema: Schema
    constraints: Constraints
    ids: Ids
    texts: Mapping[str, Mapping[tuple[str, str], str]]
    tags: Sequence[str]
    definitions: dict[str, Json] = field(default_factory=dict)

    def whole(self, base: str) -> Json:
        """The schema of a data file: its source and its sections."""
        source = self.schema.by_iri[core("Source")]
        sections = self.schema.sections
        properties = {"source": {"anyOf": [self._ids([source.iri]), self._record(source)], **self._told(source.iri)}}
        for key, cls in sections.items():
            properties[key] = {"type": "array", "items": self._record(cls), **self._told(cls.iri)}
        properties[TABLE] = self._table()
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"{base}schema/data.schema.json",
            "title": "pbgraph",
            "type": "object",
            "required": ["source"],
            "properties": properties,
            "additionalProperties": False,
            "$defs": dict(sorted(self.definitions.items())),
        }

    def _table(self) -> Json:
        """A table: a CSV, and for each section records in which columns stand where texts would; so their forms are open."""
        sections: Json = {}
        for key, cls in self.schema.sections.items():
            kinds = (each for each in self.schema.classes.values() if cls.iri in each.ancestors)
            keys = {name for each in kinds for name, prop in self.schema.keys(each).items() if not prop.computed}
            record = {"type": "object", "properties": dict.fromkeys(("id", "type", *sorted(keys)), True)}
            sections[key] = {"anyOf": [record, {"type": "array", "items": record}], **self._told(cls.iri)}
        entry = {
            "type": "object",
            "required": [FILE],
            "properties": {FILE: {"type": "string", "pattern": r"\.csv$"}, **sections},
            "additionalProperties": False,
        }
        return {"anyOf": [entry, {"type": "array", "items": entry}]}

    def _record(self, cls: Class) -> Json:
        """A reference to the definition of a record in a section of a class: of what is written once, one for each type."""
        if cls.kind not in WRITTEN_ONCE:
            return self._class(cls)
        if cls.name not in self.definitions:
            kinds = sorted(
                (each for each in self.schema.classes.values() if cls.iri in each.ancestors), key=lambda each: each.name
            )
            types = {"enum": [each.name for each in kinds], "enumDescriptions": [self._words(each.iri) for each in kinds]}
            branches = [
                {
                    "if": {"required": ["type"], "properties": {"type": {"const": each.name}}},
                    "then": self._class(each, "type."),
                }
                for each in kinds
            ]
            shape = {"type": "object", "required": ["id", "type"], "properties": {"id": _SLUG, "type": types}, "allOf": branches}
            self.definitions[cls.name] = shape
        return {"$ref": f"#/$defs/{cls.name}"}

    def _class(self, cls: Class, prefix: str = "") -> Json:
        """A reference to the definition of the keys that a record of a class may have."""
        name = f"{prefix}{cls.name}"
        if name not in self.definitions:
            self.definitions[name] = {}
            keys = {key: prop for key, prop in self.schema.keys(cls).items() if not prop.computed}
            properties: Json = {"id": _SLUG, "type": {"const": cls.name}} if prefix else {}
            properties.update({key: self._value(prop, cls) for key, prop in sorted(keys.items())})
            required = [key for key, prop in sorted(keys.items()) if self._is_required(prop, cls)]
            self.definitions[name] = {
                "type": "object",
                **self._told(cls.iri),
                "properties": properties,
                **({"required": required} if required else {}),
                "additionalProperties": False,
            }
        return {"$ref": f"#/$defs/{name}"}

    def _said(self, prop: Property, cls: Class) -> dict[str, str]:
        """What shapes say of a property on a class or on what it is a kind of."""
        found = [self.constraints.get((ancestor, prop.iri), {}) for ancestor in reversed(cls.ancestors)]
        return {key: str(term) for each in found for key, term in each.items()}

    def _is_required(self, prop: Property, cls: Class) -> bool:
        # What the machine writes itself where it is not typed is never missing.
        written = prop.default or prop.inherited_from
        return not written and int(self._said(prop, cls).get("minCount", "0")) > 0

    def _value(self, prop: Property, cls: Class) -> Json:
        said = self._said(prop, cls)
        one = self._one(prop, cls, said)
        most = 1 if prop.range in ONE else int(said["maxCount"]) if "maxCount" in said else None
        several: Json = {"type": "array", "items": one, **({"maxItems": most} if most else {})}
        several |= {"minItems": 1} if self._is_required(prop, cls) else {}
        return {"anyOf": [one, several], **self._told(prop.iri)}

    def _one(self, prop: Property, cls: Class, said: Mapping[str, str]) -> Json:
        forms: Json = {"pattern": said["pattern"]} if "pattern" in said else {}
        forms |= {"maxLength": int(said["maxLength"])} if "maxLength" in said else {}
        if prop.range == "language":
            return self._carrier(_LANGUAGE, {})
        if prop.range == "property":
            keys = sorted(key for key, each in self.schema.keys(cls).items() if not each.computed)
            return {"enum": keys, "enumDescriptions": [self._words(self.schema.properties[key].iri) for key in keys]}
        if prop.range != "node":
            return {**_LITERALS[prop.range], **forms}
        return self._node(prop)

    def _node(self, prop: Property) -> Json:
        part = self.schema.ranges[prop.iri].part
        if part is not None and part.kind == "passage":
            quote = self._said(self.schema.properties["quote"], part)
            return self._carrier(_PARAGRAPH, {"maxLength": int(quote["maxLength"])} if "maxLength" in quote else {})
        classes = [self.schema.by_iri[iri] for iri in sorted(prop.range_classes)]
        closed = {name: iri for cls in classes if cls.kind == "value" for name, iri in self._individuals(cls)}
        if closed:
            return {"enum": sorted(closed), "enumDescriptions": [self._words(closed[name]) for name in sorted(closed)]}
        named = [cls.iri for cls in classes if cls.kind not in ("part", "passage")]
        choices = [*([self._ids(named)] if named else []), *([self._class(part)] if part else [])]
        return choices[0] if len(choices) == 1 else {"anyOf": choices}

    def _individuals(self, cls: Class) -> Iterator[tuple[str, str]]:
        yield from self.schema.individuals.get(cls.iri, {}).items()

    def _carrier(self, keys: str, forms: Json) -> Json:
        """Texts by language or paragraph: one or a list of them under each."""
        text = {**_SCALAR, **forms}
        texts = {"anyOf": [text, {"type": "array", "items": text}]}
        offered: Json = {"properties": dict.fromkeys(self.tags, texts)} if keys == _LANGUAGE else {}
        return {"type": "object", **offered, "patternProperties": {keys: texts}, "additionalProperties": False}

    def _ids(self, classes: list[str]) -> Json:
        """A reference to the definition of the ids of some classes."""
        name = f"ids.{'-'.join(sorted(local_name(cls) for cls in classes))}"
        known = self.ids.of(classes)
        # Unquoted digits are a number to an editor, and the id they spell to the checker.
        numbers = [int(slug) for slug in known if slug.isdecimal()]
        self.definitions[name] = {"enum": [*known, *numbers], "enumDescriptions": list(known.values())} if known else {"not": {}}
        return {"$ref": f"#/$defs/{name}"}

    def _told(self, iri: str) -> Json:
        words = self._words(iri)
        return {"description": words} if words else {}

    def _words(self, iri: str) -> str:
        """A term's labels and definitions, Chinese first, a paragraph for each language."""
        told = self.texts.get(iri, {})
        languages = sorted({language for _, language in told}, reverse=True)
        both = ((told.get((RDFS + "label", language), ""), told.get((_DEFINITION, language), "")) for language in languages)
        return "\n\n".join(": ".join(filter(None, each)) for each in both)
