"""The pages of networks: each with its legend, its picture, its ranking and its files; the brokers ranked."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

import networkx
import pytest

from conftest import ROOT
from html_pages import Page, words
from pbgraph.build import Report
from pbgraph.metrics import MEASURES

Pages = Mapping[str, Page]
NETWORKS = sorted(path.stem for path in (ROOT / "queries" / "networks").glob("*.rq"))


def rows(page: Page) -> list[list[str]]:
    return [[" ".join(words(cell).split()) for cell in row] for row in page.elements if row.tag == "tr"]


def links(page: Page) -> set[str]:
    return {each.attrib["href"] for each in page.elements if each.tag == "a"}


def test_every_network_has_its_page_and_is_listed(pages: Pages) -> None:
    assert len(NETWORKS) == 9
    for language in ("zh", "en"):
        assert {f"{name}.{language}.html" for name in NETWORKS} <= links(pages[f"networks/index.{language}.html"])
        assert all(f"networks/{name}.{language}.html" in pages for name in NETWORKS)
        assert f"networks/index.{language}.html" in links(pages[f"index.{language}.html"])


@pytest.mark.parametrize("name", NETWORKS)
def test_the_ranking_is_that_of_the_file(name: str, pages: Pages, built: Report) -> None:
    graph = networkx.read_gexf(built.output / "networks" / f"{name}.gexf")
    header, *ranked = rows(pages[f"networks/{name}.en.html"])
    degrees = [int(row[header.index("Degree")]) for row in ranked]
    assert len(ranked) == min(25, len(graph))
    assert degrees == sorted((columns["degree"] for _, columns in graph.nodes(data=True)), reverse=True)[: len(ranked)]
    assert len(header) == 1 + len(MEASURES)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_format_can_be_taken_from_the_page(name: str, pages: Pages) -> None:
    endings = ("gexf", "graphml", "json", "nodes.csv", "edges.csv", "legend.md")
    assert {f"../downloads/networks/{name}.{ending}" for ending in endings} <= links(pages[f"networks/{name}.zh.html"])


def test_drawn_networks_are_on_their_pages_and_their_nodes_lead_to_pages(pages: Pages) -> None:
    drawn = [
        name for name in NETWORKS if "picture: true" in (ROOT / "queries" / "networks" / f"{name}.rq").read_text(encoding="utf-8")
    ]
    assert len(drawn) >= 5
    for name in drawn:
        page = pages[f"networks/{name}.en.html"]
        svg: Element = next(each for each in page.elements if each.tag == "figure")
        targets = {each.attrib["href"] for each in svg.iter("a")}
        assert targets
        assert all(target.startswith("../") and ".en.html" in target for target in targets), name


def test_the_brokers_are_ranked(pages: Pages) -> None:
    found = rows(pages["brokers.en.html"])
    place = next(number for number, row in enumerate(found) if row[0] == "Node")
    assert {row[0] for row in found[place + 1 :]} == {
        *("first secretary, Yaobu", "Local Party organization (Huogui)", "Local Party organization (Yaobu)"),
    }
    assert found[1][1] == "Party organizations"


def test_no_heading_of_a_table_is_a_variable(pages: Pages) -> None:
    headings = [
        (path, " ".join(words(each).split())) for path, page in pages.items() for each in page.elements if each.tag == "th"
    ]
    assert len(headings) > 2000
    assert [(path, said) for path, said in headings if said.startswith("?")] == []
