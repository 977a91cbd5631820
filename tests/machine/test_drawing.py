import re
from collections import Counter
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from pbgraph.colours import PALETTE, palette, rgb
from pbgraph.drawing import draw_svg, placement
from pbgraph.drawing.lettering import width, wrap
from pbgraph.drawing.pixels import PAPER, draw_png
from pbgraph.drawing.placement import Box, place
from pbgraph.drawing.svg import DARK, LIGHT
from pbgraph.networks import Edge, Node, build, layout

SVG = "{http://www.w3.org/2000/svg}"

KINDS = {
    "village": {"zh": "村", "en": "village"},
    "company": {"zh": "公司", "en": "company"},
    "station": {"zh": "电商服务站", "en": "e-commerce station"},
    "party": {"zh": "党组织", "en": "Party organization"},
    "post": {"zh": "职务", "en": "post"},
    "committee": {"zh": "村民委员会", "en": "villagers' committee"},
    "group": {"zh": "群体", "en": "group"},
}
RELATIONS = {
    "assistance": {"zh": "结对帮扶", "en": "paired assistance"},
    "brokered": {"zh": "牵线", "en": "brokered"},
    "cooperation": {"zh": "合作", "en": "cooperation"},
}
WORDS = {
    "title": {"zh": "结对网络", "en": "Pairings"},
    "description": {"zh": "横县", "en": "Hengxian"},
    "group": {"zh": "虚线:人数众多或未具名的一方", "en": "dashed: a party that is many or unnamed"},
    "source": {"zh": "来源:两篇报道", "en": "Source: two press reports"},
}


def node(key: str, kind: str, zh: str, en: str = "", number: float | None = None) -> Node:
    labels = {"zh": zh, "en": en} if en else {"zh": zh}
    return Node(f"ex:{key}", f"id:{key}", kind, KINDS[kind], labels, f"id/{key}/", kind == "group", number)


def edge(source: str, target: str, relation: str, directed: bool = True) -> Edge:
    name = f"{relation} {source} {target}"
    return Edge(name, f"ex:{source}", f"ex:{target}", relation, RELATIONS[relation], directed)


NODES = [
    node("yaobu", "village", "窑埠村", "Yaobu Village"),
    node("huogui", "village", "货桂村", "Huogui Village"),
    node("junqiao", "company", "南宁君桥电子商务有限公司", "Nanning Junqiao E-commerce"),
    node("jiaoyi", "station", "农村淘宝校椅服务站", "Rural Taobao station, Jiaoyi"),
    node("party-1", "party", "当地党组织", "local Party organization"),
    node("party-2", "party", "当地党组织", "local Party organization"),
    node("secretary", "post", "窑埠村第一书记", "first secretary of Yaobu"),
    node("committee", "committee", "窑埠村村民委员会"),
    node("partners", "group", "77个站点合伙人", "77 station partners", 77.0),
    node("secretaries", "group", "56名第一书记", "56 first secretaries", 56.0),
    node("companies", "group", "电商企业", "e-commerce companies"),
    node("villages", "group", "贫困村", "poor villages"),
]
EDGES = [
    edge("junqiao", "yaobu", "cooperation", directed=False),
    edge("junqiao", "committee", "cooperation", directed=False),
    *(edge(broker, party, "brokered") for broker in ("party-1", "secretary") for party in ("yaobu", "junqiao")),
    edge("jiaoyi", "huogui", "assistance"),
    edge("party-2", "huogui", "brokered"),
    edge("party-2", "jiaoyi", "brokered"),
    edge("partners", "secretaries", "assistance"),
    edge("companies", "villages", "assistance"),
]


def drawn(nodes: list[Node], edges: list[Edge], language: str = "zh") -> Element:
    return ElementTree.fromstring(draw_svg(layout(build("pairings", nodes, edges)), language, WORDS))


def lines(text: Element) -> list[str]:
    return [str(part.text) for part in text] or [str(text.text)]


def texts(root: Element) -> list[str]:
    """Every text of the picture, a label of several lines joined without a space."""
    return ["".join(lines(one)) for one in root.iter(f"{SVG}text")]


