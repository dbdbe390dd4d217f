"""An error that ends a command: every part of it on standard error, in one order, with its exit code."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from jixiao.cli.app import app
from jixiao.cli.terminal import MessageLanguage, Terminal, report_os_errors
from jixiao.i18n import message
from jixiao.problems import EXIT_PROBLEMS, EXIT_UNUSABLE, UserError
from tests.conftest import jixiao
from tests.support.sample_projects import copy_small_project

WHOLE_ERROR = UserError(
    message("没有更早的版本可以退回"),
    "one\n::error::two",
    hint=message("没有发布；原来的网站没有变。"),
    places=(("a.html", message("没有清单，或清单读不出来")),),
    exit_code=EXIT_PROBLEMS,
)
NO_TARGET = (
    "“srv” is no target to deploy to: write /folder or user@host:/folder, from the root of the disk, but not "
    "the root itself, and without .."
)
TARGET_INSIDE = (
    "“{root}/releases” lies in the project of the site itself: name a folder elsewhere, so that releases do "
    "not become content"
)
NO_FILE_NAME = (
    "“A” cannot be the name of a file: use small English letters, digits and hyphens only, and not index, "
    "404, search and the like"
)


@pytest.mark.parametrize(
    ("arguments", "exit_code", "errors"),
    [
        ("check --project missing", 2, ["There is no such folder: {root}/missing"]),
        ("check --project missing -l zh", 2, ["没有这个文件夹：{root}/missing"]),
        ("archive site.zip", 2, ["There is no such folder: {root}/build/site"]),
        (
            "explain number-fomat",
            2,
            ["there is no rule “number-fomat”. Did you mean number-lost, year-format, money-format?"],
        ),
        ("explain zzz -l zh", 2, ["没有“zzz”这条规则；不写名称就列出全部规则"]),
        ("export /", 1, ["/ is the root of the disk: name a folder"]),
        ("export out --department nobody", 1, ["there is no such declaration"]),
        ("verify --site content --against content", 2, ["The manifest is missing or cannot be read"]),
        ("ci publish --to srv", 2, [NO_TARGET]),
        (
            "ci publish --to {root}/releases",
            2,
            [TARGET_INSIDE],
        ),
        ("ci rollback --to {root}/none", 2, ["there is no earlier release to go back to"]),
        (
            "import a.txt --to out --id A",
            2,
            [NO_FILE_NAME],
        ),
        (
            "init .",
            2,
            ["Name of the site in Chinese [绩效公开]: Stopped before the end: nothing was written."],
        ),
        ("init . --yes", 1, ["something is there already and was left alone: ."]),
        (
            "init new --yes --address nowhere",
            1,
            [
                "this is not a web address: nowhere",
                "    | Write the whole address, for example https://example.gov.cn/jixiao/",
            ],
        ),
        (
            "init new --yes --languages xx",
            1,
            ["the languages “xx” will not do: zh must be among them, and there are zh, en"],
        ),
        ("new", 2, ["Year (for example 2026): Stopped before the end: nothing was written."]),
        ("admin out --backend github", 1, ["say which repository: --repository owner/name"]),
    ],
)
def test_a_command_that_cannot_go_on_says_why_on_standard_error(
    arguments: str, exit_code: int, errors: list[str], tmp_path: Path
) -> None:
    root = copy_small_project(tmp_path / "project")

    result = jixiao(*arguments.format(root=root).split(), cwd=root)

    assert (result.returncode, result.stdout) == (exit_code, "")
    assert result.stderr.splitlines() == [line.format(root=root) for line in errors]


def test_all_parts_of_an_error_are_printed_in_one_order(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal(MessageLanguage.EN).print_user_error(WHOLE_ERROR)

    assert capsys.readouterr().err.splitlines() == [
        "there is no earlier release to go back to",
        "    | one",
        "    | ::error::two",
        "a.html: The manifest is missing or cannot be read",
        "Nothing was published; the website is as it was.",
    ]


def test_an_error_passes_whole_from_a_worker_to_the_command() -> None:
    passed = pickle.loads(pickle.dumps(WHOLE_ERROR))  # noqa: S301 - made here

    assert type(passed) is UserError
    assert vars(passed) == vars(WHOLE_ERROR)


def test_an_error_of_the_system_becomes_one_of_the_user_with_its_hint() -> None:
    hint = message("没有发布；原来的网站没有变。")
    with pytest.raises(UserError) as caught, report_os_errors(Path(), hint):
        Path("missing/file").read_bytes()

    assert (caught.value.hint, caught.value.exit_code) == (hint, EXIT_UNUSABLE)
    assert caught.value.message == message(
        "无法读写 {path}：{reason}", path="missing/file", reason=message("没有这个文件或文件夹")
    )


def test_an_error_is_in_the_language_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for language in ("zh", "en"):
        with pytest.raises(SystemExit) as ended:
            app(["explain", "nothing-of-the-kind", "--language", language])
        told.append(capsys.readouterr().err[:2])
        assert ended.value.code == EXIT_UNUSABLE

    assert told == ["没有", "th"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("explain",), ("explain", "--help"), ("explain", "nobody")]
)
def test_output_that_cannot_be_written_ends_a_command_without_a_traceback(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "jixiao", *arguments],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "JIXIAO_LANGUAGE": "en", "NO_COLOR": "1"},
        )
        unheard = subprocess.run(
            [sys.executable, "-m", "jixiao", *arguments], check=False, stdout=full, stderr=full
        )

    if "nobody" in arguments:
        assert (result.returncode, result.stderr[:13]) == (2, "there is no r")
    else:
        assert result.stderr == ("The output (standard output) cannot be written: No space left on device\n")
        assert result.returncode == 1
    assert unheard.returncode == result.returncode
