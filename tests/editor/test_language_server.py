"""The server behind most editors' YAML support completes, explains and checks data files by the schema of a build."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

from breaking import run
from lsp import SERVER, Editor, editor
from small import small_project

pytestmark = pytest.mark.prove

HEAD = """\
# yaml-language-server: $schema=../../build/schema/data.schema.json
source:
  id: own
  type: NewsArticle
  name: {zh: 文, en: Text}
  published: 2017
  language: zh
  topic: hengxian

"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert SERVER.exists(), "npm ci --prefix tests/editor installs it"
    folder = small_project(tmp_path_factory.mktemp("editor") / "p")
    (folder / "build" / "schema").mkdir(parents=True)
    assert run(folder, "schema", "--output", str(folder / "build" / "schema" / "data.schema.json")).exit_code == 0
    assert run(folder, "fmt").exit_code == 0
    return folder


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[Editor]:
    with editor(folder) as client:
        yield client


def place(text: str) -> tuple[str, int, int]:
    """A text without its mark ¶, and the line and column where that stood."""
    before = text[: text.index("¶")]
    return text.replace("¶", ""), before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("¶", {"figures", "pairings", "entities", "mentions"}),
        ("figures:\n  - ¶", {"subject", "indicator", "value", "passage", "unstated"}),
        ("figures:\n  - subject: hengxian\n    ¶", {"indicator", "platform", "at"}),
        ("figures:\n  - subject: hengxian\n    indicator: ¶", {"shops", "sales", "exit-rate"}),
        ("figures:\n  - subject: ¶", {"hengxian", "yaobu", "junqiao"}),
        ("figures:\n  - subject: hengxian\n    modality: ¶", {"expected", "planned", "reported"}),
        ("figures:\n  - subject: hengxian\n    unstated: [¶]", {"period", "at"}),
        ("entities:\n  - id: a\n    type: ¶", {"Village", "Company", "PartyBranch"}),
        ("entities:\n  - id: a\n    type: Post\n    ¶", {"role", "postAt"}),
        ("entities:\n  - id: a\n    type: Post\n    role: ¶", {"secretary"}),
    ],
)
def test_sections_keys_and_ids_are_offered(typed: str, offered: set[str], folder: Path, client: Editor) -> None:
    text, line, col = place(HEAD + typed)
    path = folder / "data" / "articles" / f"own-{crc32(typed.encode())}.yaml"
    client.open(path, text)
    found = set(client.complete(path, line, col))
    assert offered <= found
    assert not found & {"fingerprint", "printed"}, "computed keys are nobody's to type"


def test_a_key_is_explained_in_both_languages(folder: Path, client: Editor) -> None:
    text, line, col = place(HEAD + "figures:\n  - subject: hengxian\n    indi¶cator: shops\n")
    path = folder / "data" / "articles" / "hovered.yaml"
    client.open(path, text)
    shown = client.hover(path, line, col)
    assert re.search("[\u4e00-\u9fff]", shown)
    assert "indicator" in shown


def test_sound_files_have_no_findings(folder: Path, client: Editor) -> None:
    files = sorted((folder / "data").rglob("*.yaml"))
    assert len(files) == 4
    for path in files:
        client.open(path, path.read_text(encoding="utf-8"))
        assert client.findings(path) == [], path.name


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("platform: taobao", "platfrom: taobao"),
        ("indicator: shops", "indicator: shop"),
        ("type: Company", "type: Compny"),
        ("figures:", "figuers:"),
        ("modality: expected", "modality: expcted"),
        ("name: {zh: 徐书记, en: Secretary Xu}", "name: 徐书记"),
        ('passage: {6: "徐书记"}', 'passage: "徐书记"'),
    ],
)
def test_slips_are_underlined_in_their_line(old: str, new: str, folder: Path, client: Editor) -> None:
    sound = (folder / "data" / "articles" / "first.yaml").read_text(encoding="utf-8")
    assert old in sound
    path = folder / "data" / "articles" / f"slip-{crc32(new.encode())}.yaml"
    client.open(path, sound.replace(old, new, 1))
    lines = {number for number, _ in client.findings(path)}
    at = sound[: sound.index(old)].count("\n") + 1
    assert at in lines
    assert len(lines) <= 3, client.findings(path)
