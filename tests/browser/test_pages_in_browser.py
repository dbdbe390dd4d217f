"""Every kind of page in a real browser: accessible, and fit for a phone, for paper and for no script."""

import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from jixiao.analysis.page_kinds import FIXED_ADDRESSES
from tests.support.axe import CONTRAST_ONLY, assert_axe_finds_nothing
from tests.support.independent_readers import DECLARATIONS, DEPARTMENT_YEAR, iter_indicators, read_declaration
from tests.support.sample_projects import relative_path

pytestmark = pytest.mark.browser

DECLARATION = f"{DEPARTMENT_YEAR}/vocational-training-capacity/"
KINDS = (
    *FIXED_ADDRESSES,
    "2021/",
    f"{DEPARTMENT_YEAR}/",
    "organisations/shanghai-hrss/",
    "organisations/shanghai-employment-promotion-center/",
    *(f"{DEPARTMENT_YEAR}/{name}/" for name in DECLARATIONS),
    "about/",
    "guide/",
    "glossary/",
    "accessibility/",
    "quality/2021/",
    "404.html",
)
"""One address or more of each kind of page."""
QUERIES = {"": "训练", "en/": "training"}
"""For each language (by its folder) a query with several results."""
LANGUAGES = {"": "zh-CN", "en/": "en"}
BACKGROUND = "() => getComputedStyle(document.body).backgroundColor"
REACHES_OUT = """() => {
    const page = document.documentElement;
    const isShown = (element) => {
        for (let place = element; place; place = place.parentElement) {
            if (place.matches(".table-scroll") || getComputedStyle(place).clipPath !== "none") return false;
        }
        return element.checkVisibility();
    };
    const wide = [...document.body.querySelectorAll("*")].filter((element) =>
        element.getBoundingClientRect().right > page.clientWidth + 1 && isShown(element));
    return [page.scrollWidth - page.clientWidth, ...wide.map((element) => element.outerHTML.slice(0, 120))];
}"""
"""By how much a page is too wide, and what reaches out of it: Material hides the scroll bar, not the loss.

A list that scrolls within itself and words for screen readers only, which are clipped, may reach out.
"""

in_each_language = pytest.mark.parametrize("prefix", LANGUAGES)
on_each_kind = pytest.mark.parametrize("kind", KINDS)
of_each_declaration = pytest.mark.parametrize("name", DECLARATIONS)


def test_every_kind_of_page_has_an_address_among_these(built: Path) -> None:
    addresses: dict[str, set[str]] = {}
    for path in (built / "build/pages/zh").rglob("*.md"):
        kind, address = re.findall(r'^(?:kind|address): "(.*)"$', path.read_text("utf-8"), re.MULTILINE)
        addresses.setdefault(kind, set()).add(address)

    missing = {kind: min(found) for kind, found in addresses.items() if not found & set(KINDS)}
    assert not missing, f"Add an address of each kind to KINDS in {relative_path(__file__)}: {missing}"


def visit(page: Page, address: str, prefix: str, kind: str) -> None:
    """Open a page and wait until all of it is there: on the search page, the results of a query."""
    if kind != "search/":
        page.goto(f"{address}{prefix}{kind}")
        return
    page.goto(f"{address}{prefix}{kind}?q={quote(QUERIES[prefix])}")
    expect(page.locator("pagefind-summary")).to_contain_text(QUERIES[prefix])
    expect(page.locator(".search-page fieldset")).to_have_count(9)
    page.locator(".pf-results > li").first.evaluate("placeholder => placeholder.scrollIntoView()")
    expect(page.locator(".pf-results > li a").first).to_be_attached()


def assert_accessible(page: Page, *, has_other_colours: bool) -> None:
    """Check that axe finds nothing: all rules in light colours, only contrast in dark and strong ones.

    Other colours than the light ones are looked at in one language: they are the same in all.
    """
    assert_axe_finds_nothing(page)
    if has_other_colours:
        page.emulate_media(color_scheme="dark")
        assert_contrast(page)
        page.emulate_media(color_scheme="light", contrast="more")
        assert_contrast(page)


def assert_contrast(page: Page) -> None:
    """Measure the colours of all text, once they have stopped fading over."""
    page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished))")
    assert_axe_finds_nothing(page, CONTRAST_ONLY)


@pytest.fixture
def page_without_script(browser: Browser) -> Iterator[Page]:
    """A page in a browser that runs no script."""
    with browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900}) as context:
        yield context.new_page()


@in_each_language
@on_each_kind
def test_axe_finds_nothing(page: Page, address: str, kind: str, prefix: str) -> None:
    visit(page, address, prefix, kind)
    assert_accessible(page, has_other_colours=prefix == "")


