"""What is published is what was filed: read back with code that shares nothing with the generator."""

import csv
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from lxml import html

from tests.conftest import jixiao
from tests.support.independent_readers import (
    CONTENT,
    DECLARATIONS,
    DEPARTMENT_YEAR,
    PREFIXES,
    IndicatorRow,
    YamlNode,
    find_elements,
    find_numbers,
    find_only_element,
    iter_indicators,
    read_declaration,
    read_declaration_page,
    read_facts,
    read_filed_cells,
    read_goals,
    read_indicator_rows,
    read_page,
    read_remarks,
    read_sums,
    read_text,
    read_texts,
    read_yaml,
    translations,
)

EXPECTED_ROWS = Path(__file__).parents[1] / "examples" / "declarations-2021.rows.tsv"
TOTALS = {
    "skilled-talent-bases": "151,100,000",
    "vocational-training-capacity": "15,986,000",
    "worldskills-46-preparation": "54,449,000",
}
"""项目资金总额 = 财政资金 = 年度资金申请总额, as the three forms have them."""
CELLS_OF_MONEY = (
    ("项目资金总额", "project", "total"),
    ("其中：财政资金", "project", "fiscal"),
    ("其他资金", "project", "other"),
    ("年度资金申请总额", "annual", "total"),
    ("其中：当年财政拨款", "annual", "fiscal"),
    ("上年结转资金", "annual", "carryover"),
    ("其他资金", "annual", "other"),
)
MARKS = {
    "number-missing": "原文缺数字",
    "target-missing": "目标值缺失",
    "class-uncertain": "归类待核",
    "level2-in-level1": "错栏",
    "shifted": "错栏",
    "shifted-left": "错栏",
    "shifted-right": "错栏",
    "split-by-page-break": "换页断开",
    "name-and-target-in-one-cell": "名称与目标值同格",
    "two-goals-in-one-cell": "两种目标同格",
    "line-break-in-name": "名称中有换行",
    "markup-residue": "残留网页标签",
    "sums-contradict": "金额不一致",
    "dates-contradict": "日期不一致",
}
BLANKS = {"zh": "未填报", "en": "Not filed"}
NUMERIC_TARGETS = {
    "skilled-talent-bases": 7,
    "vocational-training-capacity": 9,
    "worldskills-46-preparation": 1,
}

in_each_language = pytest.mark.parametrize("language", PREFIXES)
of_each_declaration = pytest.mark.parametrize("name", DECLARATIONS)


ELSEWHERE = "[not(ancestor-or-self::ul[@class='cells'] or ancestor::details[@class='terms'])]"
"""Of the cells as filed and of the terms that are explained."""


def translate(source: str, words: Mapping[str, str]) -> str:
    return words.get(source, source)


def list_marks(place: YamlNode) -> list[str]:
    marks = [MARKS[defect.required_text()] for defect in place.at("defects").parts()]
    if place.at("certainty", "class").text() == "unconfirmed":
        marks.append("归类待核")
    if place.at("certainty", "text").text() == "unconfirmed":
        marks.append("文字待核")
    return list(dict.fromkeys(marks))


def expected_rows(name: str, language: str) -> tuple[IndicatorRow, ...]:
    words = translations(language)
    return tuple(
        IndicatorRow(
            id=indicator.at("id").required_text(),
            level1=translate(level1, words),
            level2=translate(level2, words),
            name=translate(indicator.at("name").required_text(), words),
            target=translate(indicator.at("target").text() or "未填报", words),
            marks=tuple(translate(mark, words) for mark in list_marks(indicator)),
            note=translate(indicator.at("note").text() or "", words),
            cells=read_filed_cells(indicator.at("as_filed")),
        )
        for level1, level2, indicator in iter_indicators(read_declaration(name))
    )


def filed_texts(name: str) -> list[str]:
    """Return every Chinese text of a declaration that a reader of another language needs translated."""
    declaration = read_declaration(name)
    organisations = read_yaml(CONTENT / "organisations.yml")
    found = [declaration.at("name"), declaration.at("nature"), declaration.at("goals", "annual")]
    found += [organisations.at(declaration.at(key).required_text(), "name") for key in ("department", "unit")]
    found += [remark.at("note") for remark in declaration.at("remarks").parts()]
    classes: list[str] = []
    for level1, level2, indicator in iter_indicators(declaration):
        classes += [level1, level2]
        found += [indicator.at(field) for field in ("name", "target", "note")]
    return [*classes, *filter(None, (place.text() for place in found))]


def test_the_content_holds_the_51_rows_of_the_three_forms() -> None:
    with EXPECTED_ROWS.open(encoding="utf-8", newline="") as stream:
        expected = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    rows = [
        (name, level1, level2, indicator.at("name").text(), indicator.at("target").text() or "")
        for name in DECLARATIONS
        for level1, level2, indicator in iter_indicators(read_declaration(name))
    ]
    fields = ("declaration", "level1", "level2", "name", "target")
    assert len(rows) == 51
    assert sorted(rows) == sorted(tuple(row[field] for field in fields) for row in expected)
    for name in DECLARATIONS:
        in_order = [tuple(row[field] for field in fields) for row in expected if row["declaration"] == name]
        assert [row for row in rows if row[0] == name] == in_order


