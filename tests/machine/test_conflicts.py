"""What the claims say against each other comes out with its explanation, and only that."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from breaking import swap
from conftest import ROOT, WORLDS
from pbgraph import conflicts, queries
from pbgraph import project as projects
from pbgraph.checks import Checked, check
from pbgraph.cli import main
from pbgraph.conflicts import Conflict, Words
from pbgraph.labels import Labels
from pbgraph.problems import Refused
from small import CHECKED, SECOND, small_project

GRAVEST_FIRST = ["broken-laws", "unequal-figures", "look-alikes", "undated-figures", "attested-twice", "several-labels"]
NAMES = ["attested-twice", "broken-laws", "look-alikes", "several-labels", "undated-figures", "unequal-figures"]


def words(checked: Checked, language: str = "en") -> Words:
    return Words(Labels(checked.graph, [language, "zh", "en"]), checked.index, f"{checked.project.base}claim/", language)


def found(checked: Checked, name: str) -> list[Conflict]:
    return [each for each in conflicts.find(checked.project, checked.graph, words(checked)) if each.query.name == name]


def text(checked: Checked, name: str, language: str = "en") -> str:
    return conflicts.as_text(conflicts.asked(checked.project), found(checked, name), words(checked, language))


@pytest.fixture(scope="module")
def everything(checked: Checked) -> list[Conflict]:
    return conflicts.find(checked.project, checked.graph, words(checked))


def test_every_query_says_itself_in_both_languages() -> None:
    asked = queries.load(projects.load(ROOT), "conflicts")
    assert [query.name for query in asked] == NAMES
    assert [query.name for query in conflicts.asked(projects.load(ROOT))] == GRAVEST_FIRST
    for query in asked:
        assert all({language for language, _ in query.text(key)} == {"zh", "en"} for key in ("label", "what", "reading"))


def test_the_station_counts_of_hengxian_come_out_with_why_they_differ(checked: Checked) -> None:
    (cluster,) = [
        part for part in text(checked, "look-alikes").split("\n\n") if part.startswith("* Hengxian, numbers of stations")
    ]
    assert "partners are people, not stations" in cluster
    for number in (
        ": more than 340",
        "(Rural Taobao): 95",
        "77 e-commerce partners",
        "number of poor villages: 56",
    ):
        assert number in cluster
    assert "hengxian-party-innovation:12 “覆盖全县95个“村淘”村级服务站”" in cluster


def test_the_turnover_of_luozhuang_comes_out_with_its_yearly_equivalents(checked: Checked) -> None:
    (cluster,) = [part for part in text(checked, "look-alikes").split("\n\n") if part.startswith("* Luozhuang, sales")]
    cluster += "\n"
    told = [
        "6 billion yuan",
        "1 billion yuan per year",
        "40 million yuan per month",
        "8 million yuan per day",
        "20 million yuan",
    ]
    assert [amount for amount in told if amount not in cluster] == []
    assert "reported by nobody): 480 million\n" in cluster
    assert "reported by nobody): 2.92 billion\n" in cluster
    assert "they cannot be added" in cluster
    peak = cluster[cluster.index("peak market turnover") :].split("\n  - ")[0]
    assert "reported by nobody" not in peak


def test_a_figure_keeps_its_yearly_equivalent_where_a_group_in_it_is_counted_too(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", (*CHECKED, "queries/conflicts"))
    alike = "{id: alike, type: Lookalike, name: {zh: 似, en: alike}, among: [sales, villages], definition: {zh: 异, en: apart}}"
    month = "{id: month, type: Unit, name: {zh: 月, en: month}, days: 30}"
    swap("data/vocabularies/all.yaml", "entities:\n", f"entities:\n  - {alike}\n  - {month}\n")(folder)
    villages = "{who: villages, number: 5, within: hengxian}"
    figure = f"{{subject: {villages}, indicator: sales, value: 6, period: month, at: 2016, passage: {{2: 6}}}}"
    swap("data/articles/first.yaml", "figures:\n", f"figures:\n  - {figure}\n")(folder)
    project = projects.load(folder)
    rows = queries.run(queries.find("look-alikes", queries.load(project, "conflicts")), check(project).graph).dicts()
    assert {str(row["yearly"]) for row in rows if "yearly" in row} == {"72", "20000000"}


def test_the_seven_branches_are_one_statement_of_articles_that_are_not_independent(checked: Checked) -> None:
    (seven,) = [part for part in text(checked, "attested-twice").split("\n\n") if "Party branches founded: 7 is said" in part]
    assert "one statement, attested more than once" in seven
    assert "hengxian-last-mile:7" in seven
    assert "hengxian-party-innovation:9" in seven
    assert "not independent: compiled from other reports: Local explorations" in seven


def test_what_three_articles_say_is_told_once(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", (*CHECKED, "queries/conflicts"))
    article = f"{SECOND[: SECOND.index('figures:')]}figures:\n" + "".join(
        f"  - {{subject: shitang, indicator: sales, value: {value}, at: {value}, passage: {{1: '{value}'}}}}\n"
        for value in (2016, 2017)
    )
    for name in ("second", "third", "fourth"):
        text = article.replace("id: second", f"id: {name}")
        (folder / "data" / "articles" / f"{name}.yaml").write_text(text, encoding="utf-8")
    told = found(check(projects.load(folder)), "attested-twice")
    assert [len(each.rows) for each in told] == [3, 3]
    for old, new in (
        ("value: 2016, at", "rank: deprecated, reason: {zh: 错, en: wrong}, value: 2016, at"),
        ("at: 2017", "at: 2018"),
    ):
        swap("data/articles/fourth.yaml", old, new)(folder)
    told = found(check(projects.load(folder)), "attested-twice")
    assert [len(each.rows) for each in told] == [1, 1], "neither what is withdrawn nor what is said of another time"


def test_what_is_told_of_two_things_of_one_name_is_told_of_each(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", (*CHECKED, "queries/conflicts"))
    towns = "".join(f"  - {{id: dashi-{n}, type: Village, name: {{zh: 大石村, en: Dashi}}, partOf: shitang}}\n" for n in (1, 2))
    swap("data/places.yaml", "entities:\n", f"entities:\n{towns}")(folder)
    figures = "".join(
        f"  - {{subject: dashi-{n}, indicator: shops, value: {value}, at: 2016, passage: {{2: {value}}}}}\n"
        for n in (1, 2)
        for value in (3, 4)
    )
    swap("data/articles/first.yaml", "figures:\n", f"figures:\n{figures}")(folder)
    found = check(projects.load(folder))
    told = [each for each in conflicts.find(found.project, found.graph, words(found)) if each.query.name == "unequal-figures"]
    assert [len(each.rows) for each in told] == [1, 1]


def test_where_one_article_alone_names_a_broker_its_statement_tells_so(checked: Checked) -> None:
    (building,) = [part for part in text(checked, "attested-twice").split("\n\n") if "joint building is said by several" in part]
    assert "as broker, only one of the two names: Party organizations in Hengxian" in building
    assert "as guide, only one of the two names: Party organizations in Hengxian" in building


def test_one_programme_has_two_labels(checked: Checked) -> None:
    assert "is printed as “党建+电商+帮扶” and as “党建+电商+扶贫”" in text(checked, "several-labels")
    assert "既印作“党建+电商+帮扶”，又印作“党建+电商+扶贫”" in text(checked, "several-labels", "zh")


def test_no_law_is_broken_and_no_figures_exclude_each_other(checked: Checked) -> None:
    assert "\n\nLaws between figures that are broken (0)\n\nFigures that cannot all hold (0)\n\n" in f"\n\n{text(checked, '')}"
    assert found(checked, "broken-laws") == []
    assert found(checked, "unequal-figures") == []


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The repository's data, to be changed."""
    for part in ("ontology", "shapes", "data", "queries", "pbgraph.toml"):
        source = ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / part)
    return tmp_path


