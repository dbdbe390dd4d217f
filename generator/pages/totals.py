"""Totals over declarations. Every total says what it covers; blank is never counted as zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from generator.model.declaration import MoneyUnit
from generator.model.entry import Entry

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


def totals_of(entries: Iterable[Entry]) -> Totals:
    """Add up *entries*."""
    together = tuple(entries)
    funded = [
        (annual, entry.unit_inferred)
        for entry in together
        for annual in [in_yuan(entry)]
        if annual is not None
    ]
    return Totals(
        declarations=len(together),
        annual=sum((annual for annual, _ in funded), Decimal(0)),
        with_annual=len(funded),
        unit_inferred=sum(inferred for _, inferred in funded),
        indicators=sum(entry.indicators for entry in together),
        numeric=sum(entry.numeric for entry in together),
    )


def in_yuan(entry: Entry) -> Decimal | None:
    """Give the 年度资金申请总额 of *entry* in 元; `None` where it or its unit is not known."""
    value, unit = entry.annual, entry.money_unit
    if value is None or unit is None:
        return None
    # An exact product; trailing zeros that only the factor brought are dropped, those that were filed stay.
    product = value * _YUAN[unit]
    return product if unit is MoneyUnit.YUAN else product.quantize(Decimal("0.01")).normalize() + 0
