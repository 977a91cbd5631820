"""`python -m pbgraph` is the command `pbgraph`."""

from pbgraph.cli import main

main()
