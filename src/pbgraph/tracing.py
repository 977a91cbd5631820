"""What was read while something was made: as long as all of that stays the same, it need not be made again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Key = tuple[str, ...]
"""What was read: the name of the way by which, and what was asked for."""

_Value = TypeVar("_Value")


class Trace:
    """Keeps note of what is read; what is made within something else counts for both."""

    def __init__(self) -> None:
        self._open: list[dict[Key, None]] = []

    def note(self, *key: str) -> None:
        """Something is read now."""
        if self._open:
            self._open[-1][key] = None

    def add(self, keys: Iterable[Key]) -> None:
        """All this is read now: what was read when something that is used again was made."""
        if self._open:
            self._open[-1].update(dict.fromkeys(keys))

    def during(self, make: Callable[[], _Value]) -> tuple[_Value, tuple[Key, ...]]:
        """What `make` returns, and what was read while it ran, each key once."""
        self._open.append({})
        try:
            made = make()
        finally:
            read = self._open.pop()
        self.add(read)
        return made, tuple(read)


Entry = tuple[tuple[Key, ...], bytes]
"""What was read for a file, and the digest of all that."""

Made = dict[str, Entry]
"""What was read for each file that was made."""


@dataclass(frozen=True)
class Ledger:
    """What an earlier build made below `folder`."""

    folder: Path
    made: Made


def write(path: Path, machine: str, made: Made) -> None:
    """Write down what was made, by a machine of which `machine` is the digest, as JSON; each key stands in it once."""
    numbers: dict[Key, int] = {}
    files = {
        name: [digest.hex(), [numbers.setdefault(key, len(numbers)) for key in read]] for name, (read, digest) in made.items()
    }
    document = {"machine": machine, "keys": list(numbers), "made": files}
    path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def read(path: Path, machine: str, folder: Path) -> Ledger | None:
    """What an earlier build of the same machine wrote down of `folder`; None if there is nothing of the kind."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["machine"] != machine or not folder.is_dir():
            return None
        keys = [tuple(key) for key in document["keys"]]
        made = {name: (tuple(keys[key] for key in of), bytes.fromhex(digest)) for name, (digest, of) in document["made"].items()}
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None
    return Ledger(folder, made)
