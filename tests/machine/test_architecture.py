"""The shape of the machine: which module may know which, one room for each library, no word of the domain, nothing too big."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import OWL, RDF

from conftest import ROOT

PACKAGE = ROOT / "src" / "pbgraph"
FILES = sorted(PACKAGE.rglob("*.py"))

LISTED = """
languages sentences problems progress locking garbage terms likeness project cache contents forking reporting
solutions sparql dump store vocabularies spelling declarations ranges ontologyslips schema slips
records turtlefiles csvrows sheets numerals scripts amounts dates
things scalars reading interleaving mapping index datafiles derive commenting formatting yamlfiles
shapes breaches constraints dependence reach
labels presenting romanizing texts finding
headers queryslips queries explaining wordless idleterms checks checkpoints crossings rechecks verdicts
editing spotting timechecks evidence verified surroundings coverage addresses
conflicts formats colours xmltext graphs pronouncing atlas
drawing.lettering drawing.placement drawing.curves drawing.svg drawing.legend drawing.scene drawing.picture drawing.pixels drawing
large layout.packing layout.parts layout.apart layout.stress layout.pivots layout.maps layout.trees layout.placing
layout metrics networks gexf graphml projections selections excerpt assembling interchange legends figures exporting
datewords dataset publishing void
listing tracing sites linked telling citing origins indexing embedding patterns phrases templating pages
parquet tables collecting products build opened terminal answers
cli.session cli.watching cli.curating cli.asking cli.exporting cli.building cli __main__
"""
ORDER = LISTED.split()
"""The modules in the order in which they may import each other: each one only what stands before it."""

ROOMS = {
    "yaml": "records",
    "edtf": "dates",
    "rapidfuzz": "likeness",
    "opencc": "scripts",
    "pypinyin": "romanizing",
    "pyoxigraph": "store",
    "pyarrow": "parquet",
    "PIL": "drawing.pixels",
    "vl_convert": "figures",
    "pyshacl": "shapes",
    "rdflib": "reach",
    "pyparsing": "shapes reach",  # what pySHACL and rdflib raise when a path, pattern or query cannot be parsed
    "numpy": "layout",
    "igraph": "large",
    "networkx": "networks",
    "jinja2": "templating",
    "bibtexparser": "citing",
    "markupsafe": "phrases",  # the texts that Jinja takes for markup
    "rich": "terminal",
    "click": "cli",
}
"""The one module that imports each library from outside the standard library."""

WORDS_OF_ITS_OWN = {
    "component": {"shapes", "metrics", "excerpt"},  # of SHACL: sh:sourceConstraintComponent; of a graph
    "role": {"drawing.picture"},  # of SVG
    "kind": {"networks", "gexf", "legends", "drawing.picture", "sites", "coverage"},  # columns, keys and ways of reading
    "object": {"editing"},  # a type of JSON Schema
    "mentions": {"linked"},  # of schema.org
    "relation": {
        "networks",
        "gexf",
        "projections",
        "selections",
        "legends",
        "drawing.scene",
        "telling",
    },  # columns of networks and of ties
}
"""Plain words that are quoted in a module for a reason of its own and happen to be the name of a property, too."""


def name(file: Path) -> str:
    return ".".join(file.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def room(file: Path) -> str:
    """The module that a library is imported by; the command line is one, in several files, and so are layout and networks."""
    if name(file) == "metrics":  # Nodes are measured by the library that holds them.
        return "networks"
    return next((part for part in ("cli", "layout") if name(file).startswith(f"{part}.")), name(file))


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(file: Path, for_types: bool) -> Iterator[str]:
    """The modules that a file imports, wherever it does, with or without those that only its annotations need."""
    blocks = [node for node in ast.walk(parsed(file)) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    skipped = set() if for_types else {id(node) for block in blocks for node in ast.walk(block)}
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import) and id(node) not in skipped:
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and id(node) not in skipped:
            assert node.level == 0, "relative import"
            inside = (node.module or "").split(".")[0] == "pbgraph"
            below = PACKAGE / (node.module or "").partition(".")[2]
            for alias in node.names if inside else ():
                yield f"{node.module}.{alias.name}" if (below / f"{alias.name}.py").exists() else node.module or ""
            yield from [] if inside else [node.module or ""]


def test_every_module_has_its_place_in_the_order() -> None:
    assert len(FILES) >= 45
    assert sorted(ORDER) == sorted(set(map(name, FILES)) - {"__init__"})


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_module_imports_only_what_stands_before_it(file: Path) -> None:
    if file == PACKAGE / "__init__.py":
        assert list(imported(file, for_types=True)) == ["importlib", "typing"]
        return
    own = [each.removeprefix("pbgraph.") for each in imported(file, for_types=False) if each.startswith("pbgraph.")]
    assert set(own) <= set(ORDER[: ORDER.index(name(file))])


def test_each_library_has_one_room() -> None:
    found: dict[str, set[str]] = {}
    for file in FILES:
        for module in imported(file, for_types=True):
            top = module.split(".")[0]
            if top not in sys.stdlib_module_names and top != "pbgraph":
                found.setdefault(top, set()).add(room(file))
    assert found == {library: {*rooms.split()} for library, rooms in ROOMS.items()}


@cache
def terms() -> tuple[frozenset[str], frozenset[str]]:
    """The local names of the domain's classes and properties."""
    graph = rdflib.Graph().parse(ROOT / "ontology" / "pbgraph.ttl")
    classes = {str(node).rsplit("#", 1)[-1] for node in graph.subjects(RDF.type, OWL.Class) if isinstance(node, rdflib.URIRef)}
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    properties = {str(node).rsplit("#", 1)[-1] for kind in kinds for node in graph.subjects(RDF.type, kind)}
    assert len(classes) > 30
    assert len(properties) > 30
    return frozenset(classes), frozenset(properties)


