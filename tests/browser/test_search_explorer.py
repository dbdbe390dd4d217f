"""The search page as the explorer of all declarations: facets, order, words, and an address for each view."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
import yaml
from playwright.sync_api import Page, Route, expect

from tests.conftest import serve
from tests.support.axe import assert_axe_finds_nothing
from tests.support.search_page import (
    find_facet_checkbox,
    last_folder,
    shared_searched_project,
    wait_for_results,
)

pytestmark = pytest.mark.browser

MARKED = "() => [...(CSS.highlights.get('found') ?? [])].map(range => range.toString())"


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built project of the three real declarations among 200 synthetic ones."""
    return shared_searched_project(tmp_path_factory)


@pytest.fixture(scope="module")
def many(searched: Path) -> Iterator[str]:
    """Where its site is served."""
    with contextmanager(serve)(searched / "build" / "site") as address:
        yield address


@pytest.fixture(scope="module")
def sources(searched: Path) -> Mapping[str, Any]:
    """The declarations as they were written, by id."""
    return {
        path.stem: yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - keeps figures as typed
        for path in sorted((searched / "content/declarations").rglob("*.yml"))
    }


def read_yuan(source: Mapping[str, Any]) -> Decimal | None:
    """Return the sum requested for the year in 元, if it is stated."""
    funding = source["funding"]
    filed = funding.get("annual", {}).get("total")
    if filed in (None, "", "null"):
        return None
    unit = funding.get("unit") or funding["unit_read_as"]
    return Decimal(filed.replace(",", "")) * {"元": 1, "万元": 10_000}[unit]


@pytest.mark.parametrize("place", ["quality/", "en/quality/2021/"])
def test_every_number_of_the_gaps_leads_to_so_many_declarations(page: Page, many: str, place: str) -> None:
    page.goto(f"{many}{place}")
    counts = {
        f"{many}{place}{link.get_attribute('href')}": int(link.inner_text())
        for link in page.locator("table.gaps td a").all()[:12]
    }
    found = {}
    for address in counts:
        page.goto(address)
        expect(page.locator("pagefind-summary")).to_contain_text(re.compile("[0-9]"))
        found[address] = result_count(page)

    assert found == counts
    assert len(counts) == 12


def test_every_class_of_targets_leads_to_the_declarations_that_have_it(page: Page, many: str) -> None:
    page.goto(f"{many}indicators/")
    drawn = page.locator("figure.profile th").all_inner_texts()
    links = page.locator("dl.classes a")
    assert len(links.all()) == len(drawn) > 5
    for place, label in enumerate(drawn):
        page.goto(f"{many}indicators/")
        links.nth(place).click()
        expect(page.locator("pagefind-summary")).to_contain_text(re.compile("[0-9]"))
        assert page.locator("input:checked").evaluate_all("boxes => boxes.map(box => box.value)") == [label]
        assert result_count(page) > 0


def result_count(page: Page) -> int:
    """Return the number of results that the page states."""
    found = re.search(r"\d+", page.locator("pagefind-summary").inner_text())
    assert found
    return int(found[0])


def read_query(page: Page) -> dict[str, list[str]]:
    """Return the parameters of the view in the address."""
    return parse_qs(urlsplit(page.url).query)


def shows(page: Page, count: int) -> None:
    """Wait until the page states this number of results."""
    expect(page.locator("pagefind-summary")).to_contain_text(re.compile(rf"(?<!\d){count}(?!\d)"))


def ids(page: Page) -> list[str]:
    """Return the ids of all results in their order."""
    return [
        last_folder(link.get_attribute("href") or "") for link in wait_for_results(page).locator("a").all()
    ]


def test_without_words_all_declarations_are_there_the_newest_and_largest_first(
    page: Page, many: str, sources: Mapping[str, Any]
) -> None:
    page.goto(f"{many}search/")
    shows(page, len(sources))
    page.goto(f"{many}search/?year=2023&year=2022")
    chosen = {name: source for name, source in sources.items() if source["year"] in ("2022", "2023")}
    shows(page, len(chosen))
    found = ids(page)
    assert sorted(found) == sorted(chosen)
    money = [(sources[name]["year"], read_yuan(sources[name])) for name in found]
    ordered = sorted(money, key=lambda value: (-int(value[0]), value[1] is None, -(value[1] or 0)))
    assert money == ordered


