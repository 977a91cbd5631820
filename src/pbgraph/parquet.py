"""Rows → Parquet (pyarrow), where the extra `pbgraph[parquet]` is installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_READ: Mapping[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": lambda text: text in ("true", "1"),
    "date": date.fromisoformat,
}


def installed() -> bool:
    """Whether Parquet can be written here; nothing is loaded to find out."""
    return find_spec("pyarrow") is not None


def write(path: Path, types: Mapping[str, str], rows: Sequence[Sequence[str]]) -> None:
    """Write texts as columns of their types: string, integer, number, boolean or date (Table Schema); an empty text is null.

    The same rows give the same bytes as long as the version of pyarrow is the same.
    """
    import pyarrow as arrow
    from pyarrow import parquet

    kinds = {
        "string": arrow.string(),
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "boolean": arrow.bool_(),
        "date": arrow.date32(),
    }
    columns = [
        arrow.array([_value(row[position], type_) for row in rows], kinds[type_]) for position, type_ in enumerate(types.values())
    ]
    parquet.write_table(arrow.Table.from_arrays(columns, names=list(types)), path)


def _value(text: str, type_: str) -> Any:
    if not text:
        return None
    return _READ[type_](text)
