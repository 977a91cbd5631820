"""A project is a folder with a pbgraph.toml: where things are, the base address, the languages."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pbgraph.likeness import suggest
from pbgraph.problems import Detail, Refused, Where, problem
from pbgraph.sentences import in_all

CONFIG = "pbgraph.toml"
CITATION = "CITATION.cff"

DEFAULT_LANGUAGES = ("zh", "en")
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
_BASE = re.compile(r"https?://[a-zA-Z0-9.-]+(?::[0-9]+)?/(?:(?:[a-zA-Z0-9._~-]|%[0-9a-fA-F]{2})+/)*")

DEFAULT_PATHS: Mapping[str, tuple[str, ...]] = {
    "ontology": ("ontology/core.ttl", "ontology/pbgraph.ttl"),
    "alignment": ("ontology/alignment.ttl",),
    "shapes": ("shapes",),
    "data": ("data",),
    "questions": ("queries/questions",),
    "checks": ("queries/checks",),
    "conflicts": ("queries/conflicts",),
    "tables": ("queries/tables",),
    "networks": ("queries/networks",),
    # What speaks of a project's own classes stands apart from what knows the core only.
    "pages": ("queries/pages", "queries/overviews"),
    "site": ("site", "site/overviews"),
}

LINKS: Mapping[str, tuple[str, ...]] = {"edit": ("path", "line"), "report": ("title", "address"), "site": ()}
"""The addresses outside that pages may lead to, and the fields that each may hold in braces."""


@dataclass(frozen=True)
class Project:
    """Where a project's parts are; every path is absolute, `base` ends in a slash."""

    root: Path
    base: str
    languages: tuple[str, ...]
    title: Mapping[str, str]
    paths: Mapping[str, tuple[Path, ...]]
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def published(self) -> str:
        """Where the site's pages are published, an address that ends in a slash: `links.site`, else the base."""
        return self.links.get("site", self.base)

    def files(self, part: str, *suffixes: str) -> list[Path]:
        """The files of one part, those below its folders with a suffix and those named outright, in order of folder and path.

        Refused: a folder cannot be looked into, or the name of a file is not UTF-8.
        """
        try:
            return list(dict.fromkeys(file for path in self.paths[part] for file in _expand(path, suffixes)))
        except OSError as error:
            address = self.address(Path(os.fsdecode(error.filename or self.root)))
            where = Where(os.fsencode(address).decode(errors="backslashreplace"))
            raise Refused([problem(where, "unreadable-file", reason=error.strerror or str(error))]) from error

    def read(self, file: Path) -> bytes:
        """The bytes of one of its files. Refused: it cannot be read."""
        try:
            return file.read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            raise Refused([problem(Where(self.address(file)), "unreadable-file", reason=reason)]) from error

    def write(self, file: Path, text: str) -> None:
        """Write one of its files anew, the whole of it or nothing. Refused: it cannot be written."""
        target = file.resolve()  # A link stays one.
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            try:
                partial.write_text(text, encoding="utf-8", newline="\n")
                if target.exists():
                    # What may not be written may be replaced, which nobody expects.
                    with target.open("ab"):
                        shutil.copymode(target, partial)
                partial.replace(target)
            finally:
                partial.unlink(missing_ok=True)
        except OSError as error:
            reason = error.strerror or str(error)
            raise Refused([problem(Where(self.address(file)), "unwritable", reason=reason)]) from error

    def inputs(self) -> list[Path]:
        """Every file the project's products depend on, in a fixed order."""
        parts = [file for part in sorted(self.paths) for file in self.files(part, "")]
        return sorted({self.root / CONFIG, *_expand(self.root / CITATION, ("",)), *parts})

    def address(self, file: Path) -> str:
        """The file's path as messages show it: from the root, through `..` where it lies outside, with forward slashes."""
        begin, path = f"{self.root}{os.sep}", str(file)
        # Most lie below the root, which is known sooner.
        below = path.removeprefix(begin) if path.startswith(begin) and os.pardir not in path else os.path.relpath(file, self.root)
        return below.replace(os.sep, "/")

    def below_data(self, file: Path) -> str:
        """A data file's path without suffix, below `data` or else from what pbgraph.toml lists on, fit for an address."""
        listed = next(path for path in self.paths["data"] if file.is_relative_to(path))
        top = listed if listed.name == "data" else listed.parent
        return quote(file.relative_to(top).with_suffix("").as_posix())

    def is_vocabulary(self, file: Path) -> bool:
        """Whether a data file is read before all others: it lies in a folder `vocabularies`."""
        # Most files lie in no such folder at all, which is known sooner.
        return "vocabularies" in file.parts and "vocabularies" in self.below_data(file).split("/")[:-1]


def load(start: Path) -> Project:
    """Read the project that `start` lies in: the nearest folder upwards with a pbgraph.toml. Refused: none, or a bad one."""
    root = root_of(start)
    if root is None:
        raise Refused([problem(Where(CONFIG), "no-project", folder=_named(_resolved(start) or start))])
    return _read(root)


def root_of(start: Path) -> Path | None:
    """The nearest folder upwards with a pbgraph.toml; None if there is none."""
    folder = _resolved(start)
    return next((each for each in (folder, *folder.parents) if (each / CONFIG).is_file()), None) if folder else None


def _named(folder: Path) -> str:
    return folder.name or str(folder)


def _resolved(path: Path) -> Path | None:
    try:
        return path.resolve()
    except FileNotFoundError:
        return None  # The working folder is gone.


