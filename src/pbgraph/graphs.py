"""What a network is made of, before and after NetworkX has it in hand: nodes, edges, and the names of their columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Value = str | int | float | bool | list[str]
"""What a column may hold; a column holds values of one type."""

Texts = Mapping[str, str]
"""One text in several languages: language tag to text."""


@dataclass(frozen=True, slots=True)
class Node:
    """One thing of a network.

    `id` is its address, `key` a short unique name for people, `kind` the local name of its class, `labels` and
    `kind_label` its texts per language, `page` the address of its page (or empty). A `group` is a party that is many or
    unnamed; `number` says how many, as the words give it without their 多 or 近 (None: they give none).
    """

    id: str
    key: str
    kind: str
    kind_label: Texts
    labels: Texts
    page: str = ""
    group: bool = False
    number: float | None = None
    attributes: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edge:
    """One tie between two nodes: `relation` is its machine name, `relation_label` its texts per language.

    `page` is the address of the words it rests on, on its article's page (or empty).
    """

    id: str
    source: str
    target: str
    relation: str
    relation_label: Texts
    directed: bool = True
    weight: float = 1.0
    page: str = ""
    attributes: Mapping[str, Value] = field(default_factory=dict)


class Network(Protocol):
    """What writers need of a NetworkX multigraph, so that they need not import it."""

    @property
    def graph(self) -> dict[str, Any]:
        """The columns of the network itself."""

    @property
    def nodes(self) -> Any:
        """The view of its nodes: `nodes(data=True)` gives pairs of id and columns."""

    @property
    def edges(self) -> Any:
        """The view of its edges: `edges(keys=True, data=True)` gives source, target, id and columns."""

    def is_directed(self) -> bool:
        """Whether an edge's source and target differ in meaning."""


def column(name: str, tag: str) -> str:
    """The column of the texts `name` in the language `tag`: `label_en`, `label_zh_hant`; of pinyin, `label_pinyin`."""
    return f"{name}_{tag.split('-latn-')[-1].replace('-', '_')}"


def said(columns: Mapping[str, Any], name: str, language: str) -> str:
    """The text `name` of a node or edge in `language`: that language's column if it has words, else the main one."""
    return str(columns.get(column(name, language)) or columns.get(name, ""))


def listed(values: list[str]) -> str:
    """A list as one text, `["a", "b,c"]`: how GEXF writes a liststring, and what GraphML gets, having no lists."""
    return json.dumps(values, ensure_ascii=False)
