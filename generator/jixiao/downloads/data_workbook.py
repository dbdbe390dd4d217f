"""XLSX workbook: one sheet a table, frozen head, filters, typed cells, no formulas.

A sum or a number is a number where a spreadsheet keeps all its digits, else a text. Filed text stays
text, marked so that spreadsheets keep it text when it is edited.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jixiao.analysis.data_table import CellValue, Column, ColumnKind, DataTable
from jixiao.downloads.xlsx_format import (
    HEADER_FORMAT,
    MAX_CELL_LENGTH,
    TEXT_FORMAT,
    WORKBOOK_DATE,
    build_number_format,
    build_workbook_options,
    convert_to_number,
    is_exact_in_spreadsheet,
)

ROW_LIMIT: Final = 1_048_576
"""Rows of a sheet, header included."""
_CUT_ENDING: Final = "… [data.json]"
"""Ending of a text that is cut to the length of a cell."""
_DATE_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001
_WIDTHS: Final = {ColumnKind.INTEGER: 10, ColumnKind.DATE: 12, ColumnKind.MONEY: 18, ColumnKind.NUMBER: 12}
_WIDE_COLUMNS: Final = frozenset({"name", "project", "target", "overall_goal", "annual_goal", "note"})


class DataWorkbook:
    """Workbook that is written row by row in constant memory."""

    def __init__(self, file: Path | BinaryIO, scratch: Path | None, tables: Iterable[DataTable]) -> None:
        """Create a sheet for each table.

        Args:
            file: The file to write.
            scratch: A folder for temporary files; without one, a small workbook stays in memory.
            tables: One sheet each.
        """
        where = {"constant_memory": True, "tmpdir": str(scratch)} if scratch else {"in_memory": True}
        self._workbook = xlsxwriter.Workbook(file, build_workbook_options(**where))
        self._workbook.set_properties({"title": "", "created": WORKBOOK_DATE})
        self._head_format = self._workbook.add_format(HEADER_FORMAT)
        self._text_format = self._workbook.add_format({**TEXT_FORMAT, "text_wrap": False})
        self._date_format = self._workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        self._number_formats: dict[str, Format] = {}
        self._sheets = {table.name: _TableSheet(table, self._add_sheet(table, 1)) for table in tables}

    def add(self, table: DataTable, row: tuple[CellValue, ...]) -> None:
        """Append a row, on a further sheet if the last one is full."""
        sheet = self._sheets[table.name]
        if sheet.next_row == ROW_LIMIT:
            sheet.add_filters()
            sheet = _TableSheet(table, self._add_sheet(table, sheet.number + 1), number=sheet.number + 1)
            self._sheets[table.name] = sheet
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            self._write_cell(sheet.worksheet, sheet.next_row, place, column, value)
        sheet.next_row += 1

    def close(self) -> None:
        """Write the file."""
        for sheet in self._sheets.values():
            sheet.add_filters()
        self._workbook.close()

    def _add_sheet(self, table: DataTable, number: int) -> Worksheet:
        name = table.name if number == 1 else f"{table.name}-{number}"
        sheet: Worksheet = self._workbook.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(table.columns):
            width = 40 if column.name in _WIDE_COLUMNS else _WIDTHS.get(column.kind, 16)
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, column.name, self._head_format)
        return sheet

    def _write_cell(self, sheet: Worksheet, line: int, place: int, column: Column, value: CellValue) -> None:
        match value:
            case None:
                return
            case Decimal() if is_exact_in_spreadsheet(value):
                sheet.write_number(line, place, convert_to_number(value), self._find_number_format(value))
            case Decimal():
                sheet.write_string(line, place, format(value, "f"), self._text_format)
            case int():
                sheet.write_number(line, place, value)
            case str() if column.kind is ColumnKind.DATE:
                day = datetime.fromisoformat(value) - _DATE_EPOCH
                sheet.write_number(line, place, day.days, self._date_format)
            case _:
                fitting = (
                    value
                    if len(value) <= MAX_CELL_LENGTH
                    else value[: MAX_CELL_LENGTH - len(_CUT_ENDING)] + _CUT_ENDING
                )
                sheet.write_string(line, place, fitting, self._text_format)

    def _find_number_format(self, value: Decimal) -> Format:
        """Return the format for a number; equal formats are shared."""
        shown = build_number_format(value)
        if str(shown) not in self._number_formats:
            self._number_formats[str(shown)] = self._workbook.add_format(shown)
        return self._number_formats[str(shown)]


class _TableSheet:
    """Sheet of a table, with its next row."""

    def __init__(self, table: DataTable, sheet: Worksheet, number: int = 1) -> None:
        self.table, self.worksheet, self.number = table, sheet, number
        self.next_row = 1

    def add_filters(self) -> None:
        """Add filters to the rows written so far."""
        self.worksheet.autofilter(0, 0, max(self.next_row - 1, 1), len(self.table.columns) - 1)
