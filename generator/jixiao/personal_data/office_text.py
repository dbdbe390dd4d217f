"""All text of a Word file: what it shows, and what it keeps beside that.

Headers and footers, notes, comments, boxes of text, tracked deletions, hidden words, fields, properties,
descriptions of pictures and whatever any other part says.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element

from jixiao.i18n import Message, message
from jixiao.importers.readers.office_archive import Part
from jixiao.importers.word_signs import SIGNS_OF_WORD
from jixiao.originals.any_xml import add_opaque, local_name, rows_of_rest
from jixiao.personal_data.form_rows import Cell, Passages, Piece, Row, within

MAIN = "word/document.xml"
_PLACES_OF_SHAPES = frozenset(
    {"posOffset", "align", "pctWidth", "pctHeight", "pctPosHOffset", "pctPosVOffset", "sizeRelH", "sizeRelV"}
)
_APART = frozenset({"tbl", "txbxContent"})
_DELETED, _INSERTED = frozenset({"del", "moveFrom"}), frozenset({"ins", "moveTo"})
_OF_PROPERTIES = re.compile(r"docProps/.*\.xml")
_WORDS_OF_PARTS: tuple[tuple[re.Pattern[str], Message], ...] = (
    (re.compile(r"word/header[0-9]*\.xml"), message("页眉")),
    (re.compile(r"word/footer[0-9]*\.xml"), message("页脚")),
    (re.compile(r"word/footnotes\.xml"), message("脚注")),
    (re.compile(r"word/endnotes\.xml"), message("尾注")),
    (re.compile(r"word/comments[A-Za-z]*\.xml"), message("批注")),
    (_OF_PROPERTIES, message("文件属性")),
)
_HEADINGS = {
    "headerReference": message("第 {number} 节的页眉"),
    "footerReference": message("第 {number} 节的页脚"),
}


def passages_of_word(parts: Sequence[Part], trees: Mapping[str, _Element]) -> Passages:
    """Take all text of a Word file.

    Args:
        parts: Of its archive.
        trees: Those in XML by their names, so that what is found in them can be written.
    """
    passages = Passages()
    sections = _sections(trees)
    for part in sorted(parts, key=lambda part: (part.name != MAIN, part.name)):
        if not part.is_xml:
            add_opaque(passages, part)
            continue
        tree, place = trees[part.name], sections.get(part.name) or place_of_part(part.name)
        if part.name.startswith("word/") and any(local_name(one) == "p" for one in tree.iter()):
            passages.rows.extend(_Reader(place).blocks(tree, place))
            passages.rows.extend(rows_of_rest(tree.iter(), place or message("正文"), with_texts=False))
        else:
            passages.rows.extend(rows_of_rest(tree.iter(), place or message("正文")))
    return passages


def place_of_part(name: str) -> Message | None:
    """Name a part for people; nothing for the text itself."""
    if name == MAIN:
        return None
    found = next((words for pattern, words in _WORDS_OF_PARTS if pattern.fullmatch(name)), None)
    return found or message("{name}", name=name)


def _sections(trees: Mapping[str, _Element]) -> dict[str, Message]:
    """Name each header and footer by the first section that shows it."""
    relations = trees.get("word/_rels/document.xml.rels")
    if relations is None or MAIN not in trees:
        return {}
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    named: dict[str, Message] = {}
    sections = (one for one in trees[MAIN].iter() if local_name(one) == "sectPr")
    for number, section in enumerate(sections, 1):
        for reference in section:
            heading = _HEADINGS.get(local_name(reference))
            key = next((value for name, value in reference.attrib.items() if str(name).endswith("}id")), None)
            if heading is not None and key in targets:
                part = posixpath.normpath(posixpath.join("word", targets[key]))
                named.setdefault(part, message(heading.template, number=str(number)))
    return named


@dataclass
class _Reader:
    """Counts tables and paragraphs of a part."""

    part: Message | None
    tables: int = 0
    paragraphs: int = 0
    apart: list[tuple[_Element, Message]] = field(default_factory=list)
    """What stands in a paragraph or a cell and is read behind it."""

    def blocks(self, parent: _Element, where: Message | None) -> Iterator[Row]:
        """Read the tables and paragraphs below *parent*, in their order."""
        for child in parent:
            name = local_name(child)
            if name == "tbl":
                self.tables += 1
                yield from self._table(child, within(where, message("表 {table}", table=str(self.tables))))
            elif name == "p":
                yield from self._paragraph(child, where)
            else:
                yield from self.blocks(child, where)

    def _paragraph(self, paragraph: _Element, where: Message | None) -> Iterator[Row]:
        text = list(_pieces([paragraph]))
        if any(piece.text.strip() for piece in text):
            self.paragraphs += 1
        number = message("第 {number} 段", number=str(max(self.paragraphs, 1)))
        place = number if where is None else where
        yield from _variants([paragraph], place)
        yield from self._insides(paragraph, place)

    def _table(self, table: _Element, place: Message) -> Iterator[Row]:
        for number, row in enumerate(_found(table, "tr"), 1):
            cells, insides = [], []
            for column, cell in enumerate(_found(row, "tc"), 1):
                words = message(
                    "{table}，第 {row} 行，第 {column} 格", table=place, row=str(number), column=str(column)
                )
                variants = [one.cells[0] for one in _variants(list(_found(cell, "p")), words)]
                cells.append(variants[0])
                insides += [Row([other], is_shown=False) for other in variants[1:]]
                insides += self._insides(cell, words)
            yield Row(cells)
            yield from insides

    def _insides(self, element: _Element, place: Message) -> Iterator[Row]:
        """Read the tables and boxes of text that stand in *element*."""
        for child in element:
            name = local_name(child)
            if name == "tbl":
                self.tables += 1
                yield from self._table(child, within(place, message("表 {table}", table=str(self.tables))))
            elif name == "txbxContent":
                yield from self.blocks(child, within(place, message("文本框")))
            else:
                yield from self._insides(child, place)


def _variants(paragraphs: Sequence[_Element], place: Message) -> Iterator[Row]:
    """Read paragraphs as they stand in the file, as they are shown, and as they were before."""
    yield Row([Cell(place, _joined(paragraphs, frozenset()))])
    names = {local_name(one) for paragraph in paragraphs for one in paragraph.iter()}
    for left_out in (_DELETED, _INSERTED):
        if names & left_out:
            yield Row([Cell(place, _joined(paragraphs, left_out))], is_shown=False)


def _joined(paragraphs: Sequence[_Element], left_out: frozenset[str]) -> list[Piece]:
    pieces: list[Piece] = []
    for paragraph in paragraphs:
        pieces += [Piece("\n")] if pieces else []
        pieces += _pieces([paragraph], left_out)
    return pieces


def _pieces(elements: Sequence[_Element], left_out: frozenset[str] = frozenset()) -> Iterator[Piece]:
    for element in elements:
        for child in element:
            name = local_name(child)
            if name in SIGNS_OF_WORD:
                yield Piece(SIGNS_OF_WORD[name])
            elif name in _APART or name in left_out or name in _PLACES_OF_SHAPES:
                continue
            else:
                if child.text and (len(child) == 0 or not child.text.isspace()):
                    yield Piece(child.text, child)
                yield from _pieces([child], left_out)


def _found(parent: _Element, wanted: str) -> Iterator[_Element]:
    """Find the elements *wanted* in *parent*, also within controls and insertions, not in inner tables."""
    for child in parent:
        name = local_name(child)
        if name == wanted:
            yield child
        elif name and name not in {*_APART, "p"}:
            yield from _found(child, wanted)
