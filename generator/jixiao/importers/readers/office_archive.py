"""ZIP archive of a Word file or workbook, scanned before any library opens it.

Zip bombs, programs, external links, embedded files and XML attacks are refused within limits of size and
time, so that the readers may trust their input.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from jixiao.i18n import Message, message
from jixiao.problems import ReadError

if TYPE_CHECKING:
    # A large library, which the scan of an archive does not need.
    from lxml.etree import _Element

MEMBERS_LIMIT = 1_000
"""Files in one archive. A Word file has about 15."""
UNPACKED_SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes of all unpacked members."""
PART_SIZE_LIMIT = 8 * 1024 * 1024
"""Bytes of one unpacked XML part. That of a form has about 200,000."""
_RATIO_LIMIT = 200
"""Highest ratio of unpacked to packed size, checked for parts above 1 MiB."""
_RATIO_CHECKED_FROM = 1024 * 1024
ELEMENTS_LIMIT = 250_000
"""XML elements of one archive. A Word form has about 10,000."""
WORKBOOK_CELLS_LIMIT = 50_000
"""Cells of all sheets of a workbook."""
MERGED_CELLS_LIMIT = 50_000
"""Cells in all merged ranges of a workbook."""
_DEPTH_LIMIT = 100
"""Nesting depth of XML elements."""
_XML_SUFFIXES = (".xml", ".rels", ".vml")
_PROGRAM_NAME = re.compile(
    r"vbaproject|vbadata|activex|macrosheets|\.(?:exe|dll|js|vbs|bat|cmd|ps1|scr|jar)$"
)
_NESTED_SIGNATURES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"%PDF",
)
_PART_WITHOUT_TEXT = re.compile(
    r"(?:.*/)?(?:printerSettings[0-9]*\.bin|thumbnail\.[a-z]+|.*\.odttf|.*\.fntdata)|mimetype", re.IGNORECASE
)
"""Parts that add no text to the others: printer settings, fonts, the thumbnail of page one."""
_PICTURE_PART = re.compile(r".*\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|ico|webp|jfif)", re.IGNORECASE)
_CELL_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_CONTENT_TYPES = "[Content_Types].xml"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ENCRYPTED_FLAG = 0x1
_ARCHIVE_ERRORS = (BadZipFile, EOFError, zlib.error, NotImplementedError, ValueError)
"""Exceptions that the library raises for archives that break the standard."""


class OfficeFileKind(Enum):
    """Kind of an Office file, with the content type of its main part."""

    WORD = f"{_OFFICE}wordprocessingml.document.main+xml"
    WORKBOOK = f"{_OFFICE}spreadsheetml.sheet.main+xml"

    @property
    def title(self) -> Message:
        """Kind of file as a message."""
        return (
            message("Word 文件（.docx）") if self is OfficeFileKind.WORD else message("Excel 文件（.xlsx）")
        )


def require_safe_archive(content: bytes, kind: OfficeFileKind) -> None:
    """Check that the archive *content* is safe to open with a library.

    Raises:
        ReadError: It is damaged, dangerous, too large, or not a file of this *kind*.
    """
    types = [part.content for part in _parts(content, is_opened=True) if part.name == _CONTENT_TYPES]
    if not types:
        raise ReadError(
            "not-this-kind-of-file",
            message("这是压缩包，不是 {kind}", kind=kind.title),
            message("请先解开压缩包，再读入里面的申报表"),
        )
    if kind.value.encode() not in types[0]:
        raise ReadError(
            "not-this-kind-of-file",
            message("内容不是 {kind}", kind=kind.title),
            message("请在 Word、Excel 或 WPS 里打开，另存为 .docx 或 .xlsx"),
        )


def build_damaged_error() -> ReadError:
    """Build the error that a Word file or workbook is incomplete or breaks the standard."""
    return ReadError(
        "archive-damaged",
        message("文件不完整或已损坏，打不开"),
        message("请在 Word、Excel 或 WPS 里打开原文件，另存一份；打不开就请重新取得原文件"),
    )


def _build_too_large_error(description: Message) -> ReadError:
    return ReadError(
        "archive-too-large", description, message("申报表不会有这么大；请核对来源，只把表格另存成一个新文件")
    )


def _build_unsafe_error(description: Message, hint: Message) -> ReadError:
    return ReadError("archive-unsafe", description, hint)


def _advise_saving_again() -> Message:
    return message("请核对来源；可靠的，请在 Word、Excel 或 WPS 里打开，另存一份")


