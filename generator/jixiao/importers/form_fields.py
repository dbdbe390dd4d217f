"""Fields above and below the indicator table: each label with the cells of its value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from jixiao.i18n import message
from jixiao.importers import form_labels
from jixiao.importers.form_cells import CellKey, CellUsage, CellUse, GridCell, GridRow
from jixiao.importers.form_labels import (
    has_person_name,
    has_person_value,
    has_personal_number,
    is_about_person,
    is_person_at_start,
    omit_person,
)
from jixiao.importers.form_money import (
    ChosenSums,
    SumColumns,
    SumFieldResolver,
    find_stated_units,
    is_possible_sum,
    is_unit_alone,
)

_GOAL_KEYS = (form_labels.OVERALL, form_labels.ANNUAL, form_labels.ACHIEVED)
_KEYS_WITHOUT_VALUE = frozenset(
    {None, form_labels.GROUP, form_labels.PERSON, form_labels.ABSENT, form_labels.YEAR_LABEL}
)
"""Keys of labels that are not followed by the value of a field."""


@dataclass(frozen=True, kw_only=True)
class FormFields:
    """Cells of each field. An absent field was left blank, or is not on the form."""

    values: dict[str, tuple[GridCell, ...]] = field(default_factory=dict)
    """Cells by field; several only for goals, which run over lines."""
    year: str | None = None
    """Year of the form, four digits."""
    goal_year_cells: tuple[GridCell, ...] = ()
    """Cells that state the years of the goal of the whole project."""
    stray_sums: tuple[GridCell, ...] = ()
    """Cells beside labels about money that look like sums and belong to no field."""
    unplaced_sums: tuple[GridCell, ...] = ()
    """Sums after or below a money label that may belong to a field but were not placed."""
    merged_sums: tuple[GridCell, ...] = ()
    """Sums in a cell that is merged over several labels."""
    money_units: frozenset[str] = frozenset()
    """Units of money stated above the table and in the block of money."""
    money_units_below_table: frozenset[str] = frozenset()
    """Units of money stated below the table."""
    unit_cells: tuple[GridCell, ...] = ()
    """Cells that state a unit of money, in form order."""

    def find_first_cell(self, key: str) -> GridCell | None:
        """Return the first cell of a field."""
        return self.values.get(key, (None,))[0]


def read_form_fields(
    above: Iterable[GridRow], below: Iterable[GridRow], usage: CellUsage, outside: Iterable[GridRow] = ()
) -> FormFields:
    """Read the fields of a form: everything except its indicator table.

    A value is right of its label; goals may also be below theirs.

    Args:
        above: Rows above the table, in form order.
        below: Rows below it.
        usage: Records labels and unplaced cells.
        outside: Rows above the title, read only for the unit of money.
    """
    reader = _FieldReader(usage)
    for row in outside:
        reader.read_unit_row(row)
    for row in above:
        reader.read_row(row)
    reader.start_below_table()
    for row in below:
        reader.read_row(row)
    return reader.build_fields()


class _FieldReader:
    """Reader of one row after another, because the meaning of a cell depends on the labels above it."""

    def __init__(self, usage: CellUsage) -> None:
        self._usage = usage
        self._values: dict[str, tuple[GridCell, ...]] = {}
        self._year: str | None = None
        self._year_in_title: str | None = None
        """Used if the form states no year by itself."""
        self._goal_year_cells: list[GridCell] = []
        self._stray_sums: list[GridCell] = []
        self._unplaced_sums: list[GridCell] = []
        self._sum_columns = SumColumns()
        self._chosen_sums = ChosenSums()
        """Assignment of the sums of the current row."""
        self._row_above = 0
        """Number of the last row that is not empty."""
        self._cells_without_field: set[CellKey] = set()
        """Cells behind labels for which a file has no field, or of another period."""
        self._merged_sums: list[GridCell] = []
        self._last_cells: dict[int, GridCell] = {}
        """Last filled cell of each column."""
        self._units: set[str] = set()
        self._units_above: frozenset[str] = frozenset()
        self._unit_cells: list[GridCell] = []
        self._goal_columns: dict[str, int] = {}
        """Columns of the goal labels met so far."""
        self._is_goal_beside_label = False
        """Whether a goal is right of its label, so that text below the label is something else."""
        self._may_be_goal_row = False
        """Whether cells without a label in the current row are goals."""
        self._person_columns: set[int] = set()
        """Columns of the labels of persons in the row above that have no value at their right."""
        self._sum_fields = SumFieldResolver()
        self._labelled_keys: dict[int, str] = {}
        """Fields of the cells of the current row that hold label and value, by column."""

    def build_fields(self) -> FormFields:
        return FormFields(
            values=self._values,
            year=self._year or self._year_in_title,
            goal_year_cells=tuple(self._goal_year_cells),
            stray_sums=tuple(self._stray_sums),
            unplaced_sums=tuple(self._unplaced_sums),
            merged_sums=tuple(self._merged_sums),
            money_units=self._units_above,
            money_units_below_table=frozenset(self._units),
            unit_cells=tuple(self._unit_cells),
        )

    def _record_units(self, cell: GridCell) -> None:
        """Record the units of money stated by *cell*."""
        stated = find_stated_units(cell)
        if stated:
            self._units |= stated
            self._unit_cells.append(cell)

    def start_below_table(self) -> None:
        """Stop reading goals, and record the units of money separately from here on."""
        self._goal_columns.clear()
        self._units_above = frozenset(self._units)
        self._units.clear()

    def read_unit_row(self, row: GridRow) -> None:
        """Record the unit of money stated in a row above the title."""
        for cell in row.filled_cells:
            self._record_units(cell)
            if is_unit_alone(cell):
                self._usage.record_use(CellUse.LABEL, cell)

    def read_row(self, row: GridRow) -> None:
        if form_labels.is_title(row) and not self._goal_columns:
            self._usage.record_use(CellUse.LABEL, *row.filled_cells)
            self._record_units(row.filled_cells[0])
            self._record_year(row.filled_cells[0])
            self._year_in_title = self._year_in_title or form_labels.find_year_in_title(row.filled_cells[0])
            return
        keys = self._find_keys(row)
        # A row that begins left of the goals with an unknown label is about something else.
        first = row.filled_cells[0].column if row.filled_cells else 0
        self._may_be_goal_row = bool(self._goal_columns) and (
            first in keys or first >= min(self._goal_columns.values()) + self._is_goal_beside_label
        )
        current: str | None = None
        persons_above, self._person_columns = self._person_columns, set()
        for cell in row.filled_cells:
            if cell.column in persons_above and not keys:
                # The value is below its label.
                omit_person(cell, self._usage)
                current = None
                continue
            key = keys.get(cell.column)
            if key is not None:
                self._record_units(cell)
            if key == form_labels.PERSON:
                omit_person(cell, self._usage)
                current = None if has_person_value(cell) else form_labels.PERSON
                if current:
                    self._person_columns.add(cell.column)
            elif key is not None:
                self._usage.record_use(CellUse.LABEL, cell)
                current = None if key == form_labels.GROUP else key
            elif self._place_chosen_sum(cell):
                current = None
            else:
                current = self._place_value(cell, current)
        self._record_stray_sums(row)
        self._record_merged_sums(row, keys)
        self._last_cells |= {cell.column: cell for cell in row.filled_cells}

    def _record_merged_sums(self, row: GridRow, keys: dict[int, str]) -> None:
        """Record sums above that continue after sum labels of *row*, since they may belong to either."""
        is_behind_label = False
        for cell in row.cells:
            if cell.stripped_text:
                is_behind_label = keys.get(cell.column) in form_labels.SUMS
            merged = self._last_cells.get(cell.column) if is_behind_label and cell.is_continuation else None
            if merged is not None and is_possible_sum(merged):
                self._merged_sums.append(merged)

    def _place_chosen_sum(self, cell: GridCell) -> bool:
        """Place *cell* if its column heading decides, or refuse one of several sums; return whether done."""
        chosen = self._chosen_sums
        if cell.column in chosen.fields:
            self._place_in_field(cell, chosen.fields[cell.column])
        elif cell.column in chosen.others:
            self._cells_without_field.add(cell.key)
            self._usage.mark_unplaced(cell, message("这是其他年度或阶段的金额，文件里没有这一栏"))
        elif cell.column in chosen.unclear:
            self._usage.mark_unplaced(cell, message("这一栏有几个金额，分不清哪一个是本年度申请数"))
        else:
            return False
        return True

    def _record_stray_sums(self, row: GridRow) -> None:
        """Record the sums of *row* that have no place."""
        is_about_money = any(map(form_labels.is_about_money, row.filled_cells))
        label: GridCell | None = None
        for cell in row.filled_cells:
            if not is_possible_sum(cell):
                label = cell
            elif not self._usage.is_used(cell):
                is_behind = label is not None and form_labels.is_about_money(label)
                is_below = label is None and self._sum_columns.is_below_money_label(cell, self._row_above)
                if is_about_money or is_below:
                    self._stray_sums.append(cell)
                if (is_behind or is_below) and cell.key not in self._cells_without_field:
                    self._unplaced_sums.append(cell)
        self._row_above = row.number if row.filled_cells else self._row_above

    def _find_keys(self, row: GridRow) -> dict[int, str]:
        """Return the keys of the labels of a row by column."""
        keys: dict[int, str] = {}
        before: str | None = None
        for cell in row.filled_cells:
            # A goal, or the value of a field, may speak of mailboxes and hotlines.
            is_value = bool(self._goal_columns) or before not in _KEYS_WITHOUT_VALUE
            is_person = is_person_at_start(cell) if is_value else is_about_person(cell)
            before = form_labels.PERSON if is_person else form_labels.find_label(cell)
            if before:
                keys[cell.column] = before
        labelled = {
            cell.column: value.key
            for cell in row.filled_cells
            if cell.column not in keys and (value := form_labels.split_label_and_value(cell))
        }
        resolved = keys | labelled
        if not self._goal_columns:
            self._sum_fields.resolve(resolved, row, self._year or self._year_in_title)
        self._labelled_keys = {column: resolved[column] for column in labelled}
        keys = {column: key for column, key in resolved.items() if column not in labelled}
        self._chosen_sums = self._sum_columns.choose(row, keys, self._year or self._year_in_title)
        for column, key in keys.items():
            if key in _GOAL_KEYS:
                self._goal_columns[key] = column
        first = row.filled_cells[0] if row.filled_cells else None
        if first and first.column == 1 and self._goal_columns and form_labels.is_goal_side_label(first):
            keys.setdefault(first.column, form_labels.GROUP)
        return keys

    def _place_value(self, cell: GridCell, current: str | None) -> str | None:
        """Place *cell* as value of the label before it; return the label that the next cell may belong to."""
        if current == form_labels.PERSON:
            omit_person(cell, self._usage)
            self._person_columns.clear()
            return current
        if has_person_name(cell):
            self._usage.withhold(cell)
            return None
        if current == form_labels.ABSENT:
            self._record_units(cell)
            self._place_in_field(cell, current)
            return None
        if current == form_labels.YEAR_LABEL and self._record_year(cell):
            return None
        if is_unit_alone(cell):
            self._record_units(cell)
            self._usage.record_use(CellUse.LABEL, cell)
            return None
        if current is not None and current != form_labels.YEAR_LABEL:
            self._place_in_field(cell, current)
        elif self._may_be_goal_row:
            self._place_goal(cell)
        else:
            self._place_unclaimed(cell, is_after_year=current is not None)
        return None

    def _place_unclaimed(self, cell: GridCell, *, is_after_year: bool) -> None:
        """Place *cell*, which no label beside it claims, if it holds its own label or the year."""
        labelled = None if is_after_year else form_labels.split_label_and_value(cell)
        if labelled is not None:
            self._record_units(labelled.label)
            self._place_in_field(labelled.value, self._labelled_keys.get(labelled.value.column, labelled.key))
        elif has_personal_number(cell):
            omit_person(cell, self._usage)
        elif not self._record_year(cell):
            self._record_units(cell)
            self._usage.mark_unplaced(cell, message("左边没有认识的栏目名称"))

    def _place_in_field(self, cell: GridCell, key: str) -> None:
        """Place *cell* as the value of the field *key*; a field has only one."""
        if key in form_labels.SUMS:
            self._record_units(cell)
        if key == form_labels.ABSENT:
            self._cells_without_field.add(cell.key)
            self._usage.mark_unplaced(cell, message("文件里没有这一栏"))
        elif key in _GOAL_KEYS:
            self._place_goal(cell, key)
        elif key in self._values:
            # Even an equal value is reported: it may belong to another label.
            self._usage.mark_unplaced(cell, message("同一个栏目前面已经有值"))
        else:
            self._values[key] = (cell,)
            # The reader of the field marks it unplaced if the value is not valid.
            self._usage.record_use(CellUse.FIELD, cell)

    def _place_goal(self, cell: GridCell, key: str | None = None) -> None:
        """Place *cell* as a goal, right of its label or below it."""
        if form_labels.GOAL_YEARS.fullmatch(cell.compact_text):
            self._goal_year_cells.append(cell)
            self._usage.record_use(CellUse.LABEL, cell)
            return
        if key is None:
            # The goal is below its label, or else beside the nearest one to its left.
            left = {column: key for key, column in self._goal_columns.items() if column <= cell.column}
            first = min(self._goal_columns, key=self._goal_columns.__getitem__)
            key = left[max(left)] if left else first
        elif self._goal_columns and cell.column > min(self._goal_columns.values()):
            self._is_goal_beside_label = True
        if key == form_labels.ACHIEVED:
            self._usage.mark_unplaced(cell, message("这是完成情况，不是目标"))
            return
        self._values[key] = (*self._values.get(key, ()), cell)
        self._usage.record_use(CellUse.FIELD, cell)

    def _record_year(self, cell: GridCell) -> bool:
        """Record the year of the form if *cell* states one; refuse a second, different year."""
        year = form_labels.find_year(cell)
        if year is None:
            return False
        self._year = self._year or year
        if self._year == year:
            self._usage.record_use(CellUse.LABEL, cell)
        else:
            self._usage.mark_unplaced(cell, message("前面写的是{year}年度", year=self._year))
        return True
