"""Reader of workbook forms: sheets, rows and cells, with the text a cell displays, become a grid.

A workbook stores 0.9 and displays 90%. The displayed text was filed; where the format rounds or is not
supported, the stored number is used in full, with a remark.
"""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import NamedTuple
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.styles import numbers
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from jixiao.i18n import Message, message
from jixiao.importers.form_cells import Grid
from jixiao.importers.readers.office_archive import (
    OfficeFileKind,
    build_damaged_error,
    require_safe_archive,
)
from jixiao.importers.readers.table_layout import (
    FORM_CELLS_LIMIT,
    ROW_CELLS_LIMIT,
    PrintedCell,
    PrintedRow,
    build_grid,
    lay_out_table,
)
from jixiao.problems import Place, Problem, ReadError

_LIST_LIMIT = 20
"""Number of cells that one remark lists."""
_WORKBOOK_ERRORS = (
    AttributeError,
    AssertionError,
    LookupError,
    TypeError,
    ValueError,
    OverflowError,
    SyntaxError,
    BadZipFile,
    zlib.error,
)
"""Exceptions that the library raises for files that break the standard."""
_CHINESE_DATE_FORMATS = {
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    31: 'yyyy"年"m"月"d"日"',
}
"""Date formats by number that Chinese programs have built in and the library lacks."""


def read_workbook_form(content: bytes, file: str) -> Grid | Problem:
    """Read the forms in the workbook *content* and return their grid, or the problem that prevents it.

    Args:
        content: Bytes of the file.
        file: Path of the file as shown in messages.
    """
    try:
        require_safe_archive(content, OfficeFileKind.WORKBOOK)
        reader = _WorkbookFormReader(
            values=_open_workbook(content, has_values=True),
            formulas=_open_workbook(content, has_values=False),
        )
        sheets = [sheet for sheet in reader.values.worksheets if _is_filled(sheet)]
        rows = [row for sheet in sheets for row in reader.read_sheet(sheet)]
    except ReadError as error:
        return error.to_problem(Place(file))
    return build_grid(file, rows, reader.list_remarks(), counts_lines=len(sheets) == 1)


def _open_workbook(content: bytes, *, has_values: bool) -> Workbook:
    # Without these formats the library would return the number of a date.
    numbers.BUILTIN_FORMATS.update(_CHINESE_DATE_FORMATS)
    try:
        with warnings.catch_warnings():
            # The library warns of what it would lose if it wrote the file.
            warnings.simplefilter("ignore")
            return load_workbook(BytesIO(content), data_only=has_values, keep_links=False)
    except _WORKBOOK_ERRORS as error:
        raise build_damaged_error() from error


def _is_filled(sheet: Worksheet) -> bool:
    """Return whether *sheet* holds any value.

    Raises:
        ReadError: It is larger than any form.
    """
    rows, columns = sheet.max_row, sheet.max_column
    if columns > ROW_CELLS_LIMIT or rows * columns > FORM_CELLS_LIMIT:
        raise ReadError(
            "sheet-too-large",
            message(
                "工作表“{sheet}”一直到第 {row} 行、第 {column} 列，不像申报表",
                sheet=sheet.title,
                row=str(rows),
                column=str(columns),
            ),
            message("请删去表格以外的行和列（包括只设了格式的空行空列），再保存"),
        )
    return any(value not in {None, ""} for row in sheet.iter_rows(values_only=True) for value in row)


