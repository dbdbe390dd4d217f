"""No text has lost a number that its words call for.

Passes:

    goals: {annual: 举办为期3个月的展览，不少于20人次参加，每个月一次。}

Fails:

    goals: {annual: 举办为期个月的展览。}

Fails:

    indicators: {产出指标: {数量指标: [{id: a, name: 巡诊, target: 不少于人次}]}}
"""

import re
from collections.abc import Iterator

from jixiao.analysis import phrasing
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.load.yaml_tree import TreePath
from jixiao.model.declaration import Defect
from jixiao.model.rule import ReviewCriterion, RuleExplanation
from jixiao.problems import Severity
from jixiao.text import Text

ID = "number-lost"
SEVERITY = Severity.WARNING
ABOUT = RuleExplanation(
    requirement=message("该有数字的地方有数字。"),
    why=message("“为期个月”“不少于人次”之类，多半是转录或转换时丢了数字；数字不能补猜，只能核对原件。"),
    source=message("申报表的“项目绩效目标”“绩效指标”两栏"),
    criterion=ReviewCriterion.COMPLETENESS,
    field="goals.annual",
)
# 万元 and 亿元 are not among the units: 超过万元 is a sum.
_LOST_NUMBER = re.compile(
    r"为期(?:个[月工小]|[月年天周日](?!余)|小时)"
    r"|(?:不少于|不低于|不超过|不高于|不多于|不大于|不小于|至少|超过|多达|高达|达到)(?:人次|场次|个月|个工作日|个百分点|[%％])(?!要求|目标)"
    r"|第[届期](?!间|中|末)"
    r"|(?:于|在|至|到|自)年月"
)


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each text that seems to have lost a number and is not marked so."""
    texts = tuple(_find_unmarked_texts(parsed))
    # One search of all texts is enough for nearly every file.
    if not _LOST_NUMBER.search("\n".join(text.plain() for _, text in texts)):
        return
    for path, text in texts:
        found = _LOST_NUMBER.search(text.plain())
        if found:
            yield RuleFinding(
                path=path,
                message=message("好像缺数字：{words}", words=found[0]),
                hint=message("请对照申报表补上；原文就缺的，照录并用 number-missing 标明"),
            )


def _find_unmarked_texts(parsed: ParsedDeclaration) -> Iterator[tuple[TreePath, Text]]:
    declaration = parsed.declaration
    for field, goal in (("overall", declaration.goals.overall), ("annual", declaration.goals.annual)):
        remarks = declaration.remarks_on(f"goals.{field}")
        if goal and not any(Defect.NUMBER_MISSING in remark.defects for remark in remarks):
            yield ("goals", field), goal
    for path, indicator in phrasing.find_indicators_with_certain_text(declaration):
        yield (*path, "name"), indicator.name
        if indicator.target:
            yield (*path, "target"), indicator.target.filed
