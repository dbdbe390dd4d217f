"""Tables with more or other columns than those of 2021: the target of the year is read, or none is."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import ROOT, jixiao
from tests.support.sample_projects import read_sound_declaration

HEAD = """\
项目支出绩效目标表
(2024年度)
项目名称\t巡诊
主管部门\t市人社局\t实施单位\t就业促进中心
项目性质\t经常性项目
计划开始日期\t2024-01-01\t计划完成日期\t2024-12-31
项目资金(万元)\t年度资金总额\t50
总体目标\t年度目标
\t全年巡诊一百二十次。
"""
LEVELS = "绩效指标\t一级指标\t二级指标\t三级指标"
CLASS = "\t产出指标\t数量指标\t巡诊次数"
READ = {
    "plain": (f"{LEVELS}\t指标值\n{CLASS}\t≥120次\n", "≥120次"),
    "of-the-year": (f"{LEVELS}\t当年预期实现值\n{CLASS}\t≥120次\n", "≥120次"),
    "explanation-before": (f"{LEVELS}\t指标解释\t当年预期实现值\n{CLASS}\t反映巡诊\t≥120次\n", "≥120次"),
    "content-beside-name": (f"{LEVELS}\t指标内容\t指标值\n{CLASS}\t下村巡诊\t≥120次\n", "≥120次"),
    "weight-before": (f"{LEVELS}\t分值\t指标值(A)\n{CLASS}\t10\t≥120次\n", "≥120次"),
    "last-year-before": (f"{LEVELS}\t上年指标值\t年度指标值\n{CLASS}\t110次\t≥120次\n", "≥120次"),
    "several-years-before": (f"{LEVELS}\t实施周期指标值\t当年度指标值\n{CLASS}\t≥360次\t≥120次\n", "≥120次"),
    "several-years-in-brackets": (
        f"{LEVELS}\t指标值（长期）\t指标值（年度）\n{CLASS}\t≥360次\t≥120次\n",
        "≥120次",
    ),
    "sign-value-unit": (f"{LEVELS}\t指标性质\t指标值\t度量单位\t权重\n{CLASS}\t≥\t120\t次\t10\n", "≥120次"),
    "unit-behind": (f"{LEVELS}\t指标值\t计量单位\n{CLASS}\t120\t次\n", "120次"),
    "unit-said-already": (f"{LEVELS}\t指标值\t计量单位\n{CLASS}\t≥120次\t次\n", "≥120次"),
    "sign-and-direction-exchanged": (
        f"{LEVELS}\t指标性质\t指标方向\t目标值\t计量单位\n{CLASS}\t正向\t=\t120\t次\n",
        "=120次",
    ),
    "words-beside-sign": (f"{LEVELS}\t指标性质\t指标值\t度量单位\n{CLASS}\t定性\t明显改善\t\n", "明显改善"),
    "two-tracks": (
        (
            f"{LEVELS}\t实施周期指标值\t二级指标\t三级指标\t当年度指标值\n"
            "\t产出指标\t质量指标\t三年合格率\t95%\t数量指标\t巡诊次数\t≥120次\n"
        ),
        "≥120次",
    ),
    "first-track-blank": (
        (
            "一级指标\t二级指标(长期)\t三级指标(长期)\t指标值(长期)\t二级指标(年度)\t三级指标(年度)\t指标值(年度)\n"
            "产出指标\t数量指标\t\t\t数量指标\t巡诊次数\t≥120次\n"
        ),
        "≥120次",
    ),
    "parted-in-two-rows": (
        f"{LEVELS}\t指标值\t\n\t\t\t\t实施周期指标值\t当年度指标值\n{CLASS}\t≥360次\t≥120次\n",
        "≥120次",
    ),
    "parted-by-times": (f"{LEVELS}\t指标值\t\n\t\t\t\t中期\t年度\n{CLASS}\t≥360次\t≥120次\n", "≥120次"),
    "later-table-below": (
        f"{LEVELS}\t指标值\n{CLASS}\t≥120次\n长期{LEVELS}\t指标值\n\t产出指标\t数量指标\t三年巡诊次数\t≥360次\n",
        "≥120次",
    ),
}
ASKED = {
    "unknown-heading": f"{LEVELS}\t承诺水平\n{CLASS}\t≥120次\n",
    "two-of-one-kind": f"{LEVELS}\t指标值\t目标值\n{CLASS}\t≥120次\t≥130次\n",
    "of-several-years-alone": f"{LEVELS}\t实施周期指标值\n{CLASS}\t≥360次\n",
    "no-name": "绩效指标\t一级指标\t二级指标\t指标解释\t指标值\n\t产出指标\t数量指标\t反映巡诊\t≥120次\n",
}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mapping[str, Path], str]:
    """The file written for each form, and the account of them all."""
    folder = tmp_path_factory.mktemp("columns")
    tables = {case: table for case, (table, _) in READ.items()} | ASKED
    for case, table in tables.items():
        (folder / f"{case}.txt").write_text(HEAD + table, encoding="utf-8")
    forms = [f"{case}.txt" for case in tables]
    result = jixiao("import", *forms, "--to", "out", "--project", str(ROOT), language="zh", cwd=folder)
    files = {case: folder / f"out/project-{number}.yml" for number, case in enumerate(tables, 1)}
    return files, result.stdout


@pytest.mark.parametrize("case", READ)
def test_the_target_of_the_year_is_read_from_its_own_column(
    case: str, imported: tuple[Mapping[str, Path], str]
) -> None:
    rows = [
        (
            row.level1,
            row.level2,
            row.indicator.name.typed,
            row.indicator.target and row.indicator.target.filed.typed,
        )
        for row in read_sound_declaration(imported[0][case]).rows()
    ]

    assert rows == [("产出指标", "数量指标", "巡诊次数", READ[case][1])]


@pytest.mark.parametrize("case", ASKED)
def test_where_no_heading_says_which_column_holds_the_target_none_is_read(
    case: str, imported: tuple[Mapping[str, Path], str]
) -> None:
    assert "\nindicators:" not in imported[0][case].read_text("utf-8")


def test_what_is_not_read_of_a_table_is_told(imported: tuple[Mapping[str, Path], str]) -> None:
    said = imported[1]

    assert said.count("“≥360次”：") == 6
    assert said.count("缺少 indicators：") == len(ASKED)
    for reason in (
        "认不出哪一栏是目标值",
        "有几栏都像目标值",
        "表上只有实施期的目标值",
        "认不出哪一栏是指标名称",
    ):
        assert reason in said
