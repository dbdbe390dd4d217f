"""CSV as spreadsheets open it: UTF-8 with its mark, cells that cannot be taken for a formula.

A text that begins with a sign at which a spreadsheet computes (`=`, `+`, `-`, `@`, their full-width forms,
a tab, a line end) stands behind one apostrophe, and so does a text that begins with an apostrophe: whoever
takes the first apostrophe of a cell away has what was filed. Eleven targets of the forms of 2021 begin
with `=`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import Decimal
from io import StringIO
from typing import Final

from jixiao.model.table import Table, Value

BEGINNING: Final = "\ufeff"
"""The mark by which spreadsheets know UTF-8."""
GUARD: Final = "'"
GUARDED: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", GUARD)
"""What a text may not begin with in a cell."""


def head_of(table: Table) -> str:
    """Give the first line of a file."""
    return BEGINNING + lines_of([[column.name for column in table.columns]])


def lines_of(rows: Iterable[Iterable[Value]]) -> str:
    """Write rows, each with the end of line of CSV (RFC 4180), which is that of the library."""
    text = StringIO()
    csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return format(value, "f")
        case int():
            return str(value)
        case _:
            return f"{GUARD}{value}" if value.startswith(GUARDED) else value
