"""How quick the writer of GEXF is beside NetworkX's, and how much memory each takes; `python bench/gexf.py [NODES] [RUNS]`.

Both write the same network of 100,000 nodes and 120,000 edges with the columns that networks have here; what NetworkX reads from
both files must be equal. The two take turns; the ratio is that of their medians, in seconds of the processor, so that other work
on the machine does not count. Bar: 5. Memory is the peak of a process that makes the network and writes it, beside one that only
makes it.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx

from pbgraph.colours import rgb
from pbgraph.gexf import write_gexf
from pbgraph.networks import Edge, Graph, Node, build

BAR = 5
KINDS = ("Village", "Township", "County", "Organization", "Person", "Programme")
BASE = "https://w3id.org/pbgraph/id/"


def nodes(size: int) -> Iterator[Node]:
    """Things with names, one in three without a page, one in ten a group, one in twenty with something to escape."""
    for number in range(size):
        kind, sign = KINDS[number % len(KINDS)], "and" if number % 20 else "& <"
        yield Node(
            id=f"{BASE}thing-{number}",
            key=f"id:thing-{number}",
            kind=kind,
            kind_label={"zh": "类别", "en": kind},
            labels={"zh": f"窑埠村{number}", "en": f"Yaobu {sign} {number}", "zh-latn-pinyin": f"Yáobù Cūn {number}"},
            page=f"{BASE}thing-{number}/" if number % 3 else "",
            group=number % 10 == 0,
            number=77.0 if number % 10 == 0 else None,
        )


def edges(size: int) -> Iterator[Edge]:
    """Claims between things near and far, one in three dated."""
    for number in range(size * 6 // 5):
        source, target = f"thing-{number * 7 % size}", f"thing-{number * 7919 % size}"
        times = {"since": f"2016-{number % 12 + 1:02}-01", "until": "2017-12-31"} if number % 3 == 0 else {}
        attributes = {**times, "certainty": "stated", "claim": f"id:claim-{number}", "article": f"id:article-{number % 400}"}
        relation = {"zh": "帮扶", "en": "assistance"}
        yield Edge(f"{source} {number}", BASE + source, BASE + target, "assistance", relation, attributes=attributes)


def made(size: int) -> Graph:
    """The network as it comes from `networks.build`, its nodes on a grid."""
    graph = build("bench", nodes(size), edges(size))
    for number, (_, columns) in enumerate(graph.nodes(data=True)):
        columns.update(size=10 + number % 300 / 10, x=number % 1000 * 12.34, y=number // 1000 * 12.34)
    return graph


def given(graph: Graph) -> Graph:
    """The network made into what NetworkX's writer needs to write the same: `viz` on nodes, `id` on edges."""
    for _, columns in graph.nodes(data=True):
        red, green, blue = rgb(columns.pop("color"))
        place = {"x": columns.pop("x"), "y": columns.pop("y"), "z": 0.0}
        columns["viz"] = {"color": {"r": red, "g": green, "b": blue, "a": 1.0}, "size": columns.pop("size"), "position": place}
    for *_, key, columns in graph.edges(keys=True, data=True):
        columns["id"] = key
    return graph


def read(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Nodes and edges as NetworkX reads them; its own writer calls the column `key` otherwise, its reader moves dates."""
    graph = networkx.read_gexf(path)
    held = {node: columns | {"key": columns.pop("networkx_key", columns.get("key"))} for node, columns in graph.nodes(data=True)}
    ties = {}
    for source, target, columns in graph.edges(data=True):
        own = {name: value for name, value in columns.items() if name not in ("start", "end", "networkx_key")}
        ties[own.pop("id")] = (source, target, own)
    return held, ties


def peak(writer: str, size: int, place: Path) -> float:
    """The most memory, in MB, that a process of its own takes for the network and for writing it."""
    command = [sys.executable, __file__, writer, str(size), str(place)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) / 1024


def alone(writer: str, size: int, place: Path) -> None:
    """What such a process does: make the network, write it, tell its peak in kB."""
    graph = given(made(size)) if writer == "NetworkX" else made(size)
    if writer == "NetworkX":
        networkx.write_gexf(graph, place / "n.gexf")
    elif writer == "pbgraph":
        write_gexf(graph, place / "n.gexf")
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}")


def main(size: int, runs: int) -> int:
    """Print the table; 1 if the bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        memory = {name: peak(name, size, place) for name in ("nobody", "NetworkX", "pbgraph")}
        theirs, own = given(made(size)), made(size)
        works: dict[str, Callable[[], object]] = {
            "NetworkX": lambda: networkx.write_gexf(theirs, place / "theirs.gexf"),
            "pbgraph": lambda: write_gexf(own, place / "own.gexf"),
        }
        took: dict[str, list[float]] = {name: [] for name in works}
        for work in works.values():
            work()
        assert read(place / "theirs.gexf") == read(place / "own.gexf")
        for _ in range(runs):
            for name, work in works.items():
                begun = time.process_time()
                work()
                took[name].append(time.process_time() - begun)
    sys.stdout.write(f"| {size} nodes | s | MB, of them {memory['nobody']:.0f} the network |\n| --- | --- | --- |\n")
    for name, times in took.items():
        sys.stdout.write(f"| {name} | {statistics.median(times):.2f} | {memory[name]:.0f} |\n")
    ratio = statistics.median(took["NetworkX"]) / statistics.median(took["pbgraph"])
    sys.stdout.write(f"{ratio:.1f} times as fast (bar {BAR})\n")
    return int(ratio < BAR)


if __name__ == "__main__":
    given_words = sys.argv[1:]
    if given_words and not given_words[0].isdigit():
        alone(given_words[0], int(given_words[1]), Path(given_words[2]))
        sys.exit(0)
    sys.exit(main(*map(int, [*given_words, *("100000", "3")[len(given_words) :]])))
