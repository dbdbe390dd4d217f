"""Tables of the published data: column, table, notes for readers, and the views of the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from typing import Any, Final

from jixiao.analysis.phrasing import HARD_TO_CHECK

CellValue = str | int | Decimal | None
"""Value of a cell; `None` is a blank."""
LIST_SEPARATOR: Final = "；"
"""Separator of the members of a list in one cell."""

GUARD_NOTE: Final = (
    "CSV 里以 = + - @ 等符号开头的文字，前面加了一个撇号，免得电子表格当作公式计算；去掉第一个撇号就是原文。"
)
"""Note for readers of CSV."""
EXACT_NOTE: Final = (
    "CSV、JSON、Parquet 里的金额逐位与申报的相同。SQLite 里金额和数值都是数（REAL），可以比较、排序、求和："
    "不超过 15 位数字的，读回来与申报的相同；更长的是最接近的数，原样的数字在 _filed 和 target 各列。"
)
"""Note for readers who compute with sums."""


class ColumnKind(StrEnum):
    """Types of the values of a column."""

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

    @property
    def is_decimal(self) -> bool:
        """Whether the values are decimals."""
        return self in {ColumnKind.MONEY, ColumnKind.NUMBER}


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    """Name in every file: English words joined by underscores."""
    kind: ColumnKind = ColumnKind.TEXT
    label: str
    """Label in the words of the form."""
    meaning: str = ""
    """Explanation beyond the label."""
    is_long: bool = False
    """Whether the texts are long, so that a spreadsheet needs a wide column."""
    read: Callable[[Any], CellValue]
    """Function that reads the value from a row subject of the table."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DataTable:
    """One table of the published data."""

    name: str
    label: str
    row: str
    """Meaning of one row."""
    key: tuple[str, ...]
    """Columns that together identify a row."""
    columns: tuple[Column, ...]

    def build_row(self, subject: object) -> tuple[CellValue, ...]:
        """Return the row of one subject, in the order of the columns."""
        return tuple(column.read(subject) for column in self.columns)


def as_double(value: Decimal) -> float | None:
    """Return the nearest double to *value*; `None` for a number beyond the range of doubles."""
    nearest = float(value)
    return nearest if isfinite(nearest) else None


# Whole yuan and millionths of a yuan are added up apart: both are exact in a double, and no total overflows.
# A sum has up to six decimals, and a double 15 digits: what stands behind these is none of the sum. They are
# put together with one rounding, so that the total is the nearest double to the exact one.
_WHOLE_YUAN: Final = "CAST(annual_total_yuan AS INTEGER)"
_DECIMALS: Final = f"MAX(2, MIN(6, 15 - LENGTH({_WHOLE_YUAN})))"
_MILLIONTHS: Final = f"TOTAL(ROUND(ROUND(annual_total_yuan - {_WHOLE_YUAN}, {_DECIMALS}) * 1000000))"
_EXACT_TOTAL: Final = f"""CASE WHEN TOTAL({_WHOLE_YUAN}) < 9000000000
        THEN (TOTAL({_WHOLE_YUAN}) * 1000000 + {_MILLIONTHS}) / 1000000
        ELSE TOTAL({_WHOLE_YUAN}) + {_MILLIONTHS} / 1000000 END"""
_HARD_TO_CHECK: Final = ", ".join(f"'{words}'" for words in sorted(HARD_TO_CHECK))
DATABASE_VIEWS: Final = {
    "department_years": (
        "每个部门每个年度：申报表数、年度资金申请总额合计（元）和合计包含的份数、指标数、目标值是数字的指标数。",
        f"""SELECT year, department, department_name, COUNT(*) AS declarations,
        CASE WHEN COUNT(annual_total_yuan) > 0 THEN {_EXACT_TOTAL} END AS annual_total_yuan,
        COUNT(annual_total_yuan) AS with_annual_total,
        SUM(indicators) AS indicators, SUM(numeric_targets) AS numeric_targets
        FROM declarations GROUP BY year, department, department_name""",  # noqa: S608 - words of ours alone
    ),
    "hard_to_check": (
        "难以核对的目标值：没有标准、重复名称、有缺损或者空着；资金多的在前。",
        f"""SELECT d.year, d.department_name, d.name AS project, d.annual_total_yuan, i.level1, i.level2,
        i.name AS indicator, i.target, i.measurability, i.page
        FROM indicators AS i JOIN declarations AS d ON d.id = i.declaration
        WHERE i.measurability IN ({_HARD_TO_CHECK})
        ORDER BY d.annual_total_yuan DESC, d.id, i.position""",  # noqa: S608 - words of ours alone
    ),
    "damaged": (
        "原文有缺损或者待核的指标。",
        """SELECT d.year, d.department_name, d.name AS project, i.name AS indicator, i.target, i.marks,
        i.note, i.page FROM indicators AS i JOIN declarations AS d ON d.id = i.declaration
        WHERE i.marks IS NOT NULL ORDER BY d.id, i.position""",
    ),
    "project_years": (
        "同一部门同一编号的项目历年的年度资金申请总额。",
        """SELECT department, SUBSTR(id, LENGTH(year) + LENGTH(department) + 3) AS project, year, name,
        annual_total_filed, annual_total_yuan FROM declarations ORDER BY department, project, year""",
    ),
}
"""Name of a database view → its explanation and its query."""
DATABASE_QUERIES: Final = {name: query for name, (_, query) in DATABASE_VIEWS.items()}
"""Query of each view, by its name."""
