"""The unit of a target is one that its indicator can be measured in.

Passes:

    indicators: {产出指标: {数量指标: [{id: a, name: 巡诊人次, target: ">=300人次"}]}}

Passes:

    indicators: {产出指标: {数量指标: [{id: a, name: 设备故障率, target: "<=2次/年"}]}}

Passes:

    indicators: {产出指标: {数量指标: [{id: a, name: 受益人数占全县人数, target: ">=60%"}]}}

Fails:

    indicators: {产出指标: {数量指标: [{id: a, name: 巡诊完成率, target: ">=95次"}]}}

Fails:

    indicators: {产出指标: {数量指标: [{id: a, name: 巡诊天数, target: ">=95人"}]}}
"""

import re
from collections.abc import Iterator

from jixiao.analysis import phrasing
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.rule import ReviewCriterion, RuleExplanation
from jixiao.problems import Severity

ID = "unit-differs-from-name"
SEVERITY = Severity.WARNING
ABOUT = RuleExplanation(
    requirement=message("目标值的单位与指标名称相称。"),
    why=message("名称是比率，单位却是“人次”，多半是抄错了行，或者漏了百分号。"),
    source=message("申报表的“三级指标”“指标目标值”两栏"),
    criterion=ReviewCriterion.ADEQUACY,
    field="indicators.a.target",
)
_UNIT_SUFFIX = re.compile(r"(?:及?以[上下内]|左右|[/／].*)$")
# 年, 月 and 日 are not among them, because they begin dates.
_COUNT_UNIT = re.compile(
    "[个人名位次场天元米亩户家件项篇台套份吨]|人次|场次|小时|个?工作日|[万亿]元|公里|平方米"
)
_PERCENT = re.compile(r"%|\(%\)|（%）")
_PROPORTION = re.compile("占|比|较|增|减|降|提高|提升")
"""Words that turn a count into a proportion or a change."""
_UNITS_BY_NAME_ENDING = (
    (re.compile("人数$"), re.compile("人|人次|[名位]")),
    (re.compile("人次$"), re.compile("人次|[人次]")),
    (re.compile("(?<!人)次数$|场次$"), re.compile("[次场]|场次|人次")),
    (re.compile("天数$"), re.compile("天|个?工作日")),
    (re.compile("户数$"), re.compile("[户家]")),
    (re.compile("面积$"), re.compile("平方米|亩")),
    (re.compile("金额$"), re.compile("[万亿]?元")),
)
"""Endings of names with the units that fit; a unit in no list may still be right."""


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each number whose unit does not fit the name of its indicator."""
    for path, indicator in phrasing.find_indicators_with_certain_text(parsed.declaration):
        quantity = indicator.target.quantity if indicator.target else None
        if quantity and quantity.unit and _is_foreign_unit(indicator.name.plain(), quantity.unit):
            yield RuleFinding(
                path=(*path, "target"),
                message=message("单位“{unit}”与指标名称不相称", unit=quantity.unit),
                hint=message("请对照申报表，核对指标名称、目标值和单位；原文如此的，在 waivers 里写明理由"),
            )


def _is_foreign_unit(name: str, unit: str) -> bool:
    bare = _UNIT_SUFFIX.sub("", unit)
    is_of_count = _COUNT_UNIT.fullmatch(bare) is not None
    is_percent = _PERCENT.fullmatch(bare) is not None
    if not (is_of_count or is_percent):
        return False
    if phrasing.is_rate(name):
        return is_of_count and bare == unit
    # 数量 is in no list: 完成数量 =100% is common and understood.
    fitting = next((units for ending, units in _UNITS_BY_NAME_ENDING if ending.search(name)), None)
    if fitting is None or fitting.fullmatch(bare):
        return False
    return is_of_count or (is_percent and not _PROPORTION.search(name))
