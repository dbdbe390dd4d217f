"""A page: Markdown text and the address it will have. Nothing here touches the disk."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from jixiao.text import Text


class Kind(StrEnum):
    """What a page shows; the theme and the search index treat kinds differently."""

    HOME = "home"
    YEAR = "year"
    DEPARTMENT_YEAR = "department-year"
    DECLARATION = "declaration"
    PROJECT = "project"
    """One project through the years."""
    ORGANISATIONS = "organisations"
    ORGANISATION = "organisation"
    HANDWRITTEN = "handwritten"
    SEARCH = "search"
    INDICATORS = "indicators"
    QUALITY = "quality"
    COMPARE = "compare"
    DATA = "data"
    CHANGES = "changes"
    RULES = "rules"
    RENAMED = "renamed"
    """The former address of a declaration, which leads on to the new one."""
    WITHDRAWN = "withdrawn"
    """The address of a declaration that is no longer published."""


_STYLED: Final[Mapping[str, tuple[str, ...]]] = {
    "lists.css": ('<table class="list', "data-list-tools", "data-compare-page", "data-page-set")
}
"""Style sheet → markup that it styles. No typed text holds such markup: it is escaped."""


@dataclass(frozen=True, kw_only=True)
class Crumb:
    """A step of the way from the home page to a page."""

    title: Text
    address: str
    """Without the prefix of a language."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page in one language."""

    kind: Kind
    language: str
    address: str
    """Without the prefix of the language, e.g. `2021/health/clinic/`; the home page is empty."""
    title: Text
    description: Text
    body: str
    """Markdown, starting with the heading."""
    trail: tuple[Crumb, ...] = ()
    """The pages above this one, home first; empty for the home page."""
    alternates: Mapping[str, str] = field(default_factory=dict)
    """Language → address from the root, for every language that has this page, its own included."""
    year: int | None = None
    """The year that the page is about, where it is about one."""
    linked: str = ""
    """What programs read of the page, as JSON-LD without `<`, `>` and `&`."""
    leads_to: str | None = None
    """For a former address: the way from this page to the one that readers are led to."""

    @property
    def styles(self) -> tuple[str, ...]:
        """Style sheets of `assets/` that this page needs beside those of every page, told from its text."""
        return tuple(name for name, parts in _STYLED.items() if any(part in self.body for part in parts))

    @property
    def path(self) -> str:
        """The Markdown file under the folder of its language."""
        return f"{self.address}index.md"

    def front_matter(self) -> dict[str, object]:
        """Give what templates and the search know of the page beside its text.

        Every text is HTML-escaped once, so that a template which prints it as it stands is safe.
        """
        front: dict[str, object] = {
            "title": _escaped(self.title),
            "description": _escaped(self.description),
            "kind": str(self.kind),
            "address": self.address,
            "trail": [{"title": _escaped(crumb.title), "address": crumb.address} for crumb in self.trail],
            "alternates": dict(self.alternates),
        }
        if self.styles:
            front["styles"] = list(self.styles)
        if self.linked:
            front["linked"] = self.linked
        if self.leads_to is not None:
            front["leads_to"] = self.leads_to
        return front

    def markdown(self) -> str:
        """Write the whole file: front matter, then the body."""
        # JSON is YAML, and no text can be misread in it.
        lines = [
            f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in self.front_matter().items()
        ]
        return "\n".join(["---", *lines, "---", "", self.text()])

    def text(self) -> str:
        """Give the body as it stands in the file."""
        return f"{self.body.strip()}\n"


def _escaped(text: Text) -> str:
    return html.escape(" ".join(text.plain().split()), quote=True)
