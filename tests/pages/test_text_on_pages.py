"""Any text that is allowed stands on every page character for character, and brings no element with it.

YAML and PO files are written, checked and made into Markdown; the site's own extension makes that HTML, and
lxml reads it back. What the engine adds (frame, title, search index) is tested on one whole build.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from lxml.html import HtmlElement
from markdown import Markdown
from mkdocs.utils.meta import get_data
from playwright.sync_api import Page

from jixiao import pipeline
from jixiao.pages import Page as Printed
from jixiao.site.markdown_extension import SiteMarkdown
from tests.conftest import jixiao, serve
from tests.support.independent_readers import find_elements, find_only_element, read_page
from tests.support.render_pages import render_project as pages_printed
from tests.support.sample_projects import CLINIC_PATH, copy_small_project
from tests.support.search_page import query_engine
from tests.support.text_strategies import LINES, PARAGRAPHS, WORDS, quote

ENGINE = Markdown(extensions=["toc", "tables", "fenced_code", "def_list", SiteMarkdown()])
"""As MkDocs sets it up: three extensions of its own, then those of mkdocs.yml."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """A text for each kind of field."""

    name: str
    overall: str
    annual: str
    indicator: str
    target: str
    note: str
    cell: str
    remark: str
    department: str
    unit: str
    alias: str
    reason: str
    translation: str
    """Of the name and of the indicator."""
    translated_goal: str
    translated_department: str

    def translations(self) -> dict[str, str]:
        """Return the entries of the PO file."""
        return {
            self.overall: self.translated_goal,
            self.department: self.translated_department,
            self.indicator: self.translation,
            self.name: self.translation,
        }

    def translate(self, text: str, language: str) -> str:
        """Return the text for *text* on pages of *language*."""
        return self.translations().get(text, text) if language == "en" else text


_PROSE_FIELDS = {"overall", "annual", "note", "remark", "reason", "translated_goal"}
ALL_WORDS = st.builds(
    Words,
    **{
        field.name: PARAGRAPHS if field.name in _PROSE_FIELDS else LINES if field.name == "cell" else WORDS
        for field in fields(Words)
    },
)
PLAIN = Words(**{field.name: f"文字{number}" for number, field in enumerate(fields(Words))})


def write(words: Words, project: Path) -> None:
    """Write *words* into the files of a project."""
    (project / CLINIC_PATH).write_text(_declaration(words), "utf-8")
    (project / "content/organisations.yml").write_text(
        f"health:\n  name: {quote(words.department)}\n  kind: department\n"
        f"  aliases: [{quote(words.alias)}]\n"
        f"clinic-office:\n  name: {quote(words.unit)}\n  kind: unit\n  parent: health\n",
        "utf-8",
    )
    (project / "content/addresses.yml").write_text(
        "published:\n  - 2021/health/clinic\n  - 2021/health/gone\n"
        f"withdrawn:\n  2021/health/gone: {quote(words.reason)}\n",
        "utf-8",
    )
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    entries = (
        f"\nmsgid {quote(text)}\nmsgstr {quote(said)}\n" for text, said in words.translations().items()
    )
    (project / "content/translations/en/content.po").write_text(head + "".join(entries), "utf-8")


def _declaration(words: Words) -> str:
    # The text of the indicator is unconfirmed: in doubt whatever its words are, so that the page of
    # indicators lists the declaration in every example.
    as_filed = f"{{lines: [2], cells: [[{quote(words.cell)}, 乙]]}}"
    return f"""\
edition: "2015"
year: 2021
name: {quote(words.name)}
nature: 一次性项目
department: health
unit: clinic-office
period: {{start: 2021-03-01, end: 2021-11-30}}
funding: {{unit: 元, annual: {{total: 100.10}}}}
goals: {{overall: {quote(words.overall)}, annual: {quote(words.annual)}}}
indicators:
  产出指标:
    数量指标:
      - id: visits
        name: {quote(words.indicator)}
        target: {quote(f"目标{words.target}")}
        as_filed: {as_filed}
        defects: [shifted]
        certainty: {{class: restored, text: unconfirmed}}
        note: {quote(words.note)}
remarks:
  - {{field: name, as_filed: {as_filed}, defects: [shifted], note: {quote(words.remark)}}}
