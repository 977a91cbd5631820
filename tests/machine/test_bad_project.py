"""Whatever is wrong with what a project rests on, its configuration, ontology, shapes and queries, is told with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from breaking import Break, add, all_of, dangle, drop, put, run, swap, told
from small import QUESTION, small_project

CONFIG, DOMAIN, CORE = "pbgraph.toml", "ontology/pbgraph.ttl", "ontology/core.ttl"
ASKED, CHECK = "queries/questions/partners.rq", "queries/checks/own.rq"
TITLE = 'title = {zh = "甲", en = "A"}\n'
BASE = 'base = "https://example.org/"\n'
OWN, TERMS = "shapes/own.ttl", "https://w3id.org/pbgraph/ontology#"
SHAPE = f"""\
@prefix pb: <{TERMS}> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/pbgraph/shapes#> .

shape:own a sh:NodeShape ;"""
SAID = f'{SHAPE} sh:targetClass pb:Village ; sh:class pb:Village ; sh:message "x" , "x"@zh ; pb:remedy "x" , "x"@zh .'
OWN_CHECK = "#+ what: {zh: 甲, en: A}\n#+ remedy: {zh: 乙, en: B}\n"

CONFIGURATIONS: dict[str, tuple[str | bytes, list[str]]] = {
    "empty": ("", ["pbgraph.toml: bad-config", "pbgraph.toml: bad-config"]),
    "not TOML": (f"{BASE}title = \n", ["pbgraph.toml:2:9: bad-config"]),
    "not UTF-8": (b"# caf\xe9", ["pbgraph.toml: not-utf8"]),
    "unknown key": (f"{BASE}{TITLE}langages = []\n", ["pbgraph.toml:3:1: bad-config"]),
    "base without slash": (f'base = "https://example.org"\n{TITLE}', ["pbgraph.toml:1:1: bad-config"]),
    "base that is no address": (f'base = "https://example.org/<x>/"\n{TITLE}', ["pbgraph.toml:1:1: bad-config"]),
    "base that no IRI may have": (f'base = "https://example.org/%zz/"\n{TITLE}', ["pbgraph.toml:1:1: bad-config"]),
    "base that is a number": (f"base = 5\n{TITLE}", ["pbgraph.toml:1:1: bad-config"]),
    "languages": (f"{BASE}{TITLE}languages = 5\n", ["pbgraph.toml:3:1: bad-config"]),
    "a language": (f'{BASE}languages = ["x y"]\n', ["pbgraph.toml:2:1: bad-config"]),
    "title": (f"{BASE}title = 5\n", ["pbgraph.toml:2:1: bad-config"]),
    "a title": (f'{BASE}title = {{zh = 5, en = "A"}}\n', ["pbgraph.toml:2:1: bad-config"]),
    "title of one language": (f'{BASE}[title]\nzh = "甲"\n', ["pbgraph.toml:2:1: bad-config"]),
    "paths": (f"{BASE}paths = 5\n{TITLE}", ["pbgraph.toml:2:1: bad-config"]),
    "a path": (
        f'{BASE}{TITLE}[paths]\ndata = [5]\nshape = ["x"]\nshapes = ["nowhere"]\n',
        [f"pbgraph.toml:{n}:1: bad-config" for n in (4, 5, 6)],
    ),
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_configuration_that_cannot_be_used(name: str, tmp_path: Path) -> None:
    content, expected = CONFIGURATIONS[name]
    put(CONFIG, content)(tmp_path)
    result = run(tmp_path, "check")
    assert told(result) == expected
    assert (result.exit_code, result.stdout) == (1, "")


TURTLE: dict[str, tuple[str, str]] = {
    "unfinished": ("pb:X a .", ":8: bad-turtle"),
    "unknown prefix": ("pb:X a foo:Bar .", ":8: bad-turtle"),
    "open quote": ('pb:X rdfs:label """x .', ":17: bad-turtle"),
    "address with a blank": ("<x y> a owl:Class .", ":1: bad-turtle"),
    "relative address": ("<x> a owl:Class .", ":1: bad-turtle"),
    "language tag": ('pb:X rdfs:label "x"@zh-abcdefghijkl .', ":21: bad-turtle"),
    "range outside": ("pb:x a owl:ObjectProperty ; rdfs:range <https://example.org/X> .", ":29: unreadable-range"),
    "range that is a restriction": ("pb:x a owl:ObjectProperty ; rdfs:range [ a owl:Restriction ] .", ":29: unreadable-range"),
    "empty union": ("pb:x a owl:ObjectProperty ; rdfs:range [ owl:unionOf () ] .", ":29: unreadable-range"),
    "unknown datatype": ("pb:x a owl:DatatypeProperty ; rdfs:range xsd:float .", ":31: unreadable-range"),
    "two ranges": ("pb:x a owl:ObjectProperty ; rdfs:range pb:Rank , pb:Unit .", ":29: unreadable-range"),
    "literals of an object property": ("pb:x a owl:ObjectProperty ; rdfs:range xsd:string .", ":29: unreadable-range"),
    "no range": ("pb:x a owl:ObjectProperty ; pb:usedOn pb:Company .", ":1: unreadable-range"),
    "dimension that tells no figures apart": (
        "pb:x a owl:DatatypeProperty ; rdfs:range xsd:string ; pb:usedOn pb:Figure ; pb:dimension true .",
        ":1: annotation-missing",
    ),
    "used on nothing": ("pb:x a owl:ObjectProperty ; pb:usedOn pb:Vilage .", ":39: unknown-term"),
    "superclass that there is not": ("pb:X a owl:Class ; rdfs:subClassOf pb:Clain .", ":36: unknown-term"),
    "word of RDF Schema that there is not": ("pb:x a owl:ObjectProperty ; rdfs:domian pb:Company .", ":29: unknown-term"),
    "annotation that there is not": ('pb:X a owl:Class ; rdfs:subClassOf pb:Claim ; pb:secton "x" .', ":47: unknown-term"),
    "default that is a text": (
        'pb:x a owl:ObjectProperty ; rdfs:range pb:Rank ; pb:default "x y" .',
        ":50: unreadable-annotation",
    ),
    "default of another list": (
        "pb:x a owl:ObjectProperty ; rdfs:range pb:Rank ; pb:default pb:stated .",
        ":50: unreadable-annotation",
    ),
    "inherited from nothing": ("pb:x a owl:ObjectProperty ; pb:inheritedFrom pb:y .", ":46: unknown-term"),
    "caption of a key that there is not": ('pb:Company pb:caption "{trianer} trains"@en .', ":12: caption-key"),
    "caption with an open brace": ('pb:Company pb:caption "{subject trains"@en .', ":12: caption-bracket"),
    "two captions in a language": ('pb:X a owl:Class ; pb:caption "x"@en , "y"@en .', ":20: two-texts"),
    "word of OWL that there is not": ("pb:x a owl:ObjectPropery .", ":8: unknown-term"),
    "word of SKOS that there is not": ('pb:Company skos:defintion "x"@en .', ":12: unknown-term"),
    "key of every record": (
        "pb:type a owl:DatatypeProperty ; rdfs:range xsd:string ; pb:usedOn pb:Village .",
        ":1: reserved-name",
    ),
    "class of two kinds": ("pb:X a owl:Class ; rdfs:subClassOf pb:Organization , pb:Claim .", ":20: class-of-two-kinds"),
    "shortcut of no claim": (
        "pb:x a owl:ObjectProperty ; pb:computed true ; pb:edgeFrom pb:partOf ; pb:edgeTo pb:partOf ; pb:shortcutOf pb:Village .",
        ":94: unreadable-annotation",
    ),
    "shortcut that is not computed": (
        "pb:x a owl:ObjectProperty ; pb:usedOn pb:Village ; rdfs:range pb:Village ; pb:shortcutOf pb:Figure ;"
        " pb:edgeFrom pb:subject ; pb:edgeTo pb:indicator .",
        ":1: annotation-missing",
    ),
    "shortcut from what such claims do not have": (
        "pb:x a owl:ObjectProperty ; pb:computed true ; pb:shortcutOf pb:Figure ; pb:edgeFrom pb:subject ; pb:edgeTo pb:holder .",
        ":99: unreadable-annotation",
    ),
    "shortcut to a text": (
        "pb:x a owl:ObjectProperty ; pb:computed true ; pb:shortcutOf pb:Mention ;"
        " pb:edgeFrom pb:subject ; pb:edgeTo pb:printedAs .",
        ":100: unreadable-annotation",
    ),
    "shortcut that is said not to be computed": (
        "pb:x a owl:ObjectProperty ; pb:computed false ; pb:shortcutOf pb:Figure ;"
        " pb:edgeFrom pb:subject ; pb:edgeTo pb:indicator .",
        ":29: unreadable-annotation",
    ),
    "shortcut without end": (
        "pb:x a owl:ObjectProperty ; pb:computed true ; pb:shortcutOf pb:Figure ; pb:edgeFrom pb:subject .",
        ":1: annotation-missing",
    ),
    "flag that is neither true nor false": (
        'pb:x a owl:DatatypeProperty ; rdfs:range xsd:string ; pb:usedOn pb:Village ; pb:ordered "yes" .',
        ":78: unreadable-annotation",
    ),
    "property that identifies what cannot have it": (
        "pb:x a owl:ObjectProperty ; rdfs:range pb:Person ; pb:usedOn pb:Holding ; pb:identifies pb:Figure .",
        ":75: unreadable-annotation",
    ),
    "class of two sections": (
        'pb:X a owl:Class ; rdfs:subClassOf pb:Claim ; pb:section "xs" , "ys" .',
        ":47: unreadable-annotation",
    ),
    "caption of a key of other claims": ('pb:Company pb:caption "{printedAs} trains"@en .', ":12: caption-key"),
}


