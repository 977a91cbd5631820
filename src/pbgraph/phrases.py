"""What templates can say: sentences of the catalogue, labels, links, dates, values, for one folder in one language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from pbgraph.addresses import is_iri, relative
from pbgraph.citing import Citing, bibtex, csl
from pbgraph.datewords import in_words
from pbgraph.drawing.lettering import width
from pbgraph.embedding import embedded, style_sheet
from pbgraph.formats import compact
from pbgraph.indexing import Directory
from pbgraph.labels import follows, grouped
from pbgraph.languages import shown
from pbgraph.origins import Origins
from pbgraph.patterns import Pattern, pattern_of
from pbgraph.scalars import is_web_address
from pbgraph.scripts import HAN
from pbgraph.sites import Site, TemplateError
from pbgraph.telling import Telling, alike, distinct, filled, lines, points
from pbgraph.terms import CORE, XSD, Iri, Literal, Term, local_name
from pbgraph.tracing import Key

_NAME = re.compile(r"[^A-Za-z0-9_-]")
_CODE = re.compile("`([^`]+)`")
_SPECIAL = re.compile("[&<>\"']")
_WIDE = "[\u3000-\u9fff\uff00-\uffef\U00020000-\U0003ffff]"
_NAMED = re.compile(
    rf"(?:(?<={_WIDE}) )?(?:`?\?(?P<column>[A-Za-z]\w*)`?|`(?P<code>[^`]+)`|\b(?P<answer>true|false)\b)(?: (?={_WIDE}))?"
)
"""What a question's reading calls by the words of its query; with the blanks that part it from Chinese characters."""
_MARKS = re.compile("[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]")

KEPT = 20_000
"""So many phrases are kept; then all are forgotten, since those of a large project would fill the memory."""


