"""The text of a file for a search: rows of cells, with the pieces of the file that each cell is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jixiao.i18n import Message, message

if TYPE_CHECKING:
    # A large library, which a text does not need.
    from lxml.etree import _Element


@dataclass(slots=True)
class Piece:
    """A run of characters that the file keeps together; where it can be written, its place in the file."""

    text: str
    element: _Element | None = None
    attribute: str | None = None
    """`None` is the text of the element itself."""

    def write(self, text: str) -> None:
        """Replace the characters, in the file too."""
        self.text = text
        if self.element is None:
            return
        if self.attribute is None:
            self.element.text = text
        else:
            self.element.set(self.attribute, text)


@dataclass(slots=True)
class Cell:
    """Text that belongs together: a cell of a table, a paragraph, a property."""

    place: Message
    pieces: list[Piece]
    is_author: bool = False
    """Whoever wrote or changed the file."""
    is_figure: bool = False
    """A number that its cell shows with separators or decimals: at most an identity number is looked for."""
    element: _Element | None = None
    """Of a number in a workbook, the cell that is to become text before it can be blacked out."""

    @property
    def text(self) -> str:
        """All characters of the pieces."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(slots=True)
class Row:
    """Cells that stand side by side."""

    cells: list[Cell]
    line: int | None = None
    """Of a text file, counted from 1."""
    is_shown: bool = True
    """Whether it stands in the text itself, where a number may go on in the next row."""


@dataclass(slots=True)
class Passages:
    """All text of a file, and what of the file is no text."""

    rows: list[Row] = field(default_factory=list)
    unsearched: list[Message] = field(default_factory=list)

    def add(self, place: Message, text: str) -> None:
        """Add text that cannot be written back."""
        self.rows.append(Row([Cell(place, [Piece(text)])], is_shown=False))


def within(outer: Message | None, inner: Message) -> Message:
    """Name a place inside another one."""
    return inner if outer is None else message("{outer}，{inner}", outer=outer, inner=inner)
