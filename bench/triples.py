"""A project's data files as N-Quads, by pbgraph's mapping and nothing else: `python bench/triples.py PROJECT FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

from pbgraph import checks, datafiles
from pbgraph import project as projects


def write(folder: Path, out: Path) -> None:
    """Write what the data files of the project in `folder` become."""
    project = projects.load(folder)
    data = datafiles.read(project, checks.read_schema(project))
    with out.open("w", encoding="utf-8") as file:
        file.writelines(mapped.quads for mapped in data.mapped())


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
