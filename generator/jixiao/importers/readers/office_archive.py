"""The archive that a Word file or a workbook is: looked through before any library opens it.

Bombs, programs, links to elsewhere, files inside files and tricks of XML are refused here, within limits of
size and time, so that the readers behind it may trust what they are given.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser
from jixiao.i18n import Message, message
from jixiao.problems import Misread

MEMBERS_LIMIT = 1_000
"""Files in one archive. A Word file has about 15."""
SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes of all members, unpacked."""
PART_LIMIT = 8 * 1024 * 1024
"""Bytes of one part in XML, unpacked. That of a form has about 200,000."""
_RATIO_LIMIT = 200
"""How many times larger a part may be than it is packed, from 1 MiB on."""
_LARGE = 1024 * 1024
ELEMENTS_LIMIT = 250_000
"""Elements of XML in one archive. A form in Word has about 10,000."""
CELLS_LIMIT = 50_000
"""Cells of all sheets of a workbook."""
MERGED_LIMIT = 50_000
"""Cells of all merged areas of a workbook."""
_DEPTH_LIMIT = 100
"""How deep elements may lie in each other."""
_XML = (".xml", ".rels", ".vml")
_PROGRAM = re.compile(r"vbaproject|vbadata|activex|macrosheets|\.(?:exe|dll|js|vbs|bat|cmd|ps1|scr|jar)$")
_NESTED = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"%PDF")
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_CONTENT_TYPES = "[Content_Types].xml"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ENCRYPTED = 0x1
_BROKEN = (BadZipFile, EOFError, zlib.error, NotImplementedError, ValueError)
"""What the library raises where an archive is not as the standard says."""


class Kind(Enum):
    """What an archive is, with the type by which it names its main part."""

    WORD = f"{_OFFICE}wordprocessingml.document.main+xml"
    WORKBOOK = f"{_OFFICE}spreadsheetml.sheet.main+xml"

    @property
    def named(self) -> Message:
        """The kind of file, in words."""
        return message("Word 文件（.docx）") if self is Kind.WORD else message("Excel 文件（.xlsx）")


