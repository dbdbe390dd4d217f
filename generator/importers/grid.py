"""A grid: the rows of cells of a form file, each with its place in the form. Nothing here knows a format.

Every reader of forms gives one. Rows are numbered through the whole file in the order in which they are read,
and an empty row stands where a page or a paragraph ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.words import Message, message

Key = tuple[int, int]
"""A cell within its file: the number of its row and of its column, both from 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One cell of a form."""

    text: str
    """Exactly as it stands in the form."""
    row: int
    """The number of its row in the file, counted from 1."""
    column: int
    """Counted from 1, empty cells included."""
    row_place: Message
    """Where its row stands, in words, e.g. “第 23 行”."""

    @property
    def key(self) -> Key:
        """The cell within its file."""
        return self.row, self.column

    @property
    def words(self) -> str:
        """The text without blanks at its edges."""
        return self.text.strip()

    @property
    def squeezed(self) -> str:
        """The text without any blank: narrow cells wrap their words."""
        return "".join(self.text.split())

    @property
    def place(self) -> Message:
        """Where the cell stands, in words."""
        return message("{row}第 {column} 格", row=self.row_place, column=str(self.column))


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row of a form."""

    number: int
    """Counted from 1 through the whole file."""
    cells: tuple[Cell, ...]
    """From the left, empty ones included."""

    @property
    def filled(self) -> tuple[Cell, ...]:
        """The cells in which something stands."""
        return tuple(cell for cell in self.cells if cell.words)

    @property
    def texts(self) -> tuple[str, ...]:
        """What stands in the cells, empty ones included."""
        return tuple(cell.text for cell in self.cells)


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """All rows of one file."""

    file: str
    """The file, as messages name it."""
    rows: tuple[Row, ...]

    def filled(self) -> Iterator[Cell]:
        """List the cells in which something stands, row by row."""
        for row in self.rows:
            yield from row.filled


def row_of(number: int, texts: tuple[str, ...], place: Message) -> Row:
    """Make a row of the *texts* of its cells.

    Args:
        number: Of the row in the file, counted from 1.
        texts: One for each cell, empty ones included.
        place: Where the row stands, in words.
    """
    cells = tuple(
        Cell(text=text, row=number, column=column, row_place=place) for column, text in enumerate(texts, 1)
    )
    return Row(number=number, cells=cells)
