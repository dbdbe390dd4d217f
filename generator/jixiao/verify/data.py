"""The files of data say what the project says: every figure and text, and no blank has become 0."""

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
from math import isinf
from pathlib import Path
from typing import BinaryIO, Final

from jixiao.i18n import message
from jixiao.verify.data_files import NUMBERS, UNREADABLE, LiveCell, Row, Rows, rows_of
from jixiao.verify.database_views import compare_views
from jixiao.verify.declaration import SUMS, Cells, Declaration
from jixiao.verify.declaration import Row as IndicatorRow
from jixiao.verify.figure import measure
from jixiao.verify.finding import Finding, difference
from jixiao.verify.linked import annual_yuan, compare_linked
from jixiao.verify.sources import Organisation, Sources

_EXACT: Final = (".csv", ".json")
"""The formats in which a number has exactly its digits."""
_LINKED: Final = ".jsonld"
_CELL: Final = 32_767
"""Characters of a cell of a workbook."""
_CUT: Final = "… [data.json]"

_OF_DECLARATION: Final = ("declarations.csv", "indicators.csv", "data.json", "data.xlsx")
_OF_EVERYTHING: Final = (
    "declarations.parquet",
    "indicators.parquet",
    "organisations.parquet",
    "organisations.csv",
    "organisations.json",
    "jixiao.sqlite",
)

Expected = tuple[Row, Sequence[Row]]
"""A declaration and its indicators, with the columns that are compared."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What files of data must hold."""

    declarations: Callable[[], Iterable[Expected]]
    """Gives them in their order; asked more than once."""
    organisations: Sequence[Row] | None = None
    """All of them; `None` where a file holds none or they are not compared."""

    def rows(self, path: str) -> Rows:
        """Give the rows of the file at *path* in their order."""
        if path.endswith(".json") and not path.endswith("organisations.json"):
            for declaration, indicators in self.declarations():
                yield "declarations", declaration
                yield from (("indicators", row) for row in indicators)
            yield from self._of("organisations")
            return
        for table in _tables_in(path):
            yield from self._of(table)

    def _of(self, table: str) -> Rows:
        if table == "organisations":
            yield from ((table, row) for row in self.organisations or ())
            return
        for declaration, indicators in self.declarations():
            rows = [declaration] if table == "declarations" else indicators
            yield from ((table, row) for row in rows)


def compare_data(declaration: Declaration, files: Mapping[str, bytes], sources: Sources) -> Iterator[Finding]:
    """Compare the files of one declaration with it.

    Args:
        declaration: As the verification has read it.
        files: Path in the site → bytes.
        sources: With the form of the declaration, and the organisations.
    """
    expected = [expected_of(declaration, sources)]
    for path, content in files.items():
        if path.endswith(_LINKED):
            yield from compare_linked(path, content, declaration, sources.settings.address)
            continue
        yield from compare_file(path, BytesIO(content), Wanted(declarations=lambda: expected))


def compare_file(path: str, content: BinaryIO, wanted: Wanted) -> Iterator[Finding]:
    """Compare one file of data with what it must hold.

    Args:
        path: Its path in the site.
        content: The open file; a database must lie on the disk.
        wanted: What it must hold.
    """
    try:
        found = (
            (table, row)
            for table, row in rows_of(path, content)
            if table != "organisations" or wanted.organisations is not None
        )
        yield from _compare_rows(path, wanted.rows(path), found)
        if path.endswith(".sqlite"):
            yield from compare_views(path, content, (one for one, _ in wanted.declarations()))
    except LiveCell as live:
        yield Finding(file=path, saying=message("电子表格会把这一格当作公式计算：{cell}", cell=str(live)))
    except UNREADABLE as error:
        yield Finding(file=path, saying=message("数据文件读不出来：{reason}", reason=str(error)))


def _tables_in(path: str) -> tuple[str, ...]:
    if path.endswith((".csv", ".parquet", "organisations.json")):
        return (path.rpartition("/")[2].partition(".")[0],)
    return ("declarations", "indicators", "organisations")


def _compare_rows(path: str, wanted: Rows, found: Rows) -> Iterator[Finding]:
    passed = Counter[str]()
    for one, other in zip_longest(wanted, found):
        table = (one or other)[0]
        passed[table] += 1
        if one is None or other is None or one[0] != other[0]:
            saying = message("从 {table} 第 {row} 行起，行数与内容不符", table=table, row=str(passed[table]))
            yield Finding(file=path, saying=saying)
            return
        for column, value in one[1].items():
            cell = other[1].get(column)
            if not _is_same(value, cell, column, path):
                what = message(
                    "{table} 第 {row} 行 {column}", table=table, row=str(passed[table]), column=column
                )
                yield from difference(path, what, [value or ""], cell or "")


def _is_same(wanted: str | None, found: str | None, column: str, path: str) -> bool:
    if wanted == found:
        return True
    if wanted is not None and _is_double(column, path):
        return _is_nearest(wanted, found)
    if wanted is None or found is None or path.endswith(_EXACT):
        return False
    if path.endswith(".xlsx") and len(wanted) > _CELL:
        return len(found) == _CELL and found.endswith(_CUT) and wanted.startswith(found.removesuffix(_CUT))
    try:
        return column in NUMBERS and Decimal(wanted) == Decimal(found)
    except InvalidOperation:
        return False


