"""Copy of a form for publication, in which personal data is blacked out.

Properties, comments, tracked deletions and the thumbnail of the first page are removed. The copy is searched
again before it is returned.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml.etree import SubElement, _Element, tostring

from jixiao.i18n import message
from jixiao.importers.readers.office_archive import find_local_name
from jixiao.originals.form_search import (
    FormSearchResult,
    TextFinding,
    TextSpan,
    find_in_rows,
    search_content,
)
from jixiao.originals.form_text import OfficeArchive, OpenedForm, TextFile, open_form
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
        unsearched = opened.contents.unsearched
        raise ReadError(
            "form-not-redacted",
            unsearched[0] if unsearched else message("这种文件改不了：PDF 里的文字不能安全地遮盖"),
            message(
                "请用产生它的 Word、Excel 或 WPS 文件另存为 .docx 或 .xlsx，对那一份运行 jixiao redact；"
                "只有扫描件或 PDF 的，请单位遮住个人信息后重交"
            ),
        )
    _redact_findings(opened, find_in_rows(opened.contents.rows))
    if isinstance(opened.kind, TextFile):
        lines = content.decode(opened.kind.encoding).splitlines(keepends=True)
        texts = ["\t".join(cell.text for cell in row.cells) for row in opened.contents.rows]
        # The line ends are kept: only they follow the text of a line.
        redacted = "".join(text + line[len(text) :] for text, line in zip(texts, lines, strict=True))
        copy = redacted.encode(opened.kind.encoding)
    else:
        copy = _write_archive(content, opened.kind)
    copy_result = search_content(copy)
    if copy_result.findings:
        raise ReadError(
            "form-not-redacted",
            message("遮盖以后还查出 {count} 处个人信息，没有写出", count=str(len(copy_result.findings))),
            message("请在 Word、Excel 或 WPS 里打开，手工删去这些内容，另存一份，再运行一次"),
        )
    return RedactedCopy(content=copy, form_result=search_content(content), copy_result=copy_result)


@dataclass(slots=True)
class _RedactedCharacters:
    """Positions of the characters to black out in a piece or attribute of the file."""

    piece: TextPiece
    places: set[int] = field(default_factory=set)


def _redact_findings(opened: OpenedForm, findings: Sequence[TextFinding]) -> None:
    """Black out each character found; long names wherever they occur."""
    cells = [cell for row in opened.contents.rows for cell in row.cells]
    spans = [span for finding in findings for span in finding.spans]
    names = {finding.match.number for finding in findings if finding.match.kind is PersonalDataKind.PERSON}
    for name in names:
        if len(name) >= _LONG_NAME_LENGTH:
            for cell in cells:
                matches = re.finditer(re.escape(name), cell.text)
                spans += [TextSpan(cell, match.start(), match.end()) for match in matches]
    covered: dict[tuple[int, str | None], _RedactedCharacters] = {}
    for span in spans:
        if span.cell.element is not None:
            _replace_number_by_text(span.cell.element, REDACTION_SIGN * len(span.cell.text))
            continue
        offset = 0
        for piece in span.cell.pieces:
            # Several cells may show the same part of the file.
            key = (id(piece if piece.element is None else piece.element), piece.attribute)
            places = range(max(span.start - offset, 0), min(span.end - offset, len(piece.text)))
            if places:
                covered.setdefault(key, _RedactedCharacters(piece)).places.update(places)
            offset += len(piece.text)
    for redacted in covered.values():
        text = "".join(
            REDACTION_SIGN if position in redacted.places and not character.isspace() else character
            for position, character in enumerate(redacted.piece.text)
        )
        redacted.piece.write(text)


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
    inline_string = SubElement(cell, f"{namespace}is")
    SubElement(inline_string, f"{namespace}t").text = text


def _write_archive(content: bytes, archive: OfficeArchive) -> bytes:
    """Write an archive without the removed parts, in which all parts have the same time stamp."""
    embedded = next((part for part in archive.parts if part.is_embedded_file), None)
    if embedded is not None:
        raise ReadError(
            "form-not-redacted",
            message("里面嵌着别的文件，查不了：{name}", name=embedded.name),
            message("请在 Word、Excel 或 WPS 里删去嵌入的对象，另存一份，再运行一次"),
        )
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
    """Write a part without traces of its history and without references to removed parts."""
    if name.endswith(".rels"):
        folder = posixpath.dirname(posixpath.dirname(name))
        for relation in list(tree):
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
            if relation.get("TargetMode", "").lower() != "external" and target not in kept:
                tree.remove(relation)
    elif name == "[Content_Types].xml":
        for part_type in list(tree):
            part = part_type.get("PartName")
            if part is not None and part.lstrip("/") not in kept:
                tree.remove(part_type)
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
        find_local_name(child) == properties and marks & set(map(find_local_name, child)) for child in element
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
