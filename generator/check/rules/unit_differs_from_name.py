"""The unit of a target is one that its indicator can be measured in.

Passes:

    indicators: {产出指标: {数量指标: [{id: a, name: 巡诊人次, target: ">=300人次"}]}}

Fails:

    indicators: {产出指标: {数量指标: [{id: a, name: 巡诊完成率, target: ">=95次"}]}}

Fails:

    indicators: {产出指标: {数量指标: [{id: a, name: 巡诊天数, target: ">=95人"}]}}
"""

import re
from collections.abc import Iterator

from generator.check import phrasing
from generator.check.finding import Finding
from generator.model.catalogue import Catalogue, Filed
from generator.model.rule import About, Criterion
from generator.problems import Severity
from generator.words import message

ID = "unit-differs-from-name"
SEVERITY = Severity.WARNING
ABOUT = About(
    says=message("目标值的单位与指标名称相称。"),
    why=message("名称是比率，单位却是“人次”，多半是抄错了行，或者漏了百分号。"),
    source=message("申报表的“三级指标”“指标目标值”两栏"),
    criterion=Criterion.ADEQUACY,
)
_ADDED = re.compile(r"(?:及?以[上下内]|左右|[/／].*)$")
_PERCENT = frozenset({"%", "(%)", "（%）"})
_OF_COUNTS = frozenset(
    {"个", "人", "名", "位", "人次", "次", "场", "场次", "天", "日", "月", "年", "小时", "工作日", "个工作日"}
    | {
        "元",
        "万元",
        "亿元",
        "米",
        "公里",
        "平方米",
        "亩",
        "户",
        "家",
        "件",
        "项",
        "篇",
        "台",
        "套",
        "份",
        "吨",
    }
)
_UNITS_OF = {
    "人数": {"人", "名", "位", "人次", "万人", "万人次"},
    "人次": {"人次", "万人次", "人", "次"},
    "次数": {"次", "场", "场次", "人次"},
    "场次": {"场", "次", "场次"},
    "天数": {"天", "日", "工作日", "个工作日"},
    "户数": {"户", "家"},
    "面积": {"平方米", "亩"},
    "金额": {"元", "万元", "亿元"},
}
"""Names that end so, with the units that fit; a unit that stands in no list may be a good one."""


def check(filed: Filed, _catalogue: Catalogue) -> Iterator[Finding]:
    """Yield a finding for each number whose unit is foreign to the name of its indicator."""
    for path, indicator in phrasing.indicators_of_certain_text(filed.declaration):
        quantity = indicator.target.quantity if indicator.target else None
        if quantity and quantity.unit and _disagrees(indicator.name.plain(), quantity.unit):
            yield Finding(
                path=(*path, "target"),
                message=message("单位“{unit}”与指标名称不相称", unit=quantity.unit),
                hint=message("请对照申报表，核对指标名称、目标值和单位；原文如此的，在 waivers 里写明理由"),
            )


def _disagrees(name: str, unit: str) -> bool:
    bare = _ADDED.sub("", unit)
    if phrasing.is_rate(name):
        return bare in _OF_COUNTS
    # 数量 is not among them: 完成数量 =100% is common and understood.
    expected = next((units for ending, units in _UNITS_OF.items() if name.endswith(ending)), None)
    return expected is not None and bare not in expected and bare in _OF_COUNTS | _PERCENT
