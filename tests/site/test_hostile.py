"""A world in which every free text is an attack: each output holds it as text and nothing else; ids and addresses are refused."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest
import rdflib

import html_pages
from conftest import ROOT, WORLDS
from html_pages import Page, words
from pbgraph import project as projects
from pbgraph.build import Report, build
from pbgraph.checks import Checked, check

FOLDER = WORLDS / "hostile"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
HARMFUL = ("script", "style", "iframe", "object", "embed", "form", "base", "img", "foreignObject")
PLACES = "source: editors\nentities: [{{id: {id}, type: Thing, name: {{zh: 甲, en: a}}}}]\n"
ADDRESS = "source: {{id: more, type: Source, name: {{zh: 甲, en: a}}, published: 2016, webPage: {typed}}}\n"
LANGUAGE = "source: editors\nentities: [{{id: more, type: Thing, name: {{zh: 甲, {typed}: a}}}}]\n"

REFUSED_IDS = [
    *("../../etc/passwd", "a/b", "..", ".", "a.b", "A", "-a", "a-", "a--b", "a_b", '"a b"', '""', "横县", '"a\\"b"', '"a<b"'),
    *("%2e%2e", "a%2Fb", "a#b", "a?b", "a:b", '"a\\\\b"', '"a\\nb"', '"{slug}"', "CON", "'`a`'", "a\u202eb", "a\u200bb"),
]
REFUSED_ADDRESSES = [
    *(
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        '" javascript:alert(1)"',
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
    ),
    *("//example.org/x", "/etc/passwd", "example.org", "http:", "http://", "https:///x", '"http://x y"', "'http://x\"onclick=a'"),
    *(
        "http://x<script>",
        '"http://x\\ny"',
        "http://x`",
        "http://x|y",
        '"http://x\\\\y"',
        "mailto:a@example.org",
        "ftp://example.org/x",
    ),
]
REFUSED_LANGUAGES = ['en"><script>', "EN", "en us", "../en", '""', "e"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The hostile world, built outside the repository."""
    return build(projects.load(FOLDER), tmp_path_factory.mktemp("hostile") / "build")


@pytest.fixture(scope="module")
def hostile() -> Checked:
    """The hostile world, checked."""
    return check(projects.load(FOLDER))


@pytest.fixture(scope="module")
def site(report: Report) -> Mapping[str, Page]:
    """Every page of the hostile world's site."""
    return html_pages.read(report.output / "site")


def files(report: Report, *suffixes: str) -> list[Path]:
    return sorted(path for path in report.output.rglob("*") if path.suffix in suffixes and "store" not in path.parts)


def texts(checked: Checked, name: str) -> dict[str, str]:
    """The English text of a property of every thing, by its id."""
    query = f'SELECT ?thing ?text WHERE {{ ?thing a ex:Thing ; pb:{name} ?text FILTER (LANG(?text) = "en") }}'
    return {str(thing).rsplit("/", 1)[1]: str(text) for thing, text in checked.graph.select(query).rows}


def test_the_world_is_well_formed_and_hostile(hostile: Checked) -> None:
    assert hostile.problems == ()
    names = texts(hostile, "name")
    assert len(names) >= 18
    for part in (
        "</script><script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{7*7}}",
        "]]>",
        '=HYPERLINK("http://x")',
        "&amp;",
    ):
        assert any(part in name for name in names.values()), part
    assert max(map(len, names.values())) >= 400


def test_no_page_is_more_than_text(site: Mapping[str, Page]) -> None:
    assert len(site) >= 200
    for page in site.values():
        assert page.errors() == [], page.path
        for each in page.elements:
            own = each.tag == "script" and each.attrib.get("src", "").endswith("assets/site.js") and not words(each).strip()
            told = each.attrib == {"type": "application/ld+json"}
            assert own or told or each.tag not in HARMFUL, page.path
            assert not [name for name in each.attrib if name.startswith("on") or name in ("style", "srcdoc")], page.path
        for tag, address in page.links():
            assert re.match(r"https?://(example|gephi\.org|hostile\.example|www\.w3)|[\w.#%/-]+$", address), (
                page.path,
                tag,
                address,
            )


def test_what_is_called_something_hostile_is_called_so_on_its_page(hostile: Checked, site: Mapping[str, Page]) -> None:
    notes = texts(hostile, "note")
    for slug, name in texts(hostile, "name").items():
        page = site[f"id/{slug}.en.html"]
        assert words(page.first("h1")) == name
        assert words(page.first("title")).startswith(name)
        told = [words(each) for each in page.elements]
        assert told.count(notes[slug]) >= 2, slug
        assert any(f"also {name}" in each for each in told)


def test_what_is_said_is_told_word_for_word(hostile: Checked, site: Mapping[str, Page]) -> None:
    rows = hostile.graph.select("SELECT ?claim ?quote WHERE { ?claim pb:passage ?passage . ?passage pb:quote ?quote }").rows
    assert len(rows) >= 18
    cards = {
        each.attrib["id"]: each
        for each in site["id/article.zh.html"].elements
        if "id" in each.attrib and each.attrib.get("class", "").split()[:1] == ["claim"]
    }
    for claim, quote in rows:
        card = cards[f"claim-{str(claim).rsplit('.', 1)[1]}"]
        assert str(quote) in [words(each).strip("\n") for each in card.iter() if each.tag == "blockquote"]


def test_templates_in_data_are_not_run(site: Mapping[str, Page]) -> None:
    question = site["questions/what-is-said.en.html"]
    assert words(question.first("h1")) == "</script><script>alert(1)</script> {{7*7}}?"
    assert "49" not in words(site["id/template.en.html"].first("main"))


