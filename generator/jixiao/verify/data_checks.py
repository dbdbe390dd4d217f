"""Comparison of data files with the content: every figure and text, and no blank that became 0."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from io import BytesIO
from itertools import zip_longest
from math import isclose, isinf
from pathlib import Path
from typing import BinaryIO, Final

from jixiao.i18n import message
from jixiao.verify.data_files import (
    NUMBERS,
    TABLES,
    UNREADABLE,
    LiveCellError,
    Row,
    Rows,
    open_database,
    read_rows,
)
from jixiao.verify.findings import VerificationFinding, describe_difference
from jixiao.verify.json_ld import annual_sum_in_yuan, compare_json_ld
from jixiao.verify.source_declaration import BLANK, SUMS, SourceDeclaration, SourceIndicator
from jixiao.verify.source_numbers import read_measure
from jixiao.verify.sources import SourceOrganisation, VerificationSources

UNCOMPARED_COLUMNS: Final = {
    "measurability": "of targets in words; how they can be checked is a reading of words, made once",
}
"""Columns whose values are not compared, each with the reason."""
_EXACT: Final = (".csv", ".json")
"""The formats in which a number has exactly its digits."""
_JSON_LD: Final = ".jsonld"
_CELL: Final = 32_767
"""Characters of a cell of a workbook."""
_CUT: Final = "… [data.json]"

_DECLARATION_FILES: Final = ("declarations.csv", "indicators.csv", "data.json", "data.xlsx")
_SITE_FILES: Final = (
    "declarations.parquet",
    "indicators.parquet",
    "organisations.parquet",
    "organisations.csv",
    "organisations.json",
    "jixiao.sqlite",
)

ExpectedRows = tuple[Row, Sequence[Row]]
"""A declaration and its indicators, with the columns that are compared."""
_QUESTION: Final = """SELECT year, department, department_name, declarations, with_annual_total, indicators,
numeric_targets, annual_total_yuan FROM department_years"""
_EXACT_BELOW: Final = 9 * 10**15
"""Whole numbers up to here are exact in a double."""
_DepartmentYears = dict[tuple[str | None, ...], tuple[tuple[int, ...], Decimal | None]]


@dataclass(frozen=True, kw_only=True)
class ExpectedData:
    """The rows that files of data must hold."""

    declarations: Callable[[], Iterable[ExpectedRows]]
    """Yields them in their order; called more than once."""
    organisations: Sequence[Row] | None = None
    """All of them; `None` where a file holds none or they are not compared."""
    views: Mapping[str, str] | None = None
    """Name of a view of the database → its query; `None` where they are not compared."""

    def rows(self, path: str) -> Rows:
        """Yield the rows of the file at *path* in their order."""
        if path.endswith(".json") and not path.endswith("organisations.json"):
            for declaration, indicators in self.declarations():
                yield "declarations", declaration
                yield from (("indicators", row) for row in indicators)
            yield from self._rows_of_table("organisations")
        elif path.endswith((".csv", ".parquet", "organisations.json")):
            yield from self._rows_of_table(path.rpartition("/")[2].partition(".")[0])
        else:
            for table in TABLES:
                yield from self._rows_of_table(table)

    def _rows_of_table(self, table: str) -> Rows:
        if table == "organisations":
            yield from ((table, row) for row in self.organisations or ())
            return
        for declaration, indicators in self.declarations():
            yield from ((table, row) for row in ([declaration] if table == "declarations" else indicators))


def compare_declaration_data(
    declaration: SourceDeclaration, files: Mapping[str, bytes], sources: VerificationSources
) -> Iterator[VerificationFinding]:
    """Compare the files of one declaration with it.

    Args:
        declaration: As the verification has read it.
        files: Path in the site → bytes.
        sources: With the form of the declaration, and the organisations.
    """
    rows = [expected_rows(declaration, sources)]
    for path, content in files.items():
        if path.endswith(_JSON_LD):
            yield from compare_json_ld(path, content, declaration, sources.settings.address)
        else:
            yield from compare_data_file(path, BytesIO(content), ExpectedData(declarations=lambda: rows))


def compare_data_file(path: str, content: BinaryIO, expected: ExpectedData) -> Iterator[VerificationFinding]:
    """Compare one file of data with the rows that it must hold.

    Args:
        path: Its path in the site.
        content: The open file; a database must lie on the disk.
        expected: The rows.
    """
    try:
        found = (
            (table, row)
            for table, row in read_rows(path, content)
            if table != "organisations" or expected.organisations is not None
        )
        yield from _compare_rows(path, expected.rows(path), found)
        if path.endswith(".sqlite"):
            yield from _compare_views(path, content, expected)
    except LiveCellError as live:
        saying = message("电子表格会把这一格当作公式计算：{cell}", cell=str(live))
        yield VerificationFinding(file=path, message=saying)
    except UNREADABLE as error:
        yield VerificationFinding(file=path, message=message("数据文件读不出来：{reason}", reason=str(error)))


def _compare_rows(path: str, expected: Rows, found: Rows) -> Iterator[VerificationFinding]:
    passed = Counter[str]()
    unknown: set[tuple[str, str]] = set()
    for one, other in zip_longest(expected, found):
        table = (one or other)[0]
        passed[table] += 1
        if one is None or other is None or one[0] != other[0]:
            saying = message("从 {table} 第 {row} 行起，行数与内容不符", table=table, row=str(passed[table]))
            yield VerificationFinding(file=path, message=saying)
            return
        for column, value in one[1].items():
            cell = other[1].get(column)
            if value != cell and not _is_same(value, cell, column, path):
                what = message(
                    "{table} 第 {row} 行 {column}", table=table, row=str(passed[table]), column=column
                )
                yield describe_difference(path, what, value or "", cell or "")
        unknown |= {(table, column) for column in other[1].keys() - one[1].keys() - UNCOMPARED_COLUMNS.keys()}
    for table, column in sorted(unknown):
        saying = message("没有核对 {column} 这一栏，不能发布", column=f"{table}.{column}")
        yield VerificationFinding(file=path, message=saying)


def _is_same(wanted: str | None, found: str | None, column: str, path: str) -> bool:
    # These columns are doubles, which are exact up to 15 digits.
    is_double = (path.endswith(".sqlite") and column in NUMBERS) or (
        path.endswith(".parquet") and column == "value"
    )
    if wanted is not None and is_double:
        return _is_nearest(wanted, found)
    if wanted is None or found is None or path.endswith(_EXACT):
        return False
    if path.endswith(".xlsx") and len(wanted) > _CELL:
        return len(found) == _CELL and found.endswith(_CUT) and wanted.startswith(found.removesuffix(_CUT))
    try:
        return column in NUMBERS and Decimal(wanted) == Decimal(found)
    except InvalidOperation:
        return False


def _is_nearest(filed: str, found: str | None) -> bool:
    """Whether *found* is the double that stands for a filed figure; one beyond all doubles has none."""
    try:
        double = float(filed)
        return found is None if isinf(double) else found is not None and double == float(found)
    except ValueError:
        return False


def expected_rows(declaration: SourceDeclaration, sources: VerificationSources) -> ExpectedRows:
    """Return the rows that files of data must have of a declaration."""
    identity = declaration.address.rstrip("/")
    facts, lines, listed = declaration.facts, declaration.lines, declaration.listed()
    registered = {field: sources.organisations.get(facts[field]) for field in ("department", "unit")}
    row: dict[str, str | None] = {
        "id": identity,
        **{name: facts[name] for name in ("year", "department", "unit", "name", "nature", "start", "end")},
        **{f"{field}_name": known.name if known else None for field, known in registered.items()},
        "edition": declaration.edition,
        "money_unit": declaration.stated_unit,
        "money_unit_read_as": None if declaration.stated_unit else declaration.unit,
        "annual_total_yuan": annual_sum_in_yuan(declaration),
        "overall_goal": declaration.goals[0],
        "annual_goal": declaration.goals[1],
        "indicators": str(len(declaration.rows)),
        "numeric_targets": str(listed.numeric),
        "marked_places": str(listed.marks),
        "continues": declaration.continues,
        "form": declaration.form,
        "form_sha256": sources.forms[declaration.form],
        "first_line": lines[0] if lines else None,
        "last_line": lines[1] if lines else None,
        "version": declaration.version,
        "page": declaration.address,
    }
    for (block, field, _), number in zip(SUMS, declaration.sums, strict=True):
        row[f"{block}_{field}_filed"] = number
        row[f"{block}_{field}"] = number.replace(",", "") if number is not None else None
    return row, [
        {
            "declaration": identity,
            "year": facts["year"],
            "department": facts["department"],
            "project": facts["name"],
            "position": str(position),
            **_indicator_columns(one),
            "page": f"{declaration.address}#i-{one.id}",
        }
        for position, one in enumerate(declaration.rows, 1)
    ]


def _indicator_columns(row: SourceIndicator) -> dict[str, str | None]:
    read = read_measure(row.target) if row.target is not None else None
    place = {"lines": [int(line) for line, _ in row.cells], "cells": [list(cells) for _, cells in row.cells]}
    columns = {
        "id": row.id,
        "level1": row.level1,
        "level2": row.level2,
        "name": row.name,
        "target": row.target,
        "operator": read.sign or None if read else None,
        "value": format(read.number, "f") if read else None,
        "value_unit": read.unit or None if read else None,
        "marks": "；".join(row.marks) or None,
        "note": row.note or None,
        "as_filed": json.dumps(place, ensure_ascii=False) if row.cells else None,
        "class_certainty": row.certainty[0],
        "text_certainty": row.certainty[1],
    }
    if row.target is None or read:
        columns["measurability"] = "数字" if read else BLANK
    return columns


def expected_organisations(organisations: Mapping[str, SourceOrganisation]) -> list[Row]:
    """Return the rows that files of data must have of all organisations."""
    return [
        {
            "id": identity,
            "name": one.name,
            "kind": one.kind,
            "parent": one.parent,
            "aliases": "；".join(one.aliases) or None,
            "page": f"organisations/{identity}/",
        }
        for identity, one in sorted(organisations.items())
    ]


def compare_all_data(
    sources: VerificationSources,
    site: Path,
    files: AbstractSet[str],
    views: Mapping[str, str] | None = None,
) -> Iterator[VerificationFinding]:
    """Compare every file of data of a site with the project, and name those that are missing.

    Args:
        sources: All of the project.
        site: The folder of the site.
        files: Every file of it.
        views: Name of a view of the database → its query; `None` where they are not compared.
    """
    if not sources.settings.downloads:
        return
    organisations = expected_organisations(sources.organisations)
    for path, addresses in _expected_files(sources):
        if path not in files:
            yield VerificationFinding(file=path, message=message("缺少这个数据文件"))
        elif path.endswith(_JSON_LD):
            declaration = sources.declarations[addresses[0]]
            text = (site / path).read_bytes()
            yield from compare_json_ld(path, text, declaration, sources.settings.address)
        else:
            expected = ExpectedData(
                declarations=partial(_rows_at, sources, addresses),
                organisations=None if addresses == [path.rpartition("/")[0] + "/"] else organisations,
                views=views,
            )
            with (site / path).open("rb") as content:
                yield from compare_data_file(path, content, expected)


def _rows_at(sources: VerificationSources, addresses: Iterable[str]) -> Iterator[ExpectedRows]:
    return (expected_rows(sources.declarations[address], sources) for address in addresses)


def _expected_files(sources: VerificationSources) -> Iterator[tuple[str, list[str]]]:
    """Yield each file of data with the addresses of the declarations that it holds."""
    for address in sources.declarations:
        yield from ((f"{address}{name}", [address]) for name in (*_DECLARATION_FILES, "data.jsonld"))
    for address, group in sources.groups.items():
        held = [one.address for one in group.listed]
        if not address:
            yield from ((f"data/{name}", held) for name in _SITE_FILES)
        elif not address.startswith("organisations/"):
            yield from ((f"{address}{name}", held) for name in (*_DECLARATION_FILES, "organisations.csv"))


def _compare_views(path: str, content: BinaryIO, expected: ExpectedData) -> Iterator[VerificationFinding]:
    """Compare the views of a database with their queries, and its totals of departments."""
    if expected.views is None:
        return
    with open_database(content) as connection:
        made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type != 'index'"))
        wanted = {name: f"CREATE VIEW {name} AS {query}" for name, query in expected.views.items()}
        wanted |= {table: made.get(table, "") for table in TABLES}
        different = sorted(name for name in made | wanted if made.get(name) != wanted.get(name))
        for name in different:
            saying = message("数据库里的 {name} 与程序写入的不同", name=name)
            yield VerificationFinding(file=path, message=saying)
        if different:
            return
        found = {
            tuple(None if one is None else str(one) for one in row[:3]): (row[3:7], row[7])
            for row in connection.execute(_QUESTION)
        }
    totals = _add_up_departments(row for row, _ in expected.declarations())
    is_right = totals.keys() == found.keys() and all(
        counts == found[group][0] and _is_near(total, found[group][1])
        for group, (counts, total) in totals.items()
    )
    if not is_right:
        saying = message("数据库里 department_years 的合计与申报表不符")
        yield VerificationFinding(file=path, message=saying)


def _add_up_departments(declarations: Iterable[Row]) -> _DepartmentYears:
    totals: _DepartmentYears = {}
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


def _is_near(wanted: Decimal | None, found: float | None) -> bool:
    """Whether a total is right to the 15 digits that a double holds; beyond whole doubles, to eleven."""
    if wanted is None or found is None:
        return wanted is None and found is None
    return isclose(float(wanted), found, rel_tol=1e-14 if wanted < _EXACT_BELOW else 1e-11)
