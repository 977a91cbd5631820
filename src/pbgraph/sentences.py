"""What commands say besides findings, and the reasons that findings give, in each language (sentences.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any


class _Counting(Formatter):
    """Placeholders as everywhere in Python, and `{rows:row|rows}`: a number with what it counts, by whether it is one."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, told, more = format_spec.partition("|")
        return f"{value} {one if str(value) == '1' else more}" if told else str(super().format_field(value, format_spec))


def filled(text: str, details: Mapping[str, object]) -> str:
    """A text whose placeholders are filled in. KeyError: one of them is not among the details."""
    return _Counting().vformat(text, (), details)


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every sentence by key and language, its placeholders in braces."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def in_all(key: str, /, **details: object) -> Mapping[str, str]:
    """A sentence filled in, in every language, by language. KeyError: there is no such sentence."""
    return {language: filled(text, details) for language, text in catalogue()[key].items()}


def sentence(key: str, language: str, **details: object) -> str:
    """A sentence filled in, in `language`, else in English. KeyError: there is no such sentence."""
    texts = catalogue()[key]
    return filled(texts.get(language, texts["en"]), details)
