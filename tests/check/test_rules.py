"""Each rule explains itself on its public page; the examples in its docstring are true."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from jixiao.check import explanations, rules
from jixiao.check.explanations import EXPLANATIONS
from jixiao.check.rules import CROSS_DECLARATION_RULES, RULES, describe_rules
from jixiao.commands.explain import explain_rule
from jixiao.i18n import load_interface_catalogue
from jixiao.model.rule import Rule, RuleExample
from jixiao.problems import Problem
from tests.conftest import ROOT
from tests.support.sample_projects import (
    CLINIC_PATH,
    add_declaration,
    assert_matches_golden,
    check_project,
    copy_small_project,
    format_problem_report,
    relative_path,
    set_rules,
)
from tests.support.sample_projects import EXAMPLES as SAMPLES

BROKEN = SAMPLES / "broken"

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}-{'passes' if example.passes else 'fails'}-{number}")
    for rule in describe_rules({})
    for number, example in enumerate(rule.examples)
]
WAIVABLE = [rule for rule in describe_rules({}) if rule.is_waivable]
REPORTS = re.compile("error|finding|problem|refuse|report|unreadable", re.IGNORECASE)
RULE_ID = re.compile("[a-z0-9]+(?:-[a-z0-9]+)+")
ALONE = {"class-missing"}
"""Rules that would find something in most examples of the others, which show a row and not a whole form."""


def _with(text: str, declaration: dict[str, Any]) -> str:
    merged = declaration | yaml.load(text, yaml.BaseLoader)  # noqa: S506 - builds only text
    # Wide: a text that YAML wraps would be joined with blanks, and is refused.
    return yaml.safe_dump(merged, allow_unicode=True, sort_keys=False, width=10_000)


def _list_failing_rules(rule: Rule, text: str, project: Path) -> set[str]:
    """Return the rules that find something in the declaration of *project* with the fields of *text*."""
    return {problem.rule for problem in _problems(rule, text, project)}


def _problems(rule: Rule, text: str, project: Path) -> tuple[Problem, ...]:
    file = project / CLINIC_PATH
    declaration = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506
    file.write_text(_with(text, declaration), encoding="utf-8")
    if rule.id == "text-copied":
        add_declaration(
            project, "other", _with(_list_failing_examples(rule), declaration | {"name": "乡村卫生室修缮"})
        )
    if rule.id == "form-not-searched":
        (project / "content/forms/old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    set_rules(project, dict.fromkeys(ALONE - {rule.id}, "off"))
    return tuple(problem for problem in check_project(project) if problem.place.file == CLINIC_PATH)


def _list_failing_examples(rule: Rule) -> str:
    return next(one.yaml for one in rule.examples if not one.passes)


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_the_examples_of_a_rule_pass_and_fail_as_its_page_says(
    rule: Rule, example: RuleExample, tmp_path: Path
) -> None:
    found = _list_failing_rules(rule, example.yaml, copy_small_project(tmp_path / "project"))

    assert found == (set() if example.passes else {rule.id})


@pytest.mark.parametrize(
    ("rule", "example", "number"),
    [
        pytest.param(rule, example, number, id=f"{rule.id}-{number}")
        for rule in describe_rules({})
        for number, example in enumerate(example for example in rule.examples if not example.passes)
    ],
)
def test_what_a_rule_says_of_its_example_is_whole(
    rule: Rule, example: RuleExample, number: int, tmp_path: Path, *, rewrites_golden: bool
) -> None:
    problems = _problems(rule, example.yaml, copy_small_project(tmp_path / "project"))

    assert_matches_golden(
        SAMPLES / f"rules/{rule.id}-{number}.txt", format_problem_report(problems), rewrites=rewrites_golden
    )


@pytest.mark.parametrize("rule", describe_rules({}), ids=lambda rule: rule.id)
def test_what_a_rule_explains_of_itself_is_whole(rule: Rule, *, rewrites_golden: bool) -> None:
    explained = "\n".join(
        line
        for language in ("en", "zh")
        for line in explain_rule(rule.id, {}, load_interface_catalogue(language))
    )
    assert_matches_golden(SAMPLES / f"rules/{rule.id}.about.txt", f"{explained}\n", rewrites=rewrites_golden)


@pytest.mark.parametrize("rule", WAIVABLE, ids=lambda rule: rule.id)
def test_the_waiver_that_a_rule_shows_lets_its_example_stand(rule: Rule, tmp_path: Path) -> None:
    waiver = f"waivers: [{{rule: {rule.id}, field: {rule.explanation.field}, reason: 核对过原件}}]"

    found = _list_failing_rules(
        rule, f"{_list_failing_examples(rule)}\n{waiver}\n", copy_small_project(tmp_path / "project")
    )

    assert found == set()


def test_a_sum_is_filed_to_the_fen_whatever_its_unit(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    file = project / CLINIC_PATH
    declaration = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506
    found = []
    for unit, total in (("元", "1.05"), ("元", "1.005"), ("万元", "1.000005")):
        declaration["funding"] = {"unit": unit, "project": {"total": total}}
        file.write_text(yaml.safe_dump(declaration, allow_unicode=True, width=10_000), encoding="utf-8")
        found.append([problem.rule for problem in check_project(project)])

    assert found == [[], ["money-unit-unclear"], []]


@pytest.mark.parametrize("rule", describe_rules({}), ids=lambda rule: rule.id)
def test_a_rule_shows_what_passes_and_what_fails(rule: Rule) -> None:
    assert {example.passes for example in rule.examples} == {True, False}


def test_the_file_of_a_rule_has_its_name() -> None:
    named = {relative_path(rule): rule.ID for rule in (*RULES, *CROSS_DECLARATION_RULES)}
    wrong = {file: rule for file, rule in named.items() if Path(file).stem.replace("_", "-") != rule}
    assert not wrong, f"Rename the file, or its ID: {wrong}"


def test_every_file_of_a_rule_has_a_check() -> None:
    files = {relative_path(file) for file in Path(str(rules.__file__)).parent.glob("*.py")}
    missing = files - {relative_path(rule) for rule in (rules, *RULES, *CROSS_DECLARATION_RULES)}
    assert not missing, f"Neither check nor check_all: {sorted(missing)}"


def test_every_rule_of_the_broken_examples_has_an_explanation() -> None:
    explained = {rule.id for rule in describe_rules({})} | EXPLANATIONS.keys()
    reported = {folder.name for folder in BROKEN.iterdir() if folder.is_dir()}
    for file in BROKEN.rglob("*.report.txt"):
        reported |= set(re.findall(r"\[([a-z0-9-]+)\]$", file.read_text("utf-8"), re.MULTILINE))

    assert len(reported) > 70
    _assert_explained(reported - explained)
    assert {rule.id for rule in describe_rules({})} & EXPLANATIONS.keys() == set()


def test_every_rule_that_the_program_names_has_an_explanation() -> None:
    files = (ROOT / "generator/jixiao").rglob("*.py")
    named = {rule for file in files for rule in _named_rules(ast.parse(file.read_text("utf-8")))}

    assert len(named) > 110
    _assert_explained(named - EXPLANATIONS.keys() - {rule.id for rule in describe_rules({})})


def _named_rules(tree: ast.Module) -> Iterator[str]:
    """Yield ids of rules that are passed as `rule=`, or to a function that by its name reports something."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            arguments = [keyword.value for keyword in call.keywords if keyword.arg == "rule"]
            if REPORTS.search(ast.unparse(call.func)):
                arguments += call.args
            for argument in arguments:
                match argument:
                    case ast.Constant(value=str() as text) if RULE_ID.fullmatch(text):
                        yield text


def _assert_explained(unknown: set[str]) -> None:
    assert not unknown, f"No such rule, and no entry in {relative_path(explanations)}: {sorted(unknown)}"
