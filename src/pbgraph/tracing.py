"""What was read while something was made: as long as all of that stays the same, it need not be made again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Key = tuple[str, ...]
"""What was read: the name of the way by which, and what was asked for."""

Made = TypeVar("Made")


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

    def during(self, make: Callable[[], Made]) -> tuple[Made, tuple[Key, ...]]:
        """What `make` returns, and what was read while it ran, each key once."""
        self._open.append({})
        try:
            made = make()
        finally:
            read = self._open.pop()
        self.add(read)
        return made, tuple(read)


@dataclass(frozen=True)
class Ledger:
    """What an earlier build made, in `folder`, by a machine and templates of which `machine` is the digest.

    `made` tells for each file what was read for it, and the digest of all that.
    """

    folder: Path
    machine: str
    made: dict[str, tuple[tuple[Key, ...], bytes]]
