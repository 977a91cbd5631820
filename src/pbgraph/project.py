"""A project is a folder with a pbgraph.toml: where things are, the base address, the languages."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pbgraph.problems import Refused, Where, problem

CONFIG = "pbgraph.toml"

DEFAULT_PATHS: Mapping[str, tuple[str, ...]] = {
    "ontology": ("ontology/core.ttl", "ontology/pbgraph.ttl"),
    "alignment": ("ontology/alignment.ttl",),
    "shapes": ("shapes",),
    "data": ("data",),
    "questions": ("queries/questions",),
    "checks": ("queries/checks",),
    "tables": ("queries/tables",),
    "networks": ("queries/networks",),
    "pages": ("queries/pages",),
    "site": ("site",),
}


@dataclass(frozen=True)
class Project:
    """Where a project's parts are; every path is absolute, `base` ends in a slash."""

    root: Path
    base: str
    languages: tuple[str, ...]
    title: Mapping[str, str]
    paths: Mapping[str, tuple[Path, ...]]

    def files(self, part: str, suffix: str) -> list[Path]:
        """The files of one part, those below its folders with `suffix` and those named outright, in order of folder and path."""
        return [file for path in self.paths[part] for file in _expand(path, suffix)]

    def inputs(self) -> list[Path]:
        """Every file the project's products depend on, in a fixed order."""
        parts = [file for part in sorted(self.paths) for path in self.paths[part] for file in _expand(path, "")]
        return sorted({self.root / CONFIG, *parts})

    def address(self, file: Path) -> str:
        """The file's path as messages show it: from the root, through `..` where it lies outside, with forward slashes."""
        return Path(os.path.relpath(file, self.root)).as_posix()

    def below_data(self, file: Path) -> str:
        """A data file's path without suffix, below the folder `data`; else from the folder or file listed in pbgraph.toml on."""
        listed = next(path for path in self.paths["data"] if file.is_relative_to(path))
        top = listed if listed.name == "data" else listed.parent
        return file.relative_to(top).with_suffix("").as_posix()

    @property
    def vocabularies(self) -> list[Path]:
        """The data files that are read before all others: those in a folder `vocabularies`."""
        return [file for file in self.files("data", ".yaml") if "vocabularies" in self.below_data(file).split("/")[:-1]]


def load(start: Path) -> Project:
    """Read the project that `start` lies in: the nearest folder upwards with a pbgraph.toml. Refused: none, or a bad one."""
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / CONFIG).is_file():
            return _read(candidate)
    raise Refused([problem(Where(CONFIG), "no-project", folder=folder.name or "/")])


def _read(root: Path) -> Project:
    where = Where(CONFIG)
    try:
        config = tomllib.loads((root / CONFIG).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused([problem(where, "bad-config", reason=str(error))]) from error
    base = config.get("base", "")
    languages = config.get("languages", ["zh", "en"])
    title = config.get("title", {})
    own = config.get("paths", {})
    paths: dict[str, Any] = {**DEFAULT_PATHS, **own}
    missing = [path for listed in own.values() if _is_texts(listed) for path in listed if not (root / path).exists()]
    reasons = [
        *(["`base` must be an http(s) address that ends in /"] if not _is_base(base) else []),
        *(["`languages` must be a list of language tags"] if not _is_texts(languages) else []),
        *([f"`title` needs a text in each of {languages}"] if not set(languages) <= set(title) else []),
        *(f"unknown key `paths.{part}`" for part in sorted(set(paths) - set(DEFAULT_PATHS))),
        *(
            f"`paths.{part}` must be a list of paths"
            for part in sorted(paths)
            if paths[part] != [] and not _is_texts(paths[part])
        ),
        *(f"`paths` names {path}, which is not there" for path in missing),
    ]
    if reasons:
        raise Refused([problem(where, "bad-config", reason=reason) for reason in reasons])
    absolute = {part: tuple((root / path).resolve() for path in listed) for part, listed in paths.items()}
    return Project(root, base, tuple(languages), title, absolute)


def _is_base(base: object) -> bool:
    return isinstance(base, str) and base.startswith(("http://", "https://")) and base.endswith("/") and " " not in base


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, str) for item in value)


def _expand(path: Path, suffix: str) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from sorted(file for file in path.rglob(f"*{suffix}") if file.is_file() and not file.name.startswith("."))
