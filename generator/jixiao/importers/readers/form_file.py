"""Reading of a form file: text and PDF are read here, Word files and workbooks by readers of their own.

In plain text a line is a row and tabs separate the cells. The pages of a PDF are read in a bounded subprocess
(`pdf_pages.py`); its ruled tables row by row, and the lines outside them, become a grid.
"""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from jixiao.i18n import Message, message
from jixiao.importers.form_cells import Grid, build_row
from jixiao.importers.readers.bounded_process import (
    PDF_CHARACTERS_LIMIT,
    PDF_PAGES_LIMIT,
    PDF_SIGNATURE_WITHIN,
    PdfBlock,
    PdfCell,
    PdfContent,
    PdfPageContent,
    PdfRefusal,
    run_within_limits,
)
from jixiao.importers.readers.table_layout import (
    CELL_TEXT_LIMIT,
    FORM_CELLS_LIMIT,
    ROW_CELLS_LIMIT,
    PrintedCell,
    PrintedRow,
    build_grid,
    build_too_many_cells_problem,
    lay_out_table,
)
from jixiao.load.source_files import read_bytes, read_text
from jixiao.load.wrong_content import detect_file_kind
from jixiao.problems import Place, Problem, ReadError

_TEXT_SIZE_LIMIT = 4 * 1024 * 1024
"""Bytes of a text file. A form has about 5,000."""
_BINARY_SIZE_LIMIT = 16 * 1024 * 1024
"""Bytes of a Word file, a workbook or a PDF. A form has about 50,000."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""Marker of an encrypted Word file or workbook, which otherwise looks like an old-format one."""
_SIGNATURES = {".docx": b"PK", ".xlsx": b"PK", ".pdf": b"%PDF"}


def read_form(path: Path) -> Grid | Problem:
    """Read the form file at *path* and return its grid, or the problem that prevents it."""
    file = os.fspath(path)
    suffix = path.suffix.lower()
    if suffix not in _SIGNATURES:
        return _read_text_form(path, file)
    content = read_bytes(path, file, _BINARY_SIZE_LIMIT)
    if isinstance(content, Problem):
        smaller = message("申报表不会有这么大；请去掉图片和附件，或分成几个文件")
        return replace(content, hint=smaller) if content.rule == "file-too-large" else content
    wrong_kind = _find_wrong_kind(content, suffix, file)
    if wrong_kind is not None:
        return wrong_kind
    # The libraries of these readers are large and rarely needed.
    match suffix:
        case ".docx":
            from jixiao.importers.readers.word_form import read_word_form  # noqa: PLC0415

            return read_word_form(content, file)
        case ".xlsx":
            from jixiao.importers.readers.workbook_form import read_workbook_form  # noqa: PLC0415

            return read_workbook_form(content, file)
        case _:
            return _read_pdf_form(content, file)


def _find_wrong_kind(content: bytes, suffix: str, file: str) -> Problem | None:
    """Return a problem if the first bytes of *content* contradict its suffix."""
    signature = _SIGNATURES[suffix]
    is_pdf = suffix == ".pdf" and signature in content[:PDF_SIGNATURE_WITHIN]
    if content.startswith(signature) or is_pdf:
        return None
    if content.startswith(_OLD_OFFICE) and _ENCRYPTED_PACKAGE in content:
        return Problem(
            rule="file-has-password",
            place=Place(file),
            message=message("文件加了密码，打不开"),
            hint=message("请去掉密码，另存一份再读入"),
        )
    kind = detect_file_kind(content) or message("别的东西")
    return Problem(
        rule="not-this-kind-of-file",
        place=Place(file),
        message=message("这不是 {ending} 文件，内容是：{kind}", ending=suffix, kind=kind)
        if content
        else message("文件是空的"),
        hint=message("请在 Word、Excel 或 WPS 里打开原文件，另存为 .docx 或 .xlsx，不要只改扩展名"),
    )


def _read_text_form(path: Path, file: str) -> Grid | Problem:
    """Read the text form at *path* and return its grid, or the problem that prevents it."""
    source = read_text(path, file, _TEXT_SIZE_LIMIT)
    if isinstance(source, Problem):
        hint = _TEXT_HINTS.get(source.rule)
        return source if hint is None else replace(source, hint=hint)
    cells = source.text.count("\t") + len(source.lines)
    if cells > FORM_CELLS_LIMIT:
        return build_too_many_cells_problem(file, cells)
    rows = []
    for number, line in enumerate(source.lines, 1):
        texts = tuple(line.split("\t"))
        if len(line) > CELL_TEXT_LIMIT or len(texts) > ROW_CELLS_LIMIT:
            return Problem(
                rule="form-line-too-long",
                place=Place(file, number),
                message=message(
                    "这一行有 {length} 个字、{cells} 格，不像申报表的一行",
                    length=str(len(line)),
                    cells=str(len(texts)),
                ),
                hint=message(
                    "一行最多 {length} 个字、{cells} 格；请核对是不是导出时丢了换行",
                    length=str(CELL_TEXT_LIMIT),
                    cells=str(ROW_CELLS_LIMIT),
                ),
            )
        rows.append(build_row(number, texts, message("第 {line} 行", line=str(number))))
    return Grid(file=file, rows=tuple(rows))


_TEXT_HINTS = {
    "file-too-large": message("请分成几个文件"),
    "not-a-text-file": message(
        "能读 .docx、.xlsx、有文字的 .pdf 和文字文件；别的（.doc、.xls、.wps、.et、网页等）"
        "请在 Word、Excel 或 WPS 里打开，另存为 .docx 或 .xlsx，不要只改扩展名"
    ),
}
"""Hints by rule, because a form needs other advice than a source of the site."""

