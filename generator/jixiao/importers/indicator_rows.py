"""From the rows of the table to promises: a name with its target, joined where a page break cut them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from jixiao.i18n import message
from jixiao.importers.form_cells import glued
from jixiao.importers.form_labels import is_template
from jixiao.importers.grid import Cell
from jixiao.importers.indicator_columns import Columns
from jixiao.importers.split_rows import Tokens, is_figure
from jixiao.importers.tally import Tally, Use
from jixiao.model.target import COMPARISON_SIGNS

_PAIR = 2
_BLANKS = re.compile(r"[ \u3000]+")
_CLASS = re.compile("指标$")
_SIGN = re.compile(f"[{COMPARISON_SIGNS}±]")
_NUMBER = re.compile(f"[{COMPARISON_SIGNS}±]{{0,2}}[0-9]")
_WORD = re.compile(r"[^\W0-9]|[%％‰℃/]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """A cell that does not stand in its column."""

    cell: Cell
    column: int
    """The column in which it stands, on a page made whole."""
    by: int
    """Columns to the right of where it belongs; less than 0 is to the left. As the form stands."""
    on_page: int
    """The same on a page made whole: 0 where the whole page lacks a column."""
    is_class: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """An indicator as its row, or the two halves of its row, give it."""

    parts: tuple[Tokens, ...]
    name: str
    """Empty where the row says a class and nothing else."""
    target: str | None
    """`None` where the row has none."""
    moved: tuple[Moved, ...]
    shared: Cell | None = None
    """The cell that name and target share."""

    @property
    def is_heading(self) -> bool:
        """Whether it is no promise at all but the class of those below it."""
        return not self.name

    @property
    def is_split(self) -> bool:
        """Whether a page break cut it apart."""
        return len(self.parts) > 1

    @property
    def may_be_two(self) -> bool:
        """Whether its halves may as well be two promises, the first without a target.

        Where a page begins, the words of its classes are printed anew; without them it is less sure.
        """
        upper, lower = self.parts[0], self.parts[-1]
        is_whole_below = len(upper.free) == 1 and len(lower.free) == _PAIR
        return self.is_split and is_whole_below and not lower.has_class

    @property
    def labels(self) -> Tokens:
        """The part that says most of the class: the later one, if it says anything."""
        return next((part for part in reversed(self.parts) if part.has_class), self.parts[-1])

    @property
    def pattern(self) -> frozenset[int]:
        """By how much its last part is moved, on a page made whole."""
        last = self.parts[-1].line.row.number
        return frozenset(one.on_page for one in self.moved if one.on_page and one.cell.row == last)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All its cells that are not empty and not beside the table."""
        groups = ((part.level1, part.level2, part.second, *part.unknown, *part.free) for part in self.parts)
        return tuple(cell for group in groups for cell in group if cell)

    @property
    def beside(self) -> tuple[Cell, ...]:
        """Signs and units in columns of their own."""
        return tuple(cell for part in self.parts for cell in (part.sign, part.unit) if cell)


def promises_of(rows: tuple[Tokens, ...], columns: Columns, tally: Tally) -> tuple[Promise, ...]:
    """Read each row as a promise; join the halves of rows that a page break cut.

    What cannot be read as one has no place, and the tally says why.

    Args:
        rows: The rows of the table, in order.
        columns: Of the table.
        tally: Where the cells of promises, and those without a place, are noted.
    """
    promises = []
    above: str | None = None
    for parts in _joined(_without_template(rows, tally), columns):
        promise = _promise(parts, columns)
        if promise is not None and promise.target is None and _goes_on(parts[-1], columns):
            # A merged cell holds for every row that it covers.
            promise = replace(promise, target=above)
        above = promise.target if promise is not None else None
        if promise is None:
            _refuse(parts, tally)
            # Its class holds for the rows below all the same.
            promise = Promise(parts=parts, name="", target=None, moved=())
        else:
            tally.take(Use.ROW, *promise.cells)
            for cell in promise.beside:
                _note_beside(cell, promise, tally)
        if promise.name or promise.labels.has_class:
            promises.append(promise)
    return tuple(promises)


def _goes_on(tokens: Tokens, columns: Columns) -> bool:
    """Return whether the target of a row stands in a merged cell that begins above it."""
    cells = tokens.line.row.cells
    return any(cell.goes_on for cell in cells if tokens.line.column(cell) == columns.target)


