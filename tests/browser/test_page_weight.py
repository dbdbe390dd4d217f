"""What a page weighs with all that it loads, compressed as a server sends it; and nothing in it jumps."""

import gzip
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.test_pages_in_browser import KINDS
from tests.support.independent_readers import find_unstyled_pages

pytestmark = pytest.mark.browser

LIMIT = 80_000
"""Bytes of a page with all that it loads (design: 80 KB)."""
SHIFTS = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) sum += shift.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(sum), 300);
})"""
DECLARATIONS = [kind for kind in KINDS if kind.count("/") == 3 and kind.startswith("2021/")]


def measure_weight(page: Page, address: str, site: Path, kind: str) -> dict[str, int]:
    """Open a page and return all that it loads: path in the site → bytes, compressed."""
    loaded: list[str] = []
    page.on("requestfinished", lambda request: loaded.append(urlsplit(request.url).path))
    page.goto(f"{address}{kind}", wait_until="networkidle")
    files = {
        path: site / (f"{path.lstrip('/')}index.html" if path.endswith("/") else path[1:]) for path in loaded
    }
    return {path: len(gzip.compress(file.read_bytes(), 6)) for path, file in files.items()}


@pytest.mark.parametrize("prefix", ["", "en/"])
@pytest.mark.parametrize("kind", DECLARATIONS)
def test_a_declaration_weighs_at_most_80_kb(
    page: Page, address: str, site: Path, kind: str, prefix: str
) -> None:
    weights = measure_weight(page, address, site, f"{prefix}{kind}")
    assert len(weights) > 5
    assert sum(weights.values()) <= LIMIT, weights


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", ["", "2021/", "indicators/", *DECLARATIONS])
def test_nothing_jumps_while_a_page_loads(page: Page, address: str, kind: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}{kind}", wait_until="networkidle")
    assert page.evaluate(SHIFTS) <= 0.001


def test_every_page_loads_the_styles_of_what_it_holds(site: Path) -> None:
    assert find_unstyled_pages(site) == []
