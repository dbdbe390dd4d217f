"""The class of each promise: what its row says, what it inherits, and where more than one reading is left.

A level-1 or level-2 cell that is empty inherits, as in the merged cells of the printed table. A row that lost
a cell at the border of two merged cells may belong to either; the group below comes first, because the words
of a merged cell that runs over a page break are printed on the next page.
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
from jixiao.importers.indicator_columns import Columns
from jixiao.importers.indicator_rows import Promise
from jixiao.importers.split_rows import Lists, Tokens
from jixiao.importers.tally import Tally

_ONE_LEFT = frozenset({-1})
_LONGEST_CLASS = 20
_NEAR = 0.7


class Class(NamedTuple):
    """A level-1 class with one of its level-2 classes."""

    level1: str
    level2: str


class Doubt(Enum):
    """Why more than one class is possible."""

    CONFLICT = "conflict"
    """Its own words exclude each other."""
    BORDER = "border"
    """It stands between two groups and lost the cell that would tell."""
    UNKNOWN = "unknown"
    """Its own word is in no closed list."""
    ELSEWHERE = "elsewhere"
    """It is damaged, and another form files the same promise under another class."""

    @property
    def is_of_this_form(self) -> bool:
        """Whether the form itself leaves the class open."""
        return self is not Doubt.ELSEWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Classified:
    """A promise with its class."""

    promise: Promise
    of: Class
    inherits: bool = False
    """Its row says nothing of its class."""
    is_completed: bool = False
    """A level that its row leaves open follows from the closed lists."""
    level2_in_level1: bool = False
    doubt: Doubt | None = None
    alternative: Class | None = None
    """The other reading, where there is one."""
    follows_doubt: bool = False
    """The doubt is that of the row above."""
    elsewhere: tuple[str, Class] | None = None
    """Another form (its name) that files the same promise under another class."""

    @property
    def is_damaged(self) -> bool:
        """Whether the class is not simply printed in its place."""
        return bool(
            self.promise.moved
            or self.promise.is_split
            or self.is_completed
            or self.level2_in_level1
            or self.doubt
        )


class _Said(NamedTuple):
    """What a row says of its class."""

    of: Class | None
    is_completed: bool = False
    level2_in_level1: bool = False
    doubt: Doubt | None = None
    alternative: Class | None = None


def classify(
    promises: Sequence[Promise], columns: Columns, lists: Lists, tally: Tally
) -> tuple[Classified, ...]:
    """Find the class of each of *promises*, in order; rows of which no class can be told have no place.

    Args:
        promises: All of one form, with the rows that are headings alone.
        columns: Of the table.
        lists: The closed lists of the edition.
        tally: Where rows without a class are noted.
    """
    said = _said_by_rows(promises, columns, lists)
    found: list[Classified] = []
    above: Classified | None = None
    for position, promise in enumerate(promises):
        below = _group_below(position, promises, said, above)
        above = _classified(promise, said[position], above, below)
        if above is not None:
            found.append(above)
            continue
        for cell in (*promise.cells, *promise.beside):
            tally.refuse(cell, message("看不出这一行属于哪个二级指标"))
    for one, below_it in zip_longest(found, found[1:]):
        if one.promise.is_heading and not (below_it and below_it.inherits):
            for cell in (*one.promise.cells, *one.promise.beside):
                tally.refuse(cell, message("这个类别下没有指标"))
    return tuple(one for one in found if not one.promise.is_heading)


def _said_by_rows(promises: Sequence[Promise], columns: Columns, lists: Lists) -> list[_Said]:
    """Say for each row what it says itself, knowing what was said above it."""
    said: list[_Said] = []
    current: Class | None = None
    for promise in promises:
        labels = promise.labels
        one = _said(labels, columns, lists, current) if labels.has_class else _Said(None)
        said.append(one)
        # Where words of a class cannot be read, the rows below do not go on with the class above them.
        current = one.of if labels.has_class else current
    return said


def _classified(
    promise: Promise, said: _Said, above: Classified | None, below: Class | None
) -> Classified | None:
    """Give a promise its class; nothing where none can be told.

    Args:
        promise: The promise.
        said: What its own row says.
        above: The row above it.
        below: The group that begins below it, if the row may belong to that.
    """
    if promise.labels.has_class:
        return None if said.of is None else Classified(promise=promise, **said._asdict())
    if below is not None and (above is None or below != above.of):
        alternative = above.of if above else None
        return Classified(
            promise=promise, of=below, inherits=True, doubt=Doubt.BORDER, alternative=alternative
        )
    if above is None:
        return None
    return Classified(
        promise=promise,
        of=above.of,
        inherits=True,
        doubt=above.doubt,
        alternative=above.alternative,
        follows_doubt=above.doubt is not None,
    )


def _said(labels: Tokens, columns: Columns, lists: Lists, current: Class | None) -> _Said:
    """Read the class words of one row."""
    level1 = lists.level1(labels.level1) if labels.level1 else None
    level2 = lists.level2(labels.level2) if labels.level2 else None
    in_level1 = bool(level2 and labels.level2 and labels.line.column(labels.level2) == columns.level1)
    if labels.unknown:
        return _unknown(labels, lists, level1, current)
    if labels.second is not None:
        other = lists.level2(labels.second) or ""
        return _Said(
            _under(level2, None, lists),
            level2_in_level1=in_level1,
            doubt=Doubt.CONFLICT,
            alternative=_under(other, None, lists),
        )
    if level2 is None:
        return _level1_alone(level1, lists, current)
    of = _under(level2, level1 or (current.level1 if current else None), lists)
    if level1 and of and of.level1 != level1:
        return _Said(of, doubt=Doubt.CONFLICT)
    is_completed = level1 is None and (in_level1 or current is None or current.level1 != (of and of.level1))
    return _Said(of, is_completed=is_completed, level2_in_level1=in_level1)


def _under(level2: str | None, level1: str | None, lists: Lists) -> Class | None:
    """Put a word of level 2 under *level1* if it belongs there, or under the first class that has it."""
    parents = lists.taxonomy.parents_of(level2) if level2 else ()
    if not level2 or not parents:
        return None
    return Class(level1 if level1 in parents else parents[0], level2)


def _level1_alone(level1: str | None, lists: Lists, current: Class | None) -> _Said:
    """Complete a row that says level 1 alone: by the row above, or because there is only one level 2."""
    if level1 is None:
        return _Said(None)
    if current and current.level1 == level1:
        return _Said(current)
    only = lists.taxonomy.levels[level1]
    return _Said(Class(level1, only[0]) if len(only) == 1 else None, is_completed=True)


def _unknown(labels: Tokens, lists: Lists, level1: str | None, current: Class | None) -> _Said:
    """Follow the known word of a row; or take the unknown one for the nearest, or follow the row above."""
    if labels.level2:
        of = _under(lists.level2(labels.level2), level1, lists)
    else:
        words = [word for classes in lists.taxonomy.levels.values() for word in classes]
        typed = labels.unknown[-1].squeezed
        near = get_close_matches(typed, words, n=1, cutoff=_NEAR) if len(typed) <= _LONGEST_CLASS else []
        of = _under(near[0], level1, lists) if near else None
    if of is None:
        of = _level1_alone(level1, lists, current).of if level1 else current
    return _Said(of, doubt=Doubt.UNKNOWN)


def _group_below(
    position: int, promises: Sequence[Promise], said: Sequence[_Said], above: Classified | None
) -> Class | None:
    """Give the class of the group that begins below a run of rows that each lost one cell.

    A row that lost a cell as the row above it did goes with that one.

    Args:
        position: Of the row in question.
        promises: All rows.
        said: What they say.
        above: The row above it, classified.
    """
    if above and above.promise.pattern == _ONE_LEFT:
        return None
    for promise, words in zip(islice(promises, position, None), islice(said, position, None), strict=True):
        if promise.labels.has_class:
            return words.of
        if promise.pattern != _ONE_LEFT:
            return None
    return None


def compared(forms: Sequence[tuple[str, Sequence[Classified]]]) -> Iterator[tuple[Classified, ...]]:
    """Compare the damaged rows of each form with the same promises of the other forms.

    Args:
        forms: The name of each project with its promises. Filed together, they were made by the same hands.
    """
    filed: dict[tuple[str, str | None], list[tuple[int, Class]]] = defaultdict(list)
    for number, (_, rows) in enumerate(forms):
        for row in rows:
            filed[row.promise.name, row.promise.target].append((number, row.of))
    for number, (_, rows) in enumerate(forms):
        found: list[Classified] = []
        for row in rows:
            others = filed[row.promise.name, row.promise.target]
            other = next(((at, of) for at, of in others if at != number and of != row.of), None)
            elsewhere = (forms[other[0]][0], other[1]) if other and row.is_damaged else None
            found.append(_with_elsewhere(row, elsewhere, found[-1] if found else None))
        yield tuple(found)


def _with_elsewhere(
    row: Classified, elsewhere: tuple[str, Class] | None, above: Classified | None
) -> Classified:
    if elsewhere is not None:
        doubt = row.doubt or Doubt.ELSEWHERE
        return replace(row, elsewhere=elsewhere, doubt=doubt, alternative=row.alternative or elsewhere[1])
    if row.inherits and row.doubt is None and above and above.doubt is Doubt.ELSEWHERE and above.of == row.of:
        return replace(row, doubt=Doubt.ELSEWHERE, alternative=above.alternative, follows_doubt=True)
    return row
