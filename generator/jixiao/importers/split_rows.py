"""Indicator table of a form: its rows, each split into class words and free words.

Class words are those of the closed lists of a taxonomy edition; all others are names and targets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from jixiao.i18n import message
from jixiao.importers.form_cells import CellUsage, CellUse, GridCell, GridRow
from jixiao.importers.form_labels import (
    find_year,
    has_person_name,
    is_below_table,
    is_table_side_label,
    is_title,
)
from jixiao.importers.indicator_columns import (
    IndicatorColumns,
    explain_bad_later_heading,
    find_role,
    is_heading_row,
    is_subheading_row,
    merge_headings,
    read_columns,
)
from jixiao.model.target import COMPARISON_SIGNS, read_target
from jixiao.model.taxonomy import Taxonomy
from jixiao.problems import ReadError

_NAME_AND_TARGET = 2
"""Number of cells at the end of a row that are the name and the target of its indicator."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FormTableRow:
    """Row of the indicator table that is not empty."""

    grid_row: GridRow
    page: int
    """Number of its page, counted from 0; an empty row ends a page."""
    missing_columns: int
    """Number of columns that the whole page lacks at its left."""

    def find_column(self, cell: GridCell) -> int:
        """Return the column of *cell* on a complete page."""
        return cell.column + self.missing_columns


@dataclass(frozen=True, kw_only=True, slots=True)
class IndicatorTable:
    """Indicator table of one form."""

    columns: IndicatorColumns
    rows: tuple[FormTableRow, ...]


def split_at_table(
    rows: tuple[GridRow, ...],
) -> tuple[tuple[GridRow, ...], tuple[GridRow, ...], tuple[GridRow, ...]]:
    """Split the rows of a form: above the table, the table from its headings on, below it.

    Without a table all rows are above it.
    """
    heads = [position for position, row in enumerate(rows) if is_heading_row(row)]
    if not heads:
        return rows, (), ()
    start = heads[0]
    columns = read_columns(merge_headings(rows[start:]))
    end = start + 1
    while end < len(rows) and not _is_row_below_table(rows[end], columns):
        end += 1
    return rows[:start], rows[start:end], rows[end:]


def _is_row_below_table(row: GridRow, columns: IndicatorColumns) -> bool:
    """Return whether *row* is below the table: it has a field or a person in place of an indicator."""
    begins = any(cell.column < columns.name and is_below_table(cell) for cell in row.filled_cells[:1])
    return begins or any(map(has_person_name, row.filled_cells))


def read_table(rows: tuple[GridRow, ...], usage: CellUsage) -> IndicatorTable:
    """Read the table that *rows* begin with; record headings, also repeated ones, as labels."""
    columns = read_columns(merge_headings(rows))
    pages: list[list[GridRow]] = [[]]
    problem = columns.problem
    for position, row in enumerate(rows):
        if not row.filled_cells:
            pages.append([])
        elif position and is_subheading_row(row) and is_heading_row(rows[position - 1]):
            usage.record_use(CellUse.LABEL, *row.filled_cells)
        elif is_heading_row(row):
            problem = columns.problem or explain_bad_later_heading(row, rows[0])
            side = row.filled_cells[0]
            headings = [cell for cell in row.filled_cells if find_role(cell) or is_table_side_label(cell)]
            usage.record_use(CellUse.LABEL, *headings)
            if find_role(side) is None and side.column == 1:
                usage.record_use(CellUse.LABEL, side)
        elif _is_repeated_title(row, columns):
            usage.record_use(CellUse.LABEL, *row.filled_cells)
        elif problem is not None:
            for cell in row.filled_cells:
                usage.mark_unplaced(cell, problem)
        else:
            pages[-1].append(row)
    table_rows: list[FormTableRow] = []
    for number, page in enumerate(filter(None, pages)):
        # A page lacks columns if all its rows are equally narrow, and end in name and target.
        widths = {len(row.cells) for row in page}
        ends_in_target = all(cell.stripped_text for row in page for cell in row.cells[-_NAME_AND_TARGET:])
        missing = max(columns.target - min(widths), 0) if len(widths) == 1 and ends_in_target else 0
        table_rows += [FormTableRow(grid_row=row, page=number, missing_columns=missing) for row in page]
    return IndicatorTable(columns=columns, rows=tuple(table_rows))


def _is_repeated_title(row: GridRow, columns: IndicatorColumns) -> bool:
    """Return whether *row* repeats the title or the year, and is not the name of an indicator."""
    is_left = len(row.filled_cells) == 1 and row.filled_cells[0].column < columns.name
    return is_left and (is_title(row) or find_year(row.filled_cells[0]) is not None)


