"""Translations are kept up to date, and nothing that a translator wrote is lost."""

import shutil
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jixiao.i18n import TranslationCatalogue
from jixiao.load.po import read_po_catalogue
from jixiao.load.source_files import SourceText
from jixiao.translations.po_file import format_entries, parse_entries
from jixiao.translations.po_update import TranslatableText, update_po_files
from jixiao.verify.po_texts import read_po_texts
from tests.conftest import ROOT, jixiao
from tests.support.sample_projects import (
    CLINIC_PATH,
    check_project,
    copy_small_project,
    format_problem_report,
)
from tests.support.text_strategies import PARAGRAPHS, WORDS, quote

FOLDER = "content/translations/en"
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
KEPT = """# Translators of the county, 2021.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

# Said so by the bureau.
#: somewhere/else.yml
#, no-wrap
msgid ""
"巡诊"
"次数"
msgstr ""
"Rounds "
"of visits"

#. Target.
#, fuzzy
msgid "村民满意度"
msgstr "Satisfaction"

# Nobody says this.
#: content/declarations/2021/health/clinic.yml
msgid "医疗事故数"
msgstr "Medical accidents"

msgid "没有译过"
msgstr ""

#~ msgid "按月报告"
#~ msgstr "Monthly \\"report\\""
"""
REFRESHED = """# Translators of the county, 2021.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

# Said so by the bureau.
#: content/declarations/2021/health/clinic.yml
#, no-wrap
msgid ""
"巡诊"
"次数"
msgstr ""
"Rounds "
"of visits"

#. Target.
#: content/declarations/2021/health/clinic.yml
#, fuzzy
msgid "村民满意度"
msgstr "Satisfaction"

#: content/declarations/2021/health/clinic.yml
msgid "按月报告"
msgstr "Monthly \\"report\\""

# Nobody says this.
#~ msgid "医疗事故数"
#~ msgstr "Medical accidents"
"""
NEW = """msgid ""
msgstr ""
"Project-Id-Version: Jixiao\\n"
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

#: content/declarations/2021/health/clinic.yml
msgid "乡村诊所巡诊 & “送医下乡”"
msgstr ""

#: content/declarations/2021/health/clinic.yml
msgid ""
"每个村每月有一次巡诊；平均候诊 < 30 分钟。\\n"
"费用 5*3*2 元 | 不含药费 `免挂号费` {不含} [住院]。\\n"
"\\n"
"# 第二段以井号开头"
msgstr ""

#: content/declarations/2021/health/clinic.yml
msgid "完成巡诊。"
msgstr ""

#: content/declarations/2021/health/clinic.yml
msgid ">=120次"
msgstr ""

# Nobody says this.
#: content/declarations/2021/health/clinic.yml
#, fuzzy
#| msgid "医疗事故数"
msgid "医疗事故"
msgstr "Medical accidents"

#: content/declarations/2021/health/clinic.yml
msgid "原文没有目标值；归类待核。"
msgstr ""
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project of one declaration with a translation in every state."""
    project = copy_small_project(tmp_path / "project")
    (project / FOLDER / "content.po").write_text(KEPT, encoding="utf-8")
    return project


def _files(project: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted((project / FOLDER).iterdir())}


def test_an_update_adds_what_is_new_drafts_what_changed_and_keeps_what_is_not_used(small: Path) -> None:
    result = jixiao("translate", "update", cwd=small)

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == (
        f"{FOLDER}: wrote content.po, declarations-2021.po, organisations.po; "
        "new texts: 8, of which with a draft: 1; no longer used: 2\n"
    )
    files = _files(small)
    assert files["content.po"] == REFRESHED
    assert files["declarations-2021.po"] == NEW
    assert [entry.source for entry in parse_entries(files["organisations.po"])] == [
        "",
        "示例县卫生局",
        "示例县诊所管理站",
    ]

    again = jixiao("translate", "update", language="zh", cwd=small)
    assert again.stdout == f"{FOLDER}：没有变化\n"
    assert _files(small) == files
    assert [problem.rule for problem in check_project(small)] == []


