"""JSON-LD in the pages: readers of JSON-LD accept it, it says what the alignment says, and no name breaks out of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyld import jsonld

import html_pages
from bare import bare_site
from conftest import WORLDS
from html_pages import Page, words
from pbgraph import project as projects
from pbgraph.build import build
from pbgraph.dataset import Dataset
from pbgraph.linked import Linked

SCHEMA = rdflib.Namespace("https://schema.org/")
BASE = "https://w3id.org/pbgraph/"
ID = f"{BASE}id/"
Pages = Mapping[str, Page]


def data(page: Page) -> str:
    (found,) = [words(each) for each in page.elements if each.attrib == {"type": "application/ld+json"}]
    return found


def node(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(data(page))
    return found


def offline(url: str, options: object) -> object:
    raise AssertionError(f"asks for {url}")


def test_readers_of_json_ld_accept_every_page_and_ask_nobody(pages: Pages) -> None:
    blocks = {path: data(page) for path, page in pages.items() if 'application/ld+json">{' in page.text}
    assert len(blocks) >= 1000
    for path in [*sorted(blocks)[::40], "index.en.html", "questions/events.zh.html", "id/hengxian.zh.html"]:
        expanded = jsonld.expand(json.loads(blocks[path]), {"documentLoader": offline})
        assert len(expanded) == 1, path
        assert all(key.startswith(("@", str(SCHEMA))) for key in expanded[0]), path
        graph = rdflib.Graph().parse(data=blocks[path], format="json-ld")
        assert len(graph) >= 3, path


def test_a_place_is_told_with_its_names_codes_and_what_it_lies_in(pages: Pages) -> None:
    found = node(pages["id/hengxian.en.html"])
    assert found["@id"] == f"{ID}hengxian"
    assert found["@type"] == "AdministrativeArea"
    assert found["url"] == f"{ID}hengxian.en.html"
    assert {"@language": "zh", "@value": "横县"} in found["name"]
    assert {"@language": "zh", "@value": "横州市"} in found["alternateName"]
    assert {each["value"] for each in found["identifier"]} >= {"450127", "450181"}
    assert {each["@type"] for each in found["identifier"]} == {"PropertyValue"}
    assert found["containedInPlace"]["@id"] == f"{ID}nanning"
    assert "parentOrganization" not in found
    assert f"{ID}hengxian-last-mile" in {each["@id"] for each in found["@reverse"]["mentions"]}


def test_an_article_has_a_date_only_if_it_is_a_plain_one(pages: Pages) -> None:
    articles = {path: node(page) for path, page in pages.items() if '"@type":"NewsArticle","@id"' in data_or_empty(page)[:200]}
    assert len(articles) >= 10
    for path, found in articles.items():
        assert found["@type"] == "NewsArticle"
        assert found.get("datePublished", "2016")[:4].isdigit(), path
        assert not set(found.get("datePublished", "")) & set("[]./?~"), path
    assert "datePublished" not in articles["id/hengxian-last-mile.en.html"]
    assert articles["id/hengxian-last-mile.en.html"]["inLanguage"] == "zh"
    assert any("datePublished" in found for found in articles.values())
    assert any("publisher" in found for found in articles.values())


def data_or_empty(page: Page) -> str:
    return next((words(each) for each in page.elements if each.attrib == {"type": "application/ld+json"}), "")


def test_an_organization_has_what_it_belongs_to_as_its_parent(pages: Pages) -> None:
    found = [
        node(page) for path, page in pages.items() if path.endswith(".en.html") and "parentOrganization" in data_or_empty(page)
    ]
    assert found
    assert not [each for each in found if "containedInPlace" in each and each["@type"] == "Organization"]


def test_what_nothing_is_aligned_with_is_a_thing(pages: Pages) -> None:
    assert node(pages["id/passion-fruit.en.html"])["@type"] == "Thing"


def test_questions_and_the_dataset_name_their_files(pages: Pages, site_root: Path) -> None:
    question = node(pages["questions/events.en.html"])
    assert question["@type"] == "Question"
    assert {each["@language"] for each in question["name"]} == {"zh", "en"}
    dataset = node(pages["downloads.zh.html"])
    assert dataset["@type"] == "Dataset"
    assert dataset["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert len(dataset["creator"]["name"]) == 2
    addresses = [each["contentUrl"] for each in [*question["encoding"], *dataset["distribution"]]]
    assert len(addresses) >= 30
    assert [each for each in addresses if not (site_root / each.removeprefix(BASE)).is_file()] == []
    assert question["isPartOf"]["@id"] == dataset["@id"] == node(pages["index.en.html"])["@id"]


def test_the_dataset_tells_of_itself_and_of_each_file_what_a_reader_chooses_by(pages: Pages, site_root: Path) -> None:
    dataset = node(pages["downloads.en.html"])
    assert (dataset["url"], dataset["inLanguage"]) == (f"{BASE}downloads.en.html", ["zh", "en"])
    assert dataset["isAccessibleForFree"] is True
    assert dataset["version"] in words(pages["downloads.en.html"].first("main"))
    assert (
        {each["@language"] for each in dataset["name"]} == {each["@language"] for each in dataset["description"]} == {"zh", "en"}
    )
    for each in dataset["distribution"]:
        content = (site_root / each["contentUrl"].removeprefix(BASE)).read_bytes()
        told = (each["contentSize"], each["sha256"], each["@type"])
        assert told == (f"{len(content)} B", hashlib.sha256(content).hexdigest(), "DataDownload"), each["name"]
        assert each["contentUrl"].endswith(each["name"])
    types = {each["name"]: each["encodingFormat"] for each in dataset["distribution"]}
    assert (types["graph.ttl"], types["graph.nq"]) == ("text/turtle", "application/n-quads")


def test_a_question_tells_its_keywords_and_how_its_answer_is_to_be_had(pages: Pages) -> None:
    question = node(pages["questions/events.zh.html"])
    assert (question["@id"], question["url"]) == (f"{BASE}question/events", f"{BASE}questions/events.zh.html")
    assert len(question["keywords"]) == len({*question["keywords"]}) >= 3
    assert {(each["contentUrl"], each["encodingFormat"]) for each in question["encoding"]} == {
        (f"{BASE}questions/events.csv", "text/csv"),
        (f"{BASE}questions/events.json", "application/sparql-results+json"),
    }


def test_addresses_are_written_as_servers_are_asked_for_them(tmp_path: Path) -> None:
    site = bare_site(tmp_path)
    linked = Linked(site, Dataset(site.project, site.graph), {})
    question = json.loads(linked.question("村", {"zh": "几个村？"}, [], "questions/村.zh.html"))
    assert question["url"] == "https://example.org/questions/%E6%9D%91.zh.html"


def test_a_name_is_told_once(pages: Pages) -> None:
    def several(told: object) -> list[str]:
        return [str(each) for each in (told if isinstance(told, list) else [told])]

    for path in sorted(path for path in pages if path.startswith("id/") and data_or_empty(pages[path])):
        found = node(pages[path])
        assert not {*several(found.get("name", []))} & {*several(found.get("alternateName", []))}, path


def test_it_is_short(pages: Pages) -> None:
    sizes = sorted(len(data_or_empty(page).encode()) for path, page in pages.items() if path.startswith("id/"))
    assert sizes[len(sizes) * 9 // 10] < 1500
    assert sizes[-1] < 3000


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """The pages of a world in which every free text is an attack."""
    report = build(projects.load(WORLDS / "hostile"), tmp_path_factory.mktemp("hostile") / "build")
    return html_pages.read(report.output / "site")


def test_hostile_names_stay_texts(hostile: Pages) -> None:
    blocks = {path: found for path, page in hostile.items() if (found := data_or_empty(page))}
    assert len(blocks) >= 10
    assert any("\\u003c/script\\u003e" in found for found in blocks.values())
    for path, found in blocks.items():
        assert not set(found) & set("<>&\u2028\u2029"), path
        assert len(jsonld.expand(json.loads(found), {"documentLoader": offline})) == 1
        assert not [each for each in hostile[path].errors() if "script" in each], path
