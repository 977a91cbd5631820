"""What a way from YAML to files made, pbgraph's or the plain one, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Row = tuple[str, ...]
"""An answer or a result as texts, empty where there is nothing."""


@dataclass
class Made:
    """What a way made: seconds by stage, triples, SHACL results, rows by query, ties by network, questions given up."""

    seconds: dict[str, float] = field(default_factory=dict)
    triples: frozenset[str] = frozenset()
    results: frozenset[Row] = frozenset()
    rows: dict[str, list[Row]] = field(default_factory=dict)
    ties: dict[str, list[Row]] = field(default_factory=dict)
    given_up: list[str] = field(default_factory=list)


@contextmanager
def timed(stage: str, seconds: dict[str, float]) -> Iterator[None]:
    """Add the seconds that a block takes to those of its stage."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        seconds[stage] = seconds.get(stage, 0.0) + time.perf_counter() - begun
