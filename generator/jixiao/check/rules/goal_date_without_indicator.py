"""A date that a goal promises is carried by an indicator.

Passes:

    goals: {annual: 6月开展第一轮巡诊。}
    indicators: {产出指标: {时效指标: [{id: a, name: 第一轮巡诊, target: 6月底前完成}]}}

Passes:

    goals: {annual: 根据2021年5月的通知，在11月底前完成巡诊。}

Passes:

    goals: {annual: 6月、9月开展巡诊。}
    indicators: {产出指标: {时效指标: [{id: a, name: 巡诊, target: 每季度一次}]}}

Passes:

    goals: {annual: 6月、9月开展巡诊。}
    indicators: {产出指标: {时效指标: [{id: a, name: 巡诊, target: 3至六月和九月各一次}]}}

Fails:

    goals: {annual: 2021年6月开展第一轮巡诊。}
    indicators: {产出指标: {数量指标: [{id: a, name: 巡诊次数, target: ">=10次"}]}}
"""

import re
from collections.abc import Iterator

from jixiao.analysis.phrasing import find_months
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.declaration import Declaration
from jixiao.model.rule import ReviewCriterion, RuleExplanation
from jixiao.problems import Severity

ID = "goal-date-without-indicator"
SEVERITY = Severity.ADVICE
ABOUT = RuleExplanation(
    requirement=message("目标里写的日期，有一项指标落实。"),
    why=message(
        "目标里答应了某月完成，指标里却没有，年底就没有一行来检查它。与项目起止月份相同的日期、往年的日期不查。"
    ),
    source=message("申报表的“项目绩效目标”“绩效指标”两栏"),
    criterion=ReviewCriterion.RELEVANCE,
    field="goals.annual",
)
_TITLE = re.compile(r"《[^《》]*+》")
_MONTH = re.compile(
    r"(?:(?P<year>[12][0-9]{3})年)?(?<![0-9.\-~～—至到、/])(?P<month>1[0-2]|0?[1-9])月(?!份?[-~～—至到、])"
)
_CITED_OR_PAST = re.compile("(?:根据|按照|依据|遵照|截至|截止|自|从)[^，。；,;\n]*")
"""Dates of decisions or of earlier events are no promises."""


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each goal with months that no indicator names."""
    declaration = parsed.declaration
    goals = declaration.goals
    carried: frozenset[int] | None = None
    for field, goal in (("overall", goals.overall), ("annual", goals.annual)):
        promised = dict(_find_promised_months(goal.plain(), declaration)) if goal else {}
        if not promised:
            continue
        carried = _find_indicator_months(declaration) if carried is None else carried
        missing = tuple(written for month, written in promised.items() if month not in carried)
        if missing:
            yield RuleFinding(
                path=("goals", field),
                message=message("目标里的日期没有指标落实：{dates}", dates=missing),
                hint=message("在时效指标里写明，例如“6月底前完成”"),
            )


def _find_promised_months(goal: str, declaration: Declaration) -> Iterator[tuple[int, str]]:
    """Yield the months of the declared year that a goal names, each as written."""
    period, year = declaration.period, declaration.year
    bounds = {(day.year, day.month) for day in (period.start, period.end)}
    for found in _MONTH.finditer(_CITED_OR_PAST.sub("", _TITLE.sub("", goal))):
        in_year, month = int(found["year"] or year), int(found["month"])
        if in_year == year and (in_year, month) not in bounds:
            yield month, found[0]


def _find_indicator_months(declaration: Declaration) -> frozenset[int]:
    """Return the months that names and targets of indicators name, directly or within a period."""
    texts = (
        indicator.name.plain() + "\n" + (indicator.target.filed.plain() if indicator.target else "")
        for indicator in (row.indicator for row in declaration.rows())
    )
    return find_months("\n".join(texts))
