"""Bad input beside the declarations: settings, registers, translations, pages, and stray files."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jixiao.i18n import load_interface_catalogue
from jixiao.problems import ProblemFormat, Severity, format_problems
from tests.support.sample_projects import (
    CLINIC_PATH,
    add_declaration,
    check_project,
    copy_small_project,
    format_problem_report,
)

ABOUT = "content/pages/zh/about.md"
FRONT = "---\ntitle: 关于\ndescription: 说明\n---\n"
TRANSLATIONS = "content/translations/en/content.po"
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
ENTRY = 'msgid "村民满意度"\nmsgstr "Satisfaction"\n'
NAMES = "name: {zh: 甲, en: A}\n"
NOBODY = 65534
PATIENCE = 120
"""Seconds. Each takes milliseconds; this only tells a hang from a busy machine."""

PAGES = {
    "[a](javascript:alert(1))": "5:5 broken-link",
    "[a](JaVaScRiPt:x)": "5:5 broken-link",
    "[a](java&#115;cript:x)": "5:5 broken-link",
    "[a]( < javascript:x>)": "5:5 broken-link",
    "[a](\njavascript:x)": "5:5 broken-link",
    "[a](//example.org)": "5:5 broken-link",
    "[a](/\\example.org)": "5:5 broken-link",
    "[a](../../x)": "5:5 broken-link",
    "[a](/about/ 'x\" onclick=\"y')": "5:5 broken-link",
    "[a][b]\n\n[b]:\n  javascript:x": "7:1 markup-in-page",
    "* x\n\n    [b]: javascript:x\n\n[a][b]": "7:1 markup-in-page",
    "x[^1]\n\n[^1]: note": "7:1 markup-in-page",
    "![x](https://example.org/x.png)": "5:1 markup-in-page",
    "![x](data:image/svg+xml;base64,AAAA)": "5:1 markup-in-page",
    "## 来源 {#-a}": "5:7 markup-in-page",
    "<javascript:x>": "5:1 markup-in-page",
    "<base href=//x>": "5:1 markup-in-page",
    "<meta http-equiv=refresh content=0>": "5:1 markup-in-page",
    "<iframe src=x>": "5:1 markup-in-page",
    "<svg onload=x>": "5:1 markup-in-page",
    "para\n{: onclick=x }": "6:1 markup-in-page",
    ';--8<-- "mkdocs.yml"': "5:2 markup-in-page",
    "{{ 7*7 }}": "5:1 markup-in-page",
    "[" * 20_000: "5:1 too-many-brackets",
    "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x": "5:1 merge-conflict",
}
TRANSLATED = {
    "hello": "1:1 not-po",
    f'{HEADER}msgid "村民\nmsgstr "y"\n': "5:7 not-po",
    f'{HEADER}msgid "x"\n': "5:1 not-po",
    f'{HEADER}msgid "x"\nmsgstr "a\\x1b"\n': "6:10 not-po",
    f"{HEADER}msgstr_x\n": "5:7 not-po",
    f"{HEADER}{ENTRY}\n{ENTRY}": "8:1 translation-repeated",
    f"{HEADER}<<<<<<< HEAD\n{ENTRY}=======\n>>>>>>> b\n": "5:1 merge-conflict",
}
HARMLESS_HEADERS = [
    "Plural-Forms: nplurals=99999999999; plural=n**n**n;",
    "Content-Type: text/plain; charset=GBK",
    "Content-Type: text/plain; charset=nonsense",
    "POT-Creation-Date: 2021-99-99 99:99+9999",
    "Language: ../../x",
]
SETTINGS = {
    f"{NAMES}address: https://example.org:abc/\n": "2:10 bad-address",
    f"{NAMES}address: https://example.org:99999999/\n": "2:10 bad-address",
    f'{NAMES}address: "https://[::1"\n': "2:10 bad-address",
    f"{NAMES}address: https://example.org/../x/\n": "2:10 bad-address",
    f'{NAMES}contact: "https://[x"\n': "2:10 bad-address",
    f"{NAMES}contact: 021-12345678\n": "2:10 bad-address",
    f"{NAMES}languages: [zh, en, zh]\n": "2:12 language-repeated",
    'name: {zh: "a\\nb", en: A}\n': "1:12 line-break",
    f"name: {{zh: {'甲' * 300}, en: A}}\n": "1:12 text-too-long",
    "name: {zh: 甲</title>, en: A}\n": "1:12 markup-in-text",
    "name：\n  zh：甲\n": "1:5 full-width-colon",
    f"<<<<<<< HEAD\n{NAMES}": "1:1 merge-conflict",
}
ORGANISATIONS = {
    "parent: clinic-office": "8:11 parent-not-department",
    "parent: helth": "8:11 parent-unknown",
    "parent: health\n  aliases: [卫生局]": "9:13 name-shared",
    "kinds: x": "5:1 parent-missing",
}
STRAY = {
    "content/organisation.yml": "not-part-of-content",
    "content/declaration/2021/health/x.yml": "not-part-of-content",
    "content/declarations/2021/health/clinic.yml.bak": "wrong-extension",
    "content/declarations/2021/health/clinic.yml.tmp": "wrong-extension",
    "content/declarations/2021/health/clinic~two.yaml": "wrong-extension",
    "content/declarations/2021~/health/clinic.yml": "no-colon",
    "content/forms/#1.txt": "form-not-registered",
    "content/pages/zh/en.md": "page-name",
    "content/pages/zh/deeper/x.md": "page-misplaced",
    "content/pages/en/extra.md": "page-without-chinese",
    "content/translations/xx/content.po": "unknown-language",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one declaration that the test may break."""
    return copy_small_project(tmp_path / "project")


