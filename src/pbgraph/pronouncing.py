"""How a project's names are read: by each folder's pinyin.yaml, and by what the data state (page query `readings`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pbgraph import queries, yamlfiles
from pbgraph.problems import Refused, problem
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
        for name, told, where in yamlfiles.entries(folder / "pinyin.yaml", project):
            if wrong := next(_unfit(name, told), ""):
                raise Refused([problem(where, "view", reason=in_all("reason-pinyin", wrong=wrong))])
            words |= told if name == "words" else {}
            endings += told if name == "endings" else []
    stated = [query for query in queries.load(project, "pages") if query.name == "readings"]
    rows = [row for query in stated for row in queries.run(query, graph).dicts()]
    return Readings(words, endings, {str(row["name"]): str(row["reading"]) for row in rows})


def _unfit(name: str, told: object) -> Iterator[str]:
    """What of an entry of pinyin.yaml is not as it should be: the entry, or words in it."""
    if name == "words" and isinstance(told, Mapping):
        yield from (word for word, reading in told.items() if not isinstance(reading, str) or len(reading.split()) != len(word))
    elif name != "endings" or not isinstance(told, list) or not all(isinstance(each, str) for each in told):
        yield name
