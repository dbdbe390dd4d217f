"""A form in a workbook becomes a grid: sheet by sheet, row by row, each cell as it is shown."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import NamedTuple
from zipfile import BadZipFile

from jixiao.i18n import Message, message
from jixiao.importers.grid import Grid
from jixiao.importers.readers.office_archive import Kind, require_sound_archive
from jixiao.importers.readers.table_layout import ALL_CELLS_LIMIT, CELLS_LIMIT, Line, Piece, grid_of, lay_out
from jixiao.importers.readers.workbook_cell_text import DAYS_OF_CHINA, shown
from jixiao.problems import Misread, Place, Problem
from openpyxl import load_workbook
from openpyxl.styles import numbers
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

_LISTED = 20
"""Cells that one remark names."""
_BROKEN = (
    AttributeError,
    AssertionError,
    LookupError,
    TypeError,
    ValueError,
    OverflowError,
    SyntaxError,
    BadZipFile,
    zlib.error,
)
"""What the library raises where a file is not as the standard says."""


def read_workbook_form(content: bytes, file: str) -> Grid | Problem:
    """Read the forms in the workbook that *content* holds; give their grid, or what stands in the way.

    Args:
        content: Of the file.
        file: Its name, as messages give it.
    """
    try:
        require_sound_archive(content, Kind.WORKBOOK)
        books = _Books(values=_opened(content, has_values=True), formulas=_opened(content, has_values=False))
        sheets = [sheet for sheet in books.values.worksheets if _is_filled(sheet)]
        lines: list[Line] = []
        for sheet in sheets:
            lines.extend(books.sheet(sheet))
    except Misread as misread:
        return misread.at(Place(file))
    return grid_of(file, lines, books.remarks(), counts_lines=len(sheets) == 1)


def _opened(content: bytes, *, has_values: bool) -> Workbook:
    # Added, because a cell with one of these numbers is a day, and would be read as a number.
    numbers.BUILTIN_FORMATS.update(DAYS_OF_CHINA)
    try:
        with warnings.catch_warnings():
            # About what the library would lose if it wrote the file.
            warnings.simplefilter("ignore")
            return load_workbook(BytesIO(content), data_only=has_values, keep_links=False)
    except _BROKEN as error:
        raise Misread(
            "archive-damaged",
            message("文件不完整或已损坏，打不开"),
            message("请在 Word、Excel 或 WPS 里打开原文件，另存一份；打不开就请重新取得原文件"),
        ) from error


def _is_filled(sheet: Worksheet) -> bool:
    """Tell whether anything stands in *sheet*.

    Raises:
        Misread: It is larger than any form.
    """
    rows, columns = sheet.max_row, sheet.max_column
    if columns > CELLS_LIMIT or rows * columns > ALL_CELLS_LIMIT:
        raise Misread(
            "sheet-too-large",
            message(
                "工作表“{sheet}”一直到第 {row} 行、第 {column} 列，不像申报表",
                sheet=sheet.title,
                row=str(rows),
                column=str(columns),
            ),
            message("请删去表格以外的行和列（包括只设了格式的空行空列），再保存"),
        )
    return any(value not in {None, ""} for row in sheet.iter_rows(values_only=True) for value in row)


class _Covered(NamedTuple):
    """The rows and columns that merged cells cover, but for those where they begin."""

    behind: frozenset[tuple[int, int]]
    below: frozenset[tuple[int, int]]


@dataclass
class _Books:
    """One workbook, opened for its values and for its formulas, and what is to be told of it."""

    values: Workbook
    formulas: Workbook
    computed: list[str] = field(default_factory=list)
    """Cells that hold a formula."""
    hidden: list[Message] = field(default_factory=list)
    odd: list[Message] = field(default_factory=list)
    """Cells of which another text could be read."""

    def remarks(self) -> list[Message]:
        """Tell what a person should look at."""
        said = list(self.hidden)
        if self.computed:
            said.append(
                message(
                    "{cells} 共 {count} 格是公式：读的是存着的结果，没有重新计算，请核对",
                    cells=tuple(self.computed[:_LISTED]),
                    count=str(len(self.computed)),
                )
            )
        return [*said, *self.odd]

    def sheet(self, sheet: Worksheet) -> Iterator[Line]:
        """Read *sheet*; rows that are empty part it into pages."""
        self._note_hidden(sheet)
        covered = _Covered(_behind_others(sheet), _below_others(sheet))
        columns = _columns_in_use(sheet)
        lines = [self._line(sheet, row, columns, covered) for row in range(1, sheet.max_row + 1)]
        yield from _laid_out(lines)

    def _line(self, sheet: Worksheet, row: int, columns: range, covered: _Covered) -> Line:
        pieces = tuple(
            Piece(
                text=self._text(sheet, row, column),
                left=column,
                place=message("{cell}", cell=_name(sheet, row, column)),
                goes_on=(row, column) in covered.below,
            )
            for column in columns
            if (row, column) not in covered.behind
        )
        return Line(
            place=message("{sheet} 第 {row} 行", sheet=sheet.title, row=str(row)),
            pieces=pieces if any(piece.text.strip() for piece in pieces) else (),
        )

    def _text(self, sheet: Worksheet, row: int, column: int) -> str:
        cell = sheet.cell(row, column)
        name = _name(sheet, row, column)
        if self.formulas[sheet.title].cell(row, column).data_type == "f":
            if cell.value is None:
                raise Misread(
                    "formula-without-value",
                    message("{cell} 是公式，文件里没有存它的结果", cell=name),
                    message("请用 Excel 或 WPS 打开，保存一次，再读入；或把这一格改成数值"),
                )
            self.computed.append(name)
        read = shown(cell.value, cell.number_format)
        if read.remark is not None:
            self.odd.append(message("{cell}：{remark}", cell=name, remark=read.remark))
        return read.text

    def _note_hidden(self, sheet: Worksheet) -> None:
        if sheet.sheet_state != "visible":
            self.hidden.append(message("工作表“{sheet}”是隐藏的，一样读入", sheet=sheet.title))
        rows = tuple(
            str(row)
            for row, dimension in sorted(sheet.row_dimensions.items())
            if dimension.hidden and row <= sheet.max_row
        )
        columns = tuple(
            get_column_letter(column)
            for dimension in sheet.column_dimensions.values()
            if dimension.hidden and dimension.min
            for column in range(dimension.min, min(dimension.max or 0, sheet.max_column) + 1)
        )
        for said, listed in (
            ("工作表“{sheet}”有隐藏的行，一样读入：{listed}", rows),
            ("工作表“{sheet}”有隐藏的列，一样读入：{listed}", columns),
        ):
            if listed:
                self.hidden.append(message(said, sheet=sheet.title, listed=listed[:_LISTED]))


def _name(sheet: Worksheet, row: int, column: int) -> str:
    return f"{sheet.title}!{get_column_letter(column)}{row}"


def _behind_others(sheet: Worksheet) -> frozenset[tuple[int, int]]:
    """Give the rows and columns that a merged cell covers right of where it begins."""
    return frozenset(
        (row, column)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col + 1, area.max_col + 1)
    )


def _below_others(sheet: Worksheet) -> frozenset[tuple[int, int]]:
    """Return the rows and columns that a merged cell covers below the one where it begins."""
    return frozenset(
        (row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row + 1, area.max_row + 1)
    )


def _columns_in_use(sheet: Worksheet) -> range:
    """Give the columns from the first to the last in which something stands."""
    used = [
        column
        for row in sheet.iter_rows(values_only=True)
        for column, value in enumerate(row, 1)
        if value not in {None, ""}
    ]
    return range(min(used), max(used) + 1)


def _laid_out(lines: Sequence[Line]) -> Iterator[Line]:
    """Lay out each page by itself: columns that a whole page does not use are none of its own."""
    above: tuple[float, ...] = ()
    page: list[Line] = []
    for line in (*lines, Line(place=lines[-1].place)):
        if line.pieces:
            page.append(line)
            continue
        laid, above = lay_out(_without_empty_columns(page), above)
        yield from laid
        page = []
        yield line


def _without_empty_columns(page: Sequence[Line]) -> list[Line]:
    last = max((piece.left for line in page for piece in line.pieces if piece.text.strip()), default=0)
    return [
        Line(place=line.place, pieces=tuple(piece for piece in line.pieces if piece.left <= last))
        for line in page
    ]
