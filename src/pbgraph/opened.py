"""What Python programs ask of a built project: its graph, and its networks as NetworkX graphs, whole or in part."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pbgraph import cache, project, queries
from pbgraph.atlas import Atlas
from pbgraph.build import MANIFEST, STORE_DIGESTS, read_manifest, store_digests
from pbgraph.problems import Refused, Where, problem
from pbgraph.store import Graph, open_read_only

if TYPE_CHECKING:
    from pbgraph.networks import Directed


def open_atlas(found: project.Project, output: Path | None = None) -> Atlas:
    """The graph that was built in a project's folder (`build/`, or `output`). Refused: there is none, or it is damaged."""
    place = Where(str(output or "build"))
    output = output or found.root / "build"
    if not os.path.lexists(output / MANIFEST):
        raise Refused([problem(place, "no-build")])
    kept = cache.of(found.root)
    while True:
        generation = output.resolve()
        try:
            return Atlas(found, _opened(generation, kept))
        except (OSError, ValueError) as error:
            if output.resolve() == generation:  # else another build has taken its place meanwhile
                details = {"reason": str(error), "build": output.name, "cache": str(kept.folder)}
                raise Refused([problem(place, "damaged-build", **details)]) from error


def _opened(generation: Path, kept: cache.Cache) -> Graph:
    """The graph of one build. OSError or ValueError: it is damaged, or gone."""
    manifest = read_manifest(generation)
    # What is damaged is not even opened: the store may look for memory without end in it.
    told = json.loads((generation / STORE_DIGESTS).read_text(encoding="utf-8"))
    if store_digests(generation, kept) != told:
        raise ValueError("files of its store are missing or changed")
    return open_read_only(generation / "store", manifest["prefixes"])


def network(name: str, *, folder: str | os.PathLike[str] = ".", claims: str = "edges", **given: str | int | bool) -> Directed:
    """A network of the project that `folder` lies in, as built last: a MultiDiGraph with typed columns on nodes and edges.

    `name` is that of a query in `queries/networks`. `given` keeps a part of it: `certainty="stated"`, `year=2016`,
    `county="hengxian"` (see `selections.select`). With `claims="nodes"` claims are nodes between their parties. An undirected
    tie is one edge whose `directed` is false. Refused: there is no such project, build, network or part. ValueError: `claims` is
    neither `edges` nor `nodes`.
    """
    from pbgraph.assembling import network_of
    from pbgraph.selections import plain

    if claims not in ("edges", "nodes"):
        raise ValueError(f"claims are `edges` or `nodes`, not `{claims}`")
    atlas = open_atlas(project.load(Path(folder)))
    query = queries.find(name, queries.load(atlas.project, "networks"), "unknown-network")
    return network_of(query, atlas, {key: plain(value) for key, value in given.items()}, claims, directed=True)
