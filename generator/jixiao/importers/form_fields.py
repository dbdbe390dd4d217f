"""The fields above and below the indicator table: each label with the cells that stand for its value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from jixiao.i18n import message
from jixiao.importers import form_labels
from jixiao.importers.grid import Cell, Key, Row
from jixiao.importers.money_columns import MoneySides
from jixiao.importers.money_period import ChosenSums, SumColumns
from jixiao.importers.money_unit import may_be_sum, stated_units, states_unit_alone
from jixiao.importers.persons import (
    begins_with_person,
    has_value_of_person,
    holds_a_number_of_a_person,
    is_about_a_person,
    leave_out,
    names_a_person,
)
from jixiao.importers.tally import Tally, Use

_GOALS = (form_labels.OVERALL, form_labels.ANNUAL, form_labels.ACHIEVED)
_BEFORE_NO_VALUE = frozenset(
    {None, form_labels.GROUP, form_labels.PERSON, form_labels.ABSENT, form_labels.YEAR_LABEL}
)
"""What stands before a cell that is not the value of a field."""


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands for each field. A field that is absent was left blank, or is not on the form."""

    values: dict[str, tuple[Cell, ...]] = field(default_factory=dict)
    """Field → its cells; several only for goals, which run over lines."""
    year: str | None = None
    """Of the form, four digits."""
    years_of_goal: tuple[Cell, ...] = ()
    """Cells that state the years of the goal of the whole project."""
    loose_sums: tuple[Cell, ...] = ()
    """Cells beside labels about money that look like sums and belong to no field."""
    unplaced_sums: tuple[Cell, ...] = ()
    """Sums behind or below a label of money that may belong to a field, and could not be placed."""
    merged_sums: tuple[Cell, ...] = ()
    """Sums in a cell that is merged over several labels."""
    money_units: frozenset[str] = frozenset()
    """Units of money that are stated above the table and in the block of money."""
    money_units_below: frozenset[str] = frozenset()
    """Units of money that are stated below the table."""
    unit_cells: tuple[Cell, ...] = ()
    """Cells that state a unit of money, in the order of the form."""

    def first(self, key: str) -> Cell | None:
        """Give the first cell of a field."""
        return self.values.get(key, (None,))[0]


def read_head(above: Iterable[Row], below: Iterable[Row], tally: Tally, outside: Iterable[Row] = ()) -> Head:
    """Read the fields of a form: all of it that is not its indicator table.

    A value stands right of its label, goals also below theirs.

    Args:
        above: The rows above the table, in the order of the form.
        below: The rows below it.
        tally: Where labels, and cells that have no place, are noted.
        outside: The rows above the title, read for the unit of money alone.
    """
    reader = _Reader(tally)
    for row in outside:
        reader.read_unit(row)
    for row in above:
        reader.read(row)
    reader.begin_below()
    for row in below:
        reader.read(row)
    return reader.head()


