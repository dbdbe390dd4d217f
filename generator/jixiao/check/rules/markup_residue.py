"""No text holds what a web page or an office program left behind.

Passes:

    goals: {annual: 每村巡诊 5*3*2 次，村民 & 医生都满意。}

Fails:

    goals: {annual: 每村巡诊&nbsp;两次。}
"""

import re
from collections.abc import Iterator

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.rule import ReviewCriterion, RuleExplanation
from jixiao.problems import Severity

ID = "markup-residue"
SEVERITY = Severity.WARNING
ABOUT = RuleExplanation(
    requirement=message("文字里没有网页或办公软件留下的代码。"),
    why=message("“&nbsp;”“_x000D_”之类是转换时留下的，不是申报的内容。网页标签（<p> 等）另作错误处理。"),
    source=message("从网页、办公软件复制来的申报表"),
    criterion=ReviewCriterion.COMPLETENESS,
    field="goals.annual",
)
_RESIDUE = re.compile(
    r"&(?:#[0-9]{2,6}|#x[0-9a-fA-F]{2,6}|nbsp|amp|lt|gt|quot|apos|ensp|emsp|ldquo|rdquo|middot|hellip|mdash);"
    r"|_x00[0-9a-fA-F]{2}_|\\r\\n|\{\\rtf"
)
_QUOTING_FIELDS = frozenset({"as_filed", "reason", "note"})
"""Fields that quote the form or comment on it."""


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each text with left-over markup."""
    for path, text in parsed.declaration.free_texts():
        typed = text.plain()
        # Most texts have none of these signs, and the pattern is slower.
        if ("&" in typed or "_x" in typed or "\\" in typed) and _QUOTING_FIELDS.isdisjoint(path):
            found = _RESIDUE.search(typed)
            if found:
                yield RuleFinding(
                    path=path,
                    message=message("文字里有残留的代码：{residue}", residue=found[0]),
                    hint=message("请删去；要照录原文的，写进 as_filed，用 markup-residue 标明"),
                )
