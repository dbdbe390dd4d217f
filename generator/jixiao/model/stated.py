"""What stands in the cells of a form: a sum or a day is looked for by its value, however it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

_NUMBER: Final = re.compile(r"(?<![0-9])([0-9]{1,20}(?:\.[0-9]{1,10})?)(?![0-9])([万元]?)")
_DIGITS: Final = re.compile("(?<![0-9])[0-9]{1,8}(?![0-9])")
"""Of a day; a longer row of digits is something else."""
_IN_CHINESE: Final = re.compile(
    "[零〇一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾][百千万佰仟萬元圆]|[零〇一二三四五六七八九十]{2}年"
)
"""Sums and years in Chinese numerals, which are not read here."""
_TEN_THOUSAND: Final = Decimal(10_000)
_LAST_DAY: Final = 31
_CENTURY: Final = 100


def missing_sums(cells: Iterable[str], sums: Sequence[Decimal], *, in_ten_thousands: bool) -> list[Decimal]:
    """List those of *sums* that stand in none of *cells*; nothing where a cell is in Chinese numerals.

    Args:
        cells: Texts of the form.
        sums: Values in the unit of the declaration.
        in_ten_thousands: Whether that unit is 万元. A number in a cell may name its own.
    """
    stated: set[Decimal] = set()
    for cell in map(_plain, cells):
        if _IN_CHINESE.search(cell):
            return []
        for words in (cell.replace(",", ""), cell.replace(",", " "), "".join(cell.replace(",", "").split())):
            stated.update(
                _value(number, in_ten_thousands=in_ten_thousands) for number in _NUMBER.finditer(words)
            )
    return [value for value in sums if value not in stated]


def _value(number: re.Match[str], *, in_ten_thousands: bool) -> Decimal:
    value = Decimal(number[1])
    if number[2] == "万" and not in_ten_thousands:
        return value * _TEN_THOUSAND
    return value / _TEN_THOUSAND if number[2] == "元" and in_ten_thousands else value


def missing_days(lines: Iterable[Sequence[str]], days: Sequence[date]) -> list[date]:
    """List those of *days* that stand in none of *lines* of cells, as far as the form states them."""
    texts = [_plain(" ".join(line)) for line in lines]
    if any(map(_IN_CHINESE.search, texts)):
        return []
    numbers = [list(map(int, _DIGITS.findall(text))) for text in texts]
    return [day for day in days if not any(_states(line, day) for line in numbers)]


def _states(numbers: Sequence[int], day: date) -> bool:
    """Tell whether *numbers* name *day*, or its month or its year where they name no more."""
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


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
