"""Copy of a form for publication, in which personal data is blacked out.

Properties, comments, tracked deletions and the thumbnail of the first page are removed. The copy is searched
again before it is returned.
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
from jixiao.importers.readers.office_archive import ArchivePart
from jixiao.originals.form_search import (
    FormSearchResult,
    TextFinding,
    TextSpan,
    find_in_rows,
    search_content,
)
from jixiao.originals.form_text import OfficeArchive, OpenedForm, TextFile, open_form
from jixiao.originals.office_text import find_local_name, is_embedded_file
from jixiao.personal_data.form_rows import TextPiece
from jixiao.personal_data.text_patterns import PersonalDataKind
from jixiao.problems import ReadError

REDACTION_SIGN = "■"
_LONG_NAME_LENGTH = 3
"""Characters of a name that is no other word, and is blacked out wherever it occurs."""
_REMOVED_PARTS = re.compile(
    r"docProps/.*|customXml/.*|word/comments[A-Za-z]*\.xml|word/people\.xml|xl/comments.*\.xml"
    r"|xl/threadedComments/.*|xl/persons/.*|xl/drawings/.*\.vml(?:\.rels)?"
)
_DELETED_ELEMENTS = frozenset({"del", "moveFrom"})
_DELETION_MARKS = {"tr": ("trPr", frozenset({"del"})), "tc": ("tcPr", frozenset({"cellDel"}))}
"""Properties of a table part, and the mark in them that the whole part was deleted."""
_ACCEPTED_ELEMENTS = frozenset({"ins", "moveTo"})
_REMOVED_ELEMENTS = frozenset(
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
_FIXED_TIMESTAMP = (1980, 1, 1, 0, 0, 0)
_AUTHOR_ATTRIBUTE = re.compile(r"author|initials|userId|providerId", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class RedactedCopy:
    """Redacted copy of a form, with the searches of both."""

    content: bytes
    form_result: FormSearchResult
    """Search of the form; its findings are blacked out or removed in the copy."""
    copy_result: FormSearchResult
    """Search of the copy: no findings, only parts that could not be searched."""


def create_redacted_copy(content: bytes) -> RedactedCopy:
    """Create a copy of the form *content* without personal data.

    Raises:
        ReadError: The file is of a kind that cannot be rewritten, or personal data would remain.
    """
    opened = open_form(content)
    if opened.kind is None:
        raise ReadError("form-not-redacted", _explain_refusal(opened), _advise_other_format())
    spots = find_in_rows(opened.contents.rows)
    _redact_findings(opened, spots)
    match opened.kind:
        case TextFile(encoding):
            copy = _write_text(content, opened, encoding)
        case OfficeArchive():
            _require_no_embedded(opened.kind.parts)
            copy = _write_archive(content, opened.kind)
    rest = search_content(copy)
    if rest.findings:
        raise ReadError(
            "form-not-redacted",
            message("遮盖以后还查出 {count} 处个人信息，没有写出", count=str(len(rest.findings))),
            message("请在 Word、Excel 或 WPS 里打开，手工删去这些内容，另存一份，再运行一次"),
        )
    return RedactedCopy(content=copy, form_result=search_content(content), copy_result=rest)


def _explain_refusal(opened: OpenedForm) -> Message:
    unsearched = opened.contents.unsearched
    return unsearched[0] if unsearched else message("这种文件改不了：PDF 里的文字不能安全地遮盖")


def _advise_other_format() -> Message:
    return message(
        "请用产生它的 Word、Excel 或 WPS 文件另存为 .docx 或 .xlsx，对那一份运行 jixiao redact；"
        "只有扫描件或 PDF 的，请单位遮住个人信息后重交"
    )


def _require_no_embedded(parts: Iterable[ArchivePart]) -> None:
    nested = next((part for part in parts if part.is_nested or is_embedded_file(part)), None)
    if nested is not None:
        raise ReadError(
            "form-not-redacted",
            message("里面嵌着别的文件，查不了：{name}", name=nested.name),
            message("请在 Word、Excel 或 WPS 里删去嵌入的对象，另存一份，再运行一次"),
        )


@dataclass(slots=True)
class _RedactedCharacters:
    """Positions of the characters to black out in a piece or attribute of the file."""

    piece: TextPiece
    places: set[int] = field(default_factory=set)


def _redact_findings(opened: OpenedForm, spots: Sequence[TextFinding]) -> None:
    """Black out each character found; long names wherever they occur."""
    cells = [cell for row in opened.contents.rows for cell in row.cells]
    spans = [span for spot in spots for span in spot.spans]
    names = {spot.found.number for spot in spots if spot.found.kind is PersonalDataKind.PERSON}
    for name in (one for one in names if len(one) >= _LONG_NAME_LENGTH):
        spans += [
            TextSpan(cell, found.start(), found.end())
            for cell in cells
            for found in re.finditer(re.escape(name), cell.text)
        ]
    covered: dict[tuple[int, str | None], _RedactedCharacters] = {}
    for span in spans:
        if span.cell.element is not None:
            _replace_number_by_text(span.cell.element, REDACTION_SIGN * len(span.cell.text))
            continue
        at = 0
        for piece in span.cell.pieces:
            # Several cells may show the same part of the file.
            key = (id(piece if piece.element is None else piece.element), piece.attribute)
            here = range(max(span.start - at, 0), min(span.end - at, len(piece.text)))
            if here:
                covered.setdefault(key, _RedactedCharacters(piece)).places.update(here)
            at += len(piece.text)
    for one in covered.values():
        one.piece.write(
            "".join(
                REDACTION_SIGN if position in one.places and not sign.isspace() else sign
                for position, sign in enumerate(one.piece.text)
            )
        )


def _replace_number_by_text(cell: _Element, text: str) -> None:
    """Replace the number in a workbook cell by text."""
    namespace = str(cell.tag).rpartition("}")[0] + "}"
    if any(find_local_name(child) == "f" and child.get("t") in {"shared", "array"} for child in cell):
        raise ReadError(
            "form-not-redacted",
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


def _write_text(content: bytes, opened: OpenedForm, encoding: str) -> bytes:
    """Join the lines of a text file with their original line ends."""
    lines = content.decode(encoding).splitlines(keepends=True)
    written = []
    for line, row in zip(lines, opened.contents.rows, strict=True):
        words = "\t".join(cell.text for cell in row.cells)
        written.append(words + line[len(words) :])
    return "".join(written).encode(encoding)


def _write_archive(content: bytes, archive: OfficeArchive) -> bytes:
    kept = [part.name for part in archive.parts if not _REMOVED_PARTS.fullmatch(part.name)]
    stream = BytesIO()
    with ZipFile(BytesIO(content)) as form, ZipFile(stream, "w", ZIP_DEFLATED) as copy:
        for name in kept:
            tree = archive.trees.get(name)
            info = ZipInfo(name, _FIXED_TIMESTAMP)
            info.compress_type = ZIP_DEFLATED
            copy.writestr(info, form.read(name) if tree is None else _write_part(name, tree, frozenset(kept)))
    return stream.getvalue()


def _write_part(name: str, tree: _Element, kept: frozenset[str]) -> bytes:
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
        _remove_traces(tree)
    return tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _remove_traces(tree: _Element) -> None:
    """Remove deletions, accept insertions, and remove author attributes."""
    for element in list(tree.iter()):
        parent = element.getparent()
        name = find_local_name(element)
        if parent is not None and (
            not name or name in _REMOVED_ELEMENTS or name in _DELETED_ELEMENTS or _is_deleted(element)
        ):
            _remove(element, parent)
            _remove_empty_table(parent)
        elif parent is not None and name in _ACCEPTED_ELEMENTS:
            at = parent.index(element)
            for child in reversed(element):
                parent.insert(at + 1, child)
            parent.remove(element)
        for attribute in [
            key for key in element.attrib if _AUTHOR_ATTRIBUTE.fullmatch(str(key).rpartition("}")[2])
        ]:
            del element.attrib[attribute]


def _is_deleted(element: _Element) -> bool:
    """Return whether *element* is a table row or cell that was deleted as a whole."""
    properties, marks = _DELETION_MARKS.get(find_local_name(element), ("", frozenset()))
    return any(
        find_local_name(one) == properties and marks & set(map(find_local_name, one)) for one in element
    )


def _remove_empty_table(element: _Element) -> None:
    """Remove a row without cells and a table without rows, because Word opens neither."""
    for name, needed in (("tr", "tc"), ("tbl", "tr")):
        parent = element.getparent()
        if (
            parent is not None
            and find_local_name(element) == name
            and needed not in map(find_local_name, element.iter())
        ):
            _remove(element, parent)
            element = parent


def _remove(element: _Element, parent: _Element) -> None:
    """Remove *element* but keep the text after it."""
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
