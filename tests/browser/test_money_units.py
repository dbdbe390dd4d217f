"""Readers see sums in 元 or 万元 as they like, exact, beside the filed figure, which stays."""

import random
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.axe import assert_axe_finds_nothing
from tests.support.independent_readers import DEPARTMENT_YEAR

pytestmark = pytest.mark.browser

DECLARATION = f"{DEPARTMENT_YEAR}/worldskills-46-preparation/"
SHIFT = """async figures => {
    const { shifted } = await import(new URL("/assets/money.js", location.href));
    return figures.map(figure => [shifted(figure, 4), shifted(figure, -4)]);
}"""


def group_digits(value: Decimal) -> str:
    """Write a sum in groups of three digits without zeros at its end."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def test_digits_are_moved_exactly(page: Page, address: str) -> None:
    chosen = random.Random(4)  # noqa: S311 - figures to try
    figures = ["0", "1", "0.5", "0.00", "10,000", "9,999", "100.10", "1,234,567.80"]
    for digits in range(1, 22):
        figures += [f"{Decimal(chosen.randrange(10**digits)).scaleb(-2):,f}" for _ in range(20)]
    page.goto(address)
    exact = [Decimal(figure.replace(",", "")) for figure in figures]
    expected = [[group_digits(value.scaleb(4)), group_digits(value.scaleb(-4))] for value in exact]
    assert page.evaluate(SHIFT, figures) == expected
    assert page.evaluate(SHIFT, ["", "未填报", "1e3", "12-3", "1.2.3"]) == [[None, None]] * 5


@pytest.mark.parametrize(
    ("prefix", "label", "converted"),
    [
        ("", "金额换算", "（5,444.9 万元）"),
        ("en/", "Also show sums in", "(5,444.9 ten thousand yuan)"),
    ],
)
def test_a_reader_chooses_a_unit_and_the_filed_figure_stays(
    page: Page, address: str, prefix: str, label: str, converted: str
) -> None:
    page.goto(f"{address}{prefix}{DECLARATION}")
    filed = page.locator("article .amount").all_inner_texts()
    expect(page.locator(".converted")).to_have_count(0)
    page.get_by_label(label).select_option("wan")
    shown = page.locator(".converted")
    expect(shown).to_have_count(4)
    assert {text.strip() for text in shown.all_inner_texts()} == {converted}
    assert page.locator("article .amount").all_inner_texts() == filed
    page.goto(f"{address}{prefix}{DEPARTMENT_YEAR}/")
    expect(page.locator(".headline .converted")).to_contain_text("22,153.5")
    expect(page.get_by_label(label)).to_have_value("wan")
    assert_axe_finds_nothing(page)
    page.get_by_label(label).select_option("")
    expect(page.locator(".converted")).to_have_count(0)


def test_sums_in_the_chosen_unit_are_not_said_twice(page: Page, address: str) -> None:
    page.goto(f"{address}{DECLARATION}")
    page.get_by_label("金额换算").select_option("yuan")
    expect(page.locator(".converted")).to_have_count(0)


def test_lists_sort_the_same_with_sums_converted(page: Page, address: str) -> None:
    page.goto(f"{address}{DEPARTMENT_YEAR}/?sort=money-desc")
    expect(page.locator("table.list [aria-sort]")).to_have_count(1)
    order = page.locator("table.list tbody th").all_inner_texts()
    page.get_by_label("金额换算").select_option("wan")
    page.reload()
    expect(page.locator("table.list .converted")).to_have_count(3)
    expect(page.locator("table.list [aria-sort]")).to_have_count(1)
    assert page.locator("table.list tbody th").all_inner_texts() == order


def test_without_script_nothing_is_offered(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}{DECLARATION}")
        expect(page.locator(".money-tools")).to_be_hidden()
