"""All text of a PDF, read in a bounded subprocess: its pages, and every string of its objects."""

from __future__ import annotations

import json
from collections.abc import Iterator

from jixiao.i18n import Message, message
from jixiao.importers.readers.bounded_process import PdfBlock, PdfPageContent, PdfRefusal, run_within_limits
from jixiao.originals.pdf_strings import PdfSearchText
from jixiao.personal_data.form_rows import ExtractedText, TextCell, TextPiece, TextRow, nest_place

_PDF_PROGRAM = "jixiao.originals.pdf_strings"
DAMAGED = message("PDF 不完整或已损坏，查不了")
_REFUSALS = {
    PdfRefusal.PASSWORD: message("PDF 加了密码，查不了"),
    PdfRefusal.FONT: message("PDF 的字体没有写明印的是哪些字，查不了"),
    PdfRefusal.SCANNED: message("PDF 里没有文字，看来是扫描件或图片，查不了"),
    PdfRefusal.DAMAGED: DAMAGED,
}
_INCOMPLETE = message("PDF 没有查完：太大，或用时太长")


def extract_pdf_text(content: bytes) -> ExtractedText:
    """Extract all text of the PDF *content*, with notes on the parts that cannot be searched."""
    found = _run_pdf_program(content)
    if found is None:
        return ExtractedText(unsearched=[_INCOMPLETE])
    rows: list[TextRow] = []
    for number, page in enumerate(found["pages"]["pages"], 1):
        rows.extend(_read_page_rows(page, message("第 {page} 页", page=str(number))))
    for number, text in found["turned"]:
        rows.append(TextRow([TextCell(message("第 {page} 页", page=str(number)), [TextPiece(text)])]))
    for kind, text in found["objects"]["strings"]:
        place = message("批注、表单或文件属性（{kind}）", kind=kind or "-")
        is_author = kind.rpartition(" ")[2] in {"Author", "T"}
        rows.append(TextRow([TextCell(place, [TextPiece(text)], is_author=is_author)], is_shown=False))
    passages = ExtractedText(rows=rows, unsearched=list(_describe_unsearched(found)))
    for name in found["objects"]["files"]:
        passages.add_text(message("附件"), name)
    return passages


def _describe_unsearched(found: PdfSearchText) -> Iterator[Message]:
    pages, objects = found["pages"], found["objects"]
    pictures = tuple(str(number) for number, page in enumerate(pages["pages"], 1) if page["has_pictures"])
    if pages["refusal"] is not None:
        yield _REFUSALS.get(PdfRefusal(pages["refusal"]), _INCOMPLETE)
    elif not any(page["has_text"] for page in pages["pages"]):
        yield _REFUSALS[PdfRefusal.SCANNED]
    elif not objects["is_whole"]:
        yield _INCOMPLETE
    elif pictures:
        yield message("第 {pages} 页有图片，图片里的文字查不了", pages=pictures)
    if objects["files"]:
        names = tuple(filter(None, objects["files"]))
        yield message("PDF 里有附件，查不了：{names}", names=names)


def _read_page_rows(page: PdfPageContent, place: Message) -> Iterator[TextRow]:
    tables = 0
    for block in page["blocks"]:
        tables += block["is_table"]
        yield from _read_block_rows(block, place, tables)


def _read_block_rows(block: PdfBlock, page: Message, table: int) -> list[TextRow]:
    rows = []
    for number, cells in enumerate(block["rows"], 1):
        place = page
        if block["is_table"]:
            place = nest_place(page, message("表 {table}，第 {row} 行", table=str(table), row=str(number)))
        rows.append(TextRow([TextCell(place, [TextPiece(cell["text"])]) for cell in cells]))
    return rows


def _run_pdf_program(content: bytes) -> PdfSearchText | None:
    """Run the PDF program on *content*; return `None` if it exceeded its limits."""
    said = run_within_limits(_PDF_PROGRAM, content)
    found: PdfSearchText | None = None if said is None else json.loads(said)
    return found