def box(text: Element) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a text, as a browser with square Han characters would set it."""
    size, shown = float(text.attrib["font-size"]), lines(text)
    wide = max(map(width, shown)) * size
    left = float(text.attrib["x"]) - {"start": 0.0, "middle": wide / 2, "end": wide}[text.get("text-anchor", "start")]
    top = float(text.attrib["y"]) - size * 0.86
    return left, top, left + wide, top + size + (len(shown) - 1) * size * 1.3


@pytest.mark.parametrize("language", ["zh", "en"])
def test_labels_cover_neither_each_other_nor_nodes(language: str) -> None:
    scene = next(drawn(NODES, EDGES, language).iter(f"{SVG}g"))
    boxes = [box(one) for one in scene.iter(f"{SVG}text")]
    assert len(boxes) == len(NODES) + len(EDGES) + 2
    circles = [[float(one.attrib[name]) for name in ("cx", "cy", "r")] for one in scene.iter(f"{SVG}circle")]
    big = [(x - r, y - r, x + r, y + r) for x, y, r in circles if r > 5]
    assert len(big) == 8
    for number, (left, top, right, bottom) in enumerate(boxes):
        for begin, high, end, low in [*boxes[:number], *big]:
            assert right <= begin or end <= left or bottom <= high or low <= top


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_is_on_the_paper(language: str) -> None:
    root = drawn(NODES, EDGES, language)
    wide, high = float(root.attrib["width"]), float(root.attrib["height"])
    assert root.get("viewBox") == f"0 0 {wide:g} {high:g}"
    assert wide < 1100, "wider than a README shows without shrinking the letters much"
    scene = next(root.iter(f"{SVG}g"))
    shift = [float(part) for part in re.findall(r"-?[\d.]+", scene.attrib["transform"])]
    inside = list(scene.iter(f"{SVG}text"))
    assert len(inside) > 20
    for one in root.iter(f"{SVG}text"):
        dx, dy = shift if one in inside else (0.0, 0.0)
        left, top, right, bottom = box(one)
        assert 0 <= left + dx < right + dx <= wide
        assert 0 <= top + dy < bottom + dy <= high


def test_labels_are_in_the_language_asked_for_else_in_the_main_one() -> None:
    chinese, english = texts(drawn(NODES, EDGES)), texts(drawn(NODES, EDGES, "en"))
    for label in ("南宁君桥电子商务有限公司", "77", "合作", "村民委员会", "来源:两篇报道"):
        assert label in chinese
    for label in ("Yaobu Village", "56", "cooperation", "Party organization", "窑埠村村民委员会"):
        assert label in english
    assert not [text for text in english if "帮扶" in text]


def test_legend_names_each_kind_and_relation_once() -> None:
    root = drawn(NODES, EDGES, "en")
    scene = next(root.iter(f"{SVG}g"))
    outside = [one for one in texts(root) if one not in texts(scene)]
    assert outside[:2] == ["Pairings", "Hengxian"]
    kinds = [KINDS[kind]["en"] for kind in sorted(KINDS)]
    assert outside[2:] == [*kinds, WORDS["group"]["en"], WORDS["source"]["en"]]
    assert [texts(root).count(label["en"]) - texts(scene).count(label["en"]) for label in RELATIONS.values()] == [1, 1, 1]


def test_directed_ties_have_arrow_heads_and_relations_their_dashes() -> None:
    scene = next(drawn(NODES, EDGES).iter(f"{SVG}g"))
    ties = [one for one in scene.iter(f"{SVG}g") if one.find(f"{SVG}path") is not None]
    assert len(ties) == len(EDGES)
    looks = {str(one.findtext(f"{SVG}title")): (one.find(f"{SVG}polygon") is not None) for one in ties}
    assert looks == {"合作": False, "牵线": True, "结对帮扶": True}
    assert len({one.find(f"{SVG}path").get("stroke-dasharray") for one in ties}) == 3  # type: ignore[union-attr]


def test_twelve_relations_look_different() -> None:
    edges = [replace(EDGES[0], id=f"e{number}", relation=f"r{number:02}") for number in range(12)]
    lines = list(next(drawn(NODES, edges).iter(f"{SVG}g")).iter(f"{SVG}path"))
    assert len({(one.get("class"), one.get("stroke-dasharray")) for one in lines}) == 12


def test_groups_have_a_look_of_their_own() -> None:
    scene = next(drawn(NODES, EDGES).iter(f"{SVG}g"))
    assert len([one for one in scene.iter(f"{SVG}rect") if one.get("class") == "group"]) == 4
    assert len([one for one in scene.iter(f"{SVG}circle") if one.get("class") == "node"]) == 8
    plain = drawn(NODES[:4], [])
    assert WORDS["group"]["zh"] not in texts(plain), "nothing to explain"


@pytest.mark.parametrize(
    ("page", "leads"),
    [
        ("id/a/", "id/a/"),
        ("/id/村/?q=1#x", "/id/村/?q=1#x"),
        ("https://example.org/a:b", "https://example.org/a:b"),
        ("", None),
        ("javascript:alert(1)", None),
        ("JavaScript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        (" javascript:alert(1)", None),
        ("data:text/html,<script>", None),
        ('"><script>alert(1)</script>', None),
        ("vbscript:x", None),
    ],
)
def test_only_web_addresses_become_links(page: str, leads: str | None) -> None:
    root = drawn([replace(NODES[0], page=page)], [])
    assert [one.get("href") for one in root.iter(f"{SVG}a")] == ([leads] if leads else [])
    assert root.get("role") == ("group" if leads else "img"), "an image hides the links inside it from screen readers"
    assert root.get("aria-label") == root.findtext(f"{SVG}title") == "结对网络"


@pytest.mark.parametrize(
    "text",
    [
        "]]>",
        "<script>alert(1)</script>",
        "\" onload='x'",
        "a\x00b",
        "\u202egnp",
        "𠮷👩‍🌾",
        "",
        "\n\t ",
        "字" * 200,
        "x" * 300,
    ],
)
def test_hostile_labels_stay_text(text: str) -> None:
    nodes = [replace(one, labels={"zh": text}, kind_label={"zh": text}, group=True) for one in NODES[:2]]
    edges = [replace(EDGES[0], target="ex:yaobu", source="ex:huogui", relation_label={"zh": text})]
    words = {name: {"zh": text} for name in WORDS}
    markup = draw_svg(layout(build(text, nodes, edges)), "zh", words)
    allowed = {"svg", "title", "desc", "style", "rect", "circle", "g", "a", "path", "polygon", "text", "tspan"}
    assert {one.tag.removeprefix(SVG) for one in ElementTree.fromstring(markup).iter()} <= allowed


def test_odd_networks_are_drawn() -> None:
    assert drawn([], []).get("role") == "img"
    assert "窑埠村" in texts(drawn(NODES[:1], []))
    parallel = [replace(EDGES[0], id=f"e{number}") for number in range(3)]
    loops = [replace(EDGES[0], id=f"l{number}", target=EDGES[0].source) for number in range(2)]
    root = drawn(NODES, [*parallel, *loops, replace(EDGES[0], id="back", source=EDGES[0].target, target=EDGES[0].source)])
    paths = [one.get("d") for one in next(root.iter(f"{SVG}g")).iter(f"{SVG}path")]
    assert len(set(paths)) == 6


def test_a_loop_is_told_outside_of_it() -> None:
    root = drawn(NODES[:1], [replace(EDGES[0], source=NODES[0].id, target=NODES[0].id)])
    (line,) = [one.get("d") or "" for one in next(root.iter(f"{SVG}g")).iter(f"{SVG}path")]
    (_, y), *middle, (_, last) = [tuple(map(float, pair)) for pair in re.findall(r"(-?[0-9.]+)[ ,](-?[0-9.]+)", line)]
    apex = (y + 3 * sum(high for _, high in middle) + last) / 8
    (told,) = [one for one in root.iter(f"{SVG}text") if lines(one) == ["合作"] and "soft" in (one.get("class") or "")]
    assert float(told.get("y") or next(told.iter()).get("y") or 0) < apex < y


def test_a_tie_leads_to_the_words_it_rests_on() -> None:
    root = drawn(NODES, [replace(EDGES[0], page="https://example.org/first.zh.html#claim-1"), EDGES[1]])
    (link,) = [one for one in root.iter(f"{SVG}a") if one.get("href") == "https://example.org/first.zh.html#claim-1"]
    assert len([*link.iter(f"{SVG}path")]) == 1


def test_a_crowded_picture_leaves_relations_to_the_legend() -> None:
    many = [replace(EDGES[6], id=f"e{number}") for number in range(41)]
    shown = texts(drawn(NODES, many))
    assert shown.count("结对帮扶") == 1


def test_both_colour_schemes_are_in_the_style_sheet() -> None:
    style = drawn(NODES, EDGES).findtext(f"{SVG}style") or ""
    light, dark = style.split("@media (prefers-color-scheme: dark)")
    assert all(colour in light for colour in LIGHT.values())
    assert all(colour in dark for colour in DARK.values())
    assert all(rule.strip().startswith((".pbg-network ", "{ .pbg-network")) for rule in light.split("}")[:-1])


def luminance(colour: tuple[float, ...]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(rgb(one)), luminance(rgb(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_stand_out_on_both_papers() -> None:
    given = palette(f"Kind{number:02}" for number in range(34))
    assert len(set(given.values())) == 34
    assert list(given.values())[:12] == list(PALETTE)
    for colour in given.values():
        assert min(contrast(colour, scheme["paper"]) for scheme in (LIGHT, DARK)) >= 3
    for scheme in (LIGHT, DARK):
        assert contrast(scheme["ink"], scheme["paper"]) >= 7
        assert contrast(scheme["soft"], scheme["paper"]) >= 4.5
        assert contrast(scheme["line"], scheme["paper"]) >= 3


def test_the_palette_depends_on_the_set_of_kinds_alone() -> None:
    assert palette(["b", "a", "b"]) == palette(iter(["a", "b"])) == {"a": PALETTE[0], "b": PALETTE[1]}


def test_given_colours_are_kept_and_not_given_twice() -> None:
    assert palette(["a", "b", "c"], {"c": PALETTE[0], "elsewhere": PALETTE[1]}) == {
        "a": PALETTE[1],
        "b": PALETTE[2],
        "c": PALETTE[0],
    }
    assert len(palette(map(str, range(50)))) == 50


def test_no_three_kinds_share_a_colour_before_all_are_shared() -> None:
    given = palette(f"Kind{number:02}" for number in range(30))
    every = palette([*given, *(f"Other{number:02}" for number in range(30))], given)
    assert {kind: every[kind] for kind in given} == given
    assert max(Counter(every.values()).values()) == 2


@pytest.mark.parametrize("colour", ["red", "#12345", "#gggggg", ""])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(ValueError):
        rgb(colour)


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("", [""]),
        ("窑埠村", ["窑埠村"]),
        ("南宁君桥电子商务有限公司", ["南宁君桥电子", "商务有限公司"]),
        ("Nanning Junqiao E-commerce", ["Nanning Junqiao", "E-commerce"]),
        ("电商打通扶贫“最后一公里”。", ["电商打通扶贫“最", "后一公里”。"]),
        ("x" * 60, ["x" * 60]),
    ],
)
def test_labels_break_into_even_lines(text: str, broken: list[str]) -> None:
    assert wrap(text, 11) == broken


@given(st.text(), st.integers(2, 40))
def test_broken_labels_lose_no_letter(text: str, limit: int) -> None:
    broken = wrap(text, limit)
    assert "".join("".join(broken).split()) == "".join(text.split())
    assert all(width(line) <= limit or " " not in line for line in broken)


def test_the_picture_in_pixels_shows_every_kind_on_paper_and_has_the_same_bytes_each_time() -> None:
    network = layout(build("pairings", NODES, EDGES, "zh"))
    content = draw_png(network)
    assert content == draw_png(layout(build("pairings", reversed(NODES), reversed(EDGES), "zh")))
    with Image.open(BytesIO(content)) as picture:
        colours = {colour: count for count, colour in picture.convert("RGB").getcolors(1 << 20) or []}
    assert picture.size == (1200, 630)
    assert max(colours, key=lambda colour: colours[colour]) == rgb(PAPER)
    assert {rgb(columns["color"]) for _, columns in network.nodes(data=True)} <= set(colours)
    assert len(draw_png(layout(build("nothing", [], [], "zh")))) < 20_000


POINTS = st.tuples(st.floats(-1500, 1500), st.floats(-1500, 1500))
BOXES = st.builds(Box.around, POINTS, st.floats(5, 700), st.floats(5, 90))


@given(
    candidates=st.lists(st.lists(BOXES, min_size=1, max_size=4), max_size=12),
    fixed=st.lists(BOXES, max_size=12),
    lines=st.lists(st.tuples(POINTS, POINTS), max_size=12),
)
@example([[Box(0, 0, 5, 5)]], [], [((0.0, 0.0), (2e-309, 1.0))])
def test_what_lies_near_is_all_that_counts_for_a_label(
    candidates: list[list[Box]], fixed: list[Box], lines: list[tuple[tuple[float, float], tuple[float, float]]]
) -> None:
    """Labels go where they would if each were compared with everything: all of it in one square."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(placement, "SQUARE", 1e6)
        expected = place(candidates, fixed, lines)
    assert place(candidates, fixed, lines) == expected
