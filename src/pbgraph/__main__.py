"""`python -m pbgraph` and the command `pbgraph`: the command line, once it is loaded."""

from __future__ import annotations

import atexit
import gc
import io
import os
import signal
import sys
from pathlib import Path


def main() -> None:
    """Run the command line; whoever stops it before a command runs is not shown what was being loaded."""
    # Python would look through all there is for garbage once more before it ends.
    atexit.register(gc.freeze)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _speak_utf8_of_files()
    _open_streams()
    from pbgraph.cli import main as run

    run()


def _speak_utf8_of_files() -> None:
    """Begin anew in Python's UTF-8 mode (PEP 540) where the locale would have names of files read otherwise.

    So a file has one address in the graph, whoever builds it; what is said is said in the locale's own encoding all the same.
    """
    if sys.getfilesystemencoding() == "utf-8":
        return
    said = {"PYTHONIOENCODING": f"{sys.stdout.encoding if sys.stdout else 'utf-8'}:backslashreplace"}
    os.execve(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]], {**said, **os.environ})


def _open_streams() -> None:
    """Let a stream that was closed swallow what is said to it, and no stream end a command for a character that it has not."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()
