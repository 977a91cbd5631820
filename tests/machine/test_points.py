"""Where places lie: every county, prefecture and province has its one point, and half a point is told where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbgraph import project as projects
from pbgraph.checks import Checked, check
from small import PLACES, small_project

CHINA = ((73.0, 136.0), (3.0, 54.0))
"""The degrees east and north between which its territory lies, rounded outwards."""
POINTS = """
SELECT ?class ?place ?point ?longitude ?latitude WHERE {
  VALUES ?class { pb:Province pb:Prefecture pb:County pb:Township pb:Village }
  ?place a ?class . OPTIONAL { ?place pb:point ?point . ?point pb:longitude ?longitude ; pb:latitude ?latitude ; pb:scheme ?list }
}
"""


@pytest.fixture(scope="module")
def points(checked: Checked) -> list[dict[str, str]]:
    rows = checked.graph.select(POINTS).dicts()
    return [{name: str(term).rsplit("#", 1)[-1] for name, term in row.items() if term is not None} for row in rows]


@pytest.mark.parametrize(("kind", "least"), [("Province", 8), ("Prefecture", 5), ("County", 8)])
def test_every_place_down_to_counties_has_one_point_in_china(points: list[dict[str, str]], kind: str, least: int) -> None:
    found = [row for row in points if row["class"] == kind]
    assert len(found) == len({row["place"] for row in found}) >= least
    for row in found:
        for name, (low, high) in zip(("longitude", "latitude"), CHINA, strict=True):
            assert low < float(row[name]) < high, row


def test_a_county_lies_near_its_prefecture(checked: Checked) -> None:
    rows = checked.graph.select(
        """SELECT ?part (ABS(?east - ?other) AS ?across) (ABS(?north - ?more) AS ?along) WHERE {
        ?part a pb:County ; pb:partOf ?whole ; pb:point ?inner . ?inner pb:longitude ?east ; pb:latitude ?north .
        ?whole pb:point ?outer . ?outer pb:longitude ?other ; pb:latitude ?more }"""
    ).dicts()
    assert len(rows) >= 8
    assert [row for row in rows if float(str(row["across"])) > 1.5 or float(str(row["along"])) > 1.5] == []


def test_towns_and_villages_have_none(points: list[dict[str, str]]) -> None:
    below = [row for row in points if row["class"] in ("Township", "Village")]
    assert len(below) >= 20
    assert [row for row in below if "point" in row] == []


def small_with(point: str, folder: Path) -> Checked:
    """The small project, its county with a point."""
    project = small_project(folder / "project")
    atlas = "  - {id: atlas, type: List, name: {zh: 图集, en: atlas}, published: 2016}\n"
    county = f"partOf: nanning, form: county, point: {point}}}"
    lines = PLACES.replace("partOf: nanning, form: county}", county) + atlas
    (project / "data" / "places.yaml").write_text(lines, encoding="utf-8")
    return check(projects.load(project))


def test_degrees_are_numbers_and_carry_no_bound(tmp_path: Path) -> None:
    checked = small_with("{scheme: atlas, longitude: -109.170, latitude: 0.50}", tmp_path)
    assert [found.render("en") for found in checked.problems] == []
    rows = checked.graph.select(
        "SELECT ?key ?value WHERE { ?place pb:point ?point . ?point ?key ?value FILTER (!isIRI(?value)) }"
    )
    said = sorted((str(key).rsplit("#", 1)[-1], value.nt) for key, value in rows.rows if key and value)
    number = "^^<http://www.w3.org/2001/XMLSchema#decimal>"
    assert said == [("latitude", f'"0.5"{number}'), ("longitude", f'"-109.17"{number}')]


def test_a_missing_latitude_is_told_where_the_point_stands(tmp_path: Path) -> None:
    found = small_with("{scheme: atlas, longitude: 109.164}", tmp_path).problems
    column = PLACES.splitlines()[5].index("form: county") + len("form: county, point: ") + 1
    assert [(str(each.where), each.code) for each in found] == [(f"data/places.yaml:6:{column}", "point-without-latitude")]
