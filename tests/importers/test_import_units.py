"""The unit of money in a form as received: found wherever it is printed, and asked for where it is not."""

import re
from collections.abc import Mapping

import pytest

from tests.conftest import jixiao

FORM = """\
{above}项目支出绩效目标表{title}
(2024年度)
{line}项目名称\t巡诊
主管部门\t市人社局\t实施单位\t就业促进中心
项目性质\t经常性项目
计划开始日期\t2024-01-01\t计划完成日期\t2024-12-31
{block}\t{heading}\t年度资金总额{behind}\t{total}
\t\t其他资金\t{other}
总体目标\t年度目标
\t全年巡诊一百二十次，村集体增收6万元，人均（元）见附表。
绩效指标\t一级指标\t二级指标\t三级指标\t指标值
\t产出指标\t数量指标\t巡诊次数\t≥120次
\t产出指标\t成本指标\t巡诊成本\t≤50万元
{below}
"""
BLANK = {
    "above": "",
    "title": "",
    "line": "",
    "block": "项目资金",
    "heading": "",
    "behind": "",
    "total": "50",
    "other": "",
    "below": "",
}
STATED = {
    "known-label": ({"block": "项目资金(万元)"}, "万元"),
    "unknown-label": ({"block": "资金情况(万元)"}, "万元"),
    "label-over-lines": ({"block": "投入目标 （万元）"}, "万元"),
    "label-with-more-behind": ({"block": "项目资金（单位：万元）预算执行10分"}, "万元"),
    "heading-of-column": ({"heading": "年初安排金额(万元)"}, "万元"),
    "heading-of-column-alone": ({"heading": "（万元）"}, "万元"),
    "yearly-budget": ({"block": "年度预算数(万元)"}, "万元"),
    "behind-the-sum-shortened": ({"behind": "(万)"}, "万元"),
    "behind-the-sum-with-currency": ({"behind": "（单位：人民币：万元）"}, "万元"),
    "behind-the-sum-no-word-for-it": ({"behind": "（亿）"}, None),
    "line": ({"line": "单位：万元\n"}, "万元"),
    "line-in-brackets": ({"line": "（单位：人民币万元）\n"}, "万元"),
    "line-in-inner-brackets": ({"line": "单位：人民币（万元）\n"}, "万元"),
    "line-wide": ({"line": "\t\t\t单 位 ： 万 元\n"}, "万元"),
    "several-labels-in-a-line": ({"line": "预算单位: 元氏县教育局      金额单位:万元\n"}, "万元"),
    "several-labels-other-order": ({"line": "金额单位：万元，编制单位：某局\n"}, "万元"),
    "label-and-value": ({"line": "金额单位\t万元\n"}, "万元"),
    "sentence": ({"line": "本表金额单位为万元\n"}, "万元"),
    "above-the-title": ({"above": "单位：万元\n"}, "万元"),
    "yuan": ({"block": "项目资金（元）"}, "元"),
    "at-the-sum": ({"total": "50万元"}, "万元"),
    "at-the-sum-shortened": ({"total": "50万"}, "万元"),
    "at-the-sum-and-the-block": ({"block": "项目资金（万元）", "total": "50 万元"}, "万元"),
    "at-both-sums": ({"total": "50万元", "other": "20万元"}, "万元"),
    "at-the-sum-beside-nothing": ({"total": "50万元", "other": "0"}, "万元"),
    "at-one-sum-only": ({"total": "50", "other": "20万元"}, None),
    "price-of-something": ({"line": "每亩单价（元）\t\n"}, None),
    "nowhere": ({}, None),
    "in-the-name-of-a-unit": ({"line": "预算单位:元氏县教育局\n"}, None),
    "contradiction": ({"line": "单位：元\n", "block": "项目资金（万元）"}, None),
    "either-of-two": ({"line": "单位:元/万元\n"}, None),
    "either-of-two-other-order": ({"line": "单位:万元/元\n"}, None),
    "either-of-two-comma": ({"line": "金额单位:元、万元\n"}, None),
    "either-of-two-wide-comma": ({"line": "单位:元，万元\n"}, None),
    "either-of-two-blank": ({"line": "单位:元 万元\n"}, None),
    "either-of-two-in-brackets": ({"line": "单位(元/万元)\n"}, None),
    "either-of-two-in-brackets-of-the-block": ({"block": "项目资金(元/万元)"}, None),
    "either-of-two-in-words": ({"line": "金额单位：元或万元\n"}, None),
    "either-of-two-alone": ({"heading": "元/万元"}, None),
    "either-of-two-boxes": ({"line": "金额单位:□元 ☑万元\n"}, None),
    "sentence-with-more": ({"line": "(本表以万元为单位,保留两位小数)\n"}, "万元"),
    "behind-the-title": ({"title": "(万元)"}, "万元"),
    "traditional": ({"line": "單位:萬元\n"}, "万元"),
    "contradiction-below": ({"block": "项目资金（万元）", "below": "注：金额单位：元"}, None),
    "block-below": ({"total": "", "below": "项目资金（万元）\t年度资金总额\t50"}, None),
    "below-alone": ({"below": "金额单位：万元"}, None),
    "below-in-a-note": ({"below": "注:本表金额单位为万元。"}, None),
    "no-word-for-it": ({"block": "项目资金（千元）"}, None),
    "no-word-for-it-in-a-line": ({"line": "单位：百万元\n"}, None),
    "no-word-for-it-at-the-sum": ({"total": "50亿元"}, None),
    "foreign": ({"line": "单位：万美元\n"}, None),
}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[str, str]]:
    """The written money and the output for each form of `STATED`."""
    folder = tmp_path_factory.mktemp("units")
    for case, (changes, _) in STATED.items():
        (folder / f"{case}.txt").write_text(FORM.format(**BLANK | changes), encoding="utf-8")
    forms = [str(folder / f"{case}.txt") for case in STATED]
    said = jixiao("import", *forms, "--to", str(folder / "out"), language="zh").stdout
    accounts = re.split(r"^(?=\S+（|\S+ 第 \d+ 至)", said, flags=re.MULTILINE)[1:]
    found = {}
    for number, (case, account) in enumerate(zip(STATED, accounts, strict=True), 1):
        text = (folder / f"out/project-{number}.yml").read_text("utf-8")
        found[case] = (text.partition("\nfunding:")[2].partition("\ngoals:")[0], account)
    return found


