"""What our build leaves for the peers: the Markdown of the pages, and what the frame around them says."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from filecmp import cmp
from html import unescape
from pathlib import Path

import yaml

from tests.benchmarks.failure import BenchmarkFailure

PAGE = "index.md"
BRANCH = "_index.md"
"""What Hugo calls a page that has others under it."""
_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')
_SITE_NAME = re.compile(r"<title>([^<]*)</title>")
_STYLESHEET = re.compile(r'href="(?:[^"]*/)?assets/(stylesheets/main\.[^"]*)"')
_OF_THE_HEADER = ("organisations", "guide", "glossary", "about", "search")


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What stands around every page of our site."""

    name: str
    policy: str
    stylesheet: str
    """Under `assets/`."""
    assets: Path
    navigation: tuple[tuple[str, str], ...]
    """Title and address of each index page, without home."""


def frame_of(pages: Path, site: Path) -> Frame:
    """Read what our built *site* says around its *pages*."""
    home = (site / "index.html").read_text("utf-8")
    years = sorted(folder.name for folder in pages.iterdir() if re.fullmatch("[0-9]{4}", folder.name))
    shown = [name for name in (*years, *_OF_THE_HEADER) if (pages / name / PAGE).exists()]
    return Frame(
        name=_found(_SITE_NAME, home),
        policy=_found(_POLICY, home),
        stylesheet=_found(_STYLESHEET, home),
        assets=site / "assets",
        navigation=tuple((_title(pages / name / PAGE), f"{name}/") for name in shown),
    )


def _found(pattern: re.Pattern[str], home: str) -> str:
    found = pattern.search(home)
    if not found:
        raise BenchmarkFailure(
            saying=f"our home page is not as the benchmark expects it: no {pattern.pattern}"
        )
    return unescape(found[1])


def _title(page: Path) -> str:
    head = page.read_text("utf-8").split("---\n")[1]
    return str(yaml.safe_load(head)["title"])


def copy_pages(pages: Path, content: Path, *, branches: bool) -> None:
    """Make *content* hold the same pages; files that are equal are left alone, as an editor leaves them.

    Args:
        pages: The Markdown that our build has left.
        content: The folder that a peer reads.
        branches: Whether pages that have others under them are called as Hugo calls them.
    """
    wanted = {_name_for(page, branches=branches): page for page in pages.rglob("*.md")}
    wanted = {content / name.relative_to(pages): page for name, page in wanted.items()}
    for stale in [file for file in content.rglob("*.md") if file not in wanted]:
        stale.unlink()
    for copy, page in wanted.items():
        if not copy.exists() or not cmp(page, copy, shallow=False):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(page, copy)


def _name_for(page: Path, *, branches: bool) -> Path:
    has_others = any(other.is_dir() for other in _beside(page)) if branches else False
    return page.with_name(BRANCH) if has_others else page


def _beside(page: Path) -> Iterator[Path]:
    return page.parent.iterdir()
