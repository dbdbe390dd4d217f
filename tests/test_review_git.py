"""What a review reads from git, and that nothing of the repository runs or leads astray."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import jixiao
from tests.history import History, history
from tests.support import CLINIC, small_project


def refused(project: Path, base: str, language: str = "en") -> str:
    """Give what is said when a review cannot begin; nothing stands on standard output."""
    result = jixiao("review", base, language=language, cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr
    return result.stderr


def reviewed(project: Path, base: str = "main") -> str:
    """Give the comment in English."""
    result = jixiao("review", base, cwd=project)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


@pytest.mark.parametrize(
    "base",
    [
        "no-such-branch",
        "content",
        f"main:{CLINIC}",
        "main^{tree}",
        "",
        "main\n",
        "\x1b[31m",
        "分支“一”",
        "x" * 5000,
    ],
)
def test_a_name_that_is_no_revision_is_refused_with_the_command_that_fetches_one(
    base: str, tmp_path: Path
) -> None:
    said = refused(history(tmp_path / "project").project, base)

    assert said.startswith("git does not know “")
    assert said.endswith("for a branch that is elsewhere run git fetch first\n")
    assert "\x1b" not in said


@pytest.mark.parametrize("base", ["--upload-pack=touch x", "--output=x", "-x", "--help-all"])
def test_a_name_never_becomes_an_option_of_git(base: str, tmp_path: Path) -> None:
    project = history(tmp_path / "project").project
    before = sorted(project.rglob("*"))
    result = jixiao("review", "--", base, cwd=project)

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"“{base}” is no branch, tag or commit: it may not begin with “-”\n"
    assert sorted(project.rglob("*")) == before


@pytest.mark.parametrize("base", ["main", "HEAD~1", "v1.0", "分支-1", "HEAD"])
def test_any_name_of_a_commit_will_do(base: str, tmp_path: Path) -> None:
    begun = history(tmp_path / "project")
    begun.git("tag", "v1.0")
    begun.git("branch", "分支-1")
    begun.commit("nothing")

    assert f"- Compared: `{base}` (`" in reviewed(begun.project, base)
    assert "- No declaration changes\n" in reviewed(begun.project, base)


def test_without_a_repository_it_says_where_to_run(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project")

    assert refused(project, "main").startswith(
        f"{project} is not in a git repository: run this in the project folder, or get the project with git"
        " clone\n"
    )
    assert refused(project, "main", "zh").startswith(
        f"{project} 不在 git 仓库里：请到项目文件夹里运行，或用 git clone 取得项目\n"
    )


def test_without_git_it_says_how_to_install_it(tmp_path: Path) -> None:
    project = history(tmp_path / "project").project
    ran = subprocess.run(
        [sys.executable, "-m", "generator", "review", "main", "-l", "en"],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=project,
        env={**os.environ, "PATH": str(tmp_path)},
    )

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "git was not found: install it, for example with apt-get install git\n"


def test_before_the_first_commit_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    begun = History(small_project(tmp_path / "project"))
    begun.git("init", "--quiet")

    assert refused(begun.project, "HEAD").startswith("git does not know “HEAD”")


def test_a_clone_of_recent_history_only_is_told_how_to_get_the_rest(tmp_path: Path) -> None:
    begun = history(tmp_path / "project")
    first = begun.git("rev-parse", "HEAD")
    begun.commit("second")
    clone = tmp_path / "clone"
    begun.git("clone", "--quiet", "--depth", "1", f"file://{begun.project}", str(clone))

    assert refused(clone, first) == (
        f"git does not know “{first}”; this repository holds recent history only, so run git fetch"
        " --unshallow first\n"
    )


def test_it_says_when_the_base_has_moved_on_and_leaves_that_out(tmp_path: Path) -> None:
    begun = history(tmp_path / "project")
    begun.replace(CLINIC, (">=120次", ">=130次"))
    begun.commit("mine", "", "Change-Kind: correction")
    begun.git("switch", "--quiet", "main")
    begun.replace(CLINIC, ("name: 医疗事故", "name: 医疗责任事故"))
    begun.commit("theirs")
    begun.git("switch", "--quiet", "change")
    said = reviewed(begun.project)

    assert "- `main` has changed since; that does not count here: the comparison begins at `" in said
    assert "`>=120次` → `>=130次`" in said
    assert "医疗责任事故" not in said
    assert "Kind of change: correction" in said


def test_without_common_history_the_base_itself_is_compared(tmp_path: Path) -> None:
    begun = history(tmp_path / "project")
    begun.git("switch", "--quiet", "--orphan", "other")
    begun.git("restore", "--source", "main", ".")
    begun.replace(CLINIC, (">=120次", ">=130次"))
    begun.commit("afresh")
    said = reviewed(begun.project)

    assert "- The two have no history in common; the comparison is with `main` itself\n" in said
    assert "`>=120次` → `>=130次`" in said


def test_what_is_not_committed_counts_and_is_told(tmp_path: Path) -> None:
    begun = history(tmp_path / "project")
    begun.replace(CLINIC, (">=120次", ">=130次"))

    assert "- Part of this is not committed yet\n" in reviewed(begun.project)
    begun.commit("now it is")
    assert "not committed" not in reviewed(begun.project)


def test_a_project_in_a_folder_of_its_repository_is_found_there(tmp_path: Path) -> None:
    outer = History(tmp_path)
    small_project(tmp_path / "项目 “一”")
    outer.git("init", "--quiet", "--initial-branch", "main")
    outer.commit("start")
    inner = History(tmp_path / "项目 “一”")
    inner.replace(CLINIC, (">=120次", ">=130次"))
    inner.commit("more", "", "变更类型：更正")

    said = reviewed(inner.project, "HEAD~1")
    assert "`>=120次` → `>=130次`" in said
    assert "Kind of change: correction" in said


def test_line_ends_that_git_gives_a_machine_are_no_change(tmp_path: Path) -> None:
    begun = history(tmp_path / "project")
    path = begun.project / CLINIC
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert "- No declaration changes\n" in reviewed(begun.project)


def test_a_declaration_that_could_not_be_read_before_is_told_and_not_guessed(tmp_path: Path) -> None:
    begun = history(tmp_path / "project")
    text = (begun.project / CLINIC).read_text("utf-8")
    begun.write(CLINIC, text.replace('">=120次"', ">=120次"))
    begun.commit("broken")
    begun.git("branch", "--force", "main")
    begun.write(CLINIC, text)
    said = reviewed(begun.project)

    assert "### Declaration unreadable and not compared: `乡村诊所巡诊 & “送医下乡”`" in said
    assert "- The file as it was cannot be read by the program as it is\n" in said


def test_links_and_repositories_inside_the_base_are_told_and_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yml"
    secret.write_text("secret-word\n", encoding="utf-8")
    begun = history(tmp_path / "project")
    link = begun.project / "content/declarations/2021/health/link.yml"
    link.symlink_to(secret)
    begun.git("update-index", "--add", "--cacheinfo", f"160000,{begun.git('rev-parse', 'HEAD')},content/sub")
    begun.git("add", str(link))
    begun.git("commit", "--quiet", "--message", "links")
    begun.git("branch", "--force", "main")
    link.unlink()
    said = reviewed(begun.project)

    assert "- `content/declarations/2021/health/link.yml`: this is a link, not a file\n" in said
    assert (
        "- `content/sub`: this is another repository (a submodule), and its content was not compared\n"
        in said
    )
    assert "secret-word" not in said


def _marking(folder: Path) -> str:
    """Make a program that leaves a mark when it runs."""
    program = folder / "mark"
    program.write_text(f"#!/bin/sh\ntouch '{folder}/ran'\ncat\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def test_no_setting_hook_or_attribute_of_a_repository_runs_anything(tmp_path: Path) -> None:
    begun = history(tmp_path / "project")
    begun.write(".gitattributes", "* filter=mark diff=mark text eol=crlf\n")
    begun.replace(CLINIC, (">=120次", ">=130次"))
    begun.commit("attributes")
    mark = _marking(tmp_path)
    for name in (
        "core.fsmonitor",
        "core.pager",
        "pager.log",
        "core.sshCommand",
        "core.alternateRefsCommand",
        "diff.external",
        "diff.mark.command",
        "diff.mark.textconv",
        "filter.mark.smudge",
        "filter.mark.clean",
        "gpg.program",
        "alias.log",
        "alias.ls-tree",
    ):
        begun.git("config", name, f"!{mark}" if name.startswith("alias") else mark)
    begun.git("config", "log.showSignature", "true")
    begun.git("config", "extensions.partialClone", "origin")
    begun.git("config", "remote.origin.url", f"ext::{mark}")
    begun.git("config", "remote.origin.promisor", "true")
    begun.git("config", "protocol.ext.allow", "always")
    for hook in ("post-checkout", "reference-transaction", "post-index-change", "pre-auto-gc"):
        shutil.copy(mark, begun.project / ".git" / "hooks" / hook)
    said = reviewed(begun.project)

    assert "`>=120次` → `>=130次`" in said
    assert not (tmp_path / "ran").exists()


def test_a_file_that_git_has_lost_is_told_and_never_fetched(tmp_path: Path) -> None:
    begun = history(tmp_path / "project")
    stored = begun.git("rev-parse", f"main:{CLINIC}")
    begun.replace(CLINIC, (">=120次", ">=130次"))
    begun.commit("more")
    mark = _marking(tmp_path)
    begun.git("config", "extensions.partialClone", "origin")
    begun.git("config", "remote.origin.url", f"ext::{mark}")
    begun.git("config", "remote.origin.promisor", "true")
    begun.git("config", "protocol.ext.allow", "always")
    (begun.project / ".git/objects" / stored[:2] / stored[2:]).unlink()

    assert "git " in refused(begun.project, "main")
    assert not (tmp_path / "ran").exists()


def test_replaced_objects_do_not_hide_what_was_published(tmp_path: Path) -> None:
    begun = history(tmp_path / "project")
    begun.replace(CLINIC, (">=120次", ">=130次"))
    begun.commit("more")
    begun.git("replace", begun.git("rev-parse", f"main:{CLINIC}"), begun.git("rev-parse", f"HEAD:{CLINIC}"))

    assert "`>=120次` → `>=130次`" in reviewed(begun.project)


def test_a_repository_with_long_ids_is_read_as_well(tmp_path: Path) -> None:
    begun = History(small_project(tmp_path / "project"))
    begun.git("init", "--quiet", "--object-format", "sha256", "--initial-branch", "main")
    begun.commit("start")

    result = jixiao("review", "main", "--format", "json", cwd=begun.project)
    assert json.loads(result.stdout)["declarations"] == []
