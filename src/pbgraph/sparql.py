"""SPARQL as a text: what of it is words."""

from __future__ import annotations

import re

NOT_WORDS = re.compile(
    r"""<(?:[^<>"{}|^`\\\x00-\x20]|\\[uU][0-9A-Fa-f]{4,8})*>"""  # an address, which 1<2 … 2>1 is not
    r'|"""(?:"{0,2}(?:[^"\\]|\\.))*"""'
    r"|(?<!\\)'''(?:'{0,2}(?:[^'\\]|\\.))*'''"
    r"""|"(?:[^"\\\n\r]|\\.)*"|(?<!\\)'(?:[^'\\\n\r]|\\.)*'|(?<!\\)#[^\n\r]*""",  # behind \\ a sign of a name
    re.DOTALL,
)
"""What of a query is no keyword, variable or prefixed name: addresses, texts, comments (SPARQL 1.1, sections 19.4 and 19.8)."""

_SERVICE = re.compile(r"(?<![?$:\w-])SERVICE(?![\w:-])", re.IGNORECASE)


def asks_elsewhere(query: str) -> bool:
    """Whether a query would ask another server (SPARQL 1.1 Federated Query, section 2)."""
    return _SERVICE.search(NOT_WORDS.sub(" ", query)) is not None