@in_each_language
def test_axe_finds_nothing_where_the_cells_as_filed_are_open(page: Page, address: str, prefix: str) -> None:
    page.goto(f"{address}{prefix}{DECLARATION}")
    for summary in page.locator("details.as-filed > summary").all():
        summary.click()
    expect(page.locator("details.as-filed ul.cells").first).to_be_visible()
    assert_accessible(page, has_other_colours=prefix == "")


@pytest.mark.parametrize(("system", "chosen"), [("light", "dark"), ("dark", "light")])
@pytest.mark.parametrize("kind", [DECLARATION, "search/"])
def test_axe_finds_nothing_where_the_reader_chose_other_colours_than_the_system_s(
    page: Page, address: str, kind: str, system: str, chosen: str
) -> None:
    page.emulate_media(color_scheme="dark" if system == "dark" else "light")
    page.goto(address)
    page.evaluate("scheme => localStorage.setItem('scheme', scheme)", chosen)
    visit(page, address, "", kind)
    assert_axe_finds_nothing(page)


@in_each_language
def test_axe_finds_nothing_where_the_search_field_shows_results(
    page: Page, address: str, prefix: str
) -> None:
    page.goto(f"{address}{prefix}about/")
    page.locator("header input[type=search]").focus()
    page.keyboard.type(QUERIES[prefix])
    expect(page.locator("header .search-option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("header .search-option[aria-selected=true]")).to_have_count(1)
    assert_axe_finds_nothing(page)


@in_each_language
def test_on_a_phone_no_page_scrolls_sideways(page: Page, address: str, prefix: str) -> None:
    wide = {}
    for kind in KINDS:
        visit(page, address, prefix, kind)
        page.locator("details.as-filed").evaluate_all(
            "places => places.forEach(place => { place.open = true; })"
        )
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 800})
            wide[kind, width] = page.evaluate(REACHES_OUT)
    assert wide == {(kind, width): [0] for kind in KINDS for width in (320, 390)}


@in_each_language
def test_the_colours_that_were_chosen_stay_over_a_reload_and_on_other_pages(
    page: Page, address: str, prefix: str
) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{address}{prefix}")
    light = page.evaluate(BACKGROUND)
    button = page.locator("header button.scheme")
    names = []
    for _ in range(3):
        names.append(button.text_content() or "")
        button.click()
    assert len(set(names)) == 3
    assert button.text_content() == names[0]
    button.click()
    button.click()
    dark = page.evaluate(BACKGROUND)
    assert (dark != light, button.text_content()) == (True, names[2])
    page.reload()
    assert (page.evaluate(BACKGROUND), button.text_content()) == (dark, names[2])
    page.goto(f"{address}{prefix}guide/")
    assert (page.evaluate(BACKGROUND), button.text_content()) == (dark, names[2])
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(BACKGROUND) == dark


def test_light_colours_can_be_chosen_where_the_system_is_dark(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(address)
    dark = page.evaluate(BACKGROUND)
    page.locator("header button.scheme").click()
    light = page.evaluate(BACKGROUND)
    assert light != dark
    page.reload()
    assert page.evaluate(BACKGROUND) == light


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "404.html"])
def test_the_language_link_leads_to_the_same_page_in_the_other_language_and_back(
    page: Page, address: str, kind: str
) -> None:
    page.goto(f"{address}{kind}")
    page.locator("header a[hreflang=en]").click()
    page.wait_for_url(f"{address}en/{kind}")
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("header a[hreflang=zh-CN]").click()
    page.wait_for_url(f"{address}{kind}")
    assert page.locator("html").get_attribute("lang") == "zh-CN"


@pytest.mark.parametrize(
    ("kind", "anchor"), [(DECLARATION, "i-project-development-safety-accidents"), ("guide/", "marks")]
)
def test_the_language_link_keeps_the_place_on_the_page(
    page: Page, address: str, kind: str, anchor: str
) -> None:
    page.goto(f"{address}{kind}#{anchor}")
    page.locator("header a[hreflang=en]").click()
    page.wait_for_url(f"{address}en/{kind}#{anchor}")
    expect(page.locator(":target")).to_have_id(anchor)


def test_the_language_link_keeps_a_place_that_was_reached_on_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}{DECLARATION}")
    page.evaluate("location.hash = 'indicators'")
    page.locator("header a[hreflang=en]").click()
    page.wait_for_url(f"{address}en/{DECLARATION}#indicators")
    expect(page.locator(":target")).to_have_id("indicators")


