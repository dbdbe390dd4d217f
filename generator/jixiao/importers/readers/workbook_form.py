"""Reader of workbook forms: sheets, rows and cells, with the text a cell displays, become a grid."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import NamedTuple
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.styles import numbers
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from jixiao.i18n import Message, message
from jixiao.importers.form_cells import Grid
from jixiao.importers.readers.office_archive import OfficeFileKind, require_safe_archive
from jixiao.importers.readers.table_layout import (
    FORM_CELLS_LIMIT,
    ROW_CELLS_LIMIT,
    PrintedCell,
    PrintedRow,
    build_grid,
    lay_out_table,
)
from jixiao.importers.readers.workbook_cell_text import CHINESE_DATE_FORMATS, display_cell
from jixiao.problems import Place, Problem, ReadError

_LIST_LIMIT = 20
"""Number of cells that one remark lists."""
_WORKBOOK_ERRORS = (
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
"""Exceptions that the library raises for files that break the standard."""


def read_workbook_form(content: bytes, file: str) -> Grid | Problem:
    """Read the forms in the workbook *content* and return their grid, or the problem that prevents it.

    Args:
        content: Bytes of the file.
        file: Path of the file as shown in messages.
    """
    try:
        require_safe_archive(content, OfficeFileKind.WORKBOOK)
        books = _WorkbookFormReader(
            values=_open_workbook(content, has_values=True),
            formulas=_open_workbook(content, has_values=False),
        )
        sheets = [sheet for sheet in books.values.worksheets if _is_filled(sheet)]
        lines: list[PrintedRow] = []
        for sheet in sheets:
            lines.extend(books.read_sheet(sheet))
    except ReadError as misread:
        return misread.to_problem(Place(file))
    return build_grid(file, lines, books.list_remarks(), counts_lines=len(sheets) == 1)


def _open_workbook(content: bytes, *, has_values: bool) -> Workbook:
    # Added, because a cell with one of these numbers is a day, and would be read as a number.
    numbers.BUILTIN_FORMATS.update(CHINESE_DATE_FORMATS)
    try:
        with warnings.catch_warnings():
            # About what the library would lose if it wrote the file.
            warnings.simplefilter("ignore")
            return load_workbook(BytesIO(content), data_only=has_values, keep_links=False)
    except _WORKBOOK_ERRORS as error:
        raise ReadError(
            "archive-damaged",
            message("文件不完整或已损坏，打不开"),
            message("请在 Word、Excel 或 WPS 里打开原文件，另存一份；打不开就请重新取得原文件"),
        ) from error


def _is_filled(sheet: Worksheet) -> bool:
    """Return whether *sheet* holds any value.

    Raises:
        ReadError: It is larger than any form.
    """
    rows, columns = sheet.max_row, sheet.max_column
    if columns > ROW_CELLS_LIMIT or rows * columns > FORM_CELLS_LIMIT:
        raise ReadError(
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


class _MergedCells(NamedTuple):
    """Rows and columns that merged cells cover, except where they begin."""

    right: frozenset[tuple[int, int]]
    below: frozenset[tuple[int, int]]


@dataclass
class _WorkbookFormReader:
    """Reader of one workbook, opened for values and for formulas, that collects remarks."""

    values: Workbook
    formulas: Workbook
    formula_cells: list[str] = field(default_factory=list)
    """Names of cells that hold a formula."""
    hidden_remarks: list[Message] = field(default_factory=list)
    display_remarks: list[Message] = field(default_factory=list)
    """Remarks on cells whose text could be read differently."""

    def list_remarks(self) -> list[Message]:
        """Return the remarks that a person should check."""
        said = list(self.hidden_remarks)
        if self.formula_cells:
            said.append(
                message(
                    "{cells} 共 {count} 格是公式：读的是存着的结果，没有重新计算，请核对",
                    cells=tuple(self.formula_cells[:_LIST_LIMIT]),
                    count=str(len(self.formula_cells)),
                )
            )
        return [*said, *self.display_remarks]

    def read_sheet(self, sheet: Worksheet) -> Iterator[PrintedRow]:
        """Read the rows of *sheet*; empty rows separate pages."""
        self._record_hidden(sheet)
        covered = _MergedCells(_find_cells_right_of_merge(sheet), _find_cells_below_merge(sheet))
        columns = _find_used_columns(sheet)
        lines = [self._read_row(sheet, row, columns, covered) for row in range(1, sheet.max_row + 1)]
        yield from _lay_out_pages(lines)

    def _read_row(self, sheet: Worksheet, row: int, columns: range, covered: _MergedCells) -> PrintedRow:
        pieces = tuple(
            PrintedCell(
                text=self._read_cell_text(sheet, row, column),
                left=column,
                place=message("{cell}", cell=_name_cell(sheet, row, column)),
                is_continuation=(row, column) in covered.below,
            )
            for column in columns
            if (row, column) not in covered.right
        )
        return PrintedRow(
            place=message("{sheet} 第 {row} 行", sheet=sheet.title, row=str(row)),
            cells=pieces if any(piece.text.strip() for piece in pieces) else (),
        )

    def _read_cell_text(self, sheet: Worksheet, row: int, column: int) -> str:
        cell = sheet.cell(row, column)
        name = _name_cell(sheet, row, column)
        if self.formulas[sheet.title].cell(row, column).data_type == "f":
            if cell.value is None:
                raise ReadError(
                    "formula-without-value",
                    message("{cell} 是公式，文件里没有存它的结果", cell=name),
                    message("请用 Excel 或 WPS 打开，保存一次，再读入；或把这一格改成数值"),
                )
            self.formula_cells.append(name)
        read = display_cell(cell.value, cell.number_format)
        if read.remark is not None:
            self.display_remarks.append(message("{cell}：{remark}", cell=name, remark=read.remark))
        return read.text

    def _record_hidden(self, sheet: Worksheet) -> None:
        if sheet.sheet_state != "visible":
            self.hidden_remarks.append(message("工作表“{sheet}”是隐藏的，一样读入", sheet=sheet.title))
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
                self.hidden_remarks.append(message(said, sheet=sheet.title, listed=listed[:_LIST_LIMIT]))


def _name_cell(sheet: Worksheet, row: int, column: int) -> str:
    return f"{sheet.title}!{get_column_letter(column)}{row}"


def _find_cells_right_of_merge(sheet: Worksheet) -> frozenset[tuple[int, int]]:
    """Return the positions that merged cells cover to the right of where they begin."""
    return frozenset(
        (row, column)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col + 1, area.max_col + 1)
    )


def _find_cells_below_merge(sheet: Worksheet) -> frozenset[tuple[int, int]]:
    """Return the positions that merged cells cover below the cell where they begin."""
    return frozenset(
        (row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row + 1, area.max_row + 1)
    )


def _find_used_columns(sheet: Worksheet) -> range:
    """Return the range from the first to the last column that holds a value."""
    used = [
        column
        for row in sheet.iter_rows(values_only=True)
        for column, value in enumerate(row, 1)
        if value not in {None, ""}
    ]
    return range(min(used), max(used) + 1)


def _lay_out_pages(lines: Sequence[PrintedRow]) -> Iterator[PrintedRow]:
    """Lay out each page by itself, without the columns that the whole page leaves empty."""
    above: tuple[float, ...] = ()
    page: list[PrintedRow] = []
    for line in (*lines, PrintedRow(place=lines[-1].place)):
        if line.cells:
            page.append(line)
            continue
        laid, above = lay_out_table(_drop_empty_columns(page), above)
        yield from laid
        page = []
        yield line


def _drop_empty_columns(page: Sequence[PrintedRow]) -> list[PrintedRow]:
    last = max((piece.left for line in page for piece in line.cells if piece.text.strip()), default=0)
    return [
        PrintedRow(place=line.place, cells=tuple(piece for piece in line.cells if piece.left <= last))
        for line in page
    ]