def require_sound_archive(content: bytes, kind: Kind) -> None:
    """Look through the archive *content*; what is not looked through here is not opened.

    Raises:
        Misread: It is damaged, dangerous, too large, or no file of this *kind*.
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            _require_sound_list(archive.infolist())
            _require_sound_members(archive, kind)
    except _BROKEN as error:
        if isinstance(error, Misread):
            raise
        raise _damaged() from error


def _damaged() -> Misread:
    return Misread(
        "archive-damaged",
        message("文件不完整或已损坏，打不开"),
        message("请在 Word、Excel 或 WPS 里打开原文件，另存一份；打不开就请重新取得原文件"),
    )


def _too_large(saying: Message) -> Misread:
    return Misread(
        "archive-too-large", saying, message("申报表不会有这么大；请核对来源，只把表格另存成一个新文件")
    )


def _unsafe(saying: Message, hint: Message) -> Misread:
    return Misread("archive-unsafe", saying, hint)


def _saved_anew() -> Message:
    return message("请核对来源；可靠的，请在 Word、Excel 或 WPS 里打开，另存一份")


def _require_sound_list(members: list[ZipInfo]) -> None:
    if len(members) > MEMBERS_LIMIT:
        raise _too_large(
            message(
                "里面有 {count} 个文件，超过 {limit} 个", count=str(len(members)), limit=str(MEMBERS_LIMIT)
            )
        )
    size = sum(member.file_size for member in members)
    if size > SIZE_LIMIT:
        raise _too_large(
            message("解开以后有 {size} 字节，超过 {limit} 字节", size=str(size), limit=str(SIZE_LIMIT))
        )
    names = Counter(member.filename.lower() for member in members)
    twice = next((name for name, count in names.items() if count > 1), None)
    if twice is not None:
        raise _unsafe(message("里面有两个同名的文件：{name}", name=twice), _saved_anew())
    for member in members:
        _require_sound_member(member)


def _require_sound_member(member: ZipInfo) -> None:
    name = member.filename
    # `orig_filename` is what stands in the archive before the library has cut it at a NUL.
    if name.startswith("/") or {"\\", ":", "\0"} & set(member.orig_filename) or ".." in name.split("/"):
        raise _unsafe(message("里面有指到别处的文件名：{name}", name=member.orig_filename), _saved_anew())
    if member.flag_bits & _ENCRYPTED:
        raise _unsafe(message("里面的文件加了密码：{name}", name=name), message("请去掉密码，另存一份再读入"))
    if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise _damaged()
    if member.file_size > _LARGE and member.file_size > _RATIO_LIMIT * max(member.compress_size, 1):
        raise _too_large(
            message(
                "{name} 解开以后是原来的 {ratio} 倍",
                name=name,
                ratio=str(member.file_size // max(member.compress_size, 1)),
            )
        )
    if name.lower().endswith(_XML) and member.file_size > PART_LIMIT:
        raise _too_large(
            message(
                "{name} 有 {size} 字节，超过 {limit} 字节",
                name=name,
                size=str(member.file_size),
                limit=str(PART_LIMIT),
            )
        )


def _require_no_program(member: ZipInfo) -> None:
    if _PROGRAM.search(member.filename.lower()):
        raise _unsafe(
            message("里面有宏或程序：{name}", name=member.filename),
            message("请在 Word、Excel 或 WPS 里另存为不带宏的 .docx 或 .xlsx"),
        )


def _require_sound_members(archive: ZipFile, kind: Kind) -> None:
    count = _Count()
    for member in archive.infolist():
        if member.is_dir():
            continue
        _require_no_program(member)
        if member.filename.lower().endswith(_XML):
            _scan(archive.read(member), _Scanner(member.filename, count))
            continue
        with archive.open(member) as stream:
            beginning = stream.read(8)
        if beginning.startswith(_NESTED):
            raise _embedded(member.filename)
    _require_kind(archive, kind)


class Part(NamedTuple):
    """A file in an archive."""

    name: str
    content: bytes
    """Of a part that is not XML, its beginning."""
    is_xml: bool

    @property
    def is_nested(self) -> bool:
        """Whether it is a document or an archive itself."""
        return not self.is_xml and self.content.startswith(_NESTED)


def parts_to_search(content: bytes) -> tuple[Part, ...]:
    """Read all parts of the archive *content*, within the limits, to be searched and not to be opened.

    Programs, links and embedded files are harmless there, because nothing follows them.

    Raises:
        Misread: It is damaged, encrypted or too large.
    """
    count = _Count()
    parts = []
    try:
        with ZipFile(BytesIO(content)) as archive:
            _require_sound_list(archive.infolist())
            for member in archive.infolist():
                if member.is_dir():
                    continue
                is_xml = member.filename.lower().endswith(_XML)
                with archive.open(member) as stream:
                    part = Part(member.filename, stream.read() if is_xml else stream.read(8), is_xml)
                if is_xml:
                    _scan(part.content, _Scanner(part.name, count, is_opened=False))
                parts.append(part)
    except _BROKEN as error:
        if isinstance(error, Misread):
            raise
        raise _damaged() from error
    return tuple(parts)


def _embedded(name: str) -> Misread:
    return _unsafe(
        message("里面还嵌着别的文件：{name}", name=name),
        message("嵌入的内容读不到；请把它的文字抄进表格，删去嵌入的对象，再另存一份"),
    )


def _require_kind(archive: ZipFile, kind: Kind) -> None:
    if _CONTENT_TYPES not in archive.namelist():
        raise Misread(
            "not-this-kind-of-file",
            message("这是压缩包，不是 {kind}", kind=kind.named),
            message("请先解开压缩包，再读入里面的申报表"),
        )
    if kind.value.encode() not in archive.read(_CONTENT_TYPES):
        raise Misread(
            "not-this-kind-of-file",
            message("内容不是 {kind}", kind=kind.named),
            message("请在 Word、Excel 或 WPS 里打开，另存为 .docx 或 .xlsx"),
        )


@dataclass
class _Count:
    """What has been met so far in all parts."""

    elements: int = 0
    cells: int = 0
    merged: int = 0


def _scan(part: bytes, scanner: _Scanner) -> None:
    try:
        parser = XMLParser(target=scanner, forbid_dtd=True)
        parser.feed(part)
        parser.close()
    except DefusedXmlException as error:
        raise _unsafe(
            message("{name} 里有 XML 实体或文档类型定义", name=scanner.name), _saved_anew()
        ) from error
    except ParseError as error:
        raise _damaged() from error


class _Scanner:
    """Looks at each element of a part as the parser meets it; nothing is kept."""

    def __init__(self, name: str, count: _Count, *, is_opened: bool = True) -> None:
        """Begin with a part.

        Args:
            name: Of the part.
            count: What has been met in other parts.
            is_opened: A library opens the archive behind us and may follow what the part leads to.
        """
        self.name = name
        self._count = count
        self._is_opened = is_opened
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count.elements += 1
        if self._count.elements > ELEMENTS_LIMIT or self._depth > _DEPTH_LIMIT:
            raise _too_large(message("{name} 里的内容太多或套得太深", name=self.name))
        match tag.rpartition("}")[2]:
            case "Relationship" if self._is_opened:
                self._require_own(attributes)
            case "altChunk" if self._is_opened:
                raise _embedded(self.name)
            case "c" if self.name.startswith("xl/worksheets/"):
                self._count_cell()
            case "mergeCell":
                self._count_merged(attributes.get("ref", ""))

    def end(self, _tag: str) -> None:
        self._depth -= 1

    def data(self, text: str) -> None:
        """Text is of no interest here; the parser asks for this method."""

    def close(self) -> None:
        """Nothing has to be closed; the parser asks for this method."""

    def _require_own(self, attributes: dict[str, str]) -> None:
        """Refuse a link that is followed when the file is opened; one that a reader clicks on is harmless."""
        kind = attributes.get("Type", "").rpartition("/")[2]
        if attributes.get("TargetMode", "").lower() == "external" and kind != "hyperlink":
            raise _unsafe(
                message(
                    "{name} 链接到文件以外的内容：{target}",
                    name=self.name,
                    target=attributes.get("Target", ""),
                ),
                message("请在 Word、Excel 或 WPS 里断开链接（模板、图片、别的工作簿），另存一份"),
            )

    def _count_cell(self) -> None:
        self._count.cells += 1
        if self._count.cells > CELLS_LIMIT:
            raise _too_large(message("{name} 里的格超过 {limit} 个", name=self.name, limit=str(CELLS_LIMIT)))

    def _count_merged(self, reference: str) -> None:
        area = _AREA.fullmatch(reference)
        if area is None:
            raise _damaged()
        self._count.merged += _cells_of(area)
        if self._count.merged > MERGED_LIMIT:
            raise _too_large(message("{name} 里合并的格太多：{area}", name=self.name, area=reference))


def _cells_of(area: re.Match[str]) -> int:
    left, top, right, bottom = area[1], area[2], area[3] or area[1], area[4] or area[2]
    return (abs(_column(right) - _column(left)) + 1) * (abs(int(bottom) - int(top)) + 1)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
