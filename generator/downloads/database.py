"""SQLite: all tables in one file, with views that answer what is asked most.

A sum is a text with exactly its digits, because the numbers of SQLite would lose some; the views add sums
up in whole fen.
"""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Final

from generator.model.columns import DECLARATIONS, TABLES
from generator.model.table import Column, Kind, Table, Value
from generator.model.views import VIEWS

_TYPES: Final = {
    Kind.TEXT: "TEXT",
    Kind.INTEGER: "INTEGER",
    Kind.MONEY: "TEXT",
    Kind.NUMBER: "REAL",
    Kind.DATE: "TEXT",
}


class Database:
    """A database that grows row by row."""

    def __init__(self, file: Path) -> None:
        """Begin the tables."""
        self._connection = sqlite3.connect(file, isolation_level=None)
        # Whoever is interrupted begins again: nothing is lost without a journal.
        self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
        for table in TABLES:
            columns = ", ".join(_defined(column, table) for column in table.columns)
            key = ", ".join(map(_named, table.key))
            self._connection.execute(f"CREATE TABLE {table.name} ({columns}, PRIMARY KEY ({key})) STRICT")

    def add(self, table: Table, row: tuple[Value, ...]) -> None:
        """Add a row."""
        places = ", ".join("?" * len(row))
        stored = [_stored(value, column) for value, column in zip(row, table.columns, strict=True)]
        self._connection.execute(f"INSERT INTO {table.name} VALUES ({places})", stored)  # noqa: S608 - ours

    def close(self) -> None:
        """Add indexes and views, and write the end."""
        self._connection.execute("CREATE INDEX indicators_by_class ON indicators (level1, level2)")
        self._connection.execute(f"CREATE INDEX by_department ON {DECLARATIONS.name} (department, year)")
        for name, (_, query) in VIEWS.items():
            self._connection.execute(f"CREATE VIEW {name} AS {query}")
        self._connection.execute("COMMIT")
        self._connection.close()


def _named(name: str) -> str:
    return f'"{name}"'


def _defined(column: Column, table: Table) -> str:
    return f"{_named(column.name)} {_TYPES[column.kind]}{' NOT NULL' if column.name in table.key else ''}"


def _stored(value: Value, column: Column) -> str | int | float | None:
    if isinstance(value, Decimal):
        return float(value) if column.kind is Kind.NUMBER else format(value, "f")
    return value
