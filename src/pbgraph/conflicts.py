"""What the claims say against each other: the rows of the conflict queries, in sentences, with the words they rest on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pbgraph import queries
from pbgraph.index import Index
from pbgraph.labels import Labels, spoken
from pbgraph.problems import in_language, told
from pbgraph.project import Project
from pbgraph.queries import Query
from pbgraph.sentences import sentence
from pbgraph.store import Graph
from pbgraph.terms import XSD, Iri, Literal, Term, core, is_directly_below, local_name

_GRAVITY = ("error", "warning", "")
_NUMBERS = (f"{XSD}decimal", f"{XSD}integer")

_STATEMENT = core("fingerprint")
_EVIDENCE = """
SELECT ?claim ?article ?par ?quote
WHERE { ?claim pb:source ?article ; pb:passage ?passage . ?passage pb:par ?par ; pb:position ?position ; pb:quote ?quote }
ORDER BY ?par ?position
"""


@dataclass(frozen=True)
class Conflict:
    """Rows of one conflict query that are told in one sentence: the query, and what each row binds."""

    query: Query
    rows: tuple[Mapping[str, Term], ...]


@dataclass(frozen=True)
class Words:
    """How conflicts are told in one language: labels from a graph whose claims, written as `index` tells, lie below `claims`."""

    labels: Labels
    index: Index
    claims: str
    language: str

    def told(self, term: Term) -> str:
        """A node by its label, a number with its digits grouped, a text as it stands."""
        if isinstance(term, Iri):
            return self.labels.label(term, self.language).text
        return spoken(term.text, self.language) if term.datatype in _NUMBERS else term.text

    def sentence(self, query: Query, row: Mapping[str, Term]) -> str:
        """What the query's header says of a row. Refused: it names a column that there is not."""
        details = {name: self.told(term) for name, term in row.items()}
        return in_language(told(query.text("what"), details, query.where, query.name), self.language)

    def told_of(self, query: Query, row: Mapping[str, Term]) -> Iterator[str]:
        """What the sentence of a row names: nodes, and of claims the statements that they make (their fingerprints)."""
        for name, term in sorted(row.items()):
            if f"{{{name}}}" in in_language(query.text("what"), self.language):
                made = self.labels.graph.about(term, (_STATEMENT,)) if isinstance(term, Iri) else ()
                yield str(made[0][1] if made else term)

    def claims_of(self, row: Mapping[str, Term]) -> list[Iri]:
        """The claims among what a row binds, each once."""
        return list(dict.fromkeys(term for term in row.values() if isinstance(term, Iri) and self._is_claim(term)))

    def beside(self, query: Query, row: Mapping[str, Term]) -> Iterator[tuple[Mapping[str, str], Term]]:
        """What a row tells besides claims, in the order of the header's `columns`: each title by language, and the value."""
        for name, title in query.header.get("columns", {}).items():
            if name in row and not self.claims_of({name: row[name]}):
                yield title, row[name]

    def _is_claim(self, term: Iri) -> bool:
        return is_directly_below(term, self.claims)

    def place(self, claim: Iri) -> str:
        """Where a claim is written: file, line and column."""
        return str(self.index.locate(claim) or "")

    def evidence(self, claim: Iri) -> Iterator[str]:
        """The words of a claim, paragraph by paragraph: `hengxian-last-mile:7 “…” “…”`."""
        rows = self.labels.graph.select(_EVIDENCE, {"claim": claim}).dicts()
        for (article, par), quoted in groupby(rows, key=lambda row: (local_name(str(row["article"])), str(row["par"]))):
            words = " ".join(f"“{row['quote']}”" for row in quoted)
            yield f"{article}:{par} {words}"


def asked(project: Project) -> list[Query]:
    """The conflict queries, first those that tell of an error, then of what looks like one, last what is no contradiction."""
    return sorted(queries.load(project, "conflicts"), key=lambda query: _GRAVITY.index(query.header.get("severity", "")))


def find(project: Project, graph: Graph, words: Words) -> list[Conflict]:
    """All conflicts, query by query; rows that are told in the same words of the same things are one."""
    found: list[Conflict] = []
    for query in asked(project):
        alike: dict[tuple[str, ...], list[Mapping[str, Term]]] = {}
        for row in queries.run(query, graph).dicts():
            alike.setdefault((words.sentence(query, row), *words.told_of(query, row)), []).append(row)
        found.extend(Conflict(query, tuple(rows)) for rows in alike.values())
    return found


def as_text(kinds: Iterable[Query], conflicts: Sequence[Conflict], words: Words) -> str:
    """The conflicts as a person reads them: a heading for each query, each sentence with its claims and their words."""
    lines: list[str] = []
    for query in kinds:
        several = [conflict for conflict in conflicts if conflict.query == query]
        lines += [f"{in_language(query.text('label'), words.language)} ({len(several)})", ""]
        for conflict in several:
            lines += [*_told(conflict, words), ""]
    return "\n".join(lines) or f"{sentence('no-conflict-queries', words.language)}\n"


def _told(conflict: Conflict, words: Words) -> Iterator[str]:
    sentence = words.sentence(conflict.query, conflict.rows[0])
    yield f"* {sentence}"
    for row in conflict.rows:
        for claim in words.claims_of(row):
            called = "" if words.told(claim) in sentence else f"{words.told(claim)}, "
            yield f"  - {called}{words.place(claim)}"
            yield from (f"    {line}" for line in words.evidence(claim))
        for title, value in words.beside(conflict.query, row):
            yield f"    {in_language(tuple(title.items()), words.language)}: {words.told(value)}"


def as_json(conflicts: Iterable[Conflict], words: Words) -> str:
    """The conflicts as a JSON text: query, sentence, each row's columns, where the claims are written, and their words.

    Nodes stand by their ids, claims and their parts by their addresses below `claim/`.
    """
    document = [_document(conflict, words) for conflict in conflicts]
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _document(conflict: Conflict, words: Words) -> dict[str, object]:
    claims = list(dict.fromkeys(claim for row in conflict.rows for claim in words.claims_of(row)))
    return {
        "query": conflict.query.name,
        "sentence": words.sentence(conflict.query, conflict.rows[0]),
        "rows": [{name: _short(term, words) for name, term in row.items()} for row in conflict.rows],
        "places": {local_name(claim): words.place(claim) for claim in claims},
        "words": {local_name(claim): list(words.evidence(claim)) for claim in claims},
    }


def _short(term: Term, words: Words) -> str:
    if isinstance(term, Literal):
        return term.text
    return term.removeprefix(words.claims) if term.startswith(words.claims) else local_name(term)
