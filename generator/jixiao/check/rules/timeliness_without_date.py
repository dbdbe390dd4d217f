"""An indicator of timeliness says by when, or how often.

Passes:

    indicators: {产出指标: {时效指标: [{id: a, name: 巡诊完成时间, target: 2021年11月底前}]}}

Passes:

    indicators: {产出指标: {时效指标: [{id: a, name: 报告及时率, target: "=100%"}]}}

Fails:

    indicators: {产出指标: {时效指标: [{id: a, name: 巡诊完成及时性, target: 及时}]}}
"""

from collections.abc import Iterator

from jixiao.analysis import phrasing
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.rule import ReviewCriterion, RuleExplanation
from jixiao.problems import Severity

ID = "timeliness-without-date"
SEVERITY = Severity.ADVICE
ABOUT = RuleExplanation(
    requirement=message("时效指标写明日期、期限或频次。"),
    why=message("没有日期的“及时”“按计划完成”，晚了一年也说不清。及时率有数字的，算作写明。"),
    source=message("申报表的“时效指标”一类"),
    criterion=ReviewCriterion.COMPLETENESS,
    field="indicators.a.target",
)


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each indicator of timeliness that names no time."""
    for path, indicator, words in phrasing.find_worded_targets(parsed.declaration):
        if phrasing.TIMELINESS not in path or not phrasing.is_class_certain(indicator):
            continue
        if not phrasing.has_time(words + indicator.name.plain()):
            yield RuleFinding(
                path=(*path, "target"),
                message=message("时效指标没有写明时间：{words}", words=phrasing.quote_target(indicator)),
                hint=message("写出日期、期限或频次，例如“6月底前完成”“<=15天”“每月一次”"),
            )
