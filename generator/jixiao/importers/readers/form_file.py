"""Reading of a form file: the reader for its kind is chosen, and plain text is read here.

In plain text a line is a row and tabs separate the cells.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from jixiao.i18n import Message, message
from jixiao.importers.form_cells import Grid, build_row
from jixiao.load.source_files import read_bytes, read_text
from jixiao.load.wrong_content import detect_file_kind
from jixiao.problems import Place, Problem

TEXT_SIZE_LIMIT = 4 * 1024 * 1024
"""Bytes of a text file. A form has about 5,000."""
_LINE_LENGTH_LIMIT = 100_000
"""Characters of a line. The longest goal that a declaration may have is half as long."""
_LINE_CELLS_LIMIT = 200
"""Cells of a line. The widest form seen has 12."""
_FILE_CELLS_LIMIT = 200_000
"""Cells of a file, empty ones included. A form has about 250."""


def read_text_form(path: Path, file: str) -> Grid | Problem:
    """Read the text form at *path* and return its grid, or the problem that prevents it.

    Args:
        path: Path of a regular file in UTF-8.
        file: The same path as shown in messages.
    """
    source = read_text(path, file, TEXT_SIZE_LIMIT)
    if isinstance(source, Problem):
        is_large = source.rule == "file-too-large"
        return replace(source, hint=message("请分成几个文件")) if is_large else source
    cells = source.text.count("\t") + len(source.lines)
    if cells > _FILE_CELLS_LIMIT:
        return Problem(
            rule="too-many-cells",
            place=Place(file),
            message=message(
                "文件有 {cells} 格，超过 {limit} 格", cells=str(cells), limit=str(_FILE_CELLS_LIMIT)
            ),
            hint=message("请分成几个文件"),
        )
    rows = []
    for number, line in enumerate(source.lines, 1):
        texts = tuple(line.split("\t"))
        if len(line) > _LINE_LENGTH_LIMIT or len(texts) > _LINE_CELLS_LIMIT:
            return Problem(
                rule="form-line-too-long",
                place=Place(file, number),
                message=message(
                    "这一行有 {length} 个字、{cells} 格，不像申报表的一行",
                    length=str(len(line)),
                    cells=str(len(texts)),
                ),
                hint=message(
                    "一行最多 {length} 个字、{cells} 格；请核对是不是导出时丢了换行",
                    length=str(_LINE_LENGTH_LIMIT),
                    cells=str(_LINE_CELLS_LIMIT),
                ),
            )
        rows.append(build_row(number, texts, message("第 {line} 行", line=str(number))))
    return Grid(file=file, rows=tuple(rows))


BINARY_SIZE_LIMIT = 16 * 1024 * 1024
"""Bytes of a Word file, a workbook or a PDF. A form has about 50,000."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""Marker of an encrypted Word file or workbook, which otherwise looks like an old-format one."""
_SIGNATURES = {".docx": b"PK", ".xlsx": b"PK", ".pdf": b"%PDF"}
_PDF_SIGNATURE_WITHIN = 1024
"""Bytes that may precede the PDF signature, as its standard says."""


def read_form(path: Path) -> Grid | Problem:
    """Read the form file at *path* and return its grid, or the problem that prevents it."""
    file = os.fspath(path)
    ending = path.suffix.lower()
    if ending not in _SIGNATURES:
        return _add_advice(read_text_form(path, file))
    content = read_bytes(path, file, BINARY_SIZE_LIMIT)
    if isinstance(content, Problem):
        return replace(content, hint=_advise_smaller_file()) if content.rule == "file-too-large" else content
    return _find_wrong_kind(content, ending, file) or _load_reader(ending)(content, file)


def _load_reader(ending: str) -> Callable[[bytes, str], Grid | Problem]:
    """Import and return the reader for a file suffix; reader libraries are large and rarely needed."""
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


def _advise_smaller_file() -> Message:
    return message("申报表不会有这么大；请去掉图片和附件，或分成几个文件")


def _add_advice(read: Grid | Problem) -> Grid | Problem:
    """Replace the hint for a file that is not text: forms need more advice than site sources."""
    if isinstance(read, Problem) and read.rule == "not-a-text-file":
        return replace(
            read,
            hint=message(
                "能读 .docx、.xlsx、有文字的 .pdf 和文字文件；别的（.doc、.xls、.wps、.et、网页等）"
                "请在 Word、Excel 或 WPS 里打开，另存为 .docx 或 .xlsx，不要只改扩展名"
            ),
        )
    return read


def _find_wrong_kind(content: bytes, ending: str, file: str) -> Problem | None:
    """Return a problem if the first bytes of *content* contradict its suffix."""
    signature = _SIGNATURES[ending]
    is_pdf = ending == ".pdf" and signature in content[:_PDF_SIGNATURE_WITHIN]
    if content.startswith(signature) or is_pdf:
        return None
    if content.startswith(_OLD_OFFICE) and _ENCRYPTED_PACKAGE in content:
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
            kind=detect_file_kind(content) or message("别的东西"),
        )
    return Problem(
        rule="not-this-kind-of-file",
        place=Place(file),
        message=saying,
        hint=message("请在 Word、Excel 或 WPS 里打开原文件，另存为 .docx 或 .xlsx，不要只改扩展名"),
    )