@in_each_language
@of_each_declaration
def test_every_figure_is_readable_without_script(
    page_without_script: Page, address: str, name: str, prefix: str
) -> None:
    page = page_without_script
    page.goto(f"{address}{prefix}{DEPARTMENT_YEAR}/{name}/")
    targets = page.locator("table.indicators td.target")
    expect(targets).to_have_count(len(list(iter_indicators(read_declaration(name)))))
    sums = page.locator("table.money td")
    expect(sums).to_have_count(7)
    for cell in [*targets.all(), *sums.all(), page.locator("dl.headline"), *page.locator(".prose").all()]:
        expect(cell).to_be_visible()
        assert cell.inner_text().strip()


@in_each_language
@of_each_declaration
def test_the_cells_as_filed_open_without_script(
    page_without_script: Page, address: str, name: str, prefix: str
) -> None:
    page = page_without_script
    page.goto(f"{address}{prefix}{DEPARTMENT_YEAR}/{name}/")
    details = page.locator("details.as-filed").all()
    assert details
    for place in details:
        expect(place.locator("ul.cells").first).to_be_hidden()
        place.locator("summary").click()
        expect(place.locator("ul.cells").first).to_be_visible()


@in_each_language
def test_without_script_no_control_is_offered_that_does_nothing(
    page_without_script: Page, address: str, prefix: str
) -> None:
    page = page_without_script
    page.goto(f"{address}{prefix}")
    expect(page.locator("button.scheme")).to_be_hidden()
    page.locator("#header-search").fill("x")
    page.locator("#header-search").press("Enter")
    page.wait_for_url(f"{address}{prefix}search/?q=x")
    expect(page.locator("article a[href*='2021/']")).to_be_visible()
    expect(page.locator("article a[href*='organisations/']")).to_be_visible()


@in_each_language
@pytest.mark.parametrize("kind", [DECLARATION, "data/"])
def test_what_programs_read_of_a_page_stands_in_it(page: Page, address: str, kind: str, prefix: str) -> None:
    page.goto(f"{address}{prefix}{kind}")
    said = page.locator('head script[type="application/ld+json"]').evaluate("data => JSON.parse(data.text)")
    assert said["url"] == f"https://jixiao.example/{kind}"


@pytest.mark.parametrize(("kind", "prefix"), list(zip(KINDS, cycle(LANGUAGES), strict=False)))
def test_the_first_stop_of_the_tab_key_skips_to_the_content(
    page: Page, address: str, kind: str, prefix: str
) -> None:
    visit(page, address, prefix, kind)
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("href", re.compile("^#."))
    expect(focused).to_be_in_viewport()
    anchor = focused.get_attribute("href") or ""
    page.keyboard.press("Enter")
    expect(page.locator(f"main {anchor}")).to_be_in_viewport()
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('header')")


@in_each_language
@of_each_declaration
def test_on_paper_there_is_no_navigation_and_every_note_is_shown(
    page: Page, address: str, name: str, prefix: str
) -> None:
    page.goto(f"{address}{prefix}{DEPARTMENT_YEAR}/{name}/")
    page.emulate_media(media="print")
    for chrome in ("nav.site-nav", "nav.trail", "form.search-form", "ul.tools", ".md-skip"):
        expect(page.locator(chrome)).to_be_hidden()
    filed = read_declaration(name)
    marked = [indicator for _, _, indicator in iter_indicators(filed) if indicator.at("note").text()]
    notes = page.locator("td.margin > p")
    expect(notes).to_have_count(len(marked))
    remarks = page.locator("aside.remark > p")
    expect(remarks).to_have_count(2 * len(list(filed.at("remarks").parts())))
    for note in [*notes.all(), *remarks.all()]:
        expect(note).to_be_visible()
    for cells in page.locator("details.as-filed ul.cells").all():
        expect(cells).to_be_visible()


@in_each_language
def test_on_paper_a_page_says_its_address(page: Page, address: str, prefix: str) -> None:
    page.emulate_media(media="print")
    said = page.locator(".site-footer .print-only")
    for kind in KINDS:
        page.goto(f"{address}{prefix}{kind}")
        if kind == "404.html":
            expect(said).to_be_empty()
        else:
            expect(said).to_be_visible()
            expect(said).to_have_text(re.compile(rf"^https://.*/{prefix}{kind}$"))


@pytest.mark.parametrize("chosen", [False, True], ids=["dark-by-the-system", "dark-by-choice"])
def test_on_paper_a_declaration_is_black_on_white_where_the_screen_is_dark(
    page: Page, address: str, *, chosen: bool
) -> None:
    page.goto(f"{address}{DECLARATION}")
    if chosen:
        page.evaluate("localStorage.setItem('scheme', 'dark')")
        page.reload()
    page.emulate_media(media="print", color_scheme="no-preference" if chosen else "dark")
    colours = page.locator("td.target").first.evaluate(
        "cell => [getComputedStyle(cell).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
