"""One project in several years: which declarations belong together, what became of sums and targets.

`examples/sites/years/` has three years, two editions of the classes, a project under another address and one
that took the address of another.
"""

import random
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jixiao import pipeline
from jixiao.model.project import find_projects
from jixiao.verify import verify
from jixiao.verify.html_stream import read_html
from jixiao.verify.page_checks import compare_page
from jixiao.verify.sources import read_sources
from tests.browser.test_pages_in_browser import REACHES_OUT
from tests.conftest import jixiao, serve
from tests.support.axe import assert_axe_finds_nothing
from tests.support.build_runs import list_differing_files, read_all_files
from tests.support.independent_readers import find_elements, find_only_element, find_unstyled_pages, read_page
from tests.support.render_pages import render_project as pages_of
from tests.support.sample_projects import (
    EXAMPLES,
    assert_matches_golden,
    assert_no_others,
    check_project,
    format_problem_report,
)

YEARS = EXAMPLES / "sites/years"
CLINIC = "projects/health/clinic/"
ROUNDS = "projects/health/rounds/"
OF_2022 = "content/declarations/2022/health/"
LATER = f"{OF_2022}mountain-rounds.yml"
SEED = 20220101


@pytest.fixture
def years(tmp_path: Path) -> Path:
    """The sample of three years, for a test to change."""
    return Path(shutil.copytree(YEARS, tmp_path / "project", ignore=shutil.ignore_patterns("expected")))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample of three years with its site, which no test changes."""
    project = tmp_path_factory.mktemp("years") / "project"
    shutil.copytree(YEARS, project, ignore=shutil.ignore_patterns("expected"))
    _build(project)
    return project


YEARS_SHOWN = {
    "": [
        "最近的年度：2022年度",
        "3 份 1,050,000 元 8 项 7 项",
        "合计含 2 份，另有 1 份未填报年度资金申请总额。",
        "年度 年度资金申请总额合计 申报表 计入合计 未填报 单位推定",
        "2022年度 1,050,000 元 3 2 1 0",
        "2021年度 1,080,000 元 2 2 0 0",
        "2020年度 1,200,000.50 元 1 1 0 0",
    ],
    "en/organisations/health/": [
        "Latest year: 2022",
        "3 1,050,000 yuan 8 7",
        "Declarations in the total: 2. Left out, because the funds requested for the year were not filed: 1.",
        "Year Funds requested for the year, total Declarations In the total Not filed Unit inferred",
        "2022 1,050,000 yuan 3 2 1 0",
        "2021 1,080,000 yuan 2 2 0 0",
        "2020 1,200,000.50 yuan 1 1 0 0",
    ],
    "organisations/clinic-office/": [
        "最近的年度：2022年度",
        "2 份 1,000,000 元 7 项 6 项",
        "合计含 1 份，另有 1 份未填报年度资金申请总额。",
        "年度 年度资金申请总额合计 申报表 计入合计 未填报 单位推定",
        "2022年度 1,000,000 元 2 1 1 0",
        "2021年度 1,000,000 元 1 1 0 0",
        "2020年度 1,200,000.50 元 1 1 0 0",
    ],
}
"""What pages over several years add up: each year for itself."""


def _build(project: Path) -> None:
    result = jixiao("build", "--project", str(project))
    assert (result.returncode, result.stderr) == (0, ""), result.stdout + result.stderr


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_the_pages_of_projects_and_of_their_declarations(*, rewrites_golden: bool) -> None:
    seen = set()
    for page in pages_of(YEARS, pipeline.check(YEARS)):
        if page.kind in {"project", "declaration"}:
            file = YEARS / "expected" / page.language / page.path
            assert_matches_golden(file, page.markdown(), rewrites=rewrites_golden)
            seen.add(file)
    assert_no_others([*(YEARS / "expected").rglob("*.md")], seen, rewrites=rewrites_golden)
    assert len(seen) == 2 * (6 + 2)


@pytest.mark.parametrize(
    ("ids", "stated", "found"),
    [
        ("2021/a/x 2020/a/x 2023/a/x", {}, [("2020/a/x", "2021/a/x", "2023/a/x")]),
        ("2020/a/x 2021/b/x", {}, []),
        ("2020/a/x 2021/b/y", {"2021/b/y": "2020/a/x"}, [("2020/a/x", "2021/b/y")]),
        ("2020/a/x 2021/a/x 2021/a/y", {"2021/a/y": "2020/a/x"}, [("2020/a/x", "2021/a/y")]),
        (
            "2020/a/x 2021/a/x 2022/a/x 2021/a/y",
            {"2021/a/y": "2020/a/x"},
            [("2020/a/x", "2021/a/y"), ("2021/a/x", "2022/a/x")],
        ),
        (
            "2020/a/x 2021/a/y 2021/a/z",
            {"2021/a/z": "2020/a/x", "2021/a/y": "2020/a/x"},
            [("2020/a/x", "2021/a/y")],
        ),
        ("2020/a/x 2020/a/y", {"2020/a/y": "2020/a/x"}, []),
        ("2021/a/x", {"2021/a/x": "2020/a/gone"}, []),
    ],
)
def test_which_declarations_are_of_one_project(
    ids: str, stated: dict[str, str], found: list[tuple[str, ...]]
) -> None:
    assert [project.ids for project in find_projects(ids.split(), stated)] == found


AT = "content/declarations/2022/health/mountain-rounds.yml:25:12"
REFUSED = {
    "2022/health/rounds": f"""\
{AT}: error: what is continued must be a declaration of an earlier year: 2022/health/rounds [continues-not-earlier]
    hint: Name the declaration of the same project in an earlier year; the later one says continues, the earlier one does not
{AT}: 错误: 接续的应当是以前年度的申报表：2022/health/rounds [continues-not-earlier]
    建议: 写同一个项目较早年度的申报表；晚的一份写 continues，早的不写
