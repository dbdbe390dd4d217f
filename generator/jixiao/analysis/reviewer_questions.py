"""Questions that a reviewer may ask about a declaration: neutral, each with its occasion in the form.

A question quotes the form and asks for missing information: a lost number, a blank, a standard, the reason of
a change. It never states that something is wrong with the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from jixiao.analysis.defects import CONTRADICTIONS, REMARKED_FIELD_LABELS
from jixiao.analysis.phrasing import Measurability, classify_target, is_class_certain
from jixiao.analysis.year_on_year import IndicatorPair, TargetChange, YearOnYear
from jixiao.model.declaration import Certainty, Declaration, Defect, Indicator
from jixiao.text import Text

_LOST_NUMBERS: Final = (
    (re.compile("为期个月"), "请说明月数"),
    (re.compile("为期[天日]"), "请说明天数"),
    (re.compile("为期年"), "请说明年数"),
    (re.compile("为期周"), "请说明周数"),
    (re.compile("为期小时"), "请说明小时数"),
)
"""Patterns of time spans that have lost their number, and the requests for it."""
_SENTENCE_BY_MEASURABILITY: Final = {
    Measurability.PRAISE: "“{name}”的目标值是“{target}”，请说明怎样才算达到",
    Measurability.REPETITION: "“{name}”的目标值只重复指标名称，请说明做到什么程度",
    Measurability.REFERENCE: "“{name}”的目标值是“{target}”，请说明所依据的文件和其中的要求",
    Measurability.BLANK: "“{name}”没有填目标值，请说明目标",
}
_SENTENCE_BY_CHANGE: Final = {
    TargetChange.RAISED: "“{name}”的目标值上次是“{old}”，这次是“{new}”，请说明调整的原因",
    TargetChange.LOWERED: "“{name}”的目标值上次是“{old}”，这次是“{new}”，请说明调整的原因",
    TargetChange.REWORDED: "“{name}”的目标值上次是“{old}”，这次是“{new}”，请说明调整的原因",
    TargetChange.DROPPED: "“{name}”上次列出，这次没有列出，请说明原因",
}


@dataclass(frozen=True, kw_only=True)
class InterfaceTerm:
    """Interface term as a value of a question; texts of the form are values without translation."""

    chinese: str
    """Chinese source text."""


@dataclass(frozen=True, kw_only=True)
class ReviewerQuestion:
    """Question of a reviewer to the unit."""

    sentence: str
    """Chinese, with {placeholders} for the values."""
    values: Mapping[str, Text | InterfaceTerm] = field(default_factory=dict)
    """Texts of the form, and interface terms."""


def find_reviewer_questions(
    declaration: Declaration, year_on_year: YearOnYear | None
) -> Iterator[ReviewerQuestion]:
    """Yield the questions about a declaration in the order of its form, then those about changes.

    Args:
        declaration: Declaration as filed.
        year_on_year: Comparison with the declaration that it continues; `None` if it continues none.
    """
    yield from _ask_about_project(declaration)
    for row in declaration.rows():
        yield from _ask_about_indicator(row.indicator)
    if year_on_year is not None:
        yield from _ask_about_sums(year_on_year)
        for pair in year_on_year.indicators:
            yield from _ask_about_change(pair)


def _ask_about_project(declaration: Declaration) -> Iterator[ReviewerQuestion]:
    """Yield the questions about money, goals and remarks."""
    funding = declaration.funding
    if funding.annual.total is None:
        yield ReviewerQuestion(sentence="年度资金申请总额未填报，请说明金额")
    if funding.unit is None and any(funding.sums()):
        yield ReviewerQuestion(sentence="申报表没有写明金额单位，请说明金额以元还是以万元计")
    goals = declaration.goals
    for goal, title in ((goals.overall, "项目总目标"), (goals.annual, "年度总目标")):
        if goal is None:
            yield ReviewerQuestion(
                sentence="{field}未填报，请说明目标", values={"field": InterfaceTerm(chinese=title)}
            )
    for remark in declaration.remarks:
        is_contradiction = CONTRADICTIONS.keys() >= set(remark.defects)
        yield ReviewerQuestion(
            sentence="“{field}”一栏前后不一致，请核对原件并说明"
            if is_contradiction
            else "“{field}”一栏的原文有缺损，请核对原件并说明",
            values={"field": InterfaceTerm(chinese=REMARKED_FIELD_LABELS[remark.field])},
        )


def _ask_about_indicator(indicator: Indicator) -> Iterator[ReviewerQuestion]:
    """Yield the questions about one row; if it is damaged, only about the damage."""
    target = indicator.target.filed if indicator.target else None
    if Defect.NUMBER_MISSING in indicator.defects:
        text = target or indicator.name
        # The unit of the number, if the text shows it.
        asked = next((asked for lost, asked in _LOST_NUMBERS if lost.search(text.plain())), "请说明是多少")
        yield ReviewerQuestion(
            sentence="“{words}”：原文缺数字，{asked}",
            values={"words": text, "asked": InterfaceTerm(chinese=asked)},
        )
    elif Defect.TARGET_MISSING in indicator.defects or (target is None and _is_text_unconfirmed(indicator)):
        yield ReviewerQuestion(
            sentence=_SENTENCE_BY_MEASURABILITY[Measurability.BLANK], values={"name": indicator.name}
        )
    elif _is_text_unconfirmed(indicator):
        yield ReviewerQuestion(sentence="“{name}”的文字待核，请说明原意", values={"name": indicator.name})
    elif sentence := _SENTENCE_BY_MEASURABILITY.get(classify_target(indicator)):
        values = {"name": indicator.name} | ({"target": target} if target else {})
        yield ReviewerQuestion(sentence=sentence, values=values)
    if not is_class_certain(indicator):
        yield ReviewerQuestion(
            sentence="“{name}”归在哪一类，原文不能确定，请说明", values={"name": indicator.name}
        )


def _is_text_unconfirmed(indicator: Indicator) -> bool:
    return indicator.certainty.text is Certainty.UNCONFIRMED


def _ask_about_sums(year_on_year: YearOnYear) -> Iterator[ReviewerQuestion]:
    for changed in year_on_year.sums:
        old, new = changed.old, changed.new
        is_of_year = (changed.block, changed.part) == ("annual", "total")
        if is_of_year and changed.difference and old and new and new.unit:
            yield ReviewerQuestion(
                sentence="年度资金申请总额上次是 {old} {unit}，这次是 {new} {unit}，请说明增减的原因",
                values={
                    "old": Text(f"{old.money.value:,}"),
                    "new": Text(f"{new.money.value:,}"),
                    "unit": InterfaceTerm(chinese=new.unit.value),
                },
            )


def _ask_about_change(pair: IndicatorPair) -> Iterator[ReviewerQuestion]:
    old, new = pair.old, pair.new
    if old and new and pair.change is TargetChange.REDEFINED:
        name, former = new.indicator.name, old.indicator.name
        if name != former:
            yield ReviewerQuestion(
                sentence="“{former}”这次写作“{name}”，请说明改动的原因",
                values={"name": name, "former": former},
            )
        else:
            yield ReviewerQuestion(
                sentence="“{name}”上次归在“{former}”，这次归在“{now}”，请说明改动的原因",
                values={"name": name, "former": Text(old.level2), "now": Text(new.level2)},
            )
    elif old and (sentence := _SENTENCE_BY_CHANGE.get(pair.change)):
        now = new.indicator if new else None
        targets = {"old": _target_or_blank(old.indicator), "new": _target_or_blank(now)}
        yield ReviewerQuestion(sentence=sentence, values={"name": (now or old.indicator).name, **targets})


def _target_or_blank(indicator: Indicator | None) -> Text | InterfaceTerm:
    target = indicator.target if indicator else None
    return target.filed if target else InterfaceTerm(chinese="未填报")
