"""Where the class of satisfaction is used, one of its indicators measures satisfaction by a number.

Passes:

    indicators: {满意度指标: {服务对象满意度指标: [{id: a, name: 村民满意度, target: ">=90%"}]}}

Fails:

    indicators: {满意度指标: {服务对象满意度指标: [{id: a, name: 村民对巡诊的关注, target: 一千人以上参加}]}}
"""

import re
from collections.abc import Iterator

from jixiao.analysis import phrasing
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.declaration import Indicator
from jixiao.model.rule import ReviewCriterion, RuleExplanation
from jixiao.problems import Severity

ID = "satisfaction-not-measured"
SEVERITY = Severity.ADVICE
ABOUT = RuleExplanation(
    requirement=message("设了满意度指标的，至少有一项用数字衡量满意度。"),
    why=message("这一类问的是服务对象是否满意；只有别的内容，就等于没有问。"),
    source=message("申报表的“满意度指标”一类"),
    criterion=ReviewCriterion.RELEVANCE,
    field=f"indicators.{phrasing.SATISFACTION}",
)
_VERDICTS = re.compile("满意|好评|投诉|信访|评价|测评")


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding if no indicator of the class measures satisfaction."""
    groups = parsed.declaration.indicators.get(phrasing.SATISFACTION, {})
    indicators = [indicator for group in groups.values() for indicator in group]
    if not indicators or any(
        _is_satisfaction_measure(indicator) or not phrasing.is_class_certain(indicator)
        for indicator in indicators
    ):
        return
    yield RuleFinding(
        path=("indicators", phrasing.SATISFACTION),
        message=message("满意度指标里没有一项用数字衡量满意度"),
        hint=message("写出谁满意、达到多少，例如“学员满意度”，目标值“>=90%”"),
        at_key=True,
    )


def _is_satisfaction_measure(indicator: Indicator) -> bool:
    target = indicator.target
    is_number = target is None or target.quantity is not None or phrasing.has_measure(target.filed.plain())
    return is_number and _VERDICTS.search(indicator.name.plain()) is not None
