"""The views of the database stand in it as they are made, and totals of departments answer what was filed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from math import isclose
from typing import BinaryIO, Final

from jixiao.analysis.data_table import DATABASE_VIEWS
from jixiao.i18n import message
from jixiao.verify.data_files import TABLES, Row, open_database
from jixiao.verify.finding import Finding

_QUESTION: Final = """SELECT year, department, department_name, declarations, with_annual_total, indicators,
numeric_targets, annual_total_yuan FROM department_years"""
_EXACT_BELOW: Final = 9 * 10**15
"""Whole numbers up to here are exact in a double."""

_Group = tuple[str | None, ...]
_Counts = tuple[int, ...]


def compare_views(path: str, content: BinaryIO, declarations: Iterable[Row]) -> Iterator[Finding]:
    """Compare what stands in a database beside its rows with what must stand there.

    Args:
        path: Its path in the site.
        content: The open file, on the disk.
        declarations: The rows of declarations that it must have.
    """
    with open_database(content) as connection:
        made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type != 'index'"))
        wanted = {name: f"CREATE VIEW {name} AS {query}" for name, (_, query) in DATABASE_VIEWS.items()}
        wanted |= {table: made.get(table, "") for table in TABLES}
        different = sorted(name for name in made | wanted if made.get(name) != wanted.get(name))
        for name in different:
            yield Finding(file=path, saying=message("数据库里的 {name} 与程序写入的不同", name=name))
        if different:
            return
        found = {
            tuple(None if one is None else str(one) for one in row[:3]): (row[3:7], row[7])
            for row in connection.execute(_QUESTION)
        }
    if not _are_same(_department_years(declarations), found):
        yield Finding(file=path, saying=message("数据库里 department_years 的合计与申报表不符"))


def _department_years(declarations: Iterable[Row]) -> dict[_Group, tuple[_Counts, Decimal | None]]:
    totals: dict[_Group, tuple[_Counts, Decimal | None]] = {}
    for row in declarations:
        group = (row["year"], row["department"], row["department_name"])
        counts, total = totals.get(group, ((0, 0, 0, 0), None))
        yuan = row["annual_total_yuan"]
        more = (1, int(yuan is not None), int(row["indicators"] or 0), int(row["numeric_targets"] or 0))
        totals[group] = (
            tuple(map(sum, zip(counts, more, strict=True))),
            total if yuan is None else (total or Decimal(0)) + Decimal(yuan),
        )
    return totals


def _are_same(
    wanted: Mapping[_Group, tuple[_Counts, Decimal | None]],
    found: Mapping[_Group, tuple[_Counts, float | None]],
) -> bool:
    return wanted.keys() == found.keys() and all(
        counts == found[group][0] and _is_near(total, found[group][1])
        for group, (counts, total) in wanted.items()
    )


def _is_near(wanted: Decimal | None, found: float | None) -> bool:
    """Whether a total is right to the 15 digits that a double holds; beyond whole doubles, to eleven."""
    if wanted is None or found is None:
        return wanted is None and found is None
    return isclose(float(wanted), found, rel_tol=1e-14 if wanted < _EXACT_BELOW else 1e-11)
