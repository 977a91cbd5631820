"""After an edit only what reads differently is written; all else is the earlier file, and the whole is a full build's."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from breaking import put, run, swap, tree
from small import BUILT, ROOT, small_project

Edit = Callable[[Path], None]

EDITS: dict[str, Edit] = {
    "a name": swap("data/places.yaml", "en: Guangxi}", "en: Guangxi Region}"),
    "a new alias": swap("data/places.yaml", "{en: Yaobu Village}}", "{en: Yaobu Village}}, {name: {en: Yao Village}}"),
    "a new entity": swap(
        "data/places.yaml",
        "  - id: yaobu\n",
        "  - {id: huogui, type: Village, name: {zh: 货桂村, en: Huogui}, partOf: shitang, form: village}\n  - id: yaobu\n",
    ),
    "a citation": put("CITATION.cff", (ROOT / "CITATION.cff").read_text(encoding="utf-8")),
    "a template": swap("site/templates/tree.html", "<h1>", "<h1> "),
    "a sentence of the interface": swap("site/messages.yaml", "home: {zh: 首页, en: Home}", "home: {zh: 首页, en: Start}"),
    "a question's wording": swap(
        "queries/questions/partners.rq", "With whom is a village paired?", "Whom is a village paired with?"
    ),
}


LONGER = ("a new alias", "a new entity", "a name", "a question's wording", "a sentence of the interface", "a citation")
"""Edits that are like others here, which `make prove` tries."""


def site(folder: Path) -> dict[str, int]:
    """The files of the site with their numbers on the disk: equal numbers are the same file."""
    root = folder / "build" / "site"
    return {path.relative_to(root).as_posix(): path.stat().st_ino for path in root.rglob("*") if path.is_file()}


def ledger(folder: Path) -> Path:
    (found,) = (folder / ".build").glob("*.jsonl")
    return found


def noted(folder: Path) -> list[str]:
    """The files of which the ledger of the last build tells what was read for them."""
    (_, keys, files), *lines = map(json.loads, ledger(folder).read_text(encoding="utf-8").splitlines())
    assert len(lines) == keys + files
    assert {number for _, _, _, *numbers in lines[keys:] for number in numbers} == set(range(keys))
    return [name for name, *_ in lines[keys:]]


def product(folder: Path) -> dict[str, str]:
    return {name: digest for name, digest in tree(folder / "build").items() if not name.startswith("store/")}


@pytest.mark.parametrize(
    "edit", [pytest.param(edit, id=name, marks=[pytest.mark.prove] if name in LONGER else []) for name, edit in EDITS.items()]
)
def test_a_rebuild_is_a_full_build(edit: Edit, small_built: Path, tmp_path: Path) -> None:
    shutil.copytree(small_built, edited := tmp_path / "p", symlinks=True)
    edit(edited)
    assert run(edited, "build").exit_code == 0
    full = small_project(tmp_path / "full", BUILT)
    edit(full)
    assert run(full, "build").exit_code == 0
    assert product(edited) == product(full)
    assert noted(edited) == noted(full) == sorted(site(full).keys() & set(noted(full)))


@pytest.mark.prove
def test_what_was_kept_of_several_builds_changes_nothing(small_built: Path, tmp_path: Path) -> None:
    """Two edits after another in one place, where layouts of the first are at hand for the second."""
    shutil.copytree(small_built, edited := tmp_path / "p", symlinks=True)
    full = small_project(tmp_path / "full", BUILT)
    for edit in ("a name", "a new entity"):
        EDITS[edit](edited)
        EDITS[edit](full)
        assert run(edited, "build").exit_code == 0
    assert run(full, "build").exit_code == 0
    assert product(edited) == product(full)


def test_only_pages_whose_rows_changed_are_written(small_built: Path, tmp_path: Path) -> None:
    shutil.copytree(small_built, folder := tmp_path / "p", symlinks=True)
    before, bytes_before = site(folder), product(folder)
    swap("data/places.yaml", "en: Yaobu Village", "en: Yaobu Vill")(folder)
    assert run(folder, "build").exit_code == 0
    after, bytes_after = site(folder), product(folder)
    written = {name for name, number in after.items() if before.get(name) != number}
    changed = {name for name in after if bytes_after[f"site/{name}"] != bytes_before.get(f"site/{name}")}
    pages = {name for name in written if name.endswith(".html")}
    assert {"id/yaobu.en.html", "id/yaobu.zh.html", "names.en.html", "files/places.en.html"} <= pages
    # The list of Chinese names reads the names of all languages, and turns out as it was.
    assert pages - changed <= {"names.zh.html"}
    assert len(pages) <= 16
    assert len([name for name in after if name.endswith(".html")]) >= 200


@pytest.mark.prove
def test_where_files_cannot_be_linked_pages_are_made_again(
    small_built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")  # as with protected_hardlinks, or on some shares

    shutil.copytree(small_built, folder := tmp_path / "p", symlinks=True)
    swap("data/places.yaml", "en: Yaobu Village", "en: Yaobu Vill")(folder)
    monkeypatch.setattr(os, "link", refuse)
    assert run(folder, "build").exit_code == 0
    assert "Yaobu Vill" in (folder / "build/site/id/yaobu.en.html").read_text(encoding="utf-8")


@pytest.mark.prove
def test_a_file_that_is_gone_from_the_earlier_build_is_made_again(small_built: Path, tmp_path: Path) -> None:
    shutil.copytree(small_built, folder := tmp_path / "p", symlinks=True)
    wanted = product(folder)
    (folder / "build" / "site" / "id" / "sales.en.html").unlink()
    text = (folder / "data/places.yaml").read_text(encoding="utf-8")
    (folder / "data/places.yaml").write_text(f"{text}\n# .\n", encoding="utf-8")
    assert run(folder, "build").exit_code == 0
    assert product(folder)["site/id/sales.en.html"] == wanted["site/id/sales.en.html"]


@pytest.mark.prove
@pytest.mark.parametrize("damage", [lambda content: content[: len(content) // 2], lambda content: content[:-9] + b"<!--x-->\n"])
def test_a_page_that_somebody_changed_is_made_again(damage: Callable[[bytes], bytes], small_built: Path, tmp_path: Path) -> None:
    shutil.copytree(small_built, edited := tmp_path / "p", symlinks=True)
    full, page = product(edited), edited / "build" / "site" / "id" / "hengxian.en.html"
    before = page.read_bytes()
    page.unlink()  # Its other names keep what they hold.
    page.write_bytes(damage(before))
    put("data/articles/first.yaml", (edited / "data/articles/first.yaml").read_bytes() + b"# a word\n")(edited)
    assert run(edited, "build").exit_code == 0
    assert page.read_bytes() == before
    assert product(edited).keys() == full.keys()


@pytest.mark.prove
@pytest.mark.parametrize("more", ["note: {en: a note, zh: 备注}", "naming: [{name: {zh: 货桂}}]"])
def test_a_bare_unit_is_a_row_of_its_wholes_page_until_there_is_more_to_say(more: str, small_built: Path, tmp_path: Path) -> None:
    shutil.copytree(small_built, folder := tmp_path / "p", symlinks=True)
    bare = "  - {id: huogui, type: Village, name: {zh: 货桂村, en: Huogui}, partOf: shitang, form: village}\n"
    swap("data/places.yaml", "  - id: yaobu\n", f"{bare}  - id: yaobu\n")(folder)
    assert run(folder, "build").exit_code == 0
    whole = folder / "build/site/id/shitang.en.html"
    assert '<li id="huogui">' in whole.read_text(encoding="utf-8")
    assert not (folder / "build/site/id/huogui.en.html").exists()
    assert "^id/huogui(?:" in (folder / "build/site/.htaccess").read_text(encoding="utf-8")
    swap("data/places.yaml", "en: Huogui}, partOf", f"en: Huogui}}, {more}, partOf")(folder)
    assert run(folder, "build").exit_code == 0
    assert '<li id="huogui">' not in whole.read_text(encoding="utf-8")
    assert 'href="huogui.en.html"' in whole.read_text(encoding="utf-8")
    assert (folder / "build/site/id/huogui.en.html").exists()


DAMAGES: dict[str, Callable[[str], str]] = {
    "empty": lambda text: "",
    "no JSON": lambda text: "{",
    "nothing in it": lambda text: "[]",
    "of another machine": lambda text: text.replace('["', '["0', 1),
    "cut short": lambda text: text[: text.rindex("\n", 0, len(text) // 2) + 1],
    "without the last file": lambda text: text[: text.rstrip("\n").rindex("\n") + 1],
    "a number without a key": lambda text: text.rstrip("]\n") + ",4000000000]\n",
    "a number that is none": lambda text: text.rstrip("]\n") + ',"x"]\n',
}


@pytest.mark.prove
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_ledger_costs_time_and_nothing_else(damage: Callable[[str], str], small_built: Path, tmp_path: Path) -> None:
    shutil.copytree(small_built, folder := tmp_path / "p", symlinks=True)
    before, found = site(folder), ledger(folder)
    found.write_text(damage(found.read_text(encoding="utf-8")), encoding="utf-8")
    swap("data/places.yaml", "en: Guangxi}", "en: Guangxi Region}")(folder)
    assert run(folder, "build").exit_code == 0
    assert "Guangxi Region" in (folder / "build/site/id/guangxi.en.html").read_text(encoding="utf-8")
    assert not set(before.items()) & set(site(folder).items())
