"""One colour for each kind of thing, the same in networks, pictures and pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, cycle

PALETTE = (
    "#2779bc",
    "#c38323",
    "#a54a77",
    "#6b6e1f",
    "#39a08a",
    "#8388e0",
    "#9d6e56",
    "#748099",
    "#8d915f",
    "#88629f",
    "#ad7eb8",
    "#dc747d",
)
"""Twelve colours, the most different first, to colour-blind eyes too; 3:1 on white and on near black."""

_GREY = (0x80, 0x80, 0x80)
_ROUNDS = 3
_PALE = 0x30
"""What is hardly any colour: how much more a colour has of one light than of another. Mixed with grey, it would be the same."""


def palette(kinds: Iterable[str], given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give each kind a colour `#rrggbb`, in the order of the kinds' names, so that equal sets get equal colours.

    Kinds in `given` keep the colour they have there, and the others get none of those. From the thirteenth colour on, the
    colours come again, twice, each time greyer; only then do two kinds share one, no three before all colours are shared.
    """
    found = sorted(set(kinds))
    kept = {kind: colour for kind, colour in (given or {}).items() if kind in found}
    every = [
        _colour(base, turn) for turn in range(_ROUNDS) for base in map(rgb, PALETTE) if not turn or max(base) - min(base) > _PALE
    ]
    free = chain((colour for colour in every if colour not in kept.values()), cycle(every))
    return {kind: kept[kind] if kind in kept else next(free) for kind in found}


def _colour(base: tuple[int, int, int], turn: int) -> str:
    mixed = (round(own + (grey - own) * turn / _ROUNDS) for own, grey in zip(base, _GREY, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, each from 0 to 255, of a colour written `#rrggbb`. ValueError: it is not."""
    if len(colour) != 7 or not colour.startswith("#"):
        raise ValueError(colour)
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
