"""A sixth article, invented, is read by data alone; and whatever its data then get wrong, verify and coverage tell."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from breaking import add, drop, put, run, swap, told, tree
from conftest import ROOT, WORLDS
from pbgraph import project as projects
from pbgraph.checks import Checked, check
from pbgraph.cli import main
from pbgraph.scripts import traditional
from pbgraph.texts import checksum

FOLDER = WORLDS / "sixth"
PROJECT = projects.load(FOLDER)
DATA = "data/articles/jichuan-party-ecommerce.yaml"
TEXT = "articles/jichuan.txt"
RECORD = "data/verified.json"
AGREES = "129 quotations of 1 article: each agrees with its text\n"
UNCHANGED = "129 quotations of 1 article: unchanged since they were verified\n"
COVERED = "jichuan-party-ecommerce: 91 figures, 87 carried, 4 ignored; 0 figures and labels open\n"


@pytest.fixture(scope="module")
def sixth() -> Checked:
    """The world, checked."""
    return check(PROJECT)


def copied(folder: Path) -> Path:
    """A copy of the world below a folder, beside a copy of what it takes from the repository."""
    for part in ("ontology", "shapes", "queries", "site", "data/vocabularies"):
        shutil.copytree(ROOT / part, folder / part)
    return Path(shutil.copytree(FOLDER, folder / "tests" / "worlds" / "sixth"))


@pytest.fixture(scope="module")
def place_of_copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where one copy stands after the other: commands read anew only what differs from what stood there before."""
    return tmp_path_factory.mktemp("copies") / "copy"


@pytest.fixture
def copy(place_of_copies: Path) -> Path:
    """A copy of the world that a test may break."""
    shutil.rmtree(place_of_copies, ignore_errors=True)
    return copied(place_of_copies)


def test_what_files_of_another_project_might_have_better_is_not_told() -> None:
    assert run(FOLDER, "check").stdout.endswith(": 0 errors, 0 warnings\n")


def swap_one(folder: Path, old: str, new: str, file: str = DATA) -> None:
    """Replaces words that stand in a file once."""
    assert (folder / file).read_text(encoding="utf-8").count(old) == 1, old
    swap(file, old, new)(folder)
    assert old == new or old not in (folder / file).read_text(encoding="utf-8") or old in new


def verify(folder: Path, *arguments: str) -> Result:
    return run(folder, "verify", "--articles", str(folder / "articles"), *arguments)


def coverage(folder: Path, *arguments: str) -> Result:
    return run(folder, "coverage", "--articles", str(folder / "articles"), *arguments)


def place(folder: Path, line: str, pointed: str) -> str:
    """Where the words `pointed` begin in the only line of the data file that holds `line`: `file:line:col`."""
    lines = (folder / DATA).read_text(encoding="utf-8").splitlines()
    found = [(number, text) for number, text in enumerate(lines, 1) if line in text]
    assert len(found) == 1, (line, found)
    number, text = found[0]
    assert pointed in text, (pointed, text)
    return f"{DATA}:{number}:{text.index(pointed) + 1}"


def chinese(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--project", str(folder), "--lang", "zh", *arguments])


# The world.


def test_the_world_is_data_and_a_text_and_nothing_else() -> None:
    files = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
    assert files == [
        *(TEXT, DATA, "data/places/jichuan.yaml", RECORD),
        *("data/vocabularies/own.yaml", "pbgraph.toml"),
    ]


def test_the_world_stands_on_the_repository_s_own_terms() -> None:
    repository = projects.load(ROOT)
    for part, suffix in (("ontology", ".ttl"), ("shapes", ".ttl"), ("checks", ".rq")):
        assert PROJECT.files(part, suffix) == repository.files(part, suffix)
        assert PROJECT.files(part, suffix)
    assert PROJECT.base == repository.base


def test_the_text_says_that_it_is_invented_and_has_what_real_ones_have() -> None:
    text = (FOLDER / TEXT).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip()]
    assert lines[0].startswith("【虛構】")
    assert 14 <= len(lines) <= 18
    assert 1300 <= len(text) <= 1800
    for trait in ("霽(jì)川", "?!迸", "“386199”", "１３０", "第一,", "一是", "62歲", "首頁 >", "百餘名", "十幾家", "3至5億元"):
        assert trait in text, trait


def test_nothing_breaks_a_rule(sixth: Checked) -> None:
    """The vocabularies are the repository's, so that some of their entries have no use here."""
    found = [each.render("en") for each in sixth.problems if each.code != "unused-entity" or each.where.file.startswith("data/")]
    assert found == []
    assert not sixth.errors
    assert sixth.files >= 16


def test_every_quotation_and_amount_agrees_with_the_text() -> None:
    found = verify(FOLDER)
    assert (found.stdout, found.stderr, found.exit_code) == (AGREES, "", 0)


def test_nothing_of_the_text_is_open() -> None:
    found = coverage(FOLDER)
    assert (found.stdout, found.stderr, found.exit_code) == (COVERED, "", 0)


def test_the_record_is_current() -> None:
    found = run(FOLDER, "verify")
    assert (found.stdout, found.stderr, found.exit_code) == (UNCHANGED, "", 0)
    recorded = json.loads((FOLDER / RECORD).read_text(encoding="utf-8"))
    hashes = [checksum((FOLDER / file).read_bytes()) for file in (DATA, TEXT)]
    assert recorded == {"jichuan-party-ecommerce": {"data": DATA, "dataHash": hashes[0], "articleHash": hashes[1]}}


# What verify says of a slip.


@dataclass(frozen=True)
class Slip:
    """Words of the data file exchanged for others: the finding at `pointed` in the line with `line`, and parts of its message."""

    old: str
    new: str
    code: str
    line: str
    pointed: str
    tells: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.code}-{self.new[:12]}"


