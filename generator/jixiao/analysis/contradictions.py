"""Contradictions: what a form says of its money or of its dates that cannot all be true.

What was filed is published as filed: a contradiction that stands in the form has a remark on its field, which
shows the cells with the figures that contradict each other. One that nobody has remarked on, or in figures
that no remark shows, is a slip of whoever copied the form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from jixiao.model.declaration import (
    AnnualFunds,
    Declaration,
    Defect,
    Funding,
    MoneyUnit,
    Period,
    ProjectFunds,
    Remark,
    RemarkedField,
)
from jixiao.model.stated import missing_days, missing_sums
from jixiao.model.values import Money

CONTRADICTIONS: Final = {
    Defect.SUMS_CONTRADICT: RemarkedField.FUNDING,
    Defect.DATES_CONTRADICT: RemarkedField.PERIOD,
}
"""Kind of contradiction → the field that a remark on it is about."""
_PLACES: Final = {MoneyUnit.YUAN: 2, MoneyUnit.TEN_THOUSAND_YUAN: 6}
"""Decimal places that make sense: to the fen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnequalTotal:
    """A total that is not what its parts add up to."""

    block: str
    """`project` or `annual`."""
    funds: ProjectFunds | AnnualFunds
    total: Money
    parts: Mapping[str, Decimal]
    """Field → sum, of those that were filed."""
    added: Decimal


def unequal_totals(funding: Funding) -> Iterator[UnequalTotal]:
    """List the totals that their parts exceed, or from which they differ where every part was filed."""
    blocks: tuple[tuple[str, ProjectFunds | AnnualFunds], ...] = (
        ("project", funding.project),
        ("annual", funding.annual),
    )
    for block, funds in blocks:
        total = funds.total
        names = [name for name in type(funds).model_fields if name != "total"]
        parts = {name: money.value for name in names if (money := getattr(funds, name)) is not None}
        added = sum(parts.values(), Decimal(0))
        if total is None or not parts or added == total.value:
            continue
        if len(parts) == len(names) or added > total.value:
            yield UnequalTotal(block=block, funds=funds, total=total, parts=parts, added=added)


def exceeds_project(funding: Funding) -> bool:
    """Tell whether more was filed for the year than for the whole project."""
    project, annual = funding.project.total, funding.annual.total
    return project is not None and annual is not None and annual.value > project.value


def sums_finer_than_fen(funding: Funding) -> Iterator[tuple[str, str, int]]:
    """List the sums that have decimals below the fen, as (block, field, number of decimal places)."""
    unit = funding.unit_in_use
    for block, field, money in funding.sums():
        places = len(money.filed.partition(".")[2])
        if unit is not None and places > _PLACES[unit]:
            yield block, field, places


def has_contradicting_sums(funding: Funding) -> bool:
    """Tell whether the sums contradict one another, or the unit that the form itself states."""
    is_finer = funding.unit is not None and any(sums_finer_than_fen(funding))
    return is_finer or exceeds_project(funding) or any(unequal_totals(funding))


def has_contradicting_dates(period: Period, year: int) -> bool:
    """Tell whether a project ends before it begins, or does not touch the year of its declaration."""
    return period.end < period.start or not period.start.year <= year <= period.end.year


def contradicts(declaration: Declaration, defect: Defect) -> bool:
    """Tell whether *declaration* holds the contradiction of this kind."""
    if defect is Defect.SUMS_CONTRADICT:
        return has_contradicting_sums(declaration.funding)
    return has_contradicting_dates(declaration.period, declaration.year)


def are_sums_remarked(declaration: Declaration, sums: Sequence[Decimal]) -> bool:
    """Tell whether a remark says that the form contradicts itself in these *sums*, and shows each of them."""
    remarks = _remarks(declaration, Defect.SUMS_CONTRADICT)
    cells = [cell.plain() for remark in remarks for line in remark.as_filed.cells for cell in line]
    in_ten_thousands = declaration.funding.unit_in_use is MoneyUnit.TEN_THOUSAND_YUAN
    return bool(remarks) and not missing_sums(cells, sums, in_ten_thousands=in_ten_thousands)


def are_dates_remarked(declaration: Declaration) -> bool:
    """Tell whether a remark says that the dates of the form contradict each other, and shows both."""
    remarks = _remarks(declaration, Defect.DATES_CONTRADICT)
    lines = [[cell.plain() for cell in line] for remark in remarks for line in remark.as_filed.cells]
    period = declaration.period
    return bool(remarks) and not missing_days(lines, (period.start, period.end))


def _remarks(declaration: Declaration, defect: Defect) -> list[Remark]:
    return [one for one in declaration.remarks_on(CONTRADICTIONS[defect]) if defect in one.defects]