BROKEN = {
    "more households than people": ("value: 14087", "value: 54087", "no more poor households than poor people"),
    "one platform above all": ("value: 95\n", "value: 395\n", "platform"),
}


@pytest.mark.parametrize(("typed", "instead", "why"), BROKEN.values(), ids=BROKEN)
def test_a_law_that_is_broken_is_told(typed: str, instead: str, why: str, copy: Path) -> None:
    file = copy / "data" / "articles" / "hengxian-party-innovation.yaml"
    before = file.read_text(encoding="utf-8")
    assert before.count(typed) == 1
    file.write_text(before.replace(typed, instead), encoding="utf-8")
    if why == "platform":
        other = copy / "data" / "articles" / "hengxian-last-mile.yaml"
        other.write_text(other.read_text(encoding="utf-8").replace("value: 340多", "value: 340"), encoding="utf-8")
    told = text(check(projects.load(copy)), "broken-laws")
    assert "cannot be more than" in told
    assert why in told
    assert told.count("\n* ") == 1


def test_figures_that_exclude_each_other_at_one_time_are_told_as_such_where_a_time_is_not_stated() -> None:
    """In an invented article: so many households, and then so many, without the time of the first."""
    told = text(check(projects.load(WORLDS / "sixth")), "undated-figures")
    assert "95 households" in told
    assert "11 households" in told
    assert "cannot both hold at one time, and when one of them held is not stated" in told


