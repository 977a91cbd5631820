"""What the commands print: questions by name and by SPARQL, every format read back, nothing but data on standard output."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.query import Result as RdflibResult

from asking import QUESTIONS
from breaking import drop, run, swap, told
from conftest import ROOT
from pbgraph import project as projects
from pbgraph.build import Report
from pbgraph.checks import prefixes, read_schema
from pbgraph.formats import csv_text
from pbgraph.queries import Query
from small import small_project

PB, ID = "https://w3id.org/pbgraph/ontology#", "https://w3id.org/pbgraph/id/"
PARTNERS = ("query", "partners", "--village")
EVERYTHING = "SELECT ?s ?p ?o (?o AS ?again) WHERE { ?s ?p ?o FILTER (isLiteral(?o) || ?p = pb:subject) } ORDER BY ?s ?p STR(?o)"
AWKWARD = r"""SELECT ?text ?nothing WHERE { VALUES ?text {
  "a,b" "a\"b" "a\tb" "a\nb\\" "a|b*_`[x]" "<b>&amp;" " x " "=1+1" "横县"@zh "1"^^xsd:integer 1.50 true id:yaobu
} }"""


@pytest.fixture(scope="module")
def folder(small_built: Path) -> Path:
    return small_built


def asked(folder: Path, *arguments: str, given: str | None = None) -> str:
    """What a query prints; that and nothing else."""
    result = run(folder, "query", *arguments, given=given)
    assert (result.exit_code, result.exception) == (0, None), result.stderr
    return result.stdout_bytes.decode()


@pytest.mark.parametrize("village", ["yaobu", "窑埠村", "Yaobu", "yaobu village", "瑶埠", "id:yaobu", f"{ID}yaobu"])
def test_a_parameter_is_an_id_or_any_name(village: str, folder: Path) -> None:
    rows = list(csv.reader(io.StringIO(asked(folder, *PARTNERS[1:], village))))
    assert rows == [
        ["village", "partner", "name", "quote"],
        [f"{ID}yaobu", f"{ID}junqiao", "Junqiao", "合作"],
        [f"{ID}yaobu", f"{ID}junqiao", "君桥公司", "合作"],
    ]
    assert asked(folder, "partners", f"--village={village}") == asked(folder, "partners", "--village", village)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_help_beside_a_question_tells_of_it_without_a_build(question: Query) -> None:
    found = run(ROOT, "query", question.name, "--help")
    assert (found.exit_code, found.stderr) == (0, "")
    told = found.stdout
    assert told.startswith(f"{question.name}\n  {question.header['question']['en']}\n")
    assert question.header["reading"]["en"] in told
    assert [word[2:] for word in re.findall(r"^  (--\w+)", told, re.MULTILINE)] == list(question.parameters)
    with (ROOT / "queries" / "questions" / f"{question.name}.csv").open(encoding="utf-8", newline="") as file:
        assert f"\nColumns:\n  {', '.join(next(csv.reader(file)))}\n" in told


def test_help_speaks_the_language_asked_for_and_knows_what_is_needed(tmp_path: Path) -> None:
    told = run(ROOT, "query", "--lang", "zh", "claims-of-year", "-h").stdout
    assert "\n参数：\n  --year YEAR（必填）\n" in told
    assert told.endswith("\n示例：\n  pbgraph query claims-of-year --year 2016\n")
    for words in (("query", "--help"), ("query", "nosuch", "--help")):
        assert run(ROOT, *words).stdout.startswith("Usage: ")
    assert run(tmp_path, "query", "plans", "--help").stdout.startswith("Usage: "), "no project"


def test_help_of_a_question_knows_the_prefixes_that_are_declared_for_it(small_built: Path, tmp_path: Path) -> None:
    shutil.copytree(small_built, folder := tmp_path / "p", symlinks=True)
    swap("queries/questions/partners.rq", "PREFIX pb: <https://w3id.org/pbgraph/ontology#>\n", "")(folder)
    told = run(folder, "query", "partners", "--help")
    assert (told.exit_code, "village, partner, name, quote" in told.stdout) == (0, True)


def test_words_are_words_whatever_signs_they_hold(built: Report) -> None:
    def indicators(words: str) -> list[str]:
        asked = ("query", "figures-and-their-time", "--words", words, "--columns", " indicator", "--format", "csv")
        return run(ROOT, *asked, "--build", str(built.output)).stdout.split()[1:]

    assert indicators("poor (|households+|low-income") == indicators("low-income") != []
    assert set(indicators("low-income|poor p")) > set(indicators("poor p")) > set()
    assert indicators(".*") == indicators("+") == []
    assert indicators(" low-income ｜poor p|") == indicators("low-income|poor p")
    asked = ("query", "figures-and-their-time", "--build", str(built.output), "--words")
    assert "no-words" in run(ROOT, *asked, " | ").stderr
    assert run(ROOT, *asked, "low-income|(low", "--columns", "words").stdout.split() == ["words", "low-income|(low"]


@pytest.mark.parametrize(
    ("typed", "year"), [("2016", True), ("2016年", True), ("2016-11", True), ("2016abc", False), ("2016.5", False)]
)
def test_a_year_is_one(typed: str, year: bool, built: Report) -> None:
    told = run(ROOT, "query", "claims-of-year", "--year", typed, "--columns", "year", "--build", str(built.output))
    assert (told.stdout.split() == ["year", "2016"], "bad-year" in told.stderr) == (year, not year)


def test_where_there_is_no_build_is_said_as_it_was_typed(tmp_path: Path) -> None:
    assert run(ROOT, "query", "sources", "--build", f"{tmp_path}/no/build").stderr.startswith(f"{tmp_path}/no/build: no-build: ")


def test_an_answer_of_a_build_that_is_older_than_its_files_says_so(small_built: Path, tmp_path: Path) -> None:
    shutil.copytree(small_built, folder := tmp_path / "p", symlinks=True)
    for path in folder.rglob("*"):
        os.utime(path, (1, 1), follow_symlinks=False)  # as if nobody had touched any since
    assert run(folder, *PARTNERS, "yaobu").stderr == ""
    swap("data/articles/second.yaml", "340余家", "350余家")(folder)
    assert run(folder, *PARTNERS, "yaobu").stderr.startswith("The build is older than the project's files")
    swap("data/articles/second.yaml", "350余家", "340余家")(folder)
    assert run(folder, *PARTNERS, "yaobu").stderr == ""
    drop("data/articles/second.yaml")(folder)
    assert run(folder, *PARTNERS, "yaobu").stderr.startswith("The build is older")


@pytest.mark.parametrize(
    "value", ["x> } DROP ALL #", '" . ?a ?b ?c', "'", "\\", "{}", "?village", "</script>", "a\nb", "横县 OR 1=1", "%s", "$1"]
)
def test_what_is_typed_is_bound_as_a_term_and_never_pasted(value: str, folder: Path) -> None:
    result = run(folder, *PARTNERS, value)
    assert (told(result), result.exit_code) == (["partners: unknown-name"], 1)
    assert asked(folder, "quoted", "--words", value) == "words,article,paragraph,passage\r\n"


def test_a_text_parameter_is_a_text(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(asked(folder, "quoted", "--words", "横县"))))
    assert [(row["article"], row["paragraph"]) for row in rows] == [(f"{ID}first", "2"), (f"{ID}second", "1")]
    rows = list(csv.DictReader(io.StringIO(asked(folder, "quoted", "--words", "横县", "--article", "The second"))))
    assert [row["article"] for row in rows] == [f"{ID}second"]


def test_sparql_comes_as_an_option_a_file_or_standard_input(folder: Path, tmp_path: Path) -> None:
    sparql = "SELECT ?x WHERE { ?x a pb:Village ; pb:partOf id:shitang }"
    (tmp_path / "own.rq").write_text(f"# 村\n{sparql}", encoding="utf-8")
    expected = f"x\r\n{ID}yaobu\r\n"
    assert asked(folder, "--sparql", sparql) == expected
    assert asked(folder, "--file", str(tmp_path / "own.rq")) == expected
    assert asked(folder, "-", given=sparql) == expected


def test_a_file_with_a_header_takes_the_parameters_that_it_declares(folder: Path, tmp_path: Path) -> None:
    header = "#+ parameters: {village: Village}\n"
    (tmp_path / "own.rq").write_text(f"{header}SELECT ?village WHERE {{ ?village a pb:Village }}", encoding="utf-8")
    assert asked(folder, "--file", str(tmp_path / "own.rq"), "--village", "窑埠村") == f"village\r\n{ID}yaobu\r\n"
    found = run(folder, "query", "--file", str(tmp_path / "own.rq"), "--vilage", "x")
    assert "Did you mean village?" in found.stderr
    (tmp_path / "own.rq").write_text("#+ parameters: village\nSELECT * {}", encoding="utf-8")
    assert "own.rq:1:4: header-form" in run(folder, "query", "--file", str(tmp_path / "own.rq")).stderr
    required = f"{header}#+ required: [village]\nSELECT ?village {{ ?village a pb:Village }}\n"
    (tmp_path / "own.rq").write_text(required, encoding="utf-8")
    assert "--village …" in run(folder, "query", "--file", str(tmp_path / "own.rq")).stderr


def test_a_query_asks_nothing_of_other_servers(folder: Path) -> None:
    for sparql in (
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { service silent<http://127.0.0.1:9/> {} }",
        'SELECT * { FILTER ("x" != """a"#""") SERVICE SILENT <http://127.0.0.1:9/> {} }',
        "SELECT * { FILTER ('x' != '''a\\''#''') SERVICE SILENT <http://127.0.0.1:9/> {} }",
        "SELECT * { VALUES ?s { <http://127.0.0.1:9/> } FILTER(1<2)SERVICE?s{FILTER(2>1)} }",
        "SELECT * { # a comment ends where the line does\r SERVICE <http://127.0.0.1:9/> {} }",
        "SELECT * { ?a pb:x\\# ?b . SERVICE <http://127.0.0.1:9/> {} }",
        "SELECT * { ?a pb:x\\' ?b . SERVICE <http://127.0.0.1:9/> {} FILTER (?a != ') }') }",
    ):
        found = run(folder, "query", "--sparql", sparql)
        assert (found.exit_code, found.stdout) == (1, ""), sparql
        assert "bad-query" in found.stderr
    assert asked(folder, "--sparql", 'SELECT ("SERVICE" AS ?service) {} # SERVICE') == "service\r\nSERVICE\r\n"