OF_TWO: dict[str, tuple[str, str]] = {
    "same name": ("<https://example.org/Village> a owl:Class .", "Village ambiguous-term"),
    "name of a class and a property": ("pb:Village a owl:ObjectProperty .", "Village ambiguous-term"),
    "class below itself": ("pb:Organization rdfs:subClassOf pb:Company .", "Company class-circle"),
    "section taken": (
        'pb:X a owl:Class ; rdfs:subClassOf pb:Claim ; pb:section "mentions" .',
        "Mention section-taken",
    ),
    "label beside another": ('pb:Organization rdfs:label "body"@en .', "Organization two-texts"),
    "declared in another file": ("pb:Group a owl:Class .", "Group term-twice"),
}
"""What is said of a term that is spoken of elsewhere, too: each line that is told names it."""


@pytest.mark.parametrize("name", OF_TWO)
def test_an_ontology_that_says_two_things_of_a_term(name: str, tmp_path: Path) -> None:
    more, expected = OF_TWO[name]
    folder = small_project(tmp_path / "p", ("ontology",))
    add(DOMAIN, f"\n{more}\n")(folder)
    found = [re.match(r"([^:]+):(\d+):\d+: (.+)", line) for line in told(run(folder, "check"))]
    assert found
    term, code = expected.split()
    for each in found:
        assert each
        block = (folder / each[1]).read_text(encoding="utf-8").splitlines()[int(each[2]) - 4 : int(each[2])]
        assert each[3] == code
        assert re.search(rf"\b(X|Organization|{term})\b", " ".join(block))