def test_nothing_moves_where_results_wait_to_be_loaded(page: Page, many: str) -> None:
    page.goto(f"{many}search/")
    expect(page.locator(".pf-skeleton").nth(100)).to_be_attached()
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize(("order", "sign"), [("money-desc", -1), ("money-asc", 1)])
def test_sums_are_ordered_as_numbers_and_blanks_come_last(
    page: Page, many: str, sources: Mapping[str, Any], order: str, sign: int
) -> None:
    page.goto(f"{many}search/?year=2021&sort={order}")
    held = {name for name, source in sources.items() if source["year"] == "2021"}
    shows(page, len(held))
    sums = [read_yuan(sources[name]) for name in ids(page)]
    assert len(sums) == len(held)
    assert sums == sorted(sums, key=lambda value: (value is None, sign * (value or 0)))


def test_values_of_a_facet_add_up_and_facets_narrow(
    page: Page, many: str, sources: Mapping[str, Any]
) -> None:
    in_year = {year: sum(source["year"] == year for source in sources.values()) for year in ("2020", "2021")}
    recurring = sum(
        source["year"] in in_year and source["nature"] == "经常性项目" for source in sources.values()
    )
    page.goto(f"{many}search/")
    find_facet_checkbox(page, "2021").check()
    shows(page, in_year["2021"])
    find_facet_checkbox(page, "2020").check()
    shows(page, sum(in_year.values()))
    find_facet_checkbox(page, "经常性项目").check()
    shows(page, recurring)
    count = page.locator(".search-page label:has(input[value='2021']) span")
    of_2021 = sum(
        source["year"] == "2021" and source["nature"] == "经常性项目" for source in sources.values()
    )
    expect(count).to_have_text(str(of_2021))
    assert read_query(page) == {"year": ["2021", "2020"], "nature": ["经常性项目"]}


def test_what_is_typed_while_the_page_still_loads_is_searched_for(page: Page, many: str) -> None:
    waiting: list[Route] = []
    typed = False

    def hold(route: Route) -> None:
        if typed:
            route.continue_()
        else:
            waiting.append(route)

    page.route("**/pagefind/**/*.pf_meta", hold)
    page.goto(f"{many}search/")
    page.locator(".search-page input[type=search]").fill("老年大学")
    page.wait_for_timeout(600)
    for _ in range(600):
        if not waiting:
            page.wait_for_timeout(100)
    assert waiting
    typed = True
    for route in waiting:
        route.continue_()
    expect(page.locator("pagefind-summary")).to_contain_text("老年大学")


def test_a_view_can_be_sent_and_looks_the_same(page: Page, many: str) -> None:
    page.goto(f"{many}search/")
    page.locator(".search-page input[type=search]").fill("老年大学")
    expect(page.locator("pagefind-summary")).to_contain_text("老年大学")
    find_facet_checkbox(page, "2021").check()
    page.locator(".search-tools select").select_option("money-asc")
    expect(page.locator("pagefind-summary")).to_contain_text("老年大学")
    page.wait_for_url("**sort=money-asc**")
    expect(page.locator("[data-chosen] button")).to_have_count(1)
    shown, sent, number = ids(page), page.url, result_count(page)
    assert number == len(shown) > 5
    page.goto("about:blank")
    page.goto(sent)
    shows(page, number)
    expect(page.locator(".search-page input[type=search]")).to_have_value("老年大学")
    expect(page.locator(".search-tools select")).to_have_value("money-asc")
    expect(find_facet_checkbox(page, "2021")).to_be_checked()
    assert ids(page) == shown


def test_a_chosen_value_is_taken_away_by_its_button(
    page: Page, many: str, sources: Mapping[str, Any]
) -> None:
    page.goto(f"{many}search/?{urlencode([('year', '2021'), ('nature', '一次性项目')])}")
    chosen = page.locator("[data-chosen] button")
    expect(chosen).to_have_text(["2021 ×", "一次性项目 ×", "全部取消"])
    expect(chosen.first).to_have_attribute("aria-label", "取消：2021")
    chosen.first.click()
    shows(page, sum(source["nature"] == "一次性项目" for source in sources.values()))
    expect(chosen).to_have_text(["一次性项目 ×"])
    chosen.first.click()
    shows(page, len(sources))
    expect(page.locator("[data-chosen]")).to_be_hidden()
    assert read_query(page) == {}


