"""Files of data, read back by code of the verification's own: each cell as text, a blank as `None`.

CSV loses the apostrophe that stands before what a spreadsheet could take for a formula; a cell that begins
with such a sign and has none is refused, and so is a formula in a workbook.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final
from zipfile import BadZipFile, ZipFile

from defusedxml.ElementTree import iterparse

from jixiao.verify.source_declaration import SUMS

Row = Mapping[str, str | None]
"""Text of each cell, by column."""
Rows = Iterator[tuple[str, Row]]
"""Table and row, in the order of the file."""

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_LIVE = tuple("=+-@＝＋－＠\t\r\n'")
_DAY_ZERO = date(1899, 12, 30)
_DAYS: Final = frozenset({"start", "end"})
TABLES: Final = ("declarations", "indicators", "organisations")
NUMBERS: Final = frozenset(
    {
        *(f"{block}_{field}" for block, field, _ in SUMS),
        "annual_total_yuan",
        "value",
    }
)
"""Columns of figures that may have decimals."""
_WHOLE: Final = frozenset(
    {"year", "indicators", "numeric_targets", "marked_places", "first_line", "last_line", "position"}
)
"""Columns of whole numbers."""
_COLUMN_TYPES: Final = {**dict.fromkeys(NUMBERS, float), **dict.fromkeys(_WHOLE, int)}
"""Types in the database; all other columns are texts."""

_COMPARED_KEYS: Final = frozenset({"declaration", "declarations", "indicators", "organisations"})
UNCOMPARED_KEYS: Final = {"remarks": "damage outside the indicators, which is compared on the page"}
"""Keys of JSON beside the tables that are not compared, each with the reason."""
UNREADABLE: Final = (ValueError, OSError, KeyError, StopIteration, csv.Error, sqlite3.Error, BadZipFile)
"""Exceptions raised by reading a file of another kind."""


class LiveCellError(ValueError):
    """Error for a cell that a spreadsheet computes, with its formula."""


class ColumnTypeError(ValueError):
    """A column that is unknown or holds a text for a number; carries its name."""


def read_rows(name: str, content: BinaryIO) -> Rows:
    """Read a file of data by the ending of its name; a database must lie on the disk.

    Raises:
        LiveCellError: A spreadsheet would compute a cell of it.
        UNREADABLE: It cannot be read.
    """
    path = PurePosixPath(name)
    return _READERS[path.suffix](path.stem, content)


def _read_csv(table: str, content: BinaryIO) -> Rows:
    text = TextIOWrapper(content, "utf-8-sig", newline="")
    try:
        lines = csv.reader(text, strict=True)
        names = next(lines)
        for line in lines:
            yield table, {name: _remove_guard(cell) for name, cell in zip(names, line, strict=True)}
    finally:
        # Whoever has opened the file closes it.
        text.detach()


def _remove_guard(cell: str) -> str | None:
    if cell.startswith("'"):
        return cell[1:]
    if cell.startswith(_LIVE):
        raise LiveCellError(cell)
    return cell or None


def _read_json(_: str, content: BinaryIO) -> Rows:
    read = json.loads(content.read(), parse_float=str, parse_int=str)
    members = [read, *read.get("declarations", ())]
    if unknown := {key for member in members for key in member} - _COMPARED_KEYS - UNCOMPARED_KEYS.keys():
        raise ColumnTypeError(", ".join(sorted(unknown)))
    for one in read.get("declarations", [read] if "declaration" in read else ()):
        yield "declarations", _convert_to_text(one["declaration"])
        for row in one["indicators"]:
            yield "indicators", _convert_to_text(row)
    for row in read.get("organisations", ()):
        yield "organisations", _convert_to_text(row)


def _convert_to_text(row: Mapping[str, object]) -> Row:
    return {name: None if value is None else str(value) for name, value in row.items()}


def _read_xlsx(_: str, content: BinaryIO) -> Rows:
    with ZipFile(content) as book:
        shared = list(_read_shared_texts(book))
        for table, part in _find_sheets(book):
            names: list[str | None] = []
            with book.open(part) as stream:
                for _, row in iterparse(stream):
                    if row.tag != f"{_SHEET}row":
                        continue
                    cells = {_column_number(cell.get("r")): _read_cell(cell, shared) for cell in row}
                    if not names:
                        names = [cells[place] for place in sorted(cells)]
                    else:
                        yield (
                            table,
                            {
                                name: _read_day(cells.get(place)) if name in _DAYS else cells.get(place)
                                for place, name in enumerate(names, 1)
                                if name is not None
                            },
                        )
                    row.clear()


def _read_shared_texts(book: ZipFile) -> Iterator[str]:
    if "xl/sharedStrings.xml" in book.namelist():
        with book.open("xl/sharedStrings.xml") as stream:
            for _, item in iterparse(stream):
                if item.tag == f"{_SHEET}si":
                    yield "".join(part.text or "" for part in item.iter(f"{_SHEET}t"))


def _find_sheets(book: ZipFile) -> Iterator[tuple[str, str]]:
    """Yield table and part of each sheet; a table may go on in further sheets, `indicators-2`."""
    with book.open("xl/_rels/workbook.xml.rels") as stream:
        parts = {one.get("Id"): one.get("Target") for _, one in iterparse(stream) if one.get("Target")}
    with book.open("xl/workbook.xml") as stream:
        for _, sheet in iterparse(stream):
            if sheet.tag == f"{_SHEET}sheet":
                yield sheet.get("name").partition("-")[0], f"xl/{parts[sheet.get(_RELATION)]}"


def _column_number(reference: str) -> int:
    """Return the number of a column, from 1: `AB12` stands in the 28th."""
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _read_cell(cell: Any, shared: list[str]) -> str | None:  # noqa: ANN401 - an element of a library without types
    formula = cell.find(f"{_SHEET}f")
    if formula is not None:
        raise LiveCellError(formula.text)
    kind = cell.get("t")
    if kind == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{_SHEET}t"))
    value = cell.findtext(f"{_SHEET}v")
    if value is None or kind == "s":
        return None if value is None else shared[int(value)]
    return format(Decimal(value), "f")


def _read_day(serial: str | None) -> str | None:
    return (_DAY_ZERO + timedelta(days=int(serial))).isoformat() if serial else None


def open_database(content: BinaryIO) -> closing[sqlite3.Connection]:
    """Open a database that lies on the disk, to be read and never written."""
    address = Path(content.name).resolve().as_uri()
    return closing(sqlite3.connect(f"{address}?mode=ro", uri=True))


def _read_sqlite(_: str, content: BinaryIO) -> Rows:
    with open_database(content) as connection:
        for table in TABLES:
            found = connection.execute(f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608 - names of ours
            names = [name for name, *_ in found.description]
            for row in found:
                cells = dict(zip(names, row, strict=True))
                for name, value in cells.items():
                    # A text is larger than every number: it would be compared and ordered wrongly.
                    if value is not None and type(value) is not _COLUMN_TYPES.get(name, str):
                        raise ColumnTypeError(f"{table}.{name}")
                yield table, _convert_to_text(cells)


def _read_parquet(table: str, content: BinaryIO) -> Rows:
    from pyarrow.parquet import ParquetFile  # noqa: PLC0415 - takes longer to import than most commands run

    for batch in ParquetFile(content).iter_batches():
        for row in batch.to_pylist():
            yield table, _convert_to_text(row)


_READERS: Final[Mapping[str, Callable[[str, BinaryIO], Rows]]] = {
    ".csv": _read_csv,
    ".json": _read_json,
    ".xlsx": _read_xlsx,
    ".sqlite": _read_sqlite,
    ".parquet": _read_parquet,
}
