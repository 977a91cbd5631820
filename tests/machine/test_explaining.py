"""`pbgraph explain`: every code has a cause in both languages and an example that does what it says (`make prove` runs them)."""

from __future__ import annotations

from pathlib import Path

import pytest

from breaking import run, told
from conftest import ROOT, WORLDS
from examples import TOLD, faults, stage
from pbgraph import project as projects
from pbgraph.explaining import Rule, declared
from pbgraph.problems import catalogue

DECLARED = declared(projects.load(ROOT))


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stage(tmp_path_factory.mktemp("examples") / "project")


def test_codes_come_from_the_machine_the_shapes_and_the_check_queries() -> None:
    assert len(DECLARED) > 215
    assert set(catalogue()) < set(DECLARED)
    assert {path.stem for path in (ROOT / "queries" / "checks").glob("*.rq")} < set(DECLARED)
    assert {path.stem for path in (ROOT / "tests" / "shapes").glob("*.ttl")} < set(DECLARED)
    assert {found.severity for found in DECLARED.values()} == {"error", "warning"}
    assert set(DECLARED) >= TOLD
    assert len(TOLD) < 0.11 * len(DECLARED)


@pytest.mark.parametrize("found", DECLARED.values(), ids=DECLARED)
def test_a_code_is_explained_in_both_languages(found: Rule) -> None:
    for text in (found.what, found.remedy, found.cause):
        assert [language for language, _ in text] == ["en", "zh"]
        assert all(sentence.strip() == sentence and sentence for _, sentence in text)
    causes = dict(found.cause)
    assert causes["en"].rstrip(")").endswith((".", "?"))
    assert causes["zh"].rstrip("）").endswith(("。", "？"))
    assert len(causes["en"]) <= 330
    assert found.wrong.strip()
    assert found.right.strip()
    assert found.wrong != found.right


@pytest.mark.prove
@pytest.mark.parametrize("found", DECLARED.values(), ids=DECLARED)
def test_the_wrong_lines_give_the_code_and_the_right_ones_pass(found: Rule, staged: Path) -> None:
    assert faults(found, staged) == []


def test_a_code_is_told_with_its_example() -> None:
    shown = run(ROOT, "explain", "unknown-key")
    assert (shown.exit_code, shown.stderr) == (0, "")
    parts = shown.stdout.split("\n\n")
    assert [part.splitlines()[0] for part in parts] == ["unknown-key (error)", "Why", "Wrong", "Right", "What to do"]
    assert "{" not in parts[0] + parts[-1]
    assert run(ROOT, "explain", "undated", "--lang", "zh").stdout.startswith("undated (警告)\n")


def test_a_code_that_there_is_not_suggests_another() -> None:
    shown = run(ROOT, "explain", "unknown-kee")
    assert (told(shown), shown.exit_code) == (["explain: unknown-code"], 1)
    assert "Did you mean unknown-key?" in shown.stderr


def test_what_another_world_declares_is_told_as_far_as_it_goes() -> None:
    own = {code: found for code, found in declared(projects.load(WORLDS / "museums")).items() if code not in DECLARED}
    assert own
    for code in own:
        assert run(WORLDS / "museums", "explain", code).stdout.startswith(code)
