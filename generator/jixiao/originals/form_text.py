"""All text of a form file; its first bytes tell Word, workbook, PDF and text apart."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from jixiao.i18n import Message, message
from jixiao.load.wrong_content import detect_file_kind
from jixiao.personal_data.form_rows import ExtractedText, TextCell, TextPiece, TextRow
from jixiao.problems import ReadError

if TYPE_CHECKING:
    # Large libraries, which a text does not need.
    from lxml.etree import _Element

    from jixiao.importers.readers.office_archive import ArchivePart

_PDF_SIGNATURE_WITHIN = 1024
"""Bytes that may precede the PDF signature, as its standard says."""
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
    if b"%PDF" in content[:_PDF_SIGNATURE_WITHIN]:
        opened = _open_pdf(content)
        is_all_seen = content.startswith(b"%PDF") and not opened.is_damaged
    elif content.startswith(b"PK"):
        opened = _open_archive(content)
        is_all_seen = not opened.is_damaged
    else:
        return _open_as_text(content)
    return opened if is_all_seen else _add_text(opened, _open_as_text(content))


def _add_text(opened: OpenedForm, text: OpenedForm) -> OpenedForm:
    """Add the content decoded as plain text; use that alone if the file is only a text that begins oddly."""
    if opened.is_damaged and text.kind is not None:
        return text
    rows = [*opened.contents.rows, *text.contents.rows]
    return OpenedForm(ExtractedText(rows, opened.contents.unsearched))


def _open_as_text(content: bytes) -> OpenedForm:
    kind = detect_file_kind(content)
    text = _decode_text(content)
    if text is None:
        return _build_unsearched_form(kind or message("别的东西"))
    opened = _open_text(*text)
    if kind is not None:
        opened.contents.rows += _split_rows(unescape(text[0]))
        opened.contents.unsearched.append(_describe_unsearched(kind))
        opened.kind = None
    return opened


def _open_pdf(content: bytes) -> OpenedForm:
    # Loaded where it is needed, as the other readers are: their libraries are large.
    from jixiao.originals.pdf_text import DAMAGED, extract_pdf_text  # noqa: PLC0415

    passages = extract_pdf_text(content)
    return OpenedForm(passages, is_damaged=DAMAGED in passages.unsearched)


def _describe_unsearched(kind: Message) -> Message:
    return message("查不了，内容是：{kind}", kind=kind)


def _build_unsearched_form(kind: Message) -> OpenedForm:
    return OpenedForm(ExtractedText(unsearched=[_describe_unsearched(kind)]))


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


def _open_text(text: str, encoding: str) -> OpenedForm:
    if text.count("\t") + len(text.splitlines()) > _CELLS_LIMIT:
        whole = ExtractedText(unsearched=[message("行和格太多，只查了号码")])
        whole.add_text(message("全文"), text)
        return OpenedForm(whole)
    return OpenedForm(ExtractedText(rows=_split_rows(text)), TextFile(encoding))


def _split_rows(text: str) -> list[TextRow]:
    """Split a text into lines and cells; the pieces together are the whole text."""
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        place = message("第 {line} 行", line=str(number))
        rows.append(TextRow([TextCell(place, [TextPiece(cell)]) for cell in line.split("\t")], line=number))
    return rows


def _open_archive(content: bytes) -> OpenedForm:
    from jixiao.importers.readers.office_archive import read_parts_to_search  # noqa: PLC0415 - see above
    from jixiao.originals.office_text import (  # noqa: PLC0415  # noqa: PLC0415  # noqa: PLC0415
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
    except ReadError as misread:
        unsearched = [message("查不了：{reason}", reason=misread.message)]
        return OpenedForm(ExtractedText(unsearched=unsearched), is_damaged=True)
    archive = OfficeArchive(parts=parts, trees=trees, is_word=WORD_DOCUMENT in trees)
    if WORD_DOCUMENT in trees:
        return OpenedForm(extract_word_text(parts, trees), archive)
    if WORKBOOK in trees:
        return OpenedForm(extract_workbook_text(parts, trees), archive)
    passages = ExtractedText(unsearched=[_describe_unsearched(message("Word、Excel 以外的文件或压缩包"))])
    for name, tree in trees.items():
        passages.rows.extend(extract_element_rows(tree.iter(), message("{name}", name=name)))
    return OpenedForm(passages)
