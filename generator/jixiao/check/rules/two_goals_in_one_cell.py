"""The goal of the project and the goal of the year stand in cells of their own.

Passes:

    goals: {overall: 三年内每村都有诊所。, annual: 完成巡诊。}

Passes:

    goals: {annual: 围绕项目总目标，完成年度目标规定的巡诊。}

Fails:

    goals: {annual: (1) 项目总目标：三年内每村都有诊所。(2) 年度绩效目标：完成巡诊。}
"""

import re
from collections.abc import Iterator

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.declaration import Defect
from jixiao.model.rule import ReviewCriterion, RuleExplanation
from jixiao.problems import Severity

ID = "two-goals-in-one-cell"
SEVERITY = Severity.WARNING
ABOUT = RuleExplanation(
    requirement=message("项目总目标和年度总目标各在一格。"),
    why=message("两种目标连在一起，读者分不清哪些是今年要做的。原文如此的，照录全文并加标记，不作拆分。"),
    source=message("申报表的“项目绩效目标”一栏"),
    criterion=ReviewCriterion.COMPLETENESS,
    field="goals.annual",
)
_PROJECT_GOAL_HEADING = re.compile(
    r"(?:^|[\n。；;])[^\S\n]*+(?:[（(]?[0-9一二三四]++[）)、.．]?[^\S\n]*+)?(?:项目总体?目标|总体?目标|中?长期目标)"
)
_ANNUAL_GOAL_HEADING = re.compile(
    r"(?:^|[\n。；;])[^\S\n]*+(?:[（(]?[0-9一二三四]++[）)、.．]?[^\S\n]*+)?(?:本?年度(?:总体|总|绩效)?目标|当年(?:绩效)?目标)"
)


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for a goal that contains both headings and is not marked so."""
    goals = parsed.declaration.goals
    for field, goal in (("overall", goals.overall), ("annual", goals.annual)):
        if goal is None or not (
            _PROJECT_GOAL_HEADING.search(goal.plain()) and _ANNUAL_GOAL_HEADING.search(goal.plain())
        ):
            continue
        remarks = parsed.declaration.remarks_on(f"goals.{field}")
        if not any(Defect.TWO_GOALS_IN_ONE_CELL in remark.defects for remark in remarks):
            yield RuleFinding(
                path=("goals", field),
                message=message("项目总目标和年度总目标好像在同一格里"),
                hint=message(
                    "申报表上分在两格的，请分开写；原文如此的，在 remarks 里用 two-goals-in-one-cell 标明"
                ),
            )
