"""The files of the site: what is published, what is not, and that every way leads somewhere."""

import gzip
import json
import os
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import etree
from lxml.html import HtmlElement

from tests.conftest import copy_project, jixiao
from tests.support.independent_readers import (
    DECLARATIONS,
    DEPARTMENT_YEAR,
    PREFIXES,
    ROOT,
    find_elements,
    find_only_element,
    list_pages,
    read_page,
    read_text,
    read_texts,
    read_yaml,
)

HTML_LANGUAGES = {"zh": "zh-CN", "en": "en"}
LINKS = ("href", "src", "action", "srcset", "data-indexes")
"""Attributes that hold an address."""
HERE = "http://site.test/"
SETTINGS = read_yaml(ROOT / "site_config.yml")
SITEMAP = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}
CHINESE = re.compile(r"[\u3400-\u9fff]")

in_each_language = pytest.mark.parametrize("language", PREFIXES)


def find_language(path: str) -> str:
    return "en" if path.startswith("en/") else "zh"


def find_twin(path: str, language: str) -> str:
    """Return the same page in *language*."""
    return PREFIXES[language] + path.removeprefix("en/")


def is_error_page(path: str) -> bool:
    return path.endswith("404.html")


def public_address(path: str) -> str:
    """Return the public address of a page."""
    return (SETTINGS.at("address").text() or "") + path.removesuffix("index.html")


def addresses_on(page: HtmlElement) -> Iterator[tuple[HtmlElement, str, str]]:
    """Yield each attribute that holds an address: element, attribute, address."""
    for element in page.iter():
        for name in LINKS:
            value = element.get(name) if isinstance(element, HtmlElement) else None
            if value is not None:
                yield element, name, value


def file_at(site: Path, address: str) -> Path:
    """Return the file that a web server sends for an address."""
    path = site / unquote(urlsplit(address).path).lstrip("/")
    return path / "index.html" if path.is_dir() else path


def test_every_page_is_there_in_both_languages(site: Path) -> None:
    pages = list_pages(site)
    assert {find_twin(page, "zh") for page in pages if find_language(page) == "en"} == {
        page for page in pages if find_language(page) == "zh"
    }
    for name in DECLARATIONS:
        assert f"{DEPARTMENT_YEAR}/{name}/index.html" in pages


def test_the_sitemap_lists_every_page_in_both_languages_and_nothing_else(site: Path) -> None:
    tree = etree.parse(site / "sitemap.xml")
    listed = [str(place.text) for place in tree.iterfind(".//s:url/s:loc", SITEMAP)]
    published = [public_address(page) for page in list_pages(site) if not is_error_page(page)]
    assert sorted(listed) == sorted(published)


def test_the_sitemap_gives_each_page_its_translations(site: Path) -> None:
    tree = etree.parse(site / "sitemap.xml")
    entries = {
        str(entry.findtext("s:loc", "", SITEMAP)): {
            link.get("hreflang"): link.get("href") for link in entry.iterfind("x:link", SITEMAP)
        }
        for entry in tree.iterfind(".//s:url", SITEMAP)
    }
    assert entries == {
        public_address(page): {
            html: public_address(find_twin(page, language)) for language, html in HTML_LANGUAGES.items()
        }
        for page in list_pages(site)
        if not is_error_page(page)
    }


def test_every_page_names_its_address_and_its_translations_with_absolute_links(site: Path) -> None:
    for path in list_pages(site):
        page = read_page(site / path)
        canonical = [link.get("href") for link in find_elements(page, "//head/link[@rel='canonical']")]
        alternates = {
            link.get("hreflang"): link.get("href")
            for link in find_elements(page, "//head/link[@rel='alternate']")
        }
        if is_error_page(path):
            assert (path, canonical, alternates) == (path, [], {})
            continue
        assert (path, canonical) == (path, [public_address(path)])
        assert (path, alternates) == (
            path,
            {
                "zh-CN": public_address(find_twin(path, "zh")),
                "en": public_address(find_twin(path, "en")),
                "x-default": public_address(find_twin(path, "zh")),
            },
        )


def test_every_page_has_one_heading_of_level_one_its_language_a_title_and_a_description(site: Path) -> None:
    titles: dict[str, list[str]] = {language: [] for language in PREFIXES}
    for path in list_pages(site):
        page = read_page(site / path)
        assert (path, page.get("lang")) == (path, HTML_LANGUAGES[find_language(path)])
        heading = find_only_element(page, "//h1")
        assert (path, bool(read_text(heading)), heading.get("id")) == (path, True, "title")
        titles[find_language(path)].append(read_text(find_only_element(page, "//head/title")))
        if not is_error_page(path):
            assert find_only_element(page, "//head/meta[@name='description']").get("content"), path
    for said in titles.values():
        assert sorted(set(said)) == sorted(said)


def test_headings_do_not_skip_a_level(site: Path) -> None:
    for path in list_pages(site):
        headings = find_elements(
            read_page(site / path), "//main//*[self::h1 or self::h2 or self::h3 or self::h4]"
        )
        levels = [int(str(heading.tag)[1]) for heading in headings]
        assert (path, levels[0]) == (path, 1)
        assert [step for step in pairwise(levels) if step[1] > step[0] + 1] == [], path


