"""Foot rows, template rows and labels of other editions become neither indicators nor values nor goals."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.conftest import ROOT, jixiao
from tests.support.sample_projects import read_sound_declaration

FORM = """\
{title}
{head}
项目性质\t经常性项目
计划开始日期\t2024-01-01\t计划完成日期\t2024-12-31
{money}
{goals}
绩效指标\t一级指标\t二级指标\t三级指标\t指标值
\t产出指标\t数量指标\t巡诊次数\t≥120次
{rows}
"""
SOUND = {
    "title": "项目支出绩效目标表\n(2024年度)",
    "head": "项目名称\t巡诊\n主管部门\t市人社局\t实施单位\t就业促进中心",
    "money": "资金情况(万元)\t年度资金总额\t50\n\t其中:财政拨款\t40",
    "goals": "总体目标\t年度目标\n\t全年巡诊。",
    "rows": "",
}
ROWS = {
    "sound": "",
    "conclusions": "评价结论\t较好。\n存在问题\t无\n改进措施\t无",
    "totals": "合计\t\t\t\t100\n总分\t100\t85",
    "opinions": "财政部门支出股室初审意见\t\t\t同意\n主管部门意见：同意",
    "remarks": "备注\t\t\t另有附件\n注：各地据实填写",
    "template": "\t\t\t指标2:\t\n\t\t\t……\t\n\t\t质量指标\t指标1：\t\n\t\t\t…\t",
}
BLANK_HEAD = "项目名称\t\t项目属性\t\n主管部门\t\t主管部门编码\t\n实施单位\t\t项目期\t1年"
GOALS = {
    "of-several-years": (
        "总体目标\t中期目标(2024年-2026年)\t年度目标\n\t三年巡诊。\t全年巡诊。",
        ("三年巡诊。", "全年巡诊。"),
    ),
    "of-a-cycle": (
        "总体目标\t实施周期总目标(2022年--2024年)\t\t年度目标\t\n\t三年巡诊。\t\t全年巡诊。\t",
        ("三年巡诊。", "全年巡诊。"),
    ),
    "with-results": (
        "总体目标\t年度目标\t\t年度总体目标完成情况\n\t全年巡诊。\t\t巡诊九十次。",
        (None, "全年巡诊。"),
    ),
    "heading-below": (
        "总体目标\t全年巡诊。\t\n绩效项目指标表\n其他说明\t无",
        ("全年巡诊。", None),
    ),
}


YEARS = {
    "in-its-line": ("2023年巡诊项目绩效目标表\n(2024年度)", "2024"),
    "behind-the-title": ("2023年巡诊项目绩效目标表（2024年度）", "2024"),
    "in-the-title-alone": ("某县2024年项目支出绩效目标表", "2024"),
}
MONEY = {
    "blank": ("项目资金(万元)\t年度资金总额\t\n\t其中:财政拨款\t—", False),
    "by-source": ("项目资金(万元)\t(一)财政拨款小计\t4.00\n\t(二)自有资金小计\t0.00", True),
    "sentence": ("资金情况(万元)\t年度资金总额\t854万(道路400万元,水渠454万元)", True),
    "in-one-cell": ("资金总额及构成\t总额10606.75万元,其中财政拨款6923.35万元", True),
    "unknown-label": ("本年度申请市财政预算资金(万元)\t\t282.92", True),
}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mapping[str, Path], str]:
    """The file written for each form, and the account of them all."""
    folder = tmp_path_factory.mktemp("layouts")
    changes = {case: {"rows": rows} for case, rows in ROWS.items()}
    changes |= {case: {"goals": goals} for case, (goals, _) in GOALS.items()}
    changes |= {case: {"money": rows} for case, (rows, _) in MONEY.items()}
    changes |= {case: {"title": title} for case, (title, _) in YEARS.items()}
    changes["blank-head"] = {"head": BLANK_HEAD}
    for case, change in changes.items():
        (folder / f"{case}.txt").write_text(FORM.format(**SOUND | change), encoding="utf-8")
    forms = [f"{case}.txt" for case in changes]
    result = jixiao("import", *forms, "--to", "out", "--project", str(ROOT), language="zh", cwd=folder)
    files = {case: folder / f"out/project-{number}.yml" for number, case in enumerate(changes, 1)}
    return files, result.stdout


@pytest.mark.parametrize("case", ROWS)
def test_no_row_below_the_indicators_becomes_one(case: str, imported: tuple[Mapping[str, Path], str]) -> None:
    names = [row.indicator.name.typed for row in read_sound_declaration(imported[0][case]).rows()]

    assert names == ["巡诊次数"]


@pytest.mark.parametrize("case", GOALS)
def test_a_goal_is_what_stands_below_its_own_label(
    case: str, imported: tuple[Mapping[str, Path], str]
) -> None:
    goals = read_sound_declaration(imported[0][case]).goals

    read = tuple(goal and goal.typed.strip() for goal in (goals.overall, goals.annual))
    assert read == GOALS[case][1]


def test_a_blank_value_does_not_take_the_next_label(imported: tuple[Mapping[str, Path], str]) -> None:
    written = imported[0]["blank-head"].read_text("utf-8")

    for field in ("name", "department", "unit"):
        assert f"\n{field}:" not in written
    assert "“1年”：文件里没有这一栏" in imported[1]


@pytest.mark.parametrize("case", MONEY)
def test_sums_that_belong_to_no_field_leave_the_block_of_money_open(
    case: str, imported: tuple[Mapping[str, Path], str]
) -> None:
    is_asked = "\nfunding:" not in imported[0][case].read_text("utf-8")

    assert is_asked is MONEY[case][1]


def test_lines_of_a_narrow_cell_are_joined_and_a_class_is_no_name(tmp_path: Path) -> None:
    rows_of_form = "\t\t质量指标\t全年下村巡¶诊合格率\t≥90¶%\n\t\t综合满意度指标\t\t88"
    book, _ = _book(rows_of_form)

    _import(book, tmp_path)

    rows = [
        (row.indicator.name.typed, row.indicator.target and row.indicator.target.filed.typed)
        for row in read_sound_declaration(tmp_path / "out/project-1.yml").rows()
    ]
    assert rows == [("巡诊次数", "≥120次"), ("全年下村巡诊合格率", "≥90%")]


@pytest.mark.parametrize("case", YEARS)
def test_the_year_of_the_form_is_no_year_within_a_name(
    case: str, imported: tuple[Mapping[str, Path], str]
) -> None:
    assert f"\nyear: {YEARS[case][1]}\n" in imported[0][case].read_text("utf-8")


def test_a_merged_target_holds_for_every_row_that_it_covers(tmp_path: Path) -> None:
    book, sheet = _book("\t\t\t培训次数\t12次\n\t\t\t走访次数\t\n\t\t\t回访次数\t\n\t\t\t随访次数\t")
    last = sheet.max_row
    sheet.merge_cells(start_row=last - 3, end_row=last - 1, start_column=5, end_column=5)

    _import(book, tmp_path)

    targets = [
        (
            row.indicator.name.typed,
            row.indicator.target and row.indicator.target.filed.typed,
            row.indicator.defects,
        )
        for row in read_sound_declaration(tmp_path / "out/project-1.yml").rows()
    ]
    assert targets[1:] == [
        ("培训次数", "12次", ()),
        ("走访次数", "12次", ()),
        ("回访次数", "12次", ()),
        ("随访次数", None, ("target-missing",)),
    ]


def _book(rows: str) -> tuple[Workbook, Worksheet]:
    """Return a workbook of a form with *rows*, in which ¶ stands for a line break."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for line in FORM.format(**SOUND | {"rows": rows}).splitlines():
        sheet.append([cell.replace("¶", "\n") for cell in line.split("\t")])
    return book, sheet


def _import(book: Workbook, folder: Path) -> None:
    book.save(folder / "form.xlsx")
    jixiao("import", "form.xlsx", "--to", "out", "--project", str(ROOT), cwd=folder)


def test_the_grant_below_the_total_of_the_year_is_that_of_the_year(
    imported: tuple[Mapping[str, Path], str],
) -> None:
    written = imported[0]["sound"].read_text("utf-8")

    assert "\n  unit: 万元\n  annual:\n    total: 50\n    appropriation: 40\ngoals:" in written