SLIPS = [
    Slip(
        *("value: 8600万元", "value: 8700万元", "amount-not-quoted", "value: 8700万元", "8700万元"),
        ("`8700万元` is typed, but the quoted words give 8600万元.", "Type the amount as the article prints it"),
    ),
    Slip(
        *("value: 91.7%", "value: 97.1%", "amount-not-quoted", "value: 97.1%", "97.1%"),
        ("`97.1%` is typed", "give 突破2.3亿元, 91.7%."),
    ),
    Slip(
        *("value: 120余个", "value: 120个", "amount-not-quoted", "value: 120个", "120个"),
        ("the quoted words give 120余个.", "with its 多, 近, 以上"),
    ),
    Slip(
        *("value: 60至80元", "value: 60至90元", "amount-not-quoted", "value: 60至90元", "60至90元"),
        ("give 60至80元.",),
    ),
    Slip(
        *("share: 七成", "share: 六成", "amount-not-quoted", "share: 六成", "六成"),
        ("`六成` is typed", "七成"),
    ),
    Slip(
        *("{who: poor-villages, number: 42,", "{who: poor-villages, number: 24,"),
        *("amount-not-quoted", "number: 24,", "24"),
        ("`24` is typed", "36名, 42个"),
    ),
    Slip(
        *('"2015年8月至2018年7月,省農科院選派的孫設例"', '"2015年8月至2018年6月,省農科院選派的孫設例"'),
        *("quote-not-found", "2018年6月,省農科院", '"2015年8月至2018年6月,省農科院選派的孫設例"'),
        (
            "Paragraph 13 does not hold “2015年8月至2018年6月",
            "like it: “2015年8月至2018年7月,省農科院選派的孫設例”. Copy them as printed.",
        ),
    ),
    Slip(
        *('"推行“黨建+電商”模式"', '"從未有人見過"', "quote-not-found", "從未有人見過", '"從未有人見過"'),
        ("Paragraph 5 does not hold “從未有人見過”.", "Nothing there is much like it: see whether it is the right paragraph"),
    ),
    Slip(
        *('{4: "人口52.6萬"}', '{5: "人口52.6萬"}', "quote-elsewhere", '{5: "人口52.6萬"}', '"人口52.6萬"'),
        ("“人口52.6萬” is not in paragraph 5 but in paragraph 4.", "Correct the number of the paragraph."),
    ),
    Slip(
        *('{11: "旺季每天發貨2000單"}', '{19: "旺季每天發貨2000單"}'),
        *("paragraph-not-there", "{19:", '"旺季每天發貨2000單"'),
        ("There is no paragraph 19; the last one is 18.", "not blank from 1, headings included."),
    ),
    Slip(
        *('"2016年1.2億元"', '"6年1.2億元"', "quote-cuts-number", '"6年1.2億元"', '"6年1.2億元"'),
        ("“6年1.2億元” begins or ends in the middle of a number of paragraph 6.", "Quote the number whole."),
    ),
    Slip(
        *('{4: "168個行政村"}', '{4: "個行政村"}', "amount-without-quote", '{4: "個行政村"}', "168个"),
        ("`168个` is typed, but no quoted words hold an amount.", "Add the words that hold it to the `passage`"),
    ),
]
each_slip = pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)


@pytest.fixture(scope="module")
def slipped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result, Result]:
    """A copy with every slip, and what verify says of it in English and in Chinese."""
    folder = copied(tmp_path_factory.mktemp("slipped"))
    for slip in SLIPS:
        swap_one(folder, slip.old, slip.new)
    return folder, verify(folder), chinese(folder, "verify", "--articles", str(folder / "articles"))


def expected(folder: Path, slip: Slip) -> str:
    return f"{place(folder, slip.line, slip.pointed)}: {slip.code}"


def test_the_slips_are_found_where_they_stand_and_nothing_else(slipped: tuple[Path, Result, Result]) -> None:
    folder, english, chinese_ = slipped
    assert sorted(told(english)) == sorted(expected(folder, slip) for slip in SLIPS)
    assert told(english) == told(chinese_)
    lines = [int(each.split(":")[1]) for each in told(english)]
    assert lines == sorted(lines)
    assert (english.stdout, english.exit_code, chinese_.stdout, chinese_.exit_code) == ("", 1, "", 1)


@each_slip
def test_a_slip_is_told_with_what_to_do(slip: Slip, slipped: tuple[Path, Result, Result]) -> None:
    """In Chinese the same words are named."""
    folder, english, chinese_ = slipped
    begins = f"{expected(folder, slip)}: "
    said, translated = (
        next(line.removeprefix(begins) for line in result.stderr.splitlines() if line.startswith(begins))
        for result in (english, chinese_)
    )
    for words in slip.tells:
        assert words in said
    assert not re.search("[a-z]{4,}", translated.replace("`passage`", "")), translated
    assert [words for words in re.findall("[“`]([^”`]+)[”`]", said) if words not in translated] == []


def test_one_slip_alone_is_the_only_finding(copy: Path) -> None:
    swap_one(copy, SLIPS[0].old, SLIPS[0].new)
    assert told(verify(copy)) == [expected(copy, SLIPS[0])]


def test_a_changed_digit_in_a_quotation_is_no_fault_of_the_value(copy: Path) -> None:
    swap_one(copy, '"2015年全縣電商交易額8600萬元"', '"2015年全縣電商交易額8700萬元"')
    assert [each.rsplit(" ", 1)[1] for each in told(verify(copy))] == ["quote-not-found"]


