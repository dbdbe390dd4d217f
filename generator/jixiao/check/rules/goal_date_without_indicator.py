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

from jixiao.analysis.site_content import Catalogue, Filed
from jixiao.check.months import months_named
from jixiao.check.rule_finding import Finding
from jixiao.i18n import message
from jixiao.model.declaration import Declaration
from jixiao.model.rule import About, Criterion
from jixiao.problems import Severity

ID = "goal-date-without-indicator"
SEVERITY = Severity.ADVICE
ABOUT = About(
    says=message("目标里写的日期，有一项指标落实。"),
    why=message(
        "目标里答应了某月完成，指标里却没有，年底就没有一行来检查它。与项目起止月份相同的日期、往年的日期不查。"
    ),
    source=message("申报表的“项目绩效目标”“绩效指标”两栏"),
    criterion=Criterion.RELEVANCE,
    field="goals.annual",
)
_TITLE = re.compile(r"《[^《》]*+》")
_MONTH = re.compile(
    r"(?:(?P<year>[12][0-9]{3})年)?(?<![0-9.\-~～—至到、/])(?P<month>1[0-2]|0?[1-9])月(?!份?[-~～—至到、])"
)
_OF_OTHERS = re.compile("(?:根据|按照|依据|遵照|截至|截止|自|从)[^，。；,;\n]*")
"""What was decided, or had begun, at some time is not promised."""


def check(filed: Filed, _catalogue: Catalogue) -> Iterator[Finding]:
    """Yield a finding for each goal with months of the year that no indicator names."""
    declaration = filed.declaration
    goals = declaration.goals
    carried: frozenset[int] | None = None
    for field, goal in (("overall", goals.overall), ("annual", goals.annual)):
        promised = dict(_promised(goal.plain(), declaration)) if goal else {}
        if not promised:
            continue
        carried = _carried(declaration) if carried is None else carried
        left = tuple(written for month, written in promised.items() if month not in carried)
        if left:
            yield Finding(
                path=("goals", field),
                message=message("目标里的日期没有指标落实：{dates}", dates=left),
                hint=message("在时效指标里写明，例如“6月底前完成”"),
            )


def _promised(goal: str, declaration: Declaration) -> Iterator[tuple[int, str]]:
    """Give the months of the year of the declaration that a goal names, each as written."""
    period, year = declaration.period, declaration.year
    bounds = {(day.year, day.month) for day in (period.start, period.end)}
    for found in _MONTH.finditer(_OF_OTHERS.sub("", _TITLE.sub("", goal))):
        of_year, month = int(found["year"] or year), int(found["month"])
        if of_year == year and (of_year, month) not in bounds:
            yield month, found[0]


def _carried(declaration: Declaration) -> frozenset[int]:
    """Give the months that names and targets of indicators name, alone or within a quarter or a half."""
    said = (
        indicator.name.plain() + "\n" + (indicator.target.filed.plain() if indicator.target else "")
        for indicator in (row.indicator for row in declaration.rows())
    )
    return months_named("\n".join(said))
