"""The HTML pages of a site, read as browsers read them, for tests of what stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib


@dataclass(frozen=True)
class Page:
    """One page: its path below the site's root, its text, its tree without namespaces, and what was wrong with its HTML."""

    path: str
    text: str
    tree: Element
    errors: tuple[str, ...]

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """All elements in the order of the page; comments left out."""
        return tuple(each for each in self.tree.iter() if isinstance(each.tag, str))

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """All ids in the order of the page."""
        return tuple(each.attrib["id"] for each in self.elements if "id" in each.attrib)

    def links(self) -> Iterator[tuple[str, str]]:
        """Every address the page names: the element's tag and the address."""
        for each in self.elements:
            for name in ("href", "src", "data", "action", "poster", "srcset", "cite"):
                if name in each.attrib:
                    yield each.tag, each.attrib[name]

    def first(self, tag: str) -> Element:
        """The first element with this tag."""
        return next(each for each in self.elements if each.tag == tag)


def words(element: Element) -> str:
    """All text inside an element, as it is."""
    return "".join(element.itertext())


def read(root: Path) -> Mapping[str, Page]:
    """Every HTML page below a site's root, by its path."""
    found = {}
    for path in sorted(root.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        tree = _without_namespaces(parser.parse(text))
        name = path.relative_to(root).as_posix()
        found[name] = Page(name, text, tree, tuple(f"{place}: {code}" for place, code, _ in parser.errors))
    return found


def _without_namespaces(tree: Element) -> Element:
    for each in tree.iter():
        if isinstance(each.tag, str):
            each.tag = each.tag.rpartition("}")[2]
        each.attrib = {name.rpartition("}")[2]: value for name, value in each.attrib.items()}
    return tree
