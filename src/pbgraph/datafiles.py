"""All data files of a project → what each becomes: those that changed are mapped, by several processes if they are many."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

from pbgraph import contents, forking, garbage, mapping
from pbgraph.cache import NONE, Cache, digest
from pbgraph.contents import Content
from pbgraph.mapping import Mapped, Position, Sheets, Topic
from pbgraph.problems import Problem, Where, problem
from pbgraph.progress import Progress, counted, silent
from pbgraph.project import Project
from pbgraph.scalars import Setting
from pbgraph.schema import Schema
from pbgraph.things import Vocabulary

OF_THE_MACHINE = ("derived", "ontology")
"""The named graphs that are not of data files, below those of a project."""

WORTH_SHARING = 500_000
"""So many bytes of YAML take longer to map than processes to be forked."""


@dataclass(frozen=True)
class File:
    """A data file of a project as it is on disk, ready to be mapped; any process that sees the disk may read it.

    `tables` are the CSV files that it may name, by their paths from its folder on: those that were there when somebody looked.
    Of a file whose graph is `taken`, by the file or program that is told here, nothing is read, nor of one that is a `copy` of
    another.
    """

    project: Project
    path: Path
    tables: frozenset[str]
    taken: str = ""
    copy: str = ""

    @cached_property
    def address(self) -> str:
        """Its path as messages show it."""
        return self.project.address(self.path)

    @cached_property
    def graph(self) -> str:
        """Its named graph."""
        return f"{self.project.base}graph/{self.project.below_data(self.path)}"

    @cached_property
    def content(self) -> bytes | Problem:
        """Its bytes, or why they cannot be had."""
        if self.taken:
            return problem(Where(self.address), "graph-taken", graph=self.graph, other=self.taken)
        if self.copy:
            return problem(Where(self.address), "file-twice", other=self.copy)
        return contents.read(self.project, self.path)

    @cached_property
    def sheets(self) -> Sheets:
        """The CSV files below its folder whose paths from there stand somewhere in it."""
        return {name: contents.read(self.project, self.path.parent / name) for name in self.sheet_names}

    @cached_property
    def sheet_names(self) -> list[str]:
        """The paths of these tables, from its folder on."""
        if isinstance(self.content, Problem) or contents.SHEET.encode() not in self.content:
            return []
        return _named(self.tables, self.content.decode(errors="replace"))

    def paths(self, held: Mapping[Path, Content]) -> list[Path]:
        """The file itself, and its tables."""
        return [self.path, *(self.path.parent / name for name in (self.sheet_names if held[self.path].sheets else ()))]

    def holds(self, held: Mapping[Path, Content]) -> bool:
        """Whether what was read of it, and of its tables, is what it was told to hold."""
        typed = [self.content, *self.sheets.values()]
        paths = [self.path, *(self.path.parent / name for name in self.sheet_names)]
        return all(contents.digest_of(each) == held[path].digest for each, path in zip(typed, paths, strict=True))

    def mapped(self, setting: Setting) -> Mapped:
        """What the file becomes."""
        return mapping.map_file(self.content, self.address, self.graph, setting, self.sheets)

    def key(self, held: Mapping[Path, Content]) -> str:
        """A digest of all that decides what it becomes, by what the files of the project are told to hold."""
        names = self.sheet_names if held[self.path].sheets else []
        sheets = [part for name in names for part in (name, held[self.path.parent / name].digest)]
        return digest(part.encode() for part in (self.address, self.taken, self.copy, held[self.path].digest, *sheets))


@dataclass(frozen=True)
class DataFiles:
    """The data files of a project by address, in order, with the keys of what they become, and what reading any of them needs."""

    files: Mapping[str, File]
    keys: Mapping[str, str]
    held: Mapping[Path, Content]
    setting: Setting
    kept: Cache
    _topics: dict[str, Mapping[Topic, Position]] = field(default_factory=dict)

    def mapped(self, progress: Progress = silent) -> Iterator[Mapped]:
        """What each file becomes, as soon as it is known: first those that are as they were kept."""
        with garbage.kept():
            yield from counted(self._mapped(), "map", len(self.files), progress)

    def _mapped(self) -> Iterator[Mapped]:
        changed = []
        for file in self.files.values():
            if (found := self.kept.find(file.address, self.keys[file.address])) is None:
                changed.append(file)
            else:
                yield found[0]
        much = sum(_size(file.path) for file in changed) + sum(map(_size, self._sheets(changed))) > WORTH_SHARING
        for _, mapped in forking.as_done([partial(self._map, file) for file in changed], processes=0 if much else 1):
            yield mapped

    def is_steady(self, addresses: Iterable[str]) -> bool:
        """Whether files, and their tables, still hold what they held when the keys were made."""
        files = [self.files[address] for address in addresses]
        if not files:
            return True
        paths = [path for file in files for path in file.paths(self.held)]
        project = files[0].project
        return all(content == self.held[path] for path, content in contents.contents(project, paths, self.kept).items())

    def table_paths(self) -> set[Path]:
        """The tables that data files name."""
        return set(self._sheets(self.files.values()))

    def _sheets(self, files: Iterable[File]) -> Iterator[Path]:
        for file in files:
            yield from file.paths(self.held)[1:]

    def topics(self, address: str) -> Mapping[Topic, Position]:
        """Where each statement of a file was typed."""
        if address not in self._topics:
            file = self.files[address]
            self._topics[address] = mapping.topics_of(file.content, address, file.graph, self.setting, file.sheets)
        return self._topics[address]

    def become(self, address: str) -> Mapped:
        """What one file becomes."""
        found: tuple[Mapped] | None = self.kept.find(address, self.keys[address])
        return self._map(self.files[address]) if found is None else found[0]

    def _map(self, file: File) -> Mapped:
        mapped = file.mapped(self.setting)
        # What was written into it since it was looked at is not what its key stands for.
        kept = self.kept if file.holds(self.held) else NONE
        return kept.keep(file.address, self.keys[file.address], mapped)


def read(
    project: Project,
    loaded: Schema,
    schema_key: str = "",
    kept: Cache = NONE,
    held: Mapping[Path, Content] | None = None,
) -> DataFiles:
    """Find every data file, and read the vocabularies, which reading others needs; `schema_key` stands for what was loaded.

    `held` says what all of `contents.data_files` hold; if it is not known, they are looked at.
    """
    if held is None:
        held = contents.contents(project, contents.data_files(project), kept)
    tables = _by_folder(path for path in held if path.suffix == contents.SHEET)
    paths = [path for path in held if not path.name.endswith((*contents.MISSPELT[".yaml"], contents.SHEET))]
    taken, copies = _taken(project, paths), _copies(project, paths, held)
    found = [File(project, path, tables.get(path.parent, _NONE), taken.get(path, ""), copies.get(path, "")) for path in paths]
    files = {file.address: file for file in found}
    vocabularies = [file for file in found if project.is_vocabulary(file.path)]
    key = digest([schema_key.encode(), *(file.key(held).encode() for file in vocabularies)])
    vocabulary = kept.get("vocabulary", key, lambda: _vocabulary(project, loaded, vocabularies))
    keys = {address: digest([key.encode(), file.key(held).encode()]) for address, file in files.items()}
    return DataFiles(files, keys, held, Setting(loaded, vocabulary, project.base, None), kept)


_NONE: frozenset[str] = frozenset()


def _by_folder(tables: Iterable[Path]) -> Mapping[Path, frozenset[str]]:
    """The paths of the tables below each folder, from that folder on."""
    found: dict[Path, set[str]] = {}
    for table in tables:
        name = table.name
        for folder in table.parents:
            found.setdefault(folder, set()).add(name)
            name = f"{folder.name}/{name}"
    return {folder: frozenset(names) for folder, names in found.items()}


def _named(tables: Collection[str], text: str) -> list[str]:
    """Those of the tables that a text names, in order; it is read once, however many there are."""
    longest = max(map(len, tables), default=0)
    ends = [found.end() for found in re.finditer(re.escape(contents.SHEET), text)]
    return sorted({name for end in ends for start in range(max(0, end - longest), end) if (name := text[start:end]) in tables})


def _taken(project: Project, paths: Sequence[Path]) -> Mapping[Path, str]:
    """Those of the data files whose named graph is another's, with whose it is."""
    whose: dict[str, str] = dict.fromkeys(OF_THE_MACHINE, "pbgraph")
    found: dict[Path, str] = {}
    # Below one folder no two files have one name: of many, few need be looked at.
    for path in paths if len(project.paths["data"]) > 1 else (path for path in paths if path.stem in whose):
        name = project.below_data(path)
        if whose.setdefault(name, project.address(path)) != project.address(path):
            found[path] = whose[name]
    return found


def _copies(project: Project, paths: Sequence[Path], held: Mapping[Path, Content]) -> Mapping[Path, str]:
    """Data files that hold the same bytes as another, with that one: that of the shortest name, of several the first.

    Files that may name tables name those below their own folder, and are alike only within one.
    """
    originals: dict[tuple[str, Path | None], str] = {}
    found: dict[Path, str] = {}
    for path in sorted(paths, key=lambda path: len(path.name)):
        alike = held[path].digest, path.parent if held[path].sheets else None
        if alike in originals:
            found[path] = originals[alike]
        originals.setdefault(alike, project.address(path))
    return found


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # A link may lead nowhere, or where nobody may look.


def _vocabulary(project: Project, loaded: Schema, files: Sequence[File]) -> Vocabulary:
    texts = {file.address: file.content for file in files}
    return mapping.setting_of(texts, loaded, project.base, {file.address: file.sheets for file in files}).vocabulary
