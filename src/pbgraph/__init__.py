"""pbgraph turns curated readings of press articles into a graph in which every claim is a node with its evidence."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Only what is asked for is loaded: `pbgraph --help` waits for no graph library.
    if name == "network":
        return import_module("pbgraph.opened").network
    raise AttributeError(f"module `pbgraph` has no attribute `{name}`")
