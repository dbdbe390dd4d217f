"""Forms of kinds for which the site has no place are named and refused; those of projects are taken."""

import re
from itertools import zip_longest
from pathlib import Path

from tests.conftest import ROOT, jixiao

HEAD = "项目名称\t{name}\n主管部门\t市人社局\t实施单位\t就业促进中心\n项目资金(万元)\t年度资金总额\t50\n"
GOALS = "总体目标\t年度目标\n\t全年巡诊一百二十次。\n"
TABLE = "绩效指标\t一级指标\t二级指标\t三级指标\t指标值\n\t产出指标\t数量指标\t巡诊次数\t≥120次\n"
PROJECT = HEAD.format(name="巡诊") + GOALS + TABLE
SCORED = (
    "绩效指标\t一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\n"
    "\t产出指标\t数量指标\t巡诊次数\t≥120次\t90次\t10\t7.5\n总分\t\t\t\t\t\t100\t85\n"
)
PARTED = (
    "绩效指标\t一级指标\t二级指标\t三级指标\t指标值\t\n\t\t\t\t年度指标值\t实际完成值\n"
    "\t产出指标\t数量指标\t巡诊次数\t≥120次\t90次\n"
)
WATCHED = (
    "绩效指标\t一级指标\t二级指标\t三级指标\t年度指标值\t1-7月执行情况\t全年预计完成情况\n"
    "\t产出指标\t数量指标\t巡诊次数\t≥120次\t60次\t120次\n"
)
SPENT = (
    "项目名称\t巡诊\n主管部门\t市人社局\t实施单位\t就业促进中心\n"
    "项目资金 (万元)\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分\n"
    "\t年度资金总额\t50\t50\t41\t10\t82%\t8.2\n"
)
LIST = (
    "单位名称\t项目名称\t预算数\t年度目标\t一级指标\t二级指标\t三级指标\t指标值\n"
    "某县医院\t巡诊\t500,000\t巡诊。\t产出指标\t数量指标\t巡诊次数\t≥120次\n"
    "\t培训\t200,000\t培训。\t产出指标\t数量指标\t培训次数\t≥20次\n"
)
LIST_BESIDE = (
    "项目\t一级指标\t二级指标\t三级指标\t指标值\n"
    "巡诊\t产出指标\t数量指标\t巡诊次数\t≥120次\n培训\t产出指标\t数量指标\t培训次数\t≥20次\n"
)
PLACES = (
    "绩效指标\t一级指标\t二级指标\t三级指标\t指标解释\t甲镇\t乙镇\n"
    "\t产出指标\t数量指标\t新建渠道\t反映建设\t1\t2\n"
)
RESULTS, WATCH = "自评（评价）表", "运行监控表"
DEPARTMENT, TRANSFER, SEVERAL, OF_PLACES = "整体支出", "转移支付（区域）", "多个项目", "各地各占一栏"
NO_FORM = "没有找到申报表"
REFUSED = {
    "self-evaluation": ("项目支出绩效自评表", HEAD.format(name="巡诊") + SCORED, RESULTS),
    "self-evaluation-in-columns": ("项目支出绩效目标表", HEAD.format(name="巡诊") + GOALS + SCORED, RESULTS),
    "self-evaluation-in-money": ("项目支出绩效目标表", SPENT + GOALS + TABLE, RESULTS),
    "self-evaluation-in-two-rows": ("项目支出绩效目标表", HEAD.format(name="巡诊") + GOALS + PARTED, RESULTS),
    "self-evaluation-without-title": ("", HEAD.format(name="巡诊") + GOALS + SCORED, RESULTS),
    "evaluation": ("项目支出绩效评价表（2024年度）", PROJECT, RESULTS),
    "monitoring": ("项目支出绩效运行监控表", PROJECT, WATCH),
    "monitoring-in-columns": ("项目支出绩效目标表", HEAD.format(name="巡诊") + GOALS + WATCHED, WATCH),
    "department": ("部门整体支出绩效目标表", f"部门名称\t市人社局\n{GOALS}{TABLE}", DEPARTMENT),
    "department-by-label": ("绩效目标申报表", f"部门（单位）名称\t市人社局\n{GOALS}{TABLE}", NO_FORM),
    "transfer": (
        "中央对地方转移支付区域绩效目标表",
        f"转移支付（项目）名称\t补助资金\n{GOALS}{TABLE}",
        TRANSFER,
    ),
    "transfer-by-label": ("绩效目标表", f"资金名称\t补助资金\n{GOALS}{TABLE}", TRANSFER),
    "transfer-with-project": ("中央转移支付项目绩效目标表", PROJECT, TRANSFER),
    "list": ("部门预算项目绩效目标申报表（2024年度）", LIST, SEVERAL),
    "list-beside": ("项目绩效目标申报表", HEAD.format(name="巡诊") + LIST_BESIDE, SEVERAL),
    "places": ("2024年水利专项资金绩效目标表", HEAD.format(name="水利") + GOALS + PLACES, OF_PLACES),
}
TAKEN = {
    "target": "项目支出绩效目标表",
    "declaration": "财政项目支出绩效目标申报表",
    "approval": "项目支出绩效目标批复表",
    "of-a-county": "某县2024年绩效目标审批表（2024年度）",
    "named-self-evaluation": "绩效自评信息系统建设项目绩效目标申报表",
    "named-monitoring": "水质监控项目支出绩效目标表",
    "named-region": "高新区域绩效目标表",
    "named-whole": "老旧小区整体绩效目标表",
    "special-funds": "省级专项资金绩效目标申报表",
}
TAKEN_TABLES = {
    "side-in-several-cells": TABLE.replace("绩效指标\t", "项目\t").replace("\n\t", "\n绩效\t")
    + "指标\t\t\t培训次数\t≥20次\n",
    "side-of-one-sign": TABLE.replace("绩效指标\t", "项目\t"),
    **{
        f"nothing-achieved-{end}": TABLE.replace("指标值", f"指标值\t{heading}") + f"{end}\t\t\t\t\t{words}\n"
        for heading, end, words in (
            ("完成情况", "备注", "无"),
            ("实际完成值", "审核意见：", "同意"),
            ("实际完成值", "填表人", "（签章）"),
        )
    },
}


