"""Common format of all workbooks: no text becomes a formula, no digit is lost, and no clock gets in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Final, cast

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MAX_CELL_LENGTH: Final = 32_767
"""Maximum number of characters in an Excel cell."""
_BEGINNING: Final = datetime(1980, 1, 1)  # noqa: DTZ001 - the format has no time zones; the same bytes every time
"""When every workbook says that it was made."""
_DAY_ZERO: Final = date(1899, 12, 30)
_EXACT_DIGITS: Final = 15
"""Number of digits that a spreadsheet stores exactly."""
_CONVERSIONS: Final = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")


def is_exact_in_spreadsheet(value: Decimal) -> bool:
    """Return whether a spreadsheet stores all digits of *value*."""
    return len(value.as_tuple().digits) <= _EXACT_DIGITS and Decimal(repr(float(value))) == value


def fit(text: str, ending: str) -> str:
    """Cut a text that is longer than a cell can be, and put *ending* behind it."""
    return text if len(text) <= MAX_CELL_LENGTH else text[: MAX_CELL_LENGTH - len(ending)] + ending


class Workbook:
    """A workbook in which every cell has the format of its kind."""

    def __init__(self, file: Path | BinaryIO, scratch: Path | None = None, *, wraps: bool) -> None:
        """Begin without a sheet.

        Args:
            file: Where it goes.
            scratch: A folder for rows that are written from top to bottom, so that they take no memory;
                without one, the workbook stays in memory.
            wraps: Whether long texts are wrapped in their cells.
        """
        where = {"constant_memory": True, "tmpdir": str(scratch)} if scratch else {"in_memory": True}
        self._book = xlsxwriter.Workbook(file, {**dict.fromkeys(_CONVERSIONS, False), **where})
        self._book.set_properties({"title": "", "created": _BEGINNING})
        add = self._book.add_format
        self._head = add({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._text = add({"num_format": "@", "text_wrap": wraps, "valign": "top", "quote_prefix": True})
        self._day = add({"num_format": "yyyy-mm-dd", "valign": "top"})
        self._numbers: dict[str, Format] = {}

    def add_sheet(self, name: str, columns: Iterable[tuple[str, int]]) -> Worksheet:
        """Add a sheet.

        Args:
            name: Of the sheet.
            columns: The title and the width in characters of each.
        """
        sheet: Worksheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for place, (title, width) in enumerate(columns):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, self._head)
        return sheet

    def write(self, sheet: Worksheet, line: int, place: int, value: Decimal | int | date | str) -> None:
        """Write a cell: a decimal that `is_exact`, a whole number, a day, or a text that fits."""
        match value:
            case Decimal():
                # XlsxWriter writes sixteen digits of any number, and of the float 80364.32 these are
                # 80364.32000000001. It takes a Decimal as it takes a float, which its annotations leave out.
                sheet.write_number(line, place, cast("float", value), self._number(value))
            case int():
                sheet.write_number(line, place, value)
            case date():
                sheet.write_number(line, place, (value - _DAY_ZERO).days, self._day)
            case str():
                sheet.write_string(line, place, value, self._text)

    def _number(self, value: Decimal) -> Format:
        """Return the format that shows as many decimals as were filed; equal ones are the same."""
        decimals = max(0, -int(value.as_tuple().exponent))
        shown = "#,##0" + ("." + "0" * decimals if decimals else "")
        if shown not in self._numbers:
            self._numbers[shown] = self._book.add_format({"num_format": shown, "valign": "top"})
        return self._numbers[shown]

    def close(self) -> None:
        """Write the file."""
        self._book.close()
