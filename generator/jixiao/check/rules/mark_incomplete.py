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

from jixiao.analysis.site_content import Catalogue, Filed
from jixiao.check.rule_finding import Finding
from jixiao.i18n import message
from jixiao.load.yaml_tree import Path
from jixiao.model.declaration import AsFiled, Certainty, Indicator
from jixiao.model.rule import About
from jixiao.problems import Severity

ID = "mark-incomplete"
SEVERITY = Severity.ERROR
ABOUT = About(
    says=message("有标记的地方，写明原文；归类或文字待核的，写明理由。"),
    why=message("读法与申报表不同的，只有和原文放在一起才能公开。"),
)


def check(filed: Filed, _catalogue: Catalogue) -> Iterator[Finding]:
    """Yield a finding for each mark without its cells, and for each doubt without its note."""
    for path, indicator in filed.declaration.indicators_with_paths():
        yield from _indicator(indicator, path)
        yield from _uneven(indicator.as_filed, path)
    for position, remark in enumerate(filed.declaration.remarks):
        yield from _uneven(remark.as_filed, ("remarks", position))


def _indicator(indicator: Indicator, path: Path) -> Iterator[Finding]:
    certainties = {indicator.certainty.class_, indicator.certainty.text}
    if (indicator.defects or certainties != {Certainty.PRINTED}) and indicator.as_filed is None:
        yield Finding(
            path=path,
            message=message("有标记，但没有记下申报表的原文"),
            hint=message("请加上 as_filed，照抄原文的行号和单元格"),
        )
    if Certainty.UNCONFIRMED in certainties and indicator.note is None:
        yield Finding(
            path=path,
            message=message("标为待核，但没有说明"),
            hint=message("请加上 note，说明原文是什么、另一种读法是什么"),
        )


def _uneven(as_filed: AsFiled | None, path: Path) -> Iterator[Finding]:
    if as_filed and len(as_filed.lines) != len(as_filed.cells):
        yield Finding(
            path=(*path, "as_filed"),
            message=message("原文的行号和单元格行数不一致"),
            hint=message("lines 里每个行号，对应 cells 里的一行"),
            of_key=True,
        )
