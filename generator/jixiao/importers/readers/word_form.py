"""A form in Word becomes a grid: tables row by row, the paragraphs between them one row each.

What Word shows is read: cells merged across and down, tables inside cells, boxes of text, insertions that are
not accepted yet, headers and footers. What it does not show is not: deletions, comments.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from jixiao.i18n import Message, message
from jixiao.importers.grid import Grid
from jixiao.importers.readers.office_archive import Kind, require_sound_archive
from jixiao.importers.readers.table_layout import Line, Piece, grid_of, lay_out
from jixiao.importers.word_signs import SIGNS_OF_WORD
from jixiao.problems import Misread, Place, Problem
from lxml.etree import LxmlError, _Element

_MAIN = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NOT_SHOWN = frozenset(
    {"del", "moveFrom", "delText", "instrText", "rPr", "pPr", "tblPr", "tblGrid", "tcPr", "trPr", "sectPr"}
    | {"sdtPr", "rt", "footnoteReference", "commentReference", "posOffset", "align"}
)
"""Elements whose words are no words of the page, by their names without namespace."""
_APART = frozenset({"tbl", "txbxContent"})
"""Elements that stand in a paragraph or a cell and are read as rows of their own."""
_SYMBOLS = {"F0A8": "□", "F06F": "□", "F0A3": "□", "F0FE": "☑", "F052": "☑", "F0FD": "☒", "F053": "☒"}
"""The boxes of the fonts Wingdings, which forms use to be ticked."""
_LOST = "\ufffd"
_PARTS = (
    ("header", message("页眉")),
    ("footnotes", message("脚注")),
    ("endnotes", message("尾注")),
    ("footer", message("页脚")),
)
"""Parts beside the text by their kind; headers are read before it, the others behind it."""
_BROKEN = (AttributeError, LookupError, TypeError, ValueError, LxmlError, BadZipFile, zlib.error)
"""What the library raises where a file is not as the standard says."""


def read_word_form(content: bytes, file: str) -> Grid | Problem:
    """Read the form in Word that *content* holds; give its grid, or what stands in the way.

    Args:
        content: Of the file.
        file: Its name, as messages give it.
    """
    try:
        require_sound_archive(content, Kind.WORD)
        lines, remarks = _read(content)
    except Misread as misread:
        return misread.at(Place(file))
    return grid_of(file, lines, remarks, counts_lines=False)


def _read(content: bytes) -> tuple[list[Line], list[Message]]:
    try:
        document = Document(BytesIO(content))
        reader = _Reader()
        lines: list[Line] = []
        for kind, named in _PARTS[:1]:
            lines.extend(_part(document, kind, named, reader))
        lines.extend(reader.blocks(document.element.body))
        for kind, named in _PARTS[1:]:
            lines.extend(_part(document, kind, named, reader))
    except _BROKEN as error:
        raise Misread(
            "archive-damaged",
            message("文件不完整或已损坏，打不开"),
            message("请在 Word、Excel 或 WPS 里打开原文件，另存一份；打不开就请重新取得原文件"),
        ) from error
    return lines, reader.remarks()


def _part(document: WordDocument, kind: str, named: Message, reader: _Reader) -> Iterator[Line]:
    """Read a part beside the text; nothing where it is empty, so that it ends no page."""
    parts = [
        relation.target_part
        for relation in document.part.rels.values()
        if relation.reltype.rpartition("/")[2] == kind
    ]
    for part in parts:
        for line in reader.blocks(parse_xml(part.blob)):
            if any(piece.text.strip() for piece in line.pieces):
                pieces = tuple(replace(piece, place=piece.place and named) for piece in line.pieces)
                yield replace(line, pieces=pieces)


def _name(element: _Element) -> str:
    """Give the name of *element* without its namespace; nothing for a comment in the XML."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _shown(element: _Element) -> Iterator[_Element]:
    """Give the children of *element* that stand on the page."""
    for child in element:
        name = _name(child)
        if name == "AlternateContent":
            # The same thing twice, for newer and for older programs.
            yield from _shown(child[0]) if len(child) else ()
        elif name and name not in _NOT_SHOWN:
            yield child


