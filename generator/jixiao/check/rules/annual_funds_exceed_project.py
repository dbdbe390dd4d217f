"""The funds requested for one year are not more than those of the whole project.

Passes:

    nature: 阶段性项目
    period: {start: 2021-01-01, end: 2023-12-31}
    funding: {unit: 元, project: {total: 771}, annual: {total: 226}}

Passes, because the form itself says so:

    funding: {unit: 元, project: {total: 100}, annual: {total: 226}}
    remarks:
      - field: funding
        as_filed: {lines: [3], cells: [["100", "226"]]}
        defects: [sums-contradict]
        note: 原文的年度资金申请总额大于项目资金总额，照录。

Fails:

    funding: {unit: 元, project: {total: 100}, annual: {total: 226}}
"""

from collections.abc import Iterator

from jixiao.analysis.defects import has_remark_on_sums, is_annual_above_project
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding, remark_hint
from jixiao.i18n import message
from jixiao.model.declaration import Defect
from jixiao.model.rule import RuleExplanation
from jixiao.problems import Severity

ID = "annual-funds-exceed-project"
SEVERITY = Severity.ERROR
ABOUT = RuleExplanation(
    requirement=message("年度资金申请总额不超过项目资金总额。"),
    why=message(
        "项目资金总额包含项目的全部年度，一年的资金更多，必有一处写错。申报表本来如此的，照录并加说明，同样公开。"
    ),
    source=message("《财政项目支出绩效目标申报表》“项目资金”一栏"),
)


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding if the annual total exceeds the project total."""
    declaration = parsed.declaration
    funding = declaration.funding
    project, annual = funding.project.total, funding.annual.total
    if not (project and annual and is_annual_above_project(funding)):
        return
    if not has_remark_on_sums(declaration, (project.value, annual.value)):
        yield RuleFinding(
            path=("funding", "annual", "total"),
            message=message(
                "年度资金申请总额 {annual} 大于项目资金总额 {project}",
                annual=annual.filed,
                project=project.filed,
            ),
            hint=remark_hint(Defect.SUMS_CONTRADICT),
        )
