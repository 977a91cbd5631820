import tracemalloc
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbgraph.build import Report
from pbgraph.gexf import gexf, write_gexf
from pbgraph.graphs import Value
from pbgraph.networks import Edge, Node, build, layout
from pbgraph.xmltext import legal

GEXF = "{http://gexf.net/1.3}"
VIZ = "{http://gexf.net/1.3/viz}"
META = {"creator": "pbgraph", "description": "谁与谁结对", "keywords": "poverty alleviation"}


def network(*edges: Edge, **attributes: Value) -> Element:
    """The GEXF of two nodes, the first with `attributes`, and of `edges` between them, as a parsed tree."""
    nodes = [
        Node(
            "ex:a",
            "id:a",
            "Village",
            {"zh": "村", "en": "village"},
            {"zh": "窑埠村", "en": "Yaobu"},
            "a/",
            attributes=attributes,
        ),
        Node("ex:b", "id:b", "Group", {"zh": "群体"}, {"zh": "77个合伙人"}, "", True, 77.0),
    ]
    return ElementTree.fromstring(gexf(layout(build("pairings", nodes, edges)), META))


def edge(name: str, directed: bool = True) -> Edge:
    return Edge(name, "ex:a", "ex:b", "assistance", {"zh": "帮扶", "en": "assistance"}, directed, 2.5)


def graph_of(tree: Element) -> Element:
    return next(tree.iter(f"{GEXF}graph"))


def columns(tree: Element, owner: str) -> dict[str, str]:
    blocks = [block for block in tree.iter(f"{GEXF}attributes") if block.get("class") == owner]
    assert len(blocks) == 1, "graphology keeps only the last block of a class"
    assert blocks[0].get("mode") == "static"
    assert all(one.get("id") == one.get("title") for one in blocks[0])
    return {str(one.get("id")): str(one.get("type")) for one in blocks[0]}


def values(parent: Element) -> dict[str, str]:
    return {str(one.get("for")): str(one.get("value")) for one in parent.iter(f"{GEXF}attvalue")}


def test_the_head_names_version_and_namespaces() -> None:
    text = gexf(build("empty", [], []), META).decode()
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3"')
    for part in (
        'xmlns:viz="http://gexf.net/1.3/viz"',
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
        'version="1.3"',
    ):
        assert part in text
    meta = next(ElementTree.fromstring(text).iter(f"{GEXF}meta"))
    assert {one.tag.removeprefix(GEXF): one.text for one in meta} == META
    assert not meta.attrib, "no date of writing"
    assert "<meta" not in gexf(build("empty", [], [])).decode()


def test_what_is_said_of_a_network_is_shown_as_what_xml_can_hold_of_it() -> None:
    said = {"creator": "a\0b", "description": "A & B <c>\x0b\ud800", "keywords": "\x1f\uffff"}
    meta = next(ElementTree.fromstring(gexf(build("empty", [], []), said)).iter(f"{GEXF}meta"))
    assert [one.text for one in meta] == ["a\ufffdb", "A & B <c>\ufffd\ufffd", "\ufffd\ufffd"]


def test_columns_are_typed_and_named_by_machine_name() -> None:
    tree = network(edge("e"), whole=1, far=2**31, broken=0.5, yes=True, series=["a", "b,c"], site="https://example.org/")
    held = columns(tree, "node")
    expected = {
        "whole": "integer",
        "far": "long",
        "broken": "double",
        "yes": "boolean",
        "series": "liststring",
        "site": "string",
    }
    assert held | expected == held
    assert {held[name] for name in ("key", "label_en", "kind", "kind_label", "page")} == {"string"}
    assert held["number"] == "double"
    assert held["group"] == "boolean"
    assert "label" not in held
    first = values(next(tree.iter(f"{GEXF}node")))
    assert (first["series"], first["yes"], first["broken"], first["far"]) == ('["a", "b,c"]', "true", "0.5", str(2**31))