def test_a_changed_digit_in_a_quotation_is_found(copy: Path) -> None:
    swap_one(copy, '"2015年全縣電商交易額8600萬元"', '"2015年全縣電商交易額8700萬元"')
    found = verify(copy)
    where = place(copy, "交易額8700萬元", '"2015年')
    assert f"{where}: quote-not-found" in told(found)
    assert "The words there most like it: “2015年全縣電商交易額8600萬元”. Copy them as printed." in found.stderr


def test_a_bound_that_includes_its_number_is_not_one_that_leaves_it_out(copy: Path) -> None:
    swap_one(copy, "value: 1200元以上, per: person, at: 2017", "value: 超过1200元, per: person, at: 2017")
    assert [each.rsplit(" ", 1)[1] for each in told(verify(copy))] == ["amount-not-quoted"]


def test_an_amount_is_held_against_words_that_are_only_in_the_other_script(copy: Path) -> None:
    """The warning about the script of a quotation is no reason to pass over the amount of its claim."""
    mine = str(second(copy))
    typed, instead = (
        f'value: {number}家, at: article, passage: {{1: "{words}88家"}}' for number, words in ((88, "网店"), (89, "網店"))
    )
    swap_one(copy, typed, instead, "data/articles/second.yaml")
    found = run(copy, "verify", "--articles", mine, "second")
    assert sorted(each.rsplit(" ", 1)[1] for each in told(found)) == ["amount-not-quoted", "quote-other-script"]


def test_of_a_source_in_another_language_no_script_is_told(copy: Path) -> None:
    mine = str(second(copy))
    swap_one(copy, "language: zh\n", "language: en\n", "data/articles/second.yaml")
    assert "text-other-script" not in run(copy, "verify", "--articles", mine, "second").stderr


def test_an_amount_is_held_against_every_quotation_of_its_claim(copy: Path) -> None:
    """Digits exchanged in value and quotation alike agree with each other, but the quotation is not in the text."""
    swap_one(
        copy, 'value: 52.6万, at: article, passage: {4: "人口52.6萬"}', 'value: 56.2万, at: article, passage: {4: "人口56.2萬"}'
    )
    assert [each.rsplit(" ", 1)[1] for each in told(verify(copy))] == ["quote-not-found"]


def test_a_quotation_may_be_simplified_half_width_and_without_gloss(copy: Path) -> None:
    swap_one(copy, '"6個省的１３０餘家採購商到會"', '"6个省的130余家采购商到会"')
    swap_one(copy, '"享有“紅心柚之鄉”的美譽"', '"享有“紅心柚(yòu)之鄉”的美譽"')
    assert verify(copy).stdout == AGREES


def test_a_garbled_spot_that_is_not_mended_is_not_found_by_its_meaning(copy: Path) -> None:
    emendation = place(copy, "corrupt:", "- {corrupt").split(":")[1]
    lines = (copy / DATA).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for number, line in enumerate(lines, 1) if number not in (int(emendation) - 1, int(emendation))]
    put(DATA, "".join(kept))(copy)
    found = verify(copy)
    assert {each.rsplit(" ", 1)[1] for each in told(found)} == {"quote-not-found"}
    assert len(told(found)) == 3
    assert "領頭雁”培訓班" in found.stderr


def test_an_emendation_of_what_is_not_there_is_told(copy: Path) -> None:
    swap_one(copy, 'corrupt: "領頭雁?!迸嚶班"', 'corrupt: "領頭雁?!迸嚶斑"')
    found = verify(copy)
    where = place(copy, "corrupt:", '"領頭雁?!迸嚶斑"')
    assert f"{where}: emendation-not-found" in told(found)
    assert "The text holds no “領頭雁?!迸嚶斑” to mend. Copy the garbled characters exactly from the file" in found.stderr
    said = chinese(copy, "verify", "--articles", str(copy / "articles")).stderr
    assert "文本中没有要勘正的“領頭雁?!迸嚶斑”。" in said
    assert "请从文件中原样抄录错乱的字符，或删去这条勘正。" in said


def hashed(folder: Path) -> str:
    return checksum((folder / TEXT).read_bytes())


def test_another_checksum_means_another_text(copy: Path) -> None:
    digits = hashed(copy)[-64:]
    swap_one(copy, digits, digits[::-1])
    found = verify(copy)
    where = place(copy, "checksum:", '"sha256:')
    assert told(found) == [f"{where}: article-not-found"]
    assert f"No file below {copy / 'articles'} has this checksum. Give the folder with the text that was read" in found.stderr
    said = chinese(copy, "verify", "--articles", str(copy / "articles")).stderr
    assert said.startswith(f"{where}: article-not-found: {copy / 'articles'}之下没有文件的校验和与此相同。")
    assert "请给出所读文本所在的文件夹" in said
    assert told(coverage(copy)) == [f"{where}: article-not-found"]
    assert (found.exit_code, coverage(copy).exit_code) == (1, 1)


def test_another_text_needs_another_checksum(copy: Path) -> None:
    swap_one(copy, "8600萬元", "8700萬元", TEXT)
    assert [each.rsplit(" ", 1)[1] for each in told(verify(copy))] == ["article-not-found"]
    before = hashed(FOLDER)
    swap_one(copy, before, hashed(copy))
    assert {each.rsplit(" ", 1)[1] for each in told(verify(copy))} == {"quote-not-found"}


def test_a_text_in_another_encoding_is_refused(copy: Path) -> None:
    text = (copy / TEXT).read_text(encoding="utf-8")
    put(TEXT, text.encode("gb18030"))(copy)
    swap_one(copy, hashed(FOLDER), hashed(copy))
    found = verify(copy)
    where = place(copy, "checksum:", '"sha256:')
    assert f"{where}: article-not-text" in told(found)
    assert "The article's file is no UTF-8 text: invalid" in found.stderr
    assert "Save the text as UTF-8 and write the checksum of that file." in found.stderr
    assert "请把文本存为UTF-8，并写上该文件的校验和。" in chinese(copy, "verify", "--articles", str(copy / "articles")).stderr
    assert (found.exit_code, coverage(copy).exit_code) == (1, 1)


