"""The HTML pages of a site, read as browsers read them, for tests of what stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
from selectolax.lexbor import LexborHTMLParser, LexborNode


@dataclass(frozen=True)
class Page:
    """One page: its path below the site's root, its text, and its tree without namespaces and comments."""

    path: str
    text: str
    tree: Element

    def errors(self) -> list[str]:
        """What is wrong with its HTML, as the strict reader sees it; where its tree is another, that is told, too."""
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        theirs = parser.parse(self.text)
        told = [f"{place}: {code}" for place, code, _ in parser.errors]
        return told if _facts(theirs) == _facts(self.tree) else [*told, "the quick reader's tree is another"]

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """All elements in the order of the page."""
        return tuple(self.tree.iter())

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
        top = LexborHTMLParser(text).root
        assert top is not None, path
        name = path.relative_to(root).as_posix()
        found[name] = Page(name, text, _element(top))
    return found


def _element(node: LexborNode) -> Element:
    """A node of the quick reader as the standard library's element, with all below it."""
    made = Element(node.tag or "", {name: value or "" for name, value in node.attributes.items()})
    last: Element | None = None
    for child in node.iter(include_text=True):
        if not child.is_text_node:
            last = _element(child)
            made.append(last)
        elif last is None:
            made.text = (made.text or "") + (child.text_content or "")
        else:
            last.tail = (last.tail or "") + (child.text_content or "")
    return made


def _facts(tree: Element) -> list[tuple[str, dict[str, str]] | str]:
    """The elements with their attributes, and all text, in the order of the page; namespaces left out."""
    found: list[tuple[str, dict[str, str]] | str] = ["".join(tree.itertext())]
    for each in tree.iter():
        if isinstance(each.tag, str):
            found.append((_local(each.tag), {_local(name): value for name, value in each.attrib.items()}))
    return found


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]
