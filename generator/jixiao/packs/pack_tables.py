"""Tables of a pack as values, which the PDF sets and the workbook writes.

A cell is a sum or a count, an interface message, or a source text, translated where a translation exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao.analysis.defects import REMARKED_FIELD_LABELS, label_defects, label_remark_defects
from jixiao.analysis.diff import SumWithUnit
from jixiao.analysis.measurability import HARD_TO_CHECK, classify_target
from jixiao.analysis.reviewer_questions import find_reviewer_questions
from jixiao.analysis.site_content import ParsedDeclaration
from jixiao.analysis.year_on_year import TargetChange, YearOnYear
from jixiao.model.declaration import Declaration, DeclarationRow, Indicator
from jixiao.packs.typesetting import translate_plain, write_question
from jixiao.pages.declaration_page import FUND_TITLES
from jixiao.pages.localizer import Localizer
from jixiao.pages.page_renderer import PageRenderer
from jixiao.text import Text

PackCell = Text | Decimal | int | str | None
"""Source text, sum, count, interface message, or `None` for no value."""


@dataclass(frozen=True, kw_only=True)
class PackMember:
    """Declaration in a pack."""

    filed: ParsedDeclaration
    compared: YearOnYear | None
    """Comparison with the declaration that it continues."""


@dataclass(frozen=True, kw_only=True)
class PackTable:
    """Table of a pack; every row has a cell for each column."""

    title: str
    columns: tuple[str, ...]
    """Translated column titles."""
    rows: tuple[tuple[PackCell, ...], ...]


def build_funds_table(members: Sequence[PackMember], renderer: PageRenderer) -> PackTable:
    """Build the table of all sums of all declarations."""
    voice = renderer.localizer
    sums = [_name_sum(of_sum, voice) for of_sum in FUND_TITLES]
    return PackTable(
        title=translate_plain(voice, "项目资金"),
        columns=(
            *_translate_titles(voice, "项目名称", "实施单位"),
            *sums,
            *_translate_titles(voice, "金额单位", "单位的来由"),
        ),
        rows=tuple(
            (
                one.filed.declaration.name,
                renderer.find_organisation_name(one.filed.declaration.unit),
                *_list_sums(one.filed.declaration, voice),
                *_describe_unit(one.filed.declaration, voice),
            )
            for one in members
        ),
    )


def build_overview_table(members: Sequence[PackMember], renderer: PageRenderer) -> PackTable:
    """Build the overview of declarations with the values that readers compare first."""
    voice = renderer.localizer
    return PackTable(
        title=translate_plain(voice, "项目和资金"),
        columns=_translate_titles(
            voice, "项目名称", "实施单位", "年度资金申请总额", "金额单位", "指标", "数字目标", "标记"
        ),
        rows=tuple(
            (
                one.filed.declaration.name,
                renderer.find_organisation_name(one.filed.declaration.unit),
                one.filed.summary.annual
                if one.filed.summary.annual is not None
                else translate_plain(voice, "未填报"),
                _describe_unit(one.filed.declaration, voice)[0],
                one.filed.summary.indicators,
                one.filed.summary.numeric,
                one.filed.summary.marked_places,
            )
            for one in members
        ),
    )


def build_goals_table(members: Sequence[PackMember], renderer: PageRenderer) -> PackTable:
    """Build the table of the remaining head fields and the goals of each form."""
    voice = renderer.localizer
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
    blank = translate_plain(voice, "未填报")
    return PackTable(
        title=translate_plain(voice, "项目和目标"),
        columns=_translate_titles(voice, *titles),
        rows=tuple(
            (
                declaration.name,
                declaration.nature,
                renderer.find_organisation_name(declaration.unit),
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


def build_targets_table(members: Sequence[PackMember], localizer: Localizer) -> PackTable:
    """Build the table of all indicators, with targets as filed and as read."""
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
    return PackTable(
        title=translate_plain(localizer, "绩效指标"),
        columns=(*_translate_titles(localizer, *titles), translate_plain(localizer, "说明")),
        rows=tuple(
            _build_target_row(one.filed.declaration.name, row, localizer)
            for one in members
            for row in one.filed.declaration.rows()
        ),
    )


def build_hard_to_check_table(members: Sequence[PackMember], localizer: Localizer) -> PackTable:
    """Build the table of targets that are hard to check."""
    return PackTable(
        title=translate_plain(localizer, "难以核对的目标值"),
        columns=_translate_titles(localizer, "项目名称", "三级指标", "指标目标值", "归类"),
        rows=tuple(
            (
                one.filed.declaration.name,
                row.indicator.name,
                _show_target(row.indicator, localizer),
                translate_plain(localizer, of_class),
            )
            for one in members
            for row in one.filed.declaration.rows()
            for of_class in [classify_target(row.indicator)]
            if of_class in HARD_TO_CHECK
        ),
    )


def build_changes_table(members: Sequence[PackMember], renderer: PageRenderer) -> PackTable:
    """Build the table of differences from the declaration that each continues."""
    voice = renderer.localizer
    return PackTable(
        title=translate_plain(voice, "与上一份申报表相比"),
        columns=_translate_titles(voice, "项目名称", "栏目", "上一份", "这一份", "对比"),
        rows=tuple(
            (one.filed.declaration.name, *change)
            for one in members
            if one.compared
            for change in _list_changes(one.compared, voice)
        ),
    )


def build_defects_table(members: Sequence[PackMember], localizer: Localizer) -> PackTable:
    """Build the table of defects."""
    return PackTable(
        title=translate_plain(localizer, "标记"),
        columns=_translate_titles(localizer, "项目名称", "栏目", "标记", "说明"),
        rows=tuple(
            (one.filed.declaration.name, *mark)
            for one in members
            for mark in _list_defects(one.filed.declaration, localizer)
        ),
    )


def build_questions_table(members: Sequence[PackMember], localizer: Localizer) -> PackTable:
    """Build the numbered table of reviewer questions."""
    rows = [
        (one.filed.declaration.name, write_question(localizer, enquiry))
        for one in members
        for enquiry in find_reviewer_questions(one.filed.declaration, one.compared)
    ]
    return PackTable(
        title=translate_plain(localizer, "可以询问的问题"),
        columns=_translate_titles(localizer, "序号", "项目名称", "问题"),
        rows=tuple((number, *row) for number, row in enumerate(rows, start=1)),
    )


def _translate_titles(localizer: Localizer, *titles: str) -> tuple[str, ...]:
    return tuple(translate_plain(localizer, title) for title in titles)


def _list_sums(declaration: Declaration, localizer: Localizer) -> Iterator[Decimal | str]:
    """Yield the sums of a form in its order; a blank is 未填报, not zero."""
    filed = {(block, part): money.value for block, part, money in declaration.funding.sums()}
    for of_sum in FUND_TITLES:
        yield filed.get(of_sum, translate_plain(localizer, "未填报"))


def _name_sum(fund: tuple[str, str], localizer: Localizer) -> str:
    """Return the title of a sum with its block, because both blocks have cells of the same title."""
    return " · ".join(translate_plain(localizer, title) for title in FUND_TITLES[fund])


def _format_sum_with_unit(filed_sum: SumWithUnit | None, localizer: Localizer) -> str:
    """Format a sum with its unit, which may differ between two declarations."""
    if filed_sum is None:
        return translate_plain(localizer, "未填报")
    figure = f"{filed_sum.money.value:,}"
    return f"{figure} {translate_plain(localizer, filed_sum.unit.value)}" if filed_sum.unit else figure


def _describe_unit(declaration: Declaration, localizer: Localizer) -> tuple[str, str]:
    """Return the unit of the sums, and whether the form states it."""
    funding = declaration.funding
    if funding.unit:
        return translate_plain(localizer, funding.unit.value), translate_plain(localizer, "申报表写明")
    if funding.unit_read_as:
        return translate_plain(localizer, funding.unit_read_as.value), translate_plain(
            localizer, "申报表未写明，推定"
        )
    return translate_plain(localizer, "未写明"), translate_plain(localizer, "申报表未写明")


def _show_target(indicator: Indicator, localizer: Localizer) -> Text | str:
    return indicator.target.filed if indicator.target else translate_plain(localizer, "未填报")


def _build_target_row(name: Text, row: DeclarationRow, localizer: Localizer) -> tuple[PackCell, ...]:
    indicator = row.indicator
    quantity = indicator.target.quantity if indicator.target else None
    return (
        name,
        Text(row.level1),
        Text(row.level2),
        indicator.name,
        _show_target(indicator, localizer),
        Text(str(quantity.operator or "")) if quantity else None,
        quantity.value if quantity else None,
        Text(quantity.unit) if quantity else None,
        translate_plain(localizer, classify_target(indicator)),
        _join_defects(label_defects(indicator), localizer),
        indicator.note,
    )


def _list_changes(compared: YearOnYear, localizer: Localizer) -> Iterator[tuple[PackCell, ...]]:
    blank = translate_plain(localizer, "未填报")
    for changed in compared.sums:
        if changed.old != changed.new and not changed.has_same_figure:
            difference = changed.difference
            yield (
                _name_sum((changed.block, changed.part), localizer),
                _format_sum_with_unit(changed.old, localizer),
                _format_sum_with_unit(changed.new, localizer),
                "—" if difference is None else f"{difference:+,}",
            )
    for title, was, is_now in compared.texts:
        yield (
            translate_plain(localizer, title),
            was or blank,
            is_now or blank,
            translate_plain(localizer, "有改动"),
        )
    for promise in compared.indicators:
        if promise.change is not TargetChange.KEPT:
            shown = promise.new or promise.old
            yield (
                shown.indicator.name if shown else None,
                _show_target(promise.old.indicator, localizer) if promise.old else "—",
                _show_target(promise.new.indicator, localizer) if promise.new else "—",
                translate_plain(localizer, promise.change),
            )


def _list_defects(declaration: Declaration, localizer: Localizer) -> Iterator[tuple[PackCell, ...]]:
    for remark in declaration.remarks:
        yield (
            translate_plain(localizer, REMARKED_FIELD_LABELS[remark.field]),
            _join_defects(label_remark_defects(remark), localizer),
            remark.note,
        )
    for row in declaration.rows():
        if marks := label_defects(row.indicator):
            yield row.indicator.name, _join_defects(marks, localizer), row.indicator.note


def _join_defects(defects: tuple[str, ...], localizer: Localizer) -> str:
    return " · ".join(translate_plain(localizer, mark) for mark in defects)
