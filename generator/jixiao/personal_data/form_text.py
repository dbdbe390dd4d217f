"""All text of a file, by what its first bytes say it is: Word, workbook, PDF, text, or something else."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from jixiao.i18n import Message, message
from jixiao.load.foreign import kind_of
from jixiao.personal_data.form_rows import Cell, Passages, Piece, Row
from jixiao.problems import Misread

if TYPE_CHECKING:
    # Large libraries, which a text does not need.
    from lxml.etree import _Element

    from jixiao.importers.readers.office_archive import Part

_PDF_BEGINS_WITHIN = 1024
"""Bytes that may stand before a PDF, as its standard says."""
_MARKS = {
    BOM_UTF32_LE: "utf-32",
    BOM_UTF32_BE: "utf-32",
    BOM_UTF8: "utf-8-sig",
    BOM_UTF16_LE: "utf-16",
    BOM_UTF16_BE: "utf-16",
}
"""The mark of UTF-32 begins with that of UTF-16, so it is looked for first."""
_ENCODINGS = ("utf-8", "gb18030")


_CELLS_LIMIT = 200_000
"""Cells of a text that is searched cell by cell. A form has about 250."""


@dataclass(slots=True)
class TextFile:
    """A text, as it was encoded."""

    encoding: str


@dataclass(slots=True)
class Archive:
    """A Word file or a workbook, taken apart."""

    parts: tuple[Part, ...]
    trees: Mapping[str, _Element]
    is_word: bool


@dataclass(slots=True)
class Opened:
    """A file with its text."""

    passages: Passages = field(default_factory=Passages)
    kind: TextFile | Archive | None = None
    """`None` where nothing can be written."""
    is_damaged: bool = False
    """Not what its first bytes promise, or not all of it."""


def open_form(content: bytes) -> Opened:
    """Take the text of a form as received, whatever it is."""
    if b"%PDF" in content[:_PDF_BEGINS_WITHIN]:
        opened = _pdf(content)
        is_all_seen = content.startswith(b"%PDF") and not opened.is_damaged
    elif content.startswith(b"PK"):
        opened = _archive(content)
        is_all_seen = not opened.is_damaged
    else:
        return _as_text(content)
    return opened if is_all_seen else _with_text(opened, _as_text(content))


def _with_text(opened: Opened, text: Opened) -> Opened:
    """Add the text that the same file is to people; it may be nothing but a text that begins oddly."""
    if opened.is_damaged and text.kind is not None:
        return text
    rows = [*opened.passages.rows, *text.passages.rows]
    return Opened(Passages(rows, opened.passages.unsearched))


def _as_text(content: bytes) -> Opened:
    kind = kind_of(content)
    text = _decoded(content)
    if text is None:
        return _unsearched(kind or message("别的东西"))
    opened = _text(*text)
    if kind is not None:
        opened.passages.rows += _rows(unescape(text[0]))
        opened.passages.unsearched.append(_saying(kind))
        opened.kind = None
    return opened


def _pdf(content: bytes) -> Opened:
    # Loaded where it is needed, as the other readers are: their libraries are large.
    from jixiao.personal_data.pdf_text import DAMAGED, passages_of_pdf  # noqa: PLC0415

    passages = passages_of_pdf(content)
    return Opened(passages, is_damaged=DAMAGED in passages.unsearched)


def _saying(kind: Message) -> Message:
    return message("查不了，内容是：{kind}", kind=kind)


def _unsearched(kind: Message) -> Opened:
    return Opened(Passages(unsearched=[_saying(kind)]))


def _decoded(content: bytes) -> tuple[str, str] | None:
    """Decode text in the encodings that forms come in; give it with its encoding.

    What holds NUL is no text, or text in an encoding that its mark does not say.
    """
    marked = next((encoding for mark, encoding in _MARKS.items() if content.startswith(mark)), None)
    for encoding in (marked,) if marked else _ENCODINGS:
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            return None if "\0" in text else (text, encoding)
    return None


def _text(text: str, encoding: str) -> Opened:
    if text.count("\t") + len(text.splitlines()) > _CELLS_LIMIT:
        whole = Passages(unsearched=[message("行和格太多，只查了号码")])
        whole.add(message("全文"), text)
        return Opened(whole)
    return Opened(Passages(rows=_rows(text)), TextFile(encoding))


def _rows(text: str) -> list[Row]:
    """Part a text into lines and cells; the pieces together are the text."""
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        place = message("第 {line} 行", line=str(number))
        rows.append(Row([Cell(place, [Piece(cell)]) for cell in line.split("\t")], line=number))
    return rows


def _archive(content: bytes) -> Opened:
    from jixiao.importers.readers.office_archive import parts_to_search  # noqa: PLC0415 - see above
    from jixiao.originals.any_xml import rows_of_rest, tree_of  # noqa: PLC0415
    from jixiao.originals.workbook_text import BOOK, passages_of_workbook  # noqa: PLC0415
    from jixiao.personal_data.office_text import MAIN, passages_of_word  # noqa: PLC0415

    try:
        parts = parts_to_search(content)
        trees = {part.name: tree_of(part) for part in parts if part.is_xml}
    except Misread as misread:
        unsearched = [message("查不了：{reason}", reason=misread.saying)]
        return Opened(Passages(unsearched=unsearched), is_damaged=True)
    archive = Archive(parts=parts, trees=trees, is_word=MAIN in trees)
    if MAIN in trees:
        return Opened(passages_of_word(parts, trees), archive)
    if BOOK in trees:
        return Opened(passages_of_workbook(parts, trees), archive)
    passages = Passages(unsearched=[_saying(message("Word、Excel 以外的文件或压缩包"))])
    for name, tree in trees.items():
        passages.rows.extend(rows_of_rest(tree.iter(), message("{name}", name=name)))
    return Opened(passages)