def _without_template(rows: tuple[Tokens, ...], tally: Tally) -> tuple[Tokens, ...]:
    """Drop what a blank form has in place of a name, where nothing stands beside it."""
    kept = []
    for tokens in rows:
        is_blank = len(tokens.free) == 1 and is_template(tokens.free[0])
        if is_blank:
            tally.take(Use.LABEL, *tokens.free)
        if not is_blank or tokens.has_class:
            kept.append(replace(tokens, free=()) if is_blank else tokens)
    return tuple(kept)


def _joined(rows: tuple[Tokens, ...], columns: Columns) -> Iterator[tuple[Tokens, ...]]:
    """Give each row, or the two halves of one."""
    position = 0
    while position < len(rows):
        pair = rows[position : position + _PAIR]
        size = _PAIR if len(pair) == _PAIR and _are_halves(pair[0], pair[1], columns) else 1
        yield pair[:size]
        position += size


def _are_halves(upper: Tokens, lower: Tokens, columns: Columns) -> bool:
    """Tell whether a page break cut one row into *upper* and *lower*.

    Either the upper half is a name without a target, or the lower one is the rest of a target.
    """
    if lower.line.page != upper.line.page + 1 or _differ_in_class(upper, lower):
        return False
    if _is_name_alone(upper, columns):
        return 1 <= len(lower.free) <= _PAIR and _shared(lower, columns) is None
    return (
        len(upper.free) == _PAIR
        and len(lower.free) == 1
        and not lower.has_class
        and lower.line.column(lower.free[0]) == columns.target
    )


def _differ_in_class(upper: Tokens, lower: Tokens) -> bool:
    """Tell whether two rows name different classes, so that they cannot be one."""
    pairs = ((upper.level1, lower.level1), (upper.level2, lower.level2))
    return any(one and other and one.squeezed != other.squeezed for one, other in pairs)


def _is_name_alone(tokens: Tokens, columns: Columns) -> bool:
    """Tell whether a row has a name, perhaps one cell too far left or right, and no target."""
    if len(tokens.free) != 1 or _shared(tokens, columns) is not None:
        return False
    column = tokens.line.column(tokens.free[0])
    return columns.level2 <= column <= columns.name or (
        column == columns.target and _stands_in_name(tokens, columns)
    )


def _shared(tokens: Tokens, columns: Columns) -> tuple[str, str] | None:
    """Take name and target apart where the only free cell of a row holds both, with a blank between."""
    if len(tokens.free) != 1:
        return None
    cell = tokens.free[0]
    blanks = tuple(_BLANKS.finditer(cell.words))
    if not blanks:
        return None
    name, target = cell.words[: blanks[-1].start()], cell.words[blanks[-1].end() :]
    is_pushed = tokens.line.column(cell) == columns.target and _stands_in_name(tokens, columns)
    return (name, target) if is_figure(target) or (is_pushed and len(blanks) == 1) else None


def _stands_in_name(tokens: Tokens, columns: Columns) -> bool:
    """Tell whether the class stands in the cell of the name, so that the rest was pushed to the right."""
    return tokens.level2 is not None and tokens.line.column(tokens.level2) == columns.name


def _promise(parts: tuple[Tokens, ...], columns: Columns) -> Promise | None:
    if len(parts) == _PAIR:
        return _promise_of_halves(parts[0], parts[1], columns)
    tokens = parts[0]
    shared = _shared(tokens, columns)
    if shared is not None:
        cell = tokens.free[0]
        at_name = tokens.line.column(cell) != columns.target
        moved = (*_moved_classes(tokens, columns), *(() if at_name else _moved(tokens, cell, columns.name)))
        return Promise(parts=parts, name=shared[0], target=shared[1], moved=moved, shared=cell)
    if len(tokens.free) > _PAIR or not (tokens.free or tokens.has_class) or _is_nameless(tokens, columns):
        return None
    if (columns.has_more and not _is_in_place(tokens, columns)) or _is_class_alone(tokens, columns):
        return None
    return Promise(
        parts=parts,
        name=tokens.free[0].words if tokens.free else "",
        target=_whole_target(tokens) if len(tokens.free) == _PAIR else None,
        moved=_all_moved(tokens, columns),
    )


def _is_class_alone(tokens: Tokens, columns: Columns) -> bool:
    """Return whether an unknown class stands where the name would be, with the target in its own column."""
    places = [tokens.line.column(cell) for cell in tokens.free]
    is_class = bool(tokens.free) and _CLASS.search(tokens.free[0].squeezed) is not None
    return is_class and len(places) == _PAIR and places[0] < columns.name and places[1] == columns.target


