"""A declaration as rows, and its JSON, which loses nothing: digits stay as many as were filed.

Whatever holds many declarations is made from their JSON, so that no form is read twice and no two files can
say different things.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jixiao.analysis.data_columns import (
    DECLARATIONS,
    INDICATORS,
    ORGANISATIONS,
    OfDeclaration,
    OfOrganisation,
    indicators_of,
)
from jixiao.analysis.defects import marks_of_remark
from jixiao.analysis.site_content import Catalogue, Filed
from jixiao.model.table import Kind, Table, Value

_EXACT = frozenset({Kind.MONEY, Kind.NUMBER})
_plain = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A declaration as data."""

    declaration: tuple[Value, ...]
    """Its row in `DECLARATIONS`."""
    indicators: tuple[tuple[Value, ...], ...]
    """Its rows in `INDICATORS`."""
    remarks: tuple[dict[str, Any], ...]
    """What is damaged outside the indicators, as JSON."""


def record_of(filed: Filed, catalogue: Catalogue) -> Record:
    """Take a declaration apart."""
    return Record(
        declaration=DECLARATIONS.row_of(OfDeclaration(filed, catalogue)),
        indicators=tuple(map(INDICATORS.row_of, indicators_of(filed))),
        remarks=tuple(
            {**remark.model_dump(mode="json"), "marks": list(marks_of_remark(remark))}
            for remark in filed.declaration.remarks
        ),
    )


def organisation_rows(catalogue: Catalogue) -> list[tuple[Value, ...]]:
    """Give the rows of all organisations, sorted by id."""
    return [
        ORGANISATIONS.row_of(OfOrganisation(identity, organisation))
        for identity, organisation in sorted(catalogue.organisations.items())
    ]


def json_of(record: Record) -> str:
    """Write a declaration as one object of JSON, one line a row."""
    indicators = ",\n".join(f"  {row_json(INDICATORS, row)}" for row in record.indicators)
    remarks = ",\n".join(f"  {_plain(remark)}" for remark in record.remarks)
    return (
        f'{{"declaration": {row_json(DECLARATIONS, record.declaration)},\n'
        f' "indicators": [\n{indicators}],\n "remarks": [{remarks}]}}\n'
    )


def row_json(table: Table, row: Iterable[Value]) -> str:
    """Write a row as an object: a sum and a number with exactly their digits, a blank as `null`."""
    members = (
        f"{_plain(column.name)}: {format(value, 'f') if isinstance(value, Decimal) else _plain(value)}"
        for column, value in zip(table.columns, row, strict=True)
    )
    return f"{{{', '.join(members)}}}"


def read_record(content: bytes) -> Record:
    """Read what `json_of` wrote."""
    read = json.loads(content, parse_float=Decimal)
    return Record(
        declaration=_row(DECLARATIONS, read["declaration"]),
        indicators=tuple(_row(INDICATORS, row) for row in read["indicators"]),
        remarks=tuple(read["remarks"]),
    )


def _row(table: Table, read: dict[str, Any]) -> tuple[Value, ...]:
    return tuple(_value(read[column.name], column.kind) for column in table.columns)


def _value(value: Value, kind: Kind) -> Value:
    return Decimal(value) if kind in _EXACT and value is not None else value
