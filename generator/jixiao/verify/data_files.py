"""Files of data, read back by code of the verification's own: each cell as text, a blank as `None`.

CSV loses the apostrophe that stands before what a spreadsheet could take for a formula; a cell that begins
with such a sign and has none is told apart, and so is a formula in a workbook.
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

from jixiao.verify.declaration import SUMS

Row = Mapping[str, str | None]
"""Column → what stands there, as text."""
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

UNREADABLE: Final = (ValueError, OSError, KeyError, StopIteration, csv.Error, sqlite3.Error, BadZipFile)
"""What reading a file raises that is no file of data."""


class LiveCell(ValueError):  # noqa: N818 - named for what it says; becomes a finding
    """A cell that a spreadsheet computes; carries what stands in it."""


class WrongType(ValueError):  # noqa: N818 - named for what it says; becomes a finding
    """A value of another type than its column has, such as a text for a number; carries table and column."""


def rows_of(name: str, content: BinaryIO) -> Rows:
    """Read a file of data by the ending of its name; a database must lie on the disk.

    Raises:
        LiveCell: A spreadsheet would compute a cell of it.
        UNREADABLE: It cannot be read.
    """
    path = PurePosixPath(name)
    return _READERS[path.suffix](path.stem, content)


def _csv(table: str, content: BinaryIO) -> Rows:
    text = TextIOWrapper(content, "utf-8-sig", newline="")
    try:
        lines = csv.reader(text, strict=True)
        names = next(lines)
        for line in lines:
            yield table, {name: _unguarded(cell) for name, cell in zip(names, line, strict=True)}
    finally:
        # Whoever has opened the file closes it.
        text.detach()


def _unguarded(cell: str) -> str | None:
    if cell.startswith("'"):
        return cell[1:]
    if cell.startswith(_LIVE):
        raise LiveCell(cell)
    return cell or None


def _json(_: str, content: BinaryIO) -> Rows:
    read = json.loads(content.read(), parse_float=str, parse_int=str)
    for one in read.get("declarations", [read] if "declaration" in read else ()):
        yield "declarations", _as_text(one["declaration"])
        for row in one["indicators"]:
            yield "indicators", _as_text(row)
    for row in read.get("organisations", ()):
        yield "organisations", _as_text(row)


def _as_text(row: Mapping[str, object]) -> Row:
    return {name: None if value is None else str(value) for name, value in row.items()}


def _xlsx(_: str, content: BinaryIO) -> Rows:
    with ZipFile(content) as book:
        shared = list(_shared(book))
        for table, part in _sheets(book):
            names: list[str | None] = []
            with book.open(part) as stream:
                for _, row in iterparse(stream):
                    if row.tag != f"{_SHEET}row":
                        continue
                    cells = {_place(cell.get("r")): _cell(cell, shared) for cell in row}
                    if not names:
                        names = [cells[place] for place in sorted(cells)]
                    else:
                        yield (
                            table,
                            {
                                name: _day(cells.get(place)) if name in _DAYS else cells.get(place)
                                for place, name in enumerate(names, 1)
                                if name is not None
                            },
                        )
                    row.clear()


def _shared(book: ZipFile) -> Iterator[str]:
    if "xl/sharedStrings.xml" in book.namelist():
        with book.open("xl/sharedStrings.xml") as stream:
            for _, item in iterparse(stream):
                if item.tag == f"{_SHEET}si":
                    yield "".join(part.text or "" for part in item.iter(f"{_SHEET}t"))


def _sheets(book: ZipFile) -> Iterator[tuple[str, str]]:
    """Give table and part of each sheet; a table may go on in further sheets, `indicators-2`."""
    with book.open("xl/_rels/workbook.xml.rels") as stream:
        parts = {one.get("Id"): one.get("Target") for _, one in iterparse(stream) if one.get("Target")}
    with book.open("xl/workbook.xml") as stream:
        for _, sheet in iterparse(stream):
            if sheet.tag == f"{_SHEET}sheet":
                yield sheet.get("name").partition("-")[0], f"xl/{parts[sheet.get(_RELATION)]}"


def _place(reference: str) -> int:
    """Give the number of a column, from 1: `AB12` stands in the 28th."""
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _cell(cell: Any, shared: list[str]) -> str | None:  # noqa: ANN401 - an element of a library without types
    formula = cell.find(f"{_SHEET}f")
    if formula is not None:
        raise LiveCell(formula.text)
    kind = cell.get("t")
    if kind == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{_SHEET}t"))
    value = cell.findtext(f"{_SHEET}v")
    if value is None or kind == "s":
        return None if value is None else shared[int(value)]
    return format(Decimal(value), "f")


def _day(serial: str | None) -> str | None:
    return (_DAY_ZERO + timedelta(days=int(serial))).isoformat() if serial else None


def open_database(content: BinaryIO) -> closing[sqlite3.Connection]:
    """Open a database that lies on the disk, to be read and never written."""
    address = Path(content.name).resolve().as_uri()
    return closing(sqlite3.connect(f"{address}?mode=ro", uri=True))


def _sqlite(_: str, content: BinaryIO) -> Rows:
    with open_database(content) as connection:
        for table in TABLES:
            found = connection.execute(f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608 - names of ours
            names = [name for name, *_ in found.description]
            for row in found:
                cells = dict(zip(names, row, strict=True))
                for name, value in cells.items():
                    # A text is larger than every number: it would be compared and ordered wrongly.
                    if value is not None and type(value) is not _type_of(name):
                        raise WrongType(f"{table}.{name}")
                yield table, _as_text(cells)


def _type_of(column: str) -> type:
    if column in _WHOLE:
        return int
    return float if column in NUMBERS else str


def _parquet(table: str, content: BinaryIO) -> Rows:
    from pyarrow.parquet import ParquetFile  # noqa: PLC0415 - takes longer to import than most commands run

    for batch in ParquetFile(content).iter_batches():
        for row in batch.to_pylist():
            yield table, _as_text(row)


_READERS: Final[Mapping[str, Callable[[str, BinaryIO], Rows]]] = {
    ".csv": _csv,
    ".json": _json,
    ".xlsx": _xlsx,
    ".sqlite": _sqlite,
    ".parquet": _parquet,
}
