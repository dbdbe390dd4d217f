"""Lists sort and filter in place, in Chromium; the table is whole without script."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.benchmarks.corpus import make_project
from tests.conftest import jixiao, serve
from tests.support.axe import assert_axe_finds_nothing
from tests.support.independent_readers import DEPARTMENT_YEAR

pytestmark = pytest.mark.browser

YEAR = "2023/"
BASES = "高技能人才培养基地建设资助"
TRAINING = "职业培训基础能力建设资助"
SKILLS = "筹办第46届世界技能大赛专项经费"
SHIFTS = """() => new Promise(resolve => new PerformanceObserver(list =>
    resolve(list.getEntries().reduce((sum, entry) => sum + entry.value, 0))
).observe({ type: "layout-shift", buffered: true }) || setTimeout(() => resolve(0), 500))"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a site of 90 synthetic declarations is served; many of them have blank sums."""
    project = make_project(tmp_path_factory.mktemp("lists") / "project", 90)
    result = jixiao("build", "--project", str(project))
    assert result.returncode == 0, result.stdout + result.stderr
    with contextmanager(serve)(project / "build" / "site") as address:
        yield address


def list_on(page: Page) -> Locator:
    """Return the list of declarations."""
    return page.locator("[data-list-tools='declarations'] + .table-scroll table.list")


def names(page: Page) -> list[str]:
    """Return the names that are seen, in their order."""
    return [text.strip() for text in list_on(page).locator("tbody th:visible").all_inner_texts()]


def sums(page: Page) -> list[Decimal | None]:
    """Return the sums that are seen in 元, in their order."""
    found: list[Decimal | None] = []
    for text in list_on(page).locator("tbody td[data-value]:visible").all_inner_texts():
        figure, _, unit = text.replace(",", "").strip().partition(" ")
        found.append(Decimal(figure) * {"元": 1, "万元": 10_000}[unit] if unit else None)
    return found


def head(page: Page, title: str) -> Locator:
    return list_on(page).locator("thead th", has=page.get_by_role("button", name=title, exact=True))


def test_a_column_sorts_by_its_title_up_down_and_as_it_was(page: Page, address: str) -> None:
    page.goto(f"{address}{DEPARTMENT_YEAR}/")
    as_listed = names(page)
    money = head(page, "年度资金申请总额")
    money.get_by_role("button").click()
    expect(money).to_have_attribute("aria-sort", "descending")
    assert names(page) == [BASES, SKILLS, TRAINING]
    money.get_by_role("button").click()
    expect(money).to_have_attribute("aria-sort", "ascending")
    assert names(page) == [TRAINING, SKILLS, BASES]
    money.get_by_role("button").click()
    assert money.get_attribute("aria-sort") is None
    assert names(page) == as_listed
    assert urlsplit(page.url).query == ""


def test_words_leave_the_rows_that_hold_them_and_are_counted(page: Page, address: str) -> None:
    page.goto(f"{address}{DEPARTMENT_YEAR}/")
    tools = page.locator(".list-tools")
    expect(tools.locator("output")).to_have_text("显示 3 行，共 3 行")
    tools.get_by_label("在本表中找").fill("技能")
    expect(tools.locator("output")).to_have_text("显示 2 行，共 3 行")
    assert names(page) == [BASES, SKILLS]
    assert parse_qs(urlsplit(page.url).query) == {"find": ["技能"]}
    tools.get_by_role("button", name="还原").click()
    expect(tools.locator("output")).to_have_text("显示 3 行，共 3 行")
    expect(tools.get_by_role("button", name="还原")).to_be_hidden()


def test_a_view_of_a_list_can_be_sent_and_unknown_values_show_everything(page: Page, address: str) -> None:
    page.goto(f"{address}{DEPARTMENT_YEAR}/?find=技能&sort=money-asc")
    expect(page.locator(".list-tools output")).to_have_text("显示 2 行，共 3 行")
    assert names(page) == [SKILLS, BASES]
    page.goto(f"{address}{DEPARTMENT_YEAR}/?sort=__proto__-asc&nature=x&unit=%3Cscript%3E")
    expect(page.locator(".list-tools output")).to_have_text("显示 3 行，共 3 行")


