"""Advice and its severities as an editor meets them: settings, waivers, copied texts, `jixiao explain`."""

import re
from pathlib import Path

import pytest
import yaml

from jixiao.check.explanations import EXPLANATIONS
from jixiao.check.rules import describe_rules
from tests.conftest import jixiao
from tests.support.sample_projects import (
    CLINIC_PATH,
    add_declaration,
    check_project,
    copy_small_project,
    format_problem_report,
    set_rules,
)

COPIED = "加强组织领导，完善工作机制，提高资金使用效益，确保各项工作任务按时保质完成。"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one declaration that the test may change."""
    return copy_small_project(tmp_path / "project")


def _change(project: Path, **fields: object) -> str:
    """Change fields of the declaration; return the new text."""
    file = project / CLINIC_PATH
    declaration = yaml.load(file.read_text("utf-8"), yaml.BaseLoader) | fields  # noqa: S506
    text = yaml.safe_dump(declaration, allow_unicode=True, sort_keys=False, width=10_000)
    file.write_text(text, encoding="utf-8")
    return text


def _vague(project: Path) -> None:
    """Add an indicator of timeliness that names no time."""
    file = project / CLINIC_PATH
    declaration = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506
    rows = declaration["indicators"]["产出指标"]["时效指标"]
    rows.append({"id": "timely", "name": "巡诊完成及时性", "target": "及时"})
    _change(project, indicators=declaration["indicators"])


@pytest.mark.parametrize(
    ("setting", "severity", "code"),
    [(None, "advice", 0), ("advice", "advice", 0), ("warning", "warning", 0), ("error", "error", 1)],
)
def test_a_site_sets_the_severity_of_a_rule(
    setting: str | None, severity: str, code: int, project: Path
) -> None:
    _vague(project)
    set_rules(project, {"timeliness-without-date": setting} if setting else {})

    result = jixiao("build", "--project", str(project), "--format", "json", language="en")

    assert f'"severity": "{severity}"' in result.stdout
    assert result.returncode == code
    assert (project / "build/site/index.html").exists() is (code == 0)


def test_a_rule_that_is_off_is_silent_and_its_waivers_may_stay(project: Path) -> None:
    _vague(project)
    waiver = {"rule": "timeliness-without-date", "field": "goals.annual", "reason": "理由"}
    _change(project, waivers=[waiver])
    set_rules(project, {"timeliness-without-date": "off"})

    assert check_project(project) == ()


def test_what_is_changed_in_the_settings_is_seen_by_the_next_build(project: Path) -> None:
    _vague(project)
    said = []
    for setting in ("warning", "off", "warning"):
        settings = project / "site_config.yml"
        settings.write_text(settings.read_text("utf-8").partition("rules:\n")[0], encoding="utf-8")
        set_rules(project, {"timeliness-without-date": setting})
        said.append("及时" in jixiao("build", "--project", str(project)).stdout)

    assert said == [True, False, True]


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            "funds-do-not-add-up: off",
            "the rule “funds-do-not-add-up” is an error and can be neither loosened nor turned off",
        ),
        (
            "personal-data-in-text: off",
            "the rule “personal-data-in-text” protects persons and cannot be set to off",
        ),
        (
            "personal-data-in-text: advice",
            "the rule “personal-data-in-text” protects persons and cannot be set to advice",
        ),
        ("broken-link: off", "“broken-link” is a check of files and writing and cannot be set"),
        ("timelines-without-date: off", "there is no rule “timelines-without-date”"),
    ],
)
def test_a_setting_that_would_loosen_what_must_hold_is_refused(
    setting: str, said: str, project: Path
) -> None:
    settings = project / "site_config.yml"
    line = settings.read_text("utf-8").count("\n") + 2
    name, _, severity = setting.partition(": ")
    _change(project, goals={"annual": "联系人电话13800138000。"})
    set_rules(project, {name: severity})

    found = format_problem_report(check_project(project)).splitlines()

    assert f"site_config.yml:{line}:3: error: {said} [rule-setting]" in found
    assert any("[personal-data-in-text]" in one and ": warning: " in one for one in found)


def test_a_severity_that_there_is_not_is_refused(project: Path) -> None:
    set_rules(project, {"text-copied": "loud"})

    assert [(problem.rule, problem.place.column) for problem in check_project(project)] == [
        ("unknown-value", 16)
    ]


def test_the_safeguard_of_persons_may_be_made_stricter(project: Path) -> None:
    _change(project, goals={"annual": "联系人电话13800138000。"})
    set_rules(project, {"personal-data-in-text": "error"})

    result = jixiao("check", "--project", str(project), language="zh")

    assert result.returncode == 1
    assert "错误: 文字里好像有手机号码" in result.stdout


def test_a_text_that_one_file_copies_is_told_of_both_by_the_next_build_until_it_is_waived(
    project: Path,
) -> None:
    original = (project / CLINIC_PATH).read_text("utf-8")
    text = _change(project, name="乡村卫生室修缮", goals={"annual": COPIED})
    add_declaration(project, "other", text)
    (project / CLINIC_PATH).write_text(original, encoding="utf-8")
    assert _list_files_with_copied_text(project) == []

    _change(project, goals={"annual": COPIED.replace("，", "、")})
    assert _list_files_with_copied_text(project) == ["clinic.yml", "other.yml"]

    _change(project, waivers=[{"rule": "text-copied", "field": "goals.annual", "reason": "同一项政策"}])
    assert _list_files_with_copied_text(project) == ["other.yml"]

    _change(project, goals={"annual": "完成巡诊。"})
    assert [problem.rule for problem in check_project(project)] == ["waiver-unused"]


def _list_files_with_copied_text(project: Path) -> list[str]:
    """Build, and list the files reported for a copied text."""
    result = jixiao("build", "--project", str(project), "--format", "github", language="en")
    assert result.returncode == 0, result.stdout
    lines = [line for line in result.stdout.splitlines() if "title=text-copied" in line]
    return sorted(line.partition(",")[0].rpartition("/")[2] for line in lines)


PAGE = """timeliness-without-date [warning]
An indicator of timeliness says by when, within what time or how often.

