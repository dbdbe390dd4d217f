"""Reader of Word forms: tables row by row, and each paragraph between them as a row, become a grid.

Content that Word shows is read: cells merged across and down, tables inside cells, text boxes, insertions
that are not accepted yet, headers and footers. Deletions and comments are not.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from lxml.etree import LxmlError, _Element

from jixiao.i18n import Message, message
from jixiao.importers.form_cells import Grid
from jixiao.importers.readers.office_archive import (
    WORD_SIGNS,
    OfficeFileKind,
    build_damaged_error,
    find_local_name,
    require_safe_archive,
)
from jixiao.importers.readers.table_layout import PrintedCell, PrintedRow, build_grid, lay_out_table
from jixiao.problems import Place, Problem, ReadError

_WORD_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HIDDEN_ELEMENTS = frozenset(
    {"del", "moveFrom", "delText", "instrText", "rPr", "pPr", "tblPr", "tblGrid", "tcPr", "trPr", "sectPr"}
    | {"sdtPr", "rt", "footnoteReference", "commentReference", "posOffset", "align"}
)
"""Names, without namespace, of elements whose text does not appear on the page."""
_SEPARATE_ELEMENTS = frozenset({"tbl", "txbxContent"})
"""Elements inside a paragraph or cell that are read as rows of their own."""
_SYMBOLS = {"F0A8": "□", "F06F": "□", "F0A3": "□", "F0FE": "☑", "F052": "☑", "F0FD": "☒", "F053": "☒"}
"""Checkbox symbols of the Wingdings fonts, as forms use them."""
_NOT_HIDDEN = frozenset({None, "0", "false", "off"})
"""Values of the property of hidden text, if it is shown."""
_UNKNOWN_SYMBOL = "\ufffd"
_PARTS_AFTER_BODY = (
    ("footnotes", message("脚注")),
    ("endnotes", message("尾注")),
    ("footer", message("页脚")),
)
"""Kinds of parts that are read after the body, with their places; headers are read before it."""
_WORD_ERRORS = (AttributeError, LookupError, TypeError, ValueError, LxmlError, BadZipFile, zlib.error)
"""Exceptions that the library raises for files that break the standard."""


def read_word_form(content: bytes, file: str) -> Grid | Problem:
    """Read the Word form in *content* and return its grid, or the problem that prevents it.

    Args:
        content: Bytes of the file.
        file: Path of the file as shown in messages.
    """
    try:
        require_safe_archive(content, OfficeFileKind.WORD)
        document = Document(BytesIO(content))
        reader = _WordFormReader()
        rows = list(_read_side_part(document, "header", message("页眉"), reader))
        rows.extend(reader.read_blocks(document.element.body))
        for kind, place in _PARTS_AFTER_BODY:
            rows.extend(_read_side_part(document, kind, place, reader))
    except ReadError as error:
        return error.to_problem(Place(file))
    except _WORD_ERRORS:
        return build_damaged_error().to_problem(Place(file))
    return build_grid(file, rows, reader.list_remarks(), counts_lines=False)


def _read_side_part(
    document: WordDocument, kind: str, place: Message, reader: _WordFormReader
) -> Iterator[PrintedRow]:
    """Read a part beside the body; yield no row for an empty part, so that it does not end a page."""
    parts = [
        relation.target_part
        for relation in document.part.rels.values()
        if relation.reltype.rpartition("/")[2] == kind
    ]
    for part in parts:
        for row in reader.read_blocks(parse_xml(part.blob)):
            if any(cell.text.strip() for cell in row.cells):
                cells = tuple(replace(cell, place=cell.place and place) for cell in row.cells)
                yield replace(row, cells=cells)


def _iterate_shown(element: _Element) -> Iterator[_Element]:
    """Yield the children of *element* that appear on the page."""
    for child in element:
        name = find_local_name(child)
        if name == "AlternateContent":
            # It holds the same content twice, for newer and for older programs.
            yield from _iterate_shown(child[0]) if len(child) else ()
        elif name and name not in _HIDDEN_ELEMENTS:
            yield child


@dataclass
class _WordFormReader:
    """Reader of the elements of a document that counts tables and paragraphs and collects remarks."""

    tables: int = 0
    paragraphs: int = 0
    columns: tuple[float, ...] = ()
    """Columns of the last indicator table."""
    has_tracked_changes: bool = False
    has_hidden_text: bool = False
    has_pictures: bool = False
    numbered_places: list[Message] = field(default_factory=list)
    """Places of paragraphs that Word numbers automatically."""

    def list_remarks(self) -> list[Message]:
        """Return the remarks that a person should check."""
        remarks = []
        if self.has_tracked_changes:
            remarks.append(message("文件里有没有接受的修订：插入的文字读入了，删除的没有读"))
        if self.has_hidden_text:
            remarks.append(message("文件里有隐藏的文字，没有读入"))
        if self.has_pictures:
            remarks.append(message("文件里有图片，图片里的文字读不到，请核对"))
        if self.numbered_places:
            remarks.append(
                message(
                    "{place}等 {count} 段用了 Word 的自动编号，号码本身没有读入，请核对",
                    place=self.numbered_places[0],
                    count=str(len(self.numbered_places)),
                )
            )
        return remarks

    def read_blocks(self, parent: _Element, within: Message | None = None) -> Iterator[PrintedRow]:
        """Read the tables and paragraphs of *parent* in order.

        Args:
            parent: Body, cell or text box.
            within: Place of *parent*, if it is not the body.
        """
        for child in _iterate_shown(parent):
            name = find_local_name(child)
            if name in {"ins", "moveTo"}:
                self.has_tracked_changes = True
            if name == "tbl":
                self.tables += 1
                place = message("表 {table}", table=str(self.tables))
                if within:
                    place = message("{outer}内的{inner}", outer=within, inner=place)
                yield from self._read_table(child, place)
            elif name == "p":
                yield from self._read_paragraph(child, within)
            else:
                yield from self.read_blocks(child, within)

    def _read_paragraph(self, paragraph: _Element, within: Message | None) -> Iterator[PrintedRow]:
        text = self._read_text(paragraph)
        if text.strip():
            self.paragraphs += 1
        place = within or message("第 {number} 段", number=str(max(self.paragraphs, 1)))
        self._record_numbering(paragraph, text, place)
        for line in text.split("\n"):
            cells = tuple(
                PrintedCell(text=part.strip(), left=position, place=place)
                for position, part in enumerate(line.split("\t"))
            )
            yield PrintedRow(place=place, cells=cells if line.strip() else ())
        yield from self._read_separate(paragraph, place)

    def _read_table(self, table: _Element, place: Message) -> Iterator[PrintedRow]:
        rows = list(_iterate_named(table, "tr"))
        printed = [
            self._read_row(row, message("{table}，第 {row} 行", table=place, row=str(number)))
            for number, row in enumerate(rows, 1)
        ]
        laid_out, self.columns = lay_out_table(printed, self.columns)
        for printed_row, row in zip(laid_out, rows, strict=True):
            yield printed_row
            for cell in _iterate_named(row, "tc"):
                yield from self._read_separate(cell, printed_row.place)

    def _read_row(self, row: _Element, place: Message) -> PrintedRow:
        cells = []
        left = _read_number(row, "trPr", "gridBefore", 0)
        for cell in _iterate_named(row, "tc"):
            merges = (_read_property(cell, "tcPr", name, "continue") for name in ("vMerge", "hMerge"))
            # It continues the cell above it or to its left.
            is_continuation = "continue" in merges
            text = "" if is_continuation else self._read_cell(cell, place)
            cells.append(PrintedCell(text=text, left=left, is_continuation=is_continuation))
            left += max(_read_number(cell, "tcPr", "gridSpan", 1), 1)
        return PrintedRow(place=place, cells=tuple(cells))

    def _read_cell(self, cell: _Element, place: Message) -> str:
        """Return the text of *cell*, one line per paragraph."""
        paragraphs = []
        for paragraph in _iterate_named(cell, "p"):
            text = self._read_text(paragraph).replace("\t", " ")
            self._record_numbering(paragraph, text, place)
            paragraphs.append(text)
        return "\n".join(paragraphs).strip()

    def _record_numbering(self, paragraph: _Element, text: str, place: Message) -> None:
        if text.strip() and paragraph.find(f"{_WORD_NAMESPACE}pPr/{_WORD_NAMESPACE}numPr") is not None:
            self.numbered_places.append(place)

    def _read_text(self, element: _Element) -> str:
        """Return the displayed text of *element*."""
        texts = []
        for child in _iterate_shown(element):
            name = find_local_name(child)
            if name == "t":
                texts.append(child.text or "")
            elif name in WORD_SIGNS:
                texts.append(WORD_SIGNS[name])
            elif name == "sym":
                texts.append(_SYMBOLS.get(child.get(f"{_WORD_NAMESPACE}char", "").upper(), _UNKNOWN_SYMBOL))
            elif name == "r" and _read_property(child, "rPr", "vanish", "1") not in _NOT_HIDDEN:
                self.has_hidden_text = True
            elif name not in _SEPARATE_ELEMENTS:
                self.has_tracked_changes |= name in {"ins", "moveTo"}
                self.has_pictures |= name in {"blip", "imagedata"}
                texts.append(self._read_text(child))
        return "".join(texts)

    def _read_separate(self, element: _Element, place: Message) -> Iterator[PrintedRow]:
        """Read tables and text boxes inside *element* as rows of their own."""
        for child in _iterate_shown(element):
            if find_local_name(child) == "tbl":
                self.tables += 1
                inner = message("表 {table}", table=str(self.tables))
                yield from self._read_table(child, message("{outer}内的{inner}", outer=place, inner=inner))
            elif find_local_name(child) == "txbxContent":
                yield from self.read_blocks(child, message("{outer}的文本框", outer=place))
            else:
                yield from self._read_separate(child, place)


def _iterate_named(parent: _Element, wanted: str) -> Iterator[_Element]:
    """Yield the *wanted* elements of *parent*, also in controls and insertions, not in inner tables."""
    for child in _iterate_shown(parent):
        if find_local_name(child) == wanted:
            yield child
        elif find_local_name(child) not in {*_SEPARATE_ELEMENTS, "p"}:
            yield from _iterate_named(child, wanted)


def _read_number(element: _Element, properties: str, name: str, default: int) -> int:
    """Return a property that is a number of at most four digits, or else *default*."""
    value = _read_property(element, properties, name, "") or ""
    return int(value) if re.fullmatch("[0-9]{1,4}", value) else default


def _read_property(element: _Element, properties: str, name: str, default: str) -> str | None:
    """Return a property, or *default* if it is stated without a value; `None` if it is not stated."""
    found = element.find(f"{_WORD_NAMESPACE}{properties}/{_WORD_NAMESPACE}{name}")
    return None if found is None else found.get(f"{_WORD_NAMESPACE}val", default)