source: {{form: forms/example.txt}}
"""


def check_and_render(project: Path) -> dict[tuple[str, str], Printed]:
    """Check *project* and print its pages; nothing that is allowed is refused."""
    checked = pipeline.check(project)
    assert checked.catalogue.summaries, checked.problems
    assert checked.catalogue.organisations, checked.problems
    return {(page.language, page.address): page for page in pages_printed(project, checked)}


def render(page: Printed) -> tuple[Mapping[str, object], HtmlElement]:
    """Render a page as MkDocs does: the front matter, and the body."""
    body, meta = get_data(page.markdown())
    return meta, html.fragment_fromstring(ENGINE.reset().convert(body), create_parent="main")


def fold_blanks(text: str) -> str:
    """Fold the blanks of *text* as a browser does in a title."""
    return " ".join(text.split())


def whole(place: HtmlElement, way: str) -> list[str]:
    """Return the text of the elements that the XPath names, with every blank."""
    return ["".join(map(str, element.itertext())) for element in find_elements(place, way)]


def list_paragraphs(text: str) -> list[str]:
    """Return the paragraphs that a reader sees of *text*."""
    return [line.strip() for line in text.split("\n") if line.strip()]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample project, whose files each example rewrites."""
    return copy_small_project(tmp_path_factory.mktemp("sinks") / "project")


@dataclass(frozen=True)
class Harmless:
    """The pages when all words are harmless; a failure does not print them."""

    skeletons: dict[tuple[str, str], list[str]] = field(repr=False)
    """The elements and links of every page."""


@pytest.fixture(scope="module")
def harmless(project: Path) -> Harmless:
    """The sample project with harmless words."""
    write(PLAIN, project)
    return Harmless(
        {which: list(skeleton(render(page)[1])) for which, page in check_and_render(project).items()}
    )


def skeleton(page: HtmlElement) -> Iterator[str]:
    """Yield the elements of a page with their attributes; free text may have more paragraphs or fewer."""
    for element in page.iter():
        # A word without Chinese in it is not marked as Chinese, and is no element more than a word with it.
        names = sorted(str(name) for name in element.attrib if name != "lang")
        if element.tag not in {"p", "span"} or names:
            # A view of the search may name a department.
            address, _, view = (element.get("href") or "").partition("?")
            facets = [(facet, "" if facet == "department" else value) for facet, value in parse_qsl(view)]
            yield f"{element.tag!r} {names} {address} {facets} {element.get('id')}"