@pytest.mark.parametrize("case", STATED)
def test_the_unit_is_written_as_the_form_states_it_and_else_asked_for(
    case: str, imported: Mapping[str, tuple[str, str]]
) -> None:
    unit = STATED[case][1]
    funding, said = imported[case]

    # A sum in a unit that a file cannot hold stays as filed, so that no other unit can be laid on it.
    typed = '"50亿元"' if case == "no-word-for-it-at-the-sum" else "50"
    stated = f"\n  unit: {unit}" if unit else ""
    other = STATED[case][0].get("other", "")
    behind = f"\n    other: {other.removesuffix('万元') if unit else repr(other)}" if other else ""
    assert funding == f"{stated}\n  annual:\n    total: {typed}{behind}".replace("'", '"')
    assert ("没有写金额单位" in said) is (unit is None)


SAYS = {
    "either-of-two": "表上写了不止一种（万元、元）",
    "either-of-two-other-order": "表上写了不止一种（万元、元）",
    "either-of-two-comma": "表上写了不止一种（万元、元）",
    "either-of-two-wide-comma": "表上写了不止一种（万元、元）",
    "either-of-two-blank": "表上写了不止一种（万元、元）",
    "either-of-two-in-brackets": "表上写了不止一种（万元、元）",
    "either-of-two-in-brackets-of-the-block": "表上写了不止一种（万元、元）",
    "either-of-two-in-words": "表上写了不止一种（万元、元）",
    "either-of-two-alone": "表上写了不止一种（万元、元）",
    "either-of-two-boxes": "表上写了不止一种（万元、元）",
    "below-in-a-note": "只有表下写了万元",
    "nowhere": "表头和资金栏都没有写明",
}


@pytest.mark.parametrize("case", SAYS)
def test_a_question_about_the_unit_says_what_stands_on_the_form(
    case: str, imported: Mapping[str, tuple[str, str]]
) -> None:
    assert f"没有写金额单位：{SAYS[case]}" in imported[case][1]
