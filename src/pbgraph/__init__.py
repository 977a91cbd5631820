"""pbgraph turns curated readings of press articles into a graph in which every claim is a node with its evidence."""

__version__ = "0.1.0"
