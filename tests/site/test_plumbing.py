"""What the web around the pages is told: heads, sitemap, robots, the page that is not there, files with checksums, VoID."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import rdflib
from PIL import Image
from rdflib.namespace import RDF, RDFS

import html_pages
from html_pages import Page, words
from pbgraph import project as projects
from pbgraph.build import build
from pbgraph.checks import Checked
from pbgraph.project import Project
from pbgraph.publishing import Published
from small import CHECKED, small_project

BASE = "https://w3id.org/pbgraph/"
MAPS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
DATASET = rdflib.URIRef(f"{BASE}void#dataset")
Pages = Mapping[str, Page]


def told(page: Page) -> dict[str, str]:
    """What a page's head says of it: by name or property the content."""
    metas = [each.attrib for each in page.elements if each.tag == "meta" and "content" in each.attrib]
    return {each.get("name", each.get("property", each.get("http-equiv", ""))): each["content"] for each in metas}


def test_every_page_says_where_it_is_and_what_it_is_about(pages: Pages) -> None:
    for page in pages.values():
        if page.path == "404.html":
            continue
        head, (canonical,) = told(page), [each for each in page.elements if each.attrib.get("rel") == "canonical"]
        expected = BASE + ("" if page.path == "index.html" else page.path)
        assert canonical.attrib["href"] == head["og:url"] == expected
        assert 5 <= len(head["description"]) <= 300, page.path
        assert head["og:description"] == head["description"]
        assert words(page.first("title")).startswith(head["og:title"])
        assert head["og:locale"] == {"zh": "zh_CN", "en": "en_GB"}[page.tree.attrib["lang"]]
    assert told(pages["id/hengxian-last-mile.en.html"])["og:type"] == "article"
    assert "Hengxian (county): " in told(pages["id/hengxian.en.html"])["description"]
    assert told(pages["ontology/classes/Figure.en.html"])["description"] == "A number that a source reports of a subject."


def test_the_picture_of_links_is_the_drawn_network_in_the_size_that_readers_show(pages: Pages, site_root: Path) -> None:
    head = told(pages["index.zh.html"])
    path = site_root / head["og:image"].removeprefix(BASE)
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        assert picture.size == (int(head["og:image:width"]), int(head["og:image:height"])) == (1200, 630)
        assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 50
    assert path.stat().st_size < 150_000


@pytest.mark.prove
def test_a_project_without_a_drawn_network_names_no_picture(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "project", (*CHECKED, "queries/pages", "queries/overviews", "site"))
    site = build(projects.load(folder), folder / "build").output / "site"
    head = told(html_pages.read(site)["index.en.html"])
    assert head["og:title"] == "Home"
    assert not [name for name in head if "image" in name or name.startswith("twitter:")]


def test_the_sitemap_names_every_page_in_every_language(pages: Pages, site_root: Path) -> None:
    parts = ElementTree.parse(site_root / "sitemap.xml").getroot().findall("s:sitemap/s:loc", MAPS)
    assert [part.text for part in parts] == [f"{BASE}sitemap-1.xml"]
    tree = ElementTree.parse(site_root / "sitemap-1.xml").getroot()
    entries = {each.findtext("s:loc", "", MAPS): each.findall("x:link", MAPS) for each in tree.findall("s:url", MAPS)}
    paths = {BASE + (path if path != "index.html" else "") for path in pages if path != "404.html"}
    assert set(entries) == paths
    for links in entries.values():
        assert {link.attrib["hreflang"] for link in links} == {"zh", "en", "x-default"}
        assert {link.attrib["href"] for link in links} <= paths
    assert f"Sitemap: {BASE}sitemap.xml" in (site_root / "robots.txt").read_text(encoding="utf-8")
    assert (site_root / ".nojekyll").read_bytes() == b""


def test_a_page_is_told_only_in_the_languages_it_is_in(project: Project) -> None:
    published, both = Published(project), {"a b.zh.html", "a b.en.html"}
    chinese, english = f"{BASE}a%20b.zh.html", f"{BASE}a%20b.en.html"
    assert published.alternates("a b.en.html", {"a b.en.html"}) == [("en", english), ("x-default", english)]
    two = [("zh", chinese), ("en", english)]
    assert published.alternates("a b.en.html", both) == [*two, ("x-default", chinese)]
    for page in ("a b.zh.html", "a b.html"):
        assert published.alternates(page, {*both, "a b.html"}) == [*two, ("x-default", f"{BASE}a%20b.html")]
    assert published.alternates("404.html", {"404.html"}) == []


def test_the_page_for_what_is_not_there_holds_at_any_depth(pages: Pages) -> None:
    page = pages["404.html"]
    assert {"zh", "en"} <= {each.attrib.get("lang") for each in page.elements}
    assert all(urlsplit(address).scheme == "https" for _, address in page.links())
    assert told(page)["robots"] == "noindex"
    assert {address.removeprefix(BASE) for tag, address in page.links() if tag == "a"} <= set(pages)


