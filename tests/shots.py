"""Takes the pictures of pages that README shows: `python tests/shots.py` writes docs/page-*.png of the pages in build/."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SHOTS = {
    "first": ("index.en.html", 1200, 860, "light"),
    "county": ("id/hengxian.zh.html", 1200, 1180, "light"),
    "village": ("id/shuyang-huaixi.en.html", 1200, 1180, "dark"),
    "matrix": ("coverage.zh.html", 1200, 860, "light"),
}
"""Page below the site's root, width and height of the window in CSS pixels, colour scheme."""


def main() -> None:
    """Take every picture anew."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (path, width, height, scheme) in SHOTS.items():
            # Playwright types the scheme as one of a few words.
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            page.goto((ROOT / "build" / "site" / path).as_uri())
            page.screenshot(path=ROOT / "docs" / f"page-{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
