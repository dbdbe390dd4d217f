"""Text of a file for a search: rows of cells, with the pieces of the file that each cell consists of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jixiao.i18n import Message, message

if TYPE_CHECKING:
    # A large library, which a text does not need.
    from lxml.etree import _Element


@dataclass(slots=True)
class TextPiece:
    """Run of characters stored together in the file; has its place in the file if it can be rewritten."""

    text: str
    element: _Element | None = None
    attribute: str | None = None
    """Name of the attribute; `None` is the text of the element itself."""

    def write(self, text: str) -> None:
        """Replace the characters, also in the file."""
        self.text = text
        if self.element is None:
            return
        if self.attribute is None:
            self.element.text = text
        else:
            self.element.set(self.attribute, text)


@dataclass(slots=True)
class TextCell:
    """Text that belongs together: a table cell, a paragraph, a property."""

    place: Message
    pieces: list[TextPiece]
    is_author: bool = False
    """Whether it names an author or editor of the file."""
    is_figure: bool = False
    """Whether it shows a number with separators or decimals, so that only identity numbers match."""
    element: _Element | None = None
    """Cell element of a number in a workbook, which must become text before redaction."""

    @property
    def text(self) -> str:
        """All characters of the pieces."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(slots=True)
class TextRow:
    """Cells side by side."""

    cells: list[TextCell]
    line: int | None = None
    """Line number in a text file, counted from 1."""
    is_shown: bool = True
    """Whether it is in the body, where a number may continue in the next row."""


@dataclass(slots=True)
class ExtractedText:
    """All text of a file, and its parts that cannot be searched."""

    rows: list[TextRow] = field(default_factory=list)
    unsearched: list[Message] = field(default_factory=list)

    def add_text(self, place: Message, text: str) -> None:
        """Add text that cannot be written back."""
        self.rows.append(TextRow([TextCell(place, [TextPiece(text)])], is_shown=False))


def nest_place(outer: Message | None, inner: Message) -> Message:
    """Return the message for a place inside another one."""
    return inner if outer is None else message("{outer}，{inner}", outer=outer, inner=inner)
