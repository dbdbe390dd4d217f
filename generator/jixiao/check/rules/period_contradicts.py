"""A project ends after it begins, and its years include the year of the declaration.

Passes:

    period: {start: 2021-01-01, end: 2021-12-31}

Passes, because the form itself says so:

    period: {start: 2021-12-31, end: 2021-01-01}
    remarks:
      - field: period
        as_filed: {lines: [3], cells: [["2021-12-31", "2021-01-01"]]}
        defects: [dates-contradict]
        note: 原文的完成日期早于开始日期，照录。

Fails:

    period: {start: 2021-12-31, end: 2021-01-01}

Fails, because the remark shows another day:

    period: {start: 2021-12-31, end: 2020-01-01}
    remarks:
      - field: period
        as_filed: {lines: [3], cells: [["2021-12-31", "2021-01-01"]]}
        defects: [dates-contradict]
        note: 原文的完成日期早于开始日期，照录。

Fails:

    period: {start: 2019-01-01, end: 2019-12-31}
"""

from collections.abc import Iterator

from jixiao.analysis.defects import has_contradicting_dates, has_remark_on_dates
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding, remark_hint
from jixiao.i18n import message
from jixiao.model.declaration import Defect
from jixiao.model.rule import RuleExplanation
from jixiao.problems import Severity

ID = "period-contradicts"
SEVERITY = Severity.ERROR
ABOUT = RuleExplanation(
    requirement=message("完成日期不早于开始日期，申报年度在起止日期之内。"),
    why=message("年度里没有计划的项目不会申报，多半是日期写错了。申报表本来如此的，照录并加说明，同样公开。"),
    source=message("申报表的“计划开始日期”“计划完成日期”两栏"),
)


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for dates in the wrong order, or outside the declared year."""
    period, year = parsed.declaration.period, parsed.declaration.year
    if has_contradicting_dates(period, year) and has_remark_on_dates(parsed.declaration):
        return
    if period.end < period.start:
        yield RuleFinding(
            path=("period", "end"),
            message=message(
                "完成日期 {end} 早于开始日期 {start}", end=str(period.end), start=str(period.start)
            ),
            hint=remark_hint(Defect.DATES_CONTRADICT),
        )
    elif has_contradicting_dates(period, year):
        yield RuleFinding(
            path=("period", "start"),
            message=message(
                "计划日期 {start} 至 {end} 不含{year}年度",
                start=str(period.start),
                end=str(period.end),
                year=str(year),
            ),
            hint=remark_hint(Defect.DATES_CONTRADICT),
        )
