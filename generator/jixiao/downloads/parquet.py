"""Parquet, one file a table, for computing over all data.

A sum is a decimal with six places, enough for every sum of a declaration, also in 元. A number read from a
target is a double; its exact digits are in `target`.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from jixiao.analysis.data_table import CellValue, ColumnKind, DataTable, as_double

_PARQUET_TYPES: Final = {
    ColumnKind.TEXT: pa.string(),
    ColumnKind.INTEGER: pa.int64(),
    ColumnKind.MONEY: pa.decimal128(26, 6),
    ColumnKind.NUMBER: pa.float64(),
    ColumnKind.DATE: pa.string(),
}
_ROW_GROUP_SIZE: Final = 20_000
"""Rows that are written together."""


class ParquetTables:
    """Parquet files of tables, one file a table."""

    def __init__(self, folder: Path, tables: Iterable[DataTable]) -> None:
        """Create the files."""
        self._tables = {
            table.name: _ParquetTable(folder / f"{table.name}.parquet", table) for table in tables
        }

    def add(self, table: DataTable, row: tuple[CellValue, ...]) -> None:
        """Append a row to the file of its table."""
        self._tables[table.name].add(row)

    def close(self) -> None:
        """Finish the files."""
        for table in self._tables.values():
            table.close()


class _ParquetTable:
    """Parquet file of one table, which is written in groups of rows."""

    def __init__(self, file: Path, table: DataTable) -> None:
        """Create the file."""
        fields = [
            pa.field(column.name, _PARQUET_TYPES[column.kind], nullable=column.name not in table.key)
            for column in table.columns
        ]
        self._table = table
        self._schema = pa.schema(fields)
        self._writer = ParquetWriter(str(file), self._schema, compression="zstd")
        self._rows: list[tuple[CellValue, ...]] = []

    def add(self, row: tuple[CellValue, ...]) -> None:
        """Append a row."""
        self._rows.append(row)
        if len(self._rows) == _ROW_GROUP_SIZE:
            self._write_row_group()

    def close(self) -> None:
        """Write the remaining rows and the footer."""
        if self._rows:
            self._write_row_group()
        self._writer.close()

    def _write_row_group(self) -> None:
        arrays: list[pa.Array] = []
        for column, values in zip(self._table.columns, zip(*self._rows, strict=True), strict=True):
            if column.kind is ColumnKind.NUMBER:
                doubles = (as_double(value) if isinstance(value, Decimal) else value for value in values)
                arrays.append(pa.array(doubles, type=_PARQUET_TYPES[column.kind]))
            else:
                arrays.append(pa.array(values, type=_PARQUET_TYPES[column.kind]))
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        self._rows.clear()
