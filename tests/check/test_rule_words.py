"""Which words a rule of advice stumbles over and which it leaves alone, text by text."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from jixiao.i18n import load_interface_catalogue
from jixiao.problems import Problem, Severity
from tests.support.sample_projects import CLINIC_PATH, check_project, copy_small_project, set_rules


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The sample site of one declaration, which the test may change."""
    return copy_small_project(tmp_path / "project")


def problems_with(project: Path, rule: str, **fields: object) -> list[Problem]:
    """Return the findings of *rule* in the sample declaration with other *fields*."""
    file = project / CLINIC_PATH
    declaration = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - builds only text
    # Wide: a text that YAML wraps would be joined with blanks, and is refused.
    text = yaml.safe_dump(declaration | fields, allow_unicode=True, sort_keys=False, width=10_000)
    file.write_text(text, "utf-8")
    problems = check_project(project)
    assert [problem for problem in problems if problem.severity is Severity.ERROR] == []
    return [problem for problem in problems if problem.rule == rule]


def rows(texts: list[tuple[str, str]], level1: str = "产出指标", level2: str = "质量指标") -> dict[str, Any]:
    """Make indicators of names with their targets."""
    listed = [
        {"id": f"r{number}", "name": name, "target": target} for number, (name, target) in enumerate(texts)
    ]
    return {level1: {level2: listed}}


def list_quoted_words(project: Path, rule: str, texts: list[tuple[str, str]]) -> list[str]:
    """Return the words that *rule* quotes of indicators with these names and targets, in their order."""
    found = problems_with(project, rule, indicators=rows(texts))
    return [problem.message.translate(load_interface_catalogue("zh")).partition("：")[2] for problem in found]


LOST = {
    **dict.fromkeys(["为期月", "为期年", "为期天", "为期周", "为期日", "为期小时"]),
    "为期个月": None,
    "为期个工作日": "为期个工",
    "为期个小时": "为期个小",
    **{
        f"{verb}{unit}": None
        for verb, unit in zip(
            [
                "不少于",
                "不低于",
                "不超过",
                "不高于",
                "不多于",
                "不大于",
                "不小于",
                "至少",
                "超过",
                "多达",
                "高达",
                "达到",
            ],
            ["人次", "场次", "个月", "个工作日", "个百分点", "%", "％", "人次", "场次", "个月", "%", "％"],
            strict=True,
        )
    },
    **dict.fromkeys(["第届", "第期", "于年月", "在年月", "至年月", "到年月", "自年月"]),
}
NOT_LOST = [
    *(
        "为期三个月",
        "为期月余",
        "为期年余",
        "为期天余",
        "为期周余",
        "为期个人",
        "为期百小时",
        "长期月",
        "期小时",
    ),
    *(
        "超过万元",
        "超过亿元",
        "达到人次要求",
        "达到%目标",
        "不少于二十人次",
        "少于人次",
        "不超场次",
        "过个月",
        "多个百分点",
    ),
    *("第期间", "第期中", "第期末", "第届中", "第一届", "以年月", "年月", "于年内", "当年月"),
]


def test_a_lost_number_is_told_by_the_words_around_it(project: Path) -> None:
    texts = [(f"第{number}项", f"举办{lost}展览") for number, lost in enumerate(LOST)]

    assert list_quoted_words(project, "number-lost", texts) == [
        quoted or lost for lost, quoted in LOST.items()
    ]


def test_a_lost_number_is_found_in_names_and_goals_too(project: Path) -> None:
    found = problems_with(
        project,
        "number-lost",
        goals={"overall": "举办为期个月的展览。", "annual": "培训不少于人次。"},
        indicators=rows([("第届展览", "办成")]),
    )

    assert [
        problem.message.translate(load_interface_catalogue("zh")).partition("：")[2] for problem in found
    ] == [
        "为期个月",
        "不少于人次",
        "第届",
    ]