class Phrases:
    """The functions of templates, bound to a site, a folder of it and a language; `vocabulary` gives them by name.

    What they say depends on nothing else, so that it is kept and said again on the next page of the folder.
    """

    def __init__(self, site: Site, folder: str, language: str) -> None:
        self.site = site
        self.folder = folder
        self.language = language
        self.telling = Telling(site, language)
        self._kept: dict[tuple[str, ...], tuple[Markup, tuple[Key, ...]]] = {}
        self._patterns: dict[tuple[str, str], Pattern] = {}

    def vocabulary(self) -> dict[str, Any]:
        """Every name a template may use besides its own item."""
        site, telling, citing, origins = (
            self.site,
            self.telling,
            Citing(self.telling),
            Origins(self.site, self.folder, self.language),
        )
        functions: tuple[Callable[..., Any], ...] = (
            *(self.t, self.label, self.plain_label, self.href, self.link, self.path, self.sentence, self.text, self.show),
            *(self.date, self.join, self.column, self.explained, self.in_script, self.short, self.prose, self.picture),
            *(self.in_language, self.amount, self.keep, self.shortened, self.class_named, self.kind_path, self.is_row),
            *(telling.stated, telling.pick, telling.is_a, telling.broader, telling.qualifiers, telling.legible),
            *(telling.facts, telling.pick_facts),
            *(citing.source_work, citing.page_work, citing.question_address, bibtex, csl),
            *(origins.place_of, origins.line_of, origins.file_link, origins.edit_link, origins.report_link),
            *(site.rows, site.row, site.values, site.kind, site.given, site.core),
            *(distinct, alike, filled, lines, points, kind_class, grouped),
        )
        return {**{function.__name__: function for function in functions}, **self._terms_and_texts()}

    def _terms_and_texts(self) -> dict[str, Any]:
        site = self.site
        return {
            **site.tools,
            **Directory(site, self.language).vocabulary(),
            "every_page": site.extras.get("every_page", {}),
            "page_of": lambda node: site.page(node, self.language),
            "number": lambda term: float(str(term)),
            "slug_of": lambda term: local_name(str(term)),
            "languages": site.project.languages,
            "language": self.language,
            "other_languages": [other for other in site.project.languages if other != self.language],
            "speaking": lambda other: Phrases(site, self.folder, other),
            "title": site.project.title[self.language],
            "picture_style": style_sheet(),
            "prefixes": site.graph.prefixes,
            "sentences": site.messages.keys(),
        }

    def keep(self, macro: Any, *asked: Term | str) -> Markup:
        """What a macro makes of some nodes or texts; made once, and used again in pages of the same folder and language.

        So the macro may not look at the page it is used on.
        """
        made_by = ("keep", macro._func.__code__.co_filename, macro.name)  # Macros of two templates may share a name.
        return self._once((*made_by, *map(str, asked)), lambda: Markup(macro(*asked)))

    def _once(self, key: tuple[str, ...], make: Callable[[], Markup]) -> Markup:
        if found := self._kept.get(key):
            self.site.trace.add(found[1])
            return found[0]
        if len(self._kept) >= KEPT:
            self._kept.clear()
        self._kept[key] = found = self.site.trace.during(make)
        return found[0]

    def t(self, key: str, /, **fields: object) -> Markup:
        """The sentence `key` of the catalogue, its {fields} filled in and escaped; `n` decides between one and other.

        TemplateError: there is no such sentence in this language, or not all of its fields are given.
        """
        form = "one" if str(fields.get("n")) == "1" else "other"
        if (key, form) not in self._patterns:
            self._patterns[key, form] = self._taken_apart(key, form)
        try:
            pattern = self._patterns[key, form]
            said = [text if name is None else f"{text}{follows(text, escape(fields[name]))}" for text, name in pattern]
        except KeyError as error:
            raise TemplateError(f"the sentence `{key}` of messages.yaml cannot be filled in: {error}") from error
        return Markup("".join(said))

    def _taken_apart(self, key: str, form: str) -> Pattern:
        sentence = self.site.messages.get(key, {}).get(self.language)
        if isinstance(sentence, Mapping):
            sentence = sentence[form]
        if sentence is None:
            raise TemplateError(f"messages.yaml has no sentence `{key}` in {self.language}")
        try:
            return tuple((str(escape(text)), name) for text, name in pattern_of(sentence))
        except ValueError as error:
            raise TemplateError(f"the sentence `{key}` of messages.yaml cannot be filled in: {error}") from error

    def plain_label(self, term: object) -> str:
        """What a node is called, as mere text; a literal's own text."""
        return self.site.label(str(term), self.language).text if is_iri(term) else str(term)

    def label(self, term: object) -> Markup:
        """What a node is called; marked with its language where that is not the page's."""
        if not is_iri(term):
            return escape(str(term))
        found = self.site.label(str(term), self.language)
        return self._in(found.language, found.text)

    def _in(self, language: str, text: str) -> Markup:
        letters = re.findall(r"[^\W\d_]|[^\x00-\x7f]", text) if not language and self.language != "zh" else ()
        if letters and 2 * len(re.findall(_WIDE, text)) > len(letters):
            language = "zh"  # words of a source and names as printed, joined by a query
        if language in (self.language, ""):
            return Markup("<bdi>{}</bdi>").format(text) if _is_bidirectional(text) else escape(text)
        return Markup('<bdi lang="{}">{}</bdi>').format(language, text)

    def href(self, term: object) -> str:
        """The link to the page that shows a node; empty if none does."""
        return str(self._once(("href", str(term)), lambda: Markup(self._href(str(term)))))

    def _href(self, node: str) -> str:
        target = self.site.page(node, self.language)
        return relative(target, self.folder) if target else ""

    def is_row(self, term: object) -> bool:
        """Whether a node is shown on the page of what it is part of."""
        self.site.page(term, self.language)  # where it is shown counts as read
        return str(term) in self.site.addresses.bare

    def link(self, term: object) -> Markup:
        """A node's label, as a link if a page shows it."""
        return self._once(("link", str(term), "" if is_iri(term) else "text"), lambda: self._link(term))

    def _link(self, term: object) -> Markup:
        target = self.href(term)
        return Markup(f'<a href="{escape(target)}">{self.label(term)}</a>') if target else self.label(term)

    def path(self, target: str) -> str:
        """The link to a page or file given below the site's root."""
        return str(self._once(("path", target), lambda: Markup(relative(target, self.folder))))

    def sentence(self, node: object) -> Markup:
        """A node's label with every thing it names linked: what stands for a claim or a group, which have no page."""
        return self._once(("sentence", str(node)), lambda: self._sentence(str(node)))

    def _sentence(self, node: str) -> Markup:
        pieces = self.site.pieces(node, self.language)
        return Markup("").join(self._piece(piece.text, piece.node, piece.language) for piece in pieces)

    def _piece(self, text: str, node: str, language: str) -> Markup:
        target = self.href(node) if node else ""
        inside = self._in(language, text)
        return Markup(f'<a href="{escape(target)}">{inside}</a>') if target else inside

    def amount(self, node: object) -> str:
        """The amount that a node carries: as printed for readers of Chinese, else in digits; empty if it carries none."""
        return self.site.amount(str(node), self.language)

    def shortened(self, text: str, ems: float) -> str:
        """A text cut where it gets wider than so many times its height, with an ellipsis."""
        if len(text) <= ems or width(text) <= ems:
            return text
        while text and width(text) > ems - 1:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def text(self, term: object) -> Markup:
        """A literal's text, marked with its language where that is not the page's."""
        return self._in(term.language, term.text) if isinstance(term, Literal) else escape(str(term))

    def show(self, term: Term) -> Markup:
        """Any value: a node as a link, a web address as a link, a date in words, a number grouped, else its text."""
        if isinstance(term, Iri):
            return self.link(term) if self.href(term) else self._outside(term)
        if term.datatype == f"{XSD}anyURI":
            return self._outside(term.text)
        if term.datatype in (f"{CORE}EDTF", f"{XSD}date"):
            return self.date(term)
        if term.datatype == f"{XSD}boolean":
            return self.t("yes" if term.text == "true" else "no")
        if term.datatype in (f"{XSD}decimal", f"{XSD}integer"):
            return escape(grouped(term.text))
        return self.text(term)

    def _outside(self, address: str) -> Markup:
        label = Markup('<bdi class="address">{}</bdi>').format(address)
        if not is_web_address(address):
            return label
        return Markup('<a href="{}" rel="external noopener nofollow">{}</a>').format(address, label)

    def date(self, term: object) -> Markup:
        """An EDTF date in words; as written, on request, where it is more than a plain date."""
        return self._once(("date", str(term)), lambda: self._date(str(term)))

    def _date(self, written: str) -> Markup:
        words = in_words(written, lambda key, **fields: str(self.t(key, **fields).unescape()))
        if re.fullmatch("[0-9-]+", written):
            return escape(words)
        return Markup('<span class="date" title="{}">{}</span>').format(written, words)

    def column(self, name: str, own: Mapping[str, Mapping[str, str]] | None = None) -> Markup:
        """The heading of an answer's column: as the question (`own`) or the catalogue has it, else the property of that name.

        Of columns that hold one thing in several languages (noteZh, noteEn) the heading is that of the thing (note).
        """
        for tag in self.site.project.languages:
            name = name.removesuffix(tag.capitalize())
        if own and name in own:
            return escape(_capitalized(self.in_language(own[name])))
        return self._once(("column", name), lambda: self._column(name))

    def _column(self, name: str) -> Markup:
        if f"column-{name}" in self.site.messages:
            return escape(_capitalized(str(self.t(f"column-{name}").unescape())))
        for row in self.site.rows("terms"):
            if str(row["property"]) == "true" and local_name(str(row["this"])) == name:
                return escape(_capitalized(self.plain_label(Iri(str(row["this"])))))
        return Markup("<code>?{}</code>").format(name)

    def explained(self, text: str, own: Mapping[str, Mapping[str, str]] | None = None) -> Markup:
        """A question's reading for those who see its table: columns, answers, terms and questions as the pages call them."""
        return Markup(_NAMED.sub(lambda found: self._named(**found.groupdict(), own=own), str(escape(text))))

    def in_script(self, words: Sequence[str]) -> list[str]:
        """Of words in several languages those that the page's language writes: in Chinese characters, or without; else all."""
        chinese = self.language.partition("-")[0] == "zh"
        return [word for word in words if bool(HAN.search(word)) == chinese] or list(words)

    def _named(self, column: str | None, code: str | None, answer: str | None, own: Any) -> Markup:
        if column:
            return self.t("called", name=self.column(column, own))
        if answer:
            return self.t("called", name=self.t("yes" if answer == "true" else "no"))
        asked: list[Mapping[str, Any]] = [*self.site.rows("questions", code)]
        if asked:
            address = self.path(f"questions/{code}.{self.language}.html")
            return self.t("called", name=Markup('<a href="{}">{}</a>').format(address, self.in_language(asked[0]["question"])))
        term = Iri(f"{CORE}{code}")
        return self.t("called", name=self.link(term)) if self.href(term) else Markup(f"<code>{code}</code>")

    def class_named(self, name: str) -> Iri:
        """The class of the ontologies with this local name. TemplateError: there is none."""
        found = next((row["this"] for row in self.site.rows("classes") if local_name(str(row["this"])) == name), None)
        if not isinstance(found, Iri):
            raise TemplateError(f"no class `{name}`")
        return found

    def kind_path(self, cls: object) -> str:
        """The link to the page that lists the things of a class; empty if there is none."""
        listed = self.site.rows("entity-kinds", cls) or self.site.rows("claim-kinds", cls)
        return self.path(f"kind/{local_name(str(cls))}.{self.language}.html") if listed else ""

    def join(self, terms: Iterable[Term]) -> Markup:
        """Several values as one list in words."""
        is_part = self.telling.is_a
        return self.t("list-separator").join(self.sentence(each) if is_part(each, "Part") else self.show(each) for each in terms)

    def short(self, term: Term) -> str:
        """An address shortened by its prefix, as it is typed in a query."""
        return compact(self.site.graph.prefixes)(term)

    def picture(self, drawn: Mapping[str, str]) -> Markup:
        """A drawing (SVG text by language) as part of the page, its links leading to pages in the page's language.

        TemplateError: nothing is drawn, as of a network whose header does not ask for a picture.
        """
        if not drawn:
            raise TemplateError("nothing is drawn: `picture: true` in the header of a network draws it")
        first, published = f".{self.site.project.languages[0]}.html", self.site.project.published

        def link(target: str) -> str:
            page, mark, place = target.removeprefix(published).partition("#")
            inside = target.startswith(published) and page.endswith(first)
            return self.path(f"{page.removesuffix(first)}.{self.language}.html{mark}{place}") if inside else target

        return Markup(embedded(drawn[self.language], link))

    def in_language(self, texts: Mapping[str, str]) -> str:
        """Of one text in several languages the one in the page's, else in the first there is."""
        return shown(texts, self.language, *self.site.project.languages)

    def prose(self, text: str) -> Markup:
        """A text of a query's header, what stands in backticks in it as code."""
        return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def safe(value: object) -> str:
    """A value as text of a page: what is markup stays as it is, of all else the text is escaped."""
    if isinstance(value, Markup) or (type(value) is str and not _SPECIAL.search(value)):
        return value
    return escape(value)


def _is_bidirectional(text: str) -> bool:
    """Whether a text holds letters or marks of right-to-left writing, which would turn what stands after it around."""
    return bool(_MARKS.search(text))


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def kind_class(cls: object) -> str:
    """The name under which style sheets know a class."""
    return f"kind-{_NAME.sub('_', local_name(str(cls)))}"
