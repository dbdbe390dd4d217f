"""The commands as a clerk, a program and a CI job meet them."""

import importlib
import json
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.main import get_group

from jixiao import __version__
from jixiao.cli.app import find_command_modules
from tests.conftest import ROOT, jixiao, run_module
from tests.support.build_runs import BUILD_FOLDER_ENTRIES
from tests.support.sample_projects import CLINIC_PATH, copy_small_project


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project of one declaration that the test may break."""
    return copy_small_project(tmp_path / "project")


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_check_finds_nothing_but_advice_in_our_own_content(project: Path) -> None:
    result = jixiao("check", "--project", str(project), language="zh")

    assert (result.returncode, result.stderr) == (0, "")
    assert set(re.findall(r"^content/\S+ (\w+): ", result.stdout, re.MULTILINE)) == {"改进建议"}
    assert result.stdout.endswith(
        "3 份申报表，0 处错误，0 处提醒，22 条改进建议\n"
        "已经申报的照录不改；改进建议供下次申报参考。某条规则的说明：jixiao explain 规则名称\n"
    )


def test_check_shows_all_problems_of_all_files_at_once_in_file_order(small: Path) -> None:
    _replace(small / CLINIC_PATH, 'target: ">=120次"', "target: >=120次")
    other = small / "content/declarations/2021/health/clinic-two.yml"
    other.write_text(
        (small / CLINIC_PATH).read_text("utf-8").replace(">=120次", '">=120次"'), encoding="utf-8"
    )
    register = small / "content/addresses.yml"
    register.write_text(f"{register.read_text('utf-8')}  - 2021/health/clinic-two\n", encoding="utf-8")
    _replace(other, "nature: 一次性项目", "nature: 一次性项")
    _replace(other, "total: 1,234,567.80", "total: １２３")
    (small / "content/organisations.yml").write_text("health: [\n", encoding="utf-8")

    result = jixiao("check", "--project", str(small), language="en")

    lines = [line for line in result.stdout.splitlines() if not line.startswith("    ")]
    assert result.returncode == 1
    assert [line.rpartition("[")[2].rstrip("]") for line in lines[:-1]] == [
        "full-width",
        "unquoted-value",
        "unclosed-bracket",
    ]
    assert lines[0].startswith("content/declarations/2021/health/clinic-two.yml:13:12: error: ")
    assert lines[1].startswith("content/declarations/2021/health/clinic.yml:30:17: error: ")
    assert lines[2].startswith("content/organisations.yml:1:9: error: ")


def test_problems_are_json_for_programs(small: Path) -> None:
    _replace(small / CLINIC_PATH, "edition:", "editon:")

    result = jixiao("check", "--project", str(small), "--format", "json", language="zh")

    rows = json.loads(result.stdout)
    assert result.returncode == 1
    assert [(row["rule"], row["line"], row["column"]) for row in rows] == [("unknown-field", 1, 1)]
    assert rows[0]["hint"] == "是不是“edition”？"
    assert set(rows[0]) == {"rule", "severity", "file", "line", "column", "message", "hint"}


def test_problems_annotate_the_lines_of_a_pull_request_and_cannot_give_orders_to_ci(small: Path) -> None:
    _replace(small / CLINIC_PATH, "nature: 一次性项目", "nature: 'x%0A::error file=a::y,z'")

    result = jixiao("check", "--project", str(small), "--format", "github")

    assert result.returncode == 1
    assert result.stdout == (
        "::error file=content/declarations/2021/health/clinic.yml,line=4,col=9,title=nature-not-in-edition::"
        "“x%250A::error file=a::y,z” is not a known nature of a project%0A"
        "Use one of these: 经常性项目, 一次性项目, 阶段性项目\n"
    )


def test_build_publishes_nothing_over_an_error_and_says_what_stood_in_the_way(small: Path) -> None:
    assert jixiao("build", "--project", str(small)).returncode == 0
    page = small / "build/site/2021/health/clinic/index.html"
    before = page.read_bytes()
    _replace(small / CLINIC_PATH, "total: 1,234,567.80", "total: 1,00")

    result = jixiao("build", "--project", str(small), language="zh")

    assert result.returncode == 1
    assert "clinic.yml:13:12: 错误: 金额的千分位逗号位置不对：1,00 [money-grouping]" in result.stdout
    assert result.stdout.endswith("没有发布：请先改正以上错误。原来的网站没有变。\n")
    assert page.read_bytes() == before
    assert sorted(path.name for path in (small / "build").iterdir()) == BUILD_FOLDER_ENTRIES


def test_a_project_without_anything_gives_problems_and_never_a_traceback(tmp_path: Path) -> None:
    result = jixiao("build", "--project", str(tmp_path))

    assert result.returncode == 1
    assert "[no-declarations]" in result.stdout
    assert "site_config.yml:1:1: error:" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr
    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--project", "/nonexistent"), "/nonexistent"),
        (("--format", "xml"), "xml"),
        (("--colour",), "--colour"),
    ],
)
def test_wrong_use_ends_with_2_and_names_what_is_wrong(arguments: tuple[str, ...], said: str) -> None:
    result = jixiao("check", *arguments)

    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_an_engine_that_fails_ends_with_2_and_the_site_stays(small: Path) -> None:
    assert jixiao("build", "--project", str(small)).returncode == 0
    page = small / "build/site/index.html"
    before = page.read_bytes()
    (small / "mkdocs.yml").write_text("theme: {name: no-such-theme}\nplugins: [nothing-like-it]\n", "utf-8")

    result = jixiao("build", "--project", str(small))

    assert result.returncode == 2
    assert "nothing-like-it" in result.stderr
    assert "Nothing was published; the website is as it was." in result.stderr
    assert page.read_bytes() == before


def test_help_speaks_the_language_of_the_user() -> None:
    chinese = jixiao("--help", language="zh").stdout
    english = jixiao("--help", language="en").stdout

    assert "选项" in chinese
    assert "命令" in chinese
    assert "检查全部内容" in chinese
    assert "Usage:" in english
    assert "Commands" in english
    assert not any("\u4e00" <= character <= "\u9fff" for character in english)


@pytest.mark.parametrize("command", ["check", "build", "serve", "review", "import", "new", "fmt", "doctor"])
def test_every_command_explains_itself_in_english_without_a_chinese_word(command: str) -> None:
    said = jixiao(command, "--help", language="en").stdout

    assert "--project" in said
    assert not any("\u4e00" <= character <= "\u9fff" for character in said)


_OF_GROUPS = ("translate update", "translate status", "ci review", "ci publish", "ci rollback")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_help_is_cut_off_in_a_narrow_terminal(language: str) -> None:
    overview = jixiao("--help", language=language).stdout
    commands = re.findall(r"^│ ([a-z]+) ", overview, re.MULTILINE)
    assert "review" in commands
    told = run_module(
        "tests.support.print_all_help", "", *commands, *_OF_GROUPS, language=language, columns=80
    ).stdout

    assert told.count("Usage: ") == len(commands) + 1 + len(_OF_GROUPS)
    assert re.findall(r".*… *│", told) == []


def test_every_command_stands_in_a_module_of_its_own_name() -> None:
    """`import_` and `help_` aside, whose names Python has taken."""
    modules = find_command_modules()
    with_commands = {
        path.stem for path in (ROOT / "generator/jixiao/cli").glob("*.py") if "app = " in path.read_text()
    }

    assert {*modules.values(), "app"} == with_commands, "generator/jixiao/cli/: a file a command"
    for command, module in modules.items():
        app = importlib.import_module(f"jixiao.cli.{module}").app
        assert list(get_group(app).commands) == [command]
        assert command == module.rstrip("_")


def test_a_command_loads_only_what_it_needs() -> None:
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "jixiao", "check"],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    ).stderr

    assert "jixiao.pipeline" in loaded
    assert [
        name for name in ("jixiao.commands.import_", "jixiao.importers.form_fields", "docx") if name in loaded
    ] == []


@pytest.mark.parametrize(
    ("typed", "language", "said"),
    [
        (("chek",), "en", "No such command 'chek'. Did you mean 'check'?"),
        (("CHECK",), "zh", "没有“CHECK”这个命令。是不是“check”？"),
        (("ci", "publsh"), "zh", "没有“publsh”这个命令。是不是“publish”？"),
        (("help", "ci", "publsh"), "en", "Did you mean 'publish'?"),
        (("zzzz",), "zh", "没有“zzzz”这个命令。"),
    ],
)
def test_an_unknown_command_is_told_with_the_nearest_one(
    typed: tuple[str, ...], language: str, said: str
) -> None:
    result = jixiao(*typed, language=language)

    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr


def test_whoever_asks_for_nothing_or_for_help_gets_it_and_what_to_do_first() -> None:
    for language, first in (("zh", "第一次用：jixiao init"), ("en", "The first time: jixiao init")):
        overview = jixiao("--help", language=language)
        assert first in overview.stdout
        assert (overview.returncode, overview.stderr) == (0, "")
        for asked in ((), ("help",), ("-h",)):
            assert vars(jixiao(*asked, language=language)) | {"args": ()} == vars(overview) | {"args": ()}
    for command in ("check", "ci publish"):
        words = command.split()
        told = jixiao(*words, "--help", language="zh").stdout
        assert f" {command} [OPTIONS]" in told
        assert "显示这段说明。" in told
        assert jixiao(*words, "-h", language="zh").stdout == told
        assert jixiao("help", *words, language="zh").stdout == told
    assert jixiao("ci", language="zh").stdout == jixiao("ci", "--help", language="zh").stdout


def test_version_is_told() -> None:
    named = ("mkdocs", "mkdocs-material", "pagefind")
    engines = "".join(f"{name} {version(name)}\n" for name in named)
    for asked in ("--version", "version"):
        assert jixiao(asked).stdout == f"jixiao {__version__}\n{engines}"
