"""What a deputy may ask of a declaration: neutral questions, each with its occasion in the record.

A question says what stands in the form and asks for what does not: a lost number, a blank, a standard, the
reason of a change. It never says that something is wrong with the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from jixiao.analysis.contradictions import CONTRADICTIONS
from jixiao.analysis.defects import FIELDS
from jixiao.analysis.measurability import Measurability, measurability_of
from jixiao.analysis.phrasing import is_class_certain
from jixiao.analysis.year_on_year import Comparison, Fate, Promise
from jixiao.model.declaration import Certainty, Declaration, Defect, Indicator, Remark, Row
from jixiao.text import Text

_SPANS: Final = (
    (re.compile("为期个月"), "请说明月数"),
    (re.compile("为期[天日]"), "请说明天数"),
    (re.compile("为期年"), "请说明年数"),
    (re.compile("为期周"), "请说明周数"),
    (re.compile("为期小时"), "请说明小时数"),
)
"""Words that have lost the number between them, and what to ask for."""
_BY_CLASS: Final = {
    Measurability.PRAISE: "“{name}”的目标值是“{target}”，请说明怎样才算达到",
    Measurability.REPETITION: "“{name}”的目标值只重复指标名称，请说明做到什么程度",
    Measurability.REFERENCE: "“{name}”的目标值是“{target}”，请说明所依据的文件和其中的要求",
    Measurability.BLANK: "“{name}”没有填目标值，请说明目标",
}
_BY_FATE: Final = {
    Fate.RAISED: "“{name}”的目标值上次是“{old}”，这次是“{new}”，请说明调整的原因",
    Fate.LOWERED: "“{name}”的目标值上次是“{old}”，这次是“{new}”，请说明调整的原因",
    Fate.REWORDED: "“{name}”的目标值上次是“{old}”，这次是“{new}”，请说明调整的原因",
    Fate.DROPPED: "“{name}”上次列出，这次没有列出，请说明原因",
}


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word of the interface as a value of a question; texts of the form are values as they are."""

    said: str
    """Chinese."""


@dataclass(frozen=True, kw_only=True)
class Enquiry:
    """One question."""

    sentence: str
    """Chinese, with {names} of values."""
    values: Mapping[str, Text | Word] = field(default_factory=dict)
    """Texts of the form, and words of the interface."""


def enquiries_into(declaration: Declaration, compared: Comparison | None) -> Iterator[Enquiry]:
    """List the questions to a declaration in the order of its form, then those about changes.

    Args:
        declaration: As it was filed.
        compared: It beside the declaration that it continues; `None` where it continues none.
    """
    yield from _about_money(declaration)
    yield from _about_goals(declaration)
    yield from map(_about_remark, declaration.remarks)
    for row in declaration.rows():
        yield from _about_indicator(row.indicator)
    if compared is not None:
        yield from _about_sums(compared)
        for promise in compared.promises:
            yield from _about_change(promise)


def _about_money(declaration: Declaration) -> Iterator[Enquiry]:
    funding = declaration.funding
    if funding.annual.total is None:
        yield Enquiry(sentence="年度资金申请总额未填报，请说明金额")
    if funding.unit is None and any(funding.sums()):
        yield Enquiry(sentence="申报表没有写明金额单位，请说明金额以元还是以万元计")


def _about_goals(declaration: Declaration) -> Iterator[Enquiry]:
    goals = declaration.goals
    for goal, title in ((goals.overall, "项目总目标"), (goals.annual, "年度总目标")):
        if goal is None:
            yield Enquiry(sentence="{field}未填报，请说明目标", values={"field": Word(said=title)})


def _about_remark(remark: Remark) -> Enquiry:
    is_contradiction = CONTRADICTIONS.keys() >= set(remark.defects)
    return Enquiry(
        sentence="“{field}”一栏前后不一致，请核对原件并说明"
        if is_contradiction
        else "“{field}”一栏的原文有缺损，请核对原件并说明",
        values={"field": Word(said=FIELDS[remark.field])},
    )


def _about_indicator(indicator: Indicator) -> Iterator[Enquiry]:
    """Ask about what a row lacks; of a damaged one only that: its words may not be what was filed."""
    target = indicator.target.filed if indicator.target else None
    if Defect.NUMBER_MISSING in indicator.defects:
        yield _about_lost_number(target or indicator.name)
    elif Defect.TARGET_MISSING in indicator.defects or (target is None and _is_doubted(indicator)):
        yield Enquiry(sentence=_BY_CLASS[Measurability.BLANK], values={"name": indicator.name})
    elif _is_doubted(indicator):
        yield Enquiry(sentence="“{name}”的文字待核，请说明原意", values={"name": indicator.name})
    elif sentence := _BY_CLASS.get(measurability_of(indicator)):
        values = {"name": indicator.name} | ({"target": target} if target else {})
        yield Enquiry(sentence=sentence, values=values)
    if not is_class_certain(indicator):
        yield Enquiry(sentence="“{name}”归在哪一类，原文不能确定，请说明", values={"name": indicator.name})


def _is_doubted(indicator: Indicator) -> bool:
    return indicator.certainty.text is Certainty.UNCONFIRMED


def _about_lost_number(words: Text) -> Enquiry:
    """Ask for what was lost, by its unit where the words show it."""
    asked = next((asked for lost, asked in _SPANS if lost.search(words.plain())), "请说明是多少")
    return Enquiry(
        sentence="“{words}”：原文缺数字，{asked}", values={"words": words, "asked": Word(said=asked)}
    )


def _about_sums(compared: Comparison) -> Iterator[Enquiry]:
    for changed in compared.sums:
        old, new = changed.old, changed.new
        is_of_year = (changed.block, changed.part) == ("annual", "total")
        if is_of_year and changed.difference and old and new and new.unit:
            yield Enquiry(
                sentence="年度资金申请总额上次是 {old} {unit}，这次是 {new} {unit}，请说明增减的原因",
                values={
                    "old": Text(f"{old.money.value:,}"),
                    "new": Text(f"{new.money.value:,}"),
                    "unit": Word(said=new.unit.value),
                },
            )


def _about_change(promise: Promise) -> Iterator[Enquiry]:
    old, new = promise.old, promise.new
    if old and new and promise.fate is Fate.REDEFINED:
        yield from _about_redefinition(old, new)
    elif old and (sentence := _BY_FATE.get(promise.fate)):
        now = new.indicator if new else None
        targets = {"old": _target_of(old.indicator), "new": _target_of(now)}
        yield Enquiry(sentence=sentence, values={"name": (now or old.indicator).name, **targets})


def _about_redefinition(old: Row, new: Row) -> Iterator[Enquiry]:
    name, former = new.indicator.name, old.indicator.name
    if name != former:
        sentence = "“{former}”这次写作“{name}”，请说明改动的原因"
        yield Enquiry(sentence=sentence, values={"name": name, "former": former})
    else:
        yield Enquiry(
            sentence="“{name}”上次归在“{former}”，这次归在“{now}”，请说明改动的原因",
            values={"name": name, "former": Text(old.level2), "now": Text(new.level2)},
        )


def _target_of(indicator: Indicator | None) -> Text | Word:
    target = indicator.target if indicator else None
    return target.filed if target else Word(said="未填报")
