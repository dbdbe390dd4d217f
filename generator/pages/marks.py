"""Marks: the words for what is damaged in a form, always words and never colour alone."""

from generator.model.declaration import Certainty, Defect, Indicator, Remark

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
}
"""Chinese words; other languages through the interface words."""


def marks_of(indicator: Indicator) -> tuple[str, ...]:
    """List the marks of one row as Chinese words, each once."""
    marks = [DEFECTS[defect] for defect in indicator.defects]
    if indicator.certainty.class_ is Certainty.UNCONFIRMED:
        marks.append(DEFECTS[Defect.CLASS_UNCERTAIN])
    if indicator.certainty.text is Certainty.UNCONFIRMED:
        marks.append("文字待核")
    return tuple(dict.fromkeys(marks))


def marks_of_remark(remark: Remark) -> tuple[str, ...]:
    """List the marks of a remark as Chinese words, each once."""
    return tuple(dict.fromkeys(DEFECTS[defect] for defect in remark.defects))
