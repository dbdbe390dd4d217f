"""From the cells of a printed table to rows of a grid: whose column is which, whatever was merged.

Above the indicator table a column is wherever a cell begins. From the headings of the indicator table on,
the columns are those of the headings: rows of a form seldom keep to one another's lines exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jixiao.i18n import Message, message
from jixiao.importers.forms import begins_form
from jixiao.importers.grid import Cell, Grid, Row, row_of
from jixiao.importers.indicator_columns import is_heading
from jixiao.load.source_files import refusal_of_characters, refusal_of_garbled
from jixiao.problems import Place, Problem

CELLS_LIMIT = 200
"""Cells of a row. The widest form seen has 12."""
ALL_CELLS_LIMIT = 200_000
"""Cells of a file, empty ones included. A form has about 250."""
TEXT_LIMIT = 100_000
"""Characters of a cell. The longest goal that a declaration may have is half as long."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A cell as a file holds it. One that goes on below or behind another is empty."""

    text: str
    left: float
    """Where it begins: a column, or a measure on the page."""
    place: Message | None = None
    """Where it stands, in words; nothing where its row and column say it."""
    goes_on: bool = False
    """Whether it is the rest of a cell that begins in a row above."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A row as a file holds it; without cells where a page, a sheet or a paragraph ends."""

    place: Message
    """Where it stands, in words."""
    pieces: tuple[Piece, ...] = ()
    """From the left."""


def lay_out(
    lines: Sequence[Line], above: tuple[float, ...] = ()
) -> tuple[tuple[Line, ...], tuple[float, ...]]:
    """Give the rows of one table their columns, with an empty cell where a row has none.

    Args:
        lines: The rows of the table, each cell with its left edge.
        above: Where the columns of the indicator table begin, if the table before this one had headings and
            this one may go on with it.

    Returns:
        The rows, and where the columns of the last indicator table begin.
    """
    starts = sorted({piece.left for line in lines for piece in line.pieces})
    columns = above if above and set(above) <= set(starts) else ()
    laid: list[Line] = []
    head: list[Line] = []
    for line in lines:
        row = row_of(0, tuple(piece.text for piece in line.pieces), line.place)
        if begins_form(row):
            columns = ()
        elif is_heading(row):
            laid.extend(_in_columns(head))
            head = []
            columns = tuple(piece.left for piece in line.pieces)
        if columns:
            laid.append(_in_columns_of_table(line, columns))
        else:
            head.append(line)
    laid.extend(_in_columns(head))
    return tuple(laid), columns or above


def _in_columns(lines: Sequence[Line]) -> list[Line]:
    starts = sorted({piece.left for line in lines for piece in line.pieces})
    if len(starts) > CELLS_LIMIT:
        return list(lines)
    return [
        replace(line, pieces=tuple(held.get(start, Piece(text="", left=start)) for start in starts))
        if line.pieces
        else line
        for line in lines
        for held in ({piece.left: piece for piece in line.pieces},)
    ]


def _in_columns_of_table(line: Line, columns: tuple[float, ...]) -> Line:
    """Put the cells of *line* into *columns*: in order where it has as many, else by where they begin."""
    if len(line.pieces) == len(columns) or not line.pieces:
        return line
    placed: list[Piece] = []
    for piece in line.pieces:
        home = max((at for at, start in enumerate(columns) if start <= piece.left), default=0)
        placed.extend(Piece(text="", left=columns[at]) for at in range(len(placed), home))
        placed.append(piece)
    placed.extend(Piece(text="", left=start) for start in columns[len(placed) :])
    return replace(line, pieces=tuple(placed))


def grid_of(
    file: str, lines: Sequence[Line], remarks: Sequence[Message], *, counts_lines: bool
) -> Grid | Problem:
    """Make the grid of a file of all its *lines*; say so where a cell cannot be taken.

    Args:
        file: As messages name it.
        lines: All rows, each laid out.
        remarks: What the reader has to tell.
        counts_lines: Whether the numbers of rows are those that a reader of the form sees.
    """
    cells = sum(len(line.pieces) for line in lines)
    if cells > ALL_CELLS_LIMIT:
        return too_many_cells(file, cells)
    rows = []
    for number, line in enumerate(lines, 1):
        row = Row(number=number, cells=tuple(_cells(number, line)), place=line.place)
        wrong = next((one for cell in row.cells if (one := _refusal(cell, len(row.cells), file))), None)
        if wrong is not None:
            return wrong
        rows.append(row)
    return Grid(file=file, rows=tuple(rows), remarks=tuple(remarks), counts_lines=counts_lines)


def too_many_cells(file: str, cells: int) -> Problem:
    """Say that *file* is larger than any form."""
    return Problem(
        rule="too-many-cells",
        place=Place(file),
        message=message("文件有 {cells} 格，超过 {limit} 格", cells=str(cells), limit=str(ALL_CELLS_LIMIT)),
        hint=message("请分成几个文件"),
    )


def _cells(number: int, line: Line) -> list[Cell]:
    return [
        Cell(
            text=piece.text,
            row=number,
            column=column,
            place=piece.place or message("{row}，第 {column} 列", row=line.place, column=str(column)),
            goes_on=piece.goes_on,
        )
        for column, piece in enumerate(line.pieces, 1)
    ]


def _refusal(cell: Cell, width: int, file: str) -> Problem | None:
    if width > CELLS_LIMIT or len(cell.text) > TEXT_LIMIT:
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
                cells=str(CELLS_LIMIT),
                length=str(TEXT_LIMIT),
            ),
        )
    wrong = refusal_of_garbled(cell.text, file) or refusal_of_characters(cell.text, file)
    if wrong is None:
        return None
    said = message("{place}：{what}", place=cell.place, what=wrong.message)
    return replace(wrong, place=Place(file), message=said)
