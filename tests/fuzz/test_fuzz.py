"""A short campaign of each fuzzing target, the same in every run; `python -m tests.fuzz` runs long ones."""

import importlib.util
import platform
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from jixiao.problems import Problem
from tests.conftest import run_module
from tests.fuzz import loader
from tests.fuzz.campaign import Limit, run
from tests.fuzz.targets import TARGETS
from tests.support.sample_projects import CLINIC_PATH, EXAMPLES, check_project, copy_small_project

RUNS = {"loader": 120, "escaper": 120}
"""Executions where they are not 500: these two are slower than the readers by ten times."""
HAS_BINARY = sys.platform == "linux" and platform.machine() == "x86_64" and sys.version_info < (3, 14)
needs_atheris = pytest.mark.skipif(
    not HAS_BINARY and importlib.util.find_spec("atheris") is None,
    reason="atheris has no binary for this machine (Linux on x86-64 with Python before 3.14 only)",
)


@needs_atheris
@pytest.mark.parametrize("name", TARGETS)
def test_a_short_campaign_breaks_no_property(name: str, tmp_path: Path) -> None:
    runs = RUNS.get(name, 500)

    outcome = run(name, TARGETS[name].longest, Limit(runs=runs), 20_211_231, tmp_path / name)

    assert outcome.is_clean, outcome.log.read_text("utf-8", "replace")[-5000:]
    assert outcome.executions >= runs


@needs_atheris
def test_a_campaign_finds_a_planted_fault_keeps_the_input_and_says_how_to_run_it_again(
    tmp_path: Path,
) -> None:
    found = run_module(
        "tests.fuzz", "--runs", "20000", "--seed", "1", "--keep", str(tmp_path / "kept"), "planted"
    )
    again = re.search(r"python -m tests\.fuzz (planted --input .+)", found.stdout)

    assert found.returncode == 1, found.stdout
    assert again is not None, found.stdout
    repeated = run_module("tests.fuzz", *again[1].split())
    assert repeated.returncode == 1
    assert "AssertionError" in repeated.stderr


def test_an_input_without_fault_says_so() -> None:
    result = run_module("tests.fuzz", "loader", "--input", CLINIC_FILE)

    assert (result.returncode, result.stdout) == (0, "no fault: loader\n"), result.stderr


def test_the_loader_target_finds_exactly_what_a_check_of_the_project_finds(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    for file in sorted((EXAMPLES / "broken").rglob("*.yml")):
        (project / CLINIC_PATH).write_bytes(file.read_bytes())

        assert _describe(loader.check(file.read_bytes()).problems) == _describe(check_project(project)), file


CLINIC_FILE = str(EXAMPLES / "sites" / "small" / CLINIC_PATH)


def _describe(problems: Iterable[Problem]) -> list[tuple[object, ...]]:
    return [
        (problem.rule, problem.place, problem.severity, problem.message, problem.hint) for problem in problems
    ]