def test_the_cells_as_filed_are_the_cells_of_the_form() -> None:
    lines = (CONTENT / "forms" / "declarations-2021.txt").read_text("utf-8").split("\n")
    damaged = 0
    for name in DECLARATIONS:
        for _, _, indicator in iter_indicators(read_declaration(name)):
            cells = read_filed_cells(indicator.at("as_filed"))
            damaged += bool(cells)
            for number, row in cells:
                assert list(row) == lines[number - 1].split("\t")
    assert damaged == 19


@in_each_language
@of_each_declaration
def test_every_indicator_is_published_with_its_classes_target_marks_note_and_cells(
    site: Path, name: str, language: str
) -> None:
    assert read_indicator_rows(read_declaration_page(site, language, name)) == expected_rows(name, language)


@in_each_language
def test_all_51_indicators_9_sums_3_goals_and_19_damaged_rows_are_published(
    site: Path, language: str
) -> None:
    blank = BLANKS[language]
    pages = [read_declaration_page(site, language, name) for name in DECLARATIONS]
    rows = [row for page in pages for row in read_indicator_rows(page)]
    assert len(rows) == 51
    assert sum(value != blank for page in pages for _, value in read_sums(page)) == 9
    assert sum(goal != blank for page in pages for goal in read_goals(page).values()) == 3
    assert sum(bool(row.marks) for row in rows) == 19
    assert sum(bool(row.cells) for row in rows) == 19
    assert sum(bool(row.note) for row in rows) == 19


@in_each_language
@of_each_declaration
def test_every_sum_is_published_to_the_last_digit(site: Path, name: str, language: str) -> None:
    words = translations(language)
    funding = read_declaration(name).at("funding")
    filed = [
        (translate(label, words), funding.at(*keys).text() or BLANKS[language])
        for label, *keys in CELLS_OF_MONEY
    ]
    sums = read_sums(read_declaration_page(site, language, name))
    assert sums == filed
    assert [value for _, value in sums if value != BLANKS[language]] == [TOTALS[name]] * 3


@in_each_language
@of_each_declaration
def test_a_blank_is_shown_as_not_filed_and_never_as_zero(site: Path, name: str, language: str) -> None:
    page = read_declaration_page(site, language, name)
    values = [value for _, value in read_sums(page)]
    assert values.count(BLANKS[language]) == 4
    assert not any(re.fullmatch(r"0+(\.0+)?|-|—|", value) for value in values)
    assert read_goals(page)[translate("项目总目标", translations(language))] == BLANKS[language]
    targets = [row.target for row in read_indicator_rows(page)]
    assert targets.count(BLANKS[language]) == (1 if name == "vocational-training-capacity" else 0)
    assert "" not in targets


@in_each_language
def test_a_target_of_zero_is_shown_as_filed(site: Path, language: str) -> None:
    rows = read_indicator_rows(read_declaration_page(site, language, "vocational-training-capacity"))
    assert [row.target for row in rows if row.id == "project-development-safety-accidents"] == ["=0"]


@in_each_language
@of_each_declaration
def test_goals_and_remarks_are_published_word_for_word(site: Path, name: str, language: str) -> None:
    words = translations(language)
    declaration = read_declaration(name)
    page = read_declaration_page(site, language, name)
    assert read_goals(page) == {
        translate("项目总目标", words): BLANKS[language],
        translate("年度总目标", words): translate(declaration.at("goals", "annual").required_text(), words),
    }
    assert read_remarks(page) == [
        (
            tuple(translate(mark, words) for mark in list_marks(remark)),
            translate(remark.at("note").required_text(), words),
            read_filed_cells(remark.at("as_filed")),
        )
        for remark in declaration.at("remarks").parts()
    ]


@in_each_language
@of_each_declaration
def test_the_facts_of_a_declaration_are_those_of_the_form(site: Path, name: str, language: str) -> None:
    words = translations(language)
    declaration = read_declaration(name)
    organisations = read_yaml(CONTENT / "organisations.yml")
    page = read_declaration_page(site, language, name)
    expected = {
        "项目名称": declaration.at("name").required_text(),
        "项目性质": declaration.at("nature").required_text(),
        "主管部门": organisations.at(declaration.at("department").required_text(), "name").required_text(),
        "实施单位": organisations.at(declaration.at("unit").required_text(), "name").required_text(),
        "计划开始日期": declaration.at("period", "start").required_text(),
        "计划完成日期": declaration.at("period", "end").required_text(),
    }
    facts = read_facts(page)
    for label, value in expected.items():
        assert facts[translate(label, words)] == translate(value, words)
    assert read_text(find_only_element(page, "//h1")) == translate(expected["项目名称"], words)