def _list_findings(project: Path) -> list[str]:
    begun = time.monotonic()
    problems = check_project(project)
    assert time.monotonic() - begun < PATIENCE
    return [f"{problem.place.line}:{problem.place.column} {problem.rule}" for problem in problems]


@pytest.mark.parametrize(("body", "problem"), PAGES.items(), ids=lambda text: text[:30])
def test_a_page_that_is_more_than_plain_markdown_is_refused(body: str, problem: str, project: Path) -> None:
    (project / ABOUT).write_text(f"{FRONT}{body}\n", encoding="utf-8")

    assert problem in _list_findings(project)


@pytest.mark.parametrize(("text", "problem"), TRANSLATED.items(), ids=lambda text: text[-30:])
def test_a_translation_file_that_cannot_be_read_is_refused_at_its_line(
    text: str, problem: str, project: Path
) -> None:
    (project / TRANSLATIONS).write_text(text, encoding="utf-8")

    assert _list_findings(project)[0] == problem


def test_a_translation_that_changes_a_figure_is_refused(project: Path) -> None:
    (project / TRANSLATIONS).write_text(f'{HEADER}msgid ">=120次"\nmsgstr ">=12 times"\n', encoding="utf-8")

    assert _list_findings(project) == ["30:17 figure-differs-in-translation"]


@pytest.mark.parametrize("line", HARMLESS_HEADERS)
def test_what_the_header_of_a_translation_file_says_is_not_obeyed(line: str, project: Path) -> None:
    (project / TRANSLATIONS).write_text(f'msgid ""\nmsgstr ""\n"{line}\\n"\n\n{ENTRY}', encoding="utf-8")

    assert _list_findings(project) == []


@pytest.mark.parametrize(("text", "problem"), SETTINGS.items(), ids=lambda text: text[-30:])
def test_a_setting_that_no_browser_could_show_is_refused(text: str, problem: str, project: Path) -> None:
    (project / "site_config.yml").write_text(text, encoding="utf-8")

    assert _list_findings(project)[0] == problem


