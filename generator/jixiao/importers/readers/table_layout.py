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
        above: Left edges of the columns of the indicator table, if the previous table had headings and this
            one
            may continue it.

    Returns:
        The rows, and the left edges of the columns of the last indicator table.
    """
    starts = sorted({piece.left for line in rows for piece in line.cells})
    columns = above if above and set(above) <= set(starts) else ()
    laid: list[PrintedRow] = []
    head: list[PrintedRow] = []
    for line in rows:
        row = build_row(0, tuple(piece.text for piece in line.cells), line.place)
        if is_form_start(row):
            columns = ()
        elif is_heading_row(row):
            laid.extend(_align_to_left_edges(head))
            head = []
            columns = tuple(piece.left for piece in line.cells)
        if columns:
            laid.append(_align_to_headings(line, columns))
        else:
            head.append(line)
    laid.extend(_align_to_left_edges(head))
    return tuple(laid), columns or above


def _align_to_left_edges(lines: Sequence[PrintedRow]) -> list[PrintedRow]:
    starts = sorted({piece.left for line in lines for piece in line.cells})
    if len(starts) > ROW_CELLS_LIMIT:
        return list(lines)
    return [
        replace(line, cells=tuple(held.get(start, PrintedCell(text="", left=start)) for start in starts))
        if line.cells
        else line
        for line in lines
        for held in ({piece.left: piece for piece in line.cells},)
    ]


def _align_to_headings(line: PrintedRow, columns: tuple[float, ...]) -> PrintedRow:
    """Align the cells of *line* to *columns*: by order if the count matches, else by left edge."""
    if len(line.cells) == len(columns) or not line.cells:
        return line
    placed: list[PrintedCell] = []
    for piece in line.cells:
        home = max((at for at, start in enumerate(columns) if start <= piece.left), default=0)
        placed.extend(PrintedCell(text="", left=columns[at]) for at in range(len(placed), home))
        placed.append(piece)
    placed.extend(PrintedCell(text="", left=start) for start in columns[len(placed) :])
    return replace(line, cells=tuple(placed))


def build_grid(
    file: str, lines: Sequence[PrintedRow], remarks: Sequence[Message], *, counts_lines: bool
) -> Grid | Problem:
    """Build the grid of a file from all its *lines*, or a problem if a cell is not acceptable.

    Args:
        file: Path of the file as shown in messages.
        lines: All rows, already laid out.
        remarks: Remarks of the reader on the whole file.
        counts_lines: Whether row numbers equal the line numbers that a user of the file sees.
    """
    cells = sum(len(line.cells) for line in lines)
    if cells > FORM_CELLS_LIMIT:
        return build_too_many_cells_problem(file, cells)
    rows = []
    for number, line in enumerate(lines, 1):
        row = GridRow(number=number, cells=tuple(_build_cells(number, line)), place=line.place)
        wrong = next(
            (one for cell in row.cells if (one := _find_cell_problem(cell, len(row.cells), file))), None
        )
        if wrong is not None:
            return wrong
        rows.append(row)
    return Grid(file=file, rows=tuple(rows), remarks=tuple(remarks), counts_lines=counts_lines)


def build_too_many_cells_problem(file: str, cells: int) -> Problem:
    """Build the problem that *file* is larger than any form."""
    return Problem(
        rule="too-many-cells",
        place=Place(file),
        message=message("文件有 {cells} 格，超过 {limit} 格", cells=str(cells), limit=str(FORM_CELLS_LIMIT)),
        hint=message("请分成几个文件"),
    )


def _build_cells(number: int, line: PrintedRow) -> list[GridCell]:
    return [
        GridCell(
            text=piece.text,
            row=number,
            column=column,
            place=piece.place or message("{row}，第 {column} 列", row=line.place, column=str(column)),
            goes_on=piece.is_continuation,
        )
        for column, piece in enumerate(line.cells, 1)
    ]


def _find_cell_problem(cell: GridCell, width: int, file: str) -> Problem | None:
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
    wrong = check_garbled_text(cell.text, file) or check_characters(cell.text, file)
    if wrong is None:
        return None
    said = message("{place}：{what}", place=cell.place, what=wrong.message)
    return replace(wrong, place=Place(file), message=said)