TARGET_SIGNS = frozenset({">=", "<=", *COMPARISON_SIGNS})
"""Texts in a sign column that are read as a comparison sign."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitRow:
    """Cells of one table row, split into class words and free words."""

    table_row: FormTableRow
    level1: GridCell | None = None
    """Word of the closed list of level 1."""
    level2: GridCell | None = None
    """Word of the closed lists of level 2."""
    second_level2: GridCell | None = None
    """Second word of level 2 in the same row."""
    unknown_classes: tuple[GridCell, ...] = ()
    """Class words in no closed list, before a name and a target in their own columns."""
    free_cells: tuple[GridCell, ...] = ()
    """Names and targets, from left to right."""
    sign: GridCell | None = None
    """Sign of the target, in a column of its own."""
    unit: GridCell | None = None
    """Unit of the target, in a column of its own."""

    @property
    def has_class(self) -> bool:
        """Whether the row states any part of its class."""
        return bool(self.level1 or self.level2 or self.unknown_classes)


@dataclass(frozen=True, kw_only=True)
class ClassLists:
    """Lookup in the closed lists of one taxonomy edition."""

    taxonomy: Taxonomy

    def find_level1(self, cell: GridCell) -> str | None:
        """Return the level-1 class named by *cell*."""
        return self._match_word(cell, self.taxonomy.levels)

    def find_level2(self, cell: GridCell) -> str | None:
        """Return the level-2 class named by *cell*."""
        return self._match_word(cell, (word for words in self.taxonomy.levels.values() for word in words))

    @staticmethod
    def _match_word(cell: GridCell, words: Iterable[str]) -> str | None:
        return cell.compact_text if cell.compact_text in words else None


def split_row(
    row: FormTableRow, columns: IndicatorColumns, class_lists: ClassLists, usage: CellUsage
) -> SplitRow:
    """Split a table row into class words and free words; record labels and extra cells.

    Args:
        row: Row of the table.
        columns: Columns of the table.
        class_lists: Closed lists by which class words are recognised.
        usage: Records labels and unplaced cells.
    """
    split = SplitRow(table_row=row)
    for cell in row.grid_row.filled_cells:
        column = row.find_column(cell)
        if cell.column == 1 and columns.level1 > 1 and is_table_side_label(cell):
            usage.record_use(CellUse.LABEL, cell)
        elif column in columns.sign_columns and cell.compact_text in TARGET_SIGNS:
            split = replace(split, sign=cell)
        elif column == columns.unit_column:
            split = replace(split, unit=cell)
        elif column in columns.other_columns or column in columns.sign_columns:
            usage.mark_unplaced(
                cell, message("文件里没有这一栏：{heading}", heading=columns.find_heading(column))
            )
        elif column > columns.target:
            usage.mark_unplaced(cell, message("目标值右边的这一栏没有对应的栏目"))
        elif split.free_cells or not _is_possible_class(cell, row, columns):
            split = replace(split, free_cells=(*split.free_cells, cell))
        else:
            split = _add_class_word(split, cell, column=column, columns=columns, class_lists=class_lists)
    places = [row.find_column(cell) for cell in split.free_cells]
    if len(places) <= _NAME_AND_TARGET or places[-_NAME_AND_TARGET:] != [columns.name, columns.target]:
        return split
    # Name and target are in their own columns, so that the words before them are classes, if unknown ones.
    words = split.free_cells[:-_NAME_AND_TARGET]
    known = next((cell for cell in words if split.level2 is None and class_lists.find_level2(cell)), None)
    return replace(
        split,
        level2=known or split.level2,
        unknown_classes=tuple(cell for cell in words if cell is not known),
        free_cells=split.free_cells[-_NAME_AND_TARGET:],
    )


def _add_class_word(
    split: SplitRow, cell: GridCell, *, column: int, columns: IndicatorColumns, class_lists: ClassLists
) -> SplitRow:
    """Add *cell* as a class word of its level, or as a free word if it is in no closed list."""
    is_level2_alone = column == columns.name
    if class_lists.find_level1(cell) and not is_level2_alone and not (split.level1 or split.level2):
        return replace(split, level1=cell)
    if class_lists.find_level1(cell) and split.level1 and not split.level2 and column == columns.level2:
        # A level whose only class has its own name.
        return replace(split, level2=cell)
    if class_lists.find_level2(cell):
        if split.level2 is None:
            return replace(split, level2=cell)
        if split.second_level2 is None:
            return replace(split, second_level2=cell)
    return replace(split, free_cells=(*split.free_cells, cell))


def _is_possible_class(cell: GridCell, row: FormTableRow, columns: IndicatorColumns) -> bool:
    """Return whether *cell* may be a class: left of the names, or in a name's column before other text."""
    column = row.find_column(cell)
    if column < columns.name:
        return True
    right = [other for other in row.grid_row.filled_cells if row.find_column(other) == columns.target]
    left = [other for other in row.grid_row.filled_cells if row.find_column(other) == columns.level2]
    return (
        column == columns.name and not left and bool(right) and not is_numeric_target(right[0].stripped_text)
    )


def is_numeric_target(words: str) -> bool:
    """Return whether *words* are a target that is a number."""
    try:
        target = read_target(words) if words else None
    except ReadError:
        return True
    return target is not None and target.quantity is not None


def choose_class_lists(
    rows: Iterable[FormTableRow], columns: IndicatorColumns, taxonomies: Mapping[str, Taxonomy], year: str
) -> ClassLists:
    """Choose the edition whose closed lists fit the table best.

    Among equally good editions it is the latest in force before the year began, because a form is filled in
    before its year.

    Args:
        rows: Rows of the table.
        columns: Columns of the table.
        taxonomies: Taxonomies by edition; at least one.
        year: Year of the form; empty where it states none.
    """
    cells = [(row.find_column(cell), cell) for row in rows for cell in row.grid_row.filled_cells]

    def rank(edition: str) -> tuple[int, bool, str]:
        lists = ClassLists(taxonomy=taxonomies[edition])
        score = 0
        for column, cell in cells:
            if lists.find_level1(cell):
                score += 1 + (column == columns.level1)
            if lists.find_level2(cell):
                score += 1 + (column == columns.level2)
        return score, not year or edition < year, edition

    return ClassLists(taxonomy=taxonomies[max(taxonomies, key=rank)])
