"""The parts of a sum are not more than the sum, and all parts together are the sum.

Passes:

    funding: {unit: 元, project: {total: 100, fiscal: 80, other: 20}}

Passes:

    funding: {unit: 元, project: {total: 100, fiscal: 80}}

Fails:

    funding: {unit: 元, project: {total: 100, fiscal: 80, other: 30}}

Fails:

    funding: {unit: 元, annual: {total: 100, appropriation: 50, carryover: 20, other: 20}}
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from generator.check.finding import Finding
from generator.model.catalogue import Catalogue, Filed
from generator.model.declaration import AnnualFunds, ProjectFunds
from generator.model.rule import About
from generator.problems import Severity
from generator.words import message

ID = "funds-do-not-add-up"
SEVERITY = Severity.ERROR
ABOUT = About(
    says=message("各项资金之和不超过合计；各项都填了的，正好等于合计。"),
    why=message(
        "读者把表上的数加起来，应当得出申报的合计。没有填报的一项是未知，不是零，所以其余各项之和小于合计不算矛盾。"
    ),
    source=message("《财政项目支出绩效目标申报表》“项目资金”一栏"),
)


def check(filed: Filed, _catalogue: Catalogue) -> Iterator[Finding]:
    """Yield one finding for each sum whose filed parts contradict it."""
    funding = filed.declaration.funding
    blocks: tuple[tuple[str, ProjectFunds | AnnualFunds], ...] = (
        ("project", funding.project),
        ("annual", funding.annual),
    )
    for block, funds in blocks:
        total = funds.total
        parts = {name: getattr(funds, name) for name in type(funds).model_fields if name != "total"}
        known = {name: part.value for name, part in parts.items() if part is not None}
        added = sum(known.values())
        is_complete = len(known) == len(parts)
        if total is None or not known or added == total.value:
            continue
        if is_complete or added > total.value:
            yield Finding(
                path=("funding", block, "total"),
                message=message(
                    "总额 {total}，各项相加是 {added}（{parts}）",
                    total=total.filed,
                    added=f"{added:,}",
                    parts=_listed(known, funds),
                ),
                hint=message("请对照申报表核对每一项；表上没有填的，不要写 0"),
            )


def _listed(known: Mapping[str, Decimal], funds: ProjectFunds | AnnualFunds) -> str:
    titles = {name: field.title or name for name, field in type(funds).model_fields.items()}
    return " + ".join(f"{titles[name].removeprefix('其中：')} {value:,}" for name, value in known.items())
