"""The Markdown of a sample site, whole: `make golden` writes it anew, and the diff is the review."""

from pathlib import Path

from jixiao import pipeline
from tests.support.render_pages import render_project
from tests.support.sample_projects import SMALL_SITE, assert_matches_golden, assert_no_others


def test_the_markdown_of_every_page_of_the_sample_site(*, rewrites_golden: bool) -> None:
    checked = pipeline.check(SMALL_SITE)
    assert checked.problems == ()
    expected = SMALL_SITE / "expected"
    seen: set[Path] = set()
    for page in render_project(SMALL_SITE, checked):
        file = expected / page.language / page.path
        assert_matches_golden(file, page.markdown(), rewrites=rewrites_golden)
        seen.add(file)

    assert_no_others([*expected.rglob("*.md")], seen, rewrites=rewrites_golden)