def test_checksums_are_those_of_the_files_and_sha256sum_accepts_them(pages: Pages, site_root: Path) -> None:
    folder = site_root / "downloads"
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    named = {line.partition("  ")[2] for line in lines}
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"SHA256SUMS"}
    assert named == found
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder).returncode == 0
    page = pages["downloads.en.html"]
    shown = words(page.first("main"))
    assert all(line.split()[0] in shown for line in lines)
    linked = {address.removeprefix("downloads/") for _, address in page.links() if address.startswith("downloads/")}
    assert linked == found | {"SHA256SUMS"}


def test_the_dataset_describes_itself_and_its_numbers_are_the_graphs(site_root: Path, checked: Checked) -> None:
    assert (site_root / ".well-known" / "void").read_bytes() == (site_root / "void.ttl").read_bytes()
    void = rdflib.Graph().parse(site_root / "void.ttl", format="turtle")
    assert {VOID.Dataset, DCAT.Dataset} <= set(void.objects(DATASET, RDF.type))
    graph = rdflib.Graph().parse(site_root / "downloads" / "graph.ttl", format="turtle")
    assert [int(str(each)) for each in void.objects(DATASET, VOID.triples)] == [len(graph)]
    partitions = list(void.objects(DATASET, VOID.propertyPartition))
    counted = {str(void.value(each, VOID.property)): int(str(void.value(each, VOID.triples))) for each in partitions}
    expected: dict[str, int] = {}
    for predicate in graph.predicates():
        expected[str(predicate)] = expected.get(str(predicate), 0) + 1
    assert counted == expected
    partitions = list(void.objects(DATASET, VOID.classPartition))
    sizes = {str(void.value(each, VOID["class"])): int(str(void.value(each, VOID.entities))) for each in partitions}
    classes = {each for each in graph.objects(None, RDF.type) if isinstance(each, rdflib.URIRef)}
    assert sizes == {str(cls): len(set(graph.subjects(RDF.type, cls))) for cls in classes}
    declared = {
        str(void.value(each, SH.prefix)): str(void.value(each, SH.namespace)) for each in void.objects(DATASET, SH.declare)
    }
    assert declared.items() >= checked.graph.prefixes.items()
    (example,) = void.objects(DATASET, VOID.exampleResource)
    assert (example, None, None) in graph


def test_every_distribution_is_a_file_with_its_size_and_checksum(site_root: Path) -> None:
    void = rdflib.Graph().parse(site_root / "void.ttl", format="turtle")
    nodes = list(void.objects(DATASET, DCAT.distribution))
    assert len(nodes) >= 30
    for node in nodes:
        assert void.value(node, DCAT.accessURL) == void.value(node, DCAT.downloadURL)
        path = site_root / str(void.value(node, DCAT.downloadURL)).removeprefix(BASE)
        assert int(str(void.value(node, DCAT.byteSize))) == path.stat().st_size
        checksum = void.value(node, SPDX.checksum)
        assert str(void.value(checksum, SPDX.checksumValue)) == hashlib.sha256(path.read_bytes()).hexdigest()
        assert re.fullmatch(
            r"https://www\.iana\.org/assignments/media-types/[a-z]+/[a-z.+-]+", str(void.value(node, DCAT.mediaType))
        )
    assert {str(each) for each in void.objects(DATASET, VOID.dataDump)} == {
        f"{BASE}downloads/graph.{suffix}" for suffix in ("nq", "ttl")
    }


def test_the_file_of_all_shapes_holds_every_shape(site_root: Path) -> None:
    folder = site_root / "downloads" / "schema"
    files = sorted(folder.glob("shapes-*.ttl"))
    assert len(files) == 12
    parts = rdflib.Graph()
    for path in files:
        parts.parse(path)
    shapes = {SH.NodeShape, SH.PropertyShape}
    whole = rdflib.Graph().parse(folder / "shapes.ttl")
    assert {node for kind in shapes for node in whole.subjects(RDF.type, kind)} == {
        node for kind in shapes for node in parts.subjects(RDF.type, kind)
    }


def test_the_address_of_a_term_leads_to_it_on_the_page_of_terms(site_root: Path) -> None:
    terms = rdflib.Graph().parse(site_root / "downloads" / "schema" / "ontology.ttl")
    names = {str(term).rpartition("#")[2] for term in terms.subjects(RDFS.isDefinedBy)}
    assert len(names) > 200
    for language in ("zh", "en"):
        page = (site_root / "ontology" / f"index.{language}.html").read_text(encoding="utf-8")
        found = re.findall(r' id="([^"]+)"', page)
        assert len(found) == len(set(found))
        assert names <= set(found)


def test_the_file_of_all_terms_holds_every_ontology(site_root: Path) -> None:
    folder = site_root / "downloads" / "schema"
    whole, parts = rdflib.Graph().parse(folder / "ontology.ttl"), rdflib.Graph()
    for name in ("core", "pbgraph"):
        parts.parse(folder / f"{name}.ttl")
    assert len(whole) == len(parts) > 1000
