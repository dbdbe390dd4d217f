"""Writers of the data files: each takes declarations one by one and leaves files of one format in a folder.

Memory stays flat however many declarations there are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Final, Protocol, TextIO

from jixiao.analysis.data_columns import DECLARATIONS, INDICATORS, ORGANISATIONS, TABLES
from jixiao.analysis.data_table import DATABASE_VIEWS, CellValue, Column, ColumnKind, DataTable, as_double
from jixiao.downloads.data_workbook import TableWorkbook
from jixiao.downloads.rows import (
    DeclarationRecord,
    format_csv_head,
    format_csv_rows,
    serialize_record,
    serialize_row,
)

SQLITE_TYPES: Final = {
    ColumnKind.TEXT: "TEXT",
    ColumnKind.INTEGER: "INTEGER",
    ColumnKind.MONEY: "REAL",
    ColumnKind.NUMBER: "REAL",
    ColumnKind.DATE: "TEXT",
}


class SqliteDatabase:
    """SQLite database that is written row by row: all tables, with views for common questions.

    Sums and measures are numbers, so that they can be compared, ordered and averaged: of type REAL
    throughout, because R and DuckDB take the type of a column for that of every value in it. A REAL is a
    double. Up to 15 digits it reads back to the decimal that was filed, and so does any whole sum below 9
    quadrillion (2^53); beyond, it is the nearest double. The digits as filed stand beside each sum.
    """

    def __init__(self, file: Path) -> None:
        """Create the tables."""
        self._connection = sqlite3.connect(file, isolation_level=None)
        # Whoever is interrupted begins again: nothing is lost without a journal.
        self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
        for table in TABLES:
            columns = ", ".join(_format_column_definition(column, table) for column in table.columns)
            key = ", ".join(map(_quote_name, table.key))
            self._connection.execute(f"CREATE TABLE {table.name} ({columns}, PRIMARY KEY ({key})) STRICT")

    def add(self, table: DataTable, row: tuple[CellValue, ...]) -> None:
        """Insert a row."""
        places = ", ".join("?" * len(row))
        stored = [as_double(value) if isinstance(value, Decimal) else value for value in row]
        self._connection.execute(f"INSERT INTO {table.name} VALUES ({places})", stored)  # noqa: S608 - ours

    def close(self) -> None:
        """Create indexes and views, and commit."""
        self._connection.execute("CREATE INDEX indicators_by_class ON indicators (level1, level2)")
        self._connection.execute(f"CREATE INDEX by_department ON {DECLARATIONS.name} (department, year)")
        for name, (_, query) in DATABASE_VIEWS.items():
            self._connection.execute(f"CREATE VIEW {name} AS {query}")
        self._connection.execute("COMMIT")
        self._connection.close()


def _quote_name(name: str) -> str:
    return f'"{name}"'


def _format_column_definition(column: Column, table: DataTable) -> str:
    not_null = " NOT NULL" if column.name in table.key else ""
    return f"{_quote_name(column.name)} {SQLITE_TYPES[column.kind]}{not_null}"


JSON_FILE: Final = "data.json"
XLSX_FILE: Final = "data.xlsx"
SQLITE_FILE: Final = "jixiao.sqlite"


class DataFormat(StrEnum):
    """File format of the data."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    PARQUET = "parquet"
    SQLITE = "sqlite"


class DataWriter(Protocol):
    """Writer of the files of one format."""

    def add(self, record: DeclarationRecord) -> None:
        """Add a declaration."""

    def close(self, organisations: Sequence[tuple[CellValue, ...]]) -> None:
        """Finish the files; *organisations* are the rows of all organisations."""


def open_writers(folder: Path, formats: Iterable[DataFormat]) -> list[DataWriter]:
    """Open a writer for each of *formats*.

    Args:
        folder: An existing folder without files of these formats.
        formats: Duplicates are ignored.
    """
    return [_WRITER_CLASSES[one](folder) for one in dict.fromkeys(formats)]


def list_format_files(formats: Iterable[DataFormat]) -> list[str]:
    """List the files that writers of these formats create."""
    return [file for one in dict.fromkeys(formats) for file in FORMAT_FILES[one]]


FORMAT_FILES: Final = {
    DataFormat.CSV: ("declarations.csv", "indicators.csv", "organisations.csv"),
    DataFormat.JSON: (JSON_FILE,),
    DataFormat.XLSX: (XLSX_FILE,),
    DataFormat.PARQUET: ("declarations.parquet", "indicators.parquet", "organisations.parquet"),
    DataFormat.SQLITE: (SQLITE_FILE,),
}
YEAR_FORMATS: Final = (DataFormat.CSV, DataFormat.JSON, DataFormat.XLSX)
"""Formats of the data of a year, and of a department's year."""
SITE_FORMATS: Final = (DataFormat.PARQUET, DataFormat.SQLITE)
"""Formats of the data of the whole site."""
DECLARATION_FILES: Final = ("declarations.csv", "indicators.csv", JSON_FILE, XLSX_FILE)
"""Files beside a single declaration."""


