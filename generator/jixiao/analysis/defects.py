"""Missing fields and defects of a form: their Chinese labels, and their number in a declaration.

They are reported, never repaired: a blank sum is 未填报 and not 0. A place counts once for each of its kinds,
and labels are words, so that nothing is shown by colour alone.
"""

from collections import Counter
from functools import cache
from typing import Final

from jixiao.model.declaration import Certainty, Declaration, Defect, Indicator, Remark, RemarkedField

DEFECT_LABELS = {
    Defect.NUMBER_MISSING: "原文缺数字",
    Defect.TARGET_MISSING: "目标值缺失",
    Defect.CLASS_UNCERTAIN: "归类待核",
    Defect.LEVEL2_IN_LEVEL1: "错栏",
    Defect.SHIFTED: "错栏",
    Defect.SHIFTED_LEFT: "错栏",
    Defect.SHIFTED_RIGHT: "错栏",
    Defect.SPLIT_BY_PAGE_BREAK: "换页断开",
    Defect.NAME_AND_TARGET_IN_ONE_CELL: "名称与目标值同格",
    Defect.TWO_GOALS_IN_ONE_CELL: "两种目标同格",
    Defect.LINE_BREAK_IN_NAME: "名称中有换行",
    Defect.MARKUP_RESIDUE: "残留网页标签",
    Defect.SUMS_CONTRADICT: "金额不一致",
    Defect.DATES_CONTRADICT: "日期不一致",
}
"""Chinese labels; other languages through the interface catalogues."""
UNCONFIRMED_TEXT_LABEL = "文字待核"
"""Label of a text that nobody has confirmed."""
ALL_DEFECT_LABELS: Final = (*dict.fromkeys(DEFECT_LABELS.values()), UNCONFIRMED_TEXT_LABEL)
"""Every label once, in display order."""
REMARKED_FIELD_LABELS: Final = {
    RemarkedField.NAME: "项目名称",
    RemarkedField.OVERALL_GOAL: "项目总目标",
    RemarkedField.ANNUAL_GOAL: "年度总目标",
    RemarkedField.PERIOD: "计划起止日期",
    RemarkedField.FUNDING: "项目资金",
}
"""Fields of the form that a remark can be about, with their labels."""


def label_defects(indicator: Indicator) -> tuple[str, ...]:
    """Return the labels of the defects of one row, each once."""
    marks = [DEFECT_LABELS[defect] for defect in indicator.defects]
    if indicator.certainty.class_ is Certainty.UNCONFIRMED:
        marks.append(DEFECT_LABELS[Defect.CLASS_UNCERTAIN])
    if indicator.certainty.text is Certainty.UNCONFIRMED:
        marks.append(UNCONFIRMED_TEXT_LABEL)
    return tuple(dict.fromkeys(marks))


def label_remark_defects(remark: Remark) -> tuple[str, ...]:
    """Return the labels of the defects of a remark, each once."""
    return tuple(dict.fromkeys(DEFECT_LABELS[defect] for defect in remark.defects))


NO_SUM_LABEL: Final = "未填报年度资金申请总额"
NO_UNIT_LABEL: Final = "未写明金额单位"
NO_TARGET_LABEL: Final = "未填报目标值"
MISSING_AND_DEFECT_LABELS: Final = (NO_SUM_LABEL, NO_UNIT_LABEL, NO_TARGET_LABEL, *ALL_DEFECT_LABELS)
"""Chinese labels of missing fields, then of defects."""
DefectCounts = tuple[int, ...]
"""Number of places of each kind in a declaration, in the order of `MISSING_AND_DEFECT_LABELS`."""


def count_defects(declaration: Declaration) -> DefectCounts:
    """Count the missing fields and defects of *declaration* by kind."""
    rows = [row.indicator for row in declaration.rows()]
    counts = Counter(mark for indicator in rows for mark in label_defects(indicator))
    counts.update(mark for remark in declaration.remarks for mark in label_remark_defects(remark))
    counts[NO_SUM_LABEL] = int(declaration.funding.annual.total is None)
    counts[NO_UNIT_LABEL] = int(declaration.funding.unit is None)
    counts[NO_TARGET_LABEL] = sum(indicator.target is None for indicator in rows)
    return intern_defect_counts(tuple(counts[kind] for kind in MISSING_AND_DEFECT_LABELS))


@cache
def intern_defect_counts(counts: DefectCounts) -> DefectCounts:
    """Return equal counts as one object: many declarations of a site have the same."""
    return counts


def has_defect(counts: DefectCounts, *labels: str) -> bool:
    """Return whether there is a place of any of these kinds."""
    return any(count for kind, count in zip(MISSING_AND_DEFECT_LABELS, counts, strict=True) if kind in labels)
