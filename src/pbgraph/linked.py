"""Pages told to search engines: a node, a question or the whole dataset in terms of schema.org, as JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from pbgraph.dataset import Dataset
from pbgraph.sites import Site
from pbgraph.store import Statements
from pbgraph.terms import CORE, RDFS, XSD, Iri, Literal, Term

SCHEMA = "https://schema.org/"
_SUB_CLASS, _SUB_PROPERTY = f"{RDFS}subClassOf", f"{RDFS}subPropertyOf"
_CLOSE = "http://www.w3.org/2004/02/skos/core#closeMatch"
_DOMAIN = f"{SCHEMA}domainIncludes"

_DATES = (f"{CORE}EDTF", f"{XSD}date")
_PLAIN_DATE = re.compile("[0-9]{4}(-[0-9]{2}){0,2}")
_HARMFUL = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_ESCAPED = re.compile("[<>&\u2028\u2029]")

Node = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """How a class is told: the types it has in schema.org, and the properties that its properties are there."""

    types: Sequence[str]
    properties: Mapping[str, Sequence[str]]


@dataclass
class Linked:
    """The JSON-LD of a site's pages; `alignment` says what the ontology's terms are in schema.org.

    A class is what the nearest class it is a kind of is a subclass of there, else a Thing; a property is what it is a
    subproperty of, or a close match that schema.org declares (`domainIncludes`) for a type the node has.
    """

    site: Site
    dataset: Dataset
    alignment: Statements
    _kinds: dict[str, Kind] = field(default_factory=dict)

    def thing(self, node: Iri, page: str, language: str) -> str:
        """What the page `page` shows, a node of the graph; who it is linked with is named in `language`."""
        told = self._told(node, language)
        sources = {str(row["source"]): row["source"] for row in self.site.rows("claims", node)}
        found = {
            "@type": told.pop("@type"),
            "@id": str(node),
            "url": self._url(page),
            **told,
            "@reverse": _filled({"mentions": [self._named(each, language) for each in sources.values()]}),
        }
        return _text(found)

    def question(self, name: object, texts: Mapping[str, str], keywords: Sequence[str], page: str) -> str:
        """A question with its wording by language, and its answer as files beside the page."""
        stem = page.rsplit(".", 2)[0]
        files = (("csv", "text/csv"), ("json", "application/sparql-results+json"))
        return _text(
            {
                "@type": "Question",
                "@id": f"{self.site.project.base}question/{name}",
                "url": self._url(page),
                "name": [_worded(Literal(text, language=tag)) for tag, text in texts.items()],
                "keywords": list(keywords),
                "isPartOf": {"@id": self.dataset.iri},
                "encoding": [
                    {"@type": "MediaObject", "contentUrl": self._url(f"{stem}.{suffix}"), "encodingFormat": media}
                    for suffix, media in files
                ],
            }
        )

    def whole(self, page: str) -> str:
        """The graph itself, with the files that it can be had in."""
        dataset = self.dataset
        self.site.given("downloads")  # what is told of the files counts as read
        return _text(
            {
                "@type": "Dataset",
                "@id": dataset.iri,
                "url": self._url(page),
                "name": [_worded(each) for each in dataset.titles],
                "description": [_worded(each) for each in dataset.descriptions],
                "license": [str(each) for each in dataset.licenses],
                "creator": {"@type": "Project", "name": [_worded(each) for each in dataset.creators]}
                if dataset.creators
                else None,
                "version": [str(each) for each in dataset.versions],
                "inLanguage": list(self.site.project.languages),
                "isAccessibleForFree": True,
                "distribution": [
                    {
                        "@type": "DataDownload",
                        "name": file.name,
                        "contentUrl": dataset.address(file),
                        "encodingFormat": file.media_type,
                        "contentSize": f"{file.size} B",
                        "sha256": file.sha256,
                    }
                    for file in dataset.files.values()
                ],
            }
        )

    def _url(self, page: str) -> str:
        return f"{self.site.project.published}{quote(page)}"

    def _told(self, node: Iri, language: str) -> Node:
        """A node's types, names and what else of it schema.org has a word for."""
        kind = self._kind(self.site.kind(node))
        stated = self.site.values(node)
        found: Node = {"@type": _one(kind.types), "name": [_worded(each) for each in stated.get(f"{CORE}name", [])]}
        further = [text for each in stated.get(f"{CORE}naming", []) for text in self.site.values(each).get(f"{CORE}name", [])]
        found["alternateName"] = [worded for each in further if (worded := _worded(each)) not in found["name"]]
        inner = self._is_part(node)
        for key, terms in stated.items():
            names = kind.properties.get(key, ())
            # What a part refers to is not told again: that would be a page within a page.
            made = ({"@id": term} if inner and isinstance(term, Iri) else self._value(term, language) for term in terms if names)
            values = [value for value in made if value is not None]
            for name in names if values else ():
                found.setdefault(name, []).extend(values)
        return found

    def _value(self, term: Term, language: str) -> object:
        """A value as JSON-LD has it; None for a date that is more than a plain one."""
        if isinstance(term, Literal):
            return _worded(term) if term.datatype not in _DATES or _PLAIN_DATE.fullmatch(term.text) else None
        return _filled(self._told(term, language)) if self._is_part(term) else self._named(term, language)

    def _is_part(self, node: Iri) -> bool:
        return f"{CORE}Part" in self.site.labels.ancestors(self.site.kind(node))

    def _named(self, node: Term, language: str) -> Node:
        """A node that is told of on a page of its own: its type, its address and what it is called."""
        kind = self._kind(self.site.kind(node))
        return {"@type": _one(kind.types), "@id": str(node), "name": self.site.label(str(node), language).text}

    def _kind(self, cls: str) -> Kind:
        if cls not in self._kinds:
            above = [self._aligned(each, _SUB_CLASS) for each in self.site.labels.ancestors(cls)]
            every = {name for names in above for name in names}
            properties = {key: names for key in sorted(self.alignment) if (names := self._properties(key, every))}
            self._kinds[cls] = Kind(next(filter(None, above), ["Thing"]), properties)
        return self._kinds[cls]

    def _properties(self, key: str, types: set[str]) -> list[str]:
        """What a property is in schema.org on a node of these types."""
        close = [
            name
            for name in self._aligned(key, _CLOSE)
            if types & set(_local(self.alignment.get(SCHEMA + name, {}).get(_DOMAIN, [])))
        ]
        return [*self._aligned(key, _SUB_PROPERTY), *close]

    def _aligned(self, term: str, by: str) -> list[str]:
        return sorted(_local(self.alignment.get(term, {}).get(by, [])))


