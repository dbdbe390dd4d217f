"""What the search shows of a page is what the page says, although its index holds every 汉字 apart."""

import re
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from playwright.sync_api import Browser

from tests.conftest import serve
from tests.support.independent_readers import DEPARTMENT_YEAR
from tests.support.search_page import query_engine

pytestmark = pytest.mark.browser

ASKED = {
    "": [
        "试运行",
        "满意度",
        "2021年",
        "54449000",
        ">=1300人次",
        "人社局",
        "<p>",
        "一级指标",
        "指标",
        "公示率",
    ],
    "en/": ["trial operation", "satisfaction", "2021", "54449000", "person-times", "<p>", "public notice"],
}
EXCERPTS = {
    "": {
        "试运行": "现2021年6月世界技能博物馆开馆<mark>试运行，</mark>9月世界技能博物馆正式对外",
        ">=1300人次": "教育项目单个培训项目参与人数 <mark>&gt;=1300人次 </mark>互联网培训平台各项运维管理",
    },
    "en/": {
        "trial operation": "year (1) Overall project goal: The overall project goal is: the WorldSkills "
        "Museum opens for <mark>trial</mark> <mark>operation</mark> in June 2021 and opens formally to the "
        "public in September. (2) Performance",
    },
}


Found = dict[str, dict[str, list[dict[str, Any]]]]
"""Prefix of the language → query → its results."""


@pytest.fixture(scope="module")
def found(browser: Browser, site: Path) -> Found:
    """What is found for each query, in each language."""
    answers = {}
    with contextmanager(serve)(site) as address, browser.new_context() as context:
        page = context.new_page()
        for prefix, queries in ASKED.items():
            given = query_engine(page, f"{address}{prefix}", queries)
            answers[prefix] = dict(zip(queries, given, strict=True))
    return answers


def shown_on(site: Path, address: str) -> str:
    """Return the text of the article of a page, without blanks and without parts hidden from the search."""
    page = html.fromstring((site / address.strip("/") / "index.html").read_bytes())
    (article,) = page.xpath("//article")
    for left_out in article.xpath(".//*[@data-pagefind-ignore]"):
        left_out.drop_tree()
    aliases = article.xpath(".//@data-aliases")
    return bare(" ".join((article.text_content(), *map(str, aliases))))


def bare(text: str) -> str:
    return re.sub(r"\s+|</?mark>", "", text)


@pytest.mark.parametrize("prefix", ASKED)
def test_every_excerpt_stands_on_its_page(site: Path, found: Found, prefix: str) -> None:
    strange = []
    for results in found[prefix].values():
        assert results
        for result in results:
            excerpt = bare(unescape(result["excerpt"]))
            if excerpt.strip(".") not in shown_on(site, result["url"]):
                strange.append((result["url"], result["excerpt"]))
            assert not set("\u2800\u2801\ue000\ue001") & set(result["excerpt"])
    assert strange == []


@pytest.mark.parametrize("prefix", EXCERPTS)
def test_excerpts_have_the_blanks_of_their_page_and_mark_what_was_asked(found: Found, prefix: str) -> None:
    shown = {query: found[prefix][query][0]["excerpt"] for query in EXCERPTS[prefix]}
    assert shown == EXCERPTS[prefix]


def test_a_mark_of_the_form_that_looks_like_a_tag_stays_text(
    found: Found,
) -> None:
    for prefix in ASKED:
        for result in found[prefix]["<p>"]:
            assert re.fullmatch(r"(?:[^<>]|</?mark>)*", result["excerpt"])


def test_titles_are_the_headings_of_their_pages(site: Path, found: Found) -> None:
    titles = {
        (result["url"], result["meta"]["title"])
        for answers in found.values()
        for results in answers.values()
        for result in results
    }
    assert len([address for address, _ in titles if f"{DEPARTMENT_YEAR}/" in address]) >= 6
    for address, title in titles:
        page = html.fromstring((site / address.strip("/") / "index.html").read_bytes())
        (heading,) = page.xpath("//h1")
        assert title == " ".join(heading.text_content().split())
