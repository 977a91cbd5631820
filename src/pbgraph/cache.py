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
from typing import TypeVar

import pbgraph

_Value = TypeVar("_Value")
_UNUSABLE = (OSError, EOFError, pickle.UnpicklingError, AttributeError, ImportError, IndexError, KeyError, TypeError, ValueError)


@dataclass(frozen=True)
class Cache:
    """A folder of values; without one, nothing is kept."""

    folder: Path | None

    def get(self, name: str, key: str, make: Callable[[], _Value]) -> _Value:
        """The value kept under a name, if it was made from what `key` stands for; else what `make` gives, kept from now on."""
        if self.folder is None:
            return make()
        path = self.folder / digest([name.encode()])
        try:
            kept, value = pickle.loads(path.read_bytes())
            if kept == key:
                return value  # type: ignore[no-any-return]
        except _UNUSABLE:
            pass
        value = make()
        # A cache that cannot be written is none; whatever was asked for has been made all the same.
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(f".{os.getpid()}")
            partial.write_bytes(pickle.dumps((key, value), protocol=5))
            partial.replace(path)
        return value


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
