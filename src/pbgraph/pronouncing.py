"""How a project's names are read: by each folder's pinyin.yaml, and by what the data state (page query `readings`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pbgraph import queries, yamlfiles
from pbgraph.problems import Refused, Where, problem
from pbgraph.project import Project
from pbgraph.romanizing import Readings
from pbgraph.sentences import in_all
from pbgraph.store import Graph


def readings(project: Project, graph: Graph) -> Readings:
    """The readings of words and of whole names; none but the dictionary's where a project gives none.

    Refused: an entry of pinyin.yaml is not as it should be.
    """
    words: dict[str, str] = {}
    endings: list[str] = []
    for folder in project.paths["site"]:
        path = folder / "pinyin.yaml"
        found = yamlfiles.read(path, project)
        if not _is_pronouncing(found):
            raise Refused([problem(Where(project.address(path)), "view", reason=in_all("reason-pinyin"))])
        words |= found.get("words", {})
        endings += found.get("endings", [])
    stated = [query for query in queries.load(project, "pages") if query.name == "readings"]
    rows = [row for query in stated for row in queries.run(query, graph).dicts()]
    return Readings(words, endings, {str(row["name"]): str(row["reading"]) for row in rows})


def _is_pronouncing(found: Mapping[str, Any]) -> bool:
    words, endings = found.get("words", {}), found.get("endings", [])
    if not isinstance(words, Mapping) or not isinstance(endings, list) or not set(found) <= {"words", "endings"}:
        return False
    fitting = all(isinstance(reading, str) and len(reading.split()) == len(word) for word, reading in words.items())
    return fitting and all(isinstance(each, str) for each in endings)
