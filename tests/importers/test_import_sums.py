"""Sums of the block of money in a form as received: each to its own side and year, and else asked for."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from ruamel.yaml import YAML

from tests.conftest import ROOT, jixiao

FORM = """\
项目支出绩效目标申报表
(2024年度)
项目名称\t巡诊\t项目性质\t经常性项目
主管部门\t市人社局\t实施单位\t就业促进中心
计划开始日期\t2024-01-01\t计划完成日期\t2024-12-31
{money}
总体目标\t年度目标
\t全年巡诊。
绩效指标\t一级指标\t二级指标\t三级指标\t指标值
\t产出指标\t数量指标\t巡诊次数\t≥120次
"""
YEAR = {"total": 100, "appropriation": 60, "other": 40}
SUMS: Mapping[str, tuple[str, Mapping[str, Mapping[str, int]] | None]] = {
    "project-blank": (
        "项目资金(万元)\t项目资金总额\t300\t年度资金总额\t100\n\t财政拨款\t\t财政拨款\t60\n\t其他资金\t\t其他资金\t40",
        {"project": {"total": 300}, "annual": YEAR},
    ),
    "both-filled": (
        (
            "项目资金(万元)\t项目资金总额\t300\t年度资金总额\t100\n"
            "\t其中:财政资金\t260\t其中:财政拨款\t60\n\t其他资金\t40\t其他资金\t40"
        ),
        {"project": {"total": 300, "fiscal": 260, "other": 40}, "annual": YEAR},
    ),
    "year-blank": (
        (
            "项目资金(万元)\t项目资金总额\t300\t年度资金总额\t100\n"
            "\t其中:财政资金\t\t其中:财政拨款\t60\n\t其他资金\t40\t其他资金\t"
        ),
        {"project": {"total": 300, "other": 40}, "annual": {"total": 100, "appropriation": 60}},
    ),
    "year-at-the-left": (
        (
            "项目资金(万元)\t年度资金总额\t100\t项目资金总额\t300\n"
            "\t其中:财政拨款\t60\t其中:财政资金\t260\n\t其他资金\t40\t其他资金\t"
        ),
        {"project": {"total": 300, "fiscal": 260}, "annual": YEAR},
    ),
    "carryover-twice": (
        (
            "项目资金(万元)\t项目资金总额\t300\t年度资金总额\t100\n"
            "\t上年结转\t\t上年结转\t60\n\t其他资金\t\t其他资金\t40"
        ),
        {"project": {"total": 300}, "annual": {"total": 100, "carryover": 60, "other": 40}},
    ),
    "one-below-the-other": (
        "项目资金(万元)\t项目资金总额\t300\n\t其他资金\t30\n\t年度资金总额\t100\n\t其他资金\t40",
        {"project": {"total": 300, "other": 30}, "annual": {"total": 100, "other": 40}},
    ),
    "no-total-above": ("项目资金(万元)\t其他资金\t40\t其他资金\t30", None),
    "in-the-middle-of-both": (
        "项目资金(万元)\t项目资金总额\t300\t\t年度资金总额\t100\n\t\t\t其他资金\t\t40",
        None,
    ),
    "another-period-beside": (
        (
            "项目资金(万元)\t中期资金总额\t300\t年度资金总额\t100\n"
            "\t其中:财政拨款\t260\t其中:财政拨款\t60\n\t其他资金\t\t其他资金\t40"
        ),
        {"annual": YEAR},
    ),
    "another-period-below": (
        "项目资金(万元)\t年度资金总额\t100\n\t其他资金\t\n\t中期资金总额\t300\n\t其他资金\t240",
        {"annual": {"total": 100}},
    ),
    "column-of-last-year": (
        (
            "项目资金(万元)\t资金来源\t上年执行数\t本年申请数\n\t年度资金总额\t300\t100\n"
            "\t其中:财政拨款\t260\t60\n\t其他资金\t\t40"
        ),
        {"annual": YEAR},
    ),
    "only-last-year-filled": (
        "项目资金(万元)\t资金来源\t上年执行数\t本年申请数\n\t年度资金总额\t300\t",
        None,
    ),
    "columns-of-rounds": (
        "项目资金(万元)\t资金来源\t一上\t二上\t批复数\n\t年度资金总额\t300\t200\t100\n\t其他资金\t\t\t40",
        None,
    ),
    "columns-without-headings": ("项目资金(万元)\t年度资金总额\t300\t100", None),
    "block-of-last-year": (
        (
            "上年度资金情况(万元)\t年度资金总额\t70\n\t其中:财政拨款\t70\n"
            "本年度资金情况(万元)\t年度资金总额\t100\n\t其中:财政拨款\t60\n\t其他资金\t40"
        ),
        {"annual": YEAR},
    ),
    "block-of-a-year-in-digits": (
        "2023年资金情况(万元)\t年度资金总额\t70\n2024年资金情况(万元)\t年度资金总额\t100",
        {"annual": {"total": 100}},
    ),
    "budgets-of-two-years": (
        "项目资金(万元)\t上年度预算\t70\t本年度预算\t100\n\t其中:财政拨款\t70\t其中:财政拨款\t100",
        None,
    ),
    "units-that-differ": (
        "项目资金\t年度资金总额(万元)\t50\n\t其中:财政拨款(元)\t500000",
        {"annual": {"total": 50, "appropriation": 500000}},
    ),
    "no-unit": (
        "项目资金\t年度资金总额\t50\n\t其中:财政拨款\t80",
        {"annual": {"total": 50, "appropriation": 80}},
    ),
    "labels-above": ("资金情况(万元)\t项目资金总额:\t年度资金总额:\n\t300\t100", None),
    "labels-above-some-beside": (
        "资金情况(万元)\t项目资金总额\t300\n\t财政拨款:\t其他资金:\n\t260\t40",
        None,
    ),
}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[Mapping[str, object], str]]:
    """The written values and the output for each form of `SUMS`."""
    folder = tmp_path_factory.mktemp("sums")
    for case, (money, _) in SUMS.items():
        (folder / f"{case}.txt").write_text(FORM.format(money=money), encoding="utf-8")
    forms = [str(folder / f"{case}.txt") for case in SUMS]
    said = jixiao("import", *forms, "--to", str(folder / "out"), language="zh").stdout
    accounts = re.split(r"^(?=\S+（|\S+ 第 \d+ 至)", said, flags=re.MULTILINE)[1:]
    return {
        case: (YAML().load((folder / f"out/project-{number}.yml").read_text("utf-8")), account)
        for number, (case, account) in enumerate(zip(SUMS, accounts, strict=True), 1)
    }


@pytest.mark.parametrize("case", SUMS)
def test_a_sum_is_of_the_side_and_the_year_that_its_labels_name_and_else_asked_for(
    case: str, imported: Mapping[str, tuple[Mapping[str, object], str]]
) -> None:
    money, expected = SUMS[case]
    written, said = imported[case]
    funding = written.get("funding")
    blocks = (
        {block: sums for block, sums in funding.items() if block != "unit"}
        if isinstance(funding, dict)
        else None
    )

    assert blocks == expected
    assert "remarks" not in written
    # What is not in the file is listed.
    filed = [str(number) for block in (expected or {}).values() for number in block.values()]
    for number in re.findall(r"(?<=\t)[0-9]+(?=\t|\n|$)", money):
        if number in filed:
            filed.remove(number)
        else:
            assert f"没有放入：“{number}”" in said


def test_a_sum_merged_over_several_labels_is_asked_for(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    money = "项目资金(万元)\t年度资金总额\t\t100\n\t其中:财政拨款\t\t\n\t其他资金\t\t40"
    for line in FORM.format(money=money).splitlines():
        sheet.append(line.split("\t"))
    sheet.merge_cells("D6:D7")
    book.save(tmp_path / "form.xlsx")

    said = jixiao("import", "form.xlsx", "--to", "out", "--project", str(ROOT), language="zh", cwd=tmp_path)

    assert "\nfunding:" not in (tmp_path / "out/project-1.yml").read_text("utf-8")
    assert "“100”：一个金额占了几个栏目的格子，分不清是哪一栏的" in said.stdout
    assert "“40”：资金栏里另有放不下的金额" in said.stdout
