"""Three readers on their ways, as they would go: a citizen, a deputy, and somebody who reads English."""

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.support.independent_readers import DEPARTMENT_YEAR

pytestmark = pytest.mark.browser

TRAINING = f"{DEPARTMENT_YEAR}/vocational-training-capacity/"

FOUND_IN_VIEW = """[...CSS.highlights.get("found")].some(range => {
    const { top, bottom } = range.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
})"""


@pytest.mark.parametrize("width", [390, 1280])
def test_a_citizen_finds_the_training_camps_and_reads_whom_they_serve(
    page: Page, address: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(address)
    field = page.locator("header input[type=search]")
    field.click()
    page.keyboard.type("训练营")
    first = page.locator("header .search-option").first
    expect(first).to_contain_text("职业培训基础能力建设资助")
    first.click()

    page.wait_for_url(f"{address}{TRAINING}**")
    expect(page.locator("h1")).to_have_text("职业培训基础能力建设资助")
    # Whom they serve stands in the goal, with the words that were looked for in view.
    expect(page.locator("section.goal").last).to_contain_text("青年（大学生）职业训练营")
    assert page.evaluate(FOUND_IN_VIEW)
    # And for how much money, in which the unit is not left open.
    expect(page.locator("dl.headline")).to_contain_text("15,986,000 元")


def test_a_deputy_sees_what_cannot_be_verified_in_a_department_s_year_and_takes_the_pack_along(
    page: Page, address: str
) -> None:
    page.goto(address)
    page.locator("header").get_by_role("link", name="2021年度").click()
    page.wait_for_url(f"{address}2021/")
    page.get_by_role("link", name="上海市人力资源和社会保障局").first.click()
    page.wait_for_url(f"{address}{DEPARTMENT_YEAR}/")

    profile = page.locator("figure.profile")
    expect(profile.locator("tr", has_text="文字，无标准").locator("td")).to_have_text("15")
    expect(profile.locator("tr", has_text="未填报").locator("td")).to_have_text("1")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="PDF，全部申报表").click()
    pdf = pypdfium2.PdfDocument(downloading.value.path())
    words = "".join(one.get_textpage().get_text_bounded() for one in pdf)
    assert "上海市人力资源和社会保障局2021年度绩效目标资料" in "".join(words.split())
    assert "原文缺数字，请说明月数" in "".join(words.split())
    with page.expect_download() as downloading:
        page.get_by_role("link", name="XLSX 工作簿").click()
    assert downloading.value.suggested_filename == "pack.xlsx"


def test_who_reads_english_goes_from_a_search_to_a_declaration_and_to_the_same_place_in_chinese(
    page: Page, address: str
) -> None:
    page.goto(f"{address}en/")
    page.locator("header input[type=search]").click()
    page.keyboard.type("trainees planned")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}en/search/**")
    # Until the words are searched for, all declarations stand there.
    expect(page.locator("pagefind-summary")).to_contain_text("trainees planned")
    page.locator(".pf-results > li a").first.click()
    page.wait_for_url(f"{address}en/{TRAINING}**")
    expect(page.locator("h1")).to_have_text("Grants for building basic vocational training capacity")

    page.locator("header a[hreflang=zh-CN]").click()

    page.wait_for_url(f"{address}{TRAINING}**")
    expect(page.locator("h1")).to_have_text("职业培训基础能力建设资助")
    expect(page.locator(":target")).to_contain_text("达到各项目计划训练人数")
    expect(page.locator(":target")).to_be_in_viewport()
