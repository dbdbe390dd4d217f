"""Reader of PDF forms with text: ruled tables row by row, and the lines outside them, become a grid.

The pages are read in a bounded subprocess (`pdf_pages.py`).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jixiao.i18n import Message, message
from jixiao.importers.form_cells import Grid
from jixiao.importers.readers.bounded_process import (
    PDF_CHARACTERS_LIMIT,
    PDF_PAGES_LIMIT,
    PdfBlock,
    PdfContent,
    PdfPageContent,
    PdfRefusal,
    run_within_limits,
)
from jixiao.importers.readers.table_layout import PrintedCell, PrintedRow, build_grid, lay_out_table
from jixiao.problems import Place, Problem, ReadError

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


def read_pdf_form(content: bytes, file: str) -> Grid | Problem:
    """Read the forms in the PDF *content* and return their grid, or the problem that prevents it.

    Args:
        content: Bytes of the file.
        file: Path of the file as shown in messages.
    """
    try:
        pages = _require_pages(content)
    except ReadError as misread:
        return misread.to_problem(Place(file))
    reader = _PdfFormReader()
    lines = [line for number, page in enumerate(pages, 1) for line in reader.read_page(page, number)]
    return build_grid(file, lines, reader.list_remarks(), counts_lines=False)


def _require_pages(content: bytes) -> Sequence[PdfPageContent]:
    found = _run_pdf_program(content)
    if found is None:
        raise _build_refusal(PdfRefusal.LIMITS)
    if found["refusal"] is not None:
        raise _build_refusal(PdfRefusal(found["refusal"]))
    if not any(page["has_text"] for page in found["pages"]):
        raise _build_refusal(PdfRefusal.SCANNED)
    return found["pages"]


def _build_refusal(why: PdfRefusal) -> ReadError:
    saying, hint = _REFUSALS[why]
    return ReadError(f"pdf-{why}", saying, hint)


def _run_pdf_program(content: bytes) -> PdfContent | None:
    """Run the PDF program on *content*; return `None` if it exceeded its limits."""
    said = run_within_limits(_PDF_PROGRAM, content)
    found: PdfContent | None = None if said is None else json.loads(said)
    return found


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
        said = []
        if self.pages_without_text:
            said.append(
                message("第 {pages} 页没有文字，看来是扫描件，没有读入", pages=tuple(self.pages_without_text))
            )
        if self.pages_with_pictures:
            said.append(
                message(
                    "第 {pages} 页有图片，图片里的文字读不到，请核对", pages=tuple(self.pages_with_pictures)
                )
            )
        if self.radicals:
            said.append(
                message("有 {count} 个字在 PDF 里存成了部首，已换成同形的常用字", count=str(self.radicals))
            )
        return said

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
                yield from self._read_outside(
                    block, message("{page}，表外第 {line} 行", page=place, line=str(outside))
                )
        yield PrintedRow(place=place)

    def _read_table(self, block: PdfBlock, place: Message) -> tuple[PrintedRow, ...]:
        lines = [
            PrintedRow(
                place=message("{table}，第 {row} 行", table=place, row=str(number)),
                cells=tuple(
                    PrintedCell(text=self._replace_radicals(cell["text"]), left=cell["left"]) for cell in row
                ),
            )
            for number, row in enumerate(block["rows"], 1)
        ]
        laid, self.columns = lay_out_table(lines, self.columns)
        return laid

    def _read_outside(self, block: PdfBlock, place: Message) -> Iterator[PrintedRow]:
        for row in block["rows"]:
            pieces = tuple(
                PrintedCell(text=self._replace_radicals(cell["text"]), left=cell["left"], place=place)
                for cell in row
            )
            yield PrintedRow(place=place, cells=pieces)

    def _replace_radicals(self, printed: str) -> str:
        """Replace radicals by the characters that look the same, and count them."""
        meant = printed.translate(_RADICALS)
        self.radicals += sum(one != other for one, other in zip(printed, meant, strict=True))
        return unicodedata.normalize("NFC", meant)
