"""What commands say besides findings, and the reasons that findings give, in each language (sentences.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every sentence by key and language, its placeholders in braces."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def in_all(key: str, /, **details: object) -> Mapping[str, str]:
    """A sentence filled in, in every language, by language. KeyError: there is no such sentence."""
    return {language: text.format_map(details) for language, text in catalogue()[key].items()}


def sentence(key: str, language: str, **details: object) -> str:
    """A sentence filled in, in `language`, else in English. KeyError: there is no such sentence."""
    texts = catalogue()[key]
    return texts.get(language, texts["en"]).format_map(details)
