"""Workbook of a pack: the same tables, with every sum and indicator in cells that can be calculated with.

No typed text becomes a formula: texts are written as texts, with the prefix by which spreadsheets keep them
texts when edited. A sum is a number if a spreadsheet holds it exactly, and a text otherwise.
"""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Final

from jixiao.downloads.workbooks import Workbook, is_exact_in_spreadsheet, shorten
from jixiao.packs.pack_tables import (
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
from jixiao.pages.localizer import Localizer
from jixiao.pages.page_renderer import PageRenderer
from jixiao.text import Text

_SHEET_NAME_LENGTH: Final = 31
"""Maximum number of characters in the name of a worksheet."""
_MAX_COLUMN_WIDTH: Final = 60
_MIN_COLUMN_WIDTH: Final = 14
"""Maximum and minimum width of a column, in characters."""


def build_pack_workbook(pack: DepartmentPack, renderer: PageRenderer) -> bytes:
    """Build the workbook of a pack as XLSX, with one worksheet a table."""
    localizer, members = renderer.localizer, pack.members
    file = BytesIO()
    book = Workbook(file, wraps=True)
    for table in (
        build_funds_table(members, renderer),
        build_targets_table(members, localizer),
        build_goals_table(members, renderer),
        build_hard_to_check_table(members, localizer),
        build_changes_table(members, renderer),
        build_defects_table(members, localizer),
        build_questions_table(members, localizer),
    ):
        _add_sheet(table, book, localizer)
    book.close()
    return file.getvalue()


def _add_sheet(table: PackTable, book: Workbook, localizer: Localizer) -> None:
    """Add a worksheet with filters, set up to be printed on A4 one page wide."""
    columns = [(title, _find_width(table, column)) for column, title in enumerate(table.columns)]
    sheet = book.add_sheet(table.title[:_SHEET_NAME_LENGTH], columns)
    ending = localizer.translate_plain("……（超出单元格的长度，全文见 PDF）")
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            match cell:
                case Decimal() if is_exact_in_spreadsheet(cell):
                    book.write(sheet, number, column, cell)
                case int():
                    book.write(sheet, number, column, cell)
                case _:
                    book.write(sheet, number, column, shorten(_format_text(cell, localizer), ending))
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _find_width(table: PackTable, column: int) -> int:
    texts = (row[column] for row in table.rows)
    longest = max((len(text.plain()) for text in texts if isinstance(text, Text)), default=0)
    return min(max(_MIN_COLUMN_WIDTH, 2 * longest), _MAX_COLUMN_WIDTH)


def _format_text(cell: Text | Decimal | str | None, localizer: Localizer) -> str:
    match cell:
        case None:
            return ""
        case Text():
            return localizer.translate_source_text(cell).plain()
        case Decimal():
            return f"{cell:,}"
        case _:
            return cell