@pytest.mark.parametrize(("line", "problem"), ORGANISATIONS.items())
def test_a_register_of_organisations_that_contradicts_itself_is_refused_at_its_line(
    line: str, problem: str, project: Path
) -> None:
    register = project / "content/organisations.yml"
    text = register.read_text("utf-8").replace("  parent: health", "" if line == "kinds: x" else f"  {line}")
    register.write_text(text, encoding="utf-8")

    assert problem in _list_findings(project)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('edition: "2015"', 'edition: "2016"', "edition-differs-from-file"),
        ("- 质量指标", "- 数量指标", "class-repeated"),
        ("- 经常性项目", '- ""', "empty-value"),
        ("- 经常性项目", '- "<b>"', "markup-in-text"),
    ],
)
def test_a_closed_list_with_a_slip_is_refused(old: str, new: str, rule: str, project: Path) -> None:
    lists = project / "content/taxonomies/2015.yml"
    lists.write_text(lists.read_text("utf-8").replace(old, new), encoding="utf-8")

    assert rule in {problem.rule for problem in check_project(project)}


def test_an_address_is_renamed_or_withdrawn_and_never_both(project: Path) -> None:
    (project / "content/addresses.yml").write_text(
        "published:\n  - 2021/health/clinic\n  - 2020/health/old\n"
        "renamed:\n  2020/health/old: 2021/health/clinic\nwithdrawn:\n  2020/health/old: 重复\n",
        encoding="utf-8",
    )

    assert _list_findings(project) == ["7:20 address-taken"]


BELOW_BRACKETS = {
    "published: []\n  - 2021/health/clinic\n": "1:12 lines-below-brackets",
    "published: [] # 空\n\n# 新的\n- 2021/health/clinic\n": "1:12 lines-below-brackets",
    "published:\n  - 2021/health/clinic\nrenamed: {}\n  2020/health/a: 2021/health/clinic\n": (
        "3:10 lines-below-brackets"
    ),
    "published: [2021/health/clinic]\n  - 2021/health/other\n": "1:12 lines-below-brackets",
    "{ }\npublished:\n  - 2021/health/clinic\n": "1:1 lines-below-brackets",
}


