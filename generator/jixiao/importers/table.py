"""The indicator table of a form: where its columns are, and its rows with the page they stand on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jixiao.importers.form_labels import ends_table, is_side, is_title, year_in
from jixiao.importers.grid import Cell, Row
from jixiao.importers.indicator_columns import (
    Columns,
    headings_of,
    is_heading,
    is_subheading,
    read_columns,
    refusal_of_later_heading,
    role_of,
)
from jixiao.importers.persons import names_a_person
from jixiao.importers.tally import Tally, Use

_PAIR = 2


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
    columns = read_columns(headings_of(rows[start:]))
    end = next((at for at in range(start + 1, len(rows)) if _is_below(rows[at], columns)), len(rows))
    return rows[:start], rows[start:end], rows[end:]


def read_table(rows: tuple[Row, ...], tally: Tally) -> Table:
    """Read the table that *rows* begin with; headings, also repeated ones, are noted as labels."""
    columns = read_columns(headings_of(rows))
    pages: list[list[Row]] = [[]]
    problem = columns.problem
    for position, row in enumerate(rows):
        if not row.filled:
            pages.append([])
        elif position and is_subheading(row) and is_heading(rows[position - 1]):
            tally.take(Use.LABEL, *row.filled)
        elif is_heading(row):
            problem = columns.problem or refusal_of_later_heading(row, rows[0])
            _take_headings(row, tally)
        elif _is_repeated_title(row, columns):
            tally.take(Use.LABEL, *row.filled)
        elif problem is not None:
            for cell in row.filled:
                tally.refuse(cell, problem)
        else:
            pages[-1].append(row)
    lines = tuple(
        Line(row=row, page=number, missing=missing)
        for number, page in enumerate(filter(None, pages))
        for missing in (_missing_columns(page, columns),)
        for row in page
    )
    return Table(columns=columns, lines=lines)


def _is_repeated_title(row: Row, columns: Columns) -> bool:
    """Return whether *row* holds the title or the year once more, and not the name of an indicator."""
    is_left = len(row.filled) == 1 and row.filled[0].column < columns.name
    return is_left and (is_title(row) or year_in(row.filled[0]) is not None)


def _take_headings(row: Row, tally: Tally) -> None:
    """Record the headings that are known, and the label beside the table."""
    tally.take(Use.LABEL, *(cell for cell in row.filled if role_of(cell) or is_side(cell)))
    if role_of(row.filled[0]) is None and row.filled[0].column == 1:
        tally.take(Use.LABEL, row.filled[0])


def _is_below(row: Row, columns: Columns) -> bool:
    """Tell whether the table has ended: a field or a person stands where an indicator should."""
    begins = any(cell.column < columns.name and ends_table(cell) for cell in row.filled[:1])
    return begins or any(map(names_a_person, row.filled))


def _missing_columns(page: Iterable[Row], columns: Columns) -> int:
    """Tell how many columns a page lacks: all its rows are narrower alike, and end in name and target."""
    rows = tuple(page)
    widths = {len(row.cells) for row in rows}
    if len(widths) != 1 or not all(cell.words for row in rows for cell in row.cells[-_PAIR:]):
        return 0
    return max(columns.target - min(widths), 0)
