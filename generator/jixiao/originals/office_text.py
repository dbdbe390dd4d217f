"""All text of a Word file or workbook: displayed content and everything stored beside it.

Headers and footers, notes, comments, text boxes, tracked deletions, hidden text, sheets and strings,
formulas, names, fields, properties, picture descriptions, and text and attributes of any other XML part.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from lxml.etree import LxmlError, XMLParser, _Element, fromstring

from jixiao.i18n import Message, message
from jixiao.importers.readers.office_archive import WORD_SIGNS, ArchivePart
from jixiao.personal_data.form_rows import ExtractedText, TextCell, TextPiece, TextRow, nest_place
from jixiao.problems import ReadError

_READABLE_TEXT = re.compile(r"[\u3400-\u9fff@＠]|(?:\d[^\d]{0,3}){10}")
_IDENTIFIER_NAME = re.compile(r"(?:[a-z]*id|rsid.*|nsid|uri|guid|hash.*|salt.*|value)", re.IGNORECASE)
"""Attributes with numbers of the file, in which only an identity number is searched."""
_AUTHOR_NAMES = frozenset(
    {"creator", "lastModifiedBy", "author", "manager", "Manager", "lastPrinted", "displayName"}
)
_HARMLESS_PART = re.compile(
    r"(?:.*/)?(?:printerSettings[0-9]*\.bin|thumbnail\.[a-z]+|.*\.odttf|.*\.fntdata)|mimetype", re.IGNORECASE
)
"""Parts that add no text to the others: printer settings, fonts, the thumbnail of page one."""
_PICTURE_PART = re.compile(r".*\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|ico|webp|jfif)", re.IGNORECASE)


def parse_part(part: ArchivePart) -> _Element:
    """Parse an XML part that passed the limits of the archive.

    Raises:
        ReadError: It is not well-formed XML.
    """
    try:
        # No entity is resolved; the archive's scan has refused document types.
        return fromstring(part.content, XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except (LxmlError, ValueError) as error:
        raise ReadError(
            "archive-damaged",
            message("文件不完整或已损坏，打不开"),
            message("请在 Word、Excel 或 WPS 里打开原文件，另存一份；打不开就请重新取得原文件"),
        ) from error


def find_local_name(element: _Element) -> str:
    """Return the name of *element* without its namespace, or an empty string for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def extract_element_rows(
    elements: Iterable[_Element], place: Message, *, with_texts: bool = True
) -> Iterator[TextRow]:
    """Extract all texts and readable attributes of *elements*, each as a row of its own.

    Args:
        elements: Elements of a part.
        place: Place of the part.
        with_texts: Whether texts are extracted, and not only attributes.
    """
    for element in elements:
        name = find_local_name(element)
        if not name:
            yield _build_row(place, TextPiece(element.text or "", element))
            continue
        if with_texts and element.text and not element.text.isspace():
            yield _build_row(
                nest_place(place, message("{name}", name=name)), TextPiece(element.text, element), name
            )
        for key, value in element.attrib.items():
            attribute = str(key).rpartition("}")[2]
            if _READABLE_TEXT.search(str(value)):
                inner = message("{name} 的 {attribute}", name=name, attribute=attribute)
                yield _build_row(
                    nest_place(place, inner), TextPiece(str(value), element, str(key)), attribute
                )


def _build_row(place: Message, piece: TextPiece, name: str = "") -> TextRow:
    is_figure = _IDENTIFIER_NAME.fullmatch(name) is not None and piece.text.isdecimal()
    cell = TextCell(place, [piece], is_author=name in _AUTHOR_NAMES, is_figure=is_figure)
    return TextRow([cell], is_shown=False)


def is_embedded_file(part: ArchivePart) -> bool:
    """Return whether *part* is another file, which cannot be searched."""
    return (
        not part.is_xml and not _HARMLESS_PART.fullmatch(part.name) and not _PICTURE_PART.fullmatch(part.name)
    )


