"""Indicators as they are proposed: what is read, and for damaged rows the cells as filed, marks and note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from jixiao.i18n import Message, message
from jixiao.importers.form_cells import (
    in_one_line,
    lost_number,
    readable_target,
    refusal_of_line,
    refusal_of_target,
    without_markup,
)
from jixiao.importers.grid import Cell, Row
from jixiao.importers.indicator_classes import Class, Classified
from jixiao.importers.indicator_columns import Columns
from jixiao.importers.indicator_rows import Promise
from jixiao.importers.notes import notes_of
from jixiao.importers.tally import Tally
from jixiao.model.declaration import Certainty, Defect
from jixiao.writing.ids import word_for_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """An indicator as it will stand in the file."""

    id: str = ""
    """Unique in its declaration, e.g. `quantity-1`."""
    of: Class
    name: str
    target: str | None
    rows: tuple[Row, ...]
    """The rows of the form that it was read from; one, or two halves."""
    cell: Cell
    """Where a report points to."""
    defects: tuple[Defect, ...] = ()
    class_certainty: Certainty = Certainty.PRINTED
    text_certainty: Certainty = Certainty.PRINTED
    notes: tuple[Message, ...] = ()

    @property
    def is_repair(self) -> bool:
        """Whether it is more than what is printed."""
        return bool(self.defects or self.notes) or {self.class_certainty, self.text_certainty} != {
            Certainty.PRINTED
        }


def proposals_of(rows: Sequence[Classified], columns: Columns, tally: Tally) -> tuple[Proposal, ...]:
    """Propose an indicator for each of *rows*, with ids counted by class in the order of the form.

    Args:
        rows: The promises of one form.
        columns: Of its table.
        tally: Where a name that no declaration may have is noted.
    """
    numbers: Counter[str] = Counter()
    proposals = []
    for row in rows:
        proposal = _proposal(row, columns)
        refusal = refusal_of_line(proposal.name)
        if refusal is not None:
            for cell in (*row.promise.cells, *row.promise.beside):
                tally.refuse(cell, refusal)
            continue
        word = word_for_id(row.of.level2)
        numbers[word] += 1
        proposals.append(replace(proposal, id=f"{word}-{numbers[word]}"))
    return tuple(proposals)


def _proposal(row: Classified, columns: Columns) -> Proposal:
    promise = row.promise
    name = in_one_line(without_markup(promise.name))
    filed = None if promise.target is None else in_one_line(without_markup(promise.target))
    target = readable_target(filed) if filed else None
    cell = promise.parts[0].free[0]
    notes = (*notes_of(row, columns), *_notes_of_text(row, filed, target))
    defects = tuple(defect for defect, holds in _DEFECTS if holds(row)) + _defects_of_text(row, filed)
    return Proposal(
        of=row.of,
        name=name,
        target=target,
        rows=tuple(part.line.row for part in promise.parts),
        cell=cell,
        defects=tuple(sorted(dict.fromkeys(defects), key=_ORDER.index)),
        class_certainty=_class_certainty(row),
        text_certainty=_text_certainty(row, filed, target),
        notes=notes,
    )


def _holds_markup(promise: Promise) -> bool:
    return any(without_markup(words) != words for words in (promise.name, promise.target or ""))


def _by(row: Classified) -> set[int]:
    return {one.by for one in row.promise.moved}


def _is_irregular(row: Classified) -> bool:
    return bool(_by(row)) and _by(row) != {-1} and _by(row) != {1}


_DEFECTS: tuple[tuple[Defect, Callable[[Classified], bool]], ...] = (
    (Defect.SPLIT_BY_PAGE_BREAK, lambda row: row.promise.is_split),
    (Defect.SHIFTED_LEFT, lambda row: _by(row) == {-1}),
    (Defect.SHIFTED_RIGHT, lambda row: _by(row) == {1}),
    (Defect.SHIFTED, _is_irregular),
    (Defect.LEVEL2_IN_LEVEL1, lambda row: row.level2_in_level1),
    (Defect.NAME_AND_TARGET_IN_ONE_CELL, lambda row: row.promise.shared is not None),
    (Defect.TARGET_MISSING, lambda row: row.promise.target is None),
    (Defect.CLASS_UNCERTAIN, lambda row: row.doubt is not None and row.doubt.is_of_this_form),
)
_ORDER = (
    Defect.NUMBER_MISSING,
    Defect.SPLIT_BY_PAGE_BREAK,
    Defect.SHIFTED,
    Defect.SHIFTED_LEFT,
    Defect.SHIFTED_RIGHT,
    Defect.LEVEL2_IN_LEVEL1,
    Defect.NAME_AND_TARGET_IN_ONE_CELL,
    Defect.TARGET_MISSING,
    Defect.MARKUP_RESIDUE,
    Defect.CLASS_UNCERTAIN,
)


def _defects_of_text(row: Classified, filed: str | None) -> tuple[Defect, ...]:
    promise = row.promise
    found = []
    if any(map(lost_number, (promise.name, filed or ""))):
        found.append(Defect.NUMBER_MISSING)
    if _holds_markup(promise):
        found.append(Defect.MARKUP_RESIDUE)
    return tuple(found)


def _class_certainty(row: Classified) -> Certainty:
    if row.doubt is not None:
        return Certainty.UNCONFIRMED
    return Certainty.RESTORED if row.is_damaged else Certainty.PRINTED


def _text_certainty(row: Classified, filed: str | None, target: str | None) -> Certainty:
    promise = row.promise
    is_moved = _is_text_moved(row)
    if promise.may_be_two or (filed and target is None) or (promise.target is None and is_moved):
        return Certainty.UNCONFIRMED
    if is_moved or promise.is_split or promise.shared is not None or filed != target:
        return Certainty.RESTORED
    return Certainty.PRINTED


def _is_text_moved(row: Classified) -> bool:
    """Tell whether name or target stand in another column than theirs, on a page made whole."""
    return any(one.on_page and not one.is_class for one in row.promise.moved)


def _notes_of_text(row: Classified, filed: str | None, target: str | None) -> Iterator[Message]:
    promise = row.promise
    for words in (promise.name, filed or ""):
        lost = lost_number(words)
        if lost:
            yield message("原文“{before}”与“{after}”之间缺少数字，无法复原。", before=lost[0], after=lost[1])
    if _holds_markup(promise):
        yield message("原文留有网页标记，这里略去标记，文字未改。")
    if promise.target is None and _is_text_moved(row):
        yield message("原文没有目标值，这里不补；另一种读法是这一行与下一行同为一项指标，目标值待核。")
    elif promise.target is None:
        yield message("原文没有目标值，这里不补。")
    elif filed and target is None:
        reason = refusal_of_target(filed)
        if reason is not None:
            yield message("原文的目标值“{filed}”读不出来，这里不写：{reason}。", filed=filed, reason=reason)
    elif filed and target != filed:
        yield message(
            "原文的目标值写作“{filed}”，这里把符号改成半角：{target}", filed=filed, target=target or ""
        )
