"""Sums that may stand twice on a form, told apart by the labels around them: of the project, of the year."""

from __future__ import annotations

from jixiao.importers import form_labels
from jixiao.importers.grid import Cell, Key, Row
from jixiao.importers.money_period import is_of_other_period, names_total

_PROJECT, _YEAR, _OTHER = 0, 1, 2
_OF_PROJECT = frozenset({form_labels.PROJECT_TOTAL, form_labels.PROJECT_FISCAL, form_labels.PROJECT_OTHER})
_OF_YEAR = frozenset(
    {
        form_labels.ANNUAL_TOTAL,
        form_labels.ANNUAL_APPROPRIATION,
        form_labels.ANNUAL_CARRYOVER,
        form_labels.ANNUAL_OTHER,
    }
)
_TOTALS = {form_labels.PROJECT_TOTAL: _PROJECT, form_labels.ANNUAL_TOTAL: _YEAR}
_FIELDS = {
    form_labels.OTHER_FUNDS: (form_labels.PROJECT_OTHER, form_labels.ANNUAL_OTHER, form_labels.ABSENT),
    form_labels.FISCAL_FUNDS: (
        form_labels.PROJECT_FISCAL,
        form_labels.ANNUAL_APPROPRIATION,
        form_labels.ABSENT,
    ),
}
_VALUES_BEHIND = frozenset({form_labels.GROUP, form_labels.ABSENT}) | form_labels.SUMS
"""Labels that may have another label at their right, where others have their value."""


class MoneySides:
    """The totals met so far, by which labels below them are told apart."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._above: dict[int, int] = {}
        """Column → the side of the latest total in it."""
        self._totals: dict[int, Key] = {}
        """Side → where its latest total stands."""
        self._block: int | None = None
        """The column of a label at whose right everything is of another period."""

    def name(self, keys: dict[int, str], row: Row, year: str | None) -> None:
        """Put the field itself in place of each label of *keys* that may belong to either side.

        Args:
            keys: The labels of the row, by their columns; changed. What names sums of another period becomes
                a label, and what is of another period has no field.
            row: The row.
            year: Of the form.
        """
        if any(self._block is not None and cell.column <= self._block for cell in row.filled):
            self._block = None
        for cell in _of_other_periods(row, keys, year):
            self._above[cell.column] = _OTHER
            self._totals[_OTHER] = cell.key
            if not any(map(str.isdigit, cell.squeezed)):
                keys[cell.column] = form_labels.ABSENT
            right = next((other.column for other in row.filled if other.column > cell.column), None)
            if keys.get(right or 0) in form_labels.SUMS and not names_total(cell):
                self._block = cell.column
        printed = dict(keys)
        for column in sorted(keys):
            if keys[column] in form_labels.SUMS:
                keys[column] = self._field(printed, column, row.number)

    def _field(self, printed: dict[int, str], column: int, row: int) -> str:
        """Return the field of the sum whose label stands in *column* of *row*."""
        key = printed[column]
        if self._block is not None and column > self._block:
            self._above[column] = _OTHER
            return form_labels.ABSENT
        if key in _TOTALS:
            self._above[column] = _TOTALS[key]
            self._totals[_TOTALS[key]] = (row, column)
            return key
        above = self._above.get(column)
        if key in _FIELDS:
            side = self._side(printed, column)
            return key if side is None else _FIELDS[key][side]
        is_elsewhere = above == _OTHER or (above == _PROJECT and key == form_labels.ANNUAL_CARRYOVER)
        return form_labels.ABSENT if is_elsewhere else key

    def _side(self, printed: dict[int, str], column: int) -> int | None:
        """Return the side of the total above in the same column, else in the same row or half of the form.

        Nothing where they disagree, or where nothing decides.
        """
        above, beside = self._above.get(column), _beside(printed, column)
        if above is not None and beside is not None:
            return above if above == beside else None
        return next((side for side in (above, beside, self._below(column)) if side is not None), None)

    def _below(self, column: int) -> int | None:
        """Return the side of the total in whose half of the form *column* is."""
        totals = sorted((at[1], at[0], side) for side, at in self._totals.items())
        if not totals or _OTHER in self._totals:
            return None
        (left, _, first), (right, _, last) = totals[0], totals[-1]
        if left == right:
            # One above the other, or one alone. The year stands right of the project.
            is_near = column >= right if last else column <= right
            return last if is_near else None
        return last if column >= right else first if column <= left else None


def _beside(printed: dict[int, str], column: int) -> int | None:
    """Return the side of the nearest label at the left in the same row that can only be of one."""
    for other in sorted((one for one in printed if one < column), reverse=True):
        if printed[other] in _OF_PROJECT:
            return _PROJECT
        if printed[other] in _OF_YEAR - {form_labels.ANNUAL_CARRYOVER}:
            return _YEAR
    return None


def _of_other_periods(row: Row, keys: dict[int, str], year: str | None) -> list[Cell]:
    """Return the labels of *row* that name sums of another period, and no value of a field."""
    found = []
    before: Cell | None = None
    for cell in row.filled:
        key = keys.get(before.column) if before else None
        is_value = key is not None and key not in _VALUES_BEHIND
        if (
            not is_value
            and keys.get(cell.column) in {None, form_labels.ABSENT}
            and is_of_other_period(cell, year)
        ):
            found.append(cell)
        before = cell
    return found