def serialized(folder: Path, sparql: str, format_: ox.QueryResultsFormat) -> str:
    """The store's own serialization of a query's solutions."""
    declared = prefixes(projects.load(folder), read_schema(projects.load(folder)).prefixes)
    found = ox.Store.read_only(str(folder / "build" / "store")).query(sparql, prefixes=declared, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return (found.serialize(format=format_) or b"").decode()


@pytest.mark.parametrize("sparql", [EVERYTHING, AWKWARD], ids=["everything", "awkward"])
def test_csv_tsv_and_json_say_what_the_store_itself_says(sparql: str, folder: Path) -> None:
    theirs = serialized(folder, sparql, ox.QueryResultsFormat.CSV)
    assert list(csv.reader(io.StringIO(asked(folder, "--sparql", sparql)))) == list(csv.reader(io.StringIO(theirs)))
    ours = ox.parse_query_results(asked(folder, "--sparql", sparql, "--format", "tsv").encode(), format=ox.QueryResultsFormat.TSV)
    parsed = ox.parse_query_results(
        serialized(folder, sparql, ox.QueryResultsFormat.TSV).encode(), format=ox.QueryResultsFormat.TSV
    )
    assert isinstance(ours, ox.QuerySolutions)
    assert isinstance(parsed, ox.QuerySolutions)
    rows = [tuple(solution) for solution in ours]
    assert rows == [tuple(solution) for solution in parsed]
    assert len(rows) > 10
    printed = asked(folder, "--sparql", sparql, "--format", "json")
    assert json.loads(printed) == json.loads(serialized(folder, sparql, ox.QueryResultsFormat.JSON))


def test_what_is_empty_is_not_what_is_left_out(folder: Path) -> None:
    assert "bad-query" in run(folder, "query", "--sparql", "").stderr
    assert "no column" in run(folder, *PARTNERS, "yaobu", "--columns", "").stderr
    assert "Did you mean partner?" in run(folder, *PARTNERS, "yaobu", "--columns", "village,partnr").stderr
    assert "没有“partnr”这一列" in run(folder, "--lang", "zh", *PARTNERS, "yaobu", "--columns", "partnr").stderr


def test_a_blank_node_is_told_as_one(folder: Path) -> None:
    sparql = "SELECT ?x { BIND (BNODE() AS ?x) }"
    (row,) = json.loads(asked(folder, "--sparql", sparql, "--format", "json"))["results"]["bindings"]
    assert row["x"]["type"] == "bnode"
    assert re.fullmatch(r"\?x\n_:\w+\n", asked(folder, "--sparql", sparql, "--format", "tsv"))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_whatever_would_end_a_line_is_quoted(end: str) -> None:
    lines = [["a\rb", "c\nd"], ["e\r\nf", 'g"h']]
    assert list(csv.reader(io.StringIO(csv_text(lines, end), newline=""))) == lines


def test_json_is_read_by_rdflib(folder: Path) -> None:
    text = asked(folder, "--sparql", EVERYTHING, "--format", "json")
    read = RdflibResult.parse(io.BytesIO(text.encode()), format="json")
    ours = list(csv.reader(io.StringIO(asked(folder, "--sparql", EVERYTHING))))
    assert [str(name) for name in read.vars or []] == ours[0] == ["s", "p", "o", "again"]
    assert [[str(term) for term in row] for row in read] == ours[1:]  # type: ignore[union-attr]


def test_markdown_is_a_table_in_which_nothing_is_markup(folder: Path) -> None:
    lines = asked(folder, "--sparql", AWKWARD, "--format", "markdown").splitlines()
    assert lines[:2] == ["| text | nothing |", "| --- | --- |"]
    cells = [line.removeprefix("| ").split(" | ")[0] for line in lines[2:]]
    assert cells[:8] == ["a,b", 'a"b', "a b", "a b\\\\", r"a\|b\*\_\`\[x\]", "&lt;b>&amp;amp;", "x", "=1+1"]
    assert cells[-1] == "Yaobu (id:yaobu)"
    assert len(lines) == 15


def test_a_table_shows_names_and_counts_its_rows_on_standard_error(folder: Path) -> None:
    result = run(folder, *PARTNERS, "yaobu", "--format", "table")
    assert result.stderr == "2 rows\n"
    lines = [line.split() for line in result.stdout.splitlines() if line.strip()]
    assert lines[0] == ["village", "partner", "name", "quote"]
    assert lines[-1] == ["Yaobu", "(id:yaobu)", "Junqiao", "(id:junqiao)", "君桥公司", "合作"]
    assert "\x1b" not in result.stdout


def test_names_come_in_the_language_asked_for(folder: Path) -> None:
    chinese = run(folder, "--lang", "zh", *PARTNERS, "yaobu", "--format", "markdown").stdout
    assert "窑埠村 (id:yaobu)" in chinese
    assert "| Yaobu | Junqiao |" in asked(folder, *PARTNERS[1:], "yaobu", "--format", "markdown", "--names")
    assert "| id:yaobu | id:junqiao |" in asked(folder, *PARTNERS[1:], "yaobu", "--format", "markdown", "--no-labels")
    assert "Yaobu (id:yaobu),Junqiao (id:junqiao)," in asked(folder, *PARTNERS[1:], "yaobu", "--labels")


def test_columns_are_chosen_in_the_order_given(folder: Path) -> None:
    assert asked(folder, *PARTNERS[1:], "yaobu", "--columns", "quote,partner").splitlines()[1] == f"合作,{ID}junqiao"


@pytest.mark.parametrize(("language", "said"), [("en", "No question is about “zzz”"), ("zh", "没有与“zzz”有关的问题")])
def test_a_word_that_no_question_is_about_is_told_of(language: str, said: str, folder: Path) -> None:
    assert run(folder, "--lang", language, "query", "--list", "zzz").stdout.startswith(said)


def test_without_a_name_the_questions_are_listed(folder: Path) -> None:
    lines = asked(folder).splitlines()
    assert lines == [
        *("partners --village …", "    With whom is a village paired?"),
        *("quoted [--words …] [--article …]", "    Which quotes read so?"),
    ]
    assert "    一个村与谁结对？" in run(folder, "--lang", "zh", "query").stdout


def on_a_terminal(folder: Path, **env: str) -> str:
    """What a query prints when standard output is a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pbgraph", "--lang", "en", "--project", str(folder), *PARTNERS, "yaobu"]
    inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    settings = {**inherited, "TERM": "xterm", "COLUMNS": "200", **env}
    ran = subprocess.run(command, stdout=theirs, stderr=subprocess.DEVNULL, env=settings, check=True)
    os.close(theirs)
    assert ran.returncode == 0
    with open(ours, encoding="utf-8", errors="replace") as terminal:  # noqa: PTH123
        return terminal.readline() + terminal.readline() + terminal.readline() + terminal.readline()


def test_a_terminal_gets_a_coloured_table_unless_told_otherwise(folder: Path) -> None:
    coloured, bare = on_a_terminal(folder), on_a_terminal(folder, NO_COLOR="1")
    assert "\x1b[1m" in coloured
    assert "\x1b[3" not in bare
    for text in (coloured, bare):
        assert "village" in text
        assert f"{ID}yaobu" not in text


@pytest.mark.parametrize("command", [(), ("check",), ("build",), ("query",)])
def test_every_command_explains_itself(command: tuple[str, ...], folder: Path) -> None:
    long, short = run(folder, *command, "--help"), run(folder, *command, "-h")
    assert long.exit_code == 0
    assert long.stdout == short.stdout
    assert long.stdout.startswith("Usage: ")
    assert len(long.stdout.splitlines()) > 5


def test_the_version_is_that_of_the_package(folder: Path) -> None:
    assert run(folder, "--version").stdout.split()[-1].count(".") == 2


INSTANT = """
import atexit, sys
atexit.register(lambda: print(sorted(sys.modules), file=sys.stderr))
from pbgraph.cli import main
main(["--help"])
"""


def test_help_loads_no_heavy_library() -> None:
    ran = subprocess.run([sys.executable, "-c", INSTANT], capture_output=True, text=True, check=True)
    assert "check" in ran.stdout
    loaded = {name.strip("' ").split(".")[0] for name in ran.stderr.strip("[]\n").split(",")}
    assert {"click", "pbgraph", "sys"} <= loaded
    assert not loaded & {"rdflib", "pyshacl", "networkx", "jinja2", "pyoxigraph", "numpy", "edtf", "yaml", "rich", "rapidfuzz"}


CHECKING = """
import atexit, sys
atexit.register(lambda: print(sorted(sys.modules), file=sys.stderr))
from pbgraph.cli import main
main(["--project", sys.argv[1], "check"])
"""


def test_a_check_loads_the_reference_only_if_there_is_something_for_it_to_do(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "project")
    own = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-c", CHECKING, str(folder)]
    # The first holds the rules against the terms of SHACL, the second finds out what edits depend on.
    for _ in range(3):
        with next((folder / "data" / "articles").glob("*.yaml")).open("a", encoding="utf-8") as file:
            file.write("\n")
        ran = subprocess.run(command, capture_output=True, text=True, check=True, env=own)
    loaded = {name.strip("' ").split(".")[0] for name in ran.stderr.strip("[]\n").split(",")}
    assert {"pyoxigraph", "yaml"} <= loaded
    assert not loaded & {"rdflib", "pyshacl", "networkx", "jinja2", "numpy", "rich", "rapidfuzz", "opencc", "pypinyin"}
