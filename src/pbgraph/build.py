"""A checked project → build/: store, dumps, tables, networks, site; written beside and switched to as a whole."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pbgraph
from pbgraph import cache, tracing
from pbgraph.contents import contents
from pbgraph.locking import alone
from pbgraph.problems import Died, Problem, Refused, Severity, Text, Where, problem
from pbgraph.progress import Progress, silent
from pbgraph.project import CITATION, CONFIG, Project

_OWN = re.compile(r"lock|next|[0-9a-f]{16}(\.partial|\.jsonl?)?")
"""What builds call what they put beside a link to the last of them."""


MANIFEST = "manifest.json"
"""The file in which a build says what it is; it is written last."""

_MANIFEST = {"digest": str, "base": str, "prefixes": dict, "counts": dict}
"""What a manifest must hold, and of which kind."""


@dataclass(frozen=True)
class Report:
    """What a build made: the counts of each product, and the warnings that did not stop it."""

    output: Path
    fresh: bool
    counts: dict[str, int]
    warnings: tuple[Problem, ...]


def build(project: Project, output: Path, progress: Progress = silent) -> Report:
    """Check a project and write everything it becomes; nothing is touched while an error is left.

    `output` becomes a link to a folder named after a digest of all inputs, so that readers see the old build or the new
    one and never a mixture; equal inputs write nothing. Refused: findings that are errors, an output that cannot be written,
    or an input that changed meanwhile.
    """
    digest = digest_of(project, cache.of(project.root))
    generations = output.parent / f".{output.name}"
    target = generations / digest
    try:
        if (standing := _standing(output, digest)) is not None:
            return standing
        if reason := _taken(output, generations, project):
            raise Refused([problem(Where(output.name or str(output)), "unwritable", reason=reason)])
        with _alone(generations, progress):
            # Another build may have ended while this one waited.
            if (standing := _standing(output, digest)) is not None:
                return standing
            counts, warnings = _write_generation(project, output, target, progress)
            _switch(output, target, generations)
            cache.forget_others(cache.of(project.root), project.root)
    except Died as error:
        raise Refused([problem(Where(output.name), "killed")]) from error
    except OSError as error:
        where = Where(output.name or str(output))
        raise Refused([problem(where, "unwritable", reason=str(error.strerror or error))]) from error
    return Report(output, True, counts, warnings)


def _taken(output: Path, generations: Path, project: Project) -> str:
    """Why nothing may be built there; empty, if it may."""
    if output.is_symlink() and (output.parent / output.readlink()).parent.resolve() != generations.resolve():
        return "a link of this name leads elsewhere"
    if output.exists() and not output.is_symlink():
        return "a folder or file of this name is there already"
    if generations.is_symlink():
        return f"builds would go to `{generations.name}`, which is a link"
    if part := next((each for each in chain(*project.paths.values()) if each.is_dir() and _inside(output, each)), None):
        return f"it lies in `{project.address(part)}`, which is read"
    if strangers := _strangers(generations):
        return f"builds would go to `{generations.name}`, which holds something else: {strangers[0]}"
    return ""


def _inside(output: Path, folder: Path) -> bool:
    return output.parent.resolve().is_relative_to(folder.resolve())


def _strangers(generations: Path) -> list[str]:
    """What lies in a folder where builds are kept, and is none of theirs: such a folder is somebody's own.

    What is hidden does not count: desktops and file servers leave such things anywhere.
    """
    found = [path.name for path in generations.iterdir()] if generations.exists() else []
    return sorted(name for name in found if not name.startswith(".") and not _OWN.fullmatch(name))


def digest_of(project: Project, kept: cache.Cache = cache.NONE) -> str:
    """A digest of all that a build depends on: every input's place and bytes, this package's own code, what is installed."""
    total = hashlib.sha256(f"{pbgraph.__version__} {cache.installed()}".encode())
    package, modules = Path(pbgraph.__file__).parent, {*cache.package_files()}
    for path, content in contents(project, [*project.inputs(), *sorted(modules)], kept).items():
        name = path.relative_to(package).as_posix() if path in modules else project.address(path)
        total.update(f"\0{name}\0{content.digest}".encode())
    return total.hexdigest()[:16]


def machine_of(project: Project) -> str:
    """A digest of what makes pages besides data and questions: code, what is installed, ontology, templates and the like."""
    parts = [file for part in ("ontology", "alignment", "networks", "pages", "site") for file in project.files(part, "")]
    told = [path for path in (project.root / CONFIG, project.root / CITATION) if path.exists()]
    return cache.digest(map(project.read, [*told, *parts]))


def read_manifest(output: Path) -> dict[str, Any]:
    """What a build says of itself: digest, version, base, languages, prefixes, counts, its parts.

    FileNotFoundError: there is no build. ValueError: it is damaged.
    """
    manifest = json.loads((output / MANIFEST).read_text(encoding="utf-8"))
    if not isinstance(manifest, dict) or any(not isinstance(manifest.get(key), type_) for key, type_ in _MANIFEST.items()):
        raise ValueError("the manifest is incomplete")
    return manifest


STORE_DIGESTS = "store/digests.json"
"""The digests of the files of a build's store, by name: which quads lie in which differs from build to build."""


