"""The funds requested for one year are not more than those of the whole project.

Why: 项目资金总额 covers all years of the project; a year that needs more is a slip in one of the two.
Source: 项目支出绩效目标申报表, block 项目资金.

Passes:

    funding: {unit: 元, project: {total: 771}, annual: {total: 226}}

Fails:

    funding: {unit: 元, project: {total: 100}, annual: {total: 226}}
"""

from collections.abc import Iterator

from generator.check.finding import Finding
from generator.model.catalogue import Catalogue, Filed
from generator.problems import Severity
from generator.words import message

ID = "annual-funds-exceed-project"
SEVERITY = Severity.ERROR


def check(filed: Filed, _catalogue: Catalogue) -> Iterator[Finding]:
    """Yield a finding when the year is filed with more than the project."""
    funding = filed.declaration.funding
    project, annual = funding.project.total, funding.annual.total
    if project and annual and annual.value > project.value:
        yield Finding(
            path=("funding", "annual", "total"),
            message=message(
                "年度资金申请总额 {annual} 大于项目资金总额 {project}",
                annual=annual.filed,
                project=project.filed,
            ),
            hint=message("请核对这两个总额"),
        )
