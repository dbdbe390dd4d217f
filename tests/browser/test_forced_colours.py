"""Where the system forces its colours, a bar of targets can still be read by its key."""

import pytest
from playwright.sync_api import Page

from tests.support.independent_readers import DEPARTMENT_YEAR

pytestmark = pytest.mark.browser

SHOWN = """() => {
    const colours = (kind, part) => Object.fromEntries([...document.querySelectorAll(kind)].map((element) => {
        const name = [...element.classList].find((one) => one.startsWith("is-"));
        return [name, getComputedStyle(element)[part]];
    }));
    const ink = getComputedStyle(document.body).color;
    const lines = (kind, part) => [...document.querySelectorAll(kind)]
        .filter((element) => getComputedStyle(element)[part] !== ink).length;
    return {
        bar: colours(".profile-bar rect", "fill"),
        key: colours(".swatch", "backgroundColor"),
        without_line: lines(".swatch", "borderTopColor") + lines(".profile-bar rect", "stroke"),
        ground: getComputedStyle(document.body).backgroundColor,
    };
}"""
CURRENT = """() => {
    const ground = getComputedStyle(document.body).backgroundColor;
    return [...document.querySelectorAll(".site-nav a")]
        .filter((link) => getComputedStyle(link).borderBottomColor !== ground)
        .map((link) => link.getAttribute("aria-current"));
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["2021/", "indicators/", f"en/{DEPARTMENT_YEAR}/"])
def test_the_key_has_the_colours_of_its_bar_and_each_has_a_line(
    page: Page, address: str, kind: str, scheme: str
) -> None:
    page.emulate_media(forced_colors="active", color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{address}{kind}")
    shown = page.evaluate(SHOWN)

    assert len(shown["bar"]) > 5
    assert shown["bar"].items() <= shown["key"].items()
    assert len(set(shown["key"].values())) == len(shown["key"])
    assert [name for name, colour in shown["key"].items() if colour == shown["ground"]] == ["is-blank"]
    assert shown["without_line"] == 0


def test_only_the_current_page_is_underlined_in_the_header(page: Page, address: str) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(f"{address}indicators/")
    assert page.evaluate(CURRENT) == ["page"]


def test_the_row_that_a_link_leads_to_is_lit(page: Page, address: str) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(f"{address}{DEPARTMENT_YEAR}/vocational-training-capacity/")
    row = page.locator("table.indicators tr[id]").nth(3)
    page.goto(f"{page.url}#{row.get_attribute('id')}")
    assert row.evaluate("row => getComputedStyle(row).outlineStyle") == "solid"