@dataclass
class _WorkbookFormReader:
    """Reader of one workbook, opened for values and for formulas, that collects remarks."""

    values: Workbook
    formulas: Workbook
    formula_cells: list[str] = field(default_factory=list)
    """Names of cells that hold a formula."""
    hidden_remarks: list[Message] = field(default_factory=list)
    display_remarks: list[Message] = field(default_factory=list)
    """Remarks on cells whose text could be read differently."""

    def list_remarks(self) -> list[Message]:
        """Return the remarks that a person should check."""
        remarks = list(self.hidden_remarks)
        if self.formula_cells:
            remarks.append(
                message(
                    "{cells} 共 {count} 格是公式：读的是存着的结果，没有重新计算，请核对",
                    cells=tuple(self.formula_cells[:_LIST_LIMIT]),
                    count=str(len(self.formula_cells)),
                )
            )
        return [*remarks, *self.display_remarks]

    def read_sheet(self, sheet: Worksheet) -> Iterator[PrintedRow]:
        """Read the rows of *sheet*; empty rows separate pages."""
        self._record_hidden(sheet)
        covered_right: set[tuple[int, int]] = set()
        covered_below: set[tuple[int, int]] = set()
        for area in sheet.merged_cells.ranges:
            for row in range(area.min_row, area.max_row + 1):
                covered_right.update((row, column) for column in range(area.min_col + 1, area.max_col + 1))
            covered_below.update((row, area.min_col) for row in range(area.min_row + 1, area.max_row + 1))
        used = [
            column
            for values in sheet.iter_rows(values_only=True)
            for column, value in enumerate(values, 1)
            if value not in {None, ""}
        ]
        rows = []
        for row in range(1, sheet.max_row + 1):
            cells = tuple(
                self._read_cell(sheet, row, column, is_continuation=(row, column) in covered_below)
                for column in range(min(used), max(used) + 1)
                if (row, column) not in covered_right
            )
            place = message("{sheet} 第 {row} 行", sheet=sheet.title, row=str(row))
            is_filled = any(cell.text.strip() for cell in cells)
            rows.append(PrintedRow(place=place, cells=cells if is_filled else ()))
        yield from _lay_out_pages(rows)

    def _read_cell(self, sheet: Worksheet, row: int, column: int, *, is_continuation: bool) -> PrintedCell:
        cell = sheet.cell(row, column)
        name = f"{sheet.title}!{get_column_letter(column)}{row}"
        if self.formulas[sheet.title].cell(row, column).data_type == "f":
            if cell.value is None:
                raise ReadError(
                    "formula-without-value",
                    message("{cell} 是公式，文件里没有存它的结果", cell=name),
                    message("请用 Excel 或 WPS 打开，保存一次，再读入；或把这一格改成数值"),
                )
            self.formula_cells.append(name)
        display = display_cell(cell.value, cell.number_format)
        if display.remark is not None:
            self.display_remarks.append(message("{cell}：{remark}", cell=name, remark=display.remark))
        return PrintedCell(
            text=display.text,
            left=column,
            place=message("{cell}", cell=name),
            is_continuation=is_continuation,
        )

    def _record_hidden(self, sheet: Worksheet) -> None:
        if sheet.sheet_state != "visible":
            self.hidden_remarks.append(message("工作表“{sheet}”是隐藏的，一样读入", sheet=sheet.title))
        rows = tuple(
            str(row)
            for row, dimension in sorted(sheet.row_dimensions.items())
            if dimension.hidden and row <= sheet.max_row
        )
        columns = tuple(
            get_column_letter(column)
            for dimension in sheet.column_dimensions.values()
            if dimension.hidden and dimension.min
            for column in range(dimension.min, min(dimension.max or 0, sheet.max_column) + 1)
        )
        for template, listed in (
            ("工作表“{sheet}”有隐藏的行，一样读入：{listed}", rows),
            ("工作表“{sheet}”有隐藏的列，一样读入：{listed}", columns),
        ):
            if listed:
                self.hidden_remarks.append(message(template, sheet=sheet.title, listed=listed[:_LIST_LIMIT]))


def _lay_out_pages(rows: Sequence[PrintedRow]) -> Iterator[PrintedRow]:
    """Lay out each page by itself, without the columns that the whole page leaves empty at its right."""
    columns_above: tuple[float, ...] = ()
    page: list[PrintedRow] = []
    for row in (*rows, PrintedRow(place=rows[-1].place)):
        if row.cells:
            page.append(row)
            continue
        last = max((cell.left for line in page for cell in line.cells if cell.text.strip()), default=0)
        trimmed = [
            PrintedRow(place=line.place, cells=tuple(cell for cell in line.cells if cell.left <= last))
            for line in page
        ]
        laid_out, columns_above = lay_out_table(trimmed, columns_above)
        yield from laid_out
        page = []
        yield row


_DIGIT_FORMAT = re.compile(r"([#0,]*)(?:\.([0#]*))?")
_LITERAL = r'"([^"]*)"|\\(.)|([^\w\\"\[*])|([\u3400-\u9fff])'
_PADDING = re.compile(r"_.|\*.")
_COLOUR = re.compile(
    r"\[(?:black|white|red|green|blue|yellow|magenta|cyan|color ?[0-9]+|\$-[0-9a-f]+)\]", re.IGNORECASE
)
_CURRENCY = re.compile(r"\[\$([^\[\]-]*+)(?:-[0-9A-Fa-f]++)?\]")
_FORMAT_PIECE = re.compile(rf"([#0?.,]+)|(%)|General|{_LITERAL}")
_DATE_FORMAT_PIECE = re.compile(rf"(y{{1,4}}|m{{1,2}}|d{{1,2}})|{_LITERAL}", re.IGNORECASE)
_SECTION = re.compile(r'((?:"[^"]*"|\\.|[^;"\\])*)(?:;|$)')
_FORMAT_LENGTH_LIMIT = 255
"""Characters of a format, Excel's limit. Each cell could otherwise name a format of any length."""
_SYSTEM_DATE_FORMAT = "mm-dd-yy"
"""Short date, which each system writes in its own way."""


class CellDisplay(NamedTuple):
    """Displayed text of a cell."""

    text: str
    remark: Message | None = None
    """Remark for the reader of the report, without the place of the cell."""


