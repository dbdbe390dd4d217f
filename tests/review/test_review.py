"""What a review tells of a change, whole: figures, registers, hostile texts, five hundred files.

The expected comments and records stand in `examples/review/`; `make golden` writes them anew.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from jixiao.history.diff_messages import find_differences
from jixiao.review.review_markdown import render_code
from tests.conftest import jixiao
from tests.support.git_project import GitProject, start_git_project
from tests.support.sample_projects import CLINIC_PATH, EXAMPLES, assert_matches_golden
from tests.support.text_strategies import ANYTHING

EXPECTED = EXAMPLES / "review"
ADDRESSES = "content/addresses.yml"
ORGANISATIONS = "content/organisations.yml"
WORDS = "content/translations/en/content.po"
HOSTILE = "@octocat [x](javascript:y) ![z](//a) `b` **c** #1 | ~~d~~ $e$ ::error:: ##[error]"
COMMENT_LIMIT = 65_536
"""Characters of a comment on GitHub."""
_COMMITS = re.compile(r"\b[0-9a-f]{10}(?:[0-9a-f]{30})?\b")


def review(begun: GitProject, *arguments: str, language: str = "en") -> tuple[int, str]:
    """Review the changes; return the exit code and the comment."""
    result = jixiao("review", "main", *arguments, language=language, cwd=begun.project)
    assert result.stderr == ""
    return result.returncode, result.stdout


def _figures(begun: GitProject) -> None:
    begun.replace(
        CLINIC_PATH,
        ("total: 1,234,567.80", "total: 12,345,678.00"),
        ("fiscal: 1234567.80", "fiscal: 12,345,678.00"),
        ("    other: 0\n", ""),
        ("    total: 1234567.80", "    total: 1,234,567.80\n    carryover: 0"),
        ("费用 5*3*2 元", "费用 5*3*4 元"),
        ("annual: 完成巡诊。", "annual: 完成 巡诊。"),
        ('target: ">=120次"', 'target: ">=12次"'),
        ("name: 医疗事故", "name: 医疗责任事故"),
        ("id: satisfaction\n", "id: satisfied\n"),
        ("nature: 一次性项目", "nature: 经常性项目"),
        ("shifted-left]", "split-by-page-break]"),
        ("class: unconfirmed", "class: confirmed"),
        ("    时效指标:\n      - id: reporting", "    质量指标:\n      - id: reporting"),
        ("end: 2021-11-30", "end: 2021-12-31"),
    )
    begun.commit("巡诊目标", "", "变更类型：调整", "Change-Reason: letter 12 of the finance bureau")


def _registers(begun: GitProject) -> None:
    other = "content/declarations/2021/health/ambulance.yml"
    begun.git("switch", "--quiet", "main")
    text = (begun.project / CLINIC_PATH).read_text("utf-8").replace("乡村诊所巡诊", "急救车")
    begun.write(other, text)
    begun.replace(ADDRESSES, ("  - 2021", "  - 2021/health/ambulance\n  - 2021"))
    begun.commit("another declaration")
    begun.git("switch", "--quiet", "--force-create", "change")
    (begun.project / other).unlink()
    (begun.project / CLINIC_PATH).rename(begun.project / "content/declarations/2021/health/rounds.yml")
    begun.write("content/declarations/2021/health/school.yml", text.replace("急救车", "校医室"))
    begun.write(
        ADDRESSES,
        "published:\n  - 2021/health/ambulance\n  - 2021/health/clinic\n  - 2021/health/rounds\n"
        "  - 2021/health/school\nrenamed:\n  2021/health/clinic: 2021/health/rounds\n"
        "withdrawn:\n  2021/health/ambulance: 项目取消。\n",
    )
    begun.replace(ORGANISATIONS, ("[卫生局]", "[卫生局, 卫健委]"))
    begun.write(
        "content/translations/en/more.po", 'msgid ""\nmsgstr ""\n\nmsgid "医疗事故"\nmsgstr "Accidents"\n'
    )
    begun.replace("site_config.yml", ("zh: 示例县财政局", "zh: 示例县财政和国资局"))
    begun.replace("content/pages/zh/about.md", ('"关于"', '"关于本站"'))
    begun.write("mkdocs.yml", "site_name: x\n")
    begun.write("content/forms/example.txt", "示例县卫生局\t2021年度\n巡诊\t举办3个月\n")
    begun.commit("registers", "", "变更类型：更新")


def _hostile(begun: GitProject) -> None:
    quoted = json.dumps(f"{HOSTILE} 13912345678", ensure_ascii=False)
    begun.replace(
        CLINIC_PATH,
        ("name: 乡村诊所巡诊 & “送医下乡”", f"name: {quoted}"),
        ("note: 原文", "note: '`#1` 原文"),
    )
    begun.replace(CLINIC_PATH, ("归类待核。\n", "归类待核。'\n"), ("name: 巡诊次数", f"name: {quoted}"))
    begun.replace(ORGANISATIONS, ("name: 示例县卫生局", f"name: {quoted}"))
    begun.commit(HOSTILE, "", f"变更类型：{HOSTILE}", f"变更理由：\x1b[31m\u202e{HOSTILE}")


CASES = {"figures": _figures, "registers": _registers, "hostile": _hostile}


@pytest.mark.parametrize("case", CASES)
def test_a_review_tells_in_words_what_the_public_will_see(
    case: str, tmp_path: Path, *, rewrites_golden: bool
) -> None:
    begun = start_git_project(tmp_path / "project")
    CASES[case](begun)
    code, chinese = review(begun, language="zh")
    told = [chinese, review(begun)[1], review(begun, "--format", "json")[1]]

    for ending, text in zip(("zh.md", "en.md", "json"), told, strict=True):
        assert_matches_golden(
            EXPECTED / f"{case}.{ending}", _COMMITS.sub("<commit>", text), rewrites=rewrites_golden
        )
    assert code == (1 if '"severity": "error"' in told[2] else 0)


def _inline(text: str) -> list[Token]:
    return [
        child
        for token in MarkdownIt("gfm-like", {"linkify": False}).parse(text)
        for child in token.children or ()
    ]


def test_hostile_texts_stand_in_code_and_are_no_markup_in_a_comment(tmp_path: Path) -> None:
    begun = start_git_project(tmp_path / "project")
    _hostile(begun)
    for language in ("zh", "en"):
        said = review(begun, language=language)[1]
        tokens = _inline(said)

        assert {token.type for token in tokens} <= {"text", "code_inline", "softbreak"}
        assert "octocat" in "".join(token.content for token in tokens if token.type == "code_inline")
        assert not re.search(r"[@$]|octocat|\[x\]|::", "".join(t.content for t in tokens if t.type == "text"))
        assert said.isprintable() or set(said) - set("\n") == {one for one in said if one.isprintable()}
        assert "13912345678" not in said


@given(ANYTHING)
@example("`")
@example(" a ")
@example("`` ` ```")
@example("a\n\n# b")
@example("<!-- -->")
@example("\\")
@example("")
def test_any_text_is_one_span_of_code_whatever_stands_around_it(typed: str) -> None:
    tokens = _inline(f"- {render_code(typed)}*: {render_code(typed)}")

    assert [token.type for token in tokens] == ["code_inline", "text", "code_inline"]
    assert tokens[0].content == tokens[2].content
    if typed.isprintable() and typed.strip() and len(typed) < 100 and not re.search("[0-9#]", typed):
        assert tokens[0].content == typed


def _declarations(begun: GitProject, count: int, rewrite: Callable[[str], str]) -> None:
    text = rewrite((begun.project / CLINIC_PATH).read_text("utf-8"))
    for number in range(count):
        begun.write(f"content/declarations/2021/health/project-{number}.yml", text)


def test_five_hundred_changed_files_fit_into_a_comment_and_all_others_are_counted(
    tmp_path: Path,
) -> None:
    begun = start_git_project(tmp_path / "project")
    _declarations(begun, 500, lambda text: text)
    begun.commit("many")
    begun.git("branch", "--force", "main")
    _declarations(begun, 500, lambda text: text.replace(">=120次", ">=100次"))
    _, said = review(begun)
    record = json.loads(review(begun, "--format", "json")[1])

    sections = re.split(r"^## ", said, flags=re.MULTILINE)
    told = {section.partition("\n")[0]: section for section in sections}
    left_out = {
        title: int(found[1])
        for title, text in told.items()
        if (found := re.search(r"room here for (\d+) more", text))
    }
    assert len(said) < COMMENT_LIMIT
    assert "- Declarations, changed: 500\n" in said
    assert told["Declarations"].count("\n### ") + left_out["Declarations"] == 500
    assert told["Please check"].count("- [ ]") + left_out["Please check"] == len(record["questions"])
    assert told["What the check finds"].count("  hint: ") + left_out["What the check finds"] == len(
        record["problems"]
    )
    assert len(record["declarations"]) == 500


def test_a_page_pasted_into_a_goal_is_told_in_an_instant() -> None:
    old = "甲乙丙丁" * 20_000
    (told,) = find_differences(f"{old}一{old}", f"{old}二{old}")

    assert told == (
        "…" + "甲乙丙丁" * 3 + "一" + "甲乙丙丁" * 3 + "…",
        "…" + "甲乙丙丁" * 3 + "二" + "甲乙丙丁" * 3 + "…",
    )


def test_problems_that_were_there_before_are_told_from_new_ones(tmp_path: Path) -> None:
    begun = start_git_project(tmp_path / "project")
    begun.replace(CLINIC_PATH, ("total: 1,234,567.80", "total: 1,234,567.81"))
    begun.commit("wrong sum")
    begun.git("branch", "--force", "main")
    begun.replace(CLINIC_PATH, ("edition:", "# moved down a line\nedition:"), (">=120次", "=>120次"))
    code, said = review(begun)

    assert code == 1
    assert "- Errors: 1, of which new: 1\n" in said

    begun.replace(CLINIC_PATH, ("=>120次", ">=120次"))
    assert "- Errors: 1, of which new: 0\n" in review(begun)[1]


def test_a_file_renamed_without_a_word_in_the_register_is_recognised(tmp_path: Path) -> None:
    begun = start_git_project(tmp_path / "project")
    (begun.project / CLINIC_PATH).rename(begun.project / "content/declarations/2021/health/rounds.yml")
    code, said = review(begun)

    assert code == 1
    assert "### Declaration under another address: `乡村诊所巡诊 & “送医下乡”` (`2021/health/rounds`)" in said
    assert "This looks like `2021/health/clinic` under another name" in said


def test_a_file_that_is_gone_without_a_word_in_the_register_is_lost(tmp_path: Path) -> None:
    begun = start_git_project(tmp_path / "project")
    (begun.project / CLINIC_PATH).unlink()

    assert "was it deleted by mistake?" in review(begun)[1]


@pytest.mark.parametrize(
    ("old", "new", "asked"),
    [
        (">=120次", ">=100次", ["target-loosened"]),
        (">=120次", ">=130次", []),
        ("<=3天", "<=5天", ["target-loosened"]),
        ("<=3天", "<=2天", []),
        (">3天", ">=3天", ["target-loosened"]),
        (">=3天", ">3天", []),
        ("=5次", "=3次", []),
        ("5次", "3次", []),
        (">=5次", "<=5次", ["target-not-comparable"]),
        (">=5次", ">=5人次", ["target-not-comparable"]),
        (">=5次", "多次", ["target-not-comparable"]),
        ("多次", ">=5次", []),
        (">=5次", ">=50次", ["slip-of-unit"]),
        ("按时", "按 时", ["only-blanks"]),
    ],
)
def test_a_question_follows_from_two_targets_and_judges_neither(
    old: str, new: str, asked: list[str], tmp_path: Path
) -> None:
    begun = start_git_project(tmp_path / "project")
    begun.replace(CLINIC_PATH, (">=120次", old))
    begun.commit("as it was")
    begun.git("branch", "--force", "main")
    begun.replace(CLINIC_PATH, (f'"{old}"', f'"{new}"'))
    begun.commit("as it is", "", "Change-Kind: correction")
    record = json.loads(review(begun, "--format", "json")[1])

    found = [question["asked"] for question in record["questions"]]
    assert [one for one in found if one != "translation-missing"] == asked


@pytest.mark.parametrize(
    ("trailer", "kinds", "unknown"),
    [
        ("变更类型：更正", ["correction"], []),
        ("变更类型: 补充", ["supplement"], []),
        ("Change-Kind: Adjustment", ["adjustment"], []),
        ("Change-Kind: repair", [], ["repair"]),
        ("更正了金额", [], []),
        ("Signed-off-by: a", [], []),
    ],
)
def test_what_kind_of_change_it_is_only_the_commit_can_say(
    trailer: str, kinds: list[str], unknown: list[str], tmp_path: Path
) -> None:
    begun = start_git_project(tmp_path / "project")
    begun.replace(CLINIC_PATH, (">=120次", ">=130次"))
    begun.commit("变更类型：更正", "", trailer)
    record = json.loads(review(begun, "--format", "json")[1])

    (told,) = record["declarations"]
    assert (told["kinds"], told["unknown_kinds"]) == (kinds, unknown)
    assert ("kind-missing" in [question["asked"] for question in record["questions"]]) is (not kinds)
