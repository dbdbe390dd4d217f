"""The indicator table of a form: where its columns are, and its rows with the page they stand on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from generator.importers.grid import Cell, Row
from generator.importers.labels import (
    column_of,
    ends_table,
    has_value_of_person,
    is_about_a_person,
    is_side,
    is_title,
    year_in,
)
from generator.importers.tally import Tally, Use
from generator.words import Message, message

_FEWEST_COLUMNS = 3
"""Headings by which a table is known; the one of level 1 may be lost."""
_PAIR = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """The columns of the table, counted from 1."""

    level1: int
    level2: int
    name: int
    target: int
    width: int
    """Cells of the row of headings."""

    def named(self, column: int) -> Message:
        """Name a column as its heading does."""
        names = {
            self.level1: message("一级指标格"),
            self.level2: message("二级指标格"),
            self.name: message("三级指标格"),
            self.target: message("目标值格"),
        }
        return names.get(column, message("最左侧的格") if column < self.level1 else message("最右侧的格"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A row of the table that is not empty."""

    row: Row
    page: int
    """Counted from 0; an empty row ends a page."""
    missing: int
    """Columns that the whole page lacks at its left."""

    def column(self, cell: Cell) -> int:
        """Give the column in which *cell* would stand if the page were whole."""
        return cell.column + self.missing


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """The indicator table of one form."""

    columns: Columns
    lines: tuple[Line, ...]


def split(rows: tuple[Row, ...]) -> tuple[tuple[Row, ...], tuple[Row, ...], tuple[Row, ...]]:
    """Part the rows of a form: above the table, the table from its headings on, below it.

    Without a table all rows are above it.
    """
    heads = [position for position, row in enumerate(rows) if is_heading(row)]
    if not heads:
        return rows, (), ()
    start = heads[0]
    columns = _columns(rows[start])
    end = next((at for at in range(start + 1, len(rows)) if _is_below(rows[at], columns)), len(rows))
    return rows[:start], rows[start:end], rows[end:]


def read_table(rows: tuple[Row, ...], tally: Tally) -> Table:
    """Read the table that *rows* begin with; headings, also repeated ones, are noted as labels."""
    columns = _columns(rows[0])
    pages: list[list[Row]] = [[]]
    for row in rows:
        if not row.filled:
            pages.append([])
        elif is_heading(row):
            tally.take(Use.LABEL, *(cell for cell in row.filled if column_of(cell) or is_side(cell)))
        elif is_title(row) or (len(row.filled) == 1 and year_in(row.filled[0])):
            tally.take(Use.LABEL, *row.filled)
        else:
            pages[-1].append(row)
    lines = tuple(
        Line(row=row, page=number, missing=missing)
        for number, page in enumerate(filter(None, pages))
        for missing in (_missing_columns(page, columns),)
        for row in page
    )
    return Table(columns=columns, lines=lines)


def is_heading(row: Row) -> bool:
    """Tell whether *row* holds the headings of the columns."""
    return len({column_of(cell) for cell in row.filled} - {None}) >= _FEWEST_COLUMNS


def _is_below(row: Row, columns: Columns) -> bool:
    """Tell whether the table has ended: a field or a person stands where an indicator should."""
    begins = any(cell.column < columns.name and ends_table(cell) for cell in row.filled[:1])
    return begins or any(is_about_a_person(cell) and has_value_of_person(cell) for cell in row.filled)


def _columns(row: Row) -> Columns:
    places = {column_of(cell): cell.column for cell in reversed(row.filled)}
    name = places.get("name", places.get("target", len(row.cells)) - 1)
    level2 = places.get("level2", name - 1)
    return Columns(
        level1=places.get("level1", level2 - 1),
        level2=level2,
        name=name,
        target=places.get("target", name + 1),
        width=len(row.cells),
    )


def _missing_columns(page: Iterable[Row], columns: Columns) -> int:
    """Tell how many columns a page lacks: all its rows are narrower alike, and end in name and target."""
    rows = tuple(page)
    widths = {len(row.cells) for row in rows}
    if len(widths) != 1 or not all(cell.words for row in rows for cell in row.cells[-_PAIR:]):
        return 0
    return max(columns.target - min(widths), 0)
