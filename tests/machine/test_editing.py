"""The JSON Schema of data files agrees with the checker, on sound and on broken files, wherever a schema can say it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from breaking import put, run, swap
from conftest import ROOT, WORLDS
from pbgraph import checks, editing
from pbgraph import project as projects
from pbgraph.build import Report
from pbgraph.cache import Cache
from pbgraph.checks import Checked
from pbgraph.records import Mapping, read
from small import small_project

BROKEN = ROOT / "tests" / "broken"
SCHEMA_IN_BUILD = "schema/data.schema.json"
SAYS = frozenset(
    """
    bad-address bad-boolean bad-id bad-integer bad-language bad-paragraph checksum-form claim-without-passage
    code-several-notations code-several-schemes code-without-notation code-without-scheme component-without-name
    component-without-passage computed-key county-without-prefecture designation-without-kind designation-without-subject
    emendation-without-corrupt emendation-without-reading figure-several-bases figure-several-indicators
    figure-several-periods figure-several-subjects figure-several-units figure-several-wholes figure-without-indicator
    figure-without-subject happening-several-events happening-without-event holding-without-holder holding-without-post
    indicator-several-summabilities indicator-without-summability indicator-without-unit list-in-list
    mention-several-subjects mention-without-subject naming-without-name no-id no-source no-type not-a-list not-a-record
    not-a-text not-in-list omission-without-ground pairing-several-kinds pairing-without-beneficiary pairing-without-kind
    part-of-several place-several-forms post-several-roles post-several-seats post-without-role post-without-seat
    prefecture-without-province quote-too-long record-not-allowed relation-several-kinds relation-without-kind
    relation-without-object relation-without-subject several-certainties several-modalities several-ranks several-values
    text-without-language township-without-county unknown-id unknown-key unknown-section unknown-type
    village-without-township wrong-class
    """.split()  # noqa: SIM905
)
"""The codes that a schema of one file can find; the others need numbers, dates, other entries or the text."""


UNQUOTED = {"words-that-yaml-1-1-takes-for-others.yaml"}
"""Files with an id that looks like a number: editors ask for quotes, the checker reads it as it is typed."""


def test_editors_offer_the_languages_of_the_project(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", ("ontology",))
    swap("pbgraph.toml", 'languages = ["zh", "en"]', 'languages = ["en", "fr"]')(folder)
    swap("pbgraph.toml", 'zh = "', 'fr = "')(folder)
    text = editing.as_text(checks.check(projects.load(folder)))
    assert '"zh-hant":' not in text
    assert '"fr":' in text


def validator(checked: Checked) -> Draft202012Validator:
    return Draft202012Validator(json.loads(editing.as_text(checked)))


class _Core(yaml.CSafeLoader):
    """Reads as editors do, by YAML 1.2's core schema (section 10.3.2)."""

    yaml_implicit_resolvers = {}  # noqa: RUF012


for _kind, _pattern, _first in (
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", "~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+0123456789."),
):
    _Core.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_pattern})$"), list(_first))


def as_editors_read(content: bytes) -> Any:
    def with_text_keys(node: Any) -> Any:
        if isinstance(node, dict):
            return {str(key): with_text_keys(value) for key, value in node.items()}
        return [with_text_keys(item) for item in node] if isinstance(node, list) else node

    return with_text_keys(yaml.load(content.decode("utf-8-sig"), _Core))


@cache
def own() -> Draft202012Validator:
    return validator(checks.check(projects.load(ROOT)))


FILES = projects.load(ROOT).files("data", ".yaml")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_sound_files_are_valid(path: Path) -> None:
    assert [error.message for error in own().iter_errors(as_editors_read(path.read_bytes()))] == []


def test_files_of_another_ontology_are_valid_by_its_schema() -> None:
    museums = projects.load(WORLDS / "museums")
    schema = validator(checks.check(museums))
    files = museums.files("data", ".yaml")
    assert len(files) >= 5
    for path in files:
        assert [error.message for error in schema.iter_errors(as_editors_read(path.read_bytes()))] == [], path.name


