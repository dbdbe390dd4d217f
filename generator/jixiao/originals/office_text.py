"""All text of a Word file or workbook: displayed content and everything stored beside it.

Headers and footers, notes, comments, text boxes, tracked deletions, hidden text, sheets and strings,
formulas, names, fields, properties, picture descriptions, and text and attributes of any other XML part.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from lxml.etree import LxmlError, XMLParser, _Element, fromstring

from jixiao.i18n import Message, message
from jixiao.importers.readers.office_archive import (
    WORD_SIGNS,
    ArchivePart,
    build_damaged_error,
    find_local_name,
)
from jixiao.personal_data.form_rows import ExtractedText, TextCell, TextPiece, TextRow, nest_place

_READABLE_TEXT = re.compile(r"[\u3400-\u9fff@＠]|(?:\d[^\d]{0,3}){10}")
_IDENTIFIER_NAME = re.compile(r"(?:[a-z]*id|rsid.*|nsid|uri|guid|hash.*|salt.*|value)", re.IGNORECASE)
"""Attributes with numbers of the file, in which only an identity number is searched."""
_AUTHOR_NAMES = frozenset(
    {"creator", "lastModifiedBy", "author", "manager", "Manager", "lastPrinted", "displayName"}
)


def parse_part(part: ArchivePart) -> _Element:
    """Parse an XML part that passed the limits of the archive.

    Raises:
        ReadError: It is not well-formed XML.
    """
    try:
        # No entity is resolved; the archive's scan has refused document types.
        return fromstring(part.content, XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except (LxmlError, ValueError) as error:
        raise build_damaged_error() from error


def _find_descendants(tree: _Element, name: str) -> list[_Element]:
    """Return all elements of *tree* with this local name."""
    return [element for element in tree.iter() if find_local_name(element) == name]


def _find_texts(element: _Element) -> list[TextPiece]:
    """Return the runs of rich text inside *element*."""
    return [TextPiece(run.text, run) for run in _find_descendants(element, "t") if run.text]


def _find_relation_id(element: _Element) -> str | None:
    """Return the id of the relation by which *element* refers to another part."""
    return next((str(value) for name, value in element.attrib.items() if str(name).endswith("}id")), None)


def _read_relations(trees: Mapping[str, _Element], part: str) -> dict[str | None, str]:
    """Return the names of the parts to which *part* refers, by the ids of the relations."""
    folder, name = posixpath.split(part)
    relations = trees.get(f"{folder}/_rels/{name}.rels")
    return {
        relation.get("Id"): posixpath.normpath(posixpath.join(folder, relation.get("Target", "")))
        for relation in (relations if relations is not None else ())
    }


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
            text_place = nest_place(place, message("{name}", name=name))
            yield _build_row(text_place, TextPiece(element.text, element), name)
        for key, value in element.attrib.items():
            attribute = str(key).rpartition("}")[2]
            if _READABLE_TEXT.search(str(value)):
                inner = message("{name} 的 {attribute}", name=name, attribute=attribute)
                piece = TextPiece(str(value), element, str(key))
                yield _build_row(nest_place(place, inner), piece, attribute)


def _build_row(place: Message, piece: TextPiece, name: str = "") -> TextRow:
    is_figure = _IDENTIFIER_NAME.fullmatch(name) is not None and piece.text.isdecimal()
    cell = TextCell(place, [piece], is_author=name in _AUTHOR_NAMES, is_figure=is_figure)
    return TextRow([cell], is_shown=False)


def _add_unsearchable_part(contents: ExtractedText, part: ArchivePart) -> None:
    """Record that a part that is not XML cannot be searched."""
    if part.is_embedded_file:
        contents.unsearched.append(message("里面嵌着别的文件，查不了：{name}", name=part.name))
    elif not part.is_without_text:
        contents.unsearched.append(message("里面有图片，图片里的文字查不了：{name}", name=part.name))


WORD_DOCUMENT = "word/document.xml"
_SHAPE_POSITIONS = frozenset(
    ["posOffset", "align", "pctWidth", "pctHeight", "pctPosHOffset", "pctPosVOffset", "sizeRelH", "sizeRelV"]
)
_SEPARATE_ELEMENTS = frozenset({"tbl", "txbxContent"})
_DELETIONS, _INSERTIONS = frozenset({"del", "moveFrom"}), frozenset({"ins", "moveTo"})
_PART_TITLES: tuple[tuple[re.Pattern[str], Message], ...] = (
    (re.compile(r"word/header[0-9]*\.xml"), message("页眉")),
    (re.compile(r"word/footer[0-9]*\.xml"), message("页脚")),
    (re.compile(r"word/footnotes\.xml"), message("脚注")),
    (re.compile(r"word/endnotes\.xml"), message("尾注")),
    (re.compile(r"word/comments[A-Za-z]*\.xml"), message("批注")),
    (re.compile(r"docProps/.*\.xml"), message("文件属性")),
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
    extracted = ExtractedText()
    sections = _describe_sections(trees)
    for part in sorted(parts, key=lambda part: (part.name != WORD_DOCUMENT, part.name)):
        if not part.is_xml:
            _add_unsearchable_part(extracted, part)
            continue
        tree, place = trees[part.name], sections.get(part.name) or _describe_part(part.name)
        has_paragraphs = part.name.startswith("word/") and bool(_find_descendants(tree, "p"))
        if has_paragraphs:
            extracted.rows.extend(_WordTextReader().read_blocks(tree, place))
        title = place or message("正文")
        extracted.rows.extend(extract_element_rows(tree.iter(), title, with_texts=not has_paragraphs))
    return extracted


def _describe_part(name: str) -> Message | None:
    """Return the title of a part as a message, or `None` for the document body."""
    if name == WORD_DOCUMENT:
        return None
    titles = (title for pattern, title in _PART_TITLES if pattern.fullmatch(name))
    return next(titles, message("{name}", name=name))


def _describe_sections(trees: Mapping[str, _Element]) -> dict[str, Message]:
    """Return the title of each header and footer by the first section that shows it."""
    targets = _read_relations(trees, WORD_DOCUMENT)
    titles: dict[str, Message] = {}
    for number, section in enumerate(_find_descendants(trees[WORD_DOCUMENT], "sectPr"), 1):
        for reference in section:
            title = _SECTION_TITLES.get(find_local_name(reference))
            key = _find_relation_id(reference)
            if title is not None and key in targets:
                titles.setdefault(targets[key], message(title.template, number=str(number)))
    return titles


@dataclass
class _WordTextReader:
    """Reader of one part that counts its tables and paragraphs."""

    tables: int = 0
    paragraphs: int = 0

    def read_blocks(self, parent: _Element, place_around: Message | None) -> Iterator[TextRow]:
        """Read the tables and paragraphs below *parent* in order."""
        for child in parent:
            name = find_local_name(child)
            if name == "tbl":
                yield from self._read_table(child, place_around)
            elif name == "p":
                yield from self._read_paragraph(child, place_around)
            else:
                yield from self.read_blocks(child, place_around)

    def _read_paragraph(self, paragraph: _Element, place_around: Message | None) -> Iterator[TextRow]:
        if any(piece.text.strip() for piece in _iterate_pieces(paragraph)):
            self.paragraphs += 1
        place = place_around or message("第 {number} 段", number=str(max(self.paragraphs, 1)))
        yield from _read_variants([paragraph], place)
        yield from self._read_nested(paragraph, place)

    def _read_table(self, table: _Element, outer: Message | None) -> Iterator[TextRow]:
        """Read a table row by row; after each row, the variants and inner tables of its cells."""
        self.tables += 1
        table_place = nest_place(outer, message("表 {table}", table=str(self.tables)))
        for number, row in enumerate(_iterate_named(table, "tr"), 1):
            cells, rows_after = [], []
            for column, cell in enumerate(_iterate_named(row, "tc"), 1):
                place = message(
                    "{table}，第 {row} 行，第 {column} 格",
                    table=table_place,
                    row=str(number),
                    column=str(column),
                )
                shown, *variants = _read_variants(list(_iterate_named(cell, "p")), place)
                cells += shown.cells
                rows_after += [*variants, *self._read_nested(cell, place)]
            yield TextRow(cells)
            yield from rows_after

    def _read_nested(self, element: _Element, place: Message) -> Iterator[TextRow]:
        """Read the tables and text boxes inside *element*."""
        for child in element:
            name = find_local_name(child)
            if name == "tbl":
                yield from self._read_table(child, place)
            elif name == "txbxContent":
                yield from self.read_blocks(child, nest_place(place, message("文本框")))
            else:
                yield from self._read_nested(child, place)


def _read_variants(paragraphs: Sequence[_Element], place: Message) -> Iterator[TextRow]:
    """Read paragraphs as stored, as displayed, and as before tracked changes."""
    names = {find_local_name(element) for paragraph in paragraphs for element in paragraph.iter()}
    for omitted in (frozenset[str](), _DELETIONS, _INSERTIONS):
        if omitted and names.isdisjoint(omitted):
            continue
        pieces: list[TextPiece] = []
        for paragraph in paragraphs:
            pieces += [TextPiece("\n")] if pieces else []
            pieces += _iterate_pieces(paragraph, omitted)
        yield TextRow([TextCell(place, pieces)], is_shown=not omitted)


def _iterate_pieces(element: _Element, omitted: frozenset[str] = frozenset()) -> Iterator[TextPiece]:
    for child in element:
        name = find_local_name(child)
        if name in WORD_SIGNS:
            yield TextPiece(WORD_SIGNS[name])
        elif name not in _SEPARATE_ELEMENTS | _SHAPE_POSITIONS | omitted:
            if child.text and (len(child) == 0 or not child.text.isspace()):
                yield TextPiece(child.text, child)
            yield from _iterate_pieces(child, omitted)


def _iterate_named(parent: _Element, wanted: str) -> Iterator[_Element]:
    """Yield the *wanted* elements of *parent*, also in controls and insertions, not in inner tables."""
    for child in parent:
        name = find_local_name(child)
        if name == wanted:
            yield child
        elif name and name not in {*_SEPARATE_ELEMENTS, "p"}:
            yield from _iterate_named(child, wanted)


WORKBOOK, _SHARED_STRINGS = "xl/workbook.xml", "xl/sharedStrings.xml"
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
    extracted = ExtractedText()
    reader = _WorkbookTextReader(trees)
    sheets = _list_sheets(trees)
    for name, place in sheets:
        extracted.rows.extend(reader.read_sheet(trees[name], place))
        for child in trees[name]:
            if find_local_name(child) != "sheetData":
                extracted.rows.extend(extract_element_rows(child.iter(), place))
    extracted.rows.extend(reader.read_unused_strings())
    already_read = {_SHARED_STRINGS, *(name for name, _ in sheets)}
    for part in parts:
        if not part.is_xml:
            _add_unsearchable_part(extracted, part)
        elif part.name not in already_read:
            title = message("批注") if _COMMENT_PART.fullmatch(part.name) else _describe_part(part.name)
            extracted.rows.extend(_extract_part_rows(trees[part.name], title or message("正文")))
    return extracted


def _extract_part_rows(tree: _Element, place: Message) -> Iterator[TextRow]:
    """Extract the text of a part; rich text as a whole, because a number may span its runs."""
    yield from extract_element_rows(tree.iter(), place)
    for element in tree.iter():
        if find_local_name(element) in {"comment", "sp", "txBody"}:
            reference = element.get("ref")
            cell_place = nest_place(place, message("{cell}", cell=reference)) if reference else place
            yield TextRow([TextCell(cell_place, _find_texts(element))], is_shown=False)


def _list_sheets(trees: Mapping[str, _Element]) -> list[tuple[str, Message]]:
    """List the sheet parts with their titles, shown or hidden; then sheets not listed in the workbook."""
    targets = _read_relations(trees, WORKBOOK)
    listed: dict[str, Message] = {}
    for sheet in _find_descendants(trees[WORKBOOK], "sheet"):
        part = targets.get(_find_relation_id(sheet), "xl").lstrip("/")
        title = _HIDDEN_SHEET_TITLES.get(sheet.get("state", ""), message("工作表“{sheet}”"))
        listed[part] = message(title.template, sheet=sheet.get("name", ""))
    for name in trees:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            listed.setdefault(name, message("{name}", name=name))
    return [(name, place) for name, place in listed.items() if name in trees]


class _WorkbookTextReader:
    """Reader of sheets with their shared strings and formats."""

    def __init__(self, trees: Mapping[str, _Element]) -> None:
        strings = trees.get(_SHARED_STRINGS)
        items = [] if strings is None else _find_descendants(strings, "si")
        self._strings = [_find_texts(item) for item in items]
        self._used_strings: set[int] = set()
        self._figure_styles = _find_figure_styles(trees.get("xl/styles.xml"))

    def read_sheet(self, sheet: _Element, place: Message) -> Iterator[TextRow]:
        """Read the rows of *sheet*."""
        for row in _find_descendants(sheet, "row"):
            cells = (cell for cell in row if find_local_name(cell) == "c")
            yield TextRow([text for cell in cells for text in self._read_cell(cell, place)])

    def read_unused_strings(self) -> Iterator[TextRow]:
        """Read the shared strings that no cell shows."""
        for number, pieces in enumerate(self._strings):
            if number not in self._used_strings:
                place = message("没有格子显示的文字（第 {number} 条）", number=str(number + 1))
                yield TextRow([TextCell(place, pieces)], is_shown=False)

    def _read_cell(self, cell: _Element, place: Message) -> Iterator[TextCell]:
        cell_place = nest_place(place, message("{cell}", cell=cell.get("r", "")))
        kind = cell.get("t", "n")
        for child in cell:
            name = find_local_name(child)
            if name == "f" and child.text:
                yield TextCell(nest_place(cell_place, message("公式")), [TextPiece(child.text, child)])
            elif name == "is":
                yield TextCell(cell_place, _find_texts(child))
            elif name == "v" and kind == "s":
                yield TextCell(cell_place, self._read_shared_string(child.text or ""))
            elif name == "v" and child.text:
                text = _expand_number(child.text) if kind == "n" else child.text
                is_figure = kind == "n" and ("." in text or cell.get("s", "0") in self._figure_styles)
                yield TextCell(cell_place, [TextPiece(text, child)], is_figure=is_figure, element=cell)

    def _read_shared_string(self, number: str) -> list[TextPiece]:
        """Return the shared string of a cell, and remember that a cell shows it."""
        position = int(number) if re.fullmatch(r"[0-9]{1,7}", number.strip()) else len(self._strings)
        if position >= len(self._strings):
            return []
        self._used_strings.add(position)
        return self._strings[position]


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
    own_formats = {
        element.get("numFmtId"): _FIGURE_FORMAT.search(element.get("formatCode", "")) is not None
        for element in _find_descendants(styles, "numFmt")
    }
    formats = [
        style.get("numFmtId", "0") for cells in _find_descendants(styles, "cellXfs")[:1] for style in cells
    ]
    return frozenset(
        str(position)
        for position, number in enumerate(formats)
        if own_formats.get(number, number.isdecimal() and int(number) in _BUILTIN_FIGURE_FORMATS)
    )
