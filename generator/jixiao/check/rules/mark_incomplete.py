"""A mark says what it is about: the cells as filed, and a note where the reading is not certain.

Passes:

    indicators:
      产出指标:
        数量指标:
          - id: visits
            name: 巡诊
            target: 举办个月
            as_filed: {lines: [3], cells: [["", 巡诊, 举办个月]]}
            defects: [number-missing]

Fails:

    indicators: {产出指标: {数量指标: [{id: a, name: 甲, target: 举办个月, defects: [number-missing]}]}}

Fails:

    remarks:
      - field: name
        as_filed: {lines: [3], cells: [["巡"], ["诊"]]}
        defects: [line-break-in-name]
        note: 原文在“巡”之后换行。

Fails:

    indicators:
      产出指标:
        数量指标:
          - id: visits
            name: 巡诊
            target: 每月一次
            as_filed: {lines: [3], cells: [[巡诊, 每月一次]]}
            defects: [shifted-left]
            certainty: {class: unconfirmed}
"""

from collections.abc import Iterator

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding
from jixiao.i18n import message
from jixiao.load.yaml_tree import TreePath
from jixiao.model.declaration import AsFiled, Certainty
from jixiao.model.rule import RuleExplanation
from jixiao.problems import Severity

ID = "mark-incomplete"
SEVERITY = Severity.ERROR
ABOUT = RuleExplanation(
    requirement=message("有标记的地方，写明原文；归类或文字待核的，写明理由。"),
    why=message("读法与申报表不同的，只有和原文放在一起才能公开。"),
)


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each mark without quoted cells, and for each doubt without a note."""
    for path, indicator in parsed.declaration.indicators_with_paths():
        certainties = {indicator.certainty.class_, indicator.certainty.text}
        if (indicator.defects or certainties != {Certainty.PRINTED}) and indicator.as_filed is None:
            yield RuleFinding(
                path=path,
                message=message("有标记，但没有记下申报表的原文"),
                hint=message("请加上 as_filed，照抄原文的行号和单元格"),
            )
        if Certainty.UNCONFIRMED in certainties and indicator.note is None:
            yield RuleFinding(
                path=path,
                message=message("标为待核，但没有说明"),
                hint=message("请加上 note，说明原文是什么、另一种读法是什么"),
            )
        yield from _check_line_count(indicator.as_filed, path)
    for position, remark in enumerate(parsed.declaration.remarks):
        yield from _check_line_count(remark.as_filed, ("remarks", position))


def _check_line_count(as_filed: AsFiled | None, path: TreePath) -> Iterator[RuleFinding]:
    if as_filed and len(as_filed.lines) != len(as_filed.cells):
        yield RuleFinding(
            path=(*path, "as_filed"),
            message=message("原文的行号和单元格行数不一致"),
            hint=message("lines 里每个行号，对应 cells 里的一行"),
            at_key=True,
        )