def test_words_that_need_no_number_have_lost_none(project: Path) -> None:
    texts = [(f"事项{number}", f"按{text}办") for number, text in enumerate(NOT_LOST)]

    assert list_quoted_words(project, "number-lost", texts) == []


ENTITIES = [
    "nbsp",
    "amp",
    "lt",
    "gt",
    "quot",
    "apos",
    "ensp",
    "emsp",
    "ldquo",
    "rdquo",
    "middot",
    "hellip",
    "mdash",
]
RESIDUE = [
    *(f"&{name};" for name in ENTITIES),
    *("&#60;", "&#160;", "&#123456;", "&#xA0;", "&#xa0;", "&#x09;", "&#x99;", "&#xF09fAz;"[:8] + ";"),
    *("_x000D_", "_x00af_", "_x0009_", r"\r\n", r"{\rtf"),
]
NO_RESIDUE = [
    *(
        "R&D",
        "&foo;",
        "&nbsp",
        "&ampe;",
        "&#1;",
        "&#1234567;",
        "&#xA;",
        "&#xA0A0A0A;",
        "&#xg0;",
        "&#;",
        "&#a1;",
    ),
    *(
        "_x01_",
        "_x00D_",
        "_x00DG_",
        "_x000D",
        "x000D_",
        "_x0100_",
        r"\n",
        r"\r",
        r"\rtf",
        "{rtf",
        "&60;",
        "#60;",
        "&x60;",
    ),
]


def test_what_a_conversion_has_left_is_quoted(project: Path) -> None:
    texts = [(f"第{number}项", f"甲{residue}乙") for number, residue in enumerate(RESIDUE)]

    assert list_quoted_words(project, "markup-residue", texts) == RESIDUE


def test_what_only_looks_like_a_left_over_stands(project: Path) -> None:
    texts = [(f"第{number}项", f"甲{text}乙") for number, text in enumerate(NO_RESIDUE)]

    assert list_quoted_words(project, "markup-residue", texts) == []


def test_a_percentage_over_100_is_told_unless_the_name_speaks_of_growth(project: Path) -> None:
    growing = ["产值增长率", "产值增幅", "产值增加率", "效率提高率", "效率提升率"]
    others = [
        "完成率",
        "长期完成率",
        "增资完成率",
        "幅面合格率",
        "加工合格率",
        "提交率",
        "升级率",
        "高标准率",
    ]

    assert list_quoted_words(project, "percentage-over-100", [(name, ">=100.1%") for name in growing]) == []
    assert list_quoted_words(project, "percentage-over-100", [(name, ">=100.1%") for name in others]) == [
        ">=100.1%"
    ] * len(others)
    units = ["101%", "101(%)", "101（%）", "100%", "101分"]
    assert (
        list_quoted_words(project, "percentage-over-100", [("完成率", unit) for unit in units]) == units[:3]
    )


@pytest.mark.parametrize(
    ("name", "target", "measures"),
    [
        *(
            (name, ">=90", True)
            for name in ("学员满意度", "好评率", "投诉数", "信访量", "评价得分", "测评得分")
        ),
        *((name, ">=90", False) for name in ("意见数", "满员率", "评审率", "好转率", "诉讼数", "投放数")),
        *((name, ">=90", False) for name in ("访问数", "信件数", "价格数", "测试数")),
        ("学员满意度", "全部满意", True),
        ("学员满意度", "提高", False),
    ],
)
def test_satisfaction_is_measured_by_a_number_about_those_who_are_served(
    project: Path, name: str, target: str, *, measures: bool
) -> None:
    indicators = rows([(name, target)], "满意度指标", "服务对象满意度指标")

    found = problems_with(project, "satisfaction-not-measured", indicators=indicators)

    assert bool(found) is not measures


