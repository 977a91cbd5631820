"""How large the index of names gets and how long a keystroke takes at ten thousand entities; `python bench/search.py [ENTITIES]`.

The names are made of the characters and words of the project's own places, so that tables and readings are of their size. The
time is that of Node running the pages' script; without Node it is left out. Bars: 900 kB, 250 kB packed, 50 ms.
Times are the best of nine.
"""

from __future__ import annotations

import gzip
import itertools
import json
import shutil
import statistics
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from pbgraph import collecting
from pbgraph import project as projects
from pbgraph.atlas import Atlas
from pbgraph.checks import check
from pbgraph.indexing import Directory, Entry
from pbgraph.sites import Site
from pbgraph.terms import Iri, Literal

ROOT = Path(__file__).resolve().parent.parent
TYPED = ("横", "窑埠", "yao", "yaobucun", "ybc", "heng xian", "village", "橫縣", "zzzz")
BARS = {"kB": 900, "kB packed": 250, "ms": 50}
STEPS = """
globalThis.document = {
  currentScript: { src: "file:///site/assets/site.js", dataset: {} },
  documentElement: { dataset: {}, lang: "zh" },
  createElement: () => ({ append() {} }),
  addEventListener() {},
};
const [site, names, typed] = process.argv.slice(1);
const { readFileSync } = require("node:fs");
const run = require("node:vm").runInThisContext;
run(readFileSync(names, "utf8"));
run(readFileSync(site, "utf8"));
run(`globalThis.began = performance.now(); globalThis.found = opened(pbgraphNames); globalThis.read = performance.now() - began`);
const took = JSON.parse(typed).map((each) => {
  globalThis.typed = each;
  const step = "began = performance.now(); search(found, typed); performance.now() - began";
  const times = Array.from({ length: 9 }, () => run(step));
  return Math.min(...times);
});
console.log(JSON.stringify([read, took]));
"""


def enlarged(listing: Directory, wanted: int) -> list[Entry]:
    """The entities of a listing and as many more as are wanted, named by joining the halves of theirs."""
    own = [entry for entry in listing.entries if entry.node and entry.page.startswith("id/")]
    found = list(own)
    for first, second in itertools.product(own, own):
        if len(found) >= wanted:
            break
        zh, en = first.labels[0].text[:2] + second.labels[0].text[-3:], f"{first.labels[1].text[:9]} {second.labels[1].text[-9:]}"
        labels = (Literal(zh, language="zh"), Literal(en, language="en"))
        slug = f"{first.page[3:9]}-{second.page[3:9]}-{len(found)}"
        found.append(replace(first, node=Iri(f"{listing.site.project.base}id/{slug}"), page=f"id/{slug}", labels=labels))
    return found


def main(wanted: int) -> int:
    """Print the figures; 1 if a bar is missed."""
    checked = check(projects.load(ROOT))
    atlas = Atlas(checked.project, checked.graph)
    extras = {"questions": collecting.questions(checked), "colours": atlas.colours}
    site = Site(checked.project, checked.graph, atlas.labels, atlas.addresses, extras)
    listing = Directory(site, checked.project.languages[0])
    listing.__dict__["entries"] = enlarged(listing, wanted)
    text = listing.index().encode()
    told = {"kB": len(text) / 1000, "kB packed": len(gzip.compress(text, 9, mtime=0)) / 1000}
    if node := shutil.which("node"):
        out = ROOT / "build" / "names-bench.js"
        out.parent.mkdir(exist_ok=True)
        out.write_bytes(text)
        command = [node, "-e", STEPS, str(ROOT / "site" / "assets" / "site.js"), str(out), json.dumps(TYPED)]
        read, took = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        out.unlink()
        told |= {"ms to read the index": read, "ms": statistics.median(took), "ms at worst": max(took)}
    sys.stdout.write(f"| {len(listing.entries)} entities | | bar |\n| --- | --- | --- |\n")
    for name, figure in told.items():
        sys.stdout.write(f"| {name} | {figure:.0f} | {BARS.get(name, '')} |\n")
    return int(any(told.get(name, 0) > bar for name, bar in BARS.items()))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
