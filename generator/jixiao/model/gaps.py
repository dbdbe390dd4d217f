"""Gaps: what a declaration leaves blank and what of its form is damaged, counted by kind.

A gap is told, never filled: a blank sum is 未填报 and not 0. A place counts once for each of its kinds.
"""

from collections import Counter
from functools import cache
from typing import Final

from jixiao.analysis.defects import MARKS, marks_of, marks_of_remark
from jixiao.model.declaration import Declaration

NO_SUM: Final = "未填报年度资金申请总额"
NO_UNIT: Final = "未写明金额单位"
NO_TARGET: Final = "未填报目标值"
KINDS: Final = (NO_SUM, NO_UNIT, NO_TARGET, *MARKS)
"""Chinese words: what is blank, then what is damaged."""
Gaps = tuple[int, ...]
"""How many places a declaration has of each kind, in the order of `KINDS`."""


def gaps_of(declaration: Declaration) -> Gaps:
    """Count the gaps of *declaration* by kind."""
    rows = [row.indicator for row in declaration.rows()]
    counts = Counter(mark for indicator in rows for mark in marks_of(indicator))
    counts.update(mark for remark in declaration.remarks for mark in marks_of_remark(remark))
    counts[NO_SUM] = int(declaration.funding.annual.total is None)
    counts[NO_UNIT] = int(declaration.funding.unit is None)
    counts[NO_TARGET] = sum(indicator.target is None for indicator in rows)
    return shared_gaps(tuple(counts[kind] for kind in KINDS))


@cache
def shared_gaps(gaps: Gaps) -> Gaps:
    """Give equal counts that are kept once: many declarations of a site have the same."""
    return gaps


def has(gaps: Gaps, *kinds: str) -> bool:
    """Tell whether there is a gap of any of these kinds."""
    return any(count for kind, count in zip(KINDS, gaps, strict=True) if kind in kinds)