class _Reader:
    """Reads row by row, because what a cell means depends on the labels above it."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._values: dict[str, tuple[Cell, ...]] = {}
        self._year: str | None = None
        self._year_in_title: str | None = None
        """Holds where the form states no year by itself."""
        self._years: list[Cell] = []
        self._loose_sums: list[Cell] = []
        self._unplaced_sums: list[Cell] = []
        self._columns = SumColumns()
        self._chosen = ChosenSums()
        """What becomes of the sums of the row that stand in columns with headings."""
        self._row_above = 0
        """The number of the last row in which anything stands."""
        self._elsewhere: set[Key] = set()
        """Cells behind labels for which a file has no field, or of another period."""
        self._merged_sums: list[Cell] = []
        self._latest: dict[int, Cell] = {}
        """Column → the last cell in it in which anything stands."""
        self._units: set[str] = set()
        self._units_above: frozenset[str] = frozenset()
        self._unit_cells: list[Cell] = []
        self._goal_columns: dict[str, int] = {}
        """Where the labels of the goals stand, once they have been met."""
        self._stands_beside = False
        """Whether a goal stands right of its label, so that what begins below the label is something else."""
        self._may_hold_goals = False
        """Whether what has no label in this row is a goal."""
        self._persons: set[int] = set()
        """Where labels of persons stand in the row above that have no value at their right."""
        self._sides = MoneySides()
        self._apart_keys: dict[int, str] = {}
        """The fields of cells of the row that hold label and value, by their columns."""

    def head(self) -> Head:
        return Head(
            values=self._values,
            year=self._year or self._year_in_title,
            years_of_goal=tuple(self._years),
            loose_sums=tuple(self._loose_sums),
            unplaced_sums=tuple(self._unplaced_sums),
            merged_sums=tuple(self._merged_sums),
            money_units=self._units_above,
            money_units_below=frozenset(self._units),
            unit_cells=tuple(self._unit_cells),
        )

    def _take_units(self, cell: Cell) -> None:
        """Take the units of money that *cell* states."""
        stated = stated_units(cell)
        if stated:
            self._units |= stated
            self._unit_cells.append(cell)

    def begin_below(self) -> None:
        """Read no goals from here on, and keep the units of money apart."""
        self._goal_columns.clear()
        self._units_above = frozenset(self._units)
        self._units.clear()

    def read_unit(self, row: Row) -> None:
        """Take the unit of money from a row above the title."""
        for cell in row.filled:
            self._take_units(cell)
            if states_unit_alone(cell):
                self._tally.take(Use.LABEL, cell)

    def read(self, row: Row) -> None:
        if form_labels.is_title(row) and not self._goal_columns:
            self._tally.take(Use.LABEL, *row.filled)
            self._take_units(row.filled[0])
            self._take_year(row.filled[0])
            self._year_in_title = self._year_in_title or form_labels.year_in_title(row.filled[0])
            return
        keys = self._keys(row)
        # A row that begins left of the goals, with words that nobody knows, is about something else.
        first = row.filled[0].column if row.filled else 0
        self._may_hold_goals = bool(self._goal_columns) and (
            first in keys or first >= min(self._goal_columns.values()) + self._stands_beside
        )
        current: str | None = None
        persons_above, self._persons = self._persons, set()
        for cell in row.filled:
            if cell.column in persons_above and not keys:
                # The label stands above its value.
                leave_out(cell, self._tally)
                current = None
                continue
            key = keys.get(cell.column)
            if key is not None:
                self._take_units(cell)
            if key == form_labels.PERSON:
                leave_out(cell, self._tally)
                current = None if has_value_of_person(cell) else form_labels.PERSON
                if current:
                    self._persons.add(cell.column)
            elif key is not None:
                self._tally.take(Use.LABEL, cell)
                current = None if key == form_labels.GROUP else key
            elif self._is_one_of_several(cell):
                current = None
            else:
                current = self._value(cell, current)
        self._note_loose_sums(row)
        self._note_merged_sums(row, keys)
        self._latest |= {cell.column: cell for cell in row.filled}

    def _note_merged_sums(self, row: Row, keys: dict[int, str]) -> None:
        """Keep the sums above that go on behind labels of sums of *row*, because they may be of either."""
        label: int | None = None
        for cell in row.cells:
            if cell.words:
                label = cell.column if keys.get(cell.column) in form_labels.SUMS else None
            merged = self._latest.get(cell.column) if label and cell.goes_on else None
            if merged is not None and may_be_sum(merged):
                self._merged_sums.append(merged)

    def _is_one_of_several(self, cell: Cell) -> bool:
        """Take *cell* if headings say what becomes of it, or it is one of several without any."""
        chosen = self._chosen
        if cell.column in chosen.fields:
            self._keep(cell, chosen.fields[cell.column])
        elif cell.column in chosen.others:
            self._elsewhere.add(cell.key)
            self._tally.refuse(cell, message("这是其他年度或阶段的金额，文件里没有这一栏"))
        elif cell.column in chosen.unclear:
            self._tally.refuse(cell, message("这一栏有几个金额，分不清哪一个是本年度申请数"))
        else:
            return False
        return True

    def _note_loose_sums(self, row: Row) -> None:
        """Keep the sums of *row* that have no place."""
        is_about_money = any(map(form_labels.is_about_money, row.filled))
        label: Cell | None = None
        for cell in row.filled:
            if not may_be_sum(cell):
                label = cell
            elif not self._tally.is_taken(cell):
                is_behind = label is not None and form_labels.is_about_money(label)
                is_below = label is None and self._columns.is_below_label_of_money(cell, self._row_above)
                if is_about_money or is_below:
                    self._loose_sums.append(cell)
                if (is_behind or is_below) and cell.key not in self._elsewhere:
                    self._unplaced_sums.append(cell)
        self._row_above = row.number if row.filled else self._row_above

    def _keys(self, row: Row) -> dict[int, str]:
        """Name the labels of a row by their columns."""
        keys: dict[int, str] = {}
        before: str | None = None
        for cell in row.filled:
            # A goal, or the value of a field, may speak of mailboxes and hotlines.
            is_value = bool(self._goal_columns) or before not in _BEFORE_NO_VALUE
            is_person = begins_with_person(cell) if is_value else is_about_a_person(cell)
            before = form_labels.PERSON if is_person else form_labels.label_of(cell)
            if before:
                keys[cell.column] = before
        apart = {cell.column: self._apart(cell) for cell in row.filled if cell.column not in keys}
        sides = keys | {column: one.key for column, one in apart.items() if one}
        if not self._goal_columns:
            self._sides.name(sides, row, self._year or self._year_in_title)
        self._apart_keys = {column: sides[column] for column, one in apart.items() if one}
        keys = {column: key for column, key in sides.items() if not apart.get(column)}
        self._chosen = self._columns.choose(row, keys, self._year or self._year_in_title)
        for column, key in keys.items():
            if key in _GOALS:
                self._goal_columns[key] = column
        first = row.filled[0] if row.filled else None
        if first and first.column == 1 and self._goal_columns and form_labels.is_side_of_goals(first):
            keys.setdefault(first.column, form_labels.GROUP)
        return keys

    def _apart(self, cell: Cell) -> form_labels.Labelled | None:
        """Take a cell that holds a label with its value apart."""
        return form_labels.label_with_value(cell)

    def _value(self, cell: Cell, current: str | None) -> str | None:
        """Take *cell* as the value of the label before it; give the label that the next may belong to."""
        if current == form_labels.PERSON:
            leave_out(cell, self._tally)
            self._persons.clear()
            return current
        if names_a_person(cell):
            self._tally.hold_back(cell)
            return None
        if current == form_labels.ABSENT:
            self._take_units(cell)
            self._keep(cell, current)
            return None
        if current == form_labels.YEAR_LABEL and self._take_year(cell):
            return None
        if states_unit_alone(cell):
            self._take_units(cell)
            self._tally.take(Use.LABEL, cell)
            return None
        apart = form_labels.label_with_value(cell) if current is None and not self._may_hold_goals else None
        if current is not None and current != form_labels.YEAR_LABEL:
            self._keep(cell, current)
        elif apart is not None:
            self._keep_labelled(apart)
        elif self._may_hold_goals:
            self._goal(cell)
        else:
            self._without_label(cell)
        return None

    def _without_label(self, cell: Cell) -> None:
        """Note what becomes of *cell*, which no label claims."""
        if holds_a_number_of_a_person(cell):
            leave_out(cell, self._tally)
        elif not self._take_year(cell):
            self._take_units(cell)
            self._tally.refuse(cell, message("左边没有认识的栏目名称"))

    def _keep_labelled(self, apart: form_labels.Labelled) -> None:
        """Take the value of a cell that holds its label, too."""
        self._take_units(apart.label)
        self._keep(apart.value, self._apart_keys.get(apart.value.column, apart.key))

    def _keep(self, cell: Cell, key: str) -> None:
        """Take *cell* as the value of the field *key*; a field has one."""
        if key in form_labels.SUMS:
            self._take_units(cell)
        if key == form_labels.ABSENT:
            self._elsewhere.add(cell.key)
            self._tally.refuse(cell, message("文件里没有这一栏"))
        elif key in _GOALS:
            self._goal(cell, key)
        elif key in self._values:
            # Also where it says the same: it may belong to another label, and is not in the file twice.
            self._tally.refuse(cell, message("同一个栏目前面已经有值"))
        else:
            self._values[key] = (cell,)
            # Taken here and given back by whoever cannot read it.
            self._tally.take(Use.FIELD, cell)

    def _goal(self, cell: Cell, key: str | None = None) -> None:
        """Take *cell* as a goal: right of its label, or below it."""
        if form_labels.YEARS_OF_GOAL.fullmatch(cell.squeezed):
            self._years.append(cell)
            self._tally.take(Use.LABEL, cell)
            return
        if key is None:
            key = self._goal_above(cell)
        elif self._goal_columns and cell.column > min(self._goal_columns.values()):
            self._stands_beside = True
        if key == form_labels.ACHIEVED:
            self._tally.refuse(cell, message("这是完成情况，不是目标"))
            return
        self._values[key] = (*self._values.get(key, ()), cell)
        self._tally.take(Use.FIELD, cell)

    def _goal_above(self, cell: Cell) -> str:
        """Return the goal whose label stands above *cell*, or else the nearest at its left."""
        left = {column: key for key, column in self._goal_columns.items() if column <= cell.column}
        if left:
            return left[max(left)]
        return min(self._goal_columns, key=lambda key: self._goal_columns[key])

    def _take_year(self, cell: Cell) -> bool:
        """Take *cell* as the year of the form if it states one; another year than the first has no place."""
        year = form_labels.year_in(cell)
        if year is None:
            return False
        self._year = self._year or year
        if self._year == year:
            self._tally.take(Use.LABEL, cell)
        else:
            self._tally.refuse(cell, message("前面写的是{year}年度", year=self._year))
        return True
