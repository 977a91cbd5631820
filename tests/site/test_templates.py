"""The site's own sources: no sentence outside the catalogue, no term outside the core, nothing that is not used."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib.namespace import OWL, RDF

from conftest import ROOT
from html_pages import Page, words
from pbgraph import queries, records, telling
from pbgraph.project import Project
from pbgraph.terms import CORE

SITE = ROOT / "site"
FOLDERS = (SITE, SITE / "overviews")
TEMPLATES = sorted(path for folder in FOLDERS for path in (folder / "templates").glob("*.html"))
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
TAG = re.compile(r"<!?/?[a-zA-Z][^<>]*>")
SPOKEN = re.compile(r"\b(?:alt|aria-label|title|placeholder|content|data-column)=\"([^\"]*)\"")
MACHINE_READ = ("width=device-width", "default-src", "light dark", "no-referrer")
CALL = re.compile(r"\b(?:t|way|step)\('([\w-]+)'")
COMPUTED = (
    "measure-",
    "nav-",
    "kinds-",
    "format-",
    "files-",
    "type-",
    "month-",
    "column-",
    "date-",
    "cite-",
    "rules-",
    "overview-",
    "in-",
    "is-",
    "was-",
    "since-",
)
"""Beginnings of keys whose ends templates and dates work out."""

each_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)


def messages() -> Mapping[str, Mapping[str, str | Mapping[str, str]]]:
    return catalogues("messages.yaml")


def catalogues(name: str) -> dict[str, Any]:
    """The entries of a file that each folder of the site has; none has one of another's but `home`, which speaks of kinds."""
    found: dict[str, Any] = {}
    for folder in FOLDERS:
        read = records.read((folder / name).read_bytes(), name)
        assert isinstance(read, records.Mapping)
        plain: Mapping[str, Any] = records.plain(read)
        assert set(found) & set(plain) <= {"home"}
        found |= plain
    return found


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_there_are_templates() -> None:
    assert len(TEMPLATES) >= 15


@each_template
def test_no_template_holds_a_sentence(template: Path) -> None:
    source = JINJA.sub("", template.read_text(encoding="utf-8"))
    shown = [text for text in SPOKEN.findall(source) if not text.startswith(MACHINE_READ)]
    left = re.sub(r"\s+", "", TAG.sub("", source) + "".join(shown))
    assert not re.search(r"\w", left), left


@cache
def core_terms(*kinds: rdflib.URIRef) -> set[str]:
    """The local names of the core's terms of these kinds, or of all."""
    graph = rdflib.Graph().parse(ROOT / "ontology" / "core.ttl", format="turtle")
    found = {term for kind in kinds or (None,) for term in graph.subjects(RDF.type, kind)}
    return {str(term).removeprefix(CORE) for term in found if str(term).startswith(CORE)}


