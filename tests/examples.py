"""The examples of `pbgraph explain` are run: each `wrong` gives its code, each `right` gives no error.

`python tests/examples.py [CODE …]` says which do not, and why. An example is lines of an article's data file, put behind a
source of its own unless it begins with `source:`; its words are those of `TEXT`. `# in FILE` as its first line appends it to
another file of the project (or makes that file); `$ pbgraph …` is a command on the built project. The ids are those of
`small.py`. What can only be told (an encoding, a damaged store) is listed in `TOLD`.
"""

from __future__ import annotations

import hashlib
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from breaking import run
from pbgraph import evidence
from pbgraph import project as projects
from pbgraph.build import build
from pbgraph.cache import Cache
from pbgraph.checks import check
from pbgraph.coverage import amiss, cover
from pbgraph.explaining import Rule, declared
from pbgraph.problems import Problem, Refused
from pbgraph.products import slips
from small import BUILT, ROOT, small_project

TEXT = """\
窑埠村的电商路
横县有各类网店340多家，其中淘宝店95家。
窑埠村种植百香果，年销售额近2000万元，贫困户脱贫率达到90%以上。
村里办起一个支部、一家网店，称为“两个一”。
在党组织牵线下，窑埠村与君桥公司实现合作，村民收入增长数十倍。
第一书记徐书记2016年4月27日说，今年要建5家网店。
"""
SOURCE = f"""\
source:
  id: example
  type: NewsArticle
  name: {{zh: 窑埠村的电商路, en: Yaobu's way to e-commerce}}
  published: 2017
  language: zh
  topic: hengxian
  checksum: "sha256:{hashlib.sha256(TEXT.encode()).hexdigest()}"

"""
TOLD: frozenset[str] = frozenset(
    {
        "ambiguous-name",
        "article-not-text",
        "changed-meanwhile",
        "damaged-build",
        "killed",
        "no-figures",
        "no-font",
        "no-such-edges",
        "unknown-selection",
        "point-of-many-places",
        "query-name",
        "query-twice",
        "several-at",
        "several-from",
        "several-until",
    }
    | {"never-verified", "no-checksum", "not-utf8", "query-timeout", "too-large", "unreadable-file", "verified-before", "view"}
    | {"network-clash", "network-column", "network-edge-end", "network-edge-twice", "network-node-twice", "network-number"}
    | {"network-directed", "network-weight"}
)
"""Codes whose examples are words, not lines to be run: a file's bytes, its permissions, a folder, what writes files, a build."""


def targets(example: str) -> list[tuple[str, str]]:
    """The files that an example belongs in, each with its lines."""
    if example.startswith("# in "):
        _, *parts = re.split(r"(?m)^# in (.+)\n", example + "\n")
        return list(zip(parts[::2], parts[1::2], strict=True))
    return [("data/articles/example.yaml", example + "\n" if re.match("source *:", example) else f"{SOURCE}{example}\n")]


@contextmanager
def written(folder: Path, example: str) -> Iterator[None]:
    """The project in a folder with an example in it, and as it was afterwards."""
    paths = [(folder / name, lines) for name, lines in targets(example)]
    befores = [path.read_bytes() if path.exists() else None for path, _ in paths]
    for (path, lines), before in zip(paths, befores, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((before or b"") + lines.encode())
    try:
        yield
    finally:
        for (path, _), before in zip(paths, befores, strict=True):
            path.unlink()
            if before is not None:
                path.write_bytes(before)


def findings(folder: Path, example: str) -> list[Problem]:
    """What is found wrong in the project with an example in it, its quotes held against the text."""
    with written(folder, example):
        try:
            project = projects.load(folder)
            checked = check(project, Cache(folder / "kept"))
            asked = slips(checked) if any(name.startswith("queries/") for name, _ in targets(example)) else []
        except Refused as refused:
            return refused.problems
        if checked.errors or asked:
            return [*checked.problems, *asked]
        texts = evidence.find_articles(checked, folder / "texts")
        left = [found for each in cover(checked, texts.articles) for found in amiss(checked, each)]
        mine = [
            each for each in [*evidence.verify(checked, texts), *texts.absent.values(), *left] if "/first" not in each.where.file
        ]
        return [*checked.problems, *mine]


def told(folder: Path, example: str) -> list[str]:
    """The codes that an example's command, or the project with an example in it, gives; errors among them end in `!`."""
    if example.startswith("$ pbgraph "):
        result = run(folder, *shlex.split(example.splitlines()[0])[2:])
        return [f"{code}!" for code in re.findall(r"(?m)^\S*?: ([a-z][a-z0-9-]+): ", result.stderr)]
    return [f"{each.code}{'!' if each.severity == 'error' else ''}" for each in findings(folder, example)]


def faults(found: Rule, folder: Path) -> list[str]:
    """What is amiss with a code's example: it is not there, `wrong` does not give the code, `right` gives it or an error."""
    if not found.cause or not found.wrong or not found.right:
        return [f"{found.code}: no cause or no example"]
    if found.code in TOLD:
        return []
    amiss = []
    wrong, right = told(folder, found.wrong), told(folder, found.right)
    if found.code not in [each.rstrip("!") for each in wrong]:
        amiss.append(f"{found.code}: wrong gives {wrong}")
    if any(each.endswith("!") or each == found.code for each in right):
        amiss.append(f"{found.code}: right gives {right}")
    return amiss


def stage(folder: Path) -> Path:
    """The small project, built, with the text of the examples beside it."""
    small_project(folder, BUILT)
    (folder / "texts").mkdir()
    (folder / "texts" / "example.txt").write_text(TEXT, encoding="utf-8")
    build(projects.load(folder), folder / "build")
    return folder


if __name__ == "__main__":
    asked = sys.argv[1:]
    place = Path(tempfile.mkdtemp())
    try:
        stage(place / "project")
        for code, each in declared(projects.load(ROOT)).items():
            if not asked or code in asked:
                sys.stdout.write("".join(f"{line}\n" for line in faults(each, place / "project")))
    finally:
        shutil.rmtree(place)
