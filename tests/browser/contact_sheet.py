"""A contact sheet: every kind of page of the built site × desktop, phone, paper × light, dark × language.

    python -m tests.browser.contact_sheet [WORD ...]

The site is that of `jixiao build`. Pictures and `index.html`, which shows them side by side, go to
`build/shots/`; with words, only pages with one of them in their address. Paper has one scheme.
"""

import html
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console

from tests.browser.test_pages_in_browser import KINDS, LANGUAGES, QUERIES
from tests.conftest import CHROMIUM, QUIET_CHROMIUM, ROOT, serve

CONSOLE = Console(stderr=True, soft_wrap=True, highlight=False)
WIDTHS = {"desktop": 1280, "phone": 375, "print": 794}
"""In CSS pixels; A4 is 794 wide."""
SCHEMES = {"desktop": ("light", "dark"), "phone": ("light", "dark"), "print": ("light",)}
MAX_HEIGHT = 6000
"""Pixels of a picture from the top: a page of rules has thirty thousand."""
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Contact sheet</title>
<meta name="viewport" content="width=device-width"><style>
body {{ margin: 1rem; font: 1rem/1.4 sans-serif; background: #ddd; }}
section {{ display: flex; flex-wrap: wrap; align-items: start; gap: 1rem; margin-bottom: 2rem; }}
h2 {{ flex-basis: 100%; margin: 0; font: 700 1rem/1.4 monospace; }}
figure {{ margin: 0; }} figcaption {{ font-size: .8rem; }}
img {{ width: 15rem; border: 1px solid #999; background: #fff; }}
</style></head><body><h1>Contact sheet</h1>
{sections}
</body></html>
"""


@dataclass(frozen=True, kw_only=True)
class Screenshot:
    """One picture."""

    address: str
    medium: str
    scheme: str

    @property
    def file(self) -> str:
        """The name of its file."""
        page = self.address.removesuffix(".html").strip("/").replace("/", "-") or "home"
        return f"{page}.{self.medium}.{self.scheme}.png"


def list_screenshots(words: Sequence[str]) -> list[Screenshot]:
    """List the screenshots to take, page by page."""
    return [
        Screenshot(address=f"{prefix}{kind}", medium=medium, scheme=scheme)
        for kind in KINDS
        for prefix in LANGUAGES
        if not words or any(word in f"{prefix}{kind}" for word in words)
        for medium, schemes in SCHEMES.items()
        for scheme in schemes
    ]


def take_screenshot(browser: Browser, site: str, shot: Screenshot, folder: Path) -> None:
    """Open the page as a reader would and save a picture of it."""
    with _close_afterwards(browser.new_page()) as page:
        page.set_viewport_size({"width": WIDTHS[shot.medium], "height": 900})
        page.emulate_media(color_scheme="dark" if shot.scheme == "dark" else "light")
        page.goto(f"{site}{_with_query(shot.address)}", wait_until="networkidle")
        if shot.medium == "print":
            page.emulate_media(media="print")
        height = min(page.evaluate("document.documentElement.scrollHeight"), MAX_HEIGHT)
        page.set_viewport_size({"width": WIDTHS[shot.medium], "height": height})
        page.screenshot(path=folder / shot.file)


@contextmanager
def _close_afterwards(page: Page) -> Iterator[Page]:
    yield page
    page.close()


def _with_query(address: str) -> str:
    prefix = next(one for one in sorted(LANGUAGES, reverse=True) if address.startswith(one))
    return f"{address}?q={quote(QUERIES[prefix])}" if address.endswith("search/") else address


def contact_sheet(shots: Sequence[Screenshot]) -> str:
    """Write the page that shows all pictures, those of an address together."""
    sections = []
    for address in dict.fromkeys(shot.address for shot in shots):
        figures = "".join(
            f'<figure><a href="{shot.file}"><img src="{shot.file}" alt="{shot.medium}, {shot.scheme}"'
            f' loading="lazy"></a><figcaption>{shot.medium}, {shot.scheme}</figcaption></figure>\n'
            for shot in shots
            if shot.address == address
        )
        sections.append(f"<section><h2>/{html.escape(address)}</h2>\n{figures}</section>")
    return _PAGE.format(sections="\n".join(sections))


def main(words: Sequence[str] = (), site: Path = ROOT / "build/site") -> int:
    """Photograph the site in *site*; the pictures go beside it."""
    if not (site / "index.html").is_file():
        CONSOLE.print("There is no site in build/site. Run: make site")
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET_CHROMIUM))
        photograph(browser, list_screenshots(words), site)
        browser.close()
    return 0


def photograph(browser: Browser, shots: Sequence[Screenshot], site: Path) -> None:
    """Take the pictures of the site in *site*, and write the sheet that shows them."""
    folder = site.parent / "shots"
    folder.mkdir(exist_ok=True)
    with contextmanager(serve)(site) as address:
        for number, shot in enumerate(shots, start=1):
            CONSOLE.print(f"{number}/{len(shots)} {shot.file}")
            take_screenshot(browser, address, shot, folder)
    (folder / "index.html").write_text(contact_sheet(shots), "utf-8")
    CONSOLE.print(f"{len(shots)} pictures: {folder / 'index.html'}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
