"""What must never enter the repository: the articles' own texts, and names of private persons (read where they are at hand)."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from conftest import ROOT
from pbgraph import evidence, verified
from pbgraph.checks import Checked
from pbgraph.coverage import cover
from pbgraph.texts import clean, decoded, paragraphs

SHARED = ROOT.parent / "shared"
ARTICLES = SHARED / "articles"
DOMAIN = SHARED / "domain.md"
LONGEST_QUOTE = 30

where_the_articles_are = pytest.mark.skipif(not ARTICLES.is_dir(), reason="the articles' texts are not at hand")
where_the_names_are = pytest.mark.skipif(not DOMAIN.is_file(), reason="the list of private persons is not at hand")


@cache
def kept() -> dict[str, str]:
    """The text files of the repository, as texts are compared."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    files = {name: (ROOT / name).read_bytes() for name in listed if name and (ROOT / name).is_file()}
    assert len(files) > 200
    return {name: clean(content.decode("utf-8", errors="ignore")) for name, content in files.items()}


def private_names() -> list[str]:
    """The names on the list of persons who must not appear, and those of whom only the post may be kept."""
    section = DOMAIN.read_text(encoding="utf-8").split("## 6.")[1].split("\n## ")[0]
    found = [re.findall(f"{start}[^\n]*", section)[0] for start in ("Borderline:", "Deny-list,")]
    names = [name for line in found for name in re.findall(r"(?:[:,] )([\u4e00-\u9fff]{2,4})(?=[, ])", line)]
    assert len(names) >= 4
    return names


@where_the_names_are
def test_no_private_person_is_named() -> None:
    for name in private_names():
        assert [file for file, text in kept().items() if clean(name) in text] == []


@where_the_articles_are
def test_no_text_of_an_article_is_copied() -> None:
    """No stretch longer than a quotation may be stands in any file."""
    files = sorted(ARTICLES.iterdir())
    assert len(files) >= 5
    windows = {
        paragraph[start : start + LONGEST_QUOTE + 1]
        for file in files
        for paragraph in paragraphs(decoded(file.read_bytes()), ())
        for start in range(len(paragraph) - LONGEST_QUOTE)
    }
    assert len(windows) > 5000
    size = LONGEST_QUOTE + 1
    copied = {
        (name, text[start : start + size])
        for name, text in kept().items()
        for start in range(len(text) - size + 1)
        if text[start : start + size] in windows
    }
    assert copied == set()


def test_no_data_file_changed_since_it_was_verified(checked: Checked) -> None:
    assert [found.render("en") for found in verified.changed(checked).values()] == []


@where_the_articles_are
def test_every_quotation_and_amount_agrees_with_its_article(checked: Checked) -> None:
    found = evidence.find_articles(checked, ARTICLES)
    assert len(found.articles) == len(evidence.sources(checked)) >= 5
    assert [each.render("en") for each in [*evidence.verify(checked, found), *found.absent.values()]] == []


@where_the_articles_are
def test_nothing_of_an_article_is_left_open(checked: Checked) -> None:
    for each in cover(checked, evidence.find_articles(checked, ARTICLES).articles):
        assert [(paragraph.number, seen.spot.text) for paragraph, seen in each.open] == []
        assert each.complete


def test_the_record_stands_beside_the_data(checked: Checked) -> None:
    assert verified.path(checked.project) == Path(ROOT / "data" / "verified.json")