@pytest.mark.parametrize(("order", "sign"), [("money-desc", -1), ("money-asc", 1)])
def test_sums_of_different_units_are_ordered_as_money_and_blanks_come_last(
    page: Page, many: str, order: str, sign: int
) -> None:
    page.goto(f"{many}{YEAR}?sort={order}")
    expect(list_on(page).locator("[aria-sort]")).to_have_count(1)
    found = sums(page)
    assert None in found
    assert len(found) > 10
    assert found == sorted(found, key=lambda value: (value is None, sign * (value or 0)))
    texts = list_on(page).locator("td[data-value]").all_inner_texts()
    assert {text.partition(" ")[2] for text in texts} == {"元", "万元", ""}


def test_readers_choose_among_few_values_and_combine_them(page: Page, many: str) -> None:
    page.goto(f"{many}{YEAR}")
    whole = len(names(page))
    tools = page.locator("[data-list-tools='declarations']")
    tools.locator("label:has(> span:text-is('项目性质')) select").select_option("一次性项目")
    natures = list_on(page).locator("td[data-label='项目性质']:visible").all_inner_texts()
    assert set(natures) == {"一次性项目"}
    assert 0 < len(natures) < whole
    tools.locator("label:has(> span:text-is('主管部门')) select").select_option("合成部门0")
    departments = list_on(page).locator("td[data-label='主管部门']:visible").all_inner_texts()
    assert set(departments) <= {"合成部门0"}
    assert len(departments) < len(natures)
    assert parse_qs(urlsplit(page.url).query) == {"nature": ["一次性项目"], "department": ["合成部门0"]}
    expect(tools.locator("output")).to_have_text(f"显示 {len(departments)} 行，共 {whole} 行")


def test_departments_are_sorted_by_themselves(page: Page, many: str) -> None:
    page.goto(f"{many}{YEAR}?sort=money-desc")
    departments = page.locator("[data-list-tools='departments'] + .table-scroll table.list")
    assert departments.locator("[aria-sort]").count() == 0
    departments.get_by_role("button", name="申报表").click()
    counts = [int(text) for text in departments.locator("td[data-label='申报表']").all_inner_texts()]
    assert counts == sorted(counts, reverse=True)
    assert parse_qs(urlsplit(page.url).query) == {"sort": ["money-desc"]}


def test_lists_are_used_by_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}{DEPARTMENT_YEAR}/")
    page.get_by_label("在本表中找").focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('th')?.dataset.column") == "money":
            break
    page.keyboard.press("Enter")
    assert names(page) == [BASES, SKILLS, TRAINING]
    assert page.evaluate("document.activeElement.closest('th')?.dataset.column") == "money"


def test_without_script_the_table_is_whole_and_the_tools_take_no_room(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}{DEPARTMENT_YEAR}/?find=技能&sort=money-asc")
        assert names(page) == [BASES, TRAINING, SKILLS]
        expect(page.locator(".list-tools")).to_be_hidden()
        expect(page.locator("thead button")).to_have_count(0)


@pytest.mark.parametrize(
    ("width", "scheme", "prefix"),
    [(320, "light", ""), (320, "dark", "en/"), (1280, "light", "en/"), (1280, "dark", "")],
)
def test_lists_with_their_tools_are_accessible_and_fit(
    page: Page, many: str, prefix: str, scheme: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{many}{prefix}{YEAR}?sort=money-desc&find=2")
    expect(page.locator("[data-list-tools='declarations'] output")).not_to_be_empty()
    assert_axe_finds_nothing(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    order = page.locator("[data-list-tools='declarations'] .list-order")
    expect(order).to_be_visible() if width == 320 else expect(order).to_be_hidden()


@pytest.mark.parametrize("width", [375, 1280])
def test_the_tools_do_not_push_the_page_around(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{address}{DEPARTMENT_YEAR}/#declarations")
    expect(page.locator(".list-tools output")).not_to_be_empty()
    assert page.evaluate(SHIFTS) < 0.02


def test_tools_stay_off_paper(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}{DEPARTMENT_YEAR}/")
    expect(page.locator(".list-tools output")).not_to_be_empty()
    page.emulate_media(media="print")
    expect(page.locator(".list-tools")).to_be_hidden()
    assert page.pdf(path=tmp_path / "list.pdf")
