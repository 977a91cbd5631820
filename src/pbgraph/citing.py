"""How a source or a page is cited: one record, as BibTeX (bibtexparser) and CSL-JSON; what is not known is left out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pbgraph.sites import Site
from pbgraph.telling import Telling
from pbgraph.terms import XSD, Literal, Term, core, local_name

_DAY = re.compile("([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_TEX = {
    **{sign: f"\\{sign}" for sign in "#$%&_"},
    "\\": "\\textbackslash{}",
    "{": "\\textbraceleft{}",
    "}": "\\textbraceright{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
}
"""BibTeX counts braces even behind a backslash, so that a single one can only stand there by its name."""
_KEY = re.compile("[^A-Za-z0-9.:-]")


@dataclass(frozen=True)
class Issued:
    """When something was published: year, month and day as far as they are known (none: not even the year), and as written.

    `circa`: it is no plain date, or not a certain one; `until`: the last year it may be of, where that is not the first.
    """

    parts: tuple[int, ...]
    circa: bool
    written: str
    until: int = 0

    @property
    def text(self) -> str:
        """The date as a reference prints it: what is inferred in brackets, nothing where no year is known."""
        plain = "-".join(f"{part:02}" for part in self.parts)
        return f"[{plain}{f'–{self.until}' if self.until else ''}]" if plain and self.circa else plain


@dataclass(frozen=True)
class Work:
    """What is cited: `kind` is a type of CSL 1.0.2 (appendix III), `container` what it stands in (a newspaper, this graph)."""

    key: str
    kind: str
    title: str
    address: str = ""
    author: str = ""
    container: str = ""
    issue: str = ""
    version: str = ""
    language: str = ""
    issued: Issued | None = None

    @property
    def appeared(self) -> str:
        """Issue and date as a reference prints them; not the date where the issue holds its year."""
        issued = self.issued or Issued((), False, "")
        told = any(str(part) in self.issue for part in issued.parts[:1])
        return ", ".join(each for each in (self.issue, "" if told else issued.text) if each)


def when(written: str, earliest: str, latest: str, sure: bool) -> Issued:
    """When a source appeared: from its EDTF date as written, its computed bounds (empty: open), and whether it is certain.

    A plain date stays one; of another the year of its first day is given, and that of the last if it is another.
    """
    if found := _DAY.fullmatch(written):
        return Issued(tuple(int(part) for part in found.groups() if part), not sure, written)
    if not earliest or not latest:
        return Issued((), True, written)
    first, last = int(earliest[:4]), int(latest[:4])
    return Issued((first,), True, written, last if last != first else 0)


def bibtex(work: Work) -> str:
    """A work as a BibTeX entry: what stands in a periodical an @article, else @misc; a date that is not plain as a note."""
    from bibtexparser import BibtexFormat, Library
    from bibtexparser.model import Entry, Field
    from bibtexparser.writer import write

    periodical = work.kind.startswith("article") and work.container
    issued = work.issued or Issued((), False, "")
    year, month, day = (*issued.parts, 0, 0, 0)[:3]
    fields = {
        "author": _braced(work.author),
        "title": _braced(work.title),
        "journal" if periodical else "howpublished": _tex(work.container),
        "number": _tex(work.issue),
        "version": _tex(work.version),
        "year": f"{year}{f'--{issued.until}' if issued.until else ''}" if year else "",
        "month": _MONTHS[month - 1] if 1 <= month <= 12 and not issued.circa else "",
        "day": f"{day or ''}" if not issued.circa else "",
        "language": _tex(work.language),
        "url": quote(work.address, safe="%/:?#[]@!$&'()*+,;=~"),
        "note": f"EDTF: {_tex(issued.written)}" if issued.circa else "",
    }
    told = [Field(name, f"{{{text}}}") for name, text in fields.items() if text]
    entry = Entry("article" if periodical else "misc", _KEY.sub("-", work.key), told)
    form = BibtexFormat()
    form.indent, form.trailing_comma = "  ", True
    return f"{write(Library([entry]), form).strip()}\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in " ".join(text.split()))


def _braced(text: str) -> str:
    """A text whose capitals stay and whose words are not taken for first and last names."""
    return f"{{{_tex(text)}}}" if text else ""


def csl(work: Work) -> str:
    """A work as CSL-JSON (the input of citation processors, csl-data.json of CSL 1.0.2): a list of one item."""
    issued = work.issued or Issued((), False, "")
    dates = [list(issued.parts), *([[issued.until]] if issued.until else [])]
    item: dict[str, Any] = {
        "id": work.key,
        "type": work.kind,
        "title": work.title,
        "author": [{"literal": work.author}] if work.author else None,
        "container-title": work.container,
        "issue": work.issue,
        "version": work.version,
        "language": work.language,
        "issued": {"date-parts": dates, **({"circa": True} if issued.circa else {})} if issued.parts else None,
        "URL": work.address,
        "note": f"EDTF: {issued.written}" if issued.circa else "",
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=2) + "\n"


@dataclass(frozen=True)
class Citing:
    """The works that pages of a site in one language cite."""

    telling: Telling

    @property
    def _site(self) -> Site:
        return self.telling.site

    def source_work(self, source: Term, kinds: Mapping[str, str]) -> Work:
        """A source as its readers know it: title and publisher in its own language; `kinds` gives the CSL type by class name."""
        language = self._text(source, "language")
        publisher = next(iter(self.telling.stated(source, "publisher")), "")
        values = (term for terms in self._site.values(source).values() for term in terms)
        address = next((term.text for term in values if isinstance(term, Literal) and term.datatype == f"{XSD}anyURI"), "")
        sure = set(self.telling.stated(source, "certainty")) <= {core("stated")}
        written = self._text(source, "published")
        bounds = self._text(source, "earliest"), self._text(source, "latest")
        return Work(
            key=local_name(str(source)),
            kind=kinds.get(local_name(self._site.kind(source)), "document"),
            title=self._named(source, language),
            container=self._named(publisher, language) if publisher else "",
            address=address,
            author=self._text(source, "byline"),
            issue=self._text(source, "issue"),
            language=language,
            issued=when(written, *bounds, sure) if written else None,
        )

    def page_work(self, title: str, address: str) -> Work:
        """A page of the site as a part of the graph, whose authors and version CITATION.cff tells (without it: none)."""
        told, language = self._site.citation, self.telling.language
        names = [_author(each) for each in told.get("authors", [])]
        return Work(
            key=local_name(address),
            kind="webpage",
            title=title,
            address=address,
            author=", ".join(name for name in names if name),
            container=self._site.project.title[language],
            version=str(told.get("version", "")),
            language=language,
        )

    def question_address(self, name: object) -> str:
        """The address of a question, as its description in SHACL has it."""
        return f"{self._site.project.base}question/{quote(str(name))}"

    def _text(self, node: Term, name: str) -> str:
        return next((str(term) for term in self.telling.stated(node, name)), "")

    def _named(self, node: Term | str, language: str) -> str:
        """What a node is called in a language: as typed, else in the variety or project's language that comes nearest."""
        main = language.partition("-")[0]
        names = [term for term in self.telling.stated(node, "name") if isinstance(term, Literal)]
        for tag in (language, main):
            if found := next((term.text for term in names if term.language == tag), ""):
                return found
        return self._site.label(str(node), main or self.telling.language).text


_PARTS = ("given-names", "name-particle", "family-names", "name-suffix")


def _author(told: Mapping[str, Any]) -> str:
    """An author's name, whether it is a body's or a person's (Citation File Format 1.2.0, definitions entity and person)."""
    parts = (told[key] for key in _PARTS if key in told)
    return str(told.get("name") or " ".join(parts) or told.get("alias", ""))
