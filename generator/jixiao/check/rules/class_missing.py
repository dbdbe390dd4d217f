"""A declaration has indicators of output and indicators of benefit.

Passes:

    indicators:
      产出指标: {数量指标: [{id: visits, name: 巡诊次数, target: ">=10次"}]}
      效益指标: {社会效益指标: [{id: seen, name: 就诊人次, target: ">=300人次"}]}

Fails:

    indicators: {产出指标: {数量指标: [{id: visits, name: 巡诊次数, target: ">=10次"}]}}
"""

from collections.abc import Iterator

from jixiao.analysis import phrasing
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.rule import ReviewCriterion, RuleExplanation
from jixiao.problems import Severity

ID = "class-missing"
SEVERITY = Severity.ADVICE
ABOUT = RuleExplanation(
    requirement=message("产出指标、效益指标都有。"),
    why=message(
        "只有产出，看不出钱花得值不值；只有效益，看不出做了什么。成本指标、满意度指标按项目情况设置，不查。"
    ),
    source=message(
        "《中央部门项目支出核心绩效目标和指标设置及取值指引（试行）》（财预〔2021〕101号），尚未与原文逐字核对"
    ),
    criterion=ReviewCriterion.COMPLETENESS,
    field="indicators",
)
_EXPECTED = ("产出指标", "效益指标")


def check(parsed: ParsedDeclaration, content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding if an expected class has no indicator."""
    declaration = parsed.declaration
    taxonomy = content.taxonomies.get(declaration.edition)
    # A row with an uncertain or misspelt class may belong to the class that seems missing.
    is_certain = all(phrasing.is_class_certain(row.indicator) for row in declaration.rows())
    if taxonomy is None or not is_certain or not declaration.indicators.keys() <= taxonomy.levels.keys():
        return
    missing = tuple(
        level1 for level1 in _EXPECTED if level1 in taxonomy.levels and level1 not in declaration.indicators
    )
    if missing:
        yield RuleFinding(
            path=("indicators",),
            message=message("没有{missing}", missing=missing),
            hint=message("申报表上有的，请补录；申报表上没有的，供下次申报参考"),
            at_key=True,
        )
