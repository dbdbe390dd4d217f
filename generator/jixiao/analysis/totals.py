"""Totals over declarations, each with the number of declarations that it covers; blanks never count as zero.

Requests of different years are never added together: a project that continues requests money every year.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from jixiao.analysis.summary import Summary


@dataclass(frozen=True, kw_only=True)
class DeclarationTotals:
    """Totals of a set of declarations."""

    declarations: int
    annual: Decimal
    """Sum of all 年度资金申请总额, in 元."""
    with_annual: int
    """Number of declarations that filed a 年度资金申请总额; `annual` excludes the others."""
    unit_inferred: int
    """Number of declarations in `annual` whose form does not state the unit of money."""
    indicators: int
    numeric: int
    """Number of indicators whose target value is a number."""


def compute_totals(summaries: Iterable[Summary]) -> DeclarationTotals:
    """Compute the totals of *summaries*."""
    together = tuple(summaries)
    funded = [(yuan, entry.unit_inferred) for entry in together if (yuan := entry.yuan) is not None]
    return DeclarationTotals(
        declarations=len(together),
        annual=sum((annual for annual, _ in funded), Decimal(0)),
        with_annual=len(funded),
        unit_inferred=sum(inferred for _, inferred in funded),
        indicators=sum(entry.indicators for entry in together),
        numeric=sum(entry.numeric for entry in together),
    )


def compute_totals_by_year(summaries: Iterable[Summary]) -> tuple[tuple[int, DeclarationTotals], ...]:
    """Compute the totals of each year, latest first."""
    of_years: dict[int, list[Summary]] = {}
    for entry in summaries:
        of_years.setdefault(entry.year, []).append(entry)
    return tuple((year, compute_totals(of_years[year])) for year in sorted(of_years, reverse=True))
