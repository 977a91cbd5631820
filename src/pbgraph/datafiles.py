"""All data files of a project → what each becomes: those that changed are mapped, by several processes if they are many."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pbgraph import forking, mapping
from pbgraph.cache import NONE, Cache, digest
from pbgraph.mapping import Mapped, Position, Topic
from pbgraph.problems import Problem, Refused
from pbgraph.progress import Progress, counted, silent
from pbgraph.project import Project
from pbgraph.scalars import Setting
from pbgraph.schema import Schema

WORTH_SHARING = 500_000
"""So many bytes of YAML take longer to map than processes to be forked."""


@dataclass(frozen=True)
class File:
    """A data file: its address, its named graph, and its bytes or why they cannot be had."""

    address: str
    graph: str
    content: bytes | Problem


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
        with _collecting_no_garbage():
            yield from counted(self._mapped(), "map", len(self.files), progress)

    def _mapped(self) -> Iterator[Mapped]:
        changed = []
        for file in self.files.values():
            if (found := self.kept.find(file.address, self._key_of(file))) is None:
                changed.append(file)
            else:
                yield found[0]
        much = sum(len(file.content) for file in changed if isinstance(file.content, bytes)) > WORTH_SHARING
        for _, mapped in forking.as_done([partial(self._map, file) for file in changed], processes=0 if much else 1):
            yield mapped

    def topics(self, address: str) -> Mapping[Topic, Position]:
        """Where each statement of a file was typed."""
        if address not in self._topics:
            file = self.files[address]
            self._topics[address] = mapping.topics_of(file.content, address, file.graph, self.setting)
        return self._topics[address]

    def _map(self, file: File) -> Mapped:
        mapped = mapping.map_file(file.content, file.address, file.graph, self.setting)
        return self.kept.keep(file.address, self._key_of(file), mapped)

    def _key_of(self, file: File) -> str:
        content = file.content if isinstance(file.content, bytes) else repr(file.content).encode()
        return digest([self.key.encode(), content])


def read(project: Project, loaded: Schema, schema_key: str = "", kept: Cache = NONE) -> DataFiles:
    """Read every data file, vocabularies first since reading the others needs them; `schema_key` stands for what was loaded."""
    files = {}
    for path in project.files("data", ".yaml"):
        file = file_of(project, path)
        files[file.address] = file
    vocabularies = {project.address(path): files[project.address(path)].content for path in project.vocabularies}
    words = [content if isinstance(content, bytes) else b"" for content in vocabularies.values()]
    key = digest([schema_key.encode(), *(file.encode() for file in vocabularies), *words])
    vocabulary = kept.get("vocabulary", key, lambda: mapping.settings(vocabularies, loaded, project.base).vocabulary)
    return DataFiles(files, Setting(loaded, vocabulary, project.base, None), key, kept)


def file_of(project: Project, path: Path) -> File:
    """A data file of the project as it is on disk, ready to be mapped; any process that sees the disk may read it."""
    return File(project.address(path), f"{project.base}graph/{project.below_data(path)}", content_of(project, path))


def content_of(project: Project, path: Path) -> bytes | Problem:
    """The bytes of a file of the project, or why they cannot be had."""
    try:
        return project.read(path)
    except Refused as refused:
        return refused.problems[0]


@contextmanager
def _collecting_no_garbage() -> Iterator[None]:
    """What is mapped is kept to the end, and looking for garbage among it again and again takes a quarter of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