@pytest.mark.parametrize(
    ("language", "titles", "nowhere"),
    [
        ("zh", ("文件", "段数", "已译", "草稿", "未译", "覆盖", "不再使用"), "（还不在文件里）"),
        (
            "en",
            ("File", "Texts", "Translated", "Drafts", "Missing", "Coverage", "No longer used"),
            "(in no file yet)",
        ),
    ],
)
def test_status_is_a_table_of_what_is_translated(
    language: str, titles: tuple[str, ...], nowhere: str, small: Path
) -> None:
    lines = jixiao("translate", "status", language=language, cwd=small).stdout.splitlines()

    assert [" ".join(line.split()) for line in lines] == [
        " ".join(titles),
        f"{FOLDER}/content.po 2 1 1 0 50% 1",
        f"{FOLDER}/{nowhere} 9 0 0 9 0% 0",
    ]


def test_nothing_is_written_while_a_file_cannot_be_read(small: Path) -> None:
    before = _files(small)
    clinic = small / CLINIC_PATH
    clinic.write_text(clinic.read_text("utf-8").replace('">=120次"', ">=120次"), encoding="utf-8")
    result = jixiao("translate", "update", cwd=small)

    assert result.returncode == 1
    assert f"{CLINIC_PATH}:30:17: error:" in result.stdout
    assert result.stdout.endswith("Nothing was done about translations: correct the errors above first.\n")
    assert _files(small) == before


@pytest.mark.parametrize("broken", ["msgid 甲\n", "\x00", "", None])
def test_a_translation_file_that_cannot_be_read_stops_the_update(broken: str | None, small: Path) -> None:
    file = small / FOLDER / "content.po"
    file.unlink()
    if broken is None:
        file.symlink_to(small / "site_config.yml")
    else:
        file.write_text(broken, encoding="utf-8")
    result = jixiao("translate", "update", cwd=small)

    assert result.returncode == (0 if broken == "" else 1), result.stdout
    assert "Traceback" not in result.stderr
    assert broken == "" or f"{FOLDER}/content.po:1:" in result.stdout


def test_check_names_both_places_of_a_text_that_is_translated_in_two_ways(small: Path) -> None:
    entry = 'msgid "巡诊次数"\nmsgstr "Number of visits"\n'
    (small / FOLDER / "more.po").write_text(f"{HEADER}\n{entry}", encoding="utf-8")

    place = f"{FOLDER}/more.po:5:1"
    assert format_problem_report(check_project(small)) == (
        f"{place}: error: “巡诊次数” is translated in another way in {FOLDER}/content.po, line 9"
        " [translation-differs]\n"
        "    hint: Keep only one; a text needs the same translation on every page\n"
        f"{place}: 错误: “巡诊次数”在 {FOLDER}/content.po 第 9 行另有译文，两处不一样 [translation-differs]\n"
        "    建议: 请只保留一个；同一段文字在各页上要有同样的译文\n"
    )


def test_check_accepts_a_text_that_is_translated_twice_in_the_same_way(small: Path) -> None:
    entry = 'msgid "巡诊次数"\nmsgstr "Rounds of visits"\n'
    (small / FOLDER / "more.po").write_text(f"{HEADER}\n{entry}", encoding="utf-8")

    assert check_project(small) == ()


TEXTS = st.one_of(WORDS, PARAGRAPHS)
ENTRIES = st.dictionaries(TEXTS, TEXTS, max_size=4)


def _po(entries: dict[str, str], obsolete: dict[str, str]) -> str:
    lines = [HEADER]
    lines += [
        f"# note {number}\nmsgid {quote(one)}\nmsgstr {quote(two)}\n"
        for number, (one, two) in enumerate(entries.items())
    ]
    lines += [f"#, fuzzy\n#~ msgid {quote(one)}\n#~ msgstr {quote(two)}\n" for one, two in obsolete.items()]
    return "\n".join(lines)


