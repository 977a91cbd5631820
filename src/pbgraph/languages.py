"""Which of several languages a text is shown in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def preferred(tags: Iterable[str], *wanted: str) -> str | None:
    """Of language tags the one to show: the first wanted or a variety of it, else the first by name; None of no tags.

    A tag is a variety of what it begins with (RFC 4647, section 3.3.1): `zh-Hant` of `zh`.
    """
    found = sorted(tags)
    fitting = (tag for language in wanted for tag in found if tag == language or tag.startswith(f"{language}-"))
    return next(fitting, found[0] if found else None)


def shown(texts: Mapping[str, str], *wanted: str) -> str:
    """Of one text in several languages, language tag to text, the preferred one; the empty string if there is none."""
    said = {tag: text for tag, text in texts.items() if text}
    tag = preferred(said, *wanted)
    return "" if tag is None else said[tag]
