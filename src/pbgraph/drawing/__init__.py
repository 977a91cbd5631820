"""A network that has been laid out → one SVG picture with legend, readable in light and dark."""

from pbgraph.drawing.picture import draw_svg as draw_svg

__all__ = ["draw_svg"]
