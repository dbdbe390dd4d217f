"""The pack as a workbook: the same tables, every sum and every indicator in cells that can be counted with.

Nothing that was typed becomes a formula: texts are written as texts, with the mark by which spreadsheets keep
them texts when they are edited. A sum is a number where a spreadsheet holds it exactly, and a text otherwise.
"""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from jixiao.downloads.xlsx_format import (
    BEGINNING,
    CELL_LIMIT,
    HEAD,
    TEXT,
    as_number,
    is_exact,
    options_of,
    shown_as,
)
from jixiao.packs.pack_tables import (
    Cell,
    Table,
    changes_table,
    funds_table,
    goals_table,
    hard_table,
    marks_table,
    questions_table,
    targets_table,
)
from jixiao.pages.page_renderer import Press
from jixiao.paper.pack import Pack
from jixiao.paper.printed import said
from jixiao.text import Text

_SHEET_NAME: Final = 31
"""Characters of the name of a sheet."""
_WIDE: Final = 60
_NARROW: Final = 14
"""Widths of columns, in characters."""


def workbook_of(pack: Pack, press: Press) -> bytes:
    """Write the tables of a pack as an XLSX file, one sheet a table."""
    voice, members = press.voice, pack.members
    file = BytesIO()
    book = xlsxwriter.Workbook(file, options_of(in_memory=True))
    book.set_properties({"title": "", "created": BEGINNING})
    writer = _Writer(book, press)
    for table in (
        funds_table(members, press),
        targets_table(members, voice),
        goals_table(members, press),
        hard_table(members, voice),
        changes_table(members, press),
        marks_table(members, voice),
        questions_table(members, voice),
    ):
        writer.add(table)
    book.close()
    return file.getvalue()


class _Writer:
    """Writes tables into a workbook."""

    def __init__(self, book: Workbook, press: Press) -> None:
        self.book, self.voice = book, press.voice
        self._head, self._text = book.add_format(HEAD), book.add_format(TEXT)
        self._numbers: dict[str, Format] = {}

    def add(self, table: Table) -> None:
        """Add a table as a sheet."""
        sheet = self.book.add_worksheet(table.title[:_SHEET_NAME])
        for column, title in enumerate(table.columns):
            sheet.write_string(0, column, title, self._head)
            texts = [row[column] for row in table.rows if isinstance(row[column], Text)]
            longest = max((len(text.plain()) for text in texts if isinstance(text, Text)), default=0)
            sheet.set_column(column, column, min(max(_NARROW, 2 * longest), _WIDE))
        for line, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                self._write(sheet, line, column, cell)
        sheet.freeze_panes(1, 1)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def _write(self, sheet: Worksheet, line: int, column: int, cell: Cell) -> None:
        match cell:
            case Decimal() if is_exact(cell):
                sheet.write_number(line, column, as_number(cell), self._number(cell))
            case int():
                sheet.write_number(line, column, cell)
            case _:
                sheet.write_string(line, column, self._fitting(self._words(cell)), self._text)

    def _fitting(self, words: str) -> str:
        """Cut what is longer than a cell can be, and say so in it."""
        if len(words) <= CELL_LIMIT:
            return words
        ending = said(self.voice, "……（超出单元格的长度，全文见 PDF）")
        return words[: CELL_LIMIT - len(ending)] + ending

    def _words(self, cell: Cell) -> str:
        match cell:
            case None:
                return ""
            case Text():
                return self.voice.translated(cell).plain()
            case Decimal() | int():
                return f"{cell:,}"
            case _:
                return cell

    def _number(self, value: Decimal) -> Format:
        """Give the format of a sum; equal ones are the same."""
        shown = shown_as(value)
        if str(shown) not in self._numbers:
            self._numbers[str(shown)] = self.book.add_format(shown)
        return self._numbers[str(shown)]
