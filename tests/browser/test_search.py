"""Search, as a reader uses it: in a real browser on the served site."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import serve
from tests.support.independent_readers import (
    CONTENT,
    DECLARATIONS,
    DEPARTMENT_YEAR,
    iter_indicators,
    read_declaration,
)
from tests.support.search_page import (
    find_facet_checkbox,
    last_folder,
    list_declarations,
    search,
    wait_for_results,
)

pytestmark = pytest.mark.browser

AMOUNTS = {
    "skilled-talent-bases": "151,100,000",
    "vocational-training-capacity": "15,986,000",
    "worldskills-46-preparation": "54,449,000",
}
TOTAL = "221,535,000"
FACETS = {
    "": [
        "年度",
        "主管部门",
        "年度资金申请总额",
        "目标值能否核对",
        "标记",
        "项目性质",
        "一级指标",
        "二级指标",
        "实施单位",
    ],
    "en/": [
        "Year",
        "Department in charge",
        "Funds requested for the year",
        "Can the targets be checked?",
        "Marks",
        "Nature of the project",
        "Level-1 class",
        "Level-2 class",
        "Implementing unit",
    ],
}
CHINESE = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2,}")


def declarations_with(word: str) -> list[str]:
    """Return the declarations whose text holds the word."""
    folder = CONTENT / "declarations" / DEPARTMENT_YEAR
    return [name for name in DECLARATIONS if word in (folder / f"{name}.yml").read_text("utf-8")]


def declarations_in_class(level2: str) -> list[str]:
    """Return the declarations that have an indicator of this level-2 class."""
    return [
        name
        for name in DECLARATIONS
        if level2 in {class_ for _, class_, _ in iter_indicators(read_declaration(name))}
    ]


def tabbed_to_search(page: Page) -> None:
    """Press Tab until the search field of the header has the focus."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate(
            "document.activeElement.closest('header') && document.activeElement.matches('input')"
        ):
            return
    pytest.fail("Tab does not lead to the search field")


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("训练营", ["vocational-training-capacity"]),
        ("博物馆", ["worldskills-46-preparation"]),
        ("46届", ["worldskills-46-preparation"]),
        ("技能人才", ["skilled-talent-bases"]),
        ("使用率", ["skilled-talent-bases"]),
        ("满意度", declarations_with("满意度")),
        ("人社局", list(DECLARATIONS)),
        ("54449000", ["worldskills-46-preparation"]),
        ("54,449,000", ["worldskills-46-preparation"]),
        ("职业培训基础能力建设资助", ["vocational-training-capacity"]),
    ],
)
def test_a_chinese_word_finds_the_right_declaration_first(
    page: Page, address: str, query: str, first: list[str]
) -> None:
    results = search(page, address, query)
    expect(results.first.locator("a")).to_have_attribute(
        "href", re.compile(rf"^/{DEPARTMENT_YEAR}/({'|'.join(first)})/\?found=")
    )


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("vocational", "vocational-training-capacity"),
        ("museum", "worldskills-46-preparation"),
        ("WorldSkills", "worldskills-46-preparation"),
        ("54449000", "worldskills-46-preparation"),
        ("54,449,000", "worldskills-46-preparation"),
    ],
)
def test_an_english_word_finds_the_right_declaration_first(
    page: Page, address: str, query: str, first: str
) -> None:
    results = search(page, f"{address}en/", query)
    expect(results.first.locator("a")).to_have_attribute(
        "href", re.compile(rf"^/en/{DEPARTMENT_YEAR}/{first}/\?found=")
    )


def test_the_short_name_of_a_department_finds_all_its_declarations(page: Page, address: str) -> None:
    assert sorted(list_declarations(search(page, address, "人社局"))) == sorted(DECLARATIONS)


