"""One project in two years side by side: its sums, its facts in words, and what became of each target.

What became of a target is said of its number and its words, never of the effort behind it: a higher number
can be the easier promise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jixiao.analysis.diff import MoneyChanged, former_ids, sums_of_both
from jixiao.model.declaration import Declaration, Row
from jixiao.model.target import Target
from jixiao.model.taxonomy import Taxonomy
from jixiao.text import Text


class Fate(StrEnum):
    """What became of a target from one declaration to the next; the words that readers see."""

    KEPT = "不变"
    RAISED = "数字调高"
    LOWERED = "数字调低"
    REWORDED = "目标值改写"
    REDEFINED = "指标改动"
    """Its name or its class is another one, and so it promises something else."""
    NEW = "新列出"
    DROPPED = "不再列出"


CHANGED: Final = (Fate.RAISED, Fate.LOWERED, Fate.REWORDED, Fate.REDEFINED)
"""What is there in both years and not the same."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """An indicator in two years."""

    fate: Fate
    old: Row | None
    """`None` where it was not there."""
    new: Row | None
    """`None` where it is not there any more."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A declaration beside the one that it continues."""

    old: Declaration
    new: Declaration
    sums: tuple[MoneyChanged, ...]
    """Every sum that either of them has, changed or not, in the order of the form."""
    texts: tuple[tuple[str, Text | None, Text | None], ...]
    """Title of the form, then the two texts, where they differ."""
    promises: tuple[Promise, ...]
    """In the order of the later form, then those that it does not list."""

    @property
    def counts(self) -> Counter[Fate]:
        """Count the targets by what became of them."""
        return Counter(promise.fate for promise in self.promises)


def compare(old: Declaration, new: Declaration, taxonomy: Taxonomy) -> Comparison:
    """Lay *new* beside the earlier *old*; *taxonomy* is that of the new one, with its crosswalk."""
    return Comparison(
        old=old,
        new=new,
        sums=tuple(sums_of_both(old, new)),
        texts=tuple(_texts(old, new)),
        promises=tuple(_promises(old, new, taxonomy.crosswalk.get(old.edition, {}))),
    )


def _texts(old: Declaration, new: Declaration) -> Iterator[tuple[str, Text | None, Text | None]]:
    for title, was, is_now in (
        ("项目名称", old.name, new.name),
        ("项目性质", old.nature, new.nature),
        ("项目总目标", old.goals.overall, new.goals.overall),
        ("年度总目标", old.goals.annual, new.goals.annual),
    ):
        if was != is_now:
            yield title, was, is_now


def _promises(old: Declaration, new: Declaration, crosswalk: Mapping[str, str]) -> Iterator[Promise]:
    before = {row.indicator.id: row for row in old.rows()}
    after = {row.indicator.id: row for row in new.rows()}
    former = former_ids(before, after)
    for identity, row in after.items():
        was = before.pop(former.get(identity, identity), None)
        fate = Fate.NEW if was is None else _fate(was, row, crosswalk)
        yield Promise(fate=fate, old=was, new=row)
    for row in before.values():
        yield Promise(fate=Fate.DROPPED, old=row, new=None)


def _fate(old: Row, new: Row, crosswalk: Mapping[str, str]) -> Fate:
    was_in, is_in = f"{old.level1}/{old.level2}", f"{new.level1}/{new.level2}"
    if old.indicator.name != new.indicator.name or crosswalk.get(was_in, was_in) != is_in:
        return Fate.REDEFINED
    return _fate_of_value(old.indicator.target, new.indicator.target)


def _fate_of_value(old: Target | None, new: Target | None) -> Fate:
    if old == new:
        return Fate.KEPT
    was, is_now = (target.quantity if target else None for target in (old, new))
    if was is None or is_now is None or (was.operator, was.unit) != (is_now.operator, is_now.unit):
        return Fate.REWORDED
    if was.value == is_now.value:
        return Fate.KEPT
    return Fate.RAISED if was.value < is_now.value else Fate.LOWERED
