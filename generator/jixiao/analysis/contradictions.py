"""Contradictions of sums or dates within one form.

Filed values are published as filed: a contradiction of the form itself has a remark on its field that quotes
the cells with the contradicting figures. Without such a remark it is a copying error. A sum or a day is found
in the quoted cells by its value, however it is written there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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
from jixiao.model.values import Money

_NUMBER: Final = re.compile(r"(?<![0-9])([0-9]{1,20}(?:\.[0-9]{1,10})?)(?![0-9])([万元]?)")
_DATE_DIGITS: Final = re.compile("(?<![0-9])[0-9]{1,8}(?![0-9])")
"""Digits of a date; a longer run of digits is something else."""
_CHINESE_NUMERALS: Final = re.compile(
    "[零〇一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾][百千万佰仟萬元圆]|[零〇一二三四五六七八九十]{2}年"
)
"""Sums and years in Chinese numerals, which are not parsed here."""
_TEN_THOUSAND: Final = Decimal(10_000)
_LAST_DAY: Final = 31
_CENTURY: Final = 100


def find_missing_sums(
    cells: Iterable[str], sums: Sequence[Decimal], *, in_ten_thousands: bool
) -> list[Decimal]:
    """Return those of *sums* that are in none of *cells*; none if a cell has Chinese numerals.

    Args:
        cells: Texts of the form.
        sums: Values in the unit of the declaration.
        in_ten_thousands: Whether that unit is 万元. A number in a cell may state its own unit.
    """
    stated: set[Decimal] = set()
    for cell in map(_normalise, cells):
        if _CHINESE_NUMERALS.search(cell):
            return []
        for words in (cell.replace(",", ""), cell.replace(",", " "), "".join(cell.replace(",", "").split())):
            stated.update(
                _convert_number(number, in_ten_thousands=in_ten_thousands)
                for number in _NUMBER.finditer(words)
            )
    return [value for value in sums if value not in stated]


def _convert_number(number: re.Match[str], *, in_ten_thousands: bool) -> Decimal:
    value = Decimal(number[1])
    if number[2] == "万" and not in_ten_thousands:
        return value * _TEN_THOUSAND
    return value / _TEN_THOUSAND if number[2] == "元" and in_ten_thousands else value


def find_missing_days(lines: Iterable[Sequence[str]], days: Sequence[date]) -> list[date]:
    """Return those of *days* that are in none of *lines*, in as much detail as the form gives."""
    texts = [_normalise(" ".join(line)) for line in lines]
    if any(map(_CHINESE_NUMERALS.search, texts)):
        return []
    numbers = [list(map(int, _DATE_DIGITS.findall(text))) for text in texts]
    return [day for day in days if not any(_is_day_named(line, day) for line in numbers)]


def _is_day_named(numbers: Sequence[int], day: date) -> bool:
    """Return whether *numbers* name *day*, or its month or year if they are no more precise."""
    years = {day.year, day.year % _CENTURY}
    if int(f"{day:%Y%m%d}") in numbers or (day.year in numbers and min(numbers) > _LAST_DAY):
        return True
    for at, month in enumerate(numbers):
        following = numbers[at + 1] if at + 1 < len(numbers) else None
        is_of_year = at > 0 and numbers[at - 1] in years
        if month != day.month:
            continue
        if following == day.day and (is_of_year or day.year in numbers):
            return True
        if is_of_year and (following is None or following > _LAST_DAY):
            return True
    return False


def _normalise(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


CONTRADICTIONS: Final = {
    Defect.SUMS_CONTRADICT: RemarkedField.FUNDING,
    Defect.DATES_CONTRADICT: RemarkedField.PERIOD,
}
"""Kind of contradiction → the field that its remark belongs to."""
_DECIMAL_PLACES: Final = {MoneyUnit.YUAN: 2, MoneyUnit.TEN_THOUSAND_YUAN: 6}
"""Decimal places down to the fen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnequalTotal:
    """Total that differs from the sum of its parts."""

    block: str
    """`project` or `annual`."""
    funds: ProjectFunds | AnnualFunds
    total: Money
    parts: Mapping[str, Decimal]
    """Field → sum, for each part that was filed."""
    parts_total: Decimal


def find_unequal_totals(funding: Funding) -> Iterator[UnequalTotal]:
    """Yield each total that its parts exceed, or do not equal although all parts were filed."""
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
            yield UnequalTotal(block=block, funds=funds, total=total, parts=parts, parts_total=added)


def is_annual_above_project(funding: Funding) -> bool:
    """Return whether the annual total exceeds the project total."""
    project, annual = funding.project.total, funding.annual.total
    return project is not None and annual is not None and annual.value > project.value


def find_sums_finer_than_fen(funding: Funding) -> Iterator[tuple[str, str, int]]:
    """Yield the sums with decimals below the fen as (block, field, decimal places)."""
    unit = funding.unit_in_use
    for block, field, money in funding.sums():
        places = len(money.filed.partition(".")[2])
        if unit is not None and places > _DECIMAL_PLACES[unit]:
            yield block, field, places


def has_contradicting_sums(funding: Funding) -> bool:
    """Return whether the sums contradict one another, or the unit stated in the form."""
    is_finer = funding.unit is not None and any(find_sums_finer_than_fen(funding))
    return is_finer or is_annual_above_project(funding) or any(find_unequal_totals(funding))


def has_contradicting_dates(period: Period, year: int) -> bool:
    """Return whether the period ends before it begins, or does not contain the year."""
    return period.end < period.start or not period.start.year <= year <= period.end.year


def has_contradiction(declaration: Declaration, defect: Defect) -> bool:
    """Return whether *declaration* contains the contradiction *defect*."""
    if defect is Defect.SUMS_CONTRADICT:
        return has_contradicting_sums(declaration.funding)
    return has_contradicting_dates(declaration.period, declaration.year)


def has_remark_on_sums(declaration: Declaration, sums: Sequence[Decimal]) -> bool:
    """Return whether a remark on contradicting sums quotes each of *sums*."""
    remarks = _find_remarks(declaration, Defect.SUMS_CONTRADICT)
    cells = [cell.plain() for remark in remarks for line in remark.as_filed.cells for cell in line]
    in_ten_thousands = declaration.funding.unit_in_use is MoneyUnit.TEN_THOUSAND_YUAN
    return bool(remarks) and not find_missing_sums(cells, sums, in_ten_thousands=in_ten_thousands)


def has_remark_on_dates(declaration: Declaration) -> bool:
    """Return whether a remark on contradicting dates quotes both dates of the period."""
    remarks = _find_remarks(declaration, Defect.DATES_CONTRADICT)
    lines = [[cell.plain() for cell in line] for remark in remarks for line in remark.as_filed.cells]
    period = declaration.period
    return bool(remarks) and not find_missing_days(lines, (period.start, period.end))


def _find_remarks(declaration: Declaration, defect: Defect) -> list[Remark]:
    return [one for one in declaration.remarks_on(CONTRADICTIONS[defect]) if defect in one.defects]
