"""All declarations of a department's year as one set of pages to print: what their own pages say, no more."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.axe import assert_axe_finds_nothing
from tests.support.independent_readers import DECLARATIONS, DEPARTMENT_YEAR, PREFIXES

pytestmark = pytest.mark.browser

BUTTON = "[data-page-set]"
SHEETS = ".page-set > .sheet"
PRINTED = "window.printed = 0; window.print = () => { window.printed += 1; };"
TOOLS = "[data-money-tools], .paper, .years-around, .as-received-button"
WORDS = """root => {
    const copy = root.cloneNode(true);
    for (const tool of copy.querySelectorAll(tools)) tool.remove();
    return copy.textContent.replace(/\\s+/g, " ").trim();
}""".replace("tools", f'"{TOOLS}"')


def _open(page: Page, address: str) -> None:
    page.add_init_script(PRINTED)
    page.goto(address)
    expect(page.locator(BUTTON)).to_be_visible()
    page.locator(BUTTON).focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("prefix", PREFIXES.values())
def test_it_says_what_the_pages_say(page: Page, address: str, prefix: str) -> None:
    own = []
    for name in DECLARATIONS:
        page.goto(f"{address}{prefix}{DEPARTMENT_YEAR}/{name}/")
        own.append(page.locator("article").evaluate(WORDS))

    _open(page, f"{address}{prefix}{DEPARTMENT_YEAR}/")
    expect(page.locator(SHEETS)).to_have_count(len(DECLARATIONS))
    sheets = page.locator(SHEETS)
    assert sorted(sheets.nth(at).evaluate(WORDS) for at in range(len(own))) == sorted(own)
    assert page.evaluate("window.printed") == 1
    addresses = sheets.locator("a[href]").evaluate_all("links => links.map(link => link.href)")
    assert f"{address}{prefix}organisations/{DEPARTMENT_YEAR.split('/')[1]}/" in addresses
    assert all(one.startswith(("http://127.0.0.1", "https://", "mailto:")) for one in addresses)

    page.locator(BUTTON).click()
    expect(page.locator(SHEETS)).to_have_count(0)


@pytest.mark.parametrize("width", [320, 1280])
def test_it_is_accessible_fits_and_begins_each_on_a_page(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    _open(page, f"{address}{DEPARTMENT_YEAR}/")
    expect(page.locator(SHEETS)).to_have_count(len(DECLARATIONS))
    assert_axe_finds_nothing(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(media="print")
    breaks = page.locator(SHEETS).evaluate_all("all => all.map(one => getComputedStyle(one).breakBefore)")
    assert breaks == ["page"] * len(DECLARATIONS)
    assert not page.locator(BUTTON).is_visible()


def test_a_list_that_goes_on_is_followed(page: Page, address: str) -> None:
    def second_part(route: Route) -> None:
        row = f'<tr><th scope="row"><a href="../../{DECLARATIONS[0]}/">1</a></th></tr>'
        body = f'<table class="list"><tbody>{row}</tbody></table>'
        route.fulfill(status=200, body=body, content_type="text/html")

    page.route("**/pages/2/", second_part)
    page.add_init_script(PRINTED)
    page.goto(f"{address}{DEPARTMENT_YEAR}/")
    page.locator("article").evaluate(
        """article => article.insertAdjacentHTML(
            "beforeend", '<nav class="parts"><a rel="next" href="pages/2/">2</a></nav>')"""
    )
    page.locator(BUTTON).click()
    expect(page.locator(SHEETS)).to_have_count(len(DECLARATIONS) + 1)


def test_what_cannot_be_fetched_is_told_and_nothing_is_printed(page: Page, address: str) -> None:
    page.route(f"**/{DECLARATIONS[1]}/", lambda route: route.fulfill(status=200, body=""))
    _open(page, f"{address}{DEPARTMENT_YEAR}/")
    expect(page.locator(".paper [role=status]")).to_have_text("有申报表没有打开，请再试一次。")
    assert page.evaluate("window.printed") == 0
    assert page.locator(SHEETS).count() == 0
    expect(page.locator(BUTTON)).to_be_enabled()
