"""The classes of indicators are those of the edition, each level-2 class under its level-1 class.

Passes:

    indicators: {产出指标: {数量指标: [{id: visits, name: 巡诊次数, target: ">=10次"}]}}

Fails:

    indicators: {产初指标: {数量指标: [{id: visits, name: 巡诊次数, target: ">=10次"}]}}

Fails:

    indicators: {效益指标: {数量指标: [{id: visits, name: 巡诊次数, target: ">=10次"}]}}
"""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import Message, message
from jixiao.model.rule import RuleExplanation
from jixiao.model.taxonomy import Taxonomy
from jixiao.problems import Severity

ID = "class-not-in-edition"
SEVERITY = Severity.ERROR
ABOUT = RuleExplanation(
    requirement=message("一级、二级指标是所用版本的名目，二级指标在它所属的一级指标之下。"),
    why=message("名目是固定的，写错字或者放错位置的指标，哪一类都统计不到。"),
    source=message("content/taxonomies/ 里所用版本的名目"),
)


def check(parsed: ParsedDeclaration, content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each class that is not in its place in the edition."""
    taxonomy = content.taxonomies.get(parsed.declaration.edition)
    if taxonomy is None:
        return
    for level1, groups in parsed.declaration.indicators.items():
        if level1 not in taxonomy.levels:
            yield RuleFinding(
                path=("indicators", level1),
                message=message("没有“{level1}”这个一级指标", level1=level1),
                hint=_suggest_class(
                    level1, taxonomy.levels, taxonomy, "“{level2}”是二级指标，属于“{level1}”"
                ),
                at_key=True,
            )
            continue
        classes = taxonomy.levels[level1]
        for level2 in groups:
            if level2 not in classes:
                yield RuleFinding(
                    path=("indicators", level1, level2),
                    message=message("“{level1}”下没有“{level2}”", level1=level1, level2=level2),
                    hint=_suggest_class(level2, classes, taxonomy, "“{level2}”属于“{level1}”"),
                    at_key=True,
                )


def _suggest_class(typed: str, classes: Collection[str], taxonomy: Taxonomy, parent_template: str) -> Message:
    """Return the hint to move a misplaced level-2 class, or to use one of *classes*."""
    parents = taxonomy.find_parents(typed)
    if parents:
        return message(parent_template, level2=typed, level1=parents[0])
    near = get_close_matches(typed, classes, cutoff=0.5)
    return (
        message("是不是“{near}”？", near=near[0])
        if near
        else message("可以用：{known}", known=tuple(classes))
    )
