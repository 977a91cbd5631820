"""A checked project → build/: store, dumps, tables, networks, site; written beside and switched to as a whole."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pbgraph
from pbgraph import cache, parquet, tracing
from pbgraph.contents import contents
from pbgraph.problems import Died, Problem, Refused, Where, problem
from pbgraph.progress import Progress, silent
from pbgraph.project import CITATION, CONFIG, Project

_OWN = re.compile(r"lock|next|[0-9a-f]{16}(\.partial|\.jsonl?)?")
"""What builds call what they put beside a link to the last of them."""


_MANIFEST = {"digest": str, "base": str, "prefixes": dict, "counts": dict, "parts": list}
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
    one and never a mixture; equal inputs write nothing. Refused: findings that are errors, or an output that cannot be written.
    """
    digest = digest_of(project, cache.of(project.root))
    generations = output.parent / f".{output.name}"
    target = generations / digest
    try:
        if (counts := _counts(output, digest)) is not None:
            return Report(output, False, counts, ())
        if output.exists() and not output.is_symlink():
            reason = "a folder or file of this name is there already"
            raise Refused([problem(Where(output.name or str(output)), "unwritable", reason=reason)])
        if strangers := _strangers(generations):
            reason = f"builds would go to `{generations.name}`, which holds something else: {strangers[0]}"
            raise Refused([problem(Where(output.name or str(output)), "unwritable", reason=reason)])
        with _alone(generations):
            # Another build may have ended while this one waited.
            if (counts := _counts(output, digest)) is not None:
                return Report(output, False, counts, ())
            counts, warnings = _write_generation(project, output, target, progress)
            _switch(output, target, generations)
    except Died as error:
        raise Refused([problem(Where(output.name), "killed")]) from error
    except OSError as error:
        where = Where(output.name or str(output))
        raise Refused([problem(where, "unwritable", reason=str(error.strerror or error))]) from error
    return Report(output, True, counts, warnings)


def _strangers(generations: Path) -> list[str]:
    """What lies in a folder where builds are kept, and is none of theirs: such a folder is somebody's own.

    What is hidden does not count: desktops and file servers leave such things anywhere.
    """
    found = [path.name for path in generations.iterdir()] if generations.exists() else []
    return sorted(name for name in found if not name.startswith(".") and not _OWN.fullmatch(name))


def digest_of(project: Project, kept: cache.Cache = cache.NONE) -> str:
    """A digest of all that a build depends on: every input's place and bytes, this package's own code, what is installed."""
    total = hashlib.sha256(f"{pbgraph.__version__} {parquet.installed()}".encode())
    package = Path(pbgraph.__file__).parent
    modules = sorted(path for path in package.rglob("*.*") if path.suffix in (".py", ".toml"))
    for path, content in contents(project, [*project.inputs(), *modules], kept).items():
        name = path.relative_to(package).as_posix() if path in modules else project.address(path)
        total.update(f"\0{name}\0{content.digest}".encode())
    return total.hexdigest()[:16]


def machine_of(project: Project) -> str:
    """A digest of what makes pages besides data and questions: code, what is installed, ontology, templates and the like."""
    parts = [file for part in ("ontology", "alignment", "networks", "pages", "site") for file in project.files(part, "")]
    told = [path for path in (project.root / CONFIG, project.root / CITATION) if path.exists()]
    return cache.digest([str(parquet.installed()).encode(), *map(project.read, [*told, *parts])])


def read_manifest(output: Path) -> dict[str, Any]:
    """What a build says of itself: digest, version, base, languages, prefixes, counts, its parts.

    FileNotFoundError: there is no build. ValueError: it is damaged.
    """
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
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


def _counts(output: Path, digest: str) -> dict[str, int] | None:
    """The counts of the build that `output` leads to, if it is one of the same inputs."""
    try:
        manifest = read_manifest(output)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    counts: dict[str, int] = manifest["counts"]
    whole = all((output / part).exists() for part in manifest["parts"])
    return counts if whole and manifest["digest"] == digest else None


def _write_generation(
    project: Project, output: Path, target: Path, progress: Progress
) -> tuple[dict[str, int], tuple[Problem, ...]]:
    from pbgraph import checkpoints, rechecks
    from pbgraph.checks import check
    from pbgraph.products import slips, write_products

    checked = check(project, cache.of(project.root), progress)
    misspelt = slips(checked)
    if checked.errors or misspelt:
        raise Refused(sorted([*checked.problems, *misspelt]))
    partial = target.with_name(f"{target.name}.partial")
    partial.mkdir(parents=True)
    machine, before = machine_of(project), output.resolve()
    try:
        earlier = tracing.read(_ledger(before), machine, before / "site")
        counts, made = write_products(checked, partial, progress, earlier)
        tracing.write(_ledger(target), machine, made)
        manifest = {
            "digest": target.name,
            "version": pbgraph.__version__,
            "base": project.base,
            "languages": project.languages,
            "prefixes": checked.graph.prefixes,
            "counts": counts,
            "parts": sorted(path.name for path in partial.iterdir()),
        }
        (partial / STORE_DIGESTS).write_text(json.dumps(store_digests(partial)) + "\n", encoding="utf-8")
        text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        (partial / "manifest.json").write_text(text, encoding="utf-8")
        if target.exists():
            shutil.rmtree(target)
        partial.rename(target)
        checkpoints.keep_checked(checked, target / "store")
        rechecks.prepare(checked)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return counts, checked.problems


def _ledger(generation: Path) -> Path:
    """Where it is written down what each page of a build was made from."""
    return generation.with_name(f"{generation.name}.jsonl")


@contextmanager
def _alone(generations: Path) -> Iterator[None]:
    """Hold the folder's lock: another build of the same output waits, and what a killed one left behind is removed."""
    generations.mkdir(parents=True, exist_ok=True)
    with (generations / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
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
        elif old.suffix in (".json", ".jsonl") and old != _ledger(target):
            old.unlink()
