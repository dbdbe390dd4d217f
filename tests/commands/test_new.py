"""`jixiao new`: a fresh file in which every field is explained and nothing is invented."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, jixiao
from tests.support.sample_projects import EXAMPLES, assert_matches_golden, check_project, copy_small_project

FILE = "content/declarations/2021/health/village-doctors.yml"
OPTIONS = (
    *("--year", "2021", "--department", "health", "--edition", "2015", "--unit", "clinic-office"),
    *("--nature", "一次性项目", "--name", "村医培训"),
)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project of one declaration."""
    return copy_small_project(tmp_path / "project")


def _new(project: Path, *arguments: str, language: str = "en") -> tuple[int, str]:
    result = jixiao("new", *arguments, language=language, cwd=project)
    assert "Traceback" not in result.stdout + result.stderr
    return result.returncode, result.stdout + result.stderr


def _answer_prompts(project: Path, answers: str) -> subprocess.CompletedProcess[str]:
    """Answer the questions one a line."""
    return subprocess.run(
        [sys.executable, "-m", "jixiao", "new", "--project", str(project), "--language", "en"],
        input=answers,
        capture_output=True,
        check=False,
        encoding="utf-8",
        cwd=ROOT,
    )


def test_options_make_a_file_that_explains_every_field_and_invents_nothing(
    small: Path, *, rewrites_golden: bool
) -> None:
    assert _new(small, *OPTIONS, "--id", "village-doctors", language="zh") == (
        0,
        (
            f"写成 {FILE}\n请照申报表填写，再运行 jixiao check，按提示改到没有问题。\n"
            "请在 content/addresses.yml 的 published 下加一行：- 2021/health/village-doctors\n"
        ),
    )

    written = (small / FILE).read_text("utf-8")
    assert_matches_golden(EXAMPLES / "new/village-doctors.yml", written, rewrites=rewrites_golden)
    found = check_project(small)
    assert {problem.rule for problem in found} == {"address-not-registered", "empty-value"}
    empty = [number for number, line in enumerate(written.split("\n"), 1) if line.endswith((":", '""'))]
    asked = {problem.place.line for problem in found if problem.rule == "empty-value"}
    assert asked <= set(empty)
    assert jixiao("fmt", FILE, "--check", cwd=small).returncode == 0


def test_what_is_not_given_is_asked_until_an_answer_can_be_one(small: Path) -> None:
    result = _answer_prompts(small, "20x1\n2021\nnobody\nhealth\n\n\n\n\nvillage-doctors\n")

    assert result.returncode == 0, result.stderr
    assert "the year is not written as it should be: 20x1\n" in result.stderr
    assert "nobody" in result.stderr
    assert result.stdout.startswith(f"Written: {FILE}\n")
    assert "\nyear: 2021\n" in (small / FILE).read_text("utf-8")
    assert "\nname:\n" in (small / FILE).read_text("utf-8")


@pytest.mark.parametrize("answers", ["", "2021\n", "2021\nhealth\n"])
def test_where_the_answers_end_nothing_is_written(answers: str, small: Path) -> None:
    before = sorted(small.rglob("*"))

    result = _answer_prompts(small, answers)

    assert result.returncode == 2
    assert result.stderr.endswith("Stopped before the end: nothing was written.\n")
    assert sorted(small.rglob("*")) == before


def test_a_file_that_is_there_is_left_alone_and_force_begins_it_anew(small: Path) -> None:
    assert _new(small, *OPTIONS, "--id", "village-doctors")[0] == 0
    (small / FILE).write_text("mine\n", "utf-8")

    code, said = _new(small, *OPTIONS, "--id", "village-doctors")

    assert code == 2
    assert said.startswith("this address has been used: 2021/health/village-doctors\n")
    assert (small / FILE).read_text("utf-8") == "mine\n"
    assert _new(small, *OPTIONS, "--id", "village-doctors", "--force")[0] == 0
    assert "\nname: 村医培训\n" in (small / FILE).read_text("utf-8")


@pytest.mark.parametrize(
    "options",
    [
        ("--year", "21"),
        ("--department", "nobody"),
        ("--edition", "1999"),
        ("--nature", "偶发"),
        ("--id", "../escape"),
        ("--id", "index"),
        ("--name", "a\nb"),
    ],
)
def test_an_option_that_cannot_be_is_refused_and_nothing_is_written(
    options: tuple[str, str], small: Path
) -> None:
    before = sorted(small.rglob("*"))

    code, said = _new(small, *OPTIONS, "--id", "village-doctors", *options)

    assert code == 2
    assert len(said.splitlines()) == 2
    assert sorted(small.rglob("*")) == before


def test_a_dry_run_shows_the_file_and_writes_none(small: Path) -> None:
    code, said = _new(small, *OPTIONS, "--id", "village-doctors", "--dry-run")

    assert code == 0
    assert "\nname: 村医培训\n" in said
    assert not (small / FILE).exists()


def test_help_teaches_with_an_example_in_both_languages() -> None:
    for language in ("en", "zh"):
        said = " ".join(jixiao("new", "--help", language=language).stdout.split())
        assert "jixiao new --year 2026 --department shanghai-hrss --id skills-competition" in said
