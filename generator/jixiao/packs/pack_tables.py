"""Tables of a pack as values, which the PDF sets and the workbook writes.

A cell is a sum or a count, an interface message, or a source text, translated where a translation exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao.analysis.defects import REMARKED_FIELD_LABELS, label_defects, label_remark_defects
from jixiao.analysis.diff import SumWithUnit
from jixiao.analysis.phrasing import HARD_TO_CHECK, classify_target
from jixiao.analysis.reviewer_questions import find_reviewer_questions
from jixiao.analysis.site_content import ParsedDeclaration
from jixiao.analysis.year_on_year import TargetChange, YearOnYear
from jixiao.model.declaration import Declaration, Indicator
from jixiao.packs.typesetting import write_question
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
    """Build the table of all sums of all declarations; a blank is 未填报, not zero."""
    localizer = renderer.localizer
    blank = localizer.translate_plain("未填报")
    rows: list[tuple[PackCell, ...]] = []
    for member in members:
        declaration = member.filed.declaration
        sums = {(block, part): money.value for block, part, money in declaration.funding.sums()}
        rows.append(
            (
                declaration.name,
                renderer.find_organisation_name(declaration.unit),
                *(sums.get(fund, blank) for fund in FUND_TITLES),
                *_describe_unit(declaration, localizer),
            )
        )
    return PackTable(
        title=localizer.translate_plain("项目资金"),
        columns=(
            *_translate_titles(localizer, "项目名称", "实施单位"),
            *(_name_sum(fund, localizer) for fund in FUND_TITLES),
            *_translate_titles(localizer, "金额单位", "单位的来由"),
        ),
        rows=tuple(rows),
    )


def build_overview_table(members: Sequence[PackMember], renderer: PageRenderer) -> PackTable:
    """Build the overview of declarations with the values that readers compare first."""
    localizer = renderer.localizer
    return PackTable(
        title=localizer.translate_plain("项目和资金"),
        columns=_translate_titles(
            localizer, "项目名称", "实施单位", "年度资金申请总额", "金额单位", "指标", "数字目标", "标记"
        ),
        rows=tuple(
            (
                member.filed.declaration.name,
                renderer.find_organisation_name(member.filed.declaration.unit),
                member.filed.summary.annual
                if member.filed.summary.annual is not None
                else localizer.translate_plain("未填报"),
                _describe_unit(member.filed.declaration, localizer)[0],
                member.filed.summary.indicators,
                member.filed.summary.numeric,
                member.filed.summary.marked_places,
            )
            for member in members
        ),
    )


def build_goals_table(members: Sequence[PackMember], renderer: PageRenderer) -> PackTable:
    """Build the table of the remaining head fields and the goals of each form."""
    localizer = renderer.localizer
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
    blank = localizer.translate_plain("未填报")
    return PackTable(
        title=localizer.translate_plain("项目和目标"),
        columns=_translate_titles(localizer, *titles),
        rows=tuple(
            (
                declaration.name,
                declaration.nature,
                renderer.find_organisation_name(declaration.unit),
                declaration.period.start.isoformat(),
                declaration.period.end.isoformat(),
                declaration.goals.overall or blank,
                declaration.goals.annual or blank,
                member.filed.id,
            )
            for member in members
            for declaration in [member.filed.declaration]
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
        "说明",
    )
    rows: list[tuple[PackCell, ...]] = []
    for member in members:
        for level1, level2, indicator in member.filed.declaration.rows():
            quantity = indicator.target.quantity if indicator.target else None
            rows.append(
                (
                    member.filed.declaration.name,
                    Text(level1),
                    Text(level2),
                    indicator.name,
                    _show_target(indicator, localizer),
                    Text(str(quantity.operator or "")) if quantity else None,
                    quantity.value if quantity else None,
                    Text(quantity.unit) if quantity else None,
                    localizer.translate_plain(classify_target(indicator)),
                    _join_defects(label_defects(indicator), localizer),
                    indicator.note,
                )
            )
    return PackTable(
        title=localizer.translate_plain("绩效指标"),
        columns=_translate_titles(localizer, *titles),
        rows=tuple(rows),
    )


def build_hard_to_check_table(members: Sequence[PackMember], localizer: Localizer) -> PackTable:
    """Build the table of targets that are hard to check."""
    rows: list[tuple[PackCell, ...]] = []
    for member in members:
        for row in member.filed.declaration.rows():
            measurability = classify_target(row.indicator)
            if measurability in HARD_TO_CHECK:
                rows.append(
                    (
                        member.filed.declaration.name,
                        row.indicator.name,
                        _show_target(row.indicator, localizer),
                        localizer.translate_plain(measurability),
                    )
                )
    return PackTable(
        title=localizer.translate_plain("难以核对的目标值"),
        columns=_translate_titles(localizer, "项目名称", "三级指标", "指标目标值", "归类"),
        rows=tuple(rows),
    )


def build_changes_table(members: Sequence[PackMember], renderer: PageRenderer) -> PackTable:
    """Build the table of differences from the declaration that each continues."""
    localizer = renderer.localizer
    return PackTable(
        title=localizer.translate_plain("与上一份申报表相比"),
        columns=_translate_titles(localizer, "项目名称", "栏目", "上一份", "这一份", "对比"),
        rows=tuple(
            (member.filed.declaration.name, *change)
            for member in members
            if member.compared
            for change in _list_changes(member.compared, localizer)
        ),
    )


def build_defects_table(members: Sequence[PackMember], localizer: Localizer) -> PackTable:
    """Build the table of defects, those outside the indicators first."""
    rows: list[tuple[PackCell, ...]] = []
    for member in members:
        declaration = member.filed.declaration
        for remark in declaration.remarks:
            field = localizer.translate_plain(REMARKED_FIELD_LABELS[remark.field])
            defects = _join_defects(label_remark_defects(remark), localizer)
            rows.append((declaration.name, field, defects, remark.note))
        for row in declaration.rows():
            if labels := label_defects(row.indicator):
                defects = _join_defects(labels, localizer)
                rows.append((declaration.name, row.indicator.name, defects, row.indicator.note))
    return PackTable(
        title=localizer.translate_plain("标记"),
        columns=_translate_titles(localizer, "项目名称", "栏目", "标记", "说明"),
        rows=tuple(rows),
    )


def build_questions_table(members: Sequence[PackMember], localizer: Localizer) -> PackTable:
    """Build the numbered table of reviewer questions."""
    rows = [
        (member.filed.declaration.name, write_question(localizer, question))
        for member in members
        for question in find_reviewer_questions(member.filed.declaration, member.compared)
    ]
    return PackTable(
        title=localizer.translate_plain("可以询问的问题"),
        columns=_translate_titles(localizer, "序号", "项目名称", "问题"),
        rows=tuple((number, *row) for number, row in enumerate(rows, start=1)),
    )


def _translate_titles(localizer: Localizer, *titles: str) -> tuple[str, ...]:
    return tuple(localizer.translate_plain(title) for title in titles)


def _name_sum(fund: tuple[str, str], localizer: Localizer) -> str:
    """Return the title of a sum with its block, because both blocks have cells of the same title."""
    return " · ".join(localizer.translate_plain(title) for title in FUND_TITLES[fund])


def _format_sum_with_unit(filed_sum: SumWithUnit | None, localizer: Localizer) -> str:
    """Format a sum with its unit, which may differ between two declarations."""
    if filed_sum is None:
        return localizer.translate_plain("未填报")
    figure = f"{filed_sum.money.value:,}"
    return f"{figure} {localizer.translate_plain(filed_sum.unit.value)}" if filed_sum.unit else figure


def _describe_unit(declaration: Declaration, localizer: Localizer) -> tuple[str, str]:
    """Return the unit of the sums, and whether the form states it."""
    funding = declaration.funding
    if funding.unit:
        return localizer.translate_plain(funding.unit.value), localizer.translate_plain("申报表写明")
    if funding.unit_read_as:
        return localizer.translate_plain(funding.unit_read_as.value), localizer.translate_plain(
            "申报表未写明，推定"
        )
    return localizer.translate_plain("未写明"), localizer.translate_plain("申报表未写明")


def _show_target(indicator: Indicator, localizer: Localizer) -> Text | str:
    return indicator.target.filed if indicator.target else localizer.translate_plain("未填报")


def _list_changes(compared: YearOnYear, localizer: Localizer) -> Iterator[tuple[PackCell, ...]]:
    """Yield changed sums, then changed texts, then changed indicators: title, old, new, comparison."""
    blank = localizer.translate_plain("未填报")
    for changed in compared.sums:
        if changed.old != changed.new and not changed.has_same_figure:
            difference = changed.difference
            yield (
                _name_sum((changed.block, changed.part), localizer),
                _format_sum_with_unit(changed.old, localizer),
                _format_sum_with_unit(changed.new, localizer),
                "—" if difference is None else f"{difference:+,}",
            )
    for title, old, new in compared.texts:
        yield (
            localizer.translate_plain(title),
            old or blank,
            new or blank,
            localizer.translate_plain("有改动"),
        )
    for pair in compared.indicators:
        if pair.change is not TargetChange.KEPT:
            shown = pair.new or pair.old
            yield (
                shown.indicator.name if shown else None,
                _show_target(pair.old.indicator, localizer) if pair.old else "—",
                _show_target(pair.new.indicator, localizer) if pair.new else "—",
                localizer.translate_plain(pair.change),
            )


def _join_defects(defects: tuple[str, ...], localizer: Localizer) -> str:
    return " · ".join(localizer.translate_plain(label) for label in defects)