""",  # noqa: E501
    "2021/health/nowhere": f"""\
{AT}: error: there is no such declaration: 2021/health/nowhere [continues-unknown]
    hint: Write year/department/project, for example 2021/health/clinic; where it was not published, remove continues
{AT}: 错误: 没有这份申报表：2021/health/nowhere [continues-unknown]
    建议: 写成 年度/主管部门/项目，例如 2021/health/clinic；没有公开的，删去 continues
""",  # noqa: E501
    "2021/health": f"""\
{AT}: error: this is not the address of a declaration: 2021/health [address-format]
    hint: Write year/department/project, for example 2021/health/clinic
{AT}: 错误: 这不是申报表的网址：2021/health [address-format]
    建议: 写成 年度/主管部门/项目，例如 2021/health/clinic
""",
}


def _format_rule_problems(project: Path, *rules: str) -> str:
    return format_problem_report(
        tuple(problem for problem in check_project(project) if problem.rule.startswith(rules))
    )


@pytest.mark.parametrize("named", REFUSED)
def test_what_cannot_be_continued_is_told_at_its_place(years: Path, named: str) -> None:
    _replace(years / LATER, "2021/health/rounds", named)
    assert _format_rule_problems(years, "continues", "address") == REFUSED[named]


def test_a_declaration_is_continued_by_one_only(years: Path) -> None:
    _replace(years / f"{OF_2022}rounds.yml", "source:", "continues: 2021/health/rounds\nsource:")
    at = f"{OF_2022}rounds.yml:20:12"
    assert (
        _format_rule_problems(years, "continues")
        == f"""\
{at}: error: 2021/health/rounds is already continued by another declaration: 2022/health/mountain-rounds [continues-taken]
    hint: A declaration is continued by one only; where a project was split, keep the main one
{at}: 错误: 2021/health/rounds已经有一份接续的申报表：2022/health/mountain-rounds [continues-taken]
    建议: 一份申报表只能由一份接续；项目分成几个的，请留下主要的一个
"""  # noqa: E501
    )


def test_a_crosswalk_leads_to_classes_that_the_edition_has(years: Path) -> None:
    _replace(years / "content/taxonomies/2021.yml", "成本指标/经济成本指标", "成本指标/费用指标")
    assert (
        _format_rule_problems(years, "crosswalk")
        == """\
content/taxonomies/2021.yml:30:16: error: this edition has no such class: 成本指标/费用指标 [crosswalk-class-unknown]
    hint: Write level 1/level 2, with the names under levels
