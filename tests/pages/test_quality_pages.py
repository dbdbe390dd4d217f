"""The pages about gaps and coverage: counts, shares, departments by name, and what the register may state."""

from decimal import Decimal
from pathlib import Path

import pytest
from lxml import html

from jixiao.pages.quality_pages import DepartmentQuality, LinkedCount
from tests.conftest import jixiao
from tests.support.sample_projects import check_project, copy_small_project

REGISTER = "content/organisations.yml"
DEPARTMENTS = """
archives:
  name: 示例县档案局
  kind: department
  projects:
    2021: 8
    2022: 9
roads:
  name: 示例县公路局
  kind: department
"""


def _rows(page: Path) -> list[list[str]]:
    """Return the text of every row of every table, titles of columns too."""
    rows = html.fromstring(page.read_text("utf-8")).xpath("//article//tr")
    return [[cell.text_content().strip() for cell in row] for row in rows]


def _with_departments(folder: Path) -> Path:
    project = copy_small_project(folder)
    register = project / REGISTER
    stated = register.read_text("utf-8").replace(
        "  aliases: [卫生局]\n", "  aliases: [卫生局]\n  projects:\n    2021: 3\n"
    )
    register.write_text(stated + DEPARTMENTS, "utf-8")
    return project


def test_the_gaps_of_the_three_real_declarations(site: Path) -> None:
    assert _rows(site / "quality/index.html") == [
        ["种类", "处数", "申报表"],
        ["未写明金额单位", "3", "3"],
        ["未填报目标值", "1", "1"],
        ["原文缺数字", "1", "1"],
        ["目标值缺失", "1", "1"],
        ["归类待核", "7", "3"],
        ["错栏", "17", "3"],
        ["换页断开", "2", "2"],
        ["名称与目标值同格", "1", "1"],
        ["两种目标同格", "1", "1"],
        ["名称中有换行", "1", "1"],
        ["残留网页标签", "1", "1"],
        ["文字待核", "1", "1"],
        ["年度", "主管部门", "申报表", "有缺损", "未填报年度资金申请总额", "未写明金额单位", "未填报目标值"],
        ["2021年度", "1", "3", "3", "0", "3", "1"],
    ]


def test_a_year_lists_its_departments_with_their_shares_and_those_without_declarations(
    tmp_path: Path,
) -> None:
    project = _with_departments(tmp_path / "project")
    result = jixiao("build", "--project", str(project))
    assert result.returncode == 0, result.stdout + result.stderr
    site = project / "build/site"

    titles = ["有缺损", "未填报年度资金申请总额", "未写明金额单位", "未填报目标值"]
    assert _rows(site / "quality/2021/index.html") == [
        ["主管部门", "申报表", "项目总数", "公开比例", *titles],
        ["示例县卫生局", "1", "3", "33.3%", "1", "0", "0", "1"],
        ["示例县档案局", "没有公开", "8", "0.0%", "0", "0", "0", "0"],
        ["示例县公路局", "没有公开", "未写明", "无从计算", "0", "0", "0", "0"],
    ]
    assert _rows(site / "en/quality/2022/index.html")[1:] == [
        ["Health Bureau of Example County", "None published", "Not stated", "Not known", "0", "0", "0", "0"],
        ["示例县档案局", "None published", "9", "0.0%", "0", "0", "0", "0"],
        ["示例县公路局", "None published", "Not stated", "Not known", "0", "0", "0", "0"],
    ]
    english = html.fromstring((site / "en/quality/2021/index.html").read_text("utf-8"))
    assert [lead.text_content() for lead in english.xpath("//p[@class='lead']")] == [
        (
            "Departments registered: 3. Departments with declarations published for 2021: 1. "
            "Those without are listed last."
        )
    ]


@pytest.mark.parametrize(
    ("published", "projects", "share"),
    [
        (0, 8, "0.0"),
        (1, 3, "33.3"),
        (2, 3, "66.6"),
        # Less than sixty must not read as sixty.
        (5999, 10000, "59.9"),
        (6000, 10000, "60.0"),
        (8, 8, "100.0"),
        # Whoever states fewer than are published has stated a wrong number.
        (9, 8, None),
        (1, None, None),
    ],
)
def test_a_share_is_cut_off_and_never_guessed(
    published: int, projects: int | None, share: str | None
) -> None:
    department = DepartmentQuality(
        id="health", all=LinkedCount(declarations=published, view=""), columns=(), projects=projects
    )
    assert department.share == (None if share is None else Decimal(share))


def test_more_departments_than_a_page_holds_go_on_on_a_second_one(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    with (project / REGISTER).open("a", encoding="utf-8") as register:
        for number in range(100):
            register.write(f"\ndepartment-{number}:\n  name: 示例县第{number}局\n  kind: department\n")
    result = jixiao("build", "--project", str(project))
    assert result.returncode == 0, result.stdout + result.stderr

    first, second = (
        _rows(project / f"build/site/quality/2021/{part}index.html") for part in ("", "pages/2/")
    )
    assert [len(first), len(second)] == [101, 2]
    assert first[1][0] == "示例县卫生局"
    assert second[1][0] == "示例县第99局"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("kind: department\n", "kind: department\n  projects: {2021: 1}\n", []),
        ("kind: department\n", "kind: department\n  projects: {2021: 0}\n", ["4:20 count-format"]),
        ("kind: department\n", "kind: department\n  projects: {2021: 12个}\n", ["4:20 count-format"]),
        ("kind: department\n", "kind: department\n  projects: {二〇二一: 12}\n", ["4:20 year-format"]),
        ("kind: department\n", "kind: department\n  projects: 12\n", ["4:13 wrong-shape"]),
        ("kind: unit\n", "kind: unit\n  projects: {2021: 12}\n", ["8:13 projects-of-unit"]),
    ],
)
def test_what_cannot_be_a_number_of_projects_is_refused_at_its_place(
    old: str, new: str, found: list[str], tmp_path: Path
) -> None:
    project = copy_small_project(tmp_path / "project")
    register = project / REGISTER
    register.write_text(register.read_text("utf-8").replace(old, new), "utf-8")

    problems = check_project(project)
    assert [f"{one.place.line}:{one.place.column} {one.rule}" for one in problems] == found


def test_fewer_projects_than_declarations_are_a_warning(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    clinic = project / "content/declarations/2021/health/clinic.yml"
    clinic.with_name("second.yml").write_text(clinic.read_text("utf-8"), "utf-8")
    with (project / "content/addresses.yml").open("a", encoding="utf-8") as addresses:
        addresses.write("  - 2021/health/second\n")
    register = project / REGISTER
    register.write_text(
        register.read_text("utf-8").replace(
            "kind: department\n", "kind: department\n  projects: {2021: 1}\n"
        ),
        "utf-8",
    )

    result = jixiao("check", "--project", str(project), "--format", "text", language="zh")
    assert (
        "content/organisations.yml:4:20: 提醒: "
        "“health”2021年度写明有 1 个项目，公开的申报表却有 2 份 [projects-fewer-than-published]"
    ) in result.stdout
    assert result.returncode == 0
