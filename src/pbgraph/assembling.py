"""A network query and an atlas → the network: rows, edges, the part asked for, nodes, measures, layout; what is drawn of it."""

from __future__ import annotations

from collections.abc import Mapping

from pbgraph import metrics, networks, projections, queries, selections
from pbgraph.atlas import Atlas
from pbgraph.cache import NONE, Cache, digest
from pbgraph.excerpt import excerpt
from pbgraph.layout import Known
from pbgraph.problems import Refused, Unreadable, problem
from pbgraph.queries import Query


def network_of(
    query: Query,
    atlas: Atlas,
    given: Mapping[str, str] | None = None,
    claims: str = "edges",
    directed: bool = False,
    kept: Cache = NONE,
) -> networks.Graph:
    """The network that a query's rows make, measured and laid out as its header asks.

    `given` selects a part (see `selections.select`), `claims` makes them `edges` or `nodes`; `directed` makes it a MultiDiGraph
    even if no tie leads one way. Parts that stand as they did when the network was laid out last, as `kept`, are not laid out
    again. Refused: its rows do not make a network, or `given` selects by what is not there.
    """
    rows = queries.run(query, atlas.graph)
    edges = selections.select(projections.edges_of(query, rows, atlas), rows.variables, given or {}, query, atlas)
    edges = projections.claims_as_nodes(edges, atlas) if claims == "nodes" else edges
    nodes = projections.nodes_of(edges, atlas)
    try:
        graph = networks.build(query.name, nodes, edges, atlas.labels.languages[0], atlas.hues, directed)
    except Unreadable as error:
        raise Refused([problem(query.where, error.code, **error.details)]) from error
    for node, columns in metrics.measured(graph).items():
        graph.nodes[node].update(columns)
    return _laid_out(graph, query, query.name, kept)


def pictured(graph: networks.Graph, query: Query, kept: Cache = NONE) -> networks.Graph:
    """Of a network that was made of a query what its picture shows (see `excerpt`), laid out by itself if that is not all."""
    shown = excerpt(graph)
    if len(shown) == len(graph):
        return graph
    return _laid_out(graph.subgraph(shown).copy(), query, f"the picture of {query.name}", kept)


def _laid_out(graph: networks.Graph, query: Query, called: str, kept: Cache) -> networks.Graph:
    name, key = f"layout of {called}", digest(())
    earlier = kept.find(name, key) or ({},)
    known = Known(*earlier)
    found = networks.layout(graph, query.header.get("layout", "ties"), known)
    if known.used.keys() != earlier[0].keys():
        kept.keep(name, key, known.used)
    return found
