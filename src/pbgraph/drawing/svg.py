"""The marks a picture is made of, as SVG elements."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from pbgraph.drawing.curves import Curve
from pbgraph.drawing.lettering import LEADING
from pbgraph.drawing.placement import Point
from pbgraph.xmltext import legal

FONTS = (
    '"Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", '
    '"WenQuanYi Micro Hei", system-ui, sans-serif'
)

ROOT = "pbg-network"
"""The class of a picture, by which its style sheet finds it."""

LIGHT = {"paper": "#ffffff", "frame": "#d9dee5", "ink": "#1b2330", "soft": "#5a6575", "line": "#758295", "warm": "#a8642f"}
DARK = {"paper": "#12171e", "frame": "#2d3642", "ink": "#e8ecf2", "soft": "#a3aebd", "line": "#8794a5", "warm": "#c98a55"}

RULES = {
    ".paper": "fill: {paper}; stroke: {frame}",
    "text": "fill: {ink}",
    ".soft": "fill: {soft}",
    ".over": "stroke: {paper}",
    ".node": "stroke: {paper}",
    ".group": "fill: {paper}",
    ".tie": "stroke: {line}",
    ".tie.strong": "stroke: {ink}",
    ".tie.warm": "stroke: {warm}",
    ".head": "fill: {line}",
    ".head.strong": "fill: {ink}",
    ".head.warm": "fill: {warm}",
    "a:hover text, a:focus text": "text-decoration: underline",
}
"""What changes with the reader's colour scheme: selector to declarations."""

STILL = {
    "text": f"font-family: {FONTS}",
    ".over": "stroke-width: 4px; stroke-linejoin: round; paint-order: stroke",
    ".node": "stroke-width: 2px",
    ".group": "stroke-width: 2px; stroke-dasharray: 5 3",
    ".tie": "fill: none; stroke-linecap: round",
}
"""What does not."""

_LINK = re.compile(r"(https?://|(?![^/?#]*:))[^\x00-\x20\"<>\\^`{|}\x7f-\x9f]+", re.IGNORECASE)


@dataclass(frozen=True)
class Look:
    """The look of a relation's lines: their dashes (empty: none) and the class of their colour (empty, or with a space)."""

    dashes: str
    tone: str


def style(root: str) -> str:
    """The style sheet of a picture whose outermost element matches the selector `root`, light and dark."""
    light, dark = ({part: rule.format_map(scheme) for part, rule in RULES.items()} for scheme in (LIGHT, DARK))
    sheets = f"{_sheet(root, STILL)} {_sheet(root, light)}"
    return f"{sheets} @media (prefers-color-scheme: dark) {{ {_sheet(root, dark)} }}"


def style_of_pages(root: str) -> str:
    """The same for a page that has a scheme of its own, light or dark (CSS Color Module Level 5, section 7: light-dark())."""
    either = {name: f"light-dark({LIGHT[name]}, {DARK[name]})" for name in LIGHT}
    return f"{_sheet(root, STILL)} {_sheet(root, {part: rule.format_map(either) for part, rule in RULES.items()})}"


def _sheet(root: str, rules: Mapping[str, str]) -> str:
    return " ".join(
        ", ".join(f"{root} {part}" for part in selector.split(", ")) + f" {{ {rule} }}" for selector, rule in rules.items()
    )


def add(parent: Element, tag: str, **attributes: str | float) -> Element:
    """Append an element; `class_` stands for `class`, underscores for hyphens; numbers are rounded to one decimal."""
    return SubElement(parent, tag, {_name(name): _value(value) for name, value in attributes.items()})


def _name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return legal(value) if isinstance(value, str) else f"{round(value, 1) + 0.0:g}"


def lettered(parent: Element, lines: Sequence[str], place: Point, size: float, **attributes: str | float) -> Element:
    """Append a text of several lines whose first line's middle is at the height of `place`."""
    x, y = place
    text = add(parent, "text", x=x, y=y + size * 0.36, font_size=size, **attributes)
    if len(lines) == 1:
        text.text = legal(lines[0])
        return text
    for number, line in enumerate(lines):
        add(text, "tspan", x=x, y=y + size * 0.36 + number * size * LEADING).text = legal(line)
    return text


def path(curve: Curve) -> str:
    """The curve as path data."""
    start, *rest = (" ".join(map(_value, point)) for point in curve)
    return f"M{start}C{', '.join(rest)}"


def stroke(parent: Element, data: str, thick: float, look: Look) -> None:
    """Append the line of a tie: its path data, its width and the look of its relation."""
    line = add(parent, "path", d=data, stroke_width=thick, class_="tie" + look.tone)
    if look.dashes:
        line.set("stroke-dasharray", look.dashes)


def points(corners: Sequence[Point]) -> str:
    """Corners as the value of a polygon's `points`."""
    return " ".join(",".join(map(_value, corner)) for corner in corners)


def linked(parent: Element, page: str) -> Element:
    """An `a` in `parent` that leads to `page`, or `parent` itself if `page` is neither a relative nor a web address."""
    return add(parent, "a", href=page) if _LINK.fullmatch(page) else parent
