"""A count or a rate has a number as its target.

Passes:

    indicators: {产出指标: {数量指标: [{id: a, name: 巡诊村庄覆盖率, target: ">=95%"}]}}

Passes:

    indicators: {产出指标: {数量指标: [{id: a, name: 巡诊村庄覆盖率, target: 全覆盖}]}}

Fails:

    indicators: {产出指标: {数量指标: [{id: a, name: 巡诊村庄覆盖率, target: 符合合同要求}]}}

Fails:

    indicators: {产出指标: {数量指标: [{id: a, name: 巡诊人数, target: 达到计划人数}]}}
"""

from collections.abc import Iterator

from jixiao.analysis import phrasing
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.rule import ReviewCriterion, RuleExplanation
from jixiao.problems import Severity

ID = "count-or-rate-in-words"
SEVERITY = Severity.ADVICE
ABOUT = RuleExplanation(
    requirement=message("名称是数量或比率的指标，目标值是数字。"),
    why=message("叫作“人数”“完成率”的指标，读者要找的是一个数；只有文字，就不能与实际完成值比较。"),
    source=message("申报表的“三级指标”“指标目标值”两栏"),
    criterion=ReviewCriterion.RELEVANCE,
    field="indicators.a.target",
)


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each count or rate whose target has no number."""
    for path, indicator, words in phrasing.find_worded_targets(parsed.declaration):
        name = indicator.name.plain()
        if phrasing.has_measure(words) or phrasing.is_repetition(words, name):
            continue
        if phrasing.is_rate(name):
            yield RuleFinding(
                path=(*path, "target"),
                message=message(
                    "指标是比率，目标值却没有数字：{words}", words=phrasing.quote_target(indicator)
                ),
                hint=message("写出比率，例如“>=95%”"),
            )
        elif phrasing.is_count(name):
            yield RuleFinding(
                path=(*path, "target"),
                message=message(
                    "指标是数量，目标值却没有数字：{words}", words=phrasing.quote_target(indicator)
                ),
                hint=message("写出数量和单位，例如“>=1300人次”"),
            )
