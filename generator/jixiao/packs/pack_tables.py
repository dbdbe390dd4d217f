"""The tables of a pack, as values: the PDF sets them, the workbook writes them.

A cell is a sum or a count, words of the interface, or a text of the form, translated where it can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao.analysis.defects import FIELDS, marks_of, marks_of_remark
from jixiao.analysis.diff import Sum
from jixiao.analysis.measurability import HARD_TO_CHECK, measurability_of
from jixiao.analysis.reviewer_questions import enquiries_into
from jixiao.analysis.site_content import Filed
from jixiao.analysis.year_on_year import Comparison, Fate
from jixiao.model.declaration import Declaration, Indicator, Row
from jixiao.pages.declaration_page import FUNDS
from jixiao.pages.localizer import Voice
from jixiao.pages.page_renderer import Press
from jixiao.paper.printed import asked, said
from jixiao.text import Text

Cell = Text | Decimal | int | str | None
"""A text of the form, a sum, a count, words of the interface, or nothing that could be said."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """A declaration of a pack."""

    filed: Filed
    compared: Comparison | None
    """It beside the one that it continues."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table; every row has a cell for each column."""

    title: str
    columns: tuple[str, ...]
    """Words of the interface in the language of the table, like the title."""
    rows: tuple[tuple[Cell, ...], ...]


def funds_table(members: Sequence[Member], press: Press) -> Table:
    """List every sum of every declaration."""
    voice = press.voice
    sums = [_cell(of_sum, voice) for of_sum in FUNDS]
    return Table(
        title=said(voice, "项目资金"),
        columns=(*_said(voice, "项目名称", "实施单位"), *sums, *_said(voice, "金额单位", "单位的来由")),
        rows=tuple(
            (
                one.filed.declaration.name,
                press.organisation_name(one.filed.declaration.unit),
                *_sums(one.filed.declaration, voice),
                *_unit(one.filed.declaration, voice),
            )
            for one in members
        ),
    )


def overview_table(members: Sequence[Member], press: Press) -> Table:
    """List the declarations with what a reader compares first."""
    voice = press.voice
    return Table(
        title=said(voice, "项目和资金"),
        columns=_said(
            voice, "项目名称", "实施单位", "年度资金申请总额", "金额单位", "指标", "数字目标", "标记"
        ),
        rows=tuple(
            (
                one.filed.declaration.name,
                press.organisation_name(one.filed.declaration.unit),
                one.filed.entry.annual if one.filed.entry.annual is not None else said(voice, "未填报"),
                _unit(one.filed.declaration, voice)[0],
                one.filed.entry.indicators,
                one.filed.entry.numeric,
                one.filed.entry.marks,
            )
            for one in members
        ),
    )


def goals_table(members: Sequence[Member], press: Press) -> Table:
    """List what else stands in the head of each form, and its goals."""
    voice = press.voice
    titles = (
        "项目名称",
        "项目性质",
        "实施单位",
        "计划开始日期",
        "计划完成日期",
        "项目总目标",
        "年度总目标",
        "编号",
    )
    blank = said(voice, "未填报")
    return Table(
        title=said(voice, "项目和目标"),
        columns=_said(voice, *titles),
        rows=tuple(
            (
                declaration.name,
                declaration.nature,
                press.organisation_name(declaration.unit),
                declaration.period.start.isoformat(),
                declaration.period.end.isoformat(),
                declaration.goals.overall or blank,
                declaration.goals.annual or blank,
                one.filed.id,
            )
            for one in members
            for declaration in [one.filed.declaration]
        ),
    )


def targets_table(members: Sequence[Member], voice: Voice) -> Table:
    """List every indicator, its target as filed and as read."""
    titles = (
        "项目名称",
        "一级指标",
        "二级指标",
        "三级指标",
        "指标目标值",
        "比较符号",
        "数值",
        "单位",
        "能否核对",
        "标记",
    )
    return Table(
        title=said(voice, "绩效指标"),
        columns=(*_said(voice, *titles), said(voice, "说明")),
        rows=tuple(
            _target_row(one.filed.declaration.name, row, voice)
            for one in members
            for row in one.filed.declaration.rows()
        ),
    )


def hard_table(members: Sequence[Member], voice: Voice) -> Table:
    """List the targets that give whoever examines the result nothing to hold it against."""
    return Table(
        title=said(voice, "难以核对的目标值"),
        columns=_said(voice, "项目名称", "三级指标", "指标目标值", "归类"),
        rows=tuple(
            (
                one.filed.declaration.name,
                row.indicator.name,
                _target(row.indicator, voice),
                said(voice, of_class),
            )
            for one in members
            for row in one.filed.declaration.rows()
            for of_class in [measurability_of(row.indicator)]
            if of_class in HARD_TO_CHECK
        ),
    )


