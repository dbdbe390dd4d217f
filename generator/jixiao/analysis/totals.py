"""Totals over declarations. Every total says what it covers; blank is never counted as zero.

Requests of several years are never added together: a project that goes on asks for money every year.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from jixiao.analysis.summary import Entry


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
    funded = [(yuan, entry.unit_inferred) for entry in together if (yuan := entry.yuan) is not None]
    return Totals(
        declarations=len(together),
        annual=sum((annual for annual, _ in funded), Decimal(0)),
        with_annual=len(funded),
        unit_inferred=sum(inferred for _, inferred in funded),
        indicators=sum(entry.indicators for entry in together),
        numeric=sum(entry.numeric for entry in together),
    )


def totals_by_year(entries: Iterable[Entry]) -> tuple[tuple[int, Totals], ...]:
    """Totals of each year among *entries*, latest first."""
    of_years: dict[int, list[Entry]] = {}
    for entry in entries:
        of_years.setdefault(entry.year, []).append(entry)
    return tuple((year, totals_of(of_years[year])) for year in sorted(of_years, reverse=True))
