"""Views, templates, sentences and rows become pages; what is wrong with one of them is refused with its place."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from breaking import put, run, swap
from pbgraph.addresses import Addresses
from pbgraph.dataset import Download
from pbgraph.labels import Labels
from pbgraph.pages import Writer, write_site
from pbgraph.problems import Refused
from pbgraph.project import DEFAULT_PATHS, Project
from pbgraph.sites import Site, TemplateError
from pbgraph.store import in_memory
from pbgraph.terms import CORE, Iri, Literal
from small import BUILT, ROOT, SECOND, small_project

BASE = "https://example.org/"
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
PREFIXES = {
    "pb": CORE,
    "id": f"{BASE}id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
}
QUADS = [
    f'<{BASE}id/{slug}> <{CORE}name> "{name}"@{language} <{BASE}graph/x> .'
    for slug, names in {"tea": {"zh": "茶", "en": "tea <b>"}, "pot": {"zh": "壶"}, "cup": {"en": "cup"}}.items()
    for language, name in names.items()
] + [f"<{BASE}id/{slug}> {RDF_TYPE} <{CORE}Entity> <{BASE}graph/x> ." for slug in ("tea", "pot", "cup")]
FILES = {
    "views.yaml": 'things: {output: "id/{slug}.{language}.html", template: thing.html, each: things}\n',
    "messages.yaml": (
        'hello: {zh: "你好，{name}", en: "Hello, {name} & all"}\ncups: {zh: "{n} 杯", en: {one: "{n} cup", other: "{n} cups"}}\n'
    ),
    "templates/thing.html": "{{ t('hello', name=label(this)) }}|{{ link(this) }}",
    "assets/site.css": "body {}\n",
}
THINGS = "SELECT ?this WHERE { ?this a pb:Entity } ORDER BY ?this\n"


def site(folder: Path, files: Mapping[str, str] | None = None, second: Mapping[str, str] | None = None, **extras: Any) -> Site:
    """A site of three things from files below `folder`: FILES changed by `files`, then those of a second site folder."""
    written = {"site": {**FILES, **(files or {})}, "own": second or {}}
    for part, texts in written.items():
        for name, text in texts.items():
            path = folder / part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    (folder / "pages").mkdir(exist_ok=True)
    (folder / "pages" / "things.rq").write_text(THINGS, encoding="utf-8")
    paths = {part: (folder / part,) for part in DEFAULT_PATHS} | {"site": (folder / "site", folder / "own")}
    project = Project(folder, BASE, ("zh", "en"), {"zh": "茶", "en": "Tea"}, paths)
    graph = in_memory(QUADS, PREFIXES)
    return Site(project, graph, Labels(graph, project.languages), Addresses(BASE, {}), extras)


def pages_made(writer: Writer) -> int:
    return sum(name.endswith(".html") for name in writer.made.files)


def write(folder: Path, files: Mapping[str, str] | None = None, second: Mapping[str, str] | None = None, **extras: Any) -> Path:
    write_site(site(folder, files, second, **extras), folder / "out")
    return folder / "out"


def refusal(folder: Path, files: Mapping[str, str], **extras: Any) -> str:
    with pytest.raises(Refused) as refused:
        write(folder, files, **extras)
    assert [found.code for found in refused.value.problems] == ["view"]
    return refused.value.problems[0].render("en")


def test_a_view_makes_a_page_for_each_row_and_language(tmp_path: Path) -> None:
    assert pages_made(write_site(site(tmp_path), tmp_path / "out")) == 6
    found = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*"))
    pages = [f"id/{slug}.{language}.html" for slug in ("cup", "pot", "tea") for language in ("en", "zh")]
    assert found == ["assets/site.css", *pages]


def test_what_pages_are_shown_with_may_lie_in_folders(tmp_path: Path) -> None:
    out = write(tmp_path, {"assets/maps/county.svg": "<svg/>"})
    assert (out / "assets" / "maps" / "county.svg").read_text(encoding="utf-8") == "<svg/>"


def test_sentences_labels_and_links_are_escaped(tmp_path: Path) -> None:
    text = (write(tmp_path) / "id" / "tea.en.html").read_text(encoding="utf-8")
    assert text == 'Hello, tea &lt;b&gt; &amp; all|<a href="tea.en.html">tea &lt;b&gt;</a>'


def test_a_label_in_another_language_says_so(tmp_path: Path) -> None:
    out = write(tmp_path, {"templates/thing.html": "{{ label(this) }}"})
    assert (out / "id" / "pot.en.html").read_text(encoding="utf-8") == '<bdi lang="zh">壶</bdi>'
    assert (out / "id" / "cup.zh.html").read_text(encoding="utf-8") == '<bdi lang="en">cup</bdi>'
    assert (out / "id" / "pot.zh.html").read_text(encoding="utf-8") == "壶"


def test_a_number_decides_the_form_of_a_sentence(tmp_path: Path) -> None:
    out = write(tmp_path, {"templates/thing.html": "{{ t('cups', n=1) }}, {{ t('cups', n=2) }}"})
    assert (out / "id" / "tea.en.html").read_text(encoding="utf-8") == "1 cup, 2 cups"
    assert (out / "id" / "tea.zh.html").read_text(encoding="utf-8") == "1 杯, 2 杯"


def test_a_view_without_language_makes_one_page_and_other_files_are_no_pages(tmp_path: Path) -> None:
    views = "root: {output: index.html, template: root.html}\nrows: {output: rows.csv, template: rows.csv}\n"
    texts = {"templates/root.html": "{{ languages | join(' ') }}", "templates/rows.csv": "{{ '<&' }}"}
    assert pages_made(write_site(site(tmp_path, {"views.yaml": views, **texts}), tmp_path / "out")) == 1
    assert (tmp_path / "out" / "index.html").read_text(encoding="utf-8") == "zh en"
    assert (tmp_path / "out" / "rows.csv").read_text(encoding="utf-8") == "<&"


def test_a_view_can_go_over_a_further_collection_and_tell_its_template_something(tmp_path: Path) -> None:
    views = 'each: {output: "q/{slug}.{language}.html", template: q.html, each: questions, show: {colour: red}}\n'
    texts = {"views.yaml": views, "templates/q.html": "{{ wording }} {{ view.show.colour }}"}
    out = write(tmp_path, texts, questions=[{"this": Literal("what"), "wording": "What?"}])
    assert (out / "q" / "what.en.html").read_text(encoding="utf-8") == "What? red"


def test_a_later_folder_replaces_views_sentences_and_templates_and_keeps_the_rest(tmp_path: Path) -> None:
    own = {
        "views.yaml": "more: {output: more.html, template: thing.html}\n",
        "messages.yaml": 'hello: {zh: "再见，{name}", en: "Bye, {name}"}\n',
        "templates/thing.html": "{{ t('hello', name='x') }} {{ t('cups', n=3) }}",
    }
    out = write(tmp_path, second=own)
    assert (out / "more.html").read_text(encoding="utf-8") == "再见，x 3 杯"
    assert (out / "id" / "tea.en.html").read_text(encoding="utf-8") == "Bye, x 3 cups"


def test_data_stand_beside_the_page_with_the_names_of_what_they_lead_to(tmp_path: Path) -> None:
    views = 'things: {output: "id/{slug}.{language}.html", template: thing.html, each: things, data: "true"}\n'
    made = site(tmp_path, {"views.yaml": views})
    made.graph.load(f"<{BASE}id/tea> <{CORE}partOf> <{BASE}id/pot> <{BASE}graph/x> .")
    for name in ("data", "parts"):
        variable = {"data": "subject", "parts": "part"}[name]
        query = f"SELECT ?this ?{variable} WHERE {{ ?this pb:none ?{variable} }}"
        (tmp_path / "pages" / f"{name}.rq").write_text(query, encoding="utf-8")
    write_site(made, tmp_path / "out")
    turtle = (tmp_path / "out" / "id" / "tea.ttl").read_text(encoding="utf-8")
    assert "pb:partOf id:pot" in turtle
    assert '"壶"@zh' in turtle
    assert (tmp_path / "out" / "id" / "tea.jsonld").is_file()


def test_a_row_has_its_columns_whatever_they_are_called(tmp_path: Path) -> None:
    views = 'each: {output: "{slug}.html", template: q.html, each: counted}\n'
    texts = {
        "views.yaml": views,
        "templates/q.html": "{% for row in rows('counted') %}{{ row.items }} {{ row.get('keys') }}{% endfor %}",
    }
    out = write(tmp_path, texts, counted=[{"this": Literal("tea"), "items": Literal("3"), "keys": Literal("k")}])
    assert (out / "tea.html").read_text(encoding="utf-8") == "3 k"


def test_whatever_is_no_markup_is_escaped_where_a_page_is_markup(tmp_path: Path) -> None:
    given = {"text": "a<b", "quoted": "'\"&", "iri": Iri("urn:<x>"), "literal": Literal("<i>"), "list": ["<"], "number": 3}
    shown = (
        "{{ text }}|{{ quoted }}|{{ iri }}|{{ literal }}|{{ list }}|{{ number }}|{{ text | upper }}|{{ t('hello', name=text) }}"
    )
    views = "".join(f'{end}: {{output: "{{slug}}.{end}", template: q.{end}, each: given}}\n' for end in ("html", "txt"))
    texts = {"views.yaml": views, "templates/q.html": shown, "templates/q.txt": "{{ text }}|{{ iri }}|{{ number }}"}
    out = write(tmp_path, texts, given=[{"this": Literal("tea"), **given}])
    page = (out / "tea.html").read_text(encoding="utf-8")
    assert page == "a&lt;b|&#39;&#34;&amp;|urn:&lt;x&gt;|&lt;i&gt;|[&#39;&lt;&#39;]|3|A&lt;B|你好，a&lt;b"
    assert (out / "tea.txt").read_text(encoding="utf-8") == "a<b|urn:<x>|3"


def test_macros_are_kept_each_by_itself(tmp_path: Path) -> None:
    imports = "{% import 'a.html' as a %}{% import 'b.html' as b %}"
    kept = "{{ keep(a.path, 'x.html') }}|{{ keep(b.path, 'x.html') }}|{{ path('x.html') }}|{{ keep(a.path, 'x.html') }}"
    macros = {f"templates/{name}.html": f"{{% macro path(x) %}}{name}{{% endmacro %}}" for name in "ab"}
    out = write(tmp_path, {"templates/thing.html": imports + kept, **macros})
    assert (out / "id" / "tea.en.html").read_text(encoding="utf-8") == "a|b|../x.html|a"


def test_each_query_runs_once_however_often_its_rows_are_asked_for(tmp_path: Path) -> None:
    made = site(tmp_path)
    first = made.rows("things")
    (tmp_path / "pages" / "things.rq").unlink()
    assert made.rows("things") is first
    assert [str(row["this"]) for row in made.rows("things", Iri(f"{BASE}id/tea"))] == [f"{BASE}id/tea"]
    assert made.rows("things", Iri(f"{BASE}id/none")) == []
    with pytest.raises(TemplateError, match="no page query `other`"):
        made.rows("other")


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"templates/thing.html": "\n{{ t('nothing') }}"}, "messages.yaml has no sentence `nothing` in zh"),
        ({"templates/thing.html": "{{ t('hello') }}"}, "the sentence `hello` of messages.yaml cannot be filled in: 'name'"),
        ({"messages.yaml": 'hello: {zh: "{name", en: x}\n'}, "the sentence `hello` of messages.yaml cannot be filled in"),
        ({"messages.yaml": 'hello: {zh: "{name:,}", en: x}\n'}, "cannot be filled in: `name` has a format"),
        ({"messages.yaml": 'hello: {zh: "{0}", en: x}\n'}, "the sentence `hello` of messages.yaml cannot be filled in"),
        ({"templates/thing.html": "{{ rows('nothing') }}"}, "no page query `nothing`"),
        ({"templates/thing.html": "{{ row('things', 'nothing').this }}"}, "`things` has nothing called `nothing`"),
        ({"templates/thing.html": "{{ picture({}) }}"}, "nothing is drawn: `picture: true` in the header"),
        ({"templates/thing.html": "{{ nothing }}"}, "'nothing' is undefined"),
        ({"templates/thing.html": "\n\n{{ nothing }}"}, "templates/thing.html:3:1"),
        ({"templates/thing.html": "\n{% for each in rows %}{% endfor %}"}, "templates/thing.html:2:1"),
        ({"templates/thing.html": "\n\n{{ 1 / 0 }}"}, "templates/thing.html:3:1"),
        ({"templates/thing.html": "\n{{ [1, 'a'] | sort }}"}, "templates/thing.html:2:1"),
        ({"templates/thing.html": "{% if %}"}, "templates/thing.html:1:1"),
        ({"views.yaml": "\nthings: {output: x.html, template: none.html}\n"}, "views.yaml:2:1: view: "),
        ({"templates/thing.html": "\n{% include 'none.html' %}"}, "templates/thing.html:2:1"),
        (
            {"views.yaml": "things: {output: x.html}\n"},
            "views.yaml:1:1: view: The view cannot be used: `things` needs `output` and `template`",
        ),
        ({"views.yaml": "things: {output: x.html, template: thing.html, colour: red}\n"}, "`things` needs"),
        ({"views.yaml": "things: x\n"}, "`things` needs"),
        ({"views.yaml": "things: {output: [x], template: thing.html}\n"}, "`things` needs"),
        (
            {"messages.yaml": "\nhello: x\n"},
            "messages.yaml:2:1: view: The view cannot be used: `hello` needs a text in each language",
        ),
        ({"messages.yaml": "hello: {en: {one: x}}\n"}, "`hello` needs a text in each language"),
        (
            {
                "views.yaml": "a: {output: x.html, template: t.html}\nb: {output: X.html, template: t.html}\n",
                "templates/t.html": "x",
            },
            "views.yaml:2:1: view: The view cannot be used: `b` and `a` both write X.html",
        ),
        (
            {
                "views.yaml": "a: {output: x/Y.html/z.html, template: t.html}\nb: {output: x/y.html, template: t.html}\n",
                "templates/t.html": "x",
            },
            "views.yaml:1:1: view: The view cannot be used: `a` writes x/Y.html/z.html, but x/Y.html is a file",
        ),
        (
            {"views.yaml": "a: {output: assets/site.css, template: thing.html}\n"},
            "views.yaml:1:1: view: The view cannot be used: `a` and what is copied both write assets/site.css",
        ),
        (
            {"views.yaml": 'a: {output: "x.{language}.html", template: thing.html, data: "true"}\n'},
            "`a` has `data`, which needs `each` and the page queries `data` and `parts`",
        ),
        (
            {"views.yaml": "a: {output: x.html, template: t.html, each: things}\n"},
            "`a` needs both {slug} in its output and `each`",
        ),
        (
            {"views.yaml": "things: {output: x.html, template: thing.html, show: {colour: red}}\n"},
            "views.yaml:1:1: view: The view cannot be used: no template asks for `colour` of `things`",
        ),
        ({"views.yaml": "a: {output: '{slug}.html', template: t.html}\n"}, "`a` needs both {slug} in its output and `each`"),
        ({"views.yaml": "a: {output: '{slg}.html', template: t.html}\n"}, "`a` has {slg} in its output"),
        (
            {"views.yaml": "a: {output: '{slug}.html', template: t.html, each: thing}\n"},
            "views.yaml:1:1: view: The view cannot be used",
        ),
        ({"views.yaml": "a: {output: '{slug}.html', template: t.html, each: thing}\n"}, "`each: thing`, which is no page query"),
        (
            {
                "views.yaml": "a: {output: '{slug}.html', template: t.html, each: bare}\n",
                "../pages/bare.rq": "SELECT ?thing { VALUES ?thing { 1 } }",
            },
            "pages/bare.rq:1:1: view",
        ),
        ({"templates/thing.html": "\n{{ link(this, 'x') }}"}, "templates/thing.html:2:1"),
        ({"templates/thing.html": "\n{{ core('reprted') }}"}, "templates/thing.html:2:1"),
        (
            {
                "templates/base.html": "{% block main %}{% block inner %}{% endblock %}{% endblock %}",
                "templates/thing.html": "{% extends 'base.html' %}\n\n{% block mian %}{% endblock %}",
            },
            "templates/thing.html:3:1: view: The view cannot be used: no template that `thing.html` extends has a block `mian`",
        ),
        ({"templates/thing.html": "{% extends 'thing.html' %}{% block main %}{% endblock %}"}, "`thing.html` extends itself"),
        ({"views.yaml": "a: {output: ../x.html, template: thing.html}\n"}, "`a` would write outside the site"),
        ({"views.yaml": "a: {output: /x.html, template: thing.html}\n"}, "`a` would write outside the site"),
        ({"templates/thing.html": "{{ is_a(this, 'Entty') }}"}, "the core has no term `Entty`"),
        ({"templates/thing.html": "{{ stated(this, 'nmae') }}"}, "the core has no term `nmae`"),
    ],
)
def test_what_is_wrong_with_a_view_or_template_is_refused(tmp_path: Path, files: Mapping[str, str], reason: str) -> None:
    assert reason in refusal(tmp_path, files)


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "\ufeff  # nothing yet"])
def test_files_of_a_site_may_say_nothing(text: str, tmp_path: Path) -> None:
    out = write(tmp_path, {}, {"views.yaml": text, "messages.yaml": text})
    assert (out / "id" / "tea.en.html").exists()


def test_a_file_of_views_that_is_a_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        write(tmp_path, {"views.yaml": "# views\n- a\n"})
    assert refused.value.problems[0].render("en").startswith("site/views.yaml:2:1: no-mapping: This file should be keys")


def test_what_a_view_gives_a_template_from_elsewhere_is_told_where_it_is_given(tmp_path: Path) -> None:
    own = {"views.yaml": "\nhome: {output: x.html, template: home.html, show: {asked: nothing}}\n"}
    with pytest.raises(Refused) as refused:
        write(tmp_path, {"templates/home.html": "\n{{ row('things', view.show.asked).this }}"}, own)
    told = refused.value.problems[0].render("en")
    assert told.startswith("own/views.yaml:2:1: view: ")
    assert "`things` has nothing called `nothing` (x.html, site/templates/home.html:2:1)" in told


def test_a_block_may_hold_new_blocks(tmp_path: Path) -> None:
    files = {
        "templates/base.html": "{% block main %}{% endblock %}",
        "templates/thing.html": "{% extends 'base.html' %}{% block main %}{% block own %}x{% endblock %}{% endblock %}",
    }
    assert (write(tmp_path, files) / "id" / "tea.en.html").read_text(encoding="utf-8") == "x"


def test_a_page_is_named_in_what_is_refused(tmp_path: Path) -> None:
    assert "(id/cup.zh.html)" in refusal(tmp_path, {"templates/thing.html": "{{ t('nothing') }}"})


def test_a_catalogue_that_is_no_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        write(tmp_path, {"messages.yaml": "a: {zh: b\n"})
    assert [found.code for found in refused.value.problems] == ["brace-left-open"]


def test_downloads_are_copied(tmp_path: Path) -> None:
    (tmp_path / "graph.ttl").write_text("# triples\n", encoding="utf-8")
    out = write(tmp_path, downloads={"graph.ttl": Download("graph.ttl", tmp_path / "graph.ttl")})
    assert (out / "downloads" / "graph.ttl").read_text(encoding="utf-8") == "# triples\n"


@pytest.mark.prove
def test_a_kind_with_too_many_claims_for_one_page_lists_their_sources(small_built: Path, tmp_path: Path) -> None:
    shutil.copytree(small_built, folder := tmp_path / "p", symlinks=True)
    swap("site/views.yaml", '{most: "1000"}', '{most: "1"}')(folder)
    kinds = folder / "build" / "site" / "kind"
    before = {path.name: path.read_text(encoding="utf-8") for path in kinds.glob("*.en.html")}
    assert run(folder, "build").exit_code == 0
    after = {path.name: path.read_text(encoding="utf-8") for path in kinds.glob("*.en.html")}
    listed = {name for name, text in after.items() if "There are too many" in text}
    cards = {name: text.count('<div class="claim') for name, text in before.items()}
    assert listed == {name for name, number in cards.items() if number > 1} != set()
    for name in listed:
        assert '<div class="claim' not in after[name]
        sources = re.findall(r'<h2 class="kind-heading" id="[^"]+">(.+?)</h2>', before[name])
        assert sources
        assert all(f"<li>{source}</li>" in after[name] for source in sources)
    assert any(number == 1 for number in cards.values())


LONG_LISTS = {
    "site/views.yaml": (
        *(
            'data: "true", show: {links: "1000", inside: "100"',
            'links: "1000", paragraphs: "1000"',
            'each: questions, show: {rows: "1000"}',
            '{names: "500"}',
        ),
        *('{members: "1000"}', '{most: "5000", levels: "3"}', '{whole: "100"}'),
    ),
    "site/overviews/views.yaml": ('counties: "300", members: "30"', 'figures: "100"', 'counties: "100"', 'counties: "30"'),
}
"""How much of them a page shows, by where that is said."""


@pytest.mark.prove
def test_of_a_long_list_a_page_shows_the_first_and_says_how_many_there_are(small_built: Path, tmp_path: Path) -> None:
    shutil.copytree(small_built, folder := tmp_path / "p", symlinks=True)
    site = folder / "build" / "site"

    def pages() -> dict[str, str]:
        found = [path for part in ("id", "questions", "kind", ".") for path in site.glob(f"{part}/*.en.html")]
        return {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in found}

    before = pages()
    for name, lists in LONG_LISTS.items():
        for each in lists:
            swap(name, each, re.sub(r'"[0-9]+"', '"1"', each).replace('whole: "1"', 'whole: "0"'))(folder)
    shutil.copytree(ROOT / "queries" / "conflicts", folder / "queries" / "conflicts")
    assert run(folder, "build").exit_code == 0
    after = pages()
    assert {name for name in before if "Shown are the first" in before[name]} == set()
    cut = {name: re.findall(r"Shown are the first ([0-9]+) of ([0-9]+)\.", text) for name, text in after.items()}
    changed = {name for name in after if after[name] != before[name] and "mark-conflict" not in after[name]}
    assert changed <= {name for name, told in cut.items() if told} | {"tree.en.html", "conflicts.en.html"}
    assert {name for name in cut if cut[name] and "/" not in name} == {"indicators.en.html", "names.en.html"}
    assert cut["kind/Unit.en.html"] == [("1", "4")]
    assert re.search('first 1 of 4[.].*names.en.html">Find</a>.*downloads.en.html">Downloads</a>', after["kind/Unit.en.html"])
    assert [text["tree.en.html"].count('<span class="kind-name">') for text in (before, after)] == [5, 1]
    answer = before["questions/quoted.en.html"]
    assert cut["questions/quoted.en.html"] == [("1", str(answer.count("<tr>") - 1))]
    assert after["questions/quoted.en.html"].count("<tr>") == 2
    letters = after["names.en.html"].count('<ul class="members">')
    assert letters == after["names.en.html"].count("<li data-kind") > 5
    conflicts = (site / "conflicts.en.html").read_text(encoding="utf-8")
    assert (conflicts.count('<section class="conflict"'), conflicts.count('<div class="claim')) == (1, 0)
    assert len(re.findall(r'<li><a href="id/[^"]+#claim-', conflicts)) == 2, "where the claims are"
    things = [name for name in after if cut[name] and name.startswith("id/")]
    assert things
    for name in things:
        left_out = sum(int(all_) - int(shown) for shown, all_ in cut[name])
        whole, cut_ = (len(re.findall('<li|<section class="paragraph" id', text[name])) for text in (before, after))
        assert cut_ == whole - left_out, name


@pytest.mark.prove
def test_of_many_counties_and_claims_a_page_shows_the_first_and_says_how_many_there_are(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", BUILT)
    article = SECOND.replace("id: second", "id: third").replace("hengxian", "binyang").replace("横县", "宾阳县")
    places = """
