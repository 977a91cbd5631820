"""The YAML reader: every scalar is the text as typed, every node knows its place, everything else is refused with an address."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pbgraph.problems import Problem
from pbgraph.records import MAX_DEPTH, Mapping, Node, Scalar, Sequence, plain, read

FILE = "data/a.yaml"


def refused(content: str | bytes) -> str:
    """Where and why a text is refused: `line:col code`."""
    found = read(content.encode() if isinstance(content, str) else content, FILE)
    assert isinstance(found, Problem), f"read as {found}"
    assert found.where.file == FILE
    assert found.render("en").count("\n") == 0
    return f"{found.where.line}:{found.where.col} {found.code}"


def accepted(content: str | bytes) -> Mapping:
    found = read(content.encode() if isinstance(content, str) else content, FILE)
    assert isinstance(found, Mapping), found
    return found


def places(node: Node) -> list[str]:
    """Every node in reading order, each as `line:col text`."""
    at = f"{node.where.line}:{node.where.col}"
    if isinstance(node, Scalar):
        return [f"{at} {node.text}"]
    if isinstance(node, Sequence):
        return [f"{at} [", *(place for item in node.items for place in places(item))]
    return [f"{at} {{", *(place for key, value in node.entries for place in (*places(key), *places(value)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b\nc:\n  - d\n", ["1:1 {", "1:1 a", "1:4 b", "2:1 c", "3:3 [", "3:5 d"]),
        ("a: b\r\nc: d\r\n", ["1:1 {", "1:1 a", "1:4 b", "2:1 c", "2:4 d"]),
        ("a: b\rc: d\r", ["1:1 {", "1:1 a", "1:4 b", "2:1 c", "2:4 d"]),
        ("\ufeffa: b\nc: d\n", ["1:1 {", "1:1 a", "1:4 b", "2:1 c", "2:4 d"]),
        ("村: {名: 窑埠村, 县: 横县}\n", ["1:1 {", "1:1 村", "1:4 {", "1:5 名", "1:8 窑埠村", "1:13 县", "1:16 横县"]),
        ('𠮷: ["横", 𠮷]\n', ["1:1 {", "1:1 𠮷", "1:4 [", "1:5 横", "1:10 𠮷"]),
        ("# 注\n\n  a:\tb # 注\n", ["3:3 {", "3:3 a", "3:6 b"]),
        ("---\na: b\n...\n", ["2:1 {", "2:1 a", "2:4 b"]),
        ("a: b\n c\n", ["1:1 {", "1:1 a", "1:4 b c"]),
    ],
)
def test_places_are_lines_and_columns_of_characters_from_one(text: str, expected: list[str]) -> None:
    assert places(accepted(text)) == expected


AS_TYPED = [
    "no",
    "yes",
    "on",
    "off",
    "y",
    "n",
    "~",
    "null",
    "Null",
    "true",
    "True",
    "false",
    "014",
    "0o14",
    "0x1F",
    "3.10",
    "1_000",
    "1e3",
    ".inf",
    ".nan",
    "12:30",
    "12:30:45",
    "2016-04-27",
    "=",
    "2017?-11-30",
    "340多",
    "近2000万",
    "90%以上",
    "50%",
    "-5",
    "+5",
    "«x»",
    "a#b",
    "<<",
    "3-5",
    "https://example.org/a#b",
    "党建+电商",
    "“八个一”模式",
    "［4］",
    "a:b",
    "０１４",
]


@pytest.mark.parametrize("typed", AS_TYPED)
def test_text_stays_as_typed(typed: str) -> None:
    assert plain(accepted(f"a: {typed}\nb:\n  - {typed}\n? {typed}\n: c\n")) == {"a": typed, "b": [typed], typed: "c"}


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ('"[2016-04-27..2016-12-31]"', "[2016-04-27..2016-12-31]"),
        ("'it''s'", "it's"),
        ('"a \\"b\\" \\u6a2a"', 'a "b" 横'),
        ("''", ""),
        ('"  blank at both ends  "', "  blank at both ends  "),
        ("'null'", "null"),
        ('"a\\tb"', "a\tb"),
    ],
)
def test_quoted_text_is_what_stands_between_the_quotes(typed: str, text: str) -> None:
    assert plain(accepted(f"a: {typed}\n")) == {"a": text}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # keys
        ("a: 1\nb: 2\na: 3\n", "3:1 duplicate-key"),
        ('a: {zh: 1, "zh": 2}\n', "1:12 duplicate-key"),
        ("? [a]\n: b\n", "1:3 key-not-text"),
        ("{a: b}: c\n", "1:1 key-not-text"),
        # what strict data does without
        ("a: &x 1\n", "1:4 anchor"),
        ("a: *x\n", "1:4 anchor"),
        ("a: [b, &x {c: d}]\n", "1:8 anchor"),
        ("a: !!str 5\n", "1:4 tag"),
        ("a: ! 5\n", "1:4 tag"),
        ("a: !!python/object/apply:os.system [x]\n", "1:4 tag"),
        ("%TAG ! tag:example.org,2016:\n---\na: !b c\n", "3:4 tag"),
        ("<<: *x\n", "1:5 anchor"),
        ("a: b\n---\nc: d\n", "2:1 several-documents"),
        ("a: b\n...\n---\nc: d\n", "3:1 several-documents"),
        ("value: >5\n", "1:8 block-text"),
        ("value: >\n  5\n", "1:8 block-text"),
        ("value: |\n  5\n", "1:8 block-text"),
        ("a:\nb: c\n", "1:3 empty-value"),
        ("a: [b, {c: }]\n", "1:12 empty-value"),
        ("a: {b}\n", "1:5 key-without-value"),
        ("a: {b, c: “d, e”}\n", "1:5 key-without-value"),
        ("a: {c: “d, e”}\n", "1:8 curly-quotes"),
        ("a: “八个一”\n", "1:4 curly-quotes"),
        ("a: ‘b’\n", "1:4 curly-quotes"),
        *((f"a: {each}\n", "1:4 curly-quotes") for each in ("「b」", "『b』", "＂b＂", "＇b＇")),
        ("a:\n  -\n  - b\n", "2:4 empty-value"),
        # not YAML
        ("a: b: c\n", "1:5 yaml-syntax"),
        ("a: b\n\tc: d\n", "2:1 tab-indentation"),
        ("\ta: b\n", "1:1 tab-indentation"),
        ("a: @b\n", "1:4 yaml-syntax"),
        ("a: %50\n", "1:4 yaml-syntax"),
        ("a: [b, , c]\n", "1:8 yaml-syntax"),
        ("县: {名: 村] }\n", "1:9 yaml-syntax"),
        ("- a\nb: c\n", "2:1 yaml-syntax"),
        # what is left open is told where it begins
        ("a: b\nc: 'd\ne: f\n", "2:4 quote-left-open"),
        ('a: b\nc: "横县\n', "2:4 quote-left-open"),
        ("a: [b\n", "1:4 brace-left-open"),
        # tops
        ("- a\n- b\n", "1:1 no-mapping"),
        ("横县\n", "1:1 no-mapping"),
        ("a：b\n", "1:1 no-mapping"),
        ("", "1:1 no-mapping"),
        ("\ufeff", "1:1 no-mapping"),
        ("# only a comment\n", "1:1 no-mapping"),
        # characters
        ("a: b\0c\n", "1:5 control-character"),
        ("a: b\n横: c\x07\n", "2:5 control-character"),
        ("a: b\r\nc: \x1b[31m\r\n", "2:4 control-character"),
        ("a: b\ufeffc\n", "1:5 control-character"),
        ("a: b\u2028c\n", "1:5 control-character"),
        ("a: b\u0085c\n", "1:5 control-character"),
        ("a: b\u200bc\n", "1:5 control-character"),
        ("a: b\u202ec\n", "1:5 control-character"),
        ('a: "b\\0c"\n', "1:4 control-character"),
        ('a: "\\e[31m"\n', "1:4 control-character"),
        ('a: "\\u202e"\n', "1:4 control-character"),
        ('"\\a": b\n', "1:1 control-character"),
        ('a: "\\ud800"\n', "1:7 yaml-syntax"),
    ],
)
def test_what_is_refused_and_where(text: str, expected: str) -> None:
    assert refused(text) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a: b\n".encode("utf-16"), "1:1 not-utf8"),
        ("a: b\n".encode("utf-32"), "1:1 not-utf8"),
        ("a: b\n".encode("utf-16-le"), "1:2 not-utf8"),
        ("a: caf\u00e9\n".encode("latin-1"), "1:7 not-utf8"),
        ("a: b\r\nc: 横县\n".encode("gb18030"), "2:4 not-utf8"),
        ("a: 横县\nb: 横".encode() + b"\xff\n", "2:5 not-utf8"),
        (b"\xef\xbb\xbfa: b\nc: \xff\n", "2:4 not-utf8"),
        (b"a: \xed\xa0\x80\n", "1:4 not-utf8"),
        (b"a: \xc0\x80\n", "1:4 not-utf8"),
    ],
)
def test_other_encodings_are_refused_at_the_first_byte_that_shows_it(content: bytes, expected: str) -> None:
    assert refused(content) == expected


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert plain(accepted("<<: {a: b}\nc: d\n")) == {"<<": {"a": "b"}, "c": "d"}


def test_messages_name_the_first_of_two_equal_keys() -> None:
    found = read(b"a: 1\n\na: 2\n", FILE)
    assert isinstance(found, Problem)
    assert "line 1" in found.render("en")
    assert "第 1 行" in found.render("zh")


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (BOMB.encode(), "1:4 anchor"),
        (b"a: " + b"[" * 100_000, f"1:{MAX_DEPTH + 3} too-deep"),
        (b"a: " + b"[" * 100_000 + b"]" * 100_000, f"1:{MAX_DEPTH + 3} too-deep"),
        (b"a: " + b"{a: " * 100_000, f"1:{4 * MAX_DEPTH - 3} too-deep"),
        (b"- " * 100_000, f"1:{2 * MAX_DEPTH + 1} too-deep"),
        (b"? " * 100_000, "1:3 key-not-text"),
    ],
    ids=["aliases", "open lists", "lists", "mappings", "hyphens", "question marks"],
)
def test_hostile_nesting_is_refused_at_once(content: bytes, expected: str) -> None:
    began = time.monotonic()
    assert refused(content) == expected
    assert time.monotonic() - began < 1


def test_as_deep_as_allowed_is_read() -> None:
    depth = MAX_DEPTH - 2
    accepted("a: " + "[" * depth + "b" + "]" * depth)
    assert refused("a: " + "[" * (depth + 1) + "b" + "]" * (depth + 1)).endswith("too-deep")


def test_a_very_long_line_is_read_whole() -> None:
    text = "横" * 1_000_000
    assert plain(accepted(f'a: "{text}"\n')) == {"a": text}
    assert refused(f'a: "{text}" b\n') == "1:1000007 yaml-syntax"
    assert refused(f"? {text[:900]}\n: a\n? {text[:900]}\n: b\n") == "3:3 duplicate-key"


def outcome(content: bytes) -> Mapping | Problem:
    found = read(content, FILE)
    assert isinstance(found, Mapping | Problem)
    if isinstance(found, Problem):
        assert found.where.line >= 1
        assert found.where.col >= 1
        assert found.render("zh")
    return found


YAMLISH = st.text(alphabet="ab横 \n\t:-[]{},\"'#&*!|>%@`?~=\\.0\r\ufeff\u2028", max_size=60)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=80), YAMLISH))
@example('a: "\\xg0"')
@example("? a\n? b")
@example("%YAML 1.2\n--- a")
def test_any_text_is_read_or_refused(text: str) -> None:
    outcome(text.encode("utf-8", errors="surrogatepass"))


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=80), YAMLISH.map(lambda text: text.encode("utf-16"))))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    outcome(content)


WORDS = st.text(alphabet=st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=12)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(WORDS, st.one_of(WORDS, st.lists(WORDS, max_size=4)), min_size=1, max_size=5))
def test_what_is_quoted_is_read_back(record: dict[str, str | list[str]]) -> None:
    def quoted(text: str) -> str:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'

    lines = [
        f"? {quoted(key)}\n: {quoted(value) if isinstance(value, str) else '[' + ', '.join(map(quoted, value)) + ']'}\n"
        for key, value in record.items()
    ]
    assert plain(accepted("".join(lines))) == record