IDLE: dict[str, tuple[str, list[str]]] = {
    "class of no kind": ("pb:X a owl:Class .", ["class-without-kind"]),
    "class of all there is": ("pb:X a owl:Class ; rdfs:subClassOf owl:Thing .", ["class-without-kind"]),
    "class above one of a kind": ("pb:X a owl:Class . pb:Company rdfs:subClassOf pb:X .", []),
    "class of named members": ("pb:X a owl:Class . pb:y a pb:X .", []),
    "class whose members are of one below": ("pb:X a owl:Class . pb:Y a owl:Class ; rdfs:subClassOf pb:X . pb:y a pb:Y .", []),
    "claims of no section": ("pb:X a owl:Class ; rdfs:subClassOf pb:Claim . pb:of pb:usedOn pb:X .", ["claim-without-section"]),
    "claims below those of a section": ("pb:X a owl:Class ; rdfs:subClassOf pb:Figure .", []),
    "claims below all there is, too": (
        "pb:X a owl:Class ; rdfs:subClassOf pb:Claim , owl:Thing . pb:of pb:usedOn pb:X ; pb:identifies pb:X .",
        ["claim-without-section"],
    ),
    "claims above those of a section": ("pb:X a owl:Class ; rdfs:subClassOf pb:Claim . pb:Mention rdfs:subClassOf pb:X .", []),
    "claims that nothing tells apart": (
        'pb:X a owl:Class ; rdfs:subClassOf pb:Claim ; pb:section "xs" . pb:object pb:usedOn pb:X .',
        ["claim-without-identity"],
    ),
    "claims that a key of theirs tells apart": (
        'pb:X a owl:Class ; rdfs:subClassOf pb:Claim ; pb:section "xs" . pb:object pb:usedOn pb:X ; pb:identifies pb:X .',
        [],
    ),
    "claims that a key of all claims tells apart": (
        'pb:X a owl:Class ; rdfs:subClassOf pb:Claim ; pb:section "xs" . pb:subject pb:usedOn pb:X .',
        [],
    ),
    "claims below those that are told apart": ('pb:X a owl:Class ; rdfs:subClassOf pb:Mention ; pb:section "xs" .', []),
    "key of nothing": ("pb:x a owl:DatatypeProperty .", ["key-of-nothing"]),
    "key that has a domain": ("pb:x a owl:ObjectProperty ; rdfs:domain pb:Village ; rdfs:range pb:Village .", ["key-of-nothing"]),
    "key that another is the inverse of": ("pb:x a owl:ObjectProperty . pb:partOf owl:inverseOf pb:x .", ["key-of-nothing"]),
    "key that speaks of the core": (
        "pb:x a owl:ObjectProperty ; rdfs:seeAlso <https://w3id.org/pbgraph/ontology/core> .",
        ["key-of-nothing"],
    ),
    "key of all claims that tells some apart": (
        "pb:x a owl:DatatypeProperty ; pb:usedOn pb:Claim ; pb:identifies pb:Figure .",
        [],
    ),
    "property above others": ("pb:x a owl:ObjectProperty . pb:partOf rdfs:subPropertyOf pb:x .", []),
    "property of the core": (
        "pb:x a owl:ObjectProperty ; rdfs:isDefinedBy <https://w3id.org/pbgraph/ontology/core> .",
        [],
    ),
    "shortcut and its converse": (
        "pb:x a owl:ObjectProperty ; pb:computed true ; pb:shortcutOf pb:Mention ; pb:edgeFrom pb:subject ;"
        " pb:edgeTo pb:subject ; owl:inverseOf pb:y . pb:y a owl:ObjectProperty ; pb:computed true .",
        [],
    ),
}


