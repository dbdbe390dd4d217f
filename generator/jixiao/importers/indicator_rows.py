"""Indicator rows: names with their targets, joined where a page break cut a table row in two.

Takes split rows; a row that cannot be read as an indicator is recorded as unplaced with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from jixiao.i18n import message
from jixiao.importers.form_cells import CellUsage, CellUse, GridCell, join_halves
from jixiao.importers.form_labels import is_blank_placeholder
from jixiao.importers.indicator_columns import IndicatorColumns
from jixiao.importers.split_rows import SplitRow, is_numeric_target
from jixiao.model.target import COMPARISON_SIGNS

_TWO = 2
_BLANKS = re.compile(r"[ \u3000]+")
_CLASS_SUFFIX = re.compile("指标$")
_SIGN = re.compile(f"[{COMPARISON_SIGNS}±]")
_NUMBER = re.compile(f"[{COMPARISON_SIGNS}±]{{0,2}}[0-9]")
_WORD = re.compile(r"[^\W0-9]|[%％‰℃/]")


@dataclass(frozen=True, kw_only=True, slots=True)
class MovedCell:
    """Cell outside its own column."""

    cell: GridCell
    column: int
    """Column of the cell on a complete page."""
    offset: int
    """Columns to the right of its place in the form as filed; negative to the left."""
    page_offset: int
    """The same offset on a complete page: 0 where the whole page lacks a column."""
    is_class: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class IndicatorRow:
    """Indicator as read from one table row, or from two halves of a row."""

    parts: tuple[SplitRow, ...]
    name: str
    """Name; empty where the row states only a class."""
    target: str | None
    """Target; `None` where the row has none."""
    moved_cells: tuple[MovedCell, ...]
    shared_cell: GridCell | None = None
    """Cell that holds both name and target."""

    @property
    def is_class_heading(self) -> bool:
        """Whether it is not an indicator but the class of the rows below."""
        return not self.name

    @property
    def is_cut_by_page(self) -> bool:
        """Whether a page break cut it in two."""
        return len(self.parts) > 1

    @property
    def is_possibly_two(self) -> bool:
        """Whether its halves could also be two indicators, the first without a target.

        At the start of a page the class words are printed again; without them the halves are less certain.
        """
        upper, lower = self.parts[0], self.parts[-1]
        is_whole_below = len(upper.free_cells) == 1 and len(lower.free_cells) == _TWO
        return self.is_cut_by_page and is_whole_below and not lower.has_class

    @property
    def class_part(self) -> SplitRow:
        """Part that states most of the class: the later one, if it states any."""
        return next((part for part in reversed(self.parts) if part.has_class), self.parts[-1])

    @property
    def page_offsets(self) -> frozenset[int]:
        """Column offsets of its last part, on a complete page."""
        last = self.parts[-1].table_row.grid_row.number
        return frozenset(
            moved.page_offset for moved in self.moved_cells if moved.page_offset and moved.cell.row == last
        )

    @property
    def cells(self) -> tuple[GridCell, ...]:
        """All filled cells, except those beside the table."""
        groups = (
            (part.level1, part.level2, part.second_level2, *part.unknown_classes, *part.free_cells)
            for part in self.parts
        )
        return tuple(cell for group in groups for cell in group if cell)

    @property
    def signs_and_units(self) -> tuple[GridCell, ...]:
        """Signs and units in columns of their own."""
        return tuple(cell for part in self.parts for cell in (part.sign, part.unit) if cell)


def read_indicator_rows(
    rows: tuple[SplitRow, ...], columns: IndicatorColumns, usage: CellUsage
) -> tuple[IndicatorRow, ...]:
    """Read each table row as an indicator and join the halves of rows cut by a page break.

    Rows that cannot be read are recorded as unplaced, with the reason.

    Args:
        rows: Rows of the table, in order.
        columns: Columns of the table.
        usage: Records the cells of indicators, and unplaced cells.
    """
    indicators = []
    target_above: str | None = None
    filled = _drop_blank_placeholders(rows, usage)
    position = 0
    while position < len(filled):
        pair = filled[position : position + _TWO]
        parts = pair if len(pair) == _TWO and _are_halves(pair[0], pair[1], columns) else pair[:1]
        position += len(parts)
        indicator = _build_indicator_row(parts, columns)
        if indicator is None:
            _mark_row_unplaced(parts, usage)
            target_above = None
            # Its class still holds for the rows below.
            indicator = IndicatorRow(parts=parts, name="", target=None, moved_cells=())
        else:
            table_row = parts[-1].table_row
            target_cells = [
                cell for cell in table_row.grid_row.cells if table_row.find_column(cell) == columns.target
            ]
            if indicator.target is None and any(cell.is_continuation for cell in target_cells):
                # The merged cell above holds for every row that it covers.
                indicator = replace(indicator, target=target_above)
            target_above = indicator.target
            _record_cells(indicator, usage)
        if indicator.name or indicator.class_part.has_class:
            indicators.append(indicator)
    return tuple(indicators)


def _record_cells(indicator: IndicatorRow, usage: CellUsage) -> None:
    """Record the cells of an indicator; a sign or unit that is no part of its target is unplaced."""
    usage.record_use(CellUse.ROW, *indicator.cells)
    for cell in indicator.signs_and_units:
        if cell.compact_text in (indicator.target or ""):
            usage.record_use(CellUse.ROW, cell)
        else:
            usage.mark_unplaced(cell, message("目标值不是数字，没有把符号、单位和它合写"))


def _drop_blank_placeholders(rows: tuple[SplitRow, ...], usage: CellUsage) -> tuple[SplitRow, ...]:
    """Drop the name placeholders of a blank form that have no other text beside them."""
    kept = []
    for row in rows:
        is_blank = len(row.free_cells) == 1 and is_blank_placeholder(row.free_cells[0])
        if is_blank:
            usage.record_use(CellUse.LABEL, *row.free_cells)
        if not is_blank or row.has_class:
            kept.append(replace(row, free_cells=()) if is_blank else row)
    return tuple(kept)


def _are_halves(upper: SplitRow, lower: SplitRow, columns: IndicatorColumns) -> bool:
    """Return whether a page break cut one row into *upper* and *lower*.

    Either the upper half is a name without a target, or the lower one is the rest of a target. Rows that name
    different classes cannot be one.
    """
    if lower.table_row.page != upper.table_row.page + 1:
        return False
    for above, below in ((upper.level1, lower.level1), (upper.level2, lower.level2)):
        if above and below and above.compact_text != below.compact_text:
            return False
    if _is_name_alone(upper, columns):
        return 1 <= len(lower.free_cells) <= _TWO and _split_shared_cell(lower, columns) is None
    return (
        len(upper.free_cells) == _TWO
        and len(lower.free_cells) == 1
        and not lower.has_class
        and lower.table_row.find_column(lower.free_cells[0]) == columns.target
    )


def _is_name_alone(row: SplitRow, columns: IndicatorColumns) -> bool:
    """Return whether a row has no target and one name, at most one column off its place."""
    if len(row.free_cells) != 1 or _split_shared_cell(row, columns) is not None:
        return False
    column = row.table_row.find_column(row.free_cells[0])
    return columns.level2 <= column <= columns.name or (
        column == columns.target and _is_class_in_name_column(row, columns)
    )


def _split_shared_cell(row: SplitRow, columns: IndicatorColumns) -> tuple[str, str] | None:
    """Split the only free cell of a row into name and target if it holds both, separated by a blank."""
    if len(row.free_cells) != 1:
        return None
    cell = row.free_cells[0]
    blanks = tuple(_BLANKS.finditer(cell.stripped_text))
    if not blanks:
        return None
    name, target = cell.stripped_text[: blanks[-1].start()], cell.stripped_text[blanks[-1].end() :]
    is_pushed = row.table_row.find_column(cell) == columns.target and _is_class_in_name_column(row, columns)
    return (name, target) if is_numeric_target(target) or (is_pushed and len(blanks) == 1) else None


def _is_class_in_name_column(row: SplitRow, columns: IndicatorColumns) -> bool:
    """Return whether the class is in the name column, so that other cells were pushed right."""
    return row.level2 is not None and row.table_row.find_column(row.level2) == columns.name


def _build_indicator_row(parts: tuple[SplitRow, ...], columns: IndicatorColumns) -> IndicatorRow | None:
    """Build an indicator from a row or its halves; `None` if name and target cannot be distinguished."""
    if len(parts) == _TWO:
        return _build_row_from_halves(parts[0], parts[1], columns)
    row = parts[0]
    shared = _split_shared_cell(row, columns)
    if shared is not None:
        cell = row.free_cells[0]
        moved = _find_moved_classes(row, columns)
        if row.table_row.find_column(cell) == columns.target:
            moved += _compare_with_column(row, cell, columns.name)
        return IndicatorRow(
            parts=parts, name=shared[0], target=shared[1], moved_cells=moved, shared_cell=cell
        )
    if not (row.free_cells or row.has_class) or _is_unclear(row, columns):
        return None
    return IndicatorRow(
        parts=parts,
        name=row.free_cells[0].stripped_text if row.free_cells else "",
        target=_join_target(row) if len(row.free_cells) == _TWO else None,
        moved_cells=_find_moved_cells(row, columns),
    )


def _is_unclear(row: SplitRow, columns: IndicatorColumns) -> bool:
    """Return whether the free cells of a row are not surely a name, or a name and a target."""
    places = [row.table_row.find_column(cell) for cell in row.free_cells]
    if columns.has_extra_columns and places != [columns.name, columns.target][: len(places)]:
        return True
    match places:
        case []:
            return False
        case [place] if place == columns.target:
            # Either a target without a name, or a name that a class in its column pushed right.
            text = row.free_cells[0].stripped_text
            return not _is_class_in_name_column(row, columns) or is_numeric_target(text)
        case [place]:
            return place != columns.name and not row.has_class
        case [first, second]:
            # An unknown class may be in place of the name.
            is_class = _CLASS_SUFFIX.search(row.free_cells[0].compact_text) is not None
            return is_class and first < columns.name and second == columns.target
        case _:
            return True


def _join_target(row: SplitRow) -> str:
    """Return the target; a number is joined with the sign and unit from columns of their own."""
    cell = row.free_cells[1]
    if not _NUMBER.match(cell.compact_text):
        return cell.stripped_text
    unit = row.unit.compact_text if row.unit else ""
    if cell.compact_text.endswith(unit) or not _WORD.search(unit):
        unit = ""
    sign = row.sign.compact_text if row.sign and not _SIGN.match(cell.compact_text) else ""
    return f"{sign}{cell.stripped_text}{unit}"


def _build_row_from_halves(upper: SplitRow, lower: SplitRow, columns: IndicatorColumns) -> IndicatorRow:
    """Join the halves of a row: the target was cut, or only the name was above it, or the name was cut."""
    name, target = upper.free_cells[0].stripped_text, None
    if len(upper.free_cells) == _TWO:
        target = join_halves(upper.free_cells[1].stripped_text, lower.free_cells[0].stripped_text)
        moved = _find_moved_cells(upper, columns)
    elif len(lower.free_cells) == 1 and lower.table_row.find_column(lower.free_cells[0]) == columns.target:
        target = lower.free_cells[0].stripped_text
        moved = _find_moved_cells(upper, columns) + _find_moved_classes(lower, columns)
    else:
        name = join_halves(name, lower.free_cells[0].stripped_text)
        target = lower.free_cells[1].stripped_text if len(lower.free_cells) == _TWO else None
        moved = _find_moved_cells(upper, columns) + _find_moved_cells(lower, columns)
    return IndicatorRow(parts=(upper, lower), name=name, target=target, moved_cells=moved)


def _find_moved_cells(row: SplitRow, columns: IndicatorColumns) -> tuple[MovedCell, ...]:
    moved = _find_moved_classes(row, columns)
    for cell, column in zip(row.free_cells, (columns.name, columns.target), strict=False):
        moved += _compare_with_column(row, cell, column)
    return moved


def _find_moved_classes(row: SplitRow, columns: IndicatorColumns) -> tuple[MovedCell, ...]:
    moved: tuple[MovedCell, ...] = ()
    # Two words of level 2 exclude each other: which of them has moved cannot be known.
    if row.second_level2 is None:
        for cell, column in ((row.level1, columns.level1), (row.level2, columns.level2)):
            if cell:
                moved += _compare_with_column(row, cell, column, is_class=True)
    return moved


def _compare_with_column(
    row: SplitRow, cell: GridCell, home: int, *, is_class: bool = False
) -> tuple[MovedCell, ...]:
    """Return the offset of *cell* from its column, or an empty tuple if it is in place."""
    if cell.column == home:
        return ()
    column = row.table_row.find_column(cell)
    return (
        MovedCell(
            cell=cell, column=column, offset=cell.column - home, page_offset=column - home, is_class=is_class
        ),
    )


def _mark_row_unplaced(parts: tuple[SplitRow, ...], usage: CellUsage) -> None:
    for row in parts:
        reason = (
            message(
                "这一行有 {count} 格文字，分不清哪格是指标名称、哪格是目标值",
                count=str(len(row.free_cells)),
            )
            if len(row.free_cells) > _TWO
            else message("这一行只有一格文字，不在三级指标格")
        )
        classes = (row.level1, row.level2, row.second_level2, *row.unknown_classes)
        for cell in (*classes, *row.free_cells, row.sign, row.unit):
            if cell:
                usage.mark_unplaced(cell, reason)