def _require_safe_members(members: list[ZipInfo]) -> None:
    """Refuse too many or too large members, duplicate names, and each unsafe member."""
    if len(members) > MEMBERS_LIMIT:
        raise _build_too_large_error(
            message(
                "里面有 {count} 个文件，超过 {limit} 个", count=str(len(members)), limit=str(MEMBERS_LIMIT)
            )
        )
    size = sum(member.file_size for member in members)
    if size > UNPACKED_SIZE_LIMIT:
        raise _build_too_large_error(
            message(
                "解开以后有 {size} 字节，超过 {limit} 字节", size=str(size), limit=str(UNPACKED_SIZE_LIMIT)
            )
        )
    names = Counter(member.filename.lower() for member in members)
    duplicate = next((name for name, count in names.items() if count > 1), None)
    if duplicate is not None:
        raise _build_unsafe_error(
            message("里面有两个同名的文件：{name}", name=duplicate), _advise_saving_again()
        )
    for member in members:
        _require_safe_member(member)


def _require_safe_member(member: ZipInfo) -> None:
    """Refuse paths out of the archive, encryption, unknown compression, and zip bombs."""
    name = member.filename
    # `orig_filename` is the name as stored; the library cuts it at a NUL.
    if name.startswith("/") or {"\\", ":", "\0"} & set(member.orig_filename) or ".." in name.split("/"):
        raise _build_unsafe_error(
            message("里面有指到别处的文件名：{name}", name=member.orig_filename), _advise_saving_again()
        )
    if member.flag_bits & _ENCRYPTED_FLAG:
        raise _build_unsafe_error(
            message("里面的文件加了密码：{name}", name=name), message("请去掉密码，另存一份再读入")
        )
    if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise build_damaged_error()
    if member.file_size > _RATIO_CHECKED_FROM and member.file_size > _RATIO_LIMIT * max(
        member.compress_size, 1
    ):
        raise _build_too_large_error(
            message(
                "{name} 解开以后是原来的 {ratio} 倍",
                name=name,
                ratio=str(member.file_size // max(member.compress_size, 1)),
            )
        )
    if name.lower().endswith(_XML_SUFFIXES) and member.file_size > PART_SIZE_LIMIT:
        raise _build_too_large_error(
            message(
                "{name} 有 {size} 字节，超过 {limit} 字节",
                name=name,
                size=str(member.file_size),
                limit=str(PART_SIZE_LIMIT),
            )
        )


class ArchivePart(NamedTuple):
    """Member of an archive."""

    name: str
    content: bytes
    """Bytes of an XML part; only the first bytes of any other part."""
    is_xml: bool

    @property
    def is_nested(self) -> bool:
        """Whether it is a document or an archive itself."""
        return not self.is_xml and self.content.startswith(_NESTED_SIGNATURES)

    @property
    def is_without_text(self) -> bool:
        """Whether it adds no text to the other parts."""
        return _PART_WITHOUT_TEXT.fullmatch(self.name) is not None

    @property
    def is_embedded_file(self) -> bool:
        """Whether it is another file, which cannot be searched."""
        is_picture = _PICTURE_PART.fullmatch(self.name) is not None
        return self.is_nested or not (self.is_xml or self.is_without_text or is_picture)


def read_parts_to_search(content: bytes) -> tuple[ArchivePart, ...]:
    """Read all parts of the archive *content* within the limits, for search only.

    Programs, links and embedded files are harmless here, because nothing follows them.

    Raises:
        ReadError: It is damaged, encrypted or too large.
    """
    return tuple(_parts(content, is_opened=False))


def _parts(content: bytes, *, is_opened: bool) -> Iterator[ArchivePart]:
    """Read the parts of an archive one by one, within the limits.

    Args:
        content: Bytes of the archive.
        is_opened: Whether a library will open the archive afterwards, and may run programs or follow links.
    """
    count = _ElementCount()
    try:
        with ZipFile(BytesIO(content)) as archive:
            _require_safe_members(archive.infolist())
            for member in archive.infolist():
                if member.is_dir():
                    continue
                if is_opened and _PROGRAM_NAME.search(member.filename.lower()):
                    raise _build_unsafe_error(
                        message("里面有宏或程序：{name}", name=member.filename),
                        message("请在 Word、Excel 或 WPS 里另存为不带宏的 .docx 或 .xlsx"),
                    )
                is_xml = member.filename.lower().endswith(_XML_SUFFIXES)
                with archive.open(member) as stream:
                    part = ArchivePart(member.filename, stream.read() if is_xml else stream.read(8), is_xml)
                if is_xml:
                    _scan_xml(part.content, _XmlScanner(part.name, count, is_opened=is_opened))
                elif is_opened and part.is_nested:
                    raise _build_embedded_file_error(part.name)
                yield part
    except _ARCHIVE_ERRORS as error:
        if isinstance(error, ReadError):
            raise
        raise build_damaged_error() from error


def _build_embedded_file_error(name: str) -> ReadError:
    return _build_unsafe_error(
        message("里面还嵌着别的文件：{name}", name=name),
        message("嵌入的内容读不到；请把它的文字抄进表格，删去嵌入的对象，再另存一份"),
    )


@dataclass
class _ElementCount:
    """Counts of elements and cells over all parts of an archive."""

    elements: int = 0
    cells: int = 0
    merged: int = 0


def _scan_xml(part: bytes, scanner: _XmlScanner) -> None:
    """Parse *part* without entities, and refuse document types."""
    try:
        parser = XMLParser(target=scanner, forbid_dtd=True)
        parser.feed(part)
        parser.close()
    except DefusedXmlException as error:
        raise _build_unsafe_error(
            message("{name} 里有 XML 实体或文档类型定义", name=scanner.name), _advise_saving_again()
        ) from error
    except ParseError as error:
        raise build_damaged_error() from error


class _XmlScanner:
    """Parser target that checks each XML element of a part and keeps none."""

    def __init__(self, name: str, count: _ElementCount, *, is_opened: bool) -> None:
        """Prepare to scan one part.

        Args:
            name: Name of the part.
            count: Counts so far, over all parts.
            is_opened: Whether a library will open the archive afterwards and may follow links.
        """
        self.name = name
        self._count = count
        self._is_opened = is_opened
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count.elements += 1
        if self._count.elements > ELEMENTS_LIMIT or self._depth > _DEPTH_LIMIT:
            raise _build_too_large_error(message("{name} 里的内容太多或套得太深", name=self.name))
        match tag.rpartition("}")[2]:
            case "Relationship" if self._is_opened:
                self._require_internal_target(attributes)
            case "altChunk" if self._is_opened:
                raise _build_embedded_file_error(self.name)
            case "c" if self.name.startswith("xl/worksheets/"):
                self._count.cells += 1
                if self._count.cells > WORKBOOK_CELLS_LIMIT:
                    raise _build_too_large_error(
                        message(
                            "{name} 里的格超过 {limit} 个", name=self.name, limit=str(WORKBOOK_CELLS_LIMIT)
                        )
                    )
            case "mergeCell":
                self._count_merged(attributes.get("ref", ""))

    def end(self, _tag: str) -> None:
        self._depth -= 1

    def data(self, text: str) -> None:
        """Ignore text; the parser requires this method."""

    def close(self) -> None:
        """Finish without effect; the parser requires this method."""

    def _require_internal_target(self, attributes: dict[str, str]) -> None:
        """Refuse external targets that are loaded on opening; hyperlinks are harmless."""
        kind = attributes.get("Type", "").rpartition("/")[2]
        if attributes.get("TargetMode", "").lower() == "external" and kind != "hyperlink":
            raise _build_unsafe_error(
                message(
                    "{name} 链接到文件以外的内容：{target}",
                    name=self.name,
                    target=attributes.get("Target", ""),
                ),
                message("请在 Word、Excel 或 WPS 里断开链接（模板、图片、别的工作簿），另存一份"),
            )

    def _count_merged(self, reference: str) -> None:
        """Add the cells of a merged range to the count."""
        area = _CELL_RANGE.fullmatch(reference)
        if area is None:
            raise build_damaged_error()
        left, top, right, bottom = area[1], area[2], area[3] or area[1], area[4] or area[2]
        width = abs(_read_column_number(right) - _read_column_number(left)) + 1
        self._count.merged += width * (abs(int(bottom) - int(top)) + 1)
        if self._count.merged > MERGED_CELLS_LIMIT:
            raise _build_too_large_error(
                message("{name} 里合并的格太多：{area}", name=self.name, area=reference)
            )


def _read_column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


WORD_SIGNS: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
"""Characters that Word stores as elements, by element name without namespace."""


def find_local_name(element: _Element) -> str:
    """Return the name of *element* without its namespace, or an empty string for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