def test_nodes_have_label_place_size_and_whole_colours() -> None:
    nodes = list(network(edge("e")).iter(f"{GEXF}node"))
    assert [one.get("label") for one in nodes] == ["窑埠村", "77个合伙人"]
    assert values(nodes[0])["label_en"] == "Yaobu"
    assert (values(nodes[1])["group"], values(nodes[1])["number"]) == ("true", "77.0")
    assert "page" not in values(nodes[1])
    for one in nodes:
        assert {part.tag for part in one} == {f"{GEXF}attvalues", f"{VIZ}size", f"{VIZ}position", f"{VIZ}color"}
        colour = next(one.iter(f"{VIZ}color"))
        assert list(colour.attrib) == ["r", "g", "b", "a"]
        assert all(0 <= int(part) <= 255 for part in colour.attrib.values())
        assert list(next(one.iter(f"{VIZ}size")).attrib) == ["value"], "Gephi reads the first attribute, whatever its name"


def test_edges_have_id_kind_label_weight_and_relation() -> None:
    tree = network(edge("e2"), edge("e1"))
    edges = list(tree.iter(f"{GEXF}edge"))
    assert [one.get("id") for one in edges] == ["e1", "e2"]
    for one in edges:
        assert (one.get("source"), one.get("target")) == ("ex:a", "ex:b")
        assert (one.get("kind"), one.get("label"), one.get("weight")) == ("assistance", "帮扶", "2.5")
        assert values(one) == {"relation": "assistance", "label_en": "assistance", "directed": "true"}
        assert "type" not in one.attrib
    assert graph_of(tree).get("defaultedgetype") == "directed"
    assert graph_of(network(edge("e", directed=False))).get("defaultedgetype") == "undirected"


@pytest.mark.parametrize(
    ("attributes", "times"),
    [
        ({"since": "2016-04-01", "until": "2016-04-30"}, {"start": "2016-04-01", "end": "2016-04-30"}),
        ({"since": "2016-04-01"}, {"start": "2016-04-01"}),
        ({"until": "2016-04-30"}, {"end": "2016-04-30"}),
        ({"since": "2016-04"}, {}),
        ({"since": "2016-04-01", "until": "2017"}, {}),
        ({"since": "2016-04-31"}, {}),
        ({"since": "20160427"}, {}),
        ({"since": "2016-04-27", "until": "2016-04-27"}, {"start": "2016-04-27", "end": "2016-04-27"}),
        ({"since": "2017?-11-30"}, {}),
        ({"since": "2017-01-01", "until": "2016-01-01"}, {}),
        ({}, {}),
    ],
)
def test_only_full_dates_make_a_graph_dynamic(attributes: dict[str, Value], times: dict[str, str]) -> None:
    of_edge, of_node = network(replace(edge("e"), attributes=attributes)), network(edge("e"), **attributes)
    for tree, one in ((of_edge, next(of_edge.iter(f"{GEXF}edge"))), (of_node, next(of_node.iter(f"{GEXF}node")))):
        assert {name: text for name, text in one.attrib.items() if name in ("start", "end")} == times
        told = {name: text for name, text in graph_of(tree).attrib.items() if name.startswith(("mode", "time"))}
        if times:
            assert told == {"mode": "dynamic", "timeformat": "date", "timerepresentation": "interval"}
        else:
            assert told == {"mode": "static"}
        assert {name: text for name, text in values(one).items() if name in ("since", "until")} == attributes


def test_columns_named_like_what_only_the_other_has_are_kept() -> None:
    tree = network(replace(edge("e"), attributes={"color": "red"}), weight=0.5)
    assert values(next(tree.iter(f"{GEXF}node")))["weight"] == "0.5"
    assert values(next(tree.iter(f"{GEXF}edge")))["color"] == "red"
    assert len(list(tree.iter(f"{VIZ}color"))) == 2


