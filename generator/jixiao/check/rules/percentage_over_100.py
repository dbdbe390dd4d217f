"""A percentage of more than 100 is looked at twice.

Passes:

    indicators: {产出指标: {数量指标: [{id: a, name: 完成率, target: "=100%"}]}}

Passes:

    indicators: {产出指标: {数量指标: [{id: a, name: 就诊人次增长率, target: ">=120%"}]}}

Fails:

    indicators: {产出指标: {数量指标: [{id: a, name: 完成率, target: "=1000%"}]}}
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.rule import ReviewCriterion, RuleExplanation
from jixiao.problems import Severity

ID = "percentage-over-100"
SEVERITY = Severity.WARNING
ABOUT = RuleExplanation(
    requirement=message("超过 100% 的目标值再看一眼。"),
    why=message("多数比率到不了 100% 以上，多半是多打了一个 0；增长率、增幅可以超过，不查。"),
    criterion=ReviewCriterion.FEASIBILITY,
    field="indicators.a.target",
)
_PERCENT = frozenset({"%", "(%)", "（%）"})
_HUNDRED = Decimal(100)
_GROWTH = re.compile("增长|增幅|增加|提高|提升")


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each target above 100 %."""
    for path, indicator in parsed.declaration.indicators_with_paths():
        quantity = indicator.target.quantity if indicator.target else None
        if not (indicator.target and quantity and quantity.unit in _PERCENT and quantity.value > _HUNDRED):
            continue
        if not _GROWTH.search(indicator.name.plain()):
            yield RuleFinding(
                path=(*path, "target"),
                message=message("目标值超过 100%：{typed}", typed=indicator.target.filed.plain()),
                hint=message("请核对是否多写了 0；确实超过的，在 waivers 里写明理由"),
            )
