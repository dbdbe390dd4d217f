"""SQLite: all tables in one file, with views that answer what is asked most.

Sums and measures are numbers, so that they can be compared, ordered and averaged: of type REAL throughout,
because R and DuckDB take the type of a column for that of every value in it. A REAL is a double. Up to 15
digits it reads back to the decimal that was filed, and so does any whole sum below 9 quadrillion (2^53);
beyond, it is the nearest double. The digits as filed stand beside each sum.
"""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Final

from jixiao.analysis.data_columns import DECLARATIONS, TABLES
from jixiao.analysis.data_table import VIEWS
from jixiao.model.table import Column, Kind, Table, Value, as_double

TYPES: Final = {
    Kind.TEXT: "TEXT",
    Kind.INTEGER: "INTEGER",
    Kind.MONEY: "REAL",
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
        stored = [as_double(value) if isinstance(value, Decimal) else value for value in row]
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
    return f"{_named(column.name)} {TYPES[column.kind]}{' NOT NULL' if column.name in table.key else ''}"
