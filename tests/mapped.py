"""Data files in text, mapped with the repository's own ontology and the vocabulary of the small project."""

from __future__ import annotations

from functools import cache

from pbgraph import mapping, store
from pbgraph import project as projects
from pbgraph.checks import prefixes, read_schema
from pbgraph.mapping import Mapped
from pbgraph.scalars import Setting
from pbgraph.store import Graph
from small import ROOT, VOCABULARY

BASE = "https://w3id.org/pbgraph/"
FILE = "data/articles/a.yaml"
GRAPH = f"{BASE}graph/articles/a"
HEAD = "source: {id: a, type: NewsArticle, published: 2016-05, language: zh}\n"


@cache
def setting() -> Setting:
    """The repository's own ontology with the vocabulary of the small project."""
    return mapping.setting_of({"data/vocabularies/all.yaml": VOCABULARY.encode()}, read_schema(projects.load(ROOT)), BASE)


def mapped(text: str, source: str = HEAD) -> Mapped:
    """A file of a source and sections, mapped."""
    return mapping.map_file((source + text).encode(), FILE, GRAPH, setting())


def graph(text: str, source: str = HEAD) -> Graph:
    """The quads of a file without problems, in a store."""
    found = mapped(text, source)
    assert [problem.render("en") for problem in found.problems] == []
    return store.in_memory([found.quads], prefixes(projects.load(ROOT), setting().schema.prefixes))


def fingerprint(claim: str, section: str = "figures", source: str = HEAD) -> str:
    """The fingerprint of a claim, written as a flow mapping."""
    rows = graph(f"{section}:\n  - {claim}\n", source).select("SELECT ?f WHERE { ?c pb:fingerprint ?f }").rows
    assert len(rows) == 1
    return str(rows[0][0])
