"""Search indexes are cut into parts by the pages alone, so a change is one part; browsers join them again."""

import dataclasses
import json
import pickle
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from jixiao.analysis.page_kinds import PageKind
from jixiao.pages.search_facets import FACETS
from jixiao.site.pagefind_service import run_pagefind
from jixiao.site.search_index import (
    EARLIER_YEAR_SIZES,
    GENERAL_INDEX,
    GENERAL_SIZES,
    LARGE_PART,
    LATEST_YEAR_SIZES,
    PartSizes,
    SearchIndex,
    build_index,
    build_shared_search_files,
    distribute_pages,
)
from jixiao.site.search_text import extract_search_text
from tests.benchmarks.corpus import make_project
from tests.conftest import jixiao, serve

ADDRESS = re.compile(r"(?P<year>\d{4})/department-\d+/project-(?P<number>\d+)/")
SIZE = 240
SMALL = 12
"""Pages of a part in the test: as few as make several parts of each year and of the general pages."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class IndexedPage:
    """Entry of a page in an index."""

    kind: PageKind
    year: int | None
    address: str


def declarations(count: int, year: int = 2021) -> list[IndexedPage]:
    return [
        IndexedPage(kind=PageKind.DECLARATION, year=year, address=f"{year}/department/project-{number}/")
        for number in range(count)
    ]


def organisations(count: int) -> list[IndexedPage]:
    return [
        IndexedPage(kind=PageKind.ORGANISATION, year=None, address=f"organisations/unit-{number}/")
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [1, LATEST_YEAR_SIZES.small_part, LATEST_YEAR_SIZES.small_part + 1, 2000])
def test_every_page_is_in_one_part_and_parts_do_not_depend_on_the_order_of_pages(count: int) -> None:
    pages = [*declarations(count), *organisations(count)]

    indexes = distribute_pages(pages)

    assert indexes == distribute_pages(reversed(pages))
    found = [address for index in indexes for address in index.addresses]
    assert sorted(found) == sorted(page.address for page in pages)
    assert all(list(index.addresses) == sorted(index.addresses) for index in indexes)
    assert [index.name for index in indexes] == sorted({index.name for index in indexes})


@pytest.mark.parametrize("make", [declarations, organisations])
@pytest.mark.parametrize("count", [10, 700, 2000, 5000])
def test_a_page_more_changes_one_part_only(make: type, count: int) -> None:
    pages = make(count + 1)

    before, after = (set(distribute_pages(some)) for some in (pages[:-1], pages))

    (gone,), (come,) = before - after, after - before
    assert gone.name == come.name
    assert set(come.addresses) - set(gone.addresses) == {pages[-1].address}


@pytest.mark.parametrize(
    ("make", "cut"),
    [
        (declarations, LATEST_YEAR_SIZES),
        (lambda count: [*declarations(count, 2020), *declarations(1)], EARLIER_YEAR_SIZES),
        (organisations, GENERAL_SIZES),
    ],
)
def test_few_pages_are_one_part_and_parts_grow_when_there_are_many(
    make: Callable[[int], list[IndexedPage]], cut: PartSizes
) -> None:
    few = cut.few_parts
    sizes = {}
    for count in (cut.small_part, few * cut.small_part, few * LARGE_PART, few * LARGE_PART + 1):
        pages = make(count)
        held = [
            len(set(index.addresses) & {page.address for page in pages[:count]})
            for index in distribute_pages(pages)
        ]
        sizes[count] = [number for number in held if number]
    assert [len(parts) for parts in sizes.values()] == [1, few, few, 2 * few]
    assert max(sizes[few * cut.small_part]) < 1.3 * cut.small_part
    assert max(map(max, sizes.values())) < 1.2 * LARGE_PART


def test_the_latest_year_is_cut_most_finely() -> None:
    pages = [*declarations(2000, 2020), *declarations(2000, 2021)]
    names = [index.name for index in distribute_pages(pages) if index.addresses]
    assert sum(name.startswith("2021") for name in names) == 16
    assert sum(name.startswith("2020") for name in names) == 4


def test_the_general_index_is_there_without_pages_and_holds_no_page_that_leads_to_everything() -> None:
    kinds = (
        PageKind.HOME,
        PageKind.SEARCH,
        PageKind.INDICATORS,
        PageKind.QUALITY,
        PageKind.RENAMED,
        PageKind.WITHDRAWN,
    )
    pages = [IndexedPage(kind=kind, year=None, address=f"{kind}/") for kind in kinds]
    assert distribute_pages(pages) == (SearchIndex(name=GENERAL_INDEX, addresses=()),)


def test_the_browser_is_told_which_parts_are_general_and_the_facets_in_their_order() -> None:
    names = ["2021", "general-1", "2021-3", GENERAL_INDEX]
    values = {"nature": (("一次性项目", "One-off project"), ("经常性项目", "Recurring project"))}
    listing = json.loads(build_shared_search_files("en", names, values)["indexes.json"])
    assert listing["indexes"] == ["2021", "2021-3"]
    assert listing["general"] == ["general-1"]
    assert [facet["key"] for facet in listing["facets"]] == list(FACETS)
    assert listing["facets"][5] == {
        "key": "nature",
        "name": "Nature of the project",
        "values": [["一次性项目", "One-off project"], ["经常性项目", "Recurring project"]],
    }
    assert [facet["values"] for facet in listing["facets"][:5]] == [[], [], [], [], []]


def read_page_source(site: Path, address: str) -> str:
    return (site / address / "index.html").read_text("utf-8")


def document(site: Path, address: str) -> tuple[str, str]:
    return f"{address}index.html", extract_search_text(read_page_source(site, address))


def test_an_index_is_made_without_the_disk_and_is_the_one_that_is_published(site: Path) -> None:
    published = site / "pagefind" / "zh" / "2021"
    addresses = [path.parent.relative_to(site).as_posix() for path in site.glob("2021/*/*/index.html")]
    documents = [document(site, f"{address}/") for address in sorted(addresses)]

    with run_pagefind() as service:
        whole = build_index(service, "2021", documents)
        assert whole == build_index(service, "2021", documents)

    assert whole == pickle.loads(pickle.dumps(whole))  # noqa: S301 - of our own making
    written = {path.relative_to(published).as_posix() for path in published.rglob("*") if path.is_file()}
    fragments = {path for path in written if path.startswith("fragment/")}
    assert {path for path in whole if path.startswith("fragment/")} == fragments
    assert len(fragments) == len(documents)
    assert [path for path in whole if path.endswith((".js", ".css", ".pagefind"))] == []


@pytest.mark.parametrize(("prefix", "language"), [("", "<html>"), ("en/", '<html lang="en"')])
def test_pagefind_is_fed_title_and_article_only_and_told_no_chinese(
    site: Path, prefix: str, language: str
) -> None:
    page = read_page_source(site, f"{prefix}2021/")
    fed = extract_search_text(page)
    assert fed.count("<article") == 1
    assert language in fed
    assert "<header" not in fed
    assert len(fed) < len(page) / 2


def test_pagefind_is_not_fed_what_it_is_told_to_leave_out(site: Path) -> None:
    for address in (
        "2021/",
        "organisations/shanghai-hrss/",
        "2021/shanghai-hrss/worldskills-46-preparation/",
    ):
        page = read_page_source(site, address)
        assert "data-pagefind-ignore" in page
        fed = extract_search_text(page)
        assert re.findall(r"<(?:details|dl|nav|p|table)[^>]* data-pagefind-ignore", fed) == []
        assert len(fed) < len(page)


def test_a_text_that_speaks_of_leaving_out_is_searched() -> None:
    text = "&lt;p class=&quot;note&quot; data-pagefind-ignore&gt;"
    page = (
        '<html lang="zh"><title>x</title><article><p class="note" data-pagefind-ignore>gone</p>'
        f'<p title="<p class=&quot;a&quot; data-pagefind-ignore>">{text}</p><p>stays</p></article></html>'
    )
    fed = extract_search_text(page)
    assert "gone" not in fed
    assert text in fed
    assert "stays" in fed


def test_a_list_is_found_by_its_heading_and_its_further_parts_not_at_all() -> None:
    kinds = {
        PageKind.YEAR: "2021/",
        PageKind.DEPARTMENT_YEAR: "2021/a/",
        PageKind.ORGANISATION: "organisations/pages/",
    }
    pages = [
        IndexedPage(kind=kind, year=None, address=f"{address}{part}")
        for kind, address in kinds.items()
        for part in ("", "pages/2/", "pages/13/")
    ]
    assert [index.addresses for index in distribute_pages(pages)] == [tuple(sorted(kinds.values()))]


def test_every_chinese_character_is_a_word_and_blanks_of_the_text_are_marked() -> None:
    fed = extract_search_text(
        '<html lang="zh-CN"><title>第46届</title><article><td>第46届大赛，A类（二级）</td>'
        "<p>关注 提高 by hand</p><p>54,449,000 元&lt;p&gt;为<b>期</b>，见 <b>表</b></p></article></html>"
    )
    assert fed == (
        "<!doctype html><html><head><title>第46届</title></head><body><article>"
        "<td> 第 46 届 大 赛， A 类（ 二 级）\u2801 </td>"
        "<p> 关 注\u2800 提 高\u2800 by hand\u2801</p>"
        "<p>54,449,000\u2800 元&lt; p&gt; 为 <b> 期 </b>，见\u2800 <b> 表\u2801 </b></p>"
        "</article></body></html>"
    )


def test_html_without_an_article_is_fed_as_it_is() -> None:
    for html in ("", "<html><title>x</title><p>y</p></html>", "<article>y</article>"):
        assert extract_search_text(html) == html


@pytest.fixture(scope="module")
def parted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a project of one year whose indexes are cut into many small parts."""
    folder = make_project(tmp_path_factory.mktemp("parted") / "project", SIZE, languages=("zh",))
    result = jixiao("build", "--project", str(folder))
    assert result.returncode == 0, result.stdout + result.stderr
    site = folder / "build" / "site"
    pages = [index_page(path.parent.relative_to(site).as_posix()) for path in site.glob("*/**/index.html")]
    indexes = distribute_pages(pages, PartSizes(small_part=SMALL, few_parts=GENERAL_SIZES.few_parts))
    with run_pagefind() as service:
        for index in indexes:
            documents = [document(site, address) for address in index.addresses]
            _write(site / "pagefind/zh" / index.name, build_index(service, index.name, documents))
    _write(site / "pagefind/zh", build_shared_search_files("zh", [index.name for index in indexes], {}))
    return site


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def index_page(folder: str) -> IndexedPage:
    """Derive the index entry of a page from its address."""
    found = ADDRESS.fullmatch(f"{folder}/")
    if found:
        return IndexedPage(kind=PageKind.DECLARATION, year=int(found["year"]), address=found[0])
    return IndexedPage(
        kind=PageKind.SEARCH if folder == "search" else PageKind.YEAR, year=None, address=f"{folder}/"
    )


