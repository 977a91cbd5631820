"""Whatever a file says, mapping it raises nothing, and what it gives is N-Quads that a store takes."""

from __future__ import annotations

import json

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from mapped import mapped, setting
from pbgraph import store

SCHEMA = setting().schema
KEYS = st.sampled_from(sorted([*SCHEMA.properties, *SCHEMA.sections, "id", "type", "source", "zh", "en", "zh-hant", "1", "12"]))
WORDS = st.sampled_from(
    [
        *(
            "hengxian",
            "yaobu",
            "shops",
            "sales",
            "yuan",
            "item",
            "taobao",
            "villages",
            "article",
            "true",
            "reported",
            "stated",
            "per",
        ),
        *(
            "340多",
            "3元多",
            "90%以上",
            "近2000万家",
            "3-5",
            "百余",
            "2016",
            "2016?-11-30",
            "[2016-04..2016-12]",
            "2016/..",
            "2016-13",
        ),
        *sorted(SCHEMA.classes),
        *("https://example.org/a", "http://[", "http://a b", '"<>\\^`{|}', "zh", "a\nb\t", "\u00a0", " ", "", "\U0010fffd", "𠮷"),
    ]
)
TEXTS = st.one_of(WORDS, st.text(max_size=12))
RECORDS = st.recursive(
    st.one_of(TEXTS, KEYS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.one_of(KEYS, TEXTS), inner, max_size=6)),
    max_leaves=24,
)
VALUES = st.dictionaries(st.sampled_from(sorted(SCHEMA.properties)), RECORDS, max_size=8)
TYPES = st.sampled_from(sorted(SCHEMA.classes))


def is_taken(content: str) -> None:
    """The file is mapped, and its quads are those a store holds then; problems render in both languages, one line each."""
    found = mapped(content, "source: {id: a, type: NewsArticle, published: 2016, language: zh}\n")
    # Strictly, as other programs will: the store takes what the machine wrote without looking at each address again.
    assert len(list(ox.parse(found.quads.encode(), format=ox.RdfFormat.N_QUADS))) == found.quads.count("\n")
    assert len(store.in_memory([found.quads], {})) == found.quads.count("\n")
    for problem in found.problems:
        for language in ("zh", "en"):
            assert "\n" not in problem.render(language)


@settings(max_examples=120, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(SCHEMA.sections)), st.lists(RECORDS, max_size=3), max_size=3))
def test_anything_in_a_section(sections: dict[str, list[object]]) -> None:
    is_taken("".join(f"{key}: {json.dumps(records, ensure_ascii=False)}\n" for key, records in sections.items()))


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(sorted(SCHEMA.sections)), VALUES, TYPES, st.one_of(TEXTS, st.just("x")))
def test_any_value_under_any_key(section: str, values: dict[str, object], cls: str, slug: str) -> None:
    own = {"id": slug, "type": cls} if SCHEMA.sections[section].kind == "entity" else {"passage": {"1": "字"}}
    is_taken(f"{section}: [{json.dumps({**values, **own}, ensure_ascii=False)}]\n")
