"""The same indicator with the same target does not stand twice.

Passes:

    indicators: {产出指标: {数量指标: [{id: a, name: 甲, target: "=1"}, {id: b, name: 甲, target: "=2"}]}}

Fails:

    indicators: {产出指标: {数量指标: [{id: a, name: 甲, target: "=1"}, {id: b, name: 甲, target: "=1"}]}}
"""

from collections.abc import Iterator

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.load.yaml_tree import TreePath, find_place
from jixiao.model.rule import RuleExplanation
from jixiao.problems import Severity
from jixiao.text import Text

ID = "indicator-repeated"
SEVERITY = Severity.WARNING
ABOUT = RuleExplanation(
    requirement=message("名称和目标值都相同的指标只有一行。"),
    why=message("粘贴了两次的一行，统计时就算了两次。"),
    field="indicators.b.name",
)


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each row with the name and target of an earlier row."""
    first: dict[tuple[Text, Text | None], TreePath] = {}
    for path, indicator in parsed.declaration.indicators_with_paths():
        content = (indicator.name, indicator.target.filed if indicator.target else None)
        earlier = first.setdefault(content, path)
        if earlier != path:
            line = find_place(parsed.tree, (*earlier, "name")).line
            yield RuleFinding(
                path=(*path, "name"),
                message=message("与第 {line} 行的指标相同，目标值也相同", line=str(line)),
                hint=message("请核对是不是粘贴了两次"),
            )