def build_declaration_files(record: DeclarationRecord) -> dict[str, bytes]:
    """Build the files of a single declaration, by name."""
    file = BytesIO()
    book = TableWorkbook(file, None, (DECLARATIONS, INDICATORS))
    _add_record(book, record)
    book.close()
    return {
        "declarations.csv": (format_csv_head(DECLARATIONS) + format_csv_rows([record.declaration])).encode(),
        "indicators.csv": (format_csv_head(INDICATORS) + format_csv_rows(record.indicators)).encode(),
        JSON_FILE: serialize_record(record).encode(),
        XLSX_FILE: file.getvalue(),
    }


def _add_record(workbook: TableWorkbook, record: DeclarationRecord) -> None:
    workbook.add(DECLARATIONS, record.declaration)
    for row in record.indicators:
        workbook.add(INDICATORS, row)


class _CsvWriter:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = {table.name: self._open_table(table) for table in (DECLARATIONS, INDICATORS)}

    def add(self, record: DeclarationRecord) -> None:
        self._files[DECLARATIONS.name].write(format_csv_rows([record.declaration]))
        self._files[INDICATORS.name].write(format_csv_rows(record.indicators))

    def close(self, organisations: Sequence[tuple[CellValue, ...]]) -> None:
        with self._open_table(ORGANISATIONS) as file:
            file.write(format_csv_rows(organisations))
        for file in self._files.values():
            file.close()

    def _open_table(self, table: DataTable) -> TextIO:
        file = (self._folder / f"{table.name}.csv").open("x", encoding="utf-8", newline="")
        file.write(format_csv_head(table))
        return file


class _JsonWriter:
    def __init__(self, folder: Path) -> None:
        self._file = (folder / JSON_FILE).open("x", encoding="utf-8", newline="")
        self._file.write('{"declarations": [\n')
        self._separator = ""

    def add(self, record: DeclarationRecord) -> None:
        self._file.write(f"{self._separator}{serialize_record(record).rstrip()}")
        self._separator = ",\n"

    def close(self, organisations: Sequence[tuple[CellValue, ...]]) -> None:
        rows = ",\n".join(serialize_row(ORGANISATIONS, row) for row in organisations)
        self._file.write(f'],\n"organisations": [\n{rows}]}}\n')
        self._file.close()


class _XlsxWriter:
    def __init__(self, folder: Path) -> None:
        self._workbook = TableWorkbook(folder / XLSX_FILE, folder, (DECLARATIONS, INDICATORS, ORGANISATIONS))

    def add(self, record: DeclarationRecord) -> None:
        _add_record(self._workbook, record)

    def close(self, organisations: Sequence[tuple[CellValue, ...]]) -> None:
        for row in organisations:
            self._workbook.add(ORGANISATIONS, row)
        self._workbook.close()


class _ParquetWriter:
    def __init__(self, folder: Path) -> None:
        # The library takes longer to import than most commands run.
        from jixiao.downloads.parquet import ParquetTable  # noqa: PLC0415

        self._files = {
            table.name: ParquetTable(folder / f"{table.name}.parquet", table)
            for table in (DECLARATIONS, INDICATORS, ORGANISATIONS)
        }

    def add(self, record: DeclarationRecord) -> None:
        self._files[DECLARATIONS.name].add(record.declaration)
        for row in record.indicators:
            self._files[INDICATORS.name].add(row)

    def close(self, organisations: Sequence[tuple[CellValue, ...]]) -> None:
        for row in organisations:
            self._files[ORGANISATIONS.name].add(row)
        for file in self._files.values():
            file.close()


class _SqliteWriter:
    def __init__(self, folder: Path) -> None:

        self._database = SqliteDatabase(folder / SQLITE_FILE)

    def add(self, record: DeclarationRecord) -> None:
        self._database.add(DECLARATIONS, record.declaration)
        for row in record.indicators:
            self._database.add(INDICATORS, row)

    def close(self, organisations: Sequence[tuple[CellValue, ...]]) -> None:
        for row in organisations:
            self._database.add(ORGANISATIONS, row)
        self._database.close()


_WRITER_CLASSES: Final[
    dict[DataFormat, type[_CsvWriter | _JsonWriter | _XlsxWriter | _ParquetWriter | _SqliteWriter]]
] = {
    DataFormat.CSV: _CsvWriter,
    DataFormat.JSON: _JsonWriter,
    DataFormat.XLSX: _XlsxWriter,
    DataFormat.PARQUET: _ParquetWriter,
    DataFormat.SQLITE: _SqliteWriter,
}
