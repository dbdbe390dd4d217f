"""Words at the edges of rules of advice: what stands beside a word that a rule knows."""

from pathlib import Path

import pytest

from generator.problems import Problem
from generator.words import interface_words
from tests.support import small_project
from tests.test_rule_words import problems_with, rows, told


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The sample site of one declaration, which the test may change."""
    return small_project(tmp_path / "project")


def _said(found: list[Problem]) -> list[str]:
    return [problem.message.say(interface_words("zh")) for problem in found]


@pytest.mark.parametrize(
    ("level1", "missing"),
    [
        ("效益指标", ["没有产出指标"]),
        ("产出指标", ["没有效益指标"]),
        ("满意度指标", ["没有产出指标、效益指标"]),
    ],
)
def test_the_classes_that_are_missing_are_named(project: Path, level1: str, missing: list[str]) -> None:
    classes = {"效益指标": "社会效益指标", "产出指标": "数量指标", "满意度指标": "服务对象满意度指标"}
    found = problems_with(
        project, "class-missing", indicators=rows([("巡诊", "=1次")], level1, classes[level1])
    )
    assert _said(found) == missing


@pytest.mark.parametrize(
    ("goal", "dates"),
    [
        ("6月完成《方案》", "6月"),
        ("1999年6月完成", ""),
        ("26月", ""),
        ("16月", ""),
        ("6月、9月", ""),
        ("根据通知5月发的文件，6月完成", "6月"),
    ],
)
def test_a_month_beside_other_words(project: Path, goal: str, dates: str) -> None:
    found = problems_with(
        project, "goal-date-without-indicator", goals={"annual": goal}, indicators=rows([("巡诊", "=1次")])
    )
    assert _said(found) == ([f"目标里的日期没有指标落实：{dates}"] if dates else [])


def test_the_month_in_which_another_project_ends_is_a_promise(project: Path) -> None:
    found = problems_with(
        project,
        "goal-date-without-indicator",
        period={"start": "2021-03-01", "end": "2021-12-31"},
        goals={"annual": "11月完成"},
        indicators=rows([("巡诊", "=1次")]),
    )
    assert _said(found) == ["目标里的日期没有指标落实：11月"]


def test_a_lost_number_before_words_that_begin_like_others(project: Path) -> None:
    texts = [("甲", "达到场次要点"), ("乙", "达到%目录")]
    assert told(project, "number-lost", texts) == ["达到场次", "达到%"]


@pytest.mark.parametrize("mark", "。；;\n")
@pytest.mark.parametrize("heads", [("年度目标", "总目标"), ("总目标", "年度目标")])
def test_either_goal_may_come_second_behind_any_mark(
    project: Path, mark: str, heads: tuple[str, str]
) -> None:
    goal = f"{heads[0]}：甲{mark}{heads[1]}：乙。"
    assert len(problems_with(project, "two-goals-in-one-cell", goals={"annual": goal})) == 1


@pytest.mark.parametrize("opens", ["（", "(", ""])
@pytest.mark.parametrize("number", ["1", "9", "5", "一", "二", "三", "四", "12"])
@pytest.mark.parametrize("closes", ["）", ")", "、", ".", "．", " ", ""])
def test_both_goals_may_be_numbered_in_any_way(project: Path, opens: str, number: str, closes: str) -> None:
    goal = f"{opens}{number}{closes}总目标：甲。\n{opens}{number}{closes}年度目标：乙。"
    assert len(problems_with(project, "two-goals-in-one-cell", goals={"annual": goal})) == 1
