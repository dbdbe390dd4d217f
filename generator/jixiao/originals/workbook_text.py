"""All text of a workbook: the cells of every sheet, shown or hidden, and what it keeps beside them.

Comments, headers and footers, names, formulas, shared strings that no cell shows, caches, boxes of text,
properties and whatever any other part says.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from jixiao.i18n import Message, message
from jixiao.importers.readers.office_archive import Part
from jixiao.originals.any_xml import add_opaque, local_name, rows_of_rest
from jixiao.personal_data.form_rows import Cell, Passages, Piece, Row, within
from jixiao.personal_data.office_text import place_of_part
from lxml.etree import _Element

BOOK, STRINGS, STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
_FORMATS_OF_FIGURES = frozenset({2, 3, 4, 7, 8, 9, 10, 37, 38, 39, 40, 41, 42, 43, 44})
"""Numbers of the formats that every program knows: decimals, thousands, per cent, currencies."""
_IS_FIGURE = re.compile(r"#,|0\.0|%|[¥￥$元]")
_COMMENTS = re.compile(r"xl/(?:comments.*|threadedComments/.*|persons/.*)\.xml")
_STATES = {"hidden": message("隐藏的工作表“{sheet}”"), "veryHidden": message("深度隐藏的工作表“{sheet}”")}
_LONGEST = 40


def passages_of_workbook(parts: Sequence[Part], trees: Mapping[str, _Element]) -> Passages:
    """Take all text of a workbook.

    Args:
        parts: Of its archive.
        trees: Those in XML by their names, so that what is found in them can be written.
    """
    passages = Passages()
    reader = _Reader(trees)
    for name, place in _sheets(trees):
        passages.rows.extend(reader.sheet(trees[name], place))
        passages.rows.extend(rows_of_rest(_beside_cells(trees[name]), place))
    passages.rows.extend(reader.strings_not_shown())
    taken = {name for name, _ in _sheets(trees)} | {STRINGS}
    for part in parts:
        if not part.is_xml:
            add_opaque(passages, part)
        elif part.name not in taken:
            named = message("批注") if _COMMENTS.fullmatch(part.name) else place_of_part(part.name)
            passages.rows.extend(_rows_of_part(trees[part.name], named or message("正文")))
    return passages


def _rows_of_part(tree: _Element, place: Message) -> Iterator[Row]:
    """Take what a part says; rich text of a comment as a whole, because a number may go over its runs."""
    yield from rows_of_rest(tree.iter(), place)
    for element in tree.iter():
        if local_name(element) in {"comment", "sp", "txBody"}:
            reference = element.get("ref")
            where = within(place, message("{cell}", cell=reference)) if reference else place
            pieces = [Piece(one.text, one) for one in element.iter() if local_name(one) == "t" and one.text]
            yield Row([Cell(where, pieces)], is_shown=False)


def _sheets(trees: Mapping[str, _Element]) -> list[tuple[str, Message]]:
    """List the parts of the sheets with their names, shown or hidden; then sheets that no name leads to."""
    relations = trees.get("xl/_rels/workbook.xml.rels")
    targets = {one.get("Id"): one.get("Target", "") for one in relations} if relations is not None else {}
    listed: dict[str, Message] = {}
    for sheet in trees[BOOK].iter():
        if local_name(sheet) == "sheet":
            key = next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), None)
            part = posixpath.normpath(posixpath.join("xl", targets.get(key, ""))).lstrip("/")
            said = _STATES.get(sheet.get("state", ""), message("工作表“{sheet}”"))
            listed[part] = message(said.template, sheet=sheet.get("name", ""))
    for name in trees:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            listed.setdefault(name, message("{name}", name=name))
    return [(name, place) for name, place in listed.items() if name in trees]


def _beside_cells(sheet: _Element) -> Iterator[_Element]:
    """List the elements of a sheet that are no cells."""
    for child in sheet:
        if local_name(child) != "sheetData":
            yield from child.iter()


class _Reader:
    """Reads sheets, with the strings and formats that they share."""

    def __init__(self, trees: Mapping[str, _Element]) -> None:
        strings = trees.get(STRINGS)
        self._strings = [
            [Piece(one.text, one) for one in item.iter() if local_name(one) == "t" and one.text]
            for item in (strings if strings is not None else ())
            if local_name(item) == "si"
        ]
        self._shown: set[int] = set()
        self._figures = _formats_of_figures(trees.get(STYLES))

    def sheet(self, sheet: _Element, place: Message) -> Iterator[Row]:
        """Read the rows of *sheet*."""
        for row in sheet.iter():
            if local_name(row) == "row":
                cells = [cell for one in row if local_name(one) == "c" for cell in self._cells(one, place)]
                yield Row(cells)

    def strings_not_shown(self) -> Iterator[Row]:
        """Read the shared strings that no cell shows."""
        for number, pieces in enumerate(self._strings):
            if number not in self._shown:
                place = message("没有格子显示的文字（第 {number} 条）", number=str(number + 1))
                yield Row([Cell(place, pieces)], is_shown=False)

    def _cells(self, cell: _Element, place: Message) -> Iterator[Cell]:
        here = within(place, message("{cell}", cell=cell.get("r", "")))
        kind = cell.get("t", "n")
        for child in cell:
            name = local_name(child)
            if name == "f" and child.text:
                yield Cell(within(here, message("公式")), [Piece(child.text, child)])
            elif name == "is":
                pieces = [Piece(one.text, one) for one in child.iter() if local_name(one) == "t" and one.text]
                yield Cell(here, pieces)
            elif name == "v" and kind == "s":
                yield Cell(here, self._shared(child.text or ""))
            elif name == "v" and child.text:
                yield self._value(cell, child, here)

    def _shared(self, number: str) -> list[Piece]:
        position = int(number) if re.fullmatch(r"[0-9]{1,7}", number.strip()) else len(self._strings)
        if position >= len(self._strings):
            return []
        self._shown.add(position)
        return self._strings[position]

    def _value(self, cell: _Element, value: _Element, place: Message) -> Cell:
        is_number = cell.get("t", "n") == "n"
        text = _digits(value.text or "") if is_number else value.text or ""
        is_figure = is_number and ("." in text or cell.get("s", "0") in self._figures)
        return Cell(place, [Piece(text, value)], is_figure=is_figure, element=cell)


def _digits(stored: str) -> str:
    """Write a number with all its digits: 1.1010519491231E+17 is 18 of them."""
    try:
        number = Decimal(stored.strip())
    except InvalidOperation:
        return stored
    is_long = not number.is_finite() or abs(number.adjusted()) > _LONGEST
    return stored if is_long else f"{number:f}"


def _formats_of_figures(styles: _Element | None) -> frozenset[str]:
    """List the styles of cells that show a number with separators, decimals or a currency."""
    if styles is None:
        return frozenset()
    own = {
        one.get("numFmtId"): _IS_FIGURE.search(one.get("formatCode", "")) is not None
        for one in styles.iter()
        if local_name(one) == "numFmt"
    }
    of_cells = next((one for one in styles.iter() if local_name(one) == "cellXfs"), None)
    listed = [] if of_cells is None else [one.get("numFmtId", "0") for one in of_cells]
    return frozenset(
        str(position)
        for position, number in enumerate(listed)
        if own.get(number, number.isdecimal() and int(number) in _FORMATS_OF_FIGURES)
    )