PART = "{subject: yaobu, indicator: shops, value: 30, at: 2016, passage: {2: 30}}"
WHOLE = "{subject: shitang, indicator: shops, value: 20, at: 2016, passage: {2: 20}}"
MONTH = "{subject: yaobu, indicator: sales, value: 30, period: month, at: 2016, passage: {2: 30}}"
YEAR = "{subject: yaobu, indicator: sales, value: 20, period: year, at: 2016, passage: {2: 20}}"
WITHDRAWN = "rank: deprecated, reason: {zh: 错, en: wrong}, at:"


@pytest.mark.prove
@pytest.mark.parametrize(
    ("first", "second", "broken"),
    [
        (PART, WHOLE, 1),
        (PART.replace("30", "20"), WHOLE, 0),
        (PART, WHOLE.replace("at: 2016", "unstated: [at]"), 1),
        (PART.replace("at:", WITHDRAWN), WHOLE, 0),
        (PART, WHOLE.replace("at:", WITHDRAWN), 0),
        (PART.replace("at: 2016", "at: 2015"), WHOLE, 0),
        (PART, WHOLE.replace("at: 2016", "at: 2015"), 0),
        (PART.replace("at: 2016", "from: 2014, until: 2016-05-01"), WHOLE.replace("at: 2016", "from: 2016-05-01"), 1),
        (PART.replace("at: 2016", "from: 2016-05-01"), WHOLE.replace("at: 2016", "from: 2014, until: 2016-05-01"), 1),
        (PART.replace("value", "platform: taobao, value"), WHOLE, 0),
        (PART, WHOLE.replace("value", "platform: taobao, value"), 0),
        (
            PART.replace("shops, value: 30", "exit-rate, value: 30%"),
            WHOLE.replace("shops, value: 20", "exit-rate, value: 20%"),
            0,
        ),
        (PART.replace("value", "per: item, value"), WHOLE.replace("value", "per: item, value"), 0),
        (MONTH, YEAR, 1),
        (MONTH.replace("period: month", "period: year"), YEAR, 0),
        (MONTH.replace("sales", "shops"), YEAR.replace("sales", "shops"), 0),
    ],
)
def test_a_part_is_more_than_its_whole_only_where_both_can_be_compared(
    first: str, second: str, broken: int, tmp_path: Path
) -> None:
    folder = small_project(tmp_path / "p", (*CHECKED, "queries/conflicts"))
    month = "{id: month, type: Unit, name: {zh: 月, en: month}, days: 30}"
    swap("data/vocabularies/all.yaml", "entities:\n", f"entities:\n  - {month}\n")(folder)
    swap("data/articles/first.yaml", "figures:\n", f"figures:\n  - {first}\n  - {second}\n")(folder)
    project = projects.load(folder)
    laws = queries.find("broken-laws", queries.load(project, "conflicts"))
    assert len(queries.run(laws, check(project).graph).rows) == broken