@given(ENTRIES, ENTRIES, st.lists(TEXTS, max_size=4))
@example({"甲": "a"}, {"甲": "b"}, ["甲"])
@example({}, {"甲": "b"}, ["甲", "甲乙"])
def test_updating_loses_no_word_and_updating_twice_changes_nothing(
    entries: dict[str, str], obsolete: dict[str, str], said: list[str]
) -> None:
    text = _po(entries, obsolete)
    wanted = {one: TranslatableText(file="new.po", places=("a.yml",)) for one in said}
    once = update_po_files({"content.po": text}, wanted, "en").texts
    files = {"content.po": text, **once}

    assert update_po_files(files, wanted, "en").texts == {}
    for name, written in files.items():
        read = read_po_catalogue(SourceText(name, written), "en")
        assert isinstance(read, TranslationCatalogue), format_problem_report(read)
        assert format_entries(parse_entries(written)) == written or name not in once
    everything = [entry for written in files.values() for entry in parse_entries(written)]
    for source, translation in (*entries.items(), *obsolete.items()):
        assert any((entry.source, entry.translation) == (source, translation) for entry in everything)
    for number in range(len(entries)):
        assert any(f"# note {number}" in entry.lines for entry in everything)
    in_use = {entry.source for entry in everything if not entry.is_obsolete and entry.source}
    assert in_use == set(said)


def test_a_draft_before_an_obsolete_entry_makes_no_draft_of_the_next_one(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    text = f'{HEADER}\n#, fuzzy\n#~ msgid "甲"\n#~ msgstr "a"\n\nmsgid "乙"\nmsgstr "b"\n'
    (tmp_path / "en" / "content.po").write_text(text, encoding="utf-8")
    read = read_po_catalogue(SourceText("content.po", text), "en")

    assert isinstance(read, TranslationCatalogue)
    assert read.translations == read_po_texts("en", tmp_path, tmp_path).interface == {"乙": "b"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the program with our content, which a test may change."""
    for name in ("generator", "theme", "content"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("site_config.yml", "mkdocs.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_where_the_program_is_developed_its_own_words_are_listed_too(checkout: Path) -> None:
    file = checkout / "theme/words/en/translate.po"
    text = file.read_text("utf-8")
    entry = '#: generator/jixiao/cli/translate.py\nmsgid "未译"\nmsgstr "Missing"\n\n'
    assert entry in text
    file.write_text(text.replace(entry, "# mine\n" + entry.replace("未译", "别的话")), encoding="utf-8")
    result = jixiao("translate", "update", cwd=checkout)

    assert result.returncode == 0, result.stdout
    assert "new texts: 1, of which with a draft: 0; no longer used: 0" in result.stdout
    written = file.read_text("utf-8")
    assert written.endswith('\n\n#: generator/jixiao/cli/translate.py\nmsgid "未译"\nmsgstr ""\n')
    assert '# mine\n#: generator/jixiao/cli/translate.py\nmsgid "别的话"\n' in written


def test_a_new_rule_costs_its_module_and_lines_in_one_file_of_words(checkout: Path) -> None:
    rules = checkout / "generator/jixiao/check/rules"
    text = (rules / "timeliness_without_date.py").read_text("utf-8")
    (rules / "brand_new.py").write_text(text.replace("时效指标写明", "新规则写明"), encoding="utf-8")
    words = checkout / "theme/words/en"
    before = {path.name: path.read_text("utf-8") for path in words.glob("*.po")}
    result = jixiao("translate", "update", cwd=checkout)

    assert result.returncode == 0, result.stdout
    after = {path.name: path.read_text("utf-8") for path in words.glob("*.po")}
    assert {name for name, text in after.items() if text != before.get(name)} == {"rules.po"}
    added = after["rules.po"].removeprefix(before["rules.po"])
    assert added == (
        '\n#: generator/jixiao/check/rules/brand_new.py\nmsgid "新规则写明日期、期限或频次。"\nmsgstr ""\n'
    )


@pytest.mark.parametrize(
    ("name", "language", "broken"),
    [
        ("en/commands.po", "en", b'msgid "a\n'),
        ("en/commands.po", "en", b'msgid "\xff"\n'),
        ("library/zh.po", "zh", b"garbage\n"),
    ],
)
def test_broken_words_of_the_program_end_with_2_and_name_file_and_line(
    name: str, language: str, broken: bytes, checkout: Path
) -> None:
    file = checkout / "theme/words" / name
    line = file.read_bytes().count(b"\n") + 1
    file.write_bytes(file.read_bytes() + broken)
    result = jixiao("check", language=language, cwd=checkout)

    assert (result.returncode, result.stdout) == (2, "")
    lines = result.stderr.splitlines()
    assert lines[0].startswith(f"{file}:{line}: 程序的译文文件坏了：")
    assert lines[2].startswith(f"{file}:{line}: a file of the program's words is broken: ")
    assert len(lines) == 4
