"""What all workbooks have in common: nothing typed becomes a formula, no digit is lost, no clock gets in."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final, cast

CELL_LIMIT: Final = 32_767
"""Characters of a cell of Excel."""
BEGINNING: Final = datetime(1980, 1, 1)  # noqa: DTZ001 - the format has no time zones; the same bytes every time
"""When every workbook says that it was made."""
TEXT: Final = {"num_format": "@", "text_wrap": True, "valign": "top", "quote_prefix": True}
"""Of a cell with words: with the mark by which spreadsheets keep them words when they are edited."""
HEAD: Final = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
"""Of a cell of the first row."""
_DIGITS: Final = 15
"""Of a number that a spreadsheet keeps exactly."""
_GUESSES: Final = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")


def options_of(**others: object) -> dict[str, object]:
    """Give the options of a workbook that takes a text for nothing else."""
    return {**dict.fromkeys(_GUESSES, False), **others}


def is_exact(value: Decimal) -> bool:
    """Tell whether a spreadsheet keeps all digits of a number."""
    return len(value.as_tuple().digits) <= _DIGITS and Decimal(repr(float(value))) == value


def as_number(value: Decimal) -> float:
    """Return a number that `is_exact` for XlsxWriter to write with exactly its digits.

    XlsxWriter writes sixteen digits of any number, and of the float 80364.32 these are 80364.32000000001. It
    takes a Decimal as it takes a float, which its annotations leave out.
    """
    return cast("float", value)


def shown_as(value: Decimal) -> dict[str, object]:
    """Give the format that shows as many decimals as were filed."""
    decimals = max(0, -int(value.as_tuple().exponent))
    return {"num_format": "#,##0" + ("." + "0" * decimals if decimals else ""), "valign": "top"}