Why: “Timely” or “as planned” without a date cannot be disproved by a delay of a year. A rate of timeliness \
with a number counts as stated.
Criterion of the review: completeness
Source: The class 时效指标 of the form

Passes:

    indicators: {产出指标: {时效指标: [{id: a, name: 巡诊完成时间, target: 2021年11月底前}]}}

Passes:

    indicators: {产出指标: {时效指标: [{id: a, name: 报告及时率, target: "=100%"}]}}

Fails:

    indicators: {产出指标: {时效指标: [{id: a, name: 巡诊完成及时性, target: 及时}]}}

What may stand is waived at the end of the file, with the reason; for the example above that fails:

    waivers:
      - {rule: timeliness-without-date, field: indicators.a.target, reason: "the reason"}

To change its severity for the whole site, set it in site_config.yml (error, warning, advice, off):

    rules:
      timeliness-without-date: off
"""
ERROR = """form-unknown [错误]
申报表原件已收录。

为什么：读者要能拿网页对照申报表。
依据：content/forms/

通过的例子：

    source: {form: forms/example.txt, lines: [1, 20]}

不通过的例子：

    source: {form: forms/lost.txt}

不通过的例子：

    source: {form: forms/example.txt, lines: [20, 1]}

这是错误，不能豁免，也不能调整。
"""


def test_explain_says_what_a_rule_asks_and_how_this_site_has_set_it(project: Path) -> None:
    set_rules(project, {"timeliness-without-date": "warning"})

    result = jixiao("explain", "timeliness-without-date", "--project", str(project), language="en")

    assert (result.returncode, result.stdout, result.stderr) == (0, PAGE, "")


def test_explain_says_that_an_error_stays_one(project: Path) -> None:
    result = jixiao("explain", "form-unknown", "--project", str(project), language="zh")

    assert (result.returncode, result.stdout) == (0, ERROR)


def test_explain_without_a_name_lists_every_rule_and_needs_no_project(tmp_path: Path) -> None:
    lines = jixiao("explain", "--project", str(tmp_path), language="zh").stdout.splitlines()

    rules = [line for line in lines if line.endswith("]")]
    others = [line.partition(": ")[0] for line in lines[lines.index("") + 2 :]]
    assert rules[0] == "address-differs-from-file [错误]"
    assert [rule.partition(" ")[0] for rule in rules] == [rule.id for rule in describe_rules({})]
    assert others == sorted(EXPLANATIONS)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("timelines-without-dat", "没有“timelines-without-dat”这条规则；是不是 timeliness-without-date？\n"),
        ("xyz", "没有“xyz”这条规则；不写名称就列出全部规则\n"),
        ("", "没有“”这条规则；不写名称就列出全部规则\n"),
        ("a\nb\x1b[31m", "没有“a\\nb\\x1b[31m”这条规则；不写名称就列出全部规则\n"),
    ],
)
def test_explain_names_the_nearest_rule(name: str, said: str, tmp_path: Path) -> None:
    result = jixiao("explain", name, "--project", str(tmp_path), language="zh")

    assert (result.returncode, result.stdout, result.stderr) == (2, "", said)


def test_build_counts_advice_and_check_shows_it_after_all_else_with_each_hint_once(project: Path) -> None:
    _vague(project)
    declaration = yaml.load((project / CLINIC_PATH).read_text("utf-8"), yaml.BaseLoader)  # noqa: S506
    rows = declaration["indicators"]["产出指标"]["时效指标"]
    rows += [{**rows[-1], "id": "soon", "name": "巡诊响应及时性"}, {**rows[-1], "id": "once-more"}]
    _change(project, indicators=declaration["indicators"])

    built = jixiao("build", "--project", str(project), language="en").stdout
    checked = jixiao("check", "--project", str(project), language="en").stdout

    assert "[indicator-repeated]" in built.splitlines()[0]
    assert built.splitlines()[2:4] == [
        "Declarations: 1. Errors: 0. Warnings: 1. Advice: 3.",
        "Run jixiao check to see each piece of advice.",
    ]
    assert re.findall(r":(\d+):\d+: (\w+): |^ +(hint): ", checked, re.MULTILINE) == [
        ("61", "warning", ""),
        ("", "", "hint"),
        ("56", "advice", ""),
        ("", "", "hint"),
        ("59", "advice", ""),
        ("62", "advice", ""),
    ]