def add_unsearchable_part(contents: ExtractedText, part: ArchivePart) -> None:
    """Record that a part that is not XML cannot be searched."""
    if part.is_nested or is_embedded_file(part):
        contents.unsearched.append(message("里面嵌着别的文件，查不了：{name}", name=part.name))
    elif not _HARMLESS_PART.fullmatch(part.name):
        contents.unsearched.append(message("里面有图片，图片里的文字查不了：{name}", name=part.name))


WORD_DOCUMENT = "word/document.xml"
_SHAPE_POSITIONS = frozenset(
    {"posOffset", "align", "pctWidth", "pctHeight", "pctPosHOffset", "pctPosVOffset", "sizeRelH", "sizeRelV"}
)
_SEPARATE_ELEMENTS = frozenset({"tbl", "txbxContent"})
_DELETIONS, _INSERTIONS = frozenset({"del", "moveFrom"}), frozenset({"ins", "moveTo"})
_PROPERTIES_PART = re.compile(r"docProps/.*\.xml")
_PART_TITLES: tuple[tuple[re.Pattern[str], Message], ...] = (
    (re.compile(r"word/header[0-9]*\.xml"), message("页眉")),
    (re.compile(r"word/footer[0-9]*\.xml"), message("页脚")),
    (re.compile(r"word/footnotes\.xml"), message("脚注")),
    (re.compile(r"word/endnotes\.xml"), message("尾注")),
    (re.compile(r"word/comments[A-Za-z]*\.xml"), message("批注")),
    (_PROPERTIES_PART, message("文件属性")),
)
_SECTION_TITLES = {
    "headerReference": message("第 {number} 节的页眉"),
    "footerReference": message("第 {number} 节的页脚"),
}


def extract_word_text(parts: Sequence[ArchivePart], trees: Mapping[str, _Element]) -> ExtractedText:
    """Extract all text of a Word file.

    Args:
        parts: Parts of the archive.
        trees: Parsed XML parts by name, so that findings can be written back.
    """
    passages = ExtractedText()
    sections = _describe_sections(trees)
    for part in sorted(parts, key=lambda part: (part.name != WORD_DOCUMENT, part.name)):
        if not part.is_xml:
            add_unsearchable_part(passages, part)
            continue
        tree, place = trees[part.name], sections.get(part.name) or describe_part(part.name)
        if part.name.startswith("word/") and any(find_local_name(one) == "p" for one in tree.iter()):
            passages.rows.extend(_WordTextReader(place).read_blocks(tree, place))
            passages.rows.extend(
                extract_element_rows(tree.iter(), place or message("正文"), with_texts=False)
            )
        else:
            passages.rows.extend(extract_element_rows(tree.iter(), place or message("正文")))
    return passages


def describe_part(name: str) -> Message | None:
    """Return the title of a part as a message, or `None` for the document body."""
    if name == WORD_DOCUMENT:
        return None
    found = next((words for pattern, words in _PART_TITLES if pattern.fullmatch(name)), None)
    return found or message("{name}", name=name)


def _describe_sections(trees: Mapping[str, _Element]) -> dict[str, Message]:
    """Return the title of each header and footer by the first section that shows it."""
    relations = trees.get("word/_rels/document.xml.rels")
    if relations is None or WORD_DOCUMENT not in trees:
        return {}
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    named: dict[str, Message] = {}
    sections = (one for one in trees[WORD_DOCUMENT].iter() if find_local_name(one) == "sectPr")
    for number, section in enumerate(sections, 1):
        for reference in section:
            heading = _SECTION_TITLES.get(find_local_name(reference))
            key = next((value for name, value in reference.attrib.items() if str(name).endswith("}id")), None)
            if heading is not None and key in targets:
                part = posixpath.normpath(posixpath.join("word", targets[key]))
                named.setdefault(part, message(heading.template, number=str(number)))
    return named