def test_no_id_stands_twice_on_a_page(site: Path) -> None:
    for path in list_pages(site):
        ids = [str(identity) for identity in read_page(site / path).xpath("//@id")]
        assert sorted(set(ids)) == sorted(ids), path


def test_every_link_and_anchor_of_the_site_leads_somewhere(site: Path) -> None:
    own = SETTINGS.at("address").text() or ""
    pages = {path: read_page(site / path) for path in list_pages(site)}
    anchors = {path: {str(identity) for identity in page.xpath("//@id")} for path, page in pages.items()}
    broken, followed = [], 0
    for path, page in pages.items():
        for _, _, written in addresses_on(page):
            link = urljoin(
                HERE + path, HERE + written.removeprefix(own) if written.startswith(own) else written
            )
            if not link.startswith(HERE):
                continue
            followed += 1
            target = file_at(site, link)
            fragment = unquote(urlsplit(link).fragment)
            leads = target.is_file() or (
                target.name == "index.html" and (target.parent / "indexes.json").is_file()
            )
            if fragment and leads:
                leads = fragment in anchors.get(target.relative_to(site).as_posix(), set())
            if not leads:
                broken.append((path, written))
    assert broken == []
    assert followed > 500


def test_a_link_inside_the_site_is_relative_so_that_the_site_works_below_any_path(site: Path) -> None:
    rooted = [
        (path, name, written)
        for path in list_pages(site)
        if not is_error_page(path)
        for _, name, written in addresses_on(read_page(site / path))
        if written.startswith("/")
    ]
    assert rooted == []


def test_every_page_can_be_reached_from_the_home_page_by_links_alone(site: Path) -> None:
    reached: set[str] = set()
    waiting = ["index.html"]
    while waiting:
        path = waiting.pop()
        if path in reached or not path.endswith(".html"):
            continue
        reached.add(path)
        for link in find_elements(read_page(site / path), "//a[@href]"):
            target = urljoin(HERE + path, link.get("href") or "")
            if target.startswith(HERE) and file_at(site, target).is_file():
                waiting.append(file_at(site, target).relative_to(site).as_posix())
    assert {path for path in list_pages(site) if not is_error_page(path)} - reached == set()


def test_no_page_names_a_foreign_address_but_the_licence_the_contact_and_its_own(site: Path) -> None:
    own = SETTINGS.at("address").required_text()
    allowed = {SETTINGS.at("data_licence", "link").required_text(), SETTINGS.at("contact").required_text()}
    foreign = []
    for path in list_pages(site):
        for element, _, written in addresses_on(read_page(site / path)):
            if written.partition("?subject=")[0] in allowed or not re.match(
                r"\s*([a-z][a-z0-9+.-]*:|//)", written, re.IGNORECASE
            ):
                continue
            if (
                element.tag == "link"
                and element.get("rel") in {"canonical", "alternate"}
                and written.startswith(own)
            ):
                continue
            foreign.append((path, element.tag, written))
    assert foreign == []


def test_no_style_sheet_asks_another_host(site: Path) -> None:
    sheets = sorted(site.rglob("*.css"))
    assert sheets
    for sheet in sheets:
        asked = re.findall(r"(?:url\(\s*|@import\s+)[\"']?(?!data:)([^\"')\s]+)", sheet.read_text("utf-8"))
        assert [address for address in asked if re.match(r"[a-z]+:|//", address)] == [], sheet.name


def test_no_page_holds_an_inline_script_or_style(site: Path) -> None:
    # JSON-LD is data and runs nothing; where it stands and what it says is compared elsewhere.
    script = "//script[not(@src) and not(@type='application/ld+json')]"
    ways = (script, "//style", "//*[@style]", "//*[@*[starts-with(name(), 'on')]]")
    inline = [
        (path, way, str(place.tag))
        for path in list_pages(site)
        for way in ways
        for place in find_elements(read_page(site / path), way)
    ]
    assert inline == []


def test_nothing_of_the_engine_s_own_search_and_no_source_map_is_published(site: Path) -> None:
    files = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    unwanted = re.compile(
        r"lunr|search_index|search/.*\.json|\.map$|workers|javascripts/|sitemap\.xml\.gz|\.py$|\.ya?ml$"
    )
    assert [path for path in files if unwanted.search(path)] == []
    for path in files:
        if path.endswith((".js", ".css")):
            assert "sourceMappingURL" not in (site / path).read_text("utf-8"), path


def _imported_by(module: Path) -> set[Path]:
    """Return the modules beside *module* that it loads, and those that they load."""
    names = re.findall(r"""(?:from |import\()["']\./([a-z]+\.js)["']""", module.read_text("utf-8"))
    beside = {module.with_name(name) for name in names}
    return beside.union(*map(_imported_by, beside))