content/taxonomies/2021.yml:30:16: 错误: 本版没有这个类别：成本指标/费用指标 [crosswalk-class-unknown]
    建议: 写成 一级指标/二级指标，照 levels 里的名称
"""  # noqa: E501
    )


def test_every_digit_of_the_comparison_is_compared(built: Path) -> None:
    sources = read_sources(built)
    unseen = []
    chance = random.Random(SEED)  # noqa: S311 - repeatable
    for page in (
        f"{language}{address}index.html" for language in ("", "en/") for address in (CLINIC, ROUNDS)
    ):
        text = (built / "build/site" / page).read_text("utf-8")
        article = re.search("<article.*?</article>", text, re.DOTALL)
        assert article
        # Labels of cells for a narrow screen are titles of columns, which are compared.
        places = [
            article.start() + digit.start()
            for digit in re.finditer(r"[0-9](?![^<]*(?:\"[^<>]*)?>)", article[0])
        ]
        for place in chance.sample(places, min(40, len(places))):
            other = str((int(text[place]) + 1) % 10)
            changed = f"{text[:place]}{other}{text[place + 1 :]}"
            if not list(compare_page(page, read_html(changed), sources)):
                unseen.append(changed[place - 40 : place + 20])
    assert unseen == []


def test_another_fate_or_neighbour_on_a_page_is_found(built: Path, tmp_path: Path) -> None:
    site = Path(shutil.copytree(built / "build/site", tmp_path / "site"))
    (site / "data/manifest.json").unlink()
    for page, old, new in (
        (f"{CLINIC}index.html", "数字调低", "数字调高"),
        (f"en/{CLINIC}index.html", "Newly listed</td>", "Unchanged</td>"),
        ("2021/health/clinic/index.html", "下一份：2022年度", "下一份：2023年度"),
        (
            "2021/health/rounds/index.html",
            "../../../2022/health/mountain-rounds/",
            "../../../2022/health/rounds/",
        ),
    ):
        text = (site / page).read_text("utf-8")
        assert old in text
        (site / page).write_text(text.replace(old, new), "utf-8")
        assert {finding.file for finding in verify(built, site)} == {page}
        (site / page).write_text(text, "utf-8")
    assert verify(built, site) == ()


def test_what_a_project_gains_or_loses_reaches_all_its_pages_and_no_other(
    built: Path, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(built, tmp_path / "project"))
    _build(project)
    before = read_all_files(project / "build/site")

    # Of the two that could continue it, the other one does so now.
    _replace(project / LATER, "continues: 2021/health/rounds\n", "")
    _build(project)

    whole = read_all_files(project / "build/site")
    changed = {
        path.removesuffix("index.html")
        for path in list_differing_files(before, whole)
        if path.endswith("index.html") and not path.startswith("en/")
    }
    assert changed == {"2021/health/rounds/", "2022/health/rounds/", "2022/health/mountain-rounds/", ROUNDS}
    shutil.rmtree(project / "build")
    _build(project)
    del whole["data/manifest.json"]
    anew = read_all_files(project / "build/site")
    del anew["data/manifest.json"]
    assert list_differing_files(whole, anew) == []


def test_a_project_of_one_year_has_no_page_and_no_neighbours(built: Path) -> None:
    site = built / "build/site"
    assert sorted(path.name for path in (site / "projects/health").iterdir()) == ["clinic", "rounds"]
    ways = find_elements(read_page(site / "2022/health/rounds/index.html"), "//nav[@class='years-around']//a")
    assert [way.text_content() for way in ways] == ["与另一份并排"]


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    """Where its site is served."""
    with contextmanager(serve)(built / "build/site") as served:
        yield served


@pytest.mark.browser
@pytest.mark.parametrize("prefix", ["", "en/"])
def test_the_comparison_is_accessible_and_fits(page: Page, address: str, prefix: str) -> None:
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{address}{prefix}2021/health/clinic/")
        page.locator(".years-around a").nth(1).click()
        page.wait_for_url(f"**/{CLINIC}")
        assert page.evaluate(REACHES_OUT) == [0]
        assert_axe_finds_nothing(page)


@pytest.mark.browser
@pytest.mark.parametrize(("prefix", "blank"), [("", "这一份没有"), ("en/", "Not in this one")])
def test_any_two_declarations_stand_side_by_side_and_the_address_can_be_sent(
    page: Page, address: str, prefix: str, blank: str
) -> None:
    page.goto(f"{address}{prefix}2021/health/rounds/")
    page.locator(".years-around a").last.click()
    page.locator("#compare-b").fill(f"{address}{prefix}2022/health/rounds/#goals")
    page.locator("#compare-b").press("Enter")
    page.locator("table.compared-pair").wait_for()
    sent = page.url

    rows = dict(_pair_rows(page))
    assert len(rows) == 6 + 7 + 2 + 2
    texts = list(rows.values())
    assert texts[0] == ["山区义诊", "城区义诊"]
    assert texts[4:6] == [["2021-03-01", "2022-03-01"], ["2021-11-30", "2022-11-30"]]
    assert [one.split(" (")[0] for one in texts[9]] == ["80,000", "50,000"]
    assert texts[-2] == [">=20天", ">=12天"]
    assert texts[-1] == [">=600人次", blank]
    assert page.locator("tr.is-same").count() == 3 + 8
    assert_axe_finds_nothing(page)

    page.goto("about:blank")
    page.goto(sent)
    page.locator("table.compared-pair").wait_for()
    assert dict(_pair_rows(page)) == rows
    page.locator("table.compared-pair thead a").last.click()
    page.wait_for_url(f"{address}{prefix}2022/health/rounds/")


def _pair_rows(page: Page) -> Iterator[tuple[str, list[str]]]:
    for row in page.locator("table.compared-pair tbody tr").all():
        yield row.locator("th").inner_text(), row.locator("td").all_inner_texts()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("a=2021/health/rounds&b=2021/health/rounds/", "两处填的是同一份申报表。"),
        ("a=2021/health/rounds&b=projects/health/clinic", "没有这份申报表：projects/health/clinic"),
        (
            "a=javascript:alert(1)&b=<img src=x onerror=alert(1)>",
            "没有这份申报表：javascript:alert(1) 没有这份申报表：<img src=x onerror=alert(1)>",
        ),
        ("a=2021/health/rounds", ""),
    ],
)
def test_what_cannot_be_compared_is_told_as_it_was_typed(
    page: Page, address: str, query: str, says: str
) -> None:
    page.goto(f"{address}compare/?{query}")
    page.locator(".compare-form").wait_for()
    expect(page.locator("[data-compare-status]")).to_have_text(says)
    assert page.locator("table.compared-pair").count() == 0


@pytest.mark.parametrize("address", YEARS_SHOWN)
def test_sums_of_several_years_stand_beside_each_other_and_are_never_added(built: Path, address: str) -> None:
    page = read_page(built / "build/site" / address / "index.html")
    note = find_only_element(page, "//dl[@class='headline']/following::p[@class='note'][1]")
    shown = [
        str(find_only_element(page, "//h2[@id='published' or @id='latest']").text_content()).strip(),
        " ".join(str(figure.text_content()) for figure in find_elements(page, "//dl[@class='headline']//dd")),
        str(note.text_content()).strip(),
        *(
            " ".join(str(cell.text_content()).strip() for cell in line)
            for line in find_elements(page, "//table[@class='by-year']//tr")
        ),
    ]

    assert shown == YEARS_SHOWN[address]


@pytest.mark.parametrize("address", YEARS_SHOWN)
def test_every_digit_of_the_years_is_compared(built: Path, address: str) -> None:
    file = f"{address}index.html"
    sources, text = read_sources(built), (built / "build/site" / file).read_text("utf-8")
    start = text.index('id="latest"' if "organisations" in address else 'id="published"')
    end = text.index("</table>", start)
    hidden = [place for tag in re.finditer("<[^>]*>", text) for place in range(*tag.span())]
    places = set(range(start, end)).difference(hidden)
    seen = [place for place in sorted(places) if text[place].isdecimal()]
    tampered = {place: f"{text[:place]}{9 - int(text[place])}{text[place + 1 :]}" for place in seen}
    missed = [
        text[place - 40 : place + 20]
        for place, changed in tampered.items()
        if not list(compare_page(file, read_html(changed), sources))
    ]

    assert len(seen) > 50
    assert missed == []


def test_every_page_loads_the_styles_of_what_it_holds(built: Path) -> None:
    assert find_unstyled_pages(built / "build/site") == []
