"""Writers of the data files: each takes declarations one by one and leaves files of one format in a folder.

Memory stays flat however many declarations there are.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Final, Protocol

from jixiao.analysis.data_columns import DECLARATIONS, INDICATORS, ORGANISATIONS, TABLES
from jixiao.analysis.data_table import DATABASE_QUERIES, CellValue, ColumnKind, DataTable, as_double
from jixiao.downloads.rows import (
    DeclarationRecord,
    format_csv_cell,
    format_csv_head,
    format_csv_rows,
    serialize_record,
    serialize_row,
)
from jixiao.downloads.workbooks import TableWorkbook

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
        # An interrupted build begins again, so a journal would save nothing.
        self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
        for table in TABLES:
            parts = [
                f'"{column.name}" {SQLITE_TYPES[column.kind]}'
                + (" NOT NULL" if column.name in table.key else "")
                for column in table.columns
            ]
            key = ", ".join(f'"{name}"' for name in table.key)
            parts.append(f"PRIMARY KEY ({key})")
            self._connection.execute(f"CREATE TABLE {table.name} ({', '.join(parts)}) STRICT")

    def add(self, table: DataTable, row: tuple[CellValue, ...]) -> None:
        """Insert a row."""
        places = ", ".join("?" * len(row))
        stored = [as_double(value) if isinstance(value, Decimal) else value for value in row]
        self._connection.execute(f"INSERT INTO {table.name} VALUES ({places})", stored)  # noqa: S608 - ours

    def close(self) -> None:
        """Create indexes and views, and commit."""
        self._connection.execute("CREATE INDEX indicators_by_class ON indicators (level1, level2)")
        self._connection.execute(f"CREATE INDEX by_department ON {DECLARATIONS.name} (department, year)")
        for name, query in DATABASE_QUERIES.items():
            self._connection.execute(f"CREATE VIEW {name} AS {query}")
        self._connection.execute("COMMIT")
        self._connection.close()


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


class TableSink(Protocol):
    """Files of one format that take rows of several tables."""

    def add(self, table: DataTable, row: tuple[CellValue, ...]) -> None:
        """Add a row to a table."""

    def close(self) -> None:
        """Finish the files."""


class DataWriter(Protocol):
    """Writer of the files of one format."""

    def add(self, record: DeclarationRecord) -> None:
        """Add a declaration."""

    def close(self, organisations: Sequence[tuple[CellValue, ...]]) -> None:
        """Finish the files; *organisations* are the rows of all organisations."""


class TableWriter:
    """Writer of declarations and organisations into tables."""

    def __init__(self, sink: TableSink) -> None:
        """Write to *sink*."""
        self._sink = sink

    def add(self, record: DeclarationRecord) -> None:
        """Add a declaration."""
        self._sink.add(DECLARATIONS, record.declaration)
        for row in record.indicators:
            self._sink.add(INDICATORS, row)

    def close(self, organisations: Sequence[tuple[CellValue, ...]]) -> None:
        """Finish the files; *organisations* are the rows of all organisations."""
        for row in organisations:
            self._sink.add(ORGANISATIONS, row)
        self._sink.close()


class JsonWriter:
    """Writer of the JSON file, which nests indicators and remarks in their declaration."""

    def __init__(self, folder: Path) -> None:
        """Begin the file."""
        self._file = (folder / JSON_FILE).open("x", encoding="utf-8", newline="")
        self._file.write('{"declarations": [\n')
        self._separator = ""

    def add(self, record: DeclarationRecord) -> None:
        """Add a declaration."""
        self._file.write(f"{self._separator}{serialize_record(record).rstrip()}")
        self._separator = ",\n"

    def close(self, organisations: Sequence[tuple[CellValue, ...]]) -> None:
        """Finish the file; *organisations* are the rows of all organisations."""
        rows = ",\n".join(serialize_row(ORGANISATIONS, row) for row in organisations)
        self._file.write(f'],\n"organisations": [\n{rows}]}}\n')
        self._file.close()


class CsvTables:
    """CSV files, one a table."""

    def __init__(self, folder: Path) -> None:
        """Create the files with their header lines."""
        self._files = {
            table.name: (folder / f"{table.name}.csv").open("x", encoding="utf-8", newline="")
            for table in TABLES
        }
        for table in TABLES:
            self._files[table.name].write(format_csv_head(table))
        self._writers = {name: csv.writer(file) for name, file in self._files.items()}

    def add(self, table: DataTable, row: tuple[CellValue, ...]) -> None:
        """Add a row to the file of its table."""
        self._writers[table.name].writerow(map(format_csv_cell, row))

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()


def open_writers(folder: Path, formats: Iterable[DataFormat]) -> list[DataWriter]:
    """Open a writer for each of *formats*.

    Args:
        folder: An existing folder without files of these formats.
        formats: Duplicates are ignored.
    """
    return [_open_writer(folder, data_format) for data_format in dict.fromkeys(formats)]


def _open_writer(folder: Path, data_format: DataFormat) -> DataWriter:
    match data_format:
        case DataFormat.JSON:
            return JsonWriter(folder)
        case DataFormat.CSV:
            return TableWriter(CsvTables(folder))
        case DataFormat.XLSX:
            return TableWriter(TableWorkbook(folder / XLSX_FILE, folder, TABLES))
        case DataFormat.SQLITE:
            return TableWriter(SqliteDatabase(folder / SQLITE_FILE))
        case DataFormat.PARQUET:
            # The library takes longer to import than most commands run.
            from jixiao.downloads.parquet import ParquetTables  # noqa: PLC0415

            return TableWriter(ParquetTables(folder, TABLES))


def list_format_files(formats: Iterable[DataFormat]) -> list[str]:
    """List the files that writers of these formats create."""
    return [file for data_format in dict.fromkeys(formats) for file in FORMAT_FILES[data_format]]


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
    workbook = TableWriter(TableWorkbook(file, None, (DECLARATIONS, INDICATORS)))
    workbook.add(record)
    workbook.close(organisations=())
    return {
        "declarations.csv": (format_csv_head(DECLARATIONS) + format_csv_rows([record.declaration])).encode(),
        "indicators.csv": (format_csv_head(INDICATORS) + format_csv_rows(record.indicators)).encode(),
        JSON_FILE: serialize_record(record).encode(),
        XLSX_FILE: file.getvalue(),
    }
