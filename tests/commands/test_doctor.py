"""What the doctor says of a machine that has everything, and of one that lacks something."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import jixiao
from tests.support.forked_command import forked_command
from tests.support.git_project import GitProject, start_git_project
from tests.support.sample_projects import copy_small_project


def run_doctor(project: Path, language: str = "en", **environment: str) -> tuple[int, list[str]]:
    """Ask the doctor on a machine with that *environment*; figures of the disk are left out."""
    ran = subprocess.run(
        [sys.executable, "-m", "jixiao", "doctor", "--language", language],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=project,
        env={**os.environ, **environment},
    )
    assert ran.stderr == ""
    return ran.returncode, re.sub(r"[0-9,]+ MB", "… MB", ran.stdout).splitlines()


def test_what_a_build_needs_is_told_line_by_line_in_both_languages(tmp_path: Path) -> None:
    project = start_git_project(tmp_path / "project").project
    code, english = run_doctor(project)
    _, chinese = run_doctor(project, "zh")

    assert code == 0
    assert (
        english[0]
        == f"[good] Python {sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    )
    assert english[2:8] == [
        "[good] Pagefind runs",
        f"[good] {project} can be written to",
        "[good] … MB of the disk are free",
        "[good] a new site takes the place of the old one in one step; readers meet no gap",
        "[good] text is encoded in UTF-8",
        "[good] git reads this repository",
    ]
    assert english[-1] == "This machine can build a site."
    assert chinese[2:8] == [
        "[正常] Pagefind 可以运行",
        f"[正常] 可以写入 {project}",
        "[正常] 磁盘还有 … MB",
        "[正常] 新网站一步换上，读者不会看到空缺",
        "[正常] 文字编码是 UTF-8",
        "[正常] git 可以读取这个仓库",
    ]
    assert chinese[-1] == "可以生成网站。"


def test_without_git_browser_and_fonts_a_build_works_and_each_is_told_with_its_command(
    tmp_path: Path,
) -> None:
    code, lines = run_doctor(copy_small_project(tmp_path / "project"), PATH=str(tmp_path))

    assert code == 0
    assert lines[-6:] == [
        "[advice] git was not found: install it, for example with apt-get install git",
        "[advice] there is no Chromium: tests in a browser do not run; a build does not need it",
        "    run: apt-get install chromium",
        "[advice] no Chinese font was found: no packs (PDF) are made, tests lack characters; sites need none",
        "    run: apt-get install fontconfig fonts-noto-cjk",
        "This machine can build a site.",
    ]


def test_a_font_is_needed_where_the_settings_ask_for_packs(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    with (project / "site_config.yml").open("a", encoding="utf-8") as settings:
        settings.write("packs: true\n")

    said = forked_command().run(
        ("doctor",),
        environment={**os.environ, "JIXIAO_LANGUAGE": "zh"},
        cwd=project,
        before="from jixiao.commands import doctor; doctor.has_fonts = lambda: False",
    )

    assert said.returncode == 2
    assert said.stdout.splitlines()[-3:] == [
        "[缺少] 没有找到做资料包的中文字体（Noto CJK）：设置里写了 packs: true，jixiao ci publish 不会发布",
        "    请运行：apt-get install fonts-noto-cjk",
        "还不能照设置生成网站：请先补上标为“缺少”的。",
    ]


def test_without_a_search_index_nothing_can_be_built(tmp_path: Path) -> None:
    broken = tmp_path / "pagefind"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    code, lines = run_doctor(copy_small_project(tmp_path / "project"), PAGEFIND_BINARY_PATH=str(broken))

    assert code == 2
    assert "[missing] Pagefind does not run, so no search index can be made" in lines
    assert f"    run: {sys.executable} -m pip install --force-reinstall 'pagefind[extended]'" in lines
    assert (
        lines[-1]
        == "This machine cannot yet build what the settings ask for: mend what is marked “missing” first."
    )


def test_packages_of_other_versions_than_the_lock_are_named(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    (project / "requirements.lock").write_text(
        "typer==0.0.1 \\\n    --hash=sha256:0\nno-such-tool==1 ; python_version > '3'\n"
        "of-another-machine==1 ; sys_platform == 'win32'\nrich==1 ; nonsense\n\x1b[31m==1\n",
        encoding="utf-8",
    )
    code, lines = run_doctor(project)

    (told,) = [line for line in lines if "differ" in line]
    assert code == 0
    assert re.fullmatch(
        r"\[advice\] packages differ from requirements\.lock \(which names the version in brackets\): "
        r"typer [0-9.]+ \(0\.0\.1\)",
        told,
    )
    assert "[advice] packages for tests and checks that are missing: 1; a build does not need them" in lines
    assert f"    run: {sys.executable} -m pip install --require-hashes -r requirements.lock" in lines


@pytest.mark.parametrize(("setting", "told"), [("true", True), ("input", False), ("false", False)])
def test_a_git_that_changes_line_ends_is_told_how_to_stop(setting: str, told: bool, tmp_path: Path) -> None:  # noqa: FBT001
    begun: GitProject = start_git_project(tmp_path / "project")
    begun.git("config", "core.autocrlf", setting)
    code, lines = run_doctor(begun.project)

    assert code == 0
    assert ("    run: git config core.autocrlf input" in lines) is told


def test_nothing_is_left_behind_and_a_missing_folder_is_wrong_use(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    before = sorted(project.rglob("*"))

    assert run_doctor(project)[0] == 0
    assert sorted(project.rglob("*")) == before
    assert jixiao("doctor", "--project", "/nonexistent").returncode == 2
