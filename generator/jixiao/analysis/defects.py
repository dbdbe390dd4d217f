"""Marks: what is damaged in a form, in words, on pages and in reports; never by colour alone."""

from typing import Final

from jixiao.model.declaration import Certainty, Defect, Indicator, Remark, RemarkedField

DEFECTS = {
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
"""Chinese words; other languages through the interface words."""
UNCONFIRMED_TEXT = "文字待核"
"""Nobody knows whether the words are right."""
MARKS: Final = (*dict.fromkeys(DEFECTS.values()), UNCONFIRMED_TEXT)
"""Every mark once, in the order in which they are listed."""
FIELDS: Final = {
    RemarkedField.NAME: "项目名称",
    RemarkedField.OVERALL_GOAL: "项目总目标",
    RemarkedField.ANNUAL_GOAL: "年度总目标",
    RemarkedField.PERIOD: "计划起止日期",
    RemarkedField.FUNDING: "项目资金",
}
"""The fields of the form that a remark can be about, in its words."""


def marks_of(indicator: Indicator) -> tuple[str, ...]:
    """List the marks of one row, each once."""
    marks = [DEFECTS[defect] for defect in indicator.defects]
    if indicator.certainty.class_ is Certainty.UNCONFIRMED:
        marks.append(DEFECTS[Defect.CLASS_UNCERTAIN])
    if indicator.certainty.text is Certainty.UNCONFIRMED:
        marks.append(UNCONFIRMED_TEXT)
    return tuple(dict.fromkeys(marks))


def marks_of_remark(remark: Remark) -> tuple[str, ...]:
    """List the marks of a remark, each once."""
    return tuple(dict.fromkeys(DEFECTS[defect] for defect in remark.defects))
