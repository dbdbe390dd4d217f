"""A percentage of more than 100 is looked at twice.

Why: most rates cannot pass 100 %, and a slip of the keyboard adds a zero; growth may well pass it.

Passes:

    indicators: {产出指标: {数量指标: [{id: a, name: 完成率, target: "=100%"}]}}

Fails:

    indicators: {产出指标: {数量指标: [{id: a, name: 完成率, target: "=1000%"}]}}
"""

from collections.abc import Iterator
from decimal import Decimal

from generator.check.finding import Finding
from generator.model.catalogue import Catalogue, Filed
from generator.problems import Severity
from generator.words import message

ID = "percentage-over-100"
SEVERITY = Severity.WARNING
_PERCENT = frozenset({"%", "(%)", "（%）"})
_WHOLE = Decimal(100)


def check(filed: Filed, _catalogue: Catalogue) -> Iterator[Finding]:
    """Yield a finding for each target above 100 %."""
    for path, indicator in filed.declaration.indicators_with_paths():
        quantity = indicator.target.quantity if indicator.target else None
        if indicator.target and quantity and quantity.unit in _PERCENT and quantity.value > _WHOLE:
            yield Finding(
                path=(*path, "target"),
                message=message("目标值超过 100%：{typed}", typed=indicator.target.filed.plain()),
                hint=message("请核对是否多写了 0；增长率等确实超过的，不必改"),
            )