def display_cell(value: object, number_format: str) -> CellDisplay:
    """Return the text that a cell displays.

    Args:
        value: Value as the library returns it: text, number, date, time, or `None`.
        number_format: Number format of the cell, e.g. `#,##0.00`.
    """
    match value:
        case None:
            return CellDisplay("")
        case str():
            return CellDisplay(value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
        case bool():
            return CellDisplay("TRUE" if value else "FALSE")
        case int() | float():
            # Excel holds 15 digits, though the binary form has up to 17.
            number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
            return _display_number(number, number_format)
        case datetime() | date():
            return _display_date(value, number_format)
        case _:
            return _display_unknown_format(str(value), number_format)


def _display_unknown_format(stored: str, code: str) -> CellDisplay:
    return CellDisplay(
        stored, message("显示格式“{code}”认不出来：按存的 {stored} 读，请核对", code=code, stored=stored)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _NumberFormat:
    """Parsed number format."""

    before: str
    digits: str | None
    """Placeholders of the digits before the decimal point; `None` displays the number as it is stored."""
    decimals: str
    """Placeholders of the digits after it."""
    behind: str
    is_percent: bool


def _display_number(stored: Decimal, code: str) -> CellDisplay:
    number_format = _parse_format(code)
    if number_format is None or stored < 0:
        is_plain = code in {"General", "@"}
        return CellDisplay(f"{stored:f}") if is_plain else _display_unknown_format(f"{stored:f}", code)
    before, behind = number_format.before, number_format.behind
    number = stored.scaleb(2) if number_format.is_percent else stored
    if number_format.digits is None:
        return CellDisplay(f"{before}{number:f}{behind}")
    rounded = number.quantize(Decimal(1).scaleb(-len(number_format.decimals)), ROUND_HALF_UP)
    digits = _group_digits(f"{rounded:f}", number_format.digits, number_format.decimals)
    seen = f"{before}{digits}{behind}"
    if rounded == number:
        return CellDisplay(seen)
    exact = f"{before}{_group_digits(f'{number:f}', number_format.digits, '')}{behind}"
    return CellDisplay(
        exact, message("显示为 {seen}，存的是 {exact}：按存的读，请核对", seen=seen, exact=exact)
    )


def _parse_format(code: str) -> _NumberFormat | None:
    """Parse the part of *code* for positive numbers; `None` if it holds more than digits and literals."""
    if len(code) > _FORMAT_LENGTH_LIMIT:
        return None
    section = _SECTION.match("General" if code == "@" else code)
    rest = _CURRENCY.sub(r"\\\1", _COLOUR.sub("", _PADDING.sub("", section[1] if section else "")))
    before, behind, is_percent = "", "", False
    body: str | None = None
    while rest:
        piece = _FORMAT_PIECE.match(rest)
        if piece is None:
            return None
        digits, percent, *literals = piece.groups()
        text = "%" if percent else "".join(filter(None, literals))
        is_percent = is_percent or bool(percent)
        if digits or piece[0] == "General":
            if body is not None:
                return None
            body = digits or ""
        elif body is None:
            before += text
        else:
            behind += text
        rest = rest[piece.end() :]
    found = None if body is None else _DIGIT_FORMAT.fullmatch(body)
    if found is None or found[1].endswith(","):
        return None
    return _NumberFormat(
        before=before,
        digits=found[1] if body else None,
        decimals=found[2] or "",
        behind=behind,
        is_percent=is_percent,
    )


def _group_digits(plain: str, before: str, behind: str) -> str:
    """Format the digits *plain* with the zeros and commas that a format requires."""
    whole, _, decimals = plain.partition(".")
    if behind:
        least = behind.rfind("0") + 1
        decimals = decimals[:least] + decimals[least:].rstrip("0")
    least = before.replace(",", "").count("0")
    whole = whole.lstrip("0").rjust(least, "0")
    if "," in before:
        whole = f"{int(whole):,}" if whole else whole
    return f"{whole}.{decimals}" if decimals else whole or "0"


def _display_date(value: date, code: str) -> CellDisplay:
    has_time = isinstance(value, datetime) and value.time() != time()
    day = str(value) if has_time else f"{value.year:04}-{value.month:02}-{value.day:02}"
    if len(code) > _FORMAT_LENGTH_LIMIT:
        return _display_unknown_format(day, code)
    section = _SECTION.match(code)
    rest = _COLOUR.sub("", section[1] if section else "")
    if rest.lower() == _SYSTEM_DATE_FORMAT and not has_time:
        return CellDisplay(day)
    text = None if has_time else _format_date(value, rest)
    return _display_unknown_format(day, code) if text is None else CellDisplay(text)


def _format_date(value: date, code: str) -> str | None:
    """Format a date with the day, month and year codes of *code*; `None` if it holds anything else."""
    year, short_year = f"{value.year:04}", f"{value.year % 100:02}"
    numbers_by_code = {"y": short_year, "yy": short_year, "yyy": year, "yyyy": year}
    numbers_by_code |= {"m": str(value.month), "mm": f"{value.month:02}"}
    numbers_by_code |= {"d": str(value.day), "dd": f"{value.day:02}"}
    text = ""
    at = 0
    while at < len(code):
        piece = _DATE_FORMAT_PIECE.match(code, at)
        if piece is None:
            return None
        letters, *literals = piece.groups()
        # Three letters and more stand for names of months and of days of the week.
        if letters and code[piece.end() : piece.end() + 1].lower() == letters[-1].lower():
            return None
        text += numbers_by_code[letters.lower()] if letters else "".join(filter(None, literals))
        at = piece.end()
    return text
