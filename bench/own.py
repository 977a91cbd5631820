"""pbgraph's way from YAML to a checked graph, dumps, tables and networks without layout: `python bench/own.py PROJECT OUT`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from made import Made, Row, timed

from pbgraph import checks, forking, garbage, gexf, graphml, networks, products, projections, queries, tables
from pbgraph import project as projects
from pbgraph.atlas import Atlas
from pbgraph.checks import Checked
from pbgraph.queries import Query


def products_of(checked: Checked, out: Path, found: Made) -> None:
    """Write dumps, store, tables and networks to `out`; what is `found` gets the seconds and the ties."""
    with garbage.kept(), timed("data", found.seconds):
        atlas = Atlas(checked.project, checked.graph)
        works = _works(atlas, checked, out)
        with products.asked_before(atlas, out):
            done = forking.as_done_beside(partial(_dumps, checked, out, found.seconds), works, forking.as_many_as_fit())
            for _, (stage, seconds, ties) in done:
                found.seconds[stage] = found.seconds.get(stage, 0.0) + seconds
                found.ties |= ties


def _works(atlas: Atlas, checked: Checked, out: Path) -> list[Callable[[], tuple[str, float, dict[str, list[Row]]]]]:
    """What a build shares out among processes, without measures and layout; each tells its stage, its seconds and its ties."""

    def told(stage: str, work: Callable[[], object]) -> tuple[str, float, dict[str, list[Row]]]:
        found: dict[str, float] = {}
        with timed(stage, found):
            ties = work()
        return stage, found[stage], ties if isinstance(ties, dict) else {}

    labels = atlas.labels
    (out / "tables").mkdir()
    return [
        *(
            partial(told, "tables", partial(tables.write, each, checked, labels, out / "tables"))
            for each in queries.load(atlas.project, "tables")
        ),
        *(partial(told, "networks", partial(_network, each, atlas, out)) for each in queries.load(atlas.project, "networks")),
    ]


def _dumps(checked: Checked, out: Path, seconds: dict[str, float]) -> None:
    with timed("dumps", seconds):
        products.write_store(checked, out)


def _network(query: Query, atlas: Atlas, out: Path) -> dict[str, list[Row]]:
    """Write a network without measures and layout; its ties."""
    network = _built(query, atlas)
    gexf.write_gexf(network, out / f"{query.name}.gexf")
    graphml.write_graphml(network, out / f"{query.name}.graphml")
    ties = list(network.edges())
    network.clear()  # as a build does
    return {f"networks/{query.name}": ties}


def _built(query: Query, atlas: Atlas) -> networks.Graph:
    edges = projections.edges_of(query, queries.run(query, atlas.graph), atlas)
    nodes = projections.nodes_of(edges, atlas)
    return networks.build(query.name, nodes, edges, atlas.labels.languages[0], atlas.colours)


if __name__ == "__main__":
    place = Path(sys.argv[2])
    place.mkdir(parents=True)
    products_of(checks.check(projects.load(Path(sys.argv[1]))), place, Made())