def test_right_to_left_text_turns_nothing_else_around(site: Mapping[str, Page]) -> None:
    found = 0
    for page in site.values():
        parents = {child: parent for parent in page.elements for child in parent}
        held = [(each, each.text) for each in page.elements] + [(parents.get(each), each.tail) for each in page.elements]
        for each, text in held:
            if each is None or each.tag in ("title", "text", "desc", "tspan", "script"):
                continue
            if re.search("[\u0590-\u06ff]", text or ""):
                ancestors, found = [each], found + 1
                while ancestors[-1] in parents:
                    ancestors.append(parents[ancestors[-1]])
                assert {"bdi", "pre", "option"} & {node.tag for node in ancestors}, (page.path, each.tag, text)
    assert found > 10


def test_pictures_and_networks_are_xml_with_the_names_as_text(hostile: Checked, report: Report) -> None:
    found = files(report, ".svg", ".gexf", ".graphml")
    assert {path.suffix for path in found} == {".svg", ".gexf", ".graphml"}
    names = set(texts(hostile, "name").values())
    for path in found:
        tree = ElementTree.fromstring(path.read_bytes())
        for each in tree.iter():
            assert each.tag.rpartition("}")[2] not in ("script", "foreignObject", "iframe"), path.name
            assert not [name for name in each.attrib if name.lower().startswith("on")], path.name
            for name, value in each.attrib.items():
                if name.endswith("href"):
                    assert re.fullmatch(r"https://hostile\.example/id/[\w.-]+(#[\w-]+)?", value), value
        held = {*tree.itertext(), *(value for each in tree.iter() for value in each.attrib.values())}
        if path.suffix == ".gexf":
            assert len(names & held) >= 15, path.name


def cells(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            yield from row


def test_no_cell_of_a_table_is_a_formula(report: Report) -> None:
    found = files(report, ".csv")
    assert len(found) >= 3
    for path in found:
        texts = [cell for cell in cells(path) if not re.fullmatch(r"-?[0-9.]+", cell)]
        assert not [cell for cell in texts if cell.startswith(FORMULA)], path.name
    neutral = {cell.removeprefix("'") for cell in cells(report.output / "tables" / "remarks.csv")}
    assert '=HYPERLINK("http://x")' in neutral


def test_every_dump_reads_back_equal(hostile: Checked, report: Report) -> None:
    turtle = rdflib.Graph().parse(report.output / "graph.ttl", format="turtle")
    quads = rdflib.Dataset(default_union=True).parse(report.output / "graph.nq", format="nquads")
    assert set(turtle) == set(quads.triples((None, None, None)))
    assert len(turtle) == len(hostile.graph.triples())
    beside = files(report, ".jsonld")
    assert len(beside) >= 20
    for path in beside:
        linked, written = (rdflib.Graph().parse(path.with_suffix(suffix)) for suffix in (".jsonld", ".ttl"))
        assert set(linked) == set(written) <= set(turtle), path.name


def test_answers_read_back_word_for_word(hostile: Checked, report: Report) -> None:
    answers = json.loads((report.output / "site" / "questions" / "what-is-said.json").read_text(encoding="utf-8"))
    said = {row["saying"]["value"] for row in answers["results"]["bindings"]}
    assert said == set(texts(hostile, "name").values())


def test_every_file_has_a_plain_name(report: Report) -> None:
    names = {part for path in report.output.rglob("*") for part in path.relative_to(report.output).parts}
    assert {name for name in names if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", name)} == {".htaccess", ".nojekyll", ".well-known"}


def quoted(typed: str) -> str:
    """A text as YAML reads it whatever it holds: in quotes, unless it has them already."""
    return typed if typed[0] in "\"'" else json.dumps(typed)


CASES = {
    **{f"id-{number}": (typed, PLACES.format(id=typed)) for number, typed in enumerate(REFUSED_IDS)},
    **{f"address-{number}": (typed, ADDRESS.format(typed=quoted(typed))) for number, typed in enumerate(REFUSED_ADDRESSES)},
    **{f"language-{number}": (typed, LANGUAGE.format(typed=quoted(typed))) for number, typed in enumerate(REFUSED_LANGUAGES)},
}
"""Files that must be refused: what is wrong in each, and its text."""


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, set[str]]:
    """The codes of the errors in each of the refused files, all put into the hostile world at once."""
    top = tmp_path_factory.mktemp("refused")
    folder = top / "tests" / "worlds" / "hostile"
    shutil.copytree(FOLDER, folder)
    for part in ("ontology", "shapes", "queries", "site"):
        (top / part).symlink_to(ROOT / part, target_is_directory=True)
    for name, (_, text) in CASES.items():
        (folder / "data" / f"{name}.yaml").write_text(text, encoding="utf-8")
    found: dict[str, set[str]] = {}
    for each in check(projects.load(folder)).errors:
        found.setdefault(Path(each.where.file).stem, set()).add(each.code)
    return found


@pytest.mark.parametrize("name", CASES)
def test_ids_addresses_and_languages_that_could_be_more_than_that_are_refused(
    refusals: Mapping[str, set[str]], name: str
) -> None:
    expected = {
        "id": {"bad-id", "control-character", "yaml-syntax", "empty-value"},
        "address": {"bad-address"},
        "language": {"bad-language"},
    }
    assert refusals[name] & expected[name.rpartition("-")[0]], (CASES[name], refusals[name])


def test_what_is_refused_is_all_that_is_refused(refusals: Mapping[str, set[str]]) -> None:
    assert set(refusals) == set(CASES)
