"""Every name of what has a page, for finding it: the index that the pages' script searches, and lists by first letter."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pbgraph.finding import fold
from pbgraph.romanizing import without_tones
from pbgraph.scripts import HAN, simplified, traditional, traditional_characters
from pbgraph.sites import Row, Site
from pbgraph.terms import Iri, Literal, local_name

OF_LANGUAGE = ".{language}.html"
"""How the output of a view ends that makes a page in each language."""

OVERVIEWS = ("page", "network")
"""What pages are that show no single thing: they are found by what they are called, and are no names."""

_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Entry:
    """Something with a page: its node (None: a question or an overview), its page without language and suffix, its names.

    `labels` is what it is called in each of the site's languages, `further` all other names, `within` what it is part of.
    """

    node: Iri | None
    page: str
    of: Iri | str
    labels: tuple[Literal, ...]
    further: tuple[Literal, ...]
    within: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Its labels, empty where another language's had to serve, and its further names."""
        first, *others = self.labels
        texts = [first.text, *("" if each == first else each.text for each in others), *(each.text for each in self.further)]
        return tuple(" ".join(text.split()) for text in texts)


@dataclass(frozen=True)
class Listed:
    """A name in a list: its entry, the name, whether the entry is shown by another one, and its pinyin if it is Chinese."""

    entry: Entry
    name: Literal
    other: bool
    reading: str


