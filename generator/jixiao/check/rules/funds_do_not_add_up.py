"""The parts of a sum are not more than the sum, and all parts together are the sum.

Passes:

    funding: {unit: 元, project: {total: 100, fiscal: 80, other: 20}}

Passes:

    funding: {unit: 元, project: {total: 100, fiscal: 80}}

Fails:

    funding: {unit: 元, project: {total: 100, fiscal: 80, other: 30}}

Passes, because the form itself says so:

    funding: {unit: 元, project: {total: 100, fiscal: 80, other: 30}}
    remarks:
      - field: funding
        as_filed: {lines: [3], cells: [["100", "80", "30"]]}
        defects: [sums-contradict]
        note: 原文各项相加是 110，与合计 100 不一致，照录。

Fails, because the remark shows another sum:

    funding: {unit: 元, project: {total: 100, fiscal: 8000, other: 30}}
    remarks:
      - field: funding
        as_filed: {lines: [3], cells: [["100", "80", "30"]]}
        defects: [sums-contradict]
        note: 原文各项相加是 110，与合计 100 不一致，照录。

Fails:

    funding: {unit: 元, annual: {total: 100, appropriation: 50, carryover: 20, other: 20}}
"""

from collections.abc import Iterator

from jixiao.analysis.defects import find_unequal_totals, has_remark_on_sums
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.check.rule_finding import RuleFinding, remark_hint
from jixiao.i18n import message
from jixiao.model.declaration import Defect
from jixiao.model.rule import RuleExplanation
from jixiao.problems import Severity

ID = "funds-do-not-add-up"
SEVERITY = Severity.ERROR
ABOUT = RuleExplanation(
    requirement=message("各项资金之和不超过合计；各项都填了的，正好等于合计。"),
    why=message(
        "读者把表上的数加起来，应当得出申报的合计。没有填报的一项是未知，不是零，所以其余各项之和小于合计不算矛盾。"
        "申报表本来就不一致的，照录并加说明，同样公开。"
    ),
    source=message("《财政项目支出绩效目标申报表》“项目资金”一栏"),
)


def check(parsed: ParsedDeclaration, _content: SiteContent) -> Iterator[RuleFinding]:
    """Yield a finding for each total that its filed parts contradict."""
    declaration = parsed.declaration
    for unequal in find_unequal_totals(declaration.funding):
        if has_remark_on_sums(declaration, (unequal.total.value, *unequal.parts.values())):
            continue
        titles = {name: field.title or name for name, field in type(unequal.funds).model_fields.items()}
        parts = [f"{titles[name].removeprefix('其中：')} {value:,}" for name, value in unequal.parts.items()]
        yield RuleFinding(
            path=("funding", unequal.block, "total"),
            message=message(
                "总额 {total}，各项相加是 {added}（{parts}）",
                total=unequal.total.filed,
                added=f"{unequal.parts_total:,}",
                parts=" + ".join(parts),
            ),
            hint=remark_hint(Defect.SUMS_CONTRADICT),
        )
