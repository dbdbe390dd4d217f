"""A list of many declarations is cut into parts, and every declaration stands in exactly one of them."""

import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Page, expect

from jixiao.verify import verify
from tests.conftest import jixiao, serve
from tests.support.axe import assert_axe_finds_nothing
from tests.support.sample_projects import CLINIC_PATH, copy_small_project

MANY = 201
LISTS = ("2021/health", "2021", "organisations/health", "organisations/clinic-office")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of many declarations of one department, in Chinese."""
    project = copy_small_project(tmp_path_factory.mktemp("many") / "project")
    declaration = (project / CLINIC_PATH).read_text("utf-8")
    settings = project / "site_config.yml"
    shutil.rmtree(project / "content/pages/en")
    settings.write_text(f"{settings.read_text('utf-8')}\nlanguages: [zh]\n", encoding="utf-8")
    with (project / "content/addresses.yml").open("a", encoding="utf-8") as addresses:
        for number in range(2, MANY + 1):
            (project / f"content/declarations/2021/health/clinic-{number}.yml").write_text(
                declaration, "utf-8"
            )
            addresses.write(f"  - 2021/health/clinic-{number}\n")
    result = jixiao("build", "--project", str(project))
    assert result.returncode == 0, result.stdout + result.stderr
    return project


def _page(project: Path, address: str) -> html.HtmlElement:
    return html.fromstring((project / "build/site" / address / "index.html").read_text("utf-8"))


def _list_declarations(page: html.HtmlElement) -> list[str]:
    return [
        link.get("href").rstrip("/").rpartition("/")[2]
        for link in page.xpath("//tbody/tr/th[@scope='row']/a")
    ]


@pytest.mark.parametrize("address", LISTS)
def test_every_declaration_stands_in_exactly_one_part_of_a_list(project: Path, address: str) -> None:
    parts = [_page(project, f"{address}{part}") for part in ("", "/pages/2", "/pages/3")]
    listed = [name for part in parts for name in _list_declarations(part) if name.startswith("clinic")]

    assert [
        len([name for name in _list_declarations(part) if name.startswith("clinic")]) for part in parts
    ] == [
        100,
        100,
        1,
    ]
    assert sorted(listed) == sorted(["clinic", *(f"clinic-{number}" for number in range(2, MANY + 1))])
    assert not (project / "build/site" / address / "pages/4").exists()


def test_the_pager_says_where_one_is_and_leads_to_every_part(project: Path) -> None:
    page = _page(project, "2021/health/pages/2")
    pager = page.xpath("//nav[@class='parts']")[0]

    assert [text.text_content() for text in page.xpath("//p[@class='part-range']")] == [
        "第 101 至 200 份，共 201 份"
    ]
    assert [(step.text_content(), step.get("href")) for step in pager.xpath(".//li/*")] == [
        ("上一页", "../../"),
        ("1", "../../"),
        ("2", None),
        ("3", "../3/"),
        ("下一页", "../3/"),
    ]
    assert page.findtext(".//title") == "示例县卫生局2021年度（第 2 页） · 示例县绩效公开"


@pytest.mark.parametrize("address", LISTS)
def test_what_a_list_adds_up_to_stands_on_its_first_part_alone(project: Path, address: str) -> None:
    parts = [_page(project, f"{address}{part}") for part in ("", "/pages/2", "/pages/3")]

    assert [len(part.xpath("//dl[@class='headline']")) for part in parts] == [1, 0, 0]


def test_verify_finds_totals_on_a_further_part(project: Path) -> None:
    site = project / "build/site"
    first, file = (site / f"2021/health/{part}index.html" for part in ("", "pages/2/"))
    whole, manifest = file.read_text("utf-8"), (site / "data/manifest.json").read_bytes()
    headline = first.read_text("utf-8").partition("<dl ")[2].partition("</dl>")[0]
    (site / "data/manifest.json").unlink()
    try:
        heading = '<h2 id="declarations">'
        assert heading in whole
        file.write_text(whole.replace(heading, f"<dl {headline}</dl>{heading}"), "utf-8")
        assert {finding.file for finding in verify(project, site)} == {"2021/health/pages/2/index.html"}
    finally:
        file.write_text(whole, "utf-8")
        (site / "data/manifest.json").write_bytes(manifest)


def test_the_home_page_of_a_large_site_leads_to_the_lists_and_repeats_none(project: Path) -> None:
    page = _page(project, "")

    assert _list_declarations(page) == ["2021"]
    assert page.xpath("//ul[@class='ways']//a/@href") == ["organisations/health/"]


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ('<a href="../../clinic-', '<a href="../../../health/clinic-2/#'),
        ('<span class="amount">101</span>', '<span class="amount">102</span>'),
        ('href="../3/"', 'href="../2/"'),
    ],
)
def test_verify_finds_a_part_that_says_something_else(project: Path, there: str, instead: str) -> None:
    site = project / "build/site"
    file = site / "2021/health/pages/2/index.html"
    whole = file.read_text("utf-8")
    manifest = (site / "data/manifest.json").read_bytes()
    (site / "data/manifest.json").unlink()
    row = (
        whole[whole.index("<tbody>") + len("<tbody>") : whole.index("</tr>", whole.index("<tbody>"))]
        + "</tr>"
    )
    try:
        assert verify(project, site) == ()
        for old, new in ((there, instead), (row, "")):
            assert old in whole
            file.write_text(whole.replace(old, new, 1), encoding="utf-8")
            assert {finding.file for finding in verify(project, site)} == {"2021/health/pages/2/index.html"}
    finally:
        file.write_text(whole, encoding="utf-8")
        (site / "data/manifest.json").write_bytes(manifest)


@pytest.mark.browser
@pytest.mark.parametrize("address", ["2021/health", "2021/health/pages/2"])
def test_a_part_of_a_list_leads_to_all_declarations_in_the_search(
    page: Page, project: Path, address: str
) -> None:
    with contextmanager(serve)(project / "build/site") as root:
        page.goto(f"{root}{address}/")
        page.get_by_role("link", name="在全部申报表中排序、筛选").click()
        expect(page.locator("pagefind-summary")).to_contain_text(str(MANY))
        expect(page.locator("[data-chosen] button")).to_have_text(["2021 ×", "示例县卫生局 ×", "全部取消"])
        # Results go on loading, and nobody serves them any more once this ends.
        page.goto("about:blank")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_a_part_of_a_list_is_accessible_and_fits(project: Path, page: Page, width: int) -> None:
    for address in serve(project / "build/site"):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{address}2021/health/pages/2/")

        assert_axe_finds_nothing(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.emulate_media(media="print")
        assert page.locator(".part-range").is_visible()
        assert not page.locator("nav.parts").is_visible()
