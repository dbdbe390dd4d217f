"""Whether sites can be compared: each has all pages, what the declarations say, and a search index."""

import json
from pathlib import Path

import yaml
from lxml import html

from tests.benchmarks.failure import BenchmarkFailure
from tests.benchmarks.frame import PAGE
from tests.benchmarks.tools import OURS, TITLES, Tool

_SAMPLES = 7
"""So many declarations are read in every site, spread over all of them."""
_NOT_SEARCHED = 3
"""Home, search and the page of indicators, which only lead on or change with everything."""


def require_likeness(tool: Tool, project: Path, figure: tuple[str, str] | None = None) -> None:
    """Hold the site of *tool* against our pages and the declarations of *project*.

    Args:
        tool: A tool that has just built.
        project: The project whose build left the pages.
        figure: An identity, and a sum that must stand on the page of that declaration.

    Raises:
        BenchmarkFailure: The site lacks something, so its time would be the time of other work.
    """
    pages = [
        page.relative_to(project / "build/pages/zh") for page in (project / "build/pages/zh").rglob(PAGE)
    ]
    expected = len(pages)
    there = sum(1 for _ in tool.site.rglob("index.html"))
    if there != expected:
        raise _unlike(tool, f"{there} pages instead of {expected}")
    # Further parts of a list repeat its heading, gaps change with everything, and a page for two
    # declarations holds none: no index of ours has them.
    further = sum(
        "pages" in page.parts or page.parts[0] in {"quality", "compare", "changes"} for page in pages
    )
    wanted = expected - _NOT_SEARCHED - (further if tool.name == OURS else 0)
    searched = _pages_in_search(tool)
    if searched < wanted:
        raise _unlike(tool, f"{searched} pages in the search index instead of {wanted}")
    identities = identities_of(project)
    for identity in identities[:: max(1, len(identities) // _SAMPLES)]:
        _require_declaration(tool, project, identity)
    if figure and figure[1] not in _page(tool, figure[0]).text_content():
        raise _unlike(tool, f"{figure[0]} does not show the changed sum {figure[1]}")


def identities_of(project: Path) -> list[str]:
    """List the declarations of *project* in the order in which they were made."""
    lines = (project / "content/addresses.yml").read_text("utf-8").splitlines()
    return [line.removeprefix("  - ") for line in lines if line.startswith("  - ")]


def _require_declaration(tool: Tool, project: Path, identity: str) -> None:
    file = project / f"content/declarations/{identity}.yml"
    declaration = yaml.load(file.read_text("utf-8"), yaml.CBaseLoader)  # noqa: S506 - builds only text
    groups = [group for level1 in declaration["indicators"].values() for group in level1.values()]
    targets = [row["target"] for group in groups for row in group]
    targets = ["未填报" if target == "null" else target for target in targets]
    page = _page(tool, identity)
    shown = [cell.text_content().strip() for cell in page.xpath("//td[@class='target']")]
    if shown != targets:
        raise _unlike(tool, f"{identity} shows {len(shown)} targets, which are not the {len(targets)} filed")
    if declaration["name"] not in page.text_content():
        raise _unlike(tool, f"{identity} does not show its name")


def _page(tool: Tool, identity: str) -> html.HtmlElement:
    return html.fromstring((tool.site / identity / "index.html").read_bytes().decode("utf-8"))


def _pages_in_search(tool: Tool) -> int:
    count = 0
    for file in tool.site.glob(tool.search):
        index = json.loads(file.read_text("utf-8"))
        if "languages" in index:
            count += sum(language["page_count"] for language in index["languages"].values())
        else:
            sections = index.get("items") or index["docs"]
            count += len({section["location"].partition("#")[0] for section in sections})
    return count


def _unlike(tool: Tool, what: str) -> BenchmarkFailure:
    return BenchmarkFailure(saying=f"the site of {TITLES[tool.name]} cannot be compared: {what}")
