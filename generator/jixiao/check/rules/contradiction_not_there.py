"""A remark that the form contradicts itself is true, and stands on the field that it is about.

Passes:

    funding: {unit: 元, project: {total: 100, fiscal: 80, other: 30}}
    remarks:
      - field: funding
        as_filed: {lines: [3], cells: [["100", "80", "30"]]}
        defects: [sums-contradict]
        note: 原文各项相加是 110，与合计 100 不一致，照录。

Fails:

    funding: {unit: 元, project: {total: 100, fiscal: 80, other: 20}}
    remarks:
      - field: funding
        as_filed: {lines: [3], cells: [["100", "80", "20"]]}
        defects: [sums-contradict]
        note: 原文各项相加与合计不一致。

Fails:

    remarks:
      - field: name
        as_filed: {lines: [3], cells: [["巡诊"]]}
        defects: [dates-contradict]
        note: 原文的日期不一致。
"""

from collections.abc import Iterator

from jixiao.analysis.defects import CONTRADICTIONS, DEFECT_LABELS, has_contradiction
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.model.rule import RuleExplanation
from jixiao.problems import Severity

ID = "contradiction-not-there"
SEVERITY = Severity.ERROR
ABOUT = RuleExplanation(
    requirement=message("标明申报表前后不一致的，确实不一致，并且标在它所说的栏目上。"),
    why=message("网站会照此告诉读者，这份申报表自相矛盾；录入时的笔误不能算在填报单位头上。"),
)


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each mark of a contradiction that does not exist or is on the wrong field."""
    declaration = parsed.declaration
    for number, remark in enumerate(declaration.remarks):
        for place, defect in enumerate(remark.defects):
            if defect not in CONTRADICTIONS:
                continue
            path = ("remarks", number, "defects", place)
            if remark.field is not CONTRADICTIONS[defect]:
                yield RuleFinding(
                    path=path,
                    message=message("标记 {defect} 不属于这一栏", defect=str(defect)),
                    hint=message("请写在 field: {field} 的一项里", field=str(CONTRADICTIONS[defect])),
                )
            elif not has_contradiction(declaration, defect):
                yield RuleFinding(
                    path=path,
                    message=message(
                        "标明“{mark}”，可是这里录入的并没有不一致", mark=message(DEFECT_LABELS[defect])
                    ),
                    hint=message("请与申报表核对录入的内容；表上没有不一致的，请删除这个标记"),
                )
    for row, indicator in declaration.indicators_with_paths():
        for place, defect in enumerate(indicator.defects):
            if defect in CONTRADICTIONS:
                yield RuleFinding(
                    path=(*row, "defects", place),
                    message=message("标记 {defect} 不属于指标", defect=str(defect)),
                    hint=message("请在 remarks 里写，field: {field}", field=str(CONTRADICTIONS[defect])),
                )