def test_a_text_in_another_encoding_is_the_only_finding(copy: Path) -> None:
    put(TEXT, (copy / TEXT).read_text(encoding="utf-8").encode("gb18030"))(copy)
    swap_one(copy, hashed(FOLDER), hashed(copy))
    assert [each.rsplit(" ", 1)[1] for each in told(verify(copy))] == ["article-not-text"]


def test_a_project_with_errors_is_not_verified(copy: Path) -> None:
    swap_one(copy, "indicator: population-size", "indicator: population-sice")
    for found in (verify(copy), coverage(copy), run(copy, "verify")):
        assert [each.rsplit(" ", 1)[1] for each in told(found)] == ["unknown-id"]
        assert "Did you mean population-size?" in found.stderr
        assert (found.stdout, found.exit_code) == ("", 1)


# Where there are no texts.


@pytest.mark.parametrize(
    "change",
    [add(DATA, "# a word\n"), swap(DATA, "value: 3.85万", "value: 3.58万"), swap(DATA, "拟稿人", "另一人")],
    ids=["comment", "digit", "byline"],
)
def test_any_edit_of_a_verified_file_is_told_without_its_text(change: object, copy: Path) -> None:
    assert run(copy, "verify").stdout == UNCHANGED
    assert callable(change)
    change(copy)
    found = run(copy, "verify")
    assert (told(found), found.exit_code) == ([f"{DATA}: verified-before"], 1)
    assert "changed since verified.json was written" in found.stderr
    assert "Run pbgraph verify --articles DIR --record where the text is." in found.stderr
    assert "verified.json写成之后，这个文件或其中的校验和又有改动" in chinese(copy, "verify").stderr


def test_an_edit_that_agrees_is_recorded_and_no_other(copy: Path) -> None:
    add(DATA, "# a word\n")(copy)
    recorded = verify(copy, "--record")
    assert (recorded.stdout, recorded.exit_code) == (f"{AGREES}{RECORD} written\n", 0)
    assert run(copy, "verify").stdout == UNCHANGED
    before = tree(copy)
    swap_one(copy, "value: 8600万元", "value: 8700万元")
    assert verify(copy, "--record").exit_code == 1
    assert tree(copy)[RECORD] == before[RECORD]
    assert told(run(copy, "verify")) == [f"{DATA}: verified-before"]


def test_without_its_record_nothing_was_ever_verified(copy: Path) -> None:
    drop(RECORD)(copy)
    found = run(copy, "verify")
    assert (told(found), found.exit_code) == ([f"{DATA}: never-verified"], 1)
    assert "verified.json does not know it. Run pbgraph verify --articles DIR --record" in found.stderr
    assert "这个文件从未与文章原文核对过：verified.json中没有它。" in chinese(copy, "verify").stderr
    assert verify(copy, "--record").exit_code == 0
    assert tree(copy)[RECORD] == tree(FOLDER)[RECORD]


def test_an_edit_of_a_table_is_an_edit_of_the_file_that_names_it(copy: Path) -> None:
    row = '  - {subject: jichuan, indicator: towns, value: 10, at: article, passage: {4: "轄10鎮4鄉"}}\n'
    swap(DATA, row, "")(copy)
    figure = "{subject: jichuan, indicator: towns, value: $number, at: article, passage: {4: $words}}"
    add(DATA, f"table:\n  file: towns.csv\n  figures: {figure}\n")(copy)
    put("data/articles/towns.csv", "number,words\n10,轄10鎮4鄉\n")(copy)
    assert verify(copy, "--record").exit_code == run(copy, "verify").exit_code == 0
    put("data/articles/towns.csv", "number,words\n99,轄99鎮4鄉\n")(copy)
    found = run(copy, "verify")
    assert (told(found), found.exit_code) == ([f"{DATA}: verified-before"], 1)


def test_a_damaged_record_is_no_record(copy: Path) -> None:
    for content, code in (
        ("{", "never-verified"),
        ("[]", "never-verified"),
        ('{"jichuan-party-ecommerce": 1}', "verified-before"),
    ):
        put(RECORD, content)(copy)
        found = run(copy, "verify")
        assert (told(found), found.exit_code) == ([f"{DATA}: {code}"], 1)


def test_without_the_record_option_nothing_is_written(copy: Path) -> None:
    before = tree(copy)
    assert verify(copy).exit_code == coverage(copy).exit_code == run(copy, "verify").exit_code == 0
    assert tree(copy) == before


# What coverage says of what is left.


def removed(folder: Path, begins: str) -> None:
    """Takes the one line that begins so out of the data file."""
    lines = (folder / DATA).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.strip().startswith(begins)]
    assert len(kept) == len(lines) - 1, begins
    put(DATA, "".join(kept))(folder)


