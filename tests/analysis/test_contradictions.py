"""A form that contradicts itself is published as filed, with a remark; what nobody marked is stopped."""

import hashlib
import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.analysis.defects import find_missing_days, find_missing_sums
from jixiao.problems import Severity
from tests.conftest import ROOT, jixiao
from tests.support.independent_readers import PREFIXES, read_page, read_remarks, read_sums
from tests.support.sample_projects import CLINIC_PATH, add_declaration, check_project, copy_small_project

FORM = """财政项目支出绩效目标申报表
（2021年度）
项目名称\t乡村巡诊
主管部门\t示例县卫生局\t实施单位\t示例县卫生局
项目性质\t经常性项目
计划开始日期\t2022-03-01\t计划完成日期\t2022-12-31
项目资金（元）\t年度资金申请总额\t20000.00
\t其中：当年财政拨款\t0
\t上年结转资金\t0
\t其他资金\t0
年度总目标\t全年巡诊一百二十次。
一级指标\t二级指标\t三级指标\t指标目标值
产出指标\t数量指标\t巡诊次数\t>=120次
满意度指标\t服务对象满意度指标\t村民满意度\t>=90%
"""
SUMS_NOTE = "原文的年度资金申请总额是 20000.00，其余各项相加是 0，两者不一致。各数照录，未作改动。"
DATES_NOTE = "原文的计划日期 2022-03-01 至 2022-12-31 不含2021年度。各数照录，未作改动。"
VISITS = "2021/health/visits"


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a small project with that form imported and built with all data, and the import output."""
    project = copy_small_project(tmp_path_factory.mktemp("contradictions") / "project")
    form = project / "content/forms/visits.txt"
    form.write_text(FORM, encoding="utf-8")
    with (form.parent / "SHA256SUMS").open("a", encoding="utf-8") as sums:
        sums.write(f"{hashlib.sha256(form.read_bytes()).hexdigest()}  {form.name}\n")
    folder = project / "content/declarations/2021/health"
    arguments = ("import", str(form), "--to", str(folder), "--id", "visits", "--project", str(project))
    result = jixiao(*arguments, language="zh")
    assert result.returncode == 0, result.stdout + result.stderr
    # The form's edition is not the only one whose classes fit: the small site knows that of 2015 alone.
    add_declaration(project, "visits", (folder / "visits.yml").read_text("utf-8"))
    with (project / "site_config.yml").open("a", encoding="utf-8") as settings:
        settings.write("downloads: true\npacks: true\n")
    built = jixiao("build", "--project", str(project))
    assert built.returncode == 0, built.stdout + built.stderr
    return project, result.stdout


def test_the_import_proposes_the_remarks_and_says_so(imported: tuple[Path, str]) -> None:
    _, said = imported

    assert f"第 7 行第 3 格：funding：{SUMS_NOTE} [sums-contradict]" in said
    assert f"第 6 行第 2 格：period：{DATES_NOTE} [dates-contradict]" in said


@pytest.mark.parametrize(
    ("language", "marks"), [("zh", ("金额不一致", "日期不一致")), ("en", ("Sums disagree", "Dates disagree"))]
)
def test_the_page_shows_every_figure_as_filed_with_the_mark_the_note_and_the_cells(
    imported: tuple[Path, str], language: str, marks: tuple[str, str]
) -> None:
    project, _ = imported
    page = read_page(project / "build/site" / PREFIXES[language] / VISITS / "index.html")

    sums, dates = marks
    assert read_remarks(page) == [
        ((dates,), DATES_NOTE, ((6, ("2022-03-01", "2022-12-31")),)),
        ((sums,), SUMS_NOTE, ((7, ("20000.00",)), *((line, ("0",)) for line in (8, 9, 10)))),
    ]
    assert [figure for _, figure in read_sums(page)][3:] == ["20,000.00", "0", "0", "0"]


def test_quality_pages_count_contradictions(imported: tuple[Path, str]) -> None:
    project, _ = imported
    page = read_page(project / "build/site/quality/index.html")

    rows = [[cell.text_content().strip() for cell in row] for row in page.iterfind(".//tr")]

    assert ["金额不一致", "1", "1"] in rows
    assert ["日期不一致", "1", "1"] in rows


def _check(project: Path, text: str) -> str:
    (project / CLINIC_PATH).with_name("visits.yml").write_text(text, encoding="utf-8")
    result = jixiao("check", "--project", str(project), language="zh")
    return "\n".join(line for line in result.stdout.splitlines() if "改进建议" not in line)


def test_what_nobody_marked_is_stopped_and_the_hint_can_be_pasted(
    imported: tuple[Path, str], tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(imported[0] / "content", project / "content")
    shutil.copy(ROOT / "tests/examples/sites/small/site_config.yml", project)
    filed = (project / CLINIC_PATH).with_name("visits.yml").read_text("utf-8")
    unmarked = filed[: filed.index("remarks:")] + filed[filed.index("source:") :]

    said = _check(project, unmarked)
    lines = [
        line.replace('"…"', cells, 1)
        for line, cells in zip(
            re.findall(r"说明：(- \{.*\})$", said, re.MULTILINE),
            ('"2022-03-01", 2022年12月31日', '"20,000.00", "0"'),
            strict=True,
        )
    ]

    assert re.findall(r"\[([a-z-]+)\]$", said, re.MULTILINE) == ["period-contradicts", "funds-do-not-add-up"]
    assert len(lines) == 2
    assert "错误" not in _check(project, "\n".join([f"{unmarked}remarks:", *lines, ""])).replace(
        "0 处错误", ""
    )


def test_a_mark_of_a_contradiction_that_is_not_there_is_refused(
    imported: tuple[Path, str], tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(imported[0] / "content", project / "content")
    shutil.copy(ROOT / "tests/examples/sites/small/site_config.yml", project)
    filed = (project / CLINIC_PATH).with_name("visits.yml").read_text("utf-8")

    said = _check(
        project, filed.replace("appropriation: 0", "appropriation: 20000").replace("2022-03", "2021-03")
    )

    assert re.findall(r"错误: (.*) \[contradiction-not-there\]", said) == [
        "标明“金额不一致”，可是这里录入的并没有不一致",
        "标明“日期不一致”，可是这里录入的并没有不一致",
    ]


@pytest.mark.parametrize(
    ("typed", "rules"),
    [
        (("total: 20000.00", "total: 2000.00"), ["funds-do-not-add-up"]),
        (("carryover: 0", "carryover: 40000"), ["funds-do-not-add-up"]),
        (("total: 20000.00", "total: 20000.001"), ["funds-do-not-add-up", "money-unit-unclear"]),
        (("annual:", "project: {total: 30}\n  annual:"), ["annual-funds-exceed-project"]),
        (("start: 2022-03-01", "start: 2023-03-01"), ["period-contradicts"]),
        (("end: 2022-12-31", "end: 2022-12-30"), ["period-contradicts"]),
        (("end: 2022-12-31", "end: 2022-12-31 "), []),
    ],
)
def test_a_remark_excuses_the_figures_that_it_shows_and_no_others(
    imported: tuple[Path, str], typed: tuple[str, str], rules: list[str], tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(imported[0] / "content", project / "content")
    shutil.copy(ROOT / "tests/examples/sites/small/site_config.yml", project)
    path = (project / CLINIC_PATH).with_name("visits.yml")
    before = path.read_text("utf-8")
    assert typed[0] in before
    path.write_text(before.replace(*typed, 1), encoding="utf-8")

    assert sorted(one.rule for one in check_project(project) if one.severity is Severity.ERROR) == rules


@pytest.mark.parametrize(
    ("cell", "in_ten_thousands"),
    [
        ("12,345.60", False),
        ("12 345.6", False),
        ("1.23456万元", False),
        ("12345.6元", False),
        ("合计：１２，３４５．６０", False),
        ("壹万贰仟叁佰肆拾伍元陆角", False),
        ("10,12345.6", False),
        ("123456000元", True),
    ],
)
def test_a_sum_is_recognised_however_a_cell_writes_it(cell: str, *, in_ten_thousands: bool) -> None:
    assert find_missing_sums([cell], [Decimal("12345.6")], in_ten_thousands=in_ten_thousands) == []
    if cell[0] != "壹":
        assert find_missing_sums([cell], [Decimal(1234)], in_ten_thousands=in_ten_thousands) == [
            Decimal(1234)
        ]


@pytest.mark.parametrize(
    "line",
    [
        ("2021年3月9日",),
        ("2021", "03", "09"),
        ("20210309",),
        ("21.3.9",),
        ("2021年3月",),
        ("2021-2023年",),
        ("２０２１/３/９",),
        ("2020年1月8日至2021年3月9日",),
        ("2021年1月8日至3月9日",),
        ("二〇二一年三月",),
    ],
)
def test_a_day_is_recognised_however_a_cell_writes_it(line: tuple[str, ...]) -> None:
    assert find_missing_days([line], [date(2021, 3, 9)]) == []
    if line[0][0] != "二":
        assert find_missing_days([line], [date(2012, 3, 9)]) == [date(2012, 3, 9)]


def test_a_cell_of_very_many_digits_states_nothing_and_stops_nothing() -> None:
    cell = "9" * 100_000

    assert find_missing_days([(cell, "2021-03-09")], [date(2021, 3, 9), date(2021, 3, 8)]) == [
        date(2021, 3, 8)
    ]
    assert find_missing_sums([cell, "5"], [Decimal(5), Decimal(9)], in_ten_thousands=False) == [Decimal(9)]