@pytest.mark.parametrize("name", IDLE)
def test_terms_by_which_nothing_can_be_said_are_told(name: str, tmp_path: Path) -> None:
    more, expected = IDLE[name]
    folder = small_project(tmp_path / "p", ("ontology",))
    line = (folder / DOMAIN).read_text(encoding="utf-8").count("\n") + 2
    add(DOMAIN, f"\n{more}\n")(folder)
    result = run(folder, "check")
    found = [each for each in told(result) if not each.endswith(("term-without-label", "unused-entity"))]
    assert found == [f"{DOMAIN}:{line}:1: {code}" for code in expected]
    assert result.exit_code == 0


def test_what_is_wrong_with_an_annotation_says_which_of_its_values_it_is(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", ("ontology",))
    add(DOMAIN, '\npb:X a owl:Class ; rdfs:subClassOf pb:Claim ; pb:section "xs" , "ys" .\n')(folder)
    assert "The `section` of `X` cannot be `ys`." in run(folder, "check").stderr
    assert "`X` 的 `section` 不能是 `ys`。" in run(folder, "check", "--lang", "zh").stderr


@pytest.mark.parametrize("name", TURTLE)
def test_an_ontology_that_cannot_be_used(name: str, tmp_path: Path) -> None:
    more, expected = TURTLE[name]
    folder = small_project(tmp_path / "p", ("ontology",))
    line = (folder / DOMAIN).read_text(encoding="utf-8").count("\n") + 2
    add(DOMAIN, f"\n{more}\n")(folder)
    result = run(folder, "check")
    assert set(told(result)) == {f"{DOMAIN}:{line}{expected}"}
    assert (result.exit_code, result.stdout) == (1, "")


PROJECTS: dict[str, tuple[Break, list[str]]] = {
    "no project": (drop(CONFIG), ["pbgraph.toml: no-project"]),
    "no ontology": (drop("ontology"), ["ontology: no-ontology"]),
    "no core": (drop(CORE), ["ontology/pbgraph.ttl: missing-term"]),
    "core that leads nowhere": (dangle(CORE), ["ontology/core.ttl: unreadable-file"]),
    "core without a term": (swap(CORE, "pb:atArticle a owl:", "pb:atArticles a owl:"), ["ontology/core.ttl: missing-term"]),
    "ontology that is not UTF-8": (put(DOMAIN, b"# x\n\xff"), ["ontology/pbgraph.ttl:2:1: not-utf8"]),
    "ontology with a byte order mark": (all_of(put(CORE, b"\xef\xbb\xbf"), drop(DOMAIN)), ["ontology/core.ttl: missing-term"]),
    "shapes that are no Turtle": (put("shapes/own.ttl", "x"), ["shapes/own.ttl:1:1: bad-turtle"]),
    "shapes that lead nowhere": (dangle("shapes/own.ttl"), ["shapes/own.ttl: unreadable-file"]),
    "check without header": (put(CHECK, "SELECT ?this {}"), ["queries/checks/own.rq:1:1: query-header"] * 2),
    "shape of a class that there is not": (put(OWN, f"{SHAPE} sh:targetClass pb:Vilage ."), [f"{OWN}:5:43: unknown-term"]),
    "shape that says what SHACL does not know": (
        put(OWN, f"{SHAPE} sh:property [ sh:path pb:form ; sh:minCuont 1 ] ."),
        [f"{OWN}:5:60: unknown-term"],
    ),
    "shape whose SPARQL asks for no term": (
        put(OWN, f'{SHAPE} sh:sparql [ sh:select """\n  SELECT $this {{ $this <{TERMS}partof> ?value }}""" ] .'),
        [f"{OWN}:6:24: unknown-term"],
    ),
    "check that asks for no term": (
        put(
            CHECK,
            f"{OWN_CHECK}SELECT ?this {{\n  ?this a pb:Village ; <{TERMS}partof> 'pb:x', <urn:a/pb:z> # pb:y\n}}",
        ),
        [f"{CHECK}:4:24: unknown-term"],
    ),
    "check that is no SPARQL": (
        put(CHECK, OWN_CHECK + "SELECT ?this WHERE {\n  ?this pb:form }"),
        ["queries/checks/own.rq:4:17: bad-query"],
    ),
    "check that constructs": (
        put(CHECK, f"{OWN_CHECK}CONSTRUCT {{ ?a ?b ?c }} WHERE {{ ?a ?b ?c }}"),
        ["queries/checks/own.rq:3:1: bad-query"],
    ),
    "shape in brackets": (
        put(OWN, f"{SHAPE} sh:targetClass pb:Village ; sh:property [ sh:path pb:form ; sh:minCount 1 ] ."),
        [f"{OWN}:5:1: shape-without-address"],
    ),
    "shape without words": (
        put(OWN, f"{SHAPE} sh:targetClass pb:Village ; sh:property shape:b .\nshape:b sh:path pb:form ; sh:minCount 1 ."),
        [f"{OWN}:6:1: shape-without-words"],
    ),
    "shape with words in one language": (
        put(OWN, f'{SHAPE} sh:targetClass pb:Village ; sh:class pb:Village ; sh:message "x" ; pb:remedy "x"@zh .'),
        [f"{OWN}:5:1: shape-without-words"],
    ),
    "shape whose severity is a text": (
        put(OWN, SAID.replace("sh:targetClass", 'sh:severity "warning" ; sh:targetClass')),
        [f"{OWN}:5:1: bad-shapes"],
    ),
    "check that tells of what it never finds": (
        put(CHECK, f"{OWN_CHECK}SELECT ?this ?value {{ ?this a pb:Village FILTER (false) }}"),
        [f"{CHECK}:3:14: never-bound"],
    ),
    "check whose rows no column tells apart": (
        put(CHECK, f"{OWN_CHECK}#+ once: [this, thsi]\nSELECT ?this {{ ?this a pb:Village FILTER (false) }}"),
        [f"{CHECK}:3:17: unknown-column"],
    ),
    "shape of a code that there is": (put(OWN, SAID.replace("shape:own ", "shape:unknown-id ")), [f"{OWN}:5:1: code-twice"]),
    "check of a code that there is": (
        put("queries/checks/unknown-id.rq", f"{OWN_CHECK}SELECT ?this {{ ?this a pb:Village FILTER (false) }}"),
        ["queries/checks/unknown-id.rq:3:1: code-twice"],
    ),
    "check of a shape's code": (
        all_of(put(OWN, SAID), put(CHECK, f"{OWN_CHECK}SELECT ?this {{ ?this a pb:Village FILTER (false) }}")),
        [f"{CHECK}:3:1: code-twice"],
    ),
    "shape with another namespace": (
        put(OWN, SAID.replace("/pbgraph/ontology", "/pb-graph/ontology")),
        [f"{OWN}:1:14: other-namespace"],
    ),
    "check with another namespace": (
        put(CHECK, f"{OWN_CHECK}PREFIX pb: <urn:pb#>\nSELECT ?this {{ ?this a pb:Village FILTER (false) }}"),
        [f"{CHECK}:3:13: other-namespace"],
    ),
    "shape without target": (put(OWN, SAID.replace("sh:targetClass pb:Village ;", "")), [f"{OWN}:5:1: shape-idle"]),
    "shape without demand": (put(OWN, SAID.replace("sh:class pb:Village ;", "")), [f"{OWN}:5:1: shape-idle"]),
    "shape of a key that its nodes cannot have": (
        put(OWN, SAID.replace("sh:class pb:Village", "sh:path pb:share ; sh:maxCount 1")),
        [f"{OWN}:5:1: shape-of-no-key"],
    ),
    "two shapes of one code": (
        put(OWN, f"{SAID}\n<urn:x#own> {SAID.split('shape:own ', 1)[1]}"),
        [f"{OWN}:5:1: code-twice", f"{OWN}:6:1: code-twice"],
    ),
    "check of nothing": (
        put(CHECK, f"{OWN_CHECK}SELECT ?x {{ ?x a pb:Village FILTER (false) }}"),
        ["queries/checks/own.rq:3:1: check-without-this"],
    ),
    "check that asks a function": (
        put(CHECK, f"{OWN_CHECK}SELECT (<urn:f>(1) AS ?this) {{}}"),
        ["queries/checks/own.rq:3:1: bad-query"],
    ),
    "shapes that are not UTF-8": (put("shapes/own.ttl", "# 甲".encode("gb18030")), ["shapes/own.ttl:1:3: not-utf8"]),
    "shapes with a byte order mark": (
        put(OWN, f"\ufeff{SHAPE} sh:targetClass pb:Vilage ."),
        [f"{OWN}:5:43: unknown-term"],
    ),
    "check that is not UTF-8": (put(CHECK, b"#+ what: \xff"), ["queries/checks/own.rq:1:10: not-utf8"]),
    "check that leads nowhere": (dangle(CHECK), ["queries/checks/own.rq: unreadable-file"]),
    "severity": (put(CHECK, f"{OWN_CHECK}#+ severity: Warning\nSELECT ?this {{}}"), ["queries/checks/own.rq:3:4: header-form"]),
    "message with a strange name": (
        put(CHECK, OWN_CHECK.replace("en: A", "en: 'A {that}'") + "SELECT ?this { ?this a pb:Village FILTER (false) }"),
        ["queries/checks/own.rq:3:1: bad-message"],
    ),
}


@pytest.mark.parametrize("name", PROJECTS)
def test_a_project_that_cannot_be_used(name: str, tmp_path: Path) -> None:
    change, expected = PROJECTS[name]
    change(folder := small_project(tmp_path / "p", ("ontology",)))
    result = run(folder, "check")
    assert told(result) == expected
    assert (result.exit_code, result.stdout) == (1, "")


def test_a_key_that_has_to_be_where_it_cannot_is_missed_everywhere(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", ("ontology",))
    put(OWN, SAID.replace("sh:class pb:Village", "sh:path pb:share ; sh:minCount 1"))(folder)
    assert told(run(folder, "check")) == ["data/places.yaml:8:5: own"]


def test_a_shape_of_several_classes_is_for_those_that_can_have_its_key(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", ("ontology",))
    shared = SAID.replace("sh:class pb:Village", "sh:path pb:share ; sh:maxCount 1")
    put(OWN, f"{shared}\nshape:Figures a sh:NodeShape ; sh:targetClass pb:Figure ; sh:property shape:own .")(folder)
    assert run(folder, "check").exit_code == 0


BESIDE = "ontology/alignment.ttl"
ALIGNED = {
    "pb:Countyy rdfs:subClassOf schema:Place .": "1: unknown-term",
    "pb:County rdfs:subclassOf schema:Place .": "11: unknown-term",
    "pb:County skos:closeMtch schema:Place .": "11: unknown-term",
    "pb:County rdfs:subClassOf .": "27: bad-turtle",
    "pb:County rdfs:subClassOf schema:Place .": "",
}


@pytest.mark.parametrize("more", ALIGNED)
def test_what_terms_are_elsewhere_is_held_against_the_ontology(more: str, tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", ("ontology",))
    line = (folder / BESIDE).read_text(encoding="utf-8").count("\n") + 1
    add(BESIDE, f"{more}\n")(folder)
    result = run(folder, "check")
    found = [each for each in told(result) if each.startswith(BESIDE)]
    assert found == ([f"{BESIDE}:{line}:{ALIGNED[more]}"] if ALIGNED[more] else [])


def test_a_class_whose_caption_lacks_a_language_is_told(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", ("ontology",))
    swap(DOMAIN, '"{beneficiary}与{partner}：{kind}[（{modality}）]"@zh', '"{beneficiary}"@zh-tw')(folder)
    found = [each for each in told(run(folder, "check")) if each.startswith(DOMAIN)]
    assert [each.rpartition(" ")[2] for each in found] == ["term-without-caption"]


def test_queries_of_one_name_in_two_folders_are_refused(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", ("ontology",))
    add(CONFIG, '\n[paths]\nchecks = ["queries/checks", "more"]\n')(folder)
    for path in (CHECK, "more/own.rq"):
        put(path, f"{OWN_CHECK}SELECT ?this {{ ?this a pb:Village FILTER (false) }}")(folder)
    assert told(run(folder, "check")) == ["more/own.rq:3:1: query-twice"]


def test_a_query_whose_name_cannot_be_typed_is_refused(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", ("ontology",))
    put("queries/checks/New One.rq", f"{OWN_CHECK}SELECT ?this {{ ?this a pb:Village FILTER (false) }}")(folder)
    assert told(run(folder, "check")) == ["queries/checks/New One.rq: query-name"]


def test_a_mark_may_stand_without_a_blank(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", ("ontology",))
    put(CHECK, "#+what: {zh: 甲, en: A}\n#+remedy: {zh: 乙, en: B}\nSELECT ?this { ?this a pb:Village FILTER (false) }")(folder)
    assert run(folder, "check").exit_code == 0


HEADERS: dict[str, tuple[tuple[str, str], list[str]]] = {
    "no header": (("#+", "#"), [f"{ASKED}:1:1: query-header"] * 4),
    "no question": (
        ("#+ question:\n#+   en: With whom is a village paired?\n#+   zh: 一个村与谁结对？\n", ""),
        [f"{ASKED}:1:1: query-header"],
    ),
    "question in one language": (("#+   zh: 一个村与谁结对？\n", ""), [f"{ASKED}:1:4: header-form"]),
    "question as text": (
        ("#+ reading:\n#+   en: One row for each partner.\n#+   zh: 每个伙伴一行。\n", "#+ reading: x\n"),
        [f"{ASKED}:5:4: header-form"],
    ),
    "keywords as text": (("[pairing, partner, 结对, 伙伴]", "pairing"), [f"{ASKED}:4:4: header-form"]),
    "parameters as text": (("{village: Village}", "village"), [f"{ASKED}:8:4: header-form"]),
    "no example": (("[{village: yaobu}]", "[]"), [f"{ASKED}:10:4: header-form"]),
    "example of another parameter": (
        ("[{village: yaobu}]", "[{village: yaobu, county: x}]"),
        [f"{ASKED}:10:4: header-parameters"],
    ),
    "example without the required": (("[{village: yaobu}]", "[{words: x}]"), [f"{ASKED}:10:4: header-parameters"]),
    "required and not declared": (
        ("required: [village]", "required: [county]"),
        [f"{ASKED}:9:4: header-parameters", f"{ASKED}:10:4: header-parameters"],
    ),
    "unknown key": (("#+ keywords", "#+ keyword"), [f"{ASKED}:1:1: query-header", f"{ASKED}:4:4: header-key"]),
    "broken YAML": (("[{village: yaobu}]", "[{village: yaobu]"), [f"{ASKED}:10:30: yaml-syntax"]),
    "duplicate key": (("#+ keywords", "#+ question"), [f"{ASKED}:4:4: duplicate-key"]),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_question_whose_header_cannot_be_used(name: str, tmp_path: Path) -> None:
    (old, new), expected = HEADERS[name]
    assert old in QUESTION
    all_of(put(CONFIG, BASE + TITLE), put(ASKED, QUESTION.replace(old, new)))(tmp_path)
    result = run(tmp_path, "query")
    assert told(result) == expected
    assert (result.exit_code, result.stdout) == (1, "")


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("{village: Village}", "{village: Vilage}", "8:26: unknown-type"),
        ("{village: Village}", "{village: Village, wordz: text}", "8:35: unknown-variable"),
        ("{village: Village}", "{village: Village, claim: Claim}", "8:35: parameter-without-column"),
        ("[{village: yaobu}]", "[{village: yaobu}, {village: yaobuu}]", "10:43: unknown-name"),
        ("#+ keywords", "#+ columns: {patner: {zh: 伙伴, en: partner}}\n#+ keywords", "4:14: unknown-column"),
        ("#+ keywords", "#+ columns: {par: {zh: 伙伴, en: partner}}\n#+ keywords", "4:14: unknown-column"),
        ("#+ keywords", "\n#+ keywords", "5:1: header-apart"),
    ],
)
def test_a_question_whose_header_names_what_there_is_not(old: str, new: str, finding: str, tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p")
    swap(ASKED, old, new)(folder)
    result = run(folder, "build")
    assert told(result) == [f"{ASKED}:{finding}"]
    assert (result.exit_code, (folder / "build").exists()) == (1, False)


@pytest.mark.parametrize("name", ["queries/checks/own.sparql", "shapes/own.shacl", "shapes/own.TTL"])
def test_a_rule_with_another_ending_is_told(name: str, tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p")
    assert run(folder, "check").exit_code == 0
    put(name, "x")(folder)
    assert told(run(folder, "check")) == [f"{name}: file-suffix"]
    drop(name)(folder)
    assert run(folder, "check").exit_code == 0


def test_what_names_things_of_another_base_is_told(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p")
    found = "FILTER (?village != id:yaobu) }\nORDER BY"
    swap(ASKED, "}\nORDER BY", found)(folder)
    swap(ASKED, "PREFIX pb:", "PREFIX id: <https://elsewhere.example/id/>\nPREFIX pb:")(folder)
    assert told(run(folder, "build")) == [f"{ASKED}:11:13: other-namespace"]
    swap(CONFIG, "https://w3id.org/pbgraph/", "https://elsewhere.example/")(folder)
    assert "shapes/places.ttl:2:14: other-namespace" in told(run(folder, "check"))


def test_a_question_with_another_ending_is_told(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p")
    put("queries/questions/own.RQ", "x")(folder)
    assert told(run(folder, "build")) == ["queries/questions/own.RQ: file-suffix"]


def test_a_file_that_is_named_outright_may_end_in_anything(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", ("ontology",))
    (folder / DOMAIN).rename(folder / "ontology" / "own.owl")
    add(CONFIG, '\n[paths]\nontology = ["ontology/core.ttl", "ontology/own.owl"]\n')(folder)
    assert told(run(folder, "check")) == []


def test_all_queries_with_faults_are_told_at_once(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", ("ontology",))
    all_of(put(CHECK, b"\xff"), put("queries/checks/other.rq", ""), dangle("queries/checks/third.rq"))(folder)
    assert told(run(folder, "check")) == [
        "queries/checks/other.rq:1:1: query-header",
        "queries/checks/other.rq:1:1: query-header",
        "queries/checks/own.rq:1:1: not-utf8",
        "queries/checks/third.rq: unreadable-file",
    ]


@pytest.mark.parametrize(
    ("family", "header"),
    [
        ("questions", "#+ question: {zh: 甲, en: A}\n#+ keywords: [a]\n#+ reading: {zh: 乙, en: B}\n#+ examples: [{}]\n"),
        pytest.param("tables", "#+ label: {zh: 甲, en: A}\n", marks=pytest.mark.prove),
        pytest.param("networks", "#+ label: {zh: 甲, en: A}\n#+ legend: {zh: 乙, en: B}\n", marks=pytest.mark.prove),
        ("pages", ""),
        pytest.param(
            "conflicts",
            "#+ label: {zh: 甲, en: A}\n#+ what: {zh: 乙, en: B}\n#+ reading: {zh: 丙, en: C}\n",
            marks=pytest.mark.prove,
        ),
    ],
)
def test_a_kept_query_that_asks_for_no_term_keeps_a_build_from_being_made(family: str, header: str, tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p")
    put(f"queries/{family}/own.rq", f"{header}SELECT ?this {{ ?this pb:beneficary ?that }}")(folder)
    result = run(folder, "build")
    assert told(result) == [f"queries/{family}/own.rq:{header.count('#+') + 1}:22: unknown-term"]
    assert "Did you mean pb:beneficiary?" in result.stderr
    assert (result.exit_code, (folder / "build").exists()) == (1, False)
