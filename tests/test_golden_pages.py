"""The Markdown of a sample site, whole: `make golden` writes it anew, and the diff is the review."""

from pathlib import Path

from jixiao import pipeline
from tests.printing import printed
from tests.support import SMALL, assert_no_others, compare


def test_the_markdown_of_every_page_of_the_sample_site(*, rewrites_golden: bool) -> None:
    checked = pipeline.check(SMALL)
    assert checked.problems == ()
    expected = SMALL / "expected"
    seen: set[Path] = set()
    for page in printed(SMALL, checked):
        file = expected / page.language / page.path
        compare(file, page.markdown(), rewrites=rewrites_golden)
        seen.add(file)

    assert_no_others([*expected.rglob("*.md")], seen, rewrites=rewrites_golden)