@pytest.mark.parametrize("file", FILES, ids=name)
def test_the_machine_knows_no_word_of_the_domain(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    classes, properties = terms()
    assert sorted(set(re.findall(r"\w+", text)) & classes) == []
    quoted = set(re.findall(r"[\"'](\w+)[\"']", text)) | set(re.findall(r"\bpb:(\w+)", text))
    assert sorted(word for word in quoted & properties if name(file) not in WORDS_OF_ITS_OWN.get(word, ())) == []


def test_words_of_their_own_are_still_there() -> None:
    for word, modules in WORDS_OF_ITS_OWN.items():
        for module in modules:
            text = (PACKAGE / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
            assert f'"{word}"' in text, (word, module)


def public(node: ast.AST, path: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """The classes and functions that other modules may use, methods included."""
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.FunctionDef | ast.ClassDef) and not each.name.startswith("_"):
            yield f"{path}{each.name}", each
            if isinstance(each, ast.ClassDef):
                yield from public(each, f"{path}{each.name}.")


@pytest.mark.parametrize("file", FILES, ids=name)
def test_what_is_public_says_what_it_is(file: Path) -> None:
    said = {found: ast.get_docstring(node) or "" for found, node in public(parsed(file))}
    silent = [found for found, text in said.items() if not re.fullmatch(r".*[.:)]", text.split("\n\n")[0])]
    # A method that an outside class declares is explained there.
    assert [found for found in silent if not found.endswith(".invoke")] == []
    assert (ast.get_docstring(parsed(file)) or "").strip()


@pytest.mark.parametrize("file", FILES, ids=name)
def test_nothing_is_too_big_to_be_read_at_once(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 350
    assert max(map(len, lines), default=0) <= 130
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.FunctionDef):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            assert len(arguments) <= 7, node.name
            assert (node.end_lineno or 0) - node.lineno < 60, node.name


@pytest.mark.parametrize("file", FILES, ids=name)
def test_no_error_is_swallowed(file: Path) -> None:
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type, node.lineno
        if isinstance(node, ast.ExceptHandler) or (isinstance(node, ast.Call) and ast.unparse(node.func) == "suppress"):
            caught = [node.type] if isinstance(node, ast.ExceptHandler) else node.args
            named = {each.id for one in caught if one for each in ast.walk(one) if isinstance(each, ast.Name)}
            named |= {each for constant in named for each in listed(parsed(file), constant)}
            assert named & {"Exception", "BaseException"} == set(), node.lineno


def listed(tree: ast.Module, constant: str) -> set[str]:
    """The names in the value that a module gives a constant."""
    values = [each.value for each in tree.body if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == constant]
    return {each.id for value in values for each in ast.walk(value) if isinstance(each, ast.Name)}
