"""A file of sorted N-Quads, read node by node: what is told of one is found without the rest."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from pathlib import Path

STRIDE = 1 << 14
"""So many bytes apart are the places of a file that are kept: a look reads what stands between two of them."""


class Dump:
    """A file of N-Quads lines sorted by subject (as bytes); kept are no more than a place every `stride` bytes and its subject.

    OSError: it cannot be read.
    """

    def __init__(self, path: Path, stride: int = STRIDE) -> None:
        self.path = path
        self._size = path.stat().st_size
        self._subjects, self._places = [b""], [0]
        with path.open("rb") as file:
            for place in range(stride, self._size, stride):
                file.seek(place - 1)
                file.readline()
                self._places.append(file.tell())
                self._subjects.append(file.readline().partition(b" ")[0])
                if not self._subjects[-1]:  # the last line reaches beyond
                    del self._places[-1], self._subjects[-1]

    def of(self, subject: str) -> bytes:
        """The lines whose subject is an IRI; none if there are none. OSError: as above."""
        key = f"<{subject}>".encode()
        start = self._places[bisect_left(self._subjects, key) - 1]
        after = bisect_right(self._subjects, key)
        end = self._places[after] if after < len(self._places) else self._size
        with self.path.open("rb", buffering=0) as file:
            file.seek(start)
            told = b"\n" + file.read(end - start)
        begins = b"\n" + key + b" "
        first = told.find(begins)
        return told[first + 1 : told.index(b"\n", told.rindex(begins) + 1) + 1] if first >= 0 else b""
