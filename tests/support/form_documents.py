"""Word files, workbooks and PDFs of forms in plain text, with real merged cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.shared import Pt
from docx.table import Table as WordTable
from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from playwright.sync_api import Browser

SPANNING_LABELS = re.compile(r"项目编码|项目名称|主管部门.*|计划开始日期|项目绩效目标|项目 绩效 目标")
"""Labels of rows whose last cell reaches the right edge."""
GOALS = re.compile(r"项目总(?:体)?目标|年度总(?:体)?目标")
SUM_PATTERN = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+\.[0-9]{2}")
DAYS = (
    (re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"), "yyyy-mm-dd"),
    (re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})"), "yyyy/m/d"),
    (re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"), 'yyyy"年"m"月"d"日"'),
)
FIXED_TIMESTAMP = (2021, 1, 4, 8, 0, 0)
STYLE = """
@page { size: A4 landscape; margin: 12mm 14mm; }
body { font: 10px/1.5 "Noto Sans CJK SC"; margin: 0; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; }
td { border: 1px solid #000; padding: 2px 4px; vertical-align: top; }
tr { break-inside: avoid; height: 24px; }
p { margin: 0 0 4px; min-height: 1em; }
.broken { break-after: page; }
"""
HTML_GAP = '<span style="padding: 0 60px"></span>'


@dataclass
class FormCell:
    """A cell of a table as it is drawn."""

    text: str
    row: int
    column: int
    down: int = 1
    across: int = 1


@dataclass
class FormTable:
    """Rows of one table, with its merged cells."""

    width: int
    height: int
    spots: list[FormCell]


FormBlock = FormTable | list[str]
"""A table, or the cells of a line outside all tables."""


def read_blocks(text: str) -> Iterator[FormBlock]:
    """Part a form into tables and lines: a line with a label or a gap at its left is a row of a table."""
    rows: list[list[str]] = []
    for line in text.removesuffix("\n").split("\n"):
        cells = line.split("\t")
        is_row = len(cells) > 1 or bool(rows and SPANNING_LABELS.fullmatch(cells[0]))
        if is_row and not re.match(r"填报人|联系电话|\t+单位", line):
            rows.append(cells)
            continue
        if rows:
            yield _table(rows)
            rows = []
        yield [cell for cell in cells if cell]
    if rows:
        yield _table(rows)


def _table(rows: Sequence[list[str]]) -> FormTable:
    width = max(map(len, rows))
    spots: list[FormCell] = []
    above: dict[int, FormCell] = {}
    heading = next(
        (number for number, cells in enumerate(rows) if "一级指标" in cells), 0 if width < 5 else len(rows)
    )
    goals = next((number for number, cells in enumerate(rows) if any(map(GOALS.fullmatch, cells))), len(rows))
    for number, cells in enumerate(rows):
        is_spanning = bool(SPANNING_LABELS.fullmatch(cells[0])) or goals <= number < heading
        column = 0
        while column < width:
            text = cells[column] if column < len(cells) else ""
            over = above.get(column)
            if (
                not text
                and over
                and column < 3
                and _is_merged_with_cell_above(number, column, heading, goals)
            ):
                over.down += 1
                column += over.across
                continue
            spot = FormCell(text, number, column)
            if is_spanning and (text or column):
                while (
                    column + spot.across < width
                    and not "".join(cells[column + spot.across : column + spot.across + 1])
                    and not (number >= goals and column + spot.across == 3)
                ):
                    spot.across += 1
            spots.append(spot)
            above = {at: one for at, one in above.items() if at < column or at >= column + spot.across}
            above[column] = spot
            column += spot.across
    return FormTable(width, len(rows), spots)


def _is_merged_with_cell_above(number: int, column: int, heading: int, goals: int) -> bool:
    """Return whether an empty cell is merged with the cell above it."""
    if number > heading:
        return True
    return column == 0 and number not in {goals, heading}


def build_word_form(text: str) -> bytes:
    """Write a form as a Word file."""
    document = Document()
    document.styles["Normal"].font.size = Pt(9)
    for block in read_blocks(text):
        if isinstance(block, FormTable):
            table = document.add_table(block.height, block.width, style="Table Grid")
            _fill(table, block)
        else:
            document.add_paragraph("\t".join(block))
    stream = BytesIO()
    document.save(stream)
    return _fix_timestamps(stream.getvalue())


def _fill(table: WordTable, block: FormTable) -> None:
    for spot in block.spots:
        cell = table.cell(spot.row, spot.column)
        if spot.down > 1 or spot.across > 1:
            cell = cell.merge(table.cell(spot.row + spot.down - 1, spot.column + spot.across - 1))
        cell.text = spot.text


def build_workbook_form(text: str) -> bytes:
    """Write a form as a workbook of one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "申报表"
    row = 1
    for block in read_blocks(text):
        if isinstance(block, FormTable):
            for spot in block.spots:
                cell = sheet.cell(row + spot.row, 1 + spot.column)
                _write_cell(cell, spot.text)
                if spot.down > 1 or spot.across > 1:
                    sheet.merge_cells(
                        start_row=row + spot.row,
                        end_row=row + spot.row + spot.down - 1,
                        start_column=1 + spot.column,
                        end_column=spot.column + spot.across,
                    )
            row += block.height
            continue
        for column, words in enumerate(block, 1):
            sheet.cell(row, column).value = words
        row += 1
    stream = BytesIO()
    book.save(stream)
    return _fix_timestamps(stream.getvalue())


def _write_cell(cell: Cell | MergedCell, text: str) -> None:
    for pattern, shown in DAYS:
        found = pattern.fullmatch(text)
        if found:
            year, month, day = map(int, found.groups())
            cell.value = datetime(year, month, day)  # noqa: DTZ001 - a day of a form has no zone
            cell.number_format = shown
            return
    if SUM_PATTERN.fullmatch(text):
        cell.value = float(text.replace(",", "")) if "." in text else int(text.replace(",", ""))
        cell.number_format = "#,##0" if "," in text else "0.00"
    elif text:
        cell.value = text
        # `=100%` is what was typed, not a formula.
        cell.data_type = "s"


def _fix_timestamps(archive: bytes) -> bytes:
    """Repack *archive* with fixed times, so that nothing in it depends on today."""
    stream = BytesIO()
    with ZipFile(BytesIO(archive)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2021-01-04T08:00:00Z", old.read(name))
            entry = ZipInfo(name, FIXED_TIMESTAMP)
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, part)
    return stream.getvalue()


def build_html_form(text: str) -> str:
    """Write a form as a web page to be printed: a new page where an empty line follows a table."""
    written = []
    parts = list(read_blocks(text))
    for number, block in enumerate(parts):
        if isinstance(block, FormTable):
            is_broken = [] in parts[number + 1 : number + 2]
            written.append(f'<div class="{"broken" if is_broken else ""}">{_html(block)}</div>')
        elif block:
            written.append(f"<p>{HTML_GAP.join(map(escape, block))}</p>")
    return f'<html lang="zh-CN"><style>{STYLE}</style><body>{"".join(written)}</body></html>'


def _html(table: FormTable) -> str:
    rows = []
    for number in range(table.height):
        cells = "".join(
            f'<td rowspan="{spot.down}" colspan="{spot.across}">{escape(spot.text)}</td>'
            for spot in table.spots
            if spot.row == number
        )
        rows.append(f"<tr>{cells}</tr>")
    widths = {5: (10, 14, 20, 30, 26), 4: (14, 20, 30, 26), 6: (10, 14, 20, 26, 16, 14)}[table.width]
    columns = "".join(f'<col style="width: {width}%">' for width in widths)
    return f'<table style="width: {sum(widths)}%">{columns}{"".join(rows)}</table>'


def build_pdf_form(text: str, browser: Browser) -> bytes:
    """Print a form as a browser does."""
    sheet = browser.new_page()
    sheet.set_content(build_html_form(text))
    printed: bytes = sheet.pdf(prefer_css_page_size=True)
    sheet.close()
    return printed