@dataclass(frozen=True)
class Directory:
    """The names of a site; all by rows of the page queries `names` and `ancestors`, and the questions."""

    site: Site
    language: str

    def vocabulary(self) -> dict[str, Callable[..., Any]]:
        """The functions that templates may use, by name."""
        return {
            "pinyin": self.site.pinyin,
            "traditional": traditional,
            "names_index": self.index,
            "names_by_letter": self.by_letter,
            "kind_called": self.kind_called,
        }

    @cached_property
    def entries(self) -> list[Entry]:
        """What has a page, kinds with a colour and many members first, then by label."""
        found = [*self._nodes(), *self._questions(), *self._overviews()]
        sizes = Counter(entry.of for entry in found)

        def place(entry: Entry) -> tuple[bool, bool, int, str, str, str]:
            plain = not isinstance(entry.of, Iri)
            coloured = local_name(entry.of) in self.site.given("colours")
            return (plain, not coloured, -sizes[entry.of], entry.of, entry.labels[0].text, entry.page)

        return sorted(found, key=place)

    def kind_called(self, of: Iri | str, language: str) -> str:
        """What a kind of entry is called: a class by its label, questions and terms by a sentence of the catalogue."""
        if isinstance(of, Iri):
            return self.site.label(of, language).text
        return str(self.site.messages[of][language])

    def index(self) -> str:
        """All names as one assignment of JSON to a variable, for the pages' script.

        Tables tell the reading of each character and the simplified one of each traditional; a name has a reading of its own,
        after a tab, only where it is another. A row is the page's name, the number of its kind, that of the row it is part of
        (from 1; 0: none), its label in each language (empty: the first serves) and further names.
        """
        readings = self._common_readings()
        kinds = list(dict.fromkeys((entry.of, entry.page.rpartition("/")[0]) for entry in self.entries))
        rows = {str(entry.node): number for number, entry in enumerate(self.entries, 1) if entry.node}
        letters = set("".join(simplified(text) for entry in self.entries for text in entry.texts))
        told = {
            "languages": self.site.project.languages,
            "kinds": [[self._style(of), folder, *self._kind_labels(of)] for of, folder in kinds],
            "pinyin": _by_syllable(readings),
            "hant": "".join(pair[0] + pair[1] for pair in traditional_characters() if pair[1] in letters),
            "rows": [
                [
                    entry.page.rpartition("/")[2],
                    kinds.index((entry.of, entry.page.rpartition("/")[0])),
                    rows.get(entry.within, 0),
                    *(self._with_reading(text, readings) for text in entry.texts),
                ]
                for entry in self.entries
            ],
        }
        return f"globalThis.pbgraphNames={json.dumps(told, ensure_ascii=False, separators=(',', ':'))};"

    def by_letter(self) -> dict[str, list[Listed]]:
        """Every name of a thing, term or question in the page's language by the first letter of its spelling (#: none).

        Of Chinese names it is that of their pinyin.
        """
        place = self.site.project.languages.index(self.language)
        found: list[tuple[str, str, str, Listed]] = []
        for entry in self.entries:
            if entry.of in OVERVIEWS:
                continue
            further = [name for name in entry.further if name.language.partition("-")[0] == self.language]
            for name in (entry.labels[place], *further):
                spelt = _SIGNS.sub("", self.site.readings.spelled(name.text))
                # Nobody reads a whole question in syllables.
                reading = self.site.readings.pinyin(name.text) if entry.node and HAN.search(name.text) else ""
                found.append((spelt, name.text, entry.page, Listed(entry, name, name in further, reading)))
        letters: dict[str, list[Listed]] = {}
        for spelt, *_, listed in sorted(found, key=lambda each: (not "a" <= each[0][:1] <= "z", each[:3])):
            letters.setdefault(spelt[0].upper() if "a" <= spelt[:1] <= "z" else "#", []).append(listed)
        return letters

    def _nodes(self) -> Iterator[Entry]:
        names: dict[str, list[Row]] = {}
        for row in self.site.rows("names"):
            names.setdefault(str(row["this"]), []).append(row)
        for node, rows in names.items():
            page = self.site.page(node, self.language)
            if not page or "#" in page:
                continue
            labels = [self.site.label(node, language) for language in self.site.project.languages]
            of: Iri | str = self.site.kind(node) if str(rows[0]["entity"]) == "true" else "term"
            above = [str(row["above"]) for row in self.site.rows("ancestors", node)]
            own = tuple(Literal(label.text, language=label.language) for label in labels)
            further = _further(own, (name for row in rows if isinstance(name := row.get("name"), Literal)))
            yield Entry(Iri(node), page.removesuffix(f".{self.language}.html"), of, own, further, above[-1] if above else "")

    def _questions(self) -> Iterator[Entry]:
        questions: Sequence[Mapping[str, Any]] = self.site.rows("questions")
        for each in questions:
            yield self._called(f"questions/{each['this']}", "question", each["question"], each["keywords"])

    def _overviews(self) -> Iterator[Entry]:
        """The pages of their own that the catalogue has a name for, and those of networks."""
        for view in self.site.views():
            page = view.output.removesuffix(OF_LANGUAGE)
            keys = (f"overview-{view.name}", f"nav-{page.removesuffix('/index')}", view.name)
            named = [texts for key in keys if (texts := self.site.messages.get(key)) and is_name(texts)]
            if named and page != view.output and not view.each:
                yield self._called(page, "page", named[0])
        networks: Sequence[Mapping[str, Any]] = self.site.rows("networks")
        for each in networks:
            yield self._called(f"networks/{each['this']}", "network", each["caption"])

    def _called(self, page: str, of: str, texts: Mapping[str, Any], words: Iterable[str] = ()) -> Entry:
        """An entry of something that is no node, by what it is called in each language and the words it is found by."""
        first = next(iter(texts.values()))
        labels = tuple(Literal(texts.get(tag, first), language=tag) for tag in self.site.project.languages)
        return Entry(None, page, of, labels, _further(labels, map(Literal, words)))

    def _kind_labels(self, of: Iri | str) -> list[str]:
        return [self.kind_called(of, language) for language in self.site.project.languages]

    def _style(self, of: Iri | str) -> str:
        name = local_name(of)
        return f"dotted kind-{name}" if name in self.site.given("colours") else ""

    def _syllables(self, text: str) -> list[tuple[str, str]]:
        return [(own, without_tones(reading)) for own, reading in self.site.readings.syllables(text) if reading]

    def _common_readings(self) -> dict[str, str]:
        """The commonest reading of each Chinese character in the names, without tones."""
        counts = Counter(pair for entry in self.entries for text in entry.texts for pair in self._syllables(text))
        return {own: reading for (own, reading), _ in sorted(counts.items(), key=lambda each: (each[1], each[0]))}

    def _with_reading(self, text: str, readings: Mapping[str, str]) -> str:
        pairs = self._syllables(text)
        if all(readings[own] == reading for own, reading in pairs):
            return text
        return f"{text}\t{' '.join(reading for _, reading in pairs)}"


def is_name(texts: Mapping[str, Any]) -> bool:
    """Whether a sentence of the catalogue is a name: nothing is to be filled in, and nothing decides between forms."""
    return all(isinstance(text, str) and "{" not in text for text in texts.values())


def _further(labels: Sequence[Literal], names: Iterable[Literal]) -> tuple[Literal, ...]:
    """The names that differ from the labels and from each other in more than script, case, width and signs; no pinyin."""
    found = {fold(label.text): None for label in labels}
    further: dict[str, Literal] = {}
    # By language, so that of two scripts the simplified is the one that is kept; what has none, as a code, comes last.
    for name in sorted(names, key=lambda each: (not each.language, each.language, each.text)):
        if not name.language.startswith("zh-latn"):
            further.setdefault(fold(name.text), name)
    return tuple(name for form, name in further.items() if form not in found)


def _by_syllable(readings: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for character, syllable in sorted(readings.items()):
        found[syllable] = found.get(syllable, "") + character
    return dict(sorted(found.items()))