OPENED = [
    ("- {subject: jichuan, indicator: population-size", [("4", "4", "52.6萬", "政村,人口[52.6萬],其中建檔立")]),
    (
        "- {subject: jichuan, indicator: poverty-rate, value: 14.6%",
        [("16", "5", "2014年", ""), ("16", "6", "14.6%", "4年的[14.6%]降至")],
    ),
    ("- {because: private-person", [("10", "1", "62", "[62]歲的村民")]),
    ("- {because: nickname", [("10", "4", "386199", ""), ("10", "5", "386199", "像她一樣,村裏“[386199]”留守人員")]),
    ("- {because: rhetorical", [("16", "13", "千家", "讓好柚子走進[千家]萬戶"), ("16", "14", "萬戶", "走進千家[萬戶]。")]),
]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A copy without some figures and omissions, and what coverage says of it."""
    folder = copied(tmp_path_factory.mktemp("opened"))
    for entry, _ in OPENED:
        removed(folder, entry)
    return folder, coverage(folder)


def test_what_no_entry_carries_is_open_and_nothing_else(opened: tuple[Path, Result]) -> None:
    folder, found = opened
    rows = [line.split() for line in found.stdout.splitlines() if line.strip().startswith("jichuan-party-ecommerce ")]
    shown = [row for _, rows_ in OPENED for row in rows_]
    assert sorted(tuple(row[1:4]) for row in rows) == sorted(row[:3] for row in shown)
    for par, nth, words, around in shown:
        assert [around in row[4] for row in rows if row[1:4] == [par, nth, words]] == [True]
    assert found.stdout.splitlines()[-1] == COVERED.strip().replace(
        "87 carried, 4 ignored; 0", f"84 carried, 0 ignored; {len(shown)}"
    )
    assert (
        "Claim each, or list it under `ignored:` of its source, by its words or by its number in the paragraph:" in found.stdout
    )
    assert found.exit_code == 1
    assert verify(folder).exit_code == 0


@pytest.mark.parametrize(("entry", "rows"), [OPENED[0], OPENED[3]], ids=["figure", "omission"])
def test_one_entry_less_opens_what_it_carried(entry: str, rows: list[tuple[str, str, str, str]], copy: Path) -> None:
    removed(copy, entry)
    found = coverage(copy)
    lines = [line.split() for line in found.stdout.splitlines() if line.strip().startswith("jichuan-party-ecommerce ")]
    assert [tuple(line[1:4]) for line in lines] == [row[:3] for row in rows]
    assert (f"{len(rows)} figures and labels open" in found.stdout, found.exit_code) == (True, 1)


def test_the_advice_for_what_is_open_works(copy: Path) -> None:
    """What the table shows of an open figure is all that an omission needs."""
    removed(copy, "- {subject: jichuan, indicator: population-size")
    swap_one(copy, "    - {because: nickname", "    - {because: rhetorical, par: 4, nth: 4}\n    - {because: nickname")
    found = coverage(copy)
    assert found.stdout == COVERED.replace("87 carried, 4 ignored", "86 carried, 5 ignored")


def test_whole_paragraphs_left_out_on_which_claims_rest_are_told(copy: Path) -> None:
    swap_one(copy, "{because: not-the-article, par: 3}", "{because: not-the-article, par: 3, lastPar: 8}")
    found = coverage(copy)
    assert (told(found)[0].rsplit(" ", 1)[1], found.exit_code) == ("left-out-with-claims", 1)


def test_figures_of_whole_paragraphs_left_out_for_another_reason_count_as_left_out(copy: Path) -> None:
    swap_one(copy, "{because: not-the-article, par: 17, lastPar: 18}", "{because: rhetorical, par: 17, lastPar: 18}")
    found = coverage(copy)
    assert "4 ignored" not in found.stdout
    assert "0 figures and labels open" in found.stdout


@pytest.mark.parametrize("gone", ["par: 99", "par: 10, nth: 99", "par: 17, lastPar: 99"])
def test_an_omission_of_what_is_not_there_is_told(gone: str, copy: Path) -> None:
    swap_one(copy, "{because: private-person, par: 10, nth: 1}", f"{{because: rhetorical, {gone}}}")
    found = coverage(copy)
    assert [each.rsplit(" ", 1)[1] for each in told(found)] == ["omission-not-there"]
    assert found.exit_code == 1


def test_navigation_that_nobody_leaves_out_is_open(copy: Path) -> None:
    removed(copy, "- {because: not-the-article, par: 17")
    found = coverage(copy)
    assert "2000餘名" in found.stdout
    assert "93 figures, 87 carried, 4 ignored; 2 figures and labels open" in found.stdout


def test_a_figure_of_the_last_paragraph_may_be_left_out(copy: Path) -> None:
    swap_one(copy, "{because: not-the-article, par: 17, lastPar: 18}", "{because: rhetorical, par: 18, nth: 1}")
    found = coverage(copy)
    assert (told(found), found.exit_code) == ([], 1)
    assert "5 ignored; 1 figures and labels open" in found.stdout


def test_a_label_that_nothing_names_is_open(copy: Path) -> None:
    old = "  - {id: new-engine, type: Slogan, name: {zh: 新引擎, en: new engine}}\n"
    swap_one(copy, old, "", "data/vocabularies/own.yaml")
    found = coverage(copy)
    assert [line.split()[1:4] for line in found.stdout.splitlines() if "[" in line][:1] == [["5", "4", "新引擎"]]
    assert found.exit_code == 1


def test_not_everything_may_be_ignored(copy: Path) -> None:
    text = (copy / DATA).read_text(encoding="utf-8")
    entries = "".join(f"    - {{because: rhetorical, par: {par}, nth: {n}}}\n" for par in range(1, 17) for n in range(1, 20))
    head, claims = text.split("figures:\n", 1)
    rest = claims.split("pairings:\n", 1)[1]
    put(DATA, head.replace("  ignored:\n", "  ignored:\n" + entries) + "pairings:\n" + rest)(copy)
    found = coverage(copy)
    last = found.stdout.splitlines()[-1]
    assert last.endswith("; 0 figures and labels open; more than 15% are ignored"), found.stdout
    counts = [int(number) for number in re.findall("[0-9]+", last)]
    assert counts[0] == counts[1] + counts[2]
    assert counts[2] > 0.15 * counts[0]
    assert found.exit_code == 1


def test_only_the_articles_named_are_covered() -> None:
    assert coverage(FOLDER, "jichuan-party-ecommerce").stdout == COVERED
    found = coverage(FOLDER, "jichuan")
    assert found.exit_code == 2
    assert "no article jichuan; there are jichuan-party-ecommerce" in found.stderr


@dataclass(frozen=True)
class Spot:
    """What the JSON output tells of one figure or label."""

    par: int
    nth: int
    kind: str
    state: str
    by: tuple[str, ...]


def spots(output: str) -> tuple[dict[str, object], list[Spot]]:
    documents = json.loads(output)
    assert len(documents) == 1
    found = [
        Spot(paragraph["par"], each["nth"], each["kind"], each["state"], tuple(each["by"]))
        for paragraph in documents[0].pop("paragraphs")
        for each in paragraph["found"]
    ]
    return documents[0], found


def test_json_tells_everything_and_its_counts_agree() -> None:
    counts, found = spots(coverage(FOLDER, "--format", "json").stdout)
    assert counts == {
        "article": "jichuan-party-ecommerce",
        "complete": True,
        "figures": 91,
        "carried": 87,
        "ignored": 4,
        "open": 0,
    }
    figures = [spot for spot in found if spot.kind != "label"]
    for state in ("carried", "ignored", "open"):
        assert counts[state] == sum(spot.state == state for spot in figures)
    assert counts["figures"] == len(figures)
    assert {spot.kind for spot in found} == {"amount", "vague", "date", "ordinal", "label"}
    assert all(spot.by for spot in figures)
    assert [spot.by for spot in found] == [tuple(sorted(spot.by)) for spot in found]
    numbered = [(spot.par, spot.nth) for spot in found]
    assert len(set(numbered)) == len(numbered)
    for par in {spot.par for spot in found}:
        assert [spot.nth for spot in found if spot.par == par] == list(range(1, sum(spot.par == par for spot in found) + 1))


def test_json_says_of_paragraphs_that_are_left_out_why() -> None:
    (document,) = json.loads(coverage(FOLDER, "--format", "json").stdout)
    omitted = {each["par"]: each["omitted"] for each in document["paragraphs"] if each["omitted"]}
    assert omitted == dict.fromkeys((3, 17, 18), "not-the-article")
    assert [each["par"] for each in document["paragraphs"]] == list(range(1, 19))
    assert all(not each["found"] for each in document["paragraphs"] if each["omitted"])


def test_json_and_table_agree_about_what_is_open(copy: Path) -> None:
    removed(copy, "- {because: nickname")
    result = coverage(copy, "--format", "json")
    counts, found = spots(result.stdout)
    assert (counts["open"], counts["complete"], result.exit_code) == (1, False, 1)
    assert [(spot.par, spot.nth, spot.kind) for spot in found if spot.state == "open"] == [(10, 4, "amount"), (10, 5, "label")]


# Where the texts are.


def test_a_text_is_found_by_its_bytes_under_any_name(copy: Path) -> None:
    deep = copy / "articles" / "一" / "two words"
    deep.mkdir(parents=True)
    (copy / TEXT).rename(deep / "another name")
    put("articles/noise.bin", b"\xff\x00")(copy)
    assert verify(copy).stdout == AGREES
    assert coverage(copy).stdout == COVERED


def test_the_date_of_an_article_is_held_against_what_it_prints(copy: Path) -> None:
    swap(DATA, "published: 2018-11-20", "published: 2018-12-05")(copy)
    result = verify(copy)
    assert (told(result), result.exit_code) == ([f"{place(copy, 'published: ', '2018-12-05')}: date-not-quoted"], 0)


def test_in_chinese_the_results_are_told_in_chinese(copy: Path) -> None:
    assert (
        run(copy, "--lang", "zh", "verify", "--articles", str(copy / "articles")).stdout == "1 篇文章的 129 处引文：与原文相符\n"
    )
    told = run(copy, "--lang", "zh", "coverage", "--articles", str(copy / "articles")).stdout
    assert told == "jichuan-party-ecommerce：数字 91 个，已写成陈述 87 个，略去 4 个；数字和名号尚余 0 个\n"


SECOND = """\
source:
  id: second
  type: NewsArticle
  name: {zh: 第二篇, en: The second}
  published: 2018
  language: zh
  topic: jichuan
  checksum: CHECKSUM

