"""The period that sums of money are of: the year that is requested, or another one that has no field."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile

from jixiao.importers import form_labels
from jixiao.importers.grid import Cell, Row
from jixiao.importers.money_unit import may_be_sum

_LONGEST_LABEL = 40
_OTHER_PERIOD = re.compile(
    "上年|上一年|去年|前年|以前年度|往年|历年|累计|中期|长期|实施期|下一?年|次年|执行数|决算|[一二三]上"
)
_CARRIED_OVER = re.compile("结转|结余")
_COLUMN_OF_SUMS = re.compile(
    r"[一二三]上.{0,4}|.{0,8}(?:执行|决算|预算|申请|安排|批复|完成|支出)(?:数|金额|情况)?(?:[（(].{0,8}[）)])?"
)
_YEAR = re.compile(r"((?:19|20)[0-9]{2})年")
_TOTAL = re.compile("总额|总计|小计|合计")
_REQUEST = re.compile("申请|本年|当年|年度预算")
_NO_REQUEST = re.compile("批复|执行|调整|审核|核定|完成|决算|支出数")


def is_of_other_period(cell: Cell, year: str | None) -> bool:
    """Return whether *cell* names sums of another period than *year*: `上年执行数`, `中期资金总额`."""
    words = cell.squeezed
    if len(words) > _LONGEST_LABEL or _CARRIED_OVER.search(words):
        return False
    if not (form_labels.is_about_money(cell) or _COLUMN_OF_SUMS.fullmatch(words)):
        return False
    years = set(_YEAR.findall(words))
    return _OTHER_PERIOD.search(words) is not None or bool(years and year and years != {year})


def names_total(cell: Cell) -> bool:
    """Return whether *cell* names a total, and no block of several sums."""
    return _TOTAL.search(cell.squeezed) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenSums:
    """Which of several sums behind one label is the request of the year."""

    fields: dict[int, str] = field(default_factory=dict)
    """Column → the field of the sum in it."""
    others: set[int] = field(default_factory=set)
    """Columns of sums of another period."""
    unclear: set[int] = field(default_factory=set)
    """Columns of sums of which nothing says what they are."""


class SumColumns:
    """The headings of columns of sums met so far."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._headings: dict[int, Cell] = {}
        """Column → the latest words in it."""
        self._rows_of_periods: set[int] = set()
        """Rows of headings among which one names another period."""

    def choose(self, row: Row, keys: dict[int, str], year: str | None) -> ChosenSums:
        """Return what becomes of the sums of *row* that stand in columns with headings, or several in a run.

        Args:
            row: The row.
            keys: Its labels, by their columns.
            year: Of the form.
        """
        chosen = ChosenSums()
        for column, key in keys.items():
            if key in form_labels.SUMS:
                right = (cell for cell in row.filled if cell.column > column)
                run = takewhile(lambda cell: cell.column not in keys, right)
                self._choose(key, [cell for cell in run if may_be_sum(cell)], chosen, year)
        if not any(map(may_be_sum, row.filled)):
            self._headings |= {cell.column: cell for cell in row.filled}
            if any(is_of_other_period(cell, year) for cell in row.filled):
                self._rows_of_periods.add(row.number)
        return chosen

    def is_below_label_of_money(self, cell: Cell, row_above: int) -> bool:
        """Return whether a label about money stands above *cell* in the row *row_above*."""
        heading = self._headings.get(cell.column)
        return heading is not None and heading.row == row_above and form_labels.is_about_money(heading)

    def _choose(self, key: str, sums: list[Cell], chosen: ChosenSums, year: str | None) -> None:
        headings = {cell.column: self._headings.get(cell.column) for cell in sums}
        others = {column for column, one in headings.items() if one and is_of_other_period(one, year)}
        rest = [cell for cell in sums if cell.column not in others]
        requests = [cell for cell in rest if _is_request(headings[cell.column])]
        is_among_periods = any(
            one is not None and one.row in self._rows_of_periods for one in headings.values()
        )
        chosen.others.update(others)
        if len(rest) == 1 and not is_among_periods:
            chosen.fields[rest[0].column] = key
        elif len(requests) == 1:
            chosen.fields[requests[0].column] = key
            chosen.others.update(cell.column for cell in rest if cell is not requests[0])
        else:
            chosen.unclear.update(cell.column for cell in rest)


def _is_request(heading: Cell | None) -> bool:
    return (
        heading is not None
        and _REQUEST.search(heading.squeezed) is not None
        and _NO_REQUEST.search(heading.squeezed) is None
    )
