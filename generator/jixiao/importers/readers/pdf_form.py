"""A form in a PDF with text becomes a grid: its ruled tables row by row, and the lines outside them.

The pages are read by another process (`pdf_page.py`), which may be stopped.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jixiao.i18n import Message, message
from jixiao.importers.grid import Grid
from jixiao.importers.pdf_found import CHARACTERS_LIMIT, PAGES_LIMIT, Block, Found, Refusal, Sheet
from jixiao.importers.readers.bounded_process import read_within_limits
from jixiao.importers.readers.table_layout import Line, Piece, grid_of, lay_out
from jixiao.problems import Misread, Place, Problem

_READER = "jixiao.importers.readers.pdf_pages"
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
"""Parts of characters that a font prints as it prints the characters; a PDF keeps either."""
_EXPORTED_ANEW = message("请用 Word、WPS 或浏览器重新导出一份 PDF；有 .docx 或 .xlsx 的，请用那一份")
_CUT_OUT = message("请只把申报表那几页另存为一个 PDF")
_REFUSALS: dict[Refusal, tuple[Message, Message]] = {
    Refusal.PASSWORD: (message("PDF 加了密码，打不开"), message("请去掉密码，另存一份再读入")),
    Refusal.PAGES: (message("PDF 超过 {limit} 页", limit=str(PAGES_LIMIT)), _CUT_OUT),
    Refusal.CHARACTERS: (message("PDF 超过 {limit} 个字", limit=str(CHARACTERS_LIMIT)), _CUT_OUT),
    Refusal.FONT: (message("PDF 的字体没有写明印的是哪些字，读出来会是乱码"), _EXPORTED_ANEW),
    Refusal.DAMAGED: (message("PDF 不完整或已损坏，打不开"), _EXPORTED_ANEW),
    Refusal.LIMITS: (message("读这份 PDF 所用的时间或内存超过限度，没有读完"), _EXPORTED_ANEW),
    Refusal.SCANNED: (
        message("PDF 里没有文字，看来是扫描件或图片"),
        message("请换用 Word、Excel 或由它们导出的 PDF；都没有的，请照原表抄成文字文件"),
    ),
}
"""What is, and what to do."""


def read_pdf_form(content: bytes, file: str) -> Grid | Problem:
    """Read the forms in the PDF that *content* holds; give their grid, or what stands in the way.

    Args:
        content: Of the file.
        file: Its name, as messages give it.
    """
    try:
        pages = _pages(content)
    except Misread as misread:
        return misread.at(Place(file))
    reader = _Reader()
    lines = [line for number, page in enumerate(pages, 1) for line in reader.page(page, number)]
    return grid_of(file, lines, reader.remarks(), counts_lines=False)


def _pages(content: bytes) -> Sequence[Sheet]:
    found = _found(content)
    if found is None:
        raise _refused(Refusal.LIMITS)
    if found["refusal"] is not None:
        raise _refused(Refusal(found["refusal"]))
    if not any(page["has_text"] for page in found["pages"]):
        raise _refused(Refusal.SCANNED)
    return found["pages"]


def _refused(why: Refusal) -> Misread:
    saying, hint = _REFUSALS[why]
    return Misread(f"pdf-{why}", saying, hint)


def _found(content: bytes) -> Found | None:
    """Have the PDF read by a process with limits; nothing where it came to an end before it was done."""
    said = read_within_limits(_READER, content)
    found: Found | None = None if said is None else json.loads(said)
    return found


@dataclass
class _Reader:
    """Counts tables and lines page by page, and keeps what is to be told."""

    columns: tuple[float, ...] = ()
    """Of the last indicator table, which may go on over a page break."""
    radicals: int = 0
    without_text: list[str] = field(default_factory=list)
    with_pictures: list[str] = field(default_factory=list)

    def remarks(self) -> list[Message]:
        """Tell what a person should look at."""
        said = []
        if self.without_text:
            said.append(
                message("第 {pages} 页没有文字，看来是扫描件，没有读入", pages=tuple(self.without_text))
            )
        if self.with_pictures:
            said.append(
                message("第 {pages} 页有图片，图片里的文字读不到，请核对", pages=tuple(self.with_pictures))
            )
        if self.radicals:
            said.append(
                message("有 {count} 个字在 PDF 里存成了部首，已换成同形的常用字", count=str(self.radicals))
            )
        return said

    def page(self, page: Sheet, number: int) -> Iterator[Line]:
        """Read one page; an empty row ends it.

        Args:
            page: What was found on it.
            number: Counted from 1.
        """
        place = message("第 {page} 页", page=str(number))
        if not page["has_text"]:
            self.without_text.append(str(number))
        elif page["has_pictures"]:
            self.with_pictures.append(str(number))
        tables = outside = 0
        for block in page["blocks"]:
            if block["is_table"]:
                tables += 1
                yield from self._table(block, message("{page}，表 {table}", page=place, table=str(tables)))
            else:
                outside += 1
                yield from self._outside(
                    block, message("{page}，表外第 {line} 行", page=place, line=str(outside))
                )
        yield Line(place=place)

    def _table(self, block: Block, place: Message) -> tuple[Line, ...]:
        lines = [
            Line(
                place=message("{table}，第 {row} 行", table=place, row=str(number)),
                pieces=tuple(Piece(text=self._text(cell["text"]), left=cell["left"]) for cell in row),
            )
            for number, row in enumerate(block["rows"], 1)
        ]
        laid, self.columns = lay_out(lines, self.columns)
        return laid

    def _outside(self, block: Block, place: Message) -> Iterator[Line]:
        for row in block["rows"]:
            pieces = tuple(
                Piece(text=self._text(cell["text"]), left=cell["left"], place=place) for cell in row
            )
            yield Line(place=place, pieces=pieces)

    def _text(self, printed: str) -> str:
        """Give the characters that are meant where a radical is kept that looks the same."""
        meant = printed.translate(_RADICALS)
        self.radicals += sum(one != other for one, other in zip(printed, meant, strict=True))
        return unicodedata.normalize("NFC", meant)