figures:
  - {subject: jichuan, indicator: online-shops, value: 88家, at: article, passage: {1: "网店88家"}}

mentions:
  - {subject: jichuan, printedAs: 霁川县, passage: {1: "霁川县"}}
"""
WORDS = "霁川县有网店88家。\n"
OWN = "2 quotations of 1 article: each agrees with its text\n"


def second(folder: Path, words: str = WORDS) -> Path:
    """A contributor's own article beside the first, of which there is no text here; the folder of its text."""
    put("mine/second.txt", words)(folder)
    put("data/articles/second.yaml", SECOND.replace("CHECKSUM", checksum((folder / "mine" / "second.txt").read_bytes())))(folder)
    return folder / "mine"


def test_one_article_of_several_is_held_against_its_text_and_recorded(copy: Path) -> None:
    mine = str(second(copy))
    assert told(run(copy, "verify")) == ["data/articles/second.yaml: never-verified"]
    unchanged = UNCHANGED.replace("\n", " (without a text there: jichuan-party-ecommerce)\n")
    before = json.loads((copy / RECORD).read_text(encoding="utf-8"))
    found = run(copy, "verify", "--articles", mine)
    assert (found.stdout, found.stderr, found.exit_code) == (OWN + unchanged, "", 0)
    assert run(copy, "verify", "--articles", mine, "second").stdout == OWN
    assert json.loads((copy / RECORD).read_text(encoding="utf-8")) == before
    assert run(copy, "verify", "--articles", mine, "--record").stdout == OWN + unchanged + f"{RECORD} written\n"
    after = json.loads((copy / RECORD).read_text(encoding="utf-8"))
    assert (after | before, sorted(after)) == (after, ["jichuan-party-ecommerce", "second"])
    assert run(copy, "verify").exit_code == 0
    assert run(copy, "verify", "second").stdout == OWN.replace("each agrees with its text", "unchanged since they were verified")


