"""A file of forms becomes a grid, by the reader for its kind: Word, workbook, PDF or text."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from jixiao.i18n import Message, message
from jixiao.importers.grid import Grid
from jixiao.importers.text_form import read_text_form
from jixiao.load.foreign import kind_of
from jixiao.load.source_files import read_bytes
from jixiao.problems import Place, Problem

SIZE_LIMIT = 16 * 1024 * 1024
"""Bytes of a Word file, a workbook or a PDF. A form has about 50,000."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""How a Word file or a workbook with a password is known, which looks like an old one."""
_SIGNATURES = {".docx": b"PK", ".xlsx": b"PK", ".pdf": b"%PDF"}
_PDF_BEGINS_WITHIN = 1024
"""Bytes that may stand before a PDF, as its standard says."""


def read_form(path: Path) -> Grid | Problem:
    """Read the file at *path*; give its grid, or what stands in the way."""
    file = os.fspath(path)
    ending = path.suffix.lower()
    if ending not in _SIGNATURES:
        return _with_advice(read_text_form(path, file))
    content = read_bytes(path, file, SIZE_LIMIT)
    if isinstance(content, Problem):
        return replace(content, hint=_smaller()) if content.rule == "file-too-large" else content
    return _foreign(content, ending, file) or _reader(ending)(content, file)


def _reader(ending: str) -> Callable[[bytes, str], Grid | Problem]:
    """Import the reader for a kind of file: their libraries are large, and few commands need them."""
    match ending:
        case ".docx":
            from jixiao.importers.readers.word_form import read_word_form  # noqa: PLC0415

            return read_word_form
        case ".xlsx":
            from jixiao.importers.readers.workbook_form import read_workbook_form  # noqa: PLC0415

            return read_workbook_form
        case _:
            from jixiao.importers.readers.pdf_form import read_pdf_form  # noqa: PLC0415

            return read_pdf_form


def _smaller() -> Message:
    return message("申报表不会有这么大；请去掉图片和附件，或分成几个文件")


def _with_advice(read: Grid | Problem) -> Grid | Problem:
    """Say of a file that is no text what can be done, which is more than a source of the site needs."""
    if isinstance(read, Problem) and read.rule == "not-a-text-file":
        return replace(
            read,
            hint=message(
                "能读 .docx、.xlsx、有文字的 .pdf 和文字文件；别的（.doc、.xls、.wps、.et、网页等）"
                "请在 Word、Excel 或 WPS 里打开，另存为 .docx 或 .xlsx，不要只改扩展名"
            ),
        )
    return read


def _foreign(content: bytes, ending: str, file: str) -> Problem | None:
    """Tell from its first bytes that *content* is not what its name says."""
    signature = _SIGNATURES[ending]
    is_pdf = ending == ".pdf" and signature in content[:_PDF_BEGINS_WITHIN]
    if content.startswith(signature) or is_pdf:
        return None
    if content.startswith(_OLD_OFFICE) and _ENCRYPTED in content:
        return Problem(
            rule="file-has-password",
            place=Place(file),
            message=message("文件加了密码，打不开"),
            hint=message("请去掉密码，另存一份再读入"),
        )
    if not content:
        saying = message("文件是空的")
    else:
        saying = message(
            "这不是 {ending} 文件，内容是：{kind}",
            ending=ending,
            kind=kind_of(content) or message("别的东西"),
        )
    return Problem(
        rule="not-this-kind-of-file",
        place=Place(file),
        message=saying,
        hint=message("请在 Word、Excel 或 WPS 里打开原文件，另存为 .docx 或 .xlsx，不要只改扩展名"),
    )
