"""Marks: what each defect of a form is called, on pages and in reports."""

from generator.model.declaration import Defect

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
