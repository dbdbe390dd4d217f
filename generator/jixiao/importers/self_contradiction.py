"""Remarks on a form whose own sums or dates cannot all be true: its cells, and what does not agree."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.analysis.contradictions import (
    CONTRADICTIONS,
    exceeds_project,
    has_contradicting_dates,
    has_contradicting_sums,
    sums_finer_than_fen,
    unequal_totals,
)
from jixiao.i18n import Message, message
from jixiao.importers import form_labels
from jixiao.importers.form_cells import refusal_of_money
from jixiao.importers.form_facts import BLOCKS, Facts, Remarked
from jixiao.importers.form_fields import Head
from jixiao.importers.grid import Cell
from jixiao.model.declaration import Defect, Funding, Period

_TOTALS = {"project": "项目资金总额", "annual": "年度资金申请总额"}
_AS_IT_IS = message("各数照录，未作改动。")


def remarks_on_contradictions(facts: Facts, head: Head) -> Iterator[Remarked]:
    """Propose a remark on the money, and one on the dates, where what was read contradicts itself.

    Args:
        facts: What was read of the form.
        head: The cells from which it was read.
    """
    funding = _funding(facts)
    # Sums whose unit is open may agree, each in its own.
    if facts.money_unit is not None and has_contradicting_sums(funding):
        keys = [f"{block}.{field}" for block, fields in BLOCKS for field in fields]
        read = {f"{block}.{field}" for block, field in facts.money}
        cells = _cells(head, *(key for key in keys if key in read))
        if any(sums_finer_than_fen(funding)):
            cells.extend(head.unit_cells[:1])
        yield _remark(Defect.SUMS_CONTRADICT, cells, tuple(_notes_on_sums(funding)))
    if facts.start and facts.end and facts.year:
        period = Period.model_validate({"start": facts.start, "end": facts.end})
        if has_contradicting_dates(period, int(facts.year)):
            note = _note_on_dates(period, facts.year)
            yield _remark(Defect.DATES_CONTRADICT, _cells(head, form_labels.START, form_labels.END), (note,))


def _funding(facts: Facts) -> Funding:
    """Give the sums as the model reads them."""
    blocks: dict[str, dict[str, str]] = {block: {} for block, _ in BLOCKS}
    for (block, field), written in facts.money.items():
        # A sum in a unit that a file has no word for stays as filed, and says nothing about the others.
        if refusal_of_money(written) is None:
            blocks[block][field] = written
    return Funding.model_validate({**blocks, **({"unit": facts.money_unit} if facts.money_unit else {})})


def _cells(head: Head, *keys: str) -> list[Cell]:
    return [cell for key in keys if (cell := head.first(key)) is not None]


def _remark(defect: Defect, cells: list[Cell], notes: tuple[Message, ...]) -> Remarked:
    once = {cell.key: cell for cell in cells}
    return Remarked(
        field=CONTRADICTIONS[defect],
        cells=tuple(once[key] for key in sorted(once)),
        defects=(defect,),
        notes=(*notes, _AS_IT_IS),
    )


def _notes_on_sums(funding: Funding) -> Iterator[Message]:
    for unequal in unequal_totals(funding):
        yield message(
            "原文的{title}是 {total}，其余各项相加是 {added}，两者不一致。",
            title=message(_TOTALS[unequal.block]),
            total=unequal.total.filed,
            added=f"{unequal.added:,}",
        )
    project, annual = funding.project.total, funding.annual.total
    if project and annual and exceeds_project(funding):
        yield message(
            "原文的年度资金申请总额 {annual} 大于项目资金总额 {project}。",
            annual=annual.filed,
            project=project.filed,
        )
    places = [places for _, _, places in sums_finer_than_fen(funding)]
    if places:
        yield message(
            "原文写明以{unit}为单位，金额却有 {places} 位小数。",
            unit=str(funding.unit_in_use),
            places=str(max(places)),
        )


def _note_on_dates(period: Period, year: str) -> Message:
    start, end = str(period.start), str(period.end)
    if period.end < period.start:
        return message("原文的完成日期 {end} 早于开始日期 {start}。", end=end, start=start)
    return message("原文的计划日期 {start} 至 {end} 不含{year}年度。", start=start, end=end, year=year)
