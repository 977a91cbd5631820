"""How amounts and answers are told on pages, piece by piece."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbgraph import project as projects
from pbgraph import telling
from pbgraph.checks import check
from pbgraph.labels import Labels
from pbgraph.terms import CORE, Iri, Literal, Term
from small import small_project


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Labels:
    """The labels of the small project."""
    folder: Path = small_project(tmp_path_factory.mktemp("labels") / "p")
    return Labels(check(projects.load(folder)).graph, ["zh", "en"])


@pytest.mark.parametrize(
    ("printed", "unit", "chinese"),
    [("340多", "item", "340多个"), ("340余家", "item", "340余家"), ("340多个", "item", "340多个"), ("340多", "", "340多")],
)
def test_an_amount_as_printed_gets_the_unit_that_it_leaves_out(printed: str, unit: str, chinese: str, labels: Labels) -> None:
    values: dict[str, list[Term]] = {"printed": [Literal(printed)], "value": [Literal("340")], "bound": [Iri(f"{CORE}more-than")]}
    values |= {"unit": [Iri(f"https://w3id.org/pbgraph/id/{unit}")]} if unit else {}
    assert labels.amount(values, "zh") == chinese


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        *(("1", "1 household"), ("1户以上", "at least 1 household"), ("0", "0 households"), ("1.5", "1.5 households")),
        *(("1-2", "1–2 households"), ("21", "21 households"), ("100万", "1 million households")),
    ],
)
def test_a_unit_behind_one_is_told_in_the_singular(printed: str, told: str, tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p")
    units = "entities:\n  - {id: household, type: Unit, name: {zh: 户, en: household}, plural: {en: households}}\n"
    (folder / "data" / "units.yaml").write_text(f"source: pbgraph-editors\n{units}", encoding="utf-8")
    article = folder / "data" / "articles" / "first.yaml"
    figure = f"{{subject: hengxian, indicator: shops, value: {printed}, unit: household, passage: {{2: 340多个}}}}"
    article.write_text(article.read_text(encoding="utf-8").replace("figures:\n", f"figures:\n  - {figure}\n"), encoding="utf-8")
    graph = check(projects.load(folder)).graph
    ((claim,),) = graph.select("SELECT ?claim WHERE { ?claim a pb:Figure ; pb:unit id:household }").rows
    assert told in Labels(graph, ["zh", "en"]).label(str(claim), "en").text.split(": ")[-1]


def test_what_is_said_not_to_be_a_dimension_is_none(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", ("ontology",))
    own = folder / "ontology" / "pbgraph.ttl"
    said = ' ;\n  pb:dimension %s ; rdfs:label "x"@en , "某"@zh .\n'
    terms = "".join(
        f"pb:x{number} a owl:ObjectProperty ; pb:usedOn pb:Figure ; rdfs:range pb:Place{said % value}"
        for number, value in enumerate(("false", "0"))
    )
    own.write_text(own.read_text(encoding="utf-8") + terms, encoding="utf-8")
    labels = Labels(check(projects.load(folder)).graph, ["zh", "en"])
    (claim,) = labels.graph.select('SELECT ?claim { ?claim a pb:Figure ; pb:printed "340多" }').rows
    assert "340" in labels.label(str(claim[0]), "en").text


def test_a_share_that_is_a_range_is_told_in_hundredths(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p")
    article = folder / "data" / "articles" / "first.yaml"
    typed = "  - {subject: hengxian, indicator: shops, share: 30%-50%, of: hengxian, passage: {2: 340多个}}\n"
    article.write_text(article.read_text(encoding="utf-8").replace("figures:\n", f"figures:\n{typed}"), encoding="utf-8")
    graph = check(projects.load(folder)).graph
    ((claim,),) = graph.select("SELECT ?claim WHERE { ?claim pb:fraction true }").rows
    labels = Labels(graph, ["zh", "en"])
    assert "30%–50%" in labels.label(str(claim), "en").text
    assert "30%-50%" in labels.label(str(claim), "zh").text


def test_what_all_rows_have_alike_is_told_once_but_never_all_of_it() -> None:
    one, two = Literal("1"), Literal("2")
    assert telling.alike([{"a": one, "b": one}, {"a": one, "b": two}], ["a", "b"]) == {"a": one}
    assert telling.alike([{"a": one, "b": one}, {"a": one}], ["a", "b"]) == {"a": one}
    assert telling.alike([{"a": one, "b": one}, {"a": one, "b": one}], ["a", "b"]) == {}
    assert telling.alike([{"a": one}], ["a", "b"]) == {}


def test_what_is_withdrawn_is_no_point_of_a_series() -> None:
    series = [
        {"number": Literal(str(number)), "earliest": Literal(str(year))} for number, year in ((1, 2014), (2, 2015), (3, 2016))
    ]
    assert telling.points(series) == series
    withdrawn: list[dict[str, Term]] = [{**row} for row in series]
    withdrawn[1]["withdrawn"] = Iri(f"{CORE}deprecated")
    assert telling.points(withdrawn) == [series[0], series[2]]
    assert telling.points(withdrawn[:2]) == []
