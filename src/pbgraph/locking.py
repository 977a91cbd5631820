"""One process at a time: a lock on a file, which whoever else wants it waits for, and says so."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pbgraph.progress import Progress, silent

WAITING = "wait"
"""The stage in which another process holds what this one needs."""


@contextmanager
def alone(lock: Path, progress: Progress = silent) -> Iterator[None]:
    """Hold the lock on a file, which is made if there is none; OSError: it cannot be made."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress(WAITING)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
