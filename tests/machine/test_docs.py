"""The docs say what is so: every example is run, every command and question documented, every picture up to date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import ROOT
from docs import DOCS, PYTHON, SPARQL, refreshed
from pbgraph.build import Report
from pbgraph.cli import main
from pbgraph.schema import Schema

LONGER = ("CONTRIBUTING.md", "pages.md")
"""Pages whose examples take longest, which `make prove` runs."""

LEAST = {"README.md": 5, "CONTRIBUTING.md": 10, "model.md": 6, "tables.md": 4, "networks.md": 5}
"""So many examples a page has at least."""


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.name, marks=[pytest.mark.prove] if path.name in LONGER else []) for path in DOCS]
)
def test_every_example_is_as_it_is_now(path: Path, built: Report) -> None:
    page, examples = refreshed(path.read_text(encoding="utf-8"), built.output)
    assert page == path.read_text(encoding="utf-8"), "run `make docs`"
    assert examples >= LEAST.get(path.name, 0)


def test_the_pages_that_have_to_have_examples_are_there() -> None:
    assert LEAST.keys() <= {path.name for path in DOCS}


def test_every_python_block_is_run(built: Report) -> None:
    # The program of cluster.md needs Spark: test_cluster.py runs it.
    texts = [path.read_text(encoding="utf-8") for path in DOCS if path.name != "cluster.md"]
    assert sum(text.count("```python\n") for text in texts) == sum(len(PYTHON.findall(text)) for text in texts) >= 4


def test_the_model_page_has_a_picture_and_seven_patterns() -> None:
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    assert "```mermaid" in text
    assert len(SPARQL.findall(text)) == 7


def test_the_model_page_names_only_what_the_ontology_has(checked: object) -> None:
    schema: Schema = checked.schema  # type: ignore[attr-defined]
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    picture = re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL)[0]
    members = {iri.rsplit("#", 1)[-1] for found in schema.individuals.values() for iri in found.values()}
    known = {*schema.classes, *schema.properties, *members}
    used = {*re.findall(r"pb:([A-Za-z-]+)", text), *re.findall(r"\bclass (\w+)", picture)}
    assert used
    assert used <= known


def test_the_pictures_are_those_of_the_build(built: Report) -> None:
    for language in ("zh", "en"):
        committed = (ROOT / "docs" / f"pairings.{language}.svg").read_text(encoding="utf-8")
        assert committed == (built.output / "networks" / f"pairings.{language}.svg").read_text(encoding="utf-8"), (
            "run `make docs`"
        )


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in main.commands if f"pbgraph {name}" not in text] == []


def test_the_readme_shows_the_slip_that_it_speaks_of() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "unknown-id: `partner`: nothing has the id `my-companny`. Did you mean my-company?" in text
    assert "3 errors, 0 warnings" in text
