"""A form in plain text becomes a grid: one line a row, cells parted by tabs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from jixiao.i18n import message
from jixiao.importers.grid import Grid, row_of
from jixiao.load.source_files import read_text
from jixiao.problems import Place, Problem

SIZE_LIMIT = 4 * 1024 * 1024
"""Bytes. A form has about 5,000."""
_LINE_LIMIT = 100_000
"""Characters of a line. The longest goal that a declaration may have is half as long."""
_CELLS_LIMIT = 200
"""Cells of a line. The widest form seen has 12."""
_ALL_CELLS_LIMIT = 200_000
"""Cells of a file, empty ones included. A form has about 250."""


def read_text_form(path: Path, file: str) -> Grid | Problem:
    """Read the form at *path*; give its grid, or what stands in the way.

    Args:
        path: Where it is: a regular file in UTF-8.
        file: The same, as messages name it.
    """
    source = read_text(path, file, SIZE_LIMIT)
    if isinstance(source, Problem):
        is_large = source.rule == "file-too-large"
        return replace(source, hint=message("请分成几个文件")) if is_large else source
    cells = source.text.count("\t") + len(source.lines)
    if cells > _ALL_CELLS_LIMIT:
        return Problem(
            rule="too-many-cells",
            place=Place(file),
            message=message(
                "文件有 {cells} 格，超过 {limit} 格", cells=str(cells), limit=str(_ALL_CELLS_LIMIT)
            ),
            hint=message("请分成几个文件"),
        )
    rows = []
    for number, line in enumerate(source.lines, 1):
        texts = tuple(line.split("\t"))
        if len(line) > _LINE_LIMIT or len(texts) > _CELLS_LIMIT:
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
                    length=str(_LINE_LIMIT),
                    cells=str(_CELLS_LIMIT),
                ),
            )
        rows.append(row_of(number, texts, message("第 {line} 行", line=str(number))))
    return Grid(file=file, rows=tuple(rows))
