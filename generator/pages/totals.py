"""Totals over declarations. Every total says what it covers; blank is never counted as zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from generator.model.catalogue import Filed
from generator.model.declaration import MoneyUnit

_YUAN = {MoneyUnit.YUAN: Decimal(1), MoneyUnit.TEN_THOUSAND_YUAN: Decimal(10_000)}


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What a set of declarations adds up to."""

    declarations: int
    annual: Decimal
    """年度资金申请总额 together, in 元."""
    with_annual: int
    """Declarations that filed a 年度资金申请总额; the others are not in `annual`."""
    unit_inferred: int
    """Declarations in `annual` whose form does not state the unit of money."""
    indicators: int
    numeric: int
    """Indicators whose target value is a number."""
    no_target: int
    """Indicators whose target value was left blank."""


def totals_of(declarations: Iterable[Filed]) -> Totals:
    """Add up *declarations*."""
    all_filed = [filed.declaration for filed in declarations]
    funded = [
        (one.funding.annual.total, one.funding.unit_in_use, one.funding.unit is None) for one in all_filed
    ]
    known = [(total, unit, inferred) for total, unit, inferred in funded if total and unit]
    targets = [row.indicator.target for one in all_filed for row in one.rows()]
    return Totals(
        declarations=len(all_filed),
        annual=sum((_in_yuan(total.value, unit) for total, unit, _ in known), Decimal(0)),
        with_annual=len(known),
        unit_inferred=sum(inferred for _, _, inferred in known),
        indicators=len(targets),
        numeric=sum(target is not None and target.quantity is not None for target in targets),
        no_target=sum(target is None for target in targets),
    )


def _in_yuan(value: Decimal, unit: MoneyUnit) -> Decimal:
    # An exact product; trailing zeros that only the factor brought are dropped, those that were filed stay.
    product = value * _YUAN[unit]
    return product if unit is MoneyUnit.YUAN else product.quantize(Decimal("0.01")).normalize() + 0
