"""What a check leaves behind if it could read everything: the graph on disk, and what it takes to check only what changes."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from pbgraph import locking, store
from pbgraph.cache import Cache, stat_of
from pbgraph.checks import Checked, Findings
from pbgraph.index import Located
from pbgraph.mapping import Mapped
from pbgraph.problems import Problem, Where
from pbgraph.progress import Progress, silent
from pbgraph.store import Graph

Stamps = Mapping[str, tuple[int, int]]
"""Size and time of the content (nanoseconds) of files of a store, by name; once written, such a file is never changed."""

_NAME, _SEAL = "checkpoint", "seal"
_TRIES, _PAUSE = 20, 0.02  # seconds


@dataclass(frozen=True)
class Checkpoint:
    """A state of the data in which every file could be read, every id is owned once and every reference finds what it may.

    By file: the keys of what it became, its named graph, its own problems and the subjects that have any; by source of claims
    the file they stand in; what shapes and check queries found, and where it was typed; how many quads there are, which `place`
    (in the cache) holds.
    """

    place: str
    keys: Mapping[str, str]
    graphs: Mapping[str, str]
    problems: Mapping[str, tuple[Problem, ...]]
    faulty: Mapping[str, frozenset[str]]
    sources: Mapping[str, str]
    findings: Findings
    located: Mapping[Located, Where | None]
    statements: int


def find(kept: Cache, rules: str) -> Checkpoint | None:
    """The last such state that was checked by the rules of this key, if it was sealed and no file of its store changed since.

    Files may have gone: the store itself takes some away when it is opened, and tells of those it needs.
    """
    found: tuple[Checkpoint] | None = kept.find(_NAME, rules)
    if not found:
        return None
    sealed: tuple[Stamps] | None = kept.find(_SEAL, found[0].place)
    if not sealed:
        return None  # Whoever wrote it did not live to close its store.
    now = _stamps(folder(kept, found[0]))
    # What is damaged is not even opened: the store may look for memory without end in it.
    return found[0] if all(now.get(name) in (None, stamp) for name, stamp in sealed[0].items()) else None


def folder(kept: Cache, checkpoint: Checkpoint) -> Path:
    """Where its store lies."""
    assert kept.folder
    return kept.folder / checkpoint.place / "store"


def alone(kept: Cache, progress: Progress = silent) -> AbstractContextManager[None]:
    """Hold the cache's lock, since one process at a time may replace the checkpoint; without a cache there is none."""
    return locking.alone(kept.folder / "lock", progress) if kept.folder else nullcontext()


def _stamps(folder: Path) -> Stamps:
    found = {path.name: stat_of(path) for path in folder.glob("*.sst")}
    return {name: (size, written) for name, (_, size, written, _) in found.items() if size}


@contextmanager
def candidate(kept: Cache) -> Iterator[Path]:
    """A new folder in the cache for the store of a state that is yet to be checked; it goes unless the state was kept."""
    assert kept.folder
    place = Path(tempfile.mkdtemp(prefix=f"{_NAME}-", dir=kept.folder))
    try:
        yield place / "store"
    finally:
        if not (place / "kept").exists():
            _remove(place)


def _remove(place: Path) -> None:
    # Threads of a store that is being closed may still write a file into a folder that was just emptied.
    for _ in range(_TRIES):
        shutil.rmtree(place, ignore_errors=True)
        if not place.exists():
            return
        time.sleep(_PAUSE)


def keep(kept: Cache, rules: str, checkpoint: Checkpoint) -> None:
    """Let a state be the checkpoint from now on, in place of any other."""
    assert kept.folder
    (kept.folder / checkpoint.place / "kept").touch()
    kept.keep(_NAME, rules, checkpoint)
    for other in kept.folder.glob(f"{_NAME}-*"):
        if other.name != checkpoint.place:
            shutil.rmtree(other, ignore_errors=True)


def seal(kept: Cache, place: str) -> None:
    """Note what the files of a checkpoint's store are, now that it is closed: one that somebody changes is not trusted."""
    assert kept.folder
    if (kept.folder / place / "kept").exists():
        kept.keep(_SEAL, place, _stamps(kept.folder / place / "store"))


def keep_checked(checked: Checked, written: Path | None = None) -> None:
    """Let what was checked be the checkpoint, if it can be one; its store is copied if it was `written` already.

    If it cannot be written there is none, and the next check takes longer.
    """
    kept = checked.data.kept
    if kept.folder is None or checked.index.problems or not checked.index.whole or not checked.data.is_steady(checked.data.files):
        return
    with suppress(OSError), alone(kept), candidate(kept) as target:
        if written:
            store.open_read_only(written, {}).copy(target)
        else:
            _write(checked.graph, target)
        state = Checkpoint(
            target.parent.name,
            checked.data.keys,
            *of_files(checked.index.files.values()),
            checked.findings,
            checked.index.located,
            len(checked.graph),
        )
        keep(kept, checked.rules.key, state)
        seal(kept, state.place)


OfFiles = tuple[dict[str, str], dict[str, tuple[Problem, ...]], dict[str, frozenset[str]], dict[str, str]]


def of_files(files: Iterable[Mapped]) -> OfFiles:
    """What a checkpoint holds of files: graphs, problems, faulty subjects, and sources."""
    found: OfFiles = ({}, {}, {}, {})
    graphs, problems, faulty, sources = found
    for file in files:
        graphs[file.file] = file.graph
        problems |= {file.file: tuple(file.problems)} if file.problems else {}
        faulty |= {file.file: frozenset(file.faulty)} if file.faulty else {}
        sources |= {file.source: file.file} if file.sourced else {}
    return found


def lent(checked: Checked, target: Path) -> bool:
    """Whether there is a checkpoint of just what was checked, a copy of whose store is now the `target`."""
    kept = checked.data.kept
    with suppress(OSError), alone(kept):
        state = find(kept, checked.rules.key)
        if state is not None and state.keys == checked.data.keys:
            store.open_read_only(folder(kept, state), {}).copy(target)
            return True
    return False


def _write(graph: Graph, target: Path) -> None:
    dump = target.with_suffix(".nq")
    graph.dump(dump)
    store.write(dump, target, graph.prefixes)
    dump.unlink()
