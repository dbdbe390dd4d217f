"""Common format of all workbooks: no text becomes a formula, no digit is lost, and no clock gets in."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final, cast

MAX_CELL_LENGTH: Final = 32_767
"""Maximum number of characters in an Excel cell."""
WORKBOOK_DATE: Final = datetime(1980, 1, 1)  # noqa: DTZ001 - the format has no time zones; the same bytes every time
"""Fixed creation date of every workbook."""
TEXT_FORMAT: Final = {"num_format": "@", "text_wrap": True, "valign": "top", "quote_prefix": True}
"""Format of a text cell; the quote prefix keeps it text when it is edited."""
HEADER_FORMAT: Final = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
"""Format of a cell in the first row."""
_EXACT_DIGITS: Final = 15
"""Number of digits that a spreadsheet stores exactly."""
_CONVERSIONS: Final = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")


def build_workbook_options(**others: object) -> dict[str, object]:
    """Return workbook options that keep XlsxWriter from converting text."""
    return {**dict.fromkeys(_CONVERSIONS, False), **others}


def is_exact_in_spreadsheet(value: Decimal) -> bool:
    """Return whether a spreadsheet stores all digits of *value*."""
    return len(value.as_tuple().digits) <= _EXACT_DIGITS and Decimal(repr(float(value))) == value


def convert_to_number(value: Decimal) -> float:
    """Return an exactly storable value, typed as XlsxWriter expects, so that it writes these digits.

    XlsxWriter writes sixteen digits of any number, and of the float 80364.32 these are 80364.32000000001. It
    accepts a Decimal like a float, which its annotations leave out.
    """
    return cast("float", value)


def build_number_format(value: Decimal) -> dict[str, object]:
    """Return the cell format that shows as many decimals as *value* has."""
    decimals = max(0, -int(value.as_tuple().exponent))
    return {"num_format": "#,##0" + ("." + "0" * decimals if decimals else ""), "valign": "top"}
