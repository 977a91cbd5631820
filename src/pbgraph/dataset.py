"""What the graph is as a dataset: what its ontology says of it, and the files that it is published in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from pbgraph.project import Project
from pbgraph.store import Graph
from pbgraph.terms import OWL, Iri, Literal, Term

DCTERMS = "http://purl.org/dc/terms/"

MEDIA_TYPES: Mapping[str, str] = {
    ".csv": "text/csv",
    ".gexf": "application/xml",
    ".graphml": "application/xml",
    ".json": "application/json",
    ".md": "text/markdown",
    ".nq": "application/n-quads",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttl": "text/turtle",
    ".txt": "text/plain",
}
"""By file suffix the media type that IANA registered."""

_OWN = f"""
SELECT ?key ?value WHERE {{
  ?ontology a <{OWL}Ontology> ; ?key ?value .
  FILTER NOT EXISTS {{ ?other <{OWL}imports> ?ontology }}
}} ORDER BY ?key ?value"""


@dataclass(frozen=True, repr=False)
class Download:
    """A file to be taken along: its name below the folder of downloads, and where it lies while the site is written."""

    name: str
    path: Path

    def __repr__(self) -> str:
        """What it is, not where: equal bytes under one name are the same download."""
        return f"Download({self.name!r}, {self.sha256})"

    @property
    def group(self) -> str:
        """What it belongs with: its folder; `graph` where it is in none."""
        return self.name.rpartition("/")[0] or "graph"

    @property
    def media_type(self) -> str:
        """Its media type."""
        return MEDIA_TYPES.get(self.path.suffix, "application/octet-stream")

    @cached_property
    def size(self) -> int:
        """How many bytes it has."""
        return self.path.stat().st_size

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 checksum of its bytes, in hexadecimal."""
        with self.path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()


@dataclass(frozen=True)
class Dataset:
    """The graph of a project as a dataset; titles are the project's, all else is stated by the ontology nobody imports."""

    project: Project
    graph: Graph
    files: Mapping[str, Download] = field(default_factory=dict)

    @property
    def iri(self) -> Iri:
        """Its own address, in the file that describes it."""
        return Iri(f"{self.project.base}void#dataset")

    @property
    def titles(self) -> list[Literal]:
        """Its title in each of the project's languages."""
        return [Literal(self.project.title[language], language=language) for language in self.project.languages]

    @property
    def descriptions(self) -> list[Term]:
        """What it is about, in each language there is."""
        return self._stated(f"{DCTERMS}description")

    @property
    def licenses(self) -> list[Term]:
        """The licence or licences it is under."""
        return self._stated(f"{DCTERMS}license")

    @property
    def creators(self) -> list[Term]:
        """Who made it, by name in each language there is."""
        return self._stated(f"{DCTERMS}creator")

    @property
    def versions(self) -> list[Term]:
        """Its version."""
        return self._stated(f"{OWL}versionInfo")

    def address(self, file: Download) -> str:
        """Where a file is published."""
        return f"{self.project.published}downloads/{quote(file.name)}"

    def _stated(self, key: str) -> list[Term]:
        return self._own.get(key, [])

    @cached_property
    def _own(self) -> dict[str, list[Term]]:
        found: dict[str, list[Term]] = {}
        for row in self.graph.select(_OWN).dicts():
            known = found.setdefault(str(row["key"]), [])
            known.extend([row["value"]] if row["value"] not in known else [])
        return found
