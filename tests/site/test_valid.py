"""The Nu Html Checker (the W3C's) finds nothing in any page, style sheet or picture of the built site."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from conftest import ROOT

JAR = ROOT / "tests" / "browser" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
CHECKED = (".html", ".css", ".svg")
ACCEPTED = {
    r"Resource violates Content Security Policy .*blocked by “(style|script)-src” directive": "on a disk, nothing is 'self'",
    r"Inline script violates Content Security Policy": "JSON-LD is data, which no browser runs or blocks (HTML 4.12.1)",
    r"CSS: “paint-order”: Property “paint-order” doesn't exist": "CSS knows it from SVG 2 (13.8); the checker's list does not",
}
"""Messages that tell nothing of the pages, with the reason."""

pytestmark = [pytest.mark.prove, pytest.mark.skipif(shutil.which("java") is None, reason="java is not installed")]


def messages(files: list[Path]) -> list[dict[str, str]]:
    """What the checker says of files, warnings too: one process for all of them."""
    assert JAR.exists(), "npm ci --prefix tests/browser installs it"
    options = ["--stdout", "--exit-zero-always", "--format", "json", "--no-langdetect", "--also-check-css", "--also-check-svg"]
    command = ["java", "-jar", str(JAR), *options, *map(str, files)]
    told = subprocess.run(command, capture_output=True, check=True, text=True)
    found: list[dict[str, str]] = json.loads(told.stdout)["messages"]
    return found


def is_accepted(message: dict[str, str]) -> bool:
    return any(re.match(pattern, message["message"]) for pattern in ACCEPTED)


def test_every_page_style_sheet_and_picture_is_valid(site_root: Path) -> None:
    files = sorted(path for path in site_root.rglob("*") if path.suffix in CHECKED)
    assert {path.suffix for path in files} >= {".html", ".css"}
    open_ones = [each for each in messages(files) if not is_accepted(each)]
    wrong: Counter[str] = Counter(each["message"] for each in open_ones)
    first = {
        each["message"]: f"{Path(each['url']).name}:{each.get('lastLine')} {each.get('extract')}" for each in open_ones[::-1]
    }
    assert [(number, message, first[message]) for message, number in wrong.most_common()] == []


def test_the_standalone_pictures_are_valid(site_root: Path) -> None:
    files = sorted((site_root.parent / "networks").glob("*.svg"))
    assert len(files) >= 2
    assert [each for each in messages(files) if not is_accepted(each)] == []


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    page = '<!doctype html>\n<html lang="en"><title>A</title><p id="a"><p id="a"><div><li></div>'
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    (tmp_path / "sheet.css").write_text("p { colour: red }", encoding="utf-8")
    (tmp_path / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><circle radius="1"/></svg>', encoding="utf-8")
    found = messages(sorted(tmp_path.iterdir()))
    assert {Path(each["url"]).name for each in found if each["type"] == "error"} == {"page.html", "sheet.css", "picture.svg"}
