"""Bad and extreme input reads well: `examples/sites/odd/` holds what is empty, tiny, huge or without a break.

A year with a withdrawn declaration alone, a department and a unit without declarations, one indicator and
500, a name of 120 characters, a goal of 20,000, words that cannot be broken, no translation at all, a year in
which nobody filed a sum.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jixiao.verify import verify
from tests.browser.test_pages_in_browser import REACHES_OUT
from tests.conftest import jixiao, serve
from tests.support.axe import assert_axe_finds_nothing
from tests.support.independent_readers import find_elements, find_only_element, find_unstyled_pages, read_page
from tests.support.sample_projects import EXAMPLES

HEALTH = "2021/health/"
PAGES = (
    *("", "2018/health/gone/", "2019/", "2019/health/", "2019/health/no-money-a/", "2021/", HEALTH),
    *(f"{HEALTH}{name}/" for name in ("single", "many", "long-name", "long-goal", "no-break")),
    *("organisations/", "organisations/archives/", "organisations/archive-store/", "organisations/health/"),
    *("indicators/", "quality/", "quality/2021/", "data/", "changes/", "search/?q=W"),
    f"compare/?a={HEALTH}many/&b={HEALTH}long-goal/",
)


COVERED = {
    "2021/": "合计含 4 份，另有 1 份未填报年度资金申请总额。有 1 份申报表未写明金额单位，按元计。",
    "en/2021/": (
        "Declarations in the total: 4. "
        "Left out, because the funds requested for the year were not filed: 1. "
        "Forms that do not state the unit of money, read as yuan: 1."
    ),
}
"""What the total of a year says of itself."""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site of extreme content."""
    project = tmp_path_factory.mktemp("odd") / "project"
    shutil.copytree(EXAMPLES / "sites/odd", project)
    declarations = project / f"content/declarations/{HEALTH}"
    for name, filed, instead in (
        ("single", "  unit: 元\n", "  unit_read_as: 元\n"),
        ("long-name", "  annual:\n    total: 99,999,999,999.99\n", ""),
    ):
        file = declarations / f"{name}.yml"
        text = file.read_text("utf-8")
        assert filed in text
        file.write_text(text.replace(filed, instead), encoding="utf-8")
    result = jixiao("build", "--project", str(project))
    assert result.returncode == 0, result.stdout + result.stderr
    assert verify(project, project / "build/site") == ()
    return project / "build/site"


@pytest.fixture(scope="module")
def odd_address(odd: Path) -> Iterator[str]:
    """Where it is served."""
    with contextmanager(serve)(odd) as address:
        yield address


@pytest.mark.parametrize(("prefix", "blank"), [("", "未填报"), ("en/", "Not filed")])
def test_where_nobody_filed_a_sum_nothing_adds_up_to_0(odd: Path, prefix: str, blank: str) -> None:
    for address in ("2019/", "2019/health/"):
        page = read_page(odd / prefix / address / "index.html")
        annual = find_elements(page, "//dl[@class='headline']/div")[1]
        assert find_only_element(annual, "dd").text_content() == blank
    year = read_page(odd / prefix / "2019/index.html")
    row = find_only_element(year, "//table[@class='list']//tr[th/a[@href='health/']]")
    assert row.xpath("string(td[2])") == blank
    home = read_page(odd / prefix / "index.html")
    way = find_only_element(home, "//table[@class='by-year']//tr[th/a[contains(@href, '2019/')]]")
    assert way.xpath("string(td[1])") == blank


@pytest.mark.parametrize(("page", "said"), COVERED.items())
def test_every_total_says_what_it_covers(odd: Path, page: str, said: str) -> None:
    shown = read_page(odd / page / "index.html")
    assert shown.xpath("string(//dl[@class='headline']/following::p[@class='note'][1])") == said
    row = find_only_element(shown, "//table[@class='list']//tr[th/a[@href='health/']]")
    assert (row.xpath("string(td[1])"), row.xpath("string(td[3])")) == ("5", "4")


def test_long_texts_are_whole(odd: Path) -> None:
    goal = find_only_element(
        read_page(odd / HEALTH / "long-goal/index.html"), "//section[@aria-labelledby='goal-annual']"
    )
    assert len("".join(goal.xpath(".//p/text()"))) > 19_900
    heading = find_only_element(read_page(odd / HEALTH / "long-name/index.html"), "//h1")
    assert len(str(heading.text_content())) == 120
    assert len(find_elements(read_page(odd / HEALTH / "many/index.html"), "//td[@class='target']")) == 500


def _visit(page: Page, address: str) -> None:
    """Open a page; wait for the results, or for the comparison."""
    page.goto(address)
    if "?a=" in address:
        page.locator("table.compared-pair").wait_for()
    if "?q=" in address:
        expect(page.locator("pagefind-summary")).to_contain_text(re.compile("[0-9]"))


def test_every_page_loads_the_styles_of_what_it_holds(odd: Path) -> None:
    quality, declaration = (
        read_page(odd / page / "index.html") for page in ("quality/2021", f"{HEALTH}many")
    )
    sheets = "//link[contains(@href, 'assets/lists.css')]"

    assert find_unstyled_pages(odd) == []
    assert len(find_elements(quality, "//div[@data-list-tools]")) == len(find_elements(quality, sheets)) == 1
    assert find_elements(declaration, sheets) == []


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["quality/2021/", "en/quality/2021/"])
def test_the_search_field_of_the_departments_can_be_seen(page: Page, odd_address: str, kind: str) -> None:
    page.goto(f"{odd_address}{kind}")
    field = page.locator("[data-list-tools] input")
    seen = "field => [getComputedStyle(field).borderTopStyle, field.getBoundingClientRect().height >= 36]"
    assert field.evaluate(seen) == ["solid", True]


@pytest.mark.browser
@pytest.mark.parametrize("prefix", ["", "en/"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_reaches_out_of_its_page(page: Page, odd_address: str, prefix: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    wide = {}
    for kind in PAGES:
        _visit(page, f"{odd_address}{prefix}{kind}")
        reached = page.evaluate(REACHES_OUT)
        if reached != [0]:
            wide[kind] = reached
    assert wide == {}


@pytest.mark.browser
@pytest.mark.parametrize("kind", [kind for kind in PAGES if not kind.endswith("many/")])
def test_every_page_is_accessible(page: Page, odd_address: str, kind: str) -> None:
    _visit(page, f"{odd_address}{kind}")
    assert_axe_finds_nothing(page)
