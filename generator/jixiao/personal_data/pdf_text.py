"""All text of a PDF, by a process that may be stopped: its pages, and every string of its objects."""

from __future__ import annotations

import json
from collections.abc import Iterator

from jixiao.i18n import Message, message
from jixiao.importers.pdf_found import Block, Refusal, Sheet
from jixiao.importers.readers.bounded_process import read_within_limits
from jixiao.personal_data.form_rows import Cell, Passages, Piece, Row, within
from jixiao.personal_data.pdf_strings import Searched

_READER = "jixiao.personal_data.pdf_strings"
DAMAGED = message("PDF 不完整或已损坏，查不了")
_REFUSALS = {
    Refusal.PASSWORD: message("PDF 加了密码，查不了"),
    Refusal.FONT: message("PDF 的字体没有写明印的是哪些字，查不了"),
    Refusal.SCANNED: message("PDF 里没有文字，看来是扫描件或图片，查不了"),
    Refusal.DAMAGED: DAMAGED,
}
_NOT_DONE = message("PDF 没有查完：太大，或用时太长")


def passages_of_pdf(content: bytes) -> Passages:
    """Take all text of the PDF *content*, and say what of it is no text."""
    found = _found(content)
    if found is None:
        return Passages(unsearched=[_NOT_DONE])
    rows: list[Row] = []
    for number, page in enumerate(found["pages"]["pages"], 1):
        rows.extend(_rows_of_page(page, message("第 {page} 页", page=str(number))))
    for number, text in found["turned"]:
        rows.append(Row([Cell(message("第 {page} 页", page=str(number)), [Piece(text)])]))
    for kind, text in found["objects"]["strings"]:
        place = message("批注、表单或文件属性（{kind}）", kind=kind or "-")
        is_author = kind.rpartition(" ")[2] in {"Author", "T"}
        rows.append(Row([Cell(place, [Piece(text)], is_author=is_author)], is_shown=False))
    passages = Passages(rows=rows, unsearched=list(_unsearched(found)))
    for name in found["objects"]["files"]:
        passages.add(message("附件"), name)
    return passages


def _unsearched(found: Searched) -> Iterator[Message]:
    pages, objects = found["pages"], found["objects"]
    pictures = tuple(str(number) for number, page in enumerate(pages["pages"], 1) if page["has_pictures"])
    if pages["refusal"] is not None:
        yield _REFUSALS.get(Refusal(pages["refusal"]), _NOT_DONE)
    elif not any(page["has_text"] for page in pages["pages"]):
        yield _REFUSALS[Refusal.SCANNED]
    elif not objects["is_whole"]:
        yield _NOT_DONE
    elif pictures:
        yield message("第 {pages} 页有图片，图片里的文字查不了", pages=pictures)
    if objects["files"]:
        names = tuple(filter(None, objects["files"]))
        yield message("PDF 里有附件，查不了：{names}", names=names)


def _rows_of_page(page: Sheet, place: Message) -> Iterator[Row]:
    tables = 0
    for block in page["blocks"]:
        tables += block["is_table"]
        yield from _rows(block, place, tables)


def _rows(block: Block, page: Message, table: int) -> list[Row]:
    rows = []
    for number, cells in enumerate(block["rows"], 1):
        place = page
        if block["is_table"]:
            place = within(page, message("表 {table}，第 {row} 行", table=str(table), row=str(number)))
        rows.append(Row([Cell(place, [Piece(cell["text"])]) for cell in cells]))
    return rows


def _found(content: bytes) -> Searched | None:
    """Have the PDF read by a process with limits; nothing where it came to an end before it was done."""
    said = read_within_limits(_READER, content)
    found: Searched | None = None if said is None else json.loads(said)
    return found
