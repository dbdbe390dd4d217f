"""Rows of a declaration, and their lossless JSON and spreadsheet-safe CSV.

JSON keeps as many digits as were filed; files that hold many declarations are made from it, so that no
form is read twice and no two files can disagree. CSV is UTF-8 with a byte order mark. A text that begins
with a character at which a spreadsheet starts a formula (`=`, `+`, `-`, `@`, their full-width forms, a
tab, a line end), or with an apostrophe, is preceded by one apostrophe; removing the first apostrophe
restores it. Eleven targets of 2021 begin with `=`.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from typing import Any, Final

from jixiao.analysis.data_columns import (
    DECLARATIONS,
    INDICATORS,
    ORGANISATIONS,
    DeclarationSubject,
    IndicatorSubject,
    OrganisationSubject,
)
from jixiao.analysis.data_table import CellValue, DataTable
from jixiao.analysis.defects import label_remark_defects
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent

_encode_json = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclarationRecord:
    """Declaration as rows of data."""

    declaration: tuple[CellValue, ...]
    """Row of the table `DECLARATIONS`."""
    indicators: tuple[tuple[CellValue, ...], ...]
    """Rows of the table `INDICATORS`."""
    remarks: tuple[dict[str, Any], ...]
    """Defects outside the indicators, as JSON values."""


def build_record(parsed: ParsedDeclaration, content: SiteContent) -> DeclarationRecord:
    """Build the rows of a declaration."""
    return DeclarationRecord(
        declaration=DECLARATIONS.build_row(DeclarationSubject(parsed, content)),
        indicators=tuple(
            INDICATORS.build_row(IndicatorSubject(parsed, position, cells))
            for position, cells in enumerate(parsed.declaration.rows(), 1)
        ),
        remarks=tuple(
            {**remark.model_dump(mode="json"), "marks": list(label_remark_defects(remark))}
            for remark in parsed.declaration.remarks
        ),
    )


def build_organisation_rows(content: SiteContent) -> list[tuple[CellValue, ...]]:
    """Build the rows of all organisations, sorted by id."""
    return [
        ORGANISATIONS.build_row(OrganisationSubject(identity, organisation))
        for identity, organisation in sorted(content.organisations.items())
    ]


def serialize_record(record: DeclarationRecord) -> str:
    """Serialise a declaration as a JSON object, one line a row."""
    indicators = ",\n".join(f"  {serialize_row(INDICATORS, row)}" for row in record.indicators)
    remarks = ",\n".join(f"  {_encode_json(remark)}" for remark in record.remarks)
    return (
        f'{{"declaration": {serialize_row(DECLARATIONS, record.declaration)},\n'
        f' "indicators": [\n{indicators}],\n "remarks": [{remarks}]}}\n'
    )


def serialize_row(table: DataTable, row: Iterable[CellValue]) -> str:
    """Serialise a row as a JSON object, with the exact digits of each number and `null` for a blank."""
    members = (
        f"{_encode_json(column.name)}: {f'{value:f}' if isinstance(value, Decimal) else _encode_json(value)}"
        for column, value in zip(table.columns, row, strict=True)
    )
    return f"{{{', '.join(members)}}}"


def parse_record(content: bytes) -> DeclarationRecord:
    """Parse the JSON written by `serialize_record`."""
    read = json.loads(content, parse_float=Decimal)
    return DeclarationRecord(
        declaration=_parse_row(DECLARATIONS, read["declaration"]),
        indicators=tuple(_parse_row(INDICATORS, row) for row in read["indicators"]),
        remarks=tuple(read["remarks"]),
    )


def _parse_row(table: DataTable, values: dict[str, Any]) -> tuple[CellValue, ...]:
    return tuple(
        Decimal(values[column.name])
        if column.kind.is_decimal and values[column.name] is not None
        else values[column.name]
        for column in table.columns
    )


BYTE_ORDER_MARK: Final = "\ufeff"
"""Byte order mark, by which spreadsheets recognise UTF-8."""
FORMULA_GUARD: Final = "'"
GUARDED_BEGINNINGS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", FORMULA_GUARD)
"""Beginnings of a text that are guarded in a cell."""


def format_csv_head(table: DataTable) -> str:
    """Format the header line of a CSV file, with the byte order mark."""
    return BYTE_ORDER_MARK + format_csv_rows([[column.name for column in table.columns]])


def format_csv_rows(rows: Iterable[Iterable[CellValue]]) -> str:
    """Format rows as CSV with the line ends of RFC 4180."""
    text = StringIO()
    csv.writer(text).writerows(map(format_csv_cell, row) for row in rows)
    return text.getvalue()


def format_csv_cell(value: CellValue) -> str:
    """Format a cell; a text that a spreadsheet would take for a formula is guarded."""
    match value:
        case None:
            return ""
        case Decimal():
            return format(value, "f")
        case int():
            return str(value)
        case _:
            return f"{FORMULA_GUARD}{value}" if value.startswith(GUARDED_BEGINNINGS) else value