@pytest.fixture(scope="module")
def parted_address(parted: Path) -> Iterator[str]:
    """Where that site is served."""
    with contextmanager(serve)(parted) as address:
        yield address


@pytest.mark.browser
@pytest.mark.parametrize("number", [0, 7, 118, 239])
def test_a_declaration_is_found_first_whichever_part_it_is_in(
    page: Page, parted_address: str, number: int
) -> None:
    page.goto(f"{parted_address}search/?q={quote(f'合成数据{number}号')}")
    expect(page.locator("pagefind-summary")).to_contain_text(f"合成数据{number}号")
    expect(page.locator(".pf-results > li a").first).to_have_attribute(
        "href", re.compile(rf"/project-{number}/\?found=")
    )


@pytest.mark.browser
def test_counts_of_facets_add_up_over_parts(page: Page, parted: Path, parted_address: str) -> None:
    listing = json.loads((parted / "pagefind/zh/indexes.json").read_text("utf-8"))
    assert len(listing["indexes"]) > 15
    assert len(listing["general"]) > 5
    filed = Counter(path.parent.parent.parent.name for path in parted.glob("*/*/project-*/index.html"))
    page.goto(f"{parted_address}search/")
    for year in range(2019, 2024):
        count = page.locator(f".search-page label:has(input[value='{year}']) span")
        expect(count).to_have_text(str(filed[str(year)]))
    page.locator(".search-page input[value='2021']").check()
    expect(page.locator("pagefind-summary")).to_contain_text(str(filed["2021"]))


