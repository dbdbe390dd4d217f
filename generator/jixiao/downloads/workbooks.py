"""Workbooks: frozen head, typed cells; no text becomes a formula, and no digit is lost.

A sum or a number is a number where a spreadsheet keeps all its digits, else a text. Typed text stays text,
marked so that spreadsheets keep it text when it is edited. The same content gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Final, cast

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jixiao.analysis.data_table import CellValue, Column, ColumnKind, DataTable

MAX_CELL_LENGTH: Final = 32_767
"""Maximum number of characters in an Excel cell."""
_CREATION_TIME: Final = datetime(1980, 1, 1)  # noqa: DTZ001 - the format has no time zones
"""Fixed, so that the same content gives the same bytes."""
_DAY_ZERO: Final = date(1899, 12, 30)
"""Day 0 of the calendar of spreadsheets."""
_EXACT_DIGITS: Final = 15
"""Number of digits that a spreadsheet stores exactly."""
_CONVERSIONS: Final = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")


def is_exact_in_spreadsheet(value: Decimal) -> bool:
    """Return whether a spreadsheet stores all digits of *value*."""
    return len(value.as_tuple().digits) <= _EXACT_DIGITS and Decimal(repr(float(value))) == value


def shorten(text: str, ending: str) -> str:
    """Shorten a text that is longer than a cell can be, with *ending* at its end."""
    return text if len(text) <= MAX_CELL_LENGTH else text[: MAX_CELL_LENGTH - len(ending)] + ending


class Workbook:
    """Workbook in which every cell has the format of its kind."""

    def __init__(self, file: Path | BinaryIO, scratch: Path | None = None, *, wraps: bool) -> None:
        """Create a workbook without sheets.

        Args:
            file: File to write.
            scratch: Folder for rows, which must then be written from top to bottom, so that they take no
                memory; without one, the workbook stays in memory.
            wraps: Whether long texts are wrapped in their cells.
        """
        storage = {"constant_memory": True, "tmpdir": str(scratch)} if scratch else {"in_memory": True}
        self._book = xlsxwriter.Workbook(file, {**dict.fromkeys(_CONVERSIONS, False), **storage})
        self._book.set_properties({"title": "", "created": _CREATION_TIME})
        add = self._book.add_format
        self._head = add({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._text = add({"num_format": "@", "text_wrap": wraps, "valign": "top", "quote_prefix": True})
        self._day = add({"num_format": "yyyy-mm-dd", "valign": "top"})
        self._numbers: dict[str, Format] = {}
        """Formats of numbers by their format string, which shows as many decimals as were filed."""

    def add_sheet(self, name: str, columns: Iterable[tuple[str, int]]) -> Worksheet:
        """Add a sheet.

        Args:
            name: Name of the sheet.
            columns: Title of each column, and its width in characters.
        """
        sheet: Worksheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for column, (title, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, self._head)
        return sheet

    def write(self, sheet: Worksheet, row: int, column: int, value: Decimal | int | date | str) -> None:
        """Write a cell: an exact decimal, a whole number, a day, or a text that fits."""
        match value:
            case Decimal():
                decimals = max(0, -int(value.as_tuple().exponent))
                number_format = "#,##0" + ("." + "0" * decimals if decimals else "")
                if number_format not in self._numbers:
                    self._numbers[number_format] = self._book.add_format(
                        {"num_format": number_format, "valign": "top"}
                    )
                # XlsxWriter writes sixteen digits of any number, and of the float 80364.32 these are
                # 80364.32000000001. It takes a Decimal as it takes a float, which its annotations leave out.
                sheet.write_number(row, column, cast("float", value), self._numbers[number_format])
            case int():
                sheet.write_number(row, column, value)
            case date():
                sheet.write_number(row, column, (value - _DAY_ZERO).days, self._day)
            case str():
                sheet.write_string(row, column, value, self._text)

    def close(self) -> None:
        """Write the file."""
        self._book.close()


ROW_LIMIT: Final = 1_048_576
"""Rows of a sheet, header included."""
_CUT_ENDING: Final = "… [data.json]"
"""Ending of a text that is cut to the length of a cell."""
_WIDTHS: Final = {ColumnKind.INTEGER: 10, ColumnKind.DATE: 12, ColumnKind.MONEY: 18, ColumnKind.NUMBER: 12}
"""Widths of columns in characters, by kind."""


class TableWorkbook:
    """Workbook of tables, written row by row in constant memory if it has a scratch folder."""

    def __init__(self, file: Path | BinaryIO, scratch: Path | None, tables: Iterable[DataTable]) -> None:
        """Create a sheet for each table.

        Args:
            file: File to write.
            scratch: Folder for rows; without one, the workbook stays in memory.
            tables: Tables of the workbook.
        """
        self._book = Workbook(file, scratch, wraps=False)
        self._sheets = {table.name: _TableSheet(table, self._book) for table in tables}

    def add(self, table: DataTable, row: tuple[CellValue, ...]) -> None:
        """Add a row below the last one; a full sheet is continued on another."""
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
        widths = (40 if column.is_long else _WIDTHS.get(column.kind, 16) for column in table.columns)
        self._sheet = book.add_sheet(
            name, zip((column.name for column in table.columns), widths, strict=True)
        )
        self.next_row = 1

    def add(self, row: tuple[CellValue, ...]) -> None:
        for position, (column, value) in enumerate(zip(self._table.columns, row, strict=True)):
            if value is not None:
                self._book.write(self._sheet, self.next_row, position, _convert_cell(column, value))
        self.next_row += 1

    def add_filters(self) -> None:
        """Add filters to the rows written so far."""
        self._sheet.autofilter(0, 0, max(self.next_row - 1, 1), len(self._table.columns) - 1)


def _convert_cell(column: Column, value: Decimal | int | str) -> Decimal | int | date | str:
    match value:
        case Decimal():
            return value if is_exact_in_spreadsheet(value) else format(value, "f")
        case str() if column.kind is ColumnKind.DATE:
            return date.fromisoformat(value)
        case str():
            return shorten(value, _CUT_ENDING)
        case _:
            return value
