"""Classes of indicator rows: printed in the row, inherited, or in doubt between two readings.

An empty level-1 or level-2 cell inherits, as in the merged cells of the printed table. A row that lost a cell
at the border of two merged cells may belong to either; the group below comes first, because the words of a
merged cell that runs over a page break are printed on the next page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import Enum
from itertools import islice, zip_longest
from typing import NamedTuple

from jixiao.i18n import message
from jixiao.importers.form_cells import CellUsage
from jixiao.importers.indicator_columns import IndicatorColumns
from jixiao.importers.indicator_rows import IndicatorRow
from jixiao.importers.split_rows import ClassLists, SplitRow

_SHIFTED_ONE_LEFT = frozenset({-1})
_CLASS_LENGTH_LIMIT = 20
_SIMILARITY = 0.7


class IndicatorClass(NamedTuple):
    """Level-1 class with one of its level-2 classes."""

    level1: str
    level2: str


class ClassDoubt(Enum):
    """Reason why more than one class is possible."""

    CONFLICT = "conflict"
    """Class words of the row exclude each other."""
    BORDER = "border"
    """The row is between two groups and lost the cell that would decide."""
    UNKNOWN = "unknown"
    """The class word of the row is in no closed list."""
    ELSEWHERE = "elsewhere"
    """The row is damaged, and another form files the same indicator under another class."""

    @property
    def is_of_this_form(self) -> bool:
        """Whether the form itself leaves the class open."""
        return self is not ClassDoubt.ELSEWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassifiedRow:
    """Indicator row with its class."""

    indicator_row: IndicatorRow
    indicator_class: IndicatorClass
    is_inherited: bool = False
    """Whether the row states no class and inherits it."""
    is_completed: bool = False
    """Whether a level missing in the row was completed from the closed lists."""
    is_level2_in_level1: bool = False
    doubt: ClassDoubt | None = None
    alternative: IndicatorClass | None = None
    """Class of the other reading, if there is one."""
    is_doubt_inherited: bool = False
    """Whether the doubt is inherited from the row above."""
    other_form_class: tuple[str, IndicatorClass] | None = None
    """Name of another form, and the class under which it files the same indicator."""

    @property
    def is_damaged(self) -> bool:
        """Whether the class is not simply printed in its place."""
        return bool(
            self.indicator_row.moved_cells
            or self.indicator_row.is_cut_by_page
            or self.is_completed
            or self.is_level2_in_level1
            or self.doubt
        )


class _OwnClass(NamedTuple):
    """Class stated by a row itself."""

    indicator_class: IndicatorClass | None
    is_completed: bool = False
    is_level2_in_level1: bool = False
    doubt: ClassDoubt | None = None
    alternative: IndicatorClass | None = None


def classify_rows(
    indicator_rows: Sequence[IndicatorRow],
    columns: IndicatorColumns,
    class_lists: ClassLists,
    usage: CellUsage,
) -> tuple[ClassifiedRow, ...]:
    """Find the class of each indicator row in order; rows without one are recorded as unplaced.

    Args:
        indicator_rows: All rows of one form, including those that are only class headings.
        columns: Columns of the table.
        class_lists: Closed lists of the edition.
        usage: Records rows without a class as unplaced.
    """
    own_classes: list[_OwnClass] = []
    current: IndicatorClass | None = None
    for indicator_row in indicator_rows:
        own = _OwnClass(None)
        if indicator_row.class_part.has_class:
            own = _read_own_class(indicator_row.class_part, columns, class_lists, current)
            # Below a class that cannot be read, rows do not inherit the class above it.
            current = own.indicator_class
        own_classes.append(own)
    classified: list[ClassifiedRow] = []
    above: ClassifiedRow | None = None
    for position, indicator_row in enumerate(indicator_rows):
        below = _find_class_below(position, indicator_rows, own_classes, above)
        above = _classify_row(indicator_row, own_classes[position], above, below)
        if above is not None:
            classified.append(above)
            continue
        for cell in (*indicator_row.cells, *indicator_row.signs_and_units):
            usage.mark_unplaced(cell, message("看不出这一行属于哪个二级指标"))
    for row, next_row in zip_longest(classified, classified[1:]):
        if row.indicator_row.is_class_heading and not (next_row and next_row.is_inherited):
            for cell in (*row.indicator_row.cells, *row.indicator_row.signs_and_units):
                usage.mark_unplaced(cell, message("这个类别下没有指标"))
    return tuple(row for row in classified if not row.indicator_row.is_class_heading)


def _classify_row(
    indicator_row: IndicatorRow, own: _OwnClass, above: ClassifiedRow | None, below: IndicatorClass | None
) -> ClassifiedRow | None:
    """Return an indicator row with its class, or `None` if the class is unknown.

    Args:
        indicator_row: Row to classify.
        own: Class stated by the row itself.
        above: Row above it.
        below: Class of the group that begins below it, if the row may belong to that.
    """
    if indicator_row.class_part.has_class:
        if own.indicator_class is None:
            return None
        return ClassifiedRow(indicator_row=indicator_row, **own._asdict())
    if below is not None and (above is None or below != above.indicator_class):
        alternative = above.indicator_class if above else None
        return ClassifiedRow(
            indicator_row=indicator_row,
            indicator_class=below,
            is_inherited=True,
            doubt=ClassDoubt.BORDER,
            alternative=alternative,
        )
    if above is None:
        return None
    return ClassifiedRow(
        indicator_row=indicator_row,
        indicator_class=above.indicator_class,
        is_inherited=True,
        doubt=above.doubt,
        alternative=above.alternative,
        is_doubt_inherited=above.doubt is not None,
    )


def _read_own_class(
    class_part: SplitRow, columns: IndicatorColumns, class_lists: ClassLists, current: IndicatorClass | None
) -> _OwnClass:
    """Read the class words of one row."""
    level1 = class_lists.find_level1(class_part.level1) if class_part.level1 else None
    level2 = class_lists.find_level2(class_part.level2) if class_part.level2 else None
    in_level1 = bool(
        level2 and class_part.level2 and class_part.table_row.find_column(class_part.level2) == columns.level1
    )
    if class_part.unknown_classes:
        return _resolve_unknown_class(class_part, class_lists, level1, current)
    if class_part.second_level2 is not None:
        other = class_lists.find_level2(class_part.second_level2) or ""
        return _OwnClass(
            _find_class(level2, None, class_lists),
            is_level2_in_level1=in_level1,
            doubt=ClassDoubt.CONFLICT,
            alternative=_find_class(other, None, class_lists),
        )
    if level2 is None:
        return _complete_level1(level1, class_lists, current)
    own = _find_class(level2, level1 or (current.level1 if current else None), class_lists)
    if level1 and own and own.level1 != level1:
        return _OwnClass(own, doubt=ClassDoubt.CONFLICT)
    is_completed = level1 is None and (in_level1 or current is None or current.level1 != (own and own.level1))
    return _OwnClass(own, is_completed=is_completed, is_level2_in_level1=in_level1)


def _find_class(level2: str | None, level1: str | None, class_lists: ClassLists) -> IndicatorClass | None:
    """Return the class of a level-2 word: under *level1* if it belongs there, else under its first parent."""
    parents = class_lists.taxonomy.find_parents(level2) if level2 else ()
    if not level2 or not parents:
        return None
    return IndicatorClass(level1 if level1 in parents else parents[0], level2)


def _complete_level1(
    level1: str | None, class_lists: ClassLists, current: IndicatorClass | None
) -> _OwnClass:
    """Complete a row that states only level 1: by the row above, or by its only level-2 class."""
    if level1 is None:
        return _OwnClass(None)
    if current and current.level1 == level1:
        return _OwnClass(current)
    only = class_lists.taxonomy.levels[level1]
    return _OwnClass(IndicatorClass(level1, only[0]) if len(only) == 1 else None, is_completed=True)


def _resolve_unknown_class(
    class_part: SplitRow, class_lists: ClassLists, level1: str | None, current: IndicatorClass | None
) -> _OwnClass:
    """Resolve an unknown class word: by a known word of the row, the nearest word, or the row above."""
    if class_part.level2:
        own = _find_class(class_lists.find_level2(class_part.level2), level1, class_lists)
    else:
        words = [word for classes in class_lists.taxonomy.levels.values() for word in classes]
        typed = class_part.unknown_classes[-1].compact_text
        is_short = len(typed) <= _CLASS_LENGTH_LIMIT
        near = get_close_matches(typed, words, n=1, cutoff=_SIMILARITY) if is_short else []
        own = _find_class(near[0], level1, class_lists) if near else None
    if own is None:
        own = _complete_level1(level1, class_lists, current).indicator_class if level1 else current
    return _OwnClass(own, doubt=ClassDoubt.UNKNOWN)


def _find_class_below(
    position: int,
    indicator_rows: Sequence[IndicatorRow],
    own_classes: Sequence[_OwnClass],
    above: ClassifiedRow | None,
) -> IndicatorClass | None:
    """Return the class of the group that begins below a run of rows that each lost one cell.

    A row that lost a cell like the row above it belongs with that one.

    Args:
        position: Position of the row.
        indicator_rows: All rows.
        own_classes: Classes stated by the rows themselves.
        above: Classified row above it.
    """
    if above and above.indicator_row.page_offsets == _SHIFTED_ONE_LEFT:
        return None
    for indicator_row, own in zip(
        islice(indicator_rows, position, None), islice(own_classes, position, None), strict=True
    ):
        if indicator_row.class_part.has_class:
            return own.indicator_class
        if indicator_row.page_offsets != _SHIFTED_ONE_LEFT:
            return None
    return None


def compare_forms(
    forms: Sequence[tuple[str, Sequence[ClassifiedRow]]],
) -> Iterator[tuple[ClassifiedRow, ...]]:
    """Compare the damaged rows of each form with the same indicators of the other forms.

    Args:
        forms: Project name and rows of each form. Forms filed together were made by the same people.
    """
    classes: dict[tuple[str, str | None], list[tuple[int, IndicatorClass]]] = defaultdict(list)
    for number, (_, rows) in enumerate(forms):
        for row in rows:
            classes[row.indicator_row.name, row.indicator_row.target].append((number, row.indicator_class))
    for number, (_, rows) in enumerate(forms):
        compared: list[ClassifiedRow] = []
        for row in rows:
            above = compared[-1] if compared else None
            others = [
                (forms[other_number][0], other_class)
                for other_number, other_class in classes[row.indicator_row.name, row.indicator_row.target]
                if other_number != number and other_class != row.indicator_class
            ]
            compared.append(_compare_row(row, others[0] if others and row.is_damaged else None, above))
        yield tuple(compared)


def _compare_row(
    row: ClassifiedRow, other_form_class: tuple[str, IndicatorClass] | None, above: ClassifiedRow | None
) -> ClassifiedRow:
    """Add the class in another form as a doubt, or inherit that doubt from the row above."""
    if other_form_class is not None:
        return replace(
            row,
            other_form_class=other_form_class,
            doubt=row.doubt or ClassDoubt.ELSEWHERE,
            alternative=row.alternative or other_form_class[1],
        )
    is_like_above = row.is_inherited and above and above.indicator_class == row.indicator_class
    if row.doubt is None and above and is_like_above and above.doubt is ClassDoubt.ELSEWHERE:
        return replace(
            row, doubt=ClassDoubt.ELSEWHERE, alternative=above.alternative, is_doubt_inherited=True
        )
    return row
