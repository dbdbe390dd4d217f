"""What the process that reads a PDF tells the one that asked: pages with tables and lines, or a refusal.

Neither of the two needs the libraries of the other to know these words.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypedDict

PAGES_LIMIT = 100
"""Pages of one file. A form has one or two."""
CHARACTERS_LIMIT = 50_000
"""Characters of one file. A form has about 2,000."""


class Refusal(StrEnum):
    """Why a PDF is not read."""

    PASSWORD = "password"  # noqa: S105 - the reason, not the word
    PAGES = "pages"
    CHARACTERS = "characters"
    FONT = "font"
    """Its fonts do not say which characters they print."""
    DAMAGED = "damaged"
    LIMITS = "limits"
    """It takes too long or needs too much memory."""
    SCANNED = "scanned"
    """There is no text in it."""


class CellOfPage(TypedDict):
    """A cell: what stands in it and where it begins."""

    text: str
    left: float


class Block(TypedDict):
    """A table, or a line outside all tables, which is a table of one row."""

    is_table: bool
    rows: list[list[CellOfPage]]


class Sheet(TypedDict):
    """A page."""

    blocks: list[Block]
    has_text: bool
    has_pictures: bool


class Found(TypedDict):
    """All pages, or why there are none."""

    refusal: Refusal | None
    pages: list[Sheet]
