"""What a column and a table are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from typing import Any, Final

Value = str | int | Decimal | None
"""What stands in a cell; `None` is a blank."""
BETWEEN: Final = "；"
"""Between the members of a list in one cell."""

GUARD_NOTE: Final = (
    "CSV 里以 = + - @ 等符号开头的文字，前面加了一个撇号，免得电子表格当作公式计算；去掉第一个撇号就是原文。"
)
"""What whoever reads CSV must know."""
EXACT_NOTE: Final = (
    "CSV、JSON、Parquet 里的金额逐位与申报的相同。SQLite 里金额和数值都是数（REAL），可以比较、排序、求和："
    "不超过 15 位数字的，读回来与申报的相同；更长的是最接近的数，原样的数字在 _filed 和 target 各列。"
)
"""What whoever computes with sums must know."""


class Kind(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    """Characters as typed."""
    INTEGER = "integer"
    """A whole number from 0."""
    MONEY = "money"
    """A sum below 10^15 with up to six decimals, exactly as many as were filed; in 元 below 10^19."""
    NUMBER = "number"
    """A number of any size, with the decimals that were filed."""
    DATE = "date"
    """A day, `2021-01-31`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    """In every file: English words joined by underscores."""
    kind: Kind = Kind.TEXT
    label: str
    """In the words of the form."""
    meaning: str = ""
    """What a reader must know beyond the label."""
    of: Callable[[Any], Value]
    """Reads the value of a subject of its table."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One table."""

    name: str
    label: str
    row: str
    """What one row stands for."""
    key: tuple[str, ...]
    """The columns that together name a row."""
    columns: tuple[Column, ...]

    def row_of(self, subject: object) -> tuple[Value, ...]:
        """Give the row of one subject, in the order of the columns."""
        return tuple(column.of(subject) for column in self.columns)


def as_double(value: Decimal) -> float | None:
    """Nearest double to *value*; `None` for a number beyond all doubles, whose digits stand beside it."""
    nearest = float(value)
    return nearest if isfinite(nearest) else None
