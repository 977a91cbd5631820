"""A drawn network as part of a page: styled by the page's own style sheets, its links leading to the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

from pbgraph.drawing import svg

_STYLE = re.compile("<style>.*?</style>", re.DOTALL)
_HREF = re.compile(' href="([^"]*)"')


def style_sheet() -> str:
    """The rules that pictures come with, for a style sheet of the site: pages allow none inside them."""
    return svg.style_of_pages(f".{svg.ROOT}")


def embedded(picture: str, link: Callable[[str], str]) -> str:
    """A picture's SVG without its own style sheet; `link` gives for the page it leads to the address from where it stands."""

    def own(found: re.Match[str]) -> str:
        return f' href="{escape(link(unescape(found[1])))}"'

    return _HREF.sub(own, _STYLE.sub("", picture))
