"""The classes of indicators are those of the edition, each level-2 class under its level-1 class.

Passes:

    indicators: {产出指标: {数量指标: [{id: visits, name: 巡诊次数, target: ">=10次"}]}}

Fails:

    indicators: {产初指标: {数量指标: [{id: visits, name: 巡诊次数, target: ">=10次"}]}}

Fails:

    indicators: {效益指标: {数量指标: [{id: visits, name: 巡诊次数, target: ">=10次"}]}}
"""

from collections.abc import Iterator
from difflib import get_close_matches

from jixiao.analysis.site_content import Catalogue, Filed
from jixiao.check.rule_finding import Finding
from jixiao.i18n import message
from jixiao.model.rule import About
from jixiao.model.taxonomy import Taxonomy
from jixiao.problems import Severity

ID = "class-not-in-edition"
SEVERITY = Severity.ERROR
ABOUT = About(
    says=message("一级、二级指标是所用版本的名目，二级指标在它所属的一级指标之下。"),
    why=message("名目是固定的，写错字或者放错位置的指标，哪一类都统计不到。"),
    source=message("content/taxonomies/ 里所用版本的名目"),
)


def check(filed: Filed, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield a finding for each class that the edition does not have there."""
    taxonomy = catalogue.taxonomies.get(filed.declaration.edition)
    if taxonomy is None:
        return
    for level1, groups in filed.declaration.indicators.items():
        if level1 not in taxonomy.levels:
            yield _unknown_level1(level1, taxonomy)
            continue
        for level2 in groups:
            if level2 not in taxonomy.levels[level1]:
                yield _unknown_level2(level1, level2, taxonomy)


def _unknown_level1(level1: str, taxonomy: Taxonomy) -> Finding:
    near = get_close_matches(level1, taxonomy.levels, cutoff=0.5)
    parents = taxonomy.parents_of(level1)
    if parents:
        hint = message("“{level2}”是二级指标，属于“{level1}”", level2=level1, level1=parents[0])
    elif near:
        hint = message("是不是“{near}”？", near=near[0])
    else:
        hint = message("可以用：{known}", known=tuple(taxonomy.levels))
    return Finding(
        path=("indicators", level1),
        message=message("没有“{level1}”这个一级指标", level1=level1),
        hint=hint,
        of_key=True,
    )


def _unknown_level2(level1: str, level2: str, taxonomy: Taxonomy) -> Finding:
    classes = taxonomy.levels[level1]
    near = get_close_matches(level2, classes, cutoff=0.5)
    parents = taxonomy.parents_of(level2)
    if parents:
        hint = message("“{level2}”属于“{level1}”", level2=level2, level1=parents[0])
    elif near:
        hint = message("是不是“{near}”？", near=near[0])
    else:
        hint = message("可以用：{known}", known=tuple(classes))
    return Finding(
        path=("indicators", level1, level2),
        message=message("“{level1}”下没有“{level2}”", level1=level1, level2=level2),
        hint=hint,
        of_key=True,
    )
