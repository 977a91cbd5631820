"""Addresses of the graph on a real Apache server: each leads to its page or its data, as the reader asks."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pbgraph import project as projects
from pbgraph.build import build

APACHE = shutil.which("apache2") or shutil.which("apache2", path="/usr/sbin")
MODULES = Path("/usr/lib/apache2/modules")
ELSEWHERE = "https://pages.example.org/graph/"

pytestmark = [pytest.mark.prove, pytest.mark.skipif(APACHE is None or not MODULES.is_dir(), reason="apache2 is not installed")]

CONFIG = """\
ServerRoot {root}
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {root}/pid
ErrorLog {root}/error.log
User {user}
Group {group}
{modules}
TypesConfig /dev/null
DocumentRoot {root}/www
<Directory {root}/www>
Require all granted
AllowOverride All
DirectoryIndex index.html
</Directory>
"""
NEEDED = ("mpm_event", "authz_core", "mime", "dir", "rewrite", "negotiation", "headers", "alias")


@pytest.fixture(scope="module")
def server(small_built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server with the small project's site below /deep/here/, and at /other/ the redirects to pages elsewhere."""
    # Apache drops root's rights, and pytest's folders are closed to others: so a folder of its own, opened alone.
    root = Path(tempfile.mkdtemp(prefix="pbgraph-apache-"))
    root.chmod(0o755)
    (root / "www" / "other").mkdir(parents=True)
    shutil.copytree(small_built / "build" / "site", root / "www" / "deep" / "here")
    moved = tmp_path_factory.mktemp("moved") / "project"
    shutil.copytree(small_built, moved, ignore=shutil.ignore_patterns("build", ".build"))
    config = moved / "pbgraph.toml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("[links]\n", f'[links]\nsite = "{ELSEWHERE}"\n'), encoding="utf-8"
    )
    site = build(projects.load(moved), moved / "build").output / "site"
    shutil.copy(site / ".htaccess", root / "www" / "other")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    modules = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in NEEDED)
    (root / "httpd.conf").write_text(
        CONFIG.format(root=root, port=port, modules=modules, user="#65534", group="#65534"), encoding="utf-8"
    )
    process = subprocess.Popen([str(APACHE), "-f", str(root / "httpd.conf"), "-D", "FOREGROUND"])
    try:
        _wait(port, process, root)
        yield port
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(root)


