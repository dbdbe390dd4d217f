"""The unit of money is stated once: as the form prints it, or as we read it where the form does not.

Passes:

    funding: {unit: 元, project: {total: "100.50"}}

Fails:

    funding: {project: {total: 100}}

Fails:

    funding: {unit: 元, unit_read_as: 元, project: {total: 100}}

Passes, because the form itself says so:

    funding: {unit: 元, project: {total: "1.005"}}
    remarks:
      - field: funding
        as_filed: {lines: [3], cells: [["单位：元", "1.005"]]}
        defects: [sums-contradict]
        note: 原文写明单位是元，金额却有三位小数，照录。

Fails:

    funding: {unit: 元, project: {total: "1.005"}}
"""

from collections.abc import Iterator

from jixiao.analysis.defects import find_sums_finer_than_fen, has_remark_on_sums
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding, remark_hint
from jixiao.i18n import message
from jixiao.model.declaration import Defect
from jixiao.model.rule import RuleExplanation
from jixiao.problems import Severity

ID = "money-unit-unclear"
SEVERITY = Severity.ERROR
ABOUT = RuleExplanation(
    requirement=message("金额单位写明一次：申报表印着的，或者没有印、由我们推定的。"),
    why=message("元和万元相差一万倍，读者要知道是哪一个，又是谁说的。"),
    source=message("申报表“项目资金”一栏的栏头；2021年上海的申报表没有印单位"),
)


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding if the unit is stated twice or not at all, or if a sum is finer than a fen."""
    funding = parsed.declaration.funding
    if funding.unit and funding.unit_read_as:
        yield RuleFinding(
            path=("funding", "unit_read_as"),
            message=message("unit 和 unit_read_as 只能写一个"),
            hint=message("申报表写明了单位的，留 unit；没有写明的，留 unit_read_as"),
        )
    elif any(funding.sums()) and not funding.unit_in_use:
        yield RuleFinding(
            path=("funding",),
            message=message("没有写金额单位"),
            hint=message(
                "请看原表：表上写明的，照写 unit: 元 或 unit: 万元；"
                "表上没有写明、由我们推定的，写 unit_read_as: 元 或 unit_read_as: 万元"
            ),
            at_key=True,
        )
    values = {(block, field): money.value for block, field, money in funding.sums()}
    for block, field, places in find_sums_finer_than_fen(funding):
        # An inferred unit is our reading, which no remark on the form can explain.
        if funding.unit and has_remark_on_sums(parsed.declaration, [values[block, field]]):
            continue
        yield RuleFinding(
            path=("funding", block, field),
            message=message(
                "以{unit}为单位的金额有 {places} 位小数", unit=str(funding.unit_in_use), places=str(places)
            ),
            hint=remark_hint(Defect.SUMS_CONTRADICT)
            if funding.unit
            else message("金额最小到分，请核对小数点和单位"),
        )
