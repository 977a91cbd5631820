"""The program of docs/cluster.md, on two local workers of Spark, gives the quads of the build."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from breaking import put
from conftest import ROOT
from pbgraph import project as projects
from pbgraph.build import Report
from pbgraph.checks import check
from small import small_project

pytestmark = [pytest.mark.prove, pytest.mark.skipif(shutil.which("java") is None, reason="java is not installed")]

SHARDS = 3

TABLE = """\
source: {id: towns-2017, type: List, name: {zh: 乡镇名录, en: list of towns}, published: 2017, language: zh}
table:
  file: towns.csv
  entities: {id: $id, type: Township, name: {zh: $zh, en: $en}, partOf: hengxian, form: town}
"""


def run(project: Path, shards: Path) -> subprocess.CompletedProcess[str]:
    """The program as it stands on the page, submitted to Spark."""
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8"), re.DOTALL)
    program = shards.with_name("cluster.py")
    program.write_text(code, encoding="utf-8")
    submit = shutil.which("spark-submit", path=str(Path(sys.executable).parent))
    assert submit, "pip install pyspark"
    settings = ["spark.ui.enabled=false", "spark.log.level=ERROR", f"spark.default.parallelism={SHARDS}"]
    command = [submit, "--master", "local[2]", *(word for each in settings for word in ("--conf", each)), str(program)]
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    return subprocess.run([*command, str(project), str(shards)], env=environment, capture_output=True, text=True, timeout=600)


def test_the_shards_are_the_quads_of_the_build(built: Report, tmp_path: Path) -> None:
    done = run(ROOT, tmp_path / "shards")
    assert done.returncode == 0, done.stderr
    shards = [path.read_bytes() for path in sorted((tmp_path / "shards").glob("part-*"))]
    assert len(shards) == SHARDS
    assert all(shards)
    assert b"".join(shards) == (built.output / "graph.nq").read_bytes()


def test_lists_by_table_are_mapped_too(tmp_path: Path) -> None:
    project = small_project(tmp_path / "p")
    put("data/lists/towns.yaml", TABLE)(project)
    put("data/lists/towns.csv", "id,zh,en\none,太平镇,Taiping\ntwo,新街镇,Xinjie\n")(project)
    done = run(project, tmp_path / "shards")
    assert done.returncode == 0, done.stderr
    lines = [line for path in sorted((tmp_path / "shards").glob("part-*")) for line in path.read_text("utf-8").splitlines()]
    assert lines == check(projects.load(project)).graph.lines()
    assert any("太平镇" in line for line in lines)


def test_what_is_wrong_is_told_with_its_address_and_nothing_is_written(copy_project: Callable[[], Path], tmp_path: Path) -> None:
    project = copy_project()
    article, place = (project / "data" / name for name in ("articles/hengxian-last-mile.yaml", "places/weixi.yaml"))
    lines = article.read_text(encoding="utf-8").splitlines(keepends=True)
    number = next(number for number, line in enumerate(lines, 1) if line.startswith("entities:"))
    article.write_text("".join(lines).replace("\nentities:", "\nentitties:"), encoding="utf-8")
    place.write_bytes(b"\xff" + place.read_bytes())
    done = run(project, tmp_path / "shards")
    assert done.returncode == 1
    told = done.stdout + done.stderr  # spark-submit hands on as output what a program says of an error
    assert f"data/articles/hengxian-last-mile.yaml:{number}:1: unknown-section: " in told
    assert "data/places/weixi.yaml:1:1: not-utf8: " in told
    assert not (tmp_path / "shards").exists()
