"""`python -m pbgraph` and the command `pbgraph`: the command line, once it is loaded."""

from __future__ import annotations

import atexit
import gc
import signal


def main() -> None:
    """Run the command line; whoever stops it before a command runs is not shown what was being loaded."""
    # Python would look through all there is for garbage once more before it ends.
    atexit.register(gc.freeze)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from pbgraph.cli import main as run

    run()


if __name__ == "__main__":
    main()
