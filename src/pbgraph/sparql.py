"""SPARQL as a text: what of it is words."""

from __future__ import annotations

import re

NOT_WORDS = re.compile(r"""<[^<>\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*""")
"""What of a query is no keyword, variable or prefixed name: addresses, texts, comments."""

_SERVICE = re.compile(r"(?<![?$:\w-])SERVICE(?![\w:-])", re.IGNORECASE)


def asks_elsewhere(query: str) -> bool:
    """Whether a query would ask another server (SPARQL 1.1 Federated Query, section 2)."""
    return _SERVICE.search(NOT_WORDS.sub(" ", query)) is not None
