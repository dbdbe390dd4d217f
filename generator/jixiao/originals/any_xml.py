"""Text of any part in XML: every text and every attribute that may say something to a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from jixiao.i18n import Message, message
from jixiao.importers.readers.office_archive import Part
from jixiao.personal_data.form_rows import Cell, Passages, Piece, Row, within
from jixiao.problems import Misread
from lxml.etree import LxmlError, XMLParser, _Element, fromstring

_SAYS_SOMETHING = re.compile(r"[\u3400-\u9fff@＠]|(?:\d[^\d]{0,3}){10}")
_IDENTIFIER = re.compile(r"(?:[a-z]*id|rsid.*|nsid|uri|guid|hash.*|salt.*|value)", re.IGNORECASE)
"""Attributes with numbers of the file, which only an identity number can be found in."""
_AUTHORS = frozenset(
    {"creator", "lastModifiedBy", "author", "manager", "Manager", "lastPrinted", "displayName"}
)
_HARMLESS = re.compile(
    r"(?:.*/)?(?:printerSettings[0-9]*\.bin|thumbnail\.[a-z]+|.*\.odttf|.*\.fntdata)|mimetype", re.IGNORECASE
)
"""Parts with nothing that does not stand in the others: printers, fonts, a small picture of page one."""
_PICTURE = re.compile(r".*\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|ico|webp|jfif)", re.IGNORECASE)


def tree_of(part: Part) -> _Element:
    """Parse a part that the archive's limits have let pass.

    Raises:
        Misread: It is no XML after all.
    """
    try:
        # No entity is resolved; the archive's scan has refused document types.
        return fromstring(part.content, XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except (LxmlError, ValueError) as error:
        raise Misread(
            "archive-damaged",
            message("文件不完整或已损坏，打不开"),
            message("请在 Word、Excel 或 WPS 里打开原文件，另存一份；打不开就请重新取得原文件"),
        ) from error


def local_name(element: _Element) -> str:
    """Name *element* without its namespace; nothing for a comment or an instruction."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def rows_of_rest(elements: Iterable[_Element], place: Message, *, with_texts: bool = True) -> Iterator[Row]:
    """Take every text and every telling attribute of *elements*, each as a row of its own.

    Args:
        elements: Of a part.
        place: Of the part.
        with_texts: Leave texts out where they were taken in their order.
    """
    for element in elements:
        name = local_name(element)
        if not name:
            yield _row(place, Piece(element.text or "", element))
            continue
        if with_texts and element.text and not element.text.isspace():
            yield _row(within(place, message("{name}", name=name)), Piece(element.text, element), name)
        for key, value in element.attrib.items():
            attribute = str(key).rpartition("}")[2]
            if _SAYS_SOMETHING.search(str(value)):
                inner = message("{name} 的 {attribute}", name=name, attribute=attribute)
                yield _row(within(place, inner), Piece(str(value), element, str(key)), attribute)


def _row(place: Message, piece: Piece, name: str = "") -> Row:
    is_figure = _IDENTIFIER.fullmatch(name) is not None and piece.text.isdecimal()
    cell = Cell(place, [piece], is_author=name in _AUTHORS, is_figure=is_figure)
    return Row([cell], is_shown=False)


def is_embedded(part: Part) -> bool:
    """Tell whether *part* is another file, which nobody can search."""
    return not part.is_xml and not _HARMLESS.fullmatch(part.name) and not _PICTURE.fullmatch(part.name)


def add_opaque(passages: Passages, part: Part) -> None:
    """Note of a part that is not XML that nobody can search it."""
    if part.is_nested or is_embedded(part):
        passages.unsearched.append(message("里面嵌着别的文件，查不了：{name}", name=part.name))
    elif not _HARMLESS.fullmatch(part.name):
        passages.unsearched.append(message("里面有图片，图片里的文字查不了：{name}", name=part.name))
