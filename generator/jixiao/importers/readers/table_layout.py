"""Layout of printed tables: cells with a left edge, merged or not, are assigned to grid columns.

Above the indicator table a column starts wherever a cell starts. From the headings of the indicator table on,
the columns are those of the headings: the rows of a form seldom keep exactly to each other's lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jixiao.i18n import Message, message
from jixiao.importers.form_cells import Grid, GridCell, GridRow, build_row
from jixiao.importers.indicator_columns import is_heading_row
from jixiao.importers.single_forms import is_form_start
from jixiao.load.source_files import check_characters, check_garbled_text
from jixiao.problems import Place, Problem

ROW_CELLS_LIMIT = 200
"""Cells of a row. The widest form seen has 12."""
FORM_CELLS_LIMIT = 200_000
"""Cells of a file, empty ones included. A form has about 250."""
CELL_TEXT_LIMIT = 100_000
"""Characters of a cell. The longest goal that a declaration may have is half as long."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedCell:
    """Cell as stored in the file; empty if it continues another cell."""

    text: str
    left: float
    """Left edge: a column number, or a distance on the page."""
    place: Message | None = None
    """Place as a message; `None` where row and column describe it."""
    is_continuation: bool = False
    """Whether it continues a cell that begins in a row above."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedRow:
    """Row as stored in the file; without cells where a page, a sheet or a paragraph ends."""

    place: Message
    """Place as a message."""
    cells: tuple[PrintedCell, ...] = ()
    """Cells from left to right."""


def lay_out_table(
    rows: Sequence[PrintedRow], above: tuple[float, ...] = ()
) -> tuple[tuple[PrintedRow, ...], tuple[float, ...]]:
    """Align the rows of one table to columns, with an empty cell where a row has none.

    Args:
        rows: Rows of the table, each cell with its left edge.
        above: Left edges of the columns of the previous indicator table, which this table may continue.

    Returns:
        The rows, and the left edges of the columns of the last indicator table.
    """
    starts = sorted({cell.left for row in rows for cell in row.cells})
    columns = above if above and set(above) <= set(starts) else ()
    laid_out: list[PrintedRow] = []
    head: list[PrintedRow] = []
    for row in rows:
        grid_row = build_row(0, tuple(cell.text for cell in row.cells), row.place)
        if is_form_start(grid_row):
            columns = ()
        elif is_heading_row(grid_row):
            laid_out.extend(_align_to_left_edges(head))
            head = []
            columns = tuple(cell.left for cell in row.cells)
        if columns:
            laid_out.append(_align_to_headings(row, columns))
        else:
            head.append(row)
    laid_out.extend(_align_to_left_edges(head))
    return tuple(laid_out), columns or above


def _align_to_left_edges(rows: Sequence[PrintedRow]) -> list[PrintedRow]:
    starts = sorted({cell.left for row in rows for cell in row.cells})
    if len(starts) > ROW_CELLS_LIMIT:
        return list(rows)
    aligned = []
    for row in rows:
        cells = {cell.left: cell for cell in row.cells}
        filled = tuple(cells.get(start, PrintedCell(text="", left=start)) for start in starts)
        aligned.append(replace(row, cells=filled) if row.cells else row)
    return aligned


def _align_to_headings(row: PrintedRow, columns: tuple[float, ...]) -> PrintedRow:
    """Align the cells of *row* to *columns*: by order if the count matches, else by left edge."""
    if len(row.cells) == len(columns) or not row.cells:
        return row
    placed: list[PrintedCell] = []
    for cell in row.cells:
        position = max((at for at, start in enumerate(columns) if start <= cell.left), default=0)
        placed.extend(PrintedCell(text="", left=start) for start in columns[len(placed) : position])
        placed.append(cell)
    placed.extend(PrintedCell(text="", left=start) for start in columns[len(placed) :])
    return replace(row, cells=tuple(placed))


def build_grid(
    file: str, rows: Sequence[PrintedRow], remarks: Sequence[Message], *, counts_lines: bool
) -> Grid | Problem:
    """Build the grid of a file from all its *rows*, or a problem if a cell is not acceptable.

    Args:
        file: Path of the file as shown in messages.
        rows: All rows, already laid out.
        remarks: Remarks of the reader on the whole file.
        counts_lines: Whether row numbers equal the line numbers that a user of the file sees.
    """
    count = sum(len(row.cells) for row in rows)
    if count > FORM_CELLS_LIMIT:
        return build_too_many_cells_problem(file, count)
    grid_rows = []
    for number, row in enumerate(rows, 1):
        cells = tuple(
            GridCell(
                text=printed.text,
                row=number,
                column=column,
                place=printed.place or message("{row}，第 {column} 列", row=row.place, column=str(column)),
                is_continuation=printed.is_continuation,
            )
            for column, printed in enumerate(row.cells, 1)
        )
        for cell in cells:
            problem = _find_cell_problem(cell, len(cells), file)
            if problem is not None:
                return problem
        grid_rows.append(GridRow(number=number, cells=cells, place=row.place))
    return Grid(file=file, rows=tuple(grid_rows), remarks=tuple(remarks), counts_lines=counts_lines)


def build_too_many_cells_problem(file: str, cells: int) -> Problem:
    """Build the problem that *file* is larger than any form."""
    return Problem(
        rule="too-many-cells",
        place=Place(file),
        message=message("文件有 {cells} 格，超过 {limit} 格", cells=str(cells), limit=str(FORM_CELLS_LIMIT)),
        hint=message("请分成几个文件"),
    )


def _find_cell_problem(cell: GridCell, width: int, file: str) -> Problem | None:
    """Return a problem if *cell*, in a row of *width* cells, is too long or holds unacceptable characters."""
    if width > ROW_CELLS_LIMIT or len(cell.text) > CELL_TEXT_LIMIT:
        return Problem(
            rule="form-line-too-long",
            place=Place(file),
            message=message(
                "{place}：这一行有 {cells} 格，这一格有 {length} 个字，不像申报表的一行",
                place=cell.place,
                cells=str(width),
                length=str(len(cell.text)),
            ),
            hint=message(
                "一行最多 {cells} 格，一格最多 {length} 个字；请核对是不是混进了别的内容",
                cells=str(ROW_CELLS_LIMIT),
                length=str(CELL_TEXT_LIMIT),
            ),
        )
    problem = check_garbled_text(cell.text, file) or check_characters(cell.text, file)
    if problem is None:
        return None
    description = message("{place}：{what}", place=cell.place, what=problem.message)
    return replace(problem, place=Place(file), message=description)
