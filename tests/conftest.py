"""What tests share: the repository's own project, checked and built once a session, and small projects of their own."""

from __future__ import annotations

import atexit
import fcntl
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import html_pages
from html_pages import Page
from pbgraph import project as projects
from pbgraph.build import Report, build
from pbgraph.checks import Checked, check
from pbgraph.project import Project
from small import BUILT, small_project

# Commands keep what they read for the next run; tests leave nothing in their user's folder.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="pbgraph-cache-")
atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)

ROOT = Path(__file__).resolve().parent.parent
WORLDS = ROOT / "tests" / "worlds"


def pytest_collection_finish() -> None:
    """All that was imported stays for good: garbage is not looked for among it, and not as often as in a small program."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def project() -> Project:
    """The repository's own project."""
    return projects.load(ROOT)


@pytest.fixture(scope="session")
def checked(project: Project) -> Checked:
    """The repository's own project, checked."""
    return check(project)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the processes which share the tests have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def built(project: Project, shared: Path) -> Report:
    """The repository's own project, built outside the repository: once, by the first of the processes that share the tests."""
    return build(project, shared / "built" / "build")


@pytest.fixture(scope="session")
def site_root(built: Report) -> Path:
    """The folder of the built site."""
    return built.output / "site"


@pytest.fixture(scope="session")
def pages(site_root: Path) -> Mapping[str, Page]:
    """Every page of the built site, by its path."""
    return html_pages.read(site_root)


@pytest.fixture(scope="session")
def small_built(shared: Path) -> Path:
    """The small project with its build, made once as `built` is; a test copies the folder before it changes anything."""
    folder = shared / "small-built-once" / "project"
    with (shared / "small-built-once.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            small_project(folder, BUILT)
        build(projects.load(folder), folder / "build")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def copy_project(tmp_path: Path) -> Callable[[], Path]:
    """Makes a copy of the repository's project (no sources, no tests) that a test may break."""

    def copy() -> Path:
        target = tmp_path / "project"
        for part in ("ontology", "shapes", "data", "queries", "site"):
            shutil.copytree(ROOT / part, target / part)
        shutil.copy(ROOT / "pbgraph.toml", target)
        return target

    return copy