@dataclass
class _WordTextReader:
    """Reader of one part that counts its tables and paragraphs."""

    part_place: Message | None
    tables: int = 0
    paragraphs: int = 0
    separate_elements: list[tuple[_Element, Message]] = field(default_factory=list)
    """Elements inside a paragraph or cell that are read after it."""

    def read_blocks(self, parent: _Element, where: Message | None) -> Iterator[TextRow]:
        """Read the tables and paragraphs below *parent* in order."""
        for child in parent:
            name = find_local_name(child)
            if name == "tbl":
                self.tables += 1
                yield from self._read_table(
                    child, nest_place(where, message("表 {table}", table=str(self.tables)))
                )
            elif name == "p":
                yield from self._read_paragraph(child, where)
            else:
                yield from self.read_blocks(child, where)

    def _read_paragraph(self, paragraph: _Element, where: Message | None) -> Iterator[TextRow]:
        text = list(_iterate_pieces([paragraph]))
        if any(piece.text.strip() for piece in text):
            self.paragraphs += 1
        number = message("第 {number} 段", number=str(max(self.paragraphs, 1)))
        place = number if where is None else where
        yield from _read_variants([paragraph], place)
        yield from self._read_nested(paragraph, place)

    def _read_table(self, table: _Element, place: Message) -> Iterator[TextRow]:
        for number, row in enumerate(_iterate_named(table, "tr"), 1):
            cells, insides = [], []
            for column, cell in enumerate(_iterate_named(row, "tc"), 1):
                words = message(
                    "{table}，第 {row} 行，第 {column} 格", table=place, row=str(number), column=str(column)
                )
                variants = [one.cells[0] for one in _read_variants(list(_iterate_named(cell, "p")), words)]
                cells.append(variants[0])
                insides += [TextRow([other], is_shown=False) for other in variants[1:]]
                insides += self._read_nested(cell, words)
            yield TextRow(cells)
            yield from insides

    def _read_nested(self, element: _Element, place: Message) -> Iterator[TextRow]:
        """Read the tables and text boxes inside *element*."""
        for child in element:
            name = find_local_name(child)
            if name == "tbl":
                self.tables += 1
                yield from self._read_table(
                    child, nest_place(place, message("表 {table}", table=str(self.tables)))
                )
            elif name == "txbxContent":
                yield from self.read_blocks(child, nest_place(place, message("文本框")))
            else:
                yield from self._read_nested(child, place)


def _read_variants(paragraphs: Sequence[_Element], place: Message) -> Iterator[TextRow]:
    """Read paragraphs as stored, as displayed, and as before tracked changes."""
    yield TextRow([TextCell(place, _join_paragraphs(paragraphs, frozenset()))])
    names = {find_local_name(one) for paragraph in paragraphs for one in paragraph.iter()}
    for left_out in (_DELETIONS, _INSERTIONS):
        if names & left_out:
            yield TextRow([TextCell(place, _join_paragraphs(paragraphs, left_out))], is_shown=False)


def _join_paragraphs(paragraphs: Sequence[_Element], left_out: frozenset[str]) -> list[TextPiece]:
    pieces: list[TextPiece] = []
    for paragraph in paragraphs:
        pieces += [TextPiece("\n")] if pieces else []
        pieces += _iterate_pieces([paragraph], left_out)
    return pieces


def _iterate_pieces(
    elements: Sequence[_Element], left_out: frozenset[str] = frozenset()
) -> Iterator[TextPiece]:
    for element in elements:
        for child in element:
            name = find_local_name(child)
            if name in WORD_SIGNS:
                yield TextPiece(WORD_SIGNS[name])
            elif name in _SEPARATE_ELEMENTS or name in left_out or name in _SHAPE_POSITIONS:
                continue
            else:
                if child.text and (len(child) == 0 or not child.text.isspace()):
                    yield TextPiece(child.text, child)
                yield from _iterate_pieces([child], left_out)


