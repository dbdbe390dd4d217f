"""Workbooks: a sheet a table, the head frozen, filters on, every cell of its kind, no formula.

A sum or a number is a number where a spreadsheet keeps all its digits, and a text otherwise. What was
filed as a text stays one, with the mark by which spreadsheets keep it a text when it is edited.
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

from jixiao.downloads.xlsx_format import (
    BEGINNING,
    CELL_LIMIT,
    HEAD,
    TEXT,
    as_number,
    is_exact,
    options_of,
    shown_as,
)
from jixiao.model.table import Column, Kind, Table, Value

ROW_LIMIT: Final = 1_048_576
"""Rows of a sheet, its head among them."""
_CUT: Final = "… [data.json]"
"""Ends what is longer than a cell."""
_DAY_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001
_WIDTHS: Final = {Kind.INTEGER: 10, Kind.DATE: 12, Kind.MONEY: 18, Kind.NUMBER: 12}
_LONG: Final = frozenset({"name", "project", "target", "overall_goal", "annual_goal", "note"})


class Workbook:
    """A workbook that grows row by row; the memory it takes does not."""

    def __init__(self, file: Path | BinaryIO, scratch: Path | None, tables: Iterable[Table]) -> None:
        """Begin the sheets.

        Args:
            file: Where it goes.
            scratch: A folder for what is written meanwhile; without, a small workbook stays in memory.
            tables: One sheet each.
        """
        where = {"constant_memory": True, "tmpdir": str(scratch)} if scratch else {"in_memory": True}
        self._book = xlsxwriter.Workbook(file, options_of(**where))
        self._book.set_properties({"title": "", "created": BEGINNING})
        self._head = self._book.add_format(HEAD)
        self._text = self._book.add_format({**TEXT, "text_wrap": False})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        self._numbers: dict[str, Format] = {}
        self._sheets = {table.name: _Sheet(table, self._new_sheet(table, 1)) for table in tables}

    def add(self, table: Table, row: tuple[Value, ...]) -> None:
        """Add a row below the last one; where a sheet is full, another goes on."""
        sheet = self._sheets[table.name]
        if sheet.next == ROW_LIMIT:
            sheet.finish()
            sheet = _Sheet(table, self._new_sheet(table, sheet.number + 1), number=sheet.number + 1)
            self._sheets[table.name] = sheet
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            self._write(sheet.sheet, sheet.next, place, column, value)
        sheet.next += 1

    def close(self) -> None:
        """Write the file."""
        for sheet in self._sheets.values():
            sheet.finish()
        self._book.close()

    def _new_sheet(self, table: Table, number: int) -> Worksheet:
        name = table.name if number == 1 else f"{table.name}-{number}"
        sheet: Worksheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(table.columns):
            width = 40 if column.name in _LONG else _WIDTHS.get(column.kind, 16)
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, column.name, self._head)
        return sheet

    def _write(self, sheet: Worksheet, line: int, place: int, column: Column, value: Value) -> None:
        match value:
            case None:
                return
            case Decimal() if is_exact(value):
                sheet.write_number(line, place, as_number(value), self._number(value))
            case Decimal():
                sheet.write_string(line, place, format(value, "f"), self._text)
            case int():
                sheet.write_number(line, place, value)
            case str() if column.kind is Kind.DATE:
                day = datetime.fromisoformat(value) - _DAY_ZERO
                sheet.write_number(line, place, day.days, self._day)
            case _:
                fitting = value if len(value) <= CELL_LIMIT else value[: CELL_LIMIT - len(_CUT)] + _CUT
                sheet.write_string(line, place, fitting, self._text)

    def _number(self, value: Decimal) -> Format:
        """Give the format of a number; equal ones are the same."""
        shown = shown_as(value)
        if str(shown) not in self._numbers:
            self._numbers[str(shown)] = self._book.add_format(shown)
        return self._numbers[str(shown)]


class _Sheet:
    """A sheet and its next row."""

    def __init__(self, table: Table, sheet: Worksheet, number: int = 1) -> None:
        self.table, self.sheet, self.number = table, sheet, number
        self.next = 1

    def finish(self) -> None:
        """Put filters on what is there."""
        self.sheet.autofilter(0, 0, max(self.next - 1, 1), len(self.table.columns) - 1)
