"""A grid: the rows of cells of a form file, each with its place in the form. Nothing here knows a format.

Every reader of forms gives one. Rows are numbered through the whole file in the order in which they are read,
and an empty row stands where a page or a paragraph ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jixiao.i18n import Message, message

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
    place: Message
    """Where it stands in the form, in words, e.g. “第 23 行第 2 格” or `Sheet1!C7`."""
    goes_on: bool = False
    """Whether it is the rest of a cell that begins in a row above; nothing stands in it then."""

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row of a form."""

    number: int
    """Counted from 1 through the whole file."""
    cells: tuple[Cell, ...]
    """From the left, empty ones included."""
    place: Message
    """Where it stands in the form, in words, e.g. “第 23 行”."""

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
    remarks: tuple[Message, ...] = ()
    """What its reader has to tell of the whole file, e.g. that a sheet is hidden."""
    counts_lines: bool = True
    """Whether the numbers of its rows are those that a reader of the form sees beside them."""

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
        Cell(
            text=text,
            row=number,
            column=column,
            # Nobody is told of a cell in which nothing stands.
            place=message("{row}第 {column} 格", row=place, column=str(column)) if text.strip() else place,
        )
        for column, text in enumerate(texts, 1)
    )
    return Row(number=number, cells=cells, place=place)
