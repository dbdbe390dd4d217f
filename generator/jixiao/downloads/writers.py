"""Writers: each takes declarations one after the other and leaves files of one format in a folder.

Memory stays flat, however many declarations there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Final, Protocol, TextIO

from jixiao.analysis.data_columns import DECLARATIONS, INDICATORS, ORGANISATIONS
from jixiao.downloads.data_workbook import Workbook
from jixiao.downloads.delimited import head_of, lines_of
from jixiao.downloads.rows import Record, json_of, row_json
from jixiao.model.table import Table, Value

JSON: Final = "data.json"
XLSX: Final = "data.xlsx"
SQLITE: Final = "jixiao.sqlite"


class Format(StrEnum):
    """A kind of file."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    PARQUET = "parquet"
    SQLITE = "sqlite"


class Writer(Protocol):
    """What takes declarations and leaves files."""

    def add(self, record: Record) -> None:
        """Take one more declaration."""

    def close(self, organisations: Sequence[tuple[Value, ...]]) -> None:
        """Write the end; *organisations* are the rows of all organisations."""


def writers_for(folder: Path, formats: Iterable[Format]) -> list[Writer]:
    """Begin the files of some formats.

    Args:
        folder: Where they go; it is there and has none of them.
        formats: Which.
    """
    return [_WRITERS[one](folder) for one in dict.fromkeys(formats)]


def files_of(formats: Iterable[Format]) -> list[str]:
    """Name the files that writers of these formats leave."""
    return [file for one in dict.fromkeys(formats) for file in FILES[one]]


FILES: Final = {
    Format.CSV: ("declarations.csv", "indicators.csv", "organisations.csv"),
    Format.JSON: (JSON,),
    Format.XLSX: (XLSX,),
    Format.PARQUET: ("declarations.parquet", "indicators.parquet", "organisations.parquet"),
    Format.SQLITE: (SQLITE,),
}
OF_YEARS: Final = (Format.CSV, Format.JSON, Format.XLSX)
"""The formats of a year and of a department's year."""
OF_EVERYTHING: Final = (Format.PARQUET, Format.SQLITE)
"""The formats of all declarations of a site."""
OF_DECLARATION: Final = ("declarations.csv", "indicators.csv", JSON, XLSX)
"""The files beside a single declaration."""


def files_of_declaration(record: Record) -> dict[str, bytes]:
    """Write the files of a single declaration: name → bytes."""
    file = BytesIO()
    book = Workbook(file, None, (DECLARATIONS, INDICATORS))
    _add_to(book, record)
    book.close()
    return {
        "declarations.csv": (head_of(DECLARATIONS) + lines_of([record.declaration])).encode(),
        "indicators.csv": (head_of(INDICATORS) + lines_of(record.indicators)).encode(),
        JSON: json_of(record).encode(),
        XLSX: file.getvalue(),
    }


def _add_to(book: Workbook, record: Record) -> None:
    book.add(DECLARATIONS, record.declaration)
    for row in record.indicators:
        book.add(INDICATORS, row)


class _Csv:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = {table.name: self._begun(table) for table in (DECLARATIONS, INDICATORS)}

    def add(self, record: Record) -> None:
        self._files[DECLARATIONS.name].write(lines_of([record.declaration]))
        self._files[INDICATORS.name].write(lines_of(record.indicators))

    def close(self, organisations: Sequence[tuple[Value, ...]]) -> None:
        with self._begun(ORGANISATIONS) as file:
            file.write(lines_of(organisations))
        for file in self._files.values():
            file.close()

    def _begun(self, table: Table) -> TextIO:
        file = (self._folder / f"{table.name}.csv").open("x", encoding="utf-8", newline="")
        file.write(head_of(table))
        return file


class _Json:
    def __init__(self, folder: Path) -> None:
        self._file = (folder / JSON).open("x", encoding="utf-8", newline="")
        self._file.write('{"declarations": [\n')
        self._between = ""

    def add(self, record: Record) -> None:
        self._file.write(f"{self._between}{json_of(record).rstrip()}")
        self._between = ",\n"

    def close(self, organisations: Sequence[tuple[Value, ...]]) -> None:
        rows = ",\n".join(row_json(ORGANISATIONS, row) for row in organisations)
        self._file.write(f'],\n"organisations": [\n{rows}]}}\n')
        self._file.close()


class _Xlsx:
    def __init__(self, folder: Path) -> None:
        self._book = Workbook(folder / XLSX, folder, (DECLARATIONS, INDICATORS, ORGANISATIONS))

    def add(self, record: Record) -> None:
        _add_to(self._book, record)

    def close(self, organisations: Sequence[tuple[Value, ...]]) -> None:
        for row in organisations:
            self._book.add(ORGANISATIONS, row)
        self._book.close()


class _Parquet:
    def __init__(self, folder: Path) -> None:
        # The library takes longer to import than most commands run.
        from jixiao.downloads.parquet import Columns  # noqa: PLC0415

        self._files = {
            table.name: Columns(folder / f"{table.name}.parquet", table)
            for table in (DECLARATIONS, INDICATORS, ORGANISATIONS)
        }

    def add(self, record: Record) -> None:
        self._files[DECLARATIONS.name].add(record.declaration)
        for row in record.indicators:
            self._files[INDICATORS.name].add(row)

    def close(self, organisations: Sequence[tuple[Value, ...]]) -> None:
        for row in organisations:
            self._files[ORGANISATIONS.name].add(row)
        for file in self._files.values():
            file.close()


class _Sqlite:
    def __init__(self, folder: Path) -> None:
        from jixiao.downloads.database import Database  # noqa: PLC0415 - as above

        self._database = Database(folder / SQLITE)

    def add(self, record: Record) -> None:
        self._database.add(DECLARATIONS, record.declaration)
        for row in record.indicators:
            self._database.add(INDICATORS, row)

    def close(self, organisations: Sequence[tuple[Value, ...]]) -> None:
        for row in organisations:
            self._database.add(ORGANISATIONS, row)
        self._database.close()


_WRITERS: Final[dict[Format, type[_Csv | _Json | _Xlsx | _Parquet | _Sqlite]]] = {
    Format.CSV: _Csv,
    Format.JSON: _Json,
    Format.XLSX: _Xlsx,
    Format.PARQUET: _Parquet,
    Format.SQLITE: _Sqlite,
}
