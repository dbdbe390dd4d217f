"""Terms of the form are explained where they stand, in the words of the publisher's glossary."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import jixiao
from tests.support.axe import assert_axe_finds_nothing
from tests.support.independent_readers import (
    DECLARATIONS,
    PREFIXES,
    find_elements,
    find_only_element,
    iter_indicators,
    read_declaration,
    read_declaration_page,
    read_page,
    read_text,
    read_texts,
    translations,
)
from tests.support.sample_projects import copy_small_project

LANGUAGES = sorted(PREFIXES)
FUNDS = ("项目资金总额", "财政资金", "其他资金", "年度资金申请总额", "当年财政拨款", "上年结转资金")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DECLARATIONS)
def test_what_is_explained_is_what_the_glossary_says(site: Path, language: str, name: str) -> None:
    glossary = read_page(site / PREFIXES[language] / "glossary/index.html")
    known = dict(
        zip(read_texts(glossary, "//article//dt"), read_texts(glossary, "//article//dd"), strict=True)
    )
    explained = [
        (read_text(find_only_element(entry, "dt")), read_text(find_only_element(entry, "dd")))
        for entry in find_elements(
            read_declaration_page(site, language, name), "//details[@class='terms']//div"
        )
    ]
    assert {term: " ".join(known[term].split()) for term, _ in explained} == dict(explained)

    said = " ".join(term for term, _ in explained)
    declaration = read_declaration(name)
    classes = {one for level1, level2, _ in iter_indicators(declaration) for one in (level1, level2)}
    assert all(word in said for word in (*FUNDS, declaration.at("nature").required_text(), *classes))


def test_what_the_glossary_lacks_is_not_explained(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    head = "---\ntitle: 词汇表\ndescription: 解释\n---\n\n# 词汇表\n\n"
    glossary = f"{head}其他资金\n: 别处来的\n    <钱>。\n\n财政资金\n:   见[预算](/about/)。\n"
    (project / "content/pages/zh/glossary.md").write_text(glossary, "utf-8")
    result = jixiao("build", "--project", str(project))
    assert result.returncode == 0, result.stdout + result.stderr

    for language, prefix in PREFIXES.items():
        page = read_page(project / "build/site" / prefix / "2021/health/clinic/index.html")
        expected = ("其他资金",) if language == "zh" else ()
        assert read_texts(page, "//details[@class='terms']//dt") == expected
        assert read_texts(page, "//details[@class='terms']//dd") == (("别处来的 <钱>。",) if expected else ())


@pytest.mark.browser
@pytest.mark.parametrize("prefix", PREFIXES.values())
def test_a_reader_opens_them_by_keyboard_and_paper_has_none(page: Page, address: str, prefix: str) -> None:
    page.goto(f"{address}{prefix}2021/shanghai-hrss/{DECLARATIONS[0]}/")
    summary = page.locator("details.terms > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.terms dd").first).to_be_visible()
    if prefix:
        assert page.locator("details.terms dt [lang=zh-CN]").count() > len(translations("zh"))
    assert_axe_finds_nothing(page)
    page.emulate_media(media="print")
    assert page.locator("details.terms:visible").count() == 0
