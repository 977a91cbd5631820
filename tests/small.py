"""A project of a few lines on the repository's own ontology and shapes; nothing is wrong until a test sees to it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

VOCABULARY = """\
source:
  id: editors
  type: Editorial
  name: {zh: 编者, en: editors}

entities:
  - {id: yuan, type: Unit, name: {zh: 元, en: yuan}, naming: [{name: {zh: 块}}]}
  - {id: item, type: Unit, name: {zh: 个, en: items}, naming: [{name: {zh: 家}}]}
  - {id: ratio, type: Unit, name: {zh: 比率, en: ratio}, naming: [{name: {zh: "%"}}]}
  - {id: year, type: Unit, name: {zh: 年, en: year}, days: 365}
  - {id: sales, type: Indicator, name: {zh: 销售额, en: sales}, unit: yuan, summable: over-places-and-time}
  - {id: shops, type: Indicator, name: {zh: 网店数, en: shops}, unit: item, summable: over-places}
  - {id: exit-rate, type: Indicator, name: {zh: 脱贫率, en: rate of leaving poverty}, unit: ratio, summable: not-summable}
  - {id: villages, type: Kind, name: {zh: 村, en: villages}}
  - {id: taobao, type: Platform, name: {zh: 淘宝, en: Taobao}}
  - {id: fruit, type: Product, name: {zh: 百香果, en: passion fruit}}
  - {id: secretary, type: Role, name: {zh: 第一书记, en: first secretary}}
  - {id: cooperation, type: PairingKind, name: {zh: 合作, en: cooperation}}
  - {id: grows, type: RelationKind, name: {zh: 种植, en: grows}}
  - {id: poor, type: DesignationKind, name: {zh: 贫困村, en: poor village}}
  - {id: province, type: PlaceForm, name: {zh: 省, en: province}}
  - {id: city, type: PlaceForm, name: {zh: 地级市, en: prefecture-level city}}
  - {id: county, type: PlaceForm, name: {zh: 县, en: county}}
  - {id: town, type: PlaceForm, name: {zh: 镇, en: town}}
  - {id: village, type: PlaceForm, name: {zh: 行政村, en: village}}
"""

PLACES = """\
source: editors

entities:
  - {id: guangxi, type: Province, name: {zh: 广西壮族自治区, en: Guangxi}, form: province}
  - {id: nanning, type: Prefecture, name: {zh: 南宁市, en: Nanning}, partOf: guangxi, form: city}
  - {id: hengxian, type: County, name: {zh: 横县, en: Hengxian}, partOf: nanning, form: county}
  - {id: shitang, type: Township, name: {zh: 石塘镇, en: Shitang}, partOf: hengxian, form: town}
  - id: yaobu
    type: Village
    name: {zh: 窑埠村, en: Yaobu}
    naming: [{name: {zh: 瑶埠}, until: 2016}, {name: {en: Yaobu Village}}]
    partOf: shitang
    form: village
"""

FIRST = """\
source:
  id: first
  type: NewsArticle
  name: {zh: 第一篇, en: The first}
  published: "[2016-04-27..2016-12-31]"
  language: zh
  topic: hengxian

entities:
  - {id: junqiao, type: Company, name: {zh: 君桥公司, en: Junqiao}}
  - {id: yaobu-secretary, type: Post, role: secretary, postAt: yaobu}
  - {id: xu, type: Person, name: {zh: 徐书记, en: Secretary Xu}}
  - id: programme
    type: Programme
    name: {zh: 两个一, en: Two ones}
    component:
      - {name: {zh: 一个支部, en: one branch}, passage: {4: "一个支部"}}
      - {name: {zh: 一家网店, en: one shop}, passage: {4: "一家网店"}}

figures:
  - {subject: hengxian, indicator: shops, platform: taobao, value: 340多, at: article, passage: {2: "340多家"}}
  - {subject: yaobu, indicator: sales, product: fruit, value: 近2000万元, period: year, at: 2016, passage: {3: "近2000万元"}}
  - subject: {who: villages, number: 56, within: hengxian}
    indicator: exit-rate
    value: 90%以上
    modality: expected
    unstated: [at]
    passage: {3: "90%以上"}

pairings:
  - {kind: cooperation, beneficiary: yaobu, partner: junqiao, brokeredBy: yaobu-secretary, unstated: [from], passage: {5: "合作"}}