entities:
  - {id: binyang, type: County, name: {zh: 宾阳县, en: Binyang}, partOf: nanning, form: county}
  - {id: binzhou, type: Township, name: {zh: 宾州镇, en: Binzhou}, partOf: binyang, form: town}
"""
    put("data/articles/third.yaml", article + places)(folder)
    views = folder / "site" / "overviews" / "views.yaml"
    views.write_text(re.sub(r'counties: "[0-9]+"', 'counties: "1"', views.read_text(encoding="utf-8")), encoding="utf-8")
    swap("site/views.yaml", 'many-claims, show: {whole: "1000"}', 'many-claims, show: {whole: "1"}')(folder)
    swap("queries/pages/many-claims.rq", "> 24", "> 2")(folder)
    assert run(folder, "build").exit_code == 0
    claims = (folder / "build" / "site" / "id" / "hengxian.claims.en.html").read_text(encoding="utf-8")
    told = [int(all_) for all_ in re.findall(r"Shown are the first 1 of ([0-9]+)\.", claims)]
    assert told
    assert len(re.findall(r'<div class="claim', claims)) == len(re.findall('<section class="claims"', claims))
    for name in ("counties", "compare", "coverage"):
        text = (folder / "build" / "site" / f"{name}.en.html").read_text(encoding="utf-8")
        assert "Shown are the first 1 of 2." in text, name
        assert ("Binyang" in text, ">Hengxian<" in text) == (True, False), name


def test_pages_are_shared_out_among_sitemaps_as_many_as_one_may_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pbgraph.pages.LISTED", 4)
    views = FILES["views.yaml"] + 'parts: {output: "map-{slug}.xml", template: part.xml, each: sitemaps}\n'
    out = write(tmp_path, {"views.yaml": views, "templates/part.xml": "{{ pages | join(' ') }}"})
    listed = {path.name: path.read_text(encoding="utf-8").split() for path in out.glob("map-*.xml")}
    assert {name: len(pages) for name, pages in listed.items()} == {"map-1.xml": 4, "map-2.xml": 2}
    assert sorted(page for pages in listed.values() for page in pages) == sorted(
        f"id/{path.name}" for path in out.glob("id/*.html")
    )