def test_every_style_sheet_script_and_picture_that_is_published_is_used(site: Path) -> None:
    used = {
        file_at(site, urljoin(HERE + path, written)).resolve()
        for path in list_pages(site)
        for element, _, written in addresses_on(read_page(site / path))
        if element.tag in {"link", "script", "img"} and not written.startswith("https:")
    }
    for module in sorted(path for path in used if path.suffix == ".js"):
        used |= _imported_by(module)
    assets = {
        path for folder in ("assets", "en/assets") for path in (site / folder).rglob("*") if path.is_file()
    }
    assert sorted(str(path) for path in assets if path.resolve() not in used) == []


@in_each_language
def test_each_language_has_an_index_of_general_pages_and_one_of_each_year(site: Path, language: str) -> None:
    folder = site / "pagefind" / language
    listing = json.loads((folder / "indexes.json").read_text("utf-8"))
    assert listing["indexes"] == ["2021"]
    assert listing["general"] == []
    assert len(listing["facets"]) == 9
    counts = {}
    for name in ("general", "2021"):
        entry = json.loads((folder / name / "pagefind-entry.json").read_text("utf-8"))
        languages = entry["languages"]
        assert list(languages) == [{"zh": "unknown"}.get(language, language)]
        counts[name] = sum(known["page_count"] for known in languages.values())
        assert len(list((folder / name / "fragment").iterdir())) == counts[name]
    of_declarations = [
        path
        for path in list_pages(site)
        if find_language(path) == language
        and path.removesuffix("/index.html").rpartition("/")[2] in DECLARATIONS
    ]
    assert counts["2021"] == len(of_declarations) == 3
    assert counts["general"] > 0
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == ["2021", "general"]


def test_in_the_index_every_chinese_character_is_a_word(site: Path) -> None:
    fragments = sorted((site / "pagefind" / "zh" / "2021" / "fragment").iterdir())
    contents = [
        json.loads(gzip.decompress(path.read_bytes()).decode("utf-8").removeprefix("pagefind_dcd"))["content"]
        for path in fragments
    ]
    assert len(contents) == 3
    for content in contents:
        assert "绩 效 指 标" in content
        assert "\u200b" not in content
    assert any("职 业 训 练 营" in content for content in contents)


def test_an_english_page_speaks_english(site: Path) -> None:
    # Notes quote the form, programs read what was filed, the hand-written glossary gives the Chinese words.
    elsewhere = "starts-with(@lang, 'zh') or self::aside or self::td or self::script"
    said = f"//text()[not(ancestor::*[{elsewhere}])]"
    names = (
        "aria-label placeholder title alt content data-label data-auto data-light data-dark"
        " data-pagefind-filter data-department data-unit data-nature data-money data-targets data-record"
        " data-level1 data-level2 data-amount"
    )
    attributes = " | ".join(f"//*[not(starts-with(@lang, 'zh'))]/@{name}" for name in names.split())
    chinese = []
    for path in list_pages(site):
        page = read_page(site / path)
        if find_language(path) == "en" and not find_elements(
            page, "//article[contains(@class, 'kind-handwritten')]"
        ):
            words = map(str, page.xpath(f"{said} | {attributes}"))
            chinese += [(path, word.strip()) for word in words if CHINESE.search(word)]
    assert not chinese, f"English is missing in theme/words/en/, or the text lacks lang: {chinese}"


@in_each_language
def test_every_mark_that_a_page_shows_is_explained_in_the_guide(site: Path, language: str) -> None:
    folder = site / PREFIXES[language]
    guide = read_page(folder / "guide" / "index.html")
    section = find_only_element(guide, "//h2[@id='marks']")
    explained = " ".join(
        read_text(part)
        for part in section.itersiblings("p", "dl", "ul", "h2")
        if part.getprevious() is not None and part.xpath("preceding-sibling::h2[1][@id='marks']")
    )
    shown = {
        mark
        for name in DECLARATIONS
        for mark in read_texts(
            read_page(folder / DEPARTMENT_YEAR / name / "index.html"), "//strong[@class='mark']"
        )
    }
    assert len(shown) >= 8
    missing = sorted(mark for mark in shown if mark.lower() not in explained.lower())
    assert not missing, f"Explain below #marks in content/pages/{language}/guide.md: {missing}"


def differences(first: Path, second: Path) -> list[str]:
    """List the files that only one of two folders has, and those whose bytes differ."""
    contents = [
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in (first, second)
    ]
    names = sorted({name for content in contents for name in content})
    assert len(names) > 50
    return [name for name in names if contents[0].get(name) != contents[1].get(name)]


def test_a_second_build_elsewhere_gives_the_same_bytes(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = copy_project(tmp_path / "project")
    for name, value in {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "LC_ALL": "C.UTF-8"}.items():
        monkeypatch.setenv(name, value)
    previous = os.umask(0o077)
    try:
        result = jixiao("build", "--project", str(project), language="zh")
    finally:
        os.umask(previous)
    assert result.returncode == 0, result.stdout + result.stderr
    assert differences(site, project / "build" / "site") == []


def test_a_build_over_a_build_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    for _ in range(2):
        result = jixiao("build", "--project", str(project))
        assert result.returncode == 0, result.stdout + result.stderr
    assert differences(site, project / "build" / "site") == []
