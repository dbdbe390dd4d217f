"""Page of the site: kind, address and Markdown text; relative links; pagination of long lists.

Nothing here touches the disk.
"""

from __future__ import annotations

import html
import json
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from jixiao.analysis import urls
from jixiao.analysis.page_kinds import PageKind
from jixiao.i18n import SOURCE_LANGUAGE
from jixiao.text import Text

_STYLED_MARKUP: Final[Mapping[str, tuple[str, ...]]] = {
    "lists.css": ('<table class="list', "data-list-tools", "data-compare-page", "data-page-set")
}
"""Style sheet → markup that needs it. Typed text never holds such markup because it is escaped."""


@dataclass(frozen=True, kw_only=True)
class Breadcrumb:
    """Breadcrumb on the path from the home page to a page."""

    title: Text
    address: str
    """Address without the language prefix."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """Page in one language."""

    kind: PageKind
    language: str
    address: str
    """Address without the language prefix, e.g. `2021/health/clinic/`; empty for the home page."""
    title: Text
    description: Text
    body: str
    """Markdown that starts with the heading."""
    breadcrumbs: tuple[Breadcrumb, ...] = ()
    """Pages above this one, home first; empty for the home page."""
    alternates: Mapping[str, str] = field(default_factory=dict)
    """Language → address from the root for every language of this page, its own included."""
    year: int | None = None
    """Year of the page, or `None` if it belongs to no single year."""
    jsonld: str = ""
    """JSON-LD of the page, without `<`, `>` and `&`."""
    redirect_to: str | None = None
    """Relative link to the page that a former address redirects to."""

    @property
    def styles(self) -> tuple[str, ...]:
        """Style sheets of `assets/` that this page needs beside the common ones, derived from its body."""
        return tuple(
            name for name, parts in _STYLED_MARKUP.items() if any(part in self.body for part in parts)
        )

    @property
    def path(self) -> str:
        """Path of the Markdown file under the folder of its language."""
        return f"{self.address}index.md"

    def front_matter(self) -> dict[str, object]:
        """Return the metadata of the page for templates and search.

        Every text is HTML-escaped once, so that templates can print it as it is.
        """
        front: dict[str, object] = {
            "title": _escape_line(self.title),
            "description": _escape_line(self.description),
            "kind": str(self.kind),
            "address": self.address,
            "trail": [
                {"title": _escape_line(crumb.title), "address": crumb.address} for crumb in self.breadcrumbs
            ],
            "alternates": dict(self.alternates),
        }
        if self.styles:
            front["styles"] = list(self.styles)
        if self.jsonld:
            front["linked"] = self.jsonld
        if self.redirect_to is not None:
            front["leads_to"] = self.redirect_to
        return front

    def markdown(self) -> str:
        """Return the whole Markdown file, front matter and body."""
        # JSON is YAML, and no text can be misread in it.
        lines = [
            f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in self.front_matter().items()
        ]
        return "\n".join(["---", *lines, "---", "", self.text()])

    def text(self) -> str:
        """Return the body as it is written to the file."""
        return f"{self.body.strip()}\n"


def _escape_line(text: Text) -> str:
    return html.escape(" ".join(text.plain().split()), quote=True)


def add_language_prefix(address: str, language: str) -> str:
    """Add the prefix of *language* to an address; Chinese has none."""
    return address if language == SOURCE_LANGUAGE else f"{language}/{address}"


def build_relative_link(target: str, page: str) -> str:
    """Return the relative link from *page* to *target*, both given from the same root.

    Both are folders: empty or ending in `/`. Only *target* may also be a file or have an anchor.

    Example:
        >>> build_relative_link("guide/", "2021/health/")
        '../../guide/'
        >>> build_relative_link("2021/health/clinic/", "2021/health/")
        'clinic/'
    """
    path, _, anchor = target.partition("#")
    is_folder = path == "" or path.endswith("/")
    way = posixpath.relpath(path or ".", page or ".")
    way = "./" if way == "." else f"{way}/" if is_folder else way
    return f"{way}#{anchor}" if anchor else way


ListRow = TypeVar("ListRow")
LIST_PAGE_LENGTH = 100
"""Rows, mostly declarations, on one page; about 40 KB, which a phone shows at once."""
_PAGER_REACH = 2
"""Pages on either side of the current one that the pager shows, besides the first and the last."""


@dataclass(frozen=True, kw_only=True)
class ListPage(Generic[ListRow]):
    """One page of a list that is divided into several pages."""

    address: str
    """Address of the whole list, which is the address of its first page."""
    number: int
    """Number of this page, from 1."""
    parts: int
    """Number of pages of the list."""
    listed: Sequence[ListRow]
    """Rows on this page."""
    first: int
    """Position of the first row of this page in the whole list, from 1."""
    whole: int
    """Number of rows of the whole list."""

    @property
    def last(self) -> int:
        """Position of the last row of this page in the whole list."""
        return self.first + len(self.listed) - 1

    def pager(self) -> tuple[tuple[int | None, str], ...]:
        """List the pages of the pager as (number, address); `None` stands for an omitted range."""
        near = range(self.number - _PAGER_REACH, self.number + _PAGER_REACH + 1)
        shown = [number for number in range(1, self.parts + 1) if number in {1, self.parts, *near}]
        pager: list[tuple[int | None, str]] = []
        for number in shown:
            if pager and number != (pager[-1][0] or 0) + 1:
                pager.append((None, ""))
            pager.append((number, self.page_address(number)))
        return tuple(pager)

    def page_address(self, number: int) -> str:
        """Return the address of page *number* of this list."""
        return urls.list_part_url(self.address, number)


def paginate(address: str, rows: Sequence[ListRow]) -> Iterator[ListPage[ListRow]]:
    """Divide the list at *address* into pages; an empty list is one empty page."""
    starts = range(0, max(len(rows), 1), LIST_PAGE_LENGTH)
    for number, start in enumerate(starts, 1):
        yield ListPage(
            address=address,
            number=number,
            parts=len(starts),
            listed=rows[start : start + LIST_PAGE_LENGTH],
            first=start + 1,
            whole=len(rows),
        )
