"""Networks whose every text is made to break a reader, and how lists stand where there are only texts."""

from __future__ import annotations

from dataclasses import replace

import networkx

from pbgraph.graphs import Value
from pbgraph.networks import Edge, Node, build, layout

HOSTILE = [
    "]]>",
    "<script>alert(1)</script>",
    "\"double\" & 'single'",
    "line\nfeed",
    "tab\tstop",
    "  spaces around  ",
    "\u202eright to left\u200f",
    "👩‍🌾 🍵",
    "𠮷野家",
    "é and e\u0301",
    "&amp; &#10; %0A \\n",
    "",
]
"""Texts that must come back letter for letter."""

MENDED = {
    "a\x00b": "a\ufffdb",
    "\x1b[31mred": "\ufffd[31mred",
    "\ud800": "\ufffd",
    "\ufffe\uffff": "\ufffd\ufffd",
    "carriage\rreturn\r\n": "carriage\nreturn\n",
}
"""Texts that XML cannot hold, and what stands for them."""


def node(name: str, label: str = "", kind: str = "Thing", **attributes: Value) -> Node:
    return Node(
        f"https://example.org/{name}",
        f"ex:{name}",
        kind,
        {"zh": kind},
        {"zh": label, "en": name},
        "",
        False,
        None,
        attributes,
    )


def edge(name: str, source: str, target: str, directed: bool = True, **attributes: Value) -> Edge:
    ends = f"https://example.org/{source}", f"https://example.org/{target}"
    return Edge(name, *ends, "relates", {"zh": "关联", "en": "relates"}, directed, attributes=attributes)


def hostile() -> networkx.MultiDiGraph:
    texts = [*HOSTILE, *MENDED]
    nodes = [
        replace(
            node(f"n{number:02}", text, text=text, words=[text, "a,b"]),
            id=f"https://example.org/{number}{text}",
            kind=f"Kind{number % 3}",
            page="page/" if number % 2 else "",
            group=number % 4 == 0,
            number=40.0 if number % 4 == 0 else None,
        )
        for number, text in enumerate(texts)
    ]
    typed: dict[str, Value] = {"whole": 7, "broken": 0.1, "yes": False, "far": 2**40, "series": ["甲", "乙"]}
    nodes[1] = replace(nodes[1], attributes=typed)
    ends = [one.id for one in nodes]
    edges = [
        Edge(
            f"e{number:02}{text}",
            ends[number],
            ends[(number * 7) % len(ends)],
            text,
            {"zh": text},
            attributes={"claim": text},
        )
        for number, text in enumerate(texts)
    ]
    parallel = [replace(edges[3], id="parallel 1", relation="other", weight=2.5), replace(edges[3], id="parallel 2")]
    loops = [replace(edges[5], id=f"loop {number}", target=ends[5]) for number in (1, 2)]
    return layout(build("hostile ]]> <&>", nodes, [*edges, *parallel, *loops, replace(edges[8], id="back", directed=False)]))


def as_text(values: list[str]) -> str:
    escapes = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"})
    return "[" + ", ".join(f'"{value.translate(escapes)}"' for value in values) + "]"
