"""The nature of a project is one of the closed list.

Passes:

    nature: 经常性项目

Fails:

    nature: 经常项目
"""

from collections.abc import Iterator
from difflib import get_close_matches

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.rule import RuleExplanation
from jixiao.problems import Severity

ID = "nature-not-in-edition"
SEVERITY = Severity.ERROR
ABOUT = RuleExplanation(
    requirement=message("项目性质是固定名目之一。"),
    why=message("读者按项目性质筛选，写错一个字就自成一类。"),
    source=message("申报表的“项目性质”一栏；2021年上海的申报表称为“项目类别”"),
)


def check(parsed: ParsedDeclaration, content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding if the nature is not in the list of the edition."""
    taxonomy = content.taxonomies.get(parsed.declaration.edition)
    typed = parsed.declaration.nature.plain()
    if taxonomy is None or typed in taxonomy.natures:
        return
    near = get_close_matches(typed, taxonomy.natures, cutoff=0.5)
    yield RuleFinding(
        path=("nature",),
        message=message("没有“{typed}”这种项目性质", typed=typed),
        hint=message("是不是“{near}”？", near=near[0])
        if near
        else message("可以用：{known}", known=tuple(taxonomy.natures)),
    )