@pytest.mark.prove
@pytest.mark.parametrize(("time", "name"), [("at: 2016", "unequal-figures"), ("unstated: [at]", "undated-figures")])
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("value: 6", "value: 7", 1),
        ("value: 超过90", "value: 不足80", 1),
        ("value: 超过80", "value: 不足90", 0),
        ("value: 90", "value: 超过90", 1),
        ("value: 90", "value: 不足90", 1),
        ("value: 6, rank: deprecated, reason: {zh: 错, en: wrong}", "value: 7", 0),
        ("value: 6, platform: taobao", "value: 7", 0),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_figures_exclude_each_other_only_where_both_stand_and_are_of_one_scope(
    first: str, second: str, expected: int, time: str, name: str, turned: bool, tmp_path: Path
) -> None:
    folder = small_project(tmp_path / "p", (*CHECKED, "queries/conflicts"))
    # Which of two is the first is told by their fingerprints, so that each amount stands at each of two places.
    for place in ("shitang", "hengxian"):
        pair = (second, first) if turned else (first, second)
        figures = "".join(
            f"  - {{subject: {place}, indicator: shops, product: fruit, {value}, {time}, passage: {{{number}: a}}}}\n"
            for number, value in enumerate(pair, 1)
        )
        swap("data/articles/first.yaml", "figures:\n", f"figures:\n{figures}")(folder)
    project = projects.load(folder)
    query = queries.find(name, queries.load(project, "conflicts"))
    assert len(queries.run(query, check(project).graph).rows) == 2 * expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("at: 2016", "from: 2015", ["unequal-figures"]),
        ("at: 2016", "at: 2016-05", ["unequal-figures"]),
        ("at: 2016", "at: 2017", []),
        ("unstated: [at]", "at: 2017", ["undated-figures"]),
        ("unstated: [at]", "unstated: [at]", ["undated-figures"]),
    ],
)
def test_figures_exclude_each_other_if_their_times_may_be_the_same(
    first: str, second: str, expected: list[str], tmp_path: Path
) -> None:
    folder = small_project(tmp_path / "p", (*CHECKED, "queries/conflicts"))
    figures = "".join(
        f"  - {{subject: shitang, indicator: sales, value: {value}, {time}, passage: {{2: '{value}'}}}}\n"
        for value, time in ((6, first), (7, second))
    )
    swap("data/articles/first.yaml", "figures:\n", f"figures:\n{figures}")(folder)
    found = check(projects.load(folder))
    assert [
        each.query.name for each in conflicts.find(found.project, found.graph, words(found)) if "figures" in each.query.name
    ] == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("超过90家", "不足90家", 1),
        ("90家", "超过90家", 1),
        ("不足90家", "90家", 1),
        ("90家以上", "90家", 0),
        ("超过90家", "91家", 0),
        ("超过80家", "不足90家", 0),
    ],
)
def test_a_bound_that_leaves_its_number_out_shares_none(first: str, second: str, expected: int, tmp_path: Path) -> None:
    folder = small_project(tmp_path / "p", (*CHECKED, "queries/conflicts"))
    figures = "".join(
        f'  - {{subject: shitang, indicator: shops, value: {value}, at: 2016, passage: {{2: "{value}"}}}}\n'
        for value in (first, second)
    )
    swap("data/articles/first.yaml", "figures:\n", f"figures:\n{figures}")(folder)
    assert len(found(check(projects.load(folder)), "unequal-figures")) == expected


def test_a_sentence_that_cannot_be_filled_in_is_told(copy: Path) -> None:
    file = copy / "queries" / "conflicts" / "several-labels.rq"
    file.write_text(file.read_text(encoding="utf-8").replace("“{other}”.", "“{other”."), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        found(check(projects.load(copy)), "several-labels")
    assert [each.code for each in refused.value.problems] == ["bad-message"]


def test_the_command_tells_the_same_as_text_and_as_json(everything: list[Conflict]) -> None:
    arguments = ["--project", str(ROOT), "--lang", "en", "conflicts"]
    shown = CliRunner().invoke(main, arguments)
    assert shown.exit_code == 0
    document = json.loads(CliRunner().invoke(main, [*arguments, "--format", "json"]).stdout)
    assert [each["query"] for each in document] == [each.query.name for each in everything]
    assert all(f"* {each['sentence']}" in shown.stdout for each in document)
    for each in document:
        assert each["places"].keys() == each["words"].keys() != set()
        assert all(line in shown.stdout for lines in each["words"].values() for line in lines)
        assert not {"subject.1", "partner.1"} & {value for row in each["rows"] for value in row.values()}


def test_every_claim_is_shown_with_where_it_is_written(checked: Checked, everything: list[Conflict]) -> None:
    told = words(checked)
    claims = {claim for conflict in everything for row in conflict.rows for claim in told.claims_of(row)}
    assert len(claims) > 20
    shown = "".join(text(checked, name) for name in NAMES)
    for claim in claims:
        file, line, col = told.place(claim).split(":")
        start = (ROOT / file).read_text(encoding="utf-8").splitlines()[int(line) - 1][int(col) - 1 :]
        assert start.startswith(("{", "subject:", "kind:", "post:", "event:"))
        assert f"{file}:{line}:{col}\n" in shown
