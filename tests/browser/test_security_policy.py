"""The security policy: first on every page, nothing inline, nothing foreign, and enforced by the browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jixiao.site.security_policy import HEADERS, POLICY


def test_the_policy_is_the_first_element_of_every_page(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    firsts = {
        page.relative_to(site).as_posix(): re.search(r"<head>\s*<([^>]*)>", page.read_text("utf-8"))
        for page in pages
    }

    assert {"index.html", "en/index.html", "404.html"} <= firsts.keys()
    assert [
        name
        for name, first in firsts.items()
        if first is None or not first[1].startswith('meta http-equiv="Content-Security-Policy"')
    ] == []


def test_the_policy_allows_nothing_inline_and_nothing_foreign() -> None:
    directives = dict(part.split(" ", 1) for part in POLICY.split("; "))

    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert directives["style-src"] == "'self'"
    assert "unsafe-inline" not in POLICY
    assert "http" not in POLICY


def test_static_hosts_and_nginx_get_the_same_policy(built: Path) -> None:
    static = (built / "build/site/_headers").read_text("utf-8")
    nginx = (built / "build/nginx-headers.conf").read_text("utf-8")

    for name, value in HEADERS.items():
        assert f"  {name}: {value}\n" in static
        assert f'add_header {name} "{value}" always;\n' in nginx


@pytest.mark.browser
def test_the_browser_runs_no_script_that_was_smuggled_into_a_page(
    address: str, site: Path, browser: Browser
) -> None:
    page_file = site / "about/index.html"
    before = page_file.read_text("utf-8")
    smuggled = '<script>window.smuggled = 1</script><img src="x" onerror="window.smuggled = 1">'
    page_file.write_text(before.replace("<article", f"{smuggled}<article"), encoding="utf-8")
    page = browser.new_page()
    try:
        page.goto(f"{address}about/", wait_until="networkidle")
        assert page.evaluate("window.smuggled") is None
    finally:
        page_file.write_text(before, encoding="utf-8")
        page.close()
