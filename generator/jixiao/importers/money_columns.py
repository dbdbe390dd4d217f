"""Sums of money assigned to a field and a period: project or year, requested year or another one.

Labels and column headings around a sum decide; a sum that stays ambiguous gets no field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile

from jixiao.importers import form_labels
from jixiao.importers.form_cells import CellKey, GridCell, GridRow
from jixiao.importers.money_unit import is_possible_sum

_LABEL_LIMIT = 40
_OTHER_PERIOD = re.compile(
    "上年|上一年|去年|前年|以前年度|往年|历年|累计|中期|长期|实施期|下一?年|次年|执行数|决算|[一二三]上"
)
_CARRIED_OVER = re.compile("结转|结余")
_SUM_COLUMN_HEADING = re.compile(
    r"[一二三]上.{0,4}|.{0,8}(?:执行|决算|预算|申请|安排|批复|完成|支出)(?:数|金额|情况)?(?:[（(].{0,8}[）)])?"
)
_YEAR_PATTERN = re.compile(r"((?:19|20)[0-9]{2})年")
_TOTAL_WORD = re.compile("总额|总计|小计|合计")
_REQUEST_WORD = re.compile("申请|本年|当年|年度预算")
_OTHER_STAGE_WORD = re.compile("批复|执行|调整|审核|核定|完成|决算|支出数")


def is_other_period(cell: GridCell, year: str | None) -> bool:
    """Return whether *cell* names sums of another period than *year*: `上年执行数`, `中期资金总额`."""
    words = cell.compact_text
    if len(words) > _LABEL_LIMIT or _CARRIED_OVER.search(words):
        return False
    if not (form_labels.is_about_money(cell) or _SUM_COLUMN_HEADING.fullmatch(words)):
        return False
    years = set(_YEAR_PATTERN.findall(words))
    return _OTHER_PERIOD.search(words) is not None or bool(years and year and years != {year})


def is_total_label(cell: GridCell) -> bool:
    """Return whether *cell* names a total, not a block of several sums."""
    return _TOTAL_WORD.search(cell.compact_text) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenSums:
    """Assignment of several sums behind one label to the request of the year or another period."""

    fields: dict[int, str] = field(default_factory=dict)
    """Field of the sum in each column."""
    others: set[int] = field(default_factory=set)
    """Columns of sums of another period."""
    unclear: set[int] = field(default_factory=set)
    """Columns of sums whose meaning is unknown."""


class SumColumns:
    """Headings of sum columns met so far."""

    def __init__(self) -> None:
        """Start without headings."""
        self._headings: dict[int, GridCell] = {}
        """Column → the latest words in it."""
        self._period_rows: set[int] = set()
        """Rows of headings among which one names another period."""

    def choose(self, row: GridRow, keys: dict[int, str], year: str | None) -> ChosenSums:
        """Assign the sums of *row* that are in headed columns, or several in a run.

        Args:
            row: Row with the sums.
            keys: Keys of its labels by column.
            year: Year of the form.
        """
        chosen = ChosenSums()
        for column, key in keys.items():
            if key in form_labels.SUMS:
                right = (cell for cell in row.filled_cells if cell.column > column)
                run = takewhile(lambda cell: cell.column not in keys, right)
                self._choose(key, [cell for cell in run if is_possible_sum(cell)], chosen, year)
        if not any(map(is_possible_sum, row.filled_cells)):
            self._headings |= {cell.column: cell for cell in row.filled_cells}
            if any(is_other_period(cell, year) for cell in row.filled_cells):
                self._period_rows.add(row.number)
        return chosen

    def is_below_money_label(self, cell: GridCell, row_above: int) -> bool:
        """Return whether a label about money is above *cell* in the row *row_above*."""
        heading = self._headings.get(cell.column)
        return heading is not None and heading.row == row_above and form_labels.is_about_money(heading)

    def _choose(self, key: str, sums: list[GridCell], chosen: ChosenSums, year: str | None) -> None:
        headings = {cell.column: self._headings.get(cell.column) for cell in sums}
        others = {column for column, one in headings.items() if one and is_other_period(one, year)}
        rest = [cell for cell in sums if cell.column not in others]
        requests = [cell for cell in rest if _is_request(headings[cell.column])]
        is_among_periods = any(one is not None and one.row in self._period_rows for one in headings.values())
        chosen.others.update(others)
        if len(rest) == 1 and not is_among_periods:
            chosen.fields[rest[0].column] = key
        elif len(requests) == 1:
            chosen.fields[requests[0].column] = key
            chosen.others.update(cell.column for cell in rest if cell is not requests[0])
        else:
            chosen.unclear.update(cell.column for cell in rest)


def _is_request(heading: GridCell | None) -> bool:
    return (
        heading is not None
        and _REQUEST_WORD.search(heading.compact_text) is not None
        and _OTHER_STAGE_WORD.search(heading.compact_text) is None
    )


_PROJECT_SIDE, _YEAR_SIDE, _OTHER_SIDE = 0, 1, 2
_PROJECT_FIELDS = frozenset(
    {form_labels.PROJECT_TOTAL, form_labels.PROJECT_FISCAL, form_labels.PROJECT_OTHER}
)
_YEAR_FIELDS = frozenset(
    {
        form_labels.ANNUAL_TOTAL,
        form_labels.ANNUAL_APPROPRIATION,
        form_labels.ANNUAL_CARRYOVER,
        form_labels.ANNUAL_OTHER,
    }
)
_TOTAL_SIDES = {form_labels.PROJECT_TOTAL: _PROJECT_SIDE, form_labels.ANNUAL_TOTAL: _YEAR_SIDE}
_SHARED_FIELDS = {
    form_labels.OTHER_FUNDS: (form_labels.PROJECT_OTHER, form_labels.ANNUAL_OTHER, form_labels.ABSENT),
    form_labels.FISCAL_FUNDS: (
        form_labels.PROJECT_FISCAL,
        form_labels.ANNUAL_APPROPRIATION,
        form_labels.ABSENT,
    ),
}
_LABELS_BEFORE_LABELS = frozenset({form_labels.GROUP, form_labels.ABSENT}) | form_labels.SUMS
"""Labels that may have another label at their right, where others have their value."""


class SumFieldResolver:
    """Resolver of labels that fit both project and annual funds, by the totals met so far."""

    def __init__(self) -> None:
        """Start without totals."""
        self._sides_above: dict[int, int] = {}
        """Column → the side of the latest total in it."""
        self._totals: dict[int, CellKey] = {}
        """Side → where its latest total stands."""
        self._other_period_column: int | None = None
        """The column of a label at whose right everything is of another period."""

    def resolve(self, keys: dict[int, str], row: GridRow, year: str | None) -> None:
        """Replace each ambiguous label of *keys* by its field.

        Args:
            keys: Keys of the labels of the row by column; changed in place. Names of sums of another period
                become
                labels, and sums of another period get no field.
            row: Row with the labels.
            year: Year of the form.
        """
        if any(
            self._other_period_column is not None and cell.column <= self._other_period_column
            for cell in row.filled_cells
        ):
            self._other_period_column = None
        for cell in _find_other_period_labels(row, keys, year):
            self._sides_above[cell.column] = _OTHER_SIDE
            self._totals[_OTHER_SIDE] = cell.key
            if not any(map(str.isdigit, cell.compact_text)):
                keys[cell.column] = form_labels.ABSENT
            right = next((other.column for other in row.filled_cells if other.column > cell.column), None)
            if keys.get(right or 0) in form_labels.SUMS and not is_total_label(cell):
                self._other_period_column = cell.column
        printed = dict(keys)
        for column in sorted(keys):
            if keys[column] in form_labels.SUMS:
                keys[column] = self._find_field(printed, column, row.number)

    def _find_field(self, printed: dict[int, str], column: int, row: int) -> str:
        """Return the field of the sum whose label is in *column* of *row*."""
        key = printed[column]
        if self._other_period_column is not None and column > self._other_period_column:
            self._sides_above[column] = _OTHER_SIDE
            return form_labels.ABSENT
        if key in _TOTAL_SIDES:
            self._sides_above[column] = _TOTAL_SIDES[key]
            self._totals[_TOTAL_SIDES[key]] = (row, column)
            return key
        above = self._sides_above.get(column)
        if key in _SHARED_FIELDS:
            side = self._find_side(printed, column)
            return key if side is None else _SHARED_FIELDS[key][side]
        is_elsewhere = above == _OTHER_SIDE or (
            above == _PROJECT_SIDE and key == form_labels.ANNUAL_CARRYOVER
        )
        return form_labels.ABSENT if is_elsewhere else key

    def _find_side(self, printed: dict[int, str], column: int) -> int | None:
        """Return the side of the total above in the column, else in the same row or half of the form.

        `None` where they disagree, or where nothing decides.
        """
        above, beside = self._sides_above.get(column), _find_side_in_row(printed, column)
        if above is not None and beside is not None:
            return above if above == beside else None
        return next((side for side in (above, beside, self._find_half(column)) if side is not None), None)

    def _find_half(self, column: int) -> int | None:
        """Return the side of the total in whose half of the form *column* is."""
        totals = sorted((at[1], at[0], side) for side, at in self._totals.items())
        if not totals or _OTHER_SIDE in self._totals:
            return None
        (left, _, first), (right, _, last) = totals[0], totals[-1]
        if left == right:
            # One above the other, or one alone. The year stands right of the project.
            is_near = column >= right if last else column <= right
            return last if is_near else None
        return last if column >= right else first if column <= left else None


def _find_side_in_row(printed: dict[int, str], column: int) -> int | None:
    """Return the side of the nearest unambiguous label to the left in the same row."""
    for other in sorted((one for one in printed if one < column), reverse=True):
        if printed[other] in _PROJECT_FIELDS:
            return _PROJECT_SIDE
        if printed[other] in _YEAR_FIELDS - {form_labels.ANNUAL_CARRYOVER}:
            return _YEAR_SIDE
    return None


def _find_other_period_labels(row: GridRow, keys: dict[int, str], year: str | None) -> list[GridCell]:
    """Return the labels of *row* that name sums of another period and are not values of a field."""
    found = []
    before: GridCell | None = None
    for cell in row.filled_cells:
        key = keys.get(before.column) if before else None
        is_value = key is not None and key not in _LABELS_BEFORE_LABELS
        if (
            not is_value
            and keys.get(cell.column) in {None, form_labels.ABSENT}
            and is_other_period(cell, year)
        ):
            found.append(cell)
        before = cell
    return found