def _is_double(column: str, path: str) -> bool:
    """Whether a format holds a column in doubles: what has up to 15 digits reads back as it was filed."""
    return (path.endswith(".sqlite") and column in NUMBERS) or (
        path.endswith(".parquet") and column == "value"
    )


def _is_nearest(filed: str, found: str | None) -> bool:
    """Whether *found* is the double that stands for a filed figure; one beyond all doubles has none."""
    try:
        double = float(filed)
        return found is None if isinf(double) else found is not None and double == float(found)
    except ValueError:
        return False


def expected_of(declaration: Declaration, sources: Sources) -> Expected:
    """List the rows that files of data must have of a declaration."""
    identity = declaration.address.rstrip("/")
    facts, lines = declaration.facts, declaration.lines
    row: dict[str, str | None] = {
        "id": identity,
        **{name: facts[name] for name in ("year", "department", "unit", "name", "nature", "start", "end")},
        **{f"{one}_name": _name_of(facts[one], sources) for one in ("department", "unit")},
        "edition": declaration.edition,
        "money_unit": declaration.stated_unit,
        "money_unit_read_as": None if declaration.stated_unit else declaration.unit,
        "annual_total_yuan": annual_yuan(declaration),
        "overall_goal": declaration.goals[0],
        "annual_goal": declaration.goals[1],
        "indicators": str(len(declaration.rows)),
        "numeric_targets": str(declaration.numeric),
        "marked_places": str(declaration.marks),
        "continues": declaration.continues,
        "form": declaration.form,
        "form_sha256": sources.forms[declaration.form],
        "first_line": lines[0] if lines else None,
        "last_line": lines[1] if lines else None,
        "version": declaration.version,
        "page": declaration.address,
    }
    for (block, field, _), filed in zip(SUMS, declaration.sums, strict=True):
        row[f"{block}_{field}_filed"] = filed
        row[f"{block}_{field}"] = filed.replace(",", "") if filed is not None else None
    return row, [
        {
            "declaration": identity,
            "year": facts["year"],
            "department": facts["department"],
            "project": facts["name"],
            "position": str(position),
            **_indicator(one),
            "page": f"{declaration.address}#i-{one.id}",
        }
        for position, one in enumerate(declaration.rows, 1)
    ]


def _name_of(organisation: str, sources: Sources) -> str | None:
    known = sources.organisations.get(organisation)
    return known.name if known else None


def _indicator(row: IndicatorRow) -> dict[str, str | None]:
    read = measure(row.target) if row.target is not None else None
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
        "as_filed": _as_filed(row.cells),
        "class_certainty": row.certainty[0],
        "text_certainty": row.certainty[1],
    }
    if row.target is None or read:
        columns["measurability"] = "数字" if read else "未填报"
    return columns


def _as_filed(cells: Cells) -> str | None:
    if not cells:
        return None
    place = {"lines": [int(line) for line, _ in cells], "cells": [list(row) for _, row in cells]}
    return json.dumps(place, ensure_ascii=False)


def expected_organisations(organisations: Mapping[str, Organisation]) -> list[Row]:
    """Give the rows that files of data must have of all organisations."""
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


def compare_all_data(sources: Sources, site: Path, files: AbstractSet[str]) -> Iterator[Finding]:
    """Compare every file of data of a site with the project, and name those that are missing.

    Args:
        sources: All of the project.
        site: The folder of the site.
        files: Every file of it.
    """
    if not sources.settings.downloads:
        return
    organisations = expected_organisations(sources.organisations)
    for path, addresses in _expected_files(sources):
        if path.endswith(_LINKED) and path in files:
            one = sources.declarations[addresses[0]]
            yield from compare_linked(path, (site / path).read_bytes(), one, sources.settings.address)
            continue
        if path not in files:
            yield Finding(file=path, saying=message("缺少这个数据文件"))
            continue
        wanted = Wanted(
            declarations=partial(_expected_at, sources, addresses),
            organisations=None if addresses == [path.rpartition("/")[0] + "/"] else organisations,
        )
        with (site / path).open("rb") as content:
            yield from compare_file(path, content, wanted)


def _expected_at(sources: Sources, addresses: Iterable[str]) -> Iterator[Expected]:
    return (expected_of(sources.declarations[address], sources) for address in addresses)


def _expected_files(sources: Sources) -> Iterator[tuple[str, list[str]]]:
    """Give each file of data with the addresses of the declarations that it holds."""
    for address in sources.declarations:
        yield from ((f"{address}{name}", [address]) for name in (*_OF_DECLARATION, "data.jsonld"))
    for address, group in sources.groups.items():
        held = [one.address for one in group.listed]
        if not address:
            yield from ((f"data/{name}", held) for name in _OF_EVERYTHING)
        elif not address.startswith("organisations/"):
            yield from ((f"{address}{name}", held) for name in (*_OF_DECLARATION, "organisations.csv"))