@dataclass
class _Reader:
    """Counts tables and paragraphs through the file, and keeps what is to be told."""

    tables: int = 0
    paragraphs: int = 0
    columns: tuple[float, ...] = ()
    """Of the last indicator table."""
    tracked: bool = False
    hidden: bool = False
    pictures: bool = False
    numbered: list[Message] = field(default_factory=list)
    """Where paragraphs are numbered by Word, not by words."""

    def remarks(self) -> list[Message]:
        """Tell what a person should look at."""
        said = []
        if self.tracked:
            said.append(message("文件里有没有接受的修订：插入的文字读入了，删除的没有读"))
        if self.hidden:
            said.append(message("文件里有隐藏的文字，没有读入"))
        if self.pictures:
            said.append(message("文件里有图片，图片里的文字读不到，请核对"))
        if self.numbered:
            said.append(
                message(
                    "{place}等 {count} 段用了 Word 的自动编号，号码本身没有读入，请核对",
                    place=self.numbered[0],
                    count=str(len(self.numbered)),
                )
            )
        return said

    def blocks(self, parent: _Element, within: Message | None = None) -> Iterator[Line]:
        """Read the tables and paragraphs of *parent*, in order.

        Args:
            parent: A body, a cell, a box of text.
            within: Where it stands, if it is not the text itself.
        """
        for child in _shown(parent):
            name = _name(child)
            if name in {"ins", "moveTo"}:
                self.tracked = True
            if name == "tbl":
                self.tables += 1
                place = message("表 {table}", table=str(self.tables))
                if within:
                    place = message("{outer}内的{inner}", outer=within, inner=place)
                yield from self._table(child, place)
            elif name == "p":
                yield from self._paragraph(child, within)
            else:
                yield from self.blocks(child, within)

    def _paragraph(self, paragraph: _Element, within: Message | None) -> Iterator[Line]:
        text = self._text(paragraph)
        if text.strip():
            self.paragraphs += 1
        place = within or message("第 {number} 段", number=str(max(self.paragraphs, 1)))
        self._note_number(paragraph, text, place)
        for line in text.split("\n"):
            pieces = tuple(
                Piece(text=part.strip(), left=at, place=place) for at, part in enumerate(line.split("\t"))
            )
            yield Line(place=place, pieces=pieces if line.strip() else ())
        yield from self._apart(paragraph, place)

    def _table(self, table: _Element, place: Message) -> Iterator[Line]:
        rows = list(_rows(table))
        lines = [
            self._line(row, message("{table}，第 {row} 行", table=place, row=str(number)))
            for number, row in enumerate(rows, 1)
        ]
        laid, self.columns = lay_out(lines, self.columns)
        for line, row in zip(laid, rows, strict=True):
            yield line
            for cell in _cells(row):
                yield from self._apart(cell, line.place)

    def _line(self, row: _Element, place: Message) -> Line:
        pieces = []
        left = _number(row, "trPr", "gridBefore", 0)
        for cell in _cells(row):
            goes_on = _goes_on(cell)
            text = "" if goes_on else self._cell(cell, place)
            pieces.append(Piece(text=text, left=left, goes_on=goes_on))
            left += max(_number(cell, "tcPr", "gridSpan", 1), 1)
        return Line(place=place, pieces=tuple(pieces))

    def _cell(self, cell: _Element, place: Message) -> str:
        """Give the text of *cell*, its paragraphs one below the other."""
        paragraphs = []
        for paragraph in _paragraphs(cell):
            text = self._text(paragraph).replace("\t", " ")
            self._note_number(paragraph, text, place)
            paragraphs.append(text)
        return "\n".join(paragraphs).strip()

    def _note_number(self, paragraph: _Element, text: str, place: Message) -> None:
        if text.strip() and paragraph.find(f"{_MAIN}pPr/{_MAIN}numPr") is not None:
            self.numbered.append(place)

    def _text(self, element: _Element) -> str:
        """Give the words that are shown in *element*."""
        words = []
        for child in _shown(element):
            name = _name(child)
            if name == "t":
                words.append(child.text or "")
            elif name in SIGNS_OF_WORD:
                words.append(SIGNS_OF_WORD[name])
            elif name == "sym":
                words.append(_SYMBOLS.get(child.get(f"{_MAIN}char", "").upper(), _LOST))
            elif name == "r" and _is_hidden(child):
                self.hidden = True
            elif name not in _APART:
                self.tracked |= name in {"ins", "moveTo"}
                self.pictures |= name in {"blip", "imagedata"}
                words.append(self._text(child))
        return "".join(words)

    def _apart(self, element: _Element, place: Message) -> Iterator[Line]:
        """Read what stands in *element* as rows of its own: tables in a cell, boxes of text."""
        for child in _shown(element):
            if _name(child) == "tbl":
                self.tables += 1
                inner = message("表 {table}", table=str(self.tables))
                yield from self._table(child, message("{outer}内的{inner}", outer=place, inner=inner))
            elif _name(child) == "txbxContent":
                yield from self.blocks(child, message("{outer}的文本框", outer=place))
            else:
                yield from self._apart(child, place)


def _rows(table: _Element) -> Iterator[_Element]:
    yield from _found(table, "tr")


def _cells(row: _Element) -> Iterator[_Element]:
    yield from _found(row, "tc")


def _paragraphs(cell: _Element) -> Iterator[_Element]:
    yield from _found(cell, "p")


def _found(parent: _Element, wanted: str) -> Iterator[_Element]:
    """Find the elements *wanted* in *parent*, also within controls and insertions, not in inner tables."""
    for child in _shown(parent):
        if _name(child) == wanted:
            yield child
        elif _name(child) not in {*_APART, "p"}:
            yield from _found(child, wanted)


def _number(element: _Element, properties: str, name: str, default: int) -> int:
    found = element.find(f"{_MAIN}{properties}/{_MAIN}{name}")
    written = found.get(f"{_MAIN}val", "") if found is not None else ""
    return (
        int(written) if written.isascii() and written.isdigit() and len(written) < len("10000") else default
    )


def _goes_on(cell: _Element) -> bool:
    """Tell whether *cell* belongs to the one above it or left of it."""
    for name in ("vMerge", "hMerge"):
        merged = cell.find(f"{_MAIN}tcPr/{_MAIN}{name}")
        if merged is not None and merged.get(f"{_MAIN}val", "continue") == "continue":
            return True
    return False


def _is_hidden(run: _Element) -> bool:
    found = run.find(f"{_MAIN}rPr/{_MAIN}vanish")
    return found is not None and found.get(f"{_MAIN}val", "1") not in {"0", "false", "off"}