def store_digests(output: Path, kept: cache.Cache = cache.NONE) -> dict[str, str]:
    """Digests of the files of a build's store by name; of those that nobody touched since as they are `kept`."""
    found = kept.of_each("store", sorted((output / "store").glob("*.sst")), _digest)
    return {path.name: digest for path, digest in found.items()}


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "blake2b").hexdigest()[:32]


def _standing(output: Path, digest: str) -> Report | None:
    """The build that `output` leads to, if it is one of the same inputs and holds what it held when it was made."""
    try:
        manifest, generation = read_manifest(output), output.resolve()
        kept = json.loads(_beside(generation, ".json").read_text(encoding="utf-8"))
        whole = all(_held(generation / name) == held for name, held in kept["held"].items())
        warnings = tuple(_problem(*each) for each in kept["warnings"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None  # Whatever cannot be read is made again.
    return Report(output, False, manifest["counts"], warnings) if whole and manifest["digest"] == digest else None


def _problem(where: list[Any], code: str, what: list[list[str]], remedy: list[list[str]], severity: Severity) -> Problem:
    """A problem that JSON held."""
    return Problem(Where(*where), code, _text(what), _text(remedy), severity)


def _text(pairs: list[list[str]]) -> Text:
    return tuple((language, text) for language, text in pairs)


def _held(path: Path) -> list[int]:
    """When a file was written, or when something came into a folder or went last (nanoseconds), and the size of a file."""
    _, size, written, _ = cache.stat_of(path)
    return [written] if path.is_dir() else [written, size]


def _all_held(generation: Path) -> dict[str, list[int]]:
    """By path what is held of a build, that it is told from one which somebody cut or emptied: of its pages only the folders."""
    found = {path: _held(path) for path in (generation / "store").glob("*.sst")}
    for each, folders, files in os.walk(generation):
        place = Path(each).relative_to(generation).parts[:1]
        if place != ("store",):
            names = [name for name in [*folders, *(files if place != ("site",) else ())] if place or name != "store"]
            found.update({path: _held(path) for name in names if (path := Path(each, name))})
    return {path.relative_to(generation).as_posix(): held for path, held in found.items()}


def _inputs(project: Project) -> dict[Path, cache.Stat]:
    return {path: cache.stat_of(path) for path in project.inputs()}


def _refuse_changed(project: Project, before: Mapping[Path, cache.Stat], digest: str) -> None:
    """Refused: a file is not what it was when a build began, so that nobody knows what of it was read."""
    now = _inputs(project)
    changed = sorted(path for path in {*before, *now} if before.get(path) != now.get(path))
    if changed or digest_of(project, cache.of(project.root)) != digest:
        place = project.address(changed[0]) if changed else project.root.name
        raise Refused([problem(Where(place), "changed-meanwhile")])


def _write_generation(
    project: Project, output: Path, target: Path, progress: Progress
) -> tuple[dict[str, int], tuple[Problem, ...]]:
    from pbgraph import checkpoints, rechecks
    from pbgraph.checks import check
    from pbgraph.products import slips, write_products

    inputs = _inputs(project)
    checked = check(project, cache.of(project.root), progress)
    misspelt = slips(checked)
    if checked.errors or misspelt:
        raise Refused(sorted([*checked.problems, *misspelt]))
    partial = target.with_name(f"{target.name}.partial")
    partial.mkdir(parents=True)
    machine, before = machine_of(project), output.resolve()
    try:
        earlier = tracing.read(_beside(before, ".jsonl"), machine, before / "site")
        counts, made = write_products(checked, partial, progress, earlier)
        tracing.write(_beside(target, ".jsonl"), machine, made)
        manifest = {
            "digest": target.name,
            "version": pbgraph.__version__,
            "base": project.base,
            "languages": project.languages,
            "prefixes": checked.graph.prefixes,
            "counts": counts,
        }
        _refuse_changed(project, inputs, target.name)
        (partial / STORE_DIGESTS).write_text(json.dumps(store_digests(partial)) + "\n", encoding="utf-8")
        text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        (partial / MANIFEST).write_text(text, encoding="utf-8")
        if target.exists():
            shutil.rmtree(target)
        partial.rename(target)
        kept = {"held": _all_held(target), "warnings": [astuple(each) for each in checked.problems]}
        _beside(target, ".json").write_text(json.dumps(kept, ensure_ascii=False) + "\n", encoding="utf-8")
        checkpoints.keep_checked(checked, target / "store")
        rechecks.prepare(checked)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return counts, checked.problems


def _beside(generation: Path, ending: str) -> Path:
    """What lies beside a build: in `.jsonl` what each page was made from, in `.json` what it held then, and the warnings."""
    return generation.with_name(f"{generation.name}{ending}")


@contextmanager
def _alone(generations: Path, progress: Progress) -> Iterator[None]:
    """Hold the folder's lock: another build of the same output waits, and what a killed one left behind is removed."""
    with alone(generations / "lock", progress):
        for left in generations.glob("*.partial"):
            shutil.rmtree(left)
        yield


def _switch(output: Path, target: Path, generations: Path) -> None:
    link = generations / "next"
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(target, output.parent), target_is_directory=True)
    link.replace(output)
    for old in filter(lambda path: _OWN.fullmatch(path.name), generations.iterdir()):
        if old.is_dir() and old.name != target.name:
            shutil.rmtree(old)
        elif old.suffix in (".json", ".jsonl") and old.stem != target.name:
            old.unlink()