_PDF_PROGRAM = "jixiao.importers.readers.pdf_pages"
_RADICALS = str.maketrans(
    {chr(sign): unicodedata.normalize("NFKC", chr(sign)) for sign in range(0x2F00, 0x2FD6)}
    | dict(
        zip(
            "⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⺝⺟⺩⻁",
            "民西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙月母王虎",
            strict=True,
        )
    )
)
"""Radicals mapped to the characters they look like; a PDF may store either."""
_EXPORT_AGAIN = message("请用 Word、WPS 或浏览器重新导出一份 PDF；有 .docx 或 .xlsx 的，请用那一份")
_KEEP_FORM_PAGES = message("请只把申报表那几页另存为一个 PDF")
_REFUSALS: dict[PdfRefusal, tuple[Message, Message]] = {
    PdfRefusal.PASSWORD: (message("PDF 加了密码，打不开"), message("请去掉密码，另存一份再读入")),
    PdfRefusal.PAGES: (message("PDF 超过 {limit} 页", limit=str(PDF_PAGES_LIMIT)), _KEEP_FORM_PAGES),
    PdfRefusal.CHARACTERS: (
        message("PDF 超过 {limit} 个字", limit=str(PDF_CHARACTERS_LIMIT)),
        _KEEP_FORM_PAGES,
    ),
    PdfRefusal.FONT: (message("PDF 的字体没有写明印的是哪些字，读出来会是乱码"), _EXPORT_AGAIN),
    PdfRefusal.DAMAGED: (message("PDF 不完整或已损坏，打不开"), _EXPORT_AGAIN),
    PdfRefusal.LIMITS: (message("读这份 PDF 所用的时间或内存超过限度，没有读完"), _EXPORT_AGAIN),
    PdfRefusal.SCANNED: (
        message("PDF 里没有文字，看来是扫描件或图片"),
        message("请换用 Word、Excel 或由它们导出的 PDF；都没有的，请照原表抄成文字文件"),
    ),
}
"""Message and hint for each reason."""


def _read_pdf_form(content: bytes, file: str) -> Grid | Problem:
    """Read the forms in the PDF *content* and return their grid, or the problem that prevents it."""
    output = run_within_limits(_PDF_PROGRAM, content)
    pdf: PdfContent = (
        PdfContent(refusal=PdfRefusal.LIMITS, pages=[]) if output is None else json.loads(output)
    )
    refusal = pdf["refusal"]
    if refusal is None and not any(page["has_text"] for page in pdf["pages"]):
        refusal = PdfRefusal.SCANNED
    if refusal is not None:
        return ReadError(f"pdf-{refusal}", *_REFUSALS[PdfRefusal(refusal)]).to_problem(Place(file))
    reader = _PdfFormReader()
    rows = [row for number, page in enumerate(pdf["pages"], 1) for row in reader.read_page(page, number)]
    return build_grid(file, rows, reader.list_remarks(), counts_lines=False)


@dataclass
class _PdfFormReader:
    """Reader of pages that counts tables and lines and collects remarks."""

    columns: tuple[float, ...] = ()
    """Columns of the last indicator table, which may continue on the next page."""
    radicals: int = 0
    pages_without_text: list[str] = field(default_factory=list)
    pages_with_pictures: list[str] = field(default_factory=list)

    def list_remarks(self) -> list[Message]:
        """Return the remarks that a person should check."""
        remarks = []
        if self.pages_without_text:
            remarks.append(
                message("第 {pages} 页没有文字，看来是扫描件，没有读入", pages=tuple(self.pages_without_text))
            )
        if self.pages_with_pictures:
            remarks.append(
                message(
                    "第 {pages} 页有图片，图片里的文字读不到，请核对", pages=tuple(self.pages_with_pictures)
                )
            )
        if self.radicals:
            remarks.append(
                message("有 {count} 个字在 PDF 里存成了部首，已换成同形的常用字", count=str(self.radicals))
            )
        return remarks

    def read_page(self, page: PdfPageContent, number: int) -> Iterator[PrintedRow]:
        """Read one page into rows, followed by an empty row.

        Args:
            page: Content of the page.
            number: Page number, counted from 1.
        """
        place = message("第 {page} 页", page=str(number))
        if not page["has_text"]:
            self.pages_without_text.append(str(number))
        elif page["has_pictures"]:
            self.pages_with_pictures.append(str(number))
        tables = outside = 0
        for block in page["blocks"]:
            if block["is_table"]:
                tables += 1
                yield from self._read_table(
                    block, message("{page}，表 {table}", page=place, table=str(tables))
                )
            else:
                outside += 1
                line_place = message("{page}，表外第 {line} 行", page=place, line=str(outside))
                for row in block["rows"]:
                    yield self._read_row(row, line_place, line_place)
        yield PrintedRow(place=place)

    def _read_table(self, block: PdfBlock, place: Message) -> tuple[PrintedRow, ...]:
        rows = [
            self._read_row(row, message("{table}，第 {row} 行", table=place, row=str(number)))
            for number, row in enumerate(block["rows"], 1)
        ]
        laid_out, self.columns = lay_out_table(rows, self.columns)
        return laid_out

    def _read_row(
        self, row: Sequence[PdfCell], place: Message, cell_place: Message | None = None
    ) -> PrintedRow:
        """Read a row; replace radicals by the characters that look the same, and count them."""
        cells = []
        for cell in row:
            text = cell["text"].translate(_RADICALS)
            self.radicals += sum(stored != shown for stored, shown in zip(cell["text"], text, strict=True))
            normalized = unicodedata.normalize("NFC", text)
            cells.append(PrintedCell(text=normalized, left=cell["left"], place=cell_place))
        return PrintedRow(place=place, cells=tuple(cells))
