"""The funds of a project of one year are those of the year; of several years they are more.

Passes:

    funding: {unit: 元, project: {total: 100}, annual: {total: 100}}

Fails:

    funding: {unit: 元, project: {total: 300}, annual: {total: 100}}

Fails:

    nature: 阶段性项目
    period: {start: 2020-01-01, end: 2022-12-31}
    funding: {unit: 元, project: {total: 100}, annual: {total: 100}}
"""

from collections.abc import Iterator

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.rule import ReviewCriterion, RuleExplanation
from jixiao.problems import Severity

ID = "funds-contradict-period"
SEVERITY = Severity.ADVICE
ABOUT = RuleExplanation(
    requirement=message("当年完成的项目，项目资金总额等于年度资金申请总额；跨年度的阶段性项目，前者更多。"),
    why=message(
        "项目资金总额包含项目的全部年度。起止日期只有一年而两个数不等，或者跨了几年而两个数相等，请再核对。"
    ),
    source=message("申报表的“项目资金”“计划开始日期”“计划完成日期”各栏"),
    criterion=ReviewCriterion.ADEQUACY,
    field="funding.project.total",
)
_PHASED = "阶段性项目"


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding if both totals were filed and do not fit the dates."""
    declaration = parsed.declaration
    project, annual = declaration.funding.project.total, declaration.funding.annual.total
    if project is None or annual is None or project.value < annual.value:
        return
    years = declaration.period.end.year - declaration.period.start.year + 1
    if years == 1 and project.value != annual.value:
        yield RuleFinding(
            path=("funding", "project", "total"),
            message=message(
                "起止日期只有一年，项目资金总额 {project} 却多于年度资金申请总额 {annual}",
                project=project.filed,
                annual=annual.filed,
            ),
            hint=message("请对照申报表，核对两个金额和起止日期"),
        )
    elif years > 1 and project.value == annual.value and declaration.nature.plain() == _PHASED:
        yield RuleFinding(
            path=("funding", "annual", "total"),
            message=message(
                "项目跨{years}个年度，年度资金申请总额却等于项目资金总额 {project}",
                years=str(years),
                project=project.filed,
            ),
            hint=message("请对照申报表，核对两个金额和起止日期"),
        )