def _wait(port: int, process: subprocess.Popen[bytes], root: Path) -> None:
    for _ in range(100):
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, list(root.glob("error.log"))
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def ask(port: int, path: str, **headers: str) -> tuple[int, str, Mapping[str, str]]:
    """Status, location (without the server's own name) and headers of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    told = {name.lower(): value for name, value in answer.getheaders()}
    return answer.status, told.get("location", "").removeprefix(f"http://127.0.0.1:{port}"), told


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "language", "expected"),
    [
        (BROWSER, "", "zh.html"),
        (BROWSER, "en-GB,en;q=0.9", "en.html"),
        (BROWSER, "de,en;q=0.7,zh;q=0.3", "en.html"),
        (BROWSER, "zh-TW,zh;q=0.9,en;q=0.8", "zh.html"),
        (BROWSER, "en;q=0.5,zh-cn;q=0.75", "zh.html"),
        (BROWSER, "fr", "zh.html"),
        (BROWSER, "*,zh;q=0", "en.html"),
        ("", "en", "en.html"),
        ("*/*", "", "zh.html"),
        ("text/turtle", "en", "ttl"),
        ("application/ld+json", "", "jsonld"),
        ("application/ld+json, text/turtle;q=0.9", "", "jsonld"),
        ("text/turtle, application/ld+json;q=0.9, text/html;q=0.10", "", "ttl"),
        ("text/turtle;q=0.2,text/html;q=0.15", "", "ttl"),
        ("text/html, text/turtle;q=0.9", "en", "en.html"),
        ("text/turtle;q=0, */*;q=0.1", "", "zh.html"),
        ("application/rdf+xml, text/turtle ; q=0.8, */*;q=0.1", "", "ttl"),
        ("TEXT/TURTLE", "", "ttl"),
        ("application/n-triples", "", "zh.html"),
    ],
)
def test_an_entity_leads_to_what_its_reader_likes_best(server: int, accept: str, language: str, expected: str) -> None:
    headers = {"Accept": accept} | ({"Accept_Language": language} if language else {})
    status, location, told = ask(server, "/deep/here/id/yaobu", **headers)
    assert (status, location) == (303, f"/deep/here/id/yaobu.{expected}")
    assert {"accept", "accept-language"} <= {each.strip().lower() for each in told["vary"].split(",")}


def claim_of(small_built: Path) -> tuple[str, str]:
    text = (small_built / "build" / "site" / "id" / "first.en.html").read_text(encoding="utf-8")
    fingerprint = text.partition('id="claim-')[2][:8]
    return f"claim/first.{fingerprint}", f"#claim-{fingerprint}"


def test_claims_passages_and_parts_lead_to_their_place_on_a_page(server: int, small_built: Path) -> None:
    claim, place = claim_of(small_built)
    for prefix in ("/deep/here/", f"/other/ {ELSEWHERE}"):
        at, _, there = prefix.partition(" ")
        to = there or at
        html = {"Accept": BROWSER, "Accept_Language": "en"}
        assert ask(server, f"{at}{claim}", **html)[:2] == (303, f"{to}id/first.en.html{place}")
        assert ask(server, f"{at}{claim}/subject.1", **html)[:2] == (303, f"{to}id/first.en.html{place}")
        assert ask(server, f"{at}passage/first.3.0a1b2c", **html)[:2] == (303, f"{to}id/first.en.html#paragraph-3")
        assert ask(server, f"{at}id/yaobu/naming.1", **html)[:2] == (303, f"{to}id/yaobu.en.html")
        assert ask(server, f"{at}{claim}", Accept="text/turtle")[:2] == (303, f"{to}id/first.ttl")
        assert ask(server, f"{at}id/yaobu", Accept="application/ld+json")[:2] == (303, f"{to}id/yaobu.jsonld")


@pytest.mark.parametrize(
    ("path", "page", "turtle"),
    [
        ("ontology", "ontology/index.en.html", "downloads/schema/ontology.ttl"),
        ("shapes", "ontology/rules.en.html", "downloads/schema/shapes.ttl"),
        ("ontology/core", "ontology/index.en.html", "downloads/schema/core.ttl"),
        ("ontology/core/0.1.0", "ontology/index.en.html", "downloads/schema/core.ttl"),
        ("ontology/alignment", "ontology/index.en.html", "downloads/schema/alignment.ttl"),
        ("question/partners", "questions/partners.en.html", "downloads/schema/questions.ttl"),
        ("graph/articles/first", "downloads.en.html", "downloads/graph.ttl"),
        ("void", "downloads.en.html", "void.ttl"),
        ("", "index.en.html", "void.ttl"),
    ],
)
def test_what_else_has_an_address_leads_somewhere_that_is_there(server: int, path: str, page: str, turtle: str) -> None:
    for accept, target in ((BROWSER, page), ("text/turtle", turtle)):
        status, location, _ = ask(server, f"/deep/here/{path}", Accept=accept, Accept_Language="en")
        assert (status, location) == (303, f"/deep/here/{target}")
        status, _, told = ask(server, location)
        assert status == 200
        assert accept == BROWSER or told["content-type"] == "text/turtle"
        assert ask(server, f"/other/{path}", Accept=accept, Accept_Language="en")[:2] == (303, ELSEWHERE + target)


@pytest.mark.parametrize("path", ["ontology", "shapes", "question/partners", "graph/articles/first", "void"])
def test_what_there_is_not_as_json_ld_is_given_as_nothing_else(server: int, path: str) -> None:
    assert ask(server, f"/deep/here/{path}", Accept="application/ld+json")[0] == 406
    status, location, _ = ask(server, f"/deep/here/{path}", Accept="application/ld+json, text/turtle;q=0.5")
    assert (status, location.rpartition(".")[2]) == (303, "ttl")


def test_files_are_served_as_they_are(server: int) -> None:
    assert ask(server, "/deep/here/.well-known/void")[:2] == (303, "/deep/here/void.ttl")
    for path in ("id/yaobu.zh.html", "assets/site.css", "index.html", "downloads/SHA256SUMS"):
        status, _, told = ask(server, f"/deep/here/{path}", Accept="text/turtle")
        assert (status, told.get("vary")) == (200, None)
    assert ask(server, "/deep/here/id/no.such")[0] == 404
    assert ask(server, "//deep/here/id/yaobu", Accept="text/turtle")[1] == "/deep/here/id/yaobu.ttl"
