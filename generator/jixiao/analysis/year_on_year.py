"""Year-on-year comparison of one project: its sums, its texts, and the change of each target.

Only the number and the words of a target are compared, not the effort behind it: a higher number can be
easier to reach.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jixiao.analysis.diff import SumChange, find_former_ids, pair_sums
from jixiao.model.declaration import Declaration, DeclarationRow
from jixiao.model.taxonomy import Taxonomy
from jixiao.text import Text


class TargetChange(StrEnum):
    """Change of a target from one declaration to the next; the values are the words shown to readers."""

    KEPT = "不变"
    RAISED = "数字调高"
    LOWERED = "数字调低"
    REWORDED = "目标值改写"
    REDEFINED = "指标改动"
    """Name or class has changed, so that it is another indicator."""
    NEW = "新列出"
    DROPPED = "不再列出"


CHANGED_TARGETS: Final = (
    TargetChange.RAISED,
    TargetChange.LOWERED,
    TargetChange.REWORDED,
    TargetChange.REDEFINED,
)
"""Changes of an indicator that is present in both years."""


@dataclass(frozen=True, kw_only=True)
class IndicatorPair:
    """An indicator in two years."""

    change: TargetChange
    old: DeclarationRow | None
    """`None` if it is new."""
    new: DeclarationRow | None
    """`None` if it was dropped."""


@dataclass(frozen=True, kw_only=True)
class YearOnYear:
    """Declaration compared with the one that it continues."""

    old: Declaration
    new: Declaration
    sums: tuple[SumChange, ...]
    """Every sum of either declaration, changed or not, in the order of the form."""
    texts: tuple[tuple[str, Text | None, Text | None], ...]
    """Title, old text and new text of each text that differs."""
    indicators: tuple[IndicatorPair, ...]
    """Indicators in the order of the later form, then the dropped ones."""

    @property
    def counts(self) -> Counter[TargetChange]:
        """Number of targets by kind of change."""
        return Counter(pair.change for pair in self.indicators)


def compare_years(old: Declaration, new: Declaration, taxonomy: Taxonomy) -> YearOnYear:
    """Compare *new* with the earlier *old*; *taxonomy* is that of *new*, with its crosswalk."""
    texts = (
        ("项目名称", old.name, new.name),
        ("项目性质", old.nature, new.nature),
        ("项目总目标", old.goals.overall, new.goals.overall),
        ("年度总目标", old.goals.annual, new.goals.annual),
    )
    return YearOnYear(
        old=old,
        new=new,
        sums=tuple(pair_sums(old, new)),
        texts=tuple((title, was, is_now) for title, was, is_now in texts if was != is_now),
        indicators=tuple(_pair_indicators(old, new, taxonomy.crosswalk.get(old.edition, {}))),
    )


def _pair_indicators(
    old: Declaration, new: Declaration, crosswalk: Mapping[str, str]
) -> Iterator[IndicatorPair]:
    before = {row.indicator.id: row for row in old.rows()}
    after = {row.indicator.id: row for row in new.rows()}
    former = find_former_ids(before, after)
    for identity, row in after.items():
        was = before.pop(former.get(identity, identity), None)
        change = TargetChange.NEW if was is None else _classify_change(was, row, crosswalk)
        yield IndicatorPair(change=change, old=was, new=row)
    for row in before.values():
        yield IndicatorPair(change=TargetChange.DROPPED, old=row, new=None)


def _classify_change(old: DeclarationRow, new: DeclarationRow, crosswalk: Mapping[str, str]) -> TargetChange:
    was_in, is_in = f"{old.level1}/{old.level2}", f"{new.level1}/{new.level2}"
    if old.indicator.name != new.indicator.name or crosswalk.get(was_in, was_in) != is_in:
        return TargetChange.REDEFINED
    targets = (old.indicator.target, new.indicator.target)
    if targets[0] == targets[1]:
        return TargetChange.KEPT
    was, is_now = (target.quantity if target else None for target in targets)
    if was is None or is_now is None or (was.operator, was.unit) != (is_now.operator, is_now.unit):
        return TargetChange.REWORDED
    if was.value == is_now.value:
        return TargetChange.KEPT
    return TargetChange.RAISED if was.value < is_now.value else TargetChange.LOWERED