@each_template
def test_a_template_knows_terms_of_the_core_only(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert set(re.findall(r"\bcore\('(\w+)'\)", text)) <= core_terms()
    assert set(re.findall(r"\bstated\([^()']*, '(\w+)'\)", text)) <= core_terms(OWL.ObjectProperty, OWL.DatatypeProperty)
    assert set(re.findall(r"\bis_a\([^()']*, '(\w+)'\)", text)) <= core_terms(OWL.Class)


def test_what_pages_tell_apart_are_properties_of_the_core() -> None:
    assert telling.TOLD_APART | set(telling.FIRST) <= core_terms(OWL.ObjectProperty, OWL.DatatypeProperty)


def test_the_page_queries_know_terms_of_the_core_only(project: Project) -> None:
    core, loaded = core_terms(), queries.load(project, "pages")
    general = [query for query in loaded if "/overviews/" not in query.where.file]
    assert len(loaded) > len(general) >= 30
    for query in general:
        assert set(re.findall(r"\bpb:([\w-]+)", query.sparql)) <= core, query.name
        assert query.sparql.startswith("# "), query.name


def test_every_page_query_is_asked_for(project: Project) -> None:
    code = [ROOT / "src" / "pbgraph" / f"{name}.py" for name in ("sites", "phrases", "telling", "pages", "indexing", "citing")]
    text = "".join(path.read_text(encoding="utf-8") for path in [*TEMPLATES, *code])
    views = catalogues("views.yaml").values()
    asked = set(re.findall(r"rows\(['\"]([\w-]+)['\"]", text)) | {str(view["each"]) for view in views if "each" in view}
    collected = {"answers", "conflicts", "conflict-kinds", "conflicts-of", "files", "networks", "questions", "ranks", "rules"}
    collected.add("sitemaps")  # by pages, when it is known which there are
    asked.add("readings")  # by networks, too, before there is a site
    asked.add("seats")  # for parts of networks
    assert {query.name for query in queries.load(project, "pages")} | collected == asked


def test_every_sentence_is_there_in_both_languages_with_the_same_fields() -> None:
    found = messages()
    assert len(found) >= 120
    for key, sentences in found.items():
        assert set(sentences) == {"zh", "en"}, key
        forms = [form for each in sentences.values() for form in (each.values() if isinstance(each, Mapping) else [each])]
        every = set().union(*map(fields, forms))
        assert all(every - fields(form) <= {"n"} for form in forms), key
        assert not any(isinstance(each, Mapping) and set(each) != {"one", "other"} for each in sentences.values()), key


def test_every_sentence_is_used_and_every_used_one_is_there() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    python = "".join(
        (ROOT / "src" / "pbgraph" / f"{name}.py").read_text(encoding="utf-8") for name in ("phrases", "datewords", "indexing")
    )
    known = set(messages())
    used = {key for key in CALL.findall(text) if not key.endswith("-")} | set(re.findall(r"\b(?:t|say)\(\"([\w-]+)\"", python))
    assert used <= known
    named = {key for key in known if f'"{key}"' in python or f"'{key}'" in text}
    assert {key for key in known - used - named if not key.startswith(COMPUTED)} == set()


def test_every_column_named_in_the_catalogue_is_in_a_question(project: Project) -> None:
    variables = {name for query in queries.load(project, "questions") for name in re.findall(r"\?(\w+)", query.sparql)}
    variables = {name.removesuffix("Zh").removesuffix("En") for name in variables}
    named = {key.removeprefix("column-") for key in messages() if key.startswith("column-")}
    assert named <= variables
    for query in queries.load(project, "questions"):
        selected = query.sparql.partition("WHERE")[0]
        for name in query.header.get("columns", {}):
            assert re.search(rf"\?{name}(Zh|En)?\b", selected), (query.name, name)


def test_every_column_of_every_question_has_a_title_in_both_languages(project: Project, pages: Mapping[str, Page]) -> None:
    loaded = queries.load(project, "questions")
    for query in loaded:
        for language in ("zh", "en"):
            page = pages[f"questions/{query.name}.{language}.html"]
            titles = [words(each) for each in page.elements if each.tag == "th" or each.attrib.get("class", "") == "facts alike"]
            titles += [each.attrib["data-column"] for each in page.elements if "data-column" in each.attrib]
            titles += [words(each) for each in page.elements if each.tag == "p" and each.attrib.get("class") in ("lead", "note")]
            assert titles, page.path
            assert [title for title in titles if re.search(r"\?\w", title)] == [], page.path
            assert language == "en" or not [title for title in titles if re.fullmatch("[A-Za-z ]+", title)], page.path


def test_a_question_shows_notes_in_the_language_of_its_page(pages: Mapping[str, Page]) -> None:
    for language, title, other in (("zh", "说明", "Note"), ("en", "Note", "说明")):
        columns = [each.attrib.get("data-column") for each in pages[f"questions/said-twice.{language}.html"].elements]
        assert title in columns
        assert other not in columns


def test_what_a_question_says_of_its_answer_is_said_in_the_words_of_its_page(pages: Mapping[str, Page]) -> None:
    told = words(pages["questions/poor-village-partners.zh.html"].tree)
    assert "“群体”为“是”时，双方是群体" in told
    assert "（见“某人是否为其任职之地的结对牵了线？还是另有其人，或只说到职务？”）" in told


def test_every_view_makes_pages(built_paths: set[str]) -> None:
    views = catalogues("views.yaml")
    assert len(views) >= 15
    for name, view in views.items():
        pattern = re.escape(view["output"]).replace(r"\{slug\}", r"[^/]+").replace(r"\{language\}", "(zh|en)")
        assert [path for path in built_paths if re.fullmatch(pattern, path)], name


def test_every_class_of_the_pages_is_styled_and_every_styled_one_is_there(site_root: Path, pages: Mapping[str, Page]) -> None:
    used = {name for page in pages.values() for each in page.elements for name in each.attrib.get("class", "").split()}
    sheet = (SITE / "assets" / "site.css").read_text(encoding="utf-8")
    styled = set(re.findall(r"\.([a-z][a-z-]+)(?=[\s.:>,{])", re.sub(r"/\*.*?\*/|url\(.*?\)|\d\.\d", "", sheet, flags=re.DOTALL)))
    assert len(styled) >= 50
    assert styled <= used | {"is-deprecated", "mark-rank"}


@pytest.fixture(scope="session")
def built_paths(site_root: Path) -> set[str]:
    """Every file of the built site, below its root."""
    return {path.relative_to(site_root).as_posix() for path in site_root.rglob("*") if path.is_file()}