def _text(title: str, form: str) -> str:
    return f"{title}\n(2024年度)\n{form}"


def test_a_form_of_another_kind_is_named_with_its_place_and_nothing_is_written(tmp_path: Path) -> None:
    for case, (title, form, _) in REFUSED.items():
        (tmp_path / f"{case}.txt").write_text(_text(title, form), encoding="utf-8")
    forms = [f"{case}.txt" for case in REFUSED]

    result = jixiao("import", *forms, "--to", "out", "--project", str(ROOT), language="zh", cwd=tmp_path)

    said = re.findall(r"^(.*)\.txt:\d+:1: 错误: (.*)\n    建议: .", result.stdout, re.MULTILINE)
    assert [case for case, _ in said] == list(REFUSED)
    unlike = [(case, words) for case, words in said if REFUSED[case][2] not in words]
    assert unlike == []
    assert result.returncode == 1
    assert not (tmp_path / "out").exists()


def test_forms_of_projects_are_taken_though_others_stand_between_them(tmp_path: Path) -> None:
    name = "绩效自评系统（整体支出监控表）建设"
    taken = [_text(title, HEAD.format(name=f"{name}{case}") + GOALS + TABLE) for case, title in TAKEN.items()]
    others = [_text(title, form) for title, form, kind in REFUSED.values() if title and kind != NO_FORM]
    both = [form for pair in zip_longest(taken, others, fillvalue="") for form in pair]
    (tmp_path / "all.txt").write_text("\n".join(both), encoding="utf-8")

    result = jixiao("import", "all.txt", "--to", "out", "--project", str(ROOT), language="zh", cwd=tmp_path)

    assert result.returncode == 1
    assert result.stdout.count("[other-kind-of-form]") == len(others)
    written = [path.read_text("utf-8") for path in sorted((tmp_path / "out").iterdir())]
    names = [re.search("^name: (.*)$", text, re.MULTILINE) for text in written]
    assert [found[1] for found in names if found] == [f"{name}{case}" for case in TAKEN]
    assert [text.count("target: ") for text in written] == [1] * len(TAKEN)


def test_a_form_whose_column_is_empty_or_whose_side_is_parted_is_taken(tmp_path: Path) -> None:
    for case, table in TAKEN_TABLES.items():
        form = HEAD.format(name="巡诊") + GOALS + table
        (tmp_path / f"{case}.txt").write_text(_text("项目支出绩效目标表", form), encoding="utf-8")
    forms = [f"{case}.txt" for case in TAKEN_TABLES]

    result = jixiao("import", *forms, "--to", "out", "--project", str(ROOT), language="zh", cwd=tmp_path)

    written = [path.read_text("utf-8") for path in sorted((tmp_path / "out").iterdir())]
    assert "other-kind-of-form" not in result.stdout
    assert [text.count("target: ") for text in written] == [2, 1, 1, 1, 1]
    assert ["name: 巡诊次数" in text for text in written] == [True] * len(TAKEN_TABLES)
