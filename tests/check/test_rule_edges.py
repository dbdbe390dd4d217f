"""Words at the edges of rules of advice: what stands beside a word that a rule knows."""

from pathlib import Path

import pytest

from jixiao.i18n import load_interface_catalogue
from jixiao.problems import Problem
from tests.check.test_rule_words import list_quoted_words, problems_with, rows
from tests.support.sample_projects import CLINIC_PATH, check_project, copy_small_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The sample site of one declaration, which the test may change."""
    return copy_small_project(tmp_path / "project")


def _list_messages(found: list[Problem]) -> list[str]:
    return [problem.message.translate(load_interface_catalogue("zh")) for problem in found]


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
    assert _list_messages(found) == missing
    (problem,) = found
    lines = (project / CLINIC_PATH).read_text("utf-8").splitlines()
    assert (lines[problem.place.line - 1], problem.place.column) == ("indicators:", 1)
    assert problem.hint.translate(load_interface_catalogue("en")) == (
        "If the form has them, add them; if it does not, bear it in mind for the next declaration"
    )


@pytest.mark.parametrize(
    ("goal", "dates"),
    [
        ("6月完成《方案》", "6月"),
        ("1《方案》6月完成", ""),
        ("1999年6月完成", ""),
        ("26月", ""),
        ("16月", ""),
        ("6月、9月", ""),
        ("根据通知5月发的文件，6月完成", "6月"),
        *(
            (f"{word}5月完成", "5月")
            for word in ("根治", "数据", "按时", "照常", "依次", "遵守", "截流", "停止")
        ),
    ],
)
def test_a_month_beside_other_words(project: Path, goal: str, dates: str) -> None:
    found = problems_with(
        project, "goal-date-without-indicator", goals={"annual": goal}, indicators=rows([("巡诊", "=1次")])
    )
    assert _list_messages(found) == ([f"目标里的日期没有指标落实：{dates}"] if dates else [])


def test_the_month_in_which_another_project_ends_is_a_promise(project: Path) -> None:
    found = problems_with(
        project,
        "goal-date-without-indicator",
        period={"start": "2021-03-01", "end": "2021-12-31"},
        goals={"annual": "11月完成"},
        indicators=rows([("巡诊", "=1次")]),
    )
    assert _list_messages(found) == ["目标里的日期没有指标落实：11月"]


def test_a_month_of_the_overall_goal_is_told_at_that_goal(project: Path) -> None:
    (found,) = problems_with(
        project,
        "goal-date-without-indicator",
        goals={"overall": "6月完成", "annual": "完成"},
        indicators=rows([("巡诊", "=1次")]),
    )
    assert found.message.translate(load_interface_catalogue("zh")) == "目标里的日期没有指标落实：6月"
    line = (project / CLINIC_PATH).read_text("utf-8").splitlines()[found.place.line - 1]
    assert line.strip().startswith("overall:")


def test_a_blank_target_carries_no_month(project: Path) -> None:
    blank = {"产出指标": {"质量指标": [{"id": "a", "name": "巡诊", "target": None}]}}
    found = problems_with(
        project, "goal-date-without-indicator", goals={"annual": "6月完成"}, indicators=blank
    )
    assert _list_messages(found) == ["目标里的日期没有指标落实：6月"]


@pytest.mark.parametrize(
    ("end", "nature", "is_told"),
    [
        ("2021-12-31", "阶段性项目", False),
        ("2022-12-31", "阶段性项目", True),
        ("2022-12-31", "经常性项目", False),
        ("2023-12-31", "阶段性项目", True),
    ],
)
def test_equal_totals_are_told_of_phased_projects_of_two_years_or_more(
    project: Path, end: str, nature: str, *, is_told: bool
) -> None:
    sums = {"unit": "元", "project": {"total": "100"}, "annual": {"total": "100"}}
    found = problems_with(
        project,
        "funds-contradict-period",
        nature=nature,
        period={"start": "2021-01-01", "end": end},
        funding=sums,
    )
    assert bool(found) is is_told


def test_a_lost_number_before_words_that_begin_like_others(project: Path) -> None:
    texts = [("甲", "达到场次要点"), ("乙", "达到%目录")]
    assert list_quoted_words(project, "number-lost", texts) == ["达到场次", "达到%"]


@pytest.mark.parametrize("mark", "。；;\n")
@pytest.mark.parametrize("heads", [("年度目标", "总目标"), ("总目标", "年度目标")])
def test_either_goal_may_come_second_behind_any_mark(
    project: Path, mark: str, heads: tuple[str, str]
) -> None:
    goal = f"{heads[0]}：甲{mark}{heads[1]}：乙。"
    assert len(problems_with(project, "two-goals-in-one-cell", goals={"annual": goal})) == 1


@pytest.mark.parametrize("numbered", ["（1）", "(9)", "5、", "一.", "二．", "三 ", "四", "12）", "（4", "0)"])
def test_both_goals_may_be_numbered_in_any_way(project: Path, numbered: str) -> None:
    goal = f"{numbered}总目标：甲。\n{numbered}年度目标：乙。"
    assert len(problems_with(project, "two-goals-in-one-cell", goals={"annual": goal})) == 1


COUNTS = [*"个人名位次场天元米亩户家件项篇台套份吨"]
COUNTS += ["人次", "场次", "小时", "个工作日", "工作日", "万元", "亿元", "公里", "平方米"]
ADDED = ["以上", "以下", "以内", "及以上", "左右", "/年", "／年", "/每年"]
FITTING = {
    "参加人数": ["人", "万人", "人次", "万人次", "名", "位"],
    "受益人次": ["人次", "万人次", "人", "次"],
    "巡诊次数": ["次", "场", "场次", "人次"],
    "演出场次": ["次", "场", "场次", "人次"],
    "巡诊天数": ["天", "工作日", "个工作日"],
    "受益户数": ["户", "家"],
    "改造面积": ["平方米", "亩"],
    "补贴金额": ["元", "万元", "亿元"],
}
PROPORTIONS = ["占", "比", "较", "增", "减", "降", "提高", "提升", "下降"]


def _foreign(project: Path, rule: str, texts: list[tuple[str, str]]) -> list[str]:
    found = problems_with(project, rule, indicators=rows(texts))
    return [said.removeprefix("单位“").removesuffix("”与指标名称不相称") for said in _list_messages(found)]


def test_a_rate_is_not_counted(project: Path) -> None:
    rule = "unit-differs-from-name"
    assert _foreign(project, rule, [("培训合格率", f"5{unit}") for unit in COUNTS]) == COUNTS


def test_a_rate_may_have_any_other_unit(project: Path) -> None:
    rule = "unit-differs-from-name"
    others = ["%", "(%)", "（%）", "批", "日工作", "人以上", "天左右", "元/年"]
    assert _foreign(project, rule, [("培训合格率", f"5{unit}") for unit in others]) == []


@pytest.mark.parametrize(("name", "units"), FITTING.items())
def test_what_a_name_counts_has_the_units_for_it(project: Path, name: str, units: list[str]) -> None:
    rule = "unit-differs-from-name"
    fitting = [f"{unit}{added}" for unit in units for added in ("", "以上", "/年")]
    assert _foreign(project, rule, [(name, f"5{unit}") for unit in fitting if len(unit) <= 6]) == []
    foreign = [unit for unit in COUNTS if unit not in units]
    assert _foreign(project, rule, [(name, f"5{unit}") for unit in foreign]) == foreign
    added = [f"{foreign[0]}{words}" for words in ADDED]
    assert _foreign(project, rule, [(name, f"5{unit}") for unit in added]) == added


def test_a_share_of_what_is_counted_is_told_apart_from_a_slip(project: Path) -> None:
    rule = "unit-differs-from-name"
    shares = ["%", "(%)", "（%）"]
    assert _foreign(project, rule, [("参加人数", f"5{unit}") for unit in shares]) == shares
    assert _foreign(project, rule, [(f"{word}人数", "5%") for word in PROPORTIONS]) == []
    others = ["提供", "高级", "升级", "下岗"]
    assert _foreign(project, rule, [(f"{word}人数", "5%") for word in others]) == ["%"] * len(others)


def test_a_name_that_only_resembles_one_of_a_count_is_left_alone(project: Path) -> None:
    rule = "unit-differs-from-name"
    names = ["巡诊人次数", "人数要求", "人次情况", "次数要求", "天数要求", "户数要求", "面积要求", "金额要求"]
    names += ["批次", "场次要求", "容积", "余额"]
    assert _foreign(project, rule, [(name, "5吨") for name in names]) == []
    assert _foreign(project, rule, [("参加人数", "5以内天")]) == []


_NO_NUMBERS = ("?", "？1、", "五、", "[1]", "-", "（（1）", "a、", "?1、")


@pytest.mark.parametrize(
    "goal",
    [
        *(
            f"{head}：甲。\n年度目标：乙。"
            for head in ("总目录", "项目总目录", "长期目录", "期目标", "长目标", "中目标")
        ),
        *(
            f"总目标：甲。\n{head}：乙。"
            for head in ("年度目录", "当年目录", "年度体目标", "当年效目标", "当年绩目标")
        ),
        *(f"{opens}总目标：甲。\n年度目标：乙。" for opens in _NO_NUMBERS),
        *(f"总目标：甲。\n{opens}年度目标：乙。" for opens in _NO_NUMBERS),
    ],
)
def test_what_only_resembles_a_heading_of_a_goal_is_none(project: Path, goal: str) -> None:
    assert problems_with(project, "two-goals-in-one-cell", goals={"annual": goal}) == []


def test_a_count_in_words_is_found_behind_one_with_a_measure(project: Path) -> None:
    assert list_quoted_words(
        project, "count-or-rate-in-words", [("培训人数", "全部学员"), ("参训人数", "达到计划")]
    ) == ["达到计划"]


MARKED = (
    "{产出指标: {数量指标: [{id: a, name: 巡诊, target: 有, defects: [shifted], "
    "as_filed: {lines: [1, 2], cells: [[a]]}}]}}"
)


@pytest.mark.parametrize(
    ("rule", "indicators", "place"),
    [
        (
            "satisfaction-not-measured",
            "{满意度指标: {服务对象满意度指标: [{id: glad, name: 学员满意度, target: 提高}]}}",
            "满意度指标",
        ),
        ("class-missing", MARKED, "indicators"),
        (
            "mark-incomplete",
            MARKED,
            "as_filed",
        ),
    ],
)
def test_a_finding_points_at_the_name_of_its_field(
    project: Path, rule: str, indicators: str, place: str
) -> None:
    file = project / CLINIC_PATH
    kept, _, rest = file.read_text("utf-8").partition("indicators:\n")
    rest = rest[rest.index("\nsource:") :]
    file.write_text(f"{kept}indicators: {indicators}{rest}", "utf-8")

    (found,) = [problem for problem in check_project(project) if problem.rule == rule]

    assert found.place.column == f"indicators: {indicators}".index(place) + 1