def test_a_word_that_stands_nowhere_finds_nothing_and_says_so(page: Page, address: str) -> None:
    page.goto(f"{address}search/?q={quote('鲸鱼')}")
    expect(page.locator("pagefind-summary")).to_contain_text("鲸鱼")
    expect(page.locator(".pf-results > li a")).to_have_count(0)


def test_typing_on_the_search_page_shows_results_and_keeps_the_query_in_the_address(
    page: Page, address: str
) -> None:
    page.goto(f"{address}search/")
    field = page.locator(".search-page input[type=search]")
    field.press_sequentially("博物馆")
    expect(page.locator(".pf-results > li a").first).to_have_text("筹办第46届世界技能大赛专项经费")
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("q") == ["博物馆"])
    page.reload()
    expect(page.locator(".search-page input[type=search]")).to_have_value("博物馆")
    expect(page.locator(".pf-results > li a").first).to_have_text("筹办第46届世界技能大赛专项经费")


@pytest.mark.parametrize(
    ("start", "query", "found"),
    [
        ("", "训练营", "vocational-training-capacity"),
        ("guide/", "博物馆", "worldskills-46-preparation"),
        ("2021/", "使用率", "skilled-talent-bases"),
        (f"{DEPARTMENT_YEAR}/skilled-talent-bases/", "训练营", "vocational-training-capacity"),
        ("en/", "museum", "worldskills-46-preparation"),
        (f"en/{DEPARTMENT_YEAR}/skilled-talent-bases/", "training camp", "vocational-training-capacity"),
    ],
)
def test_by_keyboard_alone_the_search_field_of_every_page_leads_to_a_declaration(
    page: Page, address: str, start: str, query: str, found: str
) -> None:
    page.goto(f"{address}{start}")
    tabbed_to_search(page)
    page.keyboard.insert_text(query)
    expect(page.locator("header .search-option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("header .search-option[aria-selected=true]")).to_have_count(1)
    page.keyboard.press("Enter")
    prefix = "en/" if start.startswith("en/") else ""
    page.wait_for_url(f"{address}{prefix}{DEPARTMENT_YEAR}/{found}/?found=*")
    expect(page.locator("h1")).to_have_count(1)


@pytest.mark.parametrize(("prefix", "query"), [("", "训练营"), ("", "54,449,000"), ("en/", "training camp")])
def test_enter_without_a_choice_opens_the_search_page_with_the_query_kept(
    page: Page, address: str, prefix: str, query: str
) -> None:
    page.goto(f"{address}{prefix}about/")
    tabbed_to_search(page)
    page.keyboard.type(query)
    expect(page.locator("header .search-option").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{prefix}search/?q=*")
    expect(page.locator(".search-page input[type=search]")).to_have_value(query)
    expect(page.locator("pagefind-summary")).to_contain_text(query)
    assert list_declarations(wait_for_results(page))


def test_enter_at_once_opens_the_search_page_with_the_query_kept(browser: Browser, address: str) -> None:
    # Not the `page` fixture: whoever leaves while search is still loading aborts requests, which is no fault.
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        tabbed_to_search(page)
        page.keyboard.type("博物馆")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=*")
        expect(page.locator(".search-page input[type=search]")).to_have_value("博物馆")
        expect(page.locator(".pf-results > li a").first).to_have_text("筹办第46届世界技能大赛专项经费")


@pytest.mark.parametrize("width", [390, 1280])
def test_every_result_is_shown_when_the_reader_scrolls_to_it(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert sorted(list_declarations(search(page, address, "2021"))) == sorted(DECLARATIONS)


def test_the_large_search_field_of_the_home_page_leads_to_a_declaration(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("search").locator("#home-search").click()
    page.keyboard.type("训练营")
    option = page.locator("main .search-option").first
    expect(option).to_contain_text("职业培训基础能力建设资助")
    option.click()
    page.wait_for_url(f"**/{DEPARTMENT_YEAR}/vocational-training-capacity/?found=*")


@pytest.mark.parametrize("prefix", FACETS)
def test_facets_stand_in_the_order_of_their_use(page: Page, address: str, prefix: str) -> None:
    page.goto(f"{address}{prefix}search/")
    names = page.locator(".pf-filter-group-name")
    expect(names).to_have_text(FACETS[prefix])


@pytest.mark.parametrize("level2", ["可持续影响指标", "质量指标", "服务对象满意度指标"])
def test_a_facet_leaves_the_declarations_that_have_it(page: Page, address: str, level2: str) -> None:
    expected = declarations_in_class(level2)
    page.goto(f"{address}search/")
    find_facet_checkbox(page, level2).check()
    expect(page.locator(".pf-results > li")).to_have_count(len(expected))
    assert sorted(list_declarations(wait_for_results(page))) == sorted(expected)


def test_each_facet_is_counted_and_filters_what_was_searched_for(page: Page, address: str) -> None:
    results = search(page, address, "人社局")
    assert sorted(list_declarations(results)) == sorted(DECLARATIONS)
    for value in ("2021", "上海市人力资源和社会保障局", "经常性项目"):
        box = find_facet_checkbox(page, value)
        expect(page.locator(f".search-page label:has(input[value='{value}']) span")).to_have_text("3")
        box.check()
        expect(page.locator(".pf-results > li")).to_have_count(3)
        assert sorted(list_declarations(wait_for_results(page))) == sorted(DECLARATIONS)
        box.uncheck()
    find_facet_checkbox(page, "可持续影响指标").check()
    expect(page.locator(".pf-results > li")).to_have_count(2)
    assert "worldskills-46-preparation" not in list_declarations(wait_for_results(page))


def test_a_facet_that_excludes_every_hit_leaves_nothing(page: Page, address: str) -> None:
    assert list_declarations(search(page, address, "博物馆")) == ["worldskills-46-preparation"]
    # By script: the box of a class without a hit is hidden, and a reader may have chosen it before typing.
    page.goto(f"{address}search/")
    find_facet_checkbox(page, "可持续影响指标").check()
    expect(page.locator(".pf-results > li")).to_have_count(2)
    page.locator(".search-page input[type=search]").fill("博物馆")
    expect(page.locator("pagefind-summary")).to_contain_text("博物馆")
    expect(page.locator(".pf-results > li a")).to_have_count(0)


@pytest.mark.parametrize("prefix", FACETS)
def test_on_a_phone_results_come_first_and_facets_open_when_asked(
    page: Page, address: str, prefix: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    results = search(page, f"{address}{prefix}", "54,449,000")
    expect(results.first).to_be_visible()
    facet = find_facet_checkbox(page, "2021")
    expect(facet).to_be_hidden()
    page.locator(".search-page details.filters > summary").click()
    facet.check()
    expect(page.locator(".pf-results > li")).to_have_count(1)
    assert list_declarations(wait_for_results(page)) == ["worldskills-46-preparation"]


@pytest.mark.parametrize("prefix", FACETS)
@pytest.mark.parametrize("query", ["54449000", "15,986,000", "151,100,000", "2021"])
def test_amounts_in_results_are_whole(page: Page, address: str, prefix: str, query: str) -> None:
    results = search(page, f"{address}{prefix}", query)
    whole = {*AMOUNTS.values(), TOTAL}
    assert list_declarations(results)
    for result in results.all():
        shown = re.findall(r"[0-9,]*[0-9],[0-9,]*|,[0-9]{3}\b", result.inner_text())
        assert set(shown) <= whole
        name = last_folder(result.locator("a").get_attribute("href") or "")
        if name in AMOUNTS:
            expect(result.locator(".result-facts")).to_contain_text(f" {AMOUNTS[name]} ")


@pytest.mark.parametrize(
    ("prefix", "query", "foreign"), [("", "训练营", ENGLISH), ("en/", "vocational", CHINESE)]
)
def test_the_search_page_speaks_the_language_of_its_page(
    page: Page, address: str, prefix: str, query: str, foreign: re.Pattern[str]
) -> None:
    search(page, f"{address}{prefix}", query)
    spoken = page.locator(".search-page").evaluate(
        """place => {
            const said = [];
            for (const element of place.querySelectorAll("*")) {
                if (element.closest("li")) continue;
                for (const name of ["aria-label", "placeholder", "title", "alt"]) {
                    if (element.hasAttribute(name)) said.push(element.getAttribute(name));
                }
                for (const node of element.childNodes) {
                    if (node.nodeType === Node.TEXT_NODE && node.data.trim()) said.push(node.data.trim());
                }
            }
            return said;
        }"""
    )
    assert any(query in words for words in spoken)
    assert [words for words in spoken if foreign.search(words.replace(query, ""))] == []
    facts = page.locator(".result-facts").all_inner_texts()
    assert facts
    assert [line for line in facts if foreign.search(line)] == []


@pytest.mark.parametrize(
    ("prefix", "query", "foreign"), [("", "训练营", ENGLISH), ("en/", "vocational", CHINESE)]
)
def test_the_search_field_of_the_header_speaks_the_language_of_its_page(
    page: Page, address: str, prefix: str, query: str, foreign: re.Pattern[str]
) -> None:
    page.goto(f"{address}{prefix}about/")
    tabbed_to_search(page)
    page.keyboard.type(query)
    expect(page.locator("header .search-option").first).to_be_visible()
    form = page.locator("header form.search-form")
    labels = form.evaluate(
        """form => [...form.querySelectorAll("*")].flatMap(element => ["aria-label", "placeholder", "title"]
            .filter(name => element.hasAttribute(name)).map(name => element.getAttribute(name)))"""
    )
    labels += form.locator("label, button, [aria-live], [role=status]").all_inner_texts()
    assert labels
    assert [words for words in labels if foreign.search(words.replace(query, ""))] == []


def test_results_lead_only_to_pages_of_the_same_language(page: Page, address: str) -> None:
    for prefix, query in (("", "2021"), ("en/", "2021")):
        links = [
            link.get_attribute("href") or ""
            for link in search(page, f"{address}{prefix}", query).locator("a").all()
        ]
        assert links
        assert {link.startswith("/en/") for link in links} == {prefix == "en/"}


@pytest.fixture(scope="module")
def address_below_a_path(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site on a server where other things stand at the root."""
    root = tmp_path_factory.mktemp("server")
    (root / "public").mkdir()
    (root / "public" / "jixiao").symlink_to(site)
    (root / "404.html").write_text("nothing here", "utf-8")
    with contextmanager(serve)(root) as served:
        yield f"{served}public/jixiao/"


@pytest.mark.parametrize(
    ("prefix", "query", "name"),
    [
        ("", "训练营", "vocational-training-capacity"),
        ("", "人社局", "skilled-talent-bases"),
        ("en/", "museum", "worldskills-46-preparation"),
    ],
)
def test_search_works_below_a_path(
    page: Page, address_below_a_path: str, prefix: str, query: str, name: str
) -> None:
    results = search(page, f"{address_below_a_path}{prefix}", query)
    results.locator(f"a[href*='/{name}/']").click()
    page.wait_for_url(f"**/public/jixiao/{prefix}{DEPARTMENT_YEAR}/{name}/?found=*")
    expect(page.locator("article table.indicators")).to_be_visible()
    page.goto(f"{address_below_a_path}{prefix}{DEPARTMENT_YEAR}/")
    tabbed_to_search(page)
    # In one stroke, as from an input method: results that follow one another undo the choice.
    page.keyboard.insert_text(query)
    expect(page.locator("header .search-option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("header .search-option[aria-selected=true]")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/public/jixiao/{prefix}{DEPARTMENT_YEAR}/*/?found=*")
