"""The search indexes: Pagefind, one index for each language and year, merged in the browser.

An index is loaded in pieces, so a reader downloads only what a query needs; an index a year keeps the memory
of each run small and lets an edit touch one index only.
"""

import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.pages import Page
from generator.pages.links import from_root
from generator.pages.page import Kind
from generator.site.pagefind_service import index_pages
from generator.site.stable_index import make_stable
from generator.words import THEME, interface_words

FOLDER = "pagefind"
GENERAL = "general"
"""The index of the pages that belong to no year; its folder also holds Pagefind's scripts."""
FILTERS = ("年度", "主管部门", "项目性质", "二级指标")
"""The facets in the order in which readers see them; the declaration template names the same words."""
_SCRIPTS = ("*.js", "*.css", "wasm.*.pagefind")
"""Files of Pagefind itself, the same in every index; the general one keeps those in use."""
_UNUSED = ("pagefind-ui.*", "pagefind-modular-ui.*", "pagefind-highlight.js")


@dataclass(frozen=True, kw_only=True)
class Index:
    """One index: its name and the pages that are in it."""

    name: str
    addresses: tuple[str, ...]
    """Under the language, sorted: Pagefind numbers pages as they come."""


def indexes_of(pages: Iterable[Page]) -> tuple[Index, ...]:
    """Distribute *pages* over indexes: one for the declarations of each year, one for all other pages.

    Lists stand in the general index, because a short list that names a project would otherwise come before
    the project itself. Home and search lead to everything and are in none.
    """
    by_name: dict[str, list[str]] = {GENERAL: []}
    for page in pages:
        if page.kind is Kind.DECLARATION and page.year is not None:
            by_name.setdefault(str(page.year), []).append(page.address)
        elif page.kind not in {Kind.HOME, Kind.SEARCH, Kind.RENAMED, Kind.WITHDRAWN}:
            by_name[GENERAL].append(page.address)
    return tuple(Index(name=name, addresses=tuple(sorted(found))) for name, found in sorted(by_name.items()))


def write_indexes(site: Path, language: str, indexes: Iterable[Index], order: Sequence[str]) -> None:
    """Index the HTML under *site* in *language*, and list the indexes for the browser.

    Args:
        site: The folder of the site.
        language: The language whose pages are indexed.
        indexes: Which pages go into which index.
        order: Values of facets in the order of the form.

    Raises:
        BuildFailure: Pagefind failed; its words are in the failure.
    """
    home = site / FOLDER / language
    words = interface_words(language)
    names = []
    for index in indexes:
        folder = site / from_root("", language)
        files = (folder / address / "index.html" for address in index.addresses)
        index_pages(site, files, home / index.name)
        make_stable(home / index.name, order)
        if index.name != GENERAL:
            names.append(index.name)
        for pattern in _UNUSED if index.name == GENERAL else _SCRIPTS:
            for path in (home / index.name).glob(pattern):
                path.unlink()
    shutil.copyfile(THEME / "search" / "pagefind.js", home / "pagefind.js")
    listing = {"indexes": sorted(names), "filters": [words.say(name) for name in FILTERS]}
    (home / "indexes.json").write_text(json.dumps(listing, ensure_ascii=False), encoding="utf-8")
