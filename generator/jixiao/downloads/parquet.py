"""Parquet: a file a table, for whoever computes over all of it.

A sum is a decimal with six places, which holds every sum that a declaration may have, also in 元; a number
that was read from a target is a double, and its exact digits stand in `target`.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from jixiao.model.table import Column, Kind, Table, Value, as_double

_TYPES: Final = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.MONEY: pa.decimal128(26, 6),
    Kind.NUMBER: pa.float64(),
    Kind.DATE: pa.string(),
}
_GROUP: Final = 20_000
"""Rows that are written together."""


class Columns:
    """A file that grows by groups of rows."""

    def __init__(self, file: Path, table: Table) -> None:
        """Begin the file."""
        fields = [
            pa.field(column.name, _TYPES[column.kind], nullable=column.name not in table.key)
            for column in table.columns
        ]
        self._table = table
        self._schema = pa.schema(fields)
        self._writer = ParquetWriter(str(file), self._schema, compression="zstd")
        self._rows: list[tuple[Value, ...]] = []

    def add(self, row: tuple[Value, ...]) -> None:
        """Add a row."""
        self._rows.append(row)
        if len(self._rows) == _GROUP:
            self._write()

    def close(self) -> None:
        """Write what is left, and the end."""
        if self._rows:
            self._write()
        self._writer.close()

    def _write(self) -> None:
        columns = [
            pa.array([_stored(value, column) for value in values], type=_TYPES[column.kind])
            for values, column in zip(zip(*self._rows, strict=True), self._table.columns, strict=True)
        ]
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))
        self._rows.clear()


def _stored(value: Value, column: Column) -> Value | float:
    return as_double(value) if column.kind is Kind.NUMBER and isinstance(value, Decimal) else value