@pytest.mark.browser
def test_a_search_page_begins_with_all_declarations_without_loading_the_words_of_their_pages(
    page: Page, parted_address: str
) -> None:
    loaded: list[str] = []
    page.context.on("request", lambda request: loaded.append(request.url))
    page.goto(f"{parted_address}search/")
    expect(page.locator(".search-page input[value='2021']")).to_have_count(1)
    expect(page.locator(".pf-results")).to_have_attribute("aria-busy", "false")
    assert len([address for address in loaded if address.endswith("/facts.json")]) > GENERAL_SIZES.few_parts
    assert [address for address in loaded if address.endswith(".pf_index")] == []
    expect(page.locator("pagefind-summary")).to_contain_text(str(SIZE))
    expect(page.locator(".pf-results > li a").first).to_be_visible()
    assert 0 < len([address for address in loaded if address.endswith(".pf_fragment")]) < SIZE / 4


@pytest.mark.browser
def test_a_list_in_any_general_part_comes_after_the_declarations_that_it_names(
    page: Page, parted_address: str
) -> None:
    page.goto(f"{parted_address}search/?q={quote('合成部门3')}")
    expect(page.locator("pagefind-summary")).to_contain_text("合成部门3")
    expect(page.locator(".pf-results > li a").first).to_have_attribute(
        "href", re.compile(r"/project-\d+/\?found=")
    )