def _is_in_place(tokens: Tokens, columns: Columns) -> bool:
    """Return whether name and target stand in their columns."""
    places = [tokens.line.column(cell) for cell in tokens.free]
    return places == [columns.name, columns.target][: len(places)]


def _whole_target(tokens: Tokens) -> str:
    """Return a target with the sign before it and the unit behind it that stand in columns of their own."""
    target = tokens.free[1].words
    sign, unit = _additions(tokens)
    return f"{sign.squeezed if sign else ''}{target}{unit.squeezed if unit else ''}"


def _additions(tokens: Tokens) -> tuple[Cell | None, Cell | None]:
    """Return the sign and the unit that belong to the target, which has to be a number for that."""
    target = tokens.free[1].squeezed
    if not _NUMBER.match(target):
        return None, None
    unit = tokens.unit
    is_said = unit is not None and (target.endswith(unit.squeezed) or not _WORD.search(unit.squeezed))
    sign = None if _SIGN.match(target) else tokens.sign
    return sign, None if is_said else unit


def _promise_of_halves(upper: Tokens, lower: Tokens, columns: Columns) -> Promise:
    name, target = upper.free[0].words, None
    if len(upper.free) == _PAIR:
        target = glued(upper.free[1].words, lower.free[0].words)
        moved = _all_moved(upper, columns)
    elif len(lower.free) == 1 and lower.line.column(lower.free[0]) == columns.target:
        target = lower.free[0].words
        moved = _all_moved(upper, columns) + _moved_classes(lower, columns)
    else:
        name = glued(name, lower.free[0].words)
        target = lower.free[1].words if len(lower.free) == _PAIR else None
        moved = _all_moved(upper, columns) + _all_moved(lower, columns)
    return Promise(parts=(upper, lower), name=name, target=target, moved=moved)


def _is_nameless(tokens: Tokens, columns: Columns) -> bool:
    """Tell whether the only free words of a row are no name: a target, or something beside the table."""
    if len(tokens.free) != 1:
        return False
    column = tokens.line.column(tokens.free[0])
    if column == columns.target:
        return not _stands_in_name(tokens, columns) or is_figure(tokens.free[0].words)
    return column != columns.name and not tokens.has_class


def _all_moved(tokens: Tokens, columns: Columns) -> tuple[Moved, ...]:
    homes = (columns.name, columns.target)
    free = (_moved(tokens, cell, home) for cell, home in zip(tokens.free, homes, strict=False))
    return (*_moved_classes(tokens, columns), *(one for group in free for one in group))


def _moved_classes(tokens: Tokens, columns: Columns) -> tuple[Moved, ...]:
    # Two words of level 2 exclude each other: which of them has moved cannot be known.
    if tokens.second is not None:
        return ()
    places = ((tokens.level1, columns.level1), (tokens.level2, columns.level2))
    return tuple(one for cell, home in places if cell for one in _moved(tokens, cell, home, is_class=True))


def _moved(tokens: Tokens, cell: Cell, home: int, *, is_class: bool = False) -> tuple[Moved, ...]:
    """Say how *cell* stands to its column; nothing where it stands in it."""
    if cell.column == home:
        return ()
    column = tokens.line.column(cell)
    return (Moved(cell=cell, column=column, by=cell.column - home, on_page=column - home, is_class=is_class),)


def _note_beside(cell: Cell, promise: Promise, tally: Tally) -> None:
    """Record whether a sign or a unit has become part of the target, or stands in it already."""
    if cell.squeezed in (promise.target or ""):
        tally.take(Use.ROW, cell)
    else:
        tally.refuse(cell, message("目标值不是数字，没有把符号、单位和它合写"))


def _refuse(parts: tuple[Tokens, ...], tally: Tally) -> None:
    for tokens in parts:
        reason = (
            message(
                "这一行有 {count} 格文字，分不清哪格是指标名称、哪格是目标值", count=str(len(tokens.free))
            )
            if len(tokens.free) > _PAIR
            else message("这一行只有一格文字，不在三级指标格")
        )
        classes = (tokens.level1, tokens.level2, tokens.second, *tokens.unknown)
        for cell in (*classes, *tokens.free, tokens.sign, tokens.unit):
            if cell:
                tally.refuse(cell, reason)
