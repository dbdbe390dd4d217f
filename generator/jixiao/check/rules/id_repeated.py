"""The ids of the indicators of one declaration are all different.

Passes:

    indicators: {产出指标: {数量指标: [{id: a, name: 甲, target: "=1"}, {id: b, name: 乙, target: "=1"}]}}

Fails:

    indicators: {产出指标: {数量指标: [{id: a, name: 甲, target: "=1"}, {id: a, name: 乙, target: "=1"}]}}
"""

from collections import defaultdict
from collections.abc import Iterator

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.load.yaml_tree import TreePath, find_place
from jixiao.model.rule import RuleExplanation
from jixiao.problems import Severity

ID = "id-repeated"
SEVERITY = Severity.ERROR
ABOUT = RuleExplanation(
    requirement=message("同一份申报表里，各指标的编号互不相同。"),
    why=message("编号是指标在网页上的地址，两行同一地址，就无法链接，也无法比较。"),
)


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each repetition of an id."""
    paths: dict[str, list[TreePath]] = defaultdict(list)
    for path, indicator in parsed.declaration.indicators_with_paths():
        paths[indicator.id].append((*path, "id"))
    for identity, (first, *others) in paths.items():
        for path in others:
            yield RuleFinding(
                path=path,
                message=message(
                    "编号“{id}”重复，第 {line} 行已经用过",
                    id=identity,
                    line=str(find_place(parsed.tree, first).line),
                ),
                hint=message("请给这一行另起一个编号"),
            )