@in_each_language
@of_each_declaration
def test_a_page_begins_with_its_money_and_its_counts(site: Path, name: str, language: str) -> None:
    rows = expected_rows(name, "zh")
    marked = sum(bool(row.marks) for row in rows) + len(list(read_declaration(name).at("remarks").parts()))
    headline = read_texts(read_declaration_page(site, language, name), "//dl[@class='headline']//dd")
    assert [find_numbers(figure) for figure in headline] == [
        (TOTALS[name],),
        (str(len(rows)),),
        (str(NUMERIC_TARGETS[name]),),
        (str(marked),),
    ]


@in_each_language
@of_each_declaration
def test_a_declaration_names_its_source_by_file_lines_and_checksum(
    site: Path, name: str, language: str
) -> None:
    words = translations(language)
    source = read_declaration(name).at("source")
    form = CONTENT / source.at("form").required_text()
    page = read_declaration_page(site, language, name)
    facts = read_facts(page)
    lines = tuple(line.required_text() for line in source.at("lines").parts())
    assert find_numbers(facts[translate("申报表文本", words)].removeprefix(form.name)) == lines
    checksum = hashlib.sha256(form.read_bytes()).hexdigest()
    assert facts[translate("校验值", words)].split() == ["SHA-256", checksum]
    link = find_only_element(page, f"//td/a[contains(@href, '{form.name}')]").get("href") or ""
    published = (site / PREFIXES[language] / DEPARTMENT_YEAR / name / link).resolve()
    assert published.read_bytes() == form.read_bytes()


@in_each_language
@pytest.mark.parametrize("address", ["", "2021/", f"{DEPARTMENT_YEAR}/", "organisations/shanghai-hrss/"])
def test_lists_give_each_project_its_name_money_counts_and_the_right_total(
    site: Path, address: str, language: str
) -> None:
    words = translations(language)
    page = read_page(site / PREFIXES[language] / address / "index.html")
    expected = {}
    for name in DECLARATIONS:
        rows = expected_rows(name, "zh")
        remarks = list(read_declaration(name).at("remarks").parts())
        marked = sum(bool(row.marks) for row in rows) + len(remarks)
        counts = (str(len(rows)), str(NUMERIC_TARGETS[name]), str(marked))
        expected[translate(read_declaration(name).at("name").required_text(), words)] = (
            TOTALS[name],
            *counts,
        )
    shown = {
        read_text(find_only_element(line, "th")): tuple(
            find_numbers(cell)[0] for cell in read_texts(line, "td[contains(@class, 'number')]")
        )
        for line in find_elements(page, "//h2[@id='declarations']/following::table[1]/tbody/tr")
    }
    assert shown == expected
    headline = read_texts(page, "//dl[@class='headline']//dd")
    assert [find_numbers(figure) for figure in headline] == [("3",), ("221,535,000",), ("51",), ("17",)]


@of_each_declaration
def test_nothing_in_the_three_declarations_lacks_a_translation(name: str) -> None:
    words = translations("en")
    untranslated = [
        text for text in filed_texts(name) if re.search(r"[\u3400-\u9fff]", text) and text not in words
    ]
    assert untranslated == []


@of_each_declaration
def test_on_an_english_page_only_the_source_cells_stand_in_chinese(site: Path, name: str) -> None:
    page = read_declaration_page(site, "en", name)
    cells = find_elements(page, "//article//ul[@class='cells']/li[not(@class='empty')]")
    assert cells
    assert [
        cell for cell in cells if cell.xpath("string(ancestor-or-self::*[@lang][1]/@lang)") != "zh-CN"
    ] == []
    # The glossary gives the Chinese term behind each English one.
    assert find_elements(page, f"//article//*[@lang]{ELSEWHERE}") == []


def test_a_text_without_a_translation_stays_chinese_and_is_marked_as_chinese(project: Path) -> None:
    translation = project / "content" / "translations" / "en" / "declarations-2021.po"
    text = translation.read_text("utf-8")
    for source in ("展品征集完成率", "一次性通过竣工验收"):
        text, replaced = re.subn(rf'(msgid "{source}"\nmsgstr )".*"', r'\1""', text)
        assert replaced == 1
    translation.write_text(text, "utf-8")
    result = jixiao("build", "--project", str(project))
    assert result.returncode == 0, result.stdout + result.stderr
    page = read_declaration_page(project / "build" / "site", "en", "worldskills-46-preparation")
    in_chinese = find_elements(page, f"//article//*[@lang='zh-CN']{ELSEWHERE}")
    assert [read_text(place) for place in in_chinese] == ["展品征集完成率", "一次性通过竣工验收"]
    row = find_only_element(page, "//tr[@id='i-exhibit-collection-completion']")
    assert read_texts(row, "td[@class='target']") == ("=100%",)


@of_each_declaration
def test_the_markdown_pages_hold_the_same_rows_as_the_site(built: Path, name: str) -> None:
    folder = built / "build" / "pages" / "zh" / DEPARTMENT_YEAR / name
    markdown = (folder / "index.md").read_text("utf-8")
    table = re.search(r"<table class=\"indicators.*?</table>", markdown, re.DOTALL)
    assert table
    assert read_indicator_rows(html.document_fromstring(table[0])) == expected_rows(name, "zh")
    assert markdown.count(f">{TOTALS[name]}<") == 4
