"""The unit of money is stated once: as the form prints it, or as we read it where the form does not.

Passes:

    funding: {unit: 元, project: {total: "100.50"}}

Fails:

    funding: {project: {total: 100}}

Fails:

    funding: {unit: 元, unit_read_as: 元, project: {total: 100}}

Fails:

    funding: {unit: 元, project: {total: "1.005"}}
"""

from collections.abc import Iterator

from generator.check.finding import Finding
from generator.model.catalogue import Catalogue, Filed
from generator.model.declaration import MoneyUnit
from generator.model.rule import About
from generator.problems import Severity
from generator.words import message

ID = "money-unit-unclear"
SEVERITY = Severity.ERROR
ABOUT = About(
    says=message("金额单位写明一次：申报表印着的，或者没有印、由我们推定的。"),
    why=message("元和万元相差一万倍，读者要知道是哪一个，又是谁说的。"),
    source=message("申报表“项目资金”一栏的栏头；2021年上海的申报表没有印单位"),
)
_PLACES = {MoneyUnit.YUAN: 2, MoneyUnit.TEN_THOUSAND_YUAN: 6}
"""Decimal places that make sense: to the fen."""


def check(filed: Filed, _catalogue: Catalogue) -> Iterator[Finding]:
    """Yield a finding when the unit is stated twice or not at all, or when a sum is finer than a fen."""
    funding = filed.declaration.funding
    sums = tuple(funding.sums())
    if funding.unit and funding.unit_read_as:
        yield Finding(
            path=("funding", "unit_read_as"),
            message=message("unit 和 unit_read_as 只能写一个"),
            hint=message("申报表写明了单位的，留 unit；没有写明的，留 unit_read_as"),
        )
    elif sums and not funding.unit_in_use:
        yield Finding(
            path=("funding",),
            message=message("没有写金额单位"),
            hint=message(
                "请看原表：表上写明的，照写 unit: 元 或 unit: 万元；"
                "表上没有写明、由我们推定的，写 unit_read_as: 元 或 unit_read_as: 万元"
            ),
            of_key=True,
        )
    unit = funding.unit_in_use
    for block, field, filed_sum in sums:
        places = len(filed_sum.filed.partition(".")[2])
        if unit and places > _PLACES[unit]:
            yield Finding(
                path=("funding", block, field),
                message=message("以{unit}为单位的金额有 {places} 位小数", unit=str(unit), places=str(places)),
                hint=message("金额最小到分，请核对小数点和单位"),
            )
