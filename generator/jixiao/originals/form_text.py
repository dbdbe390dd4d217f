"""All text of a form file; its first bytes tell Word, workbook, PDF and text apart.

A PDF is read in a bounded subprocess: its pages, and every string of its objects.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from jixiao.i18n import Message, message
from jixiao.importers.readers.bounded_process import (
    PDF_SIGNATURE_WITHIN,
    PdfPageContent,
    PdfRefusal,
    run_within_limits,
)
from jixiao.load.wrong_content import detect_file_kind
from jixiao.personal_data.form_rows import ExtractedText, TextCell, TextPiece, TextRow, nest_place
from jixiao.problems import ReadError

if TYPE_CHECKING:
    # Large libraries, which a text does not need.
    from lxml.etree import _Element

    from jixiao.importers.readers.office_archive import ArchivePart
    from jixiao.originals.pdf_strings import PdfSearchText

_PDF_PROGRAM = "jixiao.originals.pdf_strings"
_DAMAGED = message("PDF 不完整或已损坏，查不了")
_REFUSALS = {
    PdfRefusal.PASSWORD: message("PDF 加了密码，查不了"),
    PdfRefusal.FONT: message("PDF 的字体没有写明印的是哪些字，查不了"),
    PdfRefusal.SCANNED: message("PDF 里没有文字，看来是扫描件或图片，查不了"),
    PdfRefusal.DAMAGED: _DAMAGED,
}
_INCOMPLETE = message("PDF 没有查完：太大，或用时太长")
_BYTE_ORDER_MARKS = {
    BOM_UTF32_LE: "utf-32",
    BOM_UTF32_BE: "utf-32",
    BOM_UTF8: "utf-8-sig",
    BOM_UTF16_LE: "utf-16",
    BOM_UTF16_BE: "utf-16",
}
"""Byte order marks with encodings; UTF-32 first, because its mark begins with that of UTF-16."""
_ENCODINGS = ("utf-8", "gb18030")


_CELLS_LIMIT = 200_000
"""Cells of a text that is searched cell by cell. A form has about 250."""


@dataclass(slots=True)
class TextFile:
    """Text file with its encoding."""

    encoding: str


@dataclass(slots=True)
class OfficeArchive:
    """Unpacked Word file or workbook."""

    parts: tuple[ArchivePart, ...]
    trees: Mapping[str, _Element]
    is_word: bool


@dataclass(slots=True)
class OpenedForm:
    """Form file with its extracted text."""

    contents: ExtractedText = field(default_factory=ExtractedText)
    kind: TextFile | OfficeArchive | None = None
    """Writable representation of the file; `None` if it cannot be rewritten."""
    is_damaged: bool = False
    """Whether its content contradicts its first bytes, or is incomplete."""


def open_form(content: bytes) -> OpenedForm:
    """Extract the text of a form as received, whatever its format."""
    if b"%PDF" in content[:PDF_SIGNATURE_WITHIN]:
        extracted = _extract_pdf_text(content)
        opened = OpenedForm(extracted, is_damaged=_DAMAGED in extracted.unsearched)
        is_all_read = content.startswith(b"%PDF") and not opened.is_damaged
    elif content.startswith(b"PK"):
        opened = _open_archive(content)
        is_all_read = not opened.is_damaged
    else:
        return _open_as_text(content)
    if is_all_read:
        return opened
    text = _open_as_text(content)
    if opened.is_damaged and text.kind is not None:
        # The file is only a text that begins like an archive or a PDF.
        return text
    rows = [*opened.contents.rows, *text.contents.rows]
    return OpenedForm(ExtractedText(rows, opened.contents.unsearched))


def _open_as_text(content: bytes) -> OpenedForm:
    """Open a plain text; text of another kind of file, such as a web page, cannot be rewritten."""
    kind = detect_file_kind(content)
    decoded = _decode_text(content)
    if decoded is None:
        return OpenedForm(ExtractedText(unsearched=[_describe_unsearched(kind or message("别的东西"))]))
    text, encoding = decoded
    if text.count("\t") + len(text.splitlines()) > _CELLS_LIMIT:
        opened = OpenedForm(ExtractedText(unsearched=[message("行和格太多，只查了号码")]))
        opened.contents.add_text(message("全文"), text)
    else:
        opened = OpenedForm(ExtractedText(rows=_split_rows(text)), TextFile(encoding))
    if kind is not None:
        opened.contents.rows += _split_rows(unescape(text))
        opened.contents.unsearched.append(_describe_unsearched(kind))
        opened.kind = None
    return opened


def _describe_unsearched(kind: Message) -> Message:
    return message("查不了，内容是：{kind}", kind=kind)


def _decode_text(content: bytes) -> tuple[str, str] | None:
    """Decode text in the encodings used for forms; return it with its encoding.

    Text that holds NUL is not text, or is in an encoding that its byte order mark does not state.
    """
    marked = next(
        (encoding for mark, encoding in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), None
    )
    for encoding in (marked,) if marked else _ENCODINGS:
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            return None if "\0" in text else (text, encoding)
    return None


def _split_rows(text: str) -> list[TextRow]:
    """Split a text into lines and cells; the pieces together are the whole text."""
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        place = message("第 {line} 行", line=str(number))
        rows.append(TextRow([TextCell(place, [TextPiece(cell)]) for cell in line.split("\t")], line=number))
    return rows


def _open_archive(content: bytes) -> OpenedForm:
    """Open a Word file or workbook; of any other archive only the texts of its XML parts are read."""
    # These libraries are large and not needed for a text.
    from jixiao.importers.readers.office_archive import read_parts_to_search  # noqa: PLC0415
    from jixiao.originals.office_text import (  # noqa: PLC0415
        WORD_DOCUMENT,
        WORKBOOK,
        extract_element_rows,
        extract_word_text,
        extract_workbook_text,
        parse_part,
    )

    try:
        parts = read_parts_to_search(content)
        trees = {part.name: parse_part(part) for part in parts if part.is_xml}
    except ReadError as error:
        unsearched = [message("查不了：{reason}", reason=error.message)]
        return OpenedForm(ExtractedText(unsearched=unsearched), is_damaged=True)
    archive = OfficeArchive(parts=parts, trees=trees, is_word=WORD_DOCUMENT in trees)
    if WORD_DOCUMENT in trees:
        return OpenedForm(extract_word_text(parts, trees), archive)
    if WORKBOOK in trees:
        return OpenedForm(extract_workbook_text(parts, trees), archive)
    extracted = ExtractedText(unsearched=[_describe_unsearched(message("Word、Excel 以外的文件或压缩包"))])
    for name, tree in trees.items():
        extracted.rows.extend(extract_element_rows(tree.iter(), message("{name}", name=name)))
    return OpenedForm(extracted)


def _extract_pdf_text(content: bytes) -> ExtractedText:
    """Extract all text of the PDF *content*, with notes on the parts that cannot be searched."""
    output = run_within_limits(_PDF_PROGRAM, content)
    if output is None:
        return ExtractedText(unsearched=[_INCOMPLETE])
    pdf: PdfSearchText = json.loads(output)
    extracted = ExtractedText(unsearched=list(_describe_unsearched_pdf(pdf)))
    for number, page in enumerate(pdf["pages"]["pages"], 1):
        extracted.rows.extend(_read_page_rows(page, message("第 {page} 页", page=str(number))))
    for number, text in pdf["turned"]:
        place = message("第 {page} 页", page=str(number))
        extracted.rows.append(TextRow([TextCell(place, [TextPiece(text)])]))
    for kind, text in pdf["objects"]["strings"]:
        place = message("批注、表单或文件属性（{kind}）", kind=kind or "-")
        cell = TextCell(place, [TextPiece(text)], is_author=kind.rpartition(" ")[2] in {"Author", "T"})
        extracted.rows.append(TextRow([cell], is_shown=False))
    for name in pdf["objects"]["files"]:
        extracted.add_text(message("附件"), name)
    return extracted


def _describe_unsearched_pdf(pdf: PdfSearchText) -> Iterator[Message]:
    pages, objects = pdf["pages"], pdf["objects"]
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
        yield message("PDF 里有附件，查不了：{names}", names=tuple(filter(None, objects["files"])))


def _read_page_rows(page: PdfPageContent, page_place: Message) -> Iterator[TextRow]:
    tables = 0
    for block in page["blocks"]:
        tables += block["is_table"]
        for number, cells in enumerate(block["rows"], 1):
            place = page_place
            if block["is_table"]:
                inner = message("表 {table}，第 {row} 行", table=str(tables), row=str(number))
                place = nest_place(page_place, inner)
            yield TextRow([TextCell(place, [TextPiece(cell["text"])]) for cell in cells])