designations:
  - {subject: yaobu, designation: poor, unstated: [grantedBy, from], passage: {5: "贫困村"}}

holdings:
  - {post: yaobu-secretary, holder: xu, at: article, unstated: [from, sentBy], passage: {6: "徐书记"}}

relations:
  - {subject: yaobu, relation: grows, object: fruit, from: 2013, passage: {5: "种植百香果"}}
  - {subject: programme, relation: grows, object: fruit, from: 2013, passage: {5: "种植百香果"}}

mentions:
  - {subject: hengxian, printedAs: 横县, passage: {2: "横县"}}
  - {subject: yaobu, printedAs: 窑埠村, passage: {3: "窑埠村"}}
  - {subject: junqiao, printedAs: 君桥公司, passage: {5: "君桥公司"}}
"""

SECOND = """\
source: {id: second, type: NewsArticle, name: {zh: 第二篇, en: The second}, published: 2017, language: zh, topic: hengxian}

figures:
  - {subject: hengxian, indicator: shops, platform: taobao, value: 340余家, at: article, passage: {1: "横县340余家"}}

mentions:
  - {subject: hengxian, printedAs: 横县, passage: {1: "横县"}}
"""

QUESTION = """\
#+ question:
#+   en: With whom is a village paired?
#+   zh: 一个村与谁结对？
#+ keywords: [pairing, partner, 结对, 伙伴]
#+ reading:
#+   en: One row for each partner.
#+   zh: 每个伙伴一行。
#+ parameters: {village: Village}
#+ required: [village]
#+ examples: [{village: yaobu}]
PREFIX pb: <https://w3id.org/pbgraph/ontology#>
SELECT ?village ?partner ?name ?quote WHERE {
  ?claim pb:beneficiary ?village ; pb:partner ?partner ; pb:passage/pb:quote ?quote .
  ?partner pb:name ?name
}
ORDER BY ?partner ?name
"""

QUOTED = """\
#+ question: {zh: 哪些引文是这样写的？, en: Which quotes read so?}
#+ keywords: [quote, words]
#+ reading: {zh: 每条引文一行。, en: One row for each quote.}
#+ parameters: {words: text, article: NewsArticle}
#+ examples: [{words: 横县}]
PREFIX pb: <https://w3id.org/pbgraph/ontology#>
SELECT ?words ?article ?paragraph ?passage WHERE {
  ?passage pb:quote ?words ; pb:par ?paragraph ; pb:source ?article
}
ORDER BY ?passage
"""

FILES: Mapping[str, str] = {
    "queries/questions/partners.rq": QUESTION,
    "queries/questions/quoted.rq": QUOTED,
    "data/vocabularies/all.yaml": VOCABULARY,
    "data/places.yaml": PLACES,
    "data/articles/first.yaml": FIRST,
    "data/articles/second.yaml": SECOND,
}


ONTOLOGY = ("ontology",)
CHECKED = (*ONTOLOGY, "shapes", "queries/checks")
BUILT = (*CHECKED, "queries/networks", "queries/tables", "queries/pages", "queries/overviews", "site")


def small_project(folder: Path, parts: tuple[str, ...] = CHECKED) -> Path:
    """Write the project with copies of some of the repository's own parts; its folder."""
    for part in parts:
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "pbgraph.toml", folder)
    if "site" in parts:
        show_own(folder / "site" / "overviews" / "views.yaml", "queries/networks" in parts)
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def show_own(views: Path, networks: bool) -> None:
    """Let no page show a question that this project has not, nor a network if it has none."""
    text, shown = re.subn(r"question: [\w-]+", "question: partners", views.read_text(encoding="utf-8"))
    assert shown == 2
    if not networks:
        text, shown = re.subn(r"    picture: .*\n|^brokers: .*\n| brokers(?= )", "", text, flags=re.MULTILINE)
        assert shown == 3
    views.write_text(text, encoding="utf-8")


def linked_project(folder: Path, build: Path) -> Path:
    """The project itself with a build of it, as links in a new folder where things may be written; the folder."""
    folder.mkdir(parents=True)
    for part in ("pbgraph.toml", "ontology", "shapes", "data", "queries", "site", "tests"):
        (folder / part).symlink_to(ROOT / part)
    (folder / "build").symlink_to(build.resolve(), target_is_directory=True)
    return folder
