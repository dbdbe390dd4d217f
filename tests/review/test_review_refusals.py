"""What a review refuses, and what it compares where the history or a state is odd."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.git_project import GitProject, run_review, start_git_project
from tests.support.sample_projects import CLINIC_PATH, copy_small_project

ADDRESSES = "content/addresses.yml"
SECOND = "content/declarations/2021/health/second.yml"


@pytest.fixture
def begun(tmp_path: Path) -> GitProject:
    """The sample project on a branch of its own, nothing changed yet."""
    return start_git_project(tmp_path / "project")


def _review_comment(project: Path) -> str:
    code, said, complaint = run_review(project, "main")
    assert (code in {0, 1}, complaint) == (True, "")
    return said


def _record(project: Path) -> Mapping[str, list[Mapping[str, object]]]:
    record: Mapping[str, list[Mapping[str, object]]] = json.loads(
        run_review(project, "main", "-f", "json")[1]
    )
    return record


UNKNOWN = (
    "git 里找不到“{}”：请写分支、标签或提交的名称；远处的分支请先运行 git fetch\n",
    (
        "git does not know “{}”: write the name of a branch, tag or commit; "
        "for a branch that is elsewhere run git fetch first\n"
    ),
)
AN_OPTION = (
    "“{}”不是分支、标签或提交：不能以“-”开头\n",
    "“{}” is no branch, tag or commit: it may not begin with “-”\n",
)


@pytest.mark.parametrize(
    ("base", "shown", "sentences"),
    [
        ("nowhere", "nowhere", UNKNOWN),
        ("分支\"'`甲`", "分支\"'`甲`", UNKNOWN),
        ("main\x1b[31m\n::error::x", "main\\x1b[31m\\n::error::x", UNKNOWN),
        ("--upload-pack=touch ran", "--upload-pack=touch ran", AN_OPTION),
    ],
)
def test_what_names_no_commit_is_refused_in_a_sentence(
    base: str, shown: str, sentences: tuple[str, str], begun: GitProject
) -> None:
    for language, sentence in zip(("zh", "en"), sentences, strict=True):
        told = run_review(begun.project, "--", base, language=language)
        assert told == (2, "", sentence.format(shown))
    assert not (begun.project / "ran").exists()


@pytest.mark.parametrize(
    "base",
    ["", "site_config.yml", "./content", "HEAD:content", f"main:{CLINIC_PATH}", "main..change", "^main", "*"],
)
def test_a_path_a_folder_a_range_and_nothing_are_no_base(base: str, begun: GitProject) -> None:
    code, said, complaint = run_review(begun.project, base)

    assert (code, said) == (2, "")
    assert complaint.startswith("git does not know “")


def test_without_a_base_the_command_says_what_it_lacks(begun: GitProject) -> None:
    code, said, complaint = run_review(begun.project)

    assert (code, said) == (2, "")
    assert "BASE" in complaint


def test_an_option_of_git_is_no_option_of_ours(begun: GitProject) -> None:
    code, said, complaint = run_review(begun.project, "--upload-pack=touch ran")

    assert (code, said) == (2, "")
    assert "--upload-pack" in complaint


def test_a_folder_outside_of_any_repository_is_told_so(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    code, said, complaint = run_review(project, "main")

    assert (code, said) == (2, "")
    assert complaint.startswith(f"{project} is not in a git repository: run this in the project folder")


def test_a_repository_of_another_user_is_told_with_the_command_that_trusts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer = GitProject(tmp_path / "别人的 repository")
    project = copy_small_project(outer.project / "project")
    outer.git("init", "--quiet")
    # As git says it; to give a folder to another user takes an administrator.
    program = tmp_path / "bin/git"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec {shutil.which("git")} "$@"\n', "utf-8"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    code, said, complaint = run_review(project, "main")

    trusting = f"git config --global --add safe.directory '{outer.project}'"
    assert (code, said) == (2, "")
    assert complaint.splitlines()[0].endswith(f"if you trust it, run {trusting}"), complaint


def test_the_inside_of_a_repository_is_no_project(begun: GitProject) -> None:
    assert run_review(begun.project, "main", "-p", ".git")[0] == 2
    assert run_review(begun.project, "main", "-p", "gone") == (
        2,
        "",
        f"There is no such folder: {begun.project}/gone\n",
    )


def test_without_git_a_clerk_is_told_to_install_it(begun: GitProject) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "jixiao", "review", "main"],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PATH": str(begun.project), "JIXIAO_LANGUAGE": "en", "COLUMNS": "100"},
        cwd=begun.project,
    )

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "git was not found: install it, for example with apt-get install git\n"


def test_before_the_first_commit_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    begun = GitProject(copy_small_project(tmp_path / "project"))
    begun.git("init", "--quiet", "--initial-branch", "main")

    assert run_review(begun.project, "main")[:2] == (2, "")


def _shallow(begun: GitProject, folder: Path, *arguments: str) -> Path:
    begun.replace(CLINIC_PATH, (">=120次", ">=130次"))
    begun.commit("second")
    begun.git("clone", "--quiet", "--depth=1", *arguments, begun.project.as_uri(), str(folder))
    return folder


def test_a_shallow_clone_without_the_base_is_told_to_fetch_it(begun: GitProject, tmp_path: Path) -> None:
    clone = _shallow(begun, tmp_path / "clone")

    sentence = (
        "git does not know “origin/main”; this repository holds recent history only, "
        "so run git fetch --unshallow first\n"
    )
    assert run_review(clone, "origin/main") == (2, "", sentence)


def test_a_shallow_clone_without_the_common_point_is_not_compared(begun: GitProject, tmp_path: Path) -> None:
    begun.git("switch", "--quiet", "main")
    begun.commit("main goes on")
    begun.git("switch", "--quiet", "change")
    clone = _shallow(begun, tmp_path / "clone", "--no-single-branch")

    sentence = (
        "this repository holds recent history only, which does not reach back to where it parted from "
        "origin/main: run git fetch --unshallow first\n"
    )
    assert run_review(clone, "origin/main") == (2, "", sentence)


def test_what_the_base_has_gained_since_is_no_change_of_ours(begun: GitProject) -> None:
    parted = begun.git("rev-parse", "main")
    begun.git("switch", "--quiet", "main")
    begun.write(SECOND, (begun.project / CLINIC_PATH).read_text("utf-8"))
    begun.commit("main goes on")
    begun.git("switch", "--quiet", "change")
    said = _review_comment(begun.project)

    assert "- No declaration changes\n" in said
    assert (
        f"- `main` has changed since; that does not count here: the comparison begins at `{parted[:10]}`"
        in said
    )


def test_two_histories_with_nothing_in_common_are_compared_as_they_are(begun: GitProject) -> None:
    begun.git("switch", "--quiet", "--orphan", "other")
    begun.git("checkout", "main", "--", ".")
    begun.replace(CLINIC_PATH, (">=120次", ">=130次"))
    begun.commit("other")
    said = _review_comment(begun.project)

    assert "- The two have no history in common; the comparison is with `main` itself\n" in said
    assert "`>=120次` → `>=130次`" in said


@pytest.mark.parametrize("broken", ["old", "new", "both"])
def test_a_state_that_cannot_be_read_is_told_and_the_rest_is_compared(broken: str, begun: GitProject) -> None:
    begun.write(SECOND, (begun.project / CLINIC_PATH).read_text("utf-8"))
    sound = (begun.project / CLINIC_PATH).read_text("utf-8")
    begun.write(CLINIC_PATH, "name: [\n" if broken != "new" else sound)
    begun.commit("as it was")
    begun.git("branch", "--force", "main")
    begun.write(CLINIC_PATH, "name: {\n" if broken != "old" else sound)
    begun.replace(SECOND, (">=120次", ">=130次"))
    record = _record(begun.project)

    told = {one["id"]: (one["status"], one["unreadable"]) for one in record["declarations"]}
    expected = {"old": ["old"], "new": ["new"], "both": ["old", "new"]}[broken]
    assert told == {
        "2021/health/clinic": ("unreadable", expected),
        "2021/health/second": ("changed", []),
    }


@pytest.mark.parametrize("file", [ADDRESSES, "content/organisations.yml", "site_config.yml"])
@pytest.mark.parametrize("when", ["old", "new"])
def test_a_broken_register_or_setting_stops_noreviewed(when: str, file: str, begun: GitProject) -> None:
    sound = (begun.project / file).read_text("utf-8")
    begun.write(file, "[\n" if when == "old" else sound)
    begun.commit("as it was")
    begun.git("branch", "--force", "main")
    begun.write(file, "[\n" if when == "new" else sound)
    begun.replace(CLINIC_PATH, (">=120次", ">=130次"))
    record = _record(begun.project)

    assert [change["field"] for change in _changes(record)] == ["indicators.visits.target"]
    found = [problem["new"] for problem in record["problems"] if problem["file"] == file]
    assert found == ([True] if when == "new" else [])


def _changes(record: Mapping[str, list[Mapping[str, object]]]) -> list[Mapping[str, object]]:
    (declaration,) = record["declarations"]
    changes = declaration["changes"]
    assert isinstance(changes, list)
    return changes


def test_an_unregistered_address_is_a_new_problem_even_where_its_file_cannot_be_read(
    begun: GitProject,
) -> None:
    begun.write(SECOND, "name: [\n")
    found = {problem["rule"]: problem["new"] for problem in _record(begun.project)["problems"]}

    assert found["address-not-registered"] is True
    assert all(found.values())


def test_ends_of_lines_and_comments_change_nothing_for_readers(begun: GitProject) -> None:
    path = begun.project / CLINIC_PATH
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert "- No declaration changes\n" in _review_comment(begun.project)

    path.write_bytes(b"# a comment\n" + path.read_bytes().replace(b"\r\n", b"\n"))
    assert "- Declarations, written differently, saying the same: 1\n" in _review_comment(begun.project)


def test_names_with_hanzi_and_quotes_are_told_as_they_are(begun: GitProject) -> None:
    for name in ("诊 所.yml", 'a"b`c.yml', "@someone.yml"):
        begun.write(f"content/declarations/2021/health/{name}", "name: x\n")
    said = _review_comment(begun.project)

    for shown in ("`2021/health/诊 所`", '``2021/health/a"b`c``', "`2021/health/@someone`"):
        assert f"### Declaration unreadable and not compared: name unknown ({shown})\n" in said