def changes_table(members: Sequence[Member], press: Press) -> Table:
    """List what is not as in the declaration that each continues."""
    voice = press.voice
    return Table(
        title=said(voice, "与上一份申报表相比"),
        columns=_said(voice, "项目名称", "栏目", "上一份", "这一份", "对比"),
        rows=tuple(
            (one.filed.declaration.name, *change)
            for one in members
            if one.compared
            for change in _changes(one.compared, voice)
        ),
    )


def marks_table(members: Sequence[Member], voice: Voice) -> Table:
    """List what is damaged."""
    return Table(
        title=said(voice, "标记"),
        columns=_said(voice, "项目名称", "栏目", "标记", "说明"),
        rows=tuple(
            (one.filed.declaration.name, *mark)
            for one in members
            for mark in _marks(one.filed.declaration, voice)
        ),
    )


def questions_table(members: Sequence[Member], voice: Voice) -> Table:
    """List what may be asked, numbered."""
    rows = [
        (one.filed.declaration.name, asked(voice, enquiry))
        for one in members
        for enquiry in enquiries_into(one.filed.declaration, one.compared)
    ]
    return Table(
        title=said(voice, "可以询问的问题"),
        columns=_said(voice, "序号", "项目名称", "问题"),
        rows=tuple((number, *row) for number, row in enumerate(rows, start=1)),
    )


def _said(voice: Voice, *titles: str) -> tuple[str, ...]:
    return tuple(said(voice, title) for title in titles)


def _sums(declaration: Declaration, voice: Voice) -> Iterator[Decimal | str]:
    """Give the sums of a form in its order; a blank is 未填报 and no zero."""
    filed = {(block, part): money.value for block, part, money in declaration.funding.sums()}
    for of_sum in FUNDS:
        yield filed.get(of_sum, said(voice, "未填报"))


def _cell(of_sum: tuple[str, str], voice: Voice) -> str:
    """Name a cell for money: one of the same title stands in both blocks of the form."""
    return " · ".join(said(voice, title) for title in FUNDS[of_sum])


def _written(filed: Sum | None, voice: Voice) -> str:
    """Write a sum with the unit that it is read in: the two declarations may differ in it."""
    if filed is None:
        return said(voice, "未填报")
    figure = f"{filed.money.value:,}"
    return f"{figure} {said(voice, filed.unit.value)}" if filed.unit else figure


def _unit(declaration: Declaration, voice: Voice) -> tuple[str, str]:
    """Give the unit of the sums, and who says so."""
    funding = declaration.funding
    if funding.unit:
        return said(voice, funding.unit.value), said(voice, "申报表写明")
    if funding.unit_read_as:
        return said(voice, funding.unit_read_as.value), said(voice, "申报表未写明，推定")
    return said(voice, "未写明"), said(voice, "申报表未写明")


def _target(indicator: Indicator, voice: Voice) -> Text | str:
    return indicator.target.filed if indicator.target else said(voice, "未填报")


def _target_row(name: Text, row: Row, voice: Voice) -> tuple[Cell, ...]:
    indicator = row.indicator
    quantity = indicator.target.quantity if indicator.target else None
    return (
        name,
        Text(row.level1),
        Text(row.level2),
        indicator.name,
        _target(indicator, voice),
        Text(str(quantity.operator or "")) if quantity else None,
        quantity.value if quantity else None,
        Text(quantity.unit) if quantity else None,
        said(voice, measurability_of(indicator)),
        _listed(marks_of(indicator), voice),
        indicator.note,
    )


def _changes(compared: Comparison, voice: Voice) -> Iterator[tuple[Cell, ...]]:
    blank = said(voice, "未填报")
    for changed in compared.sums:
        if changed.old != changed.new and not changed.is_spelling:
            difference = changed.difference
            yield (
                _cell((changed.block, changed.part), voice),
                _written(changed.old, voice),
                _written(changed.new, voice),
                "—" if difference is None else f"{difference:+,}",
            )
    for title, was, is_now in compared.texts:
        yield said(voice, title), was or blank, is_now or blank, said(voice, "有改动")
    for promise in compared.promises:
        if promise.fate is not Fate.KEPT:
            shown = promise.new or promise.old
            yield (
                shown.indicator.name if shown else None,
                _target(promise.old.indicator, voice) if promise.old else "—",
                _target(promise.new.indicator, voice) if promise.new else "—",
                said(voice, promise.fate),
            )


def _marks(declaration: Declaration, voice: Voice) -> Iterator[tuple[Cell, ...]]:
    for remark in declaration.remarks:
        yield said(voice, FIELDS[remark.field]), _listed(marks_of_remark(remark), voice), remark.note
    for row in declaration.rows():
        if marks := marks_of(row.indicator):
            yield row.indicator.name, _listed(marks, voice), row.indicator.note


def _listed(marks: tuple[str, ...], voice: Voice) -> str:
    return " · ".join(said(voice, mark) for mark in marks)