def _local(terms: Iterable[Term]) -> Iterator[str]:
    """The local names of those terms that are schema.org's."""
    return (str(term).removeprefix(SCHEMA) for term in terms if str(term).startswith(SCHEMA))


def _worded(term: Term) -> str | dict[str, str]:
    """A literal's text, with its language if it has one (JSON-LD 1.1, section 4.2.4)."""
    if isinstance(term, Literal) and term.language:
        return {"@language": term.language, "@value": term.text}
    return str(term)


def _one(values: Sequence[object]) -> object:
    return values[0] if len(values) == 1 else list(values)


def _filled(node: Mapping[str, Any]) -> Node:
    """A node without what is empty, single values out of their lists."""
    told = ((key, _one(value) if isinstance(value, list) else value) for key, value in node.items())
    return {key: value for key, value in told if value not in ([], {}, None, "")}


def _text(node: Mapping[str, Any]) -> str:
    """A node as text that can stand in a script element: nothing in it ends the element or begins a comment.

    HTML, section 4.12.1.3 (restrictions for contents of script elements); JSON allows these escapes in strings only,
    and JSON has the characters nowhere else.
    """
    told = {"@context": {"@vocab": SCHEMA}, **_filled(node)}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return _ESCAPED.sub(lambda found: _HARMFUL[found[0]], text)
