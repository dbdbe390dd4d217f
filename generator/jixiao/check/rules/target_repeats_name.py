"""A target says more than the name of its indicator.

Passes:

    indicators: {产出指标: {质量指标: [{id: a, name: 药品动态管理, target: 每月盘点一次}]}}

Passes:

    indicators: {产出指标: {质量指标: [{id: a, name: 药品满足临床需要, target: 满足}]}}

Fails:

    indicators: {产出指标: {质量指标: [{id: a, name: 药品动态管理, target: 动态管理}]}}
"""

from collections.abc import Iterator

from jixiao.analysis import phrasing
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.rule import ReviewCriterion, RuleExplanation
from jixiao.problems import Severity

ID = "target-repeats-name"
SEVERITY = Severity.ADVICE
ABOUT = RuleExplanation(
    requirement=message("目标值不只是把指标名称重复一遍。"),
    why=message("名称说的是看什么，目标值说的是做到什么程度；两者相同，就没有写程度。"),
    source=message("申报表的“三级指标”“指标目标值”两栏"),
    criterion=ReviewCriterion.RELEVANCE,
    field="indicators.a.target",
)


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each target of three characters or more that is part of its name."""
    for path, indicator, words in phrasing.find_worded_targets(parsed.declaration):
        if not phrasing.has_measure(words) and phrasing.is_repetition(words, indicator.name.plain()):
            yield RuleFinding(
                path=(*path, "target"),
                message=message("目标值只是重复指标名称：{words}", words=phrasing.quote_target(indicator)),
                hint=message("写出做到什么程度，例如“=100%”“每月一次”"),
            )
