"""The account of an import for its reader: each proposal with its place in the form, and a count of cells."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.i18n import Dictionary, Message, message
from jixiao.importers.declaration_drafts import Reading
from jixiao.importers.grid import Cell
from jixiao.importers.notes import say_notes
from jixiao.importers.tally import Count, Tally, Use
from jixiao.model.declaration import Defect
from jixiao.personal_data.text_patterns import masked
from jixiao.problems import one_line

_LISTED = 200
"""Cells without a place that are listed one by one."""


def account_of_form(reading: Reading, words: Dictionary) -> Iterator[str]:
    """Say what is proposed for one form, what is missing, and what became of its cells."""
    draft = reading.draft
    for remark in draft.facts.remarks:
        yield _proposal(remark.cells[0], (remark.field, remark.notes, remark.defects), words)
    for indicator in draft.indicators:
        if indicator.is_repair:
            yield _proposal(indicator.cell, (indicator.id, indicator.notes, indicator.defects), words)
    for field in draft.missing():
        yield _line(message("缺少 {field}：表上没有，或读不出来，请补上", field=field), words)
    if draft.facts.question is not None:
        yield _line(draft.facts.question, words)
    yield from _cells(reading.cells, reading.tally, words)
    yield _line(_counted(reading.count), words)


def account_of_cells_outside(cells: tuple[Cell, ...], tally: Tally, words: Dictionary) -> Iterator[str]:
    """List the cells that stand above the first form."""
    yield from _cells(cells, tally, words)


def total(counts: tuple[Count, ...], words: Dictionary) -> str:
    """Prove in one line that no cell was dropped.

    Args:
        counts: One for each file.
        words: The language to say it in.
    """
    whole = Count(
        cells=sum(count.cells for count in counts),
        left_out=sum(count.left_out for count in counts),
        loose=tuple(cell for count in counts for cell in count.loose),
    )
    return _counted(whole).say(words)


def _proposal(
    cell: Cell, said: tuple[str, tuple[Message, ...], tuple[Defect, ...]], words: Dictionary
) -> str:
    name, notes, defects = said
    marks = f" [{', '.join(defects)}]" if defects else ""
    where = message("{place}：{name}", place=cell.place, name=name)
    return _line(where, words, f"{say_notes(notes, words)}{marks}")


def _cells(cells: tuple[Cell, ...], tally: Tally, words: Dictionary) -> Iterator[str]:
    """List the cells of persons, without a word of them, and those without a place."""
    for cell in cells:
        if tally.uses.get(cell.key) is Use.LEFT_OUT:
            yield _line(message("{place}：个人信息，略去", place=cell.place), words)
    loose = tally.count(cells).loose
    for cell in loose[:_LISTED]:
        if tally.is_held_back(cell):
            yield _line(
                message("{place}没有放入：{reason}", place=cell.place, reason=tally.reason(cell)), words
            )
            continue
        yield _line(
            message(
                "{place}没有放入：“{words}”：{reason}",
                place=cell.place,
                words=masked(cell.words),
                reason=tally.reason(cell),
            ),
            words,
        )
    if len(loose) > _LISTED:
        yield _line(message("还有 {count} 格没有放入，不再列出", count=str(len(loose) - _LISTED)), words)


def _counted(count: Count) -> Message:
    return message(
        "{cells} 格有内容：{placed} 格已放入，{loose} 格没有放入，{left_out} 格是个人信息，已略去",
        cells=str(count.cells),
        placed=str(count.placed),
        loose=str(len(count.loose)),
        left_out=str(count.left_out),
    )


def _line(sentence: Message, words: Dictionary, behind: str = "") -> str:
    colon = words.say("：") if behind else ""
    return f"    {one_line(masked(f'{sentence.say(words)}{colon}{behind}'))}"