def broken() -> Iterator[tuple[str, Path]]:
    """The broken files that can be read, with the place each belongs in."""
    for path in sorted(BROKEN.rglob("*.yaml")):
        if isinstance(read(path.read_bytes(), "x"), Mapping):
            name = path.relative_to(BROKEN).as_posix()
            yield f"data/{name if '/' in name else f'articles/{name}'}", path


@pytest.mark.prove
def test_schema_and_checker_agree_on_broken_files(tmp_path: Path) -> None:
    folder, kept = small_project(tmp_path / "project"), Cache(tmp_path / "kept")
    usual = validator(checks.check(projects.load(folder), kept))
    found: set[str] = set()
    for name, path in broken():
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(path, folder / name)
        checked = checks.check(projects.load(folder), kept)
        codes = {each.code for each in checked.errors if each.where.file == name}
        # A file that introduces ids is held against a schema that knows them.
        schema = validator(checked) if re.search(rb"\bid: *\S", path.read_bytes().split(b"\n", 3)[-1]) else usual
        valid = schema.is_valid(as_editors_read(path.read_bytes()))
        assert valid or codes or path.name in UNQUOTED, f"{path.name}: the schema refuses what the checker takes"
        assert not valid or not codes & SAYS, f"{path.name}: the schema takes what it could refuse"
        found |= codes
        (folder / name).unlink()
    assert len(found & SAYS) >= 0.9 * len(SAYS)
    assert len(list(broken())) >= 120


def test_it_is_a_schema_that_describes_every_key_in_both_languages() -> None:
    schema: Any = own().schema
    Draft202012Validator.check_schema(schema)
    keys = {key: each for each in schema["$defs"].values() for key, each in each.get("properties", {}).items()}
    described = {key: each["description"] for key, each in keys.items() if key not in ("id", "type") and "description" in each}
    assert len(described) >= 60
    assert set(keys) - set(described) <= {"id", "type", "zh", "zh-hant", "en"}
    for key, words in described.items():
        chinese, _, english = words.partition("\n\n")
        assert re.search("[\u4e00-\u9fff]", chinese), key
        assert re.fullmatch("[^\u4e00-\u9fff]+(?:[(“].*)?", english[:20]), key


def test_ids_are_offered_with_their_names() -> None:
    schema: Any = own().schema
    definitions = schema["$defs"]
    kinds = definitions["ids.Indicator"]
    position = kinds["enum"].index("village-service-stations")
    assert kinds["enumDescriptions"][position].startswith("村级服务站数")
    assert "hengxian" not in kinds["enum"]


def test_a_build_has_it_where_the_data_files_say(built: Report) -> None:
    written = (built.output / SCHEMA_IN_BUILD).read_text(encoding="utf-8")
    assert run(ROOT, "schema").stdout == written
    for path in FILES:
        line = path.read_text(encoding="utf-8").splitlines()[0]
        target = line.removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / target).resolve().parent.name == "schema" or not (ROOT / "build").exists()
        assert Path(str(path.parent / target)).as_posix().endswith(f"/build/{SCHEMA_IN_BUILD}")


def test_what_no_shape_demands_any_more_no_editor_does(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p")
    figure = json.loads(run(folder, "schema").stdout)["$defs"]["Figure"]
    assert "passage" in figure["required"]
    assert [each.get("minItems") for each in figure["properties"]["subject"]["anyOf"]] == [None, 1], "nor is an empty list enough"
    prefixes = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix shape: <https://w3id.org/pbgraph/shapes#> .\n"
    put("shapes/own.ttl", f"{prefixes}shape:claim-without-passage sh:deactivated true .\n")(folder)
    assert "passage" not in json.loads(run(folder, "schema").stdout)["$defs"]["Figure"]["required"]


def test_it_can_be_written_to_a_file(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p")
    assert run(folder, "schema", "--output", str(tmp_path / "s.json")).stdout == ""
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == run(folder, "schema").stdout
