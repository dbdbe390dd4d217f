"""The whole form as it was received, on the page of the declaration: the bytes of the file, no more."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.axe import assert_axe_finds_nothing
from tests.support.independent_readers import (
    CONTENT,
    DECLARATIONS,
    DEPARTMENT_YEAR,
    PREFIXES,
    read_declaration,
)

pytestmark = pytest.mark.browser

BUTTON = ".as-received-button"
ROWS = "table.as-received tbody tr"
CELLS = """rows => rows.map(row => [...row.querySelectorAll("td")].map(cell => cell.textContent))"""


@pytest.mark.parametrize("prefix", PREFIXES.values())
@pytest.mark.parametrize("name", DECLARATIONS)
def test_it_is_the_lines_of_the_file_cell_by_cell(page: Page, address: str, name: str, prefix: str) -> None:
    source = read_declaration(name).at("source")
    first, last = (int(line.required_text()) for line in source.at("lines").parts())
    lines = (CONTENT / source.at("form").required_text()).read_text("utf-8").splitlines()[first - 1 : last]

    page.goto(f"{address}{prefix}{DEPARTMENT_YEAR}/{name}/")
    page.locator(BUTTON).focus()
    page.keyboard.press("Enter")
    expect(page.locator(ROWS)).to_have_count(len(lines))
    assert page.locator(ROWS).evaluate_all(CELLS) == [line.split("\t") for line in lines]
    numbers = [text.strip("第行Line ") for text in page.locator(f"{ROWS} th").all_inner_texts()]
    assert numbers == [str(number) for number in range(first, last + 1)]

    page.locator(BUTTON).click()
    expect(page.locator(ROWS)).to_have_count(0)
    expect(page.locator(BUTTON)).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("prefix", PREFIXES.values())
@pytest.mark.parametrize("width", [320, 1280])
def test_it_is_accessible_and_fits(page: Page, address: str, prefix: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{address}{prefix}{DEPARTMENT_YEAR}/{DECLARATIONS[2]}/")
    page.locator(BUTTON).click()
    expect(page.locator(ROWS).first).to_be_visible()
    assert_axe_finds_nothing(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_cannot_be_fetched_is_told(page: Page, address: str) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=200, body=b"\xff\xfe\x00", content_type="text/plain")

    page.route("**/forms/*.txt", refuse)
    page.goto(f"{address}{DEPARTMENT_YEAR}/{DECLARATIONS[0]}/")
    page.locator(BUTTON).click()
    expect(page.locator(".table-scroll .note")).to_have_text("原文没有打开，请用上面的链接。")
