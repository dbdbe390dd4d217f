"""Personal data outside of the texts of a declaration: registers, pages, translations, forms, reports."""

from pathlib import Path

import pytest

from jixiao.analysis.site_content import SiteContent
from jixiao.check.shared_files import check_shared_files
from jixiao.i18n import load_interface_catalogue
from jixiao.load.source_files import SourceText
from jixiao.problems import ProblemFormat, format_problems
from tests.support.sample_projects import (
    CLINIC_PATH,
    check_project,
    copy_small_project,
    format_problem_report,
)

IDENTITY = "110101190001010006"


def _list_personal_data_findings(project: Path) -> list[tuple[str, str, int, int]]:
    """Check *project*; list findings of personal data as (rule, file, line, column)."""
    return [
        (problem.rule, problem.place.file, problem.place.line, problem.place.column)
        for problem in check_project(project)
        if problem.rule in {"identity-number-in-text", "personal-data-in-text"}
    ]


@pytest.mark.parametrize(
    "file",
    [
        "content/organisations.yml",
        "content/addresses.yml",
        "content/pages/zh/about.md",
        "content/translations/en/content.po",
        "content/forms/other.txt",
    ],
)
def test_personal_data_is_found_wherever_it_would_be_published(file: str, tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    path = project / file
    before = path.read_text("utf-8").rstrip("\n") if path.exists() else ""
    opening, closing = {".po": ('msgid "新"\nmsgstr "', '"'), ".yml": ("# ", "")}.get(path.suffix, ("", ""))
    line = before.count("\n") + 2 + opening.count("\n")
    path.write_text(f"{before}\n{opening}{IDENTITY}，13800138000{closing}\n", encoding="utf-8")

    place = (file, line, len(opening.rpartition("\n")[2]) + 1)
    assert _list_personal_data_findings(project) == [
        ("identity-number-in-text", *place),
        ("personal-data-in-text", file, line, place[2] + 19),
    ]


def test_an_identity_number_in_the_settings_is_refused(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    settings = project / "site_config.yml"
    text = settings.read_text("utf-8")
    settings.write_text(f"{text}contact: mailto:a{IDENTITY}@example.org\n", encoding="utf-8")
    line = text.count("\n") + 1

    assert _list_personal_data_findings(project) == [("identity-number-in-text", "site_config.yml", line, 18)]


@pytest.mark.parametrize(
    "typed",
    [
        f"{IDENTITY[:6]}**{IDENTITY[6:14]}**{IDENTITY[14:]}",
        f"&#{ord(IDENTITY[0])};{IDENTITY[1:]}",
        f"[{IDENTITY[:6]}](https://example.org/){IDENTITY[6:]}",
        f"| {IDENTITY[:6]} | {IDENTITY[6:]} |",
        f"{IDENTITY[:6]}`{IDENTITY[6:]}`",
    ],
)
def test_an_identity_number_that_marks_part_in_a_page_is_refused(typed: str, tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    page = project / "content/pages/zh/about.md"
    text = page.read_text("utf-8").rstrip("\n")
    page.write_text(f"{text}\n\n甲 {typed} 乙\n", encoding="utf-8")

    found = [one for one in _list_personal_data_findings(project) if one[0] == "identity-number-in-text"]
    assert found == [("identity-number-in-text", "content/pages/zh/about.md", text.count("\n") + 3, 1)]


@pytest.mark.parametrize(
    ("file", "text", "line", "column"),
    [
        ("content.po", 'msgid "甲"\nmsgstr ""\n"see 110101190001\\n"\n"010006."\n', 3, 6),
        ("content.po", 'msgid "甲"\nmsgstr "see 110101190001"\n"010006."\n', 2, 13),
        ("about.md", "说明\n证件110101190001\n010006。\n", 2, 3),
        ("organisations.yml", "a: {name: 110101\n  190001010006}\n", 1, 11),
    ],
)
def test_a_number_that_goes_on_in_the_next_line_is_found(
    file: str, text: str, line: int, column: int
) -> None:
    found = check_shared_files(SiteContent(shared_files=(SourceText(file, text),)))

    assert [(one.rule, one.place.line, one.place.column) for one in found] == [
        ("identity-number-in-text", line, column)
    ]


PO = """# 13800138000
#: a.yml:13800138000
msgid ""
msgstr ""
"Project-Id-Version: 13800138001\\n"
"Last-Translator: a@b.cn 13800138000\\n"
"Language-Team: a@b.cn 13800138000\\n"
"Report-Msgid-Bugs-To: a@b.cn 13800138000\\n"
"X-Last-Translator: 13800138002\\n"
"Language-Teams: 13800138002\\n"

msgid "甲 # 13800138003"
msgstr "13800138004"
"""


@pytest.mark.parametrize(
    ("file", "lines"),
    [("en/content.po", [5, 9, 10, 12, 13]), ("about.md", [1, 2, 5, 6, 6, 7, 7, 8, 8, 9, 10, 12, 13])],
)
def test_who_translated_is_not_published_and_not_reported(file: str, lines: list[int]) -> None:
    found = check_shared_files(SiteContent(shared_files=(SourceText(file, PO),)))

    assert [problem.place.line for problem in found] == lines


def test_a_form_is_searched_in_the_lines_of_its_declaration_which_may_waive_what_is_public(
    tmp_path: Path,
) -> None:
    project = copy_small_project(tmp_path / "project")
    form = project / "content/forms/example.txt"
    lines = form.read_text("utf-8").splitlines()
    form.write_text("\n".join([lines[0], f"{lines[1]} 13800138000", *lines[2:]]), encoding="utf-8")

    found = [one for one in check_project(project) if one.rule == "personal-data-in-text"]
    assert [
        line for line in format_problem_report(tuple(found)).split("\n") if "[personal-data-in-text]" in line
    ] == [
        (
            f"{CLINIC_PATH}:53:9: warning: "
            "the form as received seems to hold a mobile number: line 2: 138•••00 "
            "[personal-data-in-text]"
        ),
        f"{CLINIC_PATH}:53:9: 提醒: 申报表原件好像有手机号码：第 2 行：138•••00 [personal-data-in-text]",
    ]

    with (project / CLINIC_PATH).open("a", encoding="utf-8") as declaration:
        declaration.write(
            "waivers:\n- {rule: personal-data-in-text, field: source.form, reason: 对外公布的热线}\n"
        )
    assert _list_personal_data_findings(project) == []


def test_an_identity_number_in_a_form_is_told_with_its_line(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    form = project / "content/forms/example.txt"
    form.write_text(f"{form.read_text('utf-8').rstrip()}\n{IDENTITY}\n", encoding="utf-8")

    found = [one for one in check_project(project) if one.rule == "identity-number-in-text"]
    assert [
        line
        for line in format_problem_report(tuple(found)).split("\n")
        if "[identity-number-in-text]" in line
    ] == [
        (
            f"{CLINIC_PATH}:53:9: error: the form as received holds an identity number: line 3: 110•••06 "
            "[identity-number-in-text]"
        ),
        f"{CLINIC_PATH}:53:9: 错误: 申报表原件有身份证号码：第 3 行：110•••06 [identity-number-in-text]",
    ]


def test_a_number_that_a_page_links_is_public_and_one_that_it_does_not_is_reported(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    page = project / "content/pages/zh/about.md"
    page.write_text(
        f"{page.read_text('utf-8')}\n[13800138000](tel:+8613800138000)、[来信](mailto:a@example.com)\n",
        encoding="utf-8",
    )

    assert check_project(project) == ()


@pytest.mark.parametrize("form", ProblemFormat)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_report_repeats_an_identity_number_whichever_rule_quotes_it(
    form: ProblemFormat, language: str, tmp_path: Path
) -> None:
    project = copy_small_project(tmp_path / "project")
    file = project / CLINIC_PATH
    file.write_text(
        f'{file.read_text("utf-8").replace("year: 2021", f"year: {IDENTITY}")}{IDENTITY}: "x"\n',
        encoding="utf-8",
    )
    printed = "\n".join(format_problems(check_project(project), form, load_interface_catalogue(language)))

    assert "110•••06" in printed
    assert IDENTITY not in printed


NOT_PUBLIC = [
    "13800138000",
    "热线（tel:13800138000）",
    "[电话 tel:13800138000]",
    "[电话](tel 13800138000)",
    "[电话](https://example.org/13800138000)",
    "[电话](tel:+86 13800138000)",
    "电话](tel:13800138000)",
    "[电话](tel:1)13800138000",
    "[电话](<tel:1>、13800138000)",
    "[电话](tel:1 13800138000",
    "[电话](tel、13800138000)",
    "[电话](tel:1)、13800138000)",
    "[电话](tel:1>、13800138000)",
    "[电话](tel:13800138000",
]
PUBLIC = [
    "[13800138000](tel:13800138000)",
    "[电话]( tel:13800138000 )",
    "[电话](<tel:13800138000>)",
    "[来信](mailto:a@example.com)",
]


@pytest.mark.parametrize("line", [*NOT_PUBLIC, *PUBLIC])
def test_a_page_makes_public_only_what_is_a_link_of_its_own(line: str) -> None:
    found = check_shared_files(
        SiteContent(shared_files=(SourceText("about.md", f"{line} 和 13800138001\n"),))
    )

    here = [line.index("13800138000") + 1] if line in NOT_PUBLIC else []
    assert [problem.place.column for problem in found] == [*here, len(line) + 4]


EVERYWHERE = """\
about.md:1:1: error: the text holds an identity-card number: 110•••06 [identity-number-in-text]
    hint: Remove it, or put • in place of its middle digits; it cannot be published and cannot be waived. If it is in the form file too, ask the unit for a form without it
about.md:1:20: warning: the text seems to hold a mobile number: 138•••00 [personal-data-in-text]
    hint: If it belongs to a person, delete it or cover it with •; on a page, what may be public is written as a link, for example [12345](tel:12345)
about.md:1:1: 错误: 文字里有身份证号码：110•••06 [identity-number-in-text]
    建议: 请删去，或用 • 遮住中间各位；不能公布，也不能豁免。申报表原件里也有的，请单位遮住后重交
about.md:1:20: 提醒: 文字里好像有手机号码：138•••00 [personal-data-in-text]
    建议: 属于个人的，请删去或用 • 遮住；页面上可以公开的，请写成链接，例如 [12345](tel:12345)
"""  # noqa: E501


def test_what_is_found_outside_of_declarations_is_told_with_what_to_do() -> None:
    found = check_shared_files(
        SiteContent(shared_files=(SourceText("about.md", f"{IDENTITY}、13800138000\n"),))
    )

    assert format_problem_report(tuple(found)) == EVERYWHERE


def test_only_a_translation_may_repeat_what_a_declaration_answers_for(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    file = project / CLINIC_PATH
    text = file.read_text("utf-8").replace("annual: 完成巡诊。", "annual: 完成巡诊，热线13800138000。")
    waiver = "waivers:\n- {rule: personal-data-in-text, field: goals.annual, reason: 对外公布的热线}\n"
    file.write_text(text + waiver, "utf-8")
    translations = project / "content/translations/en/content.po"
    translated = translations.read_text("utf-8")
    said = 'msgid "完成巡诊，热线13800138000。"\nmsgstr "Visits made; call 13800138000."\n'
    translations.write_text(f"{translated}\n{said}", "utf-8")
    assert _list_personal_data_findings(project) == []

    translations.write_text(f"{translated}\n{said.replace('call ', f'{IDENTITY}, call ')}", "utf-8")
    line = translated.count("\n") + 3
    assert _list_personal_data_findings(project) == [
        ("identity-number-in-text", "content/translations/en/content.po", line, 22)
    ]

    translations.write_text(translated, "utf-8")
    page = project / "content/pages/zh/about.md"
    page.write_text(f"{page.read_text('utf-8')}\n13800138000\n", "utf-8")
    line = page.read_text("utf-8").count("\n")
    assert _list_personal_data_findings(project) == [
        ("personal-data-in-text", "content/pages/zh/about.md", line, 1)
    ]
