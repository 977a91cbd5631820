"""What was read while something was made: as long as all of that stays the same, it need not be made again."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
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


@dataclass
class Made:
    """What was read for each file that was made: every key has a number, and each file the numbers of its keys and their digest.

    Beside them stands its stamp, by which one that somebody changed is known. A large site has a hundred keys a file, of
    which most are those of many.
    """

    keys: dict[Key, int] = field(default_factory=dict)
    files: dict[str, tuple[Sequence[int], bytes, str]] = field(default_factory=dict)

    def note(self, file: str, read: Iterable[Key], digest: bytes, stamp: str) -> None:
        """A file was made from what these keys name, of which this is the digest."""
        self.files[file] = array("I", [self.keys.setdefault(key, len(self.keys)) for key in read]), digest, stamp

    def add(self, other: Made) -> None:
        """All this was made, too."""
        keys = list(other.keys)
        for file, (numbers, digest, stamp) in other.files.items():
            self.note(file, map(keys.__getitem__, numbers), digest, stamp)


class Ledger:
    """What an earlier build made below `folder`."""

    def __init__(self, folder: Path, made: Made) -> None:
        self.folder = folder
        self._keys = list(made.keys)
        self._files = made.files

    def read_for(self, file: str) -> tuple[tuple[Key, ...], bytes, str] | None:
        """What was read for a file, the digest of that, and its stamp; None if it was not made, or is not as it was made."""
        numbers, digest, stamp = self._files.get(file, ((), b"", ""))
        if not digest or stamp != stamp_of(self.folder / file):
            return None
        return tuple(map(self._keys.__getitem__, numbers)), digest, stamp


def stamp_of(path: Path) -> str:
    """What of a file changes when somebody writes to it, under whichever of its names; nothing where there is no file."""
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_size}.{found.st_mtime_ns}"


def write(path: Path, machine: str, made: Made) -> None:
    """Write down what was made, by a machine of which `machine` is the digest, as lines of JSON: `machine`, keys, files.

    Files refer to keys by their numbers, which count from 0.
    """
    with path.open("w", encoding="utf-8") as lines:
        lines.write(f"{_line([machine, len(made.keys), len(made.files)])}\n")
        lines.writelines(f"{_line(key)}\n" for key in made.keys)
        lines.writelines(
            f"{_line([name, digest.hex(), stamp, *read])}\n" for name, (read, digest, stamp) in sorted(made.files.items())
        )


def _line(values: Iterable[object]) -> str:
    return json.dumps([*values], ensure_ascii=False, separators=(",", ":"))


def read(path: Path, machine: str, folder: Path) -> Ledger | None:
    """What an earlier build of the same machine wrote down of `folder`; None if there is nothing of the kind."""
    made = Made()
    try:
        with path.open(encoding="utf-8") as lines:
            by, keys, files = json.loads(next(lines))
            if by != machine or not folder.is_dir():
                return None
            made.keys.update((tuple(json.loads(line)), number) for number, line in enumerate(islice(lines, keys)))
            for name, digest, stamp, *numbers in map(json.loads, lines):
                made.files[name] = array("I", numbers), bytes.fromhex(digest), stamp
                if max(numbers, default=0) >= keys:
                    return None
    except (OSError, ValueError, TypeError, StopIteration, OverflowError):
        return None
    return Ledger(folder, made) if (len(made.keys), len(made.files)) == (keys, files) else None
