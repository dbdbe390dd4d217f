"""Each rule's docstring is its public page; the examples in it are true."""

import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from generator.check.rules import RULES
from tests.support import CLINIC, problems_of, small_project

_EXAMPLE = re.compile(r"^(?P<kind>Passes|Fails).*?:\n\n(?P<yaml>(?:    .*\n|\n)+)", re.MULTILINE)


def _examples(rule: ModuleType) -> list[tuple[str, str]]:
    found = _EXAMPLE.finditer(f"{rule.__doc__}\n")
    return [(match["kind"], re.sub(r"^    ", "", match["yaml"], flags=re.MULTILINE)) for match in found]


CASES = [
    pytest.param(rule.ID, kind, text, id=f"{rule.ID}-{kind.lower()}-{number}")
    for rule in RULES
    for number, (kind, text) in enumerate(_examples(rule))
]


@pytest.mark.parametrize(("rule", "kind", "text"), CASES)
def test_the_examples_of_a_rule_pass_and_fail_as_its_page_says(
    rule: str, kind: str, text: str, tmp_path: Path
) -> None:
    project = small_project(tmp_path / "project")
    file = project / CLINIC
    declaration = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - builds only text
    declaration |= yaml.load(text, yaml.BaseLoader)  # noqa: S506
    # Wide: a text that YAML wraps would be joined with blanks, and is refused.
    text = yaml.safe_dump(declaration, allow_unicode=True, sort_keys=False, width=10_000)
    file.write_text(text, encoding="utf-8")

    found = {problem.rule for problem in problems_of(project)}

    assert found == (set() if kind == "Passes" else {rule})


def test_a_sum_is_filed_to_the_fen_whatever_its_unit(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project")
    file = project / CLINIC
    declaration = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506
    found = []
    for unit, total in (("元", "1.05"), ("元", "1.005"), ("万元", "1.000005")):
        declaration["funding"] = {"unit": unit, "project": {"total": total}}
        file.write_text(yaml.safe_dump(declaration, allow_unicode=True, width=10_000), encoding="utf-8")
        found.append([problem.rule for problem in problems_of(project)])

    assert found == [[], ["money-unit-unclear"], []]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.ID)
def test_a_rule_says_why_it_exists_and_shows_what_passes_and_what_fails(rule: ModuleType) -> None:
    page = rule.__doc__ or ""
    kinds = [kind for kind, _ in _examples(rule)]

    assert rule.__name__.rpartition(".")[2] == rule.ID.replace("-", "_")
    assert "\nWhy: " in page
    assert {"Passes", "Fails"} == set(kinds)