@pytest.mark.parametrize(
    "view",
    [
        "year=1066&nature=%3Cimg%20src=x%20onerror=alert(1)%3E&sort=javascript:alert(1)",
        "__proto__=x&constructor=y&year=__proto__&sort=toString",
        "year=&department=&q=",
    ],
)
def test_a_view_that_does_not_exist_shows_everything(
    page: Page, many: str, sources: Mapping[str, Any], view: str
) -> None:
    page.goto(f"{many}search/?{view}")
    shows(page, len(sources))
    expect(page.locator(".search-tools select")).to_have_value("")
    expect(page.locator("[data-chosen]")).to_be_hidden()


def test_the_list_says_where_the_very_words_end(page: Page, many: str) -> None:
    page.goto(f"{many}search/?q={quote('道路 宣传')}")
    expect(page.locator("pagefind-summary")).to_contain_text("道路 宣传")
    wait_for_results(page)
    expect(page.locator(".result-border")).to_have_text(
        re.compile(r"以上 \d+ 条原样含有“道路 宣传”；以下只含其中部分字词。")
    )
    page.goto(f"{many}search/?q={quote('世界技能大塞')}")
    expect(page.locator(".result-border")).to_have_text(
        "没有一条原样含有“世界技能大塞”；以下只含其中部分字词。"
    )
    page.goto(f"{many}search/?q={quote('试运行')}")
    expect(page.locator("pagefind-summary")).to_contain_text("试运行")
    wait_for_results(page)
    expect(page.locator(".result-border")).to_have_count(0)


@pytest.mark.parametrize(
    ("prefix", "query", "shown"),
    [
        ("", "试运行", {"试运行"}),
        ("", "54449000", {"54,449,000"}),
        ("en/", "WorldSkills museum", {"WorldSkills Museum"}),
    ],
)
def test_the_page_that_opens_shows_the_words(
    page: Page, many: str, prefix: str, query: str, shown: set[str]
) -> None:
    page.goto(f"{many}{prefix}search/?q={quote(query)}")
    page.locator(".pf-results > li a").first.click()
    page.wait_for_url("**/worldskills-46-preparation/?found=*")
    page.wait_for_function("() => CSS.highlights.has('found')")
    marked = page.evaluate(MARKED)
    assert marked
    assert set(marked) <= shown


def test_the_language_switch_keeps_year_and_nature(page: Page, many: str) -> None:
    page.goto(f"{many}search/?{urlencode([('year', '2021'), ('nature', '一次性项目')])}")
    expect(page.locator("[data-chosen] button")).to_have_count(3)
    wait_for_results(page)
    number = result_count(page)
    page.locator("header a[hreflang=en], header a[lang=en]").first.click()
    page.wait_for_url("**/en/search/**")
    expect(page.locator("[data-chosen] button")).to_have_text(["2021 ×", "One-off project ×", "Clear all"])
    shows(page, number)


def test_facets_and_order_are_used_by_keyboard_alone(page: Page, many: str) -> None:
    page.goto(f"{many}search/")
    expect(page.locator(".search-page input[value='2021']")).to_have_count(1)
    page.locator(".search-page input[type=search]").focus()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('input[value=\"2021\"]')"):
            break
    page.keyboard.press("Space")
    expect(page.locator("[data-chosen] button")).to_have_text(["2021 ×"])
    assert page.evaluate("document.activeElement.matches('input[value=\"2021\"]')")


@pytest.mark.parametrize(
    ("width", "scheme", "prefix"),
    [(320, "light", ""), (320, "dark", "en/"), (1280, "light", "en/"), (1280, "dark", "")],
)
def test_the_explorer_is_accessible_and_fits(
    page: Page, many: str, prefix: str, scheme: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{many}{prefix}search/?year=2021&q=2021")
    expect(page.locator("[data-chosen] button")).to_have_count(1)
    wait_for_results(page)
    assert_axe_finds_nothing(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