def _iterate_named(parent: _Element, wanted: str) -> Iterator[_Element]:
    """Yield the *wanted* elements of *parent*, also in controls and insertions, not in inner tables."""
    for child in parent:
        name = find_local_name(child)
        if name == wanted:
            yield child
        elif name and name not in {*_SEPARATE_ELEMENTS, "p"}:
            yield from _iterate_named(child, wanted)


WORKBOOK, SHARED_STRINGS, WORKBOOK_STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
_BUILTIN_FIGURE_FORMATS = frozenset({2, 3, 4, 7, 8, 9, 10, 37, 38, 39, 40, 41, 42, 43, 44})
"""Numbers of built-in formats for decimals, thousands, percentages and currencies."""
_FIGURE_FORMAT = re.compile(r"#,|0\.0|%|[¥￥$元]")
_COMMENT_PART = re.compile(r"xl/(?:comments.*|threadedComments/.*|persons/.*)\.xml")
_HIDDEN_SHEET_TITLES = {
    "hidden": message("隐藏的工作表“{sheet}”"),
    "veryHidden": message("深度隐藏的工作表“{sheet}”"),
}
_EXPONENT_LIMIT = 40


def extract_workbook_text(parts: Sequence[ArchivePart], trees: Mapping[str, _Element]) -> ExtractedText:
    """Extract all text of a workbook.

    Args:
        parts: Parts of the archive.
        trees: Parsed XML parts by name, so that findings can be written back.
    """
    passages = ExtractedText()
    reader = _WorkbookTextReader(trees)
    for name, place in _list_sheets(trees):
        passages.rows.extend(reader.read_sheet(trees[name], place))
        passages.rows.extend(extract_element_rows(_iterate_beside_cells(trees[name]), place))
    passages.rows.extend(reader.read_unused_strings())
    taken = {name for name, _ in _list_sheets(trees)} | {SHARED_STRINGS}
    for part in parts:
        if not part.is_xml:
            add_unsearchable_part(passages, part)
        elif part.name not in taken:
            named = message("批注") if _COMMENT_PART.fullmatch(part.name) else describe_part(part.name)
            passages.rows.extend(_extract_part_rows(trees[part.name], named or message("正文")))
    return passages


def _extract_part_rows(tree: _Element, place: Message) -> Iterator[TextRow]:
    """Extract the text of a part; rich text as a whole, because a number may span its runs."""
    yield from extract_element_rows(tree.iter(), place)
    for element in tree.iter():
        if find_local_name(element) in {"comment", "sp", "txBody"}:
            reference = element.get("ref")
            where = nest_place(place, message("{cell}", cell=reference)) if reference else place
            pieces = [
                TextPiece(one.text, one) for one in element.iter() if find_local_name(one) == "t" and one.text
            ]
            yield TextRow([TextCell(where, pieces)], is_shown=False)


def _list_sheets(trees: Mapping[str, _Element]) -> list[tuple[str, Message]]:
    """List the sheet parts with their titles, shown or hidden; then sheets not listed in the workbook."""
    relations = trees.get("xl/_rels/workbook.xml.rels")
    targets = {one.get("Id"): one.get("Target", "") for one in relations} if relations is not None else {}
    listed: dict[str, Message] = {}
    for sheet in trees[WORKBOOK].iter():
        if find_local_name(sheet) == "sheet":
            key = next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), None)
            part = posixpath.normpath(posixpath.join("xl", targets.get(key, ""))).lstrip("/")
            said = _HIDDEN_SHEET_TITLES.get(sheet.get("state", ""), message("工作表“{sheet}”"))
            listed[part] = message(said.template, sheet=sheet.get("name", ""))
    for name in trees:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            listed.setdefault(name, message("{name}", name=name))
    return [(name, place) for name, place in listed.items() if name in trees]


def _iterate_beside_cells(sheet: _Element) -> Iterator[_Element]:
    """Yield the elements of a sheet that are not cells."""
    for child in sheet:
        if find_local_name(child) != "sheetData":
            yield from child.iter()


