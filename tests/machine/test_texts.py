"""Articles' texts before they are compared: found by their bytes, mended, numbered, and brought into one form."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbgraph.problems import Unreadable
from pbgraph.texts import checksum, clean, decoded, find, paragraphs

CLEANED = {
    # Script: character by character, so that a quotation turns as its paragraph does.
    "沭陽縣新河鎮山蕩村": "沭阳县新河镇山荡村",
    "出臺、蘇臺、台灣": "出台、苏台、台湾",
    "衝動與沖印": "冲动与冲印",
    "頭髮發財": "头发发财",
    "裏面裡面": "里面里面",
    "籤訂簽訂": "签订签订",
    "只是隻身": "只是只身",
    "后臺與以後": "后台与以后",
    "简体不动": "简体不动",
    # Glosses: pronunciation goes, other words in parentheses stay.
    "霽(jì)川縣": "霁川县",
    "羅莊區(qū)": "罗庄区",
    "引領(lǐng)中國(guó)": "引领中国",
    "銷售額(é)(é)": "销售额",
    "綠(lǜ)女(nǚ)": "绿女",
    "翠硯（yàn）鎮": "翠砚镇",
    "中國(臨沂)花木": "中国(临沂)花木",
    "(貧困村)": "(贫困村)",
    "(2016)": "(2016)",
    "(Linyi)": "(Linyi)",
    # Full width and compatibility forms.
    "１３０餘家": "130余家",
    "Ａ座，９０％！": "A座,90%!",
    "（一）：甲；乙？": "(一):甲;乙?",
    "2800㎡": "2800m2",
    "①": "(1)",
    "⑳": "(20)",
    "⽉": "月",
    "“引號”『引號』": "“引号”『引号』",
    "4月25日—27日": "4月25日—27日",
    "3～5萬": "3~5万",
    # Blanks.
    "　　霽川": "霁川",
    "霽 川": "霁川",
    "第 1 期": "第1期",
    "甲\u00a0乙\u3000丙\t丁": "甲乙丙丁",
    "農村 e 郵": "农村e邮",
    "Rural Taobao": "Rural Taobao",
    "2022-08-23 15:53:00": "2022-08-23 15:53:00",
    "1 000": "1 000",
    "a\u00a0b": "a b",
    "100  200": "100 200",
    "Rural\u00a0 Taobao": "Rural Taobao",
    "  ": "",
    "": "",
    # What shows nothing, and markup.
    "霽\u200b川": "霁川",
    "霽\ufeff川": "霁川",
    "霽\u00ad川": "霁川",
    "霽( jì )川": "霁川",
    '高校”<span style="font-size: 14pt;">齊</span>': "高校”齐",
    "3<5": "3<5",
}


@pytest.mark.parametrize(("printed", "compared"), CLEANED.items(), ids=map(repr, CLEANED))
def test_a_text_is_brought_into_one_form(printed: str, compared: str) -> None:
    assert clean(printed) == compared
    assert clean(compared) == compared


ARTICLE = st.text("霽霁川縣县臺台髮发後后裡(（)）jìāüqū臨沂 　\u00a0\t１1290,，。“”%％eEa—~～", max_size=30)


@given(ARTICLE)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text("霽川縣臺髮１2,。“”%", max_size=20), st.text("霽川縣臺髮１2,。“”%", max_size=20))
def test_a_part_of_a_text_is_cleaned_as_the_text_around_it(before: str, after: str) -> None:
    assert clean(before + after) == clean(before) + clean(after)


@given(st.text("霽霁川縣县裡0123,。“”", max_size=30))
def test_full_width_and_half_width_are_one(text: str) -> None:
    wide = text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert clean(wide) == clean(text)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b"\n \n", []),
        ("标题\n\n第一段\n第二段\n".encode(), ["标题", "第一段", "第二段"]),
        ("甲\r\n\r\n乙\r\n".encode(), ["甲", "乙"]),
        ("\ufeff甲\n乙".encode(), ["甲", "乙"]),
        ("甲\n\u00a0\n\u3000\u3000\n\t\n乙".encode(), ["甲", "乙"]),
        ("　　甲 \n　乙".encode(), ["甲", "乙"]),
        ("甲\u2028乙\x0b丙".encode(), ["甲\u2028乙\x0b丙"]),
        ("霽(jì)川\n\n臺".encode(), ["霽(jì)川", "臺"]),
    ],
)
def test_paragraphs_are_the_lines_that_are_not_blank(content: bytes, expected: list[str]) -> None:
    assert paragraphs(decoded(content), []) == expected


@pytest.mark.parametrize(
    ("text", "emendations", "expected"),
    [
        ("百?gòu)?qiáng榜", [("百?gòu)?qiáng榜", "百强榜")], ["百强榜"]),
        ("領頭雁?!迸嚶班18期", [("領頭雁?!迸嚶班", "領頭雁”培訓班")], ["領頭雁”培訓班18期"]),
        ("甲?乙?", [("?", "。")], ["甲。乙。"]),
        ("甲?乙", [("甲?", "丙"), ("丙乙", "丁")], ["丁"]),
        ("甲乙", [("丙", "丁")], ["甲乙"]),
        ("甲\n乙", [("甲\n乙", "甲乙")], ["甲乙"]),
        ("１", [("1", "2")], ["１"]),
    ],
)
def test_a_text_is_mended_as_it_stands_before_it_is_cleaned(
    text: str, emendations: list[tuple[str, str]], expected: list[str]
) -> None:
    assert paragraphs(text, emendations) == expected


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "big5"])
def test_another_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(Unreadable) as refused:
        decoded("黨建電商".encode(encoding))
    assert refused.value.code == "article-not-text"
    assert refused.value.details["reason"]


def test_a_checksum_is_that_of_the_bytes() -> None:
    assert checksum(b"") == f"sha256:{hashlib.sha256(b'').hexdigest()}"
    assert checksum("甲".encode()) != checksum("甲\n".encode())
    assert len(checksum(b"x")) == len("sha256:") + 64


def test_texts_are_found_by_their_bytes_below_a_folder(tmp_path: Path) -> None:
    (tmp_path / "b" / "deep").mkdir(parents=True)
    (tmp_path / "b" / "deep" / "any name").write_bytes(b"one")
    (tmp_path / "c.txt").write_bytes(b"one")
    (tmp_path / "a.txt").write_bytes(b"two")
    (tmp_path / "other").write_bytes(b"three")
    wanted = [checksum(b"one"), checksum(b"two"), checksum(b"missing")]
    assert find(tmp_path, wanted) == {wanted[0]: b"one", wanted[1]: b"two"}
    assert find(tmp_path, []) == {}
    assert find(tmp_path / "nowhere", wanted) == {}