def _read(root: Path) -> Project:
    try:
        text = (root / CONFIG).read_text(encoding="utf-8-sig")
        config = tomllib.loads(text)
    except OSError as error:
        raise Refused([problem(Where(CONFIG), "unreadable-file", reason=error.strerror or str(error))]) from error
    except UnicodeDecodeError as error:
        raise Refused([problem(Where(CONFIG), "not-utf8")]) from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line ([0-9]+), column ([0-9]+)", str(error))
        where = Where(CONFIG, int(found[1]), int(found[2])) if found else Where(CONFIG)
        raise Refused([problem(where, "bad-config", reason=str(error))]) from error
    if reasons := list(_reasons(config, root)):
        raise Refused(problem(_where(text, key), "bad-config", reason=why) for key, why in reasons)
    paths = {**DEFAULT_PATHS, **config.get("paths", {})}
    # Links are not followed here: one that leads nowhere is told of when it is read.
    absolute = {part: tuple(Path(os.path.normpath(root / path)) for path in listed) for part, listed in paths.items()}
    return Project(
        root,
        config["base"],
        tuple(config.get("languages", DEFAULT_LANGUAGES)),
        config["title"],
        absolute,
        config.get("links", {}),
    )


def _reasons(config: Mapping[str, Any], root: Path) -> Iterator[tuple[str, Detail]]:
    """Why a configuration cannot be used: the key each reason is about, and the reason."""
    for key in sorted(set(config) - {"base", "languages", "title", "paths", "links"}):
        yield key, in_all("reason-unknown-key", key=key)
    if not isinstance(config.get("base"), str) or not _BASE.fullmatch(config["base"]):
        yield "base", in_all("reason-base")
    languages, title, paths = config.get("languages", DEFAULT_LANGUAGES), config.get("title"), config.get("paths", {})
    if not _is_texts(languages) or not all(_TAG.fullmatch(language) for language in languages):
        yield "languages", in_all("reason-languages")
    elif not isinstance(title, dict) or not all(isinstance(title.get(language), str) for language in languages):
        yield "title", in_all("reason-title", languages=", ".join(languages))
    yield from _bad_links(config.get("links", {}))
    if not isinstance(paths, dict):
        yield "paths", in_all("reason-table", name="paths")
        return
    yield from ((part, in_all("reason-unknown-key", key=f"paths.{part}")) for part in sorted(set(paths) - set(DEFAULT_PATHS)))
    for part, listed in sorted((part, listed) for part, listed in paths.items() if part in DEFAULT_PATHS):
        if listed != [] and not _is_texts(listed):
            yield part, in_all("reason-paths", part=part)
        else:
            yield from ((part, in_all("reason-path", path=path)) for path in listed if not (root / path).exists())


def _bad_links(links: object) -> Iterator[tuple[str, Detail]]:
    if not isinstance(links, dict):
        yield "links", in_all("reason-table", name="links")
        return
    for name, address in sorted(links.items()):
        if name not in LINKS:
            guess = suggest(name, LINKS)
            key = f"links.{name}"
            yield name, in_all("reason-unknown-key-meant" if guess else "reason-unknown-key", key=key, meant=guess)
        elif not isinstance(address, str) or not address.startswith(("http://", "https://")):
            yield name, in_all("reason-link", name=name)
        elif name == "site" and not address.endswith("/"):
            yield name, in_all("reason-site")
        elif re.search(r"[{}]", left := _without_fields(address, LINKS[name])):
            allowed = ", ".join(f"{{{field}}}" for field in LINKS[name])
            yield name, in_all("reason-fields" if allowed else "reason-fields-none", name=name, allowed=allowed)
        elif not _BASE.fullmatch(address) if name == "site" else re.search(r"[\s\"<>\\^`|]", left):
            yield name, in_all("reason-link", name=name)


def _without_fields(address: str, fields: tuple[str, ...]) -> str:
    return re.sub("|".join(re.escape(f"{{{field}}}") for field in fields) or "(?!)", "", address)


def _where(text: str, key: str) -> Where:
    found = re.search(rf"^[ \t]*\[?(?:\w+\.)*{re.escape(key)}\b", text, re.MULTILINE)
    return Where(CONFIG, text.count("\n", 0, found.start()) + 1, 1) if found else Where(CONFIG)


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, str) for item in value)


def _expand(path: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    if _is_file(path):
        yield path
    elif path.is_dir():
        yield from _below(path, suffixes)


def _below(folder: Path, suffixes: tuple[str, ...], above: frozenset[str] = frozenset()) -> Iterator[Path]:
    """The files below a folder that end in one of some suffixes, in order; what is hidden, or in a hidden folder, is no file.

    Links are followed, but not back to a folder `above`. OSError: a folder cannot be looked into, or a name is not UTF-8.
    """
    entries: list[os.DirEntry[str]] = []
    with suppress(FileNotFoundError), os.scandir(folder) as found:
        entries = [entry for entry in found if not entry.name.startswith(".")]
    inner = above | {os.path.realpath(folder)}
    for entry in sorted(entries, key=attrgetter("name")):
        path = folder / entry.name
        if not _is_text(entry.name):
            raise OSError(errno.EILSEQ, "its name is not UTF-8", str(path))
        if _is_folder(entry):
            if not entry.is_symlink() or os.path.realpath(path) not in inner:
                yield from _below(path, suffixes, inner)
        elif entry.name.endswith(suffixes) and (_is_file(path) if entry.is_symlink() else entry.is_file()):
            yield path


def _is_text(name: str) -> bool:
    return name.isascii() or not any("\ud800" <= each <= "\udfff" for each in name)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link to where nobody may look


def _is_file(path: Path) -> bool:
    # A link that leads nowhere, or where nobody may look, counts: reading it says so, passing it over would hide what it is.
    try:
        return path.is_file() or (path.is_symlink() and not path.exists())
    except OSError:
        return True
