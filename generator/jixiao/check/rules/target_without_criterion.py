"""A target of words says how one will see that it is met.

Passes:

    indicators: {效益指标: {社会效益指标: [{id: a, name: 居民健康意识, target: 半数以上村民每年体检一次}]}}

Fails:

    indicators: {效益指标: {社会效益指标: [{id: a, name: 居民健康意识, target: 明显提高}]}}

Fails:

    indicators: {效益指标: {社会效益指标: [{id: a, name: 巡诊制度建设的完善性, target: 制度完善}]}}
"""

from collections.abc import Iterator

from jixiao.analysis import phrasing
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.rule import ReviewCriterion, RuleExplanation
from jixiao.problems import Severity

ID = "target-without-criterion"
SEVERITY = Severity.ADVICE
ABOUT = RuleExplanation(
    requirement=message("用文字写的目标值，要写出怎样才算达到。"),
    why=message("“提高”“及时”“完善”之类，年底没有人能判断是否达到，自评和评价都无从下手。时效指标另有规则。"),
    source=message("申报表的“指标目标值”一栏"),
    criterion=ReviewCriterion.RELEVANCE,
    field="indicators.a.target",
)


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each target that is vague and sets no criterion."""
    for path, indicator, words in phrasing.find_worded_targets(parsed.declaration):
        name = indicator.name.plain()
        if phrasing.TIMELINESS in path or phrasing.is_rate(name) or phrasing.is_count(name):
            continue
        if phrasing.is_vague(words, name) and not phrasing.is_repetition(words, name):
            yield RuleFinding(
                path=(*path, "target"),
                message=message(
                    "目标值没有写出怎样才算达到：{words}", words=phrasing.quote_target(indicator)
                ),
                hint=message("写出数字、对象或标准，例如“比上年提高5%”“全部通过验收”"),
            )
