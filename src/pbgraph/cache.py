"""What a run leaves for the next: values under names, each with the key of what it was made from, in the user's cache folder.

Losing it costs time and nothing else. It lies outside the project: what is unpickled must not come with a clone.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pbgraph

_Value = TypeVar("_Value")
_UNUSABLE = (OSError, EOFError, pickle.UnpicklingError, AttributeError, ImportError, IndexError, KeyError, TypeError, ValueError)


@dataclass(frozen=True)
class Cache:
    """A folder of values; without one, nothing is kept."""

    folder: Path | None

    def get(self, name: str, key: str, make: Callable[[], _Value]) -> _Value:
        """The value kept under a name, if it was made from what `key` stands for; else what `make` gives, kept from now on."""
        found: tuple[_Value] | None = self.find(name, key)
        return self.keep(name, key, make()) if found is None else found[0]

    def find(self, name: str, key: str) -> tuple[Any] | None:
        """The value kept under a name, if it was made from what `key` stands for; else None."""
        if self.folder is None:
            return None
        try:
            written = self._path(self.folder, name).read_bytes()
            if _checksum(memoryview(written)[CHECKED:]) != written[:CHECKED]:
                return None
            kept, value = pickle.loads(memoryview(written)[CHECKED:])
        except _UNUSABLE:
            return None
        return (value,) if kept == key else None

    def keep(self, name: str, key: str, value: _Value) -> _Value:
        """Keep a value, made from what `key` stands for, under a name from now on."""
        if self.folder is None:
            return value
        # A cache that cannot be written is none; whatever was asked for has been made all the same.
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self._path(self.folder, name)
            partial = path.with_suffix(f".{os.getpid()}")
            pickled = pickle.dumps((key, value), protocol=5)
            try:
                with partial.open("wb") as file:
                    file.write(_checksum(pickled))
                    file.write(pickled)
                partial.replace(path)
            finally:
                partial.unlink(missing_ok=True)
        return value

    def of_each(self, name: str, files: Iterable[Path], make: Callable[[Path], _Value]) -> dict[Path, _Value]:
        """What `make` gives for each of some files; kept for each as long as its inode, size and times are those it had.

        Nothing is kept yet of a file that was written within the last tick of the clock: another change in the same tick might
        change none of these.
        """
        known: dict[str, tuple[Stat, _Value]] = (self.find(name, digest([])) or ({},))[0]
        found, fresh, now = {}, {}, time.time_ns()
        for path in files:
            stat = stat_of(path)
            if (entry := known.get(str(path))) and entry[0] == stat:
                found[path] = entry[1]
                continue
            found[path] = make(path)
            if now - stat[-1] > COARSEST:
                fresh[str(path)] = (stat, found[path])
        if fresh:
            there = {path: entry for path, entry in known.items() if Path(path) in found or os.path.lexists(path)}
            self.keep(name, digest([]), there | fresh)
        return found

    def _path(self, folder: Path, name: str) -> Path:
        return folder / digest([name.encode()])


CHECKED = 16
"""So many bytes before each value tell whether it is still what was kept: a flipped one might read as another value."""


def _checksum(content: bytes | memoryview) -> bytes:
    return hashlib.blake2b(content, digest_size=CHECKED).digest()


Stat = tuple[int, int, int, int]


def stat_of(path: Path) -> Stat:
    """Inode, size, time of the content and time of the last change of any kind; zeros where there is no file."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0, 0)
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


COARSEST = 2_000_000_000
"""Nanoseconds from tick to tick of the coarsest clock by which a file system tells times (FAT)."""

NONE = Cache(None)


def of(root: Path) -> Cache:
    """The cache of the project in a folder: below XDG_CACHE_HOME, else ~/.cache (XDG Base Directory Specification).

    There is none where nobody has a home.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not home.is_absolute():
        try:
            home = Path.home() / ".cache"
        except RuntimeError:
            return NONE
    return Cache(home / "pbgraph" / digest([os.fsencode(root)]))


_ROOT = "root"
"""The file in a cache that tells the folder of its project."""


def forget_others(kept: Cache, root: Path) -> None:
    """Remove the caches of projects that are gone, and note whose this one is; what cannot be removed or noted stays."""
    if kept.folder is None or not kept.folder.is_dir():
        return
    with suppress(OSError):
        (kept.folder / _ROOT).write_bytes(os.fsencode(root))
    for note in kept.folder.parent.glob(f"*/{_ROOT}"):
        with suppress(OSError):
            if not os.path.lexists(note.read_bytes()):
                shutil.rmtree(note.parent)


def digest(parts: Iterable[bytes]) -> str:
    """A digest of several byte strings in their order, this package's own code among them."""
    total = hashlib.sha256(_code())
    for part in parts:
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()[:32]


def package_files() -> list[Path]:
    """The files of this package's own code, in order; what Python writes beside its modules comes and goes, and is none."""
    return sorted(path for path in Path(pbgraph.__file__).parent.rglob("*.*") if path.suffix in (".py", ".toml"))


@cache
def _code() -> bytes:
    """A digest of what this package's code is, as far as the file system tells: names, places, sizes and times of its files."""
    stats = [(str(path), stat_of(path)) for path in package_files()]
    return hashlib.sha256(repr((pbgraph.__version__, installed(), stats)).encode()).digest()


@cache
def installed() -> tuple[str, ...]:
    """What this package's results depend on besides its code: the versions of Python and of all that it requires.

    They are told from the names of folders alone (`name-version.dist-info`; Recording installed projects, PyPA), since
    importlib.metadata takes as long as all else by which it is found out that nothing changed.
    """
    folders = [path for place in map(Path, dict.fromkeys(sys.path)) if place.is_dir() for path in place.glob("*-*.dist-info")]
    told = next((path / "METADATA" for path in folders if path.name.startswith("pbgraph-")), None)
    required = {_plain(name) for name in _REQUIRED.findall(told.read_text(encoding="utf-8"))} if told else set()
    found = [path.name for path in folders if _plain(path.name.partition("-")[0]) in required]
    return sys.version, *sorted(found)


_REQUIRED = re.compile(r"^Requires-Dist: ([\w.-]+)[^;\n]*(?:; extra == '(?:figures|parquet)')?$", re.MULTILINE)


def _plain(name: str) -> str:
    """The name of a package in the one form that all ways of writing it have (Names and normalization, PyPA)."""
    return re.sub(r"[-_.]+", "-", name).lower()
