"""Where a constraint begins and ends: the last value that it lets pass, and the first that it does not."""

from __future__ import annotations

from functools import cache

import pytest

from conftest import ROOT
from pbgraph import constraints, shapes
from pbgraph.store import triples_of

PREFIXES = "@prefix pb: <https://w3id.org/pbgraph/ontology#> . @prefix : <https://w3id.org/pbgraph/id/> .\n"
POINT = "pb:scheme :gcj02 ; "
SUM = f"sha256:{'0123456789abcdef' * 4}"

LIMITS = {
    # A share is a part of its whole, and no more than that.
    ":n pb:share 1.0": "",
    ":n pb:share 1.01": "share-above-one",
    # Degrees reach round the globe and no further.
    f":n a pb:Point ; {POINT} pb:latitude 90.0 ; pb:longitude 180.0": "",
    f":n a pb:Point ; {POINT} pb:latitude -90.0 ; pb:longitude -180.0": "",
    f":n a pb:Point ; {POINT} pb:latitude 90.1 ; pb:longitude 0.0": "latitude-out-of-range",
    f":n a pb:Point ; {POINT} pb:latitude -90.1 ; pb:longitude 0.0": "latitude-out-of-range",
    f":n a pb:Point ; {POINT} pb:latitude 0.0 ; pb:longitude 180.1": "longitude-out-of-range",
    f":n a pb:Point ; {POINT} pb:latitude 0.0 ; pb:longitude -180.1": "longitude-out-of-range",
    # Of a quotation, thirty characters.
    f':n a pb:Passage ; pb:quote "{"字" * 30}"': "",
    f':n a pb:Passage ; pb:quote "{"字" * 31}"': "quote-too-long",
    # Blanks and lines.
    ':n pb:name "横 县"@zh': "",
    ':n pb:name " 横县"@zh': "name-spaced",
    ':n pb:name "横县 "@zh': "name-spaced",
    ':n pb:name "横\\\\n县"@zh': "",
    ':n pb:name "横\\n县"@zh': "name-of-several-lines",
    ':n pb:name "横\\r县"@zh': "name-of-several-lines",
    # Languages and checksums, whole.
    ':n a pb:Source ; pb:language "zh-latn-pinyin"': "",
    ':n a pb:Source ; pb:language "es-419"': "",
    ':n a pb:Source ; pb:language "yue"': "",
    ':n a pb:Source ; pb:language "zh_CN"': "language-tag",
    ':n a pb:Source ; pb:language "Zh"': "language-tag",
    ':n a pb:Source ; pb:language "zh-"': "language-tag",
    f':n a pb:Source ; pb:checksum "{SUM}"': "",
    f':n a pb:Source ; pb:checksum "{SUM}0"': "checksum-form",
    f':n a pb:Source ; pb:checksum "{SUM[:-1]}"': "checksum-form",
    f':n a pb:Source ; pb:checksum "a {SUM}"': "checksum-form",
    f':n a pb:Source ; pb:checksum "{SUM.upper()}"': "checksum-form",
    # A statistical code has nine digits or twelve, in each edition of the list; what other lists count by is their own.
    **{f':n a pb:Code ; pb:scheme :{edition} ; pb:notation "450127110"': "" for edition in ("nbs2017", "nbs2023", "mca2026")},
    **{f':n a pb:Code ; pb:scheme :{edition} ; pb:notation "450127110206"': "" for edition in ("nbs2017", "nbs2023", "mca2026")},
    **{
        f':n a pb:Code ; pb:scheme :{edition} ; pb:notation "4501271102"': "statistical-code"
        for edition in ("nbs2017", "nbs2023", "mca2026")
    },
    ':n a pb:Code ; pb:scheme :zones ; pb:notation "S451"': "",
    ':n a pb:Code ; pb:scheme :gbt2260 ; pb:notation "450127"': "",
    ':n a pb:Code ; pb:scheme :gbt2260 ; pb:notation "4501270"': "gbt2260-code",
    # A station says on which platform, or why not; so does a centre.
    ":n a pb:EcommerceCentre": "station-without-platform",
    ":n a pb:EcommerceCentre ; pb:platform :taobao": "",
    # An amount is one, told in one way; the number of a group needs something that is counted, or its members.
    **{
        f":n a pb:Figure ; {twice}": "figure-several-amounts"
        for twice in (
            "pb:value 1.0 , 2.0",
            "pb:share 0.1 , 0.2",
            "pb:low 1.0 , 2.0 ; pb:bound pb:between",
            "pb:high 1.0 , 2.0 ; pb:bound pb:between",
            "pb:bound pb:between , pb:about",
            "pb:value 1.0 ; pb:share 0.1",
        )
    },
    ":n a pb:Figure ; pb:low 1.0 ; pb:high 2.0 ; pb:bound pb:between": "",
    ":n pb:value 1.0": "",
    ":n pb:value 1.0 ; pb:indicator :sales . :sales pb:unit :yuan": "figure-without-unit",
    ":n pb:value 1.0 ; pb:share 0.1 ; pb:indicator :sales . :sales pb:unit :yuan": "",
    ":n pb:value 1.0 ; pb:unit :yuan ; pb:indicator :sales . :sales pb:unit :yuan": "",
    ":n pb:fraction true": "share-without-whole",
    ":n pb:fraction true ; pb:unstated pb:of ; pb:high 1.0": "",
    ":n pb:fraction true ; pb:of :villages ; pb:share 0.5": "",
    ":n pb:fraction true ; pb:of :villages ; pb:high 1.01": "share-range-above-one",
    ":n a pb:Group ; pb:who :villages": "",
    ":n a pb:Group ; pb:member :yaobu": "",
    ":n a pb:Group ; pb:within :hengxian": "group-without-words",
    # A period is a time, which has days; of what is not known here, nothing is said.
    ":n pb:period :week": "",
    ":n pb:period :week . :week a pb:Unit": "figure-period-of-no-time",
    ":n pb:period :week . :week a pb:Unit ; pb:days 7": "",
    # Pairings without a partner, and of several with several.
    ":n a pb:PairingAgreement ; pb:beneficiary :a": "pairing-without-partner",
    ":n a pb:PairingAgreement ; pb:beneficiary :a ; pb:unstated pb:partner": "",
    ":n a pb:PairingAgreement ; pb:beneficiary :a , :b ; pb:partner :c": "",
    ":n a pb:PairingAgreement ; pb:beneficiary :a ; pb:partner :b , :c": "",
    ":n a pb:PairingAgreement ; pb:beneficiary :a , :b ; pb:partner :c , :d": "pairing-many-with-many",
    # A point is of one place.
    f":n a pb:Point ; {POINT} pb:latitude 1.0 , 2.0 ; pb:longitude 1.0": "point-of-many-places",
    f":n a pb:Point ; {POINT} pb:latitude 1.0 ; pb:longitude 1.0 , 2.0": "point-of-many-places",
    # What a place may lie in, if it is known.
    **{f":n a pb:Township ; pb:partOf :w . :w a pb:{kind}": "" for kind in ("County", "Prefecture", "Area")},
    **{f":n a pb:{kind} ; pb:partOf :w": "" for kind in ("Township", "County", "Prefecture")},
    ":n a pb:Township ; pb:partOf :w . :w a pb:Province": "township-outside-county",
    ":n a pb:County ; pb:partOf :w . :w a pb:Area": "county-outside-prefecture",
    ":n a pb:Prefecture ; pb:partOf :w . :w a pb:County": "prefecture-outside-province",
}


@cache
def loaded() -> shapes.Shapes:
    return shapes.load({file.name: file.read_bytes() for file in sorted((ROOT / "shapes").glob("*.ttl"))})


@pytest.mark.parametrize("statement", LIMITS)
def test_a_constraint_begins_where_it_should(statement: str) -> None:
    found = constraints.validate(triples_of(f"{PREFIXES}{statement} .", "ttl"), loaded())
    codes = {code for each in LIMITS.values() for code in each.split()}
    assert {result.code for result in found} & codes == {*LIMITS[statement].split()}