def test_a_figure_is_carried_only_by_what_tells_it_and_quotes_it_in_its_paragraph(copy: Path) -> None:
    mine = str(second(copy, "霁川县88家“灯笼铺”等网店88家,又88家。\n“霁川县”网店88家。\n"))

    def opened() -> list[list[str]]:
        found = run(copy, "coverage", "--articles", mine, "second").stdout
        return [line.split()[1:4] for line in found.splitlines() if "[" in line]

    elsewhere = [["1", "1", "88家"], ["1", "2", "灯笼铺"], ["1", "4", "88家"], ["2", "2", "88家"]]
    assert opened() == elsewhere
    swap_one(copy, "value: 88家", "value: 87家", "data/articles/second.yaml")
    assert sorted(opened()) == sorted([*elsewhere, ["1", "3", "88家"]])


def test_what_is_wrong_in_the_one_article_is_told_without_the_text_of_another(copy: Path) -> None:
    mine = str(second(copy, WORDS.replace("88", "89")))
    for names in ((), ("second",)):
        found = run(copy, "verify", "--articles", mine, "--record", *names)
        assert [each.rsplit(" ", 1)[1] for each in told(found)] == ["quote-not-found"]
        assert "second" not in (copy / RECORD).read_text(encoding="utf-8")


def test_an_article_changed_since_it_agreed_needs_its_text_unless_another_is_named(copy: Path) -> None:
    mine = str(second(copy))
    add(DATA, "# a word\n")(copy)
    found = run(copy, "verify", "--articles", mine, "--record")
    assert [each.rsplit(" ", 1)[1] for each in told(found)] == ["article-not-found"]
    assert "or name the articles of which you have one" in found.stderr
    before = json.loads((copy / RECORD).read_text(encoding="utf-8"))
    assert run(copy, "verify", "--articles", mine, "--record", "second").exit_code == 0
    after = json.loads((copy / RECORD).read_text(encoding="utf-8"))
    assert after["jichuan-party-ecommerce"] == before["jichuan-party-ecommerce"] and "second" in after
    assert told(run(copy, "verify")) == [f"{DATA}: verified-before"]
    named = run(copy, "verify", "--articles", mine, "jichuan-party-ecommerce")
    assert [each.rsplit(" ", 1)[1] for each in told(named)] == ["article-not-found"]


def test_an_article_without_checksum_is_told_and_not_passed_over(copy: Path) -> None:
    text = (second(copy) / "second.txt").read_bytes()
    swap_one(copy, f"  checksum: {checksum(text)}\n", "", "data/articles/second.yaml")
    for command in (
        ("verify",),
        ("verify", "second"),
        ("verify", "--articles", str(copy)),
        ("coverage", "--articles", str(copy), "second"),
    ):
        found = run(copy, *command)
        assert (told(found), found.exit_code) == (["data/articles/second.yaml:2:3: no-checksum"], 1), command


def test_words_in_another_order_than_the_text_has_them_are_told(copy: Path) -> None:
    mine = str(second(copy))
    swap_one(copy, '{1: "网店88家"}', '{1: ["网店88家", "霁川县"]}', "data/articles/second.yaml")
    found = run(copy, "verify", "--articles", mine, "second")
    assert [each.rsplit(" ", 1)[1] for each in told(found)] == ["quotes-out-of-order"]
    assert "In paragraph 1, “霁川县” stands before “网店88家”. Type the words of one paragraph in the order" in found.stderr
    swap_one(copy, '["网店88家", "霁川县"]', '["霁川县", "网店88家"]', "data/articles/second.yaml")
    assert run(copy, "verify", "--articles", mine, "second").exit_code == 0


def test_words_in_the_other_script_are_told_with_those_printed(copy: Path) -> None:
    mine = str(second(copy))
    swap_one(copy, '{1: "网店88家"}', '{1: "有網店88家"}', "data/articles/second.yaml")
    found = run(copy, "verify", "--articles", mine, "second")
    assert [each.rsplit(" ", 1)[1] for each in told(found)] == ["quote-other-script"]
    assert (found.stdout, found.exit_code) == (OWN, 0), "a warning"
    assert "Paragraph 1 does not print “有網店88家” but “有网店88家”." in found.stderr


def test_a_text_in_another_script_than_its_source_says_is_told(copy: Path) -> None:
    mine = str(second(copy))
    swap_one(copy, "language: zh\n", "language: zh-hant\n", "data/articles/second.yaml")
    found = run(copy, "verify", "--articles", mine, "second")
    assert [each.rsplit(" ", 1)[1] for each in told(found)] == ["text-other-script"]
    assert "The source says language: zh-hant, but its text is printed in zh. Write language: zh." in found.stderr
    assert found.exit_code == 0, "a warning"
    mine = str(second(copy, traditional(WORDS)))
    found = run(copy, "verify", "--articles", mine, "second")
    assert "The source says language: zh, but its text is printed in zh-hant." in found.stderr
    swap_one(copy, "language: zh\n", "language: [zh, zh-hant]\n", "data/articles/second.yaml")
    assert "text-other-script" not in run(copy, "verify", "--articles", mine, "second").stderr


