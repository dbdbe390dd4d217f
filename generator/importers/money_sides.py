"""Sums that may stand twice on a form, told apart by the labels around them: of the project, of the year."""

from __future__ import annotations

from generator.importers import labels
from generator.importers.grid import Key

_PAIR = 2
_OF_PROJECT = frozenset({labels.PROJECT_TOTAL, labels.PROJECT_FISCAL, labels.PROJECT_OTHER})
_OF_YEAR = frozenset(
    {labels.ANNUAL_TOTAL, labels.ANNUAL_APPROPRIATION, labels.ANNUAL_CARRYOVER, labels.ANNUAL_OTHER}
)
_FIELDS = {
    labels.OTHER_FUNDS: (labels.PROJECT_OTHER, labels.ANNUAL_OTHER),
    labels.FISCAL_FUNDS: (labels.PROJECT_FISCAL, labels.ANNUAL_APPROPRIATION),
}


class MoneySides:
    """The totals met so far, by which labels below them are told apart."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._project: Key | None = None
        """Where the latest total of the project stands."""
        self._year: Key | None = None

    def name(self, keys: dict[int, str], row: int) -> None:
        """Put the field itself in place of each label of *keys* that may belong to either side.

        Args:
            keys: The labels of one row, by their columns; changed.
            row: The number of the row.
        """
        pairs = {key: [column for column, one in keys.items() if one == key] for key in _FIELDS}
        for column in sorted(keys):
            key = keys[column]
            if key in _FIELDS:
                side = self._beside(keys, column)
                if side is None and len(pairs[key]) == _PAIR:
                    side = pairs[key].index(column)
                if side is None:
                    side = self._below(column)
                keys[column] = key if side is None else _FIELDS[key][side]
            if key == labels.PROJECT_TOTAL:
                self._project = (row, column)
            if key == labels.ANNUAL_TOTAL:
                self._year = (row, column)

    @staticmethod
    def _beside(keys: dict[int, str], column: int) -> int | None:
        """Return the side of the nearest label at the left in the same row: 0 the project, 1 the year."""
        for other in sorted((one for one in keys if one < column), reverse=True):
            if keys[other] in _OF_PROJECT:
                return 0
            if keys[other] in _OF_YEAR:
                return 1
        return None

    def _below(self, column: int) -> int | None:
        """Return the side of the total above, in the same column or in that half of the form."""
        totals = sorted((at[1], at[0], side) for side, at in enumerate((self._project, self._year)) if at)
        if not totals:
            return None
        (left, _, first), (right, _, last) = totals[0], totals[-1]
        if left == right:
            # One above the other, or one alone. The year stands right of the project.
            is_near = column >= right if last else column <= right
            return last if is_near else None
        return last if column >= right else first if column <= left else None
