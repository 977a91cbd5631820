"""What stands on the pages of the project's own site: every claim with its words, both ways round, and data beside it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

import rdflib

from html_pages import Page, words
from pbgraph.build import Report
from pbgraph.checks import Checked
from pbgraph.terms import CORE, Term, local_name

Pages = Mapping[str, Page]
PB = rdflib.Namespace(CORE)
UNVERIFIED = {"zh": "未经独立核实", "en": "not independently verified"}


def slug(term: Term | None) -> str:
    return str(term).replace("#", "/").rsplit("/", 1)[-1]


def cards(page: Page) -> list[Element]:
    """The claims shown on a page."""
    return [each for each in page.elements if each.attrib.get("class", "").split()[:1] == ["claim"]]


def hrefs(element: Element) -> set[str]:
    return {each.attrib["href"] for each in element.iter() if each.tag == "a"}


def test_every_entity_has_a_page_that_bears_its_names(checked: Checked, pages: Pages) -> None:
    rows = checked.graph.select("SELECT ?entity ?name WHERE { ?entity a pb:Entity ; pb:name ?name }").rows
    assert len(rows) >= 400
    for entity, name in rows:
        for language in ("zh", "en"):
            assert str(name) in words(pages[f"id/{slug(entity)}.{language}.html"].tree), (entity, name)


def test_every_claim_stands_once_on_its_sources_page_with_its_words_and_that_nobody_verified_it(
    checked: Checked, pages: Pages
) -> None:
    passage = "?claim pb:passage ?passage . ?passage pb:par ?par ; pb:quote ?quote"
    query = f"SELECT ?claim ?source ?par ?quote WHERE {{ ?claim a pb:Claim ; pb:source ?source . {passage} }}"
    rows = checked.graph.select(query).rows
    assert len(rows) >= 190
    for language in ("zh", "en"):
        shown = {(path, each.attrib["id"]): each for path, page in pages.items() for each in cards(page) if "id" in each.attrib}
        for claim, source, par, quote in rows:
            path = f"id/{slug(source)}.{language}.html"
            card = shown[path, f"claim-{str(claim).rsplit('.', 1)[1]}"]
            assert str(quote) in [words(each).strip() for each in card.iter() if each.tag == "blockquote"]
            assert UNVERIFIED[language] in words(card)
            assert f"paragraph-{par}" in pages[path].ids


def test_a_claim_stands_on_the_page_of_everything_it_names(checked: Checked, pages: Pages) -> None:
    direct = "?claim ?role ?entity FILTER (?role != pb:source)"
    grouped = "?claim ?role ?group . ?group a pb:Group ; ?inner ?entity"
    query = "SELECT DISTINCT ?claim ?entity WHERE {{ ?claim a pb:Claim . ?entity a pb:Entity . {} }}"
    pairs = {pair for each in (direct, grouped) for pair in checked.graph.select(query.format(each)).rows}
    assert len(pairs) >= 500
    for claim, entity in pairs:
        source, _, digest = slug(claim).rpartition(".")
        link = f"{source}.en.html#claim-{digest}"
        # A thing of many claims shows the first of each kind, and leads to a page of all.
        shown = [pages[path] for end in ("", ".claims") if (path := f"id/{slug(entity)}{end}.en.html") in pages]
        found = [
            card
            for page in shown
            for card in cards(page)
            if link in hrefs(card) or card.attrib.get("id") == link.partition("#")[2]
        ]
        assert found, (claim, entity)


def test_a_pairing_tells_its_parties_brokers_and_what_is_not_stated(pages: Pages) -> None:
    page = pages["id/hengxian-yaobu.en.html"]
    card = next(each for each in cards(page) if "cooperation" in words(each))
    told = " ".join(words(card).split())
    for part in (
        "Yaobu – Nanning Junqiao E-commerce: cooperation",
        "beneficiaryYaobu partnerNanning Junqiao E-commerce brokerfirst secretary, YaobuLocal Party organization (Yaobu)",
        "The source does not state: beginning",
        "实现了与南宁君桥电子商务的合作 Paragraph 12",
        "between 27 April 2016 and 31 December 2016",
    ):
        assert part in told
    assert {"nanning-junqiao.en.html", "hengxian-yaobu-first-secretary.en.html"} <= hrefs(card)


def test_a_place_shows_where_it_is_its_codes_and_its_names_through_time(pages: Pages) -> None:
    page = pages["id/hengxian.zh.html"]
    crumbs = next(each for each in page.elements if each.attrib.get("class") == "crumbs")
    assert words(crumbs).split() == ["首页", "广西壮族自治区", "南宁市"]
    told = " ".join(words(page.tree).split())
    for part in ("450127", "2002年至2021年2月2日", "横州市", "2021年2月3日起", "县级市"):
        assert part in told
    doubtful = " ".join(words(pages["id/hengxian-yaobu.zh.html"].tree).split())
    assert "瑶埠村委会" in doubtful
    assert "存疑 石塘镇名录中只有“瑶埠”" in doubtful


def test_names_come_in_the_readers_language_first_and_the_others_below_the_title(pages: Pages) -> None:
    for language, title, others in (
        ("en", "Hengxian", ["横县", "橫縣", "Héngxiàn"]),
        ("zh", "横县", ["橫縣", "Hengxian", "Héngxiàn"]),
    ):
        page = pages[f"id/hengxian.{language}.html"]
        assert words(page.first("h1")) == title
        below = next(each for each in page.elements if each.attrib.get("class") == "others")
        assert [words(each) for each in below] == others
    # Nobody has typed these: the traditional form and the reading are made.
    below = next(each for each in pages["id/hengxian-huogui.zh.html"].elements if each.attrib.get("class") == "others")
    assert {each.attrib["lang"]: words(each) for each in below} == {
        "en": "Huogui",
        "zh-hant": "貨桂村",
        "zh-latn-pinyin": "Huòguì Cūn",
    }


def test_what_is_not_reported_looks_unlike_what_is(checked: Checked, pages: Pages) -> None:
    rows = checked.graph.select("SELECT ?claim WHERE { ?claim pb:modality ?other FILTER (?other != pb:reported) }").rows
    assert len(rows) >= 1
    for (claim,) in rows:
        source, _, digest = slug(claim).rpartition(".")
        card = next(each for each in cards(pages[f"id/{source}.en.html"]) if each.attrib["id"] == f"claim-{digest}")
        assert "is-not-reported" in card.attrib["class"].split()
        assert [each for each in card.iter() if each.attrib.get("class") == "mark mark-modality"]


def test_parts_and_posts_are_listed_with_what_they_belong_to(pages: Pages) -> None:
    assert "hengxian-yaobu.en.html" in hrefs(pages["id/hengxian-shitang.en.html"].tree)
    assert "hengxian-yaobu-first-secretary.en.html" in hrefs(pages["id/hengxian-yaobu.en.html"].tree)
    assert "hengxian.en.html" in hrefs(pages["id/gbt2260.en.html"].tree)


def test_components_stand_in_their_order(pages: Pages) -> None:
    told = words(pages["id/hengxian-ecommerce-plans.zh.html"].tree)
    places = [told.index(name) for name in ("1.", "基层组织争先", "2.", "村干部领先", "3.", "党员骨干", "4.", "村级活动场所")]
    assert places == sorted(places)


def test_each_kind_has_a_page_with_all_that_is_of_it(checked: Checked, pages: Pages) -> None:
    entities = checked.graph.select("SELECT ?kind ?node WHERE { ?kind rdfs:subClassOf+ pb:Entity . ?node a ?kind }").rows
    assert len(entities) >= 400
    for kind, node in entities:
        assert f"../id/{slug(node)}.en.html" in hrefs(pages[f"kind/{slug(kind)}.en.html"].tree), (kind, node)
    claims = checked.graph.select("SELECT ?kind ?node WHERE { ?kind rdfs:subClassOf+ pb:Claim . ?node a ?kind }").rows
    numbers = Counter(slug(kind) for kind, _ in claims)
    assert numbers["Figure"] >= 30
    assert {kind: len(cards(pages[f"kind/{kind}.zh.html"])) for kind in numbers} == numbers


def test_nothing_is_called_by_the_id_of_a_part(pages: Pages) -> None:
    called = re.compile(r"\b(ignored|component|emendation|naming|code|subject|object)\.\d")
    for path, page in pages.items():
        if path.startswith(("id/", "kind/", "conflicts")):
            assert not called.search(" ".join(words(each) for each in page.elements if each.tag in ("p", "dd", "li"))), path


def test_words_that_a_query_joins_are_marked_as_chinese(pages: Pages) -> None:
    found = [each for each in pages["questions/names-as-printed.en.html"].elements if each.tag == "bdi"]
    assert ("zh", "中國花木博覽城榮登") in [(each.attrib.get("lang"), words(each)) for each in found]


def test_each_term_has_a_page_with_its_texts_and_what_may_stand_on_it(checked: Checked, pages: Pages) -> None:
    rows = checked.graph.select("SELECT DISTINCT ?term ?text WHERE { ?term rdfs:label ?label ; skos:definition ?text }").dicts()
    assert len(rows) >= 300
    for row in rows:
        folders, language = ("classes", "terms"), getattr(row["text"], "language", "")
        found = [pages.get(f"ontology/{folder}/{slug(row['term'])}.{language}.html") for folder in folders]
        assert any(page and str(row["text"]) in words(page.tree) for page in found), row["term"]
    told = " ".join(words(pages["ontology/classes/PairingAgreement.en.html"].tree).split())
    assert "broker pb:brokeredBy takes: entity or group" in told
    assert "fingerprint pb:fingerprint takes: text as a kind of: claim computed" in told


def test_each_question_shows_wording_rows_and_sparql(built: Report, site_root: Path, pages: Pages) -> None:
    names = sorted(path.stem for path in (site_root / "questions").glob("*.json"))
    assert len(names) >= 8
    for name in names:
        found = json.loads((site_root / "questions" / f"{name}.json").read_text(encoding="utf-8"))["results"]["bindings"]
        page = pages[f"questions/{name}.en.html"]
        rows = [each for each in page.elements if each.tag == "tr"]
        assert len(rows) == len(found) + 1, name
        assert "SELECT" in [words(each) for each in page.elements if each.tag == "pre"][1]
        assert {f"{name}.csv", f"{name}.json"} <= hrefs(page.tree)
    told = words(pages["questions/poor-village-partners.en.html"].tree)
    assert "pbgraph query poor-village-partners --county hengxian" in told


def test_the_first_page_shows_picture_question_and_ways_in(pages: Pages) -> None:
    for language in ("zh", "en"):
        page = pages[f"index.{language}.html"]
        picture = page.first("svg")
        assert f"id/hengxian-yaobu.{language}.html" in hrefs(picture)
        assert f"questions/poor-village-partners.{language}.html" in hrefs(page.tree)
        for way in ("tree", "kinds", "sources", "questions/index", "ontology/index", "downloads"):
            assert f"{way}.{language}.html" in hrefs(page.tree)
    assert {"index.zh.html", "index.en.html"} == hrefs(pages["index.html"].tree)


def test_the_data_beside_an_article_hold_all_its_passages(checked: Checked, site_root: Path) -> None:
    asked = "SELECT ?passage ?article WHERE { ?passage a pb:Passage ; pb:source ?article }"
    passages = [(str(passage), str(article)) for passage, article in checked.graph.select(asked).rows]
    assert len(passages) > 700
    for article in {article for _, article in passages}:
        data = rdflib.Graph().parse(site_root / "id" / f"{local_name(article)}.ttl")
        held = {str(node) for node in data.subjects()}
        assert {passage for passage, of in passages if of == article} <= held, article


def test_turtle_and_jsonld_beside_a_page_say_the_same_and_name_the_neighbours(site_root: Path) -> None:
    base = "https://w3id.org/pbgraph/id/"
    turtle = rdflib.Graph().parse(site_root / "id" / "hengxian-yaobu.ttl", format="turtle")
    linked = rdflib.Graph().parse(site_root / "id" / "hengxian-yaobu.jsonld", format="json-ld")
    assert set(turtle) == set(linked)
    yaobu, junqiao = rdflib.URIRef(base + "hengxian-yaobu"), rdflib.URIRef(base + "nanning-junqiao")
    claim = next(claim for claim in turtle.subjects(PB.partner, junqiao) if (claim, PB.beneficiary, yaobu) in turtle)
    quotes = {quote for passage in turtle.objects(claim, PB.passage) for quote in turtle.objects(passage, PB.quote)}
    assert rdflib.Literal("实现了与南宁君桥电子商务的合作") in quotes
    assert rdflib.Literal("Nanning Junqiao E-commerce", lang="en") in set(turtle.objects(junqiao, PB.name))
    assert not list(turtle.objects(junqiao, PB.naming))


def test_every_entity_page_has_its_data_beside_it(site_root: Path, pages: Pages) -> None:
    paths = {path.removesuffix(".en.html") for path in pages if path.startswith("id/") and path.endswith(".en.html")}
    stems = {path for path in paths if "." not in path}
    assert len(stems) >= 200
    for suffix in (".ttl", ".jsonld"):
        assert {f"id/{path.stem}" for path in (site_root / "id").glob(f"*{suffix}")} == stems
    for stem in stems:
        heads = [each for each in pages[f"{stem}.zh.html"].elements if each.tag == "link" and "type" in each.attrib]
        assert {each.attrib["type"] for each in heads} == {"text/turtle", "application/ld+json"}


def test_no_paragraph_of_an_article_stands_empty(pages: Pages) -> None:
    """Where no claim rests on it, it shows what the source prints of itself, what is left out, or a component."""
    sections = [
        (path, each)
        for path, page in pages.items()
        for each in page.elements
        if each.tag == "section" and each.attrib.get("class") == "paragraph"
    ]
    assert len(sections) >= 100
    empty = [(path, each.attrib["id"]) for path, each in sections if not words(each[-1]).strip()]
    assert empty == []
    said = words(
        next(each for path, each in sections if path == "id/lianhua-eleven-ones.en.html" and each.attrib["id"] == "paragraph-3")
    )
    assert "2019-09-19诗奥" in said
