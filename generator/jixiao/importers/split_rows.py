"""What stands in a row of the table: class words, which closed lists tell, and free words: the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from jixiao.i18n import message
from jixiao.importers.form_labels import is_side
from jixiao.importers.grid import Cell
from jixiao.importers.indicator_columns import Columns
from jixiao.importers.table import Line
from jixiao.importers.tally import Tally, Use
from jixiao.model.target import COMPARISON_SIGNS, read_target
from jixiao.model.taxonomy import Taxonomy
from jixiao.problems import Misread

_PAIR = 2
SIGNS = frozenset({">=", "<=", *COMPARISON_SIGNS})
"""What may stand in a column for signs and be read as one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """The words of one row."""

    line: Line
    level1: Cell | None = None
    """A word of the closed list of level 1."""
    level2: Cell | None = None
    """A word of the closed lists of level 2."""
    second: Cell | None = None
    """Another word of level 2 in the same row."""
    unknown: tuple[Cell, ...] = ()
    """Words in the cells of a class that no closed list has; name and target stand in their own cells."""
    free: tuple[Cell, ...] = ()
    """Names and targets, from the left."""
    sign: Cell | None = None
    """The sign of the target, in a column of its own."""
    unit: Cell | None = None
    """The unit of the target, in a column of its own."""

    @property
    def has_class(self) -> bool:
        """Whether the row says anything of its class."""
        return bool(self.level1 or self.level2 or self.unknown)


@dataclass(frozen=True, kw_only=True)
class Lists:
    """The closed lists of one edition, ready to be asked."""

    taxonomy: Taxonomy

    def level1(self, cell: Cell) -> str | None:
        """Give the level-1 class that *cell* names."""
        return self._known(cell, self.taxonomy.levels)

    def level2(self, cell: Cell) -> str | None:
        """Give the level-2 class that *cell* names."""
        return self._known(cell, (word for words in self.taxonomy.levels.values() for word in words))

    @staticmethod
    def _known(cell: Cell, words: Iterable[str]) -> str | None:
        return cell.squeezed if cell.squeezed in words else None


def read_tokens(line: Line, columns: Columns, lists: Lists, tally: Tally) -> Tokens:
    """Tell the words of *line* apart; note the label beside the table, and what stands right of it.

    Args:
        line: A row of the table.
        columns: Of the table.
        lists: The closed lists by which class words are known.
        tally: Where labels are noted.
    """
    found = Tokens(line=line)
    for cell in line.row.filled:
        column = line.column(cell)
        if cell.column == 1 and columns.level1 > 1 and is_side(cell):
            tally.take(Use.LABEL, cell)
        elif column in columns.signs and cell.squeezed in SIGNS:
            found = replace(found, sign=cell)
        elif column == columns.unit:
            found = replace(found, unit=cell)
        elif column in columns.others or column in columns.signs:
            tally.refuse(cell, message("文件里没有这一栏：{heading}", heading=columns.heading(column)))
        elif column > columns.target:
            tally.refuse(cell, message("目标值右边的这一栏没有对应的栏目"))
        elif found.free or not _may_be_class(cell, line, columns):
            found = replace(found, free=(*found.free, cell))
        else:
            found = _with_class_word(found, cell, column=column, columns=columns, lists=lists)
    return _with_unknown_words(found, columns, lists)


def _with_class_word(found: Tokens, cell: Cell, *, column: int, columns: Columns, lists: Lists) -> Tokens:
    is_level2_alone = column == columns.name
    if lists.level1(cell) and not is_level2_alone and not (found.level1 or found.level2):
        return replace(found, level1=cell)
    if lists.level1(cell) and found.level1 and not found.level2 and column == columns.level2:
        # The word of level 1 once more, where its only class of level 2 belongs.
        return replace(found, level2=cell)
    if lists.level2(cell):
        if found.level2 is None:
            return replace(found, level2=cell)
        if found.second is None:
            return replace(found, second=cell)
    return replace(found, free=(*found.free, cell))


def _may_be_class(cell: Cell, line: Line, columns: Columns) -> bool:
    """Tell whether *cell* stands where a class may: left of the names, or in a name's cell before words."""
    column = line.column(cell)
    if column < columns.name:
        return True
    right = [other for other in line.row.filled if line.column(other) == columns.target]
    left = [other for other in line.row.filled if line.column(other) == columns.level2]
    return column == columns.name and not left and bool(right) and not is_figure(right[0].words)


def is_figure(words: str) -> bool:
    """Tell whether *words* are a target that is a number."""
    try:
        target = read_target(words) if words else None
    except Misread:
        return True
    return target is not None and target.quantity is not None


def _with_unknown_words(found: Tokens, columns: Columns, lists: Lists) -> Tokens:
    """Take words for an unknown class where name and target stand in their own cells behind them."""
    places = [found.line.column(cell) for cell in found.free]
    if len(places) <= _PAIR or places[-_PAIR:] != [columns.name, columns.target]:
        return found
    words, free = found.free[:-_PAIR], found.free[-_PAIR:]
    known = next((cell for cell in words if found.level2 is None and lists.level2(cell)), None)
    unknown = tuple(cell for cell in words if cell is not known)
    return replace(found, level2=known or found.level2, unknown=unknown, free=free)


def lists_for(
    lines: Iterable[Line], columns: Columns, taxonomies: Mapping[str, Taxonomy], year: str
) -> Lists:
    """Choose the edition whose closed lists fit best.

    Where several fit alike it is the latest that was in force before the year began, because a form is filled
    in before its year.

    Args:
        lines: The rows of the table.
        columns: Of the table.
        taxonomies: By edition; at least one.
        year: Of the form; empty where it states none.
    """
    cells = [(line.column(cell), cell) for line in lines for cell in line.row.filled]

    def fit(lists: Lists) -> int:
        score = 0
        for column, cell in cells:
            for word, home in ((lists.level1(cell), columns.level1), (lists.level2(cell), columns.level2)):
                score += (1 + (column == home)) if word else 0
        return score

    def rank(edition: str) -> tuple[int, bool, str]:
        return fit(Lists(taxonomy=taxonomies[edition])), not year or edition < year, edition

    return Lists(taxonomy=taxonomies[max(taxonomies, key=rank)])
