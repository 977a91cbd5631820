"""A drawn SVG → PNG or PDF fit for a paper (vl-convert), where the extra `pbgraph[figures]` is installed."""

from __future__ import annotations

from importlib.util import find_spec

from pbgraph.problems import Refused, Where, problem

FINE = 2.0
"""Pixels of a PNG for each of the drawing's: sharp in print at the width of a page."""

_LETTER = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="16" font-family="{}">{}</text></svg>'


def convert(svg: str, format_: str, fonts: str, letters: str) -> bytes:
    """The drawing as `png` or `pdf`, its letters embedded from the fonts of this machine.

    `fonts` is the drawing's list of font families, `letters` those in it that not every machine has. Refused: vl-convert is not
    installed (`no-figures`), or no font here has the first two of these, which would then be left out (`no-font`).
    """
    if find_spec("vl_convert") is None:
        raise Refused([problem(Where(format_), "no-figures", format=format_)])
    import vl_convert

    # A letter that no font has is drawn as nothing or as an empty box, whichever letter it is.
    needed = [*dict.fromkeys(letters)][:2]
    pictures = {vl_convert.svg_to_png(_LETTER.format(fonts.replace('"', "'"), letter)) for letter in needed}
    if len(pictures) < len(needed):
        raise Refused([problem(Where(format_), "no-font", letters="".join(needed))])
    drawn: bytes = vl_convert.svg_to_pdf(svg) if format_ == "pdf" else vl_convert.svg_to_png(svg, scale=FINE)
    return drawn