def test_the_number_of_a_group_is_found_whatever_it_is_counted_in(copy: Path) -> None:
    swap_one(copy, "of: {who: party-members-in-ecommerce, number: 36,", "of: {who: party-members-in-ecommerce, number: 36棵,")
    found = run(copy, "verify", "--articles", str(copy / "articles"))
    assert (found.stdout, found.stderr, found.exit_code) == (AGREES, "", 0)


def test_a_time_that_its_words_do_not_give_is_told(copy: Path) -> None:
    swap_one(copy, "period: year, at: 2016, passage", "period: year, at: 2015, passage")
    found = run(copy, "verify", "--articles", str(copy / "articles"))
    where = place(copy, 'at: 2015, passage: {6: "2016', "2015")
    assert told(found) == [f"{where}: date-not-quoted"]
    assert (found.stdout, found.exit_code) == (AGREES, 0), "a warning: the words may date something else"
    assert "The time here is 2015; the quoted words print 2016年." in found.stderr


def test_last_year_is_the_year_before_the_article(copy: Path) -> None:
    swap_one(copy, "period: year\n    at: 2017\n    certainty", "period: year\n    at: 2016\n    certainty")
    found = run(copy, "verify", "--articles", str(copy / "articles"))
    assert [each.rsplit(" ", 1)[1] for each in told(found)] == ["date-not-quoted"]
    assert "The time here is 2016; the quoted words print 去年 = 2017年." in found.stderr


def test_a_number_that_can_be_read_in_several_ways_is_told_by_each_of_them(copy: Path) -> None:
    swap_one(copy, "object: {who: stay-at-homes, within", "object: {who: stay-at-homes, number: 200-300, within")
    swap_one(
        copy,
        '    note: {zh: 人数原文说“二三百人”。, en: "Of their number the article says “two or three hundred” (二三百)."}\n',
        "",
    )
    found = run(copy, "verify", "--articles", str(copy / "articles"))
    assert (found.stdout, found.stderr, found.exit_code) == (AGREES, "", 0)
    assert coverage(copy).stdout == COVERED
    swap_one(copy, "number: 200-300,", "number: 23-24,")
    found = run(copy, "verify", "--articles", str(copy / "articles"))
    assert [each.rsplit(" ", 1)[1] for each in told(found)] == ["amount-not-quoted"]
    assert "the quoted words give 二三百." in found.stderr


def test_coverage_of_the_article_named_needs_no_other_text(copy: Path) -> None:
    mine = str(second(copy))
    found = run(copy, "coverage", "--articles", mine, "second")
    assert (found.stdout.count("\n"), found.stderr, found.exit_code) == (1, "", 0)
    assert told(run(copy, "coverage", "--articles", mine)) != []


@pytest.mark.parametrize("command", ["verify", "coverage"])
def test_an_article_that_nobody_knows_is_told_before_texts_are_read(copy: Path, command: str) -> None:
    found = run(copy, command, "--articles", str(copy), "nobody")
    assert (found.exit_code, "no article nobody; there are jichuan-party-ecommerce" in found.stderr) == (2, True)


def test_a_record_nested_beyond_reading_is_no_record(copy: Path) -> None:
    put(RECORD, "[" * 100_000)(copy)
    assert told(run(copy, "verify")) == [f"{DATA}: never-verified"]


def test_an_empty_folder_holds_no_text(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = run(copy, "verify", "--articles", str(tmp_path / "empty"))
    assert [each.rsplit(" ", 1)[1] for each in told(found)] == ["article-not-found"]
    assert found.exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("verify", "--record"), "--record needs --articles"),
        (("verify", "--articles", "nowhere"), "Directory 'nowhere' does not exist"),
        (("coverage",), "Missing option '--articles'"),
        (("coverage", "--articles", "nowhere"), "Directory 'nowhere' does not exist"),
        (("coverage", "--articles", ".", "--format", "xml"), "'xml' is not one of 'table', 'json'"),
    ],
)
def test_wrong_usage_ends_in_2(arguments: tuple[str, ...], says: str) -> None:
    found = run(FOLDER, *arguments)
    assert (found.exit_code, found.stdout) == (2, "")
    assert says in found.stderr


@pytest.mark.parametrize("command", ["verify", "coverage"])
def test_the_commands_explain_themselves(command: str) -> None:
    found = run(FOLDER, command, "--help")
    assert found.exit_code == 0
    assert "--articles DIRECTORY" in found.stdout


@pytest.mark.parametrize(("locale", "words"), [("zh_CN.UTF-8", "没有说出"), ("C.UTF-8", "is typed")])
def test_the_language_of_messages_is_the_locale_s(locale: str, words: str, copy: Path) -> None:
    """A process of its own: exit code, streams and language as a shell sees them."""
    swap_one(copy, "value: 8600万元", "value: 8700万元")
    environment = {name: value for name, value in os.environ.items() if name not in ("LANG", "LC_MESSAGES")}
    command = [sys.executable, "-m", "pbgraph", "--project", str(copy), "verify", "--articles", str(copy / "articles")]
    ran = subprocess.run(
        command, capture_output=True, check=False, encoding="utf-8", env={**environment, "LC_ALL": locale, "PYTHONUTF8": "1"}
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(place(copy, "value: 8700万元", "8700万元") + ": amount-not-quoted: ")
    assert ("填写的是“8700万元”" if locale.startswith("zh") else words) in ran.stderr


def test_a_record_that_cannot_be_written_is_told(copy: Path) -> None:
    record = copy / "data" / "verified.json"
    record.unlink()
    record.mkdir()
    found = run(copy, "verify", "--articles", str(copy / "articles"), "--record")
    assert found.exit_code == 1
    assert found.stderr.startswith("data/verified.json: unwritable: ")
    assert {each.rsplit(" ", 1)[1] for each in told(run(copy, "verify"))} == {"never-verified"}
