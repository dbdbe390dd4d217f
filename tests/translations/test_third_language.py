"""A third language by settings and PO files alone: Traditional Chinese, of which no module knows anything."""

import re
from pathlib import Path

import pytest
import yaml
from lxml import html

from jixiao.translations.source_texts import find_program_messages
from tests.conftest import ROOT, copy_program, run_module
from tests.support.sample_projects import copy_small_project

TRADITIONAL = str.maketrans(
    "绩项支报标说报额优实现变见码样处规则缺损发单组织导词产质时满东称对费与开关个这为从内务级财产显编",
    "績項支報標說報額優實現變見碼樣處規則缺損發單組織導詞產質時滿東稱對費與開關個這為從內務級財產顯編",
)
"""Enough for the test; a site has its words from people."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program with one more folder of words, and a project that asks for the language."""
    program = copy_program(tmp_path_factory.mktemp("program"))
    words = program / "theme/words/zh-Hant"
    words.mkdir()
    entries = (
        f"msgid {_quote(text)}\nmsgstr {_quote(text.translate(TRADITIONAL))}\n"
        for text in find_program_messages(ROOT)
    )
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    (words / "pages.po").write_text("\n".join((head, *entries)), encoding="utf-8")
    project = copy_small_project(program / "project")
    settings = yaml.safe_load((project / "site_config.yml").read_text("utf-8"))
    settings["languages"] = ["zh", "en", "zh-Hant"]
    settings["name"]["zh-Hant"] = "績效公開"
    settings["address"] = "https://example.org/"
    (project / "site_config.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    translations = project / "content/translations/zh-Hant"
    translations.mkdir(parents=True)
    (translations / "health.po").write_text(
        f'{head}\nmsgid "乡村诊所巡诊 & “送医下乡”"\nmsgstr "鄉村診所巡診 & 「送醫下鄉」"\n', encoding="utf-8"
    )
    said = run_module("jixiao", "build", "--project", str(project), cwd=program)
    assert said.returncode == 0, said.stdout + said.stderr
    said = run_module("jixiao", "verify", "--project", str(project), cwd=program)
    assert said.returncode == 0, said.stdout + said.stderr
    return project


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _page(project: Path, path: str) -> html.HtmlElement:
    return html.fromstring((project / "build/site" / path / "index.html").read_text("utf-8"))


def test_every_page_stands_in_the_third_language(built: Path) -> None:
    site = built / "build/site"

    def addresses(language: str) -> set[str]:
        found = (
            file.relative_to(site / language).as_posix() for file in (site / language).rglob("index.html")
        )
        return {path for path in found if not re.match("en/|zh-Hant/", path)}

    assert addresses("zh-Hant") == addresses("") == addresses("en")
    assert (site / "zh-Hant/404.html").is_file()
    assert (site / "pagefind/zh-Hant/indexes.json").is_file()


def test_a_page_says_which_language_it_is_in_and_where_the_others_are(built: Path) -> None:
    page = _page(built, "zh-Hant/2021/health/clinic")
    assert page.get("lang") == "zh-Hant"
    alternates = {link.get("hreflang"): link.get("href") for link in page.xpath("//link[@hreflang]")}
    assert alternates == {
        "zh-CN": "https://example.org/2021/health/clinic/",
        "en": "https://example.org/en/2021/health/clinic/",
        "zh-Hant": "https://example.org/zh-Hant/2021/health/clinic/",
        "x-default": "https://example.org/2021/health/clinic/",
    }
    for way, others in {"zh-Hant/": ["中文", "English"], "en/": ["中文", "中文 (繁體)"]}.items():
        links = _page(built, f"{way}2021/health/clinic").xpath("//a[@data-language-link]")
        assert [link.text_content().strip() for link in links] == others


def test_its_words_and_translations_are_shown(built: Path) -> None:
    page = _page(built, "zh-Hant/2021/health/clinic")
    assert "鄉村診所巡診 & 「送醫下鄉」" in page.xpath("//h1")[0].text_content()
    assert "績效公開" in page.xpath("//title")[0].text_content()
    text = page.text_content()
    assert "目標" in text
    # What nobody has translated stands as it was filed, and says that it is Chinese.
    assert page.xpath("//td/span[@lang='zh-CN' and text()='巡诊次数']")


def test_a_language_without_words_is_refused_by_name(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    settings = yaml.safe_load((project / "site_config.yml").read_text("utf-8"))
    settings["languages"] = ["zh", "fr"]
    (project / "site_config.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    said = run_module("jixiao", "check", "--project", str(project), language="en")
    assert said.returncode == 1
    assert "fr" in said.stdout
    assert "zh, en" in said.stdout
