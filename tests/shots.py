"""Takes the pictures that README shows: `python tests/shots.py` writes docs/page-*.png of the pages in build/.

And docs/gephi.png of a network as Gephi Lite's parser and renderer show it.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SHOTS = {
    "first": ("index.en.html", 1200, 860, "light"),
    "county": ("id/hengxian.zh.html", 1200, 1180, "light"),
    "village": ("id/shuyang-huaixi.en.html", 1200, 1180, "dark"),
    "matrix": ("coverage.zh.html", 1200, 860, "light"),
}
"""Page below the site's root, width and height of the window in CSS pixels, colour scheme."""

WEBGL = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
"""Draw by software what a renderer asks of a graphics card."""


def main() -> None:
    """Take every picture anew."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", *WEBGL])
        for name, (path, width, height, scheme) in SHOTS.items():
            # Playwright types the scheme as one of a few words.
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            page.goto((ROOT / "build" / "site" / path).as_uri())
            page.screenshot(path=ROOT / "docs" / f"page-{name}.png")
            context.close()
        show_network(browser, ROOT / "build" / "networks" / "everything.gexf")
        browser.close()


def show_network(browser: Browser, file: Path) -> None:
    """Take the picture of a GEXF file as it opens."""
    folder = ROOT / "tests" / "gephi"
    bundle = [str(folder / "node_modules" / ".bin" / "esbuild"), str(folder / "view.js"), "--bundle", "--format=iife"]
    script = subprocess.run(bundle, check=True, capture_output=True, text=True).stdout
    page = browser.new_page(viewport={"width": 1200, "height": 860})
    page.set_content('<body style="margin: 0"><div id="place" style="width: 1200px; height: 860px"></div>')
    page.add_script_tag(content=script)
    page.evaluate("text => { show(text, document.getElementById('place')); }", file.read_text(encoding="utf-8"))
    page.wait_for_timeout(3000)  # until the renderer has drawn
    page.screenshot(path=ROOT / "docs" / "gephi.png")


if __name__ == "__main__":
    main()
