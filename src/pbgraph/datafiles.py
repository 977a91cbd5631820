"""All data files of a project → what each becomes: those that changed are mapped, by several processes if they are many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pbgraph import forking, garbage, mapping
from pbgraph.cache import NONE, Cache, digest
from pbgraph.mapping import Mapped, Position, Sheets, Topic
from pbgraph.problems import Problem, Refused
from pbgraph.progress import Progress, counted, silent
from pbgraph.project import Project
from pbgraph.scalars import Setting
from pbgraph.schema import Schema

SHEET = ".csv"
"""What the names of tables end in."""

WORTH_SHARING = 500_000
"""So many bytes of YAML take longer to map than processes to be forked."""


@dataclass(frozen=True)
class File:
    """A data file: its address, its named graph, its bytes or why they cannot be had, and the tables that it names."""

    address: str
    graph: str
    content: bytes | Problem
    sheets: Sheets

    def mapped(self, setting: Setting) -> Mapped:
        """What the file becomes."""
        return mapping.map_file(self.content, self.address, self.graph, setting, self.sheets)

    def parts(self) -> list[bytes]:
        """All that it becomes something from."""
        typed = [self.content, *self.sheets.values()]
        return [
            *(name.encode() for name in self.sheets),
            *(each if isinstance(each, bytes) else repr(each).encode() for each in typed),
        ]


@dataclass(frozen=True)
class DataFiles:
    """The data files of a project in order, what reading any of them needs, and what `key` stands for all that."""

    files: Mapping[str, File]
    setting: Setting
    key: str
    kept: Cache
    _topics: dict[str, Mapping[Topic, Position]] = field(default_factory=dict)

    def mapped(self, progress: Progress = silent) -> Iterator[Mapped]:
        """What each file becomes, as soon as it is known: first those that are as they were kept."""
        with garbage.kept():
            yield from counted(self._mapped(), "map", len(self.files), progress)

    def _mapped(self) -> Iterator[Mapped]:
        changed = []
        for file in self.files.values():
            if (found := self.kept.find(file.address, self._key_of(file))) is None:
                changed.append(file)
            else:
                yield found[0]
        much = sum(len(part) for file in changed for part in file.parts()) > WORTH_SHARING
        for _, mapped in forking.as_done([partial(self._map, file) for file in changed], processes=0 if much else 1):
            yield mapped

    def topics(self, address: str) -> Mapping[Topic, Position]:
        """Where each statement of a file was typed."""
        if address not in self._topics:
            file = self.files[address]
            self._topics[address] = mapping.topics_of(file.content, address, file.graph, self.setting, file.sheets)
        return self._topics[address]

    def _map(self, file: File) -> Mapped:
        return self.kept.keep(file.address, self._key_of(file), file.mapped(self.setting))

    def _key_of(self, file: File) -> str:
        return digest([self.key.encode(), *file.parts()])


def read(project: Project, loaded: Schema, schema_key: str = "", kept: Cache = NONE) -> DataFiles:
    """Read every data file, vocabularies first since reading the others needs them; `schema_key` stands for what was loaded."""
    files = {}
    for path in project.files("data", ".yaml"):
        file = file_of(project, path)
        files[file.address] = file
    vocabularies = [files[project.address(path)] for path in project.vocabularies]
    parts = (part for file in vocabularies for part in (file.address.encode(), *file.parts()))
    key = digest([schema_key.encode(), *parts])
    vocabulary = kept.get("vocabulary", key, lambda: setting_of(project, loaded, vocabularies).vocabulary)
    return DataFiles(files, Setting(loaded, vocabulary, project.base, None), key, kept)


def setting_of(project: Project, loaded: Schema, vocabularies: Sequence[File]) -> Setting:
    """What reading any data file needs: the schema, and what is gathered from the vocabularies."""
    contents = {file.address: file.content for file in vocabularies}
    return mapping.settings(contents, loaded, project.base, {file.address: file.sheets for file in vocabularies})


def file_of(project: Project, path: Path) -> File:
    """A data file of the project as it is on disk, ready to be mapped; any process that sees the disk may read it."""
    content = content_of(project, path)
    graph = f"{project.base}graph/{project.below_data(path)}"
    return File(project.address(path), graph, content, dict(_sheets(project, path, content)))


def _sheets(project: Project, path: Path, content: bytes | Problem) -> Iterator[tuple[str, bytes | Problem]]:
    """The CSV files below a data file's folder whose paths from there stand somewhere in it."""
    if isinstance(content, Problem) or SHEET.encode() not in content:
        return
    for sheet in project.files("data", SHEET):
        if sheet.is_relative_to(path.parent) and (name := sheet.relative_to(path.parent).as_posix()).encode() in content:
            yield name, content_of(project, sheet)


def content_of(project: Project, path: Path) -> bytes | Problem:
    """The bytes of a file of the project, or why they cannot be had."""
    try:
        return project.read(path)
    except Refused as refused:
        return refused.problems[0]
