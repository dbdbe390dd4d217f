"""XLSX workbook: one sheet a table, frozen head, filters, typed cells, no formulas.

A sum or a number is a number where a spreadsheet keeps all its digits, else a text. Filed text stays
text, marked so that spreadsheets keep it text when it is edited.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Final

from jixiao.analysis.data_table import CellValue, Column, ColumnKind, DataTable
from jixiao.downloads.xlsx_format import Workbook, fit, is_exact_in_spreadsheet

ROW_LIMIT: Final = 1_048_576
"""Rows of a sheet, header included."""
_CUT_ENDING: Final = "… [data.json]"
"""Ending of a text that is cut to the length of a cell."""
_WIDTHS: Final = {ColumnKind.INTEGER: 10, ColumnKind.DATE: 12, ColumnKind.MONEY: 18, ColumnKind.NUMBER: 12}
_WIDE_COLUMNS: Final = frozenset({"name", "project", "target", "overall_goal", "annual_goal", "note"})


class TableWorkbook:
    """A workbook of tables that grows row by row; the memory it takes does not."""

    def __init__(self, file: Path | BinaryIO, scratch: Path | None, tables: Iterable[DataTable]) -> None:
        """Begin the sheets.

        Args:
            file: Where it goes.
            scratch: A folder for what is written meanwhile; without, a small workbook stays in memory.
            tables: One sheet each.
        """
        self._book = Workbook(file, scratch, wraps=False)
        self._sheets = {table.name: _TableSheet(table, self._book) for table in tables}

    def add(self, table: DataTable, row: tuple[CellValue, ...]) -> None:
        """Add a row below the last one; where a sheet is full, another goes on."""
        sheet = self._sheets[table.name]
        if sheet.next_row == ROW_LIMIT:
            sheet.add_filters()
            sheet = self._sheets[table.name] = _TableSheet(table, self._book, sheet.number + 1)
        sheet.add(row)

    def close(self) -> None:
        """Write the file."""
        for sheet in self._sheets.values():
            sheet.add_filters()
        self._book.close()


class _TableSheet:
    """Sheet of a table, with its next row."""

    def __init__(self, table: DataTable, book: Workbook, number: int = 1) -> None:
        self._table, self._book, self.number = table, book, number
        name = table.name if number == 1 else f"{table.name}-{number}"
        self._sheet = book.add_sheet(name, ((column.name, _width(column)) for column in table.columns))
        self.next_row = 1

    def add(self, row: tuple[CellValue, ...]) -> None:
        for place, (column, value) in enumerate(zip(self._table.columns, row, strict=True)):
            if value is not None:
                self._book.write(self._sheet, self.next_row, place, _cell(column, value))
        self.next_row += 1

    def add_filters(self) -> None:
        """Add filters to the rows written so far."""
        self._sheet.autofilter(0, 0, max(self.next_row - 1, 1), len(self._table.columns) - 1)


def _width(column: Column) -> int:
    return 40 if column.name in _WIDE_COLUMNS else _WIDTHS.get(column.kind, 16)


def _cell(column: Column, value: Decimal | int | str) -> Decimal | int | date | str:
    match value:
        case Decimal():
            return value if is_exact_in_spreadsheet(value) else format(value, "f")
        case str() if column.kind is ColumnKind.DATE:
            return date.fromisoformat(value)
        case str():
            return fit(value, _CUT_ENDING)
        case _:
            return value
