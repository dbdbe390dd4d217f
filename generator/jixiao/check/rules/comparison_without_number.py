"""A comparison sign has one quantity behind it.

Passes:

    indicators: {产出指标: {数量指标: [{id: a, name: 使用年限, target: "≥20年"}]}}

Fails:

    indicators: {产出指标: {质量指标: [{id: a, name: 验收, target: "=合格"}]}}

Fails:

    indicators: {产出指标: {数量指标: [{id: a, name: 巡诊, target: "≥3次，每次5天"}]}}
"""

from collections.abc import Iterator

from jixiao.analysis import phrasing
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.rule import ReviewCriterion, RuleExplanation
from jixiao.model.target import has_comparison_sign
from jixiao.problems import Severity

ID = "comparison-without-number"
SEVERITY = Severity.WARNING
ABOUT = RuleExplanation(
    requirement=message("比较符号后面有一个数字，至多再加单位。"),
    why=message("读不出数字的目标值照录为文字，不能和实际完成值比较，也不计入“目标值是数字”的项数。"),
    source=message("申报表的“指标目标值”一栏"),
    criterion=ReviewCriterion.ADEQUACY,
    field="indicators.a.target",
)


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each target that begins with a comparison sign but has no readable quantity."""
    for path, indicator in phrasing.find_indicators_with_certain_text(parsed.declaration):
        target = indicator.target
        if target and target.quantity is None and has_comparison_sign(target):
            yield RuleFinding(
                path=(*path, "target"),
                message=message("比较符号后面不是“一个数字加单位”：{typed}", typed=target.filed.plain()),
                hint=message(
                    '请对照申报表。抄错了的，写成 ">=90%"、"=0"、"<=3天" 的样子；'
                    "申报表就是这样写的，照录不改，在 waivers 里写明理由"
                ),
            )
