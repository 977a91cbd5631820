"""After an edit: whether ids are still owned once and references still lead somewhere, told from the changed files alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest

from mapped import BASE, setting
from pbgraph import derive, mapping, store
from pbgraph.checkpoints import of_files
from pbgraph.checks import prefixes
from pbgraph.crossings import stands
from pbgraph.mapping import Mapped
from pbgraph.project import load
from pbgraph.store import Graph
from small import FIRST, PLACES, ROOT, SECOND, VOCABULARY

WARD = "  - {id: ward, type: Village, name: {zh: 区村, en: Ward}, partOf: shitang, form: village}\n"
ALONE = "source: editors\n\nentities:\n" + WARD
RESTING = 'source: editors\n\nmentions:\n  - {subject: hengxian, printedAs: 横县, passage: {1: "横县"}}\n'
ON_SECOND = RESTING.replace("editors", "second")

BEFORE = {"vocabularies/all": VOCABULARY, "places": PLACES, "articles/first": FIRST, "articles/second": SECOND, "alone": ALONE}


def file_of(name: str, text: str) -> Mapped:
    return mapping.map_file(text.encode(), f"data/{name}.yaml", f"{BASE}graph/{name}", setting())


@cache
def before() -> tuple[Graph, dict[str, Mapped]]:
    """The small project with one village more, and what is derived from it; nothing is wrong in it."""
    files = {name: file_of(name, text) for name, text in BEFORE.items()}
    assert not any(file.problems for file in files.values())
    graph = store.in_memory([file.quads for file in files.values()], prefixes(load(ROOT), setting().schema.prefixes))
    graph.load("\n".join(derive.derived_quads(graph, setting().schema, BASE)))
    return graph, files


def stands_with(texts: Mapping[str, str]) -> bool:
    """Whether what crosses files stands once some have these texts, by name; a file of an empty one is gone."""
    graph, files = before()
    changed = [file_of(name, text) for name, text in texts.items() if text]
    graphs = [files[name].graph for name in texts if name in files]
    return stands(changed, graphs, of_files(files.values())[3], graph, BASE)


def swapped(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


STANDING = {
    "as it was": {"places": PLACES},
    "an id more": {"places": PLACES + WARD.replace("ward", "other")},
    "an id that nobody refers to goes": {"alone": ""},
    "an id moves to another file that changed": {"alone": "", "places": PLACES + WARD},
    "what led to an id goes with it, though shortcuts led there": {
        "articles/first": swapped(FIRST, "junqiao", "other-company"),
    },
    "an unreadable file seems to hold its ids": {"places": PLACES + "  - {id: broken\n"},
    "and one that another file owns": {"places": PLACES + "  - {id: ward\n"},
    "and two hold one": {"alone": ALONE + "  - {id: broken\n", "more": ALONE + "  - {id: broken\n"},
    "an id whose class cannot be told": {"places": swapped(PLACES, "type: County", "type: Counti")},
    "which another refers to": {"places": swapped(PLACES, "type: County", "type: Counti"), "articles/second": SECOND},
    "files without claims name one source": {"places": PLACES, "alone": ALONE},
    "claims rest on a source that had none": {"more": RESTING},
    "claims on a source move to another file": {
        "articles/second": SECOND[: SECOND.index("figures")],
        "more": ON_SECOND,
    },
}
BROKEN = {
    "an id that a file owns which did not change": {"more": ALONE},
    "an id twice in a file": {"alone": ALONE + WARD},
    "an id in two files that changed": {"alone": ALONE, "more": ALONE},
    "an id that another file refers to goes": {"places": swapped(PLACES, "id: hengxian", "id: heng")},
    "the file that owns it goes": {"places": ""},
    "an id that another file refers to is of another class": {"places": swapped(PLACES, "type: County", "type: Prefecture")},
    "a reference to nothing": {"articles/second": swapped(SECOND, "subject: hengxian", "subject: heng")},
    "to what goes with the same edit": {"alone": "", "articles/second": swapped(SECOND, "subject: hengxian", "subject: ward")},
    "to what is no id": {"articles/second": swapped(SECOND, "subject: hengxian", "subject: 横 县")},
    "to a thing of another class": {"articles/second": swapped(SECOND, "platform: taobao", "platform: fruit")},
    "to one in a file that changed": {
        "vocabularies/all": VOCABULARY,
        "articles/second": swapped(SECOND, "platform: taobao", "platform: fruit"),
    },
    "claims on the source of a file that did not change": {"more": ON_SECOND},
    "claims of two files on one source": {"more": RESTING, "most": RESTING.replace("横县, p", "横州, p")},
}


@pytest.mark.parametrize("texts", STANDING.values(), ids=STANDING.keys())
def test_it_stands(texts: dict[str, str]) -> None:
    assert stands_with(texts)


@pytest.mark.parametrize("texts", BROKEN.values(), ids=BROKEN.keys())
def test_it_does_not_stand(texts: dict[str, str]) -> None:
    assert not stands_with(texts)
