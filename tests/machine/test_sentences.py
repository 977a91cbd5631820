"""What commands say besides findings is in both languages, and all of it is said by some command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import pbgraph
from breaking import run
from pbgraph.cli import main
from pbgraph.sentences import catalogue, sentence

PACKAGE = Path(pbgraph.__file__).parent
HOLE = re.compile(r"\{(\w+)")


@pytest.mark.parametrize("key", catalogue())
def test_a_sentence_is_in_both_languages_with_the_same_holes(key: str) -> None:
    texts = catalogue()[key]
    assert sorted(texts) == ["en", "zh"]
    assert sorted(HOLE.findall(texts["en"])) == sorted(HOLE.findall(texts["zh"]))
    assert not re.search("[\u3400-\u9fff]", texts["en"])


def test_sentences_stand_in_order_and_each_is_said_somewhere() -> None:
    assert list(catalogue()) == sorted(catalogue())
    assert len(catalogue()) > 50
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py")))
    for key in catalogue():
        group, _, last = key.rpartition("-")
        spoken = f'"{key}"' in code or f"'{key}'" in code or (f'f"{group}-{{' in code and re.search(rf"""["']{last}["']""", code))
        assert spoken, key


def test_one_of_a_thing_is_told_in_the_singular() -> None:
    assert sentence("rows", "en", count=1) == "1 row"
    assert [sentence("rows", "en", count=count) for count in (0, 2, 11)] == ["0 rows", "2 rows", "11 rows"]
    assert sentence("rows", "zh", count=1) == "1 行"
    numbers = {"files": 1, "statements": 1, "errors": 1, "warnings": 2}
    assert sentence("summary", "en", **numbers) == "1 file, 1 statement: 1 error, 2 warnings"


def test_a_build_and_an_export_speak_chinese(small_built: Path, tmp_path: Path) -> None:
    english = run(small_built, "build").stdout
    chinese = run(small_built, "--lang", "zh", "build").stdout
    assert re.findall("[0-9]+", english) == re.findall("[0-9]+", chinese)
    assert "已是最新" in chinese
    assert "up to date" not in chinese
    target = ["--output", str(tmp_path / "x.gexf")]
    told = CliRunner().invoke(main, ["--project", str(small_built), "--lang", "zh", "export", "pairings", *target])
    assert re.search("个节点，[0-9]+ 条边", told.stdout)