@pytest.mark.parametrize(
    ("goal", "are_two"),
    [
        *(
            (f"{head}：甲。\n年度目标：乙。", True)
            for head in ("项目总目标", "项目总体目标", "总目标", "总体目标")
        ),
        *((f"{head}：甲。\n年度目标：乙。", True) for head in ("长期目标", "中长期目标")),
        *(
            (f"总目标：甲。\n{head}：乙。", True)
            for head in ("本年度目标", "年度总目标", "年度总体目标", "年度绩效目标")
        ),
        *((f"总目标：甲。\n{head}：乙。", True) for head in ("当年目标", "当年绩效目标")),
        *((f"总目标：甲{mark}年度目标：乙。", True) for mark in "。；;\n"),
        *(
            (f"{first}总目标：甲。\n{second}年度目标：乙。", True)
            for first, second in (
                ("（1）", "（2）"),
                ("(一)", "(二)"),
                ("1、", "2、"),
                ("3.", "4."),
                ("三．", "四．"),
                ("1 ", "2 "),
            )
        ),
        ("总目标：甲，年度目标：乙。", False),
        ("本总目标：甲。\n年度目标：乙。", False),
        ("总目标：甲。\n今年度目标：乙。", False),
        ("总目标：甲。", False),
        ("年度目标：乙。", False),
        ("项目目标：甲。\n年度任务：乙。", False),
    ],
)
def test_two_goals_are_told_by_their_headings(project: Path, goal: str, *, are_two: bool) -> None:
    found = problems_with(project, "two-goals-in-one-cell", goals={"annual": goal})

    assert bool(found) is are_two


DATES = {
    "6月完成": "6月",
    "06月完成": "06月",
    "10月完成": "10月",
    "12月完成": "12月",
    "1月，9月": "1月、9月",
    "2021年6月完成": "2021年6月",
    "6月和9月": "6月、9月",
    "5月和、6月": "5月",
    "于8月": "8月",
    **{f"{word}2020年的文件，6月完成": "6月" for word in ("根据", "按照")},
    **{
        f"{word}5月文件{mark}6月完成": "6月"
        for word, mark in zip(
            ("根据", "按照", "依据", "遵照", "截至", "截止", "自从", "自", "从"),
            "，。；,;，。；,",
            strict=True,
        )
    },
    "根据5月文件\n6月完成": "6月",
    "《5月方案》定于6月": "6月",
    "6月份完成": "6月",
    "6月到": "",
}
NO_DATES = [
    *(
        "2020年6月完成",
        "2022年6月",
        "3月完成",
        "11月完成",
        "2021年3月",
        "13月完成",
        "0月完成",
        "20月完成",
        "00月",
    ),
    *(
        "1-6月",
        "6月-9月",
        "6月份至9月",
        "6月~9月",
        "6月～9月",
        "6月—9月",
        "6月到9月",
        "5、6月",
        "5/6月",
        "1.6月",
    ),
    *("每月完成", "《6月方案》", "根据6月文件", "自6月起"),
]


@pytest.mark.parametrize(("goal", "dates"), [*DATES.items(), *((goal, "") for goal in NO_DATES)])
def test_a_month_that_is_promised_is_quoted(project: Path, goal: str, dates: str) -> None:
    found = problems_with(
        project,
        "goal-date-without-indicator",
        goals={"annual": f"巡诊{goal}。"},
        indicators=rows([("巡诊", "=1次")]),
    )

    said = [problem.message.translate(load_interface_catalogue("zh")).partition("：")[2] for problem in found]
    assert said == ([dates] if dates else [])


@pytest.mark.parametrize("setting", ["error", "warning", "advice", "off"])
def test_a_site_sets_how_much_a_rule_weighs(project: Path, setting: str) -> None:
    set_rules(project, {"number-lost": setting, "personal-data-in-text": setting})
    file = project / CLINIC_PATH
    file.write_text(file.read_text("utf-8").replace("完成巡诊。", "电话13912345678，为期个月。"), "utf-8")

    found = {problem.rule: str(problem.severity) for problem in check_project(project)}

    loosened = setting in {"advice", "off"}
    assert found.get("number-lost", "off") == setting
    assert found.get("personal-data-in-text") == ("warning" if loosened else setting)