# Two dozen conversions an example; half of the usual number finds what the long profile finds.
@settings(max_examples=settings().max_examples // 2)
@given(ALL_WORDS)
def test_every_text_is_on_its_page_character_for_character(
    project: Path, harmless: Harmless, words: Words
) -> None:
    write(words, project)
    pages = check_and_render(project)

    assert set(pages) == set(harmless.skeletons)
    for which, page in pages.items():
        meta, body = render(page)
        assert list(skeleton(body)) == harmless.skeletons[which]
        assert_in_place(which, meta, body, words)


def assert_in_place(
    which: tuple[str, str], meta: Mapping[str, object], body: HtmlElement, words: Words
) -> None:
    """Compare each text of a page with the typed one."""
    language, address = which
    name, department = words.translate(words.name, language), words.translate(words.department, language)
    unit = words.translate(words.unit, language)
    listed = [name] if find_elements(body, "//table[@class='list']") else []
    assert whole(body, "//table[@class='list']//th/a[contains(@href, 'clinic/')]") == listed
    titles = {
        "2021/health/clinic/": name,
        "organisations/health/": department,
        "organisations/clinic-office/": unit,
    }
    if address in titles:
        assert unescape(str(meta["title"])) == fold_blanks(titles[address])
        assert fold_blanks("".join(whole(body, "//h1"))) == fold_blanks(titles[address])
    assert not set(str(meta["title"])) & set("<>\"'")
    assert not set(str(meta["description"])) & set("<>\"'")
    match address:
        case "2021/health/clinic/":
            assert fold_blanks(department) in unescape(str(meta["description"]))
            assert fold_blanks(name) in unescape(str(meta["description"]))
            assert_declaration(body, words, language)
        case "organisations/health/":
            assert whole(body, "//dl[@class='about']//dd")[0] == words.alias
        case "organisations/":
            assert whole(body, "//li/a/strong") == [department]
            assert whole(body, "//li//li/a") == [unit]
        case "2021/health/gone/":
            assert whole(body, "//div[@class='prose']/p") == list_paragraphs(
                words.translate(words.reason, language)
            )


def assert_declaration(body: HtmlElement, words: Words, language: str) -> None:
    """Compare each text of the page of the declaration with the typed one."""

    def said(text: str) -> str:
        return words.translate(text, language)

    name, department, unit = said(words.name), said(words.department), said(words.unit)
    facts = whole(body, "//table[@class='facts'][1]//td")
    assert facts[0] == name
    assert facts[2:4] == [department, unit]
    goals = find_elements(body, "//section[@class='goal']/div[@class='prose']")
    assert [whole(goal, "./p") for goal in goals] == [
        list_paragraphs(said(words.overall)),
        list_paragraphs(said(words.annual)),
    ]
    assert whole(body, "//td[@class='name']") == [said(words.indicator)]
    assert whole(body, "//td[@class='target']") == [said(f"目标{words.target}")]
    assert whole(body, "//td[@class='margin']/p") == list_paragraphs(said(words.note))
    assert whole(body, "//aside/p[not(@class)]") == list_paragraphs(said(words.remark))
    cells = [*([words.cell] if words.cell else []), "乙"]
    assert whole(body, "//aside//li[@lang]") == cells
    assert whole(body, "//td[@class='margin']//li[@lang]") == cells
    record = find_only_element(body, "//div[@data-aliases]")
    assert record.get("data-department") == department
    assert record.get("data-unit") == unit
    assert record.get("data-amount") == f"100.10 {'元' if language == 'zh' else 'yuan'}"
    assert record.get("data-aliases") == f"{words.alias} 100.10"


HARD = (
    "| a | *b* _c_ `d` ~e~ \\ # : - = ' \" { } [ ] % @ ! $",
    "&lt;b&gt; &amp;amp; &#60;i&#62; < 5 > 3",
    "{{ 7*7 }} {% raw %} {#title} --8<-- ${x}",
    "[链接](javascript:x) ![图](y) 1. 项 --- ```",
    "两个  空格、　全角空格，一个\u00a0不断行的",
    "é 组合、👍🏽、𠀀、ﬁ、①、％＝＞",
    "::error:: ##[error] %0A \\n \\x1b[31m",
    "< /title 之外 --> ]]> \"' x=y onload=z",
)
"""Names that are hard to print."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole site with a declaration for each hard name."""
    project = copy_small_project(tmp_path_factory.mktemp("hard") / "project")
    sample = (project / CLINIC_PATH).read_text("utf-8")
    first = sample.splitlines()[2]
    for number, name in enumerate(HARD):
        file = (project / CLINIC_PATH).with_name(f"hard-{number}.yml")
        file.write_text(sample.replace(first, f"name: {quote(name)}"), "utf-8")
    (project / CLINIC_PATH).unlink()
    (project / "content/addresses.yml").write_text(
        "published:\n" + "".join(f"  - 2021/health/hard-{number}\n" for number in range(len(HARD))), "utf-8"
    )
    organisations = project / "content/organisations.yml"
    organisations.write_text(
        organisations.read_text("utf-8").replace("示例县诊所管理站", quote(HARD[0])), "utf-8"
    )
    result = jixiao("build", "--project", str(project))
    assert result.returncode == 0, result.stdout + result.stderr
    return project / "build/site"


@pytest.mark.parametrize("prefix", ["", "en/"])
def test_hard_names_are_whole_in_titles_and_lists_of_a_built_site(prefix: str, site: Path) -> None:
    for number, name in enumerate(HARD):
        page = read_page(site / prefix / f"2021/health/hard-{number}/index.html")
        (title,) = whole(page, "//title")
        assert title.rpartition(" · ")[0] == fold_blanks(name)
        assert fold_blanks(name) in str(find_only_element(page, "//meta[@name='description']").get("content"))
        assert whole(page, "//li[@aria-current='page'][not(a)]") == [fold_blanks(name)]
        assert {record.get("data-unit") for record in find_elements(page, "//div[@data-unit]")} == {HARD[0]}
    for address in ("", "2021/", "2021/health/", "organisations/health/"):
        page = read_page(site / prefix / address / "index.html")
        assert sorted(whole(page, "//table[@class='list']//th/a[contains(@href, 'hard-')]")) == sorted(HARD)


@pytest.mark.browser
@pytest.mark.parametrize("prefix", ["", "en/"])
def test_hard_names_are_whole_in_search_results(page: Page, prefix: str, site: Path) -> None:
    with contextmanager(serve)(site) as address:
        everything, *single = query_engine(page, f"{address}{prefix}", ["", *HARD])
    for found in (everything, [results[0] for results in single]):
        assert sorted(result["meta"]["title"] for result in found) == sorted(map(fold_blanks, HARD))
        assert {fold_blanks(result["meta"]["unit"]) for result in found} == {fold_blanks(HARD[0])}
        assert {result["meta"]["amount"] for result in found} == {
            f"1,234,567.80 {'yuan' if prefix else '元'}"
        }
