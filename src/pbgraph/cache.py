"""What a run leaves for the next: values under names, each with the key of what it was made from, in the user's cache folder.

Losing it costs time and nothing else. It lies outside the project: what is unpickled must not come with a clone.
"""

from __future__ import annotations

import hashlib
import os
import pickle
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
            kept, value = pickle.loads(self._path(self.folder, name).read_bytes())
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
            partial.write_bytes(pickle.dumps((key, value), protocol=5))
            partial.replace(path)
        return value

    def _path(self, folder: Path, name: str) -> Path:
        return folder / digest([name.encode()])


NONE = Cache(None)


def of(root: Path) -> Cache:
    """The cache of the project in a folder: below XDG_CACHE_HOME, else ~/.cache (XDG Base Directory Specification)."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Cache(Path(home) / "pbgraph" / digest([str(root).encode()]))


def digest(parts: Iterable[bytes]) -> str:
    """A digest of several byte strings in their order, this package's own code among them."""
    total = hashlib.sha256(_code())
    for part in parts:
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()[:32]


@cache
def _code() -> bytes:
    """What this package's code is, as far as the file system tells: names, sizes and times of its files."""
    # By suffix first: what Python writes beside its modules comes and goes.
    found = sorted(path for path in Path(pbgraph.__file__).parent.rglob("*.*") if path.suffix in (".py", ".toml"))
    stats = [(str(path), status.st_size, status.st_mtime_ns) for path in found for status in [path.stat()]]
    return repr((pbgraph.__version__, stats)).encode()
