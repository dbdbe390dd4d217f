"""Accessibility checks of a page by axe-core.

The script is loaded once, and only violations are fetched from it.
"""

import json
from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Page

_LOADED = "typeof axe === 'object'"
_RUN = """options => axe.run(document, { ...options, resultTypes: ["violations"] }).then(found => ({
    passes: found.passes.length,
    violations: found.violations.map(({ id, help, nodes }) => ({
        id, help, nodes: nodes.map(({ target, html, failureSummary }) => ({ target, html, failureSummary })),
    })),
}))"""
AXE_OPTIONS: Final = {"rules": {"target-size": {"enabled": True}}}
"""Every rule, also the one of WCAG 2.2 that axe leaves off."""
CONTRAST_ONLY: Final = {"runOnly": ["color-contrast"]}


def assert_axe_finds_nothing(page: Page, options: dict[str, Any] = AXE_OPTIONS) -> None:
    """Run axe on the page as it stands."""
    if not page.evaluate(_LOADED):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(_RUN, options)
    assert found["passes"] > 0
    assert found["violations"] == [], json.dumps(found["violations"], indent=2, ensure_ascii=False)
