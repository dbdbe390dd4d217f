"""Missing fields, defects and contradictions of a form.

They are reported, never repaired: a blank sum is 未填报 and not 0. A place counts once for each of its kinds,
and labels are words, so that nothing is shown by colour alone. A contradiction of the form has a remark
on its field that quotes the cells with the contradicting figures; without one it is a copying error. A sum or
a day is found in the quoted cells by its value, however it is written there.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

from jixiao.model.declaration import (
    AnnualFunds,
    Certainty,
    Declaration,
    Defect,
    Funding,
    Indicator,
    MoneyUnit,
    Period,
    ProjectFunds,
    Remark,
    RemarkedField,
)
from jixiao.model.values import Money

DEFECT_LABELS = {
    Defect.NUMBER_MISSING: "原文缺数字",
    Defect.TARGET_MISSING: "目标值缺失",
    Defect.CLASS_UNCERTAIN: "归类待核",
    Defect.LEVEL2_IN_LEVEL1: "错栏",
    Defect.SHIFTED: "错栏",
    Defect.SHIFTED_LEFT: "错栏",
    Defect.SHIFTED_RIGHT: "错栏",
    Defect.SPLIT_BY_PAGE_BREAK: "换页断开",
    Defect.NAME_AND_TARGET_IN_ONE_CELL: "名称与目标值同格",
    Defect.TWO_GOALS_IN_ONE_CELL: "两种目标同格",
    Defect.LINE_BREAK_IN_NAME: "名称中有换行",
    Defect.MARKUP_RESIDUE: "残留网页标签",
    Defect.SUMS_CONTRADICT: "金额不一致",
    Defect.DATES_CONTRADICT: "日期不一致",
}
"""Chinese labels; other languages through the interface catalogues."""
UNCONFIRMED_TEXT_LABEL = "文字待核"
"""Label of a text that nobody has confirmed."""
ALL_DEFECT_LABELS: Final = (*dict.fromkeys(DEFECT_LABELS.values()), UNCONFIRMED_TEXT_LABEL)
"""Every label once, in display order."""
REMARKED_FIELD_LABELS: Final = {
    RemarkedField.NAME: "项目名称",
    RemarkedField.OVERALL_GOAL: "项目总目标",
    RemarkedField.ANNUAL_GOAL: "年度总目标",
    RemarkedField.PERIOD: "计划起止日期",
    RemarkedField.FUNDING: "项目资金",
}
"""Fields of the form that a remark can be about, with their labels."""


def label_defects(indicator: Indicator) -> tuple[str, ...]:
    """Return the labels of the defects of one row, each once."""
    marks = [DEFECT_LABELS[defect] for defect in indicator.defects]
    if indicator.certainty.class_ is Certainty.UNCONFIRMED:
        marks.append(DEFECT_LABELS[Defect.CLASS_UNCERTAIN])
    if indicator.certainty.text is Certainty.UNCONFIRMED:
        marks.append(UNCONFIRMED_TEXT_LABEL)
    return tuple(dict.fromkeys(marks))


def label_remark_defects(remark: Remark) -> tuple[str, ...]:
    """Return the labels of the defects of a remark, each once."""
    return tuple(dict.fromkeys(DEFECT_LABELS[defect] for defect in remark.defects))


NO_SUM_LABEL: Final = "未填报年度资金申请总额"
NO_UNIT_LABEL: Final = "未写明金额单位"
NO_TARGET_LABEL: Final = "未填报目标值"
MISSING_AND_DEFECT_LABELS: Final = (NO_SUM_LABEL, NO_UNIT_LABEL, NO_TARGET_LABEL, *ALL_DEFECT_LABELS)
"""Chinese labels of missing fields, then of defects."""
DefectCounts = tuple[int, ...]
"""Number of places of each kind in a declaration, in the order of `MISSING_AND_DEFECT_LABELS`."""


def count_defects(declaration: Declaration) -> DefectCounts:
    """Count the missing fields and defects of *declaration* by kind."""
    rows = [row.indicator for row in declaration.rows()]
    counts = Counter(mark for indicator in rows for mark in label_defects(indicator))
    counts.update(mark for remark in declaration.remarks for mark in label_remark_defects(remark))
    counts[NO_SUM_LABEL] = int(declaration.funding.annual.total is None)
    counts[NO_UNIT_LABEL] = int(declaration.funding.unit is None)
    counts[NO_TARGET_LABEL] = sum(indicator.target is None for indicator in rows)
    return intern_defect_counts(tuple(counts[kind] for kind in MISSING_AND_DEFECT_LABELS))


@cache
def intern_defect_counts(counts: DefectCounts) -> DefectCounts:
    """Return equal counts as one object: many declarations of a site have the same."""
    return counts


def has_defect(counts: DefectCounts, *labels: str) -> bool:
    """Return whether there is a place of any of these kinds."""
    return any(count for kind, count in zip(MISSING_AND_DEFECT_LABELS, counts, strict=True) if kind in labels)


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
        joined = cell.replace(",", "")
        for text in (joined, cell.replace(",", " "), "".join(joined.split())):
            for number in _NUMBER.finditer(text):
                value = Decimal(number[1])
                if number[2] == "万" and not in_ten_thousands:
                    value *= _TEN_THOUSAND
                elif number[2] == "元" and in_ten_thousands:
                    value /= _TEN_THOUSAND
                stated.add(value)
    return [value for value in sums if value not in stated]


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
    return [remark for remark in declaration.remarks_on(CONTRADICTIONS[defect]) if defect in remark.defects]
