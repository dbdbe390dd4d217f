"""A copy of a form to publish, in which what looks like personal data is blacked out.

Properties, comments, tracked deletions and the small picture of the first page are left out. The copy is
searched again before anybody gets it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml.etree import _Element, tostring

from jixiao.i18n import Message, message
from jixiao.importers.readers.office_archive import Part
from jixiao.originals.any_xml import is_embedded, local_name
from jixiao.originals.finding import Span, Spot, spots_in
from jixiao.personal_data.form_rows import Piece
from jixiao.personal_data.form_search import Search, search
from jixiao.personal_data.form_text import Archive, Opened, TextFile, open_form
from jixiao.personal_data.text_patterns import Kind

SIGN = "■"
_LONG_NAME = 3
"""Characters of a name that is no other word, and is blacked out wherever it stands."""
_LEFT_OUT = re.compile(
    r"docProps/.*|customXml/.*|word/comments[A-Za-z]*\.xml|word/people\.xml|xl/comments.*\.xml"
    r"|xl/threadedComments/.*|xl/persons/.*|xl/drawings/.*\.vml(?:\.rels)?"
)
_DELETED = frozenset({"del", "moveFrom"})
_MARKS_OF_DELETED = {"tr": ("trPr", frozenset({"del"})), "tc": ("tcPr", frozenset({"cellDel"}))}
"""Part of a table → its properties, and the mark in them that all of it was deleted."""
_ACCEPTED = frozenset({"ins", "moveTo"})
_GONE = frozenset(
    {
        "commentRangeStart",
        "commentRangeEnd",
        "commentReference",
        "annotationRef",
        "legacyDrawing",
        "dataBinding",
    }
    | {"moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"}
    | {"rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tcPrChange", "trPrChange", "tblGridChange"}
)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_OF_AUTHORS = re.compile(r"author|initials|userId|providerId", re.IGNORECASE)


class NotBlackened(Exception):  # noqa: N818 - named for what it says; caught once, by the command
    """No safe copy can be made of this file."""

    def __init__(self, saying: Message, hint: Message) -> None:
        """Keep what is, and what to do."""
        super().__init__(saying.template)
        self.saying = saying
        self.hint = hint


@dataclass(frozen=True, kw_only=True, slots=True)
class Blackened:
    """A copy, and how it came about."""

    content: bytes
    covered: Search
    """What was found in the form, and is blacked out or left out."""
    rest: Search
    """What is found in the copy: nothing but what could not be searched."""


def blackened_copy(content: bytes) -> Blackened:
    """Make a copy of the form *content* without personal data.

    Raises:
        NotBlackened: The file is of a kind that cannot be written, or something would stay in it.
    """
    opened = open_form(content)
    if opened.kind is None:
        raise NotBlackened(_why_not(opened), _open_it())
    spots = spots_in(opened.passages.rows)
    _cover(opened, spots)
    match opened.kind:
        case TextFile(encoding):
            copy = _text(content, opened, encoding)
        case Archive():
            _require_no_embedded(opened.kind.parts)
            copy = _archive(content, opened.kind)
    rest = search(copy)
    if rest.findings:
        raise NotBlackened(
            message("遮盖以后还查出 {count} 处个人信息，没有写出", count=str(len(rest.findings))),
            message("请在 Word、Excel 或 WPS 里打开，手工删去这些内容，另存一份，再运行一次"),
        )
    return Blackened(content=copy, covered=search(content), rest=rest)


def _why_not(opened: Opened) -> Message:
    unsearched = opened.passages.unsearched
    return unsearched[0] if unsearched else message("这种文件改不了：PDF 里的文字不能安全地遮盖")


def _open_it() -> Message:
    return message(
        "请用产生它的 Word、Excel 或 WPS 文件另存为 .docx 或 .xlsx，对那一份运行 jixiao redact；"
        "只有扫描件或 PDF 的，请单位遮住个人信息后重交"
    )


def _require_no_embedded(parts: Iterable[Part]) -> None:
    nested = next((part for part in parts if part.is_nested or is_embedded(part)), None)
    if nested is not None:
        raise NotBlackened(
            message("里面嵌着别的文件，查不了：{name}", name=nested.name),
            message("请在 Word、Excel 或 WPS 里删去嵌入的对象，另存一份，再运行一次"),
        )


@dataclass(slots=True)
class _Covered:
    """Characters of the file that have to go, by their numbers in its piece or its attribute."""

    piece: Piece
    places: set[int] = field(default_factory=set)


def _cover(opened: Opened, spots: Sequence[Spot]) -> None:
    """Put a sign in the place of each character that was found; of long names wherever they stand."""
    cells = [cell for row in opened.passages.rows for cell in row.cells]
    spans = [span for spot in spots for span in spot.spans]
    names = {spot.found.number for spot in spots if spot.found.kind is Kind.PERSON}
    for name in (one for one in names if len(one) >= _LONG_NAME):
        spans += [
            Span(cell, found.start(), found.end())
            for cell in cells
            for found in re.finditer(re.escape(name), cell.text)
        ]
    covered: dict[tuple[int, str | None], _Covered] = {}
    for span in spans:
        if span.cell.element is not None:
            _make_text(span.cell.element, SIGN * len(span.cell.text))
            continue
        at = 0
        for piece in span.cell.pieces:
            # Several cells may show the same part of the file.
            key = (id(piece if piece.element is None else piece.element), piece.attribute)
            here = range(max(span.start - at, 0), min(span.end - at, len(piece.text)))
            if here:
                covered.setdefault(key, _Covered(piece)).places.update(here)
            at += len(piece.text)
    for one in covered.values():
        one.piece.write(
            "".join(
                SIGN if position in one.places and not sign.isspace() else sign
                for position, sign in enumerate(one.piece.text)
            )
        )


def _make_text(cell: _Element, text: str) -> None:
    """Make a text of the number in the cell of a workbook."""
    namespace = str(cell.tag).rpartition("}")[0] + "}"
    if any(local_name(child) == "f" and child.get("t") in {"shared", "array"} for child in cell):
        raise NotBlackened(
            message("{cell} 是公式，改不了", cell=cell.get("r", "")),
            message("请在 Excel 或 WPS 里把这一格改成数值，另存一份，再运行一次"),
        )
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    holder = cell.makeelement(f"{namespace}is", {})
    words = cell.makeelement(f"{namespace}t", {})
    words.text = text
    holder.append(words)
    cell.append(holder)


def _text(content: bytes, opened: Opened, encoding: str) -> bytes:
    """Put the lines together again, with the ends that they had."""
    lines = content.decode(encoding).splitlines(keepends=True)
    written = []
    for line, row in zip(lines, opened.passages.rows, strict=True):
        words = "\t".join(cell.text for cell in row.cells)
        written.append(words + line[len(words) :])
    return "".join(written).encode(encoding)


def _archive(content: bytes, archive: Archive) -> bytes:
    kept = [part.name for part in archive.parts if not _LEFT_OUT.fullmatch(part.name)]
    stream = BytesIO()
    with ZipFile(BytesIO(content)) as form, ZipFile(stream, "w", ZIP_DEFLATED) as copy:
        for name in kept:
            tree = archive.trees.get(name)
            info = ZipInfo(name, _LONG_AGO)
            info.compress_type = ZIP_DEFLATED
            copy.writestr(info, form.read(name) if tree is None else _part(name, tree, frozenset(kept)))
    return stream.getvalue()


def _part(name: str, tree: _Element, kept: frozenset[str]) -> bytes:
    if name.endswith(".rels"):
        home = posixpath.dirname(posixpath.dirname(name))
        for one in list(tree):
            target = posixpath.normpath(posixpath.join("/", home, one.get("Target", ""))).lstrip("/")
            if one.get("TargetMode", "").lower() != "external" and target not in kept:
                tree.remove(one)
    elif name == "[Content_Types].xml":
        for one in list(tree):
            if one.get("PartName") is not None and one.get("PartName", "").lstrip("/") not in kept:
                tree.remove(one)
    else:
        _tidy(tree)
    return tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _tidy(tree: _Element) -> None:
    """Drop what was deleted, accept what was inserted, and forget who did it."""
    for element in list(tree.iter()):
        parent = element.getparent()
        name = local_name(element)
        if parent is not None and (not name or name in _GONE or name in _DELETED or _is_deleted(element)):
            _remove(element, parent)
            _remove_empty_table(parent)
        elif parent is not None and name in _ACCEPTED:
            at = parent.index(element)
            for child in reversed(element):
                parent.insert(at + 1, child)
            parent.remove(element)
        for attribute in [
            key for key in element.attrib if _OF_AUTHORS.fullmatch(str(key).rpartition("}")[2])
        ]:
            del element.attrib[attribute]


def _is_deleted(element: _Element) -> bool:
    """Tell whether *element* is a row or a cell of a table that was deleted as a whole."""
    properties, marks = _MARKS_OF_DELETED.get(local_name(element), ("", frozenset()))
    return any(local_name(one) == properties and marks & set(map(local_name, one)) for one in element)


def _remove_empty_table(element: _Element) -> None:
    """Remove a row without cells, and a table without rows: Word opens neither."""
    for name, needed in (("tr", "tc"), ("tbl", "tr")):
        parent = element.getparent()
        if (
            parent is not None
            and local_name(element) == name
            and needed not in map(local_name, element.iter())
        ):
            _remove(element, parent)
            element = parent


def _remove(element: _Element, parent: _Element) -> None:
    """Remove *element* and keep the text behind it."""
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
