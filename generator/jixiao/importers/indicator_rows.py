"""Indicator rows: names with their targets, joined where a page break cut a table row in two.

Takes split rows; a row that cannot be read as an indicator is recorded as unplaced with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    """Columns to the right of its place in the form as it stands; negative to the left."""
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
            one.page_offset for one in self.moved_cells if one.page_offset and one.cell.row == last
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
    promises = []
    above: str | None = None
    for parts in _join_halves(_drop_blank_placeholders(rows, usage), columns):
        promise = _build_indicator_row(parts, columns)
        if promise is not None and promise.target is None and _is_target_merged(parts[-1], columns):
            # A merged cell holds for every row that it covers.
            promise = replace(promise, target=above)
        above = promise.target if promise is not None else None
        if promise is None:
            _mark_row_unplaced(parts, usage)
            # Its class holds for the rows below all the same.
            promise = IndicatorRow(parts=parts, name="", target=None, moved_cells=())
        else:
            usage.record_use(CellUse.ROW, *promise.cells)
            for cell in promise.signs_and_units:
                _record_sign_or_unit(cell, promise, usage)
        if promise.name or promise.class_part.has_class:
            promises.append(promise)
    return tuple(promises)


def _is_target_merged(row: SplitRow, columns: IndicatorColumns) -> bool:
    """Return whether the target of a row is in a merged cell that begins above it."""
    cells = row.table_row.grid_row.cells
    return any(cell.goes_on for cell in cells if row.table_row.find_column(cell) == columns.target)


def _drop_blank_placeholders(rows: tuple[SplitRow, ...], usage: CellUsage) -> tuple[SplitRow, ...]:
    """Drop the name placeholders of a blank form that have no other text beside them."""
    kept = []
    for tokens in rows:
        is_blank = len(tokens.free_cells) == 1 and is_blank_placeholder(tokens.free_cells[0])
        if is_blank:
            usage.record_use(CellUse.LABEL, *tokens.free_cells)
        if not is_blank or tokens.has_class:
            kept.append(replace(tokens, free_cells=()) if is_blank else tokens)
    return tuple(kept)


def _join_halves(rows: tuple[SplitRow, ...], columns: IndicatorColumns) -> Iterator[tuple[SplitRow, ...]]:
    """Yield each row as one part, or the two halves of a cut row."""
    position = 0
    while position < len(rows):
        pair = rows[position : position + _TWO]
        size = _TWO if len(pair) == _TWO and _are_halves(pair[0], pair[1], columns) else 1
        yield pair[:size]
        position += size


def _are_halves(upper: SplitRow, lower: SplitRow, columns: IndicatorColumns) -> bool:
    """Return whether a page break cut one row into *upper* and *lower*.

    Either the upper half is a name without a target, or the lower one is the rest of a target.
    """
    if lower.table_row.page != upper.table_row.page + 1 or _have_different_classes(upper, lower):
        return False
    if _is_name_alone(upper, columns):
        return 1 <= len(lower.free_cells) <= _TWO and _split_shared_cell(lower, columns) is None
    return (
        len(upper.free_cells) == _TWO
        and len(lower.free_cells) == 1
        and not lower.has_class
        and lower.table_row.find_column(lower.free_cells[0]) == columns.target
    )


def _have_different_classes(upper: SplitRow, lower: SplitRow) -> bool:
    """Return whether two rows name different classes and so cannot be one."""
    pairs = ((upper.level1, lower.level1), (upper.level2, lower.level2))
    return any(one and other and one.compact_text != other.compact_text for one, other in pairs)


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
    if len(parts) == _TWO:
        return _build_row_from_halves(parts[0], parts[1], columns)
    tokens = parts[0]
    shared = _split_shared_cell(tokens, columns)
    if shared is not None:
        cell = tokens.free_cells[0]
        at_name = tokens.table_row.find_column(cell) != columns.target
        moved = (
            *_find_moved_classes(tokens, columns),
            *(() if at_name else _compare_with_column(tokens, cell, columns.name)),
        )
        return IndicatorRow(
            parts=parts, name=shared[0], target=shared[1], moved_cells=moved, shared_cell=cell
        )
    if (
        len(tokens.free_cells) > _TWO
        or not (tokens.free_cells or tokens.has_class)
        or _is_nameless(tokens, columns)
    ):
        return None
    if (columns.has_extra_columns and not _is_in_columns(tokens, columns)) or _is_class_alone(
        tokens, columns
    ):
        return None
    return IndicatorRow(
        parts=parts,
        name=tokens.free_cells[0].stripped_text if tokens.free_cells else "",
        target=_join_target(tokens) if len(tokens.free_cells) == _TWO else None,
        moved_cells=_find_moved_cells(tokens, columns),
    )


def _is_class_alone(row: SplitRow, columns: IndicatorColumns) -> bool:
    """Return whether an unknown class is in place of the name, with the target in its own column."""
    places = [row.table_row.find_column(cell) for cell in row.free_cells]
    is_class = bool(row.free_cells) and _CLASS_SUFFIX.search(row.free_cells[0].compact_text) is not None
    return is_class and len(places) == _TWO and places[0] < columns.name and places[1] == columns.target


def _is_in_columns(row: SplitRow, columns: IndicatorColumns) -> bool:
    """Return whether name and target are in their columns."""
    places = [row.table_row.find_column(cell) for cell in row.free_cells]
    return places == [columns.name, columns.target][: len(places)]


def _join_target(row: SplitRow) -> str:
    """Return the target joined with the sign and unit from columns of their own."""
    target = row.free_cells[1].stripped_text
    sign, unit = _find_sign_and_unit(row)
    return f"{sign.compact_text if sign else ''}{target}{unit.compact_text if unit else ''}"


def _find_sign_and_unit(row: SplitRow) -> tuple[GridCell | None, GridCell | None]:
    """Return the sign and unit to join with the target, which must be a number."""
    target = row.free_cells[1].compact_text
    if not _NUMBER.match(target):
        return None, None
    unit = row.unit
    is_said = unit is not None and (target.endswith(unit.compact_text) or not _WORD.search(unit.compact_text))
    sign = None if _SIGN.match(target) else row.sign
    return sign, None if is_said else unit


def _build_row_from_halves(upper: SplitRow, lower: SplitRow, columns: IndicatorColumns) -> IndicatorRow:
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


def _is_nameless(row: SplitRow, columns: IndicatorColumns) -> bool:
    """Return whether the only free text of a row is not a name: a target, or text beside the table."""
    if len(row.free_cells) != 1:
        return False
    column = row.table_row.find_column(row.free_cells[0])
    if column == columns.target:
        return not _is_class_in_name_column(row, columns) or is_numeric_target(
            row.free_cells[0].stripped_text
        )
    return column != columns.name and not row.has_class


def _find_moved_cells(row: SplitRow, columns: IndicatorColumns) -> tuple[MovedCell, ...]:
    homes = (columns.name, columns.target)
    free = (_compare_with_column(row, cell, home) for cell, home in zip(row.free_cells, homes, strict=False))
    return (*_find_moved_classes(row, columns), *(one for group in free for one in group))


def _find_moved_classes(row: SplitRow, columns: IndicatorColumns) -> tuple[MovedCell, ...]:
    # Two words of level 2 exclude each other: which of them has moved cannot be known.
    if row.second_level2 is not None:
        return ()
    places = ((row.level1, columns.level1), (row.level2, columns.level2))
    return tuple(
        one for cell, home in places if cell for one in _compare_with_column(row, cell, home, is_class=True)
    )


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


def _record_sign_or_unit(cell: GridCell, indicator_row: IndicatorRow, usage: CellUsage) -> None:
    """Record whether a sign or a unit is part of the target."""
    if cell.compact_text in (indicator_row.target or ""):
        usage.record_use(CellUse.ROW, cell)
    else:
        usage.mark_unplaced(cell, message("目标值不是数字，没有把符号、单位和它合写"))


def _mark_row_unplaced(parts: tuple[SplitRow, ...], usage: CellUsage) -> None:
    for tokens in parts:
        reason = (
            message(
                "这一行有 {count} 格文字，分不清哪格是指标名称、哪格是目标值",
                count=str(len(tokens.free_cells)),
            )
            if len(tokens.free_cells) > _TWO
            else message("这一行只有一格文字，不在三级指标格")
        )
        classes = (tokens.level1, tokens.level2, tokens.second_level2, *tokens.unknown_classes)
        for cell in (*classes, *tokens.free_cells, tokens.sign, tokens.unit):
            if cell:
                usage.mark_unplaced(cell, reason)