def test_names_of_columns_come_back_letter_for_letter() -> None:
    names = ["100%", "%s", "\"<&>'", "甲 乙", "a\tb"]
    attributes: dict[str, Value] = {name: name for name in names}
    tree = network(edge("e"), **attributes)
    assert set(names) <= columns(tree, "node").keys()
    assert attributes.items() <= values(next(tree.iter(f"{GEXF}node"))).items()


@given(st.text(), st.text(st.sampled_from("a窑\n\r\t \"'&<>%\0\x85\u2028\ud800\uffff")))
def test_any_text_comes_back_as_what_xml_can_hold_of_it(label: str, text: str) -> None:
    first = Node(f"ex:a{text}", "a", "Thing", {}, {"zh": label}, attributes={"text": text, "words": [text]})
    one = Edge(text, first.id, first.id, text, {"zh": label}, attributes={"text": text})
    node, tie = (
        next(ElementTree.fromstring(gexf(build("t", [first], [one]))).iter(f"{GEXF}{name}")) for name in ("node", "edge")
    )
    text = legal(text)
    assert (node.get("id"), node.get("label")) == (f"ex:a{text}", legal(label) or "a")
    assert (tie.get("id"), tie.get("source"), tie.get("kind")) == (text, f"ex:a{text}", text)
    assert values(node)["text"] == values(tie)["text"] == values(tie)["relation"] == text


TYPES = {"string", "integer", "long", "double", "boolean", "liststring"}
"""Those of GEXF 1.3 that Gephi and graphology take alike; `anyURI` makes Gephi drop the column."""


def test_every_network_of_the_project_keeps_the_rules(built: Report) -> None:
    files = sorted((built.output / "networks").glob("*.gexf"))
    assert len(files) >= 9
    for file in files:
        tree = ElementTree.parse(file).getroot()
        assert tree.get("version") == "1.3"
        assert "lastmodifieddate" not in next(tree.iter(f"{GEXF}meta")).attrib
        named = {owner: columns(tree, owner) for owner in ("node", "edge")}
        for owner, held in named.items():
            assert len({name.casefold() for name in held}) == len(held), "NetworkX issue 947"
            assert set(held.values()) <= TYPES
            assert all(values(one).keys() <= held.keys() for one in tree.iter(f"{GEXF}{owner}"))
        assert {part.tag.split("}")[1] for part in tree.iter()}.isdisjoint({"parents", "spells", "slices", "shape", "thickness"})
        ids = [one.get("id") for one in tree.iter(f"{GEXF}node")]
        ties = list(tree.iter(f"{GEXF}edge"))
        assert len(set(ids)) == len(ids) == len(list(tree.find(f"{GEXF}graph/{GEXF}nodes") or []))
        assert len({one.get("id") for one in ties}) == len(ties) > 0
        assert {one.get(end) for one in ties for end in ("source", "target")} <= set(ids)
        assert all(one.get("kind") == values(one)["relation"] and float(str(one.get("weight"))) > 0 for one in ties)
        for part in tree.iter():
            told = part.attrib.keys()
            assert told.isdisjoint({"pid", "hex", "startopen", "endopen", "timestamp"})
            assert part.tag in (f"{GEXF}node", f"{GEXF}edge") or told.isdisjoint({"start", "end"}), "time of values is lost"
            assert part.tag != f"{VIZ}size" or list(told) == ["value"]
            assert part.tag != f"{VIZ}color" or all(str(part.get(name)).isdigit() for name in "rgba")


def test_a_file_is_written_in_pieces(tmp_path: Path) -> None:
    texts = ["村" * 100_000 + str(number) for number in range(60)]
    graph = build("long", [Node(text[-2:] * 2 + text, text, "Thing", {}, {}) for text in texts], [])
    tracemalloc.start()
    write_gexf(graph, tmp_path / "n.gexf", META)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (tmp_path / "n.gexf").read_bytes() == gexf(graph, META)
    assert peak < (tmp_path / "n.gexf").stat().st_size / 5


def test_a_file_that_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        write_gexf(build("empty", [], []), tmp_path / "missing" / "n.gexf")
