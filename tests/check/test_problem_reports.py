"""A report quotes whatever was typed, and no terminal and no CI takes it for an order."""

import io
import json
import os
import re
from contextlib import redirect_stdout
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from jixiao.cli.terminal import MessageLanguage, Terminal
from jixiao.i18n import load_interface_catalogue, message
from jixiao.problems import Place, Problem, ProblemFormat, Severity, format_problems
from tests.conftest import jixiao
from tests.support.sample_projects import copy_small_project
from tests.support.text_strategies import ANYTHING

SAYING, HINT = "找不到“{typed}”", "是不是 {typed}？"
PROBLEMS = st.builds(
    lambda file, typed, severity: Problem(
        rule="unknown-value",
        place=Place(f"content/{file}", 3, 5),
        message=message(SAYING, typed=typed),
        hint=message(HINT, typed=typed),
        severity=severity,
    ),
    ANYTHING,
    ANYTHING,
    st.sampled_from(Severity),
)
WORDS = load_interface_catalogue("zh")


def find_runner_commands(output: str) -> list[str]:
    """List the commands that GitHub's runner finds: new ones at the start of a line, old ones anywhere."""
    new = re.findall(r"^\s*::(\w[\w-]*)", output, re.MULTILINE)
    return [*new, *re.findall(r"##\w*\[", output)]


def print_problem(problem: Problem, form: ProblemFormat) -> str:
    """Print one problem through the terminal, as the command does."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="strict", newline="\n")
    with redirect_stdout(stream):
        terminal = Terminal(MessageLanguage.ZH)
        for line in format_problems([problem], form, WORDS):
            terminal.print_line(line)
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode("utf-8")


def is_clean(output: str) -> bool:
    """Return whether *output* is lines of characters that can be seen."""
    return all(line.isprintable() for line in output.removesuffix("\n").split("\n"))


@given(PROBLEMS)
@example(
    Problem(rule="r", place=Place("content/##[error]a"), message=message("x"), hint=message("##[group]"))
)
@example(
    Problem(rule="r", place=Place("a\n::error::b"), message=message("x\u009b31m"), hint=message("\x1b[2J"))
)
def test_a_report_for_a_person_is_two_lines_and_no_order(problem: Problem) -> None:
    output = print_problem(problem, ProblemFormat.TEXT)

    assert is_clean(output)
    assert output.count("\n") == 2
    assert find_runner_commands(output) == []


@given(PROBLEMS)
@example(Problem(rule="r", place=Place("content/\udcff.txt"), message=message("x"), hint=message("x")))
@example(Problem(rule="r", place=Place("x"), message=message("\x9b\u202e"), hint=message("##[error]")))
def test_a_report_for_a_program_gives_back_every_character(problem: Problem) -> None:
    output = print_problem(problem, ProblemFormat.JSON)

    assert is_clean(output)
    assert find_runner_commands(output) == []
    assert json.loads(output) == [
        {
            "rule": problem.rule,
            "severity": problem.severity,
            "file": problem.place.file,
            "line": problem.place.line,
            "column": problem.place.column,
            "message": problem.message.translate(WORDS),
            "hint": problem.hint.translate(WORDS),
        }
    ]


@given(PROBLEMS)
def test_a_report_for_github_is_one_annotation_at_its_place(problem: Problem) -> None:
    output = print_problem(problem, ProblemFormat.GITHUB)

    assert is_clean(output)
    assert output.count("\n") == 1
    found = re.fullmatch(r"::(\w+) file=([^:,]*),line=3,col=5,title=unknown-value::(.*)\n", output)
    assert found is not None
    assert find_runner_commands(output) == [
        "notice" if problem.severity is Severity.ADVICE else problem.severity
    ]
    assert "%" not in re.sub(r"%(25|0A|3A|2C)", "", output)
    typed = problem.message.values["typed"]
    if isinstance(typed, str) and typed.isprintable() and "##" not in typed:
        data = found[3].replace("%0A", "\n").replace("%25", "%")
        assert data == f"{problem.message.translate(WORDS)}\n{problem.hint.translate(WORDS)}"


def test_a_file_whose_name_is_not_text_is_reported_in_every_form(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    name = os.fsencode(project / "content/declarations/2021/health") + b"/\xff\x1b[31m.txt"
    Path(os.fsdecode(name)).write_text("x", "utf-8")

    for form in ProblemFormat:
        result = jixiao("check", "--project", str(project), "--format", form)
        assert result.returncode == 1, result.stderr
        assert "wrong-extension" in result.stdout
        assert is_clean(result.stdout)