@pytest.mark.parametrize(("text", "problem"), BELOW_BRACKETS.items(), ids=lambda text: text[:30])
def test_lines_below_brackets_are_told_as_what_they_are(text: str, problem: str, project: Path) -> None:
    (project / "content/addresses.yml").write_text(text, encoding="utf-8")

    assert _list_findings(project)[0] == problem


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("content/organisations.yml", "health:\n", "health: {}\n"),
        ("content/taxonomies/2015.yml", "natures:\n", "natures: []\n"),
        ("site_config.yml", "name:\n", "name: {}\n"),
    ],
)
def test_lines_below_brackets_are_told_in_every_register(
    file: str, old: str, new: str, project: Path
) -> None:
    text = (project / file).read_text("utf-8")
    assert old in text
    (project / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    assert "lines-below-brackets" in {problem.rule for problem in check_project(project)}


def test_a_register_in_which_nothing_stands_yet_is_sound(project: Path) -> None:
    (project / CLINIC_PATH).unlink()
    for text in ("published:\nrenamed:\nwithdrawn:\n", "published: []\nrenamed: {}\nwithdrawn: {}\n"):
        (project / "content/addresses.yml").write_text(text, encoding="utf-8")

        assert _list_findings(project) == []


@pytest.mark.parametrize(("path", "rule"), STRAY.items())
def test_what_would_never_be_published_is_not_passed_over_in_silence(
    path: str, rule: str, project: Path
) -> None:
    file = project / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(FRONT if path.endswith(".md") else HEADER, encoding="utf-8")

    assert [problem.rule for problem in check_project(project)] == [rule]


@pytest.mark.parametrize("name", ["content", "content/declarations", "content/forms", "site_config.yml"])
def test_a_link_in_place_of_a_folder_or_file_is_refused(name: str, project: Path) -> None:
    (project / name).rename(project / "elsewhere")
    (project / name).symlink_to(project / "elsewhere")

    assert "symbolic-link" in {problem.rule for problem in check_project(project)}


def test_a_linked_folder_among_the_forms_and_a_folder_in_place_of_the_settings_are_refused(
    project: Path,
) -> None:
    (project / "content/forms/etc").symlink_to("/etc")
    (project / "site_config.yml").unlink()
    (project / "site_config.yml").mkdir()

    assert [problem.rule for problem in check_project(project)] == ["symbolic-link", "not-a-file"]


@pytest.fixture
def project_of_another_user() -> Iterator[Path]:
    """A project that is read by somebody who is not root: root may read everything."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield copy_small_project(Path(folder) / "project")
        if os.getuid() == 0:
            os.seteuid(0)


@pytest.mark.parametrize(
    ("name", "mode"), [(CLINIC_PATH, 0o000), ("content/forms", 0o000), ("content/forms", 0o444)]
)
def test_a_file_or_folder_that_may_not_be_opened_is_reported(
    name: str, mode: int, project_of_another_user: Path
) -> None:
    (project_of_another_user / name).chmod(mode)
    if os.getuid() == 0:
        os.seteuid(NOBODY)
    try:
        rules = {problem.rule for problem in check_project(project_of_another_user)}
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        (project_of_another_user / name).chmod(0o755)

    assert "file-not-readable" in rules


def test_what_lies_in_a_folder_that_may_not_be_opened_is_not_called_lost(
    project_of_another_user: Path,
) -> None:
    project = project_of_another_user
    add_declaration(project, "ward", (project / CLINIC_PATH).read_text("utf-8"))
    later = project / "content/declarations/2022/health/later.yml"
    later.parent.mkdir(parents=True)
    text = (project / CLINIC_PATH).read_text("utf-8").replace("2021", "2022")
    later.write_text(f"{text}continues: 2021/health/clinic\n", encoding="utf-8")
    with (project / "content/addresses.yml").open("a", encoding="utf-8") as register:
        register.write("  - 2022/health/later\nrenamed:\n  2021/health/old: 2021/health/clinic\n")
    closed = (project / "content/declarations/2021", project / "content/forms")
    # Whoever is not root may not be able to load what the program loads when it needs it.
    assert "file-not-readable" not in {problem.rule for problem in check_project(project)}
    for folder in closed:
        folder.chmod(0o000)
    if os.getuid() == 0:
        os.seteuid(NOBODY)
    try:
        problems = check_project(project)
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        for folder in closed:
            folder.chmod(0o755)

    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    assert {(problem.rule, problem.place.file) for problem in errors} == {
        ("file-not-readable", "content/declarations/2021"),
        ("file-not-readable", "content/forms"),
        ("file-not-readable", "content/forms/SHA256SUMS"),
    }


def test_two_names_that_differ_in_case_alone_are_refused(project: Path) -> None:
    for name in ("CLINIC.yml", "Clinic.yml"):
        (project / CLINIC_PATH).with_name(name).write_bytes((project / CLINIC_PATH).read_bytes())

    assert [problem.rule for problem in check_project(project)] == ["address-differs-from-file"] * 2


@pytest.mark.parametrize("form", ProblemFormat)
def test_no_name_key_or_value_speaks_to_the_ci_or_to_the_terminal(form: ProblemFormat, project: Path) -> None:
    hostile = "::error::x%0A\n##[error]\x1b[31m\x9b\u2028\u202e"
    source = (project / CLINIC_PATH).read_text("utf-8") + '"::warning::k\\n##[group]": 1\n'
    for name in (f"{hostile}.yml", os.fsdecode(b"\xff\xfe.docx")):
        (project / CLINIC_PATH).with_name(name).write_text(source, encoding="utf-8")
    problems = check_project(project)
    lines = [
        line
        for text in format_problems(problems, form, load_interface_catalogue("zh"))
        for line in text.split("\n")
    ]

    assert all(character.isprintable() for line in lines for character in line)
    assert not any(line.lstrip().startswith(("##[", "::warning::", "::error::")) for line in lines)
    assert format_problem_report(problems)


def test_a_value_that_somebody_pasted_a_page_into_is_cut_in_the_message(project: Path) -> None:
    text = (project / CLINIC_PATH).read_text("utf-8").replace("total: 1234567.80", f"total: {'长' * 200_000}")
    (project / CLINIC_PATH).write_text(text, encoding="utf-8")

    assert len(format_problem_report(check_project(project))) < 2_000