class _WorkbookTextReader:
    """Reader of sheets with their shared strings and formats."""

    def __init__(self, trees: Mapping[str, _Element]) -> None:
        strings = trees.get(SHARED_STRINGS)
        self._strings = [
            [TextPiece(one.text, one) for one in item.iter() if find_local_name(one) == "t" and one.text]
            for item in (strings if strings is not None else ())
            if find_local_name(item) == "si"
        ]
        self._used_strings: set[int] = set()
        self._figure_styles = _find_figure_styles(trees.get(WORKBOOK_STYLES))

    def read_sheet(self, sheet: _Element, place: Message) -> Iterator[TextRow]:
        """Read the rows of *sheet*."""
        for row in sheet.iter():
            if find_local_name(row) == "row":
                cells = [
                    cell for one in row if find_local_name(one) == "c" for cell in self._read_cell(one, place)
                ]
                yield TextRow(cells)

    def read_unused_strings(self) -> Iterator[TextRow]:
        """Read the shared strings that no cell shows."""
        for number, pieces in enumerate(self._strings):
            if number not in self._used_strings:
                place = message("没有格子显示的文字（第 {number} 条）", number=str(number + 1))
                yield TextRow([TextCell(place, pieces)], is_shown=False)

    def _read_cell(self, cell: _Element, place: Message) -> Iterator[TextCell]:
        here = nest_place(place, message("{cell}", cell=cell.get("r", "")))
        kind = cell.get("t", "n")
        for child in cell:
            name = find_local_name(child)
            if name == "f" and child.text:
                yield TextCell(nest_place(here, message("公式")), [TextPiece(child.text, child)])
            elif name == "is":
                pieces = [
                    TextPiece(one.text, one)
                    for one in child.iter()
                    if find_local_name(one) == "t" and one.text
                ]
                yield TextCell(here, pieces)
            elif name == "v" and kind == "s":
                yield TextCell(here, self._find_shared_string(child.text or ""))
            elif name == "v" and child.text:
                yield self._read_value(cell, child, here)

    def _find_shared_string(self, number: str) -> list[TextPiece]:
        position = int(number) if re.fullmatch(r"[0-9]{1,7}", number.strip()) else len(self._strings)
        if position >= len(self._strings):
            return []
        self._used_strings.add(position)
        return self._strings[position]

    def _read_value(self, cell: _Element, value: _Element, place: Message) -> TextCell:
        is_number = cell.get("t", "n") == "n"
        text = _expand_number(value.text or "") if is_number else value.text or ""
        is_figure = is_number and ("." in text or cell.get("s", "0") in self._figure_styles)
        return TextCell(place, [TextPiece(text, value)], is_figure=is_figure, element=cell)


def _expand_number(stored: str) -> str:
    """Write a number with all its digits: 1.1010519491231E+17 has 18 of them."""
    try:
        number = Decimal(stored.strip())
    except InvalidOperation:
        return stored
    is_long = not number.is_finite() or abs(number.adjusted()) > _EXPONENT_LIMIT
    return stored if is_long else f"{number:f}"


def _find_figure_styles(styles: _Element | None) -> frozenset[str]:
    """Return the styles of cells that show a number with separators, decimals or a currency."""
    if styles is None:
        return frozenset()
    own = {
        one.get("numFmtId"): _FIGURE_FORMAT.search(one.get("formatCode", "")) is not None
        for one in styles.iter()
        if find_local_name(one) == "numFmt"
    }
    of_cells = next((one for one in styles.iter() if find_local_name(one) == "cellXfs"), None)
    listed = [] if of_cells is None else [one.get("numFmtId", "0") for one in of_cells]
    return frozenset(
        str(position)
        for position, number in enumerate(listed)
        if own.get(number, number.isdecimal() and int(number) in _BUILTIN_FIGURE_FORMATS)
    )
