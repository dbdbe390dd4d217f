"""Workbook of a pack: the same tables, with every sum and indicator in cells that can be calculated with.

No typed text becomes a formula: texts are written as texts, with the prefix by which spreadsheets keep them
texts when edited. A sum is a number if a spreadsheet holds it exactly, and a text otherwise.
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
    HEADER_FORMAT,
    MAX_CELL_LENGTH,
    TEXT_FORMAT,
    WORKBOOK_DATE,
    build_number_format,
    build_workbook_options,
    convert_to_number,
    is_exact_in_spreadsheet,
)
from jixiao.packs.pack_tables import (
    PackCell,
    PackTable,
    build_changes_table,
    build_defects_table,
    build_funds_table,
    build_goals_table,
    build_hard_to_check_table,
    build_questions_table,
    build_targets_table,
)
from jixiao.packs.pdf_documents import DepartmentPack
from jixiao.packs.typesetting import translate_plain
from jixiao.pages.page_renderer import PageRenderer
from jixiao.text import Text

_SHEET_NAME_LENGTH: Final = 31
"""Maximum number of characters in the name of a worksheet."""
_MAX_COLUMN_WIDTH: Final = 60
_MIN_COLUMN_WIDTH: Final = 14
"""Maximum and minimum width of a column, in characters."""


def build_pack_workbook(pack: DepartmentPack, renderer: PageRenderer) -> bytes:
    """Build the workbook of a pack as XLSX, with one worksheet a table."""
    voice, members = renderer.localizer, pack.members
    file = BytesIO()
    book = xlsxwriter.Workbook(file, build_workbook_options(in_memory=True))
    book.set_properties({"title": "", "created": WORKBOOK_DATE})
    writer = _PackWorkbookWriter(book, renderer)
    for table in (
        build_funds_table(members, renderer),
        build_targets_table(members, voice),
        build_goals_table(members, renderer),
        build_hard_to_check_table(members, voice),
        build_changes_table(members, renderer),
        build_defects_table(members, voice),
        build_questions_table(members, voice),
    ):
        writer.add_table(table)
    book.close()
    return file.getvalue()


class _PackWorkbookWriter:
    """Writer of tables into a workbook."""

    def __init__(self, book: Workbook, renderer: PageRenderer) -> None:
        self.book, self.localizer = book, renderer.localizer
        self._head, self._text = book.add_format(HEADER_FORMAT), book.add_format(TEXT_FORMAT)
        self._numbers: dict[str, Format] = {}

    def add_table(self, table: PackTable) -> None:
        """Add a table as a worksheet."""
        sheet = self.book.add_worksheet(table.title[:_SHEET_NAME_LENGTH])
        for column, title in enumerate(table.columns):
            sheet.write_string(0, column, title, self._head)
            texts = [row[column] for row in table.rows if isinstance(row[column], Text)]
            longest = max((len(text.plain()) for text in texts if isinstance(text, Text)), default=0)
            sheet.set_column(column, column, min(max(_MIN_COLUMN_WIDTH, 2 * longest), _MAX_COLUMN_WIDTH))
        for line, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                self._write_cell(sheet, line, column, cell)
        sheet.freeze_panes(1, 1)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def _write_cell(self, sheet: Worksheet, line: int, column: int, cell: PackCell) -> None:
        match cell:
            case Decimal() if is_exact_in_spreadsheet(cell):
                sheet.write_number(line, column, convert_to_number(cell), self._find_number_format(cell))
            case int():
                sheet.write_number(line, column, cell)
            case _:
                sheet.write_string(line, column, self._shorten(self._format_cell_text(cell)), self._text)

    def _shorten(self, words: str) -> str:
        """Shorten text that exceeds the limit of a cell, with a note at its end."""
        if len(words) <= MAX_CELL_LENGTH:
            return words
        ending = translate_plain(self.localizer, "……（超出单元格的长度，全文见 PDF）")
        return words[: MAX_CELL_LENGTH - len(ending)] + ending

    def _format_cell_text(self, cell: PackCell) -> str:
        match cell:
            case None:
                return ""
            case Text():
                return self.localizer.translate_source_text(cell).plain()
            case Decimal() | int():
                return f"{cell:,}"
            case _:
                return cell

    def _find_number_format(self, value: Decimal) -> Format:
        """Return the format of a sum, shared by sums with the same number of digits."""
        shown = build_number_format(value)
        if str(shown) not in self._numbers:
            self._numbers[str(shown)] = self.book.add_format(shown)
        return self._numbers[str(shown)]
